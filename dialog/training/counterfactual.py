"""Days in which values were exchanged: what was right is then wrong, so that nothing can be known but by reading."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from dialog.training import words
from dialog.training.asking import Question
from dialog.training.days import Day, Fact

Change = Callable[[str], str]


def counterfactual(day: Day, asked: Sequence[Question], rng: random.Random) -> tuple[Day, list[Question]]:
    """The same day and questions with some values replaced throughout: names, colours and numbers.

    A value is replaced wherever it stands, in percepts, questions and answers, so that the questions stay true.
    """
    told = " ".join(fact.percept.text for fact in day.facts)
    # A place keeps its name, so that a number in it must stay what it is.
    places = " ".join(fact.place for fact in day.facts)
    swaps = _names(told, rng) | _colours(told, rng) | _numbers(told, places, rng)
    if not swaps:
        return day, list(asked)
    change = changer(swaps)
    facts = tuple(_changed(fact, change) for fact in day.facts)
    return replace(day, facts=facts), [_changed_question(one, change) for one in asked]


def _names(told: str, rng: random.Random) -> dict[str, str]:
    found = [name for name in words.NAMES if " " not in name and re.search(rf"\b{re.escape(name)}\b", told)]
    return _permuted(found, rng)


def _colours(told: str, rng: random.Random) -> dict[str, str]:
    return _permuted([c for c in words.COLOURS if re.search(rf"\b{re.escape(c)}\b", told)], rng)


def _numbers(told: str, places: str, rng: random.Random) -> dict[str, str]:
    """Numbers of three and more digits, each replaced by another of the same length."""
    found = sorted(set(re.findall(r"(?<![\d:.])\d{3,}(?![\d:])", told)) - set(re.findall(r"\d+", places)))
    return {n: str(rng.randint(10 ** (len(n) - 1), 10 ** len(n) - 1)) for n in found if not n.startswith("0")}


def _permuted(found: list[str], rng: random.Random) -> dict[str, str]:
    """Each of these values stands for another of them."""
    if len(found) < 2:
        return {}
    shift = rng.randrange(1, len(found))
    return dict(zip(found, found[shift:] + found[:shift], strict=True))


def changer(swaps: Mapping[str, str]) -> Change:
    """Replaces every value by its other one at once, where it stands as a whole word and is no part of a clock."""
    longest = sorted(swaps, key=len, reverse=True)
    pattern = re.compile(r"(?<!\w)(?<!\d:)(" + "|".join(map(re.escape, longest)) + r")(?!\w)(?!:\d)")
    return lambda text: pattern.sub(lambda found: swaps[found[1]], text)


def _changed(fact: Fact, change: Change) -> Fact:
    text = change(fact.percept.text)
    line = fact.line.replace(fact.percept.text, text) if fact.percept.text in fact.line else fact.line
    data = {key: change(value) for key, value in fact.data.items()}
    return replace(fact, percept=replace(fact.percept, text=text), line=line, data=data)


def _changed_question(one: Question, change: Change) -> Question:
    history = tuple(replace(turn, question=change(turn.question), answer=change(turn.answer)) for turn in one.history)
    keys = tuple(change(key) for key in one.keys)
    return replace(one, text=change(one.text), answer=change(one.answer), keys=keys, history=history)
