"""Hours of a week."""

from datetime import datetime

import pytest

from streams.hours import is_open, next_change, parse

MONDAY = datetime(2026, 11, 23)


def at(day: int, time: str) -> datetime:
    hour, minute = time.split(":")
    return MONDAY.replace(day=23 + day, hour=int(hour), minute=int(minute))


@pytest.mark.parametrize(
    ("hours", "day", "time", "open_"),
    [
        ("08:00-18:00", 0, "08:00", True),
        ("08:00-18:00", 0, "17:59", True),
        ("08:00-18:00", 0, "18:00", False),
        ("22:00-06:00", 3, "23:00", True),
        ("22:00-06:00", 3, "05:59", True),
        ("22:00-06:00", 3, "06:00", False),
        ("fri 22:00-06:00", 4, "23:00", True),
        ("fri 22:00-06:00", 5, "05:00", True),
        ("fri 22:00-06:00", 4, "05:00", False),
        ("mon-fri 00:00-24:00", 4, "23:59", True),
        ("mon-fri 00:00-24:00", 5, "00:00", False),
        ("sat-mon 10:00-11:00", 6, "10:30", True),
        ("sat-mon 10:00-11:00", 0, "10:30", True),
        ("sat-mon 10:00-11:00", 1, "10:30", False),
    ],
)
def test_open_or_not(hours: str, day: int, time: str, open_: bool) -> None:
    assert is_open([parse(hours)], at(day, time)) is open_


def test_no_hours_are_all_hours() -> None:
    assert is_open([], MONDAY) and next_change([], MONDAY) is None


def test_when_it_changes() -> None:
    spans = [parse("mon-fri 18:00-07:00"), parse("sat-sun 00:00-24:00")]
    assert next_change(spans, at(0, "12:30")) == at(0, "18:00")
    assert next_change(spans, at(0, "18:00")) == at(1, "07:00")
    assert next_change(spans, at(4, "19:00")) == MONDAY.replace(day=30, hour=0), "through the week-end"
    assert next_change([parse("00:00-24:00")], MONDAY) is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("always", "is not like"),
        ("25:00-26:00", "a time of day"),
        ("10:61-11:00", "a time of day"),
        ("xyz 10:00-11:00", "'xyz' is no day"),
        ("10:00-10:00", "no time at all"),
    ],
)
def test_what_is_wrong_is_said(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parse(text)
