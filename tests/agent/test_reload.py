"""A configuration read again: what changes at once, what is named, and what is left as it was."""

from __future__ import annotations

from dataclasses import replace
from types import TracebackType
from typing import Any, Self

import pytest

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


def config(rules: list[dict[str, Any]], *enabled: str, **more: Any) -> Config:
    return Config(plugins=PluginsConfig(enabled=enabled, tables={"alerts": {"rules": rules}}), **more)


RULE = {"name": "door", "objects": ["person"]}


async def test_alert_rules_change_while_the_rest_goes_on() -> None:
    log: list[str] = []

    def hosts(new: Config, chosen: list[Installed]) -> list[Any]:
        return [FakeHost(p.name, dict(new.plugins.tables.get(p.name, {})), log) for p in chosen]

    old = config([RULE], "alerts", "subtitles")
    async with Switchboard(lambda event: None, ManualClock()) as board:
        reload = Reloader(old, board, hosts)
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
        assert "ended: subtitles" in await reload(config([RULE, {**RULE, "name": "yard"}], "alerts"))
        log.clear()
    assert log == ["-alerts"]


def test_what_needs_a_start_is_named_without_its_value() -> None:
    old = config([RULE], "alerts")
    new = replace(
        old, web=WebConfig(port=1, token="a long secret"), sources=(SourceConfig("yard", "rtsp://u:secret@cam/1"),)
    )
    found = changes(old, new, ["alerts"])
    assert found.later == ("web.port", "web.token", "sources: yard") and not found.begin and not found.end
    assert "secret" not in found.line()


async def test_what_is_not_in_force_is_named_again() -> None:
    old, new = config([]), config([], web=WebConfig(port=1))
    async with Switchboard(lambda event: None, ManualClock()) as board:
        reload = Reloader(old, board, lambda config, chosen: [])
        assert "web.port" in await reload(new) and "web.port" in await reload(new)
