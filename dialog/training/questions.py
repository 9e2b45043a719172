"""Questions about a made-up day, with the answers that its facts give."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from dialog.training import words
from dialog.training.days import Day, Fact, is_plural

UNANSWERABLE = 0.27
"""Share of questions whose answer the day does not hold."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question and its answer."""

    kind: str
    text: str
    answer: str
    keys: tuple[str, ...]
    """What a right answer must contain."""
    evidence: tuple[int, ...] = ()
    """Indices of the facts that the answer rests on."""
    answerable: bool = True


class _Asker:
    """Asks about one day."""

    def __init__(self, day: Day, rng: random.Random, held_out: bool) -> None:
        self.day, self.rng, self.held_out = day, rng, held_out
        self.facts = day.facts

    def pick(self, *wordings: str) -> str:
        """One of several ways to ask; the last is for the evaluation only."""
        return self.rng.choice(wordings if self.held_out else wordings[:-1])

    def last(self, test: Callable[[Fact], bool]) -> int | None:
        """Index of the newest fact that passes."""
        return next((i for i in range(len(self.facts) - 1, -1, -1) if test(self.facts[i])), None)

    def some(self, test: Callable[[Fact], bool]) -> int | None:
        """Index of any fact that passes."""
        found = [i for i, fact in enumerate(self.facts) if test(fact)]
        return self.rng.choice(found) if found else None


def _where(place: str) -> str:
    """` in the kitchen`, ` at the gate`, or nothing for a source whose name is no place."""
    if place in words.NO_PLACE:
        return ""
    return f" {'in' if place in words.INSIDE else 'at'} the {place}"


def _the(thing: str) -> str:
    return thing if thing[:1].isupper() else f"the {thing}"


def _cap(text: str) -> str:
    return text[:1].upper() + text[1:]


def _claims(a: _Asker) -> Question | None:
    """What somebody said about something."""
    i = a.some(lambda f: bool(f.data.get("topic")))
    if i is None:
        return None
    sort, topic = a.facts[i].data["sort"], a.facts[i].data["topic"]
    i = a.last(lambda f: f.data.get("topic") == topic and f.data.get("sort") == sort)
    assert i is not None
    f, thing = a.facts[i], _the(topic)
    be = "are" if is_plural(topic) else "is"
    person = topic.split("'")[0]
    ask = {
        "where": a.pick(
            f"Where {be} {thing}?", f"Where {be} {thing}?", f"Where did somebody leave {thing}?",
            f"Do you know where {thing} {be}?", f"Where can I find {thing}?", f"I am looking for {thing}.",
            f"Has anybody seen {thing}?",
        ),
        "when": a.pick(f"When is {thing}?", f"Do you know when {thing} is?", f"What time is {thing}?"),
        "code": a.pick(f"What is {thing}?", f"Tell me {thing}.", f"Do you remember {thing}?"),
        "food": a.pick(f"What does {person} like to eat?", f"What food does {person} like?",
                       f"What would {person} eat?"),
        "errand": a.pick(f"What does {topic} have to do?", f"What should {topic} do?", f"What is {topic}'s task?"),
        "colour": a.pick(f"What colour is {topic}?", f"Which colour does {topic} have?", f"Describe {topic}."),
        "whereabouts": a.pick(f"Where is {topic}?", f"Do you know where {topic} is?", f"Where can I find {topic}?"),
    }[sort]  # fmt: skip
    style = a.rng.random()
    if style < 0.12:
        ask = a.pick(f"Who talked about {thing}?", f"Who mentioned {thing}?", f"Who spoke of {thing}?")
        who = f.data["who"]
        return Question("who", ask, f"{_cap(who)} did, at {f.clock}.", (who, f.clock), (i,))
    if style < 0.22:
        ask = a.pick(
            f"When did somebody mention {thing}?", f"When did you hear about {thing}?", f"When did you hear of {thing}?"
        )
        return Question("when", ask, f"At {f.clock}, {f.data['who']} {f.data['verb']} it.", (f.clock,), (i,))
    so = "said so" if f.data["verb"] == "said" else "wrote it"
    answer = f"{_cap(f.data['claim'])}, {f.data['who']} {so} at {f.clock}."
    return Question(sort, ask, answer, (f.data["key"],), (i,))


def _quotes(a: _Asker) -> Question | None:
    """What somebody said, word for word."""
    i = a.some(lambda f: f.what == "says")
    if i is None:
        return None
    who, verb = a.facts[i].data["who"], a.facts[i].data["verb"]
    if a.rng.random() < 0.6 and who not in ("a voice", "somebody"):
        i = a.last(lambda f: f.data.get("who") == who and f.data.get("verb") == verb)
        do = "say" if verb == "said" else "write"
        ask = a.pick(f"What did {who} {do}?", f"What did {who} {do} last?", f"What was it that {who} {verb}?")
    else:
        i = a.last(lambda f: f.data.get("verb") == verb)
        if verb == "said":
            ask = a.pick("What was said last?", "What did you hear?", "What do you hear?", "What was just said?",
                         "What did they say?",
                         "What did the voice say?", "Repeat what was said.")  # fmt: skip
        else:
            ask = a.pick("What was written last?", "What did somebody write?", "Read me the last message.")
    assert i is not None
    f = a.facts[i]
    return Question("quote", ask, f'At {f.clock} {f.data["who"]} {verb}: "{f.data["text"]}"', (f.data["text"],), (i,))


def _signs(a: _Asker) -> Question | None:
    i = a.some(lambda f: f.what == "sign")
    if i is None:
        return None
    place = a.facts[i].place
    if a.rng.random() < 0.25:
        f = a.facts[i]
        ask = a.pick(f'When did you see the sign "{f.data["text"]}"?', f'When did the sign "{f.data["text"]}" appear?',
                     f'Since when is there a sign "{f.data["text"]}"?')  # fmt: skip
        j = a.last(lambda g: g.what == "sign" and g.data["text"] == f.data["text"])
        assert j is not None
        f = a.facts[j]
        return Question("when", ask, f"At {f.clock}{_where(f.place)}.", (f.clock,), (j,))
    if a.rng.random() < 0.5 and _where(place):
        i = a.last(lambda f: f.what == "sign" and f.place == place)
        where = _where(place)
        ask = a.pick(f"What does the sign{where} say?", f"What is written{where}?", f"Read the sign{where}.")
    else:
        i = a.last(lambda f: f.what == "sign")
        ask = a.pick("What does the sign say?", "What does the sign say?", "What is written there?",
                     "Can you read the sign?", "What text do you see?", "What is on the sign?")  # fmt: skip
    assert i is not None
    return Question("sign", ask, f'The sign says "{a.facts[i].data["text"]}".', (a.facts[i].data["text"],), (i,))


def _people(a: _Asker) -> Question | None:
    """How many of a kind are in view now, and whether anybody is."""
    i = a.some(lambda f: f.what == "count")
    if i is None:
        return None
    place, noun = a.facts[i].place, a.facts[i].data["noun"]
    anywhere = len(a.day.sources) == 1 or not _where(place)
    i = a.last(lambda f: f.what == "count" and f.data["noun"] == noun and (anywhere or f.place == place))
    newer = a.last(lambda f: f.data.get("noun") == noun and (anywhere or f.place == place))
    if i is None or newer != i:
        return None
    f = a.facts[i]
    n, where = int(f.data["n"]), "" if anywhere else _where(place)
    many = f.percept.text.removesuffix(" in view").rsplit(" ", 1)[0]
    be = "is" if n < 2 else "are"
    seen = f"{_cap(many)} {be} in view{_where(f.place)}, since {f.clock}."
    if a.rng.random() < 0.55:
        plural = {"person": "people", "bus": "buses"}.get(noun, noun + "s")
        spot = where or " there"
        ask = a.pick(f"How many {plural} are{spot}?", f"How many {plural} do you see{where}?",
                     f"How many {plural} are in view{where}?", f"Count the {plural}{where}.")  # fmt: skip
        return Question("count", ask, seen, (many,), (i,))
    who = "anyone" if noun == "person" else f"a {noun}"
    ask = a.pick(f"Is {who}{where or ' there'}?", f"Is there {who}{where}?", f"Do you see {who}{where}?",
                 f"Is {who} in view{where}?")  # fmt: skip
    if noun == "person" and not where and a.rng.random() < 0.3:
        ask = a.pick("Is anyone in the room?", "Is somebody here?", "Is anybody around?")
    yes = "Yes" if n else "No"
    return Question("anyone", ask, f"{yes}, {seen[0].lower() + seen[1:]}", (yes, many), (i,))


def _visits(a: _Asker) -> Question | None:
    """Who came, who left, when, where."""
    what = a.rng.choice(["enters", "leaves"])
    i = a.some(lambda f: f.what == what)
    if i is None:
        return None
    came = what == "enters"
    style = a.rng.random()
    if style < 0.4:
        place = a.facts[i].place
        where = _where(place) if a.rng.random() < 0.4 else ""
        i = a.last(lambda f: f.what == what and (not where or f.place == place))
        ask = (
            a.pick(f"What came in{where}?", f"Who came in{where}?", f"What entered{where}?", f"Who came last{where}?",
                   f"Who arrived{where}?")
            if came
            else a.pick(f"Who left{where}?", f"What left{where}?", f"Who went away{where}?", f"Who has gone{where}?")
        )  # fmt: skip
    else:
        noun = a.facts[i].data["noun"]
        i = a.last(lambda f: f.what == what and f.data["noun"] == noun)
        it = "anyone" if noun == "person" else noun if noun == "something" else f"a {noun}"
        ask = (
            a.pick(f"When did {it} come?", f"Did {it} come in?", f"When did you see {it} come in?",
                   f"From which side did {it} come?", f"Where did {it} come in?", f"Did you notice {it} arrive?")
            if came
            else a.pick(f"When did {it} leave?", f"Did {it} leave?", f"Where did {it} go?", f"Has {it} gone?")
        )  # fmt: skip
    assert i is not None
    f = a.facts[i]
    yes = "Yes, " if ask.startswith(("Did ", "Has ")) else ""
    happened = f"{_past(f.percept.text)} at {f.clock}{_where(f.place)}."
    return Question(
        what, ask, yes + (happened if yes else _cap(happened)), (f.data["noun"].removeprefix("some"), f.clock), (i,)
    )


def _past(text: str) -> str:
    """A percept's sentence as a report."""
    for now, then in ((" appears", " appeared"), (" enters ", " entered "), (" leaves ", " left "),
                      (" disappears", " disappeared")):  # fmt: skip
        text = text.replace(now, then, 1)
    return text


def _still(a: _Asker) -> Question | None:
    i = a.some(lambda f: f.what in ("enters", "leaves") and f.data["noun"] != "something")
    if i is None:
        return None
    noun = a.facts[i].data["noun"]
    i = a.last(lambda f: f.what in ("enters", "leaves", "count") and f.data["noun"] == noun)
    assert i is not None
    f = a.facts[i]
    ask = a.pick(f"Is the {noun} still there?", f"Is the {noun} still around?", f"Has the {noun} stayed?")
    if f.what == "count":
        j = a.last(lambda g: g.what in ("enters", "leaves") and g.data["noun"] == noun)
        assert j is not None
        if (f.data["n"] == "0") != (a.facts[j].what == "leaves"):
            return None
        i, f = j, a.facts[j]
    if f.what == "enters":
        return Question("still", ask, f"Yes, {_past(f.percept.text)} at {f.clock} and has not left.", ("Yes",), (i,))
    return Question("still", ask, f"No, {_past(f.percept.text)} at {f.clock}.", ("No", f.clock), (i,))


def _lights(a: _Asker) -> Question | None:
    i = a.some(lambda f: f.what == "light")
    if i is None:
        return None
    place = a.facts[i].place
    where = _where(place) if len(a.day.sources) > 1 else ""
    i = a.last(lambda f: f.what == "light" and (not where or f.place == place))
    assert i is not None
    f, ask_on = a.facts[i], a.rng.random() < 0.75
    if a.rng.random() < 0.25:
        ask = a.pick(
            f"When did the light{where} change?", f"What happened to the light{where}?", f"What about the light{where}?"
        )
        return Question("light", ask, f"The light{_where(f.place)} went {f.data['state']} at {f.clock}.",
                        (f.data["state"], f.clock), (i,))  # fmt: skip
    state = "on" if ask_on else "off"
    ask = a.pick(
        f"Is the light{where} {state}?", f"Is the light {state}{where}?", f"Tell me if the light{where} is {state}."
    )
    yes = "Yes" if f.data["state"] == state else "No"
    return Question("light", ask, f"{yes}, it went {f.data['state']} at {f.clock}.", (yes, f.clock), (i,))


def _sounds(a: _Asker) -> Question | None:
    i = a.some(lambda f: f.what in ("sound", "loud"))
    if i is None:
        return None
    what = a.facts[i].data.get("sound", "a sudden loud sound")
    style = a.rng.random()
    if style < 0.35:
        i = a.last(lambda f: f.what in ("sound", "loud"))
        ask = a.pick("Did you hear a sound?", "Did you hear any noise?", "What was that sound?", "Was there a noise?")
        assert i is not None
        what = a.facts[i].data.get("sound", "a sudden loud sound")
        yes = "" if ask.startswith("What") else "Yes, "
    else:
        i = a.last(lambda f: f.data.get("sound", "a sudden loud sound" if f.what == "loud" else "") == what)
        ask = a.pick(
            f"When did you hear {what}?", f"Did you hear {what}?", f"Where did you hear {what}?", f"Was there {what}?"
        )
        yes = "" if ask.startswith("W") and not ask.startswith("Was") else "Yes, "
    assert i is not None
    f = a.facts[i]
    told = f"{what} was heard at {f.clock}{_where(f.place)}."
    return Question("sound", ask, yes + (told if yes else _cap(told)), (what, f.clock), (i,))


def _faults(a: _Asker) -> Question | None:
    i = a.some(lambda f: f.what in ("fault", "mended"))
    if i is None:
        return None
    place = a.facts[i].place
    where = _where(place)
    i = a.last(lambda f: f.what in ("fault", "mended") and f.place == place)
    assert i is not None
    f = a.facts[i]
    ask = a.pick(f"Is the camera{where} working?", f"Does the camera{where} work?", f"Is the camera{where} all right?")
    if f.what == "fault":
        return Question("fault", ask, f"No, {f.percept.text} since {f.clock}.", ("No", f.clock), (i,))
    return Question("fault", ask, f"Yes, {f.percept.text} since {f.clock}.", ("Yes", f.clock), (i,))


def _views(a: _Asker) -> Question | None:
    i = a.last(lambda f: f.what == "scene")
    if i is not None and (len(a.day.sources) == 1 or a.rng.random() < 0.5):
        f = a.facts[i]
        ask = a.pick(
            "What do you see?",
            "What does the picture show?",
            "What can you see?",
            "Describe what you see.",
            "What is in the picture?",
        )
        what = f.percept.text.removeprefix("the picture shows ")
        return Question("view", ask, f"I see {what}, since {f.clock}.", tuple(f.data["labels"].split("|")), (i,))
    i = a.some(lambda f: f.what == "scene")
    if i is None or not _where(a.facts[i].place):
        return None
    place = a.facts[i].place
    i = a.last(lambda f: f.what == "scene" and f.place == place)
    assert i is not None
    f, where = a.facts[i], _where(place)
    ask = a.pick(f"What do you see{where}?", f"What is there to see{where}?", f"Describe the view{where}.")
    what = f.percept.text.removeprefix("the picture shows ")
    return Question("view", ask, f"I see {what}, since {f.clock}.", tuple(f.data["labels"].split("|")), (i,))


def _lingering(a: _Asker) -> Question | None:
    i = a.some(lambda f: f.what == "stays")
    if i is None:
        return None
    noun = a.facts[i].data["noun"]
    i = a.last(lambda f: f.what == "stays" and f.data["noun"] == noun)
    assert i is not None
    f = a.facts[i]
    ask = a.pick(
        f"How long has the {noun} been there?", f"How long has the {noun} stayed?", f"Since when is the {noun} there?"
    )
    return Question("stays", ask, f"At {f.clock} it had stayed for {f.data['duration']}.", (f.data["duration"],), (i,))


def _last_event(a: _Asker) -> Question | None:
    """The newest thing, or what happened at a time or place."""
    style = a.rng.random()
    facts = a.facts
    if style < 0.4:
        i = len(facts) - 1
        ask = a.pick(
            "What happened last?", "What just happened?", "What is new?", "What was the last thing you noticed?"
        )
    elif style < 0.75:
        clocks = [f.clock for f in facts]
        single = [i for i, clock in enumerate(clocks) if clocks.count(clock) == 1]
        if not single:
            return None
        i = a.rng.choice(single)
        ask = a.pick(
            f"What happened at {clocks[i]}?", f"What did you notice at {clocks[i]}?", f"What was there at {clocks[i]}?"
        )
    else:
        i = a.rng.randrange(len(facts))
        place = facts[i].place
        if not _where(place):
            return None
        found = a.last(lambda f: f.place == place)
        assert found is not None
        i = found
        where = _where(place)
        ask = a.pick(f"What happened last{where}?", f"What is going on{where}?", f"What is new{where}?")
    f = facts[i]
    return Question(
        "event", ask, f"At {f.clock}{_where(f.place)}: {_full_stop(f.percept.text)}", (f.percept.text, f.clock), (i,)
    )


def _summary(a: _Asker) -> Question | None:
    if len(a.facts) < 2:
        return None
    chosen = range(len(a.facts) - min(3, len(a.facts)), len(a.facts))
    ask = a.pick(
        "What happened in the last minutes?", "Give me a short summary.", "What have I missed?", "Sum up what happened."
    )
    parts = [f"at {a.facts[i].clock} {a.facts[i].percept.text}" for i in chosen]
    if sum(map(len, parts)) > 260:
        return None
    keys = tuple(a.facts[i].percept.text for i in chosen)
    return Question("summary", ask, _full_stop(_cap("; ".join(parts))), keys, tuple(chosen))


def _full_stop(text: str) -> str:
    return text if text.endswith('"') else text + "."


def _small_talk(a: _Asker) -> Question:
    said, answer = a.rng.choice(words.SMALL_TALK)
    return Question("talk", said, answer, (answer,))


ANSWERABLE: Sequence[tuple[Callable[[_Asker], Question | None], float]] = (
    (_claims, 30), (_quotes, 11), (_signs, 12), (_people, 14), (_visits, 13), (_still, 4), (_lights, 6), (_sounds, 6),
    (_faults, 3), (_views, 6), (_lingering, 3), (_last_event, 7), (_summary, 2), (_small_talk, 5),
)  # fmt: skip


def question(day: Day, rng: random.Random, held_out: bool = False) -> Question:
    """One question about the day; about `UNANSWERABLE` of them have no answer in it."""
    from dialog.training.refusals import refusal

    asker = _Asker(day, rng, held_out)
    makers = [maker for maker, _ in ANSWERABLE]
    weights = [weight for _, weight in ANSWERABLE]
    for _ in range(40):
        if rng.random() < UNANSWERABLE or not day.facts:
            found = refusal(day, rng, held_out)
        else:
            made = rng.choices(makers, weights)[0](asker)
            if made is None:
                continue
            found = made
        if found is not None:
            return found
    return _small_talk(asker)


def as_spoken(text: str, rng: random.Random) -> str:
    """A question as a hurried typist or a recogniser may give it."""
    r = rng.random()
    if r < 0.08:
        return text[:1].lower() + text[1:].rstrip("?.")
    if r < 0.14:
        return text.rstrip("?")
    return text
