"""Which percepts an answer rests on: attention proposes, deletion decides.

Attention alone over-cites (recent percepts draw some of it whatever is asked), so each proposed percept is left out in
turn, and it is named only if the same answer then becomes less likely. All variants run as one batch.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from dialog.model.decoder import forward
from dialog.model.engine import Engine, Generation
from dialog.model.memory import StateMemory
from dialog.model.reader import Cross, attend_both
from dialog.model.rotary import place_angles

CANDIDATES = 5
"""Percepts that attention may propose."""

MIN_LOSS = 1.5
"""Nats by which the answer's log-probability must fall without a percept for it to be named."""


def evidence(engine: Engine, generation: Generation) -> list[tuple[str, float]]:
    """`(percept id, nats that the answer loses without it)`, the most important first; empty for an answer that rests
    on nothing remembered. Call it after the answer is complete; it costs about as much as the answer's first token for
    each candidate."""
    asking = generation.asking
    memory = asking.memory
    if memory is None or asking.attention is None or not generation.tokens:
        return []
    with memory.lock:
        names = [name for name, _ in memory.shares(asking.attention)[:CANDIDATES]]
        if not names:
            return []
        masks = memory.mask_without([[], *([name] for name in names)])
        score = answer_score(engine, generation, memory, masks)
    losses = [(name, float(score[0] - score[i + 1])) for i, name in enumerate(names)]
    return sorted([pair for pair in losses if pair[1] >= MIN_LOSS], key=lambda pair: -pair[1])


@torch.inference_mode()
def answer_score(engine: Engine, generation: Generation, memory: StateMemory, masks: Tensor) -> Tensor:
    """Log-probability `[R]` of the answer, the state masked by each row of `masks` `[R, M]`. Hold `memory.lock`."""
    assert engine.reading is not None and engine.adapter is not None
    adapter, weights, shape = engine.adapter, engine.reading, engine.reading.shape
    view = memory.view()
    assert view is not None
    answer = [*generation.tokens, shape.end_token]
    ids = torch.tensor([generation.prompt + answer], device=weights.device).expand(len(masks), -1)
    steps = ids.shape[1]
    own = torch.full((steps, steps), -torch.inf, device=weights.device).triu(1)
    now = adapter.now_turn(generation.asking.now_ns, weights.norm)
    site_of = {layer: site for site, layer in enumerate(adapter.shape.sites)}

    def attend(layer: int, x: Tensor, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        site = site_of.get(layer)
        if site is None:
            return attend_both(q, k, v, own, None).out
        query = adapter.percept_query_of(site, x, now)
        return attend_both(
            q, k, v, own, Cross(view.keys[site], view.values[site], masks, query, adapter.gate[layer])
        ).out

    positions = generation.asking.cache.start + torch.arange(steps)
    angles = place_angles(positions, shape.head_dim, shape.rope_theta).to(weights.device)
    hidden = forward(weights, F.embedding(ids, weights.embed), angles, attend)
    first = len(generation.prompt) - 1
    logits = weights.head(hidden[:, first : first + len(answer)]).float()
    chosen = ids[:, first + 1 : first + 1 + len(answer), None]
    return logits.log_softmax(-1).gather(-1, chosen)[..., 0].sum(-1)
