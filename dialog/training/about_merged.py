"""Questions about percepts that were merged: coarse answers about an hour or so."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from dialog.training.asking import Asker, Question, cap, where_is
from dialog.training.facts import Fact
from dialog.training.merged import times
from streams import wording

Maker = Callable[[Asker], Question | None]

HOURS = ("twelve", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven")


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
        return i, a.rng.choice(["earlier", "at the beginning", "before that", "in the first part of the record"]), ""
    alike = [j for j in merged if a.facts[j].data["since"] == f.data["since"]]
    if len(alike) > 1 and not where:
        return None
    return i, _asked_span(a, f), where if len(alike) > 1 or a.rng.random() < 0.3 else ""


def passed(a: Asker) -> Question | None:
    """How many entered or left."""
    found = _one(a, lambda f: any(key.startswith(("entered ", "left ")) for key in f.data))
    if found is None:
        return None
    i, when, where = found
    f = a.facts[i]
    key = a.rng.choice([key for key in f.data if key.startswith(("entered ", "left "))])
    verb, noun = key.split(" ", 1)
    counted = wording.plural(int(f.data[key]), noun)
    many = wording.plural(2, noun)[2:]
    do = "enter" if verb == "entered" else "leave"
    came = a.choose(
        ["came", "entered", "arrived", "came in"] if verb == "entered" else ["left", "went out", "went away"]
    )
    ask = a.choose(
        [f"How many {many} {came}{where} {when}?", f"How many {many} {verb}{where} {when}?",
         f"How many {many} did you see {do}{where} {when}?", f"Count the {many} that {came}{where} {when}.",
         f"Did any {many} {do}{where} {when}?", f"What is the number of {many} that {came} {when}{where}?",
         f"Tell me how many {many} {came} {when}{where}.", f"{cap(when)}, how many {many} {came}{where}?",
         f"Roughly how many {many} {came} {when}{where}?", f"Do you know how many {many} {came} {when}{where}?",
         f"Were there {many} that {came} {when}{where}?", f"About how many {many} {verb} {when}{where}?",
         f"How many {many} {came} {when}{where}, all in all?", f"Was it true that {many} {came} {when}{where}?",
         f"I need the number of {many} that {verb} {when}{where}."]
    )  # fmt: skip
    answer = f"{cap(counted)} {verb} {_span(f)}{where_is(f.place)}."
    return Question("merged count", ask, answer, (counted,), (i,))


def talked(a: Asker) -> Question | None:
    """Whether and how often somebody spoke."""
    found = _one(a, lambda f: any(key.startswith("spoke ") for key in f.data))
    if found is None:
        return None
    i, when, where = found
    f = a.facts[i]
    key = a.rng.choice([key for key in f.data if key.startswith("spoke ")])
    who, often = key.removeprefix("spoke "), times(int(f.data[key]))
    ask = a.choose(
        [f"Did {who} speak{where} {when}?", f"How often did {who} speak{where} {when}?",
         f"Was {who} heard{where} {when}?", f"Did you hear {who}{where} {when}?", f"Did {who} say something {when}?",
         f"How many times did {who} speak {when}{where}?", f"Did {who} say anything {when}{where}?",
         f"Was {who} talking {when}?", f"{cap(when)}, did {who} talk{where}?", f"Has {who} spoken {when}{where}?",
         f"How much did {who} talk {when}?", f"Do you know if {who} spoke {when}?", f"Have you heard {who} {when}?",
         f"Could {who} be heard {when}{where}?"]
    )  # fmt: skip
    yes = "" if ask.startswith(("How", "Do you")) else "Yes, "
    return Question("merged talk", ask, f"{yes}{who} spoke {often} {_span(f)}{where_is(f.place)}.", (who, often), (i,))


def signs_read(a: Asker) -> Question | None:
    """Which sign was read."""
    found = _one(a, lambda f: "sign" in f.data)
    if found is None:
        return None
    i, when, where = found
    f = a.facts[i]
    ask = a.choose(
        [f"What did the sign{where} say {when}?", f"Which sign did you see{where} {when}?",
         f"What was written{where} {when}?", f"Was there a sign{where} {when}?", f"Did you read a sign{where} {when}?",
         f"{cap(when)}, what did the sign{where} say?", f"Which sign was there{where} {when}?",
         f"What did you read{where} {when}?", f"What text was seen{where} {when}?",
         f"Did you see a sign{where} {when}?",
         f"What stood on the sign{where} {when}?", f"Tell me the sign that was seen{where} {when}.",
         f"Any sign{where} {when}?", f"What could be read{where} {when}?"]
    )  # fmt: skip
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
    ask = a.choose(
        [f"What happened{where} {when}?", f"What was going on{where} {when}?", f"Roughly what happened{where} {when}?",
         f"Sum up what happened{where} {when}.", f"What was there{where} {when}?", f"Was it busy{where} {when}?",
         f"{cap(when)}, what happened{where}?", f"Give me a summary of what was{where} {when}.",
         f"What do you remember of what happened{where} {when}?", f"Did anything happen{where} {when}?",
         f"What did I miss{where} {when}?", f"Tell me what went on{where} {when}.", f"What took place{where} {when}?",
         f"How was it{where} {when}?", f"What do you have{where} {when}?"]
    )  # fmt: skip
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
