"""Outgoing tracks of a client: media with stream times go out in real time, as a camera and a microphone would."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from fractions import Fraction

import av
import numpy as np
from aiortc.mediastreams import MediaStreamError, MediaStreamTrack
from numpy.typing import NDArray

from streams.types import NS, SAMPLE_RATE_HZ, AudioChunk, VideoFrame

FRAME = SAMPLE_RATE_HZ // 50
VIDEO_CLOCK_HZ = 90_000
LATE_S = 0.3
"""A picture later than this is left out: the machine is too slow, and the next one is due."""


class Pace:
    """The common start of a client's tracks: stream time zero is when the first of them was asked for media."""

    def __init__(self) -> None:
        self._start_s: float | None = None

    def due_in_s(self, t_s: float) -> float:
        """Seconds from now until stream time `t_s`; negative when it has passed."""
        now_s = asyncio.get_running_loop().time()
        if self._start_s is None:
            self._start_s = now_s
        return self._start_s + t_s - now_s


class AudioFeed(MediaStreamTrack):
    """Chunks in time order as frames of 20 ms; silence in gaps, and after the end until stopped."""

    kind = "audio"

    def __init__(self, chunks: AsyncIterator[AudioChunk], pace: Pace, done: asyncio.Event) -> None:
        super().__init__()
        self._chunks, self._pace, self._done = chunks, pace, done
        self._parts: list[NDArray[np.float32]] = []
        self._have = 0
        self._taken = 0
        self._sent = 0

    async def recv(self) -> av.AudioFrame:
        """The next frame, when it is due."""
        if self.readyState != "live":
            raise MediaStreamError
        await self._fill()
        if (wait_s := self._pace.due_in_s(self._sent / SAMPLE_RATE_HZ)) > 0:
            await asyncio.sleep(wait_s)
        samples = np.clip(self._pop(), -1.0, 1.0)
        frame = av.AudioFrame.from_ndarray((samples * 32767).astype(np.int16)[None, :], format="s16", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = SAMPLE_RATE_HZ, self._sent, Fraction(1, SAMPLE_RATE_HZ)
        self._sent += FRAME
        return frame

    async def _fill(self) -> None:
        while self._have < FRAME and not self._done.is_set():
            try:
                chunk = await anext(self._chunks)
            except StopAsyncIteration:
                self._done.set()
                return
            gap = chunk.t0_ns * SAMPLE_RATE_HZ // NS - self._taken
            for part in (np.zeros(max(0, gap), np.float32), chunk.samples):
                self._parts.append(part)
                self._have += len(part)
                self._taken += len(part)

    def _pop(self) -> NDArray[np.float32]:
        sound = np.concatenate([*self._parts, np.zeros(max(0, FRAME - self._have), np.float32)])
        self._parts = [sound[FRAME:]]
        self._have = len(self._parts[0])
        return sound[:FRAME]


class VideoFeed(MediaStreamTrack):
    """Frames in time order at their times; nothing after the end, until stopped."""

    kind = "video"

    def __init__(self, frames: AsyncIterator[VideoFrame], pace: Pace, done: asyncio.Event) -> None:
        super().__init__()
        self._frames, self._pace, self._done = frames, pace, done
        self.skipped = 0
        """Pictures left out because their time had passed."""

    async def recv(self) -> av.VideoFrame:
        """The next frame, when it is due."""
        while self.readyState == "live":
            try:
                picture = await anext(self._frames)
            except StopAsyncIteration:
                self._done.set()
                await asyncio.Event().wait()  # until the sender that waits here is stopped
                break
            wait_s = self._pace.due_in_s(picture.t_ns / NS)
            if wait_s < -LATE_S:
                self.skipped += 1
                continue
            if wait_s > 0:
                await asyncio.sleep(wait_s)
            frame = av.VideoFrame.from_ndarray(picture.rgb, format="rgb24")
            frame.pts, frame.time_base = picture.t_ns * VIDEO_CLOCK_HZ // NS, Fraction(1, VIDEO_CLOCK_HZ)
            return frame
        raise MediaStreamError
