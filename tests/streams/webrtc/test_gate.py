"""What may reach aiortc's decoders, and that the aiortc installed still has what `gate` replaces."""

from __future__ import annotations

import threading
from types import SimpleNamespace

import av
import numpy as np
import pytest
from aiortc import RTCPeerConnection
from aiortc.codecs.h264 import H264Encoder
from aiortc.codecs.vpx import Vp8Encoder, vp8_depayload
from aiortc.jitterbuffer import JitterBuffer
from aiortc.rtcrtpreceiver import RTCRtpReceiver

from streams.webrtc.gate import JITTER_ATTRIBUTE, QUEUE_ATTRIBUTE, DecodeGate, harden, is_key_frame, picture_size
from streams.webrtc.jitter import SoundBuffer


def _vp8_key(width: int, height: int) -> bytes:
    return b"\x10\x02\x00\x9d\x01\x2a" + width.to_bytes(2, "little") + height.to_bytes(2, "little") + bytes(20)


VP8_DELTA = b"\x11\x02\x00" + bytes(20)


async def test_this_aiortc_has_the_attributes_that_are_replaced() -> None:
    pc = RTCPeerConnection()
    for kind in ("audio", "video"):
        receiver = pc.addTransceiver(kind).receiver
        assert harden(receiver, kind, lambda line: None) == []
        assert isinstance(getattr(receiver, QUEUE_ATTRIBUTE), DecodeGate)
        assert isinstance(getattr(receiver, JITTER_ATTRIBUTE), SoundBuffer if kind == "audio" else JitterBuffer)
    await pc.close()


def test_missing_attributes_are_named() -> None:
    bare: RTCRtpReceiver = SimpleNamespace()  # type: ignore[assignment]
    assert len(harden(bare, "audio", lambda line: None)) == 3


@pytest.mark.parametrize("size", [(160, 120), (642, 362), (1920, 1080)])
def test_size_of_real_key_frames(size: tuple[int, int]) -> None:
    frame = av.VideoFrame.from_ndarray(np.zeros((size[1], size[0], 3), np.uint8), format="rgb24")
    frame.pts, frame.time_base = 0, av.rational.AVRational(1, 90_000) if hasattr(av, "rational") else frame.time_base
    payloads, _ = Vp8Encoder().encode(frame, force_keyframe=True)
    data = b"".join(vp8_depayload(p) for p in payloads)
    assert picture_size("VP8", data) == size and is_key_frame("VP8", data)
    codec = av.CodecContext.create("libx264", "w")
    codec.width, codec.height, codec.pix_fmt = *size, "yuv420p"
    codec.time_base = frame.time_base
    encoded = b"".join(bytes(p) for p in [*codec.encode(frame.reformat(format="yuv420p")), *codec.encode(None)])
    width, height = picture_size("H264", encoded) or (0, 0)
    assert is_key_frame("H264", encoded)
    assert (width, height) == tuple((v + 15) // 16 * 16 for v in size)  # uncropped: whole macroblocks
    assert H264Encoder is not None


@pytest.mark.parametrize("data", [b"", b"\x00", b"\x00\x00\x01\x67", b"\x00\x00\x01\x67\x64\x00\x28" + bytes(40)])
def test_damaged_frames_have_no_size(data: bytes) -> None:
    assert picture_size("H264", data) is None and picture_size("VP8", data) is None


def test_too_large_pictures_and_what_builds_on_them_are_left_out() -> None:
    said: list[str] = []
    ask = threading.Event()
    gate = DecodeGate(10, ask, said.append)
    vp8 = SimpleNamespace(name="VP8")

    def put(data: bytes) -> None:
        gate.put((vp8, SimpleNamespace(data=data)))

    put(_vp8_key(640, 480))
    put(VP8_DELTA)
    assert gate.qsize() == 2
    put(_vp8_key(16383, 16383))
    put(VP8_DELTA)
    assert gate.qsize() == 2 and gate.dropped == 2 and ask.is_set()
    assert said == ["a picture of 16383 x 16383 is too large; send at most 1920 x 1080"]
    put(_vp8_key(640, 480))
    put(VP8_DELTA)
    assert gate.qsize() == 4


def test_backlog_is_bounded_and_the_end_always_passes() -> None:
    gate = DecodeGate(5, threading.Event(), lambda line: None)
    for name in ("opus", "VP8"):
        for _ in range(50):
            gate.put((SimpleNamespace(name=name), SimpleNamespace(data=_vp8_key(64, 64))))
    assert gate.qsize() == 5
    gate.put(None)
    assert gate.qsize() == 6


def test_an_empty_packet_never_reaches_a_decoder() -> None:
    """To libav an empty packet is the end of the stream: a call whose packet was cut to nothing stayed silent."""
    gate = DecodeGate(5, threading.Event(), lambda line: None)
    for name in ("opus", "VP8"):
        gate.put((SimpleNamespace(name=name), SimpleNamespace(data=b"")))
    assert gate.qsize() == 0 and gate.dropped == 2
