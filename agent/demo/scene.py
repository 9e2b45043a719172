"""The picture of the demonstration clip: a room with a sign, a lamp, a red chair, and somebody who walks through it.

Everything is drawn here; nothing is a recording. The camera is fixed and noisy as a cheap one is. The figure is a
plain drawing of a walker, and heed may honestly call it "something".
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

WIDTH_PX = 640
HEIGHT_PX = 360
_SCALE = 2
"""Drawn at twice the size and shrunk, for clean edges."""
_NOISE_LEVELS = 2.2
"""Standard deviation of the sensor noise, in levels of 255."""
_NOISE_FIELDS = 6
_DARK = np.array([0.26, 0.27, 0.34], np.float32)
"""What is left of red, green and blue when the lamp is off: some moonlight."""
_WALK_PX_PER_STEP = 38.0
_FLOOR_Y = 318
"""Where the walker's feet are."""
_FIGURE_HALF_WIDTH_PX = 38
_HEIGHT_OF_WALKER_PX = 150

Colour = tuple[int, int, int]
Picture = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Walk:
    """One visit: in over the left edge, a stay, out over the right edge. Seconds of clip time."""

    enters_s: float
    stands_s: float
    goes_on_s: float
    leaves_s: float
    stand_x_px: float = 330.0

    def x_px(self, t_s: float) -> float | None:
        """Where the walker's middle is at `t_s`; None while nobody is in the picture."""
        if not self.enters_s <= t_s < self.leaves_s:
            return None
        start, end = -float(_FIGURE_HALF_WIDTH_PX), float(WIDTH_PX + _FIGURE_HALF_WIDTH_PX)
        if t_s < self.stands_s:
            part = (t_s - self.enters_s) / (self.stands_s - self.enters_s)
            return start + part * (self.stand_x_px - start)
        if t_s < self.goes_on_s:
            return self.stand_x_px
        part = (t_s - self.goes_on_s) / (self.leaves_s - self.goes_on_s)
        return self.stand_x_px + part * (end - self.stand_x_px)


@dataclass(frozen=True, slots=True)
class Dark:
    """When the lamp is off, seconds of clip time."""

    off_s: float
    on_s: float

    def share(self, t_s: float) -> float:
        """0 when the lamp is on, 1 when it is off; it takes a tenth of a second, as a bulb does."""
        fade_s = 0.1
        falling = np.clip((t_s - self.off_s) / fade_s, 0.0, 1.0)
        rising = np.clip((t_s - self.on_s) / fade_s, 0.0, 1.0)
        return float(falling - rising)


class Scene:
    """Draws the picture at any time. The same arguments give the same pictures, whatever the order of asking."""

    def __init__(self, sign: str, walk: Walk, dark: Dark, seed: int) -> None:
        self.walk = walk
        self.dark = dark
        self._seed = seed
        self._lit = _room(sign, lamp_on=True)
        self._unlit = _room(sign, lamp_on=False)
        rng = np.random.default_rng(seed)
        shape = (_NOISE_FIELDS, HEIGHT_PX, WIDTH_PX, 3)
        self._noise = rng.normal(0.0, _NOISE_LEVELS, shape).astype(np.float32)

    def picture(self, t_s: float, number: int) -> Picture:
        """`[360, 640, 3]` RGB at clip time `t_s`; `number` of the frame chooses its noise."""
        dark = self.dark.share(t_s)
        image = (self._unlit if dark >= 0.5 else self._lit).copy()
        x = self.walk.x_px(t_s)
        if x is not None:
            standing = self.walk.stands_s <= t_s < self.walk.goes_on_s
            _draw_walker(image, x, 0.0 if standing else x / _WALK_PX_PER_STEP)
        small = cv2.resize(image, (WIDTH_PX, HEIGHT_PX), interpolation=cv2.INTER_AREA).astype(np.float32)
        small *= 1.0 - dark * (1.0 - _DARK)
        return np.clip(np.rint(small + self._noise_of(number)), 0, 255).astype(np.uint8)

    def _noise_of(self, number: int) -> NDArray[np.float32]:
        rng = np.random.default_rng((self._seed, number))
        down, right, field = rng.integers((HEIGHT_PX, WIDTH_PX, _NOISE_FIELDS))
        noise: NDArray[np.float32] = np.roll(self._noise[field], (int(down), int(right)), axis=(0, 1))
        return noise


def _room(sign: str, lamp_on: bool) -> Picture:
    """The empty room at twice the size, RGB."""
    h, w = HEIGHT_PX * _SCALE, WIDTH_PX * _SCALE
    across, down = np.meshgrid(np.linspace(-1, 1, w), np.linspace(0, 1, h))
    glow = 1.05 - 0.16 * across**2 - 0.12 * down
    image = np.clip(np.array([214, 206, 188]) * glow[..., None], 0, 255).astype(np.uint8)
    _floor(image)
    _window(image)
    _lamp(image, lamp_on)
    _sign(image, sign)
    _table(image)
    _chair(image)
    return image


def _floor(image: Picture) -> None:
    top, h, w = 268, HEIGHT_PX, WIDTH_PX
    _box(image, (0, top), (w, h), (142, 106, 74))
    for k in range(1, 6):
        y = top + round((h - top) * (k / 6) ** 1.5)
        _line(image, (0, y), (w, y), (124, 91, 62), 1)
    for x in range(-400, w + 400, 90):
        _line(image, (w // 2 + (x - w // 2) // 2, top), (x, h), (124, 91, 62), 1)
    _box(image, (0, top - 9), (w, top), (238, 234, 224))


def _window(image: Picture) -> None:
    """A window on hills, without bars: those would read as letters."""
    _box(image, (40, 56), (158, 168), (240, 238, 232))
    _box(image, (48, 64), (150, 160), (150, 188, 214))
    pane = image[64 * _SCALE : 160 * _SCALE, 48 * _SCALE : 150 * _SCALE]
    cv2.ellipse(
        pane, (46 * _SCALE, 104 * _SCALE), (60 * _SCALE, 40 * _SCALE), 0, 0, 360, (118, 156, 112), -1, cv2.LINE_AA
    )
    cv2.ellipse(
        pane, (96 * _SCALE, 108 * _SCALE), (44 * _SCALE, 30 * _SCALE), 0, 0, 360, (96, 138, 96), -1, cv2.LINE_AA
    )
    _box(image, (32, 164), (166, 172), (226, 222, 212))


def _lamp(image: Picture, on: bool) -> None:
    _line(image, (212, 0), (212, 34), (70, 66, 60), 2)
    shade = np.array([(194, 62), (230, 62), (222, 34), (202, 34)], np.int32) * _SCALE
    cv2.fillPoly(image, [shade], (64, 92, 84), cv2.LINE_AA)
    _disc(image, (212, 64), 8, (255, 250, 214) if on else (120, 118, 112))


def _sign(image: Picture, text: str) -> None:
    """A blue plate with white letters some 40 px high."""
    left, top, right, bottom = 290, 58, 566, 134
    _box(image, (left - 4, top - 4), (right + 4, bottom + 4), (250, 250, 248))
    _box(image, (left, top), (right, bottom), (22, 62, 150))
    font, size, thick = cv2.FONT_HERSHEY_DUPLEX, 1.82 * _SCALE, 4 * _SCALE
    (width, height), _ = cv2.getTextSize(text, font, size, thick)
    fit = min(1.0, (right - left - 24) * _SCALE / width)
    at = (
        round((left + right) / 2 * _SCALE - width * fit / 2),
        round((top + bottom) / 2 * _SCALE + height * fit / 2),
    )
    cv2.putText(image, text, at, font, size * fit, (255, 255, 255), thick, cv2.LINE_AA)


def _table(image: Picture) -> None:
    wood, leg = (112, 78, 50), (92, 62, 40)
    for x in (60, 168):
        _box(image, (x, 236), (x + 8, 296), leg)
    _box(image, (48, 226), (188, 238), wood)
    _box(image, (92, 206), (120, 226), (232, 232, 226))
    cv2.ellipse(image, (240, 434), (12, 14), 0, -80, 80, (232, 232, 226), 6, cv2.LINE_AA)


def _chair(image: Picture) -> None:
    red, dark = (196, 40, 36), (150, 26, 26)
    _box(image, (556, 180), (566, 304), dark)
    _box(image, (556, 176), (572, 250), red)
    _box(image, (504, 244), (572, 256), red)
    _box(image, (506, 256), (514, 310), dark)
    _box(image, (560, 256), (568, 310), dark)


def _draw_walker(image: Picture, x: float, phase: float) -> None:
    """A figure in a dark coat, its middle at `x`; `phase` counts steps."""
    swing = np.sin(phase * np.pi)
    bob = 2.0 * abs(np.cos(phase * np.pi))
    top, hip = _FLOOR_Y - _HEIGHT_OF_WALKER_PX - bob, _FLOOR_Y - 62 - bob
    coat, legs, skin, arm = (44, 52, 64), (30, 32, 40), (216, 170, 136), (56, 66, 80)
    cv2.ellipse(image, _at(x, _FLOOR_Y + 2), (30 * _SCALE, 5 * _SCALE), 0, 0, 360, (104, 78, 56), -1, cv2.LINE_AA)
    for side in (-1.0, 1.0):
        foot = x + side * swing * 24
        _line(image, (x + side * 5, hip), (foot, _FLOOR_Y - 4), legs, 13)
        _line(image, (foot - 2, _FLOOR_Y - 3), (foot + 10, _FLOOR_Y - 3), (20, 20, 24), 8)
    body = np.array([_at(x - 19, top + 36), _at(x + 19, top + 36), _at(x + 22, hip + 14), _at(x - 22, hip + 14)])
    cv2.fillPoly(image, [body.astype(np.int32)], coat, cv2.LINE_AA)
    for side in (-1.0, 1.0):
        _line(image, (x + side * 17, top + 40), (x + side * 17 - side * swing * 16, hip + 2), arm, 9)
    _disc(image, (x, top + 18), 14, skin)
    cv2.ellipse(image, _at(x, top + 13), (15 * _SCALE, 13 * _SCALE), 0, 180, 360, (58, 40, 28), -1, cv2.LINE_AA)


def _at(x: float, y: float) -> tuple[int, int]:
    return round(x * _SCALE), round(y * _SCALE)


def _box(image: Picture, a: tuple[float, float], b: tuple[float, float], colour: Colour) -> None:
    cv2.rectangle(image, _at(*a), _at(*b), colour, -1, cv2.LINE_AA)


def _line(image: Picture, a: tuple[float, float], b: tuple[float, float], colour: Colour, width_px: int) -> None:
    cv2.line(image, _at(*a), _at(*b), colour, width_px * _SCALE, cv2.LINE_AA)


def _disc(image: Picture, at: tuple[float, float], radius_px: int, colour: Colour) -> None:
    cv2.circle(image, _at(*at), radius_px * _SCALE, colour, -1, cv2.LINE_AA)
