"""Questions about what happened last, at a time, or in a stretch of time."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from dialog.training.asking import Asker, Question, cap, says_yes, where_is
from dialog.training.days import Fact
from streams import places

LONGEST_LIST = 240
"""Characters; a list of events that gets longer is not asked for."""

HALF_DAY_S = 12 * 3600
"""Clocks are only compared within this time: beyond it the same clock may come twice."""

LAST = (
    "What happened {last}{where}?", "What just happened{where}?", "What is new{where}?",
    "What was the last thing you noticed{where}?", "What is going on{where}?", "last event{where}?",
    "What's happening{where}?", "What was the latest{where}?", "Anything new{where}?", "What's up{where}?",
    "What did you {see} last{where}?", "What was that event{where}?", "What is the latest news{where}?",
    "What happened last of all{where}?", "Did {anything} happen{where}?", "Was there {anything}{where}?",
    "What was the most recent event{where}?", "Give me the latest{where}.", "Update{where}?",
    "What has happened{where}?", "Tell me what happened last{where}.", "Is {anything} going on{where}?",
    "What goes on{where}?", "What's the last entry{where}?", "Status{where}?", "How do things stand{where}?",
    "What has just occurred{where}?", "Last entry{where}?", "Latest{where}?", "Latest event{where}?",
    "Newest event{where}?", "What is the last entry{where}?", "What does the last entry say{where}?",
    "What was the last event{where}?", "What's the latest{where}?", "What's new{where}?", "What's going on{where}?",
    "What's happening{where} {now}?", "What was it that happened {last}{where}?",
    "What have you noticed {last}{where}?", "What did you notice last{where}?",
    "What is the newest thing in the log{where}?", "What is the most recent thing{where}?",
    "What is the last thing on record{where}?", "What's the last thing you have{where}?",
    "What do you have last{where}?", "Read me the last entry{where}.", "Tell me the latest{where}.",
    "Give me the last event{where}.", "I wonder what happened last{where}.", "I'd like to know the latest{where}.",
    "Where do we stand{where}?", "How is it going{where}?", "How are things{where}?", "What can you report{where}?",
    "Anything that just happened{where}?", "Did {anything} just happen{where}?", "Is there {anything} new{where}?",
    "Any update{where}?",
)  # fmt: skip

AT_TIME = (
    "What happened at {clock}{where}?", "What did you notice at {clock}{where}?", "What was there at {clock}{where}?",
    "What {happened} around {clock}{where}?", "What was that at {clock}{where}?", "{clock}, what happened{where}?",
    "What did you {see} at {clock}{where}?", "Did {anything} happen at {clock}{where}?",
    "At {clock}, what was going on{where}?", "What went on at {clock}{where}?",
    "Tell me what happened at {clock}{where}.", "And at {clock}{where}?", "What do you have for {clock}{where}?",
    "Anything at {clock}{where}?", "what about {clock}{where}", "Go back to {clock}, what was there{where}?",
    "What occurred at {clock}{where}?", "What is in the log at {clock}{where}?", "{clock}{where}?",
    "{clock}: what was that{where}?", "What's in the log for {clock}{where}?",
    "What does the log say for {clock}{where}?", "What does the log hold at {clock}{where}?",
    "What is noted for {clock}{where}?", "What took place at {clock}{where}?", "What was up at {clock}{where}?",
    "What did you get at {clock}{where}?", "What was it at {clock}{where}?", "At {clock}, what did you notice{where}?",
    "At {clock}, did {anything} happen{where}?", "Was there {anything} at {clock}{where}?",
    "Did you notice {anything} at {clock}{where}?", "Do you have {anything} for {clock}{where}?",
    "I wonder what happened at {clock}{where}.", "I'd like to know what was at {clock}{where}.",
    "Give me the entry of {clock}{where}.", "Read me the entry for {clock}{where}.", "Entry at {clock}{where}?",
    "Something happened at {clock}{where}, what was it?", "What was there to notice at {clock}{where}?",
)  # fmt: skip

WINDOW = (
    "What happened between {start} and {end}?", "Did {anything} happen between {start} and {end}?",
    "What was going on from {start} to {end}?", "What did you notice from {start} until {end}?",
    "Between {start} and {end}, what happened?", "What happened after {start} and before {end}?",
    "Tell me what happened between {start} and {end}.", "Anything from {start} to {end}?",
    "What {happened} between {start} and {end}?", "List what happened from {start} till {end}.",
    "From {start} to {end}, what happened?", "{start} to {end}, what happened?", "{start} to {end}?",
    "Events between {start} and {end}?", "Anything between {start} and {end}?",
    "What took place between {start} and {end}?", "What went on between {start} and {end}?",
    "What did I miss from {start} to {end}?", "I was out from {start} to {end}, what happened?",
    "Was there {anything} between {start} and {end}?", "Sum up {start} to {end}.",
    "What does the log say between {start} and {end}?", "What do you have from {start} to {end}?",
    "I wonder what happened between {start} and {end}.", "Go through what happened from {start} to {end}.",
    "Has {anything} happened between {start} and {end}?",
)  # fmt: skip

SINCE = (
    "What happened since {start}?", "What has happened since {start}?", "What changed since {start}?",
    "What is new since {start}?", "Did {anything} happen after {start}?", "What happened after {start}?",
    "I left at {start}, what happened?", "Anything since {start}?", "I was away from {start} on, what did I miss?",
    "What have I missed since {start}?", "I've been out since {start}, any news?", "What went on from {start} on?",
    "Catch me up, I left at {start}.", "{start} onwards, what happened?", "From {start} on, what happened?",
    "From {start} until now, what happened?", "Anything new since {start}?", "Any news since {start}?",
    "Has {anything} happened since {start}?", "Did {anything} happen since {start}?", "What took place after {start}?",
    "What took place since {start}?", "What do you have since {start}?", "What did I miss since {start}?",
    "What has been going on since {start}?", "Sum up what happened since {start}.",
    "Tell me what happened since {start}.", "I have not been here since {start}, what happened?",
    "Events since {start}?", "What did you notice since {start}?", "I wonder what happened after {start}.",
    "Give me all since {start}.", "What's in the log since {start}?",
)  # fmt: skip

RECENT = (
    "What happened in the last {span}?", "What did you notice in the last {span}?", "Anything in the last {span}?",
    "What was new in the past {span}?", "Did {anything} happen in the past {span}?",
    "What has {happened2} within the last {span}?", "What did I miss in the last {span}?", "Sum up the last {span}.",
    "Summary of the last {span}?", "What went on during the last {span}?", "Tell me about the last {span}.",
    "Go over the last {span} for me.", "Last {span}?", "The last {span}, please.", "The last {span}: what happened?",
    "Anything within the last {span}?", "Anything new in the past {span}?",
    "Has {anything} happened in the last {span}?", "Was there {anything} in the last {span}?",
    "Did {anything} happen during the last {span}?", "What took place in the last {span}?",
    "What have you noticed within the past {span}?", "What was going on in the past {span}?",
    "What do you have for the last {span}?", "What does the log say about the last {span}?",
    "Give me a {clip} summary of the last {span}.", "Fill me in on the last {span}.",
    "I was away for the last {span}, what happened?", "Over the last {span}, what happened?",
    "I wonder what happened in the last {span}.", "Recap the last {span}.", "Events of the last {span}?",
)  # fmt: skip

OCCURRED = ("happened", "gone on", "occurred", "taken place", "come up", "transpired")

AWAY = (
    "What happened in the last minutes?", "Give me a {clip} summary.", "What have I missed?", "Sum up what happened.",
    "What did I miss?", "What changed {away}?", "What happened {away}?", "Anything happen {away}?", "Catch me up.",
    "What did you notice {away}?", "Did I miss {anything}?", "Bring me up to date.",
    "Give me a summary of what happened.", "What happened lately?", "Fill me in.", "What were the last events?",
    "summary please", "Did {anything} happen {away}?", "Tell me what I missed.", "Run me through what happened.",
    "What were the last three things?", "I'm back, what happened?", "What's been going on?", "Recap?",
    "Give me an overview of the day.", "How was the day so far?", "What is in the log?", "Report, please.",
    "What's in the log?", "What does the log say?", "What have you got in the log?", "Read me the last few entries.",
    "Summary?", "A {clip} summary, please.", "Could I have a {clip} summary?", "Can you sum it up?",
    "Sum it up for me.", "Brief me.", "Put me in the picture.", "What all happened {away}?", "What all did I miss?",
    "Have I missed {anything}?", "Was there {anything} {away}?", "Has {anything} happened {away}?",
    "What was going on {away}?", "What went on {away}?", "Tell me what happened {away}.", "What happened so far?",
    "What happened today?", "What happened in the last while?", "What were the latest events?",
    "What are the last entries?", "Give me the last events.", "Give me the highlights.", "Let me know what I missed.",
    "I just came back, what is new?", "I've just returned, what did I miss?", "I wonder what I missed.",
)  # fmt: skip

AWAY_PLACE = (
    "What happened{where} {away}?", "Sum up what happened{where}.", "What has been going on{where}?",
    "Summary{where}?", "What were the last events{where}?", "What did I miss{where}?",
    "Give me a {clip} summary of what happened{where}.", "Tell me what has happened{where}.",
    "What all happened{where}?", "Give me an overview{where}.", "Recap{where}?", "What have I missed{where}?",
    "Sum it up{where}.", "Summary of what happened{where}?", "A {clip} summary of what was{where}, please.",
    "What were the latest events{where}?", "What are the last entries{where}?", "What went on{where} {away}?",
    "What was going on{where} {away}?", "Fill me in on what happened{where}.", "Catch me up on what happened{where}.",
    "Bring me up to date on what happened{where}.", "What's in the log{where}?", "Brief me on what happened{where}.",
    "Tell me what I missed{where}.",
)  # fmt: skip

FIRST = (
    "What was the first thing you noticed{where}?", "What happened first{where}?", "What came first{where}?",
    "What was the very first thing that happened{where}?", "What was the first event{where}?", "First event{where}?",
    "What did you {see} first{where}?", "How did it begin{where}?", "What was the first thing today{where}?",
    "What happened first of all{where}?", "What is the oldest thing you remember{where}?",
    "Tell me what came first{where}.",
    "What's the first entry{where}?", "What is the first thing in the log{where}?", "What was first{where}?",
    "What did the day begin with{where}?", "The first thing you noticed{where}?", "What is the earliest event{where}?",
    "What is the earliest you know of{where}?", "Which was the first event{where}?", "What started it all{where}?",
    "What was it that happened first{where}?", "What happened at the very beginning{where}?",
    "The very first thing{where}?",
    "What did you notice first of all{where}?", "Tell me the first thing that happened{where}.",
    "I wonder what happened first{where}.", "What was there to begin with{where}?",
)  # fmt: skip

HAPPENED = (
    "Did {anything} happen{where}?", "Has {anything} happened{where}?", "Was there {anything}{where}?",
    "Is {anything} going on{where}?", "Was there any activity{where}?", "Did you {see} {anything}{where}?",
    "Any events{where}?", "Anything{where}?", "Have you noticed {anything}{where}?", "Was anything going on{where}?",
    "Is there {anything} to report{where}?", "Any news{where}?", "Anything unusual{where}?",
    "Anything to report{where}?", "Anything happening{where}?", "Anything at all{where}?", "Any activity{where}?",
    "Any incidents{where}?", "Was there any event{where}?", "Were there any events{where}?",
    "Did you notice {anything}{where}?", "Did you observe {anything}{where}?", "Has there been {anything}{where}?",
    "Do you have {anything}{where}?", "Have you got {anything} to report{where}?", "Is there any news{where}?",
    "Did {anything} take place{where}?", "Has {anything} been going on{where}?",
    "Is there {anything} in the log{where}?",
)  # fmt: skip


def told(f: Fact) -> str:
    """A percept as an answer: `At 14:03 at the gate: a person enters from the left.`"""
    return cap(places.told(f.clock, f.place, f.percept.text))


def event(kind: str, a: Asker, ask: str, i: int) -> Question:
    """A question that one percept answers."""
    f = a.facts[i]
    answer = told(f)
    if says_yes(ask):
        answer = f"Yes, {answer[:1].lower()}{answer[1:]}"
    return Question(kind, ask, answer, (f.percept.text, f.clock), (i,))


def listed(a: Asker, kind: str, ask: str, chosen: Sequence[int]) -> Question | None:
    """Up to three events, a sentence each, the newest first: it is what people ask for most, it stands next to the
    question where it is read, and each sentence rests on one percept."""
    answer = " ".join(told(a.facts[i]) for i in reversed(chosen))
    if len(answer) > LONGEST_LIST:
        return None
    keys = tuple(a.facts[i].percept.text for i in chosen)
    if says_yes(ask):
        answer = f"Yes, {answer[:1].lower()}{answer[1:]}"
    return Question(kind, ask, answer, keys, tuple(chosen))


def last_event(a: Asker) -> Question | None:
    """The newest thing, anywhere or at a place."""
    if not a.facts:
        return None
    place = a.rng.choice(a.facts).place
    named = a.rng.random() < 0.5 and bool(where_is(place))
    i = a.last(lambda f: not named or f.place == place)
    assert i is not None
    forms = LAST if a.rng.random() < 0.75 or not named else HAPPENED
    return event("event", a, a.fill(forms, where=a.where(place) if named else ""), i)


def first_event(a: Asker) -> Question | None:
    """The oldest thing, anywhere or at a place."""
    if not a.facts:
        return None
    place = a.rng.choice(a.facts).place
    named = a.rng.random() < 0.4 and bool(where_is(place))
    i = a.all(lambda f: not named or f.place == place)[0]
    return event("first event", a, a.fill(FIRST, where=a.where(place) if named else ""), i)


def at_time(a: Asker) -> Question | None:
    """What happened at a clock time."""
    if not a.facts:
        return None
    i = a.rng.randrange(len(a.facts))
    f = a.facts[i]
    if " to " in f.clock:
        return None
    same = a.all(lambda g: g.clock == f.clock)
    named = len(same) > 1
    if len(a.all(lambda g: g.clock == f.clock and g.place == f.place)) > 1 or (named and not where_is(f.place)):
        return None
    return event("at", a, a.fill(AT_TIME, clock=f.clock, where=a.where(f.place) if named else ""), i)


def minutes(clock: str) -> int:
    """A clock as a number; of a span its end."""
    big, small = clock.split()[-1].split(":")
    return int(big) * 60 + int(small)


def as_clock(number: int, wall: bool) -> str:
    """A number as a clock: `09:05`, or `9:05` in a recording without a date."""
    return f"{number // 60:02d}:{number % 60:02d}" if wall else f"{number // 60}:{number % 60:02d}"


def one_day(a: Asker) -> bool:
    """Whether all clocks are of the day on which the stream began (later ones name their weekday)."""
    return " " not in a.day.now


def _reach(a: Asker) -> list[int]:
    """Facts whose clocks can be compared with one another: none older than half a day, none before midnight."""
    if not one_day(a):
        return []
    now = minutes(a.day.now)
    return a.all(lambda f: (a.day.now_ns - f.percept.t0_ns) / 1e9 < HALF_DAY_S and minutes(f.clock) <= now)


def window(a: Asker) -> Question | None:
    """What happened between two clock times."""
    near = _reach(a)
    if not near or len(near) < len(a.facts) or any(" to " in f.clock for f in a.facts):
        return None
    i = a.rng.choice(near)
    m, step = minutes(a.facts[i].clock), a.rng.choice([1, 2, 5, 10, 15, 30, 60])
    start = m // step * step - (step if m % step == 0 else 0)
    end = start + step * (2 if m % step == 0 else 1)
    if start < 0 or (a.wall and end >= 24 * 60):
        return None
    inside = a.all(lambda f: start <= minutes(f.clock) <= end)
    if len(inside) > 3:
        return None
    ask = a.fill(WINDOW, start=as_clock(start, a.wall), end=as_clock(end, a.wall))
    if len(inside) == 1:
        return event("between", a, ask, inside[0])
    return listed(a, "between", ask, inside)


def since(a: Asker) -> Question | None:
    """What happened since a clock time."""
    near = _reach(a)
    if not near or len(near) < len(a.facts):
        return None
    i = near[-a.rng.randint(1, min(3, len(near)))]
    start = minutes(a.facts[i].clock) - a.rng.choice([1, 1, 2, 3])
    if a.wall and a.rng.random() < 0.4:
        start = start // 5 * 5
    inside = a.all(lambda f: minutes(f.clock) >= start)
    if start < 0 or len(inside) > 3 or any(" to " in f.clock for f in a.facts):
        return None
    ask = a.fill(SINCE, start=as_clock(start, a.wall))
    return listed(a, "since", ask, inside)


SPANS = ((60, "minute"), (120, "two minutes"), (300, "five minutes"), (600, "ten minutes"), (900, "15 minutes"),
         (900, "quarter of an hour"), (1200, "20 minutes"), (1800, "half hour"), (1800, "30 minutes"), (3600, "hour"),
         (7200, "two hours"), (10800, "three hours"), (21600, "six hours"), (86400, "24 hours"), (30, "30 seconds"),
         (2700, "45 minutes"))  # fmt: skip


def recent(a: Asker) -> Question | None:
    """What happened in the last minutes or hours: up to three newest."""
    span_s, span = a.rng.choice(SPANS)
    inside = [i for i in range(len(a.facts)) if a.seconds_ago(i) <= span_s * 0.97]
    if not inside or any(0.97 < a.seconds_ago(i) / span_s < 1.05 for i in range(len(a.facts))):
        return None
    happened = a.pick(*OCCURRED)
    return listed(a, "recent", a.fill(RECENT, span=span, happened2=happened), inside[-3:])


def summary(a: Asker) -> Question | None:
    """The last three things in one sentence, of all or of one place."""
    if len(a.facts) < 2:
        return None
    place = a.rng.choice(a.facts).place
    found = a.all(lambda f: f.place == place)
    if a.rng.random() < 0.35 and len(found) > 1 and where_is(place) and len(found) < len(a.facts):
        return listed(a, "summary", a.fill(AWAY_PLACE, where=a.where(place)), found[-3:])
    return listed(a, "summary", a.fill(AWAY), range(len(a.facts) - min(3, len(a.facts)), len(a.facts)))


MAKERS: Sequence[tuple[Callable[[Asker], Question | None], float]] = (
    (last_event, 8), (first_event, 2), (at_time, 6), (window, 3), (since, 3), (recent, 4), (summary, 4),
)  # fmt: skip
"""Who makes such questions, and how often."""
