import random

import pytest

from streams.merge import WatermarkMerge


def test_order_does_not_depend_on_the_speed_of_the_lanes() -> None:
    lanes = [[(t, f"{lane}@{t}") for t in range(lane, 100, 3 + lane)] for lane in range(3)]
    expected = [x for _, _, x in sorted((t, lane, x) for lane, items in enumerate(lanes) for t, x in items)]
    for seed in range(20):
        rng, merge, out = random.Random(seed), WatermarkMerge[str](3), []
        left = [list(items) for items in lanes]
        while any(left):
            lane = rng.choice([i for i, items in enumerate(left) if items])
            t, item = left[lane].pop(0)
            merge.push(lane, t, [item])
            if not left[lane]:
                merge.close(lane)
            out += [x for _, x in merge.ready()]
        assert out == expected


def test_nothing_leaves_before_the_slowest_lane_has_passed_it() -> None:
    merge: WatermarkMerge[str] = WatermarkMerge(2)
    merge.push(0, 10, ["a"])
    assert merge.ready() == []
    merge.push(1, 11, [])
    assert merge.ready() == []  # lane 0 may still push at 10
    merge.push(0, 11, [])
    assert merge.ready() == [(10, "a")]


def test_a_lane_cannot_go_back() -> None:
    merge: WatermarkMerge[str] = WatermarkMerge(1)
    merge.push(0, 10, [])
    with pytest.raises(ValueError, match="cannot go"):
        merge.push(0, 9, [])
