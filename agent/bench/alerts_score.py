"""Alerts against a manifest's entries and exits. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from agent.bench import perception_score as truth
from agent.bench.perception_score import TOLERANCE_S
from dialog.events import Alert
from streams.types import NS

NOUNS = {"person": "person", "vehicle": "vehicle"}
BEFORE_S = 0.5
"""An alert may come so much before the labelled time: labels are that exact."""


@dataclass(frozen=True, slots=True)
class RuleScore:
    """One rule on one recording."""

    rule: str
    truths: int
    hits: int
    false: int
    duplicates: int
    """Of the false: further alerts about an event that had its alert."""
    delays_s: tuple[float, ...]

    @property
    def recall(self) -> float | None:
        """None where there was nothing to find."""
        return self.hits / self.truths if self.truths else None

    @property
    def precision(self) -> float | None:
        """None where nothing was raised."""
        return self.hits / (self.hits + self.false) if self.hits + self.false else None


def score_alerts(item: dict[str, Any], alerts: Sequence[Alert], tolerance_s: float = 3.0) -> list[RuleScore]:
    """Score the rules `person|vehicle enters|leaves` on a recording. Only alerts that are new count, each as one claim;
    one whose incident ended because the thing turned out to be another counts too: it was raised.

    Where the ground truth does not tell entries and exits but that nobody is there, only people are scored.
    """
    passages = truth.passages(item)
    scores = []
    for noun in NOUNS if passages is not None else ("person",):
        for does in ("enters", "leaves"):
            rule = f"{noun} {does}"
            true = [p.t_s for p in passages or () if p.noun == noun and p.enters == (does == "enters")]
            raised = [a.t_ns / NS for a in alerts if a.rule == rule and a.phase == "new"]
            if true or raised or passages is None:
                scores.append(_score(rule, true, raised, tolerance_s))
    return scores


def _score(rule: str, true: Sequence[float], raised: Sequence[float], tolerance_s: float) -> RuleScore:
    delays: dict[int, float] = {}
    false = duplicates = 0
    for t_s in sorted(raised):
        near = [i for i, at_s in enumerate(true) if -BEFORE_S <= t_s - at_s <= tolerance_s]
        free = [i for i in near if i not in delays]
        if free:
            delays[free[0]] = t_s - true[free[0]]
        else:
            false += 1
            duplicates += bool(near)
    return RuleScore(rule, len(true), len(delays), false, duplicates, tuple(delays.values()))


def pooled(scores: Sequence[RuleScore]) -> dict[str, Any]:
    """Over all recordings and rules, and per rule; counts beside the shares, since they are few."""

    def shares(some: Sequence[RuleScore]) -> dict[str, Any]:
        truths, hits, false = (sum(getattr(s, name) for s in some) for name in ("truths", "hits", "false"))
        delays = sorted(d for s in some for d in s.delays_s)
        return {
            "true": truths,
            "raised": hits + false,
            "recall": round(hits / truths, 3) if truths else None,
            "precision": round(hits / (hits + false), 3) if hits + false else None,
            "delay_mean_s": round(sum(delays) / len(delays), 2) if delays else None,
            "delay_max_s": round(delays[-1], 2) if delays else None,
            "in_time": round(sum(d <= TOLERANCE_S for d in delays) / truths, 3) if truths else None,
            "duplicates": sum(s.duplicates for s in some),
        }

    rules = dict.fromkeys(s.rule for s in scores)
    return {**shares(scores), "rules": {rule: shares([s for s in scores if s.rule == rule]) for rule in rules}}
