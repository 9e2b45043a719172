"""Tracked things on real recordings: entries and exits, and who is called what."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import av
import pytest

from streams.encoders.vision.picture import ChangeGate
from streams.encoders.vision.tracks import TrackOptions, Tracks
from streams.types import NS, Percept, VideoFrame

pytestmark = pytest.mark.media

TOLERANCE_S = 1.5
ROOM = ("video/room_one_by_one_a.mp4", [6.0, 22.7, 50.2], [19.7, 44.8, 69.7])
CARS = ("video/carpark_cars_topdown.mp4", [4.4, 14.75, 15.0, 25.3], [8.6, 18.4, 18.95, 27.8])


def watch(path: Path, store: Any = None) -> list[tuple[float, Percept]]:
    """Each percept with the stream time in seconds at which it was told. Without the store, no classifier votes."""
    classifier = None
    if store is not None:
        from streams.encoders.vision.classify import Classifier

        classifier = Classifier(store)
    tracks, gate = Tracks(classifier, TrackOptions()), ChangeGate()
    state, gate_state = tracks.init_state("cam"), gate.init_state("cam")
    told: list[tuple[float, Percept]] = []
    with av.open(str(path)) as container:
        for frame in container.decode(video=0):
            t_ns = round((frame.time or 0.0) * NS)
            picture = gate.step(gate_state, VideoFrame("cam", t_ns, frame.to_ndarray(format="rgb24")))
            if picture is not None:
                told += [(t_ns / NS, percept) for percept in tracks.step(state, picture)]
    return told + [(t_ns / NS, percept) for percept in tracks.flush(state)]


def f1(truth: list[float], found: list[float]) -> float:
    left, hits = sorted(found), 0
    for t in truth:
        near = [x for x in left if abs(x - t) <= TOLERANCE_S]
        if near:
            left.remove(min(near, key=lambda x: abs(x - t)))
            hits += 1
    return 2 * hits / max(1, len(truth) + len(found))


@pytest.mark.parametrize(("file", "entries", "exits"), [ROOM, CARS])
def test_entries_and_exits(media: Path, file: str, entries: list[float], exits: list[float]) -> None:
    told = watch(media / file)
    came = [(t, p) for t, p in told if "enters" in p.text or "appears" in p.text.split()]
    went = [(t, p) for t, p in told if "leaves" in p.text or "disappears" in p.text.split()]
    assert f1(entries, [p.t0_ns / NS for _, p in came]) >= 0.8
    assert f1(exits, [p.t0_ns / NS for _, p in went]) >= 0.8
    assert f1(entries, [t for t, _ in came]) >= 0.8, "told too late"


def test_nobody_is_claimed_among_bottles(media: Path) -> None:
    told = watch(media / "video/bottles_a.mp4")
    assert told
    assert not [p.text for _, p in told if "person" in p.text or "people" in p.text or "car" in p.text.split()]


def test_a_hand_held_camera_makes_no_things(media: Path) -> None:
    told = watch(media / "video/selfie_foreman.mp4")
    assert {p.kind for _, p in told} <= {"motion"}
