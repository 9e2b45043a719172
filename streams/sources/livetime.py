"""Time in live media: from a sender's stamps to stream time, and sound without holes and overlaps."""

from __future__ import annotations

import random

import numpy as np
from numpy.typing import NDArray

from streams.resample import Resampler, to_agent_rate
from streams.types import NS, SAMPLE_RATE_HZ, AudioChunk

MAX_BEHIND_NS = 10 * NS
"""A stamp that makes a medium older than this means that the sender's clock was set: it is mapped anew."""
WINDOW_NS = 60 * NS
"""A slow sender's clock is judged by what came quickest in so long; the rest was held up on its way."""
MOST_DRIFT = 0.001
"""A clock is followed by no more than this part of the time: the worst clocks that run at all drift less."""


class SenderTime:
    """Maps one sender's clock to stream time: on the first stamp, anew when that proves impossible, and in between a
    clock that runs slow is followed step by step."""

    def __init__(self) -> None:
        self._offset_ns: int | None = None
        self._window_ns = 0
        """When the present window began."""
        self._least_ns = MAX_BEHIND_NS
        """Behind by no less than this came all that came in the window."""

    def at(self, stamp_ns: int, now_ns: int) -> int:
        """Stream time of something stamped `stamp_ns` that is here at `now_ns`.

        What has arrived was not captured in the future: an earlier arrival than any before corrects the mapping.
        """
        behind_ns = -1 if self._offset_ns is None else now_ns - (self._offset_ns + stamp_ns)
        if self._offset_ns is None or not 0 <= behind_ns <= MAX_BEHIND_NS:
            self._offset_ns = now_ns - stamp_ns
            self._begin(now_ns)
        elif now_ns - self._window_ns >= WINDOW_NS:
            self._offset_ns += min(self._least_ns, behind_ns, round(WINDOW_NS * MOST_DRIFT))
            self._begin(now_ns)
        else:
            self._least_ns = min(self._least_ns, behind_ns)
        return self._offset_ns + stamp_ns

    def _begin(self, now_ns: int) -> None:
        self._window_ns, self._least_ns = now_ns, MAX_BEHIND_NS


class LiveSound:
    """Blocks of sound with times that jitter, to chunks whose times count samples. Mixes to mono 16 kHz.

    A hole of more than `gap_ns` becomes silence; one of more than `max_fill_ns` becomes a jump in time. Sound that
    runs ahead of its time stamps by more than `overlap_ns` (a fast sender's clock) loses the excess.
    """

    def __init__(self, name: str, *, gap_ns: int = NS // 5, overlap_ns: int = NS, max_fill_ns: int = 10 * NS) -> None:
        self.filled_s = 0.0
        """Seconds of silence put into holes so far."""
        self._name = name
        self._gap_ns, self._overlap_ns, self._max_fill_ns = gap_ns, overlap_ns, max_fill_ns
        self._resampler: Resampler | None = None
        self._anchor_ns = 0
        self._taken = 0
        self._given = 0

    def add(self, samples: NDArray[np.float32], rate_hz: int, t0_ns: int) -> list[AudioChunk]:
        """`[n, channels]` captured from `t0_ns` on, to the chunks that are complete.

        Raises:
            MediaError: a sample rate that cannot be.
        """
        channels = samples.shape[1]
        out: list[AudioChunk] = []
        if self._resampler is None or (self._resampler.rate_in_hz, self._resampler.channels) != (rate_hz, channels):
            resampler = to_agent_rate(rate_hz, channels, self._name)
            out += self._restart(t0_ns)
            self._resampler = resampler
        late_ns = t0_ns - (self._anchor_ns + self._taken * NS // rate_hz)
        if late_ns > self._max_fill_ns:
            out += self._restart(t0_ns)
        elif late_ns > self._gap_ns:
            hole = late_ns * rate_hz // NS
            self.filled_s += hole / rate_hz
            out += self._push(np.zeros((hole, channels), np.float32))
        elif late_ns < -self._overlap_ns:
            samples = samples[min(len(samples), -late_ns * rate_hz // NS) :]
        return out + self._push(samples)

    def _restart(self, t0_ns: int) -> list[AudioChunk]:
        rest = [] if self._resampler is None else self._chunk(self._resampler.flush())
        end_ns = self._anchor_ns + self._given * NS // SAMPLE_RATE_HZ
        self._anchor_ns = max(t0_ns, end_ns)
        self._taken = self._given = 0
        return rest

    def _push(self, samples: NDArray[np.float32]) -> list[AudioChunk]:
        assert self._resampler is not None
        self._taken += len(samples)
        return self._chunk(self._resampler.process(samples))

    def _chunk(self, samples: NDArray[np.float32]) -> list[AudioChunk]:
        if not len(samples):
            return []
        t0_ns = self._anchor_ns + self._given * NS // SAMPLE_RATE_HZ
        self._given += len(samples)
        return [AudioChunk(self._name, t0_ns, samples)]


class Backoff:
    """How long to wait before the next attempt: doubling from `first_s` to `most_s`, with jitter, for ever.

    Jitter keeps a house full of agents from knocking at a restarted broker all at once.
    """

    def __init__(self, first_s: float, most_s: float, rng: random.Random | None = None) -> None:
        self._first_s, self._most_s = first_s, most_s
        self._rng = rng or random.Random()
        self._next_s = first_s

    def next_s(self) -> float:
        """Between half of and the whole of the present step; the next step is twice as long."""
        step = self._next_s
        self._next_s = min(self._most_s, step * 2)
        return step * self._rng.uniform(0.5, 1.0)

    def reset(self) -> None:
        """It worked: begin again with `first_s`."""
        self._next_s = self._first_s
