"""Tracked things: on pictures made with numpy, where the truth is exact."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
import pytest
from numpy.typing import NDArray

from streams.encoders.vision.frame import Picture
from streams.encoders.vision.picture import ChangeGate
from streams.encoders.vision.tracks import TrackOptions, Tracks
from streams.encoders.vision.tracks_state import toward
from streams.types import NS, Percept, VideoFrame

Frame = NDArray[np.uint8]
HEIGHT, WIDTH = 180, 320


def scene(seed: int = 1, height: int = HEIGHT, width: int = WIDTH) -> Frame:
    """A textured still picture."""
    rng = np.random.default_rng(seed)
    coarse = rng.integers(90, 170, (height // 12 + 1, width // 12 + 1, 3))
    return np.kron(coarse, np.ones((12, 12, 1)))[:height, :width].astype(np.uint8)


def with_box(base: Frame, x: float, y: float, w: float, h: float, level: tuple[int, int, int] = (220, 30, 40)) -> Frame:
    """The picture with a rectangle on it, in shares of the width and height."""
    height, width = base.shape[:2]
    frame = base.copy()
    x0, x1 = (round(min(max(v, 0), 1) * width) for v in (x, x + w))
    y0, y1 = (round(min(max(v, 0), 1) * height) for v in (y, y + h))
    frame[y0:y1, x0:x1] = level
    return frame


def pictures(draw: Callable[[float], Frame], seconds: float, fps: float, seed: int = 7) -> Iterable[Picture]:
    """What the change gate makes of a scene with a little noise."""
    rng = np.random.default_rng(seed)
    gate = ChangeGate(max_fps=30.0)
    state = gate.init_state("cam")
    for i in range(round(seconds * fps)):
        frame = draw(i / fps).astype(np.int16)
        frame += rng.integers(-2, 3, frame.shape, dtype=np.int16)
        picture = gate.step(state, VideoFrame("cam", round(i / fps * NS), np.clip(frame, 0, 255).astype(np.uint8)))
        if picture is not None:
            yield picture


def watch(stream: Iterable[Picture], options: TrackOptions | None = None) -> list[Percept]:
    tracks = Tracks(None, options or TrackOptions())
    state = tracks.init_state("cam")
    percepts = [percept for picture in stream for percept in tracks.step(state, picture)]
    return percepts + tracks.flush(state)


def texts(percepts: list[Percept], *kinds: str) -> list[str]:
    return [p.text for p in percepts if not kinds or p.kind in kinds]


def visit(t: float) -> Frame:
    """Enters from the left at 2 s, stands from 4 s to 16 s in the middle, has left to the right at 18 s."""
    x = -0.2 + 0.3 * (t - 2) if t < 4 else 0.4 if t < 16 else 0.4 + 0.3 * (t - 16)
    return with_box(scene(), x, 0.3, 0.2, 0.5) if t >= 2 else scene()


@pytest.mark.parametrize("fps", [5, 10, 15, 30])
def test_enters_stays_leaves_at_any_frame_rate(fps: float) -> None:
    percepts = watch(pictures(visit, 22, fps))
    said = texts(percepts, "object")
    assert said[0] == "something enters from the left"
    assert said[1].startswith("the thing has stayed in the middle for 1")
    assert said[2].startswith("the thing leaves to the right after 1")
    assert len(said) == 3
    assert percepts[0].t0_ns == pytest.approx(2.1 * NS, abs=0.4 * NS)
    left = next(p for p in percepts if "leaves" in p.text)
    assert left.t0_ns == pytest.approx(18.0 * NS, abs=0.5 * NS)
    assert left.box is not None and left.box[0] > 0.7


@pytest.mark.parametrize(("height", "width"), [(240, 320), (720, 1280), (480, 270)])
def test_any_size(height: int, width: int) -> None:
    base = scene(2, height, width)
    draw = lambda t: with_box(base, -0.2 + 0.4 * (t - 1), 0.3, 0.2, 0.5) if t >= 1 else base  # noqa: E731
    said = texts(watch(pictures(draw, 6, 10)), "object")
    assert [s.split(" after ")[0] for s in said] == ["something enters from the left", "the thing leaves to the right"]


def test_each_said_within_a_second_and_a_half() -> None:
    tracks = Tracks(None, TrackOptions())
    state = tracks.init_state("cam")
    delays = []
    for picture in pictures(visit, 22, 10):
        for percept in tracks.step(state, picture):
            if "enters" in percept.text or "leaves" in percept.text:
                delays.append((picture.t_ns - percept.t0_ns) / NS)
    assert len(delays) == 2
    assert max(delays) <= 1.5


def test_a_thing_that_stands_is_not_absorbed_and_its_ghost_is_not_seen() -> None:
    def draw(t: float) -> Frame:
        x = -0.2 + 0.4 * (t - 1) if t < 2.5 else 0.4 if t < 62 else 0.4 + 0.4 * (t - 62)
        return with_box(scene(), x, 0.3, 0.2, 0.5) if t >= 1 else scene()

    said = texts(watch(pictures(draw, 70, 6)), "object")
    assert sum("enters" in s or "appears" in s for s in said) == 1
    left = [s for s in said if "leaves" in s or "disappears" in s]
    assert len(left) == 1
    assert left[0].startswith("the thing leaves to the right after 6")


def test_a_changing_light_is_not_a_thing() -> None:
    def draw(t: float) -> Frame:
        gain = 1.0 if t < 3 else 0.6 if t < 6 else 1.2
        slow = 1.0 + 0.15 * np.sin(t)
        return np.clip(scene() * gain * slow, 0, 255).astype(np.uint8)

    assert texts(watch(pictures(draw, 10, 10))) == []


def test_darkness_makes_nothing_leave() -> None:
    def draw(t: float) -> Frame:
        frame = visit(t)
        return np.full_like(frame, 3) if 8 <= t < 12 else frame

    said = texts(watch(pictures(draw, 15, 10)), "object")
    assert said[0] == "something enters from the left"
    assert not [s for s in said if "leaves" in s or "disappears" in s]


def test_a_cut_starts_afresh() -> None:
    other = scene(9)
    draw = lambda t: visit(t) if t < 8 else other  # noqa: E731
    assert texts(watch(pictures(draw, 14, 10)), "object") == ["something enters from the left"]


def test_a_panning_camera_makes_no_things() -> None:
    wide = scene(4, HEIGHT, 4 * WIDTH)

    def draw(t: float) -> Frame:
        at = round(60 + 30 * np.sin(2.5 * t) + (0 if t < 5 else 120 * min(t - 5, 2)))
        return wide[:, at : at + WIDTH]

    assert texts(watch(pictures(draw, 10, 12)), "object", "count") == []


def test_what_was_there_from_the_start_is_not_said_to_enter() -> None:
    draw = lambda t: with_box(scene(), 0.1 + 0.25 * t, 0.3, 0.2, 0.5)  # noqa: E731
    said = texts(watch(pictures(draw, 6, 10)), "object")
    assert not [s for s in said if "enters" in s or "appears" in s]


def test_a_thing_taken_away_is_not_left_as_a_ghost() -> None:
    """A hand comes from the top, takes a box that stood there, and goes: the place is background afterwards."""

    def draw(t: float) -> Frame:
        frame = scene()
        if t < 6:
            frame = with_box(frame, 0.45, 0.6, 0.1, 0.3, (20, 40, 200))
        if 5 <= t < 7:
            reach = 0.75 * (t - 5) if t < 6 else 0.75 * (7 - t)
            frame = with_box(frame, 0.42, 0.0, 0.12, reach)
        return frame

    percepts = watch(pictures(draw, 20, 10))
    said = texts(percepts, "object")
    assert said[0] == "something enters from the top"
    assert any("disappears" in s or "leaves" in s for s in said)
    assert not [s for s in said if "stayed" in s]
    assert max(p.t0_ns for p in percepts) < 9 * NS


def test_two_things_at_once() -> None:
    def draw(t: float) -> Frame:
        frame = with_box(scene(), -0.15 + 0.3 * (t - 1), 0.1, 0.15, 0.3) if t >= 1 else scene()
        return with_box(frame, 1.0 - 0.3 * (t - 1.5), 0.6, 0.15, 0.3, (20, 220, 60)) if t >= 1.5 else frame

    said = [s.split(" after ")[0] for s in texts(watch(pictures(draw, 8, 10)), "object")]
    assert sorted(said) == [
        "something enters from the left",
        "something enters from the right",
        "the thing leaves to the left",
        "the thing leaves to the right",
    ]


def test_a_static_picture_costs_no_comparison(monkeypatch: pytest.MonkeyPatch) -> None:
    from streams.encoders.vision import motion

    looks = []
    real = motion.look
    monkeypatch.setattr(motion, "look", lambda *args: looks.append(1) or real(*args))
    draw = lambda t: scene()  # noqa: E731
    assert watch(pictures(draw, 20, 10)) == []
    assert len(looks) <= 21


def test_the_same_pictures_give_the_same_percepts() -> None:
    first, second = (watch(pictures(visit, 10, 10)) for _ in range(2))
    assert [(p.text, p.t0_ns, p.box) for p in first] == [(p.text, p.t0_ns, p.box) for p in second]


def test_state_stays_bounded_in_flicker() -> None:
    rng = np.random.default_rng(3)
    tracks = Tracks(None, TrackOptions())
    state = tracks.init_state("cam")

    def draw(t: float) -> Frame:
        frame = scene()
        for _ in range(60):
            frame = with_box(frame, float(rng.random()), float(rng.random()), 0.04, 0.06)
        return frame

    for picture in pictures(draw, 20, 10):
        tracks.step(state, picture)
        assert len(state.tracks) <= TrackOptions().tracks_max
    assert len(state.parked) <= TrackOptions().tracks_max


def test_a_parked_thing_is_remembered_when_it_goes() -> None:
    options = TrackOptions(absorb_s=6.0, stay_s=())

    def draw(t: float) -> Frame:
        x = -0.2 + 0.4 * (t - 1) if t < 2.5 else 0.4 if t < 15 else 0.4 + 0.4 * (t - 15)
        return with_box(scene(), x, 0.3, 0.2, 0.5) if t >= 1 else scene()

    said = texts(watch(pictures(draw, 22, 10), options), "object")
    assert said[0] == "something enters from the left"
    assert said[1].startswith("the thing leaves to the right after 1")
    assert len(said) == 2


def test_the_side_is_where_it_moves_and_touches() -> None:
    assert toward(["right", "bottom"], 10, 8, (290, 70, 320, 180)) == "right"
    assert toward(["left", "bottom"], 0, 5, (0, 150, 60, 180)) == "bottom"
