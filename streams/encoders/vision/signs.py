"""Text in the picture: read only where and when the picture changed, said once, and said again when it is gone.

Reading costs most of what vision costs, so it is rationed by stream time (which keeps it deterministic): a bucket of
pixels fills at a fixed rate, and each reading takes what it reads out of it. A place is read when it differs from what
was read there last and has come to rest; what keeps moving is read now and then.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from streams import wording
from streams.encoders.vision.frame import Picture
from streams.encoders.vision.picture import is_blank
from streams.encoders.vision.reading import Line, Reader, alike, grouped
from streams.types import NS, Box, Percept

LIVE_PIXELS = 900_000
"""Read at once in a stream: about half a second of one core."""
STILL_PIXELS = 2_000_000
"""Read of a photograph."""
FULL_PIXELS = 1_500_000
"""What the bucket holds."""
PIXELS_PER_S = 120_000
"""And what it gains."""
DIFFERENT = 24
"""Gray levels by which a place must differ from when it was read."""
PLACE = 40
"""Small pixels that must differ, at least: about the area of a short word."""
REST_NS = 3 * NS // 10
RESTLESS_NS = 3 * NS
"""What changed and does not come to rest is read after this time anyway."""
BETWEEN_NS = NS
GONE_NS = 2 * NS
FORGET_NS = 6 * NS
MOST_KNOWN = 64
MARGIN = 12
"""Small pixels around a changed place that are read with it."""
LEAST = (96, 54)
"""Small pixels: no smaller piece is read."""

_Region = tuple[int, int, int, int]
"""Left, top, right, bottom in small pixels."""


@dataclass(slots=True)
class Known:
    """A sign that was said: its lines and since when it could not be found."""

    text: str
    lines: list[Line]
    missing_ns: int | None = None


@dataclass(slots=True)
class SignsState:
    """What is kept of one stream."""

    source: str
    known: list[Known] = field(default_factory=list)
    read: NDArray[np.uint8] | None = None
    """Small gray as it was when each place was read last, `[h, w]`."""
    previous: NDArray[np.uint8] | None = None
    pixels: float = FULL_PIXELS
    filled_ns: int = 0
    read_ns: int = -BETWEEN_NS
    dirty_ns: int | None = None
    rest_ns: int | None = None
    pictures: int = 0
    last: Picture | None = None


class Signs:
    """Reads signs with a `Reader`. One serves many streams."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def init_state(self, source: str) -> SignsState:
        """The state of a fresh stream."""
        return SignsState(source)

    def step(self, state: SignsState, picture: Picture) -> list[Percept]:
        """`sign` percepts: texts newly read, texts that are gone."""
        state.pictures += 1
        state.last = picture
        if picture.static and state.dirty_ns is None and not any(k.missing_ns is not None for k in state.known):
            return []
        now = np.asarray(cv2.blur(picture.gray, (3, 3)), np.uint8)
        resting = self._resting(state, picture, now)
        if state.read is None or state.read.shape != now.shape or picture.cut:
            state.read = None
            if picture.cut or state.dirty_ns is None:
                state.dirty_ns = picture.t_ns
            # a photograph is one picture: it is read at the end, with more care
            region = None if state.pictures == 1 else (0, 0, now.shape[1], now.shape[0])
            lasting = picture.t_ns - (state.dirty_ns or 0) >= REST_NS
        else:
            if picture.light:
                state.read = now
            region, lasting = self._changed(state, now, resting, picture.t_ns)
        out: list[Percept] = []
        if region is not None and lasting and not is_blank(picture.gray):
            out += self._read(state, picture, region, now)
        return out + self._vanished(state, picture.t_ns, now)

    def flush(self, state: SignsState) -> list[Percept]:
        """At the end: a photograph, or a stream too short to have been read, is read now."""
        picture = state.last
        if picture is None or state.read is not None or is_blank(picture.gray):
            return []
        now = np.asarray(cv2.blur(picture.gray, (3, 3)), np.uint8)
        most = STILL_PIXELS if state.pictures == 1 else LIVE_PIXELS
        state.pixels = max(state.pixels, float(most))
        return self._read(state, picture, (0, 0, now.shape[1], now.shape[0]), now, most)

    def _resting(self, state: SignsState, picture: Picture, now: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Mask `[h, w]` of what did not change since the last picture, with a margin; keeps the time of rest."""
        previous, state.previous = state.previous, now
        if previous is None or previous.shape != now.shape or picture.cut:
            state.rest_ns = picture.t_ns
            return np.zeros_like(now)
        moving = cv2.threshold(cv2.absdiff(now, previous), 10, 255, cv2.THRESH_BINARY)[1]
        if cv2.countNonZero(moving) > 0.005 * now.size:
            state.rest_ns = None
        elif state.rest_ns is None:
            state.rest_ns = picture.t_ns
        return np.asarray(cv2.bitwise_not(cv2.dilate(moving, np.ones((9, 9), np.uint8))), np.uint8)

    def _changed(
        self, state: SignsState, now: NDArray[np.uint8], resting: NDArray[np.uint8], t_ns: int
    ) -> tuple[_Region | None, bool]:
        """What differs from when it was read, and whether it should be read now."""
        assert state.read is not None
        differs = cv2.threshold(cv2.absdiff(now, state.read), DIFFERENT, 255, cv2.THRESH_BINARY)[1]
        if cv2.countNonZero(differs) < PLACE:
            state.dirty_ns = None
            return None, False
        if state.dirty_ns is None:
            state.dirty_ns = t_ns
        if t_ns - state.dirty_ns < REST_NS:
            return None, False
        still = cv2.bitwise_and(differs, resting)
        if cv2.countNonZero(still) >= PLACE:
            return _around(still, now.shape), True
        return _around(differs, now.shape), t_ns - state.dirty_ns >= RESTLESS_NS

    def _read(
        self, state: SignsState, picture: Picture, region: _Region, now: NDArray[np.uint8], most: int = LIVE_PIXELS
    ) -> list[Percept]:
        """Read a region if the bucket allows, and compare with what is known."""
        t_ns = picture.t_ns
        state.pixels = min(FULL_PIXELS, state.pixels + (t_ns - state.filled_ns) / NS * PIXELS_PER_S)
        state.filled_ns = t_ns
        height, width = picture.rgb.shape[:2]
        to_x, to_y = width / now.shape[1], height / now.shape[0]
        region = _with_known(region, state.known, to_x, to_y, now.shape)
        left, top, right, bottom = region
        x0, y0, x1, y1 = int(left * to_x), int(top * to_y), round(right * to_x), round(bottom * to_y)
        cost = min(most, 9 * (x1 - x0) * (y1 - y0))
        if most == LIVE_PIXELS and (t_ns - state.read_ns < BETWEEN_NS or cost > state.pixels):
            return []
        state.pixels -= cost
        state.read_ns, state.dirty_ns = t_ns, None
        piece = np.ascontiguousarray(picture.rgb[y0:y1, x0:x1])
        lines = [_moved(line, x0, y0) for line in self._reader.read(piece, most)]
        if state.read is None:
            state.read = now.copy()
        else:
            state.read = state.read.copy()
            state.read[top:bottom, left:right] = now[top:bottom, left:right]
        return self._compare(state, lines, (x0, y0, x1, y1), picture)

    def _compare(self, state: SignsState, lines: list[Line], piece: _Region, picture: Picture) -> list[Percept]:
        """What was read in a piece of the picture (pixels) against what is known there."""
        fresh = []
        found: set[int] = set()
        for line in lines:
            same = next((k for k in state.known if any(alike(x.text, line.text) for x in k.lines)), None)
            if same is None:
                fresh.append(line)
                continue
            found.add(id(same))
            same.missing_ns = None
            same.lines = [line if alike(x.text, line.text) else x for x in same.lines]
        for known in state.known:
            inside = all(_inside(line, piece) for line in known.lines)
            if inside and id(known) not in found and known.missing_ns is None:
                known.missing_ns = picture.t_ns
        out = []
        for group in grouped(fresh):
            text = " ".join(line.text for line in group)
            state.known = [*state.known, Known(text, group)][-MOST_KNOWN:]
            out.append(self._percept(state.source, picture, group, text))
        return out

    def _vanished(self, state: SignsState, t_ns: int, now: NDArray[np.uint8]) -> list[Percept]:
        """Signs that were not found where they had been, for long enough."""
        gone = []
        for known in state.known:
            if known.missing_ns is None or t_ns - known.missing_ns < GONE_NS:
                continue
            # its place as it was when the sign was missed: nothing new to read; else it is read again first
            if state.dirty_ns is None or t_ns - known.missing_ns >= FORGET_NS:
                gone.append(known)
        state.known = [known for known in state.known if known not in gone]
        return [
            Percept("", "sign", state.source, known.missing_ns or t_ns, t_ns, wording.sign_gone(known.text), 0.8)
            for known in gone
        ]

    def _percept(self, source: str, picture: Picture, group: list[Line], text: str) -> Percept:
        height, width = picture.rgb.shape[:2]
        x, y = max(0.0, min(v.x for v in group) / width), max(0.0, min(v.y for v in group) / height)
        right = min(1.0, max(v.x + v.width for v in group) / width)
        bottom = min(1.0, max(v.y + v.height for v in group) / height)
        box: Box = (x, y, max(0.0, right - x), max(0.0, bottom - y))
        sure = min(line.confidence for line in group)
        return Percept("", "sign", source, picture.t_ns, picture.t_ns, wording.sign(text), round(sure, 3), box)


def _around(mask: NDArray[np.uint8] | cv2.typing.MatLike, shape: tuple[int, ...]) -> _Region:
    """The rectangle around a mask `[h, w]`, with a margin and of a least size, within the picture."""
    x, y, width, height = cv2.boundingRect(mask)
    grow_x = max(MARGIN, (LEAST[0] - width + 1) // 2)
    grow_y = max(MARGIN, (LEAST[1] - height + 1) // 2)
    return max(0, x - grow_x), max(0, y - grow_y), min(shape[1], x + width + grow_x), min(shape[0], y + height + grow_y)


def _with_known(region: _Region, known: list[Known], to_x: float, to_y: float, shape: tuple[int, ...]) -> _Region:
    """The region (small pixels) widened so that it cuts through no line that was read before."""
    left, top, right, bottom = region
    for line in (line for sign in known for line in sign.lines):
        x0, y0 = int(line.x / to_x) - 4, int(line.y / to_y) - 4
        x1, y1 = int((line.x + line.width) / to_x) + 5, int((line.y + line.height) / to_y) + 5
        if x0 < region[2] and x1 > region[0] and y0 < region[3] and y1 > region[1]:
            left, top, right, bottom = min(left, x0), min(top, y0), max(right, x1), max(bottom, y1)
    return max(0, left), max(0, top), min(shape[1], right), min(shape[0], bottom)


def _inside(line: Line, piece: _Region) -> bool:
    x, y = line.x + line.width / 2, line.y + line.height / 2
    return piece[0] <= x <= piece[2] and piece[1] <= y <= piece[3]


def _moved(line: Line, x: float, y: float) -> Line:
    return Line(line.text, line.confidence, line.x + x, line.y + y, line.width, line.height)
