"""The made-up days: questions have the answers that the facts give, and evaluation sees nothing that training saw."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Sequence
from datetime import datetime

import pytest

from dialog.model.load import Host
from dialog.model.memory import CLOCK
from dialog.model.reckon import MARK
from dialog.training import words
from dialog.training.asking import DERIVED, REFUSAL, Asker, Question
from dialog.training.corpus import day_size, make_batch
from dialog.training.days import Day, Fact, make_day
from dialog.training.questions import question
from streams import wording
from streams.types import NS, Percept

PER_DAY = 16

Asked = Sequence[tuple[Day, list[Question]]]


def days(n: int, held_out: bool, seed: int = 7) -> Asked:
    rng = random.Random(seed)
    made = [make_day(rng, held_out) for _ in range(n)]
    return [(day, [question(day, rng, held_out) for _ in range(PER_DAY)]) for day in made]


@pytest.fixture(scope="module")
def trained() -> Asked:
    """Six hundred days as training draws them, and questions about each."""
    return days(600, False)


@pytest.fixture(scope="module")
def tested() -> Asked:
    """Days as the evaluation draws them."""
    return days(150, True)


def each(asked: Asked) -> list[tuple[Day, Question]]:
    return [(day, one) for day, questions in asked for one in questions]


def test_answers_rest_on_their_evidence(trained: Asked, tested: Asked) -> None:
    for day, asked in [*each(trained), *each(tested)]:
        assert asked.text.strip() and asked.answer.strip() and asked.text == asked.text.strip(), asked
        assert all(0 <= i < len(day.facts) for i in asked.evidence)
        assert all(key.lower() in asked.answer.lower() for key in asked.keys), asked
        told = " ".join(f"{day.facts[i].line} {day.facts[i].clock}" for i in asked.evidence).lower()
        if asked.evidence and asked.kind not in DERIVED:
            assert all(key.strip("~").lower() in told for key in asked.keys), (asked, told)


def test_what_has_no_answer_is_refused(trained: Asked, tested: Asked) -> None:
    for _, asked in [*each(trained), *each(tested)]:
        assert asked.answerable != bool(REFUSAL.search(asked.answer)), asked
        if not asked.answerable:
            assert not asked.evidence, asked


def test_a_day_that_holds_nothing_answers_nothing() -> None:
    rng = random.Random(3)
    empty = make_day(rng, percepts=0)
    for asked in [question(empty, rng) for _ in range(200)]:
        assert not asked.answerable or asked.kind == "talk", asked


def test_about_a_quarter_has_no_answer(trained: Asked, tested: Asked) -> None:
    for some in (trained, tested):
        asked = [one for day, one in each(some) if day.facts]
        assert 0.25 < sum(not one.answerable for one in asked) / len(asked) < 0.38
    kinds = Counter(one.kind for _, one in each(trained))
    assert len(kinds) > 100
    assert max(kinds.values()) < 0.1 * kinds.total(), "no kind of question drowns the others"


def test_times_are_pointed_at_by_clocks_of_the_evidence(trained: Asked) -> None:
    """What stands between `~` is a time that the runtime finds at the beginning of a line."""
    marks = 0
    for day, asked in each(trained):
        for mark in re.findall("~.*?~", asked.answer):
            found = MARK.fullmatch(mark)
            assert found is not None, asked
            clocks = {clock[0] for i in asked.evidence if (clock := CLOCK.match(day.facts[i].line))}
            assert {found[1], found[2] or found[1]} <= clocks, (asked, clocks)
            marks += 1
        assert asked.answer.count("~") % 2 == 0 and "~" not in asked.text
        assert not any("~" in turn.question + turn.answer for turn in asked.history)
    assert marks > 50


def a_claim(n: int, place: str) -> Fact:
    text = wording.says(f"The keys are {place}.", "Anna")
    percept = Percept(f"room/a{n}", "speech", "room", n * 60 * NS, n * 60 * NS, text)
    data = {
        "who": "Anna", "verb": "said", "text": f"The keys are {place}.", "topic": "keys", "sort": "where",
        "claim": f"The keys are {place}", "key": place,
    }  # fmt: skip
    return Fact(percept, wording.line(percept, datetime(2026, 1, 1, 14)), f"14:0{n}", "says", data)


def test_the_newest_of_two_claims_counts() -> None:
    rng = random.Random(0)
    places = ("on the table", "under the chair", "in the car")
    for told in (places, places[::-1]):
        day = Day(tuple(a_claim(n, place) for n, place in enumerate(told)), ("room",), 200 * NS, "14:03")
        where = [one for one in (question(day, rng) for _ in range(400)) if one.kind == "where"]
        assert len({one.text for one in where}) > 5
        for one in where:
            assert one.evidence == (2,) and told[2] in one.answer and "14:02" in one.answer, one
            assert not any(old in one.answer for old in told[:2]), one


def test_training_and_evaluation_share_no_values(trained: Asked, tested: Asked) -> None:
    """Names and places of the evaluation stand in no line and no question of training, and the other way round."""
    for values in (words.NAMES, words.SOURCES, words.SIGN_WORDS):
        own = {held: {v for v in words.split(values, held) if isinstance(v, str)} for held in (False, True)}
        assert not own[True] & own[False]
    for some, foreign in ((trained, True), (tested, False)):
        # A first name of the one may be part of a whole name of the other (`Agnes`, `Sister Agnes`).
        parts = {part for name in words.split(words.NAMES, not foreign) for part in name.split()}
        names = {name for name in words.split(words.NAMES, foreign) if name.isalpha() and len(name) > 3} - parts
        assert len(names) > 20
        sources = set(words.split(words.SOURCES, foreign))
        for day, questions in some:
            assert not sources & set(day.sources)
            spoken = set(re.findall(r"\w+", " ".join(fact.line for fact in day.facts)))
            assert not names & spoken, names & spoken
            told = " ".join(one.text + " " + one.answer for one in questions if one.kind != "talk")
            assert not (shared := names & set(re.findall(r"\w+", told))), shared


def test_evaluation_asks_in_ways_that_training_never_does(monkeypatch: pytest.MonkeyPatch) -> None:
    """Through all makers of questions: the last wordings of each list are the evaluation's."""
    chosen: dict[bool, set[str]] = {False: set(), True: set()}
    kept: set[str] = set()
    plain_choose, plain_pick = Asker.choose, Asker.pick

    def choose(self: Asker, wordings: Sequence[str]) -> str:
        known = max(1, int(len(wordings) * 0.8))
        kept.update(set(wordings[known:]) - set(wordings[:known]))
        found = plain_choose(self, wordings)
        chosen[self.held_out].add(found)
        return found

    def pick(self: Asker, *wordings: str) -> str:
        kept.update(set(wordings[-1:]) - set(wordings[:-1]))
        found = plain_pick(self, *wordings)
        chosen[self.held_out].add(found)
        return found

    monkeypatch.setattr(Asker, "choose", choose)
    monkeypatch.setattr(Asker, "pick", pick)
    asked = {held: {one.text for _, one in each(days(60, held))} for held in (False, True)}
    templates = {text for text in kept if "{" in text}
    assert len(templates) > 40 and len(templates & chosen[True]) > 20
    # A few stand in several lists, in one of them for training.
    assert len(templates & chosen[False]) < 0.2 * len(templates & chosen[True])
    assert len(asked[True] - asked[False]) > 0.8 * len(asked[True])


def test_lines_are_made_by_the_wording_of_the_encoders(trained: Asked) -> None:
    for day, _ in trained[:100]:
        for fact in day.facts:
            assert fact.line == f"{fact.clock} {wording.place(fact.percept.source)}: {fact.percept.text}"


def test_the_same_seed_gives_the_same_questions() -> None:
    assert days(5, False, 3) == days(5, False, 3) != days(5, False, 4)


def test_days_of_training_have_all_sizes() -> None:
    rng = random.Random(1)
    sizes = [day_size(rng) for _ in range(3000)]
    assert min(sizes) == 0 and 150 < max(sizes) <= 240
    assert 0.28 < sum(size > 40 for size in sizes) / 3000 < 0.35
    assert 0.005 < sizes.count(0) / 3000 < 0.04 and sum(0 < size <= 16 for size in sizes) > 1000


def test_a_batch_is_a_day_and_questions_about_it(host: Host) -> None:
    """One in eight is a copy in which values were exchanged."""
    twins = 0
    for seed in range(120):
        batch = make_batch(host, random.Random(seed), 3, percepts=seed % 20)
        assert len(batch.rows) == 3 and len(batch.lines) == len(batch.day.facts) == seed % 20
        twins += batch.day != make_day(random.Random(seed), percepts=seed % 20)
    assert 2 <= twins <= 25
