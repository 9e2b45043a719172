"""Looks after the threads on which models work: gives up steps that hang, and says when only a new start helps."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Self

from streams.clock import Clock
from streams.lane import Lane
from streams.types import Health, HealthState, ns

CHECKS = 10
"""A step is seen so often before it counts as hung. A machine that slept meanwhile is not taken for one that hangs."""
PATIENT = 10
"""For so many times as long a model may work that has one thread only: a long answer is no fault."""


class Hangs:
    """An async context manager: looks after lanes while it is open."""

    def __init__(self, lanes: Sequence[Lane], clock: Clock, publish: Callable[[Health], None], hang_s: float) -> None:
        """
        Args:
            lanes: where models work.
            clock: tells how long a step takes.
            publish: takes `Health` of `thread:<lane>`, on change.
            hang_s: a step that takes so long hangs; 0: none ever does.
        """
        self._lanes, self._clock, self._publish, self._hang_s = tuple(lanes), clock, publish, hang_s
        self._told: dict[str, str] = {}
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        if self._hang_s:
            self._task = asyncio.create_task(self._watch(), name="hangs")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    @property
    def lost(self) -> dict[str, int]:
        """Threads that hang and were left behind, by lane."""
        return {lane.name: lane.lost for lane in self._lanes}

    def stuck(self) -> str:
        """Why heed must be started anew; empty when it need not."""
        return "; ".join(_reason(lane) for lane in self._lanes if lane.stuck)

    async def _watch(self) -> None:
        every_ns = ns(self._hang_s / CHECKS)
        while True:
            before_ns = self._clock.now_ns()
            await self._clock.sleep_until(before_ns + every_ns)
            passed_ns = min(self._clock.now_ns() - before_ns, 2 * every_ns)
            for lane in self._lanes:
                lane.check(passed_ns, ns(self._hang_s * (1 if lane.may_lose else PATIENT)))
                self._tell(lane)

    def _tell(self, lane: Lane) -> None:
        state: HealthState = "failed" if lane.stuck else "degraded" if lane.lost else "ok"
        reason = _reason(lane)
        if self._told.get(lane.name, _FINE) != reason:
            self._told[lane.name] = reason
            self._publish(Health(f"thread:{lane.name}", state, reason, self._clock.now_ns()))


_FINE = "no step hangs"


def _reason(lane: Lane) -> str:
    if lane.stuck:
        what = f"{lane.lost} threads hang" if lane.may_lose else "a step hangs"
        return f"{lane.name}: {what}, and nothing more is done there: heed must be started again"
    threads = "1 thread hangs and was" if lane.lost == 1 else f"{lane.lost} threads hang and were"
    return f"{threads} left behind; another works on" if lane.lost else _FINE
