"""Questions about things seen and heard whose answer a made-up day does not hold. The right answer says so."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from dialog.training import about_order, about_seen, about_views, words
from dialog.training import wordings_visits as visits
from dialog.training.asking import REFUSAL, Asker, Question, it, plural, where_is
from dialog.training.days import Fact
from streams import wording

NEVER = (
    "lion", "bear", "robot", "fire", "drone", "ambulance", "fire engine", "police car", "wheelchair", "skateboard",
    "tractor", "helicopter", "snake", "fox", "deer", "rabbit", "monkey", "elephant", "duck", "goat", "pram", "sled",
    "postman", "courier", "plumber", "nurse", "policeman", "delivery driver", "child", "girl", "boy", "taxi", "pizza",
    "trolley", "mouse", "rat", "tram", "ship", "parrot", "cow", "sheep", "pigeon", "kite", "balloon", "guitar",
    "electrician", "gardener", "cleaner", "burglar", "security guard", "camel", "hedgehog", "excavator", "moped",
)  # fmt: skip
"""Things that hardly any day has."""

YET = (
    "Has the {noun} arrived{where}?", "Has the {noun} come yet{where}?", "Is the {noun} here yet?",
    "Is the {noun} there{where}?", "Did the {noun} come already{where}?", "Did the {noun} {come}{where}?",
    "Has the {noun} been here{where}?", "Where is the {noun}?", "Have you {seen} the {noun}{where}?",
    "When did the {noun} {come}{where}?", "When did the {noun} {leave}{where}?", "What did the {noun} do{where}?",
    "What colour was the {noun}?", "Did the {noun} {leave} already?",
    "I'm waiting for the {noun}, is it there{where}?", "What happened to the {noun}?", "Who was with the {noun}?",
    "Has the {noun} shown up{where}?", "Any sign of the {noun}{where}?", "Is the {noun} here{where}?",
    "Is the {noun} in yet{where}?", "The {noun} here yet{where}?", "Has the {noun} turned up{where}?",
    "Has the {noun} been{where}?", "Has the {noun} been {seen}{where}?", "Has the {noun} left yet{where}?",
    "Did the {noun} turn up{where}?", "Did the {noun} make it{where}?", "Did you {see} the {noun}{where}?",
    "When was the {noun} here{where}?", "When was the {noun} {seen}{where}?", "When did you {see} the {noun}{where}?",
    "Where was the {noun} {seen}?", "Where did the {noun} go?", "Any news of the {noun}{where}?",
    "What about the {noun}{where}?", "I wonder if the {noun} has come{where}.",
    "I'm expecting the {noun}, any sign{where}?", "Tell me when the {noun} {came}{where}.",
    "How long did the {noun} stay{where}?", "From which side did the {noun} {come}{where}?",
)  # fmt: skip

UNKNOWN = (
    ("What colour was the {noun}?", "what colour the {noun} was"),
    ("Which colour did the {noun} have?", "what colour the {noun} was"),
    ("What was the colour of the {noun}?", "what colour the {noun} was"),
    ("How old is the {noun}?", "how old the {noun} is"), ("What is the name of the {noun}?", "the name of the {noun}"),
    ("How big is the {noun}?", "how big the {noun} is"), ("Why did the {noun} come?", "why the {noun} came"),
    ("Who does the {noun} belong to?", "whose {noun} it is"), ("Whose {noun} is it?", "whose {noun} it is"),
    ("What make is the {noun}?", "the make of the {noun}"), ("What did the {noun} want?", "what the {noun} wanted"),
    ("How fast was the {noun}?", "how fast the {noun} was"),
    ("What was the {noun} carrying?", "what the {noun} was carrying"),
    ("How heavy is the {noun}?", "how heavy the {noun} is"),
    ("Where was the {noun} before that?", "where the {noun} was before"),
    ("Is the {noun} dangerous?", "whether the {noun} is dangerous"),
    ("What is the {noun} made of?", "what the {noun} is made of"),
    ("Where does the {noun} live?", "where the {noun} lives"), ("How old was the {noun}?", "how old the {noun} is"),
    ("What kind of {noun} was it?", "what kind of {noun} it was"),
    ("What brand is the {noun}?", "the make of the {noun}"), ("What is the {noun} called?", "the name of the {noun}"),
    ("Which sort of {noun} was that?", "what kind of {noun} it was"),
    ("Colour of the {noun}?", "what colour the {noun} was"),
    ("What color was the {noun}?", "what colour the {noun} was"),
    ("How large was the {noun}?", "how big the {noun} is"), ("What size did the {noun} have?", "how big the {noun} is"),
    ("How tall is the {noun}?", "how big the {noun} is"), ("Who owns the {noun}?", "whose {noun} it is"),
    ("Who brought the {noun}?", "who brought the {noun}"), ("Who sent the {noun}?", "who sent the {noun}"),
    ("Was the {noun} new or old?", "how old the {noun} is"),
    ("Tell me the colour of the {noun}.", "what colour the {noun} was"),
    ("Why was the {noun} there?", "why the {noun} came"), ("What was the {noun} doing there?", "why the {noun} came"),
    ("What did the {noun} weigh?", "how heavy the {noun} is"),
    ("At what speed did the {noun} come?", "how fast the {noun} was"),
    ("What price has the {noun}?", "what the {noun} costs"), ("What does the {noun} cost?", "what the {noun} costs"),
    ("Is the {noun} yours?", "whose {noun} it is"),
)  # fmt: skip

PERSON = (
    ("Who was the person?", "who the person was"), ("What was the person wearing?", "what the person was wearing"),
    ("Was it a man or a woman?", "whether it was a man or a woman"),
    ("What is the person's name?", "the person's name"),
    ("What colour was the person's jacket?", "what the person was wearing"),
    ("Who was it that came in?", "who the person was"), ("Was the person armed?", "whether the person was armed"),
    ("How tall was the person?", "how tall the person was"),
    ("What did the person look like?", "what the person looked like"),
    ("Did you recognise the person?", "who the person was"), ("Do you know the person who came?", "who the person was"),
    ("Was the person carrying anything?", "what the person was carrying"),
    ("Did the person have a beard?", "what the person looked like"),
    ("What hair did the person have?", "what the person looked like"),
    ("What shoes did the person wear?", "what the person was wearing"), ("Who was the visitor?", "who the person was"),
    ("What was the visitor's name?", "the person's name"), ("Do you know the person's name?", "the person's name"),
    ("Name of the person?", "the person's name"), ("How old was the person?", "how old the person was"),
    ("What age was the person?", "how old the person was"), ("Describe the person.", "what the person looked like"),
    ("What clothes did the person have on?", "what the person was wearing"),
    ("Did the person wear a hat?", "what the person was wearing"),
    ("Did the person wear glasses?", "what the person looked like"),
    ("Was the person tall?", "how tall the person was"), ("Was the person young or old?", "how old the person was"),
    ("Was it a woman?", "whether it was a man or a woman"), ("Was it a man?", "whether it was a man or a woman"),
    ("Did you know the person?", "who the person was"), ("Which person was it?", "who the person was"),
    ("What was in the person's hands?", "what the person was carrying"),
    ("What did the person want?", "what the person wanted"),
    ("What was the person here for?", "what the person wanted"),
    ("Whom did the person want to see?", "what the person wanted"),
)  # fmt: skip


def no(kind: str, ask: str, answer: str) -> Question:
    """A question without an answer; the key is the part that refuses."""
    found = REFUSAL.search(answer)
    assert found is not None, answer
    return Question(f"no {kind}", ask, answer, (found[0],), (), answerable=False)


def mentioned(a: Asker, *names: str) -> bool:
    """Whether any line holds one of the words."""
    return any(mentions(f, *names) for f in a.facts)


def mentions(f: Fact, *names: str) -> bool:
    """Whether its line holds one of the words."""
    return any(name.lower() in f.line.lower() for name in names)


def a_place(a: Asker) -> str:
    """A place that is watched, or one that is not."""
    watched = a.rng.random() < 0.55
    source = a.rng.choice(a.day.sources if watched and a.day.sources else words.split(words.SOURCES, a.held_out))
    return wording.place(source)


def empty_place(a: Asker, test: Callable[[Fact], bool]) -> str | None:
    """A place with a name where no fact passes."""
    place = a_place(a)
    return None if not where_is(place) or any(f.place == place and test(f) for f in a.facts) else place


def a_thing(a: Asker) -> str:
    if a.rng.random() < 0.5:
        return a.rng.choice(words.THINGS_SEEN)
    return a.rng.choice(words.split(list(NEVER), a.held_out))


def _seen(noun: str) -> Callable[[Fact], bool]:
    """Whether a fact may speak of the thing."""
    names = ("person", "people", "nobody", "face", "somebody") if noun == "person" else (noun, plural(noun))
    return lambda f: f.percept.kind not in ("speech", "text") and any(name in f.percept.text for name in names)


def _sign(a: Asker) -> Question | None:
    r = a.rng.random()
    if r < 0.3 and not any(f.what == "sign" for f in a.facts) and not mentioned(a, "sign"):
        return no("sign", a.fill(about_views.SIGN, where=""), "I have not seen a sign.")
    if r < 0.6:
        place = empty_place(a, lambda f: "sign" in f.line)
        if place is None:
            return None
        answer = f"I have not seen a sign{where_is(place)}."
        return no("sign", a.fill(about_views.SIGN, where=a.where(place)), answer)
    if r < 0.85:
        text = words.sign_text(a.rng, a.held_out)
        if mentioned(a, text):
            return None
        ask = a.fill(about_views.SIGN_THERE if a.rng.random() < 0.5 else about_views.SIGN_WHEN, text=text)
        return no("sign", ask, f'I have not seen a sign "{text}".')
    if r < 0.93:
        if mentioned(a, "€", "$", "£", ".99", ".50", "price"):
            return None
        return no("sign", a.fill(about_views.PRICE), "I have not seen a price.")
    stem = a.rng.choice(words.split(words.SIGN_STEMS, a.held_out)).lower()
    if mentioned(a, stem):
        return None
    return no("sign", a.fill(about_views.NUMBER, stem=stem), f"I have not seen a {stem} number.")


def _count(a: Asker) -> Question | None:
    noun = "person" if a.rng.random() < 0.7 else a_thing(a)
    if noun == "something" or (noun == "person" and a.vague()):
        return None
    seen = _seen(noun)
    nothing = "anybody" if noun == "person" else it(noun)
    if a.rng.random() < 0.4 and not any(seen(f) or f.what in ("faces", "scene_change") for f in a.facts):
        place = ""
    else:
        found = empty_place(a, seen)
        if found is None:
            return None
        place = found
    where = a.where(place) if place else ""
    forms: Sequence[str] = about_seen.COUNT if a.rng.random() < 0.5 else about_seen.ANYONE
    if noun == "person" and not place and a.rng.random() < 0.4:
        forms = about_seen.ANYBODY
    ask = a.fill(forms, nouns=plural(noun), it=it(noun), where=where)
    return no("count", ask, f"I have not seen {nothing}{where_is(place) if place else ''}.")


def _visit_forms(a: Asker) -> Sequence[str]:
    return a.rng.choices(
        [visits.CAME, visits.LEFT, visits.SIDE, visits.STILL, visits.STAYS,
         visits.TIMES, about_seen.WHICH, about_order.DID_AGO, visits.MOVES, visits.TIMES_LEFT, YET],
        [30, 12, 5, 6, 5, 6, 7, 7, 3, 3, 16],
    )[0]  # fmt: skip


def _visit(a: Asker) -> Question | None:
    """Another thing, or a thing that came, but not there."""
    noun = a_thing(a)
    # Lines in other words may call a person by many names.
    if noun == "something" or (noun == "person" and a.vague()):
        return None
    place = ""
    if a.rng.random() < 0.45 and any(_seen(noun)(f) for f in a.facts):
        place = empty_place(a, _seen(noun)) or ""
        if not place:
            return None
        some = a.rng.choices([visits.CAME, visits.TIMES, YET], [5, 3, 1])[0]
        forms: Sequence[str] = [w for w in some if "{where}" in w]
    elif mentioned(a, *(("person", "people", "nobody", "face") if noun == "person" else (noun, plural(noun)))):
        return None
    else:
        forms = _visit_forms(a)
        place = (empty_place(a, lambda f: False) or "") if a.rng.random() < 0.25 else ""
    ask = a.fill(
        forms, it=it(noun), noun=noun, nouns=plural(noun), where=a.where(place) if place else "",
        gone2=a.pick(*visits.ARRIVED), came2=a.pick(*visits.ARRIVED),
        here=a.pick("there", "here", "there now", "about", "there at present", "in there"),
    )  # fmt: skip
    return no(
        "visit", ask, f"I have not seen {it(noun)}{where_is(place) if place and place_asked(ask, place) else ''}."
    )


def place_asked(ask: str, place: str) -> bool:
    """Whether a question names the place."""
    return place.lower() in ask.lower()


def _nobody_came(a: Asker) -> Question | None:
    """Nobody came or left at a place, or at all."""
    came = a.rng.random() < 0.6
    what = "enters" if came else "leaves"
    does = "come" if came else "leave"
    forms = visits.WHO_CAME if came else visits.WHO_LEFT
    if a.rng.random() < 0.3 and not any("noun" in f.data for f in a.facts) and not a.vague():
        return no("came", a.fill(forms, where=""), f"I have not seen anyone {does}.")
    place = empty_place(a, lambda f: f.what in (what, "foreign", "consolidated"))
    if place is None:
        return None
    return no("came", a.fill(forms, where=a.where(place)), f"I have not seen anyone {does}{where_is(place)}.")


def _not_left(a: Asker) -> Question | None:
    """It came, but nobody saw it leave."""
    i = a.some(lambda f: f.what == "enters" and f.data["noun"] != "something")
    if i is None or a.vague():
        return None
    noun = a.facts[i].data["noun"]
    if any(f.what == "leaves" and f.data["noun"] == noun for f in a.facts):
        return None
    ask = a.fill(visits.LEFT, it=it(noun), noun=noun, nouns=plural(noun), where="")
    return no("left", ask, f"I have not seen {it(noun)} leave.")


def _unknown(a: Asker) -> Question | None:
    """Something about a thing that was seen, which nothing tells."""
    i = a.some(lambda f: f.what == "enters" and f.data["noun"] != "something")
    if i is None or a.vague() or any(f.data.get("foreign") for f in a.facts):
        return None
    noun = a.facts[i].data["noun"]
    table = words.split([f"{ask}|{what}" for ask, what in (PERSON if noun == "person" else UNKNOWN)], a.held_out)
    ask, what = a.rng.choice(table).split("|")
    if mentioned(a, f"{noun}'s", f"{noun} is"):
        return None
    return no("detail", ask.replace("{noun}", noun), f"I don't know {what.replace('{noun}', noun)}.")


def _coloured(a: Asker) -> Question | None:
    """A thing of a colour, of which nobody knows more than its kind."""
    i = a.some(lambda f: f.what == "enters" and f.data["noun"] not in ("something", "person"))
    if i is None or a.vague():
        return None
    thing = f"{a.rng.choice(words.split(words.COLOURS, a.held_out))} {a.facts[i].data['noun']}"
    if mentioned(a, thing):
        return None
    forms = [w for w in visits.CAME if "{noun}" not in w or "a {noun}" in w]
    ask = a.fill(forms, it=it(thing), noun=thing, nouns=plural(thing), where="", gone2="arrived", came2="come")
    return no("coloured", ask, f"I have not seen {it(thing)}.")


def _light(a: Asker) -> Question | None:
    forms = a.rng.choices([about_views.LIGHT, about_views.LIGHT_CHANGE, about_views.BRIGHT], [45, 45, 10])[0]
    place = ""
    if any(f.what in ("light", "brightness") for f in a.facts) or a.rng.random() < 0.4:
        place = empty_place(a, lambda f: "light" in f.percept.text or f.what == "brightness") or ""
        if not place:
            return None
    ask = a.fill(forms, where=a.where(place) if place else "", state=a.rng.choice(["on", "on", "off"]),
                 how=a.rng.choice(["brighter", "darker"]))  # fmt: skip
    if mentioned(a, "light is", "light was"):
        return None
    return no("light", ask, f"I don't know, I have not seen the light change{where_is(place) if place else ''}.")


def _sound(a: Asker) -> Question | None:
    what = a.rng.choice(words.split(words.SOUNDS, a.held_out))
    bare = what.split(" ", 1)[-1]
    heard = any(bare in f.line for f in a.facts)
    if not any(f.percept.kind == "sound" for f in a.facts) and not a.vague() and a.rng.random() < 0.3:
        return no("sound", a.fill(about_views.ANY_SOUND, where=""), "No, I have not heard a sound.")
    forms = about_views.SOUND if a.rng.random() < 0.8 else visits.TIMES_HEARD
    if a.rng.random() < 0.4:
        place = empty_place(a, lambda f: bare in f.line or f.what == "consolidated")
        if place is None:
            return None
        ask = a.fill([w for w in forms if "{where}" in w], sound=what, it=what, where=a.where(place))
        return no("sound", ask, f"I have not heard {what}{where_is(place)}.")
    return None if heard else no("sound", a.fill(forms, sound=what, it=what, where=""), f"I have not heard {what}.")


def _view(a: Asker) -> Question | None:
    if any(f.percept.kind not in ("speech", "text", "sound") for f in a.facts):
        place = empty_place(a, lambda f: f.percept.kind not in ("speech", "text", "sound"))
        if place is None:
            return None
        return no("view", a.fill(about_seen.VIEW, where=a.where(place)), f"I have not seen anything{where_is(place)}.")
    if any(f.what in ("foreign", "consolidated") for f in a.facts):
        return None
    return no("view", a.fill(about_seen.VIEW, where=""), "I have not seen anything yet.")


def _movement(a: Asker) -> Question | None:
    """No face, no movement, no cut."""
    forms, what, kinds, nothing = a.rng.choice(
        [(about_seen.FACES, "face", ("faces",), "a face"), (about_seen.MOTION, "move", ("motion",), "any movement"),
         (about_seen.PICTURE, "picture changes", ("scene_change",), "the picture change")]
    )  # fmt: skip
    place = ""
    if any(f.what in kinds or what in f.line for f in a.facts):
        place = empty_place(a, lambda f: f.what in kinds or what in f.line) or ""
        if not place:
            return None
    if a.vague() or (what == "move" and any(f.what in ("enters", "leaves") for f in a.facts)):
        return None
    ask = a.fill([w for w in forms if "{where}" in w] if place else forms, where=a.where(place) if place else "")
    return no(what, ask, f"I have not seen {nothing}{where_is(place) if place else ''}.")


def _fault(a: Asker) -> Question | None:
    place = empty_place(a, lambda f: f.what in ("fault", "mended"))
    if place is None or (place not in {f.place for f in a.facts} and a.rng.random() < 0.7):
        return None
    forms = about_seen.WORKS if a.rng.random() < 0.75 else about_seen.WRONG
    return no("fault", a.fill(forms, where=where_is(place)), f"I have noticed no fault{where_is(place)}.")


MAKERS: Sequence[tuple[Callable[[Asker], Question | None], float]] = (
    (_sign, 12), (_count, 11), (_visit, 22), (_nobody_came, 6), (_not_left, 5), (_unknown, 7), (_coloured, 4),
    (_light, 7), (_sound, 9), (_view, 4), (_movement, 3), (_fault, 4),
)  # fmt: skip
"""Who makes such questions, and how often."""
