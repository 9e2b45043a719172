"""A configuration read again while the agent runs: what can change at once does, and the rest is named."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path

from agent.cameras.station import Station
from agent.config import Config
from agent.plugins import Installed, check, switched_on, table_of
from agent.switchboard import Switchboard
from plugins.host import Host
from streams.sources.decode import check_path

LEFT_ALONE = ("plugins", "sources")
"""Sections that are not told as keys: plugins are begun again, sources are told by name."""
AT_ONCE = ("cameras.networks",)
"""Keys of other sections that are in force at once."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What differs between two configurations. Names only: values may be secrets."""

    begin: tuple[str, ...] = ()
    """Plugins to begin, or to begin again with their new table."""
    end: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    """Sources that are new; that are gone; and that are begun again, since they are described otherwise."""
    gone: tuple[str, ...] = ()
    renewed: tuple[str, ...] = ()
    at_once: tuple[str, ...] = ()
    """Keys that are in force without more ado."""
    later: tuple[str, ...] = ()
    """Keys that need a start of heed."""

    def line(self) -> str:
        """In one line."""
        parts = [f"begun (again): {', '.join(self.begin)}"] if self.begin else []
        parts += [f"ended: {', '.join(self.end)}"] if self.end else []
        for what, names in (("added", self.added), ("ended", self.gone), ("begun again", self.renewed)):
            parts += [f"sources {what}: {', '.join(names)}"] if names else []
        parts += [f"in force: {', '.join(self.at_once)}"] if self.at_once else []
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
    before, after = ({source.name: source for source in config.sources} for config in (old, new))
    added, gone = (tuple(n for n in one if n not in other) for one, other in ((after, before), (before, after)))
    renewed = tuple(n for n in after if n in before and before[n] != after[n])
    keys = _keys(old, new)
    at_once, later = (tuple(key for key in keys if (key in AT_ONCE) == yes) for yes in (True, False))
    return Changes(begin, end, added, gone, renewed, at_once, later)


def _told(config: Config, plugin: Installed) -> object:
    tables = config.plugins
    return table_of(config, plugin), tables.limits, tables.isolation, tables.tables.get(plugin.name, {}).get("limits")


def _keys(old: Config, new: Config) -> list[str]:
    keys: list[str] = []
    for section in (f.name for f in fields(Config) if f.name not in LEFT_ALONE):
        before, after = getattr(old, section), getattr(new, section)
        keys += [f"{section}.{f.name}" for f in fields(before) if getattr(before, f.name) != getattr(after, f.name)]
    return keys


class Reloader:
    """Brings a new configuration into force; one at a time."""

    def __init__(
        self,
        config: Config,
        board: Switchboard,
        hosts: Callable[[Config, list[Installed]], Sequence[Host]],
        station: Station,
    ) -> None:
        """
        Args:
            config: in force.
            board: of the plugins that run.
            hosts: makes what runs plugins.
            station: watches the sources.
        """
        self._config, self._board, self._hosts, self._station = config, board, hosts, station
        self._turn = asyncio.Lock()

    async def __call__(self, new: Config) -> str:
        """Bring it into force, as far as that goes; returns a line that says how far. A wrong one changes nothing.

        Raises:
            HeedError: a plugin's table is wrong, or one is not installed, or a file to watch is missing: one line.
        """
        async with self._turn:
            check(new)
            found = changes(self._config, new, list(self._board.hosts))
            begin = [source for source in new.sources if source.name in (*found.added, *found.renewed)]
            for source in begin:
                if "://" not in source.url:
                    check_path(Path(source.url))
            for name in found.end:
                await self._board.stop(name)
            chosen = [plugin for plugin in switched_on(new) if plugin.name in found.begin]
            await self._board.start(self._hosts(new, chosen))
            refused = await self._station.renew(found.gone, begin, new.cameras)
            # The rest is not in force: it is named again the next time.
            sources = tuple(source for source in new.sources if source.name not in refused)
            cameras = replace(self._config.cameras, networks=new.cameras.networks)
            self._config = replace(self._config, plugins=new.plugins, sources=sources, cameras=cameras)
            return "; ".join((found.line(), *refused.values()))

    @property
    def sources(self) -> tuple[str, ...]:
        """Names of the sources that are configured now."""
        return tuple(source.name for source in self._config.sources)
