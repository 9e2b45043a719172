"""heed on an MQTT broker: connects, says that it is there, listens, publishes, and comes back when the line breaks."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Literal, Self

import aiomqtt
from aiomqtt import ProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.subscribeoptions import SubscribeOptions

from streams.clock import Clock
from streams.errors import SLIPS
from streams.mqtt import topics
from streams.mqtt.codec import MAX_PACKET_BYTES
from streams.mqtt.complaints import Complaints
from streams.mqtt.intake import CommandLine, Intake, Message, Question
from streams.mqtt.outbox import Outbox, Outgoing
from streams.sources.livetime import Backoff
from streams.sources.urls import StreamUrl, parse_url, redact
from streams.types import NS, Health, HealthState, Media

PORTS = {"mqtt": 1883, "mqtts": 8883, "ws": 80, "wss": 443}
"""The schemes that are allowed, with their default ports."""

CONNECT_S = 10.0
"""So long a broker may take for each answer."""
GOODBYE_S = 3.0
"""So long a clean end waits for what is still to be published."""

ACKNOWLEDGED_S = 0.05
"""When a connection is lost, an acknowledgement that was read from it already is worked off within this time."""

MAX_TRIES = 5
"""For a message of QoS 1 whose publishing ends in a lost connection; some brokers so refuse what is too large."""

_OTHER_VERSION = (1, 132)
"""Reason codes of MQTT 3.1.1 and 5: the broker does not speak this version."""
_FAILURE = 128
"""Reason codes from here on are refusals."""

_LOG = logging.getLogger("heed.mqtt")


@dataclass(frozen=True, slots=True)
class MqttOptions:
    """Where and as whom to connect."""

    url: str = "mqtt://127.0.0.1:1883"
    """`mqtt`, `mqtts`, `ws` or `wss`; a user and password in it count unless given below."""
    version: Literal["auto", "5", "3.1.1"] = "auto"
    """Of MQTT. `auto` tries 5, then 3.1.1; some brokers of 3.1.1 do not answer to 5, which then costs `CONNECT_S`."""
    node: str = "heed"
    """Second level of all topics."""
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    ca_file: str | None = None
    """Certificates to trust instead of the system's (`mqtts`, `wss`)."""
    cert_file: str | None = None
    key_file: str | None = field(default=None, repr=False)
    """For brokers that want a client certificate."""
    also: tuple[str, ...] = ()
    """Topics of others that are listened to besides, wildcards allowed; what is retained there is not asked for."""
    states: tuple[str, ...] = ()
    """As `also`, and what is retained there is asked for."""
    keepalive_s: int = 30
    first_retry_s: float = 1.0
    most_retry_s: float = 60.0


class _Goodbye(Exception):
    """Unwinds a session that is to end cleanly."""


class MqttLink:
    """An async context manager. Never fails while it runs: faults become `Health` of `mqtt:<node>`."""

    def __init__(
        self,
        options: MqttOptions,
        clock: Clock,
        on_health: Callable[[Health], None],
        on_other: Callable[[Message], None] = lambda message: None,
    ) -> None:
        """
        Args:
            options: broker and node.
            clock: whose time media get that have none of their own.
            on_health: called on the event loop, on change only.
            on_other: called on the event loop with each message on these other topics.

        Raises:
            SourceError: the address is malformed or of a scheme that is not allowed.
            ValueError: the node cannot be called so.
        """
        self._url: StreamUrl = parse_url(options.url, PORTS)
        self._prefix = topics.prefix(options.node)
        self._options = options
        self._clock = clock
        self._on_health = on_health
        self._on_other = on_other
        self._complaints = Complaints(clock, on_health)
        self._version = ProtocolVersion.V311 if options.version == "3.1.1" else ProtocolVersion.V5
        self._try_versions = options.version == "auto"
        self._told: tuple[HealthState, str] | None = None
        self._trying: Outgoing | None = None
        self._tries = 0
        self.repeated = 0
        """How often a message was published once more, since no acknowledgement had come when the line broke."""
        self._run, self._named = secrets.token_hex(4), 0

    async def __aenter__(self) -> Self:
        self._outbox = Outbox()
        self._intake = Intake(self._options.node, self._clock, self._on_health)
        self._connected = asyncio.Event()
        self._closing = asyncio.Event()
        self._group = asyncio.TaskGroup()
        await self._group.__aenter__()
        self._tasks = [self._group.create_task(self._supervise()), self._group.create_task(self._intake.decode())]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._intake.close()
        self._closing.set()
        if self._connected.is_set() and kind is not asyncio.CancelledError:
            await asyncio.wait(self._tasks[:1], timeout=GOODBYE_S + 2)
        for task in self._tasks:
            task.cancel()
        await self._group.__aexit__(kind, error, trace)

    @property
    def connected(self) -> bool:
        """Whether the broker is there now."""
        return self._connected.is_set()

    async def wait_connected(self) -> None:
        """Return once connected and subscribed."""
        await self._connected.wait()

    def listen(self) -> AsyncIterator[Media | Question | CommandLine]:
        """Media, questions and commands in order of arrival, across lost connections, until the link is closed."""
        return aiter(self._intake)

    def publish(self, suffix: str, payload: str | bytes, *, qos: int = 0, retain: bool = False) -> None:
        """Queue a message for `heed/<node>/<suffix>`, or for another topic if it begins with `/`, which is left out.
        Never waits, never fails.

        While the broker is away the newest 256 of QoS 0 and 1024 of QoS 1 are kept.

        What is neither of QoS 0 nor retained carries the user property `id` (MQTT 5). With QoS 1 a message may arrive
        again, by heed's doing or the broker's; its `id` is the same then, and no other message's.

        What MQTT cannot publish on that topic is left out, and said.
        """
        data = payload.encode() if isinstance(payload, str) else payload
        topic = suffix[1:] if suffix.startswith("/") else f"{self._prefix}/{suffix}"
        if not topics.can_publish(topic):
            line = f"nothing can be published on the topic {topic[:80]!r}: it is empty or too long, or holds + or #"
            return self._complaints.bad("mqtt:publish", line)
        name = ""
        if qos and not retain:
            self._named += 1
            name = f"{self._run}-{self._named}"
        self._outbox.add(Outgoing(topic, data, qos, retain, name=name))

    def respond(self, question: Question, payload: str | bytes) -> None:
        """Send the reply to a question: to the asker's own topic with its correlation data, else to `reply`."""
        data = payload.encode() if isinstance(payload, str) else payload
        topic = question.response_topic or f"{self._prefix}/reply"
        self._outbox.add(Outgoing(topic, data, 1, False, question.correlation))

    async def _supervise(self) -> None:
        backoff = Backoff(self._options.first_retry_s, self._options.most_retry_s)
        while not self._closing.is_set():
            try:
                await self._session(backoff)
            except (aiomqtt.MqttError, ValueError, OSError) as error:
                if isinstance(error, aiomqtt.MqttError) and self._other_version(error):
                    continue
                reason = _reason(error)
                self._tell("failed", f"broker {self._url.shown}: {reason}; trying again")
                await self._clock.sleep_until(self._clock.now_ns() + round(backoff.next_s() * NS))
            finally:
                self._connected.clear()

    async def _session(self, backoff: Backoff) -> None:
        """One connection, from greeting to its end.

        Raises:
            aiomqtt.MqttError: refused, or lost.
            ValueError, OSError: the library refuses the options.
        """
        async with self._client() as client:
            await self._subscribe(client)
            await client.publish(f"{self._prefix}/availability", "online", qos=1, retain=True)
            backoff.reset()
            self._try_versions = False
            self._connected.set()
            self._tell("ok", f"connected to {self._url.shown}")
            try:
                async with asyncio.TaskGroup() as group:
                    group.create_task(self._receive(client))
                    group.create_task(self._send(client))
                    group.create_task(self._say_goodbye(client))
            except* _Goodbye:
                pass
            except* aiomqtt.MqttError as errors:
                raise aiomqtt.MqttError(f"connection lost: {_reason(_first(errors))}") from None

    async def _receive(self, client: aiomqtt.Client) -> None:
        async for message in client.messages:
            properties = message.properties
            payload = message.payload if isinstance(message.payload, bytes) else str(message.payload).encode()
            incoming = Message(
                topic=str(message.topic),
                payload=payload,
                retained=message.retain,
                response_topic=getattr(properties, "ResponseTopic", ""),
                correlation=getattr(properties, "CorrelationData", None),
            )
            take = self._intake.take if incoming.topic.startswith(f"{self._prefix}/") else self._on_other
            try:
                take(incoming)
            except SLIPS as error:  # no message may end the agent
                self._complaints.slip("mqtt:topics", f"a message on {incoming.topic[:80]}", error)

    async def _send(self, client: aiomqtt.Client) -> None:
        while True:
            message = await self._outbox.first()
            self._tries = self._tries + 1 if message is self._trying else 1
            self._trying = message
            if not message.qos:  # at most once: gone whether or not it arrives
                self._outbox.remove(message)
            elif self._tries > MAX_TRIES:
                _LOG.warning("mqtt: a message for %s breaks the connection each time; it is left out", message.topic)
                self._outbox.remove(message)
                continue
            self.repeated += self._tries > 1
            try:
                await self._publish(client, message)
            except ValueError as error:  # the library's own checks: it would refuse this one again
                self._outbox.remove(message)
                line = f"a message for {message.topic[:80]!r} cannot be published and is left out: {_reason(error)}"
                self._complaints.bad("mqtt:publish", line)

    async def _publish(self, client: aiomqtt.Client, message: Outgoing) -> None:
        """Send a message, and take it out of the outbox once it was acknowledged.

        An acknowledgement may come together with the end of the connection, which cancels this: then it counts all the
        same. Else what the broker has would be sent to it once more.
        """
        sending = asyncio.ensure_future(
            client.publish(
                message.topic,
                message.payload,
                qos=message.qos,
                retain=message.retain,
                properties=self._properties(message),
            )
        )
        try:
            await asyncio.shield(sending)
        except asyncio.CancelledError:
            await asyncio.wait({sending}, timeout=ACKNOWLEDGED_S)
            if sending.done() and not sending.cancelled() and sending.exception() is None:
                self._outbox.remove(message)
            raise
        finally:
            sending.cancel()
        self._outbox.remove(message)

    async def _say_goodbye(self, client: aiomqtt.Client) -> None:
        await self._closing.wait()
        try:
            async with asyncio.timeout(GOODBYE_S):
                await self._outbox.empty()
        except TimeoutError:
            _LOG.warning("mqtt: %d messages could not be published before the end", len(self._outbox))
        # A clean end does not send the last will: say it ourselves.
        await client.publish(f"{self._prefix}/availability", "offline", qos=1, retain=True)
        raise _Goodbye

    async def _subscribe(self, client: aiomqtt.Client) -> None:
        for topic in topics.subscriptions(self._options.node):
            if not await self._allowed(client, topic):
                raise aiomqtt.MqttError(f"it refuses the subscription to {topic}: check this user's access rights")
        for topic in (*self._options.also, *self._options.states):
            if not await self._allowed(client, topic):
                reason = f"the broker refuses the subscription to {topic}: check this user's access rights"
                _LOG.warning("mqtt: %s", reason)
                self._on_health(Health("mqtt:topics", "degraded", reason, self._clock.now_ns()))

    async def _allowed(self, client: aiomqtt.Client, topic: str) -> bool:
        """Subscribe; whether the broker lets this user."""
        if self._version is ProtocolVersion.V5:
            kept = SubscribeOptions.RETAIN_SEND_ON_SUBSCRIBE
            wanted = kept if topic in self._options.states else SubscribeOptions.RETAIN_DO_NOT_SEND
            options = SubscribeOptions(qos=1, noLocal=True, retainHandling=wanted)
            codes = await client.subscribe(topic, options=options)
        else:
            codes = await client.subscribe(topic, qos=1)
        return all((code if isinstance(code, int) else code.value) < _FAILURE for code in codes)

    def _client(self) -> aiomqtt.Client:
        url, options, v5 = self._url, self._options, self._version is ProtocolVersion.V5
        connect = Properties(PacketTypes.CONNECT) if v5 else None
        if connect is not None:
            connect.MaximumPacketSize = MAX_PACKET_BYTES + 64 * 1024
        websockets = url.scheme in ("ws", "wss")
        transport: Literal["tcp", "websockets"] = "websockets" if websockets else "tcp"
        tls = aiomqtt.TLSParameters(options.ca_file, options.cert_file, options.key_file)
        return aiomqtt.Client(
            url.host,
            url.port,
            username=options.username or url.user,
            password=options.password or url.password,
            identifier=f"heed-{options.node}-{secrets.token_hex(4)}",
            protocol=self._version,
            will=aiomqtt.Will(f"{self._prefix}/availability", "offline", qos=1, retain=True),
            clean_session=None if v5 else True,
            clean_start=True if v5 else 3,
            properties=connect,
            transport=transport,
            websocket_path=(url.path or "/mqtt") if websockets else None,
            tls_params=tls if url.scheme in ("mqtts", "wss") else None,
            keepalive=options.keepalive_s,
            timeout=CONNECT_S,
            max_queued_incoming_messages=64,
            max_queued_outgoing_messages=64,
            logger=logging.getLogger("heed.mqtt.wire"),
        )

    def _properties(self, message: Outgoing) -> Properties | None:
        if self._version is not ProtocolVersion.V5 or (message.correlation is None and not message.name):
            return None
        properties = Properties(PacketTypes.PUBLISH)
        if message.correlation is not None:
            properties.CorrelationData = message.correlation
        if message.name:
            properties.UserProperty = ("id", message.name)
        return properties

    def _other_version(self, error: aiomqtt.MqttError) -> bool:
        """After a failure, perhaps go on with the other version of MQTT. True when the broker asked for that."""
        asked = _code(error) in _OTHER_VERSION
        if not self._try_versions or not (asked or "timed out" in str(error)):
            return False
        five = self._version is ProtocolVersion.V5
        self._version = ProtocolVersion.V311 if five else ProtocolVersion.V5
        if five:
            _LOG.info("mqtt: the broker does not speak MQTT 5; trying 3.1.1, without response topics")
        return asked and five

    def _tell(self, state: HealthState, reason: str) -> None:
        if self._told != (state, reason):
            self._told = (state, reason)
            _LOG.log(logging.INFO if state == "ok" else logging.WARNING, "mqtt: %s", reason)
            self._on_health(Health(f"mqtt:{self._options.node}", state, reason, self._clock.now_ns()))


def _code(error: aiomqtt.MqttError) -> int | None:
    code = getattr(error, "rc", None)
    return code if isinstance(code, int) else getattr(code, "value", None)


def _reason(error: BaseException) -> str:
    """One line without secrets; what to do where it is known."""
    line = redact(" ".join(str(error).split())) or type(error).__name__
    if isinstance(error, aiomqtt.MqttError) and _code(error) in (4, 5, 134, 135):
        line += "; check the user name and password"
    return line


def _first(group: BaseExceptionGroup) -> BaseException:
    error: BaseException = group
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error
