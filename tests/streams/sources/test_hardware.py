"""Devices that decode: chosen, tried, and left where they fail. Real PyAV objects; no machine needs to have one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import av
import pytest
from av.codec.hwaccel import HWAccel, hwdevices_available

from agent.doctor import check_decoding
from streams.clock import MonotonicClock
from streams.errors import SourceError
from streams.sources.hardware import KINDS, Hardware, try_device, wrong_device
from streams.sources.live import LiveOptions, LiveSource
from streams.sources.rtsp import RtspOptions, RtspSource
from streams.sources.session import MOST_BROKEN, Opened, Session
from streams.types import Health, VideoFrame
from tests.agent.cameras.test_station import recordings, served

from .clips import write_clip
from .waiting import until

__all__ = ["recordings"]
NOWHERE = "cuda:99"
"""A device that no machine has."""
BUILT_IN = pytest.mark.skipif("cuda" not in hwdevices_available(), reason="this FFmpeg knows no cuda")


def picks(*working: str) -> tuple[Callable[[str, str], str], list[tuple[str, str]]]:
    """Devices of a made-up machine, and which were tried."""
    tried: list[tuple[str, str]] = []

    def try_out(kind: str, device: str) -> str:
        tried.append((kind, device))
        return "" if kind in working else f"no {kind}"

    return try_out, tried


def test_the_first_device_that_works_is_taken_and_tried_once() -> None:
    there = [kind for kind in KINDS if kind in hwdevices_available()]
    try_out, tried = picks(there[-1])
    hardware = Hardware("auto", try_out)
    assert not tried, "not before it is needed"
    assert hardware.name == there[-1] and not hardware.problem
    assert isinstance(hardware.settings(), HWAccel) and hardware.settings() is not hardware.settings()
    assert tried == [(kind, "") for kind in there]


def test_without_a_device_and_switched_off_the_processor_decodes() -> None:
    for wanted in ("auto", "no"):
        hardware = Hardware(wanted, picks()[0])
        assert (hardware.name, hardware.problem, hardware.settings()) == ("", "", None)


def test_a_device_that_was_asked_for_and_is_not_there_is_told() -> None:
    try_out, tried = picks()
    hardware = Hardware("vaapi:/dev/dri/renderD128", try_out)
    assert hardware.problem == "no vaapi" and hardware.settings() is None
    assert tried == [("vaapi", "/dev/dri/renderD128")]


def test_devices_are_really_tried() -> None:
    assert "cannot be opened" in try_device("cuda", "99") or "this FFmpeg has no cuda" in try_device("cuda", "99")
    assert try_device("nonsense", "").startswith("this FFmpeg has no nonsense; it has ")
    useless = [kind for kind in hwdevices_available() if "neither h264 nor hevc" in try_device(kind, "")]
    for kind in useless:  # built in, and without a decoder for what cameras send
        configs = [c for codec in ("h264", "hevc") for c in av.Codec(codec, "r").hardware_configs]
        assert kind not in {config.device_type.name for config in configs if config.is_supported}


@pytest.mark.parametrize("text", ["auto", "no", "cuda", "cuda:1", "vaapi:/dev/dri/renderD128"])
def test_right_wishes(text: str) -> None:
    assert not wrong_device(text)


@pytest.mark.parametrize("text", ["", "yes", "Cuda", "cuda:", "cuda:one", "gpu:0", "none"])
def test_wrong_wishes(text: str) -> None:
    assert wrong_device(text)


class Lying(Hardware):
    """A device that seemed to work when it was tried."""

    def __init__(self, wanted: str) -> None:
        super().__init__(wanted, lambda kind, device: "")


@BUILT_IN
@pytest.mark.parametrize(
    ("hardware", "told"),
    [
        (Lying(NOWHERE), "cuda failed ("),
        (Hardware(NOWHERE), "cuda cannot be opened ("),
        (Lying("drm"), "drm does not decode h264"),
    ],
)
async def test_a_camera_is_seen_though_the_device_fails(
    hardware: Hardware, told: str, recordings: dict[str, Path]
) -> None:
    health: list[Health] = []
    async with served(recordings) as server:
        options = RtspOptions(hardware=hardware, live=LiveOptions(audio=False))
        source = RtspSource(server.url("moving"), "gate", MonotonicClock(), health.append, options)
        async with asyncio.timeout(30), source as camera:
            seen = 0
            async for frame in camera:
                assert isinstance(frame, VideoFrame)
                seen += 1
                if seen == 5:
                    break
    decode = [(h.state, h.reason) for h in health if h.component == "decode:gate"]
    assert len(decode) == 1 and decode[0][0] == "degraded"
    assert decode[0][1].startswith(told) and decode[0][1].endswith("; the processor decodes")


@BUILT_IN
async def test_a_camera_that_is_not_there_is_no_fault_of_the_device() -> None:
    health: list[Health] = []
    options = RtspOptions(hardware=Lying(NOWHERE), live=LiveOptions(first_retry_s=0.01))
    async with RtspSource("rtsp://127.0.0.1:9/x", "gate", MonotonicClock(), health.append, options):
        await until(lambda: health)
    assert {h.component for h in health} == {"camera:gate"} and "cannot be opened" in health[0].reason


async def test_a_device_that_decodes_nothing_is_left(tmp_path: Path) -> None:
    """The clip is damaged in all its pictures, as a device's decoder sees one that it cannot do."""
    clip, damaged = write_clip(tmp_path / "a.mp4", seconds=8, fps=10, rate_hz=None), tmp_path / "b.mp4"
    data = bytearray(clip.read_bytes())
    with av.open(str(clip)) as container:
        places = [(p.pos, p.size) for p in container.demux(video=0) if p.size]
    for place, size in places:
        assert place is not None
        data[place : place + size] = b"\xff" * size
    damaged.write_bytes(data)
    health: list[Health] = []
    opened: list[str] = []

    def open_stream() -> Opened:
        opened.append(source.device_failed)
        if source.device_failed:
            return Opened(av.open(str(clip)), "paced", trouble=source.device_failed)
        return Opened(av.open(str(damaged)), "paced", device="cuda")

    options = LiveOptions(audio=False, first_retry_s=0.01)
    source = LiveSource("gate", "camera:gate", open_stream, MonotonicClock(), health.append, options)
    async with asyncio.timeout(30), source:
        async for frame in source:
            assert isinstance(frame, VideoFrame)
            break
    assert opened[0] == "" and opened[1].startswith("cuda cannot decode it (")
    told = [(h.state, h.reason) for h in health if h.component == "decode:gate"]
    assert [state for state, _ in told] == ["ok", "degraded"]


def test_damaged_packets_alone_do_not_blame_anybody() -> None:
    session = Session(LiveOptions(), MonotonicClock(), "gate")
    lost = av.InvalidDataError(0, "lost")
    for _ in range(MOST_BROKEN * 2):
        session.damaged(lost)  # the processor decodes
    session.device, session.pictures = "cuda", 1
    for _ in range(MOST_BROKEN * 2):
        session.damaged(lost)  # it has shown pictures before
    with pytest.raises(av.FFmpegError):
        session.damaged(av.FFmpegError(5, "broken"))
    fresh = Session(LiveOptions(), MonotonicClock(), "gate")
    fresh.device = "cuda"
    with pytest.raises(SourceError, match="cuda cannot decode it"):
        fresh.damaged(av.FFmpegError(5, "broken"))


def test_the_doctor_says_what_decodes() -> None:
    assert check_decoding("auto", lambda kind, device: "no").text.startswith("by the processor (no device")
    assert check_decoding("no").text == "by the processor (switched off)"
    check = check_decoding(NOWHERE)
    assert check.state == "warn" and "the processor decodes" in check.text
    assert check_decoding("cuda", lambda kind, device: "").text == "by cuda (cameras.hardware_decoding is cuda)"
