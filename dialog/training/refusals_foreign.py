"""Questions of the sort that lines of other systems answer, about something that no line tells."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from dialog.training import foreign, words
from dialog.training.asking import Asker, Question
from dialog.training.refusals import no
from streams import wording


def _told(a: Asker, name: str) -> bool:
    return any(name.lower() in f.line.lower() for f in a.facts)


def _reading(a: Asker) -> Question | None:
    """What a sensor that never reported measures."""
    what = a.rng.choice(foreign.READINGS)[0]
    if _told(a, what):
        return None
    ask = a.choose(
        [f"What is the {what}?", f"What is the {what} now?", f"Tell me the {what}.", f"How high is the {what}?",
         f"What was the last {what}?", f"Do you know the {what}?", f"Which {what} do we have?", f"Give me the {what}.",
         f"What is the current {what}?", f"Has the {what} been measured?", f"Read me the {what}.",
         f"What about the {what}?", f"Check the {what}.", f"How is the {what}?"]
    )  # fmt: skip
    return no("reading", ask, f"I don't know, nothing has told me the {what}.")


def _door(a: Asker) -> Question | None:
    """Whether something is open that no line tells of."""
    thing = a.rng.choice(words.split(list(foreign.OPENINGS), a.held_out))
    if _told(a, thing):
        return None
    word = a.rng.choice(["open", "closed", "locked"])
    ask = a.choose(
        [f"Is the {thing} {word}?", f"Is the {thing} still {word}?", f"Do you know if the {thing} is {word}?",
         f"What is the state of the {thing}?", f"Has the {thing} been opened?", f"When was the {thing} opened?",
         f"What about the {thing}?", f"Who opened the {thing}?", f"Did somebody open the {thing}?",
         f"Tell me whether the {thing} is {word}.", f"Was the {thing} left {word}?", f"Can you check the {thing}?",
         f"Is the {thing} open or closed?", f"When did the {thing} close?"]
    )  # fmt: skip
    return no("door", ask, f"I don't know, I have not seen the {thing}.")


def _colour(a: Asker) -> Question | None:
    """What colour something had that was not seen, or was seen without a colour."""
    word = a.rng.choice([*foreign.VEHICLES, *foreign.ANIMALS, *foreign.THINGS])
    if _told(a, word):
        return None
    ask = a.choose(
        [f"What colour was the {word}?", f"Which colour did the {word} have?", f"What color was the {word}?",
         f"What colour is the {word}?", f"Tell me the colour of the {word}.", f"Describe the {word}.",
         f"Do you know the colour of the {word}?", f"What did the {word} look like?", f"Was the {word} dark or light?",
         f"Of what colour was the {word}?", f"What about the {word}?", f"I need the colour of the {word}."]
    )  # fmt: skip
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
    ask = a.choose(
        [f"Did you see {it}?", f"When did you see {it}?", f"Was there {it}?", f"Have you noticed {it}?",
         f"Has there been {it}?", f"Where did you see {it}?", f"When did {it} come?", f"Did {it} come by?",
         f"Where did {it} go?", f"I am looking for {it}.", f"Was {it} here?", f"Have you spotted {it}?"]
    )  # fmt: skip
    return no("other colour", ask, f"I have not seen {it}.")


def _doing(a: Asker) -> Question | None:
    """Who did something that no caption tells of."""
    doing = a.rng.choice(words.split([now for now, _ in foreign.CAPTIONS], a.held_out)).removeprefix("is ")
    if _told(a, doing.split()[-1]) or _told(a, doing.split()[0]):
        return None
    ask = a.choose(
        [f"Who was {doing}?", f"Who is {doing}?", f"Was anybody {doing}?", f"Did you see somebody {doing}?",
         f"Is anyone {doing}?", f"When was somebody {doing}?", f"Have you seen anybody {doing}?",
         f"Where was somebody {doing}?", f"Do you know who was {doing}?", f"Did you see anyone {doing}?",
         f"Has anybody been {doing}?", f"Was somebody {doing}?"]
    )  # fmt: skip
    return no("doing", ask, f"I have not seen anybody {doing}.")


def _device(a: Asker) -> Question | None:
    """Whether a device did something, when no line tells of it."""
    subject, now, _ = a.rng.choice(words.split(list(foreign.DEVICES), a.held_out))
    if _told(a, subject.removeprefix("the ")):
        return None
    ask = a.choose(
        [f"What about {subject}?", f"What happened to {subject}?", f"Any news of {subject}?", f"What did {subject} do?",
         f"Did you notice {subject}?", f"Have you heard anything of {subject}?", f"Tell me about {subject}.",
         f"What is the latest about {subject}?", f"Do you know when {subject} {now}?", f"What became of {subject}?",
         f"Anything about {subject}?", f"When was the last report of {subject}?"]
    )  # fmt: skip
    return no("device", ask, f"I have not noticed {subject}.")


MAKERS: Sequence[tuple[Callable[[Asker], Question | None], float]] = (
    (_reading, 4), (_door, 5), (_colour, 4), (_other_colour, 12), (_doing, 3), (_device, 3),
)  # fmt: skip
