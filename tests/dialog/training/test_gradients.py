"""Gradients written out by hand are those that autograd finds."""

from __future__ import annotations

import copy
from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from dialog.model import decoder, rotary
from dialog.model.adapter import Adapter
from dialog.model.engine import GAP
from dialog.model.load import Host
from dialog.training import gradients
from dialog.training.together import Pass
from tests.dialog.training.test_together import a_batch


def plain_swiglu(both: Tensor) -> Tensor:
    gate, up = both.chunk(2, dim=-1)
    return torch.nn.functional.silu(gate) * up


ANGLES = torch.randn(7, 4, generator=torch.Generator().manual_seed(2))
WEIGHT = torch.randn(8, generator=torch.Generator().manual_seed(3))

STEPS: dict[str, tuple[Callable[[Tensor], Tensor], Callable[[Tensor], Tensor]]] = {
    "norm": (lambda x: gradients.rms_norm(x, WEIGHT, 1e-5), lambda x: decoder.rms_norm(x, WEIGHT, 1e-5)),
    "swiglu": (gradients.swiglu, plain_swiglu),
    "rotation": (
        lambda x: gradients.turn_by(x, ANGLES.cos(), ANGLES.sin()),
        lambda x: rotary.turn_by(x, ANGLES.cos(), ANGLES.sin()),
    ),
}


@pytest.mark.parametrize("name", STEPS)
def test_a_step_and_its_gradient(name: str) -> None:
    ours, plain = STEPS[name]
    x = torch.randn(3, 7, 8, generator=torch.Generator().manual_seed(1))
    mine, theirs = x.clone().requires_grad_(), x.clone().requires_grad_()
    one, other = ours(mine), plain(theirs)
    torch.testing.assert_close(one, other)
    given = torch.randn(one.shape, generator=torch.Generator().manual_seed(4))
    one.backward(given)
    other.backward(given)
    assert mine.grad is not None and float(mine.grad.abs().sum()) > 0
    torch.testing.assert_close(mine.grad, theirs.grad)


@pytest.mark.parametrize("name", STEPS)
def test_a_step_in_bfloat16(name: str) -> None:
    """As near to the exact figures as the number format allows."""
    ours, plain = STEPS[name]
    x = torch.randn(3, 7, 8, generator=torch.Generator().manual_seed(1)).bfloat16()
    mine, theirs = x.clone().requires_grad_(), x.float().requires_grad_()
    one, other = ours(mine), plain(theirs)
    assert one.dtype in (torch.bfloat16, torch.float32)
    torch.testing.assert_close(one.float(), other, rtol=0.02, atol=0.02)
    given = torch.randn(one.shape, generator=torch.Generator().manual_seed(4)).bfloat16()
    one.backward(given.to(one.dtype))
    other.backward(given.float())
    assert mine.grad is not None and theirs.grad is not None
    torch.testing.assert_close(mine.grad.float(), theirs.grad, rtol=0.03, atol=0.05)


def test_losses_of_tokens() -> None:
    drawn = torch.Generator().manual_seed(5)
    mine = torch.randn(6, 40, generator=drawn, dtype=torch.float32).mul_(5).requires_grad_()
    theirs, labels = mine.detach().clone().requires_grad_(), torch.randint(40, (6,), generator=drawn)
    one = gradients.token_losses(mine, labels)
    other = torch.nn.functional.cross_entropy(theirs, labels, reduction="none")
    torch.testing.assert_close(one, other)
    given = torch.randn(6, generator=drawn)
    one.backward(given)
    other.backward(given)
    assert mine.grad is not None
    torch.testing.assert_close(mine.grad, theirs.grad)


def test_folded_updates_learn_the_same(host: Host, adapter: Adapter) -> None:
    """A whole pass, through updates that stand apart and through folded ones: the same answers, the same gradients."""
    batch = a_batch(host, 40, 6)
    found = []
    for reading_of in (Adapter.reading, gradients.learning):
        learner = copy.deepcopy(adapter).requires_grad_(True)
        outcome = Pass(host, reading_of(learner, host.weights), learner, batch, GAP).run()
        (torch.nn.functional.cross_entropy(outcome.logits, outcome.labels) + outcome.select).backward()
        found.append((outcome.logits.detach(), {name: p.grad for name, p in learner.named_parameters()}))
    (apart, of_apart), (folded, of_folded) = found
    torch.testing.assert_close(folded, apart, rtol=1e-3, atol=1e-3)
    assert of_apart.keys() == of_folded.keys()
    for name, grad in of_apart.items():
        assert grad is not None and of_folded[name] is not None and float(grad.abs().sum()) > 0, name
        torch.testing.assert_close(
            of_folded[name], grad, rtol=5e-3, atol=5e-4, msg=lambda text, name=name: f"{name}: {text}"
        )
