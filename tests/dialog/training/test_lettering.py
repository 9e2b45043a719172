"""Questions about what is written on a vehicle."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from dialog.training import about_general, about_lettering
from dialog.training.asking import REFUSAL, Asker, Question
from dialog.training.days import Day, make_day
from dialog.training.judging import is_right
from dialog.training.words_lettering import FIRST, SHIPS, STOPS, TRADES, VEHICLES, lettering
from dialog.training.words_world import split


def days(held: bool, count: int = 400) -> Iterator[Day]:
    rng = random.Random(5)
    for _ in range(count):
        yield make_day(rng, held)


def test_a_sign_comes_after_its_vehicle() -> None:
    found = 0
    for day in days(False):
        for i, fact in enumerate(day.facts):
            if "came" in fact.data:
                came = day.facts[int(fact.data["came"])]
                assert int(fact.data["came"]) < i and came.place == fact.place and came.data["noun"] == fact.data["of"]
                found += 1
    assert found > 50


@pytest.mark.parametrize("held", [False, True])
def test_what_is_written_on_it(held: bool) -> None:
    """The newest that the question may mean; refused where nothing was read."""
    kinds: dict[str, int] = {}
    for day in days(held):
        asker = Asker(day, random.Random(day.now_ns), held)
        for make in (about_lettering.written_on, about_lettering.any_of, about_lettering.bare):
            one = make(asker)
            if one is None:
                continue
            kinds[make.__name__] = kinds.get(make.__name__, 0) + 1
            if make is about_lettering.bare:
                assert not one.answerable and REFUSAL.search(one.answer) and not one.evidence
                continue
            sign = day.facts[max(one.evidence)]
            assert sign.what == "sign" and f'"{sign.data["text"]}"' in one.answer and sign.clock in one.answer
            assert is_right(one, one.answer)
    assert min(kinds.values()) > 8 and len(kinds) == 3


def test_lettering_of_the_evaluation_is_its_own() -> None:
    for words in (FIRST, TRADES, SHIPS, STOPS):
        assert not set(split(words, True)) & set(split(words, False))
    rng = random.Random(1)
    made = {lettering(sort, rng, False) for sorts in VEHICLES.values() for sort in sorts for _ in range(50)}
    assert len(made) > 300 and all('"' not in text for text in made)


def test_a_noise_may_be_told_in_either_tense() -> None:
    found: list[Question] = []
    for day in days(False):
        one = about_general.odd_noise(Asker(day, random.Random(day.now_ns), False))
        if one is not None and "is heard" in one.answer and "Yes" not in one.answer:
            found.append(one)
    assert len(found) > 10
    for one in found:
        assert is_right(one, one.answer) and is_right(one, one.answer.replace("is heard", "was heard"))
        assert not is_right(one, "At 14:03 at the gate: it becomes noisy.")
