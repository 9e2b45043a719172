"""Faces on real footage: how many, said on change only, and none where there is none."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from streams.encoders.vision.faces import Face, Faces, FacesState, _drop_doubles
from streams.encoders.vision.picture import ChangeGate
from streams.sources.decode import read_video
from streams.types import VideoFrame, ns


@pytest.fixture(scope="module")
def faces() -> Faces:
    return Faces()


def seen(faces: Faces, path: Path) -> tuple[list[str], FacesState]:
    gate = ChangeGate()
    gate_state, state = gate.init_state("camera"), faces.init_state("camera")
    found = []
    for frame in read_video(path, "camera", 10.0, lambda warning: None):
        if frame.t_ns > ns(7.5):
            break
        picture = gate.step(gate_state, frame)
        if picture is not None:
            found += faces.step(state, picture)
    return [p.text for p in found + faces.flush(state)], state


@pytest.mark.media
@pytest.mark.parametrize(
    ("name", "texts"),
    [
        ("video/talk_bbaf2n.mp4", ["1 face looks at the camera"]),
        ("video/talk_brbk7n.mp4", ["1 face looks at the camera"]),
        ("video/two_heads_tilting.mp4", ["2 faces look at the camera"]),
        ("video/call_6_talkers.mp4", ["1 face looks at the camera"]),  # one person after the other
        ("video/selfie_foreman.mp4", ["1 face looks at the camera", "no face is in view"]),
        ("video/bottles_a.mp4", []),
        ("photo/webcam_two_people.png", ["2 faces look at the camera"]),
        ("photo/dog_frisbee.jpg", []),
        ("photo/sign_paris.jpg", []),
    ],
)
def test_real_footage(faces: Faces, media: Path, name: str, texts: list[str]) -> None:
    assert seen(faces, media / name)[0] == texts


@pytest.mark.media
def test_looks_are_rare(faces: Faces, media: Path) -> None:
    _, state = seen(faces, media / "video/talk_bbaf2n.mp4")
    assert state.looks <= 7  # of 30 pictures in 3 seconds


def test_a_static_picture_is_looked_at_once(faces: Faces) -> None:
    gate = ChangeGate()
    gate_state, state = gate.init_state("camera"), faces.init_state("camera")
    for i in range(50):
        picture = gate.step(gate_state, VideoFrame("camera", ns(i / 10), np.full((90, 160, 3), 128, np.uint8)))
        assert picture is not None and faces.step(state, picture) == []
    assert state.looks == 1 and faces.flush(state) == []


def test_flush_without_pictures_and_tiny_pictures(faces: Faces) -> None:
    assert faces.flush(faces.init_state("camera")) == []
    gate = ChangeGate()
    state = faces.init_state("camera")
    picture = gate.step(gate.init_state("camera"), VideoFrame("camera", 0, np.zeros((1, 1, 3), np.uint8)))
    assert picture is not None and faces.step(state, picture) == [] and faces.flush(state) == []


def test_two_followed_faces_at_one_place_are_one() -> None:
    known = [Face(10, 10, 50), Face(14, 12, 48), Face(200, 10, 50)]
    _drop_doubles(known)
    assert [f.x for f in known] == [10, 200]
