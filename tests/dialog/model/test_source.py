"""What somebody said in several clauses is quoted behind an answer that tells one of them."""

from __future__ import annotations

import random

import pytest

from dialog.model.pointing import Line
from dialog.model.reckon import Reckoner
from dialog.model.source import sourced

LINES = [
    Line("a", "10:30", "office", 'Wendeline says: "Keys are on the hook."'),
    Line("b", "10:38", "office", "Wendeline says: \"Tap's by the rubbish point, but it's slow. Allow forty minutes.\""),
    Line("c", "10:40", "office", 'a voice writes: "Invoice 12: 41 kg; due on 30 June, and no cheques."'),
    Line("d", "10:41", "office", 'Dr. Osei says: "Parrot at eight. It\'s the cough again."'),
]
TAP = "Tap's by the rubbish point, Wendeline said so at 10:38"
QUOTED = TAP + ": \"Tap's by the rubbish point, but it's slow. Allow forty minutes.\""


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (TAP + ".", QUOTED),
        ("Keys are on the hook, Wendeline said so at 10:30.", "Keys are on the hook, Wendeline said so at 10:30."),
        (
            "The invoice is 12, a voice wrote it at 10:40.",
            'The invoice is 12, a voice wrote it at 10:40: "Invoice 12: 41 kg; due on 30 June, and no cheques."',
        ),
        (TAP.replace("10:38", "11:11") + ".", TAP.replace("10:38", "11:11") + "."),
        (TAP.replace("Wendeline", "Bram") + ".", TAP.replace("Wendeline", "Bram") + "."),
        (
            "The parrot is in at eight, Dr. Osei said so at 10:41.",
            'The parrot is in at eight, Dr. Osei said so at 10:41: "Parrot at eight. It\'s the cough again."',
        ),
        ("A dog entered at 10:38.", "A dog entered at 10:38."),
        ("", ""),
    ],
)
def test_only_what_says_more_is_quoted(answer: str, told: str) -> None:
    assert sourced(answer, LINES) == told
    assert sourced(told, LINES) == told, "once"


def test_an_answer_that_tells_all_of_it_is_left() -> None:
    whole = "Tap's by the rubbish point, but it's slow, allow forty minutes, Wendeline said so at 10:38."
    assert sourced(whole, LINES) == whole


@pytest.mark.parametrize("seed", range(6))
def test_pieces_of_any_length_give_the_same(seed: int) -> None:
    rng, text = random.Random(seed), f"{TAP}. That is all."
    reckoner, at, told = Reckoner({}, 0, LINES), 0, ""
    while at < len(text):
        piece = text[at : at + rng.randint(1, 9)]
        at += len(piece)
        told += reckoner.feed(piece)
    assert told + reckoner.end() == f"{QUOTED} That is all." == Reckoner({}, 0, LINES).whole(text)


def test_nothing_within_a_quotation_is_changed() -> None:
    """Whoever speaks may say `said so at`, also of these very words."""
    evil = "Be careful, and mind the gap, Eve said so at 10:42. Or was it somebody else, I wonder?"
    lines = [*LINES, Line("e", "10:42", "office", f'Eve says: "{evil}"')]
    answer = f'At 10:42 Eve said: "{evil}"'
    assert sourced(answer, lines) == answer
    text, told, reckoner = "Mind the gap, Eve said so at 10:42. Yes. No. Done.", "", Reckoner({}, 0, lines)
    for letter in text:
        told += reckoner.feed(letter)
    assert told + reckoner.end() == f'Mind the gap, Eve said so at 10:42: "{evil}" Yes. No. Done.'
