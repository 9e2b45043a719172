"""Questions about who or what came, went, stayed and moved."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from dialog.training.asking import Asker, Question, cap, clock_list, it, past, plural, says_yes, where_is
from dialog.training.days import Fact

WHO_CAME = (
    "Who {came}{where}?", "What {came}{where}?", "Who {came} {last}{where}?", "Who was the last to {come}{where}?",
    "{who} {came} {last}{where}?", "Who was it that {came}{where}?", "Did you {see} who {came}{where}?",
    "Any visitors{where}?", "visitors{where}?", "Was there a visitor{where}?", "Who is the latest visitor{where}?",
    "Have we had visitors{where}?", "Last arrival{where}?", "What was the last thing to {come}{where}?",
    "Who has been here{where}?", "Did {anyone} {come}{where}?", "Has anybody arrived{where}?",
    "Who did you {see} {come}{where}?", "Can you tell me who {came}{where}?", "Anyone new{where}?",
    "latest arrival{where}?", "Tell me who {came} {last}{where}.", "What was the most recent arrival{where}?",
    "Who dropped by{where}?", "Is there news of arrivals{where}?", "Did we get any visitors{where}?",
    "Who paid us a visit{where}?", "Who made it{where} {last}?", "who was {last} to show their face{where}?",
)  # fmt: skip

WHO_LEFT = (
    "Who {left}{where}?", "What {left}{where}?", "Who {left} {last}{where}?", "Who was the last to {leave}{where}?",
    "Who has {gone}{where}?", "Did you {see} who {left}{where}?", "Has {anyone} {gone}{where}?",
    "Did {anyone} {leave}{where}?", "Last departure{where}?", "{who} went away{where}?", "Who is gone{where}?",
    "What was the last thing to {leave}{where}?", "Tell me who {left} {last}{where}.",
    "Who did you {see} {leave}{where}?", "Anyone gone{where}?", "Who was it that {left}{where}?",
    "Can you tell me who {left}{where}?", "Which person or thing {left}{where} {last}?", "departures{where}?",
    "Who cleared off{where}?", "What is the latest departure{where}?",
)  # fmt: skip

CAME = (
    "When did {it} {come}{where}?", "Did {it} {come}{where}?", "When did you {see} {it} {come}{where}?",
    "Did you {see} {it}{where}?", "{time} did {it} {come}{where}?", "When was the last time {it} {came}{where}?",
    "When was {it} last {seen}{where}?", "Has {it} {gone2}{where}?", "Where did {it} {come}?",
    "Did you notice {it} arrive{where}?", "Was there {it}{where}?", "Have you {seen} {it}{where}?",
    "Any {noun}{where}?", "At {time} did {it} {come}{where}?", "Have any {nouns} {came2}{where}?",
    "Where did you {see} {it}?", "Tell me when {it} {came}{where}.", "I want to know when {it} {came}{where}.",
    "Did {it} happen to {come}{where}?", "Did a {noun} {come}{where} {today}?", "{noun}{where}?",
    "When exactly did {it} {come}{where}?", "Was {it} here{where}?", "Do you recall {it}{where}?",
    "I'm expecting a {noun}, has one {came2}{where}?", "When did {it} make an appearance{where}?",
    "Did {it} pass{where}?", "Around when did {it} {come}{where}?", "Have we seen {it}{where} {today}?",
)  # fmt: skip

LEFT = (
    "When did {it} {leave}{where}?", "Did {it} {leave}{where}?", "Where did {it} go?", "Has {it} {gone}{where}?",
    "{time} did {it} {leave}{where}?", "When did you {see} {it} {leave}{where}?",
    "In which direction did {it} {leave}?", "Which way did {it} go?", "Did you {see} {it} {leave}{where}?",
    "Tell me when {it} {left}{where}.", "Where did {it} disappear to?", "Is it true that {it} {left}?",
    "To which side did {it} {leave}?", "When exactly did {it} {leave}{where}?",
    "I'd like to know when {it} {left}{where}.", "Which side did {it} leave by?", "Since when is the {noun} gone?",
    "When was the {noun} gone?", "Where was {it} heading?", "When did we lose sight of {it}?",
    "Where did {it} head{where}?",
)  # fmt: skip

SIDE = (
    "From which side did {it} {come}{where}?", "From which side did {it} come?", "Where did {it} come from?",
    "Which side did {it} come from?", "From what direction did {it} come?", "From where did {it} enter?",
    "Did {it} come from the left or the right?", "Where did {it} enter the {camera}?",
    "At which edge of the {camera} did {it} appear?", "Which way did {it} come in?",
    "Was it the left or the right that {it} came from?", "Out of which direction did {it} come{where}?",
)  # fmt: skip


def _report(f: Fact) -> str:
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
    if f.data["noun"] != "person" and re.search(r"any(one|body)|some(one|body)|person|visit|face", ask):
        return None
    yes = "Yes, " if says_yes(ask) else ""
    answer = yes + (_report(f) if yes else cap(_report(f)))
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
                 where=a.where(place) if named else "", gone2=a.pick("arrived", "come", "shown up", "turned up"),
                 came2=a.pick("arrived", "come", "shown up", "turned up"))  # fmt: skip
    f = a.facts[i]
    yes = says_yes(ask) or ask.lower().startswith(noun)
    answer = "Yes, " + _report(f) if yes else cap(_report(f))
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
    came, come = ("{came}", "{come}") if what == "enters" else ("{left}", "{leave}")
    if all_kinds:
        forms = [
            f"Who {came} {nth}?", f"What {came} {nth}?", f"Who was the {nth} to {come}?", f"Who was {nth}?",
            f"Which one {came} {nth}?", f"What was the {nth} thing to {come}?", f"Who did you see {come} {nth}?",
            f"Which person or thing {came} {nth}?", f"Who {came} {nth} of all?", f"Of all of them, who {came} {nth}?",
        ]  # fmt: skip
    else:
        forms = [
            f"When did the {nth} {{noun}} {come}?", f"When was the {nth} time that {{it}} {came}?",
            f"When was the {nth} {{noun}} {{seen}}?", f"The {nth} {{noun}}, when did it {come}?",
            f"When did {{it}} {come} the {nth} time?", f"What time did the {nth} {{noun}} {come}?",
            f"Tell me about the {nth} {{noun}} that {came}.", f"When did you see the {nth} {{noun}} {come}?",
            f"time of the {nth} {{noun}} to {come}?", f"Where did the {nth} {{noun}} {come}?",
            f"At what time did a {{noun}} {come} for the {nth} time?",
        ]  # fmt: skip
    ask = a.fill(forms, noun=noun, it=it(noun))
    return Question(f"{nth} {what}", ask, cap(_report(f)), (f.data["noun"].removeprefix("some"), f.clock), (i,))


TIMES = (
    "How many times did {it} {come}{where}?", "How often did {it} {come}{where}?", "How many {nouns} {came}{where}?",
    "Number of {nouns} that {came}{where}?", "How many {nouns} have you {seen} {come}{where}?",
    "How many times have you {seen} {it} {come}{where}?", "Count the {nouns} that {came}{where}.",
    "How many {nouns} {came}{where} {today}?", "How often did you {see} {it} {come}{where}?",
    "In total, how many {nouns} {came}{where}?", "how many {nouns} {came} {today}{where}",
    "How many times was there {it}{where}?", "How many {nouns} did you count{where}?",
    "How many arrivals of {nouns} were there{where}?", "What is the number of {nouns} that {came}{where}?",
    "How frequently did {it} {come}{where}?",
)  # fmt: skip

TIMES_LEFT = (
    "How many times did {it} {leave}{where}?", "How often did {it} {leave}{where}?", "How many {nouns} {left}{where}?",
    "How many {nouns} have you {seen} {leave}{where}?", "Count the {nouns} that {left}{where}.",
    "How many {nouns} {left}{where} {today}?", "How often did you {see} {it} {leave}{where}?",
    "how many {nouns} {left} {today}{where}", "What is the number of {nouns} that {left}{where}?",
    "In total, how many {nouns} {left}{where}?",
)  # fmt: skip

TIMES_HEARD = (
    "How many times did you {hear} {it}{where}?", "How often did you {hear} {it}{where}?",
    "How many times was {it} {heard}{where}?", "How often was there {it}{where}?",
    "How often was {it} heard {today}{where}?", "How many times was there {it}{where}?",
    "how many times {it}{where} {today}", "Count how often {it} was heard{where}.",
    "How many times have you {heard} {it}{where}?", "What is the number of times you heard {it}{where}?",
)  # fmt: skip


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


STILL = (
    "Is the {noun} still {here}{where}?", "Is the {noun} still around{where}?", "Has the {noun} stayed{where}?",
    "Is the {noun} still in the {camera}{where}?", "{noun} still there{where}?",
    "Did the {noun} {leave} again{where}?", "Is the {noun} gone{where}?", "Has the {noun} {gone}{where}?",
    "Can you still see the {noun}{where}?", "Is that {noun} still here{where}?",
    "Do you still have the {noun} in {camera}{where}?", "The {noun}, is it still there{where}?",
    "Does the {noun} remain{where}?", "Is the {noun} here yet{where}?", "Did the {noun} stay{where}?",
    "Is the {noun} hanging around{where}?",
)  # fmt: skip


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
    ask = a.fill(STILL, noun=noun, here=a.pick("there", "here", "there now", "about"),
                 where=a.where(place) if named else "")  # fmt: skip
    gone = any(word in ask for word in (" gone", "Has the", " again")) and "stayed" not in ask
    here = f.what == "enters"
    yes = "Yes" if here != gone else "No"
    told = f"{past(f.percept.text)} at {f.clock}"
    if here:
        return Question("still", ask, f"{yes}, {told} and has not left.", (yes, f.clock), (came_or_went,))
    return Question("still", ask, f"{yes}, {told}.", (yes, f.clock), (came_or_went,))


STAYS = (
    "How long has the {noun} been there?", "How long has the {noun} stayed{where}?",
    "How long did the {noun} stay{where}?", "For how long was the {noun} there?",
    "How long was the {noun} around{where}?", "How much time did the {noun} spend{where}?",
    "How long has the {noun} been{where}?", "How long was the {noun} in the {camera}?",
    "How long did the {noun} hang around{where}?", "How long has that {noun} been standing there?",
    "Did the {noun} stay long{where}?", "How long, roughly, was the {noun} there?", "duration of the {noun}'s stay?",
    "How long did it take until the {noun} left?", "How many minutes or seconds was the {noun} there?",
    "What was the length of the {noun}'s stay?",
)  # fmt: skip


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
        return Question("stays", ask, f"{cap(duration)}, {_report(f)}", (duration,), (i,))
    forms = [form for form in STAYS if "left" not in form]
    ask = a.fill(forms, noun=noun, where=a.rng.choice(["", a.where(f.place)]))
    answer = f"At {f.clock} it had stayed for {f.data['duration']}."
    return Question("stays", ask, answer, (f.data["duration"],), (i,))


MOVES = (
    "Where did the {noun} move?", "Where did the {noun} go?", "Where is the {noun} standing?", "Did the {noun} move?",
    "Which way did the {noun} move?", "Where in the {camera} is the {noun}?", "Has the {noun} moved?",
    "On which side is the {noun}?", "Where is the {noun} now?", "In what part of the {camera} is the {noun}?",
    "What did the {noun} do?", "Where has the {noun} moved to?", "To which side did the {noun} move?",
)  # fmt: skip


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
        yes = "Yes, " if ask.startswith(("Did", "Has")) else ""
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
