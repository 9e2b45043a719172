"""The stretch of time that a question names."""

from __future__ import annotations

import random

import pytest

from dialog.model.memory import CLOCK
from dialog.model.span import Span, asked_span, number
from dialog.model.spoken_time import with_clocks
from dialog.training.evaluate import sized_logs
from streams.types import NS

NOW_NS = 10_000 * NS


@pytest.mark.parametrize(
    ("question", "seconds"),
    [
        ("What happened in the last 15 minutes?", 900),
        ("Anything in the past five minutes?", 300),
        ("Sum up the last hour.", 3600),
        ("the last half hour, please", 1800),
        ("What did I miss in the last quarter of an hour?", 900),
        ("last 30 seconds?", 30),
        ("Who came in the previous two hours?", 7200),
        ("What did you notice in the last 24 hours?", 86_400),
        ("what happened in the last couple of minutes", 120),
        ("Who came in the last two weeks?", 14 * 86_400),
    ],
)
def test_back_from_now(question: str, seconds: int) -> None:
    span = asked_span(question, "14:30", NOW_NS)
    assert span == Span(since_ns=NOW_NS - seconds * NS)
    assert span.holds("14:30", NOW_NS - seconds * NS) and not span.holds("14:30", NOW_NS - seconds * NS - 1)


@pytest.mark.parametrize(
    ("question", "now", "first", "last"),
    [
        ("What happened between 12:57 and 13:07?", "14:30", "12:57", "13:07"),
        ("I was out from 12:57 to 13:07, what happened?", "14:30", "12:57", "13:07"),
        ("What happened after 12:57 and before 13:07?", "14:30", "12:57", "13:07"),
        ("12:57 to 13:07?", "14:30", "12:57", "13:07"),
        ("What changed since 14:14?", "14:30", "14:14", "14:30"),
        ("I left at 14:14, what happened?", "14:30", "14:14", "14:30"),
        ("14:14 onwards, what happened?", "14:30", "14:14", "14:30"),
        ("From 14:14 on, what happened?", "14:30", "14:14", "14:30"),
        ("Anything new since 0:12?", "2:54", "0:12", "2:54"),
        ("What happened between 9:05 and 9:30?", "Tue 14:30", "9:05", "9:30"),
        ("What happened between Tue 09:05 and Tue 09:30?", "Tue 14:30", "09:05", "09:30"),
    ],
)
def test_between_clock_times(question: str, now: str, first: str, last: str) -> None:
    span = asked_span(question, now, NOW_NS)
    day = now.rpartition(" ")[0]
    assert span == Span(first=number(first), last=number(last), day=day)
    for clock, inside in ((first, True), (last, True), ("0:00", False), ("23:59", False)):
        assert span.holds(f"{day} {clock}".strip(), 0) == inside
    assert not span.holds(f"Mon {first}", 0), "another day"
    assert not span.holds("", 0), "a line without a clock time"


@pytest.mark.parametrize(
    ("question", "now", "first", "last"),
    [
        ("What changed at the furnace between half past four and five?", "17:20", "16:30", "17:00"),
        ("What went wrong between noon and half past twelve?", "18:05", "12:00", "12:30"),
        ("What happened between four and five?", "14:30", "04:00", "05:00"),
        ("What happened between eleven and one?", "14:30", "11:00", "13:00"),
        ("Anything new since a quarter to three?", "15:10", "14:45", "15:10"),
        ("What did I miss since 2 pm?", "Tue 17:20", "14:00", "17:20"),
        ("What went on from ten to eleven o'clock in the evening?", "23:30", "22:00", "23:00"),
        ("What happened since twenty past nine in the morning?", "17:20", "09:20", "17:20"),
        ("What happened from 10 to midnight?", "23:50", "22:00", "24:00"),
        ("What was going on from 9:00 until noon?", "12:30", "9:00", "12:00"),
    ],
)
def test_times_as_they_are_said(question: str, now: str, first: str, last: str) -> None:
    assert asked_span(question, now, NOW_NS) == Span(first=number(first), last=number(last), day=now.rpartition(" ")[0])


@pytest.mark.parametrize(
    "text",
    [
        "What happened to the two of them?", "Who came after four people had left?", "Did ten past visitors write?",
        "What happened between the two and the dog?", "between 9:00 and 9:30 pm", "What happened at 14:03?", "",
    ],
)  # fmt: skip
def test_numbers_that_are_no_times(text: str) -> None:
    assert with_clocks(text, "14:30") == text


def test_times_that_have_not_come_yet() -> None:
    assert with_clocks("between eight and nine", "07:30") == "between eight and nine"
    assert with_clocks("between eight and nine", "21:30") == "between 20:00 and 21:00"
    assert with_clocks("since three", "0:12") == "since three", "a time within a recording"


@pytest.mark.parametrize(
    ("question", "inside", "outside"),
    [
        ("Anything to see between Tue 18:00 and Tue 19:00?", ["Tue 18:00", "Tue 18:40"], ["Wed 18:30", "Tue 19:01"]),
        ("What happened between Tue 18:00 and 19:00?", ["Tue 19:00"], ["Wed 18:30", "Mon 18:30", "18:30"]),
        ("What did you notice from Mon 22:00 to Wed 06:00?", ["Mon 23:00", "Tue 12:00", "Wed 05:59"], ["Wed 06:01"]),
        ("What has happened since Tue 20:00?", ["Tue 20:00", "Wed 00:10", "Wed 14:30"], ["Tue 19:59", "20:30"]),
        ("What happened between Mon 12:57 and Mon 13:07?", ["Mon 13:00"], ["Tue 13:00", "Mon 13:08"]),
        ("anything new since tue 20:00?", ["Tue 20:00"], ["Tue 19:59"]),
    ],
)
def test_stretches_of_earlier_days(question: str, inside: list[str], outside: list[str]) -> None:
    span = asked_span(question, "Wed 14:30", NOW_NS)
    assert span is not None
    assert [clock for clock in inside + outside if span.holds(clock, 0)] == inside


@pytest.mark.parametrize(
    ("question", "now"),
    [
        ("Is the meeting from 14:00 to 15:00?", "14:30"),
        ("Does the train leave after 14:00?", "14:30"),
        ("What train leaves after 14:00?", "14:30"),
        ("What is on from 14:00 to 15:00?", "14:30"),
        ("Did the meeting change from 14:00 to 15:00?", "14:30"),
        ("Is there something open after 14:00?", "14:30"),
        ("What is the new time, after 14:00?", "14:30"),
        ("What happened at 14:03?", "14:30"),
        ("What happened in the last minutes?", "14:30"),
        ("What was the last thing?", "14:30"),
        ("What were the last three things?", "14:30"),
        ("What happened on the last day of the fair?", "14:30"),
        ("What happened since 15:10?", "14:30"),
        ("What happened between 13:07 and 12:57?", "14:30"),
        ("What happened between Mon 12:57 and Mon 13:07?", "14:30"),
        ("How long since the last car?", "14:30"),
        ("What happened yesterday between 9:00 and 9:30?", "14:30"),
        ("What happened on Monday between 9:00 and 9:30?", "14:30"),
        ("What happened on 3 March since 9:00?", "14:30"),
        ("What happened on the 3rd from 9:00 to 9:30?", "14:30"),
        ("What happened between 9:00 and 9:30 pm?", "14:30"),
        ("What happened between 9:00 and 9:30 two days ago?", "14:30"),
        ("What happened last week?", "14:30"),
        ("What happened the last day?", "14:30"),
        ("", ""),
        ("What happened since 12:00?", ""),
    ],
)
def test_no_stretch(question: str, now: str) -> None:
    """Times that somebody may have said, single times, vague ones, and those of another day."""
    assert asked_span(question, now, NOW_NS) is None


def test_made_up_questions() -> None:
    """What an answer rests on lies in the stretch that its question names; of one that is refused, nothing does."""
    named = 0
    for log in sized_logs((64, 1024), 40, 16, lambda line: len(line) // 4 + 1, seed=31):
        for asked in log.questions:
            span = asked_span(asked.text, log.day.now, log.day.now_ns)
            if span is None:
                continue
            named += 1
            clocks = [(CLOCK.match(fact.line), fact.percept.t0_ns) for fact in log.day.facts]
            inside = {i for i, (clock, t_ns) in enumerate(clocks) if clock is not None and span.holds(clock[0], t_ns)}
            assert set(asked.evidence) <= inside, asked
            assert asked.answerable or not inside, asked
    assert named > 20


def test_noise_names_no_stretch() -> None:
    rng = random.Random(5)
    letters = "last pasto 0123456789: -andto sincefrom hour"
    for _ in range(500):
        text = "".join(rng.choice(letters) for _ in range(rng.randint(0, 80)))
        span = asked_span(text, "Tue 14:30", NOW_NS)
        assert span is None or span.since_ns is not None or 0 <= span.first <= span.last
