"""What one plugin registered, and how it is called: shared by the host in this process and by child processes."""

from __future__ import annotations

import inspect
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

from dialog.events import Alert, Ask, Caption, Command, Event, Interrupt, Mute, Perceived, Remarks, Tell
from plugins.contract import Emitted, Handler, Request, Services, Setup
from plugins.options import build
from streams.errors import HeedError
from streams.types import NS, Health, Percept

E = TypeVar("E")
O = TypeVar("O")

MAX_TEXT_CHARS = 4000
"""Longest text of an event or reply of a plugin."""
MAX_PAGE_BYTES = 4 * 1024 * 1024
MAX_COMMANDS = 64
"""Commands, tools, pages and timers, of each kind at most so many."""
MIN_PERIOD_S = 0.05


@dataclass(frozen=True, slots=True)
class Plugin:
    """A plugin that was found and is switched on."""

    name: str
    setup: Setup
    table: Mapping[str, Any] = field(default_factory=dict)
    """Its table `[plugins.<name>]`, as it was read."""


@dataclass(frozen=True, slots=True)
class World:
    """What surrounds one plugin."""

    services: Services
    emit: Callable[[Emitted], None]
    send: Callable[[Command], None]
    now_ns: Callable[[], int]
    clock: Callable[[int], str]
    """See `Register.clock`."""
    folder: Path


@dataclass(slots=True)
class Timer:
    """Something called again and again."""

    period_ns: int
    handler: Handler
    due_ns: int


@dataclass(frozen=True, slots=True)
class Offers:
    """What a plugin registered, as values: for lists, help and routing."""

    commands: tuple[tuple[str, str], ...] = ()
    """`(name, what it does)`."""
    tools: tuple[str, ...] = ()
    """Patterns."""
    pages: tuple[tuple[str, str], ...] = ()
    """`(path, content type)`."""


class Registered:
    """Implements `Register` for one plugin. Handlers are called one after another by whoever owns this."""

    def __init__(self, plugin: Plugin, world: World) -> None:
        """Runs the plugin's `setup`.

        Raises:
            HeedError: its configuration is wrong, or it registers nonsense.
            Exception: whatever `setup` raises.
        """
        self.name = plugin.name
        self.folder = world.folder
        self.services = world.services
        self._world, self._table = world, plugin.table
        self._open = True
        self._handlers: list[tuple[type[Any], Handler]] = []
        self._timers: list[Timer] = []
        self._commands: dict[str, tuple[Callable[[Mapping[str, Any]], Awaitable[str] | str], str]] = {}
        self._tools: list[tuple[re.Pattern[str], Callable[[str], Awaitable[str | None] | str | None]]] = []
        self._pages: dict[str, tuple[str, Callable[[Request], Awaitable[bytes] | bytes]]] = {}
        self._tell: Callable[[], str] | None = None
        self._stops: list[Callable[[], Awaitable[None] | None]] = []
        self._configured = not plugin.table
        plugin.setup(self)
        self._open = False
        if not self._configured:
            keys = ", ".join(map(str, plugin.table))
            raise HeedError(f"plugin {plugin.name} has no options: remove {keys[:200]} from [plugins.{plugin.name}]")

    # what the plugin calls

    def now_ns(self) -> int:
        return self._world.now_ns()

    def clock(self, t_ns: int) -> str:
        return self._world.clock(t_ns)

    def options(self, schema: type[O]) -> O:
        self._configured = True
        return build(schema, self._table, f"plugins.{self.name}")

    def on(self, kind: type[E], handler: Callable[[E], Awaitable[None] | None]) -> None:
        self._register("listener", self._handlers)
        self._handlers.append((kind, handler))

    def every(self, seconds: float, handler: Callable[[int], Awaitable[None] | None]) -> None:
        self._register("timer", self._timers)
        if not seconds >= MIN_PERIOD_S:
            raise HeedError(f"plugin {self.name}: a timer of {seconds} s is shorter than {MIN_PERIOD_S} s")
        period_ns = round(seconds * NS)
        self._timers.append(Timer(period_ns, handler, self.now_ns() + period_ns))

    def command(self, name: str, handler: Callable[[Mapping[str, Any]], Awaitable[str] | str], about: str) -> None:
        self._register("command", self._commands, name)
        self._commands[name] = (handler, about)

    def tool(self, pattern: str, handler: Callable[[str], Awaitable[str | None] | str | None]) -> None:
        self._register("tool", self._tools)
        try:
            self._tools.append((re.compile(pattern, re.IGNORECASE), handler))
        except re.error as error:
            raise HeedError(f"plugin {self.name}: the tool's pattern is no regular expression: {error}") from error

    def page(self, path: str, content_type: str, render: Callable[[Request], Awaitable[bytes] | bytes]) -> None:
        self._register("page", self._pages, path)
        self._pages[path] = (content_type, render)

    def status(self, tell: Callable[[], str]) -> None:
        self._tell = tell

    def on_stop(self, handler: Callable[[], Awaitable[None] | None]) -> None:
        self._register("stop handler", self._stops)
        self._stops.append(handler)

    def emit(self, event: Emitted) -> None:
        check_emitted(self.name, event)
        self._world.emit(event)

    def send(self, command: Command) -> None:
        if not isinstance(command, Ask | Interrupt | Mute | Remarks | Tell):
            raise HeedError(f"plugin {self.name}: {type(command).__name__} is no command")
        self._world.send(command)

    # what the host calls

    @property
    def offers(self) -> Offers:
        """What it registered."""
        commands = tuple((name, about) for name, (_, about) in self._commands.items())
        pages = tuple((path, content_type) for path, (content_type, _) in self._pages.items())
        return Offers(commands, tuple(pattern.pattern for pattern, _ in self._tools), pages)

    def wants(self, event: Event) -> bool:
        """Whether it listens to events of this type."""
        return any(isinstance(event, kind) for kind, _ in self._handlers)

    async def handle(self, event: Event) -> None:
        """Let its handlers see an event."""
        for kind, handler in self._handlers:
            if isinstance(event, kind):
                await called(handler(event))

    def due_ns(self) -> int | None:
        """When its next timer is due; None without timers."""
        return min((timer.due_ns for timer in self._timers), default=None)

    async def tick(self, t_ns: int) -> None:
        """Call the timers that are due at `t_ns`. Beats that were missed are skipped."""
        for timer in self._timers:
            if timer.due_ns <= t_ns:
                timer.due_ns += (1 + (t_ns - timer.due_ns) // timer.period_ns) * timer.period_ns
                await called(timer.handler(t_ns))

    async def obey(self, command: str, arguments: Mapping[str, Any]) -> str:
        """Carry out a command; returns the line for its sender.

        Raises:
            HeedError: there is no such command, or it cannot be done.
        """
        if command not in self._commands:
            known = ", ".join(self._commands) or "none"
            raise HeedError(f"plugin {self.name} has no command {command[:80]!r}; known: {known}")
        line = str(await called(self._commands[command][0](arguments)))
        return line[:MAX_TEXT_CHARS]

    async def answer(self, question: str) -> str | None:
        """What its first tool that fits says to a user's question."""
        for pattern, handler in self._tools:
            if pattern.search(question):
                text = await called(handler(question))
                if text is not None:
                    return str(text)[:MAX_TEXT_CHARS]
        return None

    async def page_of(self, request: Request) -> tuple[str, bytes] | None:
        """`(content type, body)` of a page; None: it has no such page.

        Raises:
            HeedError: the page is too large.
        """
        found = self._pages.get(request.path) or next(
            (page for path, page in self._pages.items() if path.endswith("*") and request.path.startswith(path[:-1])),
            None,
        )
        if found is None:
            return None
        body = bytes(await called(found[1](request)))
        if len(body) > MAX_PAGE_BYTES:
            raise HeedError(f"plugin {self.name}: its page {request.path[:80]!r} is larger than {MAX_PAGE_BYTES} bytes")
        return found[0], body

    def told(self) -> str:
        """Its status line."""
        return "" if self._tell is None else str(self._tell())[:200]

    async def stop(self) -> None:
        """Let it say its last."""
        for handler in self._stops:
            await called(handler())

    def _register(self, what: str, kept: Any, name: str = "") -> None:
        if not self._open:
            raise HeedError(f"plugin {self.name}: a {what} can only be registered during setup")
        if len(kept) >= MAX_COMMANDS or (name and name in kept):
            raise HeedError(f"plugin {self.name}: {what} {name!r} is registered twice, or there are too many")


async def called(result: Any) -> Any:
    """What a handler returned, awaited if it is `async`."""
    return await result if inspect.isawaitable(result) else result


def check_emitted(name: str, event: Emitted) -> None:
    """Raises `HeedError` for what a plugin may not publish."""
    if not isinstance(event, Caption | Alert | Health):
        raise HeedError(f"plugin {name}: it may emit Caption, Alert and Health, not {type(event).__name__}")
    text = event.reason if isinstance(event, Health) else event.text
    if not isinstance(text, str) or len(text) > MAX_TEXT_CHARS:
        raise HeedError(f"plugin {name}: the text of {type(event).__name__} is longer than {MAX_TEXT_CHARS} characters")


def slim(event: Event) -> Event:
    """The event as plugins get it: without feature vectors, which are large and the encoders' own."""
    if isinstance(event, Perceived) and isinstance(event.what, Percept) and event.what.features is not None:
        return replace(event, what=replace(event.what, features=None))
    return event
