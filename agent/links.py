"""What an agent may be linked to besides calls: an MQTT broker, and this machine's own devices."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from agent.askers import Askers
from agent.broker import embedded_broker
from agent.config import Config
from agent.core import Core
from agent.frigate import perceive
from agent.frigate_out import FrigateEvents
from agent.jsonl import command_from, dumps, to_dict
from agent.live import Live
from agent.services import BIRTH, Outlet
from agent.web.pictures import Pictures
from dialog.events import Alert, Ask, Caption, Event, Reply, ReplyDelta
from streams.channel import Channel
from streams.clock import Clock
from streams.echo.canceller import EchoCanceller, PassThrough, cleaned
from streams.echo.choose import open_canceller
from streams.errors import HeedError
from streams.mqtt.frigate import Frigate
from streams.mqtt.intake import CommandLine, Message, Question
from streams.mqtt.link import MqttLink, MqttOptions
from streams.sink import Speech, SpeechSink
from streams.sinks.loudspeaker import Loudspeaker
from streams.sinks.wav import wav_bytes
from streams.sources.devices import Camera, Microphone
from streams.sources.live import LiveOptions
from streams.types import AudioChunk, Health, TextMessage, VideoFrame

MQTT = "mqtt"
LOCAL = "local"
MAX_STREAMS = 64


class ReplyAudio:
    """Publishes each spoken reply as one WAV: a `SpeechSink` that has played as soon as it is given something."""

    def __init__(self, publish: Callable[[bytes], None]) -> None:
        self._publish = publish
        self._speech: list[Speech] = []
        self._stopped = 0

    def play(self, speech: Speech) -> None:
        if speech.generation > self._stopped:
            self._speech.append(speech)

    def stop(self, generation: int) -> None:
        self._stopped = max(self._stopped, generation)
        self._speech = [s for s in self._speech if s.generation > generation]

    def hold(self) -> None:
        """Nothing: nobody hears it while it is made."""

    def resume(self) -> None:
        """Nothing."""

    def played_s(self, generation: int) -> float:
        return sum(len(s.samples) / s.sample_rate_hz for s in self._speech if s.generation == generation)

    def idle(self) -> bool:
        return True

    def finish(self) -> None:
        """The reply is complete: send it."""
        if self._speech:
            samples = np.concatenate([s.samples for s in self._speech])
            self._publish(wav_bytes(samples, self._speech[0].sample_rate_hz))
        self._speech = []


async def serve_mqtt(
    config: Config, core: Core, live: Live, outlet: Outlet | None = None, pictures: Pictures | None = None
) -> None:
    """Be on an MQTT broker: media, texts and questions in, events out. Lasts until cancelled.

    `outlet` is given the link for as long as there is one, `pictures` what a Frigate on the broker shows.
    """
    mqtt = config.mqtt
    pictures = Pictures() if pictures is None else pictures
    async with AsyncExitStack() as stack:
        url = mqtt.url
        if url == "embedded":
            url = await stack.enter_async_context(embedded_broker(mqtt.embedded_port))
        options = MqttOptions(
            url,
            version="3.1.1" if mqtt.url == "embedded" else "auto",  # amqtt need not answer a greeting of MQTT 5
            node=config.agent.node,
            username=mqtt.username or None,
            password=mqtt.password or None,
            ca_file=mqtt.ca_file or None,
            cert_file=mqtt.cert_file or None,
            key_file=mqtt.key_file or None,
        )
        frigate = Frigate(config.frigate.read, core.clock, core.bus.publish) if config.frigate.read else None
        others = _Others(mqtt.birth_topic if outlet is not None else "", frigate)
        options = replace(options, also=others.topics, states=frigate.states if frigate is not None else ())
        link = await stack.enter_async_context(MqttLink(options, core.clock, core.bus.publish, others.take))
        if outlet is not None:
            stack.enter_context(outlet.through(link))
        sink = ReplyAudio(lambda wav: link.publish("reply/audio", wav))
        await stack.enter_async_context(core.converse(MQTT, sink))
        askers = Askers(MQTT, core, link.respond)
        if config.frigate.write:
            written = FrigateEvents(config.frigate.write, core.clock, link, pictures.get)
            stack.enter_context(core.bus.tap(written.on_event))
        async with asyncio.TaskGroup() as tasks:
            qos = mqtt.alert_qos if mqtt.url != "embedded" else 1  # amqtt's QoS 2 is not to be relied on
            tasks.create_task(_publish(core, link, askers, sink, qos))
            tasks.create_task(askers.run())
            if outlet is not None:
                tasks.create_task(others.again(outlet, core.clock))
            if frigate is not None:
                stack.callback(frigate.close)
                tasks.create_task(perceive(frigate, core, pictures))
            await _Inlet(core, live, tasks, askers).run(link)


class _Others:
    """What is heard on topics that are not heed's own: Home Assistant's birth, and a Frigate."""

    def __init__(self, birth_topic: str, frigate: Frigate | None) -> None:
        self._birth_topic, self._frigate = birth_topic, frigate
        self._born = asyncio.Event()

    @property
    def topics(self) -> tuple[str, ...]:
        birth = (self._birth_topic,) if self._birth_topic else ()
        return (*birth, *(self._frigate.subscriptions if self._frigate is not None else ()))

    def take(self, message: Message) -> None:
        if message.topic == self._birth_topic:
            if message.payload == BIRTH and not message.retained:
                self._born.set()
        elif self._frigate is not None and self._frigate.owns(message.topic):
            self._frigate.take(message)

    async def again(self, outlet: Outlet, clock: Clock) -> None:
        """Each time Home Assistant begins, send what is retained."""
        while True:
            await self._born.wait()
            self._born.clear()
            await outlet.born(clock)


async def _publish(core: Core, link: MqttLink, askers: Askers, sink: ReplyAudio, alert_qos: int) -> None:
    with core.bus.listen(MQTT, 1024) as events:
        async for event in events:
            if isinstance(event, ReplyDelta):
                continue
            if isinstance(event, Reply) and event.source == MQTT:
                sink.finish()
            if askers.on_event(event):
                continue
            if topic := topic_of(event):
                link.publish(topic, dumps(event), qos=alert_qos if isinstance(event, Alert) else 0)


def topic_of(event: Event) -> str:
    """The topic, below `heed/<node>/`, on which an event is published; empty for those that are not."""
    if isinstance(event, Caption):
        return f"caption/{event.language}"
    kind = str(to_dict(event)["type"])
    return kind if kind in ("transcript", "percept", "reply", "alert", "plugin", "health") else ""


@dataclass(slots=True)
class _Inlet:
    """Sorts what comes over MQTT into streams of their own."""

    core: Core
    live: Live
    tasks: asyncio.TaskGroup
    askers: Askers

    async def run(self, link: MqttLink) -> None:
        """Until the link is closed."""
        sound: dict[str, Channel[AudioChunk]] = {}
        pictures: dict[str, Channel[VideoFrame]] = {}
        texts: Channel[TextMessage] = Channel(64, "drop_oldest", "mqtt texts")
        self.tasks.create_task(self.live.read(aiter(texts)))
        async for item in link.listen():
            match item:
                case Question():
                    self.askers.ask(item)
                case CommandLine():
                    self._command(item)
                case TextMessage():
                    texts.offer(item)
                case AudioChunk():
                    if item.source not in sound and len(sound) < MAX_STREAMS:
                        opened: Channel[AudioChunk] = Channel(64, "wait", f"mqtt {item.source}")
                        sound[item.source] = opened
                        self.tasks.create_task(self.live.hear(item.source, aiter(opened), None))
                    if item.source in sound:
                        await sound[item.source].put(item)
                case VideoFrame():
                    if item.source not in pictures and len(pictures) < MAX_STREAMS:
                        pictures[item.source] = Channel(1, "latest", f"mqtt {item.source}")
                        self.tasks.create_task(self.live.see(item.source, pictures[item.source]))
                    if item.source in pictures:
                        pictures[item.source].offer(item)

    def _command(self, line: CommandLine) -> None:
        try:
            command = command_from(line.text, MQTT)
            if isinstance(command, Ask):  # it waits for its turn, as other questions do
                self.askers.ask(Question(command.text, "", self.core.clock.now_ns()), command.correlation)
                return
            sent = self.core.bus.send(command)
            wrong = "" if sent else "too many commands are waiting; try again in a moment"
        except HeedError as error:
            wrong = str(error)
        if wrong:
            self.core.bus.publish(Health("mqtt:command", "degraded", wrong, self.core.clock.now_ns()))


async def serve_local(config: Config, core: Core, live: Live) -> None:
    """This machine's microphone, loudspeaker and camera. What is missing is reported; the rest goes on."""
    local, bus = config.local, core.bus
    async with AsyncExitStack() as stack:

        async def opened(component: str, device: Any) -> Any:
            try:
                return await stack.enter_async_context(device)
            except HeedError as error:
                bus.publish(Health(component, "failed", str(error), core.clock.now_ns()))
                return None

        def named(name: str) -> str | None:
            return None if name == "default" else name

        canceller: EchoCanceller = PassThrough()
        if local.echo_cancellation and local.loudspeaker and local.microphone:
            canceller = open_canceller(LOCAL, core.clock, bus.publish)
        sink: SpeechSink | None = None
        if local.loudspeaker:
            device = named(local.loudspeaker)
            speaker = Loudspeaker(LOCAL, core.clock, bus.publish, device=device, tap=canceller.reference)
            sink = await opened(f"loudspeaker:{LOCAL}", speaker)
        async with asyncio.TaskGroup() as tasks:
            if local.microphone:
                microphone = Microphone(LOCAL, core.clock, bus.publish, device=named(local.microphone))
                if (sound := await opened(f"microphone:{LOCAL}", microphone)) is not None:
                    user = await stack.enter_async_context(core.converse(LOCAL, sink))
                    clean = cleaned(aiter(sound), canceller)
                    tasks.create_task(guarded(core, f"microphone:{LOCAL}", live.hear(LOCAL, clean, user)))
            if local.camera:
                path = local.camera
                camera = Camera(LOCAL, core.clock, bus.publish, device=path, options=LiveOptions(audio=False))
                if (media := await opened(f"camera:{LOCAL}", camera)) is not None:
                    tasks.create_task(guarded(core, f"camera:{LOCAL}", live.watch(LOCAL, aiter(media))))


async def guarded(core: Core, component: str, work: Any) -> None:
    """Await work whose foreseen faults concern only itself: they are reported, and the others go on."""
    try:
        await work
    except HeedError as error:
        core.bus.publish(Health(component, "failed", str(error), core.clock.now_ns()))
