"""Guards around aiortc's receiver: what may reach a decoder, and how long sound waits before it.

aiortc decodes whatever arrives, on a queue without bound, and holds sound back for 80 ms and, once a packet was lost,
for 280 ms for ever (`jitter` does better). Neither can be set from outside, so two private attributes are replaced.
`harden` says when a new version of aiortc no longer has them; a test fails then.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from typing import Any

from aiortc.rtcrtpreceiver import RTCRtpReceiver

from streams.webrtc.conceal import Concealer
from streams.webrtc.jitter import SoundBuffer, SoundFrame

JITTER_ATTRIBUTE = "_RTCRtpReceiver__jitter_buffer"
QUEUE_ATTRIBUTE = "_RTCRtpReceiver__decoder_queue"
ERROR_ATTRIBUTE = "_RTCRtpReceiver__decoder_error"

MAX_DECODE_PIXELS = 4096 * 2304
"""Pictures announced larger than this are never given to a decoder."""
MAX_BACKLOG = {"audio": 250, "video": 60}
"""Encoded frames that may wait for a decoder: five seconds of sound, two of pictures."""
MAX_SETS = 32
"""Parameter sets of one picture; a whole H.264 stream has ids for no more."""

_HIGH = frozenset({100, 110, 122, 244, 44, 83, 86, 118, 128, 138})
"""H.264 profiles whose parameter sets say more before the size."""
_DISPUTED = frozenset({134, 135, 139, 144})
"""Rare ones that do by the standard or by FFmpeg, and not by the other."""

Pass = Callable[[Any, bytes, int], bool]
"""Takes the codec, an encoded frame and its time stamp; says whether a key frame is wanted."""


def harden(
    receiver: RTCRtpReceiver, kind: str, refused: Callable[[str], None], forward: Pass | None = None
) -> list[str]:
    """Put the guards in place, before media start; return the names of attributes that are missing (none, normally).

    Args:
        receiver: its media have not started.
        kind: `audio` or `video`.
        refused: called on the event loop's thread with a line, once, when a picture is refused.
        forward: called there with everything that is not refused.
    """
    missing = [name for name in (JITTER_ATTRIBUTE, QUEUE_ATTRIBUTE, ERROR_ATTRIBUTE) if not hasattr(receiver, name)]
    if kind == "audio" and JITTER_ATTRIBUTE not in missing:
        setattr(receiver, JITTER_ATTRIBUTE, SoundBuffer())
    if QUEUE_ATTRIBUTE not in missing and ERROR_ATTRIBUTE not in missing:
        gate = DecodeGate(MAX_BACKLOG[kind], getattr(receiver, ERROR_ATTRIBUTE), refused, forward)
        setattr(receiver, QUEUE_ATTRIBUTE, gate)
    return missing


class DecodeGate(queue.Queue[Any]):
    """The queue before a decoder thread: bounded, and closed to pictures too large to decode.

    After a picture was left out the ones that build on it are useless: everything up to the next key frame is left
    out too, and a key frame is asked for.
    """

    def __init__(
        self,
        backlog: int,
        ask_key_frame: threading.Event,
        refused: Callable[[str], None],
        forward: Pass | None = None,
    ) -> None:
        super().__init__()
        self.dropped = 0
        """Encoded frames left out."""
        self.concealer = Concealer()
        self._backlog = backlog
        self._ask = ask_key_frame
        self._refused = refused
        self._forward = forward
        self._wait_for_key = False
        self._told = False

    def put(self, item: Any, block: bool = True, timeout: float | None = None) -> None:
        """Never waits. `item` is aiortc's `(codec, encoded frame)`, or None to end the decoder."""
        if item is None:
            super().put(None)
            return
        codec, first = item
        for frame in first.unfold() if isinstance(first, SoundFrame) else [first]:
            self._take(codec, frame)

    def _take(self, codec: Any, frame: Any) -> None:
        name = codec.name.upper()
        if not self._admit(name, frame.data):
            self.dropped += 1
            return
        if self._forward is not None and self._forward(codec, frame.data, frame.timestamp):
            self._ask.set()
        if name == "OPUS" and isinstance(frame, SoundFrame):
            for guess in self.concealer.before(frame):
                super().put((codec, guess))
        super().put((codec, frame))

    def _admit(self, codec: str, data: bytes) -> bool:
        if not data:  # to a decoder nothing means the end of the stream: it would never decode again
            return False
        if codec not in ("VP8", "H264"):
            return self.qsize() < self._backlog
        try:
            size = _announced(codec, data)
        except IndexError:  # a size that cannot be read may be any
            self._wait_for_key = True
            return False
        if size is not None and size[0] * size[1] > MAX_DECODE_PIXELS:
            if not self._told:  # a line for each would be a flood of our own
                self._told = True
                self._refused(f"a picture of {size[0]} x {size[1]} is too large; send at most 1920 x 1080")
            self._wait_for_key = True
            return False
        if self.qsize() >= self._backlog:
            self._wait_for_key = True
            return False
        if self._wait_for_key and not is_key_frame(codec, data):
            self._ask.set()
            return False
        self._wait_for_key = False
        return True


def is_key_frame(codec: str, data: bytes) -> bool:
    """Whether a decoder can begin at this encoded frame (VP8: RFC 6386 section 9.1; H.264: an IDR slice or an SPS)."""
    if codec == "VP8":
        return bool(data) and not data[0] & 1
    return any(unit[0] & 31 in (5, 7) for unit in _units(data))


def picture_size(codec: str, data: bytes) -> tuple[int, int] | None:
    """Width and height that an encoded frame announces, or None where it announces none (or is damaged)."""
    try:
        return _announced(codec, data)
    except IndexError:
        return None


def _announced(codec: str, data: bytes) -> tuple[int, int] | None:
    """As `picture_size`; of several sizes the largest, since a decoder picks one by what came before.

    Raises:
        IndexError: it announces a size that cannot be read.
    """
    if codec == "VP8":
        if len(data) < 10 or data[0] & 1 or data[3:6] != b"\x9d\x01\x2a":
            return None
        return int.from_bytes(data[6:8], "little") & 0x3FFF, int.from_bytes(data[8:10], "little") & 0x3FFF
    sets = [unit for unit in _units(data) if unit[0] & 31 == 7]
    if len(sets) > MAX_SETS:
        raise IndexError("too many sizes to read")
    return max(map(_sps_size, sets), key=lambda size: size[0] * size[1], default=None)


def _units(data: bytes) -> Iterator[bytes]:
    """The NAL units of an H.264 byte stream (Annex B)."""
    for unit in data.split(b"\x00\x00\x01")[1:]:
        if unit:
            yield unit


class _Bits:
    """Reads bits and Exp-Golomb numbers; raises IndexError at the end."""

    def __init__(self, data: bytes) -> None:
        self._data = data.replace(b"\x00\x00\x03", b"\x00\x00")
        self._at = 0

    def take(self, n: int) -> int:
        value = 0
        for _ in range(n):
            value = value << 1 | self._data[self._at >> 3] >> (7 - (self._at & 7)) & 1
            self._at += 1
        return value

    def number(self) -> int:
        zeros = 0
        while not self.take(1):
            zeros += 1
            if zeros > 31:
                raise IndexError("not an Exp-Golomb number")
        return (1 << zeros) - 1 + self.take(zeros)

    def signed(self) -> int:
        value = self.number()
        return (value + 1) // 2 if value & 1 else -(value // 2)


def _sps_size(sps: bytes) -> tuple[int, int]:
    """Size in pixels, uncropped, of a sequence parameter set (ITU-T H.264 section 7.3.2.1.1).

    Raises:
        IndexError: cut off, or of a profile that FFmpeg reads otherwise than the standard.
    """
    bits = _Bits(sps[1:])
    profile = bits.take(8)
    if profile in _DISPUTED:
        raise IndexError("its size cannot be told")
    bits.take(16)
    bits.number()
    if profile in _HIGH:
        chroma = bits.number()
        if chroma == 3:
            bits.take(1)
        bits.number()
        bits.number()
        bits.take(1)
        if bits.take(1):
            for index in range(8 if chroma != 3 else 12):
                if bits.take(1):
                    _skip_scaling_list(bits, 16 if index < 6 else 64)
    bits.number()
    order = bits.number()
    if order == 0:
        bits.number()
    elif order == 1:
        bits.take(1)
        bits.signed()
        bits.signed()
        for _ in range(min(bits.number(), 255)):
            bits.signed()
    bits.number()
    bits.take(1)
    width = (bits.number() + 1) * 16
    map_units = bits.number() + 1
    return width, map_units * 16 * (2 - bits.take(1))


def _skip_scaling_list(bits: _Bits, n: int) -> None:
    last = following = 8
    for _ in range(n):
        if following:
            following = (last + bits.signed()) % 256
        last = following or last
