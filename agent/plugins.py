"""Which plugins are installed, which of them are switched on, and whether their configuration is right."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import metadata
from typing import Any, cast

from agent.config import Config
from agent.tables import ConfigError
from plugins.contract import Register, Setup
from plugins.inline import reason_of
from plugins.options import build
from plugins.registered import Plugin
from streams.errors import HeedError

GROUP = "heed.plugins"
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,63}")
_KEYS = ("enabled", "isolation", "limits", "tables", "sources")
"""Names that are taken: keys of the table `[plugins]`, and the one under which cameras get their commands."""


@dataclass(frozen=True, slots=True)
class Installed:
    """A plugin that an installed package offers."""

    name: str
    entry: str
    """What its entry point says: `package.module:function`."""
    package: str
    version: str

    @property
    def builtin(self) -> bool:
        """Whether it comes with heed."""
        return self.package == "heed"


def installed() -> dict[str, Installed]:
    """All plugins, by name: the entry points of the group `heed.plugins`. Loads none of them.

    Of two packages that offer the same name, the one that Python finds first counts.
    """
    found: dict[str, Installed] = {}
    for package in metadata.distributions():
        for point in package.entry_points.select(group=GROUP):
            if _NAME.fullmatch(point.name) and point.name not in _KEYS:
                name = str(package.metadata["Name"] or "?")
                found.setdefault(point.name, Installed(point.name, point.value, name, package.version))
    return dict(sorted(found.items()))


def switched_on(config: Config, known: Mapping[str, Installed] | None = None) -> list[Installed]:
    """The plugins that `[plugins] enabled` names, in its order.

    Raises:
        ConfigError: one is not installed, or there is a table for one that is not. One line, with the nearest name.
    """
    known = installed() if known is None else known
    for name in config.plugins.enabled:
        if name not in known:
            raise ConfigError(f"'plugins.enabled' names {name[:64]!r}, which is not installed: {_guess(name, known)}")
    for name in config.plugins.tables:
        if name not in known:
            raise ConfigError(f"there is no plugin for the table 'plugins.{name[:64]}': {_guess(name, known)}")
    return [known[name] for name in dict.fromkeys(config.plugins.enabled)]


def table_of(config: Config, plugin: Installed) -> dict[str, Any]:
    """A plugin's table `[plugins.<name>]`, with what the rest of the configuration says already.

    Without its `limits`, which are the host's.
    """
    table = {key: value for key, value in config.plugins.tables.get(plugin.name, {}).items() if key != "limits"}
    if plugin.builtin and plugin.name in ("alerts", "home_assistant"):
        table.setdefault("node", config.agent.node)
    if plugin.builtin and plugin.name == "home_assistant":
        table.setdefault("sources", [source.name for source in config.sources])
    return table


def loaded(config: Config, plugin: Installed, **more: Any) -> Plugin:
    """The plugin for a host in this process. One that cannot be imported says so when it is set up; the others work.

    Args:
        config: the whole configuration.
        plugin: which.
        more: keys of its table that are not said there.
    """
    return Plugin(plugin.name, _setup_of(plugin), {**more, **table_of(config, plugin)})


def check(config: Config) -> None:
    """Whether the tables of all plugins that are switched on are right. Imports these plugins.

    Raises:
        HeedError: one line naming the key, or the plugin that cannot be imported.
    """
    for plugin in switched_on(config):
        setup = _setup_of(plugin)
        try:
            setup(cast(Register, _Checking(plugin.name, table_of(config, plugin))))
        except _Checked:
            continue
        except HeedError:
            raise
        except Exception as error:  # a plugin is another's code
            raise HeedError(f"plugin {plugin.name}: {reason_of(error)}") from error


def _setup_of(plugin: Installed) -> Setup:
    try:
        found: Setup = metadata.EntryPoint(plugin.name, plugin.entry, GROUP).load()
        return found
    except Exception as error:  # its module is another's code: whatever it raises concerns only itself
        reason = f"cannot load {plugin.entry}: {reason_of(error)}"

        def broken(register: Register) -> None:
            raise HeedError(reason)

        return broken


class _Checked(Exception):
    """A plugin has read its options: nothing more is wanted of it."""


class _Checking:
    """A `Register` that reads options and nothing else."""

    def __init__(self, name: str, table: Mapping[str, Any]) -> None:
        self.name = name
        self._table = table

    def options(self, schema: type[Any]) -> Any:
        build(schema, self._table, f"plugins.{self.name}")
        raise _Checked

    def __getattr__(self, name: str) -> Any:
        raise _Checked  # it registers before it reads options: it has none that could be checked ahead


def _guess(name: str, known: Mapping[str, Installed]) -> str:
    close = difflib.get_close_matches(name, list(known), 1)
    return f"did you mean '{close[0]}'?" if close else f"installed: {', '.join(known) or 'none'}"
