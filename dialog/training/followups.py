"""Questions that refer back to the question before and its answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from dialog.model.chat import Turn
from dialog.training import about_quotes, about_speech, about_visits, refusals_speech
from dialog.training import wordings_followups as ways
from dialog.training.asking import Asker, Question, cap, says_yes, where_is
from dialog.training.claim_sorts import the
from dialog.training.claim_values import Values
from dialog.training.refusals_speech import claim as unknown_claim
from dialog.training.smalltalk import EXCHANGES, clauses
from dialog.training.speech_asking import (
    claim_answer,
    claimed,
    current,
    in_sentence,
    mentions,
    named,
    quote_answer,
    said_so,
    spoken,
)
from dialog.training.utterances import SORTS

Maker = Callable[[Asker], Question | None]

_CLAIMS: Sequence[Maker] = (about_speech.claims, about_speech.same_sort)
_QUOTES: Sequence[Maker] = (about_quotes.by_name, about_quotes.newest, about_quotes.at_place)


def _base(a: Asker, makers: Sequence[Maker]) -> tuple[Question, int] | None:
    """A first question that rests on one fact, and that fact."""
    asked = a.rng.choice(makers)(a)
    # What the runtime reckons (`~14:03~`) would stand in the history in other words.
    if asked is None or len(asked.evidence) != 1 or "~" in asked.answer or asked.history:
        return None
    return asked, asked.evidence[0]


def _then(base: Question, kind: str, ask: str, answer: str, keys: tuple[str, ...], i: int) -> Question:
    return Question(f"then {kind}", ask, answer, keys, (i,), history=(Turn(base.text, base.answer),))


def source(a: Asker) -> Question | None:
    """Who said that, when, where, in which words, and how one can be sure."""
    base = _base(a, (*_CLAIMS, *_CLAIMS, *_QUOTES))
    if base is None:
        return None
    q, i = base
    f = a.facts[i]
    who, verb, where = f.data["who"], f.data["verb"], where_is(f.place)
    style = a.rng.choice(["who", "when", "ago", "place", "words", "sure", "why"])
    if style == "who":
        ask = a.fill(ways.WHO)
        return _then(q, style, ask, f"{cap(who)} did, at {f.clock}.", (who, f.clock), i)
    if style == "when":
        ask = a.fill(ways.WHEN)
        return _then(q, style, ask, f"At {f.clock}, {who} {verb} it.", (f.clock,), i)
    if style == "ago":
        return _ago(a, q, i, f"{cap(who)} {verb} it")
    if style == "place":
        if not where:
            return None
        ask = a.fill(ways.PLACE)
        return _then(q, style, ask, f"{cap(who)} {verb} it{where} at {f.clock}.", (f.place,), i)
    if style == "words":
        ask = a.fill(ways.EXACT)
        return _then(q, style, ask, quote_answer(f), (f.data["text"],), i)
    if style == "sure":
        ask = a.fill(ways.SURE)
        return _then(q, style, ask, f"Yes, {said_so(f)}.", (who, f.clock), i)
    ask = a.fill(ways.WHY)
    answer = quote_answer(f)
    return _then(q, style, ask, f"Because {answer[:1].lower()}{answer[1:]}", (f.data["text"],), i)


def _ago(a: Asker, base: Question, i: int, told: str) -> Question:
    f = a.facts[i]
    ask = a.fill(ways.AGO)
    return _then(base, "ago", ask, f"{told} {a.age(i)}, at {f.clock}.", (f.clock,), i)


def seen(a: Asker) -> Question | None:
    """When and where something was that was seen, and how long ago."""
    base = _base(a, [maker for maker, _ in about_visits.MAKERS])
    if base is None or a.facts[base[1]].what not in ("enters", "leaves"):
        return None
    q, i = base
    f = a.facts[i]
    where, r = where_is(f.place), a.rng.random()
    if r < 0.35 and where:
        ask = a.fill(ways.PLACE_SEEN)
        return _then(q, "place", ask, f"That was{where} at {f.clock}.", (f.place,), i)
    if r < 0.65:
        ask = a.fill(ways.WHEN_SEEN)
        return _then(q, "when", ask, f"That was at {f.clock}{where}.", (f.clock,), i)
    if r < 0.85:
        return _ago(a, q, i, "That was")
    ask = a.fill(ways.SURE)
    return _then(q, "sure", ask, f"Yes, I noticed it at {f.clock}{where}.", (f.clock,), i)


def other_topic(a: Asker) -> Question | None:
    """`And the umbrella?`: the same about another thing, known or not."""
    base = _base(a, _CLAIMS)
    if base is None:
        return None
    q, i = base
    f = a.facts[i]
    sort = f.data["sort"]
    near = a.some(lambda g: claimed(g) and g.data["sort"] == sort and g.data["topic"] != f.data["topic"])
    if near is not None and a.rng.random() < 0.8:
        j = current(a, near)
        if j is None:
            return None
        other = the(a.facts[j].data["topic"])
        answer, keys = claim_answer(a.facts[j]), (a.facts[j].data["key"],)
        return _then(q, "other", _and(a, other), answer, keys, j)
    slot = next(
        (s for s in ("thing", "appointment", "coded", "person", "visitor") if SORTS[sort].topic == f"{{{s}}}"), ""
    )
    topic = Values(a.rng, a.held_out).of(slot) if slot else ""
    last = topic.split(" ")[-1].lower()
    if not topic or any(last in g.line.lower() for g in a.facts):
        return None
    answer = f"I don't know, nobody has mentioned {the(topic)}."
    return Question("no then other", _and(a, the(topic)), answer, ("I don't know",), (), answerable=False,
                    history=(Turn(q.text, q.answer),))  # fmt: skip


def _and(a: Asker, other: str) -> str:
    return a.fill(ways.OTHER, other=other, Other=cap(other))


def what_else(a: Asker) -> Question | None:
    """`What else did she say?` and `And before that?`"""
    base = _base(a, (about_quotes.by_name, *_CLAIMS))
    if base is None or not named(a.facts[base[1]]) or about_quotes.has_other_logs(a):
        return None
    q, i = base
    who, verb = a.facts[i].data["who"], a.facts[i].data["verb"]
    mine = [j for j in a.all(named) if a.facts[j].data["who"] == who and j != i]
    say, done = ("say", "said") if verb == "said" else ("write", "written")
    ask = a.fill(ways.ELSE, who=who, say=say, done=done)
    if not mine:
        answer = f"I have not heard {who} say anything else."
        return Question("no then else", ask, answer, ("have not heard",), (), answerable=False,
                        history=(Turn(q.text, q.answer),))  # fmt: skip
    return _then(q, "else", ask, quote_answer(a.facts[mine[-1]]), (a.facts[mine[-1]].data["text"],), mine[-1])


def before(a: Asker) -> Question | None:
    """What was said before the words just asked for."""
    base = _base(a, (about_quotes.newest,))
    if base is None:
        return None
    q, i = base
    earlier = [j for j in range(i) if spoken(a.facts[j]) and a.facts[j].data.get("verb") != "wrote"]
    if not earlier or a.facts[earlier[-1]].what != "says":
        return None
    ask = a.fill(ways.BEFORE)
    f = a.facts[earlier[-1]]
    return _then(q, "before", ask, quote_answer(f), (f.data["text"],), earlier[-1])


def still_there(a: Asker) -> Question | None:
    """Whether a thing is still where somebody said."""
    base = _base(a, _CLAIMS)
    if base is None or a.facts[base[1]].data["sort"] not in ("where", "whereabouts", "shelf", "parking"):
        return None
    q, i = base
    f = a.facts[i]
    it = f.data["topic"] if f.data["sort"] == "whereabouts" else "it"
    ask = a.fill(ways.STILL, it=it)
    answer = f"I only know that {in_sentence(f.data['claim'])}, {said_so(f)}."
    return _then(q, "still", ask, answer, (f.data["key"],), i)


def unknown(a: Asker) -> Question | None:
    """After an answer, or after none: a question that the day does not answer either."""
    if a.rng.random() < 0.5:
        base = a.rng.choice(refusals_speech.MAKERS)[0](a)
        if base is None:
            return None
        ask = a.fill(ways.NOTHING)
        answer = base.answer.removeprefix("No, ")
        return replace(base, text=ask, answer=answer, history=(Turn(base.text, base.answer),))
    found = _base(a, (*_CLAIMS, *_QUOTES))
    refused = unknown_claim(a) if found is not None else None
    if found is None or refused is None:
        return None
    return replace(refused, history=(Turn(found[0].text, found[0].answer),))


def polite(a: Asker) -> Question | None:
    """Thanks and other small talk after an answer."""
    base = _base(a, (*_CLAIMS, *_QUOTES))
    if base is None:
        return None
    said, answer = a.rng.choice(
        [("Thanks.", "You are welcome."), ("Thank you.", "You are welcome."), ("Thanks!", "You are welcome."),
         ("Great, thank you.", "You are welcome."), ("Okay, never mind.", "All right."), EXCHANGES[0],
         ("Good to know.", "Good."), ("Bye.", "Goodbye!"), ("Okay.", "Good."), ("I see.", "Good."),
         ("Cheers.", "You are welcome."), ("Thanks a lot.", "You are welcome."), ("Many thanks.", "You are welcome."),
         ("Perfect, thanks.", "You are welcome."), ("Thank you very much.", "You are welcome."),
         ("Got it.", "Good."), ("All right.", "Good."), ("Goodbye.", "Goodbye!"), ("Never mind.", "All right.")]
    )  # fmt: skip
    return Question("talk", said, answer, clauses(answer), history=(Turn(base[0].text, base[0].answer),))


def switch(a: Asker) -> Question | None:
    """Another question, on which the one before has no bearing."""
    first = _base(a, (*_CLAIMS, *_QUOTES, about_speech.checks))
    if first is None:
        said, answer = a.rng.choice(EXCHANGES)
        turn = Turn(said, answer)
    else:
        turn = Turn(first[0].text, first[0].answer)
    then = a.rng.choice((*_CLAIMS, *_CLAIMS, about_speech.checks, about_quotes.by_name, about_quotes.at_clock))(a)
    if then is None or then.history or then.text == turn.question:
        return None
    text = then.text
    if a.rng.random() < 0.3:
        text = f"{a.choose(ways.NEXT)} {text}"
    return replace(then, text=text, history=(turn,))


def says_more(a: Asker) -> Question | None:
    """`What did Anna say about it?` after somebody else's words about the same thing."""
    base = _base(a, _CLAIMS)
    if base is None:
        return None
    q, i = base
    topic = a.facts[i].data["topic"]
    others = a.all(lambda f: f.what == "says" and mentions(f, topic) and f.data["who"] != a.facts[i].data["who"])
    if not others or a.vague():
        return None
    f = a.facts[others[-1]]
    ask = a.fill(ways.ABOUT_IT, who=f.data["who"])
    yes = "Yes, " if says_yes(ask) else ""
    if "else" not in ask:
        return _then(q, "about", ask, quote_answer(f), (f.data["text"],), others[-1])
    who = f.data["who"] if yes else cap(f.data["who"])
    return _then(q, "who else", ask, f"{yes}{who} did, at {f.clock}.", (f.data["who"], f.clock), others[-1])


MAKERS: Sequence[tuple[Maker, float]] = (
    (source, 30), (seen, 14), (other_topic, 12), (what_else, 8), (before, 6), (still_there, 4), (unknown, 9),
    (polite, 5), (switch, 14), (says_more, 3),
)  # fmt: skip
"""Makers of questions that have a history, with their weights."""
