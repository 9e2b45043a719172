"""Faces that look at the camera: Haar cascades (Viola and Jones, 2001), made steady over time.

The strict frontal cascade finds upright faces and nearly no others; a face once found is looked for again at its place
also tilted (the cascade knows upright faces only) and with the profile cascade, so that nodding and turning heads stay.
A face counts when it was found in two of the last three looks, and is lost after it was missed in a row.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from streams import wording
from streams.encoders.vision.frame import Picture
from streams.errors import ModelError
from streams.types import NS, Box, Percept

SIDE = 400
"""Pictures are searched at this size of their longer side."""
SMALLEST = 22
"""Smallest face, in pixels of the reduced picture."""
EVERY_NS = NS
"""Between looks at a changing picture,"""
SOON_NS = NS // 2
"""and while a face has just appeared or is missed."""
AGAIN = 60
"""Pixels to which a larger known face is reduced when it is looked for again."""
TILTS = (0, -22, 22, -40, 40)
"""Degrees at which a known face is looked for again."""
MISSES = 3
"""Looks in a row without it after which a face is gone."""
MOST = 32
"""Faces kept; more are not counted."""


@dataclass(slots=True)
class Face:
    """A face that is followed: place in pixels of the reduced picture, and how often it was seen."""

    x: float
    y: float
    side: float
    hits: int = 1
    misses: int = 0
    sure: bool = False
    """Found often enough to count."""


@dataclass(slots=True)
class FacesState:
    """What is kept of one stream."""

    source: str
    known: list[Face] = field(default_factory=list)
    said: int = 0
    due_ns: int = 0
    quiet_ns: int = 0
    """After a cut nothing is said until this time: who is there now has to be found first."""
    changed: bool = True
    looks: int = 0
    last: Picture | None = None
    scale: float = 1.0


class Faces:
    """Counts faces; says so when the number changes. One serves many streams."""

    def __init__(self) -> None:
        """Load the cascades that come with OpenCV; `ModelError` when they are missing."""
        self._frontal = _cascade("haarcascade_frontalface_alt.xml")
        self._loose = _cascade("haarcascade_frontalface_alt2.xml")
        self._profile = _cascade("haarcascade_profileface.xml")
        self._lock = threading.Lock()  # a cascade keeps its own buffers

    def init_state(self, source: str) -> FacesState:
        """The state of a fresh stream."""
        return FacesState(source)

    def step(self, state: FacesState, picture: Picture) -> list[Percept]:
        """At most one `face` percept: how many faces look at the camera now."""
        if picture.cut:
            state.known.clear()
            state.due_ns, state.quiet_ns, state.changed = picture.t_ns, picture.t_ns + SOON_NS, True
        state.last = picture
        state.changed = state.changed or not picture.static
        if picture.t_ns < state.due_ns or not (state.changed or _open(state)):
            return []
        state.changed = False
        self._look(state, picture)
        every = SOON_NS if _open(state) else EVERY_NS
        state.due_ns = (picture.t_ns // every + 1) * every
        return [] if picture.t_ns < state.quiet_ns else self._say(state, picture.t_ns)

    def flush(self, state: FacesState) -> list[Percept]:
        """At the end: a stream of one picture (a photograph) has no second look to wait for."""
        if state.looks != 1 or state.last is None:
            return []
        for face in state.known:
            face.sure = True
        return self._say(state, state.last.t_ns)

    def _look(self, state: FacesState, picture: Picture) -> None:
        height, width = picture.rgb.shape[:2]
        state.scale = min(1.0, SIDE / max(height, width))
        size = (max(1, round(width * state.scale)), max(1, round(height * state.scale)))
        small = cv2.resize(picture.rgb, size, interpolation=cv2.INTER_AREA)
        gray = np.asarray(cv2.equalizeHist(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY)), np.uint8)
        state.looks += 1
        with self._lock:
            found = _detect(self._frontal, gray, 4)
            for face in state.known:
                match = _nearest(face, found)
                if match is not None:
                    found.remove(match)
                else:
                    match = self._again(gray, face)
                _update(face, match)
        state.known = [f for f in state.known if f.misses < (MISSES if f.sure else 2)]
        state.known = (state.known + [Face(x, y, side) for x, y, side in found])[:MOST]
        _drop_doubles(state.known)

    def _again(self, gray: NDArray[np.uint8], face: Face) -> tuple[float, float, float] | None:
        """Look for a known face around its last place, tilted and from the side."""
        centre = (face.x + face.side / 2, face.y + face.side / 2)
        zoom = min(1.0, AGAIN / face.side)
        size = max(SMALLEST, round(1.8 * face.side * zoom))
        smallest = max(SMALLEST, round(0.6 * face.side * zoom))
        for tilt in TILTS:
            turn = cv2.getRotationMatrix2D(centre, tilt, zoom)
            turn[0, 2] += size / 2 - centre[0]
            turn[1, 2] += size / 2 - centre[1]
            patch = np.asarray(cv2.warpAffine(gray, turn, (size, size)), np.uint8)
            for cascade in (self._loose, self._profile) if tilt == 0 else (self._loose,):
                for x, y, side in _detect(cascade, patch, 3, smallest):
                    # back from the turned patch: where its centre came from
                    back = cv2.invertAffineTransform(turn) @ np.array([x + side / 2, y + side / 2, 1.0])
                    side /= zoom
                    if side < 1.6 * face.side:
                        return float(back[0] - side / 2), float(back[1] - side / 2), side
        return None

    def _say(self, state: FacesState, t_ns: int) -> list[Percept]:
        seen = [face for face in state.known if face.sure]
        if len(seen) == state.said or state.last is None:
            return []
        state.said = len(seen)
        height, width = state.last.rgb.shape[:2]
        box = _box(seen[0], state.scale, width, height) if len(seen) == 1 else None
        return [Percept("", "face", state.source, t_ns, t_ns, wording.faces(len(seen)), 0.85, box)]


def _open(state: FacesState) -> bool:
    """Whether a face has just appeared or is missed, or what was said no longer holds."""
    counted = sum(face.sure for face in state.known)
    return counted != state.said or any(face.sure == (face.misses > 0) for face in state.known)


def _cascade(name: str) -> cv2.CascadeClassifier:
    path = Path(cv2.__file__).parent / "data" / name
    cascade = cv2.CascadeClassifier(str(path))
    if cascade.empty():
        raise ModelError(f"no face cascade at {path}; install opencv-python again: pip install 'opencv-python<5'")
    return cascade


def _detect(
    cascade: cv2.CascadeClassifier, gray: NDArray[np.uint8], neighbours: int, smallest: int = SMALLEST
) -> list[tuple[float, float, float]]:
    """Squares `(x, y, side)`, largest first."""
    if min(gray.shape) < smallest:
        return []
    found = cascade.detectMultiScale(gray, 1.1, neighbours, minSize=(smallest, smallest))
    return sorted(((float(x), float(y), float(w)) for x, y, w, _ in found), key=lambda f: (-f[2], f[0], f[1]))


def _nearest(face: Face, found: list[tuple[float, float, float]]) -> tuple[float, float, float] | None:
    """The detection that is this face: its centre within a face's width and of like size."""
    best, limit = None, 0.9 * face.side
    for x, y, side in found:
        away = float(np.hypot(x + side / 2 - face.x - face.side / 2, y + side / 2 - face.y - face.side / 2))
        if away < limit and 0.6 < side / face.side < 1.7:
            best, limit = (x, y, side), away
    return best


def _update(face: Face, match: tuple[float, float, float] | None) -> None:
    if match is None:
        face.misses += 1
        return
    face.x, face.y, face.side = match
    face.hits, face.misses = face.hits + 1, 0
    face.sure = face.sure or face.hits >= 2


def _drop_doubles(known: list[Face]) -> None:
    """Two followed faces at one place are one."""
    for i, face in reversed(list(enumerate(known))):
        for other in known[:i]:
            if _nearest(other, [(face.x, face.y, face.side)]) and abs(face.x - other.x) < 0.5 * face.side:
                del known[i]
                break


def _box(face: Face, scale: float, width: int, height: int) -> Box:
    """Pixels of the reduced picture to fractions of the picture."""
    x, y = max(0.0, face.x / scale / width), max(0.0, face.y / scale / height)
    return x, y, min(1.0 - x, face.side / scale / width), min(1.0 - y, face.side / scale / height)
