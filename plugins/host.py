"""One interface for whatever runs a plugin beside a live agent: in this process, or in a process of its own."""

from __future__ import annotations

from collections.abc import Mapping
from types import TracebackType
from typing import Any, Protocol, Self

from dialog.events import Event
from plugins.contract import Request
from plugins.registered import Offers


class Host(Protocol):
    """Runs one plugin: an async context manager that is fed events.

    What the plugin emits and sends, and what happens to it (`Health` of `plugin:<name>`), goes to the `Surroundings`
    that the host was made with. Leaving the context without an error lets the plugin say its last words first.
    """

    name: str
    """The plugin's name in `config.toml`."""

    @property
    def offers(self) -> Offers:
        """What the plugin registered; nothing until it is set up."""
        ...

    @property
    def status(self) -> str:
        """One line: the plugin's own, or what is wrong with it."""
        ...

    async def __aenter__(self) -> Self: ...

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def feed(self, event: Event) -> None:
        """Let the plugin see an event, in its own time. Never waits: the oldest are dropped where too many are left.
        What the plugin emitted itself is left out."""
        ...

    async def settled(self) -> None:
        """Return once the plugin is set up, or in quarantine."""
        ...

    async def command(self, command: str, arguments: Mapping[str, Any]) -> str:
        """Tell the plugin a command; returns its line.

        Raises:
            HeedError: it does not run, has no such command, failed, or takes too long.
        """
        ...

    async def tool(self, question: str) -> str | None:
        """What the plugin says to a user's question; None: nothing.

        Raises:
            HeedError: it does not run, failed, or takes too long.
        """
        ...

    async def page(self, request: Request) -> tuple[str, bytes] | None:
        """`(content type, body)` of the plugin's page, or None.

        Raises:
            HeedError: it does not run, failed, or takes too long.
        """
        ...
