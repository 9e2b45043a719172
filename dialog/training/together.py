"""A day and all questions about it through the model in one pass, with gradients through both.

Percepts and questions run as one long row through the linear maps; only attention takes them apart. Below the first
site nobody reads: there the selector scores the percepts for each question. Then the percepts that are not read leave,
and the questions read the others. After the last site the percepts have done their work.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import zip_longest

import torch
import torch.nn.functional as F
from torch import Tensor

from dialog.model.adapter import Adapter
from dialog.model.decoder import Layer, Weights, layer_heads
from dialog.model.encode import LEAD
from dialog.model.limits import asked_limits
from dialog.model.load import Host
from dialog.model.memory import CLOCK, READ_TOKENS, SPOT_TOKENS, preference, spotlight
from dialog.model.rotary import place_angles
from dialog.model.span import asked_span
from dialog.training.attending import Plan, Reading, attend, seeing_itself, seeing_state
from dialog.training.corpus import Batch
from dialog.training.gradients import rms_norm, swiglu, turn_by
from dialog.training.packing import Lines, pack_lines, pack_rows

TOGETHER_TOKENS = 400
"""Up to so many state tokens, all questions about a day read all of it."""

UNION_TOKENS = 800
"""State tokens that stay in the row for a larger day, about. Of these each question reads what it would read of the
whole day when asked alone, so that it learns among the percepts that are hardest to tell apart."""


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


class Pass:
    """One pass over one day."""

    def __init__(self, host: Host, reading: Weights, adapter: Adapter, batch: Batch, gap: int) -> None:
        """`reading` is `adapter.reading(host.weights)` or `learning` of both; `gap` positions lie between the last
        percept and a question."""
        self.host, self.weights, self.adapter, self.batch, self.gap = host, reading, adapter, batch, gap
        self.device = host.weights.device
        self.lead = host.encode(LEAD)
        self.asked = pack_rows(batch.rows)
        self.spans = [asked_span(row.asked.text, batch.day.now, batch.day.now_ns) for row in batch.rows]

    def run(self) -> Outcome:
        """Through all layers."""
        weights, shape, sites = self.weights, self.weights.shape, self.adapter.shape.sites
        lines = pack_lines(self.batch.lines, self.lead)
        ids = torch.tensor(lines.ids + self.asked.ids, device=self.device)
        x = F.embedding(ids, self.host.weights.embed)
        turned = self._angles(lines.place, self.asked.place)
        plan = self._plan(lines, both_ways=False)
        for i in range(sites.start):
            x = self._layer(i, x, turned, plan)
        h = rms_norm(x, weights.layers[sites.start].attention_norm, shape.norm_eps)
        select, scores, found = self._select(h, lines)
        reads = self._reads(scores)
        read = reads.any(0).nonzero()[:, 0]
        if len(read) < len(self.batch.lines):
            x, lines = self._only(x, lines, read)
        starts = torch.zeros(len(read) + 1, dtype=torch.long)
        starts[1:] = torch.tensor([len(self.batch.lines[i]) for i in read.tolist()], dtype=torch.long).cumsum(0)
        place = torch.tensor(lines.place, dtype=torch.long)
        for block, base in self._bases(lines, starts):
            place[block] += base
        end = int(starts[-1]) + SPOT_TOKENS + self.gap
        turned = self._angles(place.tolist(), [end + p for p in self.asked.place])
        state = self._state(lines, reads[:, read], scores[:, read], end - self.gap)
        plan = self._plan(lines, both_ways=True, state=state)
        for i in sites:
            x = self._layer(i, x, turned, plan)
        x = x[len(lines.ids) :]
        none = Lines([], [], [], lines.tokens[:0], lines.owner[:0])
        turned = self._angles([], [end + p for p in self.asked.place])
        plan = self._plan(none, both_ways=False)
        for i in range(sites.stop, shape.layers):
            x = self._layer(i, x, turned, plan)
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

    def _state(self, lines: Lines, reads: Tensor, scores: Tensor, end: int) -> tuple[Reading, Tensor] | None:
        """What questions read of these lines, `reads` and `scores` being `[Q, n]`, and what each of them must not see
        of it `[Q, S + P]`; spotlights end at position `end`."""
        if not len(lines.tokens):
            return None
        first = dict(zip(lines.owner.flip(0).tolist(), lines.tokens.flip(0).tolist(), strict=True))
        length = torch.bincount(lines.owner).tolist()
        own: list[list[int]] = []
        for span, seen, score in zip(self.spans, reads, scores, strict=True):
            ranked = [i for i in score.argsort(descending=True, stable=True).tolist() if seen[i]]
            chosen = spotlight(ranked, length)
            if span is not None:
                chosen.sort()
            own.append([first[i] + j for i in chosen for j in range(length[i])])
        widest = max(map(len, own))
        # Padding stands before the real ones: the last of them is always at position `end - 1`.
        spots = torch.tensor([[0] * (widest - len(row)) + row for row in own], dtype=torch.long)
        cos, sin = self._angles(list(range(end - widest, end)) * len(own), [])
        unused = torch.arange(widest)[None] < widest - torch.tensor([len(row) for row in own])[:, None]
        hidden = torch.cat([~reads[:, lines.owner], unused], 1)
        return Reading(lines.tokens.to(self.device), spots.to(self.device), cos, sin), hidden

    def _plan(self, lines: Lines, both_ways: bool, state: tuple[Reading, Tensor] | None = None) -> Plan:
        """What percepts and questions see."""
        like, cut, blocks = self.host.weights.embed, len(lines.ids), self.asked.blocks
        theirs = seeing_itself(lines.blocks, 0, like, both_ways)
        if state is None:
            return Plan((*theirs, *seeing_itself(blocks, cut, like, both_ways=False)))
        reading, hidden = state
        return Plan((*theirs, *seeing_state(blocks, cut, hidden, like)), reading)

    def _select(self, h: Tensor, lines: Lines) -> tuple[Tensor, Tensor, float]:
        """The selector's loss, its scores `[Q, n]`, and how well it found those that are needed."""
        n, rows = len(self.batch.lines), self.batch.rows
        if n == 0:
            return h.sum() * 0, torch.zeros(len(rows), 0), 1.0
        selector = self.adapter.selector
        keys = selector.keys(h[lines.tokens.to(self.device)])
        prompt = h[len(lines.ids) :][self.asked.prompt.to(self.device)]
        scores = selector.scores(prompt, self.asked.of.to(self.device), len(rows), keys, lines.owner.to(self.device), n)
        losses, found = [], []
        for row, score in zip(rows, scores, strict=True):
            rests_on = sorted(set(row.asked.evidence))
            if rests_on and n > 1:
                others = torch.ones(n, dtype=torch.bool, device=score.device)
                others[rests_on] = False
                low = torch.logsumexp(score[others], 0) if bool(others.any()) else score.new_tensor(-torch.inf)
                losses.append((torch.logaddexp(score[rests_on], low) - score[rests_on]).mean())
                best = set(score.topk(min(24, n)).indices.tolist())
                found.append(len(best & set(rests_on)) / len(rests_on))
        loss = torch.stack(losses).mean() if losses else h.sum() * 0
        return loss, scores.detach().cpu(), sum(found) / len(found) if found else 1.0

    def _reads(self, scores: Tensor) -> Tensor:
        """The percepts that each question reads, `[Q, n]`: what it rests on, and what it prefers by the selector's
        scores `[Q, n]`, the questions taking turns until there is no room left."""
        rows, lengths = self.batch.rows, [len(line) for line in self.batch.lines]
        reads = torch.zeros(scores.shape, dtype=torch.bool)
        allowed = self._allowed()
        if sum(lengths) <= TOGETHER_TOKENS:
            return allowed
        union: set[int] = set()
        room, left = UNION_TOKENS, [READ_TOKENS] * len(rows)

        def take(asking: int, i: int, needed: bool = False) -> None:
            nonlocal room
            cost = 0 if i in union else lengths[i]
            if reads[asking, i] or not needed and (cost > room or lengths[i] > left[asking]):
                return
            reads[asking, i] = True
            union.add(i)
            room -= cost
            left[asking] -= lengths[i]

        for asking, row in enumerate(rows):
            for i in row.asked.evidence:
                take(asking, i, needed=True)
        wishes = []
        for score, may in zip(scores, allowed, strict=True):
            among = may.nonzero()[:, 0]
            wishes.append(among[preference(score[among].tolist())].tolist())
        for column in zip_longest(*wishes):
            for asking, wish in enumerate(column):
                if wish is not None:
                    take(asking, wish)
        return reads

    def _allowed(self) -> Tensor:
        """What lies in the stretch of time that a question names, and within its limits: `[Q, n]`."""
        allowed = torch.ones(len(self.batch.rows), len(self.batch.lines), dtype=torch.bool)
        for asking, span in enumerate(self.spans):
            if span is not None:
                for i, fact in enumerate(self.batch.day.facts):
                    clock = CLOCK.match(fact.line)
                    allowed[asking, i] = span.holds(clock[0] if clock else "", fact.percept.t0_ns)
        lines = [fact.line for fact in self.batch.day.facts]
        for asking, row in enumerate(self.batch.rows):
            # As the engine, which knows of no places but those that it may read about at all.
            seen = [line for line, may in zip(lines, allowed[asking].tolist(), strict=True) if may]
            limits = asked_limits(row.asked.text, seen)
            if limits is not None:
                allowed[asking] &= torch.tensor([limits.allow(line) for line in lines])
        return allowed

    def _layer(self, i: int, x: Tensor, turned: tuple[Tensor, Tensor], plan: Plan) -> Tensor:
        layer: Layer = self.weights.layers[i]
        shape = self.weights.shape
        h = rms_norm(x, layer.attention_norm, shape.norm_eps)
        q, bare, v = (t[0] for t in layer_heads(layer, layer.qkv(h)[None], shape))
        q, k = turn_by(q, *turned), turn_by(bare, *turned)
        x = x + layer.out(attend(q * shape.head_dim**-0.5, k, v, bare, plan))
        return x + layer.down(swiglu(layer.gate_up(rms_norm(x, layer.ffn_norm, shape.norm_eps))))
