"""Questions about what people claimed, and who claimed it when."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from dialog.training import about_quotes
from dialog.training import wordings_speech as ways
from dialog.training.asking import Asker, Question, cap, says_yes
from dialog.training.claim_sorts import fill, slots_of, the
from dialog.training.claim_values import Values
from dialog.training.speech_asking import (
    ask_for,
    claim_answer,
    claimed,
    current,
    in_sentence,
    mentions,
    named,
    quoted,
    said_so,
    some_claim,
    spoken,
    thing_slots,
)
from dialog.training.utterances import SORTS, topic_slots

_WORDS = re.compile(r"\b(said|say|hear|heard|came up)\b")
"""In a question about something: its answer is what was said, word for word."""


def claims(a: Asker) -> Question | None:
    """What somebody said about something."""
    i = some_claim(a)
    if i is None:
        return None
    f = a.facts[i]
    sort = f.data["sort"]
    return Question(sort, ask_for(a, sort, topic_slots(f.data)), claim_answer(f), (f.data["key"],), (i,))


def about(a: Asker) -> Question | None:
    """What is known about something, or what one person said about it."""
    i = a.some(claimed)
    if i is None:
        return None
    topic = a.facts[i].data["topic"]
    i = a.last(lambda f: mentions(f, topic) or f.data.get("topic") == topic)
    if i is None or not claimed(a.facts[i]) or a.facts[i].data["topic"] != topic:
        return None
    f, thing = a.facts[i], the(topic)
    words = thing_slots(thing)
    if named(f) and a.rng.random() < 0.6:
        who, say = f.data["who"], "say" if f.data["verb"] == "said" else "write"
        ask = a.fill(ways.ABOUT_BY, **words, who=who, say=say, verb=f.data["verb"])
        return quoted("about", ask, a, i)
    ask = a.fill(ways.ABOUT, **words)
    if _WORDS.search(ask):
        return quoted("about", ask, a, i)
    return Question("about", ask, claim_answer(f), (f.data["key"],), (i,))


def _contrary(a: Asker, i: int) -> str | None:
    """What a claim might say instead: often what was claimed of another thing, or of this one earlier."""
    f = a.facts[i]
    sort, key = SORTS[f.data["sort"]], f.data["key"]
    heard = [g.data["key"] for g in a.facts if g.data.get("sort") == sort.name]
    if heard and a.rng.random() < 0.5:
        other = a.rng.choice(heard)
    else:
        values = Values(a.rng, a.held_out)
        slots = {s: f.data.get(s) or values.of(s) for s in slots_of(sort.key) if s not in ("be", "have", "s", "do")}
        other = fill(sort.key, slots | {s: values.of(s) for s in slots if s not in slots_of(sort.topic)})
    return None if other.lower() in key.lower() or key.lower() in other.lower() else other


def checks(a: Asker) -> Question | None:
    """Whether something is so."""
    i = some_claim(a)
    if i is None or not SORTS[a.facts[i].data["sort"]].checks:
        return None
    f = a.facts[i]
    sort, key = SORTS[f.data["sort"]], f.data["key"]
    other = _contrary(a, i)
    slots = topic_slots(f.data)
    told = f"{in_sentence(f.data['claim'])}, {said_so(f)}."
    r = a.rng.random()
    if r < 0.4 or other is None:
        ask = cap(fill(a.choose(sort.checks), slots | {"key": key}))
        return Question("exists", ask, f"Yes, {told}", ("yes", key), (i,))
    if r < 0.7:
        ask = cap(fill(a.choose(sort.checks), slots | {"key": other}))
        return Question("exists", ask, f"No, {told}", ("no, ", key), (i,))
    pair = [key, other]
    a.rng.shuffle(pair)
    ask = cap(fill(sort.checks[0], slots | {"key": " or ".join(pair)}))
    return Question("which of two", ask, claim_answer(f), (key,), (i,))


def who_said(a: Asker) -> Question | None:
    """Who made a claim, or mentioned something."""
    if a.rng.random() < 0.5:
        i = some_claim(a)
        if i is None:
            return None
        f, told = a.facts[i], in_sentence(a.facts[i].data["claim"])
        if f.data["key"] == f.data["who"]:
            return None
        ask = a.fill(ways.WHO_CLAIMED, told=told)
    else:
        i, thing = _mentioned(a)
        if i is None:
            return None
        f = a.facts[i]
        ask = a.fill(ways.WHO_MENTIONED, **thing_slots(thing))
    who = f.data["who"]
    return Question("who", ask, f"{cap(who)} did, at {f.clock}.", (who, f.clock), (i,))


def _mentioned(a: Asker) -> tuple[int | None, str]:
    """The newest mention of something that was talked about, and how to name it."""
    i = a.some(lambda f: claimed(f) or bool(f.data.get("asked")))
    if i is None:
        return None, ""
    topic = a.facts[i].data.get("topic") or a.facts[i].data["asked"]
    newest = a.last(lambda f: mentions(f, topic) or f.data.get("topic") == topic)
    if newest is None or a.facts[newest].what != "says":
        return None, ""
    return newest, the(topic)


def when_said(a: Asker) -> Question | None:
    """When something was mentioned."""
    i, thing = _mentioned(a)
    if i is None:
        return None
    f = a.facts[i]
    ask = a.fill(ways.WHEN_MENTIONED, **thing_slots(thing))
    if a.rng.random() < 0.3:
        ask = a.fill(ways.AGO_MENTIONED, **thing_slots(thing))
        told = f"{cap(f.data['who'])} {f.data['verb']} it {a.age(i)}, at {f.clock}."
        return Question("how long ago", ask, told, (f.clock,), (i,))
    return Question("when", ask, f"At {f.clock}, {f.data['who']} {f.data['verb']} it.", (f.clock,), (i,))


def mentioned(a: Asker) -> Question | None:
    """Whether somebody mentioned something."""
    i, thing = _mentioned(a)
    if i is None:
        return None
    f = a.facts[i]
    ask = a.fill(ways.MENTIONED, **thing_slots(thing))
    answer = f'Yes, {f.data["who"]} did at {f.clock}: "{f.data["text"]}"'
    return Question("mentioned", ask, answer, (f.data["text"], f.clock), (i,))


def who_asked(a: Asker) -> Question | None:
    """Who asked for something, where nobody answered it in the question."""
    i = a.some(lambda f: bool(f.data.get("asked")) and f.what == "says")
    if i is None:
        return None
    topic = a.facts[i].data["asked"]
    i = a.last(lambda f: f.data.get("asked") == topic)
    if i is None or any(spoken(f) and f.what != "says" for f in a.facts[i:]):
        return None
    f, thing = a.facts[i], the(topic)
    ask = a.fill(ways.WHO_ASKED, **thing_slots(thing))
    yes = "Yes, " if says_yes(ask) else ""
    who = f.data["who"] if yes else cap(f.data["who"])
    return Question("asked", ask, f"{yes}{who} did, at {f.clock}.", (f.data["who"], f.clock), (i,))


def same_sort(a: Asker) -> Question | None:
    """A claim of which there are several alike, about different things: the question names one."""
    i = a.some(claimed)
    if i is None:
        return None
    sort = a.facts[i].data["sort"]
    if len({f.data["topic"] for f in a.facts if claimed(f) and f.data["sort"] == sort}) < 2:
        return None
    i = current(a, i)
    if i is None:
        return None
    f = a.facts[i]
    return Question(sort, ask_for(a, sort, topic_slots(f.data)), claim_answer(f), (f.data["key"],), (i,))


MAKERS: Sequence[tuple[Callable[[Asker], Question | None], float]] = (
    (claims, 26), (same_sort, 7), (about, 6), (checks, 9), (who_said, 5), (when_said, 4), (mentioned, 3),
    (who_asked, 2), *about_quotes.MAKERS,
)  # fmt: skip
"""Makers of questions about speech, with their weights."""
