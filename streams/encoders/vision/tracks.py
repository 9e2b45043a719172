"""Tracked things: what appears, moves, stays and leaves in front of one camera.

Each picture is compared with a background (`motion`), the regions that differ are given to things (`tracks_match`),
and what happened to a thing is told once it is sure (`tracks_tell`). A thing is told apart from a passing flicker by
having come some way, or by standing where nothing stood before; from an uncovered background by its edges.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from streams.encoders.vision import motion as bg
from streams.encoders.vision import tracks_tell as tell
from streams.encoders.vision.classify import Classifier
from streams.encoders.vision.frame import Picture
from streams.encoders.vision.people import Judge
from streams.encoders.vision.tracks_ghost import resolve
from streams.encoders.vision.tracks_match import Matches, match
from streams.encoders.vision.tracks_state import (
    Parked,
    Track,
    TrackOptions,
    TrackState,
    area,
    center,
    gap,
    overlap,
    shift,
    touched,
    toward,
    united,
)
from streams.types import NS, Percept

__all__ = ["TrackOptions", "TrackState", "Tracks"]

EDGE_PX = 3
GHOST_EVERY_S = 0.3
QUIET_S = 1.0
CROWDED_SHARE = 0.4
SHAKE_PX = 2.5
JUDGE_EVERY_S = 0.15
RESTLESS = 4
BLIND = 3.0
SCATTERED = 9


class Tracks:
    """Follows things over time and says what they do. Holds no stream: that is in `TrackState`."""

    def __init__(self, classifier: Classifier | None, options: TrackOptions) -> None:
        """Without a classifier, things are told apart by the people detector alone, or stay "something"."""
        self._options = options
        self._judge = Judge(classifier)

    def init_state(self, source: str) -> TrackState:
        """A fresh stream."""
        return TrackState(source)

    def step(self, state: TrackState, picture: Picture, naming: bool = True) -> list[Percept]:
        """Take in the next picture of the stream; what can be said now, in order of time, without ids.

        Without `naming` things are followed, and not looked at more closely: those without a name stay so.
        """
        now = picture.t_ns
        motion = state.motion
        if motion is None or picture.cut or motion.noise.shape != (bg.small_height(picture.rgb), bg.WIDTH):
            self._begin(state, bg.shrink(picture.rgb), now)
            return []
        dt_s = (now - state.look_ns) / NS
        if picture.static:
            for track in state.tracks:
                track.speed, track.still = (0.0, 0.0), 1.0  # nothing moved, so neither did this
        if dt_s < self._wait_s(state, picture):
            return []
        if picture.gray.std() < BLIND:
            # a covered lens or darkness: nothing is seen, so nothing is seen to leave
            for track in state.tracks:
                track.seen_ns += now - state.look_ns
            state.look_ns = now
            return []
        image = bg.shrink(picture.rgb)
        blobs = bg.look(motion, image, dt_s, self._options.motion)
        if self._unsteady(state, motion, image, picture):
            state.look_ns = now
            return []
        if picture.light:
            self._new_light(state, motion)
        matches = match(state.tracks, blobs, now, bg.WIDTH)
        self._update(state, matches, now)
        self._births(state, matches, now)
        loose = sum(not track.confirmed and now - track.first_ns > 0.2 * NS for track in state.tracks)
        shaking = picture.changed > 0.25 and not picture.light
        if picture.changed > 0.4 and not picture.light:
            state.shaky_ns = now
        if shaking or loose >= RESTLESS or len(blobs) >= SCATTERED:
            state.restless_ns = now  # so much moves at once that its parts cannot be told from things
        percepts = []
        if (now - state.ghost_ns) / NS >= GHOST_EVERY_S:
            state.ghost_ns = now
            percepts += resolve(state, motion, blobs, now, self._options)
        state.look_ns = now
        for track in state.tracks:
            if track.seen_ns == now and not track.hidden:
                self._confirm(state, track, now)
                if (
                    naming
                    and track.grew >= self._options.thing_area * motion.noise.size
                    and now - state.judged_ns >= JUDGE_EVERY_S * NS
                ):
                    percepts += self._name(state, track, picture, now)
        percepts += tell.told(state, now, self._options)
        self._stir(state, now)
        self._forget(state, motion, now)
        bg.learn(motion, self._kept(state, motion), dt_s, self._options.motion)
        return sorted(percepts, key=lambda percept: percept.t0_ns)

    def flush(self, state: TrackState) -> list[Percept]:
        """The stream ended: things that left at the very end are told, things in view are not said to leave."""
        return sorted(tell.ended(state, self._options), key=lambda percept: percept.t0_ns)

    def _begin(self, state: TrackState, image: NDArray[np.uint8], now: int) -> None:
        state.motion = bg.begin(image)
        state.stirred = np.zeros(image.shape[:2], np.float64)
        state.begun_ns = state.look_ns = now
        state.crowded_ns = 0
        state.tracks, state.parked = [], []
        state.counts, state.pending = {}, {}

    def _wait_s(self, state: TrackState, picture: Picture) -> float:
        """How long after the last look the next one is worth its time."""
        least = 0.98 / self._options.rate_hz
        if not picture.static:
            return least
        open_ends = any(not t.told or t.seen_ns != state.look_ns for t in state.tracks) or state.pending
        return max(least, 0.2 if open_ends else QUIET_S)

    def _name(self, state: TrackState, track: Track, picture: Picture, now: int) -> list[Percept]:
        """Look closer at a thing, if it is time; its name, where it was told without one."""
        assert state.motion is not None
        small = track.grew < self._options.thing_area * state.motion.noise.size
        if small or not (track.confirmed or track.entering) or now - state.judged_ns < JUDGE_EVERY_S * NS:
            return []
        looked = track.judged
        named = self._judge.consider(track, picture.rgb, now, state.motion)
        if track.judged != looked:
            state.judged_ns = now
        return tell.recognise(state, track, now) if named and track.told else []

    def _unsteady(self, state: TrackState, motion: bg.Motion, image: NDArray[np.uint8], picture: Picture) -> bool:
        """Whether the camera moves, or most of the picture differs: then nothing is told of things."""
        now = picture.t_ns
        share = cv2.countNonZero(motion.foreground) / motion.foreground.size
        if share > 0.02 and not picture.light and now - state.drift_ns > (0.1 if share > 0.3 else 0.5) * NS:
            state.drift_ns = now
            moved = bg.drift(motion, image)
            before, state.drift = state.drift, moved
            if moved is not None and picture.changed > 0.15:
                state.shaky_ns = now
            # one answer alone may be a mistake: a camera that moves does so twice
            sure = (
                before is not None and moved is not None and abs(before[0] - moved[0]) + abs(before[1] - moved[1]) < 3
            )
            if moved is not None and (sure or share > 0.3):
                bg.follow(motion, *moved)
                if max(abs(moved[0]), abs(moved[1])) > SHAKE_PX:
                    state.shaken_ns = now
                    state.crowded_ns = state.crowded_ns or now
        loose = share - sum(area(t.box) for t in state.tracks if t.confirmed) / motion.foreground.size
        many = sum(not t.confirmed for t in state.tracks) > 10
        if picture.light:
            return False
        if loose <= CROWDED_SHARE and not many and now - state.shaken_ns > NS // 2:
            state.crowded_ns = 0
            return False
        state.crowded_ns = state.crowded_ns or now
        if now - state.crowded_ns > 0.5 * NS:
            self._begin(state, image, now)
            state.crowded_ns = state.shaken_ns = now
        return True

    def _new_light(self, state: TrackState, motion: bg.Motion) -> None:
        """The light changed: what is no thing is background in the new light."""
        if cv2.countNonZero(motion.foreground) > 0.2 * motion.foreground.size:
            kept = self._kept(state, motion, confirmed=True)
            bg.accept(motion, (kept == 0).astype(np.uint8))

    def _update(self, state: TrackState, matches: Matches, now: int) -> None:
        assert state.motion is not None
        height = state.motion.noise.shape[0]
        moved: dict[int, tuple[float, float]] = {}
        for track in state.tracks:
            blobs = matches.owned.get(track.number)
            track.hidden = False
            track.labels = ()
            if not blobs:
                continue
            box = united([blob.box for blob in blobs])
            covered = sum(blob.area for blob in blobs)
            if self._remnant(track, covered, now):
                matches.free += blobs
                continue
            (x0, y0), (x1, y1) = center(track.box), center(box)
            moved[track.number] = (x1 - x0, y1 - y0)
            dt_s = max(1e-3, (now - track.seen_ns) / NS)
            blend = min(1.0, dt_s / 0.3)
            track.speed = (
                track.speed[0] + blend * ((x1 - x0) / dt_s - track.speed[0]),
                track.speed[1] + blend * ((y1 - y0) / dt_s - track.speed[1]),
            )
            if overlap(track.box, box) < 0.6:
                track.is_thing = None  # what was found out was about another outline
            track.box, track.seen_ns, track.sights = box, now, track.sights + 1
            track.grew = max(track.grew, covered)
            track.peak = max(float(covered), track.peak * max(0.0, 1.0 - dt_s / 3.0))
            track.still = sum(blob.still * blob.area for blob in blobs) / max(1, covered)
            track.labels = tuple(blob.label for blob in blobs)
            if track.still < 0.8:
                track.is_thing = None
            sides = touched(box, bg.WIDTH, height, EDGE_PX)
            track.whole = covered >= 0.2 * track.peak
            if covered >= 0.5 * track.peak:
                track.course = track.speed
            if sides and track.whole:
                track.edge, track.edge_ns = toward(sides, *track.course, box), now
            if overlap(track.rest_box, box) < 0.4:
                track.rest_box, track.rest_ns, track.rest_told = box, now, 0
        for track in state.tracks:
            behind = matches.hidden.get(track.number)
            if behind is not None and behind in moved:
                track.hidden, track.seen_ns = True, now
                track.box = shift(track.box, *moved[behind])
        state.tracks = [t for t in state.tracks if not (t.hidden and not t.confirmed)]

    @staticmethod
    def _remnant(track: Track, covered: int, now: int) -> bool:
        """Whether the thing went out over the edge and what is left is only what it moved, or its shadow."""
        return track.confirmed and covered <= 0.12 * track.grew and now - track.edge_ns < 1.5 * NS

    def _births(self, state: TrackState, matches: Matches, now: int) -> None:
        assert state.motion is not None
        height = state.motion.noise.shape[0]
        for blob in matches.free:
            if len(state.tracks) >= self._options.tracks_max:
                return
            state.number += 1
            box = tuple(float(x) for x in blob.box)
            track = Track(state.number, box, now, now, box, float(blob.area))  # type: ignore[arg-type]
            track.still, track.labels = blob.still, (blob.label,)
            track.rest_box, track.rest_ns = track.box, now
            sides = touched(track.box, bg.WIDTH, height, EDGE_PX)
            if sides:
                track.edge, track.edge_ns, track.entering = sides[0], now, True
            track.present = self._was_there(state, track, now)
            track.stirred = self._stirred(state, blob.box, now)
            state.tracks.append(track)

    def _was_there(self, state: TrackState, track: Track, now: int) -> bool:
        """Whether what appears may have been in the picture all along: early on, or a part of such a thing."""
        age_s = (now - state.begun_ns) / NS
        if track.entering:
            return age_s < self._options.present_s
        near = any(t.present and gap(t.box, track.box) < 0.08 * bg.WIDTH for t in state.tracks)
        return near or age_s < self._options.settle_in_s

    def _stirred(self, state: TrackState, box: tuple[int, int, int, int], now: int) -> float:
        """The share of a box in which something moved not long ago that was no thing."""
        assert state.stirred is not None
        window = state.stirred[box[1] : box[3], box[0] : box[2]]
        recent = (window > 0) & (window > now / NS - self._options.stirred_s)
        return float(recent.mean())

    def _stir(self, state: TrackState, now: int) -> None:
        """Remember where something moves that has not shown itself a thing."""
        assert state.stirred is not None
        for track in state.tracks:
            slow = (now - track.first_ns) / NS > 0.5
            if not track.confirmed and slow and track.seen_ns == now:
                x0, y0, x1, y1 = (int(value) for value in track.box)
                state.stirred[y0:y1, x0:x1] = now / NS

    def _confirm(self, state: TrackState, track: Track, now: int) -> None:
        """Decide whether a difference has shown itself a thing."""
        assert state.motion is not None
        options, (height, width) = self._options, state.motion.noise.shape
        age_s = (now - track.first_ns) / NS
        size = min(track.box[2] - track.box[0], track.box[3] - track.box[1])
        if track.confirmed or age_s < options.confirm_s or track.sights < 3 or now - state.shaky_ns < 2 * NS:
            return
        if track.grew < options.thing_area * height * width or size < options.thing_side * width:
            return
        (x0, y0), (x1, y1) = center(track.first_box), center(track.box)
        away = max(abs(x1 - x0), abs(y1 - y0))
        moving = track.still < 0.8
        if now - state.restless_ns < NS and away < 0.2 * width:
            return
        if track.present or track.stirred > 0.3:
            # it may be a part of what was there before: it must go clear of where it began
            track.confirmed = moving and away > 2 * options.travel * width and overlap(track.first_box, track.box) < 0.1
        elif track.entering:
            came = away > min(max(options.travel * width, 0.25 * size), 0.2 * width)
            track.confirmed = moving and (came or area(track.box) > 3 * area(track.first_box))
        else:
            came = away > max(options.travel * width, 0.5 * size) and overlap(track.first_box, track.box) < 0.3
            track.confirmed = moving and came
        if not track.present and track.is_thing is True and age_s >= options.put_down_s:
            track.confirmed = True
        if track.confirmed:
            self._resume(state, track)

    def _resume(self, state: TrackState, track: Track) -> None:
        """A thing that starts from where one was parked is that one."""
        for parked in state.parked:
            if not track.entering and gap(track.first_box, parked.box) < 0.03 * bg.WIDTH:
                track.first_ns, track.told = parked.first_ns, True
                track.noun = parked.noun if track.noun == "something" else track.noun
                state.parked.remove(parked)
                return

    def _forget(self, state: TrackState, motion: bg.Motion, now: int) -> None:
        """Give up what never was a thing; make part of the background what has stood for very long."""
        kept = []
        for track in state.tracks:
            age_s = (now - track.first_ns) / NS
            rest_s = (now - track.rest_ns) / NS
            if not track.confirmed and age_s > self._options.give_up_s:
                if track.still > 0.8 and track.seen_ns == now:
                    bg.accept(motion, np.isin(motion.labels, track.labels).astype(np.uint8))
            elif track.confirmed and track.told and rest_s > self._options.absorb_s and track.still > 0.8:
                bg.accept(motion, self._region(motion, track))
                state.parked.append(Parked(track.number, track.noun, track.box, track.first_ns, now))
                state.parked = state.parked[-self._options.tracks_max :]
            else:
                kept.append(track)
        state.tracks = kept

    @staticmethod
    def _region(motion: bg.Motion, track: Track) -> NDArray[np.uint8]:
        region = np.isin(motion.labels, track.labels).astype(np.uint8)
        return np.asarray(cv2.dilate(region, np.ones((5, 5), np.uint8)), np.uint8)

    @staticmethod
    def _kept(state: TrackState, motion: bg.Motion, confirmed: bool = False) -> NDArray[np.uint8]:
        """Where the background must not follow the picture, `[h, w]`, 1 there."""
        table = np.zeros(int(motion.labels.max(initial=0)) + 1, np.uint8)
        for track in state.tracks:
            if track.confirmed or not confirmed:
                table[list(track.labels)] = 1
        if not table.any():
            return np.zeros(motion.labels.shape, np.uint8)
        return np.asarray(cv2.dilate(table[motion.labels], np.ones((9, 9), np.uint8)), np.uint8)
