"""A sentence of an answer, and what it rests on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cited:
    """A sentence of an answer, and what it rests on."""

    text: str
    evidence: tuple[tuple[str, float], ...] = ()
    """`(percept id, nats that the sentence loses without it)`, the most important first."""


def rests_on(sentences: Sequence[Cited], most: int = 5) -> tuple[str, ...]:
    """Ids of the percepts that a whole answer rests on, the most important first."""
    best: dict[str, float] = {}
    for sentence in sentences:
        for name, nats in sentence.evidence:
            best[name] = max(nats, best.get(name, 0.0))
    return tuple(sorted(best, key=lambda name: -best[name])[:most])
