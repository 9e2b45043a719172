"""Small talk with the assistant: nothing of it rests on what was perceived."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from dialog.training.asking import Asker, Question
from dialog.training.words_talk import exchanges

EXCHANGES: Sequence[tuple[str, str]] = tuple(exchanges())
"""What is said, and what is answered."""

EVERY = 6
"""Each sixth exchange is for the evaluation only."""


def talk(a: Asker) -> Question:
    """A greeting, thanks, a question about the assistant, an easy fact, a request."""
    known = [pair for n, pair in enumerate(EXCHANGES) if a.held_out or n % EVERY != EVERY - 1]
    said, answer = a.rng.choice(known)
    return Question("talk", said, answer, (answer,))


MAKERS: Sequence[tuple[Callable[[Asker], Question | None], float]] = ((talk, 1),)
"""Makers of small talk, with their weights."""
