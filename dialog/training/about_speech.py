"""Questions about what was said and written."""

from __future__ import annotations

from dialog.training.asking import Asker, Question, cap, the
from dialog.training.days import is_plural


def claims(a: Asker) -> Question | None:
    """What somebody said about something."""
    i = a.some(lambda f: bool(f.data.get("topic")))
    if i is None:
        return None
    sort, topic = a.facts[i].data["sort"], a.facts[i].data["topic"]
    i = a.last(lambda f: f.data.get("topic") == topic and f.data.get("sort") == sort)
    assert i is not None
    f, thing = a.facts[i], the(topic)
    be = "are" if is_plural(topic) else "is"
    person = topic.split("'")[0]
    ask = {
        "where": a.pick(
            f"Where {be} {thing}?", f"Where {be} {thing}?", f"Where did somebody leave {thing}?",
            f"Do you know where {thing} {be}?", f"Where can I find {thing}?", f"I am looking for {thing}.",
            f"Has anybody seen {thing}?",
        ),
        "when": a.pick(f"When is {thing}?", f"Do you know when {thing} is?", f"What time is {thing}?"),
        "code": a.pick(f"What is {thing}?", f"Tell me {thing}.", f"Do you remember {thing}?"),
        "food": a.pick(f"What does {person} like to eat?", f"What food does {person} like?",
                       f"What would {person} eat?"),
        "errand": a.pick(f"What does {topic} have to do?", f"What should {topic} do?", f"What is {topic}'s task?"),
        "colour": a.pick(f"What colour is {topic}?", f"Which colour does {topic} have?", f"Describe {topic}."),
        "whereabouts": a.pick(f"Where is {topic}?", f"Do you know where {topic} is?", f"Where can I find {topic}?"),
    }[sort]  # fmt: skip
    style = a.rng.random()
    if style < 0.12:
        ask = a.pick(f"Who talked about {thing}?", f"Who mentioned {thing}?", f"Who spoke of {thing}?")
        who = f.data["who"]
        return Question("who", ask, f"{cap(who)} did, at {f.clock}.", (who, f.clock), (i,))
    if style < 0.22:
        ask = a.pick(
            f"When did somebody mention {thing}?", f"When did you hear about {thing}?", f"When did you hear of {thing}?"
        )
        return Question("when", ask, f"At {f.clock}, {f.data['who']} {f.data['verb']} it.", (f.clock,), (i,))
    so = "said so" if f.data["verb"] == "said" else "wrote it"
    answer = f"{cap(f.data['claim'])}, {f.data['who']} {so} at {f.clock}."
    return Question(sort, ask, answer, (f.data["key"],), (i,))


def quotes(a: Asker) -> Question | None:
    """What somebody said, word for word."""
    i = a.some(lambda f: f.what == "says")
    if i is None:
        return None
    who, verb = a.facts[i].data["who"], a.facts[i].data["verb"]
    if a.rng.random() < 0.6 and who not in ("a voice", "somebody"):
        i = a.last(lambda f: f.data.get("who") == who and f.data.get("verb") == verb)
        do = "say" if verb == "said" else "write"
        ask = a.pick(f"What did {who} {do}?", f"What did {who} {do} last?", f"What was it that {who} {verb}?")
    else:
        i = a.last(lambda f: f.data.get("verb") == verb)
        if verb == "said":
            ask = a.pick("What was said last?", "What did you hear?", "What do you hear?", "What was just said?",
                         "What did they say?",
                         "What did the voice say?", "Repeat what was said.")  # fmt: skip
        else:
            ask = a.pick("What was written last?", "What did somebody write?", "Read me the last message.")
    assert i is not None
    f = a.facts[i]
    return Question("quote", ask, f'At {f.clock} {f.data["who"]} {verb}: "{f.data["text"]}"', (f.data["text"],), (i,))
