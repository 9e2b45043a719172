"""The live display: tidy lines, nothing obeyed by the terminal, nothing in place where there is no terminal."""

from __future__ import annotations

import io
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from agent.show import Show, cited, clock_text, safe

PERCEPT = {"t": 12.4, "type": "percept", "kind": "motion", "source": "front-door", "text": "something enters"}
REPLY = {
    "t": 75.0,
    "type": "reply",
    "question": "Where are the keys?",
    "text": "Under the red chair.",
    "evidence": ["room/a1"],
    "ttft_s": 0.4,
    "first_audio_s": 0.61,
    "source": "call",
}


def shown(events: list[dict[str, Any]], terminal: bool, width: int = 80) -> str:
    out = io.StringIO()
    console = Console(file=out, force_terminal=terminal, width=width, color_system="standard" if terminal else None)
    show = Show(console)
    for event in events:
        show.event(event)
    show.close()
    return out.getvalue()


def test_plain_lines_where_the_output_is_no_terminal() -> None:
    assert shown([PERCEPT, REPLY], terminal=False).splitlines() == [
        "   0:12  front door    seen    something enters",
        "   1:15  call          asked   Where are the keys?",
        "   1:15                heed    Under the red chair.",
        "   1:15                        first word 0.40 s, first sound 0.61 s, rests on [1] room/a1",
    ]


SEEN = {"t": 3.0, "type": "percept", "id": "room/v1", "kind": "light", "source": "room", "text": "the light goes off"}
TWO = REPLY | {
    "text": "It is off. Under the chair. Hm.",
    "evidence": ["room/a1", "room/v1"],
    "sentences": [
        {"text": "It is off.", "evidence": ["room/v1", "room/a1"]},
        {"text": "Under the chair.", "evidence": ["room/a1"]},
        {"text": "Hm.", "evidence": []},
    ],
}


def test_sentences_have_marks_that_lead_to_the_lines_they_rest_on() -> None:
    assert [line[31:] for line in shown([SEEN, TWO], terminal=False).splitlines()] == [
        "the light goes off",
        "Where are the keys?",
        "It is off. [1, 2] Under the chair. [2] Hm.",
        "first word 0.40 s, first sound 0.61 s, rests on [1] 0:03 room, [2] room/a1",
    ]
    nothing = shown([REPLY | {"evidence": [], "sentences": []}], terminal=False)
    assert "Under the red chair.\n" in nothing and nothing.endswith("rests on nothing perceived\n")


def test_an_answer_of_its_own_with_what_it_rests_on() -> None:
    lines = {"room/v1": "14:03 room: the light \x1b[2Jgoes off"}
    assert cited(TWO, lines) == [
        "It is off. [1, 2] Under the chair. [2] Hm.",
        "[1] 14:03 room: the light [2Jgoes off",
        "[2] room/a1",
    ]
    assert cited({"text": "I do not know."}, {}) == ["I do not know."]


def test_a_long_run_does_not_keep_every_place() -> None:
    show = Show(Console(file=io.StringIO()))
    for n in range(5000):
        show.event(SEEN | {"id": f"room/v{n}"})
    assert len(show._places) == 4096 and "room/v4999" in show._places


def test_interim_text_is_shown_on_a_terminal_only() -> None:
    partial = {"t": 1.0, "type": "partial", "source": "call", "text": "where are"}
    deltas = [{"t": 2.0, "type": "reply_delta", "generation": 1, "text": t} for t in ("Under ", "the chair.")]
    assert shown([partial, *deltas], terminal=False) == ""
    live = shown([partial, *deltas], terminal=True)
    assert "where are ..." in live and "Under the chair." in live and "\n" not in live
    assert live.endswith("\x1b[2K\r")


def test_interim_text_is_wiped_before_the_next_line() -> None:
    live = shown([{"t": 1.0, "type": "partial", "source": "c", "text": "hel"}, PERCEPT], terminal=True)
    assert live.index("\x1b[2K\r") < live.index("something enters")


def test_a_new_answer_does_not_continue_the_old_one() -> None:
    deltas = [{"t": 2.0, "type": "reply_delta", "generation": g, "text": t} for g, t in ((1, "Old"), (2, "New"))]
    assert "OldNew" not in shown(deltas, terminal=True)


@pytest.mark.parametrize("width", [20, 40, 80])
def test_interim_text_never_wraps(width: int) -> None:
    live = shown([{"t": 1.0, "type": "partial", "source": "c", "text": "word " * 100}], terminal=True, width=width)
    assert "\n" not in live


def test_long_lines_are_not_cut_where_the_output_is_no_terminal() -> None:
    text = "word " * 60
    assert text.strip() in shown([PERCEPT | {"text": text}], terminal=False)


@pytest.mark.parametrize("terminal", [False, True])
@pytest.mark.parametrize(
    "field", ["text", "source", "id", "question", "evidence", "sentences", "speaker", "reason", "component"]
)
def test_escape_sequences_in_what_was_seen_or_heard_do_not_reach_the_terminal(terminal: bool, field: str) -> None:
    evil = "\x1b]0;owned\x07\x1b[2J\x9b31m\r\x08[bold]x[/bold]\u202eyz"
    value: Any = [evil] if field == "evidence" else evil
    if field == "sentences":
        value = [{"text": "b", "evidence": [evil]}]
    for kind in ("percept", "transcript", "partial", "reply", "reply_delta", "alert", "health", "translation"):
        base = {"t": 1, "type": kind, "kind": "sign", "source": "a", "text": "b", "generation": 1}
        out = shown([base | {field: value}], terminal)
        assert "\x1b]" not in out and "\x07" not in out and "\x1b[2J" not in out
        assert "\x9b" not in out and "\x08" not in out and "\u202e" not in out
        if "owned" in out:
            assert "[bold]x[/bold]" in out or terminal


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200))
def test_safe_text_is_one_printable_line(text: str) -> None:
    assert safe(text).isprintable()
    assert safe(safe(text)) == safe(text)


@settings(max_examples=50, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["t", "type", "id", "kind", "source", "text", "evidence", "sentences", "ttft_s", "generation"]),
        st.one_of(
            st.none(),
            st.booleans(),
            st.integers(),
            st.floats(),
            st.text(max_size=20),
            st.sampled_from(["reply", "percept", "transcript", "partial", "alert", "health"]),
            st.lists(st.text(max_size=5), max_size=3),
            st.lists(
                st.fixed_dictionaries({"text": st.text(max_size=5), "evidence": st.text() | st.none()}), max_size=2
            ),
        ),
    )
)
def test_no_event_however_odd_breaks_the_display(event: dict[str, Any]) -> None:
    shown([event], terminal=False)
    shown([event], terminal=True)


def test_times_of_a_long_run() -> None:
    assert [clock_text(t) for t in (0, 59.9, 60, 3600, None, float("nan"))] == [
        "0:00",
        "0:59",
        "1:00",
        "1:00:00",
        "0:00",
        "0:00",
    ]
