"""A microphone's chunks, cut into the blocks of 10 ms that everything about echoes works on."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from streams.types import NS, SAMPLE_RATE_HZ, AudioChunk

BLOCK = SAMPLE_RATE_HZ // 100
"""Samples of a block: 10 ms."""


class Blocks:
    """Keeps what does not fill a block for the next chunk."""

    def __init__(self) -> None:
        self._held: NDArray[np.float32] = np.zeros(0, np.float32)
        self._next: int | None = None
        """Number, on stream time, of the first sample held."""

    def cut(self, chunk: AudioChunk) -> tuple[int, NDArray[np.float32]]:
        """Number of the first sample on stream time, and samples that make up whole blocks (maybe none)."""
        at = (chunk.t0_ns * SAMPLE_RATE_HZ + NS // 2) // NS
        if self._next is None or abs(at - self._next - len(self._held)) > BLOCK:
            self._held, self._next = np.zeros(0, np.float32), at  # the source jumped in time
        sound = np.concatenate([self._held, chunk.samples])
        whole = len(sound) // BLOCK * BLOCK
        begin, self._held = self._next, sound[whole:]
        self._next += whole
        return begin, sound[:whole]
