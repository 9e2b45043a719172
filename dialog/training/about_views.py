"""Questions about signs, lights and sounds."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from dialog.training.asking import Asker, Question, cap, says_yes, where_is
from dialog.training.days import Fact

SIGN = (
    "What does the sign{where} {say}?", "What does the sign say{where}?", "What is written there{where}?",
    "Read the sign{where}.", "Can you read the sign{where}?", "What text do you see{where}?",
    "What is on the sign{where}?", "What is written{where}?", "What does it say{where}?", "Read me the sign{where}.",
    "Is there anything written{where}?", "What does the writing say{where}?", "What can you read{where}?",
    "sign{where}?", "Which words are on the sign{where}?", "What do you read{where}?", "What's the text{where}?",
    "Any signs{where}?", "What did the last sign{where} say?", "Do you see any writing{where}?",
    "What label do you see{where}?", "What does the board{where} say?", "Please read out the sign{where}.",
    "Can you make out the text{where}?", "What stands on the sign{where}?", "What is the inscription{where}?",
    "What did the sign{where} say?", "What does the notice{where} say?", "Which text is shown{where}?",
    "Sign text{where}?", "Text on the sign{where}?", "What's on the sign{where}?", "What's written{where}?",
    "What's written on the sign{where}?", "What does it say on the sign{where}?", "What do the letters say{where}?",
    "What does the plate{where} say?", "What does the writing on the sign{where} say?",
    "What is the sign saying{where}?", "What can be read{where}?", "What can be read on the sign{where}?",
    "What text is there{where}?", "What text does the sign{where} have?", "What are the words on the sign{where}?",
    "Which words do you read{where}?", "Which words does the sign{where} have?", "Which sign do you see{where}?",
    "Which text did you read{where}?", "Read out what is written{where}.", "Read what it says{where}.",
    "Tell me what the sign says{where}.", "Tell me what is written{where}.", "Could you read the writing{where}?",
    "Could you read the sign to me{where}?", "Is there a sign{where}?", "Is there any text{where}?",
    "Do you see a sign{where}?", "Any writing{where}?", "I wonder what the sign says{where}.",
)  # fmt: skip

SIGN_WHEN = (
    'When did you see the sign "{text}"?', 'When did the sign "{text}" appear?',
    'Since when is there a sign "{text}"?', 'When did you read "{text}"?', '{time} did you see "{text}"?',
    'When was the sign that says "{text}" there?', 'When did "{text}" come into view?',
    "When was the {text} sign {seen}?", "Where was the sign that says {text}?", 'Where did you see "{text}"?',
    "Where is the {text} sign?", 'At which place is there a sign "{text}"?', 'Where did you read "{text}"?',
    "When did the {text} sign show up?", 'When did you see a sign that says "{text}"?',
    'When did you notice the sign "{text}"?', 'When did you read the sign "{text}"?', 'When was "{text}" to be read?',
    'When was the sign "{text}" {seen}?', 'Where was the sign "{text}" {seen}?', 'Where did the sign "{text}" appear?',
    "Where did you notice the {text} sign?", 'Where is the sign with the text "{text}"?',
    'Where is it that the sign says "{text}"?', 'On which camera was the sign "{text}"?',
    'At what time was the sign "{text}" {seen}?', 'I wonder when you read "{text}".',
    'Tell me when you saw the sign "{text}".', "Tell me where the {text} sign is.", 'Time of the sign "{text}"?',
)  # fmt: skip

SIGN_THERE = (
    'Is there a sign that says "{text}"?', 'Did you see a sign "{text}"?', "Have you {seen} a {text} sign?",
    "Is there a {text} sign?", 'Was there a sign saying "{text}"?', 'Does any sign say "{text}"?',
    "Did you {see} a sign that reads {text}?", "Do you see a {text} sign?", 'Did you read "{text}" anywhere?',
    "Is {text} written anywhere?", 'Has "{text}" been in view?', "Did a {text} sign appear?",
    'Any sign that says "{text}"?', "Any {text} sign?", "Was there a {text} sign?", 'Was a sign "{text}" {seen}?',
    'Was "{text}" written anywhere?', 'Was "{text}" to be read on a sign?', 'Is there a sign with the text "{text}"?',
    'Is "{text}" on one of the signs?', 'Did you come across a sign "{text}"?', "Did you notice a {text} sign?",
    'Did a sign say "{text}"?', 'Have you read "{text}"?', 'Have you come across a sign "{text}"?',
    'Does it say "{text}" anywhere?',
)  # fmt: skip

SIGN_GONE = (
    'When did the sign "{text}" go?', 'Is the sign "{text}" still there?', 'Is the sign "{text}" gone?',
    'What happened to the sign "{text}"?', 'When did the sign "{text}" disappear?',
    'Since when is the sign "{text}" gone?', 'What became of the sign "{text}"?', 'Has the sign "{text}" gone?',
    'Do you still see the sign "{text}"?', 'Can you still read the sign "{text}"?', "Is the {text} sign still up?",
    'Did the sign "{text}" disappear?', "Did the {text} sign go away?", 'The sign "{text}", is it still there?',
    'Was the sign "{text}" taken away?', 'Tell me when the sign "{text}" went.',
)  # fmt: skip

NUMBER = (
    "What is the {stem} number?", "Which {stem} is it?", "What number is on the {stem} sign?",
    "Which {stem} number do you see?", "What {stem} is that?", "What is the number of the {stem}?",
    "Which {stem} does the sign show?", "Tell me the {stem} number.", "Which {stem} is this?",
    "Read me the {stem} number.", "What number does the {stem} have?", "{stem} number?", "Number of the {stem}?",
    "What's the {stem} number?", "What is the {stem}'s number?", "Which number is on the {stem} sign?",
    "Which number does the {stem} have?", "Which {stem} are we at?", "What {stem} does it say?",
    "What does the {stem} sign say?", "Could you read the {stem} number?", "Give me the {stem} number.",
    "I need the {stem} number.", "I wonder which {stem} it is.",
)  # fmt: skip

PRICE = (
    "What is the price?", "How much is it?", "How much does it cost?", "What does it cost?", "Which price do you see?",
    "What price is on the sign?", "Tell me the price.", "Read me the price.", "What's the price tag say?",
    "How expensive is it?", "Price?", "The price, please.", "What's the price?", "What price do you see?",
    "What price does the sign show?", "What does the price tag say?", "What is it priced at?", "Which price is it?",
    "Which price is on the tag?", "How much does the sign say it costs?", "How much do they want for it?",
    "How much must I pay?", "Give me the price.", "Can you read the price?", "I wonder what it costs.",
)  # fmt: skip


def _sign_answer(a: Asker, i: int, ask: str) -> Question:
    text = a.facts[i].data["text"]
    return Question("sign", ask, f'The sign says "{text}".', (text,), (i,))


def signs(a: Asker) -> Question | None:
    """What the newest sign says, here or anywhere."""
    i = a.some(lambda f: f.what == "sign")
    if i is None or a.vague(i):
        return None
    place = a.facts[i].place
    named = bool(where_is(place)) and a.rng.random() < 0.6
    i = a.last(lambda f: f.what == "sign" and (not named or f.place == place))
    assert i is not None
    return _sign_answer(a, i, a.fill(SIGN, where=a.where(place) if named else ""))


def numbered(a: Asker) -> Question | None:
    """A room, gate or platform number, or a price."""
    i = a.some(lambda f: f.what == "sign")
    if i is None:
        return None
    stem = re.match(r"([A-Z]{3,}|[A-Z][a-z]+) [A-Z]?\d+$", a.facts[i].data["text"])
    if stem is not None:
        word = stem[1]
        i = a.last(lambda f: f.what == "sign" and f.data["text"].startswith(word + " "))
        assert i is not None
        return _sign_answer(a, i, a.fill(NUMBER, stem=word.lower()))
    if not re.search(r"[€$£]|\d\.\d\d", a.facts[i].data["text"]):
        return None
    i = a.last(lambda f: f.what == "sign" and bool(re.search(r"[€$£]|\d\.\d\d", f.data["text"])))
    assert i is not None
    return _sign_answer(a, i, a.fill(PRICE))


def sign_seen(a: Asker) -> Question | None:
    """When and where a sign was seen, and whether there was one."""
    i = a.some(lambda f: f.what == "sign")
    if i is None:
        return None
    text = a.facts[i].data["text"]
    i = a.last(lambda f: f.what in ("sign", "sign_gone") and f.data["text"] == text)
    assert i is not None
    f = a.facts[i]
    if f.what == "sign_gone":
        ask = a.fill(SIGN_GONE, text=text)
        start = "No, it is gone" if "still" in ask.lower() else "Yes, it is gone" if says_yes(ask) else "It is gone"
        return Question("sign gone", ask, f"{start} since {f.clock}.", ("gone", f.clock), (i,))
    if a.rng.random() < 0.6:
        ask = a.fill(SIGN_WHEN, text=text)
        return Question("when", ask, f"At {f.clock}{where_is(f.place)}.", (f.clock,), (i,))
    ask = a.fill(SIGN_THERE, text=text)
    answer = f'Yes, I saw the sign "{text}" at {f.clock}{where_is(f.place)}.'
    return Question("sign there", ask, answer, ("Yes", text), (i,))


LIGHT = (
    "Is the light{where} {state}?", "Is the light {state}{where}?", "Tell me if the light{where} is {state}.",
    "Are the lights {state}{where}?", "Is the lamp{where} {state}?", "light{where} {state}?",
    "Is the light still {state}{where}?", "Has the light{where} been turned {state}?",
    "Did {anyone} turn the light {state}{where}?", "Is the light switched {state}{where}?",
    "Did the light{where} go {state}?", "Is it true that the light is {state}{where}?",
    "Check if the light{where} is {state}.", "Would you say the light is {state}{where}?",
    "Are the lamps{where} {state}?", "Lights {state}{where}?", "Lamp {state}{where}?",
    "Is the lighting {state}{where}?", "Is the light {state} {now}{where}?", "Is the lamp {state}{where}?",
    "Are the lights{where} {state} {now}?", "Are the lights still {state}{where}?",
    "Are the lamps switched {state}{where}?", "Is the light turned {state}{where}?",
    "Has the light gone {state}{where}?", "Has the light been switched {state}{where}?",
    "Has {anyone} switched the light {state}{where}?", "Did the lights go {state}{where}?",
    "Did {anyone} switch the light {state}{where}?", "Tell me whether the lights are {state}{where}.",
    "I wonder if the light is {state}{where}.", "Could you check if the light is {state}{where}?",
    "Please check whether the lamp is {state}{where}.",
)  # fmt: skip

LIGHT_CHANGE = (
    "When did the light{where} change?", "What happened to the light{where}?", "What about the light{where}?",
    "When did the light{where} go {state}?", "Since when is the light{where} {state}?",
    "When was the light{where} turned {state}?", "Is the light{where} on or off?",
    "What is the state of the light{where}?", "How is the light{where}?", "{time} did the light{where} go {state}?",
    "light{where}?", "When did {anyone} switch the light {state}{where}?", "Light status{where}?",
    "When did the lamp{where} go {state}?", "How long has the light been {state}{where}?", "Lamp status{where}?",
    "How are the lights{where}?", "Is the light on or is it off{where}?", "Are the lights on or off{where}?",
    "Is the lamp on or off{where}?", "On or off, the light{where}?", "What did the light do{where}?",
    "What is the light like{where}?", "What state is the light in{where}?", "What's the state of the lights{where}?",
    "What was the last change of the light{where}?", "When did the light last change{where}?",
    "When did the lights change{where}?", "When did the lights go {state}{where}?",
    "Since when are the lights {state}{where}?", "Since when has the light been {state}{where}?",
    "Tell me about the light{where}.", "I wonder when the light went {state}{where}.",
)  # fmt: skip

BRIGHT = (
    "Did it get {how}{where}?", "When did it get {how}{where}?", "Did the brightness change{where}?",
    "Is it getting {how}{where}?", "Has it become {how}{where}?", "When did it become {how}{where}?",
    "Did it turn {how}{where}?", "When did the brightness change{where}?", "When did it turn {how}{where}?",
    "When did it start to get {how}{where}?", "Did you notice it getting {how}{where}?",
    "Is it {how} than before{where}?", "Is it {how} now{where}?", "Has it got {how}{where}?",
    "Has it turned {how}{where}?", "Has the brightness changed{where}?", "At what time did it get {how}{where}?",
    "Did the picture become {how}{where}?", "When did the picture get {how}{where}?",
)  # fmt: skip


def lights(a: Asker) -> Question | None:
    """Whether the light is on, and what became of it."""
    i = a.some(lambda f: f.what == "light")
    if i is None:
        return None
    place = a.facts[i].place
    named = len(a.day.sources) > 1
    i = a.last(lambda f: f.what == "light" and (not named or f.place == place))
    assert i is not None
    f, where = a.facts[i], a.where(place) if named else ""
    state = f.data["state"]
    if a.rng.random() < 0.35:
        ask = a.fill(LIGHT_CHANGE, where=where, state=state)
        return Question(
            "light", ask, f"The light{where_is(f.place)} went {state} at {f.clock}.", (state, f.clock), (i,)
        )
    asked = "on" if a.rng.random() < 0.65 else "off"
    ask = a.fill(LIGHT, where=where, state=asked)
    yes = "Yes" if state == asked else "No"
    return Question("light", ask, f"{yes}, it went {state} at {f.clock}.", (yes, f.clock), (i,))


LIGHT_AT = (
    "Was the light {state} at {clock}{where}?", "At {clock}, was the light {state}{where}?",
    "Was the light{where} {state} around {clock}?", "Had the light been {state} at {clock}{where}?",
    "Were the lights {state} at {clock}{where}?", "Was it {state} at {clock}, the light{where}?",
    "Did we have the light {state} at {clock}{where}?", "At {clock} was the lamp{where} {state}?",
    "Was the lamp {state} at {clock}{where}?", "Was the lighting {state} at {clock}{where}?",
    "Was the light switched {state} at {clock}{where}?", "Was the light {state} around {clock}{where}?",
    "Were the lamps {state} at {clock}{where}?", "At {clock}, were the lights {state}{where}?",
    "At {clock}, was the lamp {state}{where}?", "{clock}: was the light {state}{where}?",
    "Light {state} at {clock}{where}?", "Is it true that the light was {state} at {clock}{where}?",
)  # fmt: skip


def light_at(a: Asker) -> Question | None:
    """Whether the light was on at a time: the last change before tells."""
    i = a.some(lambda f: f.what == "light")
    if i is None:
        return None
    place = a.facts[i].place
    changes = a.all(lambda f: f.what == "light" and f.place == place)
    i = a.rng.choice(changes)
    # The clock of something that happened before the light changed again.
    end = next((j for j in changes if j > i), len(a.facts))
    clocks = [f.clock for f in a.facts]
    between = [j for j in range(i + 1, end) if clocks.count(clocks[j]) == 1 and clocks[j] != clocks[i]]
    span = a.seconds_ago(0)
    if not between or span > 20 * 3600:
        return None
    clock, state = clocks[a.rng.choice(between)], a.facts[i].data["state"]
    asked = a.rng.choice(["on", "off"])
    ask = a.fill(LIGHT_AT, state=asked, clock=clock, where=a.where(place) if len(a.day.sources) > 1 else "")
    yes = "Yes" if asked == state else "No"
    answer = f"The light{where_is(place)} went {state} at {clocks[i]}, so {yes.lower()}."
    return Question("light at", ask, answer, (state, clocks[i], yes), (i,))


def brightness(a: Asker) -> Question | None:
    """When it got brighter or darker."""
    i = a.last(lambda f: f.what == "brightness")
    if i is None:
        return None
    f = a.facts[i]
    ask = a.fill(BRIGHT, how=f.data["how"], where=a.rng.choice(["", a.where(f.place)]))
    told = f"it got {f.data['how']} at {f.clock}{where_is(f.place)}."
    yes = not re.search(r"\b(when|what time)\b", ask.lower())
    return Question("brightness", ask, f"Yes, {told}" if yes else cap(told), (f.data["how"], f.clock), (i,))


ANY_SOUND = (
    "Did you {hear} a sound{where}?", "Did you {hear} any noise{where}?", "What was that sound{where}?",
    "Was there a noise{where}?", "What sound did you {hear}{where}?", "Any noises{where}?",
    "Did you {hear} {anything}{where}?", "What was the last sound{where}?", "Was there any sound{where}?",
    "What noise was that{where}?", "sounds{where}?", "What was to be heard{where}?", "Any unusual sounds{where}?",
    "Have you {heard} a noise{where}?", "What made that noise{where}?", "Was something to be heard{where}?",
    "Noise{where}?", "Any sound{where}?", "Any sounds to report{where}?", "Last sound{where}?", "Last noise{where}?",
    "Latest sound{where}?", "What sound was there{where}?", "What sound was it{where}?",
    "What noise did you {hear}{where}?", "What kind of noise was that{where}?", "What was the noise{where}?",
    "Which sound did you {hear}{where}?", "Which noise was there{where}?", "Did you notice a noise{where}?",
    "Did you {hear} noises{where}?", "Has there been a noise{where}?", "Have there been any sounds{where}?",
    "Were there any sounds{where}?", "Tell me what that noise was{where}.", "I wonder what that sound was{where}.",
)  # fmt: skip

SOUND = (
    "When did you {hear} {sound}{where}?", "Did you {hear} {sound}{where}?", "Where did you {hear} {sound}?",
    "Was there {sound}{where}?", "Have you {heard} {sound}{where}?", "{time} was there {sound}{where}?",
    "When was {sound} {heard}{where}?", "Was {sound} heard{where}?", "Where was {sound}?",
    "Do you recall {sound}{where}?", "I thought there was {sound}, did you {hear} it{where}?", "{sound}{where}?",
    "Tell me when you heard {sound}{where}.", "When was the last time you heard {sound}{where}?",
    "Is there a record of {sound}{where}?", "Which microphone picked up {sound}?", "Can you confirm {sound}{where}?",
    "When was {sound}{where}?", "When was there {sound}{where}?", "When did you last {hear} {sound}{where}?",
    "When was {sound} to be heard{where}?", "When did {sound} come up{where}?", "Where was {sound} {heard}?",
    "Where have you {heard} {sound}?", "Where did {sound} come from?", "At what time was {sound} {heard}{where}?",
    "Around when did you {hear} {sound}{where}?", "Was that {sound}{where}?", "Was {sound} to be heard{where}?",
    "Did you notice {sound}{where}?", "Did you happen to {hear} {sound}{where}?", "Has there been {sound}{where}?",
    "Is it true that there was {sound}{where}?", "I wonder when there was {sound}{where}.",
    "Tell me if there was {sound}{where}.", "Let me know when {sound} was {heard}{where}.",
)  # fmt: skip

NOISE = (
    "Is it quiet{where}?", "Is it noisy{where}?", "How loud is it{where}?", "Is it loud{where} {now}?",
    "Is it quiet{where} {now}?", "quiet{where}?", "Is there a lot of noise{where}?", "How is the noise{where}?",
    "Is all quiet{where}?", "Is it still quiet{where}?", "Is it nice and quiet{where}?", "Is everything quiet{where}?",
    "Are things quiet{where}?", "Is there any noise{where} {now}?", "Is there much noise{where}?",
    "Is it loud{where}?", "Is it very noisy{where}?", "noisy{where}?", "How noisy is it{where}?",
    "How quiet is it{where}?", "How is the noise level{where}?", "How loud is it {now}{where}?",
    "Tell me if it is quiet{where}.",
)  # fmt: skip


def _sound_of(f: Fact) -> str:
    return f.data.get("sound", "a sudden loud sound" if f.what == "loud" else "")


def sounds(a: Asker) -> Question | None:
    """What was heard, when and where."""
    i = a.some(lambda f: f.what in ("sound", "loud"))
    if i is None or a.vague(i):
        return None
    what, place = _sound_of(a.facts[i]), a.facts[i].place
    named, any_of_them = a.rng.random() < 0.35, a.rng.random() < 0.35
    i = a.last(
        lambda f: bool(_sound_of(f)) and (any_of_them or _sound_of(f) == what) and (not named or f.place == place)
    )  # fmt: skip
    assert i is not None
    f = a.facts[i]
    what = _sound_of(f)
    ask = a.fill(ANY_SOUND if any_of_them else SOUND, sound=what, where=a.where(place) if named else "")
    plain = re.search(r"\b(what|when|where|which|tell|last|latest|do you recall) ?", ask.lower())
    told = f"{what} was heard at {f.clock}{where_is(f.place)}."
    return Question("sound", ask, cap(told) if plain else "Yes, " + told, (what, f.clock), (i,))


def noise(a: Asker) -> Question | None:
    """Whether it is quiet or noisy."""
    i = a.last(lambda f: f.what in ("noise", "loud"))
    if i is None or a.facts[i].what != "noise":
        return None
    place = a.facts[i].place
    f = a.facts[i]
    ask = a.fill(NOISE, where=a.where(place) if len(a.day.sources) > 1 else "")
    state, low = f.data["state"], ask.lower()
    told = f"it became {state} at {f.clock}{where_is(place)}."
    if "how " in low:
        return Question("noise", ask, cap(told), (state, f.clock), (i,))
    yes = "Yes" if (state == "quiet") == ("quiet" in low) else "No"
    return Question("quiet", ask, f"{yes}, {told}", (yes, state), (i,))


MAKERS: Sequence[tuple[Callable[[Asker], Question | None], float]] = (
    (signs, 8), (numbered, 3), (sign_seen, 5), (lights, 6), (light_at, 3), (brightness, 1), (sounds, 7), (noise, 2),
)  # fmt: skip
"""Who makes such questions, and how often."""
