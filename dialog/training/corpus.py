"""Batches for training: a day, encoded as the rolling state encodes it, and questions about it."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from dialog.model.chat import END, Turn, chat_prompt
from dialog.model.encode import line_tokens
from dialog.model.load import Host
from dialog.training.days import Day, make_day
from dialog.training.questions import Question, as_spoken, question

HISTORY = 0.12
"""Share of questions that follow an earlier question and its answer."""

IGNORE = -100


@dataclass(frozen=True, slots=True)
class Batch:
    """One day and B questions about it."""

    day: Day
    lines: list[list[int]]
    """Token ids of each percept's line."""
    questions: list[Question]
    ids: Tensor
    """`[B, T]` question and answer, padded at the end."""
    labels: Tensor
    """`[B, T]`: the next token where it belongs to the answer, else `IGNORE`."""


def make_batch(host: Host, rng: random.Random, size: int, held_out: bool = False, percepts: int | None = None) -> Batch:
    """A day and `size` questions about it. The same `rng` gives the same batch."""
    day = make_day(rng, held_out, percepts)
    questions = [question(day, rng, held_out) for _ in range(size)]
    pairs = []
    for asked in questions:
        history: Sequence[Turn] = ()
        if rng.random() < HISTORY:
            earlier = question(day, rng, held_out)
            history = (Turn(earlier.text, earlier.answer),)
        prompt = host.encode(chat_prompt(as_spoken(asked.text, rng), day.now, history))
        pairs.append((prompt, host.encode(asked.answer + END)))
    ids, labels = _pad(pairs)
    return Batch(day, [line_tokens(host, fact.line) for fact in day.facts], questions, ids, labels)


def _pad(pairs: Sequence[tuple[list[int], list[int]]]) -> tuple[Tensor, Tensor]:
    longest = max(len(prompt) + len(answer) for prompt, answer in pairs)
    ids = torch.zeros(len(pairs), longest, dtype=torch.long)
    labels = torch.full((len(pairs), longest), IGNORE)
    for row, (prompt, answer) in enumerate(pairs):
        whole = prompt + answer
        ids[row, : len(whole)] = torch.tensor(whole)
        labels[row, len(prompt) - 1 : len(whole) - 1] = torch.tensor(answer)
    return ids, labels
