"""Questions in words more general than the percepts: vehicle for a van, visitor for a person, at night for 23:47."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from dialog.training.about_time import HALF_DAY_S, event
from dialog.training.about_visits import report
from dialog.training.asking import Asker, Question, cap, plural, says_yes, where_is
from dialog.training.days import Fact
from dialog.training.refusals import mentioned, mentions, no
from dialog.training.wordings_visits import ARRIVED, CAME, LEFT, STAYS
from streams import wording

CLASSES: Mapping[str, tuple[str, ...]] = {
    "vehicle": ("car", "truck", "bus", "bicycle", "motorcycle", "van", "forklift", "trailer", "tractor", "scooter",
                "train", "boat", "taxi", "lorry", "ambulance", "tram", "moped", "excavator", "police car"),
    "animal": ("dog", "cat", "bird", "horse", "cow", "bear", "rabbit", "squirrel", "fox", "deer", "sheep", "goat",
               "duck", "hedgehog", "pigeon", "mouse"),
    "visitor": ("person",), "guest": ("person",), "human being": ("person",), "caller": ("person",),
}  # fmt: skip
"""General words, and what they mean among the things that come and go."""

EVERY = {"vehicle": ("motor vehicle", "vehicle"), "animal": ("animal", "pet", "creature", "beast")}
"""Other words for the same."""

KIND_OF = (
    "What kind of {noun} {came}{where}?", "Which {noun} {came}{where}?", "What sort of {noun} was it{where}?",
    "What {noun} was that{where}?", "What type of {noun} {came}{where}?", "Which kind of {noun} was {seen}{where}?",
    "What sort of {noun} did you {see}{where}?", "Tell me what kind of {noun} {came}{where}.",
    "Which {noun} did you {see}{where}?", "What {noun} {came} {last}{where}?", "Which {noun} was {seen}{where}?",
    "What kind of {noun} was there{where}?", "Which {noun} was in the {camera}{where}?",
)  # fmt: skip

AT_DAYTIME = (
    "Did {it} {come}{where} {part}?", "Was {it}{where} {part}?", "Was there {it}{where} {part}?",
    "Has {it} been{where} {part}?", "Did you {see} {it}{where} {part}?", "Any {noun}{where} {part}?",
    "{part}, did {it} {come}{where}?", "Did {it} show up{where} {part}?", "Did {it} stop by{where} {part}?",
    "When did {it} {come}{where} {part}?", "{time} did {it} {come}{where} {part}?", "Was {it} about{where} {part}?",
    "Did {it} turn up{where} {part}?", "Have you {seen} {it}{where} {part}?", "Did {it} drop in{where} {part}?",
)  # fmt: skip

ODD_NOISE = (
    "Did you hear anything {odd}{where}?", "Any {odd} noises{where}?", "Was there an {odd} noise{where}?",
    "Did you hear a noise{where}?", "Was there a noise{where}?", "Any noise{where}?", "What noise was that{where}?",
    "Did anything make a noise{where}?", "Have there been any noises{where}?", "Were there any {odd} sounds{where}?",
    "What was the noise{where}?", "Which noise did you hear {last}{where}?", "Any {odd} sounds{where}?",
    "Has there been an {odd} sound{where}?", "Did you hear anything {odd}{where} {part}?",
    "Was there an {odd} noise{where} {part}?", "Did you hear a noise{where} {part}?", "Any {odd} noises{where} {part}?",
    "Were there noises{where} {part}?",
)  # fmt: skip

BANG = (
    "Did you hear a bang{where}?", "Was there a bang{where}?", "Was there a loud noise{where}?", "Any bangs{where}?",
    "Any loud noise{where}?",
    "When was the bang{where}?", "When was the loud noise{where}?", "What was that bang{where}?",
    "Did something crash{where}?", "Did you hear a thud{where}?", "Was anything loud{where}?",
    "{time} was the bang{where}?", "Did it bang{where}?",
)  # fmt: skip

PARTS: Sequence[tuple[range, tuple[str, ...], tuple[str, ...]]] = (
    (range(5, 12), ("this morning", "in the morning"), ("in the morning", "yesterday morning", "that morning")),
    (range(12, 18), ("this afternoon", "in the afternoon"), ("in the afternoon", "yesterday afternoon")),
    (range(18, 22), ("this evening", "in the evening", "tonight"), ("in the evening", "yesterday evening")),
    (range(22, 29), ("at night", "in the night", "tonight"), ("during the night", "overnight", "last night",
                                                            "in the middle of the night", "at night")),
)  # fmt: skip
"""Hours of a part of the day; how it is named on that day, and on the next one."""


def _general(a: Asker, f: Fact) -> str | None:
    """A general word for what came or went."""
    found = [word for word, kinds in CLASSES.items() if f.data.get("noun") in kinds]
    if not found:
        return None
    word = a.rng.choice(found)
    return a.pick(*EVERY[word]) if word in EVERY and a.rng.random() < 0.3 else word


def _kinds(word: str) -> tuple[str, ...]:
    return next(CLASSES[name] for name in CLASSES if word == name or word in EVERY.get(name, ()))


def _one(a: Asker, what: str) -> tuple[str, int, str] | None:
    """A general word, the newest fact that it means, and a place if one is to be named."""
    i = a.some(lambda f: f.what == what and _general(a, f) is not None)
    word = None if i is None else _general(a, a.facts[i])
    if i is None or word is None:
        return None
    place = a.facts[i].place
    named = a.rng.random() < 0.4 and bool(where_is(place))
    i = a.last(lambda f: f.what == what and f.data["noun"] in _kinds(word) and (not named or f.place == place))
    assert i is not None
    return None if a.vague(i) else (word, i, a.where(place) if named else "")


def general_visit(a: Asker) -> Question | None:
    """Whether and when something of a class came or left, and what it was."""
    what = a.rng.choice(["enters", "enters", "leaves"])
    found = _one(a, what)
    if found is None:
        return None
    word, i, where = found
    f = a.facts[i]
    if what == "enters" and len(_kinds(word)) > 1 and a.rng.random() < 0.3:
        ask = a.fill(KIND_OF, noun=word, where=where)
    else:
        forms = CAME if what == "enters" else LEFT
        ask = a.fill(forms, it=wording.article(word), noun=word, nouns=plural(word), where=where,
                     gone2=a.pick(*ARRIVED), came2=a.pick(*ARRIVED))  # fmt: skip
    yes = says_yes(ask) or ask.lower().startswith(word)
    answer = "Yes, " + report(f) if yes else cap(report(f))
    return Question(what, ask, answer, (f.data["noun"], f.clock), (i,))


def general_stay(a: Asker) -> Question | None:
    """How long the visitor or the vehicle stayed."""
    found = _one(a, "leaves")
    if found is None or " after " not in a.facts[found[1]].percept.text:
        return None
    word, i, where = found
    f = a.facts[i]
    duration = f.percept.text.rsplit(" after ", 1)[1]
    ask = a.fill([form for form in STAYS if "has" not in form], noun=word, where=where)
    return Question("stays", ask, f"{cap(duration)}, {report(f)}", (duration,), (i,))


def _when(a: Asker, i: int) -> tuple[str, range]:
    """The day, as clocks write it, and the part of it in which something was."""
    day, _, time = a.facts[i].clock.rpartition(" ")
    hour = int(time.split(":")[0])
    return day, next(hours for hours, _, _ in PARTS if hour in hours or hour + 24 in hours)


def _part(a: Asker, i: int) -> str | None:
    """The part of the day in which it was, as it is named now; None where that is long ago, or where clocks tell how
    long a recording has run."""
    f = a.facts[i]
    same_day = f.clock.split()[:-1] == a.day.now.split()[:-1]
    if not a.wall or (not same_day and a.seconds_ago(i) > 2 * HALF_DAY_S):
        return None
    hour = int(f.clock.split()[-1].split(":")[0])
    _, today, later = next(part for part in PARTS if hour in part[0] or hour + 24 in part[0])
    return a.pick(*(today if same_day and hour >= 5 else later))


def at_daytime(a: Asker) -> Question | None:
    """Whether it came in the morning, in the evening, at night."""
    i = a.some(lambda f: f.what == "enters" and f.data["noun"] != "something")
    if i is None or a.vague():
        return None
    noun, place = a.facts[i].data["noun"], a.facts[i].place
    word = (_general(a, a.facts[i]) if a.rng.random() < 0.4 else None) or noun
    kinds = (noun,) if word == noun else _kinds(word)
    named = a.rng.random() < 0.5 and bool(where_is(place))
    came = a.all(lambda f: f.what == "enters" and f.data["noun"] in kinds and (not named or f.place == place))
    i = a.rng.choice(came)
    part = _part(a, i)
    if part is None:
        return None
    # The last one of that part of the day, not of the whole day.
    i = max(j for j in came if j >= i and _when(a, j) == _when(a, i))
    f = a.facts[i]
    it = a.pick("anyone", "somebody", "anybody", "a person") if word == "person" else wording.article(word)
    forms = [form for form in AT_DAYTIME if named or not re.search(r"(Was|Has) \{it\}( been)?\{", form)]
    ask = cap(a.fill(forms, it=it, noun=word, where=a.where(place) if named else "", part=part))
    yes = "Yes, " if says_yes(ask) else ""
    answer = yes + (report(f) if yes else cap(report(f)))
    return Question("enters", ask, answer, (noun if word == noun else f.data["noun"], f.clock), (i,))


def odd_noise(a: Asker) -> Question | None:
    """The newest sound, asked for as a noise."""
    i = a.last(lambda f: f.what in ("sound", "loud"))
    if i is None or a.vague(i):
        return None
    named = a.rng.random() < 0.4 and bool(where_is(a.facts[i].place))
    odd = a.pick("odd", "unusual", "strange", "weird", "suspicious", "peculiar")
    part = _part(a, i)
    forms = [form for form in ODD_NOISE if part is not None or "{part}" not in form]
    if a.facts[i].what == "loud" and a.rng.random() < 0.5:
        forms = list(BANG)
    ask = a.fill(forms, odd=odd, where=a.where(a.facts[i].place) if named else "", part=part or "")
    ask = re.sub(r"\ban (?=[^aeiou])", "a ", ask)
    found = event("sound", a, ask, i)
    # That it was heard is said in either tense.
    return replace(found, keys=tuple(key.removesuffix(" is heard") for key in found.keys))


def nothing_general(a: Asker) -> Question | None:
    """Nothing of a class was seen."""
    word = a.rng.choice([*CLASSES, *EVERY["animal"], *EVERY["vehicle"]])
    names = ("person", "people", "nobody", "somebody", "face") if _kinds(word) == ("person",) else _kinds(word)
    if mentioned(a, word, *names) or a.vague():
        return None
    forms = a.rng.choice([CAME, LEFT, KIND_OF])
    ask = a.fill(forms, it=wording.article(word), noun=word, nouns=plural(word), where="", gone2=a.pick(*ARRIVED),
                 came2=a.pick(*ARRIVED))  # fmt: skip
    return no("visit", ask, f"I have not seen {wording.article(word)}.")


def not_at_daytime(a: Asker) -> Question | None:
    """It did come, but not in that part of the day."""
    i = a.some(lambda f: f.what == "enters" and f.data["noun"] != "something")
    if i is None or a.vague() or not a.wall:
        return None
    noun = a.facts[i].data["noun"]
    word = (_general(a, a.facts[i]) if a.rng.random() < 0.4 else None) or noun
    names = ("person", "people", "body", "face") if noun == "person" else (noun,) if word == noun else _kinds(word)
    day, _, now = a.day.now.rpartition(" ")
    begun = [hours for hours, _, _ in PARTS[:3] if int(now.split(":")[0]) >= hours.start]
    free = [
        h
        for h in begun
        if not any(_when(a, j) == (day, h) and mentions(a.facts[j], *names) for j in range(len(a.facts)))
    ]
    if not free:
        return None
    hours = a.rng.choice(free)
    part = next(today[0] for h, today, _ in PARTS if h == hours)
    it = a.pick("anyone", "somebody", "anybody", "a person") if word == "person" else wording.article(word)
    forms = [form for form in AT_DAYTIME if not re.search(r"(Was|Has) \{it\}( been)?\{", form)]
    ask = cap(a.fill(forms, it=it, noun=word, where="", part=part))
    seen = "anybody" if it in ("anyone", "somebody", "anybody") else it
    return no("visit", ask, f"I have not seen {seen} {part}.")


MAKERS: Sequence[tuple[Callable[[Asker], Question | None], float]] = (
    (general_visit, 10), (general_stay, 4), (at_daytime, 6), (odd_noise, 2),
)  # fmt: skip
"""Who makes such questions, and how often."""

REFUSALS: Sequence[tuple[Callable[[Asker], Question | None], float]] = ((nothing_general, 1), (not_at_daytime, 1))
"""The same for questions without an answer."""
