"""Cuts a stream of audio chunks into the fixed windows on which all of hearing decides.

Because nothing downstream ever sees a chunk, only windows at fixed places, what is heard does not depend on how the
source cut its sound.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from streams.types import NS, SAMPLE_RATE_HZ, AudioChunk

WINDOW = 512
"""Samples in a window: the one length that Silero takes at 16 kHz."""
WINDOW_S = WINDOW / SAMPLE_RATE_HZ
SILENT_DB = -120.0
"""What digital silence measures."""

_JITTER_NS = NS // 10
"""A chunk's time may differ from the sample count by so much before it counts as a gap or an overlap."""
_FILL_NS = NS // 2
"""A gap up to this is filled with silence; a longer one breaks the stream."""


class Break:
    """The stream was interrupted: what comes next is not the continuation of what came before."""


@dataclass(slots=True)
class Windower:
    """Sample-counting cutter, one per stream. Window `n` begins at `time_ns(n)`."""

    size: int = WINDOW
    """Samples in a window."""
    origin_ns: int | None = None
    """Stream time of sample 0; None before the first chunk."""
    taken: int = 0
    """Samples since `origin_ns`."""
    rest: NDArray[np.float32] = field(default_factory=lambda: np.zeros(0, np.float32))
    """`[< size]` samples that do not make a window yet."""
    repeating: bool = False
    """True while the source sends again what was already heard."""

    def time_ns(self, window: int) -> int:
        """Stream time at which window number `window` begins, but never past the last sample taken."""
        return (self.origin_ns or 0) + min(window * self.size, self.taken) * NS // SAMPLE_RATE_HZ

    def push(self, chunk: AudioChunk) -> Iterator[NDArray[np.float32] | Break]:
        """Yield the windows `[size]` that the chunk completes.

        The caller handles each before it takes the next. A short gap becomes silence, samples that overlap what
        was already heard are dropped. After a long gap the open window (padded), then a `Break`: window numbers
        and times start anew behind it.
        """
        samples = np.nan_to_num(chunk.samples, copy=True, nan=0.0, posinf=1.0, neginf=-1.0)
        if not len(samples):
            return
        if self.origin_ns is None:
            self.origin_ns = chunk.t0_ns
        late_ns = chunk.t0_ns - (self.origin_ns + self.taken * NS // SAMPLE_RATE_HZ)
        # Once it overlaps, all of the overlap goes, to the sample: chunks that begin within the jitter too.
        self.repeating = late_ns < (-NS // SAMPLE_RATE_HZ if self.repeating else -_JITTER_NS)
        if self.repeating:
            samples = samples[round(-late_ns * SAMPLE_RATE_HZ / NS) :]
        elif late_ns > _FILL_NS:
            yield from self.end()
            yield Break()
            self.origin_ns, self.taken = chunk.t0_ns, 0
        elif late_ns > _JITTER_NS:
            samples = np.concatenate([np.zeros(late_ns * SAMPLE_RATE_HZ // NS, np.float32), samples])
        joined = np.concatenate([self.rest, samples])
        whole = len(joined) // self.size * self.size
        self.rest = joined[whole:].copy()
        self.taken += len(samples)
        for begin in range(0, whole, self.size):
            yield joined[begin : begin + self.size]

    def end(self) -> Iterator[NDArray[np.float32]]:
        """The last window `[size]`, padded with silence, if samples are left."""
        if len(self.rest):
            last = np.zeros(self.size, np.float32)
            last[: len(self.rest)] = self.rest
            self.rest = np.zeros(0, np.float32)
            yield last


def level_db(window: NDArray[np.float32]) -> float:
    """Root mean square of a window in dB below full scale, `SILENT_DB` for digital silence."""
    # Not through BLAS, whose rounding may depend on where the window lies in memory.
    power = float(np.square(window, dtype=np.float64).sum()) / len(window)
    return max(SILENT_DB, 10 * float(np.log10(power))) if power > 0 else SILENT_DB
