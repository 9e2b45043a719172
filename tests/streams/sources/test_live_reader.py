"""The thread that reads a live source: what it need not decode, and what becomes of it when it hangs."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from streams.clock import ManualClock, MonotonicClock
from streams.sources.live import HANG_S, MOST_LEFT, LiveOptions, LiveSource
from streams.sources.session import Opened, Session
from streams.types import Health, ns

from .clips import picture, tone, write_clip, write_wav
from .waiting import until


def recording(path: Path, keys_every: int, frames: int = 60) -> Path:
    """Five pictures a second, a key frame every so many."""
    with av.open(str(path), "w") as out:
        stream = out.add_stream("libx264", rate=Fraction(5))
        stream.width, stream.height, stream.pix_fmt = 160, 96, "yuv420p"
        stream.options = {"x264-params": f"keyint={keys_every}:min-keyint={keys_every}:scenecut=0:bframes=0"}
        for n in range(frames):
            picture = av.VideoFrame.from_ndarray(np.full((96, 160, 3), 40 + 3 * n, np.uint8), format="rgb24")
            picture.pts = n
            out.mux(stream.encode(picture))
        out.mux(stream.encode(None))
    return path


def passed_over(path: Path, max_fps: float | None) -> tuple[int, int]:
    """How many packets are not decoded, and how many pictures come of the others."""
    session, skipped, pictures = Session(LiveOptions(max_fps=max_fps), ManualClock(), "x"), 0, 0
    with av.open(str(path)) as container:
        for packet in container.demux(container.streams.video[0]):
            if packet.pts is not None and session.passes_over(packet):
                skipped += 1
            else:
                pictures += len(packet.decode())
    return skipped, pictures


def test_where_key_frames_are_enough_nothing_else_is_decoded(tmp_path: Path) -> None:
    clip = recording(tmp_path / "a.mp4", keys_every=5)
    skipped, pictures = passed_over(clip, 1.0)
    assert skipped == 4 * 9 and skipped + pictures == 60, "from the fourth key frame on"
    assert passed_over(clip, 2.0) == (0, 60), "two a second are wanted, and key frames come once"
    assert passed_over(clip, None) == (0, 60)


def test_rare_key_frames_are_not_enough(tmp_path: Path) -> None:
    assert passed_over(recording(tmp_path / "a.mp4", keys_every=15), 1.0)[0] == 0


async def test_a_reader_that_hangs_is_replaced_and_it_is_said(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "a.mkv", seconds=2, rate_hz=None)
    clock, stuck = ManualClock(), threading.Event()
    health: list[Health] = []
    opened: list[int] = []

    def open_stream() -> Opened:
        opened.append(1)
        if len(opened) == 1:
            stuck.wait(60)
        return Opened(av.open(str(clip)), "arrival")

    source = LiveSource("cam", "camera:cam", open_stream, clock, health.append, LiveOptions(max_fps=None))
    async with asyncio.timeout(60), source:
        await until(lambda: opened)
        assert health == []
        while len(opened) < 2:
            clock.advance_to(clock.now_ns() + ns(5))
            await asyncio.sleep(0.01)
        async for frame in source:
            assert frame.source == "cam"
            break
        stuck.set()
    assert f"hung for {HANG_S:.0f} s" in health[0].reason and health[0].state == "failed"
    assert clock.now_ns() >= ns(HANG_S)


async def test_no_more_than_a_few_readers_hang_at_once(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "a.mkv", seconds=2, rate_hz=None)
    clock, stuck = ManualClock(), threading.Event()
    health: list[Health] = []
    opened: list[int] = []

    def open_stream() -> Opened:
        opened.append(1)
        if len(opened) <= MOST_LEFT:
            stuck.wait(60)
        return Opened(av.open(str(clip)), "arrival")

    async def pass_time(done: Callable[[], object]) -> None:
        while not done():
            clock.advance_to(clock.now_ns() + ns(5))
            await asyncio.sleep(0.01)

    source = LiveSource("cam", "camera:cam", open_stream, clock, health.append, LiveOptions(max_fps=None))
    async with asyncio.timeout(60), source:
        await pass_time(lambda: health and "no more are begun" in health[-1].reason)
        later_ns = clock.now_ns() + ns(200)
        await pass_time(lambda: clock.now_ns() >= later_ns)
        assert len(opened) == MOST_LEFT
        stuck.set()
        await pass_time(lambda: len(opened) > MOST_LEFT)
        async for frame in source:
            assert frame.source == "cam"
            break


async def test_a_slip_while_reading_is_said_and_the_camera_comes_back(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    clip = write_clip(tmp_path / "a.mkv", seconds=2, rate_hz=None)
    health: list[Health] = []
    opened: list[int] = []

    def open_stream() -> Opened:
        opened.append(1)
        if len(opened) == 1:
            raise UnicodeError("hunter2: label empty or too long")
        return Opened(av.open(str(clip)), "arrival")

    options = LiveOptions(max_fps=None, first_retry_s=0.01)
    async with (
        asyncio.timeout(60),
        LiveSource("cam", "camera:cam", open_stream, MonotonicClock(), health.append, options) as source,
    ):
        async for frame in source:
            assert frame.source == "cam"
            break
    assert health[0].state == "failed" and "UnicodeError" in health[0].reason and "trying again" in health[0].reason
    assert "hunter2" not in health[0].reason
    assert any(record.exc_info for record in caplog.records)


async def test_a_camera_whose_sound_has_an_unusable_rate_is_said(tmp_path: Path) -> None:
    clip = write_wav(tmp_path / "a.wav", tone(2, 900), 900)
    health: list[Health] = []
    source = LiveSource(
        "cam", "camera:cam", lambda: Opened(av.open(str(clip)), "stamped"), ManualClock(), health.append, LiveOptions()
    )
    async with asyncio.timeout(60), source:
        await until(lambda: health)
    assert health[0].state == "failed" and "900 Hz" in health[0].reason


class PassingTime(threading.Event):
    """A stop that nobody waits for: time passes instead, in steps that everybody sees."""

    def __init__(self, clock: ManualClock) -> None:
        super().__init__()
        self._clock, self._loop = clock, asyncio.get_running_loop()

    def wait(self, timeout: float | None = None) -> bool:
        assert timeout is not None
        asyncio.run_coroutine_threadsafe(self._pass(self._clock.now_ns() + ns(timeout)), self._loop).result(20)
        return self.is_set()

    async def _pass(self, until_ns: int) -> None:
        while self._clock.now_ns() < until_ns:
            self._clock.advance_to(min(until_ns, self._clock.now_ns() + ns(5)))
            for _ in range(5):
                await asyncio.sleep(0)


async def test_a_recording_with_long_waits_between_its_pictures_is_played_once(tmp_path: Path) -> None:
    with av.open(str(tmp_path / "lapse.mkv"), "w") as out:
        stream = out.add_stream("mjpeg", rate=1)
        stream.width, stream.height, stream.pix_fmt = 96, 64, "yuvj420p"
        for n in range(3):
            frame = av.VideoFrame.from_ndarray(picture(n), format="rgb24")
            frame.pts, frame.time_base = 150 * n, Fraction(1)
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    clock = ManualClock()
    health: list[Health] = []
    opened: list[int] = []

    def open_stream() -> Opened:
        opened.append(1)
        return Opened(av.open(str(tmp_path / "lapse.mkv")), "paced")

    source = LiveSource("web", "camera:web", open_stream, clock, health.append, LiveOptions(max_fps=None))
    source._stop = PassingTime(clock)
    async with asyncio.timeout(60), source:
        times = [item.t_ns async for item in source]
    assert [round(t_ns / ns(1)) for t_ns in times] == [0, 150, 300]
    assert len(opened) == 1 and [h.state for h in health if h.component == "camera:web"] == ["ok"]


def test_a_recording_whose_time_stamps_jump_goes_on_at_once() -> None:
    clock = ManualClock()
    clock.advance_to(ns(10))
    session = Session(LiveOptions(), clock, "web")
    session.timing = "paced"

    def due_s(stamp_s: float) -> float:
        frame = av.VideoFrame(16, 16, "yuv420p")
        frame.pts, frame.time_base = round(stamp_s * 1000), Fraction(1, 1000)
        due_ns = session.due_ns(frame)
        assert due_ns is not None
        return due_ns / ns(1)

    assert [due_s(0), due_s(1), due_s(151)] == [10, 11, 161]
    clock.advance_to(ns(161))
    assert [due_s(95_443), due_s(95_444)] == [161, 162]
