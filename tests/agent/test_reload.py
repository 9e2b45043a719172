"""A configuration read again: what changes at once, what is named, and what is left as it was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from types import TracebackType
from typing import Any, Self, cast

import pytest

from agent.cameras.config import CamerasConfig
from agent.cameras.station import Station
from agent.config import Config, PluginsConfig, SourceConfig, WebConfig
from agent.plugins import Installed
from agent.reload import Reloader, changes
from agent.switchboard import Switchboard
from dialog.events import Event
from plugins.registered import Offers
from streams.clock import ManualClock
from streams.errors import HeedError
from streams.types import Health


class FakeHost:
    """Remembers when it was begun and ended, and with which table."""

    offers = Offers()
    status = "works"

    def __init__(self, name: str, table: dict[str, Any], log: list[str]) -> None:
        self.name, self.table, self.log = name, table, log
        self.fed: list[Event] = []

    async def __aenter__(self) -> Self:
        self.log.append(f"+{self.name}")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.log.append(f"-{self.name}")

    def feed(self, event: Event) -> None:
        self.fed.append(event)


class FakeStation:
    """Remembers what it was told; refuses the source `full`."""

    def __init__(self) -> None:
        self.told: list[tuple[tuple[str, ...], tuple[str, ...]]] = []

    async def renew(self, gone: Sequence[str], begin: Sequence[SourceConfig], cameras: CamerasConfig) -> dict[str, str]:
        self.told.append((tuple(gone), tuple(source.name for source in begin)))
        return {source.name: "'full' is refused" for source in begin if source.name == "full"}


def reloader(config: Config, board: Switchboard, hosts: Any) -> tuple[Reloader, FakeStation]:
    station = FakeStation()
    return Reloader(config, board, hosts, cast(Station, station)), station


def config(rules: list[dict[str, Any]], *enabled: str, **more: Any) -> Config:
    return Config(plugins=PluginsConfig(enabled=enabled, tables={"alerts": {"rules": rules}}), **more)


RULE = {"name": "door", "objects": ["person"]}


async def test_alert_rules_change_while_the_rest_goes_on() -> None:
    log: list[str] = []

    def hosts(new: Config, chosen: list[Installed]) -> list[Any]:
        return [FakeHost(p.name, dict(new.plugins.tables.get(p.name, {})), log) for p in chosen]

    old = config([RULE], "alerts", "subtitles")
    async with Switchboard(lambda event: None, ManualClock()) as board:
        reload, station = reloader(old, board, hosts)
        await board.start(hosts(old, [Installed(n, "", "heed", "1") for n in ("alerts", "subtitles")]))
        assert await reload(old) == "configuration read again; nothing has changed"
        line = await reload(config([RULE, {**RULE, "name": "yard"}], "alerts", "subtitles"))
        assert line == "configuration read again; begun (again): alerts"
        assert log == ["+alerts", "+subtitles", "-alerts", "+alerts"], "subtitles were left alone"
        board.feed(Health("camera:door", "ok", "there"))
        current: Any = board.hosts["alerts"]
        assert len(current.table["rules"]) == 2 and len(current.fed) == 1
        with pytest.raises(HeedError, match="plugins.alerts"):
            await reload(config([{"nmae": "x"}], "alerts"))
        assert list(board.hosts) == ["subtitles", "alerts"] and len(log) == 4, "a wrong one changes nothing"
        assert set(station.told) == {((), ())}
        assert "ended: subtitles" in await reload(config([RULE, {**RULE, "name": "yard"}], "alerts"))
        log.clear()
    assert log == ["-alerts"]


def test_what_needs_a_start_is_named_without_its_value() -> None:
    old = config([RULE], "alerts")
    new = replace(
        old, web=WebConfig(port=1, token="a long secret"), sources=(SourceConfig("yard", "rtsp://u:secret@cam/1"),)
    )
    found = changes(old, new, ["alerts"])
    assert found.later == ("web.port", "web.token") and not found.begin and not found.end
    assert found.added == ("yard",) and "sources added: yard" in found.line()
    assert "secret" not in found.line()


async def test_what_is_not_in_force_is_named_again() -> None:
    old, new = config([]), config([], web=WebConfig(port=1))
    async with Switchboard(lambda event: None, ManualClock()) as board:
        reload, _ = reloader(old, board, lambda config, chosen: [])
        assert "web.port" in await reload(new) and "web.port" in await reload(new)


async def test_sources_are_compared_by_name() -> None:
    door, yard, full = (SourceConfig(name, f"rtsp://cam/{name}") for name in ("door", "yard", "full"))
    old = config([], sources=(door, yard))
    async with Switchboard(lambda event: None, ManualClock()) as board:
        reload, station = reloader(old, board, lambda config, chosen: [])
        line = await reload(config([], sources=(replace(door, max_fps=2), full)))
        assert line == (
            "configuration read again; sources added: full; sources ended: yard; sources begun again: door; "
            "'full' is refused"
        )
        assert reload.sources == ("door",)
        line = await reload(config([], sources=(full, replace(door, max_fps=2))))
        assert "sources added: full" in line and "door" not in line, "what was refused is tried again"
        networks = CamerasConfig(networks=("10.0.0.0/8",), cores=1)
        line = await reload(config([], sources=(replace(door, max_fps=2),), cameras=networks))
        assert line.endswith("in force: cameras.networks; only after a restart of heed: cameras.cores")
    assert station.told == [(("yard",), ("door", "full")), ((), ("full",)), ((), ())]
