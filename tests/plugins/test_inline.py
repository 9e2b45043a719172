"""The host in this process: order, time, quarantine."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from dialog.events import Ask, Caption, Event, Interrupt, Perceived
from plugins.contract import Register, Request
from plugins.inline import InlineHost, Surroundings
from plugins.registered import Plugin
from plugins.testing import NotedServices, hosted
from streams.errors import HeedError
from streams.types import NS, Health, Percept


def perceived(t_s: float, text: str = "a person") -> Perceived:
    t_ns = round(t_s * NS)
    features = np.zeros((2, 8), np.float32)
    return Perceived(t_ns, Percept(f"cam/{t_s}", "object", "cam", t_ns, t_ns, text, 0.9, features=features))


def caption(t_s: float, text: str, translated: bool = False) -> Caption:
    return Caption(round(t_s * NS), 0, round(t_s * NS), "en", text, translated)


def host(folder: Path, out: list[Event], **setups: object) -> InlineHost:
    plugins = [Plugin(name, setup) for name, setup in setups.items()]  # type: ignore[arg-type]
    return InlineHost(plugins, Surroundings(NotedServices(), out.append, folder))


async def test_events_timers_and_what_is_emitted_come_in_order(tmp_path: Path) -> None:
    seen: list[str] = []

    def setup(register: Register) -> None:
        async def on_percept(event: Perceived) -> None:
            assert event.what.features is None  # type: ignore[union-attr]
            seen.append(f"percept {event.t_ns / NS:g}")
            register.emit(caption(event.t_ns / NS, "seen"))

        register.on(Perceived, on_percept)
        register.every(1.0, lambda t_ns: seen.append(f"tick {t_ns / NS:g} {register.now_ns() / NS:g}"))
        register.on_stop(lambda: register.emit(caption(9, "the end")))

    async with hosted(setup, tmp_path) as tried:
        await tried.feed(perceived(0.5), perceived(2.5))
        assert seen == ["percept 0.5", "tick 1 1", "tick 2 2", "percept 2.5"]
    assert [e.text for e in tried.of(Caption)] == ["seen", "seen", "the end"]


async def test_a_plugin_sees_what_others_emit_but_not_its_own(tmp_path: Path) -> None:
    out: list[Event] = []
    heard: list[str] = []

    def subtitles(register: Register) -> None:
        register.on(Perceived, lambda event: register.emit(caption(1, "hello")))
        register.on(Caption, lambda event: heard.append(f"subtitles: {event.text}"))

    def translation(register: Register) -> None:
        def translate(event: Caption) -> None:
            heard.append(f"translation: {event.text}")
            register.emit(caption(1, "hola", True))

        register.on(Caption, translate)

    async with host(tmp_path, out, subtitles=subtitles, translation=translation) as both:
        await both.feed(perceived(1))
    assert heard == ["translation: hello", "subtitles: hola"]
    assert [e.text for e in out if isinstance(e, Caption)] == ["hello", "hola"]


async def test_one_that_raises_is_quarantined_and_the_others_go_on(tmp_path: Path) -> None:
    out: list[Event] = []
    good: list[Event] = []

    def bad(register: Register) -> None:
        def fail(event: Perceived) -> None:
            raise KeyError("gone")

        register.on(Perceived, fail)

    def broken(register: Register) -> None:
        raise HeedError("no model: run `heed models pull x`")

    def fine(register: Register) -> None:
        register.on(Perceived, good.append)

    async with host(tmp_path, out, bad=bad, broken=broken, fine=fine) as three:
        await three.feed(perceived(1))
        await three.feed(perceived(2))
        assert three.quarantined == {"bad": "KeyError: 'gone'", "broken": "no model: run `heed models pull x`"}
    assert len(good) == 2
    health = [(e.component, e.state, e.reason) for e in out if isinstance(e, Health)]
    assert health == [
        ("plugin:broken", "failed", "in quarantine: no model: run `heed models pull x`"),
        ("plugin:bad", "failed", "in quarantine: KeyError: 'gone'"),
    ]


async def test_two_that_answer_each_other_without_end_are_stopped(tmp_path: Path) -> None:
    out: list[Event] = []

    def echo(register: Register) -> None:
        register.on(Caption, lambda event: register.emit(event))

    async with host(tmp_path, out, one=echo, two=echo) as both:
        await both.feed(caption(1, "x"))
        assert len(both.quarantined) == 1


async def test_commands_tools_pages_and_status(tmp_path: Path) -> None:
    def setup(register: Register) -> None:
        register.command("reset", lambda arguments: f"reset {arguments['what']}", "forget")
        register.tool(r"\bhow many alerts\b", lambda question: "three")
        register.page("live/*", "text/plain", lambda request: request.path.encode())
        register.status(lambda: "3 today")
        register.send(Interrupt())

    async with hosted(setup, tmp_path) as tried:
        assert await tried.host.command("tried", "reset", {"what": "all"}) == "reset all"
        assert await tried.host.tool("How many alerts today?") == "three"
        assert await tried.host.tool("who is there?") is None
        assert await tried.host.page("tried", Request("live/a.vtt", {})) == ("text/plain", b"live/a.vtt")
        assert await tried.host.page("tried", Request("dead", {})) is None
        assert tried.host.status("tried") == "3 today"
        with pytest.raises(HeedError, match="no command 'rest'; known: reset"):
            await tried.host.command("tried", "rest", {})
        with pytest.raises(HeedError, match="no plugin 'other' runs; running: tried"):
            await tried.host.command("other", "reset", {})
    assert tried.sent == [Interrupt()]


@dataclass(frozen=True)
class Rule:
    name: str
    zone: tuple[tuple[float, float], ...] = ()
    severity: str = "info"


@dataclass(frozen=True)
class Options:
    lines: int = 2
    rules: tuple[Rule, ...] = ()
    speed: float | None = None


@pytest.mark.parametrize(
    ("table", "line"),
    [
        ({"line": 3}, "unknown key 'plugins.tried.line': did you mean 'lines'?"),
        ({"lines": "3"}, "'plugins.tried.lines' must be a whole number"),
        ({"rules": [{"zone": []}]}, "'plugins.tried.rules[0]' needs name"),
        ({"rules": [{"name": "a", "zon": []}]}, "unknown key 'plugins.tried.rules[0].zon': did you mean 'zone'?"),
        ({"rules": [{"name": "a", "zone": [[1]]}]}, "'plugins.tried.rules[0].zone[0]' must be a list of 2"),
    ],
)
async def test_configuration_that_is_wrong_is_one_line(tmp_path: Path, table: dict[str, object], line: str) -> None:
    async with hosted(lambda register: register.options(Options) and None, tmp_path, table) as tried:
        assert tried.host.quarantined["tried"] == line


async def test_configuration(tmp_path: Path) -> None:
    got: list[Options] = []
    table = {"rules": [{"name": "gate", "zone": [[0, 0], [1, 0.5]]}], "speed": 2}
    async with hosted(lambda register: got.append(register.options(Options)), tmp_path, table):
        assert got == [Options(2, (Rule("gate", ((0.0, 0.0), (1.0, 0.5))),), 2.0)]


async def test_what_a_plugin_may_not_emit(tmp_path: Path) -> None:
    def setup(register: Register) -> None:
        with pytest.raises(HeedError, match="not Perceived"):
            register.emit(perceived(1))  # type: ignore[arg-type]
        with pytest.raises(HeedError, match="longer than 4000"):
            register.emit(caption(1, "x" * 4001))
        with pytest.raises(HeedError, match="is no command"):
            register.send("open the door")  # type: ignore[arg-type]
        register.send(Ask("hi"))

    async with hosted(setup, tmp_path) as tried:
        assert not tried.host.quarantined
