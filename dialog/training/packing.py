"""Percepts and questions laid out as one long row of tokens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from dialog.training.corpus import Row

PART = 2
"""Questions that are padded to one length."""


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
        while last < len(order) and len(lines[order[last]]) <= 1.12 * shortest + 1:
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
