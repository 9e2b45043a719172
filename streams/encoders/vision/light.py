"""The light: switched on or off (within half a second), or slowly getting brighter or darker (over ten seconds).

A switch changes the brightness of nearly every place by a large factor at once and keeps what is seen. A camera's
automatic exposure takes longer and less: on real footage it reaches a factor of 0.73 in half a second when a white
car fills the picture, a switch less than 0.6 within one or two pictures.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from streams import wording
from streams.encoders.vision.frame import Picture
from streams.encoders.vision.picture import correlation, detail, tiny
from streams.types import NS, Percept

SWITCH = 0.6
"""Factor of brightness below which (or above its inverse) a light was switched."""
WINDOW_NS = NS // 2
CONFIRM_NS = 4 * NS // 10
"""A flash is over after this time; a switched light is not."""
SLOW = 0.6
SLOW_NS = 10 * NS
SAMPLE_NS = NS
"""Slow changes are looked at once a second."""
SLOW_KEPT = 31
"""Samples kept: half a minute, within which a slow change must happen."""


@dataclass(frozen=True, slots=True)
class _Look:
    t_ns: int
    brightness: NDArray[np.float32]
    detail: NDArray[np.float32]


@dataclass(slots=True)
class LightState:
    """What is kept of one stream: half a second of small pictures and half a minute of samples."""

    source: str
    recent: deque[_Look] = field(default_factory=lambda: deque(maxlen=64))
    pending: tuple[str, int, _Look] | None = None
    slow: deque[tuple[int, float]] = field(default_factory=lambda: deque(maxlen=SLOW_KEPT))


class Light:
    """Finds changes of the light. Stateless itself."""

    def init_state(self, source: str) -> LightState:
        """The state of a fresh stream."""
        return LightState(source)

    def step(self, state: LightState, picture: Picture) -> list[Percept]:
        """`light` percepts, each given a little after the change (a flash is none), dated at the change."""
        if picture.cut:
            state.recent.clear()
            state.slow.clear()
            state.pending = None
        if picture.static and state.pending is None and state.recent:
            if picture.t_ns - state.recent[-1].t_ns >= SAMPLE_NS:
                state.recent.clear()
                self._keep(state, picture)
                return self._slow(state, picture)
            return []
        look = self._keep(state, picture)
        if state.pending is not None:
            return self._confirm(state, look)
        before = state.recent[0]
        if before is not look and (change := _switched(before, look)):
            first = next((x for x in list(state.recent)[1:] if _switched(before, x)), look)
            state.pending = (change, first.t_ns, before)
            return []
        return self._slow(state, picture)

    def _keep(self, state: LightState, picture: Picture) -> _Look:
        look = _Look(picture.t_ns, tiny(picture.gray), detail(picture.gray))
        # the oldest look kept is at most half a second old, but always one picture before this one
        while len(state.recent) > 1 and state.recent[1].t_ns <= picture.t_ns - WINDOW_NS:
            state.recent.popleft()
        state.recent.append(look)
        return look

    def _confirm(self, state: LightState, look: _Look) -> list[Percept]:
        assert state.pending is not None
        change, t_ns, before = state.pending
        if look.t_ns - t_ns < CONFIRM_NS:
            return []
        state.pending = None
        state.recent.clear()
        state.recent.append(look)
        if _switched(before, look) != change:
            return []
        state.slow.clear()
        return [_percept(state.source, change, t_ns, t_ns)]

    def _slow(self, state: LightState, picture: Picture) -> list[Percept]:
        if state.slow and picture.t_ns - state.slow[-1][0] < SAMPLE_NS:
            return []
        state.slow.append((picture.t_ns, float(np.median(picture.gray)) + 4))
        if picture.t_ns - state.slow[0][0] < SLOW_NS:
            return []
        levels = [level for _, level in state.slow]
        start, now = state.slow[0], state.slow[-1]
        factor = now[1] / start[1]
        # all the way in one direction, and not in one jump (somebody close by, the camera's own exposure)
        steps = [b / a for a, b in zip(levels, levels[1:], strict=False)]
        gradual = all(SLOW**0.5 < step < SLOW**-0.5 for step in steps)
        darker = factor < SLOW and max(steps) < 1.05
        brighter = factor > 1 / SLOW and min(steps) > 0.95
        if not (gradual and (darker or brighter)):
            return []
        state.slow.clear()
        return [_percept(state.source, "gets darker" if darker else "gets brighter", start[0], picture.t_ns)]


def _switched(before: _Look, after: _Look) -> str:
    """`goes off`, `goes on`, or nothing."""
    if before.brightness.shape != after.brightness.shape:
        return ""
    low, middle, high = np.percentile((after.brightness + 4) / (before.brightness + 4), (25, 50, 75))
    if middle < SWITCH and high < 0.8:
        change = "goes off"
    elif middle > 1 / SWITCH and low > 1.25:
        change = "goes on"
    else:
        return ""
    return change if correlation(before.detail, after.detail) > 0.5 else ""


def _percept(source: str, change: str, t0_ns: int, t1_ns: int) -> Percept:
    return Percept("", "light", source, t0_ns, t1_ns, wording.light(change), 0.9)
