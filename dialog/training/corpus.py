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

PART = 4
"""Questions that are padded to one length."""

Row = tuple[Question, list[int], list[int]]
"""A question, the tokens up to its answer, and its answer's."""


@dataclass(frozen=True, slots=True)
class Part:
    """Questions of about the same length."""

    ids: Tensor
    """`[b, T]` question and answer, padded at the end."""
    labels: Tensor
    """`[b, T]`: the next token where it belongs to the answer, else `IGNORE`."""


@dataclass(frozen=True, slots=True)
class Batch:
    """One day and questions about it."""

    day: Day
    lines: list[list[int]]
    """Token ids of each percept's line."""
    questions: list[Question]
    """In the order of the rows of `parts`, the shortest first."""
    parts: list[Part]


def make_batch(host: Host, rng: random.Random, size: int, held_out: bool = False, percepts: int | None = None) -> Batch:
    """A day and `size` questions about it. The same `rng` gives the same batch."""
    day = make_day(rng, held_out, percepts)
    rows = [_row(host, rng, day, held_out) for _ in range(size)]
    rows.sort(key=lambda row: len(row[1]) + len(row[2]))
    parts = [_pad(rows[i : i + PART]) for i in range(0, size, PART)]
    return Batch(day, [line_tokens(host, fact.line) for fact in day.facts], [row[0] for row in rows], parts)


def _row(host: Host, rng: random.Random, day: Day, held_out: bool) -> Row:
    asked = question(day, rng, held_out)
    history: Sequence[Turn] = ()
    if rng.random() < HISTORY:
        earlier = question(day, rng, held_out)
        history = (Turn(earlier.text, earlier.answer),)
    prompt = host.encode(chat_prompt(as_spoken(asked.text, rng), day.now, history))
    return asked, prompt, host.encode(asked.answer + END)


def _pad(rows: Sequence[Row]) -> Part:
    longest = max(len(prompt) + len(answer) for _, prompt, answer in rows)
    ids = torch.zeros(len(rows), longest, dtype=torch.long)
    labels = torch.full((len(rows), longest), IGNORE)
    for i, (_, prompt, answer) in enumerate(rows):
        whole = prompt + answer
        ids[i, : len(whole)] = torch.tensor(whole)
        labels[i, len(prompt) - 1 : len(whole) - 1] = torch.tensor(answer)
    return Part(ids, labels)
