"""Percepts into keys and values: each line is run once, alone, through the frozen host, when it arrives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from dialog.model.adapter import summarise
from dialog.model.decoder import Weights, forward
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
    """`[layers, KV, M, D]`, turned to their positions."""
    values: Tensor
    """`[layers, KV, M, D]`."""
    summary: Tensor
    """`[N, 2 width]`, one per percept."""
    lengths: tuple[int, ...]
    """Tokens of each percept."""


def line_tokens(host: Host, line: str) -> list[int]:
    """Token ids of a percept's line, cut to `MAX_LINE_TOKENS`; marks in it lose their meaning."""
    return host.encode(line.replace("<|", "< |"))[:MAX_LINE_TOKENS] or host.encode(LEAD)


def encode_lines(host: Host, lines: Sequence[list[int]], starts: Sequence[int], taps: tuple[int, int]) -> Encoded:
    """Run lines (token ids) through the frozen host, each alone; line n's first token has position `starts[n]`.

    Methods: keys and values of separately encoded passages as in Block-Attention (Sun et al., 2024).
    """
    with torch.no_grad():
        lead = host.encode(LEAD)
        found: dict[int, Encoded] = {}
        for group in _groups([len(line) for line in lines]):
            encoded = _encode(host.weights, lead, [lines[i] for i in group], [starts[i] for i in group], taps)
            found.update(zip(group, _apart(encoded), strict=True))
        parts = [found[i] for i in range(len(lines))]
        keys = torch.cat([part.keys for part in parts], dim=2)
        values = torch.cat([part.values for part in parts], dim=2)
        summary = torch.cat([part.summary for part in parts])
        return Encoded(keys, values, summary, tuple(len(line) for line in lines))


def _groups(lengths: Sequence[int]) -> list[list[int]]:
    """Indices of lines in groups of similar length, so that little is padded."""
    groups: list[list[int]] = []
    for i in sorted(range(len(lengths)), key=lambda i: -lengths[i]):
        if groups and lengths[i] >= 0.75 * lengths[groups[-1][0]]:
            groups[-1].append(i)
        else:
            groups.append([i])
    return groups


def _apart(encoded: Encoded) -> list[Encoded]:
    """One `Encoded` for each percept."""
    keys = encoded.keys.split(list(encoded.lengths), dim=2)
    values = encoded.values.split(list(encoded.lengths), dim=2)
    rows = zip(keys, values, encoded.summary, encoded.lengths, strict=True)
    return [Encoded(k, v, summary[None], (n,)) for k, v, summary, n in rows]


def _encode(
    weights: Weights, lead: list[int], lines: Sequence[list[int]], starts: Sequence[int], taps: tuple[int, int]
) -> Encoded:
    shape, device = weights.shape, weights.device
    lengths = torch.tensor([len(line) for line in lines])
    longest, skip = int(lengths.max()), len(lead)
    ids = torch.tensor([lead + line + [0] * (longest - len(line)) for line in lines], device=device)
    positions = torch.tensor(list(starts))[:, None] + torch.arange(-skip, longest)[None]
    angles = place_angles(positions, shape.head_dim, shape.rope_theta)[:, None].to(device)
    present = (torch.arange(longest)[None] < lengths[:, None]).to(device)
    keys: list[Tensor] = []
    values: list[Tensor] = []
    tapped: dict[int, Tensor] = {}

    def attend(layer: int, x: Tensor, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        keys.append(k[:, :, skip:].transpose(1, 2)[present].transpose(0, 1))
        values.append(v[:, :, skip:].transpose(1, 2)[present].transpose(0, 1))
        return F.scaled_dot_product_attention(q, k, v, is_causal=True, enable_gqa=True)

    def tap(layer: int, x: Tensor) -> None:
        if layer in taps:
            tapped[layer] = x[:, skip:]

    forward(weights, F.embedding(ids, weights.embed), angles, attend, tap)
    summary = summarise(tapped[taps[0]], tapped[taps[1]], lengths.to(device), shape.norm_eps)
    return Encoded(torch.stack(keys), torch.stack(values), summary, tuple(len(line) for line in lines))
