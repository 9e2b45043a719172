"""Questions about speech whose answer a made-up day does not hold."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from dialog.training import wordings_quotes as ways
from dialog.training import wordings_speech as about_ways
from dialog.training import words
from dialog.training.about_quotes import has_other_logs
from dialog.training.asking import Asker, Question, says_yes, where_is
from dialog.training.claim_sorts import Sort, fill, slots_of, the
from dialog.training.claim_values import Values
from dialog.training.speech_asking import ask_for, named, spoken, thing_slots
from dialog.training.utterances import SORTS, topic_slots

NEAR: Sequence[frozenset[str]] = tuple(
    frozenset(names.split(";"))
    for names in (
        "person place;seat;holiday;trip;coming;leaving;address;hometown;own flight;parking",
        "food;dislike;allergy;drink",
        "errand;duty;job;relation;allowed;forbidden;medicine;hobby", "train;delay;platform", "flight;gate",
        "mood;allergy",
        "place;owner;shelf;stock;run out;expires;price", "when;venue;opens;closes;deadline", "ready;drink;coming",
        "code;numbered;serial;parcel code;phone", "coming;leaving;first day;hours", "price;budget;debt", "model;serial",
    )
)  # fmt: skip
"""Groups of sorts of which one may half answer a question for another."""

TOLD = (
    "What did {who} tell us?", "What does {who} think?", "What does {who} say?", "What is {who} saying?",
    "What is {who} talking about?", "What did {who} talk about?", "What did {who} want?", "Is {who} talking?",
    "What is on {who}'s mind?", "What news does {who} have?", "What was {who} talking about?",
    "Did {who} tell you anything?",
)  # fmt: skip

SPEAKING_AT = (
    "Did anybody speak{where}?", "Who spoke{where}?", "What did you hear anybody say{where}?",
    "Who was talking{where}?", "Who was speaking{where}?", "Who is talking{where}?", "Who spoke last{where}?",
    "Did anyone say anything{where}?", "Has anybody spoken{where}?", "Was anybody talking{where}?",
    "Did you hear a voice{where}?", "Any voices{where}?", "Any talk{where}?", "Whom did you hear{where}?",
    "Whose voice was that{where}?", "Is anybody talking{where}?",
)  # fmt: skip

TALKED_ABOUT = (
    "Did {who} mention {thing}?", "When did {who} talk about {thing}?", "When did {who} mention {thing}?",
    "Did {who} talk about {thing}?", "Has {who} talked about {thing}?", "When did {who} bring up {thing}?",
    "Did {who} bring up {thing}?", "Has {who} said anything about {thing}?", "How often did {who} mention {thing}?",
    "Did {who} say a word about {thing}?",
)  # fmt: skip


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


def of_speaker(a: Asker) -> Question | None:
    """Something about somebody who did speak, or was talked about, but of whom this is not known."""
    people = [f.data["who"] for f in a.facts if named(f)]
    people += [
        f.data["person"] for f in a.facts if f.what == "says" and f.data.get("person", "the speaker") in words.NAMES
    ]
    sorts = [name for name, sort in SORTS.items() if slots_of(sort.topic) == ("person",)]
    # Often what is known of somebody else.
    known = [f.data["sort"] for f in a.facts if f.what == "says" and f.data.get("sort") in sorts]
    if known and a.rng.random() < 0.6:
        sorts = known
    return _unknown(a, SORTS[a.rng.choice(sorts)], {"person": a.rng.choice(people)}) if people else None


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
    return _unknown(a, sort, slots)


def _unknown(a: Asker, sort: Sort, slots: dict[str, str]) -> Question | None:
    """A question about what these values name, if nothing that was said answers it."""
    values = Values(a.rng, a.held_out)
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
    forms = a.rng.choices(
        [ways.WORDS_OF, ways.DID_SPEAK, ways.WHEN_SPOKE, ways.WHERE_SPOKE, ways.HOW_OFTEN_SPOKE, ways.FIRST_WORDS,
         TOLD],
        [10, 5, 2, 2, 2, 1, 2],
    )[0]  # fmt: skip
    ask = a.fill(forms, who=who, say="say", verb="said", done="said")
    no = "No, " if says_yes(ask) else ""
    return _no("quote", ask, f"{no}I have not heard {who} say anything.", "have not heard")


def silence(a: Asker) -> Question | None:
    """Nobody said or wrote anything, at all or in some place or at some time."""
    r = a.rng.random()
    if not any(map(spoken, a.facts)) and not has_other_logs(a) and r < 0.7:
        lists = [ways.LAST_WORDS, ways.SPOKE_LAST, ways.ANY_VOICE, ways.SPEAKERS, ways.SPOKE_FIRST]
        ask = a.fill(a.rng.choices(lists, [6, 3, 3, 1, 1])[0])
        # Where there were sounds, `What did you hear?` may mean them.
        if re.search(r"you hea|we hea|was that\?", ask) and any(f.percept.kind == "sound" for f in a.facts):
            return None
        return _no("quote", ask, "I have not heard anybody say anything.", "have not heard")
    if r < 0.35 and not any(f.percept.kind == "text" for f in a.facts) and not has_other_logs(a):
        ask = a.fill(ways.MESSAGE)
        return _no("written", ask, "I have not seen a message.", "have not seen")
    if has_other_logs(a):
        return None
    place = a.rng.choice(a.day.sources).replace("-", " ").replace("_", " ")
    where = where_is(place)
    if r < 0.65:
        if not where or any(spoken(f) and f.place == place for f in a.facts):
            return None
        ask = a.fill(ways.AT_PLACE if a.rng.random() < 0.6 else SPEAKING_AT, where=where)
        return _no("quote", ask, f"I have not heard anybody speak{where}.", "have not heard")
    clock = a.rng.choice([f.clock for f in a.facts] or ["03:15"])
    if any(spoken(f) and f.clock == clock for f in a.facts):
        return None
    forms = ways.AT_CLOCK if a.rng.random() < 0.65 else ways.WHO_AT_CLOCK
    ask = a.fill(forms, clock=clock, say="say", verb="said", done="said", spoke="spoke")
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
    forms = a.rng.choices(
        [about_ways.MENTIONED, about_ways.WHO_MENTIONED, about_ways.ABOUT, about_ways.WHEN_MENTIONED,
         about_ways.WHO_ASKED, about_ways.AGO_MENTIONED],
        [8, 4, 5, 3, 2, 1],
    )[0]  # fmt: skip
    ask = a.fill(forms, **thing_slots(thing))
    yes = forms is not about_ways.ABOUT and says_yes(ask)
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
    forms = about_ways.ABOUT_BY if a.rng.random() < 0.8 else TALKED_ABOUT
    ask = a.fill(forms, who=who, say="say", verb="said", **thing_slots(thing))
    no = "No, " if says_yes(ask) else ""
    return _no("about", ask, f"{no}I have not heard {who} say anything about {thing}.", "have not heard")


MAKERS: Sequence[tuple[Callable[[Asker], Question | None], float]] = (
    (claim, 34), (of_speaker, 12), (quote, 10), (silence, 8), (unmentioned, 9), (said_about, 6),
)  # fmt: skip
"""Makers of questions about speech without an answer, with their weights."""
