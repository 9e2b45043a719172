"""A day and all questions about it through the model in one pass, with gradients through both.

Percepts and questions run as one long row through the linear maps; only attention takes them apart. Below the first
site nobody reads: there the selector scores the percepts for each question. Then the percepts that are not read leave,
and the questions read the others. After the last site the percepts have done their work.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from dialog.model.adapter import Adapter
from dialog.model.decoder import Layer, Weights, layer_heads, rms_norm
from dialog.model.encode import LEAD
from dialog.model.load import Host
from dialog.model.rotary import place_angles, turn_by
from dialog.training.corpus import Batch, Row

PART = 4
"""Questions that are padded to one length."""

READ_TOKENS = 400
"""State tokens read by a day's questions together, about; the rest is left to the selector."""


@dataclass(frozen=True, slots=True)
class Block:
    """Sequences of one padded length, one after another in the long row."""

    start: int
    count: int
    length: int
    real: tuple[int, ...] = ()
    """Tokens of each sequence without padding, where the block holds percepts."""

    @property
    def end(self) -> int:
        return self.start + self.count * self.length


@dataclass(frozen=True, slots=True)
class Lines:
    """Percepts in the long row."""

    blocks: list[Block]
    ids: list[int]
    place: list[int]
    """Position of each token, from the start of its line (the lead has -1)."""
    tokens: Tensor
    """`[M]`: where each state token stands in the row, percept after percept."""
    owner: Tensor
    """`[M]`: the percept of each."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Questions in the long row, in parts of one length. Indices are from the start of the questions."""

    blocks: list[Block]
    ids: list[int]
    place: list[int]
    prompt: Tensor
    """`[P]`: where the tokens of the prompts stand."""
    of: Tensor
    """`[P]`: the question of each."""
    wanted: Tensor
    """`[A]`: where an answer's token is to be predicted."""
    labels: Tensor
    """`[A]`: that token."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a pass gives."""

    logits: Tensor
    """`[A, vocab]`."""
    labels: Tensor
    """`[A]`."""
    select: Tensor
    """Mean loss of the selector over the questions that rest on percepts, a scalar."""
    read: Tensor
    """Indices of the percepts that were read."""
    found: float
    """Share of needed percepts among the first 24 of the selector."""


def pack_lines(lines: Sequence[list[int]], lead: list[int]) -> Lines:
    """Lay out percepts, those of similar length together."""
    order = sorted(range(len(lines)), key=lambda i: len(lines[i]))
    blocks: list[Block] = []
    ids: list[int] = []
    place: list[int] = []
    at: dict[int, int] = {}
    first = 0
    while first < len(order):
        shortest = len(lines[order[first]])
        last = first
        while last < len(order) and len(lines[order[last]]) <= 1.25 * shortest + 2:
            last += 1
        length = len(lead) + len(lines[order[last - 1]])
        real = tuple(len(lead) + len(lines[i]) for i in order[first:last])
        blocks.append(Block(len(ids), last - first, length, real))
        for i in order[first:last]:
            row = lead + lines[i]
            at[i] = len(ids) + len(lead)
            ids += row + [0] * (length - len(row))
            place += range(-len(lead), length - len(lead))
        first = last
    tokens = [at[i] + j for i in range(len(lines)) for j in range(len(lines[i]))]
    owner = [i for i in range(len(lines)) for _ in lines[i]]
    return Lines(blocks, ids, place, torch.tensor(tokens, dtype=torch.long), torch.tensor(owner, dtype=torch.long))


def pack_rows(rows: Sequence[Row]) -> Asked:
    """Lay out questions and answers."""
    blocks: list[Block] = []
    ids: list[int] = []
    place: list[int] = []
    prompt: list[int] = []
    of: list[int] = []
    wanted: list[int] = []
    labels: list[int] = []
    for first in range(0, len(rows), PART):
        part = rows[first : first + PART]
        length = max(map(len, part))
        blocks.append(Block(len(ids), len(part), length))
        for n, row in enumerate(part, first):
            start, asking = len(ids), len(row.prompt)
            prompt += range(start, start + asking)
            of += [n] * asking
            wanted += range(start + asking - 1, start + len(row) - 1)
            labels += row.answer
            ids += row.prompt + row.answer + [0] * (length - len(row))
            place += range(length)
    long = [torch.tensor(values, dtype=torch.long) for values in (prompt, of, wanted, labels)]
    return Asked(blocks, ids, place, *long)


class Pass:
    """One pass over one day."""

    def __init__(self, host: Host, reading: Weights, adapter: Adapter, batch: Batch, gap: int) -> None:
        """`reading` is `adapter.reading(host.weights)`; `gap` positions lie between the last percept and a question."""
        self.host, self.weights, self.adapter, self.batch, self.gap = host, reading, adapter, batch, gap
        self.device = host.weights.device
        self.lead = host.encode(LEAD)
        self.asked = pack_rows(batch.rows)

    def run(self) -> Outcome:
        """Through all layers."""
        weights, shape, sites = self.weights, self.weights.shape, self.adapter.shape.sites
        lines = pack_lines(self.batch.lines, self.lead)
        ids = torch.tensor(lines.ids + self.asked.ids, device=self.device)
        x = F.embedding(ids, self.host.weights.embed)
        turned = self._angles(lines.place, self.asked.place)
        for i in range(sites.start):
            x = self._layer(i, x, turned, lines, None)
        h = rms_norm(x, weights.layers[sites.start].attention_norm, shape.norm_eps)
        select, read, found = self._select(h, lines)
        if len(read) < len(self.batch.lines):
            x, lines = self._only(x, lines, read)
        starts = torch.zeros(len(read) + 1, dtype=torch.long)
        starts[1:] = torch.tensor([len(self.batch.lines[i]) for i in read.tolist()], dtype=torch.long).cumsum(0)
        place = torch.tensor(lines.place, dtype=torch.long)
        for block, base in self._bases(lines, starts):
            place[block] += base
        end = int(starts[-1]) + self.gap
        turned = self._angles(place.tolist(), [end + p for p in self.asked.place])
        state = lines.tokens.to(self.device)
        for i in sites:
            x = self._layer(i, x, turned, lines, state)
        x = x[len(lines.ids) :]
        none = Lines([], [], [], lines.tokens[:0], lines.owner[:0])
        turned = self._angles([], [end + p for p in self.asked.place])
        for i in range(sites.stop, shape.layers):
            x = self._layer(i, x, turned, none, None)
        hidden = rms_norm(x[self.asked.wanted.to(self.device)], weights.norm, shape.norm_eps)
        return Outcome(weights.head(hidden), self.asked.labels.to(self.device), select, read, found)

    def _angles(self, lines: list[int], asked: list[int]) -> tuple[Tensor, Tensor]:
        shape = self.weights.shape
        angles = place_angles(torch.tensor(lines + asked), shape.head_dim, shape.rope_theta).to(self.device)
        return angles.cos().to(self.host.weights.dtype), angles.sin().to(self.host.weights.dtype)

    @staticmethod
    def _bases(lines: Lines, starts: Tensor) -> list[tuple[slice, int]]:
        """Each percept's stretch of the row, and the position at which it begins."""
        stretch: dict[int, tuple[int, int]] = {}
        for token, owner in zip(lines.tokens.tolist(), lines.owner.tolist(), strict=True):
            first, _ = stretch.get(owner, (token, token))
            stretch[owner] = (first, token)
        return [(slice(first - 1, last + 1), int(starts[owner])) for owner, (first, last) in stretch.items()]

    def _only(self, x: Tensor, lines: Lines, read: Tensor) -> tuple[Tensor, Lines]:
        """Let the percepts go that are not read."""
        kept = pack_lines([self.batch.lines[i] for i in read.tolist()], self.lead)
        # Where each token of the new layout stood in the old one; paddings repeat the first token of their line.
        old_first = {int(o): int(t) for t, o in zip(lines.tokens.flip(0), lines.owner.flip(0), strict=True)}
        source = torch.zeros(len(kept.ids), dtype=torch.long)
        lead = len(self.lead)
        for token, owner in zip(kept.tokens.tolist(), kept.owner.tolist(), strict=True):
            source[token] = old_first[int(read[owner])] + kept.place[token]
            if kept.place[token] == 0:
                first = old_first[int(read[owner])]
                source[token - lead : token] = torch.arange(first - lead, first)
        rest = torch.arange(len(lines.ids), len(x))
        return x[torch.cat([source, rest]).to(x.device)], kept

    def _select(self, h: Tensor, lines: Lines) -> tuple[Tensor, Tensor, float]:
        """The selector's loss, the percepts that are to be read, and how well it found those that are needed."""
        n, rows = len(self.batch.lines), self.batch.rows
        if n == 0:
            return h.sum() * 0, torch.zeros(0, dtype=torch.long), 1.0
        selector = self.adapter.selector
        keys = selector.keys(h[lines.tokens.to(self.device)])
        prompt = h[len(lines.ids) :][self.asked.prompt.to(self.device)]
        scores = selector.scores(prompt, self.asked.of.to(self.device), len(rows), keys, lines.owner.to(self.device), n)
        losses, needed, found = [], set(), []
        for row, score in zip(rows, scores, strict=True):
            rests_on = sorted(set(row.asked.evidence))
            needed.update(rests_on)
            if rests_on and n > 1:
                others = torch.ones(n, dtype=torch.bool, device=score.device)
                others[rests_on] = False
                low = torch.logsumexp(score[others], 0) if bool(others.any()) else score.new_tensor(-torch.inf)
                losses.append((torch.logaddexp(score[rests_on], low) - score[rests_on]).mean())
                best = set(score.topk(min(24, n)).indices.tolist())
                found.append(len(best & set(rests_on)) / len(rests_on))
        loss = torch.stack(losses).mean() if losses else h.sum() * 0
        read = self._reading(scores.detach(), needed)
        return loss, read, sum(found) / len(found) if found else 1.0

    def _reading(self, scores: Tensor, needed: set[int]) -> Tensor:
        """What the questions rest on and, best first in turn, what the selector likes, as far as there is room."""
        lengths = [len(line) for line in self.batch.lines]
        if sum(lengths) <= READ_TOKENS:
            return torch.arange(len(lengths))
        chosen = set(needed)
        room = READ_TOKENS - sum(lengths[i] for i in chosen)
        for column in scores.argsort(1, descending=True).T.tolist():
            for i in column:
                if i not in chosen and room >= lengths[i]:
                    chosen.add(i)
                    room -= lengths[i]
        return torch.tensor(sorted(chosen), dtype=torch.long)

    def _layer(self, i: int, x: Tensor, turned: tuple[Tensor, Tensor], lines: Lines, state: Tensor | None) -> Tensor:
        layer: Layer = self.weights.layers[i]
        shape = self.weights.shape
        h = rms_norm(x, layer.attention_norm, shape.norm_eps)
        q, k, v = (t[0] for t in layer_heads(layer, layer.qkv(h)[None], shape))
        q, k = turn_by(q, *turned), turn_by(k, *turned)
        q = q * shape.head_dim**-0.5
        both_ways = i in self.adapter.shape.sites
        parts = [_own(q, k, v, block, both_ways) for block in lines.blocks]
        cut = len(lines.ids)
        theirs = None if state is None or not len(state) else (k[:, state], v[:, state])
        parts.append(_joint(q[:, cut:], k[:, cut:], v[:, cut:], self.asked.blocks, theirs))
        x = x + layer.out(torch.cat(parts))
        gate, up = layer.gate_up(rms_norm(x, layer.ffn_norm, shape.norm_eps)).chunk(2, dim=-1)
        return x + layer.down(F.silu(gate) * up)


def _scores(q: Tensor, k: Tensor, block: Block, both_ways: bool = False) -> Tensor:
    """Scores within sequences: q `[H, R, D]`, k `[KV, R, D]` -> `[count, KV, H/KV, T, T]`. Causal, or of all tokens of
    a percept with one another."""
    kv, count, steps = k.shape[0], block.count, block.length
    rows = slice(block.start, block.end)
    mine = q[:, rows].view(kv, -1, count, steps, q.shape[-1]).permute(2, 0, 1, 3, 4)
    keys = k[:, rows].view(kv, count, steps, -1).transpose(0, 1)
    scores = mine.reshape(count, kv, -1, q.shape[-1]) @ keys.transpose(-1, -2)
    scores = scores.view(count, kv, -1, steps, steps)
    if both_ways:
        padding = torch.arange(steps)[None] >= torch.tensor(block.real)[:, None]
        return scores.masked_fill(padding[:, None, None, None].to(q.device), -torch.inf)
    future = torch.ones(steps, steps, dtype=torch.bool, device=q.device).triu(1)
    return scores.masked_fill(future, -torch.inf)


def _sum_values(weights: Tensor, v: Tensor, block: Block) -> Tensor:
    """Weights `[count, KV, H/KV, T, T]` and v `[KV, R, D]` -> `[count, KV, H/KV, T, D]`."""
    kv, count, steps = v.shape[0], block.count, block.length
    values = v[:, block.start : block.end].view(kv, count, steps, -1).transpose(0, 1)
    out = weights.reshape(count, kv, -1, steps) @ values
    return out.view(count, kv, -1, steps, v.shape[-1])


def _own(q: Tensor, k: Tensor, v: Tensor, block: Block, both_ways: bool = False) -> Tensor:
    """Each sequence attends to itself: `[count * T, H * D]`."""
    weights = _scores(q, k, block, both_ways).softmax(-1, dtype=torch.float32).to(v.dtype)
    out = _sum_values(weights, v, block)
    return out.permute(0, 3, 1, 2, 4).reshape(block.count * block.length, -1)


def _joint(q: Tensor, k: Tensor, v: Tensor, blocks: list[Block], state: tuple[Tensor, Tensor] | None) -> Tensor:
    """Each question attends to itself and to the state, in one softmax: `[R, H * D]`.

    All questions ask the same state, so that part is one product per group of heads.
    """
    if state is None:
        return torch.cat([_own(q, k, v, block) for block in blocks])
    heads, rows, dim = q.shape
    kv = k.shape[0]
    keys, values = state
    theirs = (q.reshape(kv, -1, dim) @ keys.transpose(-1, -2)).view(kv, heads // kv, rows, -1)
    widest = max(block.length for block in blocks)
    own = []
    for block in blocks:
        scores = F.pad(_scores(q, k, block), (0, widest - block.length), value=-torch.inf)
        own.append(scores.permute(1, 2, 0, 3, 4).reshape(kv, heads // kv, -1, widest))
    whole = torch.cat([theirs, torch.cat(own, dim=2)], dim=-1).softmax(-1, dtype=torch.float32).to(v.dtype)
    read, rest = whole.split([keys.shape[1], widest], dim=-1)
    out = (read.reshape(kv, -1, keys.shape[1]) @ values).view(kv, heads // kv, rows, dim)
    mine = []
    for block in blocks:
        share = rest[:, :, block.start : block.end, : block.length]
        share = share.unflatten(2, (block.count, block.length)).permute(2, 0, 1, 3, 4)
        mine.append(_sum_values(share, v, block).permute(1, 2, 0, 3, 4).reshape(kv, heads // kv, -1, dim))
    out = out + torch.cat(mine, dim=2)
    return out.permute(2, 0, 1, 3).reshape(rows, heads * dim)
