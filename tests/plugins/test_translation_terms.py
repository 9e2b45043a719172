"""Names are kept; sentences keep their times; languages are told apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.translation.language import guess
from plugins.translation.pieces import pieces
from plugins.translation.terms import MAX_TERMS, Terms, keeping
from streams.types import NS, Percept, Transcript
from streams.wording import sign


def known(*names: str) -> Terms:
    terms = Terms()
    for name in names:
        terms.add(name)
    return terms


def test_terms_come_from_signs_speakers_and_introductions() -> None:
    terms = Terms()
    terms.see(Percept("c/v1", "sign", "c", 0, 0, sign("DOWNTOWN LOOP")))
    terms.see(Percept("c/v2", "scene", "c", 0, 0, 'a "Quoted Thing" in a scene'))
    terms.hear(Transcript("m", 0, NS, "My name is Rose Brown. Mr. Quilter waits.", "Bill Green"))
    terms.hear(Transcript("m", 0, NS, "nothing", "speaker 2"))
    terms.hear(Transcript("m", 0, NS, "nothing", "S1"))
    text = "Rose Brown took the Downtown Loop with Bill Green, and Quilter saw the Quoted Thing."
    assert sorted(terms.find(text)) == ["Bill Green", "Downtown Loop", "Quilter", "Rose Brown"]


def test_a_common_word_on_a_sign_stays_a_common_word() -> None:
    terms = known("EXIT", "Open")
    assert terms.find("Where is the exit? Exit there. Is it open?") == []
    assert terms.find("take the one called EXIT") == ["EXIT"]


def test_kept_terms_survive_and_a_term_that_an_engine_mangles_costs_nothing() -> None:
    def upper(text: str) -> str:
        return text.upper()

    terms = known("Bill Green", "Quilter")
    text = "we met Bill Green and Quilter, yes Quilter"
    assert keeping(terms.find(text), text, upper) == "WE MET Bill Green AND Quilter, YES Quilter"
    assert keeping(terms.find(text), text, lambda t: t.replace("Xq", "")) == text
    assert keeping([], "Xqaaz", upper) == "XQAAZ"


@given(st.text(max_size=80))
def test_a_term_never_changes_other_text(text: str) -> None:
    terms = known("Bill Green")
    assert keeping(terms.find(text), text, lambda t: t) == text


def test_terms_are_bounded() -> None:
    terms = known(*(f"name{n}" for n in range(3 * MAX_TERMS)))
    assert len(terms) == MAX_TERMS
    terms.add("x" * 1000)
    terms.add("12345")
    assert len(terms) == MAX_TERMS


def test_sentences_share_the_time_by_length() -> None:
    found = pieces("It is open. Mr. Quilter is here! what? Yes.", 0, 43 * NS)
    assert [one.text for one in found] == ["It is open.", "Mr. Quilter is here! what?", "Yes."]
    assert found[0].t0_ns == 0 and found[-1].t1_ns == 43 * NS
    assert all(a.t1_ns == b.t0_ns for a, b in zip(found, found[1:], strict=False))


@given(st.text(alphabet="aB. ?¿!é\n'", max_size=200))
def test_no_word_is_lost_between_sentences(text: str) -> None:
    assert " ".join(one.text for one in pieces(text, 0, NS)).split() == text.split()


def test_a_sentence_without_end_is_cut() -> None:
    assert [len(one.text) for one in pieces("x" * 4500, 0, NS)] == [2000, 2000, 500]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("How many people are there?", "en"),
        ("¿Cuántas personas hay?", "es"),
        ("donde están las llaves", "es"),
        ("Combien de persones y a-t-il dans la pièce ?", "fr"),
        ("Wo sind die Schlüssel?", "de"),
        ("Dove sono le chiavi?", "it"),
        ("keys?", "en"),
        ("", "en"),
    ],
)
def test_the_language_of_a_line(text: str, language: str) -> None:
    assert guess(text, "en", ("es", "fr", "de", "it")) == language
