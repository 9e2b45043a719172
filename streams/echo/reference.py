"""What is being played, on stream time: the reference of an echo canceller."""

from __future__ import annotations

import threading

import numpy as np
from numpy.typing import NDArray

from streams.resample import Resampler
from streams.types import NS, SAMPLE_RATE_HZ

KEPT_S = 4.0
"""Older sound is forgotten: no echo takes that long."""
JUMP_NS = NS // 5
"""Blocks are placed one after another; when that and the clock part by more than this, the clock is believed.
A device takes its first blocks in a burst and the later ones when it has room: no reason to move anything."""
SETTLED = 50
"""Blocks after which the distance between the two is known; what it changes by from then on is drift."""
SLOWNESS = 200
"""Blocks over which that distance is averaged, so that a stall that is made up for does not count as drift."""
DRIFT = SAMPLE_RATE_HZ * 30 // 1000
"""Samples, 30 ms, of drift that are put right at once. A sound card's clock takes ten minutes and more for them."""


class Reference:
    """The last seconds played, mono at `SAMPLE_RATE_HZ`. One thread may add to it while another reads."""

    def __init__(self) -> None:
        self._size = round(KEPT_S * SAMPLE_RATE_HZ)
        self._ring: NDArray[np.float32] = np.zeros(self._size, np.float32)
        self._end = 0
        """Number, on stream time, of the sample after the newest."""
        self._blocks = 0
        """Since the clock was believed."""
        self._lead = self._lead_settled = 0.0
        """How far, in samples, the place of a block is ahead of the clock: averaged, and as it was once settled."""
        self._resampler: Resampler | None = None
        self._lock = threading.Lock()

    def add(self, t_ns: int, samples: NDArray[np.float32], rate_hz: int) -> None:
        """A block `[n]`, mono, -1..1, handed to the loudspeaker at stream time `t_ns`; silence included or left out.

        Raises:
            ValueError: a sample rate that cannot be.
        """
        if self._resampler is None or self._resampler.rate_in_hz != rate_hz:
            self._resampler = Resampler(rate_hz, SAMPLE_RATE_HZ)
        at = t_ns * SAMPLE_RATE_HZ // NS
        with self._lock:
            if self._blocks == 0 or abs(self._end - at) > JUMP_NS * SAMPLE_RATE_HZ // NS:
                self._move(at)
            else:
                self._follow(self._end - at)
            self._write(self._resampler.process(samples[-round(KEPT_S * rate_hz) :]))

    def read(self, begin: int, n: int) -> NDArray[np.float32]:
        """`[n]` from sample number `begin` of stream time on; zeros where nothing was played, or it is forgotten."""
        out = np.zeros(n, np.float32)
        with self._lock:
            first, last = max(begin, self._end - self._size, 0), min(begin + n, self._end)
            if first < last:
                out[first - begin : last - begin] = self._ring[np.arange(first, last) % self._size]
        return out

    def _follow(self, lead: int) -> None:
        self._lead += (lead - self._lead) / min(self._blocks, SLOWNESS)
        if self._blocks <= SETTLED:
            self._lead_settled = self._lead = float(lead)
        elif abs(drift := self._lead - self._lead_settled) > DRIFT:
            self._end -= round(drift)
            self._lead = self._lead_settled
        self._blocks += 1

    def _move(self, at: int) -> None:
        """The next block belongs elsewhere: silence up to there, or over what was said to be later."""
        self._write(np.zeros(min(max(0, at - self._end), self._size), np.float32))
        self._end, self._blocks = at, 1

    def _write(self, samples: NDArray[np.float32]) -> None:
        samples = samples[-self._size :]
        self._ring[np.arange(self._end, self._end + len(samples)) % self._size] = samples
        self._end += len(samples)
