"""Hours of a week, such as `mon-fri 18:00-07:00`: when a camera is watched. Pure; local wall-clock times in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MINUTES_A_DAY = 24 * 60

_SPAN = re.compile(r"(?:([a-z]{3})(?:-([a-z]{3}))? +)?(\d\d):(\d\d)-(\d\d):(\d\d)")


@dataclass(frozen=True, slots=True)
class Span:
    """From one time of day to another, beginning on some days of the week; it may go past midnight."""

    days: frozenset[int]
    """On which it begins, 0 for Monday."""
    begin_min: int
    end_min: int
    """Minutes since midnight; above a day's where it ends on the next day."""


def parse(text: str) -> Span:
    """`22:00-06:00`, `sat 08:00-24:00`, `mon-fri 18:00-07:00`.

    Raises:
        ValueError: one line that says what is expected.
    """
    found = _SPAN.fullmatch(text.strip().lower())
    if found is None:
        raise ValueError(f"{text[:40]!r} is not like '22:00-06:00' or 'mon-fri 18:00-07:00'")
    first, last = found[1], found[2]
    for day in (first, last):
        if day is not None and day not in DAYS:
            raise ValueError(f"{day!r} is no day; days are {', '.join(DAYS)}")
    begin, end = (int(found[3]) * 60 + int(found[4])), (int(found[5]) * 60 + int(found[6]))
    if begin >= MINUTES_A_DAY or end > MINUTES_A_DAY or int(found[4]) > 59 or int(found[6]) > 59:
        raise ValueError(f"{text[:40]!r} has a time of day that there is not")
    if begin == end:
        raise ValueError(f"{text[:40]!r} is no time at all; all day is 00:00-24:00")
    return Span(_days(first, last), begin, end if end > begin else end + MINUTES_A_DAY)


def is_open(spans: Sequence[Span], now: datetime) -> bool:
    """Whether `now` lies in one of them; always, where there are none."""
    if not spans:
        return True
    minute, day = now.hour * 60 + now.minute, now.weekday()
    return any(
        (day in span.days and span.begin_min <= minute < span.end_min)
        or ((day - 1) % 7 in span.days and minute + MINUTES_A_DAY < span.end_min)
        for span in spans
    )


def next_change(spans: Sequence[Span], now: datetime) -> datetime | None:
    """When it opens or closes next, to the minute; None: never."""
    state, at = is_open(spans, now), now.replace(second=0, microsecond=0)
    for _ in range(8 * MINUTES_A_DAY if spans else 0):
        at += timedelta(minutes=1)
        if is_open(spans, at) != state:
            return at
    return None


def _days(first: str | None, last: str | None) -> frozenset[int]:
    if first is None:
        return frozenset(range(7))
    begin = DAYS.index(first)
    end = DAYS.index(last) if last is not None else begin
    return frozenset((begin + n) % 7 for n in range((end - begin) % 7 + 1))
