"""Network cameras over real connections: RTSP pushed by ffmpeg, MJPEG and MP4 from an HTTP server."""
# ruff: noqa: SIM117 - the order of closing is part of what is tested

from __future__ import annotations

import asyncio
import shutil
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web

from streams.clock import MonotonicClock
from streams.errors import SourceError
from streams.sources.live import LiveOptions
from streams.sources.rtsp import RtspOptions, RtspSource
from streams.types import NS, AudioChunk, Health, Media, VideoFrame

from .clips import claim_size, jpeg, write_clip
from .waiting import until

QUICK = LiveOptions(max_fps=None, first_retry_s=0.05, most_retry_s=0.2)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@asynccontextmanager
async def serving(path: str, handler: object, port: int = 0) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_get(path, handler)  # type: ignore[arg-type]
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", port)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}{path}"
    finally:
        await runner.cleanup()


def mjpeg(frames: int | None) -> object:
    """A camera's multipart stream: so many pictures, then the end; None for as long as somebody looks."""

    async def handler(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "multipart/x-mixed-replace; boundary=frame"})
        await response.prepare(request)
        sent = 0
        while frames is None or sent < frames:
            data = jpeg()
            head = f"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: {len(data)}\r\n\r\n".encode()
            await response.write(head + data + b"\r\n")
            sent += 1
            await asyncio.sleep(0.01)
        return response

    return handler


async def test_an_mjpeg_camera_yields_pictures_dated_by_their_arrival() -> None:
    clock = MonotonicClock()
    health: list[Health] = []
    async with asyncio.timeout(30), serving("/video", mjpeg(None)) as url:
        options = RtspOptions(timeout_s=5, live=QUICK)
        async with RtspSource(url, "door", clock, health.append, options) as camera:
            times = []
            async for frame in camera:
                assert isinstance(frame, VideoFrame) and frame.source == "door" and frame.rgb.shape == (60, 80, 3)
                times.append(frame.t_ns)
                if len(times) == 10:
                    break
    assert times == sorted(set(times)) and times[-1] <= clock.now_ns()
    assert [h.state for h in health] == ["ok"] and health[0].component == "camera:door"


async def test_a_camera_that_goes_away_is_reported_once_and_comes_back() -> None:
    health: list[Health] = []
    port = free_port()
    options = RtspOptions(timeout_s=5, live=QUICK)
    url = f"http://user:hunter2@127.0.0.1:{port}/video?key=hunter3"
    seen = 0
    async with asyncio.timeout(30), asyncio.TaskGroup() as group:
        async with RtspSource(url, "door", MonotonicClock(), health.append, options) as camera:

            async def count() -> None:
                nonlocal seen
                async for _ in camera:
                    seen += 1

            group.create_task(count())
            await until(lambda: health)
            assert health[0].state == "failed" and "refused" in health[0].reason.lower()
            async with serving("/video", mjpeg(None), port):
                await until(lambda: seen >= 3)
            await until(lambda: health[-1].state == "failed" and len(health) >= 3)
            before = seen
            async with serving("/video", mjpeg(None), port):
                await until(lambda: seen > before)
    states = [h.state for h in health]
    assert states[:3] == ["failed", "ok", "failed"] and states[-1] == "ok"
    assert all(a != b for a, b in zip(health, health[1:], strict=False))
    assert not any("hunter" in h.reason or "\n" in h.reason for h in health)


async def test_a_recording_over_http_comes_in_real_time_and_ends(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "a.mkv", seconds=0.6)

    async def handler(request: web.Request) -> web.FileResponse:
        return web.FileResponse(clip)

    clock = MonotonicClock()
    items: list[Media] = []
    async with asyncio.timeout(30), serving("/a.mkv", handler) as url:
        async with RtspSource(url, "web", clock, lambda h: None, RtspOptions(timeout_s=5, live=QUICK)) as source:
            async for item in source:
                assert item.t_ns <= clock.now_ns() + NS // 10  # nothing is dated ahead of its capture
                items.append(item)
    audio = [i for i in items if isinstance(i, AudioChunk)]
    video = [i for i in items if isinstance(i, VideoFrame)]
    assert sum(len(c.samples) for c in audio) == pytest.approx(9600, abs=2100)
    assert len(video) >= 3
    assert all(b.t0_ns >= a.t_ns - 1000 for a, b in zip(audio, audio[1:], strict=False))


async def test_a_picture_bomb_from_a_camera_is_refused_and_said() -> None:
    async def handler(request: web.Request) -> web.Response:
        return web.Response(body=claim_size(jpeg(), 20_000, 20_000), content_type="image/jpeg")

    health: list[Health] = []
    async with asyncio.timeout(30), serving("/x.jpg", handler) as url:
        async with RtspSource(url, "door", MonotonicClock(), health.append, RtspOptions(timeout_s=5, live=QUICK)):
            await until(lambda: health)
    assert health[0].state == "failed"


async def test_closing_a_source_that_cannot_connect_is_quick() -> None:
    health: list[Health] = []
    url = f"rtsp://127.0.0.1:{free_port()}/none"
    async with asyncio.timeout(20):
        async with RtspSource(
            url, "door", MonotonicClock(), health.append, RtspOptions(timeout_s=2, live=QUICK)
        ) as camera:
            await until(lambda: health)
        assert [f async for f in camera] == []


@pytest.mark.parametrize("url", ["file:///etc/passwd", "tcp://h:1", "rtmp://h/x", "concat:a", "/dev/video0"])
def test_other_schemes_are_refused(url: str) -> None:
    with pytest.raises(SourceError):
        RtspSource(url, "door", MonotonicClock(), lambda h: None)


@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="no ffmpeg to publish with; apt install ffmpeg")
async def test_rtsp_with_sound_and_picture(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "a.mkv", seconds=4.0, rate_hz=48_000, channels=2)
    url = f"rtsp://127.0.0.1:{free_port()}/live"
    health: list[Health] = []
    clock = MonotonicClock()
    options = RtspOptions(timeout_s=15, listen=True, live=QUICK)
    got: list[Media] = []
    push = ["ffmpeg", "-nostdin", "-v", "error", "-re", "-i", str(clip), "-c", "copy", "-f", "rtsp"]

    async def publish() -> None:
        """The camera listens on a thread, from some moment on: knock until somebody opens."""
        while not got:
            process = await asyncio.create_subprocess_exec(
                *push, "-rtsp_transport", "tcp", url, stderr=asyncio.subprocess.DEVNULL
            )
            try:
                await process.wait()
            finally:
                if process.returncode is None:
                    process.kill()
                    await process.wait()

    async with asyncio.timeout(60), asyncio.TaskGroup() as group:
        async with RtspSource(url, "door", clock, health.append, options) as camera:
            publisher = group.create_task(publish())
            async for item in camera:
                got.append(item)
                kinds = [type(i) for i in got]
                if kinds.count(VideoFrame) >= 5 and kinds.count(AudioChunk) >= 10:
                    break
            publisher.cancel()
    assert health and health[0].state == "ok"
    sound = [i for i in got if isinstance(i, AudioChunk)]
    assert all(abs(b.t0_ns - a.t_ns) <= 1000 for a, b in zip(sound, sound[1:], strict=False))
    assert all(0 < i.t_ns <= clock.now_ns() + NS // 4 for i in got)
