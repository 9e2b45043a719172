"""The made-up days: their sizes, their rhythm, their words, and the questions about lines of other systems."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from dialog.training import refusals_foreign, words
from dialog.training.about_foreign import MAKERS
from dialog.training.asking import REFUSAL, Asker
from dialog.training.days import Day, make_day
from dialog.training.diary import Narrow
from dialog.training.merged import consolidated
from streams import wording
from streams.types import NS


def days(n: int, held_out: bool = False) -> list[Day]:
    rng = random.Random(11)
    return [make_day(rng, held_out) for _ in range(n)]


def test_the_same_seed_gives_the_same_day() -> None:
    for seed in range(30):
        assert make_day(random.Random(seed)) == make_day(random.Random(seed))


@pytest.mark.parametrize("percepts", [0, 1, 2, 7, 60, 250])
def test_a_day_has_as_many_percepts_as_asked(percepts: int) -> None:
    rng = random.Random(3)
    assert all(len(make_day(rng, percepts=percepts).facts) == percepts for _ in range(20))


def test_most_days_are_short() -> None:
    sizes = [len(day.facts) for day in days(400)]
    assert max(sizes) <= 40 and sum(size <= 16 for size in sizes) > 200 and 0 in sizes


def test_time_goes_on_and_ends_before_now() -> None:
    for day in days(300):
        times = [fact.percept.t0_ns for fact in day.facts]
        assert times == sorted(times)
        assert all(fact.percept.t1_ns <= day.now_ns for fact in day.facts)
        assert day.ages == tuple(wording.ago((day.now_ns - t) / NS) for t in times)


def test_days_last_from_seconds_to_days() -> None:
    spans = [(day.now_ns - day.facts[0].percept.t0_ns) / NS for day in days(400) if day.facts]
    for least, most in ((0, 60), (60, 3600), (3600, 86_400), (86_400, 1e9)):
        assert sum(least <= span < most for span in spans) > 15


def test_lines_come_from_the_wording_of_the_encoders() -> None:
    said = {
        "enters": lambda d: wording.enters(d["noun"], d["side"]),
        "count": lambda d: wording.count(d["noun"], int(d["n"])),
        "recognised": lambda d: wording.recognised(d["noun"]),
        "sign": lambda d: wording.sign(d["text"]),
        "sound": lambda d: wording.heard(d["sound"]),
        "light": lambda d: wording.light(f"goes {d['state']}"),
        "moves": lambda d: wording.moves(d["noun"], d["start"], d["end"]),
        "microphone": lambda d: wording.gone(d["state"] == "gone", "microphone"),
    }
    for day in days(300):
        for fact in day.facts:
            assert fact.line == f"{fact.clock} {fact.place}: {fact.percept.text}"
            if fact.what in said:
                assert fact.percept.text == said[fact.what](fact.data)
            if fact.what == "leaves":
                assert fact.percept.text.startswith(wording.leaves(fact.data["noun"], fact.data["side"]))
                assert fact.percept.text.endswith(fact.data.get("duration", ""))


def test_some_days_repeat_themselves() -> None:
    def sameness(day: Day) -> float:
        seen = Counter((fact.what, fact.data.get("noun"), fact.data.get("topic")) for fact in day.facts)
        return seen.most_common(1)[0][1] / len(day.facts)

    rng = random.Random(4)
    shares = [sameness(make_day(rng, percepts=24)) for _ in range(300)]
    assert sum(share > 0.25 for share in shares) > 60
    assert sum(share < 0.2 for share in shares) > 60


def test_a_narrow_generator_keeps_to_a_few_entries() -> None:
    narrow = Narrow(5)
    assert len({narrow.choice(words.NAMES) for _ in range(200)}) <= 5
    assert {narrow.choice([1, 2, 3]) for _ in range(100)} == {1, 2, 3}


def test_kinds_of_day() -> None:
    some = days(1000)
    foreign = [day for day in some if any(f.what == "foreign" or "foreign" in f.data for f in day.facts)]
    merged = [day for day in some if any(f.what == "consolidated" for f in day.facts)]
    assert 80 < len(foreign) < 260 and 50 < len(merged) < 200
    for day in merged:
        first = next(f for f in day.facts if f.what == "consolidated")
        assert first.percept.text.startswith("in short, ") and first.percept.t1_ns - first.percept.t0_ns >= 600 * NS
        assert first.line.startswith(f"{first.data['since']} to {first.data['until']} ")


def test_the_words_of_a_merged_line() -> None:
    text = consolidated({"person": 5, "car": 2}, {"person": 4}, {"Anna": 3}, ["EXIT"])
    assert text == 'in short, 5 people entered, 2 cars entered, 4 people left; Anna spoke 3 times; a sign read "EXIT"'


@pytest.mark.parametrize("held_out", [False, True])
def test_questions_about_foreign_lines_rest_on_their_evidence(held_out: bool) -> None:
    rng = random.Random(2)
    kinds = set()
    for day in days(700, held_out):
        for make, _ in MAKERS:
            asked = make(Asker(day, rng, held_out))
            if asked is None:
                continue
            kinds.add(asked.kind)
            told = " ".join(day.facts[i].line for i in asked.evidence).lower()
            assert asked.answerable and asked.keys
            for key in asked.keys:
                assert key.lower() in told and key.lower() in asked.answer.lower(), asked
    assert len(kinds) == len(MAKERS)


def test_what_no_line_tells_is_refused() -> None:
    rng = random.Random(6)
    kinds = set()
    for day in days(300):
        for make, _ in refusals_foreign.MAKERS:
            asked = make(Asker(day, rng, False))
            if asked is not None:
                kinds.add(asked.kind)
                assert not asked.answerable and not asked.evidence and REFUSAL.search(asked.answer)
    assert len(kinds) == len(refusals_foreign.MAKERS)


def test_evaluation_has_values_of_its_own() -> None:
    for values in (words.NAMES, words.THINGS, words.SOURCES, words.LABELS, words.SOUNDS, words.SIGN_WORDS, words.ROOMS):
        assert len(values) == len(set(values))
        assert not set(words.split(values, True)) & set(words.split(values, False))
    assert len(words.NAMES) >= 350 and len(words.THINGS) >= 200 and len(words.SOURCES) >= 120
    known = set(words.split(words.SOURCES, False))
    assert not any(set(day.sources) & known for day in days(100, held_out=True))
