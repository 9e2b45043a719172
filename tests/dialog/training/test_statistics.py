"""Intervals against published and hand-made values."""

from __future__ import annotations

import pytest

from dialog.training.statistics import Mean, Share, wilson


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_gives_the_published_intervals(hits: int, of: int, low: float, high: float) -> None:
    """Table I of Newcombe, Two-sided confidence intervals for the single proportion, 1998 (method 3)."""
    assert wilson(hits, of) == pytest.approx((low, high), abs=5e-5)


def test_wilson_stays_within_0_and_1() -> None:
    assert wilson(0, 0) == (0.0, 1.0)
    for of in (1, 5, 1000):
        low, high = wilson(of, of)
        assert 0 < low < high == 1.0
        assert wilson(0, of) == pytest.approx((1 - high, 1 - low))


def test_a_share_says_what_it_is() -> None:
    share = Share.among([True, True, False, True])
    assert share == Share(3, 4) and share.value == 0.75
    assert share.figures() == {"share": 0.75, "low": 0.301, "high": 0.954, "of": 4}
    assert str(share) == "75.0 % (30 to 95)"
    assert str(Share.among([])) == "-" and Share(0, 0).value == 0.0


def test_a_mean_has_the_interval_of_its_standard_error() -> None:
    mean = Mean.over([1.0, 2.0, 3.0, 4.0])
    assert (mean.value, mean.of) == (2.5, 4)
    assert mean.half == pytest.approx(1.959964 * (5 / 3) ** 0.5 / 2)
    assert Mean.over([7.0]) == Mean(7.0, 0.0, 1)
    assert str(Mean.over([])) == "-" and Mean.over([]).figures() == {"mean": None, "half": 0.0, "of": 0}
    assert Share(0, 0).figures()["share"] is None
