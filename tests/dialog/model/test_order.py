"""Which of two came first is concluded from their times, whatever the model wrote."""

from __future__ import annotations

import random

import pytest

from dialog.model.order import concluded
from dialog.model.reckon import Reckoner
from dialog.training import about_order
from dialog.training.asking import Asker
from dialog.training.days import make_day
from streams.types import NS

CLOCKS = {"00:42": 42 * 60 * NS, "00:43": 43 * 60 * NS, "23:50": -10 * 60 * NS}
HEAD = "The car horn was at 00:42, the loud sound at 00:43, so "


@pytest.mark.parametrize(
    ("written", "question", "told"),
    [
        ("the loud sound was first.", "Which was first?", "the car horn was first."),
        ("the car horn was first.", "Which was first?", "the car horn was first."),
        ("the car horn was later.", "What was later?", "the loud sound was later."),
        ("no.", "Was the car horn before the loud sound?", "yes."),
        ("yes.", "Did the car horn come after the loud sound?", "no."),
        ("yes.", "", "yes."),
        ("both were loud.", "Which was first?", "both were loud."),
    ],
)
def test_conclusions(written: str, question: str, told: str) -> None:
    assert concluded(HEAD + written, CLOCKS, question) == HEAD + told


def test_what_its_times_do_not_tell_stays() -> None:
    for text in (
        "The horn was at 00:42, the bang at 00:42, so the bang was first.",
        "The horn was at 00:42, the bang at 09:99, so the bang was first.",
        "The horn was at 00:42, so the bang was first.",
        "I saw it at 00:42.",
        f'At 00:50 Tom said: "{HEAD}the loud sound was first."',
    ):
        assert concluded(text, CLOCKS, "Which was first?") == text


def test_a_day_later_is_later() -> None:
    text = "The horn was at 00:42, the bang at 23:50, so the horn was first."
    assert concluded(text, CLOCKS, "Which was first?").endswith("so the bang was first.")


@pytest.mark.parametrize("seed", range(8))
def test_pieces_of_any_length_give_the_same(seed: int) -> None:
    """Nothing of a wrong conclusion is given out before it is known."""
    rng = random.Random(seed)
    text = f"Well. {HEAD}the loud sound was first. And that is all"
    reckoner, at, told = Reckoner(CLOCKS, 0, (), "Which was first?"), 0, ""
    while at < len(text):
        piece = text[at : at + rng.randint(1, 9)]
        at += len(piece)
        told += reckoner.feed(piece)
        assert "so the l" not in told
    told += reckoner.end()
    assert told == f"Well. {HEAD}the car horn was first. And that is all"


def test_the_expected_answers_are_what_is_concluded() -> None:
    """Of all made-up questions of this kind."""
    rng, found = random.Random(3), 0
    for _ in range(600):
        day = make_day(rng)
        asker = Asker(day, rng, held_out=False)
        one = about_order.order(asker)
        if one is None:
            continue
        found += 1
        clocks = {day.facts[i].clock: day.facts[i].percept.t0_ns for i in one.evidence}
        assert concluded(one.answer, clocks, one.text) == one.answer, one
        for wrong, right in (("so yes.", "so no."), ("so no.", "so yes.")):
            assert concluded(one.answer.replace(right, wrong), clocks, one.text) == one.answer, one
    assert found > 40
