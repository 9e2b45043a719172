"""Questions about speech: their answers rest on what was said, the newest claim wins, nothing is made up."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import datetime

from dialog.training import about_speech, followups, refusals_speech
from dialog.training.asking import REFUSAL, Asker, Question
from dialog.training.days import Day, Fact, make_day
from dialog.training.followups import Maker
from dialog.training.judging import is_right
from dialog.training.smalltalk import EVERY, EXCHANGES, clauses
from dialog.training.utterances import MAX_CHARS, SORTS, utterance
from streams import wording
from streams.types import NS, Percept


def asked(makers: Sequence[tuple[Maker, float]], days: int, held: bool = False) -> Iterator[tuple[Day, Question]]:
    rng = random.Random(11)
    for _ in range(days):
        day = make_day(rng, held)
        asker = Asker(day, rng, held)
        for make, _ in makers:
            question = make(asker)
            if question is not None:
                yield day, question


def said(n: int, text: str, **data: str) -> Fact:
    percept = Percept(f"room/a{n}", "speech", "room", n * 60 * NS, n * 60 * NS, wording.says(text, "Anna"))
    clock = f"14:0{n}"
    meaning = {"who": "Anna", "verb": "said", "text": text, **data}
    return Fact(percept, wording.line(percept, datetime(2026, 1, 1, 14)), clock, "says", meaning)


def keys_are(n: int, place: str) -> Fact:
    claim = f"The keys are {place}"
    return said(n, f"{claim}.", topic="keys", thing="keys", sort="where", claim=claim, key=place)


def test_utterances_hold_what_they_claim() -> None:
    rng = random.Random(3)
    sorts, texts = set(), set()
    for n in range(6000):
        text, data = utterance(rng, rng.choice(["Anna", ""]), n % 4 == 0)
        texts.add(text)
        assert len(text) <= MAX_CHARS + 100 and "{" not in text and '"' not in text
        if "sort" in data:
            sorts.add(data["sort"])
            assert data["key"].lower() in text.lower() or data["key"] == "Anna", (text, data)
            assert data["key"].lower() in data["claim"].lower() and "{" not in data["claim"]
    assert sorts == set(SORTS) and len(sorts) >= 65
    assert len(texts) > 5000


def test_answers_rest_on_what_was_said() -> None:
    for held in (False, True):
        for day, q in asked(about_speech.MAKERS, 120, held):
            told = " ".join(f"{day.facts[i].line} {day.facts[i].clock}" for i in q.evidence).lower()
            assert q.evidence and "{" not in q.text + q.answer
            assert not REFUSAL.search(q.answer.split('"')[0]), q
            for key in q.keys:
                assert key.lower() in q.answer.lower(), q
                assert key.lower() in told or q.kind in ("exists", "times"), (q, told)


def test_the_newest_claim_wins_and_another_sort_overtakes_it() -> None:
    gone = said(3, "Tom took the keys.", topic="keys", thing="keys", sort="holder", claim="Tom has the keys", key="Tom")
    day = Day((keys_are(1, "on the table"), keys_are(2, "under the chair")), ("room",), 300 * NS, "14:05")
    rng = random.Random(0)
    answers = {q.answer for q in (about_speech.claims(Asker(day, rng, False)) for _ in range(100)) if q}
    assert answers == {"The keys are under the chair, Anna said so at 14:02."}
    day = Day((keys_are(1, "on the table"), gone), ("room",), 300 * NS, "14:05")
    answers = {q.answer for q in (about_speech.claims(Asker(day, rng, False)) for _ in range(100)) if q}
    assert answers == {"Tom has the keys, Anna said so at 14:03."}


def test_what_has_no_answer_was_not_said() -> None:
    for day, q in asked(refusals_speech.MAKERS, 200):
        assert not q.answerable and not q.evidence and REFUSAL.search(q.answer), q
        for fact in day.facts:
            topic, sort = fact.data.get("topic"), fact.data.get("sort")
            if topic and sort and q.kind == f"no {sort}" and "nobody has mentioned" in q.answer:
                assert f" {topic}." not in q.answer, (q, fact)


def test_a_known_thing_is_not_refused() -> None:
    day = Day((keys_are(1, "on the table"),), ("room",), 300 * NS, "14:05")
    rng = random.Random(2)
    for _ in range(300):
        for make, _ in refusals_speech.MAKERS:
            q = make(Asker(day, rng, False))
            assert q is None or "the keys" not in q.answer or "Tom" in q.answer or "say anything" not in q.answer


def test_follow_ups_go_on_from_what_was_answered() -> None:
    kinds = set()
    for day, q in asked(followups.MAKERS, 250):
        kinds.add(q.kind)
        assert len(q.history) == 1 and q.history[0].question and "~" not in q.history[0].answer
        assert all(key.lower() in q.answer.lower() for key in q.keys), q
        assert q.answerable or (REFUSAL.search(q.answer) and not q.evidence), q
        told = " ".join(day.facts[i].line for i in q.evidence).lower()
        if q.evidence and q.kind not in ("exists", "times"):
            assert all(key.lower() in told for key in q.keys), q
        if q.kind in ("then who", "then words", "then sure", "then when"):
            assert day.facts[q.evidence[0]].clock in q.answer
    assert {"then who", "then when", "then words", "then sure", "then why", "then other", "then else"} <= kinds


def test_small_talk_is_wide_and_plain() -> None:
    assert len({text for text, _ in EXCHANGES}) >= 400
    assert len(EXCHANGES) // EVERY > 60
    assert not any(REFUSAL.search(answer) for _, answer in EXCHANGES)


def test_small_talk_may_join_its_clauses_as_it_likes() -> None:
    answer = "I do not sleep, I keep watching."
    asked = Question("talk", "Do you sleep?", answer, clauses(answer))
    assert clauses(answer) == ("I do not sleep", "I keep watching")
    assert is_right(asked, answer) and is_right(asked, "I do not sleep, but I keep watching.")
    assert not is_right(asked, "I do not sleep.") and not is_right(asked, "I don't know, nobody has said so.")


def test_the_same_seed_gives_the_same_utterance() -> None:
    assert utterance(random.Random(4), "Tom", False) == utterance(random.Random(4), "Tom", False)
