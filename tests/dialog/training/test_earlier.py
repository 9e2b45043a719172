"""Questions that come after others: the same question, what was said before it, and nothing of the future."""

from __future__ import annotations

import random
from datetime import datetime

from dialog.model.chat import Turn
from dialog.training.days import Day, Fact, make_day
from dialog.training.earlier import LONGEST_TURN, after_others, until
from dialog.training.evaluate import sized_logs
from dialog.training.questions import Question, question
from streams import wording
from streams.types import NS, Percept

START = datetime(2026, 1, 1, 14)


def test_the_question_stays_and_what_it_refers_to_stands_right_before_it() -> None:
    lengths = set()
    for seed in range(150):
        rng = random.Random(seed)
        day = make_day(rng)
        asked = question(day, rng)
        later = after_others(day, asked, rng)
        own = len(asked.history)
        assert (later.text, later.answer, later.evidence) == (asked.text, asked.answer, asked.evidence)
        assert later.history[len(later.history) - own :] == asked.history
        before = later.history[: len(later.history) - own]
        assert len(before) <= 3
        assert all(isinstance(turn, Turn) and turn.question != asked.text for turn in before)
        assert all(len(turn.question) + len(turn.answer) <= LONGEST_TURN for turn in before)
        assert not any("~" in turn.answer for turn in before)
        lengths.add(len(before))
    assert lengths == {0, 1, 2, 3}


def test_an_earlier_moment_knows_only_what_had_happened() -> None:
    shorter = 0
    for seed in range(100):
        rng = random.Random(seed)
        day = make_day(rng)
        then = until(day, rng)
        assert then.facts == day.facts[: len(then.facts)] and then.sources == day.sources
        assert then.now_ns <= day.now_ns and " to " not in then.now
        assert bool(then.facts) == bool(day.facts)
        if then is not day:
            assert then.now_ns == then.facts[-1].percept.t1_ns
            shorter += len(then.facts) < len(day.facts)
    assert shorter > 20


def test_answers_before_may_be_out_of_date() -> None:
    """`Is the light on?` `Yes`, and then it went off: both answers must come up for either to be told apart."""
    facts = []
    for minute, state in ((1, "on"), (4, "off")):
        percept = Percept(
            f"hall/x{minute}", "light", "hall", minute * 60 * NS, minute * 60 * NS, f"the light goes {state}"
        )
        clock = wording.clock(minute * 60 * NS, START)
        facts.append(Fact(percept, wording.line(percept, START), clock, "light", {"state": state}))
    day = Day(tuple(facts), ("hall",), 300 * NS, "14:05")
    asked = Question("talk", "Thanks.", "You are welcome.", ("You are welcome.",))
    turns = [turn for seed in range(300) for turn in after_others(day, asked, random.Random(seed)).history]
    told = {turn.answer for turn in turns}
    assert {"The light in the hall went on at 14:01.", "The light in the hall went off at 14:04."} <= told
    assert {"Yes, it went on at 14:01.", "No, it went off at 14:04."} <= told


def test_the_bench_asks_the_same_questions_after_others() -> None:
    plain = sized_logs((64,), 2, 6, len, seed=3)
    talked = sized_logs((64,), 2, 6, len, seed=3, talked=True)
    assert [log.day for log in plain] == [log.day for log in talked]
    pairs = [(a, b) for p, t in zip(plain, talked, strict=True) for a, b in zip(p.questions, t.questions, strict=True)]
    assert all((a.text, a.answer, a.keys) == (b.text, b.answer, b.keys) for a, b in pairs)
    assert sum(len(b.history) > len(a.history) for a, b in pairs) > len(pairs) // 2
