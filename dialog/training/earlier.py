"""What was said before a question and has no bearing on it: people ask several things one after the other."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

from dialog.model.chat import Turn
from dialog.training.days import Day
from dialog.training.questions import Question, question

TALKED = 0.2
"""Share of questions of training that come after others."""

LONGEST_TURN = 160
"""Characters of a question and its answer; longer ones are left out, to keep rows short."""


def after_others(day: Day, asked: Question, rng: random.Random, held_out: bool = False) -> Question:
    """The same question after one to three others about the same day, of now or of an earlier moment.

    Their answers may be out of date by now (`Is the light on?` `Yes`), may be refusals, and may be about the same
    thing: what stands in the state counts, not what was said.
    """
    return after(asked, [question(until(day, rng), rng, held_out) for _ in range(_how_many(rng))])


def after_some(asked: Question, others: Sequence[Question], rng: random.Random) -> Question:
    """The same question after one to three of these."""
    return after(asked, rng.sample(others, min(_how_many(rng), len(others))))


def after(asked: Question, others: Sequence[Question]) -> Question:
    """The same question after these, but for those that are long, refer back themselves, or were reckoned."""
    turns = []
    for other in others:
        # What the runtime reckons (`~14:03~`) would stand in the history in other words.
        short = len(other.text) + len(other.answer) <= LONGEST_TURN
        if short and not other.history and "~" not in other.answer and other.text != asked.text:
            turns.append(Turn(other.text, other.answer))
    return replace(asked, history=(*turns, *asked.history))


def _how_many(rng: random.Random) -> int:
    return rng.choice([1, 1, 1, 2, 2, 3])


def until(day: Day, rng: random.Random) -> Day:
    """The day as it was at some earlier moment, or half of the time as it is now."""
    if not day.facts or rng.random() < 0.5:
        return day
    facts = day.facts[: rng.randint(1, len(day.facts))]
    return replace(day, facts=facts, now_ns=facts[-1].percept.t1_ns, now=facts[-1].clock.split(" to ")[-1])
