"""Where on the stream's time line received sound belongs: no sample is placed twice, and lost sound leaves silence."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from streams.types import NS, SAMPLE_RATE_HZ, AudioChunk

TOLERANCE = SAMPLE_RATE_HZ // 100
"""Samples by which a frame may miss its place without being moved: what a resampler holds back, and rounding."""

SLACK_NS = NS
"""How far sound may run ahead of, or lag behind, the clock before the clock is believed."""


class SoundTimeline:
    """Turns decoded frames with sender's positions into chunks without gaps and overlaps.

    Stream time of the first sample is the clock's at its arrival; from then on samples are counted, so network jitter
    never shows. A hole in the sender's positions is a lost packet and becomes silence. If nothing comes for
    `SLACK_NS` the silence is emitted by `idle`, so that an utterance ends although its microphone was taken away.
    """

    def __init__(self, source: str) -> None:
        self.source = source
        self.filled = 0
        """Samples of silence put where sound was missing."""
        self.dropped = 0
        """Samples thrown away because the sender ran ahead of time."""
        self._origin_ns = 0
        self._offset: int | None = None
        self._next = 0

    def place(self, position: int, samples: NDArray[np.float32], now_ns: int) -> list[AudioChunk]:
        """The chunks (silence first where sound is missing) for a decoded frame.

        Args:
            position: the sender's sample number of the first sample, at `SAMPLE_RATE_HZ`, any origin.
            samples: `[n]`, mono.
            now_ns: stream time.
        """
        if self._offset is None:
            self._origin_ns, self._offset, self._next = now_ns, -position, 0
        now = self._sample_at(now_ns)
        slack = SLACK_NS * SAMPLE_RATE_HZ // NS
        start = position + self._offset
        if start > now + slack:  # the sender's numbers jumped: only the clock tells how much is missing
            start = max(self._next, now)
            self._offset = start - position
        if start > now + slack:
            self.dropped += len(samples)
            return []
        if start < self._next - TOLERANCE:  # its place was filled with silence meanwhile: later, not lost
            self._offset += self._next - start
        gap = start - self._next
        chunks = self._silence(gap) if gap > TOLERANCE else []
        if len(samples):
            chunks.append(self._chunk(samples))
        return chunks

    def idle(self, now_ns: int) -> list[AudioChunk]:
        """Silence for what has been missing for longer than `SLACK_NS`; call it a few times a second."""
        if self._offset is None:
            return []
        missing = self._sample_at(now_ns - SLACK_NS) - self._next
        return self._silence(missing) if missing > TOLERANCE else []

    def _sample_at(self, t_ns: int) -> int:
        return (t_ns - self._origin_ns) * SAMPLE_RATE_HZ // NS

    def _silence(self, n: int) -> list[AudioChunk]:
        self.filled += n
        chunks = []
        while n > 0:  # in seconds, so that a long pause is not one huge array
            part = min(n, SAMPLE_RATE_HZ)
            chunks.append(self._chunk(np.zeros(part, np.float32)))
            n -= part
        return chunks

    def _chunk(self, samples: NDArray[np.float32]) -> AudioChunk:
        t0_ns = self._origin_ns + self._next * NS // SAMPLE_RATE_HZ
        self._next += len(samples)
        return AudioChunk(self.source, t0_ns, samples)
