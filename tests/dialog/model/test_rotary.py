"""Angles keep their precision however long the stream has run."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from dialog.model.rotary import place_angles, turn

MONTH_S = 30 * 24 * 3600
PI2 = 8 * np.arctan(np.longdouble(1))


def apart(one: torch.Tensor, other: np.ndarray) -> float:
    """The largest difference of angles, radians, whole turns aside."""
    difference = np.remainder(one.numpy().astype(np.longdouble) - other, PI2)
    return float(np.minimum(difference, PI2 - difference).max())


def exact_places(positions: list[int], head_dim: int, theta: float) -> np.ndarray:
    powers = np.arange(0, head_dim, 2, dtype=np.longdouble) / head_dim
    return np.asarray(positions, dtype=np.longdouble)[:, None] * np.longdouble(theta) ** -powers


@pytest.mark.skipif(np.finfo(np.longdouble).nmant <= 52, reason="no type more precise than float64 here")
@pytest.mark.parametrize("theta", [1e4, 1e5])
def test_places_after_a_month(theta: float) -> None:
    positions = [0, 1, 511, 10_000_019, 20 * MONTH_S, 20 * MONTH_S + 1]
    exact = exact_places(positions, 64, theta)
    assert apart(place_angles(torch.tensor(positions), 64, theta), exact) < 1e-7
    rounded = torch.tensor(positions, dtype=torch.float32)[:, None] * torch.from_numpy(exact[1].astype(np.float32))
    assert apart(rounded, exact) > 0.1, "float32 would not do, so this check can fail"


def test_a_difference_is_the_same_on_every_day() -> None:
    """What attention sees of two places depends on what lies between them."""
    random = torch.Generator().manual_seed(0)
    q, k = torch.randn(16, generator=random), torch.randn(16, generator=random)

    def match(first: torch.Tensor, second: torch.Tensor) -> float:
        return float(turn(q, first) @ turn(k, second))

    def places(start: int) -> float:
        return match(*place_angles(torch.tensor([start + 7, start]), 16, 1e4))

    assert places(20 * MONTH_S) == pytest.approx(places(0), abs=1e-5)
    assert match(*place_angles(torch.tensor([8, 0]), 16, 1e4)) != pytest.approx(places(0), abs=1e-5)


def test_turning_twice_adds_up() -> None:
    """Keys are turned within their line when they are written, and to their place when they are read."""
    x = torch.randn(3, 8, generator=torch.Generator().manual_seed(1))
    once, again = place_angles(torch.tensor(5), 8, 1e4), place_angles(torch.tensor(400), 8, 1e4)
    torch.testing.assert_close(turn(turn(x, once), again), turn(x, place_angles(torch.tensor(405), 8, 1e4)))
