"""The made-up days: questions have the answers that the facts give, and evaluation sees nothing that training saw."""

from __future__ import annotations

import random
from datetime import datetime

from dialog.training import words
from dialog.training.days import Day, Fact, make_day
from dialog.training.evaluate import REFUSAL, Score, held_out, is_right
from dialog.training.questions import Question, as_spoken, question
from streams import wording
from streams.types import NS, Percept


def some(days: int, held: bool = False) -> list[tuple[Day, Question]]:
    rng = random.Random(7)
    found = []
    for _ in range(days):
        day = make_day(rng, held)
        found += [(day, question(day, rng, held)) for _ in range(8)]
    return found


def test_answers_rest_on_their_evidence() -> None:
    for day, asked in some(150):
        told = " ".join(f"{day.facts[i].line} {day.facts[i].clock}" for i in asked.evidence).lower()
        assert all(key.lower() in asked.answer.lower() for key in asked.keys), asked
        if asked.evidence and asked.kind not in ("still", "anyone", "light", "fault"):
            for key in asked.keys:
                assert key.lower() in told, (asked, told)
        assert is_right(asked, asked.answer), asked
        if not asked.answerable:
            assert not asked.evidence and REFUSAL.search(asked.answer)


def test_about_a_quarter_has_no_answer() -> None:
    asked = [q for _, q in some(200)]
    share = sum(not q.answerable for q in asked) / len(asked)
    assert 0.2 < share < 0.4
    assert len({q.kind for q in asked}) > 25


def test_the_newest_of_two_facts_counts() -> None:
    def fact(n: int, place: str, clock: str) -> Fact:
        text = wording.says(f"The keys are {place}.", "Anna")
        percept = Percept(f"room/a{n}", "speech", "room", n * 60 * NS, n * 60 * NS, text)
        data = {
            "who": "Anna", "verb": "said", "text": f"The keys are {place}.", "topic": "keys", "sort": "where",
            "claim": f"The keys are {place}", "key": place,
        }  # fmt: skip
        return Fact(percept, wording.line(percept, datetime(2026, 1, 1, 14)), clock, "says", data)

    day = Day((fact(1, "on the table", "14:01"), fact(2, "under the chair", "14:02")), ("room",), 200 * NS, "14:03")
    rng = random.Random(0)
    where = [q for q in (question(day, rng) for _ in range(300)) if q.kind == "where"]
    assert where
    assert {q.answer for q in where} == {"The keys are under the chair, Anna said so at 14:02."}


def test_lines_are_made_by_the_wording_of_the_encoders() -> None:
    for day, _ in some(10):
        for fact in day.facts:
            place = wording.place(fact.percept.source)
            assert fact.line == f"{fact.clock} {place}: {fact.percept.text}"


def test_evaluation_and_training_share_no_values() -> None:
    for values in (words.NAMES, words.THINGS, words.SOURCES, words.SIGN_WORDS, words.SOUNDS):
        assert not set(words.split(values, True)) & set(words.split(values, False))
    trained = {q.text for _, q in some(200)}
    assert not any(text.startswith("I am looking for") and text in trained for text in trained if "Has anybody" in text)
    assert not any("Has anybody seen" in text for text in trained)


def test_the_same_seed_gives_the_same_day() -> None:
    assert make_day(random.Random(5)) == make_day(random.Random(5))
    one, two = (list(held_out(2, 3)) for _ in range(2))
    assert one == two


def test_hurried_questions_keep_their_words() -> None:
    rng = random.Random(1)
    spoken = {as_spoken("Where are the keys?", rng) for _ in range(200)}
    assert spoken == {"Where are the keys?", "where are the keys", "Where are the keys"}


def test_score_counts() -> None:
    score = Score()
    known = Question("where", "Where?", "On the table.", ("on the table",), (0,))
    unknown = Question("no where", "Where?", "I don't know.", ("I don't know",), (), answerable=False)
    score.add(known, "It is on the table.", True)
    score.add(known, "I don't know.", False)
    score.add(unknown, "I don't know, sorry.", None)
    score.add(unknown, "On the table.", None)
    shares = score.shares()
    assert shares["right_fact"] == 0.5 and shares["exact"] == 0.0 and shares["evidence"] == 0.5
    assert shares["refusal_recall"] == 0.5 and shares["refusal_precision"] == 0.5
