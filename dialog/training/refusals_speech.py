"""Questions about speech whose answer a made-up day does not hold."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from dialog.training import words
from dialog.training.about_quotes import has_other_logs
from dialog.training.asking import Asker, Question, where_is
from dialog.training.claim_sorts import Sort, fill, slots_of, the
from dialog.training.claim_values import Values
from dialog.training.speech_asking import ask_for, named, spoken
from dialog.training.utterances import SORTS, topic_slots

NEAR: Sequence[frozenset[str]] = tuple(
    frozenset(names.split(";"))
    for names in (
        "person place;seat;holiday;trip;coming;leaving;address;hometown;own flight;parking",
        "food;dislike;allergy;drink",
        "errand;duty;job;relation;allowed;forbidden;medicine;hobby", "train;delay;platform", "flight;gate",
        "mood;allergy",
        "place;owner;shelf;stock;run out;expires;price", "when;venue;opens;closes;deadline", "ready;drink;coming",
    )
)  # fmt: skip
"""Groups of sorts of which one may half answer a question for another."""


def _no(kind: str, ask: str, answer: str, key: str) -> Question:
    return Question(f"no {kind}", ask, answer, (key,), (), answerable=False)


def _told(a: Asker, sort: Sort, data: dict[str, str]) -> tuple[bool, bool]:
    """Whether something said may answer the question, and whether its topic has come up at all."""
    parts = [data[slot] for slot in slots_of(sort.topic)] or [data["topic"]]
    near = set().union({sort.group}, *(names for names in NEAR if sort.group in names))
    answered = up = False
    for fact in a.facts:
        said = fact.percept.text.lower()
        topical = fact.data.get("topic") == data["topic"]
        if not topical and not all(re.search(rf"\b{re.escape(part.lower())}\b", said) for part in parts):
            continue
        up = True
        if fact.what != "says":
            answered = True
        elif fact.data.get("sort") in SORTS:
            answered = answered or SORTS[fact.data["sort"]].group in near
    return answered, up


def claim(a: Asker) -> Question | None:
    """Something that nobody said: of another person or thing, or another side of a known one."""
    values = Values(a.rng, a.held_out)
    sort = SORTS[a.rng.choice(list(SORTS))]
    same = [f for f in a.facts if f.what == "says" and f.data.get("sort") in SORTS]
    if same and a.rng.random() < 0.45:
        sort = SORTS[a.rng.choice(same).data["sort"]]
    slots = {s: values.of(s) for s in slots_of(f"{sort.topic} {sort.claim}") if s not in ("be", "have", "s", "do")}
    r = a.rng.random()
    if same and r < 0.5:
        # A person or a thing that was talked about, but not in this respect.
        near = a.rng.choice(same).data
        slots |= {slot: near[slot] for slot in slots_of(sort.topic) if slot in near and near[slot] != "the speaker"}
    elif r < 0.65 and "person" in slots_of(sort.topic):
        speakers = [f.data["who"] for f in a.facts if named(f)]
        slots["person"] = a.rng.choice(speakers or [slots["person"]])
    aside = [f.data["asked"] for f in a.facts if "asked" in f.data]
    if aside and "thing" in slots and a.rng.random() < 0.5:
        slots["thing"] = a.rng.choice(aside)
    data = slots | {"topic": fill(sort.topic, slots)}
    answered, up = _told(a, sort, data)
    if answered or (sort.group == "person place" and any(f.data.get("who") == data["topic"] for f in a.facts)):
        return None
    named_slots = topic_slots(data)
    if sort.checks and a.rng.random() < 0.2:
        key = fill(sort.key, slots | {s: values.of(s) for s in slots_of(sort.key) if s not in slots})
        ask = fill(a.choose(sort.checks), named_slots | {"key": key})
        ask = ask[:1].upper() + ask[1:]
    else:
        ask = ask_for(a, sort.name, named_slots)
    missing = f"said {fill(sort.clauses[0], named_slots)}" if up else f"mentioned {the(data['topic'])}"
    if not up and "{person}'s" in sort.topic and sort.name != "colour":
        missing = f"said {fill(sort.clauses[0], named_slots)}"
    return _no(sort.name, ask, f"I don't know, nobody has {missing}.", "I don't know")


def _stranger(a: Asker) -> str | None:
    """Somebody who has not spoken: often one who was talked about."""
    heard = {f.data.get("who") for f in a.facts}
    told = " ".join(f.percept.text for f in a.facts)
    # `Anna says so` in another system's words counts as speech, so that such days name others only.
    about = (
        [] if has_other_logs(a) else [n for n in words.split(words.NAMES, a.held_out) if re.search(rf"\b{n}\b", told)]
    )
    pool = [n for n in about if n not in heard]
    who = a.rng.choice(pool) if pool and a.rng.random() < 0.6 else Values(a.rng, a.held_out).name()
    return None if who in heard or (who in told and who not in pool) else who


def quote(a: Asker) -> Question | None:
    """Somebody who said nothing."""
    who = _stranger(a)
    if who is None:
        return None
    ask = a.choose(
        [f"What did {who} say?", f"What did {who} say last?", f"Did {who} say anything?", f"When did {who} speak?",
         f"What has {who} said?", f"Where did {who} speak?", f"How often did {who} speak?", f"What did {who} tell us?",
         f"What was the last thing {who} said?", f"Has {who} said anything?", f"Did you hear {who}?",
         f"What did you hear from {who}?", f"Repeat what {who} said.", f"Tell me what {who} said.",
         f"Any word from {who}?", f"What did {who} say first?", f"What did {who} just say?", f"Quote {who}.",
         f"What was it that {who} said?", f"Has {who} spoken?", f"What does {who} think?"]
    )  # fmt: skip
    no = "No, " if ask.startswith(("Did", "Has", "Any")) else ""
    return _no("quote", ask, f"{no}I have not heard {who} say anything.", "have not heard")


def silence(a: Asker) -> Question | None:
    """Nobody said or wrote anything, at all or in some place or at some time."""
    r = a.rng.random()
    if not any(map(spoken, a.facts)) and not has_other_logs(a) and r < 0.7:
        ask = a.choose(
            ["What was said last?", "What did they say?", "Who spoke last?", "What did you hear anybody say?",
             "Did anybody say anything?", "What are they talking about?", "Who is talking?", "Who said that?",
             "Repeat what was said.", "What was just said?", "Has anyone spoken?", "Did somebody speak?",
             "What did the voice say?", "Quote the last words."]
        )  # fmt: skip
        return _no("quote", ask, "I have not heard anybody say anything.", "have not heard")
    if r < 0.35 and not any(f.percept.kind == "text" for f in a.facts) and not has_other_logs(a):
        ask = a.choose(
            ["What was written last?", "What did somebody write?", "Read me the last message.", "Any messages?",
             "Is there a message?", "Did anybody write something?", "What does the message say?", "Have I got mail?",
             "Are there any notes?"]
        )  # fmt: skip
        return _no("written", ask, "I have not seen a message.", "have not seen")
    if has_other_logs(a):
        return None
    place = a.rng.choice(a.day.sources).replace("-", " ").replace("_", " ")
    where = where_is(place)
    if r < 0.65:
        if not where or any(spoken(f) and f.place == place for f in a.facts):
            return None
        ask = a.choose(
            [f"What was said{where}?", f"What did they say{where}?", f"Did anybody speak{where}?",
             f"Who spoke{where}?", f"What did you hear anybody say{where}?", f"Who was talking{where}?",
             f"What is being talked about{where}?"]
        )  # fmt: skip
        return _no("quote", ask, f"I have not heard anybody speak{where}.", "have not heard")
    clock = a.rng.choice([f.clock for f in a.facts] or ["03:15"])
    if any(spoken(f) and f.clock == clock for f in a.facts):
        return None
    ask = a.choose([f"What was said at {clock}?", f"Who spoke at {clock}?", f"What did somebody say at {clock}?",
                    f"What did they say at {clock}?", f"Which words fell at {clock}?"])  # fmt: skip
    return _no("quote", ask, f"I have not heard anybody speak at {clock}.", "have not heard")


_NAMEABLE = ("thing", "thing", "appointment", "coded", "device", "visitor", "person", "document")


def unmentioned(a: Asker) -> Question | None:
    """Something that never came up."""
    values = Values(a.rng, a.held_out)
    topic = values.of(
        a.rng.choice(["thing", "thing", "appointment", "coded", "device", "visitor", "person", "document"])
    )
    last = topic.split(" ")[-1].lower()
    if any(topic.lower() in f.line.lower() or last in f.line.lower() for f in a.facts):
        return None
    thing = the(topic)
    ask, yes = a.rng.choice(
        [(a.choose([f"Who talked about {thing}?", f"Who mentioned {thing}?", f"Who asked about {thing}?",
                    f"Who said something about {thing}?", f"What was said about {thing}?",
                    f"What did they say about {thing}?", f"What about {thing}?", f"When was {thing} mentioned?",
                    f"When did somebody mention {thing}?", f"What do you know about {thing}?",
                    f"How long ago was {thing} mentioned?", f"Who spoke of {thing}?",
                    f"Tell me about {thing}."]), False),
         (a.choose([f"Did anybody mention {thing}?", f"Has anyone talked about {thing}?", f"Did {thing} come up?",
                    f"Was {thing} mentioned?", f"Did somebody ask for {thing}?", f"Was there any talk of {thing}?"]),
          True)]
    )  # fmt: skip
    if yes:
        return _no("mentioned", ask, f"No, I have not heard anybody mention {thing}.", "have not heard")
    return _no("mentioned", ask, f"I don't know, nobody has mentioned {thing}.", "I don't know")


def said_about(a: Asker) -> Question | None:
    """Somebody who did speak, but not about this."""
    i = a.some(named)
    if i is None or has_other_logs(a):
        return None
    who, topic = a.facts[i].data["who"], Values(a.rng, a.held_out).of("thing")
    if a.rng.random() < 0.5:
        others = [f.data["topic"] for f in a.facts if f.data.get("topic") and f.data.get("who") != who]
        topic = a.rng.choice(others or [topic])
    mine = " ".join(f.line.lower() for f in a.facts if f.data.get("who") == who)
    if topic.startswith("the speaker") or topic.lower() in mine or any(p in mine for p in topic.lower().split("'s ")):
        return None
    if any(f.data.get("topic") == topic and f.data.get("who") == who for f in a.facts):
        return None
    thing = the(topic)
    ask = a.choose(
        [f"What did {who} say about {thing}?", f"What did {who} tell us about {thing}?",
         f"Did {who} mention {thing}?", f"When did {who} talk about {thing}?", f"Has {who} mentioned {thing}?",
         f"What does {who} say about {thing}?", f"What were {who}'s words about {thing}?"]
    )  # fmt: skip
    no = "No, " if ask.startswith(("Did", "Has")) else ""
    return _no("about", ask, f"{no}I have not heard {who} say anything about {thing}.", "have not heard")


MAKERS: Sequence[tuple[Callable[[Asker], Question | None], float]] = (
    (claim, 34), (quote, 10), (silence, 8), (unmentioned, 9), (said_about, 6),
)  # fmt: skip
"""Makers of questions about speech without an answer, with their weights."""
