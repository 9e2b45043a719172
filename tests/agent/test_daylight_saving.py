"""A run that goes on over the night in which the clocks are put back: the times that it says are those on the wall."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from agent.access.audit import Audit
from agent.archive.recall import Recall
from agent.archive.records import Record, wall_ns
from agent.archive.store import Store
from agent.desk.desk import Desk, DeskParts
from agent.report import write_report
from agent.switchboard import Switchboard
from streams import wording
from streams.clock import ManualClock, wall_at, wall_time
from streams.types import NS
from tests.fakes import FakeMind

NEW_YORK = "EST5EDT,M3.2.0,M11.1.0"
BEGAN = datetime(2026, 10, 31, 20, 0)
"""Local; at two o'clock of the night it is one again."""
DAY_NS = 24 * 3600 * NS


@pytest.fixture
def zone(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Sets the time zone of this machine."""

    def choose(name: str) -> None:
        monkeypatch.setenv("TZ", name)
        time.tzset()

    yield choose
    monkeypatch.undo()
    time.tzset()


def test_the_time_of_day_is_that_on_the_wall(zone: Callable[[str], None]) -> None:
    zone(NEW_YORK)
    start = BEGAN.astimezone()
    assert wording.clock(DAY_NS, start) == "Sun 19:00"
    assert wording.clock(5 * 3600 * NS, start) == "Sun 01:00"
    assert wording.clock(6 * 3600 * NS, start) == "Sun 01:00", "the hour that comes twice"
    assert wording.clock(3600 * NS, start) == "21:00"
    spring = datetime(2026, 3, 7, 20, 0).astimezone()
    assert wording.clock(DAY_NS, spring) == "Sun 21:00"
    now = wall_time(ManualClock(start), DAY_NS)
    assert now is not None and now - start == timedelta(hours=24)


def test_a_start_without_a_zone_or_of_another_one_keeps_its_own_hours(zone: Callable[[str], None]) -> None:
    zone(NEW_YORK)
    assert wording.clock(DAY_NS, BEGAN) == "Sun 20:00"
    for elsewhere in (UTC, timezone(timedelta(hours=5, minutes=30))):
        assert wall_at(BEGAN.replace(tzinfo=elsewhere), DAY_NS) == datetime(2026, 11, 1, 20, 0, tzinfo=elsewhere)
        assert wording.clock(DAY_NS, BEGAN.replace(tzinfo=elsewhere)) == "Sun 20:00"


def test_what_the_archive_brings_back_has_the_time_on_the_wall(zone: Callable[[str], None], tmp_path: Path) -> None:
    zone(NEW_YORK)
    came = wall_ns(datetime(2026, 11, 1, 18, 45))
    with Store(tmp_path, wall_ns(BEGAN)) as store:
        store.add([Record("object", "gate", came, came, "a white van enters from the left", "gate/v1")])
    recall = Recall(tmp_path, ManualClock(BEGAN.astimezone()), FakeMind(), lambda: None)
    (found,) = recall.find("when did the white van come in the last 30 minutes", DAY_NS)
    assert found.line == "Sun 18:45 gate: a white van enters from the left"
    assert f"{found.at:%a %H:%M}" == "Sun 18:45"
    recall.close()


def test_the_desk_has_the_time_on_the_wall(zone: Callable[[str], None], tmp_path: Path) -> None:
    zone(NEW_YORK)
    clock = ManualClock(BEGAN.astimezone())
    clock.advance_to(DAY_NS)
    board, audit = Switchboard(lambda event: None, clock), Audit(tmp_path, lambda: BEGAN)
    desk = Desk(DeskParts(clock, board, audit, None, lambda: 0, lambda: None))
    assert desk.now().replace(tzinfo=None) == datetime(2026, 11, 1, 19, 0)
    assert wall_ns(desk.now()) == desk.now_ns()


def test_the_report_says_the_time_on_the_wall(zone: Callable[[str], None], tmp_path: Path) -> None:
    zone(NEW_YORK)
    seen = {"t": 86_400.0, "type": "percept", "id": "door/v1", "kind": "sign", "source": "door", "text": "a van enters"}
    write_report(
        [seen | {"t0": 86_400.0, "t1": 86_400.0}], tmp_path / "report.html", "run", wall_start=BEGAN.astimezone()
    )
    assert ">19:00:00<" in (tmp_path / "report.html").read_text()
