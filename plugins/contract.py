"""The contract of a plugin, on one screen.

A plugin is a function `setup(register)`, named by an entry point of the group `heed.plugins` and switched on in
`config.toml`. It is called once, says with `register` what it listens to and offers, and returns. From then on its
handlers are called one after another, never two at once, with the events of a bounded channel: a plugin that falls
behind loses its oldest events and nobody else's. Events are values; they can be kept. Nothing that a plugin does can
hold up what is seen, heard or answered.

    def setup(register: Register) -> None:
        options = register.options(Options)              # its table [plugins.<name>], checked
        register.on(Perceived, lambda event: ...)        # or `async def`
        register.every(1.0, tick)
        register.command("reset", reset, "forget everything")
        register.tool(r"\\bhow many alerts\\b", answer)    # asked by a user: the text of the reply, or None
        register.page("alerts.json", "application/json", render)
        register.status(lambda: "3 alerts today")
        register.emit(Alert(...))                        # also later, from any handler
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeVar

from dialog.events import Alert, Caption, Command, Phase, Severity
from streams.types import Health

__all__ = ["Alert", "Caption", "Emitted", "Handler", "Phase", "Register", "Request", "Services", "Setup", "Severity"]

E = TypeVar("E")
O = TypeVar("O")

Emitted = Caption | Alert | Health
"""What a plugin may publish."""

Handler = Callable[[Any], "Awaitable[None] | None"]


@dataclass(frozen=True, slots=True)
class Request:
    """Somebody looks at a plugin's page."""

    path: str
    """What follows `/api/plugins/<name>/`."""
    query: Mapping[str, str]


class Services(Protocol):
    """What the agent does for plugins. Each raises `HeedError` when it cannot."""

    async def ask(self, question: str, lines: list[tuple[str, str, int]], now_ns: int) -> tuple[str, tuple[str, ...]]:
        """Let the language model answer from these percepts alone, `(id, line, t_ns)`, read by cross-attention.

        Returns the answer and the ids of the percepts that it rests on. Takes its turn behind the conversations.
        """
        ...

    async def picture(self, percept_id: str) -> bytes | None:
        """JPEG of the moment of a percept, or None when it is no longer kept."""
        ...

    async def view(self, source: str) -> bytes | None:
        """JPEG of what a camera showed last, some seconds ago at most while it sends pictures. None: it shows nothing,
        or was never asked for before; ask again in some seconds."""
        ...

    async def publish(self, topic: str, payload: bytes, retain: bool = False) -> bool:
        """Publish over MQTT (QoS 1); False when no broker is configured. A topic that begins with `/` is absolute,
        any other lies below `heed/<node>/`."""
        ...

    async def say(self, text: str, source: str = "") -> bool:
        """Say this aloud where nobody speaks now (in the conversation of that name, or in all). False: nowhere."""
        ...


class Register(Protocol):
    """What a plugin is set up with."""

    name: str
    """Its name in `config.toml`."""
    folder: Path
    """A folder of its own, for what it keeps. Made when it is first used."""
    services: Services

    def now_ns(self) -> int:
        """Stream time."""
        ...

    def clock(self, t_ns: int) -> str:
        """Stream time as people say it: `14:03`, or `2:05` minutes and seconds since the start."""
        ...

    def options(self, schema: type[O]) -> O:
        """Its configuration as a frozen dataclass with defaults. Raises `HeedError` naming the key that is wrong."""
        ...

    def on(self, kind: type[E], handler: Callable[[E], Awaitable[None] | None]) -> None:
        """Call `handler` with each event of this type."""
        ...

    def every(self, seconds: float, handler: Callable[[int], Awaitable[None] | None]) -> None:
        """Call `handler` with the stream time (ns) again and again; between two events, never during one."""
        ...

    def command(self, name: str, handler: Callable[[Mapping[str, Any]], Awaitable[str] | str], about: str) -> None:
        """Offer a command: `{"type": "plugin", "plugin": ..., "command": ..., ...}`. Returns a line for the sender."""
        ...

    def tool(self, pattern: str, handler: Callable[[str], Awaitable[str | None] | str | None]) -> None:
        """Answer a user's own question that matches the regular expression; None leaves it to the language model.
        What cameras and microphones merely pick up never reaches a tool."""
        ...

    def page(self, path: str, content_type: str, render: Callable[[Request], Awaitable[bytes] | bytes]) -> None:
        """Serve `GET /api/plugins/<name>/<path>`; a path that ends with `*` serves all that begin so."""
        ...

    def status(self, tell: Callable[[], str]) -> None:
        """One line for `heed plugins list`, health and metrics."""
        ...

    def on_stop(self, handler: Callable[[], Awaitable[None] | None]) -> None:
        """Call `handler` when heed stops or the recording has ended: last things may still be emitted."""
        ...

    def emit(self, event: Emitted) -> None:
        """Publish."""
        ...

    def send(self, command: Command) -> None:
        """Send the agent a command, such as `Interrupt`."""
        ...


Setup = Callable[[Register], None]
"""What an entry point of the group `heed.plugins` names."""
