"""The change gate: frame rate, noise, cuts, light."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from streams.encoders.vision.frame import Picture
from streams.encoders.vision.picture import ChangeGate, shrink
from streams.sources.decode import read_video
from streams.types import NS, VideoFrame, ns


def scene(seed: int, height: int = 180, width: int = 320) -> NDArray[np.uint8]:
    """A picture with structure of several sizes."""
    rng = np.random.default_rng(seed)
    blocks = cv2.resize(rng.integers(40, 200, (9, 16, 3)).astype(np.uint8), (width, height), interpolation=0)
    for _ in range(12):
        x, y = int(rng.integers(0, width)), int(rng.integers(0, height))
        color = tuple(int(c) for c in rng.integers(0, 255, 3))
        cv2.circle(blocks, (x, y), int(rng.integers(5, 25)), color, -1)
    return np.asarray(blocks, np.uint8)


def noisy(rgb: NDArray[np.uint8], seed: int, sigma: float = 3.0) -> NDArray[np.uint8]:
    noise = np.random.default_rng(seed).normal(0, sigma, rgb.shape)
    return np.clip(rgb.astype(np.float32) + noise, 0, 255).astype(np.uint8)


def look(frames: list[NDArray[np.uint8]], fps: float = 10.0, gate: ChangeGate | None = None) -> list[Picture]:
    gate = gate or ChangeGate()
    state = gate.init_state("camera")
    found = [gate.step(state, VideoFrame("camera", ns(i / fps), rgb)) for i, rgb in enumerate(frames)]
    return [picture for picture in found if picture is not None]


def test_sensor_noise_is_static() -> None:
    pictures = look([noisy(scene(1), i, 6.0) for i in range(20)])
    assert not pictures[0].static
    assert all(p.static for p in pictures[1:])


def test_a_small_thing_that_creeps_is_not_static_forever() -> None:
    frames = []
    for i in range(60):
        rgb = scene(1).copy()
        cv2.rectangle(rgb, (100 + i, 60), (130 + i, 100), (255, 255, 255), -1)  # one pixel a picture
        frames.append(rgb)
    assert sum(not p.static for p in look(frames)) > 10


def test_frames_are_chosen_by_time_alone() -> None:
    frames = [scene(i) for i in range(31)]
    assert [p.t_ns for p in look(frames, fps=30)] == [ns(i / 30) for i in range(0, 31, 3)]
    # a source that runs at the limit loses nothing to jitter of its clock
    gate = ChangeGate(10)
    state = gate.init_state("camera")
    times = [ns(i / 10) + jitter for i, jitter in enumerate([0, -5_000_000, 4_000_000, -7_000_000, 0])]
    assert all(gate.step(state, VideoFrame("camera", t, scene(0))) for t in times)


def test_a_cut_is_one_picture() -> None:
    pictures = look([noisy(scene(1 if i < 10 else 2), i) for i in range(20)])
    assert [i for i, p in enumerate(pictures) if p.cut] == [10]


def test_a_pan_is_no_cut() -> None:
    wide = scene(3, 180, 1200)
    frames = [wide[:, :320]] * 8 + [wide[:, i * 40 : i * 40 + 320] for i in range(20)]
    assert not [p for p in look([np.ascontiguousarray(f) for f in frames]) if p.cut]


def test_somebody_walking_by_closely_is_no_cut() -> None:
    frames = []
    for i in range(30):
        rgb = scene(4).copy()
        x = -160 + 20 * i
        cv2.rectangle(rgb, (x, 10), (x + 150, 180), (30, 40, 120), -1)
        frames.append(rgb)
    assert not [p for p in look(frames) if p.cut]


@pytest.mark.parametrize("factor", [0.25, 0.6, 1.4])
def test_light_is_no_cut_and_is_marked(factor: float) -> None:
    dim = np.clip(scene(5).astype(np.float32) * factor, 0, 255).astype(np.uint8)
    pictures = look([noisy(scene(5) if i < 10 else dim, i, 2.0) for i in range(20)])
    assert not any(p.cut for p in pictures)
    assert pictures[10].light and not pictures[11].light


def test_darkness_and_back_is_no_cut_but_another_view_after_it_is() -> None:
    black = np.zeros((180, 320, 3), np.uint8)
    same = look([scene(6)] * 5 + [black] * 5 + [scene(6)] * 5)
    assert not any(p.cut for p in same)
    other = look([scene(6)] * 5 + [black] * 5 + [scene(7)] * 5)
    assert [i for i, p in enumerate(other) if p.cut] == [10]


@pytest.mark.parametrize("size", [(1, 1), (1, 500), (500, 1), (7, 5), (2160, 3840)])
def test_odd_sizes(size: tuple[int, int]) -> None:
    pictures = look([np.full((*size, 3), 90, np.uint8)] * 3)
    assert len(pictures) == 3 and pictures[0].gray.shape[1] == 320
    assert pictures[0].gray.shape[0] <= 960


def test_a_change_of_size_starts_afresh() -> None:
    pictures = look([scene(1), scene(1, 240, 320)])
    assert pictures[1].cut


def test_shrink_keeps_proportions() -> None:
    assert shrink(np.zeros((360, 640, 3), np.uint8)).shape == (180, 320)


@pytest.mark.media
@pytest.mark.parametrize(
    ("name", "cuts"),
    [
        ("reel_scene_changes", [5, 9, 13, 17, 21]),
        ("call_6_talkers", [3, 6, 9, 12, 15]),
        ("nasa_webb_narrated", [8.05]),
        ("selfie_foreman", []),  # a hand-held camera, and a fast pan
        ("carpark_cars_topdown", []),  # automatic exposure
        ("bottles_a", []),  # hands in front of the camera
        ("plaza_pedestrians", []),
    ],
)
def test_real_cuts(media: Path, name: str, cuts: list[float]) -> None:
    gate = ChangeGate()
    state = gate.init_state("camera")
    found = []
    for frame in read_video(media / f"video/{name}.mp4", "camera", 10.0, lambda warning: None):
        picture = gate.step(state, frame)
        if picture is not None and picture.cut:
            found.append(picture.t_ns / NS)
    assert len(found) == len(cuts)
    assert all(abs(a - b) < 0.15 for a, b in zip(found, cuts, strict=True))
