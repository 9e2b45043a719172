"""What the agent does for plugins: answers from percepts, pictures, MQTT, speech."""

from __future__ import annotations

import asyncio
import secrets
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import TypeVar

from agent.core import Core
from agent.web.pictures import Pictures
from dialog.events import Event
from dialog.mind import Mind, rests_on
from streams import wording
from streams.clock import Clock, Stopwatch
from streams.errors import HeedError
from streams.mqtt.link import MqttLink
from streams.types import NS, Health

T = TypeVar("T")

MEMORY_TOKENS = 1024
"""State tokens of the memory that plugins' questions are answered from."""
MAX_LINES = 64
MAX_LINE_CHARS = 1000
MAX_ANSWER_TOKENS = 40
BATCH = 4
"""Percepts that are encoded at once: a conversation that begins meanwhile waits so long."""
YIELD_S = 8.0
"""So long, in all, a plugin's question waits for conversations; then it takes turns with them."""
MAX_SAID_CHARS = 500
MAX_PAYLOAD_BYTES = 1024 * 1024
MAX_TOPIC_CHARS = 256
MAX_RETAINED = 1024
MAX_RETAINED_BYTES = 64 * 1024 * 1024
BIRTH = b"online"
BIRTH_WAIT_S = 3.0
"""A Home Assistant that has just begun hears everybody at once: each waits up to so long first."""


class Outlet:
    """The way to the MQTT broker, where there is one. Keeps what is retained, and sends it again whenever the broker is
    (again) there: plugins are up before the broker answers, and a broker may come back having forgotten."""

    def __init__(self, node: str, configured: bool) -> None:
        """`configured`: a broker is named in the configuration, whether or not it is there."""
        self._link: MqttLink | None = None
        self._node, self._configured = node, configured
        self._retained: OrderedDict[str, bytes] = OrderedDict()
        self._bytes = 0

    def publish(self, topic: str, payload: bytes, retain: bool) -> bool:
        """See `plugins.contract.Services.publish`.

        Raises:
            HeedError: what cannot be published so.
        """
        self._check(topic, payload)
        if not self._configured:
            return False
        if retain:
            self._keep(topic, payload)
        link = self._link
        if link is not None and (link.connected or not retain):
            link.publish(topic, payload, qos=1, retain=retain)
        return True

    @contextmanager
    def through(self, link: MqttLink) -> Iterator[None]:
        """Publish by this link while the context is open."""
        self._link = link
        try:
            yield
        finally:
            self._link = None

    def on_event(self, event: Event) -> None:
        """A tap for `Bus.tap`: notices that the broker is there."""
        if isinstance(event, Health) and event.component == f"mqtt:{self._node}" and event.state == "ok":
            self.again()

    def again(self) -> None:
        """Send all that is retained once more."""
        for topic, payload in self._retained.items():
            if self._link is not None:
                self._link.publish(topic, payload, qos=1, retain=True)

    async def born(self, clock: Clock) -> None:
        """Home Assistant has begun: after a moment, which is another one for each agent, send all that is retained."""
        await clock.sleep_until(clock.now_ns() + round(secrets.SystemRandom().uniform(0, BIRTH_WAIT_S) * NS))
        self.again()

    def _keep(self, topic: str, payload: bytes) -> None:
        self._bytes += len(payload) - len(self._retained.pop(topic, b""))
        self._retained[topic] = payload
        while len(self._retained) > MAX_RETAINED or self._bytes > MAX_RETAINED_BYTES:
            self._bytes -= len(self._retained.popitem(last=False)[1])

    def _check(self, topic: str, payload: bytes) -> None:
        plain = topic.removeprefix("/")
        if not plain or len(plain) > MAX_TOPIC_CHARS or plain.startswith(("$", "/")) or set(plain) & set("+#\0"):
            raise HeedError(f"{topic[:80]!r} is no topic to publish on")
        own = plain.removeprefix(f"heed/{self._node}/") if topic.startswith("/") else plain
        if (own != plain or own == topic) and own.split("/")[0] in ("in", "ask", "command", "availability"):
            raise HeedError(f"the topic {topic[:80]!r} is what others tell heed")
        if len(payload) > MAX_PAYLOAD_BYTES:
            raise HeedError(f"a payload of {len(payload)} bytes is larger than {MAX_PAYLOAD_BYTES}")


class AgentServices:
    """Implements `plugins.contract.Services` for all plugins of an agent."""

    def __init__(self, core: Core, fork: Callable[[int], Mind], pictures: Pictures, outlet: Outlet) -> None:
        """
        Args:
            core: whose conversations come first.
            fork: makes a mind with an empty memory of so many tokens, on the thread of the mind.
            pictures: of moments.
            outlet: where messages go.
        """
        self._core, self._fork, self._pictures, self._outlet = core, fork, pictures, outlet
        self._mind: Mind | None = None
        self._turn = asyncio.Lock()

    async def ask(self, question: str, lines: list[tuple[str, str, int]], now_ns: int) -> tuple[str, tuple[str, ...]]:
        """See `plugins.contract.Services`."""
        if not question.strip():
            raise HeedError("the question is empty")
        known = [(name, line[:MAX_LINE_CHARS], t_ns) for name, line, t_ns in lines[-MAX_LINES:]]
        async with self._turn:
            if self._mind is None:
                self._mind = await self._run(lambda: self._fork(MEMORY_TOKENS))
            mind, patience = self._mind, _Patience(self._core)
            try:
                # In small steps, before each of which conversations come first.
                for n in range(0, len(known), BATCH):
                    await patience.wait()
                    await self._run(partial(mind.remember_many, known[n : n + BATCH]))
                now = wording.clock(now_ns, self._core.clock.wall_start)
                await patience.wait()
                thought = await self._run(lambda: mind.ask(question, (), now, now_ns, MAX_ANSWER_TOKENS))
                while await self._run(thought.step) is not None:
                    await patience.wait()
                return thought.text.strip(), rests_on(await self._run(thought.evidence))
            finally:
                await self._run(partial(_forget, mind, [name for name, _, _ in known]))

    async def picture(self, percept_id: str) -> bytes | None:
        """See `plugins.contract.Services`."""
        return self._pictures.get(percept_id)

    async def view(self, source: str) -> bytes | None:
        """See `plugins.contract.Services`."""
        return self._pictures.newest(source)

    async def publish(self, topic: str, payload: bytes, retain: bool = False) -> bool:
        """See `plugins.contract.Services`."""
        return self._outlet.publish(topic, payload, retain)

    async def say(self, text: str, source: str = "") -> bool:
        """See `plugins.contract.Services`."""
        words = " ".join(text.split())[:MAX_SAID_CHARS]
        meant = [d for d in self._core.dialogs() if source in ("", d.source) and d.sink is not None and not d.muted]
        return bool(words) and sum(dialog.tell(words) for dialog in meant) > 0

    async def _run(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._core.organs.mind_executor, work)


class _Patience:
    """Lets the conversations that are being answered go first, for `YIELD_S` in all."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._waited_s = 0.0

    async def wait(self) -> None:
        """Return when nobody is being answered, or the patience is at its end."""
        watch = Stopwatch()
        try:
            async with asyncio.timeout(YIELD_S - self._waited_s):
                for dialog in self._core.dialogs():
                    await dialog.settle()
        except TimeoutError:
            pass
        self._waited_s = min(YIELD_S, self._waited_s + watch.elapsed_s())


def _forget(mind: Mind, names: list[str]) -> None:
    for name in names:
        mind.forget(name)
