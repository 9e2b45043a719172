"""Regions that stand still: a thing that was put down, or the place that a thing has left."""

from __future__ import annotations

import cv2
import numpy as np

from streams import wording
from streams.encoders.vision import motion as bg
from streams.encoders.vision import tracks_tell as tell
from streams.encoders.vision.motion import Blob
from streams.encoders.vision.tracks_state import (
    UNKNOWN,
    Edges,
    Track,
    TrackOptions,
    TrackState,
    area,
    gap,
    overlap,
    shared,
    united,
)
from streams.types import NS, Percept

STILL = 0.8


def resolve(state: TrackState, motion: bg.Motion, blobs: list[Blob], now: int, options: TrackOptions) -> list[Percept]:
    """Test the regions that stand still, and take uncovered background back into the background."""
    percepts: list[Percept] = []
    for blob in blobs:
        if blob.still < STILL:
            continue
        owner = next((track for track in state.tracks if blob.label in track.labels), None)
        verdict = bg.uncovered(motion, blob.label, blob.box)
        if verdict is not True:
            if owner is not None and owner.labels[0] == blob.label and verdict is False:
                owner.is_thing = True
            continue
        if owner is not None and owner.is_thing:
            continue  # it was a thing a moment ago and has not moved since
        since = now - round(_still_s(motion, blob) * NS)
        region = cv2.dilate((motion.labels == blob.label).astype(np.uint8), np.ones((7, 7), np.uint8))
        bg.accept(motion, region)
        if owner is None:
            percepts += _unparked(state, blob, since)
            continue
        rest = [other for other in blobs if other.label in owner.labels and other is not blob]
        owner.labels = tuple(other.label for other in rest)
        if rest and sum(other.area for other in rest) > 0.15 * blob.area:
            owner.box = united([other.box for other in rest])
            percepts += _vanished(state, owner, blob, since, options)
            continue
        percepts += _left_behind(state, owner, blob, since, options)
    return percepts


def _still_s(motion: bg.Motion, blob: Blob) -> float:
    left, top, right, bottom = blob.box
    window = np.s_[top:bottom, left:right]
    return float(np.median(motion.still_s[window][motion.labels[window] == blob.label]))


def _left_behind(state: TrackState, owner: Track, blob: Blob, since: int, options: TrackOptions) -> list[Percept]:
    """The thing is no longer where it was followed to: it went on as another one, or it left."""
    state.tracks.remove(owner)
    heir = _heir(state, owner, blob.box)
    if heir is not None:
        heir.present = heir.present or owner.present
        heir.first_ns, heir.first_box = owner.first_ns, owner.first_box
        heir.told = heir.told or owner.told
        heir.confirmed = heir.confirmed or owner.confirmed
        heir.noun = owner.noun if heir.noun == UNKNOWN else heir.noun
        return []
    parked = _unparked(state, blob, since)
    if not owner.confirmed:
        return parked
    if not owner.told:
        # it was never more than the place that something is no longer in
        return parked or _vanished(state, owner, blob, since, options)
    owner.seen_ns = max(owner.first_ns, min(since, owner.seen_ns))
    percepts = tell.gone(state, owner, options)
    return percepts + (parked or _vanished(state, owner, blob, since, options))


def _heir(state: TrackState, owner: Track, box: Edges) -> Track | None:
    young = [
        track
        for track in state.tracks
        if track.number > owner.number
        and track.first_ns - owner.seen_ns > -6 * NS
        and (gap(track.first_box, box) < 8 or shared(track.first_box, box) > 0)
        and track.still < STILL
    ]
    return max(young, key=lambda track: shared(track.first_box, box), default=None)


def _vanished(state: TrackState, owner: Track, blob: Blob, since: int, options: TrackOptions) -> list[Percept]:
    """Something that stood there before was taken away by the thing that came, unless it is that thing's own place."""
    assert state.motion is not None
    height, width = state.motion.noise.shape
    small = blob.area < options.thing_area * height * width
    own_place = owner.told and shared(owner.first_box, blob.box) > 0
    if state.look_ns - state.restless_ns < NS or small or not owner.confirmed or owner.present or own_place:
        return []
    since = max(since, owner.first_ns)
    return [tell.percept(state, wording.leaves(UNKNOWN, "middle"), since, blob.box, 0.6)]


def _unparked(state: TrackState, blob: Blob, since: int) -> list[Percept]:
    """A parked thing is gone from its place."""
    for parked in state.parked:
        if overlap(parked.box, blob.box) > 0.4 or shared(parked.box, blob.box) > 0.8 * area(parked.box):
            state.parked.remove(parked)
            after_s = (since - parked.first_ns) / NS
            return [tell.percept(state, wording.leaves(parked.noun, "middle", after_s), since, parked.box, 0.6)]
    return []
