"""Which percepts an answer rests on: attention proposes, deletion decides.

Attention alone over-cites (recent percepts draw some of it whatever is asked), so each proposed percept is left out in
turn, and it is named only if the same answer then becomes less likely; where no single one decides, several are left
out together. All variants run as one batch. (Deletion as the judge of attention: DeYoung et al., ERASER, 2020;
Cohen-Wang et al., ContextCite, 2024.)
"""

from __future__ import annotations

import re

import torch
import torch.nn.functional as F
from torch import Tensor

from dialog.model.cited import Cited
from dialog.model.decoder import Attend, rms_norm, run_layers
from dialog.model.engine import Engine, Generation
from dialog.model.memory import ReadSet
from dialog.model.pointing import POINT, sentences
from dialog.model.rotary import place_angles

CANDIDATES = 6
"""Percepts that attention may propose."""

MIN_LOSS = 1.5
"""Nats by which a sentence's log-probability must fall without a percept for it to be named."""

TOLD = 1.0
"""What stands for these nats where the model pointed at a percept, and the runtime told that and nothing else."""

SENTENCE = re.compile(r"\S.*?(?:[.!?]+[\"')]*(?=\s|\Z)|\Z)", re.DOTALL)
"""Ends with a mark before a space, so that `v2.1` and `3.5` stay whole."""


def evidence(engine: Engine, generation: Generation) -> list[Cited]:
    """Each sentence of the answer with its percepts; none for what rests on nothing remembered.

    Call it after the answer is complete. It costs about as much as reading the prompt once for each candidate.
    """
    read = generation.asking.read
    if not generation.tokens or not read or not any(part.names for part in read):
        return []
    answer = engine.host.decode(generation.tokens)
    if POINT.search(answer):
        told = sentences(answer, generation.asking.lines)
        return [Cited(text, ((name, TOLD),) if name else ()) for text, name in told]
    names = list(dict.fromkeys(name for part in read for name in part.names))
    check = _Check(engine, generation, read)
    weight = check.attention()
    chosen = sorted(range(len(names)), key=lambda i: -float(weight[i]))[:CANDIDATES]
    scores = check.scores([[], *([i] for i in chosen)])
    found, together = [], None
    for text, span in _sentences(engine, generation):
        lost = [(names[i], float((scores[0, span] - scores[n + 1, span]).sum())) for n, i in enumerate(chosen)]
        kept = [pair for pair in lost if pair[1] >= MIN_LOSS]
        if not kept and chosen:
            if together is None:
                together = scores[0] - check.scores([chosen[: n + 1] for n in range(len(chosen))])
            kept = [(names[i], loss) for i, loss in _enough(check, chosen, span, scores[0], together)]
        kept.sort(key=lambda pair: -pair[1])
        found.append(Cited(text, tuple((name, round(loss, 3)) for name, loss in kept)))
    return found


def _enough(check: _Check, chosen: list[int], span: slice, whole: Tensor, together: Tensor) -> list[tuple[int, float]]:
    """The percept that is enough for a sentence which loses nothing without any one of several: what it tells stands in
    each. They are left out together until the sentence becomes less likely; of those that alone make up for it the one
    that does so best, and by how many nats.

    Args:
        chosen: what attention proposes, the most first.
        span: the sentence's tokens.
        whole: log-probability of each token of the answer with nothing left out.
        together: how much of it each token loses without the first one, two, ... of the proposed, `[N, tokens]`.
    """
    without = together[:, span].sum(-1).tolist()
    many = next((n + 1 for n, loss in enumerate(without) if loss >= MIN_LOSS), 0)
    if many < 2:
        return []
    group = chosen[:many]
    alone = (whole - check.scores([[j for j in group if j != i] for i in group]))[:, span].sum(-1).tolist()
    saved = [(i, without[many - 1] - loss) for i, loss in zip(group, alone, strict=True)]
    return sorted((pair for pair in saved if pair[1] >= MIN_LOSS), key=lambda pair: -pair[1])[:1]


def _sentences(engine: Engine, generation: Generation) -> list[tuple[str, slice]]:
    """The answer's sentences, and the stretch of its tokens that each takes."""
    found: list[tuple[str, slice]] = []
    text = engine.host.decode(generation.tokens)
    lengths = [len(engine.host.decode(generation.tokens[: n + 1])) for n in range(len(generation.tokens))]
    first = 0
    for match in SENTENCE.finditer(text):
        last = next((n + 1 for n, length in enumerate(lengths) if length >= match.end()), len(lengths))
        if match[0].strip() and last > first:
            found.append((match[0].strip(), slice(first, last)))
            first = last
    return found


class _Check:
    """An answer that is read again, with parts of the state left out."""

    def __init__(self, engine: Engine, generation: Generation, read: list[ReadSet]) -> None:
        assert engine.adapter is not None
        self.weights, self.sites = engine.reading, engine.adapter.shape.sites
        self.prompt, self.answer = generation.prompt, generation.tokens
        self.base = generation.asking.base
        self.keys = torch.cat([part.keys for part in read], dim=2)
        self.values = torch.cat([part.values for part in read], dim=2)
        # One in the spotlight is read twice, and left out as a whole.
        number: dict[str, int] = {}
        owner = [
            number.setdefault(name, len(number))
            for part in read
            for name, length in zip(part.names, part.lengths, strict=True)
            for _ in range(length)
        ]
        self.owner = torch.tensor(owner, device=self.keys.device)
        self.percepts = len(number)

    @torch.inference_mode()
    def attention(self) -> Tensor:
        """What the answer's tokens read of each percept `[N]`: attention weighed by the length of the values."""
        first = len(self.prompt) - 1
        norms = self.values.float().norm(dim=-1)
        total = torch.zeros(len(self.owner), device=self.keys.device)

        def attend(layer: int, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
            keys, values, _ = self._all(layer, k, v, None)
            scores = q.unflatten(1, (k.shape[1], -1)) @ keys[:, :, None].transpose(-1, -2) * q.shape[-1] ** -0.5
            held, steps = keys.shape[2] - q.shape[2], q.shape[2]
            future = torch.ones(steps, held + steps, dtype=torch.bool, device=q.device).triu(held + 1)
            share = scores.float().masked_fill(future, -torch.inf).softmax(-1)
            if layer in self.sites:
                site = layer - self.sites.start
                total.add_((share[0, :, :, first:, :held].sum((1, 2)) * norms[site]).sum(0))
            out = share.to(v.dtype) @ values[:, :, None]
            return out.flatten(1, 2)

        self._run([[]], attend)
        return torch.zeros(self.percepts, device=total.device).index_add(0, self.owner, total)

    @torch.inference_mode()
    def scores(self, left_out: list[list[int]]) -> Tensor:
        """Log-probability of each token of the answer `[R, tokens]`, with some percepts left out in each row."""
        hidden = torch.zeros(len(left_out), len(self.owner), dtype=torch.bool)
        for row, gone in enumerate(left_out):
            for i in gone:
                hidden[row] |= self.owner.cpu() == i

        def attend(layer: int, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
            keys, values, mask = self._all(layer, k, v, hidden)
            return F.scaled_dot_product_attention(q, keys, values, attn_mask=mask, enable_gqa=True)

        return self._run(left_out, attend)

    def _all(self, layer: int, k: Tensor, v: Tensor, hidden: Tensor | None) -> tuple[Tensor, Tensor, Tensor | None]:
        """Keys and values of state and text together, `[R, KV, S, D]`, and what may be seen of them."""
        held = 0
        if layer in self.sites:
            site, rows = layer - self.sites.start, len(k)
            k = torch.cat([self.keys[site].to(k.dtype).expand(rows, -1, -1, -1), k], dim=2)
            v = torch.cat([self.values[site].to(v.dtype).expand(rows, -1, -1, -1), v], dim=2)
            held = len(self.owner)
        if hidden is None:
            return k, v, None
        steps = k.shape[2] - held
        mask = torch.full((len(k), 1, steps, held + steps), -torch.inf, dtype=k.dtype).triu(held + 1)
        if held:
            mask[:, :, :, :held].masked_fill_(hidden[:, None, None], -torch.inf)
        return k, v, mask.to(k.device)

    def _run(self, rows: list[list[int]], attend: Attend) -> Tensor:
        weights, shape = self.weights, self.weights.shape
        ids = torch.tensor([self.prompt + self.answer], device=weights.device).expand(len(rows), -1)
        positions = self.base + torch.arange(ids.shape[1])
        angles = place_angles(positions, shape.head_dim, shape.rope_theta).to(weights.device)
        x = run_layers(weights, range(shape.layers), F.embedding(ids, weights.embed), angles, attend)
        first, n = len(self.prompt) - 1, len(self.answer)
        hidden = rms_norm(x[:, first : first + n], weights.norm, shape.norm_eps)
        chosen = ids[:, first + 1 : first + 1 + n, None]
        return weights.head(hidden).float().log_softmax(-1).gather(-1, chosen)[..., 0]
