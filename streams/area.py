"""Parts of a camera's picture: masks, which nobody sees, and zones, which have names. Polygons of points 0..1."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from streams.types import Box, Observation, Percept

Polygon = tuple[tuple[float, ...], ...]
"""Points `(x, y)`, each 0..1 from the top left."""

PLACED = frozenset({"object", "motion", "face"})
"""Kinds of percepts that happen at a place."""
MAX_SHAPES = 4


@dataclass(frozen=True, slots=True)
class Zone:
    """A part of the picture with a name."""

    name: str
    points: Polygon


def wrong(polygon: Sequence[Sequence[float]]) -> str:
    """What is wrong with a polygon; empty when nothing is."""
    if not 3 <= len(polygon) <= 64:
        return "needs 3 to 64 points"
    if any(len(point) != 2 or not all(0 <= value <= 1 for value in point) for point in polygon):
        return "has a point that is not two numbers from 0 to 1"
    return ""


@dataclass(frozen=True, slots=True)
class Area:
    """What of a picture is looked at. Cheap to apply; a mask is drawn once for each size of picture."""

    masks: tuple[Polygon, ...] = ()
    zones: tuple[Zone, ...] = ()
    only_zones: bool = False
    """What happens outside of all zones is not told."""
    _drawn: dict[tuple[int, int], NDArray[np.uint8]] = field(default_factory=dict, repr=False, compare=False)

    def hide(self, picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """A picture `[h, w]` or `[h, w, 3]` with the masked parts black; itself where nothing is masked."""
        if not self.masks:
            return picture
        shape = (picture.shape[0], picture.shape[1])
        if shape not in self._drawn:
            if len(self._drawn) >= MAX_SHAPES:
                self._drawn.clear()
            self._drawn[shape] = self._draw(*shape)
        return np.asarray(cv2.bitwise_and(picture, picture, mask=self._drawn[shape]), np.uint8)

    def names(self, box: Box | None) -> tuple[str, ...]:
        """The zones in which a thing stands: where the middle of its lower edge is."""
        if box is None or not self.zones:
            return ()
        foot = (box[0] + box[2] / 2, min(box[1] + box[3], 0.9999))
        return tuple(zone.name for zone in self.zones if _inside(zone.points, foot))

    def told(self, observations: list[Observation]) -> list[Observation]:
        """With the names of zones; without what happens outside of all zones, where only they count."""
        if not self.zones:
            return observations
        named = [
            replace(o, zones=self.names(o.box)) if isinstance(o, Percept) and o.box is not None else o
            for o in observations
        ]
        return [o for o in named if not (self.only_zones and _elsewhere(o))]

    def _draw(self, height: int, width: int) -> NDArray[np.uint8]:
        keep = np.full((height, width), 255, np.uint8)
        for polygon in self.masks:
            points = np.array([(round(x * width), round(y * height)) for x, y in polygon], np.int32)
            cv2.fillPoly(keep, [points], 0)
        return keep


def _elsewhere(observation: Observation) -> bool:
    placed = isinstance(observation, Percept) and observation.kind in PLACED and observation.box is not None
    return placed and isinstance(observation, Percept) and not observation.zones


def _inside(polygon: Polygon, point: tuple[float, float]) -> bool:
    shape = np.array(polygon, np.float32)
    return cv2.pointPolygonTest(shape, point, False) >= 0
