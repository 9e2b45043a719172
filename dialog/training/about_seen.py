"""Questions about what is in view now: people, faces, movement, the picture, the cameras."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from dialog.training.about_time import told
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
    "At the last count, how many {nouns} were there{where}?", "{nouns}{where}, how many?",
    "How many {nouns} {now}{where}?", "How many {nouns} do we have{where}?",
    "How many {nouns} have we got{where} {now}?", "How many {nouns} show up in the {camera}{where}?",
    "How many {nouns} are to be seen{where}?", "How many {nouns} does the {camera}{where} show?",
    "How many {nouns} does the camera see{where}?", "How many {nouns} can be seen{where}?",
    "How many {nouns} were there at last count{where}?", "How many {nouns} is it{where} {now}?",
    "Count of {nouns}{where}?", "Total of {nouns}{where} {now}?", "I wonder how many {nouns} are {there}{where}.",
    "I'd like to know how many {nouns} are in view{where}.", "Could you count the {nouns} in view{where}?",
    "Would you count the {nouns} for me{where}?", "Let me know the number of {nouns} in view{where}.",
    "What's the number of {nouns} in the {camera}{where}?", "What is the count of {nouns}{where}?",
    "Just how many {nouns} are in sight{where}?", "Please count the {nouns} you see{where}.",
)  # fmt: skip

ANYONE = (
    "Is {it} {there}{where}?", "Is there {it}{where}?", "Do you see {it}{where}?", "Is {it} in view{where}?",
    "Can you see {it}{where} {now}?", "Is {it} visible{where}?", "Do you {see} {it}{where}?",
    "Is {it} in the {camera}{where}?", "Any {nouns}{where} {now}?", "Is there {it} in the {camera}{where}?",
    "Are there any {nouns}{where} {now}?", "Do we have {it}{where} {now}?", "Are there {nouns} in view{where}?",
    "Check for {nouns}{where}.", "Can you make out {it}{where}?", "Is {it} on screen{where}?",
    "Is {it} in sight{where}?", "Is {it} to be seen{where}?", "Is {it} {now} in view{where}?",
    "Does the {camera}{where} show {it}?", "Does the camera see {it}{where}?", "Do you have {it} in view{where}?",
    "Do you have {it} in the {camera}{where}?", "Have you got {it} in sight{where}?", "Can {it} be seen{where}?",
    "Could you check if there is {it}{where}?", "Tell me if there is {it}{where}.", "Tell me if you see {it}{where}.",
    "I wonder if there is {it}{where}.", "Any {nouns} in view{where}?", "Any {nouns} to be seen{where}?",
    "Any {nouns} in the {camera}{where}?", "Do you see any {nouns}{where}?", "Can you see any {nouns}{where} {now}?",
    "Are any {nouns} in sight{where}?", "Are there {nouns}{where} {now}?",
)  # fmt: skip

ANYBODY = (
    "Is {anyone} in the room?", "Is {anyone} here?", "Is {anyone} around?", "Is {anyone} in?", "anyone there?",
    "Anybody home?", "Is the place empty?", "Do you see {anyone}?", "Is {anyone} in the {camera}?", "Am I alone here?",
    "Is {anyone} {there}?", "Is it empty?", "Do we have company?", "Can you see {anyone} {now}?", "Is the room empty?",
    "Is {anyone} about?", "Is {anyone} at home?", "Is {anyone} present?", "Is {anyone} in view?",
    "Is {anyone} to be seen?", "Is there {anyone}?", "Is there {anyone} {now}?", "Is {anyone} with me?",
    "Is {anyone} here with me?", "Can {anyone} be seen?", "Do you have {anyone} in view?", "Anyone around?",
    "Anybody in?", "Somebody here?", "People here?", "Are there people?", "Are there people in the room?",
    "Is the house empty?", "Is it all empty?", "Is everything empty?", "Am I alone?", "Am I all alone?",
    "Are we alone?", "I wonder if {anyone} is here.", "Check if {anyone} is {there}.",
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
    "Faces in view{where}?", "How many faces{where}?", "How many faces can you see{where} {now}?",
    "How many faces are in the {camera}{where}?", "How many faces look at the camera{where}?",
    "Number of faces{where}?", "Is there a face{where}?", "Is there a face in the {camera}{where}?",
    "Do you have a face{where}?", "Do you see any faces{where}?", "Is {anyone} looking at you{where}?",
    "Does {anyone} face the camera{where}?", "Do people look at the camera{where}?",
    "Tell me how many faces there are{where}.",
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
    "What have you got in {camera}{where}?", "What do you have in view{where}?",
    "What do you have in the {camera}{where}?", "What does the camera see{where}?",
    "What does the camera show{where}?", "What can the camera see{where}?", "What is to be seen{where}?",
    "What is to be seen in the {camera}{where}?", "What's in the {camera}{where}?", "What's on the {camera}{where}?",
    "What is in sight{where}?", "What things can you see{where}?", "What things are in view{where}?",
    "Which things do you see{where}?", "Which objects are in the {camera}{where}?",
    "Which objects can be seen{where}?", "Describe the scene{where}.", "Describe the frame{where}.",
    "Describe it to me, what do you see{where}?", "Give me a description of what you see{where}.",
    "A description of the {camera}{where}, please.", "Could you describe the {camera}{where}?",
    "List the things you see{where}.", "I wonder what you see{where}.",
    "I'd like to know what the {camera}{where} shows.",
)  # fmt: skip


_SEEN = frozenset({"scene", "object", "count", "face", "sign", "motion", "light"})


def views(a: Asker) -> Question | None:
    """What the picture shows, and what was seen last: a sign, somebody who came in."""
    i = a.some(lambda f: f.what == "scene") if a.rng.random() < 0.5 else None
    i = a.some(lambda f: f.percept.kind in _SEEN and f.what != "consolidated") if i is None else i
    if i is None or a.vague():
        return None
    place = a.facts[i].place
    named = bool(where_is(place)) and (len(a.day.sources) > 1 or a.rng.random() < 0.3)

    def here(f: Fact) -> bool:
        return not named or f.place == place

    picture = a.last(lambda f: f.what in ("scene", "scene_change") and here(f))
    newest = a.last(lambda f: f.percept.kind in _SEEN and here(f))
    assert newest is not None
    ask = a.fill(VIEW, where=a.where(place) if named else "")
    said, keys, evidence = [], list[str](), list[int]()
    if picture is not None and a.facts[picture].what == "scene":
        said.append(f"I see {a.facts[picture].percept.text.removeprefix('the picture shows ')}, "
                    f"since {a.facts[picture].clock}.")  # fmt: skip
        keys += a.facts[picture].data["labels"].split("|")
        evidence.append(picture)
    if newest not in evidence:
        f = a.facts[newest]
        said.append(told(f))
        keys += [f.percept.text, f.clock]
        evidence.append(newest)
    return Question("view", ask, " ".join(said), tuple(keys), tuple(evidence))


MOTION = (
    "Did {anything} move{where}?", "Was there any movement{where}?", "Is there any motion{where}?",
    "Did you {see} movement{where}?", "Where did something move{where}?", "Has {anything} moved{where}?",
    "When did something move{where}?", "Any motion{where}?", "motion{where}?", "What moved{where}?",
    "On which side was the movement{where}?", "Was something moving{where}?", "Movement{where}?",
    "Any movement{where}?", "Any motion at all{where}?", "Was there motion{where}?", "Was there movement{where}?",
    "Is there movement{where}?", "Did something stir{where}?", "Did you notice movement{where}?",
    "Did you notice motion{where}?", "Have you {seen} any motion{where}?", "Has there been any movement{where}?",
    "When was there movement{where}?", "When did you notice motion{where}?", "Where was the movement{where}?",
    "In which part of the {camera} did something move{where}?", "What was it that moved{where}?",
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
    yes = not re.search(r"\b(where|when|what|which)\b", ask.lower())
    return Question(
        "motion", ask, f"Yes, {told}" if yes else cap(told), (f"something moved {spot}"[16:], f.clock), (i,)
    )


PICTURE = (
    "Did the picture change{where}?", "When did the picture change{where}?", "Was there a cut{where}?",
    "Has the scene changed{where}?", "When did the scene change{where}?", "Did the whole {camera} change{where}?",
    "When was there a cut?", "Did the view change{where}?", "Did the image change?", "When did the image change?",
    "Did the frame change completely?", "Was there a change of scene?", "When was the change of scene?",
    "Has the picture been replaced?", "Has the {camera} changed completely?",
    "When did the {camera} change completely?", "Did the scene change?", "At what time did the picture change?",
)  # fmt: skip


def scene_changes(a: Asker) -> Question | None:
    """When the picture was replaced."""
    i = a.last(lambda f: f.what == "scene_change")
    if i is None:
        return None
    f = a.facts[i]
    ask = a.fill(PICTURE, where="")
    yes = "" if re.search(r"\b(when|what time)\b", ask.lower()) else "Yes, "
    told = f"the picture changed completely at {f.clock}{where_is(f.place)}."
    return Question("cut", ask, yes + told if yes else cap(told), (f.clock,), (i,))


WHICH = (
    "Where did you {see} {it}?", "Which camera saw {it}?", "On which camera was {it}?",
    "At which place did you {see} {it}?", "Where was {it}?", "Where was {it} {seen}?", "Which camera has {seen} {it}?",
    "What camera picked up {it}?", "In which place did {it} turn up?", "Where did {it} show up?",
    "On what camera did {it} appear?", "Where was {it} last {seen}?", "Which of the cameras noticed {it}?",
    "By which camera was {it} {seen}?", "Whereabouts did you spot {it}?", "Where have you {seen} {it}?",
    "Where did you notice {it}?", "Where exactly did you {see} {it}?", "At what place was {it}?",
    "At which place was {it} {seen}?", "In what place was {it} {seen}?", "In which place did you {see} {it}?",
    "Which camera picked up {it}?", "Which camera had {it}?", "Which camera was {it} on?",
    "Which of the cameras saw {it}?", "On which camera did you {see} {it}?", "On which of the cameras was {it}?",
    "Tell me where you saw {it}.", "I wonder where {it} was {seen}.", "Where, please, was {it}?",
    "Could you say where {it} was {seen}?",
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
    "Is the equipment{where} {working}?", "Is the camera{where} healthy?", "Camera{where} {working}?",
    "Is the camera{where} {working} {now}?", "Is the camera{where} doing its job?",
    "Does the camera{where} work {now}?", "Does the camera{where} work properly?", "Does the camera{where} function?",
    "Does the {camera}{where} come through?", "Do you get a {camera}{where}?",
    "Do you get anything from the camera{where}?", "Are you receiving the camera{where}?",
    "Is everything all right with the camera{where}?", "Is all well with the camera{where}?",
    "Is the device{where} {working}?", "Is the feed{where} {working}?", "Is the camera{where} still {working}?",
    "Can I rely on the camera{where}?", "Tell me if the camera{where} is {working}.",
    "I wonder if the camera{where} is {working}.",
)  # fmt: skip

WRONG = (
    "What is wrong with the camera{where}?", "What happened to the camera{where}?",
    "Since when is the camera{where} not {working}?", "When did the camera{where} fail?",
    "Why do I have no {camera}{where}?", "When did the camera trouble{where} start?",
    "What's up with the camera{where}?", "What's the matter with the camera{where}?",
    "Since when has the camera{where} been out?", "Why is the {camera}{where} not {working}?",
    "When did you lose the {camera}{where}?", "What problem does the camera{where} have?",
    "What is up with the camera{where}?", "What is the problem with the camera{where}?",
    "What is the matter with the {camera}{where}?", "What fault does the camera{where} have?",
    "What's wrong with the camera{where}?", "Why is the camera{where} not {working}?",
    "Why is there no {camera}{where}?", "Since when has the {camera}{where} been gone?",
    "Since when is there a problem with the camera{where}?", "When did the camera{where} break down?",
    "When did the camera{where} stop working?", "When did the problem with the camera{where} begin?",
    "Tell me what is wrong with the camera{where}.", "I wonder what is wrong with the camera{where}.",
    "What trouble is there with the camera{where}?",
)  # fmt: skip


ALL_WORK = (
    "Is everything working?", "Are all cameras working?", "Are all cameras fine?", "Any camera trouble?",
    "Is every camera all right?", "All cameras OK?", "Do all cameras work?", "Does every camera work?",
    "Are the cameras all right?", "Is all the equipment working?", "Is there trouble with any camera?",
    "Any trouble with the cameras?", "Is everything in order with the cameras?", "Are all the cameras up?",
    "Have we got camera trouble?", "Is everything running as it should?",
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
        ask = a.choose(ALL_WORK)
        trouble = "trouble" in ask
        yes = "Yes" if (f.what == "mended") != trouble else "No"
        return Question("fault", ask, f"{yes}, {told}{where_is(place)}.", (yes, f.clock), (i,))
    yes = "No" if f.what == "fault" else "Yes"
    return Question("fault", a.fill(WORKS, where=where), f"{yes}, {told}.", (yes, f.clock), (i,))


MAKERS: Sequence[tuple[Callable[[Asker], Question | None], float]] = (
    (people, 14), (faces, 2), (views, 24), (motion, 2), (scene_changes, 1), (which_place, 4), (faults, 3),
)  # fmt: skip
"""Who makes such questions, and how often."""
