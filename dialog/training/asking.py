"""What the makers of questions share: a question, and one who asks about a day."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from dialog.training import words
from dialog.training.days import Day, Fact


@dataclass(frozen=True, slots=True)
class Question:
    """A question and its answer."""

    kind: str
    text: str
    answer: str
    keys: tuple[str, ...]
    """What a right answer must contain."""
    evidence: tuple[int, ...] = ()
    """Indices of the facts that the answer rests on."""
    answerable: bool = True


class Asker:
    """Asks about one day."""

    def __init__(self, day: Day, rng: random.Random, held_out: bool) -> None:
        self.day, self.rng, self.held_out = day, rng, held_out
        self.facts = day.facts

    def pick(self, *wordings: str) -> str:
        """One of several ways to ask; the last is for the evaluation only."""
        return self.rng.choice(wordings if self.held_out else wordings[:-1])

    def last(self, test: Callable[[Fact], bool]) -> int | None:
        """Index of the newest fact that passes."""
        return next((i for i in range(len(self.facts) - 1, -1, -1) if test(self.facts[i])), None)

    def some(self, test: Callable[[Fact], bool]) -> int | None:
        """Index of any fact that passes."""
        found = [i for i, fact in enumerate(self.facts) if test(fact)]
        return self.rng.choice(found) if found else None


def where_is(place: str) -> str:
    """` in the kitchen`, ` at the gate`, or nothing for a source whose name is no place."""
    if place in words.NO_PLACE:
        return ""
    return f" {'in' if place in words.INSIDE else 'at'} the {place}"


def the(thing: str) -> str:
    """`the keys`, but `Anna`."""
    return thing if thing[:1].isupper() else f"the {thing}"


def cap(text: str) -> str:
    """With a capital first letter."""
    return text[:1].upper() + text[1:]


def past(text: str) -> str:
    """A percept's sentence as a report."""
    for now, then in ((" appears", " appeared"), (" enters ", " entered "), (" leaves ", " left "),
                      (" disappears", " disappeared")):  # fmt: skip
        text = text.replace(now, then, 1)
    return text


def full_stop(text: str) -> str:
    """With a full stop, unless it ends with a quotation."""
    return text if text.endswith('"') else text + "."
