"""Ctrl+P: every command of the assistant, found by a few of its letters."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Protocol, cast

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content

from agent.ui.slash import COMMANDS
from streams.wording import place


class Chooser(Protocol):
    """The screen, as the palette needs it."""

    def choose(self, line: str) -> None:
        """Do `/name argument`, or put it into the prompt where something is still wanted."""
        ...

    def cameras(self) -> tuple[str, ...]:
        """Sources with pictures."""
        ...


class Commands(Provider):
    """The slash commands, and one for each camera."""

    async def discover(self) -> Hits:
        """All, before anything is typed."""
        for name, about, do in self._all():
            yield DiscoveryHit(Content(name), do, help=about)

    async def search(self, query: str) -> Hits:
        """Those that match, the best first."""
        matcher = self.matcher(query)
        for name, about, do in self._all():
            score = max(matcher.match(name), 0.7 * matcher.match(about))
            if score > 0:
                # Textual reads what it highlights as markup: a camera may be called anything.
                yield Hit(score, Content(name) if "[" in name else matcher.highlight(name), do, help=about)

    def _all(self) -> list[tuple[str, str, Callable[[], None]]]:
        app = cast(Chooser, self.app)
        found: list[tuple[str, str, Callable[[], None]]] = [
            (name, about, partial(app.choose, f"/{name}")) for name, about in COMMANDS.items()
        ]
        for source in app.cameras():
            name = place(source)
            found.append((f"camera {name}", "show its pictures", partial(app.choose, f"/camera {source}")))
        return found
