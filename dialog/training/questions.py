"""Questions about a made-up day, with the answers that its facts give."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from dialog.training import (
    about_call,
    about_foreign,
    about_general,
    about_lettering,
    about_order,
    about_seen,
    about_speech,
    about_time,
    about_views,
    about_visits,
    followups,
    refusals,
    refusals_foreign,
    refusals_speech,
    refusals_time,
    smalltalk,
)
from dialog.training.asking import REFUSAL, Asker, Question
from dialog.training.days import Day

__all__ = ["MAKERS", "REFUSALS", "UNANSWERABLE", "Question", "as_spoken", "question"]

UNANSWERABLE = 0.28
"""Share of questions whose answer the day does not hold (follow-ups add a few more)."""

DRESSED = 0.3
"""Share of questions that get a polite or an indirect form."""

Maker = Callable[[Asker], Question | None]
Makers = Sequence[tuple[Maker, float]]


def _shared(*families: tuple[Makers, float]) -> Makers:
    """All makers of some families, each family with its share of the whole."""
    return [
        (maker, weight * share / sum(w for _, w in makers)) for makers, share in families for maker, weight in makers
    ]


MAKERS: Makers = _shared(
    (about_speech.MAKERS, 34),
    (about_visits.MAKERS, 17),
    (about_general.MAKERS, 9),
    (about_seen.MAKERS, 13),
    (about_views.MAKERS, 14),
    (about_time.MAKERS, 13),
    (about_order.MAKERS, 8),
    (about_foreign.MAKERS, 6),
    (smalltalk.MAKERS, 5),
    (followups.MAKERS, 8),
    (about_call.MAKERS, 6),
    (about_lettering.MAKERS, 4),
)
"""Who makes questions with an answer, and how often."""

REFUSALS: Makers = _shared(
    (refusals.MAKERS, 38),
    (about_general.REFUSALS, 6),
    (refusals_time.MAKERS, 20),
    (refusals_speech.MAKERS, 36),
    (refusals_foreign.MAKERS, 6),
    (about_call.REFUSALS, 3),
    (about_lettering.REFUSALS, 2),
)
"""Who makes questions without an answer, and how often."""


def question(day: Day, rng: random.Random, held_out: bool = False) -> Question:
    """One question about the day; about `UNANSWERABLE` of them have no answer in it."""
    asker = Asker(day, rng, held_out)
    found = _made(asker) or smalltalk.talk(asker)
    if found.kind != "talk" and not found.history and rng.random() < DRESSED:
        found = replace(found, text=asker.dress(found.text))
    return found


def _made(a: Asker) -> Question | None:
    # Whether it has an answer is decided once, so that makers that often find nothing do not change the shares.
    refuse = a.rng.random() < UNANSWERABLE or not a.day.facts
    makers = REFUSALS if refuse else MAKERS
    makes, weights = [maker for maker, _ in makers], [weight for _, weight in makers]
    for _ in range(60):
        found = a.rng.choices(makes, weights)[0](a)
        # A quotation may hold the words of a refusal; such an answer would be taken for one.
        if found is not None and (not found.answerable or not REFUSAL.search(found.answer)):
            return found
    return None


_FUNCTION_WORDS = frozenset(
    "what who when where which how did does the there have has was were are last happened anyone can you".split()
)


def as_spoken(text: str, rng: random.Random) -> str:
    """A question as a hurried typist or a recogniser may give it. Names and values keep their letters."""
    r = rng.random()
    if r < 0.06:
        return text[:1].lower() + text[1:].rstrip("?.")
    if r < 0.11:
        return text.rstrip("?")
    if r < 0.13:
        return text.lower()
    if r < 0.18:
        bare = re.sub(r"[?.,!](?=\s|$)", "", text)
        return bare.lower() if r < 0.16 else bare
    if r < 0.20:
        return text.replace(" ", "  ", 2)
    if r < 0.23:
        return rng.choice(["umm ", "uh, ", "er ", "hmm, "]) + text[:1].lower() + text[1:]
    if r < 0.28:
        return _slip(text, rng)
    return text


def _slip(text: str, rng: random.Random) -> str:
    """One typing slip in a function word, outside quotations."""
    parts = text.split(" ")
    places = [n for n, word in enumerate(parts) if word.lower() in _FUNCTION_WORDS and len(word) > 2]
    if not places or '"' in text:
        return text
    n = rng.choice(places)
    word = parts[n]
    at = rng.randrange(1, len(word))
    slips = [word[:at] + word[at + 1 :], word[:at] + word[at] * 2 + word[at + 1 :]]
    if at < len(word) - 1:
        slips.append(word[:at] + word[at + 1] + word[at] + word[at + 2 :])
    return " ".join([*parts[:n], rng.choice(slips), *parts[n + 1 :]])
