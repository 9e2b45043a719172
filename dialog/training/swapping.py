"""One value of one percept exchanged for another: an answer that rests on it must change, any other must stay.

(Counterfactual swaps as a test of what a model really reads: Longpre et al., Entity-based knowledge conflicts, 2021.)
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from dialog.training import words
from dialog.training.days import Day, Fact
from streams import wording

NUMBER = re.compile(r"(?<![\w:.,-])\d+(?![\w:-]|[.,]\d)")
SIDES = ("the left", "the right", "the top", "the bottom")


@dataclass(frozen=True, slots=True)
class Swap:
    """A fact in which one value was exchanged."""

    fact: Fact
    """As it is now."""
    sort: str
    """`name`, `colour`, `number`, `side` or `place`."""
    old: str
    new: str


def swaps(day: Day, i: int, rng: random.Random, asked: str = "") -> list[Swap]:
    """All ways to exchange one value in the fact with this index, in random order.

    No value is exchanged that stands in `asked` (the question), and no new value stands there or in any percept, so
    that the question still means the same fact. Clock times stay: they say which percept it is.
    """
    fact = day.facts[i]
    text, place = fact.percept.text, fact.place
    head = fact.line.removesuffix(text)
    if head == fact.line:
        return []
    taken = " ".join([asked, *(other.line for other in day.facts)])
    found = []
    for sort, old, new in _values(text, taken, rng):
        if not has(asked, old):
            told = replace(fact.percept, text=_replaced(text, old, new))
            found.append(Swap(replace(fact, percept=told, line=head + told.text), sort, old, new))
    free = [s for s in words.split(words.SOURCES, True) if not has(taken, wording.place(s))]
    if free and head.endswith(f" {place}: ") and not has(asked, place):
        moved = replace(fact.percept, source=rng.choice(free))
        new = wording.place(moved.source)
        line = f"{head.removesuffix(f' {place}: ')} {new}: {text}"
        found.append(Swap(replace(fact, percept=moved, line=line), "place", place, new))
    rng.shuffle(found)
    return found


def has(text: str, value: str) -> bool:
    """Whether a text holds a value as a whole word, in small or capital letters; a part of a clock time is none."""
    # Most values stand nowhere in the text, and a plain search tells that much sooner.
    return value.lower() in text.lower() and re.search(_whole(value), text, re.IGNORECASE) is not None


def _values(text: str, taken: str, rng: random.Random) -> Iterator[tuple[str, str, str]]:
    """`(sort, value, another value that is not taken)` for each value in a percept's text."""
    choices: list[tuple[str, Sequence[str]]] = [("name", words.NAMES), ("colour", words.COLOURS), ("side", SIDES)]
    for sort, values in choices:
        for old in (v for v in values if v in text and re.search(_whole(v), text)):
            free = [v for v in values if v != old and not has(taken, v)]
            if free:
                yield sort, old, rng.choice(free)
    for old in dict.fromkeys(NUMBER.findall(text)):
        new = _other_number(old, taken, rng)
        if new is not None:
            yield "number", old, new


def _other_number(old: str, taken: str, rng: random.Random) -> str | None:
    """Another number of the same length; none for 0 and 1, whose nouns and verbs would have to change with them."""
    if int(old) < 2:
        return None
    for _ in range(40):
        first = "0" if old.startswith("0") else rng.choice("23456789")
        new = first + "".join(rng.choice("0123456789") for _ in old[1:])
        if int(new) > 1 and not has(taken, new):
            return new
    return None


def _whole(value: str) -> str:
    return rf"(?<![\w-])(?<!\w:){re.escape(value)}(?![\w-]|:\w)"


def _replaced(text: str, old: str, new: str) -> str:
    return re.sub(_whole(old), lambda _: new, text)
