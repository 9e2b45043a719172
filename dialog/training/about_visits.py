"""Questions about who or what came, went, stayed and moved."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from dialog.training.asking import Asker, Question, cap, clock_list, it, past, plural, says_yes, where_is
from dialog.training.days import Fact
from dialog.training.wordings_visits import (
    ARRIVED,
    CAME,
    FIRST,
    FIRST_OF_ALL,
    LEFT,
    MOVES,
    SIDE,
    STAYS,
    STILL,
    TIMES,
    TIMES_HEARD,
    TIMES_LEFT,
    WHO_CAME,
    WHO_LEFT,
)

A_PERSON = re.compile(r"any(one|body)|some(one|body)|person|visit|face|human|soul")
"""Words of a question that can only mean a person."""


def report(f: Fact) -> str:
    """`a dog entered from the left at 14:03 in the hall.`"""
    return f"{past(f.percept.text)} at {f.clock}{where_is(f.place)}."


def newest_visit(a: Asker) -> Question | None:
    """Who or what came or left last."""
    what = a.rng.choice(["enters", "enters", "leaves"])
    i = a.some(lambda f: f.what == what)
    if i is None:
        return None
    place = a.facts[i].place
    named = a.rng.random() < 0.5
    i = a.last(lambda f: f.what == what and (not named or f.place == place))
    assert i is not None
    if a.vague(i):
        return None
    ask = a.fill(WHO_CAME if what == "enters" else WHO_LEFT, where=a.where(place) if named else "")
    f = a.facts[i]
    if f.data["noun"] != "person" and A_PERSON.search(ask):
        return None
    yes = "Yes, " if says_yes(ask) else ""
    answer = yes + (report(f) if yes else cap(report(f)))
    return Question(what, ask, answer, (f.data["noun"].removeprefix("some"), f.clock), (i,))


def visit(a: Asker) -> Question | None:
    """When or whether one kind of thing came or left."""
    what = a.rng.choice(["enters", "enters", "leaves"])
    i = a.some(lambda f: f.what == what)
    if i is None:
        return None
    noun, place = a.facts[i].data["noun"], a.facts[i].place
    named = a.rng.random() < 0.35
    i = a.last(lambda f: f.what == what and f.data["noun"] == noun and (not named or f.place == place))
    assert i is not None
    if a.vague(i):
        return None
    ask = a.fill(CAME if what == "enters" else LEFT, it=it(noun), noun=noun, nouns=plural(noun),
                 where=a.where(place) if named else "", gone2=a.pick(*ARRIVED), came2=a.pick(*ARRIVED))  # fmt: skip
    f = a.facts[i]
    yes = says_yes(ask) or ask.lower().startswith(noun)
    answer = "Yes, " + report(f) if yes else cap(report(f))
    return Question(what, ask, answer, (noun.removeprefix("some"), f.clock), (i,))


def side(a: Asker) -> Question | None:
    """From which side it came."""
    i = a.some(lambda f: f.what == "enters" and f.data["side"] != "middle")
    if i is None:
        return None
    noun = a.facts[i].data["noun"]
    i = a.last(lambda f: f.what == "enters" and f.data["noun"] == noun)
    assert i is not None
    f = a.facts[i]
    if f.data["side"] == "middle" or a.vague(i):
        return None
    ask = a.fill(SIDE, it=it(noun) if a.rng.random() < 0.4 else f"the {noun.removeprefix('some')}", where="")
    answer = f"From the {f.data['side']}, at {f.clock}{where_is(f.place)}."
    return Question("side", ask, answer, (f"from the {f.data['side']}", f.clock), (i,))


def _coming(noun: str) -> Callable[[Fact], bool]:
    return lambda f: f.what == "enters" and f.data["noun"] == noun


def first_last(a: Asker) -> Question | None:
    """The first or the last of its kind, or of all."""
    what = a.rng.choice(["enters", "enters", "leaves"])
    i = a.some(lambda f: f.what == what)
    if i is None or a.vague():
        return None
    noun = a.facts[i].data["noun"]
    all_kinds = a.rng.random() < 0.4
    found = a.all(lambda f: f.what == what and (all_kinds or f.data["noun"] == noun))
    first = a.rng.random() < 0.65
    f = a.facts[i := found[0] if first else found[-1]]
    nth = "first" if first else "last"
    forms = [w.replace("{nth}", nth) for w in (FIRST_OF_ALL if all_kinds else FIRST)]
    if what == "leaves":
        forms = [w.replace("{came}", "{left}").replace("{come}", "{leave}") for w in forms]
    ask = a.fill(forms, noun=noun, it=it(noun))
    return Question(f"{nth} {what}", ask, cap(report(f)), (f.data["noun"].removeprefix("some"), f.clock), (i,))


def times(a: Asker) -> Question | None:
    """How many times something happened: the clocks first, then their number."""
    what = a.rng.choice(["enters", "enters", "leaves", "sound"])
    name = "sound" if what == "sound" else "noun"
    i = a.some(lambda f: f.what == what and name in f.data)
    if i is None or a.vague():
        return None
    thing, place = a.facts[i].data[name], a.facts[i].place
    named = a.rng.random() < 0.35
    found = a.all(lambda f: f.what == what and f.data.get(name) == thing and (not named or f.place == place))
    if len(found) > 5 or thing == "something":
        return None
    forms = {"enters": TIMES, "leaves": TIMES_LEFT, "sound": TIMES_HEARD}[what]
    heard = what == "sound"
    ask = a.fill(forms, it=thing if heard else it(thing), nouns="" if heard else plural(thing),
                 where=a.where(place) if named else "")  # fmt: skip
    number = {1: "once", 2: "twice"}.get(len(found), f"{len(found)} times")
    clocks = [a.facts[i].clock for i in found]
    return Question("times", ask, f"At {clock_list(clocks)}, so {number}.", (*clocks, number), tuple(found))


def still(a: Asker) -> Question | None:
    """Whether a thing is still there."""
    i = a.some(lambda f: f.what in ("enters", "leaves") and f.data["noun"] != "something")
    if i is None:
        return None
    noun, place = a.facts[i].data["noun"], a.facts[i].place
    named = a.rng.random() < 0.3

    def about(f: Fact) -> bool:
        return f.data.get("noun") == noun and (not named or f.place == place)

    came_or_went = a.last(lambda f: f.what in ("enters", "leaves") and about(f))
    newest = a.last(lambda f: f.what in ("enters", "leaves", "count", "stays", "moves") and about(f))
    assert came_or_went is not None and newest is not None
    f, g = a.facts[came_or_went], a.facts[newest]
    if a.vague(came_or_went) or (g.what == "count" and (g.data["n"] == "0") != (f.what == "leaves")):
        return None
    # Where another of its kind may have been left behind, nobody can tell.
    if f.what == "leaves" and g.what in ("stays", "moves"):
        return None
    ask = a.fill(STILL, noun=noun, here=a.pick("there", "here", "there now", "about", "there at present", "in there"),
                 where=a.where(place) if named else "")  # fmt: skip
    low = ask.lower()
    gone = any(word in low for word in (" gone", "has the", " again")) and "stayed" not in low
    here = f.what == "enters"
    yes = "Yes" if here != gone else "No"
    told = f"{past(f.percept.text)} at {f.clock}"
    if here:
        return Question("still", ask, f"{yes}, {told} and has not left.", (yes, f.clock), (came_or_went,))
    return Question("still", ask, f"{yes}, {told}.", (yes, f.clock), (came_or_went,))


def stays(a: Asker) -> Question | None:
    """How long a thing has stayed, where a percept says so."""
    i = a.some(lambda f: f.what == "stays" or (f.what == "leaves" and " after " in f.percept.text))
    if i is None or a.facts[i].data["noun"] == "something":
        return None
    noun = a.facts[i].data["noun"]
    i = a.last(lambda f: f.what in ("stays", "leaves") and f.data["noun"] == noun)
    assert i is not None
    f = a.facts[i]
    if f.what == "leaves":
        if " after " not in f.percept.text:
            return None
        duration = f.percept.text.rsplit(" after ", 1)[1]
        forms: Sequence[str] = [form for form in STAYS if "has" not in form]
        ask = a.fill(forms, noun=noun, where=a.rng.choice(["", a.where(f.place)]))
        return Question("stays", ask, f"{cap(duration)}, {report(f)}", (duration,), (i,))
    forms = [form for form in STAYS if "left" not in form]
    ask = a.fill(forms, noun=noun, where=a.rng.choice(["", a.where(f.place)]))
    answer = f"At {f.clock} it had stayed for {f.data['duration']}."
    return Question("stays", ask, answer, (f.data["duration"],), (i,))


def moves(a: Asker) -> Question | None:
    """Where in the picture a thing is."""
    i = a.some(lambda f: f.what in ("moves", "stays") and f.data["noun"] != "something")
    if i is None:
        return None
    noun = a.facts[i].data["noun"]
    i = a.last(lambda f: f.data.get("noun") == noun and f.what in ("moves", "stays", "enters", "leaves"))
    assert i is not None
    f = a.facts[i]
    if f.what == "moves":
        ask = a.fill(MOVES, noun=noun)
        yes = "Yes, " if says_yes(ask) else ""
        told = f"the {noun} moved from the {f.data['start']} to the {f.data['end']} at {f.clock}{where_is(f.place)}."
        return Question("moves", ask, yes + told if yes else cap(told), (f"to the {f.data['end']}",), (i,))
    if f.what != "stays":
        return None
    ask = a.fill([m for m in MOVES if " is " in m], noun=noun)
    spot = f.percept.text.split(" has stayed ", 1)[1].split(" for ")[0]
    return Question("moves", ask, f"{cap(spot)}, {f.percept.text} at {f.clock}{where_is(f.place)}.", (spot,), (i,))


MAKERS: Sequence[tuple[Callable[[Asker], Question | None], float]] = (
    (newest_visit, 8), (visit, 10), (side, 3), (first_last, 4), (times, 5), (still, 4), (stays, 4), (moves, 3),
)  # fmt: skip
"""Who makes such questions, and how often."""
