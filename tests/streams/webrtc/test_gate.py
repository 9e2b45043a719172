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


class _BitWriter:
    def __init__(self) -> None:
        self._bits = ""

    def put(self, value: int, n: int) -> None:
        self._bits += format(value, f"0{n}b")

    def number(self, value: int) -> None:
        digits = format(value + 1, "b")
        self._bits += "0" * (len(digits) - 1) + digits

    def data(self) -> bytes:
        bits = self._bits + "1"
        bits += "0" * (-len(bits) % 8)
        return int(bits, 2).to_bytes(len(bits) // 8, "big")


def _sps(width: int, height: int, profile: int = 66, more: str = "") -> bytes:
    """A sequence parameter set; `more` goes before the size, for profiles that have something there."""
    bits = _BitWriter()
    bits.put(profile, 8)
    bits.put(51, 16)
    bits.number(0)
    for bit in more:
        bits.put(int(bit), 1)
    for value in (0, 2, 1):
        bits.number(value)
    bits.put(0, 1)
    bits.number(width // 16 - 1)
    bits.number(height // 16 - 1)
    bits.put(0b1100, 4)
    return b"\0\0\0\1\x67" + bits.data()


H264_IDR, H264_DELTA = b"\0\0\0\1\x65" + bytes([9] * 20), b"\0\0\0\1\x41" + bytes([9] * 20)


@pytest.mark.parametrize("first", [True, False])
def test_the_largest_of_several_announced_sizes_counts(first: bool) -> None:
    said: list[str] = []
    gate = DecodeGate(10, threading.Event(), said.append)
    sizes = _sps(640, 480) + _sps(8192, 4352) if first else _sps(8192, 4352) + _sps(640, 480)
    gate.put((SimpleNamespace(name="H264"), SimpleNamespace(data=sizes + H264_IDR, timestamp=0)))
    assert gate.qsize() == 0 and said == ["a picture of 8192 x 4352 is too large; send at most 1920 x 1080"]


@pytest.mark.parametrize(
    "unreadable",
    [b"\0\0\0\1\x67\x42", _sps(640, 480) * 32, _sps(640, 480, profile=144), _sps(640, 480, profile=139)],
    ids=["cut", "too many", "one that decoders read otherwise", "another"],
)
def test_a_size_that_cannot_be_read_lets_nothing_in_until_a_key_frame(unreadable: bytes) -> None:
    ask = threading.Event()
    gate = DecodeGate(10, ask, lambda line: None)

    def put(data: bytes) -> None:
        gate.put((SimpleNamespace(name="H264"), SimpleNamespace(data=data, timestamp=0)))

    put(_sps(640, 480) + unreadable + H264_IDR)
    put(H264_DELTA)
    assert gate.qsize() == 0 and ask.is_set()
    put(_sps(640, 480) + H264_IDR)
    put(H264_DELTA)
    assert gate.qsize() == 2
