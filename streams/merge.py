"""Brings several lanes (the sound and the picture of a file) back into one order of time.

A watermark merge: a lane promises with each push that nothing earlier will follow from it. Items leave in order of
time, and at equal times in order of their lanes, as soon as every open lane has passed them. So the order does not
depend on how fast each lane was worked off, which is what makes a replay repeatable.
Method: low watermarks, Akidau et al., "The Dataflow Model", VLDB 2015.
"""

from __future__ import annotations

import heapq
from typing import Generic, TypeVar

T = TypeVar("T")


class WatermarkMerge(Generic[T]):
    """Pure: time and items in, ordered items out. Holds what the slowest lane has not reached yet."""

    def __init__(self, lanes: int) -> None:
        self._heap: list[tuple[int, int, int, T]] = []
        self._marks: list[int | None] = [-1] * lanes
        self._pushed = 0

    def push(self, lane: int, t_ns: int, items: list[T]) -> None:
        """Lane `lane` has reached stream time `t_ns` and there produced `items`.

        Raises:
            ValueError: the lane is closed, or went back in time.
        """
        mark = self._marks[lane]
        if mark is None or t_ns < mark:
            raise ValueError(f"lane {lane} cannot go from {mark} to {t_ns}")
        self._marks[lane] = t_ns
        for item in items:
            heapq.heappush(self._heap, (t_ns, lane, self._pushed, item))
            self._pushed += 1

    def close(self, lane: int) -> None:
        """Nothing more will come from this lane."""
        self._marks[lane] = None

    @property
    def watermark_ns(self) -> int | None:
        """Every lane has passed this time; None once all lanes are closed."""
        marks = [m for m in self._marks if m is not None]
        return min(marks) if marks else None

    def ready(self) -> list[tuple[int, T]]:
        """Take out `(t_ns, item)` that no lane can overtake any more, in order."""
        mark = self.watermark_ns
        out: list[tuple[int, T]] = []
        # At the mark itself another lane may still push an item of equal time and earlier lane number.
        while self._heap and (mark is None or self._heap[0][0] < mark):
            t_ns, _, _, item = heapq.heappop(self._heap)
            out.append((t_ns, item))
        return out
