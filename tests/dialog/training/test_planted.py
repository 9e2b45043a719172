"""One value exchanged, citations beside what is planted, and a memory that is put back as it was (a tiny model)."""

from __future__ import annotations

import random
from datetime import datetime
from typing import Any

import pytest
import torch

from dialog.model.cited import Cited
from dialog.model.engine import Engine, Generation
from dialog.training import planted
from dialog.training.asking import Question
from dialog.training.days import Day, Fact
from dialog.training.evaluate import Log, sized_logs
from dialog.training.planted import Citations, EvidenceScore, Examined, Lost, Planted, cite
from dialog.training.swapping import has, swaps
from streams import wording
from streams.types import NS, Percept

START = datetime(2026, 1, 1, 14)


def fact(n: int, text: str, source: str = "room") -> Fact:
    percept = Percept(f"{source}/x{n}", "speech", source, n * 60 * NS, n * 60 * NS, text)
    return Fact(percept, wording.line(percept, START), wording.clock(n * 60 * NS, START), "says")


DAY = Day(
    (
        fact(0, 'Anna says: "The red box weighs 14 kilos."', "front-door"),
        fact(1, "2 people are in view", "gate"),
        fact(2, "a dog enters from the left", "gate"),
        fact(3, "2 people are in view", "gate"),
        fact(4, "1 person is in view", "gate"),
    ),
    ("front-door", "gate"), 400 * NS, "14:06",
)  # fmt: skip
WEIGHT = Question(
    "weight", "How heavy is the box?", "The red box weighs 14 kilos, Anna said so at 14:00.", ("14 kilos",), (0,)
)
COUNTS = Question("counts", "How many?", "2 people, at 14:01. A dog, at 14:02.", ("2 people", "dog"), (1, 2))


def test_one_value_is_exchanged_and_nothing_else() -> None:
    found = {swap.sort: swap for seed in range(5) for swap in swaps(DAY, 0, random.Random(seed))}
    assert set(found) == {"name", "colour", "number", "place"}
    for sort, old in (("name", "Anna"), ("colour", "red"), ("number", "14"), ("place", "front door")):
        swap = found[sort]
        assert swap.old == old and swap.new != old
        assert swap.fact.line == DAY.facts[0].line.replace(f" {old}", f" {swap.new}"), swap
        assert swap.fact.percept.id == DAY.facts[0].percept.id and swap.fact.line.startswith("14:00 ")
        assert swap.fact.line == wording.line(swap.fact.percept, START)
    assert len(found["number"].new) == 2


def test_what_the_question_names_stays_and_new_values_are_new() -> None:
    for seed in range(20):
        rng = random.Random(seed)
        told = {swap.sort for swap in swaps(DAY, 0, rng, "Anna at the front door, was it the red one?")}
        assert told == {"number"}
        for i in range(len(DAY.facts)):
            for swap in swaps(DAY, i, rng):
                assert not any(has(other.line, swap.new) for other in DAY.facts)
    # One person is in view: another number would need another verb.
    assert {swap.sort for swap in swaps(DAY, 4, random.Random(1))} == {"place"}


def test_values_are_whole_words_and_no_parts_of_clock_times() -> None:
    assert has("at 14:02, 14 kilos", "14") and not has("at 14:02", "14") and not has("at 3:14", "14")
    assert has('Anna: "yes"', "anna") and not has("Annabel", "Anna")


def test_citations_beside_the_planted_evidence() -> None:
    sentences = [
        Cited("2 people, at 14:01.", (("gate/x3", 5.0), ("front-door/x0", 2.0))),
        Cited("A dog, at 14:02.", ()),
    ]
    whole, each = cite(DAY, COUNTS, sentences)
    # x3 says just what the needed x1 says; x0 is not needed; the dog is not named.
    assert whole == Citations(named=2, named_needed=1, needed=2, needed_named=1)
    assert each == (Citations(2, 1, 1, 1), Citations(0, 0, 1, 0))


def test_scores_of_evidence() -> None:
    good, bad = Citations(1, 1, 1, 1), Citations(2, 0, 1, 0)
    score = EvidenceScore(
        [
            Examined(WEIGHT, "a", True, good, (good,), Lost(8.0, 0.5, None), None, True, True),
            Examined(WEIGHT, "b", True, good, (good,), Lost(6.0, 0.1, 0.2), None, False, True),
            Examined(WEIGHT, "c", False, bad, (bad,)),
        ]
    )
    shares, means = score.shares(), score.means()
    assert shares["answer_precision_right"].value == shares["answer_recall_right"].value == 1.0
    assert shares["answer_precision_all"].value == 0.5 and shares["sentence_recall_all"].value == pytest.approx(2 / 3)
    assert shares["swap_changes"].value == 0.5 and shares["swap_elsewhere_stays"].of == 2
    assert means["lost_cited"].value == 7.0 and means["lost_newest"].of == 1


def logprob(engine: Engine, test: Planted, prompt: list[int], answer: list[int]) -> float:
    asking = engine.start(prompt, test.memory, test.day.now_ns).asking
    total, logits = 0.0, engine.advance(asking, prompt)
    for token in answer:
        total += float(torch.log_softmax(logits, -1)[token])
        logits = engine.advance(asking, [token])
    return total + float(torch.log_softmax(logits, -1)[engine.host.weights.shape.end_token])


def test_the_memory_is_put_back_after_every_test(engine: Engine) -> None:
    test = Planted(engine, Log(600, DAY, (WEIGHT,)), random.Random(0))
    prompt = engine.host.encode("How heavy?")
    before = logprob(engine, test, prompt, [65, 66])
    assert test.log_probability(prompt, [65, 66]) == pytest.approx(before, abs=1e-4)
    lost = test._lost(prompt, [65, 66], "front-door/x0", ["gate/x1", "gate/x2"])
    assert lost.cited != 0 and lost.newest is not None
    swap = swaps(DAY, 0, random.Random(0))[0]
    changed = test._with(swap, prompt)
    assert set(test.memory.ids()) == {f.percept.id for f in DAY.facts}
    assert test.log_probability(prompt, [65, 66]) == pytest.approx(before, abs=1e-4)
    fresh = Planted(engine, Log(600, DAY, (WEIGHT,)), random.Random(0))
    fresh.memory.put(swap.fact.percept.id, swap.fact.line, swap.fact.percept.t0_ns)
    assert fresh._ask(prompt).text == changed


def test_right_answers_are_put_to_every_test(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """A model that says what its memory says: both halves of the swap test hold, and a stubborn one fails the first."""
    (log,) = sized_logs((900,), 1, 1, len)
    log = Log(log.size, DAY, (WEIGHT,))
    said = {"stubborn": False}

    class Spoken:
        def __init__(self, text: str, read: list[str]) -> None:
            self.text, self.tokens = text, [65]
            part = type("Part", (), {"names": tuple(read)})
            self.asking = type("Asking", (), {"clocks": {}, "lines": [], "read": [part]})

    def ask(self: Planted, prompt: list[int]) -> Spoken:
        lines = {f.percept.id: f.line for f in DAY.facts} | written
        line = DAY.facts[0].line if said["stubborn"] else lines["front-door/x0"]
        return Spoken(line.split('"')[1], list(lines))

    written: dict[str, str] = {}
    test = Planted(engine, log, random.Random(0))
    put = test.memory.put

    def write(name: str, line: str, t_ns: int) -> list[str]:
        written[name] = line
        return put(name, line, t_ns)

    monkeypatch.setattr(Planted, "_ask", ask)
    monkeypatch.setattr(test.memory, "put", write)
    monkeypatch.setattr(planted, "evidence", lambda engine, spoken: [Cited(spoken.text, (("front-door/x0", 9.0),))])
    found = test.examine(WEIGHT)
    assert found.right and found.whole == Citations(1, 1, 1, 1) and found.lost is not None
    assert found.swap is not None and found.swap.sort in ("colour", "number")
    assert (found.changed, found.stayed) == (True, True)
    said["stubborn"] = True
    again = test.examine(WEIGHT)
    assert (again.changed, again.stayed) == (False, True)


def test_what_is_only_pointed_at_changes_with_it(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """The model's own words stay as they are when the percept is left out: that test says nothing of them."""
    (log,) = sized_logs((900,), 1, 1, len)
    test = Planted(engine, Log(log.size, DAY, (WEIGHT,)), random.Random(0))
    start = engine.start

    def pointing(prompt: list[int], *rest: Any) -> Generation:
        run = start(prompt, *rest)
        script = iter([*engine.host.encode("~at 14:00 front door~"), engine.host.weights.shape.end_token])
        run._choose = lambda logits: next(script)  # type: ignore[method-assign]
        return run

    monkeypatch.setattr(engine, "start", pointing)
    found = test.examine(WEIGHT)
    assert found.right and found.whole == Citations(1, 1, 1, 1)
    assert found.lost is None and found.swap is not None and (found.changed, found.stayed) == (True, True)
