"""Days in which values were exchanged stay true: in percepts, lines, questions, answers and what was said before."""

from __future__ import annotations

import random
import re

from dialog.model.chat import Turn
from dialog.training import words
from dialog.training.asking import DERIVED, REFUSAL, Question
from dialog.training.counterfactual import counterfactual
from dialog.training.days import Day, Fact, make_day
from dialog.training.questions import question
from streams import wording
from streams.types import NS, Percept


def fact(n: int, place: str, text: str, **data: str) -> Fact:
    percept = Percept(f"{place}/{n}", "speech", place, n * 60 * NS, n * 60 * NS, text)
    clock = f"14:{n:02d}"
    return Fact(percept, f"{clock} {wording.place(place)}: {text}", clock, "says", data)


DAY = Day(
    (
        fact(1, "room-204", 'Anna says: "The red bag is in room 204, the code is 7315."', who="Anna", key="7315"),
        fact(2, "hall", "Ben: Anna has the blue bag, ask at 14:30 or call 14300", who="Ben", key="Anna"),
        fact(3, "hall", 'a sign reads "EXIT 42, 7315 or 0815"'),
    ),
    ("room-204", "hall"), 300 * NS, "14:05",
)  # fmt: skip
ASKED = [
    Question("code", "What is the code that Anna said?", "The code is 7315, Anna said so at 14:01.", ("7315",), (0,),
             history=(Turn("Who has the blue bag?", "Anna has it, Ben said so."),)),
    Question("who", "Anna or Ben: who has the blue bag?", "Anna, said Ben.", ("Anna", "Ben"), (1,)),
    Question("no", "Is Anna's bag green?", "I don't know.", ("I don't know",), (), answerable=False),
]  # fmt: skip


def test_values_change_places_everywhere() -> None:
    seen = set()
    for seed in range(20):
        day, (code, who, no) = counterfactual(DAY, ASKED, random.Random(seed))
        number, call = re.findall(r"code is (\d{4})|call (\d{5})", " ".join(f.percept.text for f in day.facts))
        code_said, called = number[0], call[1]
        seen.add(code_said)
        assert day.facts[0].percept.text == f'Ben says: "The blue bag is in room 204, the code is {code_said}."'
        assert day.facts[1].percept.text == f"Anna: Ben has the red bag, ask at 14:30 or call {called}"
        assert day.facts[2].percept.text == f'a sign reads "EXIT 42, {code_said} or 0815"'
        for old, new in zip(DAY.facts, day.facts, strict=True):
            assert new.line == f"{old.clock} {old.place}: {new.percept.text}" and new.clock == old.clock
        assert day.facts[0].data == {"who": "Ben", "key": code_said} and day.facts[1].data["key"] == "Ben"
        assert (code.text, code.answer) == (
            "What is the code that Ben said?", f"The code is {code_said}, Ben said so at 14:01.",
        )  # fmt: skip
        assert code.keys == (code_said,) and code.evidence == (0,)
        assert code.history == (Turn("Who has the red bag?", "Ben has it, Anna said so."),)
        assert (who.text, who.answer, who.keys) == (
            "Ben or Anna: who has the red bag?", "Ben, said Anna.", ("Ben", "Anna"),
        )  # fmt: skip
        assert (no.text, no.answer, no.answerable) == ("Is Ben's bag green?", "I don't know.", False)
    assert len(seen) > 10


def test_nothing_to_exchange() -> None:
    plain = Day((fact(1, "hall", "a dog enters from the left"),), ("hall",), 300 * NS, "14:05")
    asked = [Question("when", "When did a dog come?", "At 14:01.", ("14:01",), (0,))]
    assert counterfactual(plain, asked, random.Random(0)) == (plain, asked)
    empty = Day((), (), NS, "0:01")
    assert counterfactual(empty, asked, random.Random(0)) == (empty, asked)


def test_days_stay_true() -> None:
    """Over many days: what holds of the original holds of the copy."""
    rng, changed = random.Random(5), 0
    names = {name for name in words.NAMES if name.isalpha()}
    for _ in range(250):
        day = make_day(rng)
        asked = [question(day, rng) for _ in range(8)]
        other, again = counterfactual(day, asked, rng)
        changed += other != day
        assert (other.now, other.now_ns, other.sources) == (day.now, day.now_ns, day.sources)
        assert len(other.facts) == len(day.facts) and len(again) == len(asked)
        for old, new in zip(day.facts, other.facts, strict=True):
            assert (new.clock, new.place, new.what, new.percept.t0_ns) == (
                old.clock,
                old.place,
                old.what,
                old.percept.t0_ns,
            )
            assert new.line == old.line.replace(old.percept.text, new.percept.text)
            assert new.data.keys() == old.data.keys()
        for old_q, q in zip(asked, again, strict=True):
            assert (q.kind, q.evidence, q.answerable) == (old_q.kind, old_q.evidence, old_q.answerable)
            assert all(key.lower() in q.answer.lower() for key in q.keys), (old_q, q)
            assert q.answerable != bool(REFUSAL.search(q.answer))
            told = " ".join(f"{other.facts[i].line} {other.facts[i].clock}" for i in q.evidence).lower()
            if q.evidence and q.kind not in DERIVED:
                assert all(key.strip("~").lower() in told for key in q.keys), (old_q, q, told)
        told, told_now = (" ".join(f.percept.text for f in one.facts) for one in (day, other))
        if other != day:
            here, now = (names & set(re.findall(r"\w+", text)) for text in (told, told_now))
            assert here == now, "no name comes or goes"
    assert changed > 100


def test_the_same_numbers_give_the_same_exchange() -> None:
    for seed in range(10):
        day = make_day(random.Random(seed))
        one, two = (counterfactual(day, ASKED, random.Random(seed)) for _ in range(2))
        assert one == two
