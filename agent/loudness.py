"""How loud it is at each source right now: for a meter that a person looks at, nothing else."""

from __future__ import annotations

import math

import numpy as np

from streams.types import AudioChunk

FLOOR_DB = -60.0
"""Below full scale: what is softer counts as silence."""
MAX_SOURCES = 64


class Loudness:
    """The loudest chunk of every source since the last look. Lives on the event loop."""

    def __init__(self) -> None:
        self._peaks: dict[str, float] = {}

    def on_sound(self, chunk: AudioChunk) -> None:
        """Take in a chunk."""
        if len(chunk.samples) and (chunk.source in self._peaks or len(self._peaks) < MAX_SOURCES):
            level = level_of(float(np.sqrt(np.mean(np.square(chunk.samples, dtype=np.float64)))))
            self._peaks[chunk.source] = max(level, self._peaks.get(chunk.source, 0.0))

    def take(self) -> dict[str, float]:
        """Levels in 0..1 by source, of those that were heard since the last time."""
        taken, self._peaks = self._peaks, {}
        return taken


def level_of(rms: float) -> float:
    """A root mean square in 0..1 of full scale as a level in 0..1: linear in decibels above `FLOOR_DB`."""
    if not rms > 0:
        return 0.0
    return min(1.0, max(0.0, 1.0 - 20.0 * math.log10(rms) / FLOOR_DB))
