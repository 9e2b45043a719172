"""The threads on which blocking work runs. asyncio's default executor is left to aiortc, which encodes media there."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Self


class Workers(AbstractContextManager["Workers"]):
    """One thread for each kind of model, so that steps of one model never overlap and none waits for another."""

    def __init__(self) -> None:
        self.mind = ThreadPoolExecutor(1, "mind")
        """The language model."""
        self.loading = ThreadPoolExecutor(1, "loading")
        """Models that are loaded while the agent works."""
        self.hearing = ThreadPoolExecutor(1, "hearing")
        self.activity = ThreadPoolExecutor(1, "activity")
        """Voice activity, which must not wait for words to be understood."""
        self.vision = ThreadPoolExecutor(1, "vision")
        self.voice = ThreadPoolExecutor(1, "voice")
        """Speech synthesis, whose library keeps global state: one thread only."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for pool in (self.mind, self.loading, self.hearing, self.activity, self.vision, self.voice):
            pool.shutdown(wait=True, cancel_futures=True)


def cores() -> int:
    """Processor cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
