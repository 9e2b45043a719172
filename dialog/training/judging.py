"""Whether an answer is right: beside the expected one, letter by letter, and in what had to be copied."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from dialog.model.memory import CLOCK
from dialog.model.pointing import as_line
from dialog.model.reckon import MARK, Reckoner
from dialog.training import words
from dialog.training.asking import REFUSAL, Question
from dialog.training.days import Day

QUOTED = re.compile(r'"([^"]+)"')
NUMBER = re.compile(r"(?<![\w:.-])(?=[\w-]*\d)\w(?:[\w-]|[.,](?=\d))*(?![\w:])")
"""A number, or a code with a digit in it (`204`, `B-12`, `7.5`), that is no clock time."""

NAME = re.compile(r"(?<![^\W\d_][\w'-])\b[A-Z][\w'-]+")
INNER = re.compile(r"(?<=[a-z0-9,;] )[A-Z][\w'-]+")
"""A word with a capital that no sentence begins with."""

TIMED = ("recent", "between", "since")
"""Kinds of question that ask what happened in some time."""


@dataclass(frozen=True, slots=True)
class Copy:
    """Something that an answer had to copy from a percept."""

    sort: str
    """`name`, `number`, `time` or `quote`."""
    text: str


@dataclass(frozen=True, slots=True)
class Judged:
    """How one question was answered."""

    asked: Question
    """With its marks of time reckoned."""
    answer: str
    right: bool
    """The answer contains all that a right one must contain (for an unanswerable question: it refuses)."""
    exact: bool
    """The answer is the expected one, letter by letter."""
    refused: bool
    cited: bool | None = None
    """Whether the first percept named as evidence is one that the answer rests on; None where none was asked for."""
    copied: tuple[tuple[Copy, bool], ...] = ()
    """What had to be copied, and whether it was."""
    size: int = 0
    """State tokens that were held, about; 0 where nobody said."""
    back: int | None = None
    """Percepts that came after the oldest one that the answer rests on."""
    seconds: float | None = None
    """Age of that percept."""


def judge(asked: Question, answer: str, cited: bool | None = None, day: Day | None = None, size: int = 0) -> Judged:
    """Compare an answer with the expected one. Without its `day` nothing is known of copies and ages."""
    answer = answer.strip()
    told = asked if day is None else reckoned(day, asked)
    right, refused = is_right(told, answer), bool(REFUSAL.search(QUOTED.sub("", answer)))
    base = Judged(told, answer, right, answer == told.answer.strip(), refused, cited, size=size)
    if day is None or not asked.answerable or not asked.evidence:
        return base
    oldest = min(asked.evidence)
    copied = tuple((item, holds(answer, item)) for item in to_copy(day, asked))
    return replace(base, copied=copied, back=len(day.facts) - 1 - oldest, seconds=day.seconds_ago(oldest))


def is_right(asked: Question, answer: str) -> bool:
    """Whether an answer holds the fact asked for, or refuses where there is none. Marks must have been reckoned.

    A refusal is never the answer to what can be known, whatever words it holds; and an answer about a time that the
    question names tells of nothing else.
    """
    said = answer.lower()
    if not asked.answerable:
        return bool(REFUSAL.search(QUOTED.sub("", answer)))
    if REFUSAL.search(QUOTED.sub("", answer)) or not all(_said(key.lower(), said) for key in asked.keys):
        return False
    return asked.kind not in TIMED or _clocks(answer) <= _clocks(asked.answer)


def _said(key: str, answer: str) -> bool:
    """Whether a key is in an answer, both in small letters; `no` not as a part of `know`."""
    return re.search(rf"\b{key}\b", answer) is not None if key in ("yes", "no") else key in answer


def _clocks(text: str) -> set[str]:
    return {found[0] for found in CLOCK.finditer(QUOTED.sub("", text))}


def reckoned(day: Day, asked: Question) -> Question:
    """The same question with the marks in its expected answer replaced as the runtime replaces them.

    Where several percepts have the same clock time, that of the evidence counts: it is the true one.
    """
    clocks: dict[str, int] = {}
    needed = [day.facts[i] for i in sorted(asked.evidence)]
    for fact in [*sorted(day.facts, key=lambda fact: fact.percept.t0_ns), *needed]:
        clock = CLOCK.match(fact.line)
        if clock is not None:
            clocks[clock[0]] = fact.percept.t0_ns
    told = [as_line(fact.percept.id, fact.line) for fact in day.facts]
    reckoner = Reckoner(clocks, day.now_ns, [line for line in told if line is not None])
    keys = tuple(reckoner.whole(key) for key in asked.keys)
    return replace(asked, answer=reckoner.whole(asked.answer), keys=keys)


def needed_ids(day: Day, asked: Question) -> frozenset[str]:
    """Percepts that an answer rests on, and those of the same source that say just the same."""
    told = {(day.facts[i].percept.source, day.facts[i].percept.text) for i in asked.evidence}
    return frozenset(f.percept.id for f in day.facts if (f.percept.source, f.percept.text) in told)


def to_copy(day: Day, asked: Question) -> list[Copy]:
    """Names, numbers, clock times and quoted texts of the expected answer that stand in the lines of its evidence."""
    lines = [day.facts[i].line for i in asked.evidence]
    expected = MARK.sub(" ", asked.answer)
    found = [Copy("quote", text.rstrip(".")) for text in QUOTED.findall(expected)]
    rest = QUOTED.sub(" ", expected)
    found += [Copy("time", text) for text in CLOCK.findall(rest)]
    rest = CLOCK.sub(" ", rest)
    found += [Copy("number", text) for text in NUMBER.findall(rest)]
    names = _names(lines)
    found += [Copy("name", text) for text in NAME.findall(NUMBER.sub(" ", rest)) if text in names]
    return [item for item in dict.fromkeys(found) if any(holds(line, item) for line in lines)]


def holds(text: str, item: Copy) -> bool:
    """Whether a text holds a copy, whole and letter by letter."""
    return re.search(rf"(?<![\w:]){re.escape(item.text)}(?![\w:]\w)(?!\w)", text) is not None


def _names(lines: Sequence[str]) -> set[str]:
    """Words that are names: known ones, and others that begin with a capital within a sentence."""
    known = {word for name in (*words.NAMES, *words.ROLES) for word in name.split()}
    found = {word for line in lines for word in NAME.findall(line) if word in known}
    return found | {word for line in lines for word in INNER.findall(CLOCK.sub(" ", line))}
