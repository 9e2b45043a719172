"""Masks and zones."""

from __future__ import annotations

import numpy as np
import pytest

from streams import wording
from streams.area import Area, Zone, wrong
from streams.types import Observation, Percept, VideoFrame

LEFT = ((0.0, 0.0), (0.5, 0.0), (0.5, 1.0), (0.0, 1.0))
BOTTOM = ((0.0, 0.5), (1.0, 0.5), (1.0, 1.0), (0.0, 1.0))


def percept(x: float, y: float, kind: str = "object") -> Percept:
    return Percept("", kind, "cam", 0, 0, "a person enters from the left", box=(x, y, 0.1, 0.2))  # type: ignore[arg-type]


@pytest.mark.parametrize("shape", [(90, 160), (90, 160, 3), (360, 640, 3)])
def test_a_mask_blackens_its_part_and_nothing_else(shape: tuple[int, ...]) -> None:
    picture = np.full(shape, 200, np.uint8)
    hidden = Area(masks=(LEFT,)).hide(picture)
    middle = shape[1] // 2
    assert hidden[:, : middle - 1].max() == 0 and hidden[:, middle + 1 :].min() == 200
    assert picture.min() == 200, "the picture itself is left alone"


def test_without_masks_a_picture_is_not_even_copied() -> None:
    picture = np.zeros((4, 4, 3), np.uint8)
    assert Area().hide(picture) is picture


def test_many_sizes_take_no_memory() -> None:
    area = Area(masks=(LEFT,))
    for n in range(2, 100):
        area.hide(np.zeros((n, n), np.uint8))
    assert len(area._drawn) <= 4


def test_what_happens_in_a_zone_is_told_with_its_name() -> None:
    area = Area(zones=(Zone("left side", LEFT), Zone("front", BOTTOM)))
    told = area.told([percept(0.1, 0.6), percept(0.8, 0.0)])
    assert [t.zones for t in told if isinstance(t, Percept)] == [("left side", "front"), ()]
    line = wording.line(told[0], None)  # type: ignore[arg-type]
    assert line == "0:00 cam, left side, front: a person enters from the left"


def test_only_zones_leaves_out_the_rest_but_nothing_without_a_place() -> None:
    area = Area(zones=(Zone("left", LEFT),), only_zones=True)
    light = Percept("", "light", "cam", 0, 0, "the light goes off")
    sign = percept(0.8, 0.1, "sign")
    seen: list[Observation] = [percept(0.1, 0.1), percept(0.8, 0.1), light, sign]
    assert [o.kind for o in area.told(seen) if isinstance(o, Percept)] == ["object", "light", "sign"]


@pytest.mark.parametrize(
    ("polygon", "message"),
    [
        (((0, 0), (1, 1)), "3 to 64"),
        (((0, 0), (1, 1), (2, 0)), "0 to 1"),
        (((0, 0), (1, 1), (1,)), "two numbers"),
        (((0, 0), (1, 1), (float("nan"), 0)), "0 to 1"),
    ],
)
def test_what_is_no_polygon(polygon: tuple[tuple[float, ...], ...], message: str) -> None:
    assert message in wrong(polygon)
    assert not wrong(LEFT)


def test_a_frame_carries_what_the_source_found() -> None:
    frame = VideoFrame("cam", 0, np.zeros((2, 2, 3), np.uint8))
    assert frame.changed is None and frame.depth == "full"
