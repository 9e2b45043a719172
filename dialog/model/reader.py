"""Gated cross-attention to the rolling state, inside the host's own attention.

A site's query meets two sets of keys: the conversation's own (self) and the state's (cross). One softmax over both is

    out = g * cross + (1 - g) * self,    g = sigmoid(lse_cross + b - lse_self)

with `cross` and `self` the two ordinary attentions and `lse` the log-sum-exp of their scores: a gate that opens as
much as the state has to say, with a learned bias `b` per head. `b = -inf`, or an empty state, closes it.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True, slots=True)
class Cross:
    """What a site reads of the state. A key has two parts: the token's own, and that of its percept."""

    keys: Tensor
    """`[KV, M, D + P]`."""
    values: Tensor
    """`[KV, M, D]`."""
    mask: Tensor
    """`[M]` or `[B, M]`, added to the scores: 0 where a state token is, -inf where none is."""
    query: Tensor
    """`[B, H, T, P]`, the query for the percept part of the keys, scaled."""
    gate: Tensor
    """`[H]`, the bias b."""


@dataclass(frozen=True, slots=True)
class Attended:
    """A site's output `[B, H, T, D]`, and for the record its gates g `[B, H, T]` and what each state token has of them,
    `[B, H, T, M]` (None without a state)."""

    out: Tensor
    gate: Tensor | None = None
    cross: Tensor | None = None


def attend_both(q: Tensor, k: Tensor, v: Tensor, self_mask: Tensor | None, cross: Cross | None) -> Attended:
    """q `[B, H, T, D]`, k and v `[B, KV, S, D]`, `self_mask` `[T, S]` added to the scores (None: all visible).

    Scores and softmax are float32 whatever the inputs are.
    """
    batch, heads, steps, dim = q.shape
    groups = k.shape[1]
    q = q * dim**-0.5
    by_group = q.reshape(batch, groups, -1, dim)
    own = (by_group @ k.transpose(-1, -2)).view(batch, heads, steps, -1).float()
    if self_mask is not None:
        own = own + self_mask
    if cross is None:
        weights = own.softmax(-1).to(v.dtype)
        return Attended((weights.view(batch, groups, -1, own.shape[-1]) @ v).view_as(q))
    query = torch.cat([q, cross.query.to(q.dtype)], dim=-1)
    # All of a batch asks the same state: one product per group of heads.
    rows = query.view(batch, groups, -1, query.shape[-1]).transpose(0, 1).reshape(groups, -1, query.shape[-1])
    theirs = (rows @ cross.keys.transpose(-1, -2)).view(groups, batch, heads // groups, steps, -1)
    theirs = theirs.transpose(0, 1).reshape(batch, heads, steps, -1).float()
    mask = cross.mask if cross.mask.dim() == 1 else cross.mask[:, None, None, :]
    theirs = theirs + mask + cross.gate.float()[:, None, None]
    # The joint softmax is the gated sum above: g is the share of the whole that falls to the state.
    share = torch.cat([theirs, own], dim=-1).softmax(-1)
    share, rest = share.split([theirs.shape[-1], own.shape[-1]], dim=-1)
    from_own = rest.to(v.dtype).reshape(batch, groups, -1, own.shape[-1]) @ v
    columns = share.to(v.dtype).reshape(batch, groups, heads // groups * steps, -1).transpose(0, 1)
    from_theirs = columns.reshape(groups, -1, columns.shape[-1]) @ cross.values
    from_theirs = from_theirs.view(groups, batch, -1, dim).transpose(0, 1)
    return Attended((from_own + from_theirs).reshape(batch, heads, steps, dim), share.sum(-1), share)
