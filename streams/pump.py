"""Runs one encoder over one stream, off the event loop, and numbers what it perceives."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import replace
from typing import Generic, TypeVar

from streams.encoder import Encoder
from streams.types import Media, Observation, Percept

M = TypeVar("M", bound=Media)


class Pump(Generic[M]):
    """One stream through one encoder. Steps run on the executor, one after another.

    Percepts get the id `<source>/<letter><number>`, so that the same stream always yields the same ids.
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
        self._prefix = f"{source}/{letter}"
        self._count = 0
        self._executor = executor

    async def step(self, media: M) -> list[Observation]:
        """What can be said after this chunk or frame."""
        return await self._run(lambda: self._encoder.step(self._state, media))

    async def flush(self) -> list[Observation]:
        """What was still open when the stream ended."""
        return await self._run(lambda: self._encoder.flush(self._state))

    def number(self, observations: list[Observation]) -> list[Observation]:
        """Give ids to percepts that have none."""
        return [self._numbered(o) if isinstance(o, Percept) and not o.id else o for o in observations]

    async def _run(self, work: Callable[[], list[Observation]]) -> list[Observation]:
        return self.number(await asyncio.get_running_loop().run_in_executor(self._executor, work))

    def _numbered(self, percept: Percept) -> Percept:
        self._count += 1
        return replace(percept, id=f"{self._prefix}{self._count}")
