"""The pure parts of alerts: zones, times of day, sentences, verdicts, scores."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.bench.alerts_score import pooled, score_alerts
from dialog.events import Alert
from plugins.alerts.conditions import Calendar, has_phrase, in_time, in_zone
from plugins.alerts.engine import Engine
from plugins.alerts.incidents import Change
from plugins.alerts.notify import Cooldown
from plugins.alerts.rules import SEVERITIES, Rule
from plugins.alerts.sentences import hours_of, question_of, trigger_of, verdict_of
from streams import wording
from streams.types import Percept, ns


@pytest.mark.parametrize(
    ("when", "question"),
    [
        ("tell me when someone leaves a bag", "Did someone leave a bag?"),
        ("is the gate open after ten?", "Is the gate open?"),
        ("Let me know if the gate is open", "Is the gate open?"),
        ("warn me as soon as the dog goes out", "Did the dog go out?"),
        ("alert me when people come in", "Did people come in?"),
        ("notify me if somebody carries a ladder at night", "Did somebody carry a ladder?"),
        ("smoke", "Did you notice smoke?"),
    ],
)
def test_a_sentence_becomes_a_question(when: str, question: str) -> None:
    assert question_of(Rule("x", when=when)) == question


@pytest.mark.parametrize(
    ("when", "hours"),
    [
        ("is the gate open after ten?", "22:00-06:00"),
        ("is the gate open after 10 am?", "10:00-23:59"),
        ("is anyone here before six", "00:00-06:00"),
        ("tell me when someone comes at night", "22:00-06:00"),
        ("tell me when someone leaves a bag", ""),
        ("tell me when someone comes after dark", ""),
    ],
)
def test_a_time_of_day_in_a_sentence(when: str, hours: str) -> None:
    assert hours_of(when) == hours


def test_triggers_listen_only_for_sentences_about_words() -> None:
    bag = trigger_of(Rule("x", when="tell me when someone leaves a bag"))
    assert bag.passes("object", "a person enters from the left") and bag.passes("scene", "the picture shows a bag")
    assert not bag.passes("speech", 'a voice says: "a bag"') and not bag.passes("light", "the light goes on")
    keys = trigger_of(Rule("x", when="tell me when someone mentions the keys"))
    assert keys.passes("speech", 'a voice says: "where are they"')


@pytest.mark.parametrize(
    ("answer", "question", "verdict"),
    [
        ("Yes, a person entered.", "", "confirmed"),
        ("No, nobody is in view.", "", "rejected"),
        ("I have not seen a car.", "", "rejected"),
        ("The gate was open at 22:10.", "Is the gate open?", "confirmed"),
        ("The gate was closed at 22:10.", "Is the gate open?", "failed"),
        ("", "Is the gate open?", "failed"),
    ],
)
def test_verdicts(answer: str, question: str, verdict: str) -> None:
    assert verdict_of(answer, question) == verdict


def test_time_of_day_and_weekday_come_from_the_clock_that_people_read() -> None:
    start = datetime(2026, 11, 24, 21, 0, tzinfo=UTC)  # a Tuesday
    dated = Calendar(lambda t_ns: wording.clock(t_ns, start))
    night = Rule("x", objects=("car",), between="22:00-06:00")
    for hours, on in ((0, False), (1, True), (8, True), (9.5, False), (25, True)):
        assert in_time(night, ns(hours * 3600), dated) is on
    for days in range(9):
        t_ns = ns(days * 86_400)
        assert dated.day(t_ns) == (start + timedelta(days=days)).strftime("%a")
    undated = Calendar(lambda t_ns: wording.clock(t_ns, None))
    assert in_time(night, ns(50_000), undated) and undated.day(0) == ""


@given(st.floats(0, 0.4), st.floats(0, 0.4), st.floats(0.01, 0.1))
def test_a_box_is_in_the_rectangle_that_holds_it_and_not_in_another(x: float, y: float, size: float) -> None:
    box = (x, y, size, size)
    assert in_zone([(0, 0), (0.5001, 0), (0.5001, 0.5001), (0, 0.5001)], box)
    assert not in_zone([(0.6, 0.6), (1, 0.6), (1, 1), (0.6, 1)], box)


def test_phrases_are_whole_words() -> None:
    assert has_phrase("Help me, please!", "help ME") and not has_phrase("helpful", "help") and not has_phrase("x", "")


TOLD = (
    "a person enters from the left", "the person leaves to the right", "the person disappears", "a person appears",
    "nobody is in view", "2 people are in view", "something enters from the top", "the thing is a car",
)  # fmt: skip


@given(st.lists(st.sampled_from(TOLD), max_size=40))
def test_incidents_begin_once_end_once_and_never_become_less_severe(texts: list[str]) -> None:
    engine = Engine(Calendar(lambda t_ns: "0:00"), lambda rule, source: 0)
    engine.set_rules([Rule("r", objects=("person",), does=("enters", "leaves"), escalate_after_s=5)], 0)
    changes: list[Change] = []
    for n, text in enumerate(texts):
        kind = "count" if "view" in text else "object"
        changes += engine.see(Percept(f"s/v{n}", kind, "s", ns(n), ns(n), text), ns(n))  # type: ignore[arg-type]
        changes += engine.tick(ns(n + 0.5))
    changes += engine.incidents.close_all(ns(1000))
    for name in {c.alert.id for c in changes}:
        told = [c.alert for c in changes if c.alert.id == name]
        assert [a.phase for a in told if a.phase != "update"] == ["new", "end"]
        assert told[0].phase == "new" and told[-1].phase == "end"
        levels = [SEVERITIES.index(a.severity) for a in told]
        assert levels == sorted(levels)


def test_the_cool_down_lets_a_risen_severity_pass() -> None:
    rule = Rule("r", objects=("person",), cooldown_s=60)
    cooldown = Cooldown()

    def at(t_s: float, severity: str) -> bool:
        alert = Alert(ns(t_s), "r-1", "r", severity, "new", "", ())  # type: ignore[arg-type]
        return cooldown.allows(Change(alert, rule, "s", fresh=True))

    assert [at(0, "warning"), at(10, "warning"), at(20, "alarm"), at(30, "alarm"), at(90, "warning")] == [
        True, False, True, False, True,
    ]  # fmt: skip


def test_scores_count_duplicates_and_delays() -> None:
    item = {
        "file": "video/x.mp4", "duration_s": 60,
        "events": [
            {"t0": 0, "t1": 9.9, "description": "empty"}, {"t0": 10, "t1": 20, "description": "1 person"},
            {"t0": 20.1, "t1": 60, "description": "empty"},
        ],
    }  # fmt: skip

    def alert(t_s: float, rule: str) -> Alert:
        return Alert(ns(t_s), "x", rule, "info", "new", "", ())

    alerts = [alert(11, "person enters"), alert(11.5, "person enters"), alert(40, "person leaves")]
    figures = pooled(score_alerts(item, alerts))
    assert (figures["recall"], figures["duplicates"], figures["delay_max_s"]) == (0.5, 1, 1.0)
    assert figures["precision"] == 0.333
