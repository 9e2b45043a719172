"""What the makers of questions share: a question, and one who asks about a day."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from dialog import refusal
from dialog.model.chat import Turn
from dialog.training.days import Day, Fact
from dialog.training.wordings import PREFIXES, SLOTS, SUFFIXES, indirect, lower_first
from streams import wording
from streams.places import CAMERA, where_is
from streams.types import NS

TRAINED = 0.8
"""The first part of a list of wordings is for training; evaluation uses all of it."""

REFUSAL = refusal.REFUSAL

DERIVED = frozenset(
    {
        "yes no",
        "still",
        "anyone",
        "light",
        "fault",
        "times",
        "order",
        "exists",
        "sign there",
        "light at",
        "quiet",
        "side there",
        "am I seen",
    }
)
"""Kinds of question whose answer holds a conclusion (`Yes`, `3 times`) that no percept says."""


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
    history: tuple[Turn, ...] = ()
    """The conversation before, for a question that refers back to it."""


class Asker:
    """Asks about one day."""

    def __init__(self, day: Day, rng: random.Random, held_out: bool) -> None:
        self.day, self.rng, self.held_out = day, rng, held_out
        self.facts = day.facts

    def pick(self, *wordings: str) -> str:
        """One of several ways to ask; the last is for the evaluation only."""
        return self.rng.choice(wordings if self.held_out else wordings[:-1])

    def choose(self, wordings: Sequence[str]) -> str:
        """One of many ways to ask: training knows the first part of them, evaluation uses all."""
        known = max(1, int(len(wordings) * TRAINED))
        return self.rng.choice(wordings if self.held_out else wordings[:known])

    def fill(self, wordings: Sequence[str], **values: str) -> str:
        """One of many ways to ask, with its slots filled: `{where}` from `values`, others from `SLOTS`."""
        asked = self.choose(wordings)
        where = values.get("where", "")
        if where.endswith(("cam", "camera", "feed")):
            values.setdefault("camera", self.rng.choice(["picture", "view", "image"]))
        # Now and then the place comes first: `At the gate, who came in?`.
        first = bool(where) and "{where}" in asked and self.rng.random() < 0.12
        if first:
            values = {**values, "where": ""}

        def value(found: re.Match[str]) -> str:
            name = found[1]
            return values[name] if name in values else self.choose(SLOTS[name])

        if "noun" in values:
            asked = re.sub(r"\ba \{noun\}", wording.article(values["noun"]), asked)
        text = re.sub(r"\{(\w+)\}", value, asked)
        text = re.sub(r"\ba (?=image)", "an ", text)
        text = re.sub(r"\s+([?.,!])", r"\1", " ".join(text.split()))
        if first:
            mark = self.rng.choice([",", ",", ":"])
            return f"{cap(where.strip())}{mark} {lower_first(text)}"
        return text[:1].upper() + text[1:] if self.rng.random() < 0.9 else text

    def dress(self, question: str) -> str:
        """The same question more politely, addressed to heed, or in an indirect form."""
        r = self.rng.random()
        if r < 0.35:
            other = indirect(question, self.choose)
            if other is not None:
                return other
        if r < 0.72:
            return self.choose(PREFIXES) + " " + lower_first(question)
        end = question[-1:] if question[-1:] in "?.!" else ""
        return question.removesuffix(end) + self.choose(SUFFIXES) + end

    def age(self, i: int) -> str:
        """How long ago a fact was: its clock, marked for the runtime, which reckons (`dialog.reckoning`)."""
        return f"~{self.facts[i].clock}~"

    def seconds_ago(self, i: int) -> float:
        return (self.day.now_ns - self.facts[i].percept.t0_ns) / NS

    @property
    def wall(self) -> bool:
        """Whether clocks are times of day (else minutes and seconds since the start)."""
        return wording.clock(self.day.now_ns, None) != self.day.now

    def where(self, place: str) -> str:
        """A place as people name it in a question, in one of several ways."""
        plain = where_is(place)
        if not plain or self.rng.random() < 0.55:
            return plain
        name = plain.split(" ", 2)[2]
        ways = [f" by {name}", f" around {name}", f" near {name}", f" over at {name}", f" close to {name}"]
        if not re.match(CAMERA, name):
            ways = [f" on {name} camera", f" on {name} cam", *ways, f" on {name} feed"]
        return self.choose(ways)

    def last(self, test: Callable[[Fact], bool]) -> int | None:
        """Index of the newest fact that passes."""
        return next((i for i in range(len(self.facts) - 1, -1, -1) if test(self.facts[i])), None)

    def all(self, test: Callable[[Fact], bool]) -> list[int]:
        """Indices of all facts that pass, the oldest first."""
        return [i for i, fact in enumerate(self.facts) if test(fact)]

    def some(self, test: Callable[[Fact], bool]) -> int | None:
        """Index of any fact that passes."""
        found = self.all(test)
        return self.rng.choice(found) if found else None

    def vague(self, newer_than: int = -1) -> bool:
        """Whether lines in other words, or merged ones, might hold a better answer than the facts do."""
        return any(f.what in ("foreign", "consolidated") for f in self.facts[newer_than + 1 :])


def the(thing: str) -> str:
    """`the keys`, `the USB stick`, but `Anna`."""
    return thing if thing[:1].isupper() and not thing[1:2].isupper() else f"the {thing}"


def cap(text: str) -> str:
    """With a capital first letter."""
    return text[:1].upper() + text[1:]


def past(text: str) -> str:
    """A percept's sentence as a report."""
    for now, then in ((" appears", " appeared"), (" enters ", " entered "), (" leaves ", " left "),
                      (" disappears", " disappeared"), (" moves ", " moved ")):  # fmt: skip
        text = text.replace(now, then, 1)
    return text


def plural(noun: str) -> str:
    """`people`, `buses`, `cars`."""
    return wording.plural(2, noun).removeprefix("2 ")


def says_yes(ask: str) -> bool:
    """Whether a question wants a yes or a no; the place may come first (`At the gate, did anyone come?`)."""
    low = ask.lower()
    if " or the right" in low or re.search(r"\b(what|when|where|who|which|how)\b", low.removeprefix("do you know")):
        return False
    return bool(re.search(r"(^|[,:] )(did|has|have|any|anything|anyone|anybody|was|were|is|are|do|does)\b", low))


def it(noun: str) -> str:
    """A thing as questions name it: `anyone`, `something`, `a car`."""
    return "anyone" if noun == "person" else wording.article(noun)


def clock_list(clocks: Sequence[str]) -> str:
    """`14:01, 14:07 and 14:12`."""
    return clocks[0] if len(clocks) == 1 else ", ".join(clocks[:-1]) + " and " + clocks[-1]
