"""What differs from the empty scene: a background model that things standing still do not fade into.

A running mean per pixel, learned only where nothing is tracked; compared after the camera's own change of exposure is
taken out (median ratio of the pixels that belong to no thing) and with one pixel of tolerance for a trembling camera.
A darker pixel of the same hue is a shadow (after Prati et al., "Detecting moving shadows", 2003). Whether a region that
stands still is a thing that was put there or a place that a thing has left is told by where the edges are: in the
picture or in the background (after Cucchiara et al., "Detecting moving objects, ghosts, and shadows", 2003).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import log

import cv2
import numpy as np
from numpy.typing import NDArray

WIDTH = 320
"""Width in pixels of the picture that is analysed."""
HEIGHT_MAX = 960

Mask = NDArray[np.uint8]
Image = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class MotionOptions:
    """Limits of the background model. Levels are grey levels of 256, times are seconds."""

    learn_s: float = 8.0
    """Time constant of the background where nothing is."""
    settle_s: float = 4.0
    """Time constant where something differs that is not tracked (a tree in the wind)."""
    threshold: float = 14.0
    """Least difference that counts."""
    noise_factor: float = 2.5
    """How far a noisy pixel's threshold is raised, in multiples of its usual difference."""
    shadow_darkest: float = 0.6
    """A shadow leaves at least this share of the light."""
    still_level: int = 12
    """Change from one picture to the next below which a pixel stands still."""
    least_area: float = 0.0005
    """Smallest region, as a share of the picture."""


@dataclass(frozen=True, slots=True)
class Blob:
    """A connected region that differs from the background. Pixels of the small picture."""

    box: tuple[int, int, int, int]
    """Left, top, right, bottom; right and bottom exclusive."""
    area: int
    still: float
    """Share 0..1 of its pixels that have not changed for `still_after_s`."""
    label: int
    """Its number in `Motion.labels`."""


@dataclass(slots=True)
class Motion:
    """The background of one stream, and the last comparison with it. Sizes fixed by the first picture."""

    mean: NDArray[np.float32]
    noise: NDArray[np.float32]
    still_s: NDArray[np.float32]
    last: Image
    looks: int = 0
    gain: NDArray[np.float32] = field(default_factory=lambda: np.ones(3, np.float32))
    foreground: Mask = field(default_factory=lambda: np.zeros((0, 0), np.uint8))
    labels: NDArray[np.int32] = field(default_factory=lambda: np.zeros((0, 0), np.int32))
    expected: Image = field(default_factory=lambda: np.zeros((0, 0, 3), np.uint8))
    """The background as it would look in this picture's light."""


def small_height(rgb: Image) -> int:
    """Height of the small picture of a frame `[H, W, 3]`; a very narrow frame is squeezed."""
    return max(8, min(HEIGHT_MAX, round(rgb.shape[0] * WIDTH / rgb.shape[1])))


def shrink(rgb: Image) -> Image:
    """`[H, W, 3]` to `[h, 320, 3]`, slightly smoothed."""
    step = max(1, rgb.shape[1] // (2 * WIDTH))
    size = (WIDTH, small_height(rgb))
    coarse = np.ascontiguousarray(rgb[::step, ::step])
    small = cv2.resize(coarse, size, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.GaussianBlur(small, (3, 3), 0), np.uint8)


def begin(image: Image) -> Motion:
    """A background that is the picture itself."""
    height, width = image.shape[:2]
    motion = Motion(
        mean=image.astype(np.float32),
        noise=np.zeros((height, width), np.float32),
        still_s=np.zeros((height, width), np.float32),
        last=image,
        foreground=np.zeros((height, width), np.uint8),
        labels=np.zeros((height, width), np.int32),
        expected=image,
    )
    return motion


STILL_AFTER_S = 0.4


def look(motion: Motion, image: Image, dt_s: float, options: MotionOptions) -> list[Blob]:
    """Compare a small picture `[h, 320, 3]` with the background; the regions that differ, largest first."""
    moved = cv2.compare(_largest(cv2.absdiff(image, motion.last)), options.still_level, cv2.CMP_GT)
    motion.still_s += np.float32(dt_s)
    motion.still_s[moved != 0] = 0.0
    motion.last = image
    motion.gain = _gain(motion, image)
    expected = cv2.convertScaleAbs(motion.mean * motion.gain)
    motion.expected = expected
    kernel = np.ones((3, 3), np.uint8)
    above = cv2.subtract(image, cv2.dilate(expected, kernel))
    below = cv2.subtract(cv2.erode(expected, kernel), image)
    difference = _largest(cv2.max(above, below))
    limit = np.minimum(options.threshold + options.noise_factor * motion.noise, 60.0)
    mask = (difference > limit).astype(np.uint8)
    if cv2.countNonZero(mask):
        _drop_shadows(mask, image, expected, options)
        mask = cv2.morphologyEx(mask, cv2.MORPH_OPEN, kernel)
        mask = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    motion.foreground = mask
    rate = min(1.0, max(dt_s / options.learn_s, 1.0 / (motion.looks + 2)))
    cv2.accumulateWeighted(difference, motion.noise, rate, 1 - mask)
    motion.looks += 1
    return _blobs(motion, options)


def learn(motion: Motion, kept: Mask, dt_s: float, options: MotionOptions) -> None:
    """Let the background follow the last picture, except where `kept` `[h, w]` is not 0."""
    around = cv2.dilate(motion.foreground, np.ones((7, 7), np.uint8))
    free = ((around == 0) & (kept == 0)).astype(np.uint8)
    stray = ((around != 0) & (kept == 0)).astype(np.uint8)
    level = motion.last * (1.0 / motion.gain)
    cv2.accumulateWeighted(level, motion.mean, min(1.0, max(dt_s / options.learn_s, 1.0 / (motion.looks + 1))), free)
    if cv2.countNonZero(stray):
        cv2.accumulateWeighted(level, motion.mean, min(1.0, dt_s / options.settle_s), stray)
    # the gain drifts back to 1, so that the background's own brightness follows the day
    share = min(1.0, dt_s / options.learn_s)
    drift = motion.gain**share
    motion.mean *= drift.astype(np.float32)
    motion.gain = (motion.gain / drift).astype(np.float32)


def accept(motion: Motion, mask: Mask) -> None:
    """Take the last picture as the background where `mask` `[h, w]` is not 0."""
    where = mask != 0
    motion.mean[where] = np.clip(motion.last[where] / motion.gain, 0, 255)
    motion.foreground[where] = 0


def uncovered(motion: Motion, label: int, box: tuple[int, int, int, int]) -> bool | None:
    """Whether region `label` is a place that a thing has left (True), a thing (False), or cannot be told (None).

    Two signs are weighed: whether the picture or the background has the edges along the region's outline, and
    whether the picture or the background inside it has the colours of what lies around it.
    """
    left, top, right, bottom = box
    margin = 14
    window = np.s_[max(0, top - margin) : bottom + margin, max(0, left - margin) : right + margin]
    region = (motion.labels[window] == label).astype(np.uint8)
    filled = cv2.morphologyEx(region, cv2.MORPH_CLOSE, np.ones((7, 7), np.uint8))
    kernel = np.ones((3, 3), np.uint8)
    wide = cv2.dilate(filled, kernel, iterations=2)
    band = (wide - cv2.erode(filled, kernel, iterations=2)) != 0
    ring = cv2.dilate(filled, kernel, iterations=10) - wide
    ring[motion.foreground[window] != 0] = 0
    now, before = motion.last[window], motion.expected[window]
    edges = log((float(_edges(before)[band].mean()) + 2.0) / (float(_edges(now)[band].mean()) + 2.0))
    colours = 0.0
    if cv2.countNonZero(ring) >= 30:
        colours = _unlike(before, region, ring) - _unlike(now, region, ring)
    score = edges + 2.0 * colours
    return None if abs(score) < 0.2 else score > 0


def _unlike(image: Image, region: Mask, ring: Mask) -> float:
    """How different the colours in two masks are: 0 the same, 1 nothing in common (Bhattacharyya)."""
    alike = 0.0
    for channel in range(3):
        inside, outside = (
            cv2.blur(cv2.calcHist([image], [channel], mask, [16], [0, 256]), (1, 3)) / max(1, cv2.countNonZero(mask))
            for mask in (region, ring)
        )
        alike += float(np.sqrt(inside * outside).sum()) / 3
    return 1.0 - alike


def drift(motion: Motion, image: Image) -> tuple[float, float] | None:
    """How far, in pixels, the camera has moved since the background was learned; None when it has not.

    Asked of the background, not of the last picture: something large that moves does not look like a moved camera.
    """
    height, width = image.shape[:2]
    window = cv2.createHanningWindow((width, height), cv2.CV_32F)
    before = cv2.cvtColor(motion.expected, cv2.COLOR_RGB2GRAY).astype(np.float32)
    now = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY).astype(np.float32)
    (dx, dy), _ = cv2.phaseCorrelate(before, now, window)
    if not 0.4 <= max(abs(dx), abs(dy)) <= width / 4:
        return None
    moved = cv2.warpAffine(before, _translation(dx, dy), (width, height), borderMode=cv2.BORDER_REPLICATE)
    empty = cv2.dilate(motion.foreground, np.ones((9, 9), np.uint8)) == 0
    if empty.sum() < 0.1 * empty.size:
        empty = np.ones_like(empty)
    better = float(np.abs(moved - now)[empty].mean()) < 0.88 * float(np.abs(before - now)[empty].mean())
    return (dx, dy) if better else None


def follow(motion: Motion, dx: float, dy: float) -> None:
    """Move the background with the camera, by pixels."""
    height, width = motion.noise.shape
    matrix = _translation(dx, dy)
    motion.mean = cv2.warpAffine(motion.mean, matrix, (width, height), borderMode=cv2.BORDER_REPLICATE)
    motion.noise = cv2.warpAffine(motion.noise, matrix, (width, height), borderMode=cv2.BORDER_REPLICATE)


def _translation(dx: float, dy: float) -> NDArray[np.float32]:
    return np.array([[1, 0, dx], [0, 1, dy]], np.float32)


def _largest(image: Image) -> Image:
    """The largest of the three channels, `[h, w, 3] -> [h, w]`."""
    red, green, blue = cv2.split(image)
    return np.asarray(cv2.max(cv2.max(red, green), blue), np.uint8)


def _gain(motion: Motion, image: Image) -> NDArray[np.float32]:
    """How much brighter each channel is than the background, by the pixels that belong to no thing."""
    grid = np.s_[2::5, 2::5]
    empty = cv2.dilate(motion.foreground, np.ones((9, 9), np.uint8))[grid] == 0
    mean = motion.mean[grid]
    usable = empty & (mean.max(2) < 245) & (mean.min(2) > 12)
    if usable.sum() < 40:
        return motion.gain
    ratio = (image[grid][usable].astype(np.float32) + 4.0) / (mean[usable] + 4.0)
    return np.clip(np.median(ratio, axis=0), 0.2, 5.0).astype(np.float32)


def _drop_shadows(mask: Mask, image: Image, expected: Image, options: MotionOptions) -> None:
    where = np.flatnonzero(mask)
    ratio = (image.reshape(-1, 3)[where] + np.float32(1.0)) / (expected.reshape(-1, 3)[where] + np.float32(1.0))
    red, green, blue = ratio[:, 0], ratio[:, 1], ratio[:, 2]
    highest = np.maximum(np.maximum(red, green), blue)
    lowest = np.minimum(np.minimum(red, green), blue)
    shadow = (lowest > options.shadow_darkest) & (highest < 1.0) & (highest - lowest < 0.1)
    mask.reshape(-1)[where[shadow]] = 0


def _edges(image: Image) -> NDArray[np.float32]:
    gray = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
    across, down = cv2.Sobel(gray, cv2.CV_32F, 1, 0), cv2.Sobel(gray, cv2.CV_32F, 0, 1)
    return np.asarray(cv2.magnitude(across, down), np.float32)


def _blobs(motion: Motion, options: MotionOptions) -> list[Blob]:
    height, width = motion.foreground.shape
    if not motion.foreground.any():
        motion.labels = np.zeros((height, width), np.int32)
        return []
    count, labels, stats, _ = cv2.connectedComponentsWithStats(motion.foreground, connectivity=8)
    motion.labels = labels
    least = options.least_area * height * width
    blobs = []
    for label in range(1, count):
        left, top, w, h, area = (int(x) for x in stats[label])
        if area < least:
            continue
        window = np.s_[top : top + h, left : left + w]
        inside = labels[window] == label
        still = float((motion.still_s[window][inside] > STILL_AFTER_S).mean())
        blobs.append(Blob((left, top, left + w, top + h), area, still, label))
    return sorted(blobs, key=lambda blob: -blob.area)
