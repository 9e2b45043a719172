"""How well a way of fusing answers questions about days that nobody trained on."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from dialog.mind import rests_on
from dialog.model.fusion import Fusion
from dialog.training.asking import REFUSAL, Question
from dialog.training.days import Day, make_day
from dialog.training.earlier import after_others
from dialog.training.judging import Judged, is_right, judge, needed_ids
from dialog.training.questions import as_spoken, question
from dialog.training.statistics import Share

__all__ = ["REFUSAL", "Judged", "Log", "Score", "evaluate", "held_out", "is_right", "judge", "sized_day", "sized_logs"]

T = TypeVar("T")

MAX_NEW_TOKENS = 96
"""Tokens of an answer, at most: the longest quotation fits."""


@dataclass(frozen=True, slots=True)
class Log:
    """A day that fills a state of some size, and questions about it."""

    size: int
    """State tokens that the day may fill."""
    day: Day
    questions: tuple[Question, ...]


@dataclass(slots=True)
class Score:
    """Answers that were judged, and the shares of them that are right in one way or another."""

    judged: list[Judged] = field(default_factory=list)

    def add(
        self, asked: Question, answer: str, cited: bool | None = None, day: Day | None = None, size: int = 0
    ) -> Judged:
        """Judge one answer and count it; see `judging.judge`."""
        found = judge(asked, answer, cited, day, size)
        self.judged.append(found)
        return found

    def shares(self) -> dict[str, Share]:
        """The scores, by name."""
        judged = self.judged
        known = [one for one in judged if one.asked.answerable]
        copies = [pair for one in judged for pair in one.copied]
        found = {
            "right_fact": Share.among(one.right for one in judged),
            "right_fact_answerable": Share.among(one.right for one in known),
            "exact": Share.among(one.exact for one in judged if one.asked.answer),
            "refusal_recall": Share.among(one.refused for one in judged if not one.asked.answerable),
            "refusal_precision": Share.among(not one.asked.answerable for one in judged if one.refused),
            "evidence": Share.among(one.cited for one in judged if one.cited is not None),
            "exact_copy": Share.among(done for _, done in copies),
        }
        for sort in ("name", "number", "time", "quote"):
            found[f"copy_{sort}"] = Share.among(done for item, done in copies if item.sort == sort)
        return found

    def right_by(self, key: Callable[[Judged], T | None]) -> dict[T, Share]:
        """Share of right answers in each group; those for which `key` is None are left out. The groups are in the order
        in which they are first met."""
        groups: dict[T, list[bool]] = {}
        for one in self.judged:
            group = key(one)
            if group is not None:
                groups.setdefault(group, []).append(one.right)
        return {group: Share.among(rights) for group, rights in groups.items()}


def sized_day(seed: str, tokens: int, count: Callable[[str], int]) -> Day:
    """A held-out day whose lines fill as much of `tokens` as whole lines can (one line at least).

    `count` gives the state tokens of a line.
    """
    shortest = 6  # tokens of a line; few are shorter
    day = make_day(random.Random(seed), held_out=True, percepts=tokens // shortest + 1)
    n, filled = 0, 0
    for fact in day.facts:
        filled += count(fact.line)
        if filled > tokens:
            break
        n += 1
    # The same seed again gives the same beginning, and the pause that lies between its end and the question.
    day = make_day(random.Random(seed), held_out=True, percepts=max(n, 1))
    while len(day.facts) > 1 and sum(count(fact.line) for fact in day.facts) > tokens:
        day = make_day(random.Random(seed), held_out=True, percepts=len(day.facts) - 1)
    return day


def sized_logs(
    sizes: Sequence[int], days: int, per_day: int, count: Callable[[str], int], seed: int = 999, talked: bool = False
) -> list[Log]:
    """For each size `days` held-out days, with `per_day` questions about each, put as people type and say them.

    `talked`: the same questions, each after others and their answers.
    """
    logs = []
    for size in sizes:
        for n in range(days):
            key = f"held out/{seed}/{size}/{n}"
            day = sized_day(key, size, count)
            rng = random.Random(f"{key}/questions")
            drawn = [question(day, rng, held_out=True) for _ in range(per_day)]
            asked = [replace(one, text=as_spoken(one.text, rng)) for one in drawn]
            if talked:
                asked = [after_others(day, one, rng, held_out=True) for one in asked]
            logs.append(Log(size, day, tuple(asked)))
    return logs


def held_out(
    days: int, per_day: int, seed: int = 999, percepts: int | None = None
) -> Iterator[tuple[Day, list[Question]]]:
    """Days with names, places, signs and wordings that training never sees, and questions about each."""
    for n in range(days):
        rng = random.Random(f"held out/{seed}/{n}")
        day = make_day(rng, held_out=True, percepts=percepts)
        yield day, [question(day, rng, held_out=True) for _ in range(per_day)]


def evaluate(
    fusion: Fusion, logs: Iterable[Log], with_evidence: bool = False, each: Callable[[Judged], None] | None = None
) -> Score:
    """Ask a fusion all questions of some days, greedily. `each` sees every answer as it is judged.

    The fusion must be able to hold the largest day.
    """
    score = Score()
    for log in logs:
        day, conversation = log.day, fusion.fork()
        conversation.remember_many([(fact.percept.id, fact.line, fact.percept.t0_ns) for fact in day.facts])
        for asked in log.questions:
            answer = conversation.ask(asked.text, asked.history, day.now, day.now_ns, MAX_NEW_TOKENS)
            while answer.step() is not None:
                pass
            cited = None
            if with_evidence and asked.evidence:
                named = rests_on(answer.evidence(), most=1)
                cited = bool(named) and named[0] in needed_ids(day, asked)
            judged = score.add(asked, answer.text, cited, day, log.size)
            if each is not None:
                each(judged)
    return score
