"""Questions about a made-up day, with the answers that its facts give."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

from dialog.training import words
from dialog.training.about_seen import (
    faults,
    last_event,
    lights,
    lingering,
    people,
    signs,
    sounds,
    still,
    summary,
    views,
    visits,
)
from dialog.training.about_speech import claims, quotes
from dialog.training.asking import Asker, Question
from dialog.training.days import Day
from dialog.training.refusals import refusal

__all__ = ["UNANSWERABLE", "Question", "as_spoken", "question"]

UNANSWERABLE = 0.27
"""Share of questions whose answer the day does not hold."""


def _small_talk(a: Asker) -> Question:
    said, answer = a.rng.choice(words.SMALL_TALK)
    return Question("talk", said, answer, (answer,))


ANSWERABLE: Sequence[tuple[Callable[[Asker], Question | None], float]] = (
    (claims, 30), (quotes, 11), (signs, 12), (people, 14), (visits, 13), (still, 4), (lights, 6), (sounds, 6),
    (faults, 3), (views, 6), (lingering, 3), (last_event, 7), (summary, 2), (_small_talk, 5),
)  # fmt: skip


def question(day: Day, rng: random.Random, held_out: bool = False) -> Question:
    """One question about the day; about `UNANSWERABLE` of them have no answer in it."""
    asker = Asker(day, rng, held_out)
    makers = [maker for maker, _ in ANSWERABLE]
    weights = [weight for _, weight in ANSWERABLE]
    for _ in range(40):
        if rng.random() < UNANSWERABLE or not day.facts:
            found = refusal(day, rng, held_out)
        else:
            made = rng.choices(makers, weights)[0](asker)
            if made is None:
                continue
            found = made
        if found is not None:
            return found
    return _small_talk(asker)


def as_spoken(text: str, rng: random.Random) -> str:
    """A question as a hurried typist or a recogniser may give it."""
    r = rng.random()
    if r < 0.08:
        return text[:1].lower() + text[1:].rstrip("?.")
    if r < 0.14:
        return text.rstrip("?")
    return text
