"""Attention over the long row: what each sequence sees, and gradients as autograd finds them."""

from __future__ import annotations

import torch
from torch import Tensor

from dialog.model.rotary import turn_by
from dialog.training.attending import Plan, Reading, attend, seeing_itself, seeing_state
from dialog.training.packing import Block

LINES = [Block(0, 2, 3, (3, 2)), Block(6, 1, 4, (4,))]
ASKED = [Block(0, 2, 2), Block(4, 1, 5)]
CUT, ROWS, HEADS, GROUPS, DIM = 10, 19, 6, 2, 8

READING = Reading(
    torch.tensor([1, 2, 4, 7, 8, 9]),
    torch.tensor([[4, 9], [0, 2], [1, 2]]),  # Read by two questions, and a padding.
    torch.linspace(0.5, 0.9, 6 * DIM // 2, dtype=torch.float64).view(6, -1).cos(),
    torch.linspace(0.5, 0.9, 6 * DIM // 2, dtype=torch.float64).view(6, -1).sin(),
)
HIDDEN = torch.tensor([[0, 0, 1, 0, 0, 0, 0, 0], [0, 0, 0, 0, 1, 1, 1, 0], [1, 0, 0, 0, 0, 0, 0, 0]], dtype=torch.bool)


def heads(seed: int) -> list[Tensor]:
    """q, k, v, bare with gradients."""
    drawn = torch.Generator().manual_seed(seed)
    sizes = [HEADS, GROUPS, GROUPS, GROUPS]
    return [torch.randn(n, ROWS, DIM, generator=drawn, dtype=torch.float64).requires_grad_() for n in sizes]


def plan_of(reading: bool, both_ways: bool, like: Tensor) -> Plan:
    lines = seeing_itself(LINES, 0, like, both_ways)
    if reading:
        return Plan((*lines, *seeing_state(ASKED, CUT, HIDDEN, like)), READING)
    return Plan((*lines, *seeing_itself(ASKED, CUT, like, both_ways=False)))


def one_by_one(q: Tensor, k: Tensor, v: Tensor, bare: Tensor, reading: bool, both_ways: bool) -> Tensor:
    """The same, each token of the row on its own."""
    out: list[Tensor] = []
    spots = turn_by(bare[:, READING.spots.flatten()], READING.cos, READING.sin).unflatten(1, (3, 2))

    def answer(row: int, keys: Tensor, values: Tensor) -> Tensor:
        share = HEADS // GROUPS
        parts = [(q[h, row] @ keys[h // share].T).softmax(-1) @ values[h // share] for h in range(HEADS)]
        return torch.cat(parts)

    for block in LINES:
        for n in range(block.count):
            start = block.start + n * block.length
            for at in range(block.length):
                seen = slice(start, start + (block.real[n] if both_ways else at + 1))
                out.append(answer(start + at, k[:, seen], v[:, seen]))
    question = 0
    for block in ASKED:
        for n in range(block.count):
            start = CUT + block.start + n * block.length
            for at in range(block.length):
                own = slice(start, start + at + 1)
                keys, values = k[:, own], v[:, own]
                if reading:
                    lit = READING.spots[question]
                    keys = torch.cat([k[:, READING.tokens], spots[:, question], keys], 1)
                    values = torch.cat([v[:, READING.tokens], v[:, lit], values], 1)
                    seen = torch.cat([~HIDDEN[question], torch.ones(at + 1, dtype=torch.bool)])
                    keys, values = keys[:, seen], values[:, seen]
                out.append(answer(start + at, keys, values))
            question += 1
    return torch.stack(out)


def test_equals_tokens_one_by_one_and_so_do_its_gradients() -> None:
    for reading in (False, True):
        for both_ways in (False, True):
            mine, theirs = heads(1), heads(1)
            ours = attend(*mine, plan_of(reading, both_ways, mine[0]))  # type: ignore[call-arg]
            plain = one_by_one(*theirs, reading=reading, both_ways=both_ways)
            torch.testing.assert_close(ours, plain)
            given = torch.randn(ours.shape, generator=torch.Generator().manual_seed(2), dtype=torch.float64)
            ours.backward(given)
            plain.backward(given)
            for one, other in zip(mine, theirs, strict=True):
                assert one.grad is not None
                torch.testing.assert_close(one.grad, torch.zeros_like(one) if other.grad is None else other.grad)
            assert (float(mine[3].grad.abs().sum()) > 0) is reading  # type: ignore[union-attr]


def test_what_is_hidden_has_no_part() -> None:
    """A state token that no question sees, and no line beside its own, gets no gradient from the answers."""
    q, k, v, bare = heads(3)
    hidden = HIDDEN.clone()
    hidden[:, 3] = True
    blocks = tuple(seeing_state(ASKED, CUT, hidden, q))
    out = attend(q, k, v, bare, Plan((*seeing_itself(LINES, 0, q, both_ways=True), *blocks), READING))
    out[CUT:].sum().backward()
    assert k.grad is not None and v.grad is not None
    assert float(v.grad[:, 7].abs().sum()) == 0 and float(v.grad[:, 8].abs().sum()) > 0
