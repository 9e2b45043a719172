"""Blurred, turned away; zones around another encoder."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from streams.area import Area, Zone
from streams.encoders.vision.camera import FixedCamera
from streams.encoders.vision.mount import Mount
from streams.sources.decode import read_video
from streams.types import NS, Observation, Percept, VideoFrame, ns

BLURRED, SHARP = "the picture is blurred", "the picture is sharp again"
TURNED, USUAL = "the camera is turned away", "the camera shows its usual view again"


def views(media: Path, name: str, seconds: float) -> list[NDArray[np.uint8]]:
    """A picture a second of a real recording, over and over."""
    taken = [f.rgb for f in read_video(media / "video" / name, "x", 1.0, lambda line: None)]
    return [taken[n % len(taken)] for n in range(round(seconds))]


def look(pictures: list[NDArray[np.uint8]], mount: Mount | None = None) -> list[tuple[int, str]]:
    mount = mount or Mount()
    state = mount.init_state("cam")
    found = []
    for n, rgb in enumerate(pictures):
        found += [(n, p.text) for p in mount.step(state, VideoFrame("cam", n * NS, rgb))]
    return found


def soft(rgb: NDArray[np.uint8], sigma: float) -> NDArray[np.uint8]:
    return np.asarray(cv2.GaussianBlur(rgb, (0, 0), sigma), np.uint8)


def test_real_cameras_with_people_and_cars_are_neither(media: Path) -> None:
    for name in ("room_one_by_one_a.mp4", "carpark_cars_topdown.mp4", "bottles_a.mp4"):
        assert look(views(media, name, 140)) == [], name


def test_a_lens_out_of_focus_is_noticed_and_its_return(media: Path) -> None:
    usual = views(media, "room_one_by_one_a.mp4", 60)
    found = look(usual + [soft(rgb, 6) for rgb in usual[:30]] + usual[:30])
    assert [text for _, text in found] == [BLURRED, SHARP]
    assert 66 <= found[0][0] <= 72 and 90 <= found[1][0] <= 92


def test_a_camera_that_is_turned_away_is_noticed_and_its_return(media: Path) -> None:
    usual, other = views(media, "room_one_by_one_a.mp4", 60), views(media, "carpark_cars_topdown.mp4", 30)
    found = [item for item in look(usual + other + usual[:30]) if item[1] in (TURNED, USUAL)]
    assert [text for _, text in found] == [TURNED, USUAL]
    assert 66 <= found[0][0] <= 72


def test_another_view_that_lasts_is_the_usual_one(media: Path) -> None:
    usual, other = views(media, "room_one_by_one_a.mp4", 60), views(media, "carpark_cars_topdown.mp4", 60)
    found = [text for _, text in look(usual + other + usual[:5], Mount(accept_s=30)) if text in (TURNED, USUAL)]
    assert found[:2] == [TURNED, USUAL]


def test_darker_light_is_no_fault(media: Path) -> None:
    usual = views(media, "room_one_by_one_a.mp4", 60)
    dim = [np.asarray(rgb * 0.5, np.uint8) for rgb in usual]
    assert look(usual + dim) == []


def test_darkness_is_not_told_twice(media: Path) -> None:
    usual = views(media, "room_one_by_one_a.mp4", 60)
    assert look(usual + [np.zeros_like(usual[0])] * 60) == []


class Seer:
    """Sees a thing in each picture, at the left and at the right by turns."""

    def init_state(self, source: str) -> list[int]:
        return [0]

    def step(self, state: list[int], media: VideoFrame) -> list[Observation]:
        state[0] += 1
        return [Percept("", "object", media.source, media.t_ns, media.t_ns, "x", box=(0.8 * (state[0] % 2), 0, 0.1, 1))]

    def flush(self, state: list[int]) -> list[Observation]:
        return []


def test_a_fixed_camera_tells_its_zones() -> None:
    left = Zone("left", ((0.0, 0.0), (0.5, 0.0), (0.5, 1.0), (0.0, 1.0)))
    camera = FixedCamera(Seer(), Area(zones=(left,), only_zones=True))
    state, seen = camera.init_state("cam"), []
    for n in range(4):
        seen += camera.step(state, VideoFrame("cam", ns(n / 5), np.zeros((90, 160, 3), np.uint8)))
    assert [p.zones for p in seen if isinstance(p, Percept)] == [("left",), ("left",)]
    assert camera.flush(state) == []
