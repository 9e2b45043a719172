"""Plugins in this process, one event after another: for recordings, tests and benchmarks, where the same events must
give the same results. Live work gives each plugin a process of its own (`plugins.process`)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from dialog.events import Command, Event
from plugins.contract import Request, Services
from plugins.registered import Plugin, Registered, World, slim
from streams.errors import HeedError
from streams.types import NS, Health

QUEUE_SIZE = 4096
"""Events that may wait for `settle`."""
MAX_CASCADE = 1000
"""Events that plugins may cause, one by the other, from one event of the agent."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What an `InlineHost` connects its plugins to."""

    services: Services
    publish: Callable[[Event], None]
    """Takes what plugins emit, and the host's own `Health`."""
    folder: Path
    """Each plugin gets a folder of its name in it."""
    send: Callable[[Command], None] = lambda command: None
    clock: Callable[[int], str] = lambda t_ns: f"{t_ns // (60 * NS)}:{t_ns // NS % 60:02d}"


class InlineHost:
    """`async with` it, then `feed` it events in order of time.

    A plugin's handlers are awaited before the next plugin's, in the order in which plugins were given. What a plugin
    emits is published, and seen by the other plugins after the event at hand. A plugin that raises is put in
    quarantine, with the reason in a `Health` event `plugin:<name>`; the others go on.
    """

    def __init__(self, plugins: Sequence[Plugin], around: Surroundings) -> None:
        self._around = around
        self._wanted = plugins
        self._running: dict[str, Registered] = {}
        self._why: dict[str, str] = {}
        self._now_ns = 0
        self._waiting: list[tuple[str, Event]] = []
        self._publishing = ""

    async def __aenter__(self) -> Self:
        for plugin in self._wanted:
            name = plugin.name
            world = World(
                self._around.services,
                self._emitter(name),
                self._around.send,
                self.now_ns,
                self._around.clock,
                self._around.folder / name,
            )
            try:
                self._running[name] = Registered(plugin, world)
            except Exception as error:  # a plugin is another's code: whatever it raises concerns only itself
                self._quarantine(name, error)
        await self.settle()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            await self.stop()

    def now_ns(self) -> int:
        """Stream time reached."""
        return self._now_ns

    @property
    def quarantined(self) -> Mapping[str, str]:
        """Plugins that failed, each with its reason."""
        return self._why

    @property
    def running(self) -> Mapping[str, Registered]:
        """The plugins that work."""
        return self._running

    def offer(self, event: Event) -> None:
        """Keep an event for the next `settle`: for `Bus.tap`. What plugins themselves emit is known already."""
        if not self._publishing and len(self._waiting) < QUEUE_SIZE:
            self._waiting.append(("", event))

    async def feed(self, event: Event) -> None:
        """Let time come to the event, then let the plugins see it and all that follows from it."""
        await self.advance(event.t_ns)
        self.offer(event)
        await self.settle()

    async def settle(self) -> None:
        """Work off the events that wait, and those that they cause."""
        caused = 0
        while self._waiting:
            by, event = self._waiting.pop(0)
            caused += bool(by)
            if caused > MAX_CASCADE:
                self._quarantine(by, RuntimeError("it answers events with events without end"))
                self._waiting = [(other, item) for other, item in self._waiting if other != by]
                caused = 0
                continue
            seen = slim(event)
            for name, plugin in list(self._running.items()):
                if name != by:
                    await self._guarded(name, plugin.handle(seen))

    async def advance(self, t_ns: int) -> None:
        """Let time go on to `t_ns`: timers are called at the times at which they are due. An earlier time does
        nothing."""
        while True:
            due = [d for plugin in self._running.values() if (d := plugin.due_ns()) is not None and d <= t_ns]
            if not due:
                break
            self._now_ns = max(self._now_ns, min(due))
            for name, plugin in list(self._running.items()):
                await self._guarded(name, plugin.tick(self._now_ns))
            await self.settle()
        self._now_ns = max(self._now_ns, t_ns)

    async def command(self, plugin: str, command: str, arguments: Mapping[str, Any]) -> str:
        """Tell a plugin a command; returns its line.

        Raises:
            HeedError: there is no such plugin or command, or it failed.
        """
        return str(await self._asked(plugin, lambda p: p.obey(command, arguments)))

    async def tool(self, question: str) -> str | None:
        """What the plugins say to a user's question; None: nothing."""
        for name in list(self._running):
            text: str | None = await self._asked(name, lambda p: p.answer(question))
            if text is not None:
                return text
        return None

    async def page(self, plugin: str, request: Request) -> tuple[str, bytes] | None:
        """`(content type, body)` of a plugin's page, or None.

        Raises:
            HeedError: there is no such plugin, or it failed.
        """
        found: tuple[str, bytes] | None = await self._asked(plugin, lambda p: p.page_of(request))
        return found

    def status(self, plugin: str) -> str:
        """A plugin's status line."""
        return self._running[plugin].told() if plugin in self._running else self._why.get(plugin, "")

    async def stop(self) -> None:
        """The stream has ended: plugins say their last."""
        for name, plugin in list(self._running.items()):
            await self._guarded(name, plugin.stop())
            await self.settle()
        self._running.clear()

    def _emitter(self, name: str) -> Callable[[Event], None]:
        def emit(event: Event) -> None:
            self._publish(event)
            if len(self._waiting) < QUEUE_SIZE:
                self._waiting.append((name, event))

        return emit

    def _publish(self, event: Event) -> None:
        before, self._publishing = self._publishing, "plugin"
        try:
            self._around.publish(event)
        finally:
            self._publishing = before

    async def _guarded(self, name: str, work: Awaitable[None]) -> None:
        try:
            await work
        except Exception as error:  # see __aenter__
            self._quarantine(name, error)

    async def _asked(self, name: str, work: Callable[[Registered], Awaitable[Any]]) -> Any:
        plugin = self._running.get(name)
        if plugin is None:
            known = ", ".join(self._running) or "none"
            why = f": {self._why[name]}" if name in self._why else ""
            raise HeedError(f"no plugin {name[:64]!r} runs{why}; running: {known}")
        try:
            answer = await work(plugin)
        except HeedError:
            raise
        except Exception as error:  # see __aenter__
            self._quarantine(name, error)
            raise HeedError(f"plugin {name} failed: {reason_of(error)}") from error
        await self.settle()
        return answer

    def _quarantine(self, name: str, error: Exception) -> None:
        reason = reason_of(error)
        self._running.pop(name, None)
        self._why[name] = reason
        self._publish(Health(f"plugin:{name}", "failed", f"in quarantine: {reason}"[:500], self._now_ns))


def reason_of(error: BaseException) -> str:
    """One line for a person."""
    text = " ".join(str(error).split())[:400]
    return text if isinstance(error, HeedError) else f"{type(error).__name__}: {text}".rstrip(": ")
