"""Rotary encodings of place and of time. Angles are computed in float64 and only then cast.

In float32 an angle of a day's length is off by hundredths, one of epoch seconds by everything.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

from streams.types import NS

SHORTEST_S, LONGEST_S = 4.0, 12 * 3600.0
"""Periods of the time encoding: what lies this close together, or this far apart, can be told apart."""


def place_angles(positions: Tensor, head_dim: int, theta: float) -> Tensor:
    """Angles of rotary position encoding: positions `[...]` (integers) -> `[..., head_dim / 2]`, float64 radians.

    After Su et al., RoFormer, 2021.
    """
    frequency = theta ** -(torch.arange(0, head_dim, 2, dtype=torch.float64) / head_dim)
    return positions.to("cpu", torch.float64)[..., None] * frequency


def time_angles(t_ns: Tensor, pairs: int) -> Tensor:
    """Angles of stream times `[...]` (int64 nanoseconds) -> `[..., pairs]`, float64 radians, log-spaced periods."""
    ratio = (LONGEST_S / SHORTEST_S) ** (1 / max(pairs - 1, 1))
    periods = SHORTEST_S * ratio ** torch.arange(pairs, dtype=torch.float64)
    turns = t_ns.to("cpu", torch.float64)[..., None] / NS / periods
    return 2 * math.pi * (turns - turns.floor())


def turn(x: Tensor, angles: Tensor) -> Tensor:
    """Rotate the pairs `(x[i], x[i + n])` of the last axis, `n` = half of it, by `angles` `[..., n]`."""
    cos, sin = angles.cos().to(x), angles.sin().to(x)
    return turn_by(x, cos, sin)


def turn_by(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """As `turn`, with the cosines and sines at hand."""
    first, second = x.chunk(2, dim=-1)
    return torch.cat([first * cos - second * sin, second * cos + first * sin], dim=-1)
