"""Streamed text becomes sentences that can be spoken: nothing lost, whatever the pieces it came in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialog.speech.sentences import Sentences


def split(text: str, **options: int) -> list[str]:
    sentences = Sentences(**options)
    return sentences.push(text) + sentences.flush()


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("Hello there. How are you?", ["Hello there.", "How are you?"]),
        ("Mr. Smith came at 14:03. He paid 3.5 dollars.", ["Mr. Smith came at 14:03.", "He paid 3.5 dollars."]),
        (
            "It is 5 p.m. and dark. It was 5 p.m. Then I left.",
            ["It is 5 p.m. and dark.", "It was 5 p.m.", "Then I left."],
        ),
        ("I see e.g. a dog, i.e. an animal.", ["I see e.g. a dog, i.e. an animal."]),
        ("J. R. R. Tolkien wrote. I read.", ["J. R. R. Tolkien wrote.", "I read."]),
        ("So it was I. Then he went.", ["So it was I.", "Then he went."]),
        ("Well... maybe. Wait... What?", ["Well... maybe.", "Wait...", "What?"]),
        ('He said "Stop!" and left. "No." She stayed.', ['He said "Stop!" and left.', '"No."', "She stayed."]),
        ("1. One thing. 2. Another", ["1. One thing.", "2. Another"]),
        ("First line\nSecond line\n\n- a point", ["First line", "Second line", "- a point"]),
        ("What?! Really.", ["What?!", "Really."]),
        ("\u4f60\u597d\u3002\u518d\u89c1\u3002", ["\u4f60\u597d\u3002", "\u518d\u89c1\u3002"]),
        ("  \n ", []),
        ("", []),
    ],
)
def test_sentences(text: str, want: list[str]) -> None:
    assert split(text) == want


def test_a_sentence_comes_as_soon_as_the_next_word_begins() -> None:
    sentences = Sentences()
    assert sentences.push("It is 3.") == []
    assert sentences.push("5 dollars") == []
    assert sentences.push(". ") == []
    assert sentences.push("T") == ["It is 3.5 dollars."]
    assert sentences.flush() == ["T"]


def test_a_long_sentence_comes_in_clauses() -> None:
    text = "The first car came from the left, the second one from the right, and the third one stayed where it was."
    pieces = split(text, clause_chars=30)
    assert pieces[0] == "The first car came from the left," and " ".join(pieces) == text


def test_no_piece_is_longer_than_the_limit() -> None:
    assert max(map(len, split("word " * 500, max_chars=100, clause_chars=50))) <= 100
    assert max(map(len, split("x" * 5000, max_chars=100, clause_chars=50))) <= 100


TEXT = st.text(st.sampled_from("ab I.!?,;:\u2026 \n\"')35-"), max_size=120)


@given(TEXT, st.lists(st.integers(1, 7), max_size=60))
def test_pieces_do_not_depend_on_how_the_text_came(text: str, sizes: list[int]) -> None:
    sentences, out, rest = Sentences(20, 60), [], text
    for size in sizes:
        out += sentences.push(rest[:size])
        rest = rest[size:]
    assert out + sentences.push(rest) + sentences.flush() == split(text, clause_chars=20, max_chars=60)


@given(TEXT)
def test_nothing_is_lost(text: str) -> None:
    assert "".join("".join(split(text)).split()) == "".join(text.split())
