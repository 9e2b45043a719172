"""Questions about what is in view now: people, faces, movement, the picture, the cameras."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from dialog.training.asking import Asker, Question, cap, it, past, plural, where_is
from dialog.training.days import Fact

COUNT = (
    "How many {nouns} are {there}{where}?", "How many {nouns} do you see{where}?",
    "How many {nouns} are in view{where}?", "Count the {nouns}{where}.", "How many {nouns} can you see{where} {now}?",
    "{nouns} in view{where}?", "How many {nouns} are in the {camera}{where}?", "Number of {nouns}{where}?",
    "how many {nouns}{where}", "What is the number of {nouns}{where} {now}?", "How many {nouns} do you count{where}?",
    "How many {nouns} are visible{where}?", "Can you count the {nouns}{where}?",
    "Tell me how many {nouns} there are{where}.", "How many {nouns} have you got{where}?",
    "How many {nouns} are on screen{where}?", "How crowded with {nouns} is it{where}?",
    "Give me the number of {nouns}{where}.", "How many {nouns}{where} {now}?",
    "How many {nouns} would you say are{where} {now}?", "I'd like a head count of the {nouns}{where}.",
    "At the last count, how many {nouns} were there{where}?",
)  # fmt: skip

ANYONE = (
    "Is {it} {there}{where}?", "Is there {it}{where}?", "Do you see {it}{where}?", "Is {it} in view{where}?",
    "Can you see {it}{where} {now}?", "Is {it} visible{where}?", "Do you {see} {it}{where}?",
    "Is {it} in the {camera}{where}?", "Any {nouns}{where} {now}?", "Is there {it} in the {camera}{where}?",
    "Are there any {nouns}{where} {now}?", "Do we have {it}{where} {now}?", "Are there {nouns} in view{where}?",
    "Check for {nouns}{where}.", "Can you make out {it}{where}?", "Is {it} on screen{where}?",
)  # fmt: skip

ANYBODY = (
    "Is {anyone} in the room?", "Is {anyone} here?", "Is {anyone} around?", "Is {anyone} in?", "anyone there?",
    "Anybody home?", "Is the place empty?", "Do you see {anyone}?", "Is {anyone} in the {camera}?",
    "Am I alone here?", "Is {anyone} {there}?", "Is it empty?", "Do we have company?", "Can you see {anyone} {now}?",
    "Is the room empty?", "Is {anyone} about?",
)  # fmt: skip


def people(a: Asker) -> Question | None:
    """How many of a kind are in view now, and whether anybody is."""
    i = a.some(lambda f: f.what == "count")
    if i is None:
        return None
    place, noun = a.facts[i].place, a.facts[i].data["noun"]
    anywhere = len(a.day.sources) == 1 or not where_is(place)
    i = a.last(lambda f: f.what == "count" and f.data["noun"] == noun and (anywhere or f.place == place))
    newer = a.last(lambda f: f.data.get("noun") == noun and (anywhere or f.place == place))
    if i is None or newer != i or a.vague(i):
        return None
    f = a.facts[i]
    n, where = int(f.data["n"]), "" if anywhere else a.where(place)
    many = f.percept.text.removesuffix(" in view").rsplit(" ", 1)[0]
    be = "is" if n < 2 else "are"
    seen = f"{cap(many)} {be} in view{where_is(f.place)}, since {f.clock}."
    if a.rng.random() < 0.55:
        ask = a.fill(COUNT, nouns=plural(noun), where=where)
        return Question("count", ask, seen, (many,), (i,))
    if noun == "person" and not where and a.rng.random() < 0.5:
        ask = a.fill(ANYBODY)
    else:
        ask = a.fill(ANYONE, it=it(noun) if noun != "person" else a.pick("anyone", "anybody", "somebody", "someone"),
                     nouns=plural(noun), where=where)  # fmt: skip
    empty = any(word in ask for word in ("empty", "alone"))
    yes = "Yes" if (n > 0) != empty else "No"
    return Question("anyone", ask, f"{yes}, {seen[0].lower() + seen[1:]}", (yes, many), (i,))


FACES = (
    "How many faces do you see{where}?", "How many faces are there{where}?",
    "Is {anyone} looking at the camera{where}?", "Does {anyone} look at the camera{where}?",
    "Do you see a face{where}?", "Any faces{where}?", "Can you see a face{where} {now}?",
    "How many people look at the camera{where}?", "Who is looking at the camera{where}?",
    "Is {anyone} facing the camera{where}?", "Count the faces{where}.", "Are there faces in the {camera}{where}?",
)  # fmt: skip


def faces(a: Asker) -> Question | None:
    """How many faces look at the camera."""
    i = a.some(lambda f: f.what == "faces")
    if i is None:
        return None
    place = a.facts[i].place
    where = a.where(place) if len(a.day.sources) > 1 else ""
    i = a.last(lambda f: f.what == "faces" and (not where or f.place == place))
    assert i is not None
    f = a.facts[i]
    ask = a.fill(FACES, where=where)
    return Question(
        "faces", ask, f"{cap(f.percept.text)}{where_is(f.place)}, since {f.clock}.", (f.percept.text,), (i,)
    )


VIEW = (
    "What do you see{where}?", "What does the {camera}{where} show?", "What can you see{where}?",
    "Describe what you see{where}.", "What is in the {camera}{where}?", "What is there to see{where}?",
    "Describe the {camera}{where}.", "What's in view{where}?", "What is visible{where}?",
    "Tell me what you see{where}.", "What does it look like{where}?", "What are you looking at{where}?",
    "What things are in the {camera}{where}?", "what do you see{where} {now}", "Which objects do you see{where}?",
    "What is on the {camera}{where} {now}?", "Give me a description of the {camera}{where}.",
    "What can be seen{where}?", "What is the {camera} showing{where}?", "What is in front of the camera{where}?",
    "What objects are there{where}?", "Can you describe the scene{where}?", "How does the scene look{where}?",
    "What have you got in {camera}{where}?",
)  # fmt: skip


def views(a: Asker) -> Question | None:
    """What the picture shows."""
    i = a.some(lambda f: f.what == "scene")
    if i is None:
        return None
    place = a.facts[i].place
    named = bool(where_is(place)) and (len(a.day.sources) > 1 or a.rng.random() < 0.3)
    i = a.last(lambda f: f.what in ("scene", "scene_change") and (not named or f.place == place))
    assert i is not None
    f = a.facts[i]
    if f.what != "scene":
        return None
    ask = a.fill(VIEW, where=a.where(place) if named else "")
    what = f.percept.text.removeprefix("the picture shows ")
    return Question("view", ask, f"I see {what}, since {f.clock}.", tuple(f.data["labels"].split("|")), (i,))


MOTION = (
    "Did {anything} move{where}?", "Was there any movement{where}?", "Is there any motion{where}?",
    "Did you {see} movement{where}?", "Where did something move{where}?", "Has {anything} moved{where}?",
    "When did something move{where}?", "Any motion{where}?", "motion{where}?", "What moved{where}?",
    "On which side was the movement{where}?", "Was something moving{where}?",
)  # fmt: skip


def motion(a: Asker) -> Question | None:
    """Movement of nothing in particular."""
    i = a.some(lambda f: f.what == "motion")
    if i is None:
        return None
    place = a.facts[i].place
    named = a.rng.random() < 0.5
    i = a.last(lambda f: f.what in ("motion", "moves") and (not named or f.place == place))
    assert i is not None
    f = a.facts[i]
    if f.what != "motion" or a.vague(i):
        return None
    ask = a.fill(MOTION, where=a.where(place) if named else "")
    spot = f.percept.text.removeprefix("something moves ")
    told = f"something moved {spot} at {f.clock}{where_is(f.place)}."
    yes = not any(w in ask.lower() for w in ("where did", "when did", "what moved", "which side"))
    return Question(
        "motion", ask, f"Yes, {told}" if yes else cap(told), (f"something moved {spot}"[16:], f.clock), (i,)
    )


PICTURE = (
    "Did the picture change{where}?", "When did the picture change{where}?", "Was there a cut{where}?",
    "Has the scene changed{where}?", "When did the scene change{where}?", "Did the whole {camera} change{where}?",
    "When was there a cut?", "Did the view change{where}?",
)  # fmt: skip


def scene_changes(a: Asker) -> Question | None:
    """When the picture was replaced."""
    i = a.last(lambda f: f.what == "scene_change")
    if i is None:
        return None
    f = a.facts[i]
    ask = a.fill(PICTURE, where="")
    yes = "" if ask.startswith("When") else "Yes, "
    told = f"the picture changed completely at {f.clock}{where_is(f.place)}."
    return Question("cut", ask, yes + told if yes else cap(told), (f.clock,), (i,))


WHICH = (
    "Where did you {see} {it}?", "Which camera saw {it}?", "On which camera was {it}?",
    "At which place did you {see} {it}?", "Where was {it}?", "Where was {it} {seen}?", "Which camera has {seen} {it}?",
    "What camera picked up {it}?", "In which place did {it} turn up?", "Where did {it} show up?",
    "On what camera did {it} appear?", "Where was {it} last {seen}?", "Which of the cameras noticed {it}?",
    "By which camera was {it} {seen}?", "Whereabouts did you spot {it}?",
)  # fmt: skip


def which_place(a: Asker) -> Question | None:
    """Which camera saw it, at which door it was."""
    i = a.some(lambda f: f.what in ("enters", "recognised") and f.data["noun"] != "something")
    if i is None or a.vague():
        return None
    noun = a.facts[i].data["noun"]
    i = a.last(lambda f: f.what in ("enters", "recognised", "stays", "moves", "leaves") and f.data.get("noun") == noun)
    assert i is not None
    f = a.facts[i]
    if f.what not in ("enters", "recognised") or not where_is(f.place):
        return None
    ask = a.fill(WHICH, it=a.rng.choice([it(noun), f"the {noun}"]))
    answer = f"{cap(where_is(f.place).strip())}, {past(f.percept.text)} at {f.clock}."
    return Question("where seen", ask, answer, (f.place,), (i,))


WORKS = (
    "Is the camera{where} {working}?", "Does the camera{where} work?",
    "Is everything {working} with the camera{where}?", "Is the {camera}{where} {working}?",
    "Does the camera{where} still work?", "Are you still getting a {camera}{where}?", "Is the camera{where} in order?",
    "Do you have a {camera}{where}?", "Do you still have a signal{where}?", "Is the camera{where} {working} again?",
    "camera{where} OK?", "Do you still see the place{where}?", "Camera status{where}?",
    "Is the equipment{where} {working}?", "Is the camera{where} healthy?",
)  # fmt: skip

WRONG = (
    "What is wrong with the camera{where}?", "What happened to the camera{where}?",
    "Since when is the camera{where} not {working}?", "When did the camera{where} fail?",
    "Why do I have no {camera}{where}?", "When did the camera trouble{where} start?",
    "What's up with the camera{where}?", "What's the matter with the camera{where}?",
    "Since when has the camera{where} been out?", "Why is the {camera}{where} not {working}?",
    "When did you lose the {camera}{where}?", "What problem does the camera{where} have?",
)  # fmt: skip


def _health(f: Fact) -> bool:
    return f.what in ("fault", "mended")


def faults(a: Asker) -> Question | None:
    """Whether a camera works, what is wrong with it, and since when."""
    i = a.some(_health)
    if i is None:
        return None
    place = a.facts[i].place
    i = a.last(lambda f: _health(f) and f.place == place)
    assert i is not None
    f = a.facts[i]
    where = where_is(place)
    if not where and a.last(_health) != i:
        return None
    told = f"{f.percept.text} since {f.clock}"
    if f.what == "fault" and a.rng.random() < 0.35:
        ask = a.fill(WRONG, where=where)
        return Question("wrong", ask, f"{cap(told)}.", (f.percept.text, f.clock), (i,))
    if a.rng.random() < 0.15 and len({g.place for g in a.facts if _health(g)}) == 1:
        ask = a.pick("Is everything working?", "Are all cameras working?", "Are all cameras fine?",
                     "Any camera trouble?", "Is every camera all right?")  # fmt: skip
        trouble = "trouble" in ask
        yes = "Yes" if (f.what == "mended") != trouble else "No"
        return Question("fault", ask, f"{yes}, {told}{where_is(place)}.", (yes, f.clock), (i,))
    yes = "No" if f.what == "fault" else "Yes"
    return Question("fault", a.fill(WORKS, where=where), f"{yes}, {told}.", (yes, f.clock), (i,))


MAKERS: Sequence[tuple[Callable[[Asker], Question | None], float]] = (
    (people, 14), (faces, 2), (views, 6), (motion, 2), (scene_changes, 1), (which_place, 4), (faults, 3),
)  # fmt: skip
"""Who makes such questions, and how often."""
