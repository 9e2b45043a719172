"""The writer of one made-up day: its rhythm, its cast, and the facts so far."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

from dialog.training import words
from dialog.training.facts import Fact
from streams import wording
from streams.types import NS, Kind, Percept

if TYPE_CHECKING:
    from _typeshed import SupportsLenAndGetItem

T = TypeVar("T")

NARROW = 0.35
"""Share of days with few names, things, places and kinds, so that many percepts can be confused."""

Span = tuple[float, float]

WALL_GAPS: Sequence[Span] = (
    (0.5, 6), (2, 60), (2, 60), (20, 400), (20, 400), (60, 1500), (300, 5400), (1200, 20_000), (5, 9000),
)  # fmt: skip
"""Seconds between two events on a day with a clock: from a busy door to a house where hours pass."""

FILM_GAPS: Sequence[Span] = ((0.3, 4), (1, 15), (1, 15), (5, 60), (0.2, 90))
"""The same for a recording without a date, whose clock counts from its start."""


class Narrow(random.Random):
    """Draws from long lists only a few entries that it has chosen once."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self._few: dict[tuple[int, str, str], list[int]] = {}

    def choice(self, seq: SupportsLenAndGetItem[T]) -> T:
        """Like `random.Random.choice`, but from a list of nine or more always the same two to five entries."""
        n = len(seq)
        if n < 9 or isinstance(seq, str):
            return super().choice(seq)
        key = (n, str(seq[0]), str(seq[n - 1]))
        if key not in self._few:
            self._few[key] = self.sample(range(n), super().choice((2, 2, 3, 3, 4, 5)))
        return seq[super().choice(self._few[key])]


class Diary:
    """Writes one day, fact after fact."""

    def __init__(self, rng: random.Random, held_out: bool) -> None:
        self.narrow = rng.random() < NARROW
        self.rng: random.Random = Narrow(rng.getrandbits(48)) if self.narrow else rng
        rng = self.rng
        self.held_out = held_out
        wall = rng.random() < 0.72
        self.wall_start = (
            datetime(2026, 3, 2) + timedelta(days=rng.randint(0, 364), seconds=rng.randint(0, 86_000)) if wall else None
        )
        self.t_ns = rng.randint(0, 20 if not wall else 4 * 3600) * NS
        self.gap_s: Span = rng.choice(list(WALL_GAPS if wall else FILM_GAPS))
        self.bursty = rng.random() < 0.4
        self._burst = 0
        self.facts: list[Fact] = []
        self._cast()
        self.inside: dict[str, list[tuple[str, int | None]]] = {source: [] for source in self.sources}
        """What is in view of each source, and since when (None: from the start)."""
        self.light: dict[str, str] = {}
        self.noisy: dict[str, bool] = {}
        self.fault: dict[str, str] = {}
        self.signs: dict[str, list[str]] = {source: [] for source in self.sources}

    def _cast(self) -> None:
        """Choose the places, the speakers and the things of the day."""
        rng = self.rng
        pool = words.split(words.SOURCES, self.held_out)
        many = rng.choice([1, 2, 2, 3, 3, 4] if self.narrow else [1, 1, 1, 2, 2, 3, 4, 5, 7])
        self.sources = rng.sample(pool, min(len(pool), many))
        self.speakers = rng.sample(words.split(words.NAMES, self.held_out), rng.randint(2 if self.narrow else 1, 5))
        if rng.random() < 0.1:
            self.speakers[0] = self.pick(words.ROLES)
        self.anonymous = rng.random() < (0.2 if self.narrow else 0.35)
        self.nouns = list(words.THINGS_SEEN)
        self.sides: Sequence[str] = ("left", "right", "left", "right", "middle", "top", "bottom")
        if self.narrow:
            some = sorted(set(words.THINGS_SEEN) - {"something"})
            self.nouns = rng.sample(some, rng.randint(0, 2)) + ["person"]
            self.sides = rng.sample(["left", "right", "middle"], rng.randint(1, 3))
        self.sorts: set[str] = set()
        """Sorts of claims that people keep to on a narrow day; empty: any."""

    def pick(self, values: list[str]) -> str:
        """One of a list of values, from the part that is trained on or from the part that is not."""
        return self.rng.choice(words.split(values, self.held_out))

    def side(self) -> str:
        """A side of the picture."""
        return self.rng.choice(self.sides)

    def wait(self, soon: bool = False) -> None:
        """Let time pass: a moment, a gap as is usual on this day, a short one in a burst, or a long silence."""
        rng = self.rng
        if soon:
            gap = rng.uniform(0.1, 2.5)
        else:
            gap = rng.uniform(*self.gap_s)
            if self._burst > 0:
                self._burst -= 1
                gap = min(gap, rng.uniform(0.4, 8))
            elif self.bursty and rng.random() < 0.2:
                self._burst = rng.randint(2, 7)
                gap *= rng.uniform(1, 4)
            elif rng.random() < 0.03:
                gap *= rng.uniform(5, 20)
        self.t_ns += round(gap * NS)

    def add(self, kind: Kind, source: str, text: str, what: str, /, **data: str) -> None:
        """Something is perceived now."""
        percept = Percept(f"{source}/x{len(self.facts)}", kind, source, self.t_ns, self.t_ns, text)
        line = wording.line(percept, self.wall_start)
        self.facts.append(Fact(percept, line, wording.clock(self.t_ns, self.wall_start), what, data))

    def later(self, kind: Kind, source: str, text: str, what: str, /, **data: str) -> None:
        """Something is perceived after the usual wait."""
        self.wait()
        self.add(kind, source, text, what, **data)

    def soon(self, kind: Kind, source: str, text: str, what: str, /, **data: str) -> None:
        """Something is perceived a moment after the last, as its consequence."""
        self.wait(soon=True)
        self.add(kind, source, text, what, **data)
