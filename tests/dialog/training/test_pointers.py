"""Where a mark stands for an answer it is what is taught, and it is told as the answer."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace

import pytest

from dialog.model.pointing import POINT, as_line, tell
from dialog.model.span import asked_span
from dialog.refusal import REFUSAL
from dialog.training.asking import Question
from dialog.training.days import Day, make_day
from dialog.training.pointers import taught
from dialog.training.questions import question
from dialog.training.written import written_day

POINTED = {
    "summary", "recent", "since", "between", "event", "at", "view", "first event", "after", "before", "no after",
    "no before", "no summary", "no recent", "no since", "no between", "no event", "no at", "no view",
}  # fmt: skip


def spoken(day: Day, asked: Question, mark: str, liked: tuple[int, ...]) -> str:
    """A mark as the runtime tells it that likes these percepts best."""
    span = asked_span(asked.text, day.now, day.now_ns)
    lines = []
    for i, fact in enumerate(day.facts):
        line = as_line(str(i), fact.line, float(i in liked))
        assert line is not None
        lines.append(replace(line, asked=span is None or span.holds(line.begun, fact.percept.t0_ns)))
    return tell(mark, lines)


@pytest.mark.parametrize("held_out", [False, True])
def test_marks_tell_the_expected_answers(held_out: bool) -> None:
    seen, pointed = Counter[str](), Counter[str]()
    for seed in range(60):
        rng = random.Random(f"pointers/{seed}")
        day = make_day(rng, held_out, rng.choice([0, 4, 12, 40]))
        for _ in range(30):
            asked = question(day, rng, held_out)
            mark, needs = taught(day, asked)
            seen[asked.kind] += 1
            if POINT.search(mark) is None:
                assert (mark, needs) == (asked.answer, asked)
                continue
            pointed[asked.kind] += 1
            told = spoken(day, asked, mark, needs.evidence)
            if asked.answerable:
                assert told == asked.answer
            else:
                assert REFUSAL.search(told)
    assert pointed.keys() <= POINTED
    most = sum(pointed.values()) / sum(seen[kind] for kind in POINTED)
    assert most > 0.97, f"only {most:.0%} of what may be pointed at is"


def test_what_came_next_to_something_is_found_by_finding_that() -> None:
    day = written_day("15:00", ["14:01 gate: a dog appears", "14:02 hall: it gets darker", "14:03 gate: a car appears"])
    asked = Question("after", "What came after the dog?", "At 14:02 in the hall: it gets darker.", ("darker",), (1,))
    assert taught(day, asked) == ("~after 14:01~", replace(asked, evidence=(0,)))
    here = replace(
        asked, text="What came after the dog at the gate?", answer="At 14:03 at the gate: a car appears.", evidence=(2,)
    )
    assert taught(day, here) == ("~after 14:01 gate~", replace(here, evidence=(0,)))


def test_another_answer_is_taught_as_it_is() -> None:
    day = written_day("15:00", ["14:01 gate: a dog appears"])
    asked = Question("event", "What happened?", "A dog appeared at 14:01 at the gate.", ("dog",), (0,))
    assert taught(day, asked) == (asked.answer, asked)
