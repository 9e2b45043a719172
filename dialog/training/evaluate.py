"""How well a way of fusing answers questions about days that nobody trained on."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from dialog.model.fusion import Fusion
from dialog.training.asking import REFUSAL
from dialog.training.days import Day, make_day
from dialog.training.questions import Question, question


@dataclass(slots=True)
class Score:
    """Counts over questions."""

    asked: int = 0
    right: int = 0
    """Answer contains everything that a right answer must contain (for an unanswerable question: it refuses)."""
    exact: int = 0
    """Answer is the expected one, letter by letter."""
    answerable: int = 0
    answerable_right: int = 0
    unanswerable: int = 0
    refused: int = 0
    refused_rightly: int = 0
    cited: int = 0
    """Answerable questions whose first named evidence is a percept that the answer rests on."""
    citable: int = 0
    by_kind: dict[str, tuple[int, int]] = field(default_factory=dict)
    """`(right, asked)` for each kind of question."""

    def add(self, asked: Question, answer: str, cited: bool | None) -> None:
        """Count one answer; `cited` is None where no evidence was asked for."""
        refuses = bool(REFUSAL.search(answer))
        right = is_right(asked, answer)
        self.asked += 1
        self.right += right
        self.exact += answer.strip() == asked.answer
        self.answerable += asked.answerable
        self.answerable_right += right and asked.answerable
        self.unanswerable += not asked.answerable
        self.refused += refuses
        self.refused_rightly += refuses and not asked.answerable
        if cited is not None:
            self.citable += 1
            self.cited += cited
        hits, total = self.by_kind.get(asked.kind, (0, 0))
        self.by_kind[asked.kind] = (hits + right, total + 1)

    def shares(self) -> dict[str, float]:
        """The counts as shares 0..1, rounded to three digits."""

        def share(part: int, whole: int) -> float:
            return round(part / whole, 3) if whole else 0.0

        return {
            "right_fact": share(self.right, self.asked),
            "exact": share(self.exact, self.asked),
            "right_fact_answerable": share(self.answerable_right, self.answerable),
            "refusal_recall": share(self.refused_rightly, self.unanswerable),
            "refusal_precision": share(self.refused_rightly, self.refused),
            "evidence": share(self.cited, self.citable),
        }


def is_right(asked: Question, answer: str) -> bool:
    """Whether an answer holds the fact asked for, or refuses where there is none."""
    if not asked.answerable:
        return bool(REFUSAL.search(answer))
    said = answer.lower()
    return all(key.lower() in said for key in asked.keys)


def held_out(
    days: int, per_day: int, seed: int = 999, percepts: int | None = None
) -> Iterator[tuple[Day, list[Question]]]:
    """Days with names, places, signs and wordings that training never sees, and questions about each."""
    for n in range(days):
        rng = random.Random(f"held out/{seed}/{n}")
        day = make_day(rng, held_out=True, percepts=percepts)
        yield day, [question(day, rng, held_out=True) for _ in range(per_day)]


def evaluate(
    fusion: Fusion,
    days: int = 12,
    per_day: int = 8,
    with_evidence: bool = False,
    percepts: int | None = None,
    each: Callable[[Question, str], None] | None = None,
) -> Score:
    """Ask a fusion the held-out questions, greedily. `each` sees every question with its answer."""
    score = Score()
    for day, questions in held_out(days, per_day, percepts=percepts):
        conversation = fusion.fork()
        conversation.remember_many([(f.percept.id, f.line, f.percept.t0_ns) for f in day.facts])
        for asked in questions:
            answer = conversation.ask(asked.text, [], day.now, day.now_ns, max_new_tokens=64)
            while answer.step() is not None:
                pass
            cited = None
            if with_evidence and asked.evidence:
                named = answer.evidence()
                cited = bool(named) and named[0][0] in {day.facts[i].percept.id for i in asked.evidence}
            score.add(asked, answer.text, cited)
            if each is not None:
                each(asked, answer.text)
    return score
