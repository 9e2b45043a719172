"""Questions about who spoke, and what was said or written word for word."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from dialog.training import wordings_quotes as ways
from dialog.training.asking import Asker, Question, cap, clock_list, where_is
from dialog.training.speech_asking import NOBODY, named, quote_answer, quoted, spoken


def has_other_logs(a: Asker, start: int = 0) -> bool:
    """Whether lines of other systems tell of speech, too: then these are not all who spoke."""
    return any(spoken(f) and f.what != "says" for f in a.facts[start:]) or any(
        f.what == "consolidated" for f in a.facts[start:]
    )


def by_name(a: Asker) -> Question | None:
    """What somebody said last."""
    i = a.some(named)
    if i is None:
        return None
    who, verb = a.facts[i].data["who"], a.facts[i].data["verb"]
    found = [j for j in a.all(named) if a.facts[j].data["who"] == who and a.facts[j].data["verb"] == verb]
    say, done = ("say", "said") if verb == "said" else ("write", "written")
    i = found[-1]
    if len(found) > 1 and a.rng.random() < 0.2 and not has_other_logs(a):
        ask = a.fill(ways.FIRST_WORDS, who=who, say=say, verb=verb)
        return quoted("quote", ask, a, found[0])
    if has_other_logs(a, i):
        return None
    ask = a.fill(ways.WORDS_OF, who=who, say=say, verb=verb, done=done)
    return quoted("quote", ask, a, i)


def newest(a: Asker) -> Question | None:
    """What was said last, or just before that."""
    heard = [j for j, f in enumerate(a.facts) if spoken(f) and f.data.get("verb", "said") == "said"]
    if not heard or a.facts[heard[-1]].what != "says":
        return None
    if len(heard) > 1 and a.rng.random() < 0.25 and a.facts[heard[-2]].what == "says":
        ask = a.fill(ways.SECOND_LAST)
        return quoted("quote", ask, a, heard[-2])
    ask = a.fill(ways.LAST_WORDS)
    return quoted("quote", ask, a, heard[-1])


def written(a: Asker) -> Question | None:
    """The last typed message."""
    i = a.last(lambda f: f.percept.kind == "text")
    if i is None or a.facts[i].what != "says":
        return None
    ask = a.fill(ways.MESSAGE)
    return quoted("written", ask, a, i)


def at_clock(a: Asker) -> Question | None:
    """What was said at a time, in case only one thing was."""
    clocks = [f.clock for f in a.facts if spoken(f)]
    i = a.some(lambda f: f.what == "says" and clocks.count(f.clock) == 1)
    if i is None:
        return None
    f = a.facts[i]
    verb, say = f.data["verb"], "say" if f.data["verb"] == "said" else "write"
    done, style = "said" if say == "say" else "written", a.rng.random()
    words = {"who": f.data["who"], "say": say, "verb": verb, "done": done, "clock": f.clock}
    if style < 0.35 and named(f):
        ask = a.fill(ways.AT_CLOCK_BY, **words)
    elif style < 0.75:
        ask = a.fill(ways.AT_CLOCK, **words)
    else:
        who = f.data["who"]
        do = "spoke" if verb == "said" else "wrote"
        ask = a.fill(ways.WHO_AT_CLOCK, spoke=do, **words)
        return Question("speaker", ask, f"{cap(who)} did, at {f.clock}.", (who, f.clock), (i,))
    return quoted("quote", ask, a, i)


def at_place(a: Asker) -> Question | None:
    """What was said somewhere."""
    i = a.some(lambda f: f.what == "says" and f.data["verb"] == "said" and bool(where_is(f.place)))
    if i is None:
        return None
    place, by = a.facts[i].place, a.facts[i].data["who"]
    only_by = named(a.facts[i]) and a.rng.random() < 0.4
    i = a.last(lambda f: spoken(f) and f.place == place and f.data.get("verb") != "wrote"
               and (not only_by or f.what != "says" or f.data["who"] == by))  # fmt: skip
    if i is None or a.facts[i].what != "says":
        return None
    where = where_is(place)
    ask = a.fill(ways.AT_PLACE_BY if only_by else ways.AT_PLACE, who=by, where=where)
    return quoted("quote", ask, a, i)


def who_spoke(a: Asker) -> Question | None:
    """Who spoke last, first or before the last one."""
    heard = a.all(lambda f: f.what == "says" and f.data["verb"] == "said")
    if not heard or has_other_logs(a):
        return None
    style = a.rng.random()
    if style < 0.5:
        i = heard[-1]
        ask = a.fill(ways.SPOKE_LAST)
    elif style < 0.7:
        i = heard[0]
        ask = a.fill(ways.SPOKE_FIRST)
    else:
        names = list(dict.fromkeys(a.facts[j].data["who"] for j in heard))
        if len(names) > 4 or len(heard) > 12:
            return None
        ask = a.fill(ways.SPEAKERS)
        first = {name: next(j for j in heard if a.facts[j].data["who"] == name) for name in names}
        did = f"{cap(clock_list(names))} spoke."
        return Question("speakers", ask, did, tuple(names), tuple(first.values()))
    f = a.facts[i]
    return Question("speaker", ask, f"{cap(f.data['who'])} did, at {f.clock}.", (f.data["who"], f.clock), (i,))


def spoke(a: Asker) -> Question | None:
    """Whether somebody spoke, when, where and how often."""
    i = a.some(named)
    if i is None:
        return None
    who = a.facts[i].data["who"]
    found = [j for j in a.all(named) if a.facts[j].data["who"] == who and a.facts[j].data["verb"] == "said"]
    if not found or has_other_logs(a):
        return None
    i = found[-1]
    f, style = a.facts[i], a.rng.random()
    if style < 0.4:
        ask = a.fill(ways.DID_SPEAK, who=who)
        answer = quote_answer(f)
        return Question("spoke", ask, f"Yes, {answer[:1].lower()}{answer[1:]}", (f.data["text"], f.clock), (i,))
    if style < 0.6:
        ask = a.fill(ways.WHEN_SPOKE, who=who)
        return Question("when", ask, f"At {f.clock}, {who} said it{where_is(f.place)}.", (f.clock,), (i,))
    if style < 0.8 and where_is(f.place):
        ask = a.fill(ways.WHERE_SPOKE, who=who)
        return Question("where spoke", ask, f"{who} spoke{where_is(f.place)} at {f.clock}.", (f.place, f.clock), (i,))
    if len(found) > 4:
        return None
    times = "once" if len(found) == 1 else "twice" if len(found) == 2 else f"{len(found)} times"
    ask = a.fill(ways.HOW_OFTEN_SPOKE, who=who)
    clocks = [a.facts[j].clock for j in found]
    return Question("times", ask, f"At {clock_list(clocks)}, so {times}.", (times,), tuple(found))


def voices(a: Asker) -> Question | None:
    """Whether anybody spoke at all."""
    i = a.last(spoken)
    if i is None or a.facts[i].what != "says" or a.facts[i].data["verb"] != "said":
        return None
    ask = a.fill(ways.ANY_VOICE)
    f = a.facts[i]
    who = "a voice" if f.data["who"] in NOBODY else f.data["who"]
    return Question("spoke", ask, f'Yes, at {f.clock} {who} said: "{f.data["text"]}"', (f.data["text"],), (i,))


MAKERS: Sequence[tuple[Callable[[Asker], Question | None], float]] = (
    (by_name, 7), (newest, 5), (written, 3), (at_clock, 3), (at_place, 3), (who_spoke, 3), (spoke, 4), (voices, 1.5),
)  # fmt: skip
"""Makers of questions about words and speakers, with their weights."""
