"""A configuration read again while the agent runs: what can change at once does, and the rest is named."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace

from agent.config import Config
from agent.plugins import Installed, check, switched_on, table_of
from agent.switchboard import Switchboard
from plugins.host import Host

LEFT_ALONE = ("plugins", "sources")
"""Sections that are not told as keys: plugins are begun again, sources are told by name."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What differs between two configurations. Names only: values may be secrets."""

    begin: tuple[str, ...] = ()
    """Plugins to begin, or to begin again with their new table."""
    end: tuple[str, ...] = ()
    later: tuple[str, ...] = ()
    """Keys that need a start of heed."""

    def line(self) -> str:
        """In one line."""
        parts = [f"begun (again): {', '.join(self.begin)}"] if self.begin else []
        parts += [f"ended: {', '.join(self.end)}"] if self.end else []
        parts += [f"only after a restart of heed: {', '.join(self.later)}"] if self.later else []
        return "configuration read again; " + ("; ".join(parts) if parts else "nothing has changed")


def changes(old: Config, new: Config, running: Sequence[str]) -> Changes:
    """Compare two configurations.

    Args:
        old: in force.
        new: checked.
        running: names of the plugins that run.

    Raises:
        ConfigError: the new one names a plugin that is not installed.
    """
    wanted = {plugin.name: plugin for plugin in switched_on(new)}
    begin = tuple(
        name for name, plugin in wanted.items() if name not in running or _told(old, plugin) != _told(new, plugin)
    )
    end = tuple(name for name in running if name not in wanted)
    return Changes(begin, end, _later(old, new))


def _told(config: Config, plugin: Installed) -> object:
    tables = config.plugins
    return table_of(config, plugin), tables.limits, tables.isolation, tables.tables.get(plugin.name, {}).get("limits")


def _later(old: Config, new: Config) -> tuple[str, ...]:
    keys: list[str] = []
    for section in (f.name for f in fields(Config) if f.name not in LEFT_ALONE):
        before, after = getattr(old, section), getattr(new, section)
        keys += [f"{section}.{f.name}" for f in fields(before) if getattr(before, f.name) != getattr(after, f.name)]
    before, after = ({s.name: s for s in config.sources} for config in (old, new))
    keys += [f"sources: {n}" for n in sorted(before.keys() | after.keys()) if before.get(n) != after.get(n)]
    return tuple(keys)


class Reloader:
    """Brings a new configuration into force; one at a time."""

    def __init__(
        self, config: Config, board: Switchboard, hosts: Callable[[Config, list[Installed]], Sequence[Host]]
    ) -> None:
        """
        Args:
            config: in force.
            board: of the plugins that run.
            hosts: makes what runs plugins.
        """
        self._config, self._board, self._hosts = config, board, hosts
        self._turn = asyncio.Lock()

    async def __call__(self, new: Config) -> str:
        """Bring it into force, as far as that goes; returns a line that says how far. A wrong one changes nothing.

        Raises:
            HeedError: a plugin's table is wrong, or one is not installed: one line.
        """
        async with self._turn:
            check(new)
            found = changes(self._config, new, list(self._board.hosts))
            for name in found.end:
                await self._board.stop(name)
            chosen = [plugin for plugin in switched_on(new) if plugin.name in found.begin]
            await self._board.start(self._hosts(new, chosen))
            # The rest is not in force: it is named again the next time.
            self._config = replace(self._config, plugins=new.plugins)
            return found.line()
