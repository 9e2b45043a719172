"""What network cameras and local cameras have in common: a thread that reads, an inbox, and never giving up."""

from __future__ import annotations

import asyncio
import concurrent.futures
import threading
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from types import TracebackType
from typing import Literal, Self

import av
from av.container import InputContainer

from streams.clock import Clock
from streams.errors import ChannelClosed, HeedError
from streams.sources.decode import Thinner, pick, to_float
from streams.sources.inbox import Inbox
from streams.sources.livetime import Backoff, LiveSound, SenderTime
from streams.sources.photo import MAX_PIXELS, check_size, to_rgb
from streams.types import NS, AudioChunk, Health, HealthState, Media, VideoFrame

AUDIO_CHUNKS = 64
"""So many chunks of sound wait for a slow consumer; then the reading thread waits."""

MAX_AHEAD_NS = NS // 4
"""A server hands out what it had buffered in one go: the excess of that first burst of sound is left out."""

Timing = Literal["stamped", "arrival", "paced"]
"""`stamped`: a live stream with usable time stamps; `arrival`: without; `paced`: a recording that a server hands
out faster than real time."""


@dataclass(frozen=True, slots=True)
class LiveOptions:
    """How a live source is read."""

    max_fps: float | None = 10.0
    """Frames a second at most, thinned before the costly conversion; None for all."""
    audio: bool = True
    video: bool = True
    first_retry_s: float = 1.0
    most_retry_s: float = 30.0
    """Between attempts to connect: doubling from the first to the most."""


@dataclass(frozen=True, slots=True)
class Opened:
    """An open stream and how its times are to be taken."""

    container: InputContainer
    timing: Timing


class LiveSource:
    """Reads what `open_stream` opens, again and again. Latest picture wins; sound waits; faults become `Health`."""

    def __init__(
        self,
        name: str,
        component: str,
        open_stream: Callable[[], Opened],
        clock: Clock,
        on_health: Callable[[Health], None],
        options: LiveOptions,
    ) -> None:
        """
        Args:
            name: the source's name, copied to all it yields.
            component: who is ill, in `Health`.
            open_stream: blocking; raises `HeedError` with one clear line, or `av.FFmpegError`.
            clock: whose time the media get.
            on_health: called on the event loop, on change only.
            options: thinning and retries.
        """
        self.name = name
        self._component = component
        self._open_stream = open_stream
        self._clock = clock
        self._on_health = on_health
        self._options = options
        self._told: tuple[HealthState, str] | None = None
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._latest: VideoFrame | None = None

    async def __aenter__(self) -> Self:
        self._loop = asyncio.get_running_loop()
        self._inbox: Inbox[Media] = Inbox()
        self._inbox.open("audio", AUDIO_CHUNKS, "wait")
        self._inbox.open("video", 1, "latest")
        self._executor = ThreadPoolExecutor(1, f"live-{self.name}")
        self._group = asyncio.TaskGroup()
        await self._group.__aenter__()
        self._task = self._group.create_task(self._supervise())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._inbox.close()
        self._task.cancel()
        self._executor.shutdown(wait=False, cancel_futures=True)
        await self._group.__aexit__(kind, error, trace)

    def __aiter__(self) -> AsyncIterator[Media]:
        """What arrives, until the source is closed (or a recording handed out by a server is over)."""
        return aiter(self._inbox)

    @property
    def dropped(self) -> int:
        """How many pictures were replaced by a newer one before anybody took them."""
        return self._inbox.dropped("video")

    async def _supervise(self) -> None:
        backoff = Backoff(self._options.first_retry_s, self._options.most_retry_s)
        while True:
            session = _Session(self._options, self._clock, self.name)
            try:
                await self._loop.run_in_executor(self._executor, self._read, session)
                if session.timing == "paced" and session.given:
                    self._inbox.close()
                    return
                reason = "the stream ended"
            except HeedError as error:
                reason = str(error)
            except av.error.ExitError:
                reason = "nothing arrives any more"
            except av.FFmpegError as error:
                reason = f"cannot be read ({error.strerror})"  # never str(error): it has the address with its password
            if session.given:
                backoff.reset()
            self._tell("failed", f"{reason}; trying again")
            await self._clock.sleep_until(self._clock.now_ns() + round(backoff.next_s() * NS))

    def _tell(self, state: HealthState, reason: str) -> None:
        if self._told != (state, reason):
            self._told = (state, reason)
            self._on_health(Health(self._component, state, reason, self._clock.now_ns()))

    # From here on: the reading thread.

    def _read(self, session: _Session) -> None:
        opened = self._open_stream()
        with opened.container as container:
            session.begin(opened)
            audio, video = pick(container)
            if video is not None:
                check_size(video.codec_context.width, video.codec_context.height, f"the picture of {self.name}")
                video.codec_context.options = {"max_pixels": str(MAX_PIXELS)}
            wanted = [s for s, yes in ((audio, self._options.audio), (video, self._options.video)) if s and yes]
            for packet in container.demux(*wanted):
                if self._stop.is_set():
                    return
                try:
                    frames = packet.decode()
                except av.InvalidDataError:
                    continue  # a lost packet damages a picture or two; the next key frame mends it
                for frame in frames:
                    self._hand_on(session, frame)

    def _hand_on(self, session: _Session, frame: object) -> None:
        if isinstance(frame, av.AudioFrame):
            self._wait_until(session.due_ns(frame))
            for chunk in session.sound_of(frame):
                self._put(chunk)
        elif isinstance(frame, av.VideoFrame):
            self._wait_until(session.due_ns(frame))
            picture = session.picture_of(frame)
            if picture is not None:
                self._show(picture)
        if session.given and not session.told:
            session.told = True
            self._loop.call_soon_threadsafe(self._tell, "ok", "it runs")

    def _wait_until(self, t_ns: int | None) -> None:
        if t_ns is not None:
            self._stop.wait(max(0, t_ns - self._clock.now_ns()) / NS)

    def _put(self, chunk: AudioChunk) -> None:
        future = asyncio.run_coroutine_threadsafe(self._inbox.put("audio", chunk), self._loop)
        while not self._stop.is_set():
            try:
                return future.result(timeout=0.5)
            except concurrent.futures.TimeoutError:
                continue
            except (ChannelClosed, concurrent.futures.CancelledError):
                return None

    def _show(self, picture: VideoFrame) -> None:
        """At most one picture is on its way to the event loop: while it is busy, a newer one takes its place."""
        with self._lock:
            waiting = self._latest is not None
            self._latest = picture
        if not waiting:
            self._loop.call_soon_threadsafe(self._take)

    def _take(self) -> None:
        with self._lock:
            picture, self._latest = self._latest, None
        if picture is not None:
            self._inbox.offer("video", picture)


class _Session:
    """One connection: its clock mapping, thinning and sound. Lives on the reading thread."""

    def __init__(self, options: LiveOptions, clock: Clock, name: str) -> None:
        self.timing: Timing = "stamped"
        self.given = False
        self.told = False
        self._clock = clock
        self._name = name
        self._time = SenderTime()
        self._thin = Thinner(options.max_fps)
        self._sound = LiveSound(name, overlap_ns=MAX_AHEAD_NS)
        self._paced_from: int | None = None
        self._last_ns = -1

    def begin(self, opened: Opened) -> None:
        self.timing = opened.timing

    def due_ns(self, frame: av.AudioFrame | av.VideoFrame) -> int | None:
        """For a recording: when it is this frame's turn."""
        stamp = _stamp_ns(frame)
        if self.timing != "paced" or stamp is None:
            return None
        if self._paced_from is None:
            self._paced_from = self._clock.now_ns() - stamp
        return self._paced_from + stamp

    def sound_of(self, frame: av.AudioFrame) -> list[AudioChunk]:
        samples = to_float(frame)
        length_ns = len(samples) * NS // frame.sample_rate
        stamp = _stamp_ns(frame)
        end_ns = self._captured(None if stamp is None else stamp + length_ns)
        chunks = self._sound.add(samples, frame.sample_rate, max(0, end_ns - length_ns))
        self.given = self.given or bool(chunks)
        return chunks

    def picture_of(self, frame: av.VideoFrame) -> VideoFrame | None:
        t_ns = max(self._captured(_stamp_ns(frame)), self._last_ns + 1)
        if not self._thin.keep(t_ns):
            return None
        self._last_ns = t_ns
        self.given = True
        return VideoFrame(self._name, t_ns, to_rgb(frame))

    def _captured(self, stamp_ns: int | None) -> int:
        now_ns = self._clock.now_ns()
        if self.timing == "arrival" or stamp_ns is None:
            return now_ns
        return self._time.at(stamp_ns, now_ns)


def _stamp_ns(frame: av.AudioFrame | av.VideoFrame) -> int | None:
    if frame.pts is None or frame.time_base is None:
        return None
    return round(frame.pts * frame.time_base * NS)
