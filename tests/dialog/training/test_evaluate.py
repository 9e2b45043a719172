"""Scores count what they say: right answers raise them, each sort of wrong one lowers its own."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import datetime

import pytest

from dialog.model.chat import Turn
from dialog.model.cited import Cited
from dialog.training.asking import Question
from dialog.training.days import Day, Fact, make_day
from dialog.training.evaluate import Score, evaluate, held_out, sized_day, sized_logs
from dialog.training.judging import Copy, holds, judge, needed_ids, reckoned, to_copy
from dialog.training.questions import question
from streams import wording
from streams.types import NS, Percept

START = datetime(2026, 1, 1, 14)


def fact(n: int, second: int, text: str, source: str = "room") -> Fact:
    percept = Percept(f"{source}/x{n}", "speech", source, second * NS, second * NS, text)
    return Fact(percept, wording.line(percept, START), wording.clock(second * NS, START), "says")


DAY = Day(
    (
        fact(0, 60, 'Anna says: "The code is B-204."'),
        fact(1, 100, "a person enters from the left"),
        fact(2, 110, 'Ben says: "Hello."'),
        fact(3, 200, "a person enters from the left"),
    ),
    ("room",), 260 * NS, "14:04",
)  # fmt: skip
CODE = Question("code", "What is the code?", "The code is B-204, Anna said so at 14:01.", ("B-204",), (0,))
AGE = Question("ago", "When did somebody come?", "~14:01~, at 14:01.", ("~14:01~",), (1,))
NEVER = Question("never", "Who sang?", "I don't know.", ("I don't know",), (), answerable=False)


def test_expected_answers_are_right_exact_and_copied() -> None:
    for seed in range(60):
        rng = random.Random(seed)
        day = make_day(rng, held_out=True)
        for asked in (question(day, rng, held_out=True) for _ in range(6)):
            judged = judge(asked, reckoned(day, asked).answer, None, day)
            assert judged.right and judged.exact and judged.refused is not asked.answerable, asked
            assert all(done for _, done in judged.copied), judged


def test_marks_are_reckoned_from_the_evidence_where_a_minute_holds_several_percepts() -> None:
    assert reckoned(DAY, AGE).answer == "3 minutes ago, at 14:01."
    # 110 s is 14:01 too, but it is not what the answer rests on.
    assert reckoned(DAY, replace(AGE, evidence=(2,))).answer == "2 minutes ago, at 14:01."
    assert judge(AGE, "It was 3 minutes ago.", None, DAY).right
    assert not judge(AGE, "It was 2 minutes ago.", None, DAY).right


def test_what_must_be_copied_is_what_stands_in_the_evidence() -> None:
    assert to_copy(DAY, CODE) == [Copy("time", "14:01"), Copy("number", "B-204"), Copy("name", "Anna")]
    quoted = Question("said", "What did Anna say?", 'At 14:01 Anna said: "The code is B-204."', (), (0,))
    assert Copy("quote", "The code is B-204") in to_copy(DAY, quoted)
    assert to_copy(DAY, replace(CODE, answer="Twice, at 17:30, said Carlos, 3 times.")) == []


@pytest.mark.parametrize(
    ("text", "item", "held"),
    [
        ("The code is B-204.", "B-204", True), ("The code is B-2045.", "B-204", False), ("at 14:01.", "14:01", True),
        ("at 14:017", "14:01", False), ("Annabel came", "Anna", False), ("anna came", "Anna", False),
        ("114:01", "14:01", False),
    ],
)  # fmt: skip
def test_a_copy_is_whole_and_letter_by_letter(text: str, item: str, held: bool) -> None:
    assert holds(text, Copy("name", item)) is held


def test_a_wrong_answer_lowers_the_score() -> None:
    best = Score()
    for asked in (CODE, AGE, NEVER):
        best.add(asked, reckoned(DAY, asked).answer, None, DAY)
    shares = best.shares()
    for name in ("right_fact", "exact", "exact_copy", "refusal_precision", "refusal_recall", "copy_time"):
        assert shares[name].value == 1.0 and shares[name].of > 0, name
    for asked, answer, lowered in (
        (CODE, "The code is B-205, Anna said so at 14:01.", {"right_fact", "exact", "exact_copy", "copy_number"}),
        (CODE, "The code is B-204, Ben said so at 14:02.", {"exact", "exact_copy", "copy_name", "copy_time"}),
        (CODE, "I don't know.", {"right_fact", "refusal_precision", "exact_copy"}),
        (NEVER, "Anna sang at 14:01.", {"right_fact", "refusal_recall"}),
    ):
        score = Score(list(best.judged))
        score.add(asked, answer, None, DAY)
        after = score.shares()
        for name in lowered:
            assert after[name].value < shares[name].value, (answer, name)


def test_score_counts() -> None:
    score = Score()
    score.add(CODE, "It is B-204.", True)
    score.add(CODE, "I don't know.", False)
    score.add(NEVER, "I don't know, sorry.")
    score.add(NEVER, "Anna did.")
    shares = score.shares()
    assert shares["right_fact"].value == 0.5 and shares["exact"].value == 0.0 and shares["evidence"].value == 0.5
    assert shares["refusal_recall"].value == 0.5 and shares["refusal_precision"].value == 0.5
    assert shares["right_fact_answerable"].of == 2 and shares["exact_copy"].of == 0


def test_ages_and_groups() -> None:
    score = Score()
    one = score.add(CODE, "B-204", None, DAY, 64)
    score.add(AGE, "never", None, DAY, 64)
    score.add(NEVER, "I don't know", None, DAY, 256)
    assert (one.back, one.seconds) == (3, 200.0)
    by_size = score.right_by(lambda judged: judged.size)
    assert {size: (share.hits, share.of) for size, share in by_size.items()} == {64: (1, 2), 256: (1, 1)}
    assert set(score.right_by(lambda judged: judged.back)) == {3, 2}


def test_a_percept_that_says_the_same_counts_as_needed() -> None:
    assert needed_ids(DAY, AGE) == {"room/x1", "room/x3"}
    assert needed_ids(DAY, CODE) == {"room/x0"}


def test_days_fill_their_size() -> None:
    for tokens in (64, 256, 1024):
        day = sized_day("a day", tokens, lambda line: len(line) // 3)
        held = sum(len(fact.line) // 3 for fact in day.facts)
        assert tokens - 90 <= held <= tokens, tokens
    logs = sized_logs((64, 128), 2, 3, len)
    assert [(log.size, len(log.questions)) for log in logs] == [(64, 3), (64, 3), (128, 3), (128, 3)]
    assert logs == sized_logs((64, 128), 2, 3, len) != sized_logs((64, 128), 2, 3, len, seed=1)
    assert list(held_out(2, 3)) == list(held_out(2, 3))


class Oracle:
    """Knows the answers, and cites the first percept that it was told."""

    def __init__(self, answers: dict[str, str]) -> None:
        self.answers = answers
        self.held: list[str] = []
        self.histories: list[tuple[Turn, ...]] = []
        self.text = ""
        self.tokens: list[int] = []

    def fork(self, memory_tokens: int | None = None) -> Oracle:
        self.held = []
        return self

    def remember_many(self, percepts: list[tuple[str, str, int]]) -> None:
        self.held += [name for name, _, _ in percepts]

    def ask(self, text: str, history: tuple[Turn, ...], now: str, now_ns: int, most: int) -> Oracle:
        self.histories.append(history)
        self.text = self.answers[text]
        return self

    def step(self) -> None:
        return None

    def evidence(self) -> list[Cited]:
        return [Cited(self.text, ((self.held[0], 3.0),))]


def test_evaluation_asks_with_the_history_and_judges_the_evidence() -> None:
    logs = sized_logs((300,), 6, 36, len)
    answers = {q.text: reckoned(log.day, q).answer for log in logs for q in log.questions}
    oracle, seen = Oracle(answers), []
    score = evaluate(oracle, logs, True, seen.append)  # type: ignore[arg-type]
    asked = [q for log in logs for q in log.questions]
    assert oracle.histories == [q.history for q in asked] and any(oracle.histories)
    assert seen == score.judged and {one.size for one in seen} == {300}
    rests_on_first = [
        log.day.facts[0].percept.id in needed_ids(log.day, q) for log in logs for q in log.questions if q.evidence
    ]
    evidence = score.shares()["evidence"]
    assert (evidence.hits, evidence.of) == (sum(rests_on_first), len(rests_on_first)) and 0 < evidence.value < 1


@pytest.mark.parametrize(
    ("asked", "answer", "right"),
    [
        (replace(CODE, keys=("No",)), "No, Anna said so at 14:01.", True),
        (replace(CODE, keys=("No",)), "Nobody knows.", False),
        (CODE, "I don't know, nobody has said what B-204 is.", False),
        (CODE, 'At 14:01 Anna said: "I don\'t know, B-204?"', True),
        (replace(CODE, kind="recent"), 'At 14:01 in the room: Anna says: "B-204 from 9:30."', True),
        (replace(CODE, kind="recent"), "At 14:03: a person enters. At 14:01: B-204.", False),
        (CODE, "At 14:03: a person enters. At 14:01: B-204.", True),
    ],
)
def test_an_answer_that_refuses_or_tells_of_other_times_is_wrong(asked: Question, answer: str, right: bool) -> None:
    assert judge(asked, answer, None, DAY).right is right
