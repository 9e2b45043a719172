"""Eight-bit weights for decoding on a CPU, where a token costs as long as its weights take to be read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from dialog.model.decoder import Dense, Linear, Weights

FEW = 2
"""Rows up to which reading the 8-bit weights is faster than the dense product."""


class Int8:
    """A linear map with 8-bit weights (one scale per output) for few rows, and its dense original for many.

    Only the weights are rounded; activations stay bfloat16. Rounding activations too would be faster still, but the
    outliers of this model's activations make that visible in the answers (see dialog/training/LOG.md).
    """

    __slots__ = ("dense", "scale", "weight")

    def __init__(self, dense: Dense | Mixed) -> None:
        weight = dense.weight.float()
        scale = weight.abs().amax(dim=1).clamp_min(1e-8) / 127
        self.weight = (weight / scale[:, None]).round().to(torch.int8)
        self.scale = scale.bfloat16()
        self.dense = dense

    def __call__(self, x: Tensor) -> Tensor:
        rows = x.flatten(0, -2)
        if len(rows) > FEW:
            return self.dense(x)
        return torch._weight_int8pack_mm(rows.bfloat16(), self.weight, self.scale).to(x.dtype).view(*x.shape[:-1], -1)


class Mixed:
    """A dense map whose weights are held in another dtype than the activations."""

    __slots__ = ("weight",)

    def __init__(self, weight: Tensor) -> None:
        self.weight = weight

    def __call__(self, x: Tensor) -> Tensor:
        return F.linear(x.to(self.weight.dtype), self.weight).to(x.dtype)


def with_maps(weights: Weights, make: Callable[[Any], Linear]) -> Weights:
    """The same model with every linear map replaced by `make(map)`."""
    layers = [
        replace(
            layer, qkv=make(layer.qkv), out=make(layer.out), gate_up=make(layer.gate_up), down=make(layer.down)
        )
        for layer in weights.layers
    ]  # fmt: skip
    return replace(weights, layers=layers, head=make(weights.head))


def has_fast_bfloat16() -> bool:
    """Whether this CPU multiplies bfloat16 matrices faster than float32 ones."""
    return bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())
