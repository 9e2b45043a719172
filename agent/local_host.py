"""A plugin beside a live agent in the agent's own process: no isolation, for one's own code and for machines that
cannot spare the memory of further processes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from types import TracebackType
from typing import Any, Self, TypeVar

from dialog.events import Event
from plugins.contract import Request
from plugins.inline import InlineHost, Surroundings
from plugins.registered import Offers, Plugin
from streams.channel import Channel
from streams.clock import Clock
from streams.errors import ChannelClosed, HeedError
from streams.types import NS

T = TypeVar("T")

QUEUE_SIZE = 1024
CALL_S = 10.0


class LocalHost:
    """Implements `plugins.host.Host`. What it cannot do is stop a handler that never returns."""

    def __init__(self, plugin: Plugin, around: Surroundings, clock: Clock) -> None:
        self.name = plugin.name
        self._clock = clock
        self._publish = around.publish
        self._publishing = False
        inner = Surroundings(around.services, self._emit, around.folder, around.send, around.clock)
        self._host = InlineHost([plugin], inner)
        self._events: Channel[Event] = Channel(QUEUE_SIZE, "drop_oldest", f"plugin {plugin.name}")
        self._turn = asyncio.Lock()
        """Handlers, commands and pages are called one after another."""
        self._ready = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        self._tasks = [asyncio.create_task(self._run(), name=f"plugin {self.name}")]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._events.close()
        if kind is None:
            await asyncio.wait(self._tasks, timeout=CALL_S)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @property
    def offers(self) -> Offers:
        """What the plugin registered."""
        running = self._host.running.get(self.name)
        return Offers() if running is None else running.offers

    @property
    def status(self) -> str:
        """One line: the plugin's own, or what is wrong with it."""
        if self.name in self._host.quarantined:
            return f"in quarantine: {self._host.quarantined[self.name]}"
        if not self._ready.is_set():
            return "starting"
        lost = f"{self._events.dropped} events lost: it is too slow" if self._events.dropped else ""
        return "; ".join(part for part in (self._host.status(self.name), lost) if part) or "running"

    def feed(self, event: Event) -> None:
        """See `Host.feed`."""
        if not self._publishing:
            self._events.offer(event)

    async def settled(self) -> None:
        """Return once the plugin is set up, or in quarantine."""
        await self._ready.wait()

    async def command(self, command: str, arguments: Mapping[str, Any]) -> str:
        """See `Host.command`."""
        return await self._called(lambda: self._host.command(self.name, command, arguments))

    async def tool(self, question: str) -> str | None:
        """See `Host.tool`."""
        return await self._called(lambda: self._host.tool(question))

    async def page(self, request: Request) -> tuple[str, bytes] | None:
        """See `Host.page`."""
        return await self._called(lambda: self._host.page(self.name, request))

    async def _called(self, work: Callable[[], Awaitable[T]]) -> T:
        try:
            async with asyncio.timeout(CALL_S), self._turn:
                return await work()
        except TimeoutError:
            raise HeedError(f"plugin {self.name} has not answered within {CALL_S:g} s") from None

    async def _run(self) -> None:
        await self._host.advance(self._clock.now_ns())
        async with self._host:
            self._ready.set()
            ticking = asyncio.create_task(self._tick(), name=f"plugin {self.name} timers")
            try:
                while True:
                    event = await self._events.get()
                    async with self._turn:
                        await self._host.feed(event)
            except ChannelClosed:
                return
            finally:
                ticking.cancel()

    async def _tick(self) -> None:
        while True:
            now_ns = self._clock.now_ns()
            async with self._turn:
                await self._host.advance(now_ns)
            running = self._host.running.get(self.name)
            due_ns = running.due_ns() if running is not None else None
            if due_ns is None:
                return
            await self._clock.sleep_until(max(due_ns, self._clock.now_ns() + NS // 100))

    def _emit(self, event: Event) -> None:
        self._publishing = True  # the bus hands everything on at once: what comes in now is this
        try:
            self._publish(event)
        finally:
            self._publishing = False
