"""The one reader of time. Everything else is handed a `Clock`."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol

from streams.types import NS


class Clock(Protocol):
    """Stream time, and what o'clock it was when the stream began."""

    wall_start: datetime | None
    """Wall-clock time at stream time zero; None for a recording of unknown date."""

    def now_ns(self) -> int:
        """Stream time in nanoseconds; never goes back."""
        ...

    async def sleep_until(self, t_ns: int) -> None:
        """Return once stream time has reached `t_ns`."""
        ...


class MonotonicClock:
    """Live time: stream time zero is the moment of construction."""

    def __init__(self, wall_start: datetime | None = None) -> None:
        self._origin_ns = time.monotonic_ns()
        self.wall_start: datetime | None = wall_start or datetime.now().astimezone()

    def now_ns(self) -> int:
        return time.monotonic_ns() - self._origin_ns

    async def sleep_until(self, t_ns: int) -> None:
        while (left := t_ns - self.now_ns()) > 0:  # noqa: ASYNC110 - the loop's clock may run a little ahead of ours
            await asyncio.sleep(left / NS)


class ManualClock:
    """Time that somebody else moves: a recording's media time in `replay`, or a test."""

    def __init__(self, wall_start: datetime | None = None) -> None:
        self.wall_start = wall_start
        self._now_ns = 0
        self._moved = asyncio.Event()

    def now_ns(self) -> int:
        return self._now_ns

    def advance_to(self, t_ns: int) -> None:
        """Move time forward to `t_ns`; an earlier time is ignored, since time never goes back."""
        if t_ns > self._now_ns:
            self._now_ns = t_ns
            self._moved.set()
            self._moved = asyncio.Event()

    async def sleep_until(self, t_ns: int) -> None:
        while self._now_ns < t_ns:
            await self._moved.wait()


class Stopwatch:
    """Measures how long work took on this machine (for figures shown to people, never for decisions)."""

    def __init__(self) -> None:
        self._start = time.perf_counter()

    def elapsed_s(self) -> float:
        """Seconds since construction."""
        return time.perf_counter() - self._start


def thread_s() -> float:
    """Processor seconds that the calling thread has used (to tell what work costs, never to date a medium)."""
    return time.thread_time()


def wall_now() -> datetime:
    """Local wall-clock time, for commands that a person gives outside of any stream."""
    return datetime.now().astimezone()


def wall_time(clock: Clock, t_ns: int) -> datetime | None:
    """Wall-clock time of stream time `t_ns`, or None where the stream has no date."""
    return None if clock.wall_start is None else wall_at(clock.wall_start, t_ns)


def wall_at(start: datetime, t_ns: int) -> datetime:
    """Wall-clock time of stream time `t_ns`, of a stream that began at `start`.

    A start with this machine's offset is this machine's: after the clocks are put forward or back its times are those
    on the wall. One of another zone, such as of a recording from elsewhere, keeps its zone; one without has no such
    nights.
    """
    passed = timedelta(microseconds=t_ns // 1000)
    if start.tzinfo is None:
        return start + passed
    ours = start.astimezone().utcoffset() == start.utcoffset()
    return (start.astimezone(UTC) + passed).astimezone(None if ours else start.tzinfo)
