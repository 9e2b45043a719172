"""Rotary encoding of place. Angles are computed in float64 and only then cast.

In float32 an angle of a day's length is off by hundredths, one of epoch seconds by everything.
"""

from __future__ import annotations

import torch
from torch import Tensor


def place_angles(positions: Tensor, head_dim: int, theta: float) -> Tensor:
    """Angles of rotary position encoding: positions `[...]` (integers) -> `[..., head_dim / 2]`, float64 radians.

    After Su et al., RoFormer, 2021.
    """
    frequency = theta ** -(torch.arange(0, head_dim, 2, dtype=torch.float64) / head_dim)
    return positions.to("cpu", torch.float64)[..., None] * frequency


def turn(x: Tensor, angles: Tensor) -> Tensor:
    """Rotate the pairs `(x[i], x[i + n])` of the last axis, `n` = half of it, by `angles` `[..., n]`."""
    cos, sin = angles.cos().to(x), angles.sin().to(x)
    return turn_by(x, cos, sin)


def turn_by(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """As `turn`, with the cosines and sines at hand."""
    first, second = x.chunk(2, dim=-1)
    return torch.cat([first * cos - second * sin, second * cos + first * sin], dim=-1)
