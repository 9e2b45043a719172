"""Questions about percepts that were merged: coarse answers about an hour or so."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from dialog.training import wordings_foreign as ways
from dialog.training.asking import Asker, Question, cap, where_is
from dialog.training.facts import Fact
from dialog.training.merged import times
from streams import wording

Maker = Callable[[Asker], Question | None]

HOURS = ("twelve", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven")

CAME = ("came", "entered", "arrived", "came in", "appeared", "turned up", "showed up", "walked in")

LEFT = ("left", "went out", "went away", "departed", "disappeared", "walked off", "headed off")

EARLIER = (
    "earlier", "at the beginning", "before that", "in the first part of the record", "early on", "at the start",
    "in the beginning", "in the earlier part",
)  # fmt: skip


def _span(f: Fact) -> str:
    return f"between {f.data['since']} and {f.data['until']}"


def _asked_span(a: Asker, f: Fact) -> str:
    """The span as somebody may ask for it."""
    since, until = f.data["since"], f.data["until"]
    forms = [f"between {since} and {until}", f"from {since} to {until}", f"between {since} and {until}"]
    if since.endswith(":00") and until.endswith(":00"):
        first, last = int(since[-5:-3]), int(until[-5:-3])
        forms += [f"between {HOURS[first % 12]} and {HOURS[last % 12]}", f"from {first} to {last} o'clock"]
    return a.rng.choice(forms)


def _one(a: Asker, test: Callable[[Fact], bool]) -> tuple[int, str, str] | None:
    """A merged fact, how to ask for its time, and its place if the time alone is not enough."""
    i = a.some(lambda f: f.what == "consolidated" and test(f))
    if i is None:
        return None
    f = a.facts[i]
    merged = a.all(lambda g: g.what == "consolidated")
    where = where_is(f.place)
    if len(merged) == 1 and a.rng.random() < 0.4:
        return i, a.rng.choice(EARLIER), ""
    if " " in a.day.now and " " not in f.data["since"]:
        return None  # of an earlier date: who names a clock time alone means today
    alike = [j for j in merged if a.facts[j].data["since"] == f.data["since"]]
    if len(alike) > 1 and not where:
        return None
    return i, _asked_span(a, f), where if len(alike) > 1 or a.rng.random() < 0.3 else ""


def _slots(when: str, where: str) -> dict[str, str]:
    return {"when": when, "When": cap(when), "where": where}


def passed(a: Asker) -> Question | None:
    """How many entered or left."""
    found = _one(a, lambda f: any(key.startswith(("entered ", "left ")) for key in f.data))
    if found is None:
        return None
    i, slots = found[0], _slots(*found[1:])
    f = a.facts[i]
    key = a.rng.choice([key for key in f.data if key.startswith(("entered ", "left "))])
    verb, noun = key.split(" ", 1)
    counted = wording.plural(int(f.data[key]), noun)
    many = wording.plural(2, noun)[2:]
    do, gone = ("enter", "come in") if verb == "entered" else ("leave", "gone")
    came = a.choose(CAME if verb == "entered" else LEFT)
    ask = a.fill(ways.PASSED, many=many, came=came, gone=gone, verb=verb, do=do, **slots)
    answer = f"{cap(counted)} {verb} {_span(f)}{where_is(f.place)}."
    return Question("merged count", ask, answer, (counted,), (i,))


def talked(a: Asker) -> Question | None:
    """Whether and how often somebody spoke."""
    found = _one(a, lambda f: any(key.startswith("spoke ") for key in f.data))
    if found is None:
        return None
    i, slots = found[0], _slots(*found[1:])
    f = a.facts[i]
    key = a.rng.choice([key for key in f.data if key.startswith("spoke ")])
    who, often = key.removeprefix("spoke "), times(int(f.data[key]))
    ask = a.fill(ways.TALKED, who=who, **slots)
    yes = "" if re.search(r"\b(how|do you know)\b", ask.lower()) else "Yes, "
    return Question("merged talk", ask, f"{yes}{who} spoke {often} {_span(f)}{where_is(f.place)}.", (who, often), (i,))


def signs_read(a: Asker) -> Question | None:
    """Which sign was read."""
    found = _one(a, lambda f: "sign" in f.data)
    if found is None:
        return None
    i, slots = found[0], _slots(*found[1:])
    f = a.facts[i]
    ask = a.fill(ways.SIGN_READ, **slots)
    text = f.data["sign"]
    return Question("merged sign", ask, f'A sign read "{text}" {_span(f)}{where_is(f.place)}.', (text,), (i,))


def roughly(a: Asker) -> Question | None:
    """What happened in that time, roughly."""
    found = _one(a, lambda f: True)
    if found is None:
        return None
    i, when, where = found
    f = a.facts[i]
    part = _part_of_day(f)
    if part and len(a.all(lambda g: g.what == "consolidated")) == 1 and a.rng.random() < 0.3:
        when = part
    ask = a.fill(ways.ROUGHLY, **_slots(when, where))
    told = f.percept.text.removeprefix("in short, ")
    if len(told) > 220:
        return None
    end = "" if told.endswith('"') else "."
    return Question("merged summary", ask, f"{cap(_span(f))}{where_is(f.place)}: {told}{end}", (told,), (i,))


def _part_of_day(f: Fact) -> str:
    """`in the morning`, where the span lies within it."""
    first, last = (int(f.data[end][-5:-3]) for end in ("since", "until"))
    for name, start, end in (("in the morning", 6, 12), ("in the afternoon", 12, 18), ("in the evening", 18, 23)):
        if start <= first <= last <= end:
            return name
    return ""


MERGED_MAKERS: Sequence[tuple[Maker, float]] = ((passed, 8), (talked, 5), (signs_read, 3), (roughly, 6))
