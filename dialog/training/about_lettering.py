"""Questions about what is written on a vehicle: its arrival and the sign read after it make the answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from dialog.training.asking import Asker, Question, plural, says_yes, where_is
from dialog.training.days import Fact
from dialog.training.refusals import no

FIRM = (
    "Which firm was the {noun}{where} from?", "Which company's {noun} was that{where}?",
    "Whose {noun} was it{where}?", "What was written on the {noun}{where}?", "What did it say on the {noun}{where}?",
    "Which firm came{where}{when}?", "Which company drove up{where}{when}?", "Who did the {noun}{where} belong to?",
    "Who delivered{where}{when}?", "What name was on the {noun} that came{when}{where}?",
    "What company did the {noun}{where} belong to?", "Which delivery firm was here{when}?",
    "From which company was the {noun}{where}?", "What firm sent the {noun}?",
    "Whose name was on the side of the {noun}{where}?", "Which courier came{where}{when}?",
    "Who sent a {noun}{where}?", "Which business was on the {noun}{where}?", "firm on the {noun}?",
    "Name of the company with the {noun}{where}?", "What did the lettering on the {noun} say?",
    "Do you know which firm the {noun}{where} was from?", "Could you read the name on the {noun}{where}?",
    "Which operator did the {noun}{where} belong to?", "what company was it that came{where}{when}",
    "Who was it that drove up in the {noun}{when}?", "Which haulier did we have{where}{when}?",
    "What brand was on the {noun}{where}?", "Which contractor came{where}{when}?", "The {noun}{where}, whose was it?",
    "What did you read on the {noun}{where}?", "What words were on the {noun}?",
)  # fmt: skip

LINE = (
    "Where was the {noun}{where} going?", "Which {noun} was it{where}?", "Which line was the {noun}{where}?",
    "What was written on the {noun}{where}?", "What number was the {noun}{where}?",
    "Which {noun} stopped{where}{when}?", "Where did the {noun} that came{when} go to?",
    "What did it say on the {noun}{where}?", "{noun} to where?", "What was the destination of the {noun}{where}?",
    "Which service was the {noun} that came{when}?", "Which way was the {noun}{where} headed?",
    "What did the front of the {noun} say?", "Which {noun} came{where}{when}?",
    "What destination did the {noun}{where} show?", "What did you read on the {noun}{where}?",
    "Which number did the {noun} that pulled up{where} have?", "Whereto was the {noun}{where} bound?",
)  # fmt: skip

SHIP = (
    "What is the {noun} called that came{when}?", "What was the name of the {noun}{where}?",
    "Which {noun} came in{when}?", "What's the {noun}'s name?", "Name of the {noun}{where}?",
    "Which {noun} was that{where}?", "What vessel came in{when}?", "What name did the {noun} bear?",
    "What was the vessel{where} called?", "Which vessel arrived{where}{when}?",
    "What was written on the {noun}{where}?", "What's written on her hull{where}?",
    "Which {noun} moored{where}{when}?", "Which {noun} put in{where}?",
    "Could you read the name of the {noun}{where}?", "What ship was it{when}?",
    "What did it say on the bow of the {noun}?", "Which {noun} tied up{where}{when}?",
)  # fmt: skip

ARRIVED = (
    "Has {name} been here?", "Did {name} come?", "When did {name} come?", "When was {name} here?",
    "Was {name} here{where}?", "Did a {noun} of {name} come{where}?", "Have {name} delivered yet?",
    "When did the {name} {noun} arrive?", "Has the {name} {noun} been{where}?", "Any {nouns} of {name} today?",
    "At what time was the {name} {noun} there?", "When did you see the {name} {noun}?",
    "Did you see the {noun} from {name}?", "When did {name} drive up{where}?", "Was there a {name} {noun}{where}?",
    "What time did {name} show up?",
)  # fmt: skip

_WAYS: Mapping[str, Sequence[str]] = MappingProxyType({"firm": FIRM, "line": LINE, "ship": SHIP})


def _lettered(f: Fact) -> bool:
    return f.what == "sign" and "came" in f.data


def written_on(a: Asker) -> Question | None:
    """The newest vehicle that is meant, by its kind, its place or its time."""
    i = a.some(_lettered)
    if i is None or a.vague(i):
        return None
    f = a.facts[i]
    sort, noun, place = f.data["sort"], f.data["of"], f.place
    came = int(f.data["came"])
    named = bool(where_is(place)) and a.rng.random() < 0.5
    timed = a.rng.random() < 0.35
    when = a.pick(f" at {a.facts[came].clock}", f" around {a.facts[came].clock}") if timed else ""
    ask = a.fill(_WAYS[sort], noun=noun, where=a.where(place) if named else "", when=when)
    said_noun, said_when, said_where = noun in ask, when and when in ask, named and place in ask
    like = a.all(
        lambda g: (
            _lettered(g)
            and g.data["sort"] == sort
            and (not said_noun or g.data["of"] == noun)
            and (not said_where or g.place == place)
            and (not said_when or a.facts[int(g.data["came"])].clock == a.facts[came].clock)
        )
    )
    # Another one without lettering that came later is what a question for the last one means.
    other = a.last(lambda g: g.what == "enters" and g.data["noun"] == noun and (not said_where or g.place == place))
    if like[-1] != i or (not said_when and other is not None and other > i):
        return None
    answer = f'The sign on the {noun} said "{f.data["text"]}", at {f.clock}{where_is(place)}.'
    return Question("lettering", ask, answer, (f.data["text"],), (i, came))


def bare(a: Asker) -> Question | None:
    """A vehicle on which nothing was read."""
    i = a.some(lambda f: f.what == "enters" and f.data["noun"] in ("van", "truck", "bus", "boat", "trailer"))
    if i is None or a.vague():
        return None
    f = a.facts[i]
    noun = f.data["noun"]
    if any(g.what == "sign" and (g.place == f.place or g.data.get("of") == noun) for g in a.facts):
        return None
    sort = "ship" if noun == "boat" else "line" if noun == "bus" else "firm"
    ways = [way for way in _WAYS[sort] if "{noun}" in way]
    ask = a.fill(ways, noun=noun, where=a.where(f.place) if a.rng.random() < 0.4 else "", when="")
    return no("lettering", ask, f"I don't know, I have not seen a sign on the {noun}.")


def any_of(a: Asker) -> Question | None:
    """`Were any trucks of ACME here?`: whether a firm's vehicle came."""
    i = a.some(lambda f: _lettered(f) and f.data["sort"] != "line")
    if i is None or a.vague(i):
        return None
    f = a.facts[i]
    i = a.last(lambda g: g.what == "sign" and g.data["text"] == f.data["text"])
    assert i is not None
    text, noun = f.data["text"], f.data["of"]
    name = text.title() if a.rng.random() < 0.4 else text
    ask = a.fill(
        ARRIVED, name=name, noun=noun, nouns=plural(noun), where=a.where(f.place) if a.rng.random() < 0.3 else ""
    )
    f = a.facts[i]
    yes = "Yes, t" if says_yes(ask) else "T"
    answer = f'{yes}he sign on the {noun} said "{text}", at {f.clock}{where_is(f.place)}.'
    keys = ("Yes", f.clock) if yes == "Yes, t" else (f.clock,)
    return Question("sign there", ask, answer, keys, (i,))


MAKERS: Sequence[tuple[Callable[[Asker], Question | None], float]] = ((written_on, 3), (any_of, 1))
"""Who makes such questions, and how often."""

REFUSALS: Sequence[tuple[Callable[[Asker], Question | None], float]] = ((bare, 1),)
"""Who makes such questions without an answer."""
