"""The eyes as a whole: what a recording yields, the same every time, whatever the frames."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from streams.encoders.vision.encoder import VisionEncoder, VisionOptions, VisionParts
from streams.encoders.vision.lens import Lens
from streams.encoders.vision.light import Light
from streams.encoders.vision.picture import ChangeGate
from streams.errors import ModelError
from streams.sources.decode import read_video
from streams.types import Observation, Percept, VideoFrame, ns


@pytest.fixture(scope="module")
def eyes() -> VisionEncoder:
    return VisionEncoder.load(VisionOptions(signs=False))


def see(encoder: VisionEncoder, frames: list[VideoFrame]) -> list[Observation]:
    state = encoder.init_state("camera")
    found = []
    for frame in frames:
        found += encoder.step(state, frame)
    return found + encoder.flush(state)


def clip() -> list[VideoFrame]:
    """Something moves in, a cut, the light goes off."""
    blocks = np.random.default_rng(1).integers(60, 200, (2, 9, 16, 3)).astype(np.uint8)
    views = [cv2.resize(b, (160, 90), interpolation=cv2.INTER_NEAREST) for b in blocks]
    frames = []
    for i in range(90):
        rgb = views[int(i >= 45)].astype(np.float32) * (0.25 if i >= 70 else 1.0)
        if 20 <= i < 45:
            cv2.rectangle(rgb, (4 * (i - 20) - 20, 30), (4 * (i - 20), 80), (250, 250, 250), -1)
        rgb += np.random.default_rng(i % 3).normal(0, 2, rgb.shape)
        frames.append(VideoFrame("camera", ns(i / 10), np.clip(rgb, 0, 255).astype(np.uint8)))
    return frames


def test_the_same_every_time_and_later_frames_change_nothing_earlier(eyes: VisionEncoder) -> None:
    frames = clip()
    once = see(eyes, frames)
    assert once == see(eyes, frames)
    texts = [p.text for p in once if isinstance(p, Percept) and p.kind in ("scene", "light")]
    assert texts == ["the picture changes completely", "the light goes off"]
    state, early = eyes.init_state("camera"), []
    for frame in frames[:60]:
        early += eyes.step(state, frame)
    assert once[: len(early)] == early
    assert all(isinstance(p, Percept) and p.id == "" and p.source == "camera" for p in once)


def test_two_streams_do_not_mix(eyes: VisionEncoder) -> None:
    frames = clip()
    alone = see(eyes, frames)
    a, b, found = eyes.init_state("camera"), eyes.init_state("other"), []
    black = np.zeros((90, 160, 3), np.uint8)
    for frame in frames:
        found += eyes.step(a, frame)
        eyes.step(b, VideoFrame("other", frame.t_ns, black))
    assert found + eyes.flush(a) == alone


@pytest.mark.parametrize("size", [(1, 1), (1, 300), (300, 1), (2160, 3840), (37, 53)])
def test_any_size_is_survived(eyes: VisionEncoder, size: tuple[int, int]) -> None:
    rgb = np.random.default_rng(0).integers(0, 255, (*size, 3), np.uint8)
    see(eyes, [VideoFrame("camera", ns(i), rgb if i % 2 else 255 - rgb) for i in range(4)])


def test_black_and_nothing(eyes: VisionEncoder) -> None:
    black = np.zeros((90, 160, 3), np.uint8)
    found = see(eyes, [VideoFrame("camera", ns(i / 5), black) for i in range(20)])
    assert [p.text for p in found if isinstance(p, Percept)] == ["the camera is covered"]
    assert see(eyes, []) == []
    assert see(eyes, [VideoFrame("camera", 0, np.zeros((0, 0, 3), np.uint8))]) == []


def test_parts_are_optional() -> None:
    bare = VisionEncoder(VisionParts(ChangeGate(), Lens(), Light()))
    texts = [p.text for p in see(bare, clip()) if isinstance(p, Percept)]
    assert texts == ["the picture changes completely", "the light goes off"]


def test_a_missing_classifier_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="heed models pull"):
        VisionEncoder.load(VisionOptions(signs=False), tmp_path)


@pytest.mark.media
def test_a_photograph_yields_faces(eyes: VisionEncoder, media: Path) -> None:
    frames = list(read_video(media / "photo/webcam_two_people.png", "photo", None, lambda warning: None))
    assert "2 faces look at the camera" in [p.text for p in see(eyes, frames) if isinstance(p, Percept)]
