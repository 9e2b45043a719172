"""Light on and off, slow changes; what is not light."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from streams.encoders.vision.light import Light
from streams.encoders.vision.picture import ChangeGate
from streams.sources.decode import read_video
from streams.types import NS, Percept, VideoFrame, ns


def room(level: float, seed: int, shift: int = 0) -> NDArray[np.uint8]:
    rng = np.random.default_rng(7)
    rgb = cv2.resize(rng.integers(60, 220, (9, 16, 3)).astype(np.uint8), (320, 180), interpolation=0)
    cv2.rectangle(rgb, (100 + shift, 60), (140 + shift, 170), (20, 60, 200), -1)
    noise = np.random.default_rng(seed).normal(0, 2, rgb.shape)
    return np.clip(rgb.astype(np.float32) * level + noise, 0, 255).astype(np.uint8)


def light(frames: list[NDArray[np.uint8]], fps: float = 10.0) -> list[Percept]:
    gate, part = ChangeGate(), Light()
    gate_state, state = gate.init_state("camera"), part.init_state("camera")
    found = []
    for i, rgb in enumerate(frames):
        picture = gate.step(gate_state, VideoFrame("camera", ns(i / fps), rgb))
        if picture is not None:
            found += part.step(state, picture)
    return found


@pytest.mark.parametrize("fps", [2.0, 5.0, 10.0])
def test_off_and_on(fps: float) -> None:
    n = round(3 * fps)
    levels = [1.0] * n + [0.25] * n + [1.0] * n
    found = light([room(level, i) for i, level in enumerate(levels)], fps)
    assert [p.text for p in found] == ["the light goes off", "the light goes on"]
    assert [p.t0_ns for p in found] == [3 * NS, 6 * NS]


def test_off_while_somebody_walks() -> None:
    found = light([room(1.0 if i < 15 else 0.3, i, 4 * i) for i in range(40)])
    assert [p.text for p in found] == ["the light goes off"]


def test_a_flash_is_nothing() -> None:
    assert light([room(1.0 if i != 15 else 0.2, i) for i in range(40)]) == []


def test_automatic_exposure_is_nothing() -> None:
    # down to a half within 1.6 seconds and back, as a real camera did
    levels = [1.0] * 10 + list(np.linspace(1, 0.5, 16)) + list(np.linspace(0.5, 1, 30)) + [1.0] * 100
    assert light([room(level, i) for i, level in enumerate(levels)]) == []


def test_another_picture_is_not_light() -> None:
    dark = np.clip(cv2.flip(room(0.2, 0), -1).astype(np.int16), 0, 255).astype(np.uint8)
    assert light([room(1.0, i) for i in range(15)] + [dark] * 15) == []


def test_dusk_and_dawn() -> None:
    dusk = light([room(level, i) for i, level in enumerate(np.linspace(1, 0.4, 100))], fps=5)
    assert [p.text for p in dusk] == ["it gets darker"]
    assert dusk[0].t1_ns - dusk[0].t0_ns >= 10 * NS
    dawn = light([room(level, i) for i, level in enumerate(np.linspace(0.4, 1, 100))], fps=5)
    assert [p.text for p in dawn] == ["it gets brighter"]


def test_the_state_stays_bounded() -> None:
    gate, part = ChangeGate(), Light()
    gate_state, state = gate.init_state("camera"), part.init_state("camera")
    for i in range(600):
        picture = gate.step(gate_state, VideoFrame("camera", ns(i / 10), room(0.7 + 0.3 * (i % 2), i)))
        if picture is not None:
            part.step(state, picture)
    assert len(state.recent) <= 64 and len(state.slow) <= 31


@pytest.mark.media
@pytest.mark.parametrize("name", ["carpark_cars_topdown", "nasa_webb_narrated", "reel_scene_changes", "bottles_a"])
def test_real_footage_without_a_switch(media: Path, name: str) -> None:
    gate, part = ChangeGate(), Light()
    gate_state, state = gate.init_state("camera"), part.init_state("camera")
    found = []
    for frame in read_video(media / f"video/{name}.mp4", "camera", 10.0, lambda warning: None):
        picture = gate.step(gate_state, frame)
        if picture is not None:
            found += part.step(state, picture)
    assert found == []
