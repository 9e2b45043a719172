"""What a tracked thing is: votes of the picture classifier, the people detector and its shape, added over its life.

None of the votes is good alone: the classifier knows no person, only what people wear; the detector (Dalal and Triggs,
"Histograms of oriented gradients", 2005, as in OpenCV) also finds bottles; shapes deceive. A noun is claimed when the
sum is clear and at least one vote was strong; until then the thing is "something". The limits were chosen on recordings
of people in a room, cars from above and bottles on a table.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log

import cv2
import numpy as np
from numpy.typing import NDArray

from streams.encoders.vision import groups
from streams.encoders.vision.classify import Classifier
from streams.encoders.vision.motion import Motion
from streams.encoders.vision.tracks_state import UNKNOWN, Edges, Track
from streams.types import NS

AGES_S = (0.3, 0.55, 0.85, 1.2, 1.6, 2.0, 2.5, 3.0, 3.6, 4.5, 6.5, 10.0, 20.0, 60.0)
"""How long after its first sight a thing is looked at, until it is known."""
LEAST_PX = 14
"""A crop smaller than this in either direction tells nothing."""
CLEAR = 2.0
"""Sum of votes from which a noun is claimed."""
LEAD = 1.2
"""How far it must be ahead of the next."""
ANIMALS = ("dog", "cat", "bird")


@dataclass(frozen=True, slots=True)
class Shape:
    """Outline of a thing."""

    tall: float
    """Height over width."""
    solid: float
    """Area over the area of its convex hull, 0..1."""
    filled: float
    """Area over the area of its box, 0..1."""


@dataclass(frozen=True, slots=True)
class Look:
    """What one look at a thing gave."""

    worn: float
    """Mean probability of clothing and the like over the crops, 0..1."""
    masses: dict[str, float]
    """The same for the nouns that the classifier knows."""
    other: float
    """Probability of the most likely class where it speaks for no noun."""
    detector: float
    """Score of the people detector; -1 where it found nobody."""
    shape: Shape


class Judge:
    """Looks at tracked things now and then, and names them when sure."""

    def __init__(self, classifier: Classifier | None) -> None:
        """Without a classifier, only the detector and the shape vote, and a person is the only noun."""
        self._classifier = classifier
        self._detector = cv2.HOGDescriptor()
        self._detector.setSVMDetector(cv2.HOGDescriptor.getDefaultPeopleDetector())
        self._worn = groups.columns(groups.WORN)
        self._nouns = {noun: groups.columns(listed) for noun, listed in groups.WHEELED.items()}
        self._nouns |= {"dog": groups.span(groups.DOGS), "cat": groups.span(groups.CATS)}
        self._nouns["bird"] = groups.span(*groups.BIRDS)
        self._known = np.unique(np.concatenate([self._worn, *self._nouns.values()]))

    def consider(self, track: Track, rgb: NDArray[np.uint8], now: int, motion: Motion) -> bool:
        """Look at the thing in `rgb` `[H, W, 3]` if it is time; whether it got a name. Changes `track`."""
        age_s = (now - track.first_ns) / NS
        due = sum(age_s >= limit for limit in AGES_S)
        if track.noun != UNKNOWN or due <= track.judged or due == 0:
            return False
        crops = cut(rgb, track.box)
        if min(min(crop.shape[:2]) for crop in crops) < LEAST_PX:
            return False
        track.judged = due
        self._vote(track, self._look(track, crops, motion))
        return self._name(track)

    def _look(self, track: Track, crops: list[NDArray[np.uint8]], motion: Motion) -> Look:
        worn, other, masses = 0.0, 0.0, dict.fromkeys(self._nouns, 0.0)
        if self._classifier is not None:
            probabilities, features = self._classifier.run(crops)
            worn = float(probabilities[:, self._worn].sum(1).mean())
            masses = {noun: float(probabilities[:, cols].sum(1).mean()) for noun, cols in self._nouns.items()}
            strange = probabilities[1].copy()
            strange[self._known] = 0.0
            other = float(strange.max())
            track.features = features[1:2].copy()
        return Look(worn, masses, other, self._detect(crops[1]), outline(motion, track))

    def _detect(self, crop: NDArray[np.uint8]) -> float:
        """The people detector's best score on a square crop; -1 when it found nobody."""
        scale = 160.0 / max(crop.shape[:2])
        size = (max(8, round(crop.shape[1] * scale)), max(8, round(crop.shape[0] * scale)))
        framed = cv2.copyMakeBorder(cv2.resize(crop, size), 16, 16, 16, 16, cv2.BORDER_REPLICATE)
        if min(framed.shape[0] - 128, framed.shape[1] - 64) < 0:
            return -1.0
        _, weights = self._detector.detectMultiScale(framed, hitThreshold=-0.2, winStride=(8, 8), scale=1.05)
        return max((float(weight) for weight in np.ravel(weights)), default=-1.0)

    def _vote(self, track: Track, look: Look) -> None:
        votes, shape = track.votes, look.shape
        boxy = shape.solid > 0.9 and shape.filled > 0.74
        wheels = look.masses["car"]
        person = _odds(look.worn, 0.04, 0.12) if self._classifier is not None else 0.0
        person += 1.2 if look.detector > 1.8 else 0.5 if look.detector > 1.2 else 0.0
        person += 0.3 if 1.4 <= shape.tall <= 4.5 else -0.6 if shape.tall < 0.6 else 0.0
        person -= (0.5 if boxy else 0.0) + (1.0 if wheels > 0.25 else 0.0) + (0.7 if look.other > 0.3 else 0.0)
        strong = look.detector > 1.8 or look.worn > 0.4 or (look.worn > 0.27 and look.detector > 0.6)
        car = _odds(wheels, 0.03, 0.10) + (0.4 if boxy else -0.2)
        car -= (1.2 if look.detector > 1.8 else 0.0) + (0.8 if look.worn > 0.3 else 0.0)
        car -= 1.0 if shape.tall > 3.0 else 0.0
        for noun, value, sure in (("person", person, strong), ("car", car, wheels > 0.2)):
            votes[noun] = max(-2.0, votes.get(noun, 0.0) + value)
            votes[f"{noun}!"] = votes.get(f"{noun}!", 0.0) + float(sure)
        for noun in ANIMALS:
            doubtful = look.worn > 0.1 or look.detector > 0.5
            votes[noun] = votes.get(noun, 0.0) + (-1.0 if doubtful else _odds(look.masses[noun], 0.03, 0.45))
            votes[f"{noun}!"] = votes.get(f"{noun}!", 0.0) + float(look.masses[noun] > 0.6)
        for noun in ("truck", "bus", "bicycle", "motorcycle"):
            votes[noun] = votes.get(noun, 0.0) + look.masses[noun]

    def _name(self, track: Track) -> bool:
        votes = track.votes
        ranked = sorted(("person", "car", *ANIMALS), key=lambda noun: -votes[noun])
        best, second = ranked[0], ranked[1]
        looks = 3 if best in ANIMALS else 1
        if votes[best] < CLEAR or votes[best] - votes[second] < LEAD or votes[f"{best}!"] < looks:
            return False
        if best in ANIMALS and votes[best] < 0.5 * looks:
            return False
        track.noun = best
        if best == "car":
            # another kind of vehicle only when it has most of the weight, and more than one look's worth
            kind = max(("truck", "bus"), key=lambda noun: votes[noun])
            if votes[kind] > 1.5:
                track.noun = kind
        track.confidence = float(np.clip(0.5 + 0.1 * (votes[best] - votes[second]), 0.5, 0.95))
        return True


def cut(rgb: NDArray[np.uint8], box: Edges) -> list[NDArray[np.uint8]]:
    """Three crops of a thing, `[h, w, 3]` each: tight, square, and square with its surroundings."""
    return [_crop(rgb, box, 0.05, False), _crop(rgb, box, 0.1, True), _crop(rgb, box, 0.4, True)]


def outline(motion: Motion, track: Track) -> Shape:
    """The shape of a thing in the last picture."""
    x0, y0, x1, y1 = (int(value) for value in track.box)
    region = np.isin(motion.labels[y0:y1, x0:x1], track.labels).astype(np.uint8)
    tall = (y1 - y0) / max(1, x1 - x0)
    contours, _ = cv2.findContours(region, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    if not contours:
        return Shape(tall, 0.0, 0.0)
    largest = max(contours, key=cv2.contourArea)
    hull = cv2.contourArea(cv2.convexHull(largest))
    return Shape(tall, cv2.contourArea(largest) / max(1.0, hull), float(region.mean()))


def _crop(rgb: NDArray[np.uint8], box: Edges, margin: float, square: bool) -> NDArray[np.uint8]:
    height, width = rgb.shape[:2]
    scale = width / 320
    x0, y0, x1, y1 = (value * scale for value in box)
    w, h = (x1 - x0) * (1 + 2 * margin), (y1 - y0) * (1 + 2 * margin)
    if square:
        w = h = max(w, h)
    x, y = (x0 + x1) / 2, (y0 + y1) / 2
    left, top = int(max(0, x - w / 2)), int(max(0, y - h / 2))
    return rgb[top : max(top + 1, int(min(height, y + h / 2))), left : max(left + 1, int(min(width, x + w / 2)))]


def _odds(value: float, floor: float, even: float) -> float:
    """A vote from a probability: 0 where it is `even - floor`, at most 1.6, at least -1."""
    return float(np.clip(log((value + floor) / even), -1.0, 1.6))
