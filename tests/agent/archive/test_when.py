"""Times as people say them, seen from a Monday evening."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.archive.when import moment_of, when
from streams.errors import HeedError

NOW = datetime(2026, 11, 23, 18, 0)


@pytest.mark.parametrize(
    ("question", "spans"),
    [
        ("who came yesterday", ["22T00-23T00"]),
        ("who came the day before yesterday", ["21T00-22T00"]),
        ("when did the white van come last week", ["16T00-23T00"]),
        ("what happened this week", ["23T00-30T00"]),
        ("last Tuesday", ["17T00-18T00"]),
        ("on Monday", ["23T00-24T00"]),
        ("last Monday", ["16T00-17T00"]),
        ("on Friday evening", ["20T17-20T23"]),
        ("yesterday morning", ["22T05-22T12"]),
        ("this morning", ["23T05-23T12"]),
        ("last night", ["22T18-23T06"]),
        ("who was there between 10 and 11", ["23T10-23T11"]),
        ("who was there between 8 pm and 9 pm", ["22T20-22T21"]),
        ("between 3 and 4 pm yesterday", ["22T15-22T16"]),
        ("yesterday from 22:00 to 2:00", ["22T22-23T02"]),
        ("3 days ago", ["20T00-21T00"]),
        ("two days ago in the afternoon", ["21T12-21T18"]),
        ("on 12 November", ["12T00-13T00"]),
        ("November 12th in the morning", ["12T05-12T12"]),
        ("2026-11-19", ["19T00-20T00"]),
        ("after 6 pm on Saturday", ["21T18-22T00"]),
        ("at noon yesterday", ["22T11:30-22T12:30"]),
        ("in the last 2 hours", ["23T16-23T18"]),
        ("at the weekend", ["21T00-23T00"]),
        ("at 8 in the evening on Sunday", ["22T19:30-22T20:30"]),
    ],
)
def test_spans(question: str, spans: list[str]) -> None:
    def time(text: str) -> datetime:
        day, _, hour = text.partition("T")
        hours, _, minutes = hour.partition(":")
        return datetime(2026, 11, 1) + timedelta(days=int(day) - 1, hours=int(hours), minutes=int(minutes or 0))

    wanted = tuple((time(begin), time(end)) for begin, _, end in (span.partition("-") for span in spans))
    assert when(question, NOW).spans == wanted


def test_a_time_of_day_in_several_days_is_several_spans() -> None:
    spans = when("who came last week between 10 and 11", NOW).spans
    assert len(spans) == 7
    assert all(b.hour == 10 and e - b == timedelta(hours=1) for b, e in spans)


def test_the_words_about_time_are_taken_out() -> None:
    assert when("when did the white van come last week", NOW).rest == "when did the white van come"
    assert when("did 2 people come at the gate", NOW).spans == ()


@pytest.mark.parametrize("text", ["", "may I see it", "between us", "second floor", "at 5 people", "on 31 February"])
def test_what_names_no_time_has_none(text: str) -> None:
    assert when(text, NOW).spans == ()


@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    for begin, end in when(text, NOW).spans:
        assert begin < end


def test_a_time_of_an_option() -> None:
    assert moment_of("2026-11-22", "--to", end=True) == datetime(2026, 11, 23)
    with pytest.raises(HeedError, match="--from is no ISO 8601 time"):
        moment_of("soon", "--from")
