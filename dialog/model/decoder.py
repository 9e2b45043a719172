"""A decoder of the Llama kind in plain sight: shapes, weights, and one forward pass that everything here shares.

What the linear maps are (dense, 8 bit, with a low-rank update) and what attention reads (a cache, the rolling state)
is handed in, so that training, encoding of percepts and decoding run through the same lines.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from dialog.model.rotary import turn_by

Linear = Callable[[Tensor], Tensor]
"""`[..., in] -> [..., out]`."""

Attend = Callable[[int, Tensor, Tensor, Tensor], Tensor]
"""`(layer, q, k, v) -> attended`: q `[B, H, T, D]`, k and v `[B, KV, T, D]` (rotated), attended `[B, H, T, D]`."""


@dataclass(frozen=True, slots=True)
class Shape:
    """The sizes of a model."""

    layers: int
    width: int
    heads: int
    kv_heads: int
    head_dim: int
    ffn: int
    vocab: int
    norm_eps: float
    rope_theta: float
    end_token: int
    context: int


@dataclass(frozen=True, slots=True)
class Layer:
    """One block. `qkv` and `gate_up` are fused: fewer, larger products."""

    attention_norm: Tensor
    qkv: Linear
    out: Linear
    ffn_norm: Tensor
    gate_up: Linear
    down: Linear
    q_norm: Tensor | None = None
    """`[D]`: queries are normed in each head before they are turned (Qwen3). Set together with `k_norm`."""
    k_norm: Tensor | None = None
    """`[D]`: the same for keys."""


@dataclass(frozen=True, slots=True)
class Weights:
    """A whole model, ready to run. Holds no state of any conversation."""

    shape: Shape
    embed: Tensor
    """`[vocab, width]`."""
    layers: Sequence[Layer]
    norm: Tensor
    head: Linear

    @property
    def dtype(self) -> torch.dtype:
        return self.embed.dtype

    @property
    def device(self) -> torch.device:
        return self.embed.device


class Dense:
    """An ordinary linear map, with or without a bias."""

    __slots__ = ("bias", "weight")

    def __init__(self, weight: Tensor, bias: Tensor | None = None) -> None:
        self.weight, self.bias = weight, bias

    def __call__(self, x: Tensor) -> Tensor:
        return F.linear(x, self.weight, self.bias)

    def to(self, dtype: torch.dtype) -> Dense:
        """The same map with other numbers."""
        return Dense(self.weight.to(dtype), None if self.bias is None else self.bias.to(dtype))


def rms_norm(x: Tensor, weight: Tensor, eps: float) -> Tensor:
    """Root-mean-square norm over the last axis, computed in float32 (Zhang and Sennrich, 2019)."""
    h = x.float()
    return weight * (h * torch.rsqrt(h.square().mean(-1, keepdim=True) + eps)).to(x.dtype)


def run_layers(
    weights: Weights,
    layers: range,
    x: Tensor,
    angles: Tensor,
    attend: Attend,
    tap: Callable[[int, Tensor], None] | None = None,
) -> Tensor:
    """The residual stream `[B, T, width]` through some layers.

    `angles` are `place_angles` of the tokens, `[T, D/2]` or `[B, 1, T, D/2]`. `tap` sees each layer's normed input.
    """
    shape = weights.shape
    cos, sin = angles.cos().to(x), angles.sin().to(x)
    for i in layers:
        layer = weights.layers[i]
        h = rms_norm(x, layer.attention_norm, shape.norm_eps)
        if tap is not None:
            tap(i, h)
        q, k, v = layer_heads(layer, layer.qkv(h), shape)
        attended = attend(i, turn_by(q, cos, sin), turn_by(k, cos, sin), v)
        x = x + layer.out(attended.transpose(1, 2).flatten(2))
        gate, up = layer.gate_up(rms_norm(x, layer.ffn_norm, shape.norm_eps)).chunk(2, dim=-1)
        x = x + layer.down(F.silu(gate) * up)
    return x


def forward(weights: Weights, x: Tensor, angles: Tensor, attend: Attend) -> Tensor:
    """Embedded tokens `[B, T, width]` through all layers -> normed hidden states `[B, T, width]`."""
    x = run_layers(weights, range(weights.shape.layers), x, angles, attend)
    return rms_norm(x, weights.norm, weights.shape.norm_eps)


def layer_heads(layer: Layer, qkv: Tensor, shape: Shape) -> tuple[Tensor, Tensor, Tensor]:
    """As `split_heads`; queries and keys are normed in each head where the layer does so. Not yet turned."""
    q, k, v = split_heads(qkv, shape)
    if layer.q_norm is not None and layer.k_norm is not None:
        q, k = rms_norm(q, layer.q_norm, shape.norm_eps), rms_norm(k, layer.k_norm, shape.norm_eps)
    return q, k, v


def split_heads(qkv: Tensor, shape: Shape) -> tuple[Tensor, Tensor, Tensor]:
    """Fused projections `[B, T, (H + 2 KV) D]` -> q `[B, H, T, D]`, k and v `[B, KV, T, D]`."""
    heads = qkv.unflatten(-1, (shape.heads + 2 * shape.kv_heads, shape.head_dim)).transpose(1, 2)
    q, k, v = heads.split([shape.heads, shape.kv_heads, shape.kv_heads], dim=1)
    return q, k, v


def causal(layer: int, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    """Attention of a whole sequence to itself: the `Attend` of the plain model without a cache."""
    return F.scaled_dot_product_attention(q, k, v, is_causal=True, enable_gqa=True)
