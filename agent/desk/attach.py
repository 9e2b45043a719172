"""Gives a running agent its desk."""

from __future__ import annotations

import functools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from agent.access.audit import Audit
from agent.archive.attach import archive_folder, meaning_of
from agent.archive.keeper import Keeper
from agent.bus import Bus
from agent.config import Config, data_folder
from agent.desk.desk import Desk, DeskParts
from agent.switchboard import Switchboard
from dialog.events import Event, PluginReply
from streams.clock import Clock, wall_now

QUIET = frozenset({"list"})
"""Commands that change nothing."""


@asynccontextmanager
async def desk_of(
    config: Config, clock: Clock, bus: Bus, board: Switchboard, keeper: Keeper | None
) -> AsyncIterator[Desk]:
    """The desk, for as long as the context is open; reads the archive where there is one.

    Raises:
        ArchiveError: it cannot be opened.
    """
    audit = Audit(data_folder(), wall_now)

    def note(event: Event) -> None:
        # A command by the page or a socket is written down with the user's name where it comes in.
        if isinstance(event, PluginReply) and event.command not in QUIET and not event.source.startswith("web-"):
            audit.note(event.source or "?", f"{event.plugin} {event.command}", event.text if event.ok else "refused")

    parts = DeskParts(
        clock,
        board,
        audit,
        archive_folder(config) if keeper is not None else None,
        lambda: 0 if keeper is None else keeper.run,
        functools.partial(meaning_of, config),
        tuple(source.name for source in config.sources),
    )
    async with Desk(parts) as desk:
        with bus.tap(desk.pulse.on_event), bus.tap(note):
            yield desk
