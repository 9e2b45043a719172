"""Guards against made-up text, and the agreement that makes partial texts stable."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.encoders.hearing.stt import LocalAgreement, repeats, tidy


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("  Hello   there. ", "Hello there."),
        ("\u266a\u266a\u266a", ""),
        (" ... ", ""),
        ("\u266a la la \u266a", "la la"),
        ("a\nb", "a b"),
        ("7", "7"),
    ],
)
def test_tidy(text: str, want: str) -> None:
    assert tidy(text) == want


@pytest.mark.parametrize(
    ("items", "want"),
    [
        ("x a b c d a b c d a b c d a b c d", 12),
        ("x no no no no no no", 5),
        ("hello ? hello ? hello ?", 0),
        ("no no no no", 0),
        ("a b c a b c a b c", 0),
        ("", 0),
    ],
)
def test_repeats(items: str, want: int) -> None:
    assert repeats(items.split()) == want


def test_agreement_needs_two_readings() -> None:
    agreement = LocalAgreement()
    assert agreement.push("what does") is None
    assert agreement.push("What does, the sun") == "What does,"
    assert agreement.push("what does the sign say") == "What does, the"
    assert agreement.push("what does the sign say") == "What does, the sign say"
    assert agreement.push("what does the sign say") is None


def test_what_was_shown_is_never_taken_back() -> None:
    agreement = LocalAgreement()
    agreement.push("one two")
    assert agreement.push("one two three") == "one two"
    assert agreement.push("won two three four") is None
    assert agreement.push("won two three four") is None
    assert agreement.push("one two three four") is None
    assert agreement.push("one two three four") == "one two three four"


@given(st.lists(st.lists(st.sampled_from("abc"), max_size=6), max_size=12))
def test_shown_text_only_ever_grows(readings: list[list[str]]) -> None:
    agreement, shown = LocalAgreement(), ""
    for reading in readings:
        text = agreement.push(" ".join(reading))
        if text is not None:
            assert text.startswith(shown) and len(text) > len(shown)
            shown = text
