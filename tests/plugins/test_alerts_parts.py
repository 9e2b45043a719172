"""The pure parts of alerts: zones, times of day, sentences, verdicts, scores."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.bench.alerts_score import pooled, score_alerts
from dialog.events import Alert
from plugins.alerts.conditions import Calendar, has_phrase, in_time, in_zone
from plugins.alerts.engine import Engine
from plugins.alerts.incidents import Change, Hit
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
        ("tell me when a car stays after 5 minutes", "Did a car stay after 5 minutes?"),
        ("is the gate open after one person leaves?", "Is the gate open after one person leaves?"),
        ("tell me if the gate is open after midnight", "Is the gate open?"),
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
        ("is anyone here after midnight", "00:00-06:00"),
        ("is anyone here before midnight?", "18:00-00:00"),
        ("tell me when after midnight someone comes", "00:00-06:00"),
        ("is anyone here after 12 am?", "00:00-06:00"),
        ("is anyone here before 12:30 am?", "18:00-00:30"),
        ("is anyone here after twelve in the morning", "00:00-06:00"),
        ("is anyone here after 12 pm?", "12:00-06:00"),
        ("is anyone here before noon?", "00:00-12:00"),
        ("is anyone here after ten o'clock", "22:00-06:00"),
        ("is anyone here after 10pm or so", "22:00-06:00"),
        ("is anyone here after 22:30, please", "22:30-06:00"),
        ("is anyone here after ten tonight?", "22:00-06:00"),
        ("tell me when after ten someone comes", "22:00-06:00"),
        ("is anyone here after 10 p.m.?", "22:00-06:00"),
        ("is anyone here after 10 a.m. today", "10:00-23:59"),
        ("is anyone here before midnight:75?", "18:00-00:00"),
        ("is anyone here after 9:75", ""),
        ("a car stays after 5 minutes", ""),
        ("a car stays after five seconds", ""),
        ("the gate is open after 2 hours", ""),
        ("tell me when nobody comes after 3 days", ""),
        ("tell me when somebody comes after one person leaves", ""),
        ("tell me when after two cars a van comes", ""),
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


class Story:
    """An engine that is told what is seen, at seconds from a time of day."""

    def __init__(self, *rules: Rule, start: str = "12:00") -> None:
        hour, minute = map(int, start.split(":"))
        began = datetime(2026, 11, 24, hour, minute, tzinfo=UTC)
        self.engine = Engine(Calendar(lambda t_ns: wording.clock(t_ns, began)), lambda rule, source: 0)
        self.told = self.engine.set_rules(rules, 0)
        self.n = 0

    def sees(self, t_s: float, text: str, kind: str = "object") -> None:
        self.n += 1
        percept = Percept(f"s/v{self.n}", kind, "s", ns(t_s), ns(t_s), text)  # type: ignore[arg-type]
        self.told += self.engine.see(percept, ns(t_s))

    def comes_to(self, t_s: float) -> None:
        self.told += self.engine.tick(ns(t_s))

    @property
    def phases(self) -> list[str]:
        return [change.alert.phase for change in self.told]


def test_a_number_that_is_over_out_of_hours_is_over() -> None:
    night = Rule("r", objects=("person",), count_at_least=1, between="22:00-06:00")
    story = Story(night, start="05:50")
    story.sees(0, "1 person is in view", "count")
    story.sees(1200, "nobody is in view", "count")
    story.comes_to(1204)
    assert story.phases == ["new", "end"]
    story.sees(17 * 3600, "1 person is in view", "count")
    assert story.phases == ["new", "end", "new"]


def test_a_number_within_its_limits_goes_on() -> None:
    story = Story(Rule("r", objects=("person",), count_at_most=1))
    story.sees(0, "1 person is in view", "count")
    story.sees(5, "nobody is in view", "count")
    story.comes_to(30)
    assert story.phases == ["new", "update"]
    story.sees(31, "2 people are in view", "count")
    story.comes_to(40)
    assert story.phases == ["new", "update", "end"]


def test_a_thing_that_gets_another_name_out_of_hours_is_over() -> None:
    story = Story(Rule("r", objects=("person",), early="yes", between="22:00-06:00"), start="05:59")
    story.sees(0, "something enters from the left")
    story.sees(90, "the thing is a dog")
    story.comes_to(94)
    assert story.phases == ["new", "end"]


def test_a_rule_that_is_switched_off_ends_its_incident() -> None:
    on = Rule("r", objects=("person",), escalate_after_s=60)
    asked = Rule("asked", when="is the gate open?")
    story = Story(on, asked)
    story.sees(0, "a person enters from the left")
    assert story.phases == ["new"]
    off = [replace(rule, enabled=False) for rule in (on, asked)]
    story.told += story.engine.set_rules(off, ns(10))
    story.told += story.engine.judged(off[1], Hit(ns(11), "s", "yes", ("s/v1",)))  # it was asked before
    story.comes_to(100)
    assert story.phases == ["new", "end"]
    story.told += story.engine.set_rules([on], ns(200))
    story.sees(201, "a person enters from the left")
    assert story.phases == ["new", "end", "new"]


@pytest.mark.parametrize("rule", [Rule("r", objects=("person",), absent_s=60, for_s=10),
                                  Rule("r", words=("all well",), absent_s=60, for_s=10)])  # fmt: skip
def test_an_absence_that_ends_before_it_has_lasted_is_none(rule: Rule) -> None:
    story = Story(rule)
    for t_s in (0, 60, 60.5):
        story.comes_to(t_s)
    if rule.objects:
        story.sees(61, "a person enters from the left")
    else:
        story.sees(61, 'a voice says: "All well."', "speech")
    for t_s in (61.5, 71, 80):
        story.comes_to(t_s)
    assert story.phases == []


def test_an_absence_out_of_hours_does_not_wait_for_the_next_day() -> None:
    story = Story(Rule("r", objects=("person",), absent_s=60, for_s=10, between="22:00-06:00"), start="05:58")
    for t_s in (0, 115, 121, 17 * 3600):
        story.comes_to(t_s)
    assert story.phases == []


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
