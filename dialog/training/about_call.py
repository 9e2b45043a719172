"""Questions of somebody in front of the camera: am I in the picture, what am I holding up, what has changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from dialog.training.asking import Asker, Question, where_is
from dialog.training.days import Fact
from dialog.training.refusals import no
from streams.places import full_stop

AM_I_SEEN = (
    "Am I in the picture?", "Am I still in the picture?", "Can you see me?", "Do you see me?", "Do you still see me?",
    "Am I visible?", "Am I on camera?", "Am I in view?", "Am I still in view?", "Can you see my face?",
    "Is my face in view?", "Am I in the frame?", "Can you still see me?", "Do you have me in view?",
    "You see me, right?",
    "Are you able to see me?", "Do I show up on your camera?", "Is my face visible?", "Do you see my face {now}?",
    "Am I in front of the camera?", "Am I looking at the camera?", "Tell me whether you see me.",
    "Have you got me in the picture?", "Am I in shot?", "Did I leave the picture?", "Do I appear in the {camera}?",
    "I hope you can see me?", "Have I gone out of view?", "Am I being seen?", "Do you have eyes on me?",
)  # fmt: skip

HOLDING = (
    "What am I holding up?", "What am I holding?", "What do I have in my hand?", "What is in my hand?",
    "What am I showing you?", "What is this?", "What's this?", "What is this thing?", "Can you tell what this is?",
    "What have I got here?", "What am I pointing the camera at?", "Do you know what this is?", "What do I hold up?",
    "What is it that I am holding?", "Tell me what I am holding.", "Look, what is this?", "Guess what this is.",
    "What object is this?", "What did I put in front of the camera?", "What am I holding in front of you?",
    "Name the thing in my hand.", "Which thing am I showing?", "Can you recognise this?", "What would you say this is?",
    "See this? What is it?", "What do you think I am holding?", "What is the thing I am holding up?",
    "What do I have here?", "I am holding something up, what is it?", "Could you say what this object is?",
)  # fmt: skip

CHANGED = (
    "What changed?", "What has changed?", "What is different {now}?", "Did {anything} change?",
    "What changed just now?",
    "What has changed in the picture?", "What changed in the {camera}?", "Has {anything} changed?",
    "What is different in the picture?", "What was the last change?", "Any changes?", "Any change in the picture?",
    "Tell me what changed.", "What changed {last}?", "What has become different?", "Did the {camera} change?",
    "Do you notice a change?", "What is new in the picture?", "What's new in the {camera}?",
    "Which change did you see?",
    "Have you noticed any change?", "What did I change?", "Spot the difference.", "So what is different?",
)  # fmt: skip

_VISUAL = ("object", "scene", "count", "motion", "face", "sign", "light")


def _of_people(f: Fact) -> bool:
    return f.what == "faces" or (f.what in ("count", "enters", "leaves", "moves") and f.data.get("noun") == "person")


def am_i_seen(a: Asker) -> Question | None:
    """Whether whoever asks is seen: by the newest count of faces or people."""
    i = a.last(_of_people)
    if i is None or a.facts[i].what not in ("faces", "count") or a.vague(i):
        return None
    f = a.facts[i]
    ask = a.fill(AM_I_SEEN)
    yes = "Yes" if (int(f.data["n"]) > 0) != ("leave" in ask or "out of" in ask) else "No"
    return Question("am I seen", ask, f"{yes}, {f.percept.text}, since {f.clock}.", (yes, f.percept.text), (i,))


def holding(a: Asker) -> Question | None:
    """What is held up to the camera."""
    i = a.last(lambda f: f.what in ("scene", "scene_change"))
    if i is None or a.facts[i].what != "scene" or a.vague(i):
        return None
    f = a.facts[i]
    what = f.percept.text.removeprefix("the picture shows ")
    return Question(
        "holding", a.fill(HOLDING), f"I see {what}, since {f.clock}.", tuple(f.data["labels"].split("|")), (i,)
    )


def changed(a: Asker) -> Question | None:
    """The newest change that was seen."""
    i = a.last(lambda f: f.percept.kind in _VISUAL)
    if i is None or a.vague(i) or a.facts[i].what in ("count", "faces", "stays", "consolidated"):
        return None
    f = a.facts[i]
    told = full_stop(f"At {f.clock}{where_is(f.place)}: {f.percept.text}")
    return Question("changed", a.fill(CHANGED), told, (f.percept.text, f.clock), (i,))


def unseen(a: Asker) -> Question | None:
    """The same where nothing of the kind was seen."""
    if a.vague():
        return None
    kind = a.rng.choice(["am I seen", "holding", "changed"])
    if kind == "am I seen":
        if any(_of_people(f) or "person" in f.line or "people" in f.line or "face" in f.line for f in a.facts):
            return None
        return no(kind, a.fill(AM_I_SEEN), "I have not seen anybody.")
    if kind == "holding":
        if any(f.what in ("scene", "scene_change", "enters", "count") for f in a.facts):
            return None
        return no(kind, a.fill(HOLDING), "I don't know, I have not seen what it is.")
    if any(f.percept.kind in _VISUAL for f in a.facts):
        return None
    return no(kind, a.fill(CHANGED), "I have not seen anything change.")


MAKERS: Sequence[tuple[Callable[[Asker], Question | None], float]] = ((am_i_seen, 3), (holding, 3), (changed, 2))
"""Who makes such questions, and how often."""

REFUSALS: Sequence[tuple[Callable[[Asker], Question | None], float]] = ((unseen, 1),)
"""Who makes such questions without an answer."""
