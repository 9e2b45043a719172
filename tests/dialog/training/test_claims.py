"""Wordings of claims: all can be filled, and what was held out for the evaluation stays held out."""

from __future__ import annotations

import random

from dialog.training import claims_people, claims_things, claims_widen, claims_work
from dialog.training.asking import TRAINED
from dialog.training.claim_sorts import fill, slots_of
from dialog.training.claim_values import Values
from dialog.training.claims_widen import grown
from dialog.training.utterances import SORTS, contradicted, utterance

LISTS = ("asks", "clauses", "checks")


def known(wordings: tuple[str, ...]) -> set[str]:
    return set(wordings[: max(1, int(len(wordings) * TRAINED))])


def test_more_wordings_move_none_between_training_and_evaluation() -> None:
    assert TRAINED == claims_widen._TRAINED
    for old in (*claims_people.SORTS, *claims_things.SORTS, *claims_work.SORTS):
        for name in LISTS:
            before, after = tuple(getattr(old, name)), tuple(getattr(SORTS[old.name], name))
            assert len(set(after)) == len(after), (old.name, name)
            assert known(before) <= known(after) and not (set(before) - known(before)) & known(after), old.name
    assert grown((), ()) == () and set(grown(("a",), "bcdefg")) == set("abcdefg")


def test_every_wording_can_be_filled_and_every_statement_holds_its_value() -> None:
    values = Values(random.Random(1), False)
    for sort in SORTS.values():
        named = (*slots_of(f"{sort.topic} {sort.claim} {sort.key}"),)
        slots = {slot: values.of(slot) for slot in named if slot not in ("be", "have", "s", "do")}
        slots["topic"] = fill(sort.topic, slots)
        key = fill(sort.key, slots)
        for wording in (*sort.asks, *sort.clauses, *sort.checks):
            assert "{" not in fill(wording, {"thing": slots["topic"], **slots, "key": key}), wording
        assert all(key.lower() in fill(wording, slots).lower() for wording in sort.says), sort.name


def test_a_contradiction_is_about_the_same_and_says_otherwise() -> None:
    rng, found = random.Random(5), 0
    for _ in range(300):
        _, said = utterance(rng, "Anna", False)
        if "sort" not in said:
            continue
        other = contradicted(rng, said, "Tom", False)
        if other is not None:
            found += 1
            assert other[1]["topic"] == said["topic"] and other[1]["sort"] == said["sort"]
            assert other[1]["key"] != said["key"] and other[1]["key"].lower() in other[0].lower()
    assert found > 150
