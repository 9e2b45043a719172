"""Questions of the sort that lines of other systems answer, about something that no line tells."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from dialog.training import foreign, words
from dialog.training import wordings_foreign as ways
from dialog.training.asking import Asker, Question, cap
from dialog.training.refusals import no
from streams import wording

DOOR = (
    "When was the {thing} opened?", "Who opened the {thing}?", "Did somebody open the {thing}?",
    "When did the {thing} close?", "Who closed the {thing}?", "When was the {thing} shut?",
    "Who left the {thing} {word}?", "Has anybody opened the {thing}?", "Did anyone close the {thing}?",
    "Since when is the {thing} {word}?", "How long has the {thing} been {word}?", "Who was at the {thing}?",
)  # fmt: skip


def _told(a: Asker, name: str) -> bool:
    return any(name.lower() in f.line.lower() for f in a.facts)


def _reading(a: Asker) -> Question | None:
    """What a sensor that never reported measures."""
    what = a.rng.choice(foreign.READINGS)[0]
    if _told(a, what):
        return None
    ask = a.fill(ways.READING, what=what, What=cap(what), where="")
    return no("reading", ask, f"I don't know, nothing has told me the {what}.")


def _door(a: Asker) -> Question | None:
    """Whether something is open that no line tells of."""
    thing = a.rng.choice(words.split(list(foreign.OPENINGS), a.held_out))
    if _told(a, thing):
        return None
    word, verb = a.rng.choice([("open", "opened"), ("closed", "shut"), ("locked", "locked")])
    ask = a.fill(ways.DOOR if a.rng.random() < 0.7 else DOOR, thing=thing, Thing=cap(thing), word=word, verb=verb,
                 where="")  # fmt: skip
    return no("door", ask, f"I don't know, I have not seen the {thing}.")


def _colour(a: Asker) -> Question | None:
    """What colour something had that was not seen, or was seen without a colour."""
    word = a.rng.choice([*foreign.VEHICLES, *foreign.ANIMALS, *foreign.THINGS])
    if _told(a, word):
        return None
    ask = a.fill(ways.COLOUR, what=f"the {word}", What=f"The {word}", where="")
    return no("colour seen", ask, f"I have not seen {wording.article(word)}.")


def _other_colour(a: Asker) -> Question | None:
    """Something like what was seen, but of another colour."""
    i = a.some(lambda f: f.data.get("attr") == "colour" and f.data["of"] == f.data["thing"])
    if i is None:
        return None
    word = a.facts[i].data["thing"]
    colour = a.rng.choice(words.COLOURS)
    if _told(a, f"{colour} {word}"):
        return None
    it = wording.article(f"{colour} {word}")
    ask = a.fill(ways.SAW, it=it, where="", where_or_here=" here")
    return no("other colour", ask, f"I have not seen {it}.")


def _doing(a: Asker) -> Question | None:
    """Who did something that no caption tells of."""
    doing = a.rng.choice(words.split([now for now, _ in foreign.CAPTIONS], a.held_out)).removeprefix("is ")
    if _told(a, doing.split()[-1]) or _told(a, doing.split()[0]):
        return None
    ask = a.fill(ways.DOING, doing=doing)
    return no("doing", ask, f"I have not seen anybody {doing}.")


def _device(a: Asker) -> Question | None:
    """Whether a device did something, when no line tells of it."""
    subject, _, _ = a.rng.choice(words.split(list(foreign.DEVICES), a.held_out))
    if _told(a, subject.removeprefix("the ")):
        return None
    ask = a.fill(ways.WHAT_OF, who=subject)
    return no("device", ask, f"I have not noticed {subject}.")


MAKERS: Sequence[tuple[Callable[[Asker], Question | None], float]] = (
    (_reading, 4), (_door, 5), (_colour, 4), (_other_colour, 12), (_doing, 3), (_device, 3),
)  # fmt: skip
