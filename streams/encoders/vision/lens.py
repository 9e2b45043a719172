"""Whether the camera works: lens covered, picture frozen, camera gone."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from streams import wording
from streams.encoders.vision.frame import Picture
from streams.encoders.vision.picture import detail
from streams.types import Percept, ns

FLAT = 1.0
"""Standard deviation of the fine structure (gray levels) below which nothing can be made out."""
STRUCTURED = 3.0
"""And above which a picture surely shows something."""
DARK = 30.0
"""Mean gray level: a flat picture this dark is a covered lens even where nothing was ever seen."""
NOISY = 0.02
"""Share of small pixels that sensor noise changes from picture to picture, at least."""
NOISE_PICTURES = 20
"""Pictures over which noise must be seen nearly always before its absence means anything."""


@dataclass(slots=True)
class LensState:
    """What is kept of one stream."""

    source: str
    previous: NDArray[np.uint8] | None = None
    flat_since_ns: int | None = None
    structured: bool = False
    covered: bool = False
    still_since_ns: int | None = None
    frozen: bool = False
    noise: deque[bool] = field(default_factory=lambda: deque(maxlen=NOISE_PICTURES))


class Lens:
    """Finds a covered lens (`covered_s` seconds of a flat picture) and a frozen picture (`frozen_s` seconds).

    Frozen means identical to the last pixel although the source had sensor noise before: a drawing or a screen that
    does not change is not frozen.
    """

    def __init__(self, covered_s: float = 1.0, frozen_s: float = 10.0) -> None:
        self._covered_ns, self._frozen_ns = ns(covered_s), ns(frozen_s)

    def init_state(self, source: str) -> LensState:
        """The state of a fresh stream."""
        return LensState(source)

    def step(self, state: LensState, picture: Picture) -> list[Percept]:
        """`health` percepts, on change only."""
        return self._cover(state, picture) + self._freeze(state, picture)

    def _cover(self, state: LensState, picture: Picture) -> list[Percept]:
        if not picture.static or state.previous is None:
            structure = float(detail(picture.gray).std())
            state.structured = state.structured or structure > STRUCTURED
            flat = structure < FLAT and (state.structured or float(picture.gray.mean()) < DARK)
            if not flat:
                state.flat_since_ns = None
            elif state.flat_since_ns is None:
                state.flat_since_ns = picture.t_ns
        since = state.flat_since_ns
        if since is None:
            if not state.covered:
                return []
            state.covered = False
            return [_health(state.source, picture.t_ns, picture.t_ns, wording.covered(False))]
        if state.covered or picture.t_ns - since < self._covered_ns:
            return []
        state.covered = True
        return [_health(state.source, since, picture.t_ns, wording.covered(True))]

    def _freeze(self, state: LensState, picture: Picture) -> list[Percept]:
        previous, state.previous = state.previous, picture.gray
        if previous is None or previous.shape != picture.gray.shape:
            return []
        different = cv2.countNonZero(cv2.absdiff(previous, picture.gray)) / previous.size
        if different > 0:
            state.still_since_ns = None
            state.noise.append(different >= NOISY)
            if not state.frozen:
                return []
            state.frozen = False
            return [_health(state.source, picture.t_ns, picture.t_ns, wording.frozen(False))]
        if state.still_since_ns is None:
            state.still_since_ns = picture.t_ns
        had_noise = len(state.noise) == NOISE_PICTURES and sum(state.noise) >= 0.9 * NOISE_PICTURES
        still_ns = picture.t_ns - state.still_since_ns
        if state.frozen or state.covered or not had_noise or still_ns < self._frozen_ns:
            # single identical pictures are normal after coding: they count against noise
            if not state.frozen and still_ns == 0:
                state.noise.append(False)
            return []
        state.frozen = True
        return [_health(state.source, state.still_since_ns, picture.t_ns, wording.frozen(True))]


class Watch:
    """Whether a device still delivers. Pure: whoever pumps the media calls `seen` and, at times, `check`."""

    def __init__(self, source: str, after_s: float = 5.0, device: str = "camera") -> None:
        self._source, self._after_ns, self._device = source, ns(after_s), device
        self._last_ns: int | None = None
        self._gone = False

    def seen(self, t_ns: int) -> Percept | None:
        """A frame came at stream time `t_ns`; the percept `the camera is back` if it had been gone."""
        self._last_ns = t_ns
        if not self._gone:
            return None
        self._gone = False
        return _health(self._source, t_ns, t_ns, wording.gone(False, self._device))

    def check(self, now_ns: int) -> Percept | None:
        """It is `now_ns`; the percept `the camera is gone`, once, when nothing came for too long."""
        if self._last_ns is None:
            self._last_ns = now_ns
        if self._gone or now_ns - self._last_ns < self._after_ns:
            return None
        self._gone = True
        return _health(self._source, self._last_ns, now_ns, wording.gone(True, self._device))


def _health(source: str, t0_ns: int, t1_ns: int, text: str) -> Percept:
    return Percept("", "health", source, t0_ns, t1_ns, text, 0.95)
