"""Pictures from outside: their size is read from the header and checked before anything is decoded."""

from __future__ import annotations

import struct

import av
import numpy as np
from av.video.frame import VideoFrame as AvFrame
from numpy.typing import NDArray

from streams.errors import MediaError

MAX_PIXELS = 40_000_000
"""Of one picture: four times a 4K frame, 120 MB once decoded."""
MAX_SIDE = 1280
"""Pictures are scaled down to this longest side; no encoder looks at finer detail."""

_PNG = b"\x89PNG\r\n\x1a\n"
PICTURES = (_PNG, b"\xff\xd8")
"""How the files begin whose size `picture_size` can tell."""
_NO_LENGTH = frozenset({0x01, *range(0xD0, 0xD8)})
"""JPEG markers that stand alone."""


def picture_size(data: bytes) -> tuple[int, int] | None:
    """`(width, height)` from the header of a JPEG or PNG; None for anything else.

    Raises:
        MediaError: it begins as a JPEG or PNG and breaks off before it says its size.
    """
    if data.startswith(_PNG):
        if len(data) < 24:
            raise MediaError("the PNG breaks off within its header")
        width, height = struct.unpack(">II", data[16:24])
        return width, height
    return _jpeg_size(data) if data.startswith(b"\xff\xd8") else None


def check_size(width: int, height: int, what: str) -> None:
    """Refuse a picture of more than `MAX_PIXELS`.

    Raises:
        MediaError: with one line that names `what` and the size.
    """
    if width * height > MAX_PIXELS:
        raise MediaError(
            f"{what} is {width} x {height} pixels; the most that is decoded is {MAX_PIXELS // 1_000_000} megapixels. "
            "Scale it down first"
        )


def decode_jpeg(data: bytes, what: str) -> NDArray[np.uint8]:
    """A JPEG to `[height, width, 3]` RGB, longest side at most `MAX_SIDE`. Blocking: call it on a worker thread.

    Raises:
        MediaError: not a JPEG, too large, or damaged.
    """
    if not data.startswith(b"\xff\xd8"):
        raise MediaError(f"{what} is not a JPEG picture")
    size = _jpeg_size(data)
    check_size(*size, what)
    decoder = av.CodecContext.create("mjpeg", "r")
    decoder.options = {"max_pixels": str(MAX_PIXELS)}  # of several sizes in a header FFmpeg believes the last
    try:
        frames = [*decoder.decode(av.Packet(data)), *decoder.decode(None)]
    except av.FFmpegError as error:
        raise MediaError(f"{what} is a damaged JPEG, or larger than it says ({error.strerror})") from None
    if not frames:
        raise MediaError(f"{what} is a damaged JPEG (no picture in it)")
    return to_rgb(frames[0])


def to_rgb(frame: AvFrame) -> NDArray[np.uint8]:
    """A decoded frame to `[height, width, 3]` RGB, upright, longest side at most `MAX_SIDE`."""
    scale = min(1.0, MAX_SIDE / max(frame.width, frame.height))
    width, height = max(1, round(frame.width * scale)), max(1, round(frame.height * scale))
    rgb: NDArray[np.uint8] = frame.to_ndarray(format="rgb24", width=width, height=height).astype(np.uint8, copy=False)
    quarters = round(frame.rotation / 90) % 4
    return np.ascontiguousarray(np.rot90(rgb, quarters)) if quarters else rgb


def _jpeg_size(data: bytes) -> tuple[int, int]:
    position = 2
    while position + 4 <= len(data):
        if data[position] != 0xFF:
            break
        marker = data[position + 1]
        if marker == 0xFF:
            position += 1
            continue
        if marker in _NO_LENGTH:
            position += 2
            continue
        length = int.from_bytes(data[position + 2 : position + 4], "big")
        is_frame = 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC)
        if is_frame and length >= 7 and position + 9 <= len(data):
            height, width = struct.unpack(">HH", data[position + 5 : position + 9])
            if width and height:
                return width, height
            break
        if marker in (0xD9, 0xDA) or length < 2:
            break
        position += 2 + length
    raise MediaError("the JPEG does not say how large it is: its header is damaged")
