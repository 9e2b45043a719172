"""What somebody says on a made-up day, and what it means."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence

from dialog.training import words_speech as ws
from dialog.training.claim_sorts import Sort, fill, is_plural, slots_of, the
from dialog.training.claim_values import Values
from dialog.training.claims_all import SORTS as ALL_SORTS

__all__ = ["SORTS", "is_plural", "utterance"]

SORTS: Mapping[str, Sort] = {sort.name: sort for sort in ALL_SORTS}
"""All sorts of claims by their names."""

_OFTEN = {"where": 7, "when": 4, "code": 4, "errand": 3, "whereabouts": 4, "holder": 2, "food": 2, "colour": 2,
          "phone": 2, "coming": 2, "price": 2, "visitor": 2}  # fmt: skip

_DRAWN = [sort for sort in SORTS.values() for _ in range(_OFTEN.get(sort.name, 1))]

CHATTER = 0.13
"""Share of utterances that claim nothing."""

ASKED = 0.05
"""Share of utterances in which people ask each other."""

MAX_CHARS = 200
"""Longer utterances would be cut in the percept's text."""

_ASIDES: Sequence[str] = (
    "Where {be} the {thing}?", "Has anybody seen the {thing}?", "Who took the {thing}?", "Did you bring the {thing}?",
    "Can I borrow the {thing}?", "I am looking for the {thing}.", "Do we have the {thing} here?",
    "Do you know where the {thing} {be}?", "I need the {thing}, where {be} {they}?", "Can somebody bring the {thing}?",
)  # fmt: skip

_SLIPS: Sequence[str] = (
    "no,", "no, sorry,", "no, wait,", "sorry,", "I mean", "or rather", "no, I mean", "wait, no,", "scratch that,",
    "correction,",
)  # fmt: skip
"""What people say when they correct themselves within a sentence."""


def utterance(rng: random.Random, speaker: str, held_out: bool) -> tuple[str, dict[str, str]]:
    """Something that somebody says, and what it means: `sort`, `topic`, `claim` (in the third person), `key`.

    What claims nothing has no `topic`; a question that people ask each other has `asked`, the thing it is about.
    """
    values = Values(rng, held_out)
    r = rng.random()
    if r < CHATTER:
        return values.pick(ws.CHATTER), {}
    if r < CHATTER + ASKED:
        thing = values.of("thing")
        return fill(rng.choice(_ASIDES), {"thing": thing, "topic": thing}), {"asked": thing}
    for _ in range(20):
        said = _claim(values, rng.choice(_DRAWN), speaker)
        if said is not None:
            return said
    return values.pick(ws.CHATTER), {}


def contradicted(
    rng: random.Random, said: Mapping[str, str], speaker: str, held_out: bool
) -> tuple[str, dict[str, str]] | None:
    """Another value for what was claimed before (`said`, the claim's data); None where that does not work out."""
    sort = SORTS[said["sort"]]
    about = slots_of(f"{sort.topic} {sort.claim}")
    found = _claim(Values(rng, held_out), sort, speaker, {slot: said[slot] for slot in about if slot in said})
    if found is None or found[1]["topic"] != said["topic"] or found[1]["key"] == said["key"]:
        return None
    return found


def _claim(
    values: Values, sort: Sort, speaker: str, known: Mapping[str, str] | None = None
) -> tuple[str, dict[str, str]] | None:
    """A claim of a sort, as somebody says it, with the `known` slots; None when the sentence does not hold what it
    claims."""
    rng = values.rng
    forms = list(sort.says)
    slots: dict[str, str] = dict(known or {})
    # Who is unknown seldom speaks of themselves: the claim would be about "the speaker".
    if known is None and sort.mine and rng.random() < (0.4 if speaker else 0.12):
        forms = list(sort.mine)
        slots["person"] = speaker or "the speaker"
    for slot in slots_of(f"{sort.topic} {sort.claim} {sort.key}"):
        if slot not in slots and slot not in ("be", "have", "s", "do"):
            slots[slot] = values.of(slot)
    if slots.get("person") == slots.get("other") and "other" in slots:
        return None
    slots["topic"] = fill(sort.topic, slots)
    claim, key = fill(sort.claim, slots), fill(sort.key, slots)
    told_apart = set(slots) - set(slots_of(sort.key)) | set(slots_of(sort.topic))
    data = {name: slots[name] for name in slots if name in told_apart}
    data |= {"topic": slots["topic"], "sort": sort.name, "claim": claim, "key": key}
    told = _corrected(values, sort, slots)
    text = told or _spoken(values, rng.choice(forms), slots)
    subject = slots.get("person", "")
    about_self = forms != list(sort.says) and told is None
    if told is not None and subject in ("the speaker", speaker) and subject:
        return None
    named = key.lower() in text.lower() or (about_self and key == speaker)
    return (text, data) if named and len(text) <= MAX_CHARS else None


def another_key(values: Values, sort: Sort, slots: Mapping[str, str]) -> str:
    """What the same sort of claim might have said instead, about the same."""
    fresh = dict(slots)
    for slot in slots_of(sort.key):
        if slot not in slots_of(sort.topic) and slot not in ("be", "have", "s", "do"):
            fresh[slot] = values.of(slot)
    return fill(sort.key, fresh)


def _corrected(values: Values, sort: Sort, slots: Mapping[str, str]) -> str | None:
    """Now and then a correction: `No, the meeting is at five, not at four.`"""
    claim = fill(sort.claim, slots)
    key = fill(sort.key, slots)
    if values.rng.random() > 0.08 or not sort.checks or not claim.endswith(key):
        return None
    wrong = another_key(values, sort, slots)
    if wrong in key or key in wrong:
        return None
    if values.rng.random() < 0.35:
        return f"{claim[:1].upper()}{claim[1 : -len(key)]}{wrong}, {values.rng.choice(_SLIPS)} {key}."
    start = values.pick(ws.CORRECTIONS)
    # After a full sentence a capital letter stands, after a comma none.
    named = claim[:1].isupper() and not claim.startswith(("The ", "There ", "In "))
    said = claim if named else claim[:1].lower() + claim[1:]
    return f"{start} {said}, not {wrong}."


def _spoken(values: Values, form: str, slots: Mapping[str, str]) -> str:
    """A sentence as it is spoken: with an opener, a closer, or chatter before or after."""
    rng = values.rng
    text = fill(form, slots)
    text = text[:1].upper() + text[1:]
    r = rng.random()
    if r < 0.13 and text.endswith("."):
        opener = values.pick(ws.OPENERS)
        name = form.startswith(("{person}", "{other}", "{coded}", "{city}", "Flight", "Platform")) or re.match(
            r"I('m|'ve|'d|'ll)?\b", form
        )
        return f"{opener} {text if name else text[:1].lower() + text[1:]}"
    if r < 0.18 and text.endswith("."):
        return f"{text[:-1]}, {values.pick(ws.CLOSERS)}"
    if r < 0.25:
        return f"{values.pick(ws.CHATTER)} {text}"
    if r < 0.32:
        return f"{text} {values.pick(ws.CHATTER)}"
    if r < 0.35:
        return f"{values.pick(ws.CHATTER)} {text} {values.pick(ws.CHATTER)}"
    if r < 0.38:
        return text.rstrip(".")
    return text


def topic_slots(data: Mapping[str, str]) -> dict[str, str]:
    """What a question about a claim may name, from the claim's data."""
    topic = data["topic"]
    slots = {"person": topic.split("'")[0], "thing": topic, **data}
    return slots | {"topic": topic, "the": the(topic)}
