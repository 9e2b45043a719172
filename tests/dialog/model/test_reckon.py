"""Marks of time in an answer become exact figures, however the text is cut; all other text stays."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialog.model.reckon import LONGEST, MARK, Reckoner
from streams.types import NS

CLOCKS = {"14:03": 180 * NS, "14:10": 600 * NS, "0:12": 12 * NS, "Tue 14:03": 86_580 * NS, "14:20": 1199 * NS}
NOW_NS = 1200 * NS


def reckoner(now_ns: int = NOW_NS) -> Reckoner:
    return Reckoner(CLOCKS, now_ns)


def streamed(pieces: list[str], now_ns: int = NOW_NS) -> str:
    made = reckoner(now_ns)
    return "".join([*(made.feed(piece) for piece in pieces), made.end()])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It was ~14:03~.", "It was 17 minutes ago."),
        ("The dog came ~0:12~, the cat ~14:10~.", "The dog came 20 minutes ago, the cat 10 minutes ago."),
        ("That took ~14:03-14:10~.", "That took 7 minutes."),
        ("From last to first it is ~14:10-14:03~.", "From last to first it is 7 minutes."),
        ("It was ~14:20~.", "It was just now."),
        ("~14:20~ a dog entered.", "Just now a dog entered."),
        ("The dog left. ~14:20~ it came back.", "The dog left. Just now it came back."),
        ("It was ~11:11~.", "It was at 11:11."),
        ("~11:11~ it was.", "At 11:11 it was."),
        ("It took ~14:03-11:11~.", "It took from 14:03 to 11:11."),
        ("A mark ~Wed 14:03~ of another day.", "A mark at Wed 14:03 of another day."),
    ],
)
def test_figures(text: str, expected: str) -> None:
    assert reckoner().whole(text) == expected == streamed(list(text)) == streamed([text])


def test_days_of_the_week() -> None:
    """A time of another day is another time; what lies ahead of now is not negative."""
    later = 86_580 * NS + 3 * 3600 * NS
    assert reckoner(later).whole("It was ~Tue 14:03~.") == "It was 3 hours ago."
    assert reckoner(later).whole("It was ~14:03~.") == "It was 27 hours ago."
    assert reckoner(later).whole("It took ~14:03-Tue 14:03~.") == "It took 24 hours."
    assert reckoner(3 * 86_400 * NS + 180 * NS).whole("It was ~14:03~.") == "It was 3 days ago."
    assert reckoner(0).whole("It was ~14:03~.") == "It was just now."


def test_what_can_be_shown_is_shown_at_once() -> None:
    made = reckoner()
    assert [made.feed(piece) for piece in ["It was ", "~14", ":", "03", "~ and", " so."]] == [
        "It was ", "", "", "", "17 minutes ago and", " so.",
    ]  # fmt: skip
    assert made.end() == ""


@pytest.mark.parametrize(
    "text",
    ["about ~20 people", "~", "a ~ b ~ c", "~~", "~ 14:03 ~", "~some words~", "x ~14:03", "~14:0\n3~", "~14:03\n~",
     "~5 and 7~", "~-14:03~", "~14:03-~", "~" + "1" * 40 + "~", "~Tuesday 14:03~", "C:\\~user~\\x"],
)  # fmt: skip
def test_what_is_no_mark_stays(text: str) -> None:
    assert reckoner().whole(text) == text == streamed(list(text)) == streamed([text])


def test_a_mark_that_is_not_closed_is_not_held_for_long() -> None:
    made = reckoner()
    shown = made.feed("~14:03") + made.feed("x" * LONGEST)
    assert shown == "~14:03" + "x" * LONGEST and made.end() == ""


@given(st.text(max_size=80).filter(lambda text: not MARK.search(text)), st.data())
def test_no_text_is_lost(text: str, data: st.DataObject) -> None:
    assert reckoner().whole(text) == text == streamed(cut(text, data))


PARTS = [
    "~",
    "~",
    "-",
    " ",
    ". ",
    "\n",
    "14:03",
    "14:20",
    "Tue 14:03",
    "11:11",
    "word",
    "~14:03~",
    "~14:03-14:10~",
    "7",
]


@given(st.lists(st.sampled_from(PARTS), max_size=14).map("".join), st.data())
def test_streamed_equals_whole(text: str, data: st.DataObject) -> None:
    whole = reckoner().whole(text)
    assert streamed(cut(text, data)) == whole
    assert MARK.search(text) or whole == text
    for figure in re.findall(r"minutes ago|at 11:11", whole):
        assert MARK.search(text), figure


def cut(text: str, data: st.DataObject) -> list[str]:
    """A text in pieces."""
    at = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=12)))
    return [text[start:end] for start, end in zip([0, *at], [*at, len(text)], strict=True)]
