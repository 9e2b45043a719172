"""Plugins beside the agent: which hosts run them, for live work and for recordings."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from agent.config import Config, PluginLimits, data_folder, limits_of
from agent.core import Core
from agent.local_host import LocalHost
from agent.plugins import Installed, loaded, table_of
from agent.services import AgentServices
from dialog.events import Command
from plugins.host import Host
from plugins.inline import InlineHost, Surroundings
from plugins.process.host import Named, ProcessHost
from plugins.process.limits import Limits
from streams import wording

FOLDER = "plugins"


def hosts_for(config: Config, core: Core, plugins: list[Installed], services: AgentServices) -> list[Host]:
    """Live: a host for each plugin, as `[plugins] isolation` says."""
    around = surroundings(core, services, data_folder() / FOLDER)
    if config.plugins.isolation == "none":
        return [LocalHost(loaded(config, plugin), around, core.clock) for plugin in plugins]
    return [
        ProcessHost(
            Named(plugin.name, plugin.entry, table_of(config, plugin)),
            around,
            core.clock,
            process_limits(limits_of(config.plugins, plugin.name)),
        )
        for plugin in plugins
    ]


def process_limits(limits: PluginLimits) -> Limits:
    """The limits of a plugin's process, as the configuration says them."""
    return Limits(
        memory_bytes=limits.memory_mb << 20,
        emits_hz=limits.emits_hz,
        services_hz=limits.services_hz,
        setup_s=limits.setup_s,
        handler_s=limits.handler_s,
        hang_s=limits.hang_s,
        failures=limits.failures,
    )


@contextmanager
def inline(
    config: Config, core: Core, plugins: list[Installed], services: AgentServices, out: Path | None
) -> Iterator[InlineHost]:
    """For a recording: all plugins in this process and in its time, so that the same recording gives the same results.

    Their files go to `out/plugins/<name>`, emptied before; without `out` to a folder that is removed at the end.
    """
    with tempfile.TemporaryDirectory(prefix="heed-") as gone:
        folder = Path(gone) if out is None else out / FOLDER
        for plugin in plugins:
            shutil.rmtree(folder / plugin.name, ignore_errors=True)
        around = surroundings(core, services, folder)
        yield InlineHost([loaded(config, plugin, **_in_turn(plugin)) for plugin in plugins], around)


def surroundings(core: Core, services: AgentServices, folder: Path) -> Surroundings:
    """What plugins of this agent are connected to."""

    def clock(t_ns: int) -> str:
        return wording.clock(t_ns, core.clock.wall_start)

    def send(command: Command) -> None:
        core.bus.send(command)

    return Surroundings(services, core.bus.publish, folder, send, clock)


def _in_turn(plugin: Installed) -> dict[str, bool]:
    """Keys without which a recording would not give the same results each time."""
    return {"judge_aside": False} if plugin.builtin and plugin.name == "alerts" else {}
