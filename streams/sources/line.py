"""How good the connection to a camera is: stalls and reconnections of the last hour, as a grade. Pure; times in."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from statistics import median
from typing import Literal

from streams.types import NS, HealthState, ns

Grade = Literal["excellent", "fair", "poor", "unusable"]
HOUR_NS = 3600 * NS
STALL_S = 2.0
"""No picture for so long is a stall, or for so many times the usual while between two pictures:"""
STALL_TIMES = 5.0
KEPT = 256
GAPS = 31
"""Between pictures, of which the middle one is the usual; so many must be known:"""
KNOWN = 5
FAIR, POOR, UNUSABLE = 1, 6, 30
"""Reconnections an hour from which on a connection has this grade; three stalls count as one."""
STALLS_LIKE_ONE = 3

STATES: dict[Grade, HealthState] = {"excellent": "ok", "fair": "ok", "poor": "degraded", "unusable": "failed"}


@dataclass(frozen=True, slots=True)
class LineQuality:
    """A grade, and why."""

    grade: Grade
    reconnects: int
    stalls: int

    @property
    def reason(self) -> str:
        """One line."""
        return f"{self.grade}: {_of(self.reconnects, 'reconnection')} and {_of(self.stalls, 'stall')} in the last hour"


class Line:
    """Counts what happens to one connection. Bounded, whatever happens."""

    def __init__(self) -> None:
        self._reconnects: deque[int] = deque(maxlen=KEPT)
        self._stalls: deque[int] = deque(maxlen=KEPT)
        self._last_ns: int | None = None
        self._gaps: deque[int] = deque(maxlen=GAPS)
        self._ever = False

    def connected(self, now_ns: int) -> None:
        """Media come, for the first time or again."""
        if self._ever:
            self._reconnects.append(now_ns)
        self._ever, self._last_ns = True, None

    def picture(self, now_ns: int) -> None:
        """A picture has arrived, before any thinning."""
        if self._last_ns is not None:
            gap_ns = now_ns - self._last_ns
            if len(self._gaps) >= KNOWN and gap_ns > max(ns(STALL_S), STALL_TIMES * median(self._gaps)):
                self._stalls.append(now_ns)
            self._gaps.append(gap_ns)
        self._last_ns = now_ns

    def quality(self, now_ns: int) -> LineQuality:
        """The grade now."""
        reconnects, stalls = _recent(self._reconnects, now_ns), _recent(self._stalls, now_ns)
        points = reconnects + stalls // STALLS_LIKE_ONE
        grade: Grade = "excellent"
        if points >= UNUSABLE:
            grade = "unusable"
        elif points >= POOR:
            grade = "poor"
        elif points >= FAIR:
            grade = "fair"
        return LineQuality(grade, reconnects, stalls)


def clock_error(ahead_s: float) -> str:
    """What is wrong with a camera's clock that is so many seconds ahead of ours (behind, if below zero)."""
    size = abs(ahead_s)
    much = (
        f"{size:.0f} seconds"
        if size < 120
        else f"{size / 60:.0f} minutes"
        if size < 7200
        else f"{size / 3600:.0f} hours"
    )
    return f"the camera's clock is {much} {'fast' if ahead_s > 0 else 'slow'}"


def _recent(times: deque[int], now_ns: int) -> int:
    while times and now_ns - times[0] > HOUR_NS:
        times.popleft()
    return len(times)


def _of(n: int, word: str) -> str:
    return f"{n} {word}{'' if n == 1 else 's'}"
