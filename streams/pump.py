"""Runs one encoder over one stream, off the event loop, and numbers what it perceives."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import replace
from typing import Generic, TypeVar

from streams.encoder import Encoder
from streams.errors import LaneStuck, StepHung
from streams.types import NS, Health, HealthState, Media, Observation, Percept

M = TypeVar("M", bound=Media)

AGAIN_NS = 3600 * NS
"""A stream whose steps hang twice within this time is put aside: each time, all others have waited for it."""
_SENSES = {"a": "hearing", "n": "activity", "v": "vision"}


class Pump(Generic[M]):
    """One stream through one encoder. Steps run on the executor, one after another.

    Percepts get the id `<source>/<letter><number>`, so that the same stream always yields the same ids. A step that
    hangs (`StepHung`, see `streams.lane`) is told as `Health` of `vision:<source>`, `hearing:<source>` or
    `activity:<source>`; what was known of the stream is then in the hands of a lost thread, and it begins anew.
    """

    def __init__(self, encoder: Encoder[object, M], source: str, letter: str, executor: Executor) -> None:
        """
        Args:
            encoder: shared by all streams of its kind.
            source: name of the stream.
            letter: `a` for sound, `v` for picture, `t` for text.
            executor: where the blocking steps run; never the default one, which media encoding needs.
        """
        self._encoder = encoder
        self._state = encoder.init_state(source)
        self._source, self._letter = source, letter
        self._count = 0
        self._executor = executor
        self._now_ns = 0
        self._hung_ns: int | None = None
        self._trouble = ""
        self._aside = False

    async def step(self, media: M) -> list[Observation]:
        """What can be said after this chunk or frame."""
        self._now_ns = media.t_ns
        return await self._run(lambda state: self._encoder.step(state, media))

    async def flush(self) -> list[Observation]:
        """What was still open when the stream ended."""
        return await self._run(self._encoder.flush)

    def over(self) -> list[Health]:
        """The stream is over, at its end or before it: what was told of it as hanging hangs no longer."""
        return [self._health("ok", "it is over")] if self._trouble else []

    def number(self, observations: list[Observation]) -> list[Observation]:
        """Give ids to percepts that have none."""
        return [self._numbered(o) if isinstance(o, Percept) and not o.id else o for o in observations]

    async def _run(self, work: Callable[[object], list[Observation]]) -> list[Observation]:
        if self._aside:
            return []
        state = self._state
        try:
            found = await asyncio.get_running_loop().run_in_executor(self._executor, lambda: work(state))
        except StepHung as error:
            return self._given_up(error)
        if self._trouble:
            self._trouble = ""
            return [self._health("ok", "it goes on"), *self.number(found)]
        return self.number(found)

    def _given_up(self, error: StepHung) -> list[Observation]:
        reason = str(error)
        if not isinstance(error, LaneStuck):  # else others hang, and this stream's state is as it was
            self._state = self._encoder.init_state(self._source)
            self._aside = self._hung_ns is not None and self._now_ns - self._hung_ns < AGAIN_NS
            self._hung_ns = self._now_ns
        if self._aside:
            reason += ", for the second time within an hour: this source is put aside until it is added again"
        if reason == self._trouble:
            return []
        self._trouble = reason
        return [self._health("failed", reason)]

    def _health(self, state: HealthState, reason: str) -> Health:
        return Health(f"{_SENSES.get(self._letter, self._letter)}:{self._source}", state, reason, self._now_ns)

    def _numbered(self, percept: Percept) -> Percept:
        self._count += 1
        return replace(percept, id=f"{self._source}/{self._letter}{self._count}")
