"""Questions about what was seen and heard, other than speech."""

from __future__ import annotations

from dialog.training.asking import Asker, Question, cap, full_stop, past, where_is


def signs(a: Asker) -> Question | None:
    """What a sign says, and when it was seen."""
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
        return Question("when", ask, f"At {f.clock}{where_is(f.place)}.", (f.clock,), (j,))
    if a.rng.random() < 0.5 and where_is(place):
        i = a.last(lambda f: f.what == "sign" and f.place == place)
        where = where_is(place)
        ask = a.pick(f"What does the sign{where} say?", f"What is written{where}?", f"Read the sign{where}.")
    else:
        i = a.last(lambda f: f.what == "sign")
        ask = a.pick("What does the sign say?", "What does the sign say?", "What is written there?",
                     "Can you read the sign?", "What text do you see?", "What is on the sign?")  # fmt: skip
    assert i is not None
    return Question("sign", ask, f'The sign says "{a.facts[i].data["text"]}".', (a.facts[i].data["text"],), (i,))


def people(a: Asker) -> Question | None:
    """How many of a kind are in view now, and whether anybody is."""
    i = a.some(lambda f: f.what == "count")
    if i is None:
        return None
    place, noun = a.facts[i].place, a.facts[i].data["noun"]
    anywhere = len(a.day.sources) == 1 or not where_is(place)
    i = a.last(lambda f: f.what == "count" and f.data["noun"] == noun and (anywhere or f.place == place))
    newer = a.last(lambda f: f.data.get("noun") == noun and (anywhere or f.place == place))
    if i is None or newer != i:
        return None
    f = a.facts[i]
    n, where = int(f.data["n"]), "" if anywhere else where_is(place)
    many = f.percept.text.removesuffix(" in view").rsplit(" ", 1)[0]
    be = "is" if n < 2 else "are"
    seen = f"{cap(many)} {be} in view{where_is(f.place)}, since {f.clock}."
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


def visits(a: Asker) -> Question | None:
    """Who came, who left, when, where."""
    what = a.rng.choice(["enters", "leaves"])
    i = a.some(lambda f: f.what == what)
    if i is None:
        return None
    came = what == "enters"
    style = a.rng.random()
    if style < 0.4:
        place = a.facts[i].place
        where = where_is(place) if a.rng.random() < 0.4 else ""
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
    happened = f"{past(f.percept.text)} at {f.clock}{where_is(f.place)}."
    return Question(
        what, ask, yes + (happened if yes else cap(happened)), (f.data["noun"].removeprefix("some"), f.clock), (i,)
    )


def still(a: Asker) -> Question | None:
    """Whether a thing is still there."""
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
        return Question("still", ask, f"Yes, {past(f.percept.text)} at {f.clock} and has not left.", ("Yes",), (i,))
    return Question("still", ask, f"No, {past(f.percept.text)} at {f.clock}.", ("No", f.clock), (i,))


def lights(a: Asker) -> Question | None:
    """Whether the light is on, and what became of it."""
    i = a.some(lambda f: f.what == "light")
    if i is None:
        return None
    place = a.facts[i].place
    where = where_is(place) if len(a.day.sources) > 1 else ""
    i = a.last(lambda f: f.what == "light" and (not where or f.place == place))
    assert i is not None
    f, ask_on = a.facts[i], a.rng.random() < 0.75
    if a.rng.random() < 0.25:
        ask = a.pick(
            f"When did the light{where} change?", f"What happened to the light{where}?", f"What about the light{where}?"
        )
        return Question("light", ask, f"The light{where_is(f.place)} went {f.data['state']} at {f.clock}.",
                        (f.data["state"], f.clock), (i,))  # fmt: skip
    state = "on" if ask_on else "off"
    ask = a.pick(
        f"Is the light{where} {state}?", f"Is the light {state}{where}?", f"Tell me if the light{where} is {state}."
    )
    yes = "Yes" if f.data["state"] == state else "No"
    return Question("light", ask, f"{yes}, it went {f.data['state']} at {f.clock}.", (yes, f.clock), (i,))


def sounds(a: Asker) -> Question | None:
    """What was heard, when and where."""
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
    told = f"{what} was heard at {f.clock}{where_is(f.place)}."
    return Question("sound", ask, yes + (told if yes else cap(told)), (what, f.clock), (i,))


def faults(a: Asker) -> Question | None:
    """Whether a camera works."""
    i = a.some(lambda f: f.what in ("fault", "mended"))
    if i is None:
        return None
    place = a.facts[i].place
    where = where_is(place)
    i = a.last(lambda f: f.what in ("fault", "mended") and f.place == place)
    assert i is not None
    f = a.facts[i]
    ask = a.pick(f"Is the camera{where} working?", f"Does the camera{where} work?", f"Is the camera{where} all right?")
    if f.what == "fault":
        return Question("fault", ask, f"No, {f.percept.text} since {f.clock}.", ("No", f.clock), (i,))
    return Question("fault", ask, f"Yes, {f.percept.text} since {f.clock}.", ("Yes", f.clock), (i,))


def views(a: Asker) -> Question | None:
    """What the picture shows."""
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
    if i is None or not where_is(a.facts[i].place):
        return None
    place = a.facts[i].place
    i = a.last(lambda f: f.what == "scene" and f.place == place)
    assert i is not None
    f, where = a.facts[i], where_is(place)
    ask = a.pick(f"What do you see{where}?", f"What is there to see{where}?", f"Describe the view{where}.")
    what = f.percept.text.removeprefix("the picture shows ")
    return Question("view", ask, f"I see {what}, since {f.clock}.", tuple(f.data["labels"].split("|")), (i,))


def lingering(a: Asker) -> Question | None:
    """How long a thing has stayed."""
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


def last_event(a: Asker) -> Question | None:
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
        if not where_is(place):
            return None
        found = a.last(lambda f: f.place == place)
        assert found is not None
        i = found
        where = where_is(place)
        ask = a.pick(f"What happened last{where}?", f"What is going on{where}?", f"What is new{where}?")
    f = facts[i]
    return Question(
        "event", ask, f"At {f.clock}{where_is(f.place)}: {full_stop(f.percept.text)}", (f.percept.text, f.clock), (i,)
    )


def summary(a: Asker) -> Question | None:
    """The last three things in one sentence."""
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
    return Question("summary", ask, full_stop(cap("; ".join(parts))), keys, tuple(chosen))
