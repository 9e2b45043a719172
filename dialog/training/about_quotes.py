"""Questions about who spoke, and what was said or written word for word."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from dialog.training.asking import Asker, Question, cap, clock_list, where_is
from dialog.training.speech_asking import NOBODY, named, quote_answer, quoted, spoken


def has_other_logs(a: Asker, start: int = 0) -> bool:
    """Whether lines of other systems tell of speech, too: then these are not all who spoke."""
    return any(spoken(f) and f.what != "says" for f in a.facts[start:]) or any(
        f.what == "consolidated" for f in a.facts[start:]
    )


def by_name(a: Asker) -> Question | None:
    """What somebody said last."""
    i = a.some(named)
    if i is None:
        return None
    who, verb = a.facts[i].data["who"], a.facts[i].data["verb"]
    found = [j for j in a.all(named) if a.facts[j].data["who"] == who and a.facts[j].data["verb"] == verb]
    say = "say" if verb == "said" else "write"
    i = found[-1]
    if len(found) > 1 and a.rng.random() < 0.2 and not has_other_logs(a):
        ask = a.choose(
            [f"What did {who} {say} first?", f"What was the first thing {who} {verb}?",
             f"What did {who} {say} at the beginning?", f"With which words did {who} begin?",
             f"What were {who}'s first words?"]
        )  # fmt: skip
        return quoted("quote", ask, a, found[0])
    if has_other_logs(a, i):
        return None
    ask = a.choose(
        [f"What did {who} {say}?", f"What did {who} {say} last?", f"What was the last thing {who} {verb}?",
         f"What has {who} {'said' if verb == 'said' else 'written'}?", f"Repeat what {who} {verb}.",
         f"What did you hear from {who}?", f"Tell me what {who} {verb}.", f"What did {who} just {say}?",
         f"Can you repeat what {who} {verb}?", f"{who} {verb} what?", f"What were {who}'s last words?",
         f"What was that {who} {verb}?", f"Quote {who}.", f"I missed what {who} {verb}.",
         f"What exactly did {who} {say}?", f"What was it that {who} {verb}?", f"What came from {who}?",
         f"What did we get from {who}?"]
    )  # fmt: skip
    return quoted("quote", ask, a, i)


def newest(a: Asker) -> Question | None:
    """What was said last, or just before that."""
    heard = [j for j, f in enumerate(a.facts) if spoken(f) and f.data.get("verb", "said") == "said"]
    if not heard or a.facts[heard[-1]].what != "says":
        return None
    if len(heard) > 1 and a.rng.random() < 0.25 and a.facts[heard[-2]].what == "says":
        ask = a.choose(
            ["What was said before that?", "What was the second to last thing said?", "And what was said before?",
             "What was said just before the last sentence?", "What was the sentence before the last one?",
             "What did I hear one sentence earlier?"]
        )  # fmt: skip
        return quoted("quote", ask, a, heard[-2])
    ask = a.choose(
        ["What was said last?", "What did you hear?", "What do you hear?", "What was just said?",
         "What did they say?", "What was that?", "Repeat what was said.", "What did somebody just say?",
         "What was the last thing anybody said?", "Say that again.", "What was said?", "What did I miss them saying?",
         "What are they talking about?", "Repeat the last sentence.", "What was the last sentence?",
         "I did not catch that, what did they say?", "Could you repeat the last words?", "What have you heard last?",
         "What did the voice say?", "Quote the last words.", "What was uttered last?", "What did people say just now?"]
    )  # fmt: skip
    return quoted("quote", ask, a, heard[-1])


def written(a: Asker) -> Question | None:
    """The last typed message."""
    i = a.last(lambda f: f.percept.kind == "text")
    if i is None or a.facts[i].what != "says":
        return None
    ask = a.choose(
        ["What was written last?", "What did somebody write?", "Read me the last message.",
        "What does the message say?",
         "Any messages?", "Is there a message?", "What is the last message?", "Are there any notes?",
         "Did anybody write something?", "Did somebody send a message?", "What is in the chat?",
         "What was typed?", "Read out the newest text.", "Have I got mail?", "What did they text?"]
    )  # fmt: skip
    return quoted("written", ask, a, i)


def at_clock(a: Asker) -> Question | None:
    """What was said at a time, in case only one thing was."""
    clocks = [f.clock for f in a.facts if spoken(f)]
    i = a.some(lambda f: f.what == "says" and clocks.count(f.clock) == 1)
    if i is None:
        return None
    f = a.facts[i]
    verb, say = f.data["verb"], "say" if f.data["verb"] == "said" else "write"
    style = a.rng.random()
    if style < 0.35 and named(f):
        ask = a.choose(
            [f"What did {f.data['who']} {say} at {f.clock}?", f"At {f.clock}, what did {f.data['who']} {say}?",
             f"What was it that {f.data['who']} {verb} at {f.clock}?", f"{f.data['who']} at {f.clock}, what was that?"]
        )  # fmt: skip
    elif style < 0.75:
        ask = a.choose(
            [f"What was {'said' if verb == 'said' else 'written'} at {f.clock}?", f"What did they {say} at {f.clock}?",
             f"What did somebody {say} at {f.clock}?",
             f"At {f.clock}, what was {'said' if say == 'say' else 'written'}?",
             f"Which words fell at {f.clock}?"]
        )  # fmt: skip
    else:
        who = f.data["who"]
        do = "spoke" if verb == "said" else "wrote"
        ask = a.choose(
            [f"Who {do} at {f.clock}?", f"Who {verb} something at {f.clock}?", f"At {f.clock}, who {do}?",
             f"Who was it that {do} at {f.clock}?"]
        )  # fmt: skip
        return Question("speaker", ask, f"{cap(who)} did, at {f.clock}.", (who, f.clock), (i,))
    return quoted("quote", ask, a, i)


def at_place(a: Asker) -> Question | None:
    """What was said somewhere."""
    i = a.some(lambda f: f.what == "says" and f.data["verb"] == "said" and bool(where_is(f.place)))
    if i is None:
        return None
    place, by = a.facts[i].place, a.facts[i].data["who"]
    only_by = named(a.facts[i]) and a.rng.random() < 0.4
    i = a.last(lambda f: spoken(f) and f.place == place and f.data.get("verb") != "wrote"
               and (not only_by or f.what != "says" or f.data["who"] == by))  # fmt: skip
    if i is None or a.facts[i].what != "says":
        return None
    where = where_is(place)
    if only_by:
        ask = a.choose([f"What did {by} say{where}?", f"What did {by} say last{where}?",
                        f"What was it that {by} said{where}?", f"What has {by} said{where}?",
                        f"Which words of {by} did you hear{where}?"])  # fmt: skip
    else:
        ask = a.choose(
            [f"What was said{where}?", f"What did they say{where}?", f"What did you hear{where}?",
             f"What was said last{where}?", f"What are people saying{where}?", f"What did somebody say{where}?",
             f"What is being talked about{where}?", f"Which words did you pick up{where}?"]
        )  # fmt: skip
    return quoted("quote", ask, a, i)


def who_spoke(a: Asker) -> Question | None:
    """Who spoke last, first or before the last one."""
    heard = a.all(lambda f: f.what == "says" and f.data["verb"] == "said")
    if not heard or has_other_logs(a):
        return None
    style = a.rng.random()
    if style < 0.5:
        i = heard[-1]
        ask = a.choose(["Who spoke last?", "Who was that?", "Who said that?", "Who was speaking?", "Who is talking?",
                        "Who said something?", "Who just spoke?", "Whose voice was that?", "Who talked last?",
                        "Who was the last to speak?", "Whom did you hear last?", "Who was just talking?"])  # fmt: skip
    elif style < 0.7:
        i = heard[0]
        ask = a.choose(["Who spoke first?", "Who was the first to speak?", "Who said the first thing?",
                        "Who began to talk?", "Who opened the conversation?"])  # fmt: skip
    else:
        names = list(dict.fromkeys(a.facts[j].data["who"] for j in heard))
        if len(names) > 4 or len(heard) > 12:
            return None
        ask = a.choose(["Who has spoken?", "Who spoke?", "Whom did you hear?", "Which people spoke?",
                        "Whose voices did you hear?", "List the people who spoke.", "Who talked today?",
                        "Who took part in the conversation?", "Who did the talking?"])  # fmt: skip
        first = {name: next(j for j in heard if a.facts[j].data["who"] == name) for name in names}
        did = f"{cap(clock_list(names))} spoke."
        return Question("speakers", ask, did, tuple(names), tuple(first.values()))
    f = a.facts[i]
    return Question("speaker", ask, f"{cap(f.data['who'])} did, at {f.clock}.", (f.data["who"], f.clock), (i,))


def spoke(a: Asker) -> Question | None:
    """Whether somebody spoke, when, where and how often."""
    i = a.some(named)
    if i is None:
        return None
    who = a.facts[i].data["who"]
    found = [j for j in a.all(named) if a.facts[j].data["who"] == who and a.facts[j].data["verb"] == "said"]
    if not found or has_other_logs(a):
        return None
    i = found[-1]
    f, style = a.facts[i], a.rng.random()
    if style < 0.4:
        ask = a.choose([f"Did {who} say anything?", f"Has {who} said anything?", f"Did {who} speak?",
                        f"Did you hear {who}?", f"Has {who} spoken?", f"Was {who} talking?", f"Any word from {who}?",
                        f"Did {who} talk?", f"Was anything said by {who}?"])  # fmt: skip
        answer = quote_answer(f)
        return Question("spoke", ask, f"Yes, {answer[:1].lower()}{answer[1:]}", (f.data["text"], f.clock), (i,))
    if style < 0.6:
        ask = a.choose([f"When did {who} speak?", f"When did {who} say something?", f"When did you hear {who}?",
                        f"When did {who} last speak?", f"At what time did {who} talk?", f"When was {who} heard?",
                        f"What time did {who} say something?"])  # fmt: skip
        return Question("when", ask, f"At {f.clock}, {who} said it{where_is(f.place)}.", (f.clock,), (i,))
    if style < 0.8 and where_is(f.place):
        ask = a.choose([f"Where did {who} speak?", f"Where did you hear {who}?", f"Where was {who} talking?",
                        f"On which camera did you hear {who}?", f"Where was it that {who} spoke?"])  # fmt: skip
        return Question("where spoke", ask, f"{who} spoke{where_is(f.place)} at {f.clock}.", (f.place, f.clock), (i,))
    if len(found) > 4:
        return None
    times = "once" if len(found) == 1 else "twice" if len(found) == 2 else f"{len(found)} times"
    ask = a.choose([f"How often did {who} speak?", f"How many times did {who} speak?", f"How often did you hear {who}?",
                    f"How many times did {who} say something?", f"Count how often {who} spoke."])  # fmt: skip
    clocks = [a.facts[j].clock for j in found]
    return Question("times", ask, f"At {clock_list(clocks)}, so {times}.", (times,), tuple(found))


def voices(a: Asker) -> Question | None:
    """Whether anybody spoke at all."""
    i = a.last(spoken)
    if i is None or a.facts[i].what != "says" or a.facts[i].data["verb"] != "said":
        return None
    ask = a.choose(["Did anybody say anything?", "Has anyone spoken?", "Did you hear anybody?", "Did somebody speak?",
                    "Is anybody talking?", "Did you hear a voice?", "Was there any conversation?",
                    "Has anything been said?", "Did a person speak?"])  # fmt: skip
    f = a.facts[i]
    who = "a voice" if f.data["who"] in NOBODY else f.data["who"]
    return Question("spoke", ask, f'Yes, at {f.clock} {who} said: "{f.data["text"]}"', (f.data["text"],), (i,))


MAKERS: Sequence[tuple[Callable[[Asker], Question | None], float]] = (
    (by_name, 7), (newest, 5), (written, 3), (at_clock, 3), (at_place, 3), (who_spoke, 3), (spoke, 4), (voices, 1.5),
)  # fmt: skip
"""Makers of questions about words and speakers, with their weights."""
