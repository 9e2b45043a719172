"""What the makers of questions about speech share."""

from __future__ import annotations

import re
from collections.abc import Sequence

from dialog.training.asking import Asker, Question, cap
from dialog.training.claim_sorts import fill, is_plural
from dialog.training.facts import Fact
from dialog.training.utterances import SORTS

NOBODY = ("a voice", "somebody")
"""Who spoke or wrote, where nobody knows."""

FRAMES: Sequence[str] = (
    "Do you know {}?", "Tell me {}.", "Can you tell me {}?", "Any idea {}?", "I want to know {}.",
    "I need to know {}.", "Did somebody say {}?", "Did anyone mention {}?", "Please tell me {}.",
    "Could you tell me {}?", "Has anyone said {}?", "Do you remember {}?", "What did they say about {}?",
    "I'd like to know {}.", "Can you remember {}?", "Did you hear {}?", "I forgot {}.", "Remind me {}.",
    "Have you heard {}?", "Someone asked me {}.", "I was wondering {}.", "Do we know {}?", "Let me know {}.",
    "Find out {}.", "Could you remind me {}?", "Does anyone know {}?", "My question is {}.",
    "Would you happen to know {}?", "Was it said {}?", "I wonder {}.", "Can you look up {}?", "I must find out {}.",
    "Has it been mentioned {}?", "Can you find out {}?", "Could you look up {}?", "I would like to know {}.",
    "Could you say {}?", "Would you tell me {}?", "Can anyone tell me {}?", "Have they said {}?", "Did they say {}?",
    "Do you happen to know {}?", "Did anybody tell you {}?", "I can't remember {}.", "I don't remember {}.",
    "I'm not sure {}.", "I am trying to find out {}.", "Is it known {}?", "Check {}.", "Please check {}.",
    "Just tell me {}.", "Please remind me {}.", "May I ask {}?", "Would you know {}?", "Have you any idea {}?",
    "Help me remember {}.", "They want to know {}.", "Somebody wants to know {}.", "I should know {}.",
    "Have you caught {}?", "Did you catch {}?", "Does anybody remember {}?", "Have we been told {}?",
)  # fmt: skip
"""Ways to ask with an indirect question."""


def spoken(fact: Fact) -> bool:
    """Whether somebody said or wrote it, in whatever words the line tells so."""
    return fact.percept.kind in ("speech", "text")


def claimed(fact: Fact) -> bool:
    """Whether somebody claimed something that one can ask for."""
    known = fact.what == "says" and fact.data.get("sort") in SORTS
    return known and "the speaker" not in fact.data.get("topic", "the speaker")


def named(fact: Fact) -> bool:
    """Whether somebody with a name said or wrote it."""
    return fact.what == "says" and fact.data["who"] not in NOBODY


def current(a: Asker, i: int) -> int | None:
    """The newest claim of the same sort about the same; None where another sort of claim has overtaken it."""
    topic, sort = a.facts[i].data["topic"], SORTS[a.facts[i].data["sort"]]
    newest = a.last(
        lambda f: claimed(f) and f.data["topic"] == topic and SORTS[f.data["sort"]].group == sort.group
        or f.what != "says" and mentions(f, topic)
    )  # fmt: skip
    return newest if newest is not None and _is(a.facts[newest], sort.name) else None


def _is(fact: Fact, sort_name: str) -> bool:
    return claimed(fact) and fact.data["sort"] == sort_name


def some_claim(a: Asker) -> int | None:
    """Any claim that still holds."""
    i = a.some(claimed)
    return None if i is None else current(a, i)


def mentions(fact: Fact, topic: str) -> bool:
    """Whether something was said with these very words in it."""
    return spoken(fact) and bool(re.search(rf"\b{re.escape(topic.lower())}\b", fact.percept.text.lower()))


def ask_for(a: Asker, sort_name: str, slots: dict[str, str]) -> str:
    """A question for a sort of claim: one of its own, or an indirect one in a frame."""
    sort = SORTS[sort_name]
    if a.rng.random() < 0.3:
        return a.choose(FRAMES).replace("{}", fill(a.choose(sort.clauses), slots))
    return cap(fill(a.choose(sort.asks), slots))


def thing_slots(thing: str) -> dict[str, str]:
    """What `wordings_speech` needs to ask about something: its name, and `was` or `were` as its number wants."""
    was, has = ("were", "have") if is_plural(thing.removeprefix("the ")) else ("was", "has")
    return {"thing": thing, "Thing": cap(thing), "was": was, "Was": cap(was), "has": has, "Has": cap(has)}


def said_so(fact: Fact) -> str:
    """`Anna said so at 14:03`."""
    so = "said so" if fact.data["verb"] == "said" else "wrote it"
    return f"{fact.data['who']} {so} at {fact.clock}"


def claim_answer(fact: Fact) -> str:
    """`The keys are on the table, Anna said so at 14:03.`"""
    return f"{cap(fact.data['claim'])}, {said_so(fact)}."


def in_sentence(claim: str) -> str:
    """A claim within a sentence: `the keys are on the table`."""
    return claim[:1].lower() + claim[1:] if claim.startswith(("The ", "There ", "In ", "Flight ")) else claim


def quote_answer(fact: Fact) -> str:
    """`At 14:03 Anna said: "I am here."`"""
    return f'At {fact.clock} {fact.data["who"]} {fact.data["verb"]}: "{fact.data["text"]}"'


def quoted(kind: str, ask: str, a: Asker, i: int) -> Question:
    """A question whose answer is what somebody said."""
    return Question(kind, ask, quote_answer(a.facts[i]), (a.facts[i].data["text"],), (i,))
