"""Questions about when something happened, how long ago, and what came before and after it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from dialog.training.about_time import HALF_DAY_S, event, minutes
from dialog.training.asking import Asker, Question, cap, it, where_is
from dialog.training.days import Fact

AFTER = (
    "What happened after {that}?", "What came after {that}?", "What was next after {that}?",
    "What happened right after {that}?", "And after {that}, what happened?", "What followed {that}?",
    "After {that}, what did you notice?", "What was the next thing after {that}?", "What happened once {clause}?",
    "What did you {see} after {clause}?", "What happened after {clause}?", "What happened next, after {clause}?",
    "What came right after {clause}?", "After {that}: what came next?", "What happened next, after {that}?",
    "And what happened after {that}?", "And after {clause}?", "What was there after {that}?",
    "What did you {see} right after {that}?", "What was the next thing once {clause}?",
    "What happened then, once {clause}?", "Once {clause}, what was next?", "After {clause}, what was the next thing?",
    "What followed when {clause}?", "Tell me what came after {that}.", "Tell me what happened after {clause}.",
    "I wonder what happened after {that}.", "Next event after {that}?", "The next thing after {clause}?",
    "Following {that}, what happened?", "What did you notice once {clause}?", "What came next when {clause}?",
)  # fmt: skip

BEFORE = (
    "What happened before {that}?", "What came before {that}?", "What was the last thing before {that}?",
    "What happened right before {that}?", "And before {that}, what happened?", "What preceded {that}?",
    "Before {that}, what did you notice?", "What happened just before {clause}?",
    "What did you {see} before {clause}?", "What happened before {clause}?", "What was there before {clause}?",
    "What came right before {clause}?", "Before {that}: what was it?", "What happened last before {that}?",
    "And what happened before {that}?", "And before {clause}?", "What was there before {that}?",
    "What did you {see} right before {that}?", "What was the last thing before {clause}?",
    "Just before {clause}, what happened?", "Before {clause}, what was the last thing?", "What went before {that}?",
    "Tell me what came before {that}.", "Tell me what happened before {clause}.",
    "I wonder what happened before {that}.", "Last event before {that}?", "The thing before {clause}?",
    "What did you notice before {clause}?", "What came immediately before {that}?",
    "Up to {that}, what was the last event?", "What happened just ahead of {that}?",
)  # fmt: skip

AGO = (
    "How long ago was {that}?", "How long ago was that, {that}?", "How long is it since {that}?",
    "How long ago did you notice {that}?", "How much time has passed since {that}?",
    "How long has it been since {that}?", "When was {that}, how long ago?", "Was {that} long ago?",
    "How many minutes or hours ago was {that}?", "How recent is {that}?", "How far back was {that}?",
    "Is it long since {that}?", "How many minutes ago was {that}?", "How long since {that}?", "{that}: how long ago?",
    "Time since {that}?", "How much time is it since {that}?", "How much time ago was {that}?",
    "Since {that}, how long has it been?", "What time has passed since {that}?", "How long ago did {that} happen?",
    "How long ago did {that} take place?", "Tell me how long ago {that} was.", "I wonder how long ago {that} was.",
    "I'd like to know how long it has been since {that}.", "Has much time passed since {that}?",
    "Roughly how long ago was {that}?", "About how long is it since {that}?", "By now, how long ago was {that}?",
    "How far in the past is {that}?",
)  # fmt: skip

WHEN = (
    "When was {that}?", "When did you notice {that}?", "{time} was {that}?", "At {time} was {that}?",
    "When exactly was {that}?", "time of {that}?", "When did {that} happen?", "Do you know when {that} was?",
    "Tell me the time of {that}.", "What was the time of {that}?", "When did {that} take place?",
    "Could you look up when {that} was?", "{that}, when was it?", "{that}: at what time?",
    "When did you last notice {that}?", "Around when was {that}?", "When about was {that}?",
    "Which time did you note for {that}?", "I wonder when {that} was.", "I'd like to know when {that} was.",
    "Give me the time of {that}.", "Tell me when {that} was.", "Can you give me the time of {that}?",
    "When did {that} occur?", "What does the clock say for {that}?", "At what hour was {that}?",
    "Please find the time of {that}.",
)  # fmt: skip

ORDER = (
    "Did {a} come before {b}?", "Was {a} before {b}?", "Which was first, {a} or {b}?", "What came first, {a} or {b}?",
    "Did {a} happen before {b}?", "Was {a} earlier than {b}?", "Which came earlier, {a} or {b}?",
    "Did {a} come after {b}?", "Was {a} later than {b}?", "Was {a} after {b}?", "Which was later, {a} or {b}?",
    "Did {a} precede {b}?", "In which order were {a} and {b}, which was first?",
    "Which of the two was first, {a} or {b}?", "Which of the two came later, {a} or {b}?",
    "Which happened first, {a} or {b}?", "Which happened later, {a} or {b}?", "What happened first, {a} or {b}?",
    "What was later, {a} or {b}?", "What was first: {a} or {b}?", "Which one came first: {a} or {b}?",
    "Which one was the earlier, {a} or {b}?", "Did {a} take place before {b}?", "Did {a} take place after {b}?",
    "Did {a} happen after {b}?", "Did {a} happen earlier than {b}?", "Was {a} first, before {b}?",
    "Is it true that {a} was before {b}?", "Is it true that {a} was after {b}?",
    "Am I right that {a} came before {b}?", "I think {a} was before {b}, is that right?",
)  # fmt: skip


def noun_phrase(f: Fact) -> str | None:
    """An event as a noun: `the arrival of a dog`, `the doorbell`; None where there is no plain one."""
    data = f.data
    if f.what == "enters":
        return f"the arrival of {'a person' if data['noun'] == 'person' else it(data['noun'])}"
    if f.what == "leaves":
        return f"the departure of the {data['noun'].removeprefix('some')}"
    if f.what == "sound":
        words = data["sound"].split(" ", 1)
        return f"the {words[1]}" if words[0] in ("a", "an") and len(words) > 1 else f"the {data['sound']}"
    if f.what == "sign":
        return f'the sign "{data["text"]}"'
    return {"loud": "the loud sound", "scene_change": "the picture change"}.get(f.what)


def clause_of(f: Fact) -> str | None:
    """An event as a clause: `the dog came`, `the light went on`."""
    noun = f.data.get("noun", "").removeprefix("some")
    return {
        "enters": f"the {noun} came", "leaves": f"the {noun} left", "light": f"the light went {f.data.get('state')}",
        "sound": f"you heard {f.data.get('sound')}", "sign": f'you saw the sign "{f.data.get("text")}"',
        "says": f"{f.data.get('who')} {'spoke' if f.data.get('verb') == 'said' else 'wrote'}",
        "loud": "you heard the loud sound",
    }.get(f.what)  # fmt: skip


def alike(f: Fact, g: Fact) -> bool:
    """Whether the same words would name both."""
    return f.what == g.what and clause_of(f) == clause_of(g)


def _named(a: Asker) -> tuple[int, str, str] | None:
    """A fact that words can name and no other fact shares; its noun and its clause."""
    i = a.some(lambda f: noun_phrase(f) is not None)
    if i is None or a.vague():
        return None
    f = a.facts[i]
    if len(a.all(lambda g: alike(f, g))) > 1:
        return None
    noun, clause = noun_phrase(f), clause_of(f)
    return None if noun is None else (i, noun, clause or "")


def neighbour(a: Asker) -> Question | None:
    """What happened right before or after something, overall or at the same place."""
    i = a.some(lambda f: clause_of(f) is not None)
    if i is None or a.vague():
        return None
    f = a.facts[i]
    if len(a.all(lambda g: alike(f, g))) > 1:
        return None
    after = a.rng.random() < 0.55
    here = a.rng.random() < 0.3 and bool(where_is(f.place)) and len(a.day.sources) > 1
    row = a.all(lambda g: g.place == f.place) if here else list(range(len(a.facts)))
    at = row.index(i) + (1 if after else -1)
    if not 0 <= at < len(row):
        return None
    noun, forms = noun_phrase(f), AFTER if after else BEFORE
    usable = [w for w in forms if ("{that}" in w) == (noun is not None and a.rng.random() < 0.5)] or list(forms)
    if noun is None:
        usable = [w for w in forms if "{clause}" in w]
    ask = a.fill(usable, that=noun or "", clause=clause_of(f) or "")
    if here:
        ask = f"{ask[:-1]}{a.where(f.place)}{ask[-1]}"
    return event("after" if after else "before", a, ask, row[at])


def ago(a: Asker) -> Question | None:
    """How long ago, or at what time, something was."""
    i = a.some(lambda f: noun_phrase(f) is not None)
    if i is None or a.vague(i):
        return None
    f = a.facts[i]
    found = a.last(lambda g: alike(f, g))
    noun = noun_phrase(f)
    if found is None or noun is None:
        return None
    i, f = found, a.facts[found]
    if a.rng.random() < 0.3:
        return Question("when", a.fill(WHEN, that=noun), f"At {f.clock}{where_is(f.place)}.", (f.clock,), (i,))
    noun = a.rng.choice([noun, f"the last time {clause_of(f)}"])
    return Question("ago", a.fill(AGO, that=noun), f"{cap(a.age(i))}, at {f.clock}.", (a.age(i),), (i,))


DID_AGO = (
    "How long ago did {it} {come}{where}?", "How long has it been since {it} {came}{where}?",
    "How long ago was {it} {seen}{where}?", "How many minutes ago did {it} {come}{where}?",
    "How long is it since {it} {came}{where}?", "How long since {it} {came}{where}?",
    "How long ago did you {see} {it}{where}?", "How long since the last {noun}{where}?",
    "How recently did {it} {come}{where}?", "How many minutes is it since {it} {came}{where}?",
    "How long back did {it} {come}{where}?", "Since {it} {came}{where}, how long has it been?",
    "How much time has passed since {it} {came}{where}?", "How much time is it since {it} {came}{where}?",
    "Time since the last {noun}{where}?", "Tell me how long ago {it} {came}{where}.",
    "I wonder how long ago {it} {came}{where}.", "How long ago did you last {see} {it} {come}{where}?",
    "Did {it} {come} long ago{where}?", "Is it long since {it} {came}{where}?",
)  # fmt: skip


def visit_ago(a: Asker) -> Question | None:
    """How long ago a thing came or left."""
    what = a.rng.choice(["enters", "enters", "leaves"])
    i = a.some(lambda f: f.what == what and f.data["noun"] != "something")
    if i is None or a.vague():
        return None
    noun = a.facts[i].data["noun"]
    i = a.last(lambda f: f.what == what and f.data["noun"] == noun)
    assert i is not None
    forms = [w for w in DID_AGO if what == "enters" or "{come}" in w or "{came}" in w]
    if what == "leaves":
        forms = [w.replace("{come}", "{leave}").replace("{came}", "{left}") for w in forms]
    f = a.facts[i]
    ask = a.fill(forms, it=it(noun), noun=noun, where="")
    return Question("ago", ask, f"{cap(a.age(i))}, at {f.clock}.", (a.age(i),), (i,))


def order(a: Asker) -> Question | None:
    """Which of two came first."""
    one, two = _named(a), _named(a)
    if one is None or two is None or one[0] == two[0]:
        return None
    (i, a_noun, _), (j, b_noun, _) = one, two
    f, g = a.facts[i], a.facts[j]
    if f.clock == g.clock or abs(f.percept.t0_ns - g.percept.t0_ns) > HALF_DAY_S * 1e9:
        return None
    if minutes(f.clock) > minutes(g.clock) and i < j:
        return None
    ask = a.fill(ORDER, a=a_noun, b=b_noun)
    facts = f"{cap(a_noun)} was at {f.clock}, {b_noun} at {g.clock}, so "
    low = ask.lower()
    earlier, later = (a_noun, b_noun) if i < j else (b_noun, a_noun)
    if low.startswith(("which", "what", "in which")):
        wanted = later if "later" in low else earlier
        answer = facts + f"{wanted} was {'later' if 'later' in low else 'first'}."
        return Question("order", ask, answer, (f.clock, g.clock, f"so {wanted}"), (i, j))
    asked_later = " after " in low or "later" in low
    yes = "yes" if (i < j) != asked_later else "no"
    return Question("order", ask, f"{facts}{yes}.", (f.clock, g.clock, f"so {yes}"), (i, j))


DAY = (
    "Was {that} today or yesterday?", "On which day was {that}?", "Did {that} happen today or yesterday?",
    "Which day was {that}?", "Was {that} yesterday or today?", "Today or yesterday, when was {that}?",
    "Did {that} take place today or yesterday?", "What day was {that}?", "On what day was {that}?",
    "Do you know if {that} was today or yesterday?", "Which day did {that} happen?", "Tell me which day {that} was.",
)  # fmt: skip


def which_day(a: Asker) -> Question | None:
    """Whether it was today, yesterday or earlier: how long ago it was says so."""
    i = a.some(lambda f: noun_phrase(f) is not None)
    if i is None or a.vague():
        return None
    f = a.facts[i]
    i = a.last(lambda g: alike(f, g))
    noun = noun_phrase(f)
    if i is None or noun is None:
        return None
    answer = f"{cap(a.age(i))}, at {a.facts[i].clock}."
    return Question("ago", a.fill(DAY, that=noun), answer, (a.age(i),), (i,))


MAKERS: Sequence[tuple[Callable[[Asker], Question | None], float]] = (
    (neighbour, 6), (ago, 4), (visit_ago, 4), (order, 3), (which_day, 1.5),
)  # fmt: skip
"""Who makes such questions, and how often."""
