"""Grades of a connection, and whether anything moves before it is converted."""

from __future__ import annotations

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from streams.area import Area
from streams.sources.line import Line, clock_error
from streams.sources.stillness import Stillness, luma_of
from streams.types import ns

NOISE = np.random.default_rng(5)


def run(line: Line, begin_s: float, seconds: float, fps: float = 5) -> float:
    for n in range(round(seconds * fps)):
        line.picture(ns(begin_s + n / fps))
    return begin_s + seconds


def test_a_good_connection_is_excellent() -> None:
    line = Line()
    line.connected(0)
    end_s = run(line, 0, 600)
    assert line.quality(ns(end_s)).grade == "excellent"


def test_reconnections_and_stalls_lower_the_grade_and_an_hour_forgives() -> None:
    line, t_s = Line(), 0.0
    line.connected(0)
    grades = []
    for _ in range(40):
        t_s = run(line, t_s, 5)
        line.connected(ns(t_s))
        grades.append(line.quality(ns(t_s)).grade)
    assert grades[0] == "fair" and grades[10] == "poor" and grades[-1] == "unusable"
    assert "40 reconnections and 0 stalls" in line.quality(ns(t_s)).reason
    assert line.quality(ns(t_s + 3700)).grade == "excellent"


def test_stalls_are_counted_by_what_is_usual() -> None:
    line = Line()
    line.connected(0)
    t_s = run(line, 0, 10)
    for _ in range(3):
        t_s = run(line, t_s + 3, 10)
    assert line.quality(ns(t_s)).stalls == 3 and line.quality(ns(t_s)).grade == "fair"
    slow = Line()
    slow.connected(0)
    run(slow, 0, 600, fps=0.2)
    assert slow.quality(ns(600)).stalls == 0, "a picture every five seconds is how this camera is"


@pytest.mark.parametrize(
    ("ahead_s", "words"),
    [(45, "45 seconds fast"), (-600, "10 minutes slow"), (7300, "2 hours fast"), (-86400 * 3, "72 hours slow")],
)
def test_a_wrong_clock_in_words(ahead_s: float, words: str) -> None:
    assert clock_error(ahead_s) == f"the camera's clock is {words}"


def room(thing: float | None = None) -> NDArray[np.uint8]:
    picture = np.tile(np.linspace(40, 180, 640), (360, 1)) + NOISE.normal(0, 2, (360, 640))
    if thing is not None:
        picture[200:260, int(thing) : int(thing) + 40] = 230
    return np.clip(picture, 0, 255).astype(np.uint8)


def passed(still: Stillness, pictures: list[NDArray[np.uint8]], begin_s: float, fps: float = 5) -> list[bool]:
    return [still.look(picture, ns(begin_s + n / fps)) is not None for n, picture in enumerate(pictures)]


def test_what_stands_still_passes_once_a_second_and_what_moves_at_once() -> None:
    still = Stillness()
    passed(still, [room() for _ in range(25)], 0)
    assert sum(passed(still, [room() for _ in range(50)], 5)) == pytest.approx(10, abs=1)
    walking = passed(still, [room(20 + 6 * n) for n in range(20)], 15)
    assert all(walking), "from the first picture on"
    after = passed(still, [room(140) for _ in range(50)], 19)
    assert all(after[:10]) and sum(after[20:]) <= 7


def test_what_a_mask_hides_does_not_move() -> None:
    still = Stillness(hide=Area(masks=(((0, 0.4), (1, 0.4), (1, 0.9), (0, 0.9)),)).hide)
    passed(still, [room() for _ in range(25)], 0)
    assert sum(passed(still, [room(20 + 6 * n) for n in range(50)], 5)) <= 12


def test_brightness_is_read_in_place() -> None:
    rgb = np.zeros((48, 70, 3), np.uint8)
    rgb[:, 35:] = 255
    frame = av.VideoFrame.from_ndarray(rgb, format="rgb24").reformat(format="yuv420p")
    luma = luma_of(frame)
    assert luma is not None and luma.shape == (48, 70)
    assert luma[:, :30].max() < 40 and luma[:, 40:].min() > 200
    assert luma_of(av.VideoFrame.from_ndarray(rgb, format="rgb24")) is None
