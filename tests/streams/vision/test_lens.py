"""Covered, frozen, gone."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from streams.encoders.vision.lens import Lens, Watch
from streams.encoders.vision.picture import ChangeGate
from streams.types import NS, Percept, VideoFrame, ns


def view(seed: int, sigma: float = 3.0) -> NDArray[np.uint8]:
    rgb = cv2.resize(
        np.random.default_rng(3).integers(40, 220, (9, 16, 3)).astype(np.uint8), (320, 180), interpolation=0
    )
    return np.clip(rgb + np.random.default_rng(seed).normal(0, sigma, rgb.shape), 0, 255).astype(np.uint8)


def flat(level: float, seed: int, sigma: float = 2.0) -> NDArray[np.uint8]:
    noise = np.random.default_rng(seed).normal(0, sigma, (180, 320, 3))
    return np.clip(level + noise, 0, 255).astype(np.uint8)


def watch(frames: list[NDArray[np.uint8]], fps: float = 10.0) -> list[Percept]:
    gate, lens = ChangeGate(), Lens()
    gate_state, state = gate.init_state("camera"), lens.init_state("camera")
    found = []
    for i, rgb in enumerate(frames):
        picture = gate.step(gate_state, VideoFrame("camera", ns(i / fps), rgb))
        if picture is not None:
            found += lens.step(state, picture)
    return found


def test_covered_and_free_again() -> None:
    frames = [view(i) for i in range(20)] + [flat(12, i) for i in range(30)] + [view(i) for i in range(20)]
    found = watch(frames)
    assert [p.text for p in found] == ["the camera is covered", "the camera is free again"]
    assert found[0].t0_ns == 2 * NS and found[0].t1_ns >= 3 * NS and found[0].kind == "health"
    assert found[1].t0_ns == 5 * NS


def test_a_bright_cover_counts_too() -> None:
    found = watch([view(i) for i in range(20)] + [flat(150, i) for i in range(30)])
    assert [p.text for p in found] == ["the camera is covered"]


def test_a_short_cover_is_nothing() -> None:
    frames = [view(i) for i in range(20)] + [flat(12, i) for i in range(7)] + [view(i) for i in range(20)]
    assert watch(frames) == []


def test_a_white_wall_from_the_beginning_is_not_covered_but_black_is() -> None:
    assert watch([flat(180, i) for i in range(50)]) == []
    assert [p.text for p in watch([flat(0, i, 0.0) for i in range(50)])] == ["the camera is covered"]


def test_frozen_and_moving_again() -> None:
    frames = [view(i) for i in range(40)] + [view(39)] * 120 + [view(i + 100) for i in range(10)]
    found = watch(frames)
    assert [p.text for p in found] == ["the picture is frozen", "the picture moves again"]
    assert found[0].t1_ns - found[0].t0_ns == 10 * NS


def test_a_picture_without_noise_is_never_frozen() -> None:
    moving = []
    for i in range(40):  # something moves over a drawn background, then nothing does
        rgb = view(0, 0.0).copy()
        cv2.rectangle(rgb, (i * 4, 50), (i * 4 + 20, 90), (255, 255, 255), -1)
        moving.append(rgb)
    assert watch(moving + [moving[-1]] * 200) == []


def test_a_quiet_scene_with_noise_is_not_frozen() -> None:
    assert watch([view(i) for i in range(300)]) == []


def test_gone_and_back() -> None:
    it = Watch("door", after_s=5)
    assert it.check(0) is None
    assert it.seen(ns(1)) is None and it.check(ns(5.9)) is None
    gone = it.check(ns(6))
    assert gone is not None and gone.text == "the camera is gone" and gone.t0_ns == ns(1) and gone.source == "door"
    assert it.check(ns(20)) is None
    back = it.seen(ns(21))
    assert back is not None and back.text == "the camera is back"
    assert it.seen(ns(22)) is None


def test_a_camera_that_never_delivers_is_gone() -> None:
    it = Watch("microphone 1", after_s=2, device="microphone")
    assert it.check(ns(10)) is None
    gone = it.check(ns(12))
    assert gone is not None and gone.text == "the microphone is gone"
