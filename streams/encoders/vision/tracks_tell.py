"""What is said of tracked things, and when."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from streams import wording
from streams.encoders.vision.tracks_state import (
    UNKNOWN,
    Edges,
    Track,
    TrackOptions,
    TrackState,
    area,
    fraction,
    place,
    shared,
    shift,
    touched,
    toward,
)
from streams.types import NS, Percept

EDGE_PX = 3
REST_S = 1.5
COUNTED = ("person", "car", "dog", "cat", "bird")


def told(state: TrackState, now: int, options: TrackOptions) -> list[Percept]:
    """All that became sure with the picture of `now`."""
    percepts: list[Percept] = []
    remaining = []
    for track in state.tracks:
        if track.seen_ns != now and _is_gone(state, track, now, options):
            if not _part_of_another(state, track):
                percepts += gone(state, track, options)
            continue
        remaining.append(track)
        if track.confirmed:
            percepts += _entry(state, track, now, options) + _rest(state, track, now, options)
    state.tracks = remaining
    return percepts + _counts(state, now, options) + _stray(state, now, options)


def ended(state: TrackState, options: TrackOptions) -> list[Percept]:
    """What is still to be told when the stream ends."""
    percepts: list[Percept] = []
    for track in list(state.tracks):
        if track.confirmed and track.seen_ns < state.look_ns:
            state.tracks.remove(track)
            percepts += gone(state, track, options)
        elif track.confirmed:
            percepts += _enter(state, track)
    return percepts


def gone(state: TrackState, track: Track, options: TrackOptions) -> list[Percept]:
    """The thing has left: its entry, if it was not told yet, and its leaving."""
    if not track.confirmed:
        return []
    percepts = _enter(state, track)
    sides = _out(state, track)
    where = toward(sides, *track.course, track.box) if sides else "middle"
    if track.edge and track.seen_ns - track.edge_ns < 1.2 * NS and (not sides or not track.whole):
        where = track.edge
    after_s = None if track.present else (track.seen_ns - track.first_ns) / NS
    text = wording.leaves(track.noun, where, after_s)
    return [*percepts, percept(state, text, track.seen_ns, track.box, track.confidence)]


def percept(
    state: TrackState,
    text: str,
    t_ns: int,
    box: Edges | None,
    confidence: float,
    kind: Literal["object", "count", "motion"] = "object",
    features: NDArray[np.float32] | None = None,
) -> Percept:
    """A percept of a moment."""
    assert state.motion is not None
    height, width = state.motion.noise.shape
    shown = None if box is None else fraction(box, width, height)
    return Percept("", kind, state.source, t_ns, t_ns, text, round(confidence, 3), shown, features=features)


def _out(state: TrackState, track: Track) -> list[str]:
    """The sides over which the thing may have gone: those it touched, or would touch in another 0.3 s."""
    assert state.motion is not None
    height, width = state.motion.noise.shape
    onward = shift(track.box, 0.3 * track.speed[0], 0.3 * track.speed[1])
    return touched(track.box, width, height, EDGE_PX) or touched(onward, width, height, EDGE_PX)


def _is_gone(state: TrackState, track: Track, now: int, options: TrackOptions) -> bool:
    unseen_s = (now - track.seen_ns) / NS
    if not track.confirmed:
        return unseen_s > 0.3
    return unseen_s > (options.gone_s if _out(state, track) else options.lost_s)


def _part_of_another(state: TrackState, track: Track) -> bool:
    """Whether what is no longer seen on its own is still seen as a part of another thing."""
    if _out(state, track) and not track.present:
        return False
    return any(
        other is not track
        and other.confirmed
        and other.seen_ns > track.seen_ns
        and shared(other.box, track.box) > 0.5 * area(track.box)
        for other in state.tracks
    )


def _entry(state: TrackState, track: Track, now: int, options: TrackOptions) -> list[Percept]:
    age_s = (now - track.first_ns) / NS
    if track.told:
        return []
    return _enter(state, track) if track.noun != UNKNOWN or age_s >= options.tell_s else []


def _enter(state: TrackState, track: Track) -> list[Percept]:
    """The entry, once; nothing for what may have been there from the start."""
    if track.told:
        return []
    track.told = True
    if track.present:
        return []
    assert state.motion is not None
    height, width = state.motion.noise.shape
    x0, y0 = (track.first_box[0] + track.first_box[2]) / 2, (track.first_box[1] + track.first_box[3]) / 2
    x1, y1 = (track.box[0] + track.box[2]) / 2, (track.box[1] + track.box[3]) / 2
    sides = touched(track.first_box, width, height, EDGE_PX)
    if not sides:
        sides = touched(shift(track.first_box, -0.2 * track.speed[0], -0.2 * track.speed[1]), width, height, EDGE_PX)
    where = toward(sides, x0 - x1, y0 - y1, track.first_box) if sides else "middle"
    text = wording.enters(track.noun, where)
    return [percept(state, text, track.first_ns, track.box, track.confidence, features=track.features)]


def recognise(state: TrackState, track: Track, now: int) -> list[Percept]:
    """It became clear what a thing is, after its entry was told."""
    if track.present:
        return []
    return [percept(state, wording.recognised(track.noun), now, track.box, track.confidence, features=track.features)]


def _rest(state: TrackState, track: Track, now: int, options: TrackOptions) -> list[Percept]:
    assert state.motion is not None
    height, width = state.motion.noise.shape
    rest_s = (now - track.rest_ns) / NS
    nameless = track.present and track.noun == UNKNOWN  # was never told of
    if not track.told or nameless or rest_s < REST_S or track.hidden:
        return []
    percepts = []
    here = place(track.rest_box, width, height)
    if track.place and here != track.place:
        percepts.append(
            percept(state, wording.moves(track.noun, track.place, here), track.rest_ns, track.box, track.confidence)
        )
    track.place = here
    due = [limit for limit in options.stay_s if rest_s >= limit]
    if len(due) > track.rest_told:
        track.rest_told = len(due)
        said = percept(state, wording.stays(track.noun, here, rest_s), now, track.box, track.confidence)
        percepts.append(said)
    return percepts


def _counts(state: TrackState, now: int, options: TrackOptions) -> list[Percept]:
    """How many of each class, when it has been so for a while and nothing in view is still unclear."""
    percepts = []
    unclear = any(t.confirmed and t.noun == UNKNOWN and now - t.first_ns < 3 * NS for t in state.tracks)
    for noun in COUNTED:
        n = sum(t.confirmed and t.noun == noun for t in state.tracks)
        if n == state.counts.get(noun, 0):
            state.pending.pop(noun, None)
            continue
        if state.pending.get(noun, (-1, 0))[0] != n:
            state.pending[noun] = (n, now)
        since = state.pending[noun][1]
        if (now - since) / NS >= options.count_s and not unclear:
            state.counts[noun] = n
            del state.pending[noun]
            percepts.append(percept(state, wording.count(noun, n), since, None, 0.8, "count"))
    return percepts


def _stray(state: TrackState, now: int, options: TrackOptions) -> list[Percept]:
    """Movement that lasts and belongs to no thing."""
    assert state.motion is not None
    height, width = state.motion.noise.shape
    if (now - state.motion_ns) / NS < options.motion_every_s:
        return []
    for track in state.tracks:
        lasting = (now - track.first_ns) / NS >= 1.0 and track.seen_ns == now
        large = area(track.box) > 0.01 * width * height
        if (
            lasting
            and large
            and track.still < 0.5
            and (not track.confirmed or (track.present and track.noun == UNKNOWN))
        ):
            state.motion_ns = now
            text = wording.motion(place(track.box, width, height))
            return [percept(state, text, track.first_ns, track.box, 0.5, "motion")]
    return []
