"""Cameras for measurements: recordings behind a real RTSP server, in a process that can be unplugged."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import socket
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Self

import av
import numpy as np
from numpy.typing import NDArray

from streams.errors import HeedError
from streams.sources.decode import read_video
from streams.types import NS

PYTHON = "/usr/bin/python3"
"""Debian's own, which has GStreamer."""
SERVER = Path(__file__).with_name("rtsp_server.py")
MISSING = (
    "no RTSP server to measure with: apt install python3-gi gir1.2-gst-rtsp-server-1.0 gstreamer1.0-plugins-base "
    "gstreamer1.0-plugins-good gstreamer1.0-plugins-bad"
)
ABSENT = ("No module named 'gi'", "Namespace Gst", "no element")
"""What the server complains of where a package is not installed."""
START_S = 30.0
KEY_EVERY_S = 2.0


class CameraServer:
    """An async context manager: serves recordings as `url(name)` while it is open and plugged in."""

    def __init__(self, recordings: Mapping[str, Path], port: int = 0) -> None:
        """`recordings`: H.264 in MP4, by name. Port 0 takes a free one."""
        self._recordings = recordings
        self.port = port or free_port()
        self._process: asyncio.subprocess.Process | None = None

    def url(self, name: str) -> str:
        """Where a recording is served."""
        return f"rtsp://127.0.0.1:{self.port}/{name}"

    def recording(self, name: str) -> Path:
        """What is served under that name."""
        return self._recordings[name]

    @property
    def pid(self) -> int:
        """Of the server's process; 0 when it is unplugged."""
        return 0 if self._process is None else self._process.pid

    async def __aenter__(self) -> Self:
        await self.plug()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.unplug()

    async def plug(self) -> None:
        """Begin to serve; returns when it listens.

        Raises:
            HeedError: there is no such server on this machine, or it does not start.
        """
        entries = [f"{name}={path}" for name, path in self._recordings.items()]
        if shutil.which(PYTHON) is None:
            raise HeedError(MISSING)
        with tempfile.TemporaryFile() as complaints:  # no pipe: nobody reads it while the server runs
            self._process = await asyncio.create_subprocess_exec(
                PYTHON, str(SERVER), str(self.port), *entries,
                stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=complaints,
            )  # fmt: skip
            assert self._process.stdout is not None
            try:
                line = await asyncio.wait_for(self._process.stdout.readline(), START_S)
            except TimeoutError:
                line = b""
            if line.strip() == b"ready":
                return
            ended = line or self._process.stdout.at_eof()
            await self.unplug()
            complaints.seek(0)
            raise HeedError(_why(complaints.read().decode(errors="replace"), bool(ended)))

    async def unplug(self) -> None:
        """Serve no longer, at once and without a goodbye."""
        if self._process is not None:
            if self._process.returncode is None:
                self._process.kill()
            await self._process.wait()
            self._process = None

    def fall_silent(self) -> None:
        """The line stays open and nothing comes, as when a cable is pulled. `unplug` and `plug` mend it."""
        if self.pid:
            os.kill(self.pid, signal.SIGSTOP)


def _why(complaints: str, ended: bool) -> str:
    """Why the server does not start, from what it wrote to standard error."""
    lines = [line.strip() for line in complaints.splitlines() if line.strip()]
    last = lines[-1] if lines else "it ended without a word" if ended else f"it was silent for {START_S:.0f} s"
    if any(word in complaints for word in ABSENT):
        return f"{MISSING} ({last})"
    return f"the RTSP server to measure with does not start: {last}"


def free_port() -> int:
    """A TCP port of loopback that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True, slots=True)
class Film:
    """How a camera's recording is made of another one."""

    seconds: float
    fps: float = 5.0
    size: tuple[int, int] = (640, 360)
    part_s: tuple[float, float] | None = None
    """Only this part, forth and back, so that nothing jumps; None: all of it, over and over."""


def film(source: Path, target: Path, wanted: Film) -> float:
    """Make a camera's recording, H.264 in MP4; returns how many seconds one round of it lasts."""
    size, fps = wanted.size, wanted.fps
    frames = []
    for frame in read_video(source, "x", fps, lambda line: None):
        if wanted.part_s is None or wanted.part_s[0] <= frame.t_ns / NS < wanted.part_s[1]:
            frames.append(_scaled(frame.rgb, size))
    if wanted.part_s is not None:
        frames += frames[-2:0:-1]
    with av.open(str(target), "w") as out:
        stream = out.add_stream("libx264", rate=Fraction(fps).limit_denominator(1000))
        stream.width, stream.height = size
        stream.pix_fmt = "yuv420p"
        stream.options = {"preset": "veryfast", "crf": "23", "x264-params": "bframes=0:sliced-threads=0:slices=1"}
        stream.codec_context.gop_size = round(KEY_EVERY_S * fps)
        for n in range(round(wanted.seconds * fps)):
            picture = av.VideoFrame.from_ndarray(frames[n % len(frames)], format="rgb24")
            picture.pts = n
            out.mux(stream.encode(picture))
        out.mux(stream.encode(None))
    return len(frames) / fps


def _scaled(rgb: NDArray[np.uint8], size: tuple[int, int]) -> NDArray[np.uint8]:
    """The middle of a picture in another format."""
    import cv2

    width, height = size
    scale = max(width / rgb.shape[1], height / rgb.shape[0])
    fitting = (max(width, round(rgb.shape[1] * scale)), max(height, round(rgb.shape[0] * scale)))
    large = cv2.resize(rgb, fitting, interpolation=cv2.INTER_AREA)
    left, top = (large.shape[1] - width) // 2, (large.shape[0] - height) // 2
    return np.ascontiguousarray(large[top : top + height, left : left + width])
