"""This machine's own microphone and camera."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections import deque
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import av
import numpy as np
from numpy.typing import NDArray

from streams.clock import Clock
from streams.errors import DeviceError
from streams.sources.audio_driver import device_info, open_stream
from streams.sources.live import LiveOptions, LiveSource, Opened
from streams.sources.livetime import LiveSound
from streams.types import NS, AudioChunk, Health, HealthState

BLOCK_S = 0.02
RING_S = 5.0
"""So much sound waits for a stalled event loop; then the oldest is lost, counted and reported."""
DEAD_S = 5.0
"""A microphone that delivers nothing for so long is reported as failed."""
REPORT_EVERY_NS = 10 * NS


class Microphone:
    """A source of `AudioChunk`s, mono 16 kHz, some 20 ms each. Reports `microphone:<name>`.

    PortAudio calls back on its own thread; the callback copies the block (the buffer is reused) and leaves at once.
    """

    def __init__(
        self,
        name: str,
        clock: Clock,
        on_health: Callable[[Health], None],
        *,
        device: str | int | None = None,
        driver: Any = None,
    ) -> None:
        """
        Args:
            name: the source's name.
            clock: whose time the sound gets.
            on_health: called on the event loop, on change only.
            device: PortAudio's name or number; None for the default microphone.
            driver: the sounddevice module; None to load it when opened.
        """
        self.name = name
        self.lost_s = 0.0
        """Seconds of sound lost because the event loop stalled."""
        self.overflows = 0
        """How often the driver said that it lost sound."""
        self._clock = clock
        self._on_health = on_health
        self._device = device
        self._driver = driver
        self._lock = threading.Lock()
        self._ring: deque[tuple[NDArray[np.float32], int]] = deque()
        self._told: tuple[HealthState, str] | None = None
        self._reported_ns = -REPORT_EVERY_NS
        self._rate_hz = 0

    async def __aenter__(self) -> Self:
        """Open the microphone and start it.

        Raises:
            DeviceError: PortAudio or the microphone is missing, or refuses.
        """
        self._loop = asyncio.get_running_loop()
        self._some = asyncio.Event()
        self._over = False
        self._executor = ThreadPoolExecutor(1, f"microphone-{self.name}")
        try:
            self._stream = await self._loop.run_in_executor(self._executor, self._open)
        except DeviceError:
            self._executor.shutdown(wait=False)
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over = True
        self._some.set()
        await self._loop.run_in_executor(self._executor, self._stream.close)
        self._executor.shutdown(wait=False)

    async def __aiter__(self) -> AsyncIterator[AudioChunk]:
        """Sound, until closed.

        Raises:
            DeviceError: the driver stopped the stream, as when the microphone is unplugged.
        """
        sound = LiveSound(self.name, gap_ns=NS // 2)
        while True:
            taken = await self._take()
            if not taken:
                if self._over:
                    return
                raise DeviceError(f"the microphone {self.name} stopped; was it unplugged?")
            for block, t0_ns in taken:
                for chunk in sound.add(block, self._rate_hz, t0_ns):
                    yield chunk

    async def _take(self) -> list[tuple[NDArray[np.float32], int]]:
        """All blocks that wait, at least one; none when the stream is over."""
        while True:
            with self._lock:
                taken = list(self._ring)
                self._ring.clear()
                self._some.clear()
            if taken:
                self._tell("ok", "it runs")
                return taken
            if self._over or not self._stream.active:
                return []
            try:
                async with asyncio.timeout(DEAD_S):
                    await self._some.wait()
            except TimeoutError:
                self._tell("failed", f"no sound has arrived from it for {DEAD_S:.0f} s")

    def _open(self) -> Any:
        driver = self._driver or load_driver()
        info = device_info(driver, self._device, "input")
        self._rate_hz = int(info["default_samplerate"])
        settings = {
            "samplerate": self._rate_hz,
            "blocksize": round(self._rate_hz * BLOCK_S),
            "device": self._device,
            "latency": "high",  # robust against stalls; speech recognition does not miss the few ms
            "callback": self._callback,
            "finished_callback": self._finished,
        }
        stream = open_stream(driver, driver.InputStream, settings, f"the microphone {info['name']}")
        stream.start()
        return stream

    def _callback(self, indata: NDArray[np.float32], frames: int, time: Any, status: Any) -> None:
        """On PortAudio's thread."""
        block = np.array(indata, np.float32)
        length_ns = frames * NS // self._rate_hz
        delay_s = time.currentTime - time.inputBufferAdcTime
        # Some drivers leave the times at zero: then the block has just ended.
        delay_ns = round(delay_s * NS) if length_ns / NS / 2 < delay_s < 1 else length_ns
        t0_ns = max(0, self._clock.now_ns() - delay_ns)
        with self._lock:
            self._ring.append((block, t0_ns))
            lost = len(self._ring) * frames > RING_S * self._rate_hz
            if lost:
                gone, _ = self._ring.popleft()
                self.lost_s += len(gone) / self._rate_hz
            wake = len(self._ring) == 1
        if status.input_overflow:
            self.overflows += 1
        try:
            if wake:
                self._loop.call_soon_threadsafe(self._some.set)
            if lost or status.input_overflow:
                self._loop.call_soon_threadsafe(self._report_loss)
        except RuntimeError:
            return  # the loop was closed while the driver was still running

    def _finished(self) -> None:
        """On PortAudio's thread: the stream stopped, asked or not."""
        try:
            self._loop.call_soon_threadsafe(self._some.set)
        except RuntimeError:
            return

    def _report_loss(self) -> None:
        if self._clock.now_ns() - self._reported_ns >= REPORT_EVERY_NS:
            self._reported_ns = self._clock.now_ns()
            self._tell("degraded", "sound is lost: this machine is too busy to read the microphone in time")

    def _tell(self, state: HealthState, reason: str) -> None:
        recent = self._clock.now_ns() - self._reported_ns < REPORT_EVERY_NS
        if self._told == (state, reason) or (state == "ok" and recent and self._told is not None):
            return
        self._told = (state, reason)
        self._on_health(Health(f"microphone:{self.name}", state, reason, self._clock.now_ns()))


class Camera(LiveSource):
    """A source of `VideoFrame`s from a camera of this machine. Reports `camera:<name>`; reopens it when it fails."""

    def __init__(
        self,
        name: str,
        clock: Clock,
        on_health: Callable[[Health], None],
        *,
        device: str = "",
        size: tuple[int, int] = (640, 480),
        options: LiveOptions | None = None,
    ) -> None:
        """
        Args:
            name: the source's name.
            clock: whose time the pictures get.
            on_health: called on the event loop, on change only.
            device: `/dev/video0` on Linux, a number on macOS, a name on Windows; empty for the first camera.
            size: width and height to ask the camera for.
            options: thinning and retries.
        """
        self._camera = device
        self._size = size
        super().__init__(name, f"camera:{name}", self._open, clock, on_health, options or LiveOptions(audio=False))

    async def __aenter__(self) -> Self:
        """Check that the camera is there, and start reading it.

        Raises:
            DeviceError: there is no such camera.
        """
        _address(self._camera)
        return await super().__aenter__()

    def _open(self) -> Opened:
        file_name, format_name = _address(self._camera)
        settings = {"video_size": f"{self._size[0]}x{self._size[1]}"}
        try:
            return Opened(av.open(file_name, "r", format=format_name, options=settings, timeout=10.0), "stamped")
        except PermissionError:
            raise DeviceError(f"{file_name} may not be read by this user: add the user to the group video") from None
        except (av.FFmpegError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise DeviceError(f"the camera {file_name} cannot be opened ({reason})") from None


def load_driver() -> Any:
    """The sounddevice module.

    Raises:
        DeviceError: it, or the PortAudio library under it, is not installed.
    """
    try:
        import sounddevice  # late: importing it loads PortAudio, which asks the sound server
    except ImportError:
        raise DeviceError("sound devices need the package sounddevice: pip install sounddevice") from None
    except OSError:
        raise DeviceError(
            "the PortAudio library is missing: install it (Debian and Ubuntu: apt install libportaudio2)"
        ) from None
    return sounddevice


def cameras() -> list[str]:
    """This machine's cameras; only Linux can tell."""
    return sorted(str(p) for p in Path("/dev").glob("video*")) if sys.platform == "linux" else []


def _address(device: str) -> tuple[str, str]:
    """`(file, format)` for FFmpeg.

    Raises:
        DeviceError: there is no such camera.
    """
    if sys.platform == "darwin":
        return device or "0", "avfoundation"
    if sys.platform == "win32":
        if not device:
            raise DeviceError("name the camera to use, as Windows shows it in its settings")
        return f"video={device}", "dshow"
    found = cameras()
    if not device and found:
        return found[0], "v4l2"
    if not device or not Path(device).exists():
        there = f"; there are: {', '.join(found)}" if found else "; none is connected to this machine"
        raise DeviceError(f"no camera {device or '/dev/video0'} was found{there}")
    return device, "v4l2"
