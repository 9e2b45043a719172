"""Questions about what other systems told in their own words."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from dialog.training.about_merged import MERGED_MAKERS
from dialog.training.asking import Asker, Question, cap, full_stop, where_is
from dialog.training.facts import Fact

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
    ask = a.choose(
        [f"When was it that {event}?", f"At what time was it that {event}?", f"Do you know when {event}?",
         f"Can you tell me when {event}?", f"When exactly was it that {event}?", f"Tell me when {event}.",
         f"What time was it when {event}?", f"What was the time when {event}?", f"I need the time when {event}.",
         f"Please look up when {event}.", f"Was there a moment when {event}?", f"Any idea when {event}?",
         f"When did you notice that {event}?", f"How late was it when {event}?",
         f"At which moment {event}?"]
    )  # fmt: skip
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
    ask = a.choose(
        [f"When did you see {it}{where}?", f"Did you see {it}{where}?", f"Was there {it}{where}?",
         f"Where did you see {it}?", f"Has there been {it}{where}?", f"At what time did you see {it}{where}?",
         f"Have you noticed {it}{where}?", f"Was {it} here today?", f"Did you notice {it}{where}?",
         f"When was {it}{where or ' here'}?", f"What did {it} do{where}?", f"Where was {it}?",
         f"Which camera saw {it}?", f"I am looking for {it}.", f"Did {it} come by{where}?",
         f"Is there any trace of {it}{where}?", f"Have you spotted {it}{where}?"]
    )  # fmt: skip
    yes = "Yes, " if ask.startswith(("Did ", "Was ", "Has ", "Have ", "Is ")) else ""
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
    ask = a.choose(
        [f"What did {who} do?", f"What about {who}?", f"What happened to {who}?", f"Tell me about {who}.",
         f"Any news of {who}?", f"What do you know about {who}?", f"What was it with {who}?",
         f"What is the latest about {who}?", f"Did you notice {who}?", f"Have you seen anything of {who}?",
         f"What became of {who}?", f"When did you last notice {who}?", f"What have you got on {who}?",
         f"Give me the last report on {who}.", f"What was {who} doing?", f"Anything about {who}?"]
    )  # fmt: skip
    yes = "Yes, " if ask.startswith(("Did ", "Have ")) else ""
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
    ask = a.choose(
        [f"What colour was {what}{where}?", f"Which colour did {what} have?", f"What color was {what}{where}?",
         f"What colour is {what}?", f"Tell me the colour of {what}{where}.", f"Describe {what}{where}.",
         f"Do you know the colour of {what}?", f"In which colour was {what}?", f"Of what colour was {what}{where}?",
         f"What did {what} look like?", f"Was {what} red or what colour was it?", f"What color did {what} have?",
         f"I need the colour of {what}.", f"Could you see which colour {what} had?", f"Was {what} dark or light?"]
    )  # fmt: skip
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
    ask = a.choose(
        [f"Is the {thing}{where} {word}?", f"Is the {thing} {word}{where}?", f"Has the {thing}{where} been {verb}?",
         f"What about the {thing}{where}?", f"What is the state of the {thing}{where}?",
         f"Did anybody leave the {thing}{where} {word}?", f"Can you check the {thing}{where}?",
         f"Do you know if the {thing}{where} is {word}?", f"How is the {thing}{where}, open or closed?",
         f"Is the {thing}{where} {word} at the moment?", f"Tell me whether the {thing}{where} is {word}.",
         f"Is the {thing}{where} locked?", f"Did somebody touch the {thing}{where}?", f"Open or closed: the {thing}?",
         f"Was the {thing}{where} {word}?", f"Is the {thing}{where} still {word}?"]
    )  # fmt: skip
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
    ask = a.choose(
        [f"What is the {what}{where}?", f"What is the {what} now{where}?", f"Tell me the {what}{where}.",
         f"How is the {what}{where}?", f"What does the sensor say about the {what}{where}?",
         f"Which {what} was measured{where}?", f"Give me the {what}{where}.", f"What was the last {what}{where}?",
         f"How high is the {what}{where}?", f"Do you know the {what}{where}?", f"What {what} do we have{where}?",
         f"Read me the {what}{where}.", f"What is the current {what}{where}?", f"Check the {what}{where}.",
         f"Has the {what}{where} been measured?", f"What about the {what}{where}?"]
    )  # fmt: skip
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
    ask = a.choose(
        [f"What did you see{where}?", f"What did you see last{where}?", f"What was{where}?", f"What was seen{where}?",
         f"What was detected{where}?", f"Who or what was{where}?", f"Anything{where}?", f"What happened{where}?",
         f"What was going on{where}?", f"Did you see anything{where}?", f"What did the camera{where} show?",
         f"What was the last thing{where}?", f"Report{where}, please.", f"What can you tell me about{where}?",
         f"What has been spotted{where}?", f"What did you notice{where}?"]
    )  # fmt: skip
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
    ask = a.choose(
        [f"Who was {what}?", f"Who is {what}?", f"Was anybody {what}?", f"Was somebody {what}?", f"Is anyone {what}?",
         f"Did you see somebody {what}?", f"Did you see anyone {what}?", f"When was somebody {what}?",
         f"Have you seen anybody {what}?", f"Where was somebody {what}?", f"Do you know who was {what}?",
         f"Which person was {what}?", f"Tell me who was {what}.", f"Has anybody been {what}?"]
    )  # fmt: skip
    yes = "Yes, " if ask.startswith(("Was ", "Is ", "Did ", "Have ", "Has ")) else ""
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
    ask = a.choose(
        [f"How many {many} were {spot}?", f"How many {many} did you see?", f"How many {many} are {spot}?",
         f"How many {many} were there?", f"Count the {many}.", f"What is the number of {many}?",
         f"Did you see {many} {spot}?", f"Where were the {many}?", f"Where are the {many}?", f"Were there any {many}?",
         f"Are there {many} {spot}?", f"Tell me how many {many} there were.", f"How many {many} have you counted?",
         f"Do you know how many {many} were {spot}?"]
    )  # fmt: skip
    yes = "Yes, " if ask.startswith(("Did ", "Were ", "Are ")) else ""
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
    do = "say" if verb == "said" else "write"
    ask = a.choose(
        [f"What did {who} {do}?", f"What did {who} {do} last?", f"What were {who}'s words?",
         f"What was it {who} {verb}?",
         f"What did you get from {who}?", f"Any word from {who}?", f"Repeat what {who} {verb}.",
         f"Tell me what {who} {verb}.", f"What has {who} told us?", f"Has {who} {'said' if do == 'say' else 'written'} "
         "anything?", f"What did {who} have to {do}?", f"Did {who} {do} something?", f"Quote {who}.",
         f"What is the last thing that {who} {verb}?", f"What was {who}'s message?", f"What did {who} tell you?"]
    )  # fmt: skip
    text = full_stop(f.data["text"]) if f.data["text"][-1:] not in ".?!" else f.data["text"]
    answer = f'At {f.clock} {who} {verb}: "{cap(text)}"'
    return Question("foreign speech", ask, answer, (f.data["text"], f.clock), (i,))


MAKERS: Sequence[tuple[Maker, float]] = (
    (happened_when, 3), (saw, 5), (what_of, 4), (colours, 6), (doors, 5), (readings, 5), (seen_at, 4),
    (doing, 3), (number, 3), (spoken, 3), *MERGED_MAKERS,
)  # fmt: skip
