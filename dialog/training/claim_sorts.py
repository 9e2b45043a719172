"""What a sort of claim is: how people say it, what it means, and how one asks for it.

In templates `{slot}` is filled with a value (`claim_values`), `{topic}` with what the claim is about, `{the}` with
the same as a question names it, `{be}`, `{do}`, `{have}`, `{they}` as its number wants, `{key}` with what was claimed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dialog.training import words
from dialog.training.words_speech import listed

_SINGULAR_S = frozenset({"bus", "glass", "compass", "headset", "lens", "gas", "canvas", "yes", "tennis", "christmas"})


@dataclass(frozen=True, slots=True)
class Sort:
    """A sort of claim."""

    name: str
    topic: str
    """What it is about: the noun phrase to ask with."""
    claim: str
    """The same in the third person, without a full stop."""
    key: str
    """The part of the claim that answers the question."""
    says: Sequence[str]
    mine: Sequence[str]
    """Ways to say it of oneself; `{person}` is then the speaker."""
    asks: Sequence[str]
    clauses: Sequence[str]
    """Indirect questions: `where the keys are`."""
    checks: Sequence[str]
    """Questions for yes or no; `{key}` comes last, so that `{key}` may become `this or that`."""
    group: str
    """Sorts of one group contradict each other: the newest of them counts."""


def sort(name: str, topic: str, claim: str, key: str, **lists: str) -> Sort:
    """A sort from its templates; those of a list are separated by `|`."""
    found = {field: tuple(listed(text, "|")) for field, text in lists.items() if field != "group"}
    return Sort(
        name,
        topic,
        claim,
        key,
        found["says"],
        found.get("mine", ()),
        found["asks"],
        found["clauses"],
        found.get("checks", ()),
        lists.get("group", name),
    )


def is_plural(thing: str) -> bool:
    """Whether a thing is `are` rather than `is`."""
    if thing in words.PLURAL:
        return True
    last = thing.split(" ")[-1]
    return last.endswith("s") and not last.endswith(("ss", "us", "'s")) and last not in _SINGULAR_S and last.islower()


def the(thing: str) -> str:
    """`the keys`, but `Anna`, `the speaker's car`."""
    bare = thing[:1].isupper() or thing.startswith("the ") or bool(re.search(r"^(flight|[a-z]+) [A-Z0-9 ]*\d$", thing))
    return thing if bare else f"the {thing}"


def fill(template: str, slots: Mapping[str, str]) -> str:
    """A template with its slots filled; those of number follow from the topic."""
    topic = slots.get("topic", "")
    many = is_plural(topic)
    number = {
        "be": "are" if many else "is",
        "Be": "Are" if many else "Is",
        "was": "were" if many else "was",
        "Was": "Were" if many else "Was",
        "do": "do" if many else "does",
        "Do": "Do" if many else "Does",
        "have": "have" if many else "has",
        "Have": "Have" if many else "Has",
        "they": "they" if many else "it",
        "them": "them" if many else "it",
        "s": "" if many else "s",
        "the": the(topic),
    }
    text = re.sub(r"\{(\w+)\}", lambda m: slots.get(m[1]) or number[m[1]], template)
    return re.sub(r"\b([Aa]) (?=[aei]|o(?!ne\b)|umbrella)", r"\1n ", text)


def slots_of(template: str) -> tuple[str, ...]:
    """The slots that a template names."""
    return tuple(re.findall(r"\{(\w+)\}", template))
