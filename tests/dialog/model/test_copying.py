"""A pointer into the state beside the model's own words."""

from __future__ import annotations

import math

import pytest
import torch

from dialog.model.adapter import Adapter
from dialog.model.copying import Copier, either, mixed
from dialog.model.decoder import rms_norm
from dialog.model.engine import Engine
from dialog.model.load import Host


def a_copier(width: int = 12, dim: int = 4) -> Copier:
    made = Copier(width, dim, torch.Generator().manual_seed(3))
    with torch.no_grad():
        made.gate.copy_(torch.linspace(-1, 1, width))
    return made


def test_chances_of_both_sum_to_one_and_same_tokens_add_up() -> None:
    logits, ids = torch.randn(5, 9, generator=torch.Generator().manual_seed(1)), torch.tensor([2, 7, 2])
    shares = torch.tensor([[0.5, 0.2, 0.3]]).expand(5, 3)
    openness = torch.linspace(-4, 4, 5)
    found = mixed(logits, openness, shares, ids).exp()
    gate = openness.sigmoid()[:, None]
    wanted = (1 - gate) * logits.softmax(-1)
    wanted[:, 2] += 0.8 * gate[:, 0]
    wanted[:, 7] += 0.2 * gate[:, 0]
    torch.testing.assert_close(found, wanted)
    torch.testing.assert_close(found.sum(-1), torch.ones(5))


def test_a_closed_gate_is_the_model_and_gives_finite_gradients() -> None:
    logits = torch.randn(2, 6, generator=torch.Generator().manual_seed(1), requires_grad=True)
    shares = torch.tensor([[1.0], [1.0]], requires_grad=True)
    found = mixed(logits, torch.tensor([-math.inf, -50.0]), shares, torch.tensor([4]))
    torch.testing.assert_close(found, logits.log_softmax(-1))
    open_ = torch.zeros(2, requires_grad=True)
    mixed(logits, open_, shares, torch.tensor([4]))[:, 0].sum().backward()
    assert all(bool(t.grad is not None and t.grad.isfinite().all()) for t in (logits, shares, open_))


def test_one_token_costs_no_vocabulary() -> None:
    """`either` of one token is that entry of `mixed`."""
    logits, ids = torch.randn(9, generator=torch.Generator().manual_seed(1)), torch.tensor([2, 7, 2])
    shares, openness = torch.tensor([0.5, 0.2, 0.3]), torch.tensor(0.3)
    whole = mixed(logits, openness, shares, ids)
    torch.testing.assert_close(either(logits.log_softmax(-1)[2], openness, torch.tensor(0.8)), whole[2])


def test_what_is_hidden_is_not_copied() -> None:
    copier, random = a_copier(), torch.Generator().manual_seed(1)
    query, keys = torch.randn(2, 4, generator=random), torch.randn(3, 4, generator=random)
    hidden = torch.tensor([[False, True, False], [False, False, False]])
    shares = copier.attention(query, keys, hidden)
    assert float(shares[0, 1]) == 0 and bool((shares[1] > 0).all())
    torch.testing.assert_close(shares.sum(-1), torch.ones(2))


@pytest.mark.parametrize("lead", [(), (3,)])
def test_a_widened_head_gives_what_is_asked_of_the_last_hidden_state(
    host: Host, adapter: Adapter, lead: tuple[int, ...]
) -> None:
    weights, copier = host.weights, adapter.copier
    with torch.no_grad():
        copier.gate.copy_(torch.linspace(-1, 1, len(copier.gate)))
    wide = copier.widened(weights)
    hidden = rms_norm(torch.randn(*lead, weights.shape.width), weights.norm, weights.shape.norm_eps)
    logits, query, openness = copier.split(wide.head(hidden))
    torch.testing.assert_close(logits, weights.head(hidden))
    for found, wanted in zip((query, openness), copier.asked(hidden), strict=True):
        torch.testing.assert_close(found, wanted)
    assert wide.shape.vocab == weights.shape.vocab + copier.dim + 1


def test_an_open_gate_says_what_stands_in_the_state(engine: Engine) -> None:
    """A gate that is wide open says only tokens of percepts; without memory the model is as it was."""
    assert engine.adapter is not None
    memory, copier = engine.memory(512), engine.adapter.copier
    memory.put("a", "12:00 Anna says: 4711", 0)
    plain = engine.start([1, 2, 3], None).run()
    before = copier.bias.clone()
    with torch.no_grad():
        copier.bias.fill_(200.0)
    generation = engine.start([1, 2, 3], memory, max_new_tokens=6)
    generation.run()
    (read,) = generation.asking.read
    assert generation.tokens and set(generation.tokens) <= set(read.ids.tolist())
    assert engine.start([1, 2, 3], None).run() == plain
    with torch.no_grad():
        copier.bias.copy_(before)
