"""Whether a camera that is fixed still sees what it usually sees, and sharply: blurred, turned away.

Sharpness is the finest structure of the picture in proportion to the coarser one, so that it does not depend on light
and contrast; compared with what the camera itself usually has. Its usual view is the structure of the picture (not its
brightness), learned slowly; a view that has lasted long becomes the usual one.
Method of sharpness: ratio of band energies, after the reduced-reference measures of Marziliano et al., "Perceptual blur
and ringing metrics", 2004.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from streams import wording
from streams.encoders.vision.picture import correlation, detail, is_blank, shrink
from streams.types import NS, Percept, VideoFrame, ns

BLURRED = 0.5
"""Share of the usual sharpness below which a picture is blurred."""
SHARP = 0.7
"""And above which it is sharp again."""
OTHER = 0.25
"""Correlation with the usual view below which a camera shows another one."""
USUAL = 0.45
LEARN = 0.02
"""How much of the usual view each look renews: half a minute."""
SETTLE = 20
"""Looks before anything is said."""


@dataclass(slots=True)
class Lasting:
    """Whether something is so, told only when it has lasted, and when it is over."""

    since_ns: int | None = None
    told: bool = False

    def lasts_ns(self, t_ns: int) -> int:
        """For so long it has been so; 0 while it is not."""
        return 0 if self.since_ns is None else t_ns - self.since_ns

    def step(self, is_so: bool, t_ns: int, after_ns: float) -> tuple[int, bool] | None:
        """What is to be told now: since when, and whether it is so or over. It is told after `after_ns`."""
        if not is_so:
            self.since_ns = None
            was_told, self.told = self.told, False
            return (t_ns, False) if was_told else None
        self.since_ns = t_ns if self.since_ns is None else self.since_ns
        if self.told or self.lasts_ns(t_ns) < after_ns:
            return None
        self.told = True
        return self.since_ns, True


@dataclass(slots=True)
class MountState:
    """What is kept of one stream."""

    source: str
    looked_ns: int | None = None
    looks: int = 0
    sharpness: float = 0.0
    """The usual one."""
    view: NDArray[np.float32] | None = None
    """The usual one, `[45, 80]`."""
    blurred: Lasting = field(default_factory=Lasting)
    turned: Lasting = field(default_factory=Lasting)


class Mount:
    """Looks once a second; what lasts `blurred_s` or `turned_s` is told, and is the usual thing after `accept_s`."""

    def __init__(self, blurred_s: float = 8.0, turned_s: float = 8.0, accept_s: float = 600.0) -> None:
        self._blurred_ns, self._turned_ns, self._accept_ns = ns(blurred_s), ns(turned_s), ns(accept_s)

    def init_state(self, source: str) -> MountState:
        """The state of a fresh stream."""
        return MountState(source)

    def step(self, state: MountState, frame: VideoFrame) -> list[Percept]:
        """`health` percepts, on change only."""
        if state.looked_ns is not None and frame.t_ns - state.looked_ns < 0.95 * NS:
            return []
        state.looked_ns = frame.t_ns
        gray = shrink(frame.rgb)
        if is_blank(gray):  # covered, or dark: said elsewhere
            state.blurred.since_ns = state.turned.since_ns = None
            return []
        state.looks += 1
        return [*self._blur(state, gray, frame.t_ns), *self._turn(state, gray, frame.t_ns)]

    def _blur(self, state: MountState, gray: NDArray[np.uint8], t_ns: int) -> Iterator[Percept]:
        now = sharpness(gray)
        if state.sharpness == 0.0:
            state.sharpness = now
        dull = now / max(1e-6, state.sharpness) < (SHARP if state.blurred.told else BLURRED)
        told = state.blurred.step(dull, t_ns, self._after(state, self._blurred_ns))
        if not dull:
            # sharper at once, duller slowly: a camera that loses its focus bit by bit is noticed, too
            state.sharpness += (now - state.sharpness) * (0.2 if now > state.sharpness else LEARN / 4)
        elif state.blurred.lasts_ns(t_ns) > self._accept_ns:
            state.sharpness = now
        if told is not None:
            yield _health(state.source, told[0], t_ns, wording.blurred(told[1]))

    def _turn(self, state: MountState, gray: NDArray[np.uint8], t_ns: int) -> Iterator[Percept]:
        now = detail(gray)
        if state.view is None:
            state.view = now
        other = correlation(state.view, now) < (USUAL if state.turned.told else OTHER)
        told = state.turned.step(other, t_ns, self._after(state, self._turned_ns))
        if not other:
            state.view += (now - state.view) * np.float32(LEARN)
        elif state.turned.lasts_ns(t_ns) > self._accept_ns:
            state.view = now
        if told is not None:
            yield _health(state.source, told[0], t_ns, wording.turned(told[1]))

    @staticmethod
    def _after(state: MountState, lasting_ns: int) -> float:
        """Nothing is told until the usual sharpness and view are known."""
        return lasting_ns if state.looks > SETTLE else math.inf


def sharpness(gray: NDArray[np.uint8]) -> float:
    """Energy of the finest structure of a gray picture `[h, w]` in proportion to that of the coarser one."""
    fine = gray.astype(np.float32)
    soft = cv2.GaussianBlur(fine, (0, 0), 1.0)
    coarse = cv2.GaussianBlur(fine, (0, 0), 4.0)
    return float((fine - soft).std()) / max(0.5, float((soft - coarse).std()))


def _health(source: str, t0_ns: int, t1_ns: int, text: str) -> Percept:
    return Percept("", "health", source, t0_ns, t1_ns, text, 0.9)
