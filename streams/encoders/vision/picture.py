"""The change gate: which frames are looked at, and what happened to the picture as a whole.

All of it works on a gray picture 320 pixels wide, so that an unchanged frame costs a fraction of a millisecond.
Comparisons are made on a slightly blurred picture with a threshold above sensor and codec noise. A hard cut is told
from motion by comparing small cells of the picture (normalised correlation, indifferent to brightness) and by being
sudden: a pan or somebody walking close by has many changed pictures in a row, a cut has one.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from streams.encoders.vision.frame import Picture
from streams.types import NS, VideoFrame

WIDTH = 320
MAX_HEIGHT = 960
"""Of the small picture: a very narrow frame is squeezed."""
NOISE = 10
"""Gray levels (of 255) by which a blurred pixel must differ to count as changed."""
STATIC = 0.001
"""Share of changed pixels up to which a picture counts as the same: about 8 x 8 small pixels."""
SLOT_SLACK_NS = 10_000_000
"""Frames may come this much early and still belong to the next slot of the frame-rate limit."""
_COLS, _ROWS, _CELL = 12, 9, 8
_MID = (_COLS * _CELL, _ROWS * _CELL)
_TINY = (64, 36)


@dataclass(slots=True)
class GateState:
    """What the gate keeps of one stream."""

    source: str
    slot: int = -1
    t_ns: int = 0
    anchor: NDArray[np.uint8] | None = None
    """Blurred small gray of the last picture that was not static, `[h, w]`."""
    seen: NDArray[np.uint8] | None = None
    """The last picture that was not blank, for the return of the picture after darkness, `[h, w]`."""
    blank: bool = False
    recent: deque[tuple[float, float]] = field(default_factory=lambda: deque(maxlen=3))
    """Changed share and changed cells of the last pictures."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """How a picture differs from an earlier one."""

    cells: float
    """Share of the cells with texture whose texture is another one."""
    brightness: float
    """Share of the cells whose brightness differs."""
    detail: float
    """Correlation of the fine structure, -1..1."""


def shrink(rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """`[H, W, 3]` of any size to gray `[h, 320]`, height to scale."""
    height, width = rgb.shape[:2]
    size = (WIDTH, min(MAX_HEIGHT, max(1, round(height * WIDTH / width))))
    way = cv2.INTER_AREA if width >= WIDTH else cv2.INTER_LINEAR
    return np.asarray(cv2.cvtColor(cv2.resize(rgb, size, interpolation=way), cv2.COLOR_RGB2GRAY), np.uint8)


def detail(gray: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Band-passed structure `[45, 80]` of a small gray picture: without brightness and without noise."""
    tiny = cv2.resize(gray, (80, 45), interpolation=cv2.INTER_AREA).astype(np.float32)
    return np.asarray(cv2.GaussianBlur(tiny, (0, 0), 1.0) - cv2.GaussianBlur(tiny, (0, 0), 4.0), np.float32)


def tiny(gray: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Brightness `[36, 64]`, 0..255."""
    return np.asarray(cv2.resize(gray, _TINY, interpolation=cv2.INTER_AREA), np.float32)


def correlation(a: NDArray[np.float32], b: NDArray[np.float32]) -> float:
    """Of two arrays of the same shape, -1..1; 0 where one of them is flat."""
    a, b = a - a.mean(), b - b.mean()
    scale = float(np.sqrt((a * a).mean() * (b * b).mean()))
    return float((a * b).mean()) / scale if scale > 0.25 else 0.0


def is_blank(gray: NDArray[np.uint8]) -> bool:
    """Nothing can be made out: no structure at all (a covered lens, darkness)."""
    return float(detail(gray).std()) < 1.0


def compare(a: NDArray[np.uint8], b: NDArray[np.uint8]) -> Comparison:
    """Compare two small gray pictures of the same shape cell by cell."""
    cells_a, cells_b = _cells(a), _cells(b)
    mean_a, mean_b = cells_a.mean(1, keepdims=True), cells_b.mean(1, keepdims=True)
    differs = np.abs(cells_a - cells_b).mean(1) > 8
    cells_a, cells_b = cells_a - mean_a, cells_b - mean_b
    deviation_a, deviation_b = cells_a.std(1), cells_b.std(1)
    textured = (deviation_a > 4) | (deviation_b > 4)
    likeness = (cells_a * cells_b).mean(1) / np.maximum(deviation_a * deviation_b, 4)
    other = differs & textured & (likeness < 0.6)
    return Comparison(
        cells=float(other.sum()) / max(12, int(textured.sum())),
        brightness=float(differs.mean()),
        detail=correlation(detail(a), detail(b)),
    )


def gain(a: NDArray[np.uint8], b: NDArray[np.uint8]) -> tuple[float, float]:
    """By which factor the whole picture became brighter from `a` to `b`, and the share 0..1 that this leaves over."""
    before, after = tiny(a) + 4, tiny(b) + 4
    factor = float(np.median(after / before))
    left = np.abs(after - before * factor) > NOISE
    return factor, float(left.mean())


def aligned(a: NDArray[np.uint8], b: NDArray[np.uint8]) -> float:
    """How well the middle of one picture is found anywhere in the other, -1..1: high when the camera only moved."""
    detail_a, detail_b = detail(a), detail(b)
    found = [
        cv2.matchTemplate(whole, part[11:34, 20:60], cv2.TM_CCOEFF_NORMED).max()
        for whole, part in ((detail_a, detail_b), (detail_b, detail_a))
    ]
    return float(max(found))


class ChangeGate:
    """Makes a `Picture` of every frame that is due, and says what happened to the picture as a whole."""

    def __init__(self, max_fps: float = 10.0) -> None:
        self._max_fps = max_fps

    def init_state(self, source: str) -> GateState:
        """The state of a fresh stream."""
        return GateState(source)

    def step(self, state: GateState, frame: VideoFrame) -> Picture | None:
        """The picture of a frame `[H, W, 3]`, or None for a frame that the frame-rate limit passes over.

        Time is cut into slots of `1 / max_fps`; the first frame in each is taken, so the choice depends on the
        frames' times alone.
        """
        slot = int((frame.t_ns + SLOT_SLACK_NS) * self._max_fps // NS)
        if slot <= state.slot or frame.rgb.size == 0:
            return None
        state.slot = slot
        gray = shrink(frame.rgb)
        blurred = np.asarray(cv2.blur(gray, (3, 3)), np.uint8)
        anchor = state.anchor
        gap_ns, state.t_ns = frame.t_ns - state.t_ns, frame.t_ns
        if anchor is None or anchor.shape != blurred.shape:
            first = anchor is None
            self._remember(state, blurred, is_blank(blurred), (1.0, 1.0))
            return Picture(frame.t_ns, frame.rgb, gray, 1.0, False, not first, False)
        different = cv2.threshold(cv2.absdiff(blurred, anchor), NOISE, 255, cv2.THRESH_BINARY)[1]
        changed = cv2.countNonZero(different) / blurred.size
        if changed <= STATIC:
            state.recent.append((changed, 0.0))
            return Picture(frame.t_ns, frame.rgb, gray, changed, True, False, False)
        cut, light, cells = self._whole(state, blurred, changed, gap_ns)
        self._remember(state, blurred, is_blank(blurred), (changed, cells))
        return Picture(frame.t_ns, frame.rgb, gray, changed, False, cut, light)

    def _whole(self, state: GateState, now: NDArray[np.uint8], changed: float, gap_ns: int) -> tuple[bool, bool, float]:
        """Whether the whole picture was cut or changed its brightness, and the share of other cells."""
        anchor = state.anchor
        assert anchor is not None
        if changed < 0.05:
            return False, False, 0.0
        if is_blank(now):
            return False, True, 0.0
        if state.blank and state.seen is not None and state.seen.shape == now.shape:
            # after darkness: the same view as before is light, another one is a cut
            seen = compare(state.seen, now)
            return seen.cells > 0.45, seen.cells <= 0.45, seen.cells
        seen = compare(anchor, now)
        factor, left = gain(anchor, now)
        if abs(np.log(factor)) > 0.04 and left < 0.35 * changed and seen.cells < 0.3:
            return False, True, seen.cells
        cut = _is_cut(state, seen, changed, gap_ns) and aligned(anchor, now) < (0.6 if seen.cells > 0.7 else 0.85)
        return cut, False, seen.cells

    def _remember(self, state: GateState, blurred: NDArray[np.uint8], blank: bool, recent: tuple[float, float]) -> None:
        state.anchor, state.blank = blurred, blank
        if not blank:
            state.seen = blurred
        state.recent.append(recent)


def _is_cut(state: GateState, seen: Comparison, changed: float, gap_ns: int) -> bool:
    calm = max((c for c, _ in state.recent), default=0.0)
    other = max((c for _, c in state.recent), default=0.0)
    if seen.brightness < 0.4 or seen.detail > 0.8:
        return False
    if gap_ns > NS // 2:  # slow sources: a lot may have moved in between
        return seen.cells > 0.7
    sudden = seen.cells > 0.7 and other < 0.5 * seen.cells
    # similar pictures (talking heads before one wall): less texture changes, but out of complete calm
    return sudden or (changed > 0.25 and calm < 0.05)


def _cells(gray: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Small gray picture to `[cells, pixels of a cell]`."""
    mid = cv2.resize(gray, _MID, interpolation=cv2.INTER_AREA).astype(np.float32)
    cells = mid.reshape(_ROWS, _CELL, _COLS, _CELL).transpose(0, 2, 1, 3).reshape(_ROWS * _COLS, _CELL * _CELL)
    return np.asarray(cells, np.float32)
