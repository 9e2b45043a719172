"""Questions about what other systems told in their own words."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from dialog.training import wordings_foreign as ways
from dialog.training.about_merged import MERGED_MAKERS
from dialog.training.asking import Asker, Question, cap, says_yes, where_is
from dialog.training.facts import Fact
from streams.places import full_stop

Maker = Callable[[Asker], Question | None]


def _where(a: Asker, place: str) -> str:
    """The place for a question: named more often when there are several."""
    return where_is(place) if a.rng.random() < (0.25 if len(a.day.sources) == 1 else 0.55) else ""


def _told(f: Fact) -> str:
    """`A red car entered from the left at 14:03 at the gate.`"""
    return f"{cap(f.data['event'])} at {f.clock}{where_is(f.place)}."


def _newest(a: Asker, test: Callable[[Fact], bool]) -> int | None:
    """The newest foreign fact that passes, of a subject drawn at random."""
    i = a.some(lambda f: f.what == "foreign" and test(f))
    return None if i is None else a.last(lambda f: f.what == "foreign" and test(f) and _same(f, a.facts[i]))


def _same(one: Fact, other: Fact) -> bool:
    return one.data.get("subject") == other.data.get("subject")


def happened_when(a: Asker) -> Question | None:
    """When something told by another system happened."""
    i = a.some(lambda f: f.what == "foreign" and "event" in f.data)
    if i is None:
        return None
    event = a.facts[i].data["event"]
    i = a.last(lambda f: f.data.get("event") == event)
    assert i is not None
    f = a.facts[i]
    ask = a.fill(ways.EVENT_WHEN, event=event)
    if a.rng.random() < 0.3:
        return Question("foreign when", ask, f"At {f.clock}{where_is(f.place)}.", (f.clock,), (i,))
    return Question("foreign when", ask, _told(f), (f.clock,), (i,))


def saw(a: Asker) -> Question | None:
    """Whether, when and where somebody or something was seen."""
    i = _newest(a, lambda f: f.data["about"] in ("seen", "caption", "scored"))
    if i is None:
        return None
    f, it = a.facts[i], a.facts[i].data["subject"]
    where = _where(a, f.place)
    ask = a.fill(ways.SAW, it=it, where=where, where_or_here=where or " here")
    yes = "Yes, " if says_yes(ask) else ""
    told = _told(f)
    if yes and not f.data["event"][:1].isupper():
        told = told[:1].lower() + told[1:]
    return Question("foreign saw", ask, yes + told, (f.data["thing"], f.clock), (i,))


def what_of(a: Asker) -> Question | None:
    """What a thing or a person did."""
    i = _newest(a, lambda f: f.data["about"] in ("seen", "caption", "device", "scored", "several"))
    if i is None:
        return None
    thing = a.facts[i].data["thing"]
    who = thing if thing[:1].isupper() else thing if thing == "motion" else f"the {thing}"
    i = a.last(lambda f: f.data.get("thing") == thing)
    assert i is not None
    f = a.facts[i]
    if f.what != "foreign" or "event" not in f.data:
        return None
    ask = a.fill(ways.WHAT_OF, who=who)
    yes = "Yes, " if says_yes(ask) else ""
    told = _told(f)
    if yes and not f.data["event"][:1].isupper():
        told = told[:1].lower() + told[1:]
    return Question("foreign what", ask, yes + told, (thing, f.clock), (i,))


def colours(a: Asker) -> Question | None:
    """Which colour something had."""
    i = a.some(lambda f: f.data.get("attr") == "colour")
    if i is None:
        return None
    f = a.facts[i]
    of, thing, value = f.data["of"], f.data["thing"], f.data["value"]
    same = a.all(lambda g: g.data.get("of") == of and g.data.get("thing") == thing)
    i = same[-1]
    f = a.facts[i]
    value = f.data["value"]
    what = f"the {of}" if of == thing else f"the {thing}'s {of}"
    where = _where(a, f.place)
    if where and any(a.facts[j].place != f.place for j in same):
        where = where_is(f.place)
    ask = a.fill(ways.COLOUR, what=what, What=cap(what), where=where)
    answer = f"{cap(what)} was {value}, seen at {f.clock}{where_is(f.place)}."
    return Question("foreign colour", ask, answer, (value, f.clock), (i,))


def doors(a: Asker) -> Question | None:
    """Whether a door is open."""
    i = a.some(lambda f: f.data.get("about") == "opening")
    if i is None:
        return None
    thing, place = a.facts[i].data["thing"], a.facts[i].place
    several = len({f.place for f in a.facts if f.data.get("thing") == thing}) > 1
    where = where_is(place) if several else ""
    i = a.last(lambda f: f.data.get("about") == "opening" and f.data["thing"] == thing
               and (not several or f.place == place))  # fmt: skip
    assert i is not None
    f = a.facts[i]
    if several and not where:
        return None
    open_ = a.rng.random() < 0.6
    word, verb = ("open", "opened") if open_ else ("closed", "shut")
    ask = a.fill(ways.DOOR, thing=thing, Thing=cap(thing), where=where, word=word, verb=verb)
    told = _told(f)
    if " was " not in f.data["event"]:
        told = f"{told[:-1]}, so it is {f.data['value']}."
    return Question("foreign door", ask, told, (f.clock,), (i,))


def readings(a: Asker) -> Question | None:
    """What a sensor measured last."""
    i = a.some(lambda f: f.data.get("about") == "reading")
    if i is None:
        return None
    what, place = a.facts[i].data["thing"], a.facts[i].place
    several = len({f.place for f in a.facts if f.data.get("thing") == what}) > 1
    where = where_is(place) if several else ""
    if several and not where:
        return None
    i = a.last(lambda f: f.data.get("thing") == what and (not several or f.place == place))
    assert i is not None
    f = a.facts[i]
    ask = a.fill(ways.READING, what=what, What=cap(what), where=where)
    answer = f"The {what} was {f.data['value']} at {f.clock}{where_is(f.place)}."
    return Question("foreign reading", ask, answer, (f.data["value"], f.clock), (i,))


def seen_at(a: Asker) -> Question | None:
    """What was seen at one camera."""
    i = a.some(lambda f: f.what == "foreign" and f.data["about"] in ("seen", "caption", "several", "scored"))
    if i is None:
        return None
    place = a.facts[i].place
    i = a.last(lambda f: f.place == place and f.percept.kind in ("object", "scene", "count", "motion", "face"))
    assert i is not None
    f, where = a.facts[i], where_is(place)
    if f.what != "foreign" or not where:
        return None
    ask = a.fill(ways.SEEN_AT, where=where)
    return Question("foreign seen", ask, _told(f), (f.data["thing"], f.clock), (i,))


def doing(a: Asker) -> Question | None:
    """Who did something, as a caption told."""
    i = a.some(lambda f: f.data.get("about") == "caption")
    if i is None:
        return None
    what = a.facts[i].data["doing"]
    i = a.last(lambda f: f.data.get("doing") == what)
    assert i is not None
    f = a.facts[i]
    ask = a.fill(ways.DOING, doing=what)
    yes = "Yes, " if says_yes(ask) else ""
    told = _told(f)
    if yes and not f.data["event"][:1].isupper():
        told = told[:1].lower() + told[1:]
    return Question("foreign doing", ask, yes + told, (what, f.clock), (i,))


def number(a: Asker) -> Question | None:
    """How many of something were seen."""
    i = _newest(a, lambda f: f.data["about"] == "several")
    if i is None:
        return None
    many, noun = a.facts[i].data["thing"], a.facts[i].data.get("noun")
    i = a.last(lambda f: f.data.get("thing") == many or (noun is not None and f.data.get("noun") == noun))
    assert i is not None
    f = a.facts[i]
    if f.data.get("about") != "several":
        return None
    spot = f.data["spot"]
    ask = a.fill(ways.NUMBER, many=many, spot=spot)
    yes = "Yes, " if says_yes(ask) else ""
    told = f"{f.data['event']} at {f.clock}{where_is(f.place)}."
    return Question("foreign number", ask, yes + (told if yes else cap(told)), (f.data["value"], f.clock), (i,))


def spoken(a: Asker) -> Question | None:
    """What somebody said or wrote, told without the frame of the encoders."""
    i = a.some(lambda f: "foreign" in f.data)
    if i is None:
        return None
    who = a.facts[i].data["who"]
    i = a.last(lambda f: f.data.get("who") == who)
    assert i is not None
    f = a.facts[i]
    verb = f.data["verb"]
    do, done = ("say", "said") if verb == "said" else ("write", "written")
    ask = a.fill(ways.SPOKEN, who=who, do=do, done=done, verb=verb)
    text = full_stop(f.data["text"]) if f.data["text"][-1:] not in ".?!" else f.data["text"]
    answer = f'At {f.clock} {who} {verb}: "{cap(text)}"'
    return Question("foreign speech", ask, answer, (f.data["text"], f.clock), (i,))


MAKERS: Sequence[tuple[Maker, float]] = (
    (happened_when, 3), (saw, 5), (what_of, 4), (colours, 6), (doors, 5), (readings, 5), (seen_at, 4),
    (doing, 3), (number, 3), (spoken, 3), *MERGED_MAKERS,
)  # fmt: skip
