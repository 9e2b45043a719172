"""Takes what aiortc decoded off its unbounded queues, at once and always, and hands on what heed wants of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import Executor

import av
import numpy as np
from aiortc.mediastreams import MediaStreamError, MediaStreamTrack
from numpy.typing import NDArray

from streams.channel import Channel
from streams.clock import Clock
from streams.types import NS, SAMPLE_RATE_HZ, AudioChunk, HealthState, VideoFrame
from streams.webrtc.timeline import SoundTimeline
from streams.webrtc.voices import RATE_HZ as VOICE_RATE_HZ
from streams.webrtc.voices import Voice

Report = Callable[[HealthState, str], None]
"""Takes a change of health."""

IDLE_CHECK_NS = NS // 5
DECODER_CHECK_NS = NS
UNDECODABLE = 10
"""Encoded frames without one that could be decoded, until it is said."""
PICTURE_SLACK_NS = NS
"""How far pictures' own times may run away from the clock before they are tied to it anew."""


class AudioReceiver:
    """A remote audio track as `AudioChunk`s, mono 16 kHz. Never waits: a full channel loses the chunk and says so."""

    def __init__(
        self,
        source: str,
        clock: Clock,
        out: Channel[AudioChunk],
        report: Report,
        listeners: Mapping[str, Voice] | None = None,
    ) -> None:
        """`listeners`: other people who hear this sound as it comes; they come and go."""
        self.timeline = SoundTimeline(source)
        self.received = 0
        """Decoded frames."""
        self.lost = 0
        """Chunks that the channel had no room for."""
        self.last_ns = clock.now_ns()
        """Stream time at which something last came."""
        self._clock, self._out, self._report = clock, out, report
        self._listeners = {} if listeners is None else listeners
        self._key = (0, "", "")
        self._resamplers: dict[int, av.AudioResampler] = {}
        self._failing = False

    async def run(self, track: MediaStreamTrack) -> None:
        """Until the track ends."""
        while True:
            try:
                frame = await track.recv()
            except MediaStreamError:
                return
            if isinstance(frame, av.AudioFrame) and frame.pts is not None and frame.time_base is not None:
                self.last_ns = self._clock.now_ns()
                self.received += 1
                position = int(frame.pts * frame.time_base * SAMPLE_RATE_HZ)
                self._know(frame)
                self._emit(self.timeline.place(position, self._convert(frame, SAMPLE_RATE_HZ), self.last_ns))
                if self._listeners:
                    samples = self._convert(frame, VOICE_RATE_HZ)
                    for voice in self._listeners.values():
                        voice.push(samples)

    async def watch_idle(self) -> None:
        """Emit silence where the sender went quiet altogether; runs until cancelled."""
        while True:
            await self._clock.sleep_until(self._clock.now_ns() + IDLE_CHECK_NS)
            self._emit(self.timeline.idle(self._clock.now_ns()))

    def _know(self, frame: av.AudioFrame) -> None:
        """A sender may change its codec: begin anew."""
        key = (frame.sample_rate, frame.layout.name, frame.format.name)
        if self._key != key:
            self._key = key
            self._resamplers.clear()

    def _convert(self, frame: av.AudioFrame, rate_hz: int) -> NDArray[np.float32]:
        if (resampler := self._resamplers.get(rate_hz)) is None:
            # In integers: FFmpeg mixes stereo down to the same loudness; in floats it comes out 1.41 times louder.
            resampler = self._resamplers[rate_hz] = av.AudioResampler("s16", "mono", rate_hz)
        frame.pts = None  # places are the time line's business; the resampler would warn about every gap
        parts = [part.to_ndarray()[0] for part in resampler.resample(frame)]
        return np.concatenate(parts).astype(np.float32) / np.float32(32768) if parts else np.zeros(0, np.float32)

    def _emit(self, chunks: list[AudioChunk]) -> None:
        for chunk in chunks:
            if self._out.offer(chunk):
                if self._failing and len(self._out) == 1:
                    self._failing = False
                    self._report("ok", "sound is taken in again as it comes")
            elif not self._out.closed:
                self.lost += 1
                if not self._failing:
                    self._failing = True
                    self._report("degraded", "sound comes faster than it is taken in; some is lost")


class VideoReceiver:
    """A remote video track as `VideoFrame`s: every frame is taken off the track, few are converted to RGB."""

    def __init__(
        self,
        source: str,
        clock: Clock,
        out: Channel[VideoFrame],
        report: Report,
        max_fps: float,
        max_size: tuple[int, int],
    ) -> None:
        self.received = 0
        """Decoded frames."""
        self.last_ns = clock.now_ns()
        self._source, self._clock, self._out, self._report = source, clock, out, report
        self._period_ns = round(NS / max_fps)
        self._max_size = max_size
        self._latest: Channel[tuple[int, av.VideoFrame]] = Channel(1, "latest", f"{source} decoded")
        self._origin_ns: int | None = None
        self._due_ns = 0
        self._scaled = False

    async def run(self, track: MediaStreamTrack) -> None:
        """Until the track ends: keep the newest due frame for `convert`, let go of the others."""
        try:
            while True:
                frame = await track.recv()
                if isinstance(frame, av.VideoFrame) and frame.pts is not None and frame.time_base is not None:
                    self.received += 1
                    t_ns = self._time(int(frame.pts * frame.time_base * NS))
                    if t_ns >= self._due_ns - self._period_ns // 20:
                        self._due_ns = max(self._due_ns + self._period_ns, t_ns + self._period_ns // 2)
                        self._latest.offer((t_ns, frame))
        except MediaStreamError:
            self._latest.close()

    async def convert(self, executor: Executor) -> None:
        """Convert the frames that `run` kept, on `executor`, until the track ends."""
        loop = asyncio.get_running_loop()
        async for t_ns, frame in self._latest:
            size = fit(frame.width, frame.height, self._max_size)
            if size != (frame.width, frame.height) and not self._scaled:
                self._scaled = True
                line = f"pictures of {frame.width} x {frame.height} are scaled down to {size[0]} x {size[1]}"
                self._report("degraded", f"{line}; send at most {self._max_size[0]} x {self._max_size[1]}")
            rgb = await loop.run_in_executor(executor, to_rgb, frame, size)
            self._out.offer(VideoFrame(self._source, t_ns, rgb))

    def _time(self, sent_ns: int) -> int:
        """Stream time of a frame by its sender's time, tied to the clock at the first frame."""
        self.last_ns = now_ns = self._clock.now_ns()
        if self._origin_ns is None or abs(self._origin_ns + sent_ns - now_ns) > PICTURE_SLACK_NS:
            self._origin_ns = now_ns - sent_ns
        return self._origin_ns + sent_ns


async def watch_decoder(
    kind: str, passed: Callable[[], int], decoded: Callable[[], int], clock: Clock, report: Report
) -> None:
    """Say it when encoded frames come and none can be decoded, once, and when it is over; runs until cancelled.

    Args:
        kind: `audio` or `video`.
        passed: encoded frames given to the decoder so far.
        decoded: frames that came out so far.
        clock: stream time.
        report: takes the change of health.
    """
    failing, before = False, (0, 0)
    what = "sound" if kind == "audio" else "pictures"
    while True:
        await clock.sleep_until(clock.now_ns() + DECODER_CHECK_NS)
        now = passed(), decoded()
        if now[1] > before[1]:
            if failing:
                report("ok", f"{what} can be decoded again")
            failing, before = False, now
        elif now[0] - before[0] >= UNDECODABLE and not failing:
            failing = True
            report("degraded", f"the {what} that come cannot be decoded: is it another codec than was agreed on?")


def fit(width: int, height: int, most: tuple[int, int]) -> tuple[int, int]:
    """The size, of the same shape, that fits into `most` (turned by 90 degrees for an upright picture)."""
    long, short = max(most), min(most)
    scale = min(1.0, long / max(width, height), short / min(width, height))
    return (width, height) if scale == 1.0 else (max(2, round(width * scale)), max(2, round(height * scale)))


def to_rgb(frame: av.VideoFrame, size: tuple[int, int]) -> NDArray[np.uint8]:
    """`[height, width, 3]`."""
    rgb = frame.reformat(width=size[0], height=size[1], format="rgb24").to_ndarray()
    return np.asarray(rgb, np.uint8)
