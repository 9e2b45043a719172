"""Which reply answers which question, and whether it is right."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from agent.demo.clip import Question
from agent.demo.judge import Got, correlation_of, is_right, judge, trimmed
from agent.demo.run import verdict

QUESTIONS = (
    Question(5, "What does the sign say?", ("47",)),
    Question(18, "Where are the keys?", ("red chair",)),
    Question(37, "What came in?", ("something",), typed=True),
)
TONE = np.full(16_000, 0.1, np.float32)


def got(number: int, asked: float, text: str, sound: np.ndarray = TONE, **more: Any) -> Got:
    return Got(number, {"type": "reply", "asked": asked, "text": text, **more}, sound)


@pytest.mark.parametrize(
    ("answer", "expected", "right"),
    [
        ("The sign says GATE 47.", ("47",), True),
        ("The sign says GATE 471.", ("47",), False),
        ("No, it is off.", ("no", "off"), True),
        ("The light is on now.", ("no", "off"), False),
        ("They're under the RED\nchair!", ("red chair",), True),
        ("It isn\u2019t.", ("isn't",), True),
        ("", ("47",), False),
        ("gate47", ("47",), False),
    ],
)
def test_right_means_whole_words(answer: str, expected: tuple[str, ...], right: bool) -> None:
    assert is_right(answer, expected) is right


def test_replies_find_their_questions_by_time_and_correlation() -> None:
    start = 100.0
    replies = [
        got(1, 107, "GATE 47"),
        got(2, 120, "under the red chair"),
        got(3, 120.5, "something", correlation=correlation_of(2)),
    ]
    outcomes = judge(QUESTIONS, replies, start)
    assert [o.got and o.got.number for o in outcomes] == [1, 2, 3] and all(o.right for o in outcomes)


def test_of_several_replies_a_right_one_counts_else_the_last() -> None:
    replies = [got(1, 6, "Hello."), got(2, 7, "It says 47."), got(3, 8, "Sorry?"), got(4, 19, "A"), got(5, 20, "B")]
    sign, keys, _ = judge(QUESTIONS, replies, 0.0)
    assert sign.got and sign.got.number == 2 and keys.got and keys.got.number == 5 and not keys.right


def test_a_reply_before_any_question_answers_none() -> None:
    assert judge(QUESTIONS, [got(1, 2, "Good morning 47")], 0.0)[0].got is None


def test_silence_is_no_spoken_answer() -> None:
    silent = got(1, 6, "47", np.zeros(16_000, np.float32))
    assert not judge(QUESTIONS, [silent], 0.0)[0].audible
    assert got(1, 6, "47").audible_s == pytest.approx(1.0)


def test_trimming_keeps_the_sound_and_its_pauses() -> None:
    quiet = np.zeros(16_000, np.float32)
    sound = trimmed(np.concatenate([quiet, TONE, quiet[:8000], TONE, quiet]))
    assert 40_000 <= len(sound) <= 43_200
    assert not len(trimmed(quiet)) and not len(trimmed(quiet[:0]))


def test_the_verdict_names_every_fault() -> None:
    good = [got(1, 6, "47"), got(2, 19, "red chair"), got(3, 38, "something", correlation=correlation_of(2))]
    assert verdict(judge(QUESTIONS, good, 0.0), 3) == []
    assert verdict(judge(QUESTIONS, good[:2], 0.0), 2) == ["no answer to 'What came in?'"]
    mute = [*good[:2], got(3, 38, "something", TONE * 0, correlation=correlation_of(2))]
    assert verdict(judge(QUESTIONS, mute, 0.0), 3) == ["the answer to 'What came in?' was not heard"]
    wrong = [*good[:2], got(3, 38, "No idea.", correlation=correlation_of(2))]
    assert len(verdict(judge(QUESTIONS, wrong, 0.0), 2)) == 1
    assert len(verdict(judge(QUESTIONS, wrong, 0.0), 3)) == 2
