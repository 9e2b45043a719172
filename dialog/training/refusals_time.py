"""Questions about times, order and change whose answer a made-up day does not hold."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from dialog.training import about_order, about_time, about_views, words
from dialog.training import wordings_visits as visits
from dialog.training.asking import Asker, Question, it, where_is
from dialog.training.refusals import a_thing, empty_place, mentioned, no
from streams import wording
from streams.types import NS

EVER = (
    "What did you see{where}?", "What happened today?", "Did anything happen today?", "Anything so far?",
    "What have you noticed so far?", "Did you see or hear anything?", "Was there anything at all?", "Any events yet?",
    "What is in your memory?", "Did anyone come today?", "What has happened today?", "What has happened so far?",
    "Has anything happened today?", "Has anything happened yet?", "Did anything happen yet?", "Was anyone here today?",
    "Have you noticed anything yet?", "Have you seen or heard anything yet?", "What did you see or hear today?",
    "Anything in your memory?", "Anything yet?", "What do you remember?",
)  # fmt: skip


def _other_clock(a: Asker) -> str | None:
    """A clock time near the day's when nothing happened."""
    clocks = {f.clock for f in a.facts}
    if any(" to " in clock for clock in clocks) or not a.facts or not about_time.one_day(a):
        return None
    now = about_time.minutes(a.day.now)
    oldest = min(about_time.minutes(clock) for clock in clocks)
    low = max(0, oldest - a.rng.choice([5, 30, 120])) if a.rng.random() < 0.7 else 0
    if low >= now:
        return None
    clock = about_time.as_clock(a.rng.randint(low, now), a.wall)
    return None if clock in clocks else clock


def _at(a: Asker) -> Question | None:
    """Nothing happened at that time (or not there)."""
    if a.rng.random() < 0.3 and a.facts:
        f = a.rng.choice(a.facts)
        place = empty_place(a, lambda g: g.clock == f.clock)
        if place is None or " to " in f.clock or any(" to " in g.clock for g in a.facts):
            return None
        ask = a.fill(about_time.AT_TIME, clock=f.clock, where=a.where(place))
        return no("at", ask, f"I have not noticed anything at {f.clock}{where_is(place)}.")
    clock = _other_clock(a)
    if clock is None:
        return None
    return no("at", a.fill(about_time.AT_TIME, clock=clock, where=""), f"I have not noticed anything at {clock}.")


def _between(a: Asker) -> Question | None:
    start = _other_clock(a)
    if start is None:
        return None
    first = about_time.minutes(start)
    last = first + a.rng.choice([1, 2, 5, 10, 30])
    if last > about_time.minutes(a.day.now) or any(first <= about_time.minutes(f.clock) <= last for f in a.facts):
        return None
    end = about_time.as_clock(last, a.wall)
    ask = a.fill(about_time.WINDOW, start=start, end=end)
    return no("between", ask, f"I have not noticed anything between {start} and {end}.")


def _recent(a: Asker) -> Question | None:
    """It has been quiet for a while."""
    if not a.facts:
        return None
    newest = a.seconds_ago(len(a.facts) - 1)
    if a.rng.random() < 0.6:
        spans = [name for seconds, name in about_time.SPANS if seconds * 1.05 < newest]
        if not spans:
            return None
        span = a.rng.choice(spans)
        ask = a.fill(
            about_time.RECENT,
            span=span,
            happened2=a.pick(*about_time.OCCURRED),
        )
        return no("recent", ask, f"I have not noticed anything in the last {span}.")
    if not about_time.one_day(a):
        return None
    now, last = about_time.minutes(a.day.now), about_time.minutes(a.facts[-1].clock)
    if now - last < 2 or newest > about_time.HALF_DAY_S:
        return None
    start = about_time.as_clock(a.rng.randint(last + 1, now - 1), a.wall)
    return no("since", a.fill(about_time.SINCE, start=start), f"I have not noticed anything since {start}.")


def _place(a: Asker) -> Question | None:
    """Nothing has happened there."""
    place = empty_place(a, lambda f: True)
    if place is None:
        return None
    forms = a.rng.choice([about_time.HAPPENED, about_time.LAST, about_time.AWAY_PLACE])
    kind = "summary" if forms is about_time.AWAY_PLACE else "event"
    forms = tuple(w for w in forms if "{where}" in w)
    return no(kind, a.fill(forms, where=a.where(place)), f"I have not noticed anything{where_is(place)}.")


def _nothing_yet(a: Asker) -> Question | None:
    """Asked before anything happened."""
    if a.facts:
        return None
    forms = a.rng.choice([EVER, about_time.AWAY, about_time.LAST])
    return no(
        "summary" if forms is about_time.AWAY else "event", a.fill(forms, where=""), "I have not noticed anything yet."
    )


def _never(a: Asker) -> tuple[str, str, str] | None:
    """Something that never happened: as a noun, as a clause, and the answer."""
    if a.rng.random() < 0.35:
        sound = a.rng.choice(words.split(words.SOUNDS, a.held_out))
        bare = sound.removeprefix("a ").removeprefix("an ")
        return None if mentioned(a, bare) else (f"the {bare}", f"you heard {sound}", f"I have not heard {sound}.")
    noun = a_thing(a)
    names = ("person", "people", "nobody", "somebody", "face") if noun == "person" else (noun,)
    if noun == "something" or mentioned(a, *names) or (noun == "person" and a.vague()):
        return None
    thing = "a person" if noun == "person" else it(noun)
    event = a.pick(f"the arrival of {thing}", f"the departure of the {noun}", f"the visit of the {noun}")
    clause = a.pick(f"the {noun} came", f"the {noun} left", f"the {noun} arrived")
    return event, clause, f"I have not seen {thing}."


def _around(a: Asker) -> Question | None:
    """What happened before or after something that never was; when and how long ago it was."""
    never = _never(a)
    if never is None:
        return None
    event, clause, answer = never
    forms = a.rng.choice([about_order.AFTER, about_order.BEFORE, about_order.AGO, about_order.WHEN, about_order.AGO])
    return no("around", a.fill(forms, that=event, clause=clause), answer)


def _order(a: Asker) -> Question | None:
    """Which of two was first, where one never was."""
    never = _never(a)
    i = a.some(lambda f: about_order.noun_phrase(f) is not None)
    if never is None or i is None:
        return None
    other = about_order.noun_phrase(a.facts[i]) or ""
    one, two = (never[0], other) if a.rng.random() < 0.5 else (other, never[0])
    return no("order", a.fill(about_order.ORDER, a=one, b=two), never[2])


def _edge(a: Asker) -> Question | None:
    """What happened before the first or after the last thing."""
    if not a.facts or a.vague():
        return None
    after = a.rng.random() < 0.6
    i = len(a.facts) - 1 if after else 0
    f = a.facts[i]
    clause = about_order.clause_of(f)
    if clause is None or len(a.all(lambda g: about_order.alike(f, g))) > 1:
        return None
    forms = [w for w in (about_order.AFTER if after else about_order.BEFORE) if "{clause}" in w]
    word, told = "after" if after else "before", re.sub("^you ", "I ", clause)
    return no(word, a.fill(forms, clause=clause), f"I have not noticed anything {word} {told}.")


def _light_before(a: Asker) -> Question | None:
    """How the light was before anybody saw it change."""
    i = next((i for i, f in enumerate(a.facts) if f.what == "light"), None)
    if i is None or i == 0 or a.vague() or a.seconds_ago(0) > about_time.HALF_DAY_S:
        return None
    place = a.facts[i].place
    clocks = [f.clock for f in a.facts]
    earlier = clocks[a.rng.randrange(i)]
    if clocks.count(earlier) > 1 or len({f.place for f in a.facts if f.what == "light"}) > 1:
        return None
    ask = a.fill(about_views.LIGHT_AT, state=a.rng.choice(["on", "off"]), clock=earlier, where=where_is(place))
    return no("light", ask, f"I don't know, I have not seen the light change before {earlier}.")


def _future(a: Asker) -> Question | None:
    """A time that is still to come."""
    later = wording.clock(a.day.now_ns + a.rng.randint(120, 7200) * NS, None)
    if not about_time.one_day(a):
        return None
    if a.wall:
        ahead = about_time.minutes(a.day.now) + a.rng.randint(5, 180)
        if ahead >= 24 * 60:
            return None
        later = about_time.as_clock(ahead, True)
    if any(f.clock == later or " to " in f.clock for f in a.facts):
        return None
    return no("at", a.fill(about_time.AT_TIME, clock=later, where=""), f"I have not noticed anything at {later}.")


def _stay(a: Asker) -> Question | None:
    """How long it stayed, where nothing says so."""
    i = a.some(lambda f: f.what == "leaves" and " after " not in f.percept.text and f.data["noun"] != "something")
    if i is None or a.vague():
        return None
    noun = a.facts[i].data["noun"]
    if any(f.data.get("noun") == noun and (f.what == "stays" or " after " in f.percept.text) for f in a.facts):
        return None
    forms = [w for w in visits.STAYS if " has " not in w]
    return no("stay", a.fill(forms, noun=noun, where=""), f"I don't know how long the {noun} stayed.")


MAKERS: Sequence[tuple[Callable[[Asker], Question | None], float]] = (
    (_at, 10), (_between, 4), (_recent, 6), (_place, 8), (_nothing_yet, 4), (_around, 9), (_order, 3), (_edge, 5),
    (_light_before, 3), (_future, 1.5), (_stay, 2),
)  # fmt: skip
"""Who makes such questions, and how often."""
