"""What network cameras and local cameras have in common: a thread that reads, an inbox, and never giving up."""

from __future__ import annotations

import asyncio
import concurrent.futures
import logging
import threading
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Self

import av

from streams.clock import Clock
from streams.errors import SLIPS, ChannelClosed, HeedError, SourceError
from streams.sources.decode import pick
from streams.sources.inbox import Inbox
from streams.sources.line import STATES, Grade, Line
from streams.sources.livetime import Backoff
from streams.sources.photo import MAX_PIXELS, check_size
from streams.sources.session import LiveOptions, Opened, Session
from streams.types import NS, AudioChunk, Health, HealthState, Media, VideoFrame, ns

AUDIO_CHUNKS = 64
"""So many chunks of sound wait for a slow consumer; then the reading thread waits."""


SMALL_PIXELS = 1280 * 720
"""Up to this size one thread decodes a camera: several would cost more than they gain."""
LOOK_AFTER_S = 5.0
"""So often the connection is graded and the reading thread looked after."""
HANG_S = 60.0
"""A reading thread that has done nothing for so long is left behind, and another takes its place."""
MOST_LEFT = 3
"""No more of a camera's threads are left behind at once: they keep their memory."""
SIGN_S = 0.5
"""A reading thread that waits on purpose gives a sign of life so often."""
FEW = 3
"""A connection that falls silent before so many pictures may just be a slow camera."""

_LOG = logging.getLogger("heed.live")


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
        self.share = 0.0
        """Processor cores that receiving and decoding take, of late."""
        self.device_failed = ""
        """What is wrong with the device that was to decode; the processor does it from then on."""
        self.silences = 0
        """Connections in a row that fell silent after no more than a few pictures."""
        self._told: dict[str, tuple[HealthState, str]] = {}
        self._line = Line()
        self._stop = threading.Event()
        self._left: list[concurrent.futures.Future[None]] = []
        """Threads that hang and were left behind."""
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
        self._tasks = [self._group.create_task(work) for work in (self._supervise(), self._grade())]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._inbox.close()
        for task in self._tasks:
            task.cancel()
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
            session = Session(self._options, self._clock, self.name)
            try:
                await self._reading(session)
                if session.timing == "paced" and session.given:
                    self._inbox.close()
                    return
                reason = "the stream ended"
            except HeedError as error:
                reason = str(error)
            except av.error.ExitError:
                reason = "nothing arrives any more"
                self.silences = self.silences + 1 if session.pictures <= FEW else 0
            except av.FFmpegError as error:
                reason = f"cannot be read ({error.strerror})"  # never str(error): it has the address with its password
            except (*SLIPS, OSError) as error:  # no camera may end the agent
                reason = f"its reader failed ({type(error).__name__})"
                _LOG.warning("%s: %s", self._component, reason, exc_info=error)
            if session.given:
                backoff.reset()
            if session.device_failed:
                self.device_failed = reason
            self._tell("failed", f"{reason}; trying again")
            await self._clock.sleep_until(self._clock.now_ns() + round(backoff.next_s() * NS))

    async def _reading(self, session: Session) -> None:
        """Have the thread read until the connection ends; leave the thread behind when it hangs."""
        self._left = [thread for thread in self._left if not thread.done()]
        if len(self._left) >= MOST_LEFT:
            raise SourceError(f"{MOST_LEFT} of its readers hang, and no more are begun until one of them comes back")
        thread = self._executor.submit(self._read, session)
        reading = asyncio.wrap_future(thread)
        hanging = self._loop.create_task(self._hangs(session))
        try:
            await asyncio.wait((reading, hanging), return_when=asyncio.FIRST_COMPLETED)
            if reading.done():
                return reading.result()
            session.left_behind = True
            self._left.append(thread)
            self._executor.shutdown(wait=False, cancel_futures=True)
            self._executor = ThreadPoolExecutor(1, f"live-{self.name}")
            raise SourceError(f"its reader has hung for {HANG_S:.0f} s and was replaced")
        finally:
            hanging.cancel()
            reading.cancel()

    async def _hangs(self, session: Session) -> None:
        """Return when the thread has given no sign of life for too long."""
        session.alive_ns = self._clock.now_ns()
        while self._clock.now_ns() - session.alive_ns < ns(HANG_S):
            await self._clock.sleep_until(self._clock.now_ns() + ns(LOOK_AFTER_S))

    async def _grade(self) -> None:
        told: Grade = "excellent"
        while True:
            await self._clock.sleep_until(self._clock.now_ns() + ns(LOOK_AFTER_S))
            quality = self._line.quality(self._clock.now_ns())
            if quality.grade != told:
                told = quality.grade
                self._tell(STATES[told], quality.reason, f"line:{self.name}")

    def _tell(self, state: HealthState, reason: str, component: str = "") -> None:
        component = component or self._component
        if self._told.get(component) != (state, reason):
            self._told[component] = (state, reason)
            self._on_health(Health(component, state, reason, self._clock.now_ns()))

    # From here on: the reading thread.

    def _read(self, session: Session) -> None:
        opened = self._open_stream()
        with opened.container as container:
            session.begin(opened)
            self._decoding(opened)
            audio, video = pick(container)
            if video is not None:
                width, height = video.codec_context.width, video.codec_context.height
                check_size(width, height, f"the picture of {self.name}")
                video.codec_context.options = {"max_pixels": str(MAX_PIXELS)}
                if width * height <= SMALL_PIXELS:
                    video.codec_context.thread_count = 1
            wanted = [s for s, yes in ((audio, self._options.audio), (video, self._options.video)) if s and yes]
            for packet in container.demux(*wanted):
                if self._stop.is_set() or session.left_behind:
                    return
                session.alive_ns = self._clock.now_ns()
                if packet.stream is video and session.passes_over(packet):
                    continue
                try:
                    frames = packet.decode()
                except av.FFmpegError as error:
                    session.damaged(error)
                    continue
                for frame in frames:
                    self._hand_on(session, frame)
                self.share = session.share

    def _decoding(self, opened: Opened) -> None:
        if opened.trouble:
            self._tell_soon("degraded", f"{opened.trouble}; the processor decodes", f"decode:{self.name}")
        elif opened.device:
            self._tell_soon("ok", f"{opened.device} decodes", f"decode:{self.name}")

    def _hand_on(self, session: Session, frame: object) -> None:
        if not isinstance(frame, av.AudioFrame | av.VideoFrame) or not self._its_turn(session, frame):
            return
        if isinstance(frame, av.AudioFrame):
            for chunk in session.sound_of(frame):
                self._put(chunk, session)
        else:
            self._line.picture(self._clock.now_ns())
            picture = session.picture_of(frame)
            if picture is not None:
                self._show(picture)
            if wrong := session.clock_wrong(frame):
                self._tell_soon(*wrong, f"clock:{self.name}")
        if session.given and not session.told:
            session.told = True
            self._line.connected(self._clock.now_ns())
            self._tell_soon("ok", "it runs")

    def _tell_soon(self, state: HealthState, reason: str, component: str = "") -> None:
        self._loop.call_soon_threadsafe(self._tell, state, reason, component)

    def _its_turn(self, session: Session, frame: av.AudioFrame | av.VideoFrame) -> bool:
        """Wait until a recording's frame is due; False if nobody wants it any more."""
        due_ns = session.due_ns(frame)
        while not (self._stop.is_set() or session.left_behind):
            session.alive_ns = self._clock.now_ns()
            if due_ns is None or due_ns <= session.alive_ns:
                return True
            self._stop.wait(min(SIGN_S, (due_ns - session.alive_ns) / NS))
        return False

    def _put(self, chunk: AudioChunk, session: Session) -> None:
        future = asyncio.run_coroutine_threadsafe(self._inbox.put("audio", chunk), self._loop)
        while not self._stop.is_set():
            try:
                return future.result(timeout=SIGN_S)
            except concurrent.futures.TimeoutError:
                session.alive_ns = self._clock.now_ns()
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
