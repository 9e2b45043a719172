"""The rolling state: what was perceived lately, bounded, aligned in time across sources."""

from __future__ import annotations

from collections import OrderedDict, deque
from dataclasses import dataclass

from streams.types import Percept


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The state at one moment: percepts of all sources in order of `(t0_ns, id)`. Immutable."""

    t_ns: int
    percepts: tuple[Percept, ...]

    def between(self, t0_ns: int, t1_ns: int) -> tuple[Percept, ...]:
        """Percepts that overlap the span, both ends included."""
        return tuple(p for p in self.percepts if p.t0_ns <= t1_ns and p.t1_ns >= t0_ns)


class RollingState:
    """A ring of percepts per source; the ring of the source silent for longest goes when there are too many.

    Bounded: at most `sources * per_source` percepts, whatever comes in and for however long.
    """

    def __init__(self, per_source: int = 256, sources: int = 64) -> None:
        """
        Args:
            per_source: percepts kept of each source; the oldest goes first.
            sources: rings kept; beyond it, the source that was silent for longest is forgotten.
        """
        if per_source < 1 or sources < 1:
            raise ValueError("a rolling state holds at least one percept of one source")
        self._per_source = per_source
        self._sources = sources
        self._rings: OrderedDict[str, deque[Percept]] = OrderedDict()
        self._by_id: dict[str, Percept] = {}

    def __len__(self) -> int:
        return len(self._by_id)

    def add(self, percept: Percept) -> list[Percept]:
        """Take in one percept; returns those that had to go (their keys and values can be forgotten).

        Raises:
            ValueError: the percept has no id, or one that is already held.
        """
        if not percept.id or percept.id in self._by_id:
            raise ValueError(f"a percept needs an id of its own, not {percept.id!r}")
        evicted: list[Percept] = []
        ring = self._rings.get(percept.source)
        if ring is None:
            if len(self._rings) >= self._sources:
                evicted.extend(self._rings.popitem(last=False)[1])
            ring = self._rings[percept.source] = deque()
        self._rings.move_to_end(percept.source)
        if len(ring) >= self._per_source:
            evicted.append(ring.popleft())
        ring.append(percept)
        for old in evicted:
            del self._by_id[old.id]
        self._by_id[percept.id] = percept
        return evicted

    def get(self, percept_id: str) -> Percept | None:
        """The percept of that id, if it is still held."""
        return self._by_id.get(percept_id)

    def snapshot(self, t_ns: int) -> Snapshot:
        """Everything that had begun by `t_ns`, all sources in one order of time."""
        held = (p for ring in self._rings.values() for p in ring if p.t0_ns <= t_ns)
        return Snapshot(t_ns, tuple(sorted(held, key=lambda p: (p.t0_ns, p.id))))
