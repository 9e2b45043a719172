"""The contract, held against every built-in plugin; and that the check finds what it is for."""

from __future__ import annotations

import itertools
import threading
import typing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from dialog.events import Caption, Event, Perceived
from plugins import alerts, subtitles
from plugins.contract import Register, Setup
from plugins.testing import ContractBroken, all_kinds, check_plugin, hosted
from plugins.translation import plugin as translation

RULES = [
    {"name": "person", "kinds": ["object"], "objects": ["person"]},
    {"name": "bag", "when": "somebody leaves a bag"},
]


@pytest.mark.parametrize(
    ("setup", "table"),
    [
        (subtitles.setup, {}),
        (subtitles.setup, {"style": "block", "file": "a.srt"}),
        (alerts.setup, {}),
        (alerts.setup, {"rules": RULES, "judge_aside": False}),
        (translation.setup, {"file": "{lang}.vtt"}),
        (translation.setup, {"of": "caption", "to": ["es", "fr"]}),
    ],
    ids=["subtitles", "subtitles block", "alerts", "alerts with rules", "translation", "translation of captions"],
)
async def test_built_in_plugins_keep_the_contract(tmp_path: Path, setup: Setup, table: dict[str, Any]) -> None:
    checked = await check_plugin(setup, tmp_path, table)
    assert checked.events > 300


def test_events_of_every_type_are_among_those_fed() -> None:
    assert {type(event) for event in all_kinds()} == set(typing.get_args(Event))
    assert repr(all_kinds(3)) == repr(all_kinds(3)) != repr(all_kinds(4))
    times = [event.t_ns for event in all_kinds()]
    assert times == sorted(times)


@dataclass(frozen=True)
class Options:
    word: str = ""


COUNT = itertools.count()


def raises(register: Register) -> None:
    register.options(Options)
    register.on(Perceived, lambda event: 1 // 0)


def differs(register: Register) -> None:
    register.options(Options)
    register.on(Perceived, lambda event: register.emit(Caption(0, 0, 0, "en", str(next(COUNT)))))


def pours(register: Register) -> None:
    register.options(Options)

    def pour(event: Perceived) -> None:
        for _ in range(100):
            register.emit(Caption(0, 0, 0, "en", "x"))

    register.on(Perceived, pour)


def mangles(register: Register) -> None:
    register.options(Options)
    register.on(Perceived, lambda event: register.emit(Caption(0, "soon", 0, "en", "x")))  # type: ignore[arg-type]


def lingers(register: Register) -> None:
    register.options(Options)
    stop = threading.Event()
    threading.Thread(target=stop.wait, args=(30,), name="lingering").start()


def trips(register: Register) -> None:
    register.options(Options)
    register.command("go", lambda arguments: arguments["where"], "go")


@pytest.mark.parametrize(
    ("setup", "line"),
    [
        (raises, "it raises: ZeroDivisionError"),
        (differs, "what it emits differs between two runs"),
        (pours, "at most 16 for each"),
        (mangles, "what it emits cannot be sent: 'event.t0_ns' must be int"),
        (lingers, "a thread goes on after it was stopped: lingering"),
        (trips, "its command 'go' raises: plugin checked failed: KeyError: 'where'"),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
async def test_the_check_finds_what_breaks_the_contract(
    tmp_path: Path, setup: Setup, line: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("plugins.testing.conformance.SETTLE_S", 0.1)
    with pytest.raises(ContractBroken) as caught:
        await check_plugin(setup, tmp_path)
    assert line in str(caught.value)


async def test_a_plugin_that_reads_no_options_has_none(tmp_path: Path) -> None:
    async with hosted(lambda register: None, tmp_path, {"speed": 3}) as tried:
        assert "has no options: remove speed from [plugins.tried]" in tried.host.quarantined["tried"]
