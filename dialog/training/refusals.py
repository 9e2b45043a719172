"""Questions whose answer a made-up day does not hold. The right answer says so and names nothing."""

from __future__ import annotations

import random

from dialog.training import words
from dialog.training.asking import Asker, Question, the, where_is
from dialog.training.days import Day, is_plural


def refusal(day: Day, rng: random.Random, held_out: bool) -> Question | None:
    """A question like any other, about something that never happened; None when the try happened to have an answer."""
    asker = Asker(day, rng, held_out)
    makers = (_claim, _quote, _sign, _count, _visit, _light, _sound, _view, _fault)
    return rng.choices(makers, (34, 10, 10, 10, 14, 7, 9, 4, 4))[0](asker)


def _no(kind: str, ask: str, answer: str, *keys: str) -> Question:
    return Question(f"no {kind}", ask, answer, keys or (answer,), (), answerable=False)


def _mentioned(a: Asker, topic: str) -> bool:
    return any(topic.lower() in f.line.lower() for f in a.facts)


def _claim(a: Asker) -> Question | None:
    def pick(values: list[str]) -> str:
        return a.rng.choice(words.split(values, a.held_out))

    sort = a.rng.choices(["where", "when", "code", "food", "errand", "colour", "whereabouts", "who"],
                         [36, 14, 12, 7, 7, 7, 9, 8])[0]  # fmt: skip
    # Often about somebody or something near: a name that was heard, but never with this.
    topic = {
        "where": pick(words.THINGS), "who": pick(words.THINGS), "when": pick(words.TOPICS), "code": pick(words.CODED),
    }.get(sort) or _somebody(a)  # fmt: skip
    test = {"food": f"{topic}'s food", "colour": f"{topic}'s car"}.get(sort, topic)
    if any(f.data.get("topic") == test for f in a.facts) or (
        sort in ("where", "who", "when", "code") and _mentioned(a, topic)
    ):
        return None
    thing, be = the(topic), "are" if is_plural(topic) else "is"
    ask = {
        "where": a.pick(f"Where {be} {thing}?", f"Do you know where {thing} {be}?", f"Where can I find {thing}?",
                        f"I am looking for {thing}.", f"Has anybody seen {thing}?"),
        "who": a.pick(f"Who talked about {thing}?", f"Who mentioned {thing}?", f"Who spoke of {thing}?"),
        "when": a.pick(f"When is {thing}?", f"Do you know when {thing} is?", f"What time is {thing}?"),
        "code": a.pick(f"What is {thing}?", f"Tell me {thing}.", f"Do you remember {thing}?"),
        "food": a.pick(f"What does {topic} like to eat?", f"What food does {topic} like?", f"What would {topic} eat?"),
        "errand": a.pick(f"What does {topic} have to do?", f"What should {topic} do?", f"What is {topic}'s task?"),
        "colour": a.pick(f"What colour is {topic}'s car?", f"Which colour does {topic}'s car have?",
                         f"Describe {topic}'s car."),
        "whereabouts": a.pick(f"Where is {topic}?", f"Do you know where {topic} is?", f"Where can I find {topic}?"),
    }[sort]  # fmt: skip
    about = {
        "food": f"what {topic} likes to eat", "errand": f"what {topic} has to do", "colour": f"{topic}'s car",
        "whereabouts": f"where {topic} is",
    }.get(sort, thing)  # fmt: skip
    return _no(sort, ask, f"I don't know, nobody has mentioned {about}.", "I don't know")


def _somebody(a: Asker) -> str:
    heard = [f.data["who"] for f in a.facts if f.data.get("who", "a")[:1].isupper()]
    if heard and a.rng.random() < 0.5:
        return a.rng.choice(heard)
    return a.rng.choice(words.split(words.NAMES, a.held_out))


def _quote(a: Asker) -> Question | None:
    if a.rng.random() < 0.7:
        who = a.rng.choice(words.split(words.NAMES, a.held_out))
        if any(f.data.get("who") == who for f in a.facts):
            return None
        ask = a.pick(f"What did {who} say?", f"What did {who} say last?", f"What was it that {who} said?")
        return _no("quote", ask, f"I have not heard {who} say anything.", "I have not heard")
    if any(f.what == "says" and f.data["verb"] == "said" for f in a.facts):
        return None
    ask = a.pick("What was said last?", "What did they say?", "What did the voice say?", "Repeat what was said.")
    return _no("quote", ask, "I have not heard anybody say anything.", "I have not heard")


def _sign(a: Asker) -> Question | None:
    if not any(f.what == "sign" for f in a.facts):
        ask = a.pick("What does the sign say?", "What is written there?", "Can you read the sign?",
                     "What text do you see?",
                     "What is on the sign?")  # fmt: skip
        return _no("sign", ask, "I have not seen a sign.", "I have not seen")
    place = _place(a)
    where = where_is(place)
    if not where or any(f.what == "sign" and f.place == place for f in a.facts):
        return None
    ask = a.pick(f"What does the sign{where} say?", f"What is written{where}?", f"Read the sign{where}.")
    return _no("sign", ask, f"I have not seen a sign{where}.", "I have not seen")


def _place(a: Asker) -> str:
    """A place that is watched, or one that is not."""
    pool = [source.replace("-", " ") for source in words.split(words.SOURCES, a.held_out)]
    return a.rng.choice([a.rng.choice(pool), a.rng.choice(a.day.sources).replace("-", " ")])


def _count(a: Asker) -> Question | None:
    if any(f.data.get("noun") == "person" or f.what in ("faces", "scene_change") for f in a.facts):
        place = _place(a)
        where = where_is(place)
        if not where or any(f.place == place for f in a.facts):
            return None
    else:
        where = ""
    ask = a.pick(f"How many people are{where or ' there'}?", f"Is anyone{where or ' there'}?",
                 f"Is there anyone{where}?",
                 f"Count the people{where}.")  # fmt: skip
    return _no("count", ask, f"I have not seen anybody{where}.", "I have not seen")


def _visit(a: Asker) -> Question | None:
    noun = a.rng.choice(words.THINGS_SEEN + ["lion", "bear", "robot", "fire"])
    if noun == "something" or any(noun in f.line for f in a.facts):
        return None
    it = "anyone" if noun == "person" else f"a {noun}"
    ask = a.pick(f"Did you see {it}?", f"When did {it} come?", f"Did {it} come in?", f"When did {it} leave?",
                 f"Is the {noun} still there?", f"Where did {it} go?", f"Has {it} gone?")  # fmt: skip
    return _no("visit", ask, f"I have not seen {it}.", "I have not seen")


def _light(a: Asker) -> Question | None:
    if any(f.what in ("light", "brightness") for f in a.facts):
        return None
    ask = a.pick("Is the light on?", "Is the light off?", "When did the light change?", "What about the light?")
    return _no("light", ask, "I don't know, I have not seen the light change.", "I don't know")


def _sound(a: Asker) -> Question | None:
    what = a.rng.choice(words.split(words.SOUNDS, a.held_out))
    if any(f.data.get("sound") == what for f in a.facts):
        return None
    if not any(f.what in ("sound", "loud", "noise") for f in a.facts) and a.rng.random() < 0.4:
        ask = a.pick("Did you hear a sound?", "Did you hear any noise?", "Was there a noise?")
        return _no("sound", ask, "No, I have not heard a sound.", "have not heard")
    ask = a.pick(
        f"When did you hear {what}?", f"Did you hear {what}?", f"Where did you hear {what}?", f"Was there {what}?"
    )
    return _no("sound", ask, f"I have not heard {what}.", "have not heard")


def _view(a: Asker) -> Question | None:
    if any(f.percept.kind not in ("speech", "text", "sound") for f in a.facts):
        return None
    ask = a.pick("What do you see?", "What does the picture show?", "What can you see?", "What is in the picture?")
    return _no("view", ask, "I have not seen anything yet.", "I have not seen")


def _fault(a: Asker) -> Question | None:
    place = _place(a)
    where = where_is(place)
    if any(f.what in ("fault", "mended") for f in a.facts):
        return None
    ask = a.pick(f"Is the camera{where} working?", f"Does the camera{where} work?", f"Is the camera{where} all right?")
    return _no("fault", ask, "I have noticed no fault.", "no fault")
