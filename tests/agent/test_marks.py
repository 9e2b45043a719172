"""Marks of an answer: every word of it once, every number with its percept, whatever the line holds."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.marks import MAX_MARKS, Piece, marked


def sentence(text: object, *evidence: object) -> dict[str, Any]:
    return {"text": text, "evidence": list(evidence)}


def test_numbers_follow_the_text() -> None:
    answer = marked(
        {
            "text": "It is off. The keys are here.",
            "sentences": [sentence("It is off.", "b"), sentence("The keys are here.", "c", "b")],
            "evidence": ["a", "c", "b"],
        }
    )
    assert answer.pieces == (Piece("It is off.", (1,)), Piece("The keys are here.", (2, 1)))
    assert answer.ids == ("b", "c", "a"), "what only the whole rests on comes last"
    assert answer.text == "It is off. [1] The keys are here. [2, 1]"


def test_the_same_sentence_twice_has_marks_of_its_own() -> None:
    answer = marked({"text": "No. No.", "sentences": [sentence("No.", "a"), sentence("No.", "b")]})
    assert [p.marks for p in answer.pieces] == [(1,), (2,)]


@pytest.mark.parametrize("text", ["Well, it is off. So", "it is off.", "Nothing of that kind"])
def test_what_is_shown_is_the_text_and_nothing_else(text: str) -> None:
    answer = marked({"text": text, "sentences": [sentence("it is off.", "a"), sentence("More.", "b")]})
    assert " ".join(p.text for p in answer.pieces) == text
    assert answer.ids == (("a",) if "off" in text else ())


@pytest.mark.parametrize(
    "sentences", [None, 5, "No.", {"text": "No."}, [3, None, [], sentence(7, "a"), sentence("", "a"), {"text": "No."}]]
)
def test_damaged_sentences_mark_nothing(sentences: object) -> None:
    answer = marked({"text": "No.", "sentences": sentences, "evidence": ["a", 4, None, "a"]})
    assert answer.pieces == (Piece("No."),) and answer.ids == ("a",)


def test_marks_are_bounded() -> None:
    many = [str(n) for n in range(3 * MAX_MARKS)]
    answer = marked({"text": "No.", "sentences": [sentence("No.", *many)], "evidence": many})
    assert len(answer.ids) == len(answer.pieces[0].marks) == MAX_MARKS


@given(
    st.text(alphabet="ab. ", max_size=12),
    st.lists(st.tuples(st.text(alphabet="ab. ", max_size=4), st.lists(st.sampled_from("xyz"), max_size=3)), max_size=4),
)
def test_every_word_once_and_every_number_known(text: str, parts: list[tuple[str, list[str]]]) -> None:
    answer = marked({"text": text, "sentences": [sentence(words, *named) for words, named in parts]})
    assert "".join(p.text for p in answer.pieces).replace(" ", "") == text.replace(" ", "")
    assert {n for p in answer.pieces for n in p.marks} == set(range(1, len(answer.ids) + 1))
