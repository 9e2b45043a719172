"""Percepts into keys and values: each line is run once, alone, through the reading model, when it arrives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from dialog.model.adapter import Adapter
from dialog.model.decoder import Weights, causal, run_layers
from dialog.model.load import Host
from dialog.model.rotary import place_angles

MAX_LINE_TOKENS = 96
"""A longer line is cut."""

LEAD = "\n"
"""Read before each line and then dropped: a model's first token becomes a sink whose content is lost, and a line begins
with a clock time that must be read digit by digit."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """Percepts as the sites see them, M tokens in all, percept after percept."""

    keys: Tensor
    """`[sites, KV, M, D]`, turned to their places within their lines."""
    values: Tensor
    """`[sites, KV, M, D]`."""
    vectors: Tensor
    """`[M, selector_dim]`, what the selector compares."""
    lengths: tuple[int, ...]
    """Tokens of each percept."""


def line_tokens(host: Host, line: str) -> list[int]:
    """Token ids of a percept's line, cut to `MAX_LINE_TOKENS`; marks in it lose their meaning."""
    return host.encode(line.replace("<|", "< |"))[:MAX_LINE_TOKENS] or host.encode(LEAD)


def encode_lines(host: Host, reading: Weights, adapter: Adapter, lines: Sequence[list[int]]) -> Encoded:
    """Run lines (token ids) through `reading` (the host with the adapter's updates merged), each alone.

    Methods: keys and values of separately encoded passages as in Block-Attention (Sun et al., 2024).
    """
    with torch.inference_mode():
        lead = host.encode(LEAD)
        found: dict[int, Encoded] = {}
        for group in _groups([len(line) for line in lines]):
            found.update(zip(group, _encode(reading, adapter, lead, [lines[i] for i in group]), strict=True))
        parts = [found[i] for i in range(len(lines))]
        return Encoded(
            torch.cat([part.keys for part in parts], dim=2),
            torch.cat([part.values for part in parts], dim=2),
            torch.cat([part.vectors for part in parts]),
            tuple(len(line) for line in lines),
        )


def _groups(lengths: Sequence[int]) -> list[list[int]]:
    """Indices of lines in groups of similar length, so that little is padded."""
    groups: list[list[int]] = []
    for i in sorted(range(len(lengths)), key=lambda i: -lengths[i]):
        if groups and lengths[i] >= 0.75 * lengths[groups[-1][0]]:
            groups[-1].append(i)
        else:
            groups.append([i])
    return groups


def _encode(weights: Weights, adapter: Adapter, lead: list[int], lines: Sequence[list[int]]) -> list[Encoded]:
    """Lines of similar length, as one padded batch."""
    shape, sites, device = weights.shape, adapter.shape.sites, weights.device
    longest, skip = max(map(len, lines)), len(lead)
    ids = torch.tensor([lead + line + [0] * (longest - len(line)) for line in lines], device=device)
    angles = place_angles(torch.arange(-skip, longest), shape.head_dim, shape.rope_theta).to(device)
    keys: list[Tensor] = []
    values: list[Tensor] = []
    vectors: list[Tensor] = []

    lengths = torch.tensor([skip + len(line) for line in lines])
    present = (torch.arange(skip + longest)[None] < lengths[:, None])[:, None, None].to(device)

    def attend(layer: int, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        if layer not in sites:
            return causal(layer, q, k, v)
        keys.append(k[:, :, skip:])
        values.append(v[:, :, skip:])
        # Where it will be read, a line's tokens see the whole line: the time at its beginning knows what happened then.
        return F.scaled_dot_product_attention(q, k, v, attn_mask=present, enable_gqa=True)

    def tap(layer: int, h: Tensor) -> None:
        if layer == sites.start:
            vectors.append(adapter.selector.keys(h[:, skip:]))

    run_layers(weights, range(sites.stop), F.embedding(ids, weights.embed), angles, attend, tap)
    k, v = torch.stack(keys, dim=1), torch.stack(values, dim=1)
    return [
        Encoded(k[n, :, :, : len(line)], v[n, :, :, : len(line)], vectors[0][n, : len(line)], (len(line),))
        for n, line in enumerate(lines)
    ]
