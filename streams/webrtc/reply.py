"""The outgoing audio track: what the agent and the others say, 48 kHz mono in frames of 20 ms."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from fractions import Fraction

import av
import numpy as np
from aiortc.mediastreams import MediaStreamError, MediaStreamTrack
from numpy.typing import NDArray

from streams.sinks.playout import Playout
from streams.webrtc.voices import Voices

RATE_HZ = 48_000
FRAME = RATE_HZ // 50
STALL_S = 0.2
"""Being later than this is a stall: the deadlines start anew instead of a burst making up for it."""


class ReplyTrack(MediaStreamTrack):
    """Pops a `Playout`, and the voices of others, at the pace of the event loop's clock, by absolute deadlines: waiting
    a fixed time a frame would add each frame's own lateness."""

    kind = "audio"

    def __init__(
        self, playout: Playout, voices: Voices | None = None, tap: Callable[[NDArray[np.float32]], None] | None = None
    ) -> None:
        """`tap` is called with every block `[960]` that goes out, mono 48 kHz, silence included."""
        super().__init__()
        self._tap = tap
        self.playout = playout
        self._voices = Voices() if voices is None else voices
        self._start_s: float | None = None
        self._sent = 0

    async def recv(self) -> av.AudioFrame:
        """The next 20 ms, when they are due.

        Raises:
            MediaStreamError: the track was stopped.
        """
        if self.readyState != "live":
            raise MediaStreamError
        now_s = asyncio.get_running_loop().time()
        if self._start_s is None:
            self._start_s = now_s
        late_s = now_s - self._start_s - self._sent / RATE_HZ
        if late_s < 0:
            await asyncio.sleep(-late_s)
        elif late_s > STALL_S:
            self._start_s += late_s
        samples = self.playout.pop(FRAME)
        if len(self._voices):
            samples = samples + self._voices.pop(FRAME)
        samples = np.clip(samples, -1.0, 1.0)
        if self._tap is not None:
            self._tap(samples)
        frame = av.AudioFrame.from_ndarray((samples * 32767).astype(np.int16)[None, :], format="s16", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = RATE_HZ, self._sent, Fraction(1, RATE_HZ)
        self._sent += FRAME
        return frame
