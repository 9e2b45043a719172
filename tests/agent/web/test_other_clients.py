"""WHIP publishers that are not ours: GStreamer's webrtcbin, from Debian's packages."""

from __future__ import annotations

import asyncio
import subprocess
from pathlib import Path

import numpy as np
import pytest

from agent.bus import Bus
from agent.web.access import WebOptions
from agent.web.server import WebServer
from streams.clock import MonotonicClock
from streams.types import AudioChunk, VideoFrame
from streams.webrtc.peer import HUNG_UP, Peer
from tests.webrtc_link import until

PYTHON = Path("/usr/bin/python3")
SCRIPT = Path(__file__).resolve().parents[2] / "gst_whip.py"
PROBE = (
    "import gi\nfor name in ('Gst', 'GstSdp', 'GstWebRTC'): gi.require_version(name, '1.0')\n"
    "from gi.repository import Gst\nGst.init(None)\n"
    "names = ('webrtcbin', 'nicesrc', 'opusenc', 'vp8enc', 'openh264enc')\n"
    "missing = [n for n in names if Gst.ElementFactory.find(n) is None]\n"
    "raise SystemExit(' '.join(missing) or 0)"
)


@pytest.fixture(scope="module")
def gstreamer() -> Path:
    """Debian's Python with GStreamer's WebRTC, or a skip that says what to install."""
    if not PYTHON.exists():
        pytest.skip("there is no /usr/bin/python3")
    probe = subprocess.run([PYTHON, "-c", PROBE], capture_output=True, text=True, timeout=120)
    if probe.returncode:
        pytest.skip("GStreamer's WebRTC is missing: run tools/debian.sh test")
    return PYTHON


class Ears:
    """Takes in what a publisher sends."""

    def __init__(self) -> None:
        self.chunks: list[AudioChunk] = []
        self.frames: list[VideoFrame] = []
        self.reasons: list[str] = []

    async def attend(self, peer: Peer) -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(self._hear(peer))
            group.create_task(self._see(peer))
        self.reasons.append(peer.reason)

    async def _hear(self, peer: Peer) -> None:
        async for chunk in peer.audio:
            self.chunks.append(chunk)

    async def _see(self, peer: Peer) -> None:
        async for frame in peer.video:
            self.frames.append(frame)


@pytest.mark.parametrize("codec", ["vp8", "h264", "h264-bare"])
async def test_gstreamer_publishes_by_whip(gstreamer: Path, codec: str) -> None:
    ears = Ears()
    async with WebServer(WebOptions(port=0), Bus(), ears.attend, MonotonicClock()) as server:
        command = (gstreamer, SCRIPT, f"{server.url}/whip/gst", codec)
        pipe = asyncio.subprocess.PIPE
        client = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, stderr=pipe)
        try:
            await until(lambda: len(ears.frames) > 10 and len(ears.chunks) > 50, "sound and pictures of GStreamer")
        finally:
            assert client.stdin is not None
            client.stdin.close()
            _, errors = await client.communicate()
        assert client.returncode == 0, errors.decode()
        await until(lambda: ears.reasons == [HUNG_UP], "its DELETE ends the session")
    assert {f.rgb.shape for f in ears.frames} == {(240, 320, 3)} and ears.frames[0].source == "gst"
    assert len({f.rgb.tobytes() for f in ears.frames[:10]}) > 3  # a ball that moves
    loud = np.concatenate([c.samples for c in ears.chunks[-25:]])
    spectrum = np.abs(np.fft.rfft(loud))
    assert abs(np.argmax(spectrum) * 16_000 / len(loud) - 440) < 10
