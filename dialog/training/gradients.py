"""Steps of the forward pass with gradients written out by hand.

Autograd keeps and copies a tensor for every small step of a norm or a rotation. On a CPU products were little more than
a quarter of the time of a training step; written out, each of these reads and writes its tensors as seldom as it can.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor
from torch.autograd.function import once_differentiable

from dialog.model.adapter import MAPS, Adapter
from dialog.model.decoder import Weights
from dialog.training.attending import turned


class _Norm(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, weight: Tensor, eps: float) -> Tensor:
        h = x.float()
        scale = torch.rsqrt((h * h).mean(-1, keepdim=True) + eps)
        normed = (h * scale).to(x.dtype)
        ctx.save_for_backward(normed, scale, weight)
        return normed * weight

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor, None, None]:
        normed, scale, weight = ctx.saved_tensors
        own = (grad * weight).float()
        along = (own * normed).mean(-1, keepdim=True)
        return own.sub_(normed * along).mul_(scale).to(grad.dtype), None, None


def rms_norm(x: Tensor, weight: Tensor, eps: float) -> Tensor:
    """As `dialog.model.decoder.rms_norm`; the weight gets no gradient."""
    normed: Tensor = _Norm.apply(x, weight, eps)
    return normed


class _Swiglu(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, both: Tensor) -> Tensor:
        ctx.save_for_backward(both)
        gate, up = both.chunk(2, dim=-1)
        return F.silu(gate).mul_(up)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad: Tensor) -> Tensor:
        (both,) = ctx.saved_tensors
        gate, up = both.chunk(2, dim=-1)
        out = torch.empty_like(both)
        of_gate, of_up = out.chunk(2, dim=-1)
        share = torch.sigmoid(gate)
        silu = gate * share
        torch.mul(grad, silu, out=of_up)
        # The derivative of x s(x) is s(x) + x s(x) (1 - s(x)).
        slope = share.addcmul_(silu, 1 - share)
        torch.mul(grad, up, out=of_gate)
        of_gate.mul_(slope)
        return out


def swiglu(both: Tensor) -> Tensor:
    """`[..., 2 N]`, gate and value side by side -> `silu(gate) * value` `[..., N]`."""
    out: Tensor = _Swiglu.apply(both)
    return out


class _Turn(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
        ctx.save_for_backward(cos, sin)
        return turned(x, cos, sin)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor, None, None]:
        cos, sin = ctx.saved_tensors
        return turned(grad, cos, -sin), None, None


def turn_by(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """As `dialog.model.rotary.turn_by`; the angles get no gradient."""
    out: Tensor = _Turn.apply(x, cos, sin)
    return out


class _Losses(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, logits: Tensor, labels: Tensor) -> Tensor:
        exact = logits.float()
        total = exact.logsumexp(-1, keepdim=True)
        ctx.save_for_backward(logits, labels, total)
        return (total - exact.gather(1, labels[:, None]))[:, 0]

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor, None]:
        logits, labels, total = ctx.saved_tensors
        out = (logits.float() - total).exp_().mul_(grad[:, None])
        out.scatter_add_(1, labels[:, None], -grad[:, None])
        return out.to(logits.dtype), None


def token_losses(logits: Tensor, labels: Tensor) -> Tensor:
    """Cross entropy of each token, nats: logits `[A, vocab]`, labels `[A]` -> `[A]`."""
    losses: Tensor = _Losses.apply(logits, labels)
    return losses


class _Low(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, whole: Tensor, bias: Tensor | None, a: Tensor, b: Tensor) -> Tensor:
        ctx.save_for_backward(x, whole, a, b)
        return F.linear(x, whole, bias)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor | None, None, None, Tensor, Tensor]:
        x, whole, a, b = ctx.saved_tensors
        rows, given = grad.flatten(0, -2), x.flatten(0, -2)
        below = grad @ whole if ctx.needs_input_grad[0] else None
        of_b = rows.T @ F.linear(given, a.to(x.dtype))
        of_a = (rows @ b.to(x.dtype)).T @ given
        return below, None, None, 2 * of_a.to(a.dtype), 2 * of_b.to(b.dtype)


class Learning:
    """A linear map with its low-rank update folded in, through which the update learns: one product instead of three.

    What is computed is what the runtime computes, rounding of the folded weights included.
    """

    __slots__ = ("a", "b", "bias", "whole")

    def __init__(self, whole: Tensor, bias: Tensor | None, a: Tensor, b: Tensor) -> None:
        self.whole, self.bias, self.a, self.b = whole, bias, a, b

    def __call__(self, x: Tensor) -> Tensor:
        out: Tensor = _Low.apply(x, self.whole, self.bias, self.a, self.b)
        return out


def learning(adapter: Adapter, host: Weights, first: int = 0) -> Weights:
    """The host with the adapter's updates as they are now, for the passes up to the next step of the optimiser. Layers
    below `first` do not learn, and no gradient is computed there."""
    with torch.no_grad():
        merged = adapter.merged(host)
    layers = []
    for i, layer in enumerate(merged.layers):
        if i < first:
            layers.append(layer)
            continue
        maps: dict[str, Any] = {
            name: Learning(
                getattr(layer, name).weight, getattr(layer, name).bias,
                adapter.update[f"{i}_{name}_a"], adapter.update[f"{i}_{name}_b"],
            )
            for name in MAPS
        }  # fmt: skip
        layers.append(replace(layer, **maps))
    return replace(merged, layers=layers)
