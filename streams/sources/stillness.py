"""Whether anything moves, asked of a picture's brightness before it is converted: what stands still costs nearly
nothing further on."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from av.video.frame import VideoFrame as AvFrame
from numpy.typing import NDArray

from streams.types import ns

WIDTH = 320
MAX_HEIGHT = 960
NOISE = 10
"""Gray levels by which a blurred pixel must differ to count as changed."""
STILL = 0.0006
"""Share of changed pixels up to which nothing moves: less than what the encoders take for motion."""

PLANAR = frozenset(
    {"yuv420p", "yuvj420p", "yuv422p", "yuvj422p", "yuv444p", "yuvj444p", "nv12", "nv21", "gray"}
)  # fmt: skip
"""Pixel formats whose first plane is the brightness, a byte a pixel."""


def luma_of(frame: AvFrame) -> NDArray[np.uint8] | None:
    """The brightness `[h, w]` of a decoded frame, without a copy; None where it is not to be had so, or is turned."""
    if frame.format.name not in PLANAR or frame.rotation:
        return None
    plane = frame.planes[0]
    return np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)[: frame.height, : frame.width]


class Stillness:
    """Passes every picture while something changes and for `linger_s` after, then one in `beat_s`.

    Compared is with the last picture that was passed. Slow changes, such as dusk, are seen in the one a second.
    """

    def __init__(
        self,
        linger_s: float = 3.0,
        beat_s: float = 1.0,
        hide: Callable[[NDArray[np.uint8]], NDArray[np.uint8]] = lambda picture: picture,
    ) -> None:
        """`hide`: blackens what is not to be looked at, of a picture `[h, w]`."""
        self._linger_ns, self._beat_ns, self._hide = ns(linger_s), ns(beat_s), hide
        self._anchor: NDArray[np.uint8] | None = None
        self._moved_ns = self._passed_ns = 0

    def look(self, luma: NDArray[np.uint8], t_ns: int) -> float | None:
        """The share 0..1 of a brightness `[h, w]` that changed since the last one passed, 0 where nothing moves; None:
        pass it over."""
        height, width = luma.shape
        size = (WIDTH, min(MAX_HEIGHT, max(1, round(height * WIDTH / width))))
        way = cv2.INTER_AREA if width >= WIDTH else cv2.INTER_LINEAR
        small = np.asarray(
            cv2.blur(self._hide(np.asarray(cv2.resize(luma, size, interpolation=way))), (3, 3)), np.uint8
        )
        anchor, changed = self._anchor, 1.0
        if anchor is not None and anchor.shape == small.shape:
            different = cv2.threshold(cv2.absdiff(small, anchor), NOISE, 255, cv2.THRESH_BINARY)[1]
            changed = cv2.countNonZero(different) / small.size
        if changed > STILL:
            self._moved_ns = t_ns
        elif t_ns - self._moved_ns > self._linger_ns and t_ns - self._passed_ns < self._beat_ns:
            return None
        self._anchor, self._passed_ns = small, t_ns
        return changed if changed > STILL else 0.0
