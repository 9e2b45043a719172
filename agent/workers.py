"""The threads on which blocking work runs. asyncio's default executor is left to aiortc, which encodes media there."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Self

from streams.lane import Lane


class Workers(AbstractContextManager["Workers"]):
    """One thread for each kind of model, so that steps of one model never overlap and none waits for another."""

    def __init__(self) -> None:
        self.mind = Lane("mind", most_lost=0)
        """The language model, whose memory is one: one thread only."""
        self.loading = ThreadPoolExecutor(1, "loading")
        """Models that are loaded while the agent works; takes as long as it takes."""
        self.hearing = Lane("hearing")
        self.activity = Lane("activity")
        """Voice activity, which must not wait for words to be understood."""
        self.vision = Lane("vision")
        self.voice = Lane("voice", most_lost=0)
        """Speech synthesis, whose library keeps global state: one thread only."""

    @property
    def lanes(self) -> tuple[Lane, ...]:
        """All whose steps are short: one that takes long hangs."""
        return self.mind, self.hearing, self.activity, self.vision, self.voice

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for pool in (*self.lanes, self.loading):
            pool.shutdown(wait=True, cancel_futures=True)


def cores() -> int:
    """Processor cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
