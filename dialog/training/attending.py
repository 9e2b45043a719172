"""Attention of one layer over the long row, with its gradient written out by hand.

Autograd takes slices, parts and joins apart one by one, each with a zeroed tensor of the whole row and a sum over it:
on a CPU that took longer than the products. Here keys and values of what a sequence sees stand side by side, so that
each block is two products and one softmax, and the gradients are added into one tensor each.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

from dialog.training.packing import Block


@dataclass(frozen=True, slots=True)
class Reading:
    """What questions read of the state: all the same tokens, and a spotlight each."""

    tokens: Tensor
    """`[S]`: where the state tokens stand in the row."""
    spots: Tensor
    """`[Q, P]`: the same of those in each question's spotlight, padded."""
    cos: Tensor
    """`[Q * P, D / 2]`: of their places there, as `sin`."""
    sin: Tensor


@dataclass(frozen=True, slots=True)
class Seeing:
    """A block of the row and what its sequences see."""

    start: int
    """Where it begins in the row."""
    count: int
    length: int
    mask: Tensor
    """`[count or 1, length or 1, N]`: 0 where a token sees, -inf where not. N counts the state, the spotlight (if it
    reads) and the sequence itself."""
    first: int = -1
    """Its first question among all, if it reads."""

    @property
    def rows(self) -> slice:
        return slice(self.start, self.start + self.count * self.length)


@dataclass(frozen=True, slots=True)
class Plan:
    """All blocks of the row, in order."""

    blocks: tuple[Seeing, ...]
    reading: Reading | None = None


def seeing_itself(blocks: Sequence[Block], start: int, like: Tensor, both_ways: bool) -> Iterator[Seeing]:
    """Blocks whose sequences see themselves alone: what is before each token, or of percepts all real tokens.

    `start` is where the first block begins in the row, `like` gives type and device of the masks.
    """
    for block in blocks:
        if both_ways:
            hidden = torch.arange(block.length)[None] >= torch.tensor(block.real)[:, None]
            hidden = hidden[:, None]
        else:
            hidden = torch.ones(block.length, block.length, dtype=torch.bool).triu(1)[None]
        yield Seeing(start + block.start, block.count, block.length, _mask(hidden, like))


def seeing_state(blocks: Sequence[Block], start: int, hidden: Tensor, like: Tensor) -> Iterator[Seeing]:
    """Blocks of questions that also read: `hidden` `[Q, S + P]` tells what each of them must not see."""
    first = 0
    for block in blocks:
        own = torch.ones(block.length, block.length, dtype=torch.bool).triu(1)[None].expand(block.count, -1, -1)
        theirs = hidden[first : first + block.count, None].expand(-1, block.length, -1)
        mask = _mask(torch.cat([theirs, own], 2), like)
        yield Seeing(start + block.start, block.count, block.length, mask, first)
        first += block.count


def _mask(hidden: Tensor, like: Tensor) -> Tensor:
    return torch.zeros(hidden.shape, dtype=like.dtype).masked_fill(hidden, -torch.inf).to(like.device)


def attend(q: Tensor, k: Tensor, v: Tensor, bare: Tensor, plan: Plan) -> Tensor:
    """q `[H, R, D]`, already scaled; k and v `[KV, R, D]`; bare: k before its rotation -> `[R, H * D]`."""
    out: Tensor = _Attend.apply(q, k, v, bare, plan)
    return out


class _Attend(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, q: Tensor, k: Tensor, v: Tensor, bare: Tensor, plan: Plan) -> Tensor:
        out = q.new_empty(q.shape[1], q.shape[0] * q.shape[2])
        state = _read(k, v, bare, plan.reading)
        kept = [q, k, v, bare]
        for block in plan.blocks:
            asks, keys, values = _of_block(q, k, v, state, block)
            scores = asks @ keys.mT
            _by_sequence(scores, block, k.shape[0]).add_(block.mask[None, :, None])
            weights = scores.softmax(-1)
            out[block.rows] = _rows(weights @ values, block, k.shape[0])
            kept.append(weights)
        ctx.save_for_backward(*kept)
        ctx.plan = plan
        return out

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor, None]:
        q, k, v, bare, *kept = ctx.saved_tensors
        plan: Plan = ctx.plan
        of_q, of_k, of_v = torch.empty_like(q), torch.zeros_like(k), torch.zeros_like(v)
        state = _read(k, v, bare, plan.reading)
        of_state = None if state is None else [torch.zeros_like(t) for t in state]
        kv, dim = k.shape[0], k.shape[2]
        for block, weights in zip(plan.blocks, kept, strict=True):
            asks, keys, values = _of_block(q, k, v, state, block)
            given = grad[block.rows].view(block.count, block.length, kv, -1, dim).permute(2, 0, 3, 1, 4)
            given = given.reshape(kv * block.count, -1, dim)
            of_values = weights.mT @ given
            of_scores = torch._softmax_backward_data(given @ values.mT, weights, -1, weights.dtype)
            of_asks = (of_scores @ keys).view(kv, block.count, -1, block.length, dim)
            of_q[:, block.rows].view(kv, -1, block.count, block.length, dim).copy_(of_asks.transpose(1, 2))
            of_keys = of_scores.mT @ asks
            for total, part, at in ((of_k, of_keys, 0), (of_v, of_values, 1)):
                part = part.view(kv, block.count, -1, dim)
                own = part[:, :, -block.length :]
                total[:, block.rows].view(own.shape).add_(own)
                if of_state is not None and block.first >= 0:
                    _add_read(of_state[at], of_state[2 + at], part, block)
        of_bare = _unread(plan.reading, of_state, of_k, of_v, bare)
        return of_q, of_k, of_v, of_bare, None


def _of_block(
    q: Tensor, k: Tensor, v: Tensor, state: Sequence[Tensor] | None, block: Seeing
) -> tuple[Tensor, Tensor, Tensor]:
    """What a block asks `[KV * count, H/KV * length, D]`, and what its sequences see, keys and values
    `[KV * count, N, D]`."""
    kv, dim = k.shape[0], k.shape[2]
    asks = q[:, block.rows].view(kv, -1, block.count, block.length, dim).transpose(1, 2)
    seen = []
    for at, own in enumerate((k, v)):
        mine = own[:, block.rows].view(kv, block.count, block.length, dim)
        if state is not None and block.first >= 0:
            common, spots = state[at], state[2 + at][:, block.first : block.first + block.count]
            mine = torch.cat([common[:, None].expand(-1, block.count, -1, -1), spots, mine], 2)
        seen.append(mine.reshape(kv * block.count, -1, dim))
    return asks.reshape(kv * block.count, -1, dim), seen[0], seen[1]


def _by_sequence(scores: Tensor, block: Seeing, kv: int) -> Tensor:
    """`[KV * count, H/KV * length, N]` -> a view `[KV, count, H/KV, length, N]`."""
    return scores.view(kv, block.count, -1, block.length, scores.shape[-1])


def _rows(answers: Tensor, block: Seeing, kv: int) -> Tensor:
    """`[KV * count, H/KV * length, D]` -> `[count * length, H * D]`."""
    apart = _by_sequence(answers, block, kv).permute(1, 3, 0, 2, 4)
    return apart.reshape(block.count * block.length, -1)


def _read(k: Tensor, v: Tensor, bare: Tensor, reading: Reading | None) -> list[Tensor] | None:
    """Keys and values of the state `[KV, S, D]`, keys and values of the spotlights `[KV, Q, P, D]`."""
    if reading is None:
        return None
    flat = reading.spots.flatten()
    again = turned(bare[:, flat], reading.cos, reading.sin)
    spots = [t.unflatten(1, reading.spots.shape) for t in (again, v[:, flat])]
    return [k[:, reading.tokens], v[:, reading.tokens], *spots]


def _add_read(of_common: Tensor, of_spots: Tensor, part: Tensor, block: Seeing) -> None:
    """Add a block's gradients `[KV, count, N, D]` to those of the state and of the spotlights."""
    read = of_common.shape[1]
    of_common.add_(part[:, :, :read].sum(1))
    of_spots[:, block.first : block.first + block.count] = part[:, :, read : read + of_spots.shape[2]]


def _unread(reading: Reading | None, of_state: list[Tensor] | None, of_k: Tensor, of_v: Tensor, bare: Tensor) -> Tensor:
    """Add what was read to the gradients of where it stands in the row; give the gradient of `bare`."""
    of_bare = torch.zeros_like(bare)
    if reading is None or of_state is None:
        return of_bare
    of_k.index_add_(1, reading.tokens, of_state[0])
    of_v.index_add_(1, reading.tokens, of_state[1])
    flat = reading.spots.flatten()
    of_bare.index_add_(1, flat, turned(of_state[2].flatten(1, 2), reading.cos, -reading.sin))
    of_v.index_add_(1, flat, of_state[3].flatten(1, 2))
    return of_bare


def turned(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """x `[..., D]` rotated by the angles with that cosine and sine `[..., D / 2]`."""
    first, second = x.chunk(2, dim=-1)
    out = torch.empty(x.shape, dtype=x.dtype, device=x.device)
    left, right = out.chunk(2, dim=-1)
    torch.mul(first, cos, out=left)
    left.addcmul_(second, sin, value=-1)
    torch.mul(second, cos, out=right)
    right.addcmul_(first, sin)
    return out
