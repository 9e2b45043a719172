"""The stretch of time that a question names: only what lies in it is read.

`In the last 15 minutes`, `since 14:10`, `between 9:00 and 9:30`: a small model reads clock times well and compares them
badly, so what lies outside is not shown to it. Where nothing lies inside it reads nothing, and says so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from dialog.model.spoken_time import with_clocks
from streams.types import NS
from streams.wording import WEEKDAYS

DAY_MIN = 1440
"""Minutes of a day."""

_NUMBERS = {
    "a": 1.0, "an": 1.0, "one": 1.0, "two": 2.0, "three": 3.0, "four": 4.0, "five": 5.0, "six": 6.0, "seven": 7.0,
    "eight": 8.0, "nine": 9.0, "ten": 10.0, "twelve": 12.0, "fifteen": 15.0, "twenty": 20.0, "thirty": 30.0,
    "forty": 40.0, "forty-five": 45.0, "couple of": 2.0, "few": 3.0, "": 1.0,
    "half": 0.5, "half an": 0.5, "half a": 0.5, "quarter of an": 0.25,
}  # fmt: skip
_UNITS_S = {"second": 1, "sec": 1, "minute": 60, "min": 60, "hour": 3600, "h": 3600, "day": 86_400, "week": 604_800}

_N = "|".join(sorted(map(re.escape, filter(None, _NUMBERS)), key=len, reverse=True))
_UNIT = "|".join(_UNITS_S)
_PAST = re.compile(
    rf"\b(?:last|past|previous)\s+(?:(?P<n>\d{{1,6}}|{_N})\s+)?(?P<unit>{_UNIT})s?\b(?!\s+(?:of|in)\b)", re.I
)
_CLOCK = r"(?:[A-Z][a-z]{2} )?\d{1,3}:\d\d"
_TO = r"(?:and before|and|to|until|till|-)"
_BETWEEN = re.compile(rf"(?:\b(?:between|from|after)\s+)?(?P<a>{_CLOCK})\s*{_TO}\s*(?P<b>{_CLOCK})(?![\w:])")
_SINCE = re.compile(
    rf"\b(?:(?:since|after|left at)\s+(?P<a>{_CLOCK})|from\s+(?P<b>{_CLOCK})\s+(?:on|until now)\b)"
    rf"|(?P<c>{_CLOCK}) onwards",
    re.I,
)
_HAPPENING = re.compile(
    r"\b(happen\w*|occur\w*|took place|taken place|going on|gone on|went (?:on|wrong)|miss(?:ed)?|events?|summary|"
    r"sum|recap|overview|log|news|updates?|new since|what (?:has |have |is )?(?:changed|new)|noticed?|catch me|"
    r"fill me|brief me|go (?:over|through)|give me all|do you have|did you (?:see|hear|get)|"
    r"anything (?:new|in|within|from|between|since|after|to (?:report|see|hear|tell)))\b",
    re.I,
)
"""A clock time may be what somebody said (`what train leaves after 14:00?`): only a question about what happened names
a stretch by it."""
_ELSEWHEN = re.compile(
    r"\b(yesterday|last night|(?:mon|tues|wednes|thurs|fri|satur|sun)days?|january|february|march|april|june|july|"
    r"august|september|october|november|december|\d{1,2}(?:st|nd|rd|th)|\d{4}-\d\d-\d\d|ago|[ap]\.?m)\b",
    re.I,
)
"""Clock times of another day, or of half a day: the archive knows what is meant, this does not."""
_ALONE = re.compile(rf"^\W*(?:from\s+)?{_CLOCK}\s*{_TO}\s*{_CLOCK}\W*$")


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time: of stream time, or of clock times of the day on which the question is asked."""

    since_ns: int | None = None
    """Stream time of its beginning."""
    first: int = 0
    """Clock times as numbers, see `number`, those of an earlier day below zero; both ends lie within."""
    last: int = 0
    day: str = ""
    """The weekday of the question as clocks write it, or nothing."""

    def holds(self, clock: str, t_ns: int) -> bool:
        """Whether something that happened then lies within. `clock` is how its line begins, `t_ns` stream time."""
        if self.since_ns is not None:
            return t_ns >= self.since_ns
        at = _from_midnight(clock, self.day)
        return at is not None and self.first <= at <= self.last


def number(time: str) -> int:
    """`14:03` as minutes, `12:05` of a recording as seconds: numbers of one kind can be compared."""
    big, _, small = time.partition(":")
    return int(big) * 60 + int(small) if big.isdigit() and small.isdigit() else -1


def _from_midnight(clock: str, today: str) -> int | None:
    """`14:03` or `Tue 14:03` as a number, from the last midnight on; None where the day is not known.

    A line without a weekday is of the day on which the stream began: of today, as long as today has none either.
    """
    day, _, time = clock.rpartition(" ")
    day = day.capitalize()
    if day == today:
        return number(time)
    if day not in WEEKDAYS or today not in WEEKDAYS:
        return None
    return number(time) - DAY_MIN * ((WEEKDAYS.index(today) - WEEKDAYS.index(day)) % len(WEEKDAYS))


def asked_span(question: str, now: str, now_ns: int) -> Span | None:
    """The stretch of time that a question names, or None.

    Args:
        question: what is asked.
        now: the time as people say it, `14:03`, `Tue 14:03`, or `12:05` into a recording.
        now_ns: stream time.
    """
    if (past := _PAST.search(question)) is not None:
        said = (past["n"] or "").lower()
        count = float(said) if said.isdigit() else _NUMBERS[said]
        # A vague "the last minutes" is no stretch; "the last week" may be the one from Monday to Sunday.
        if past["n"] or not past[0].lower().endswith(("s", "day", "week")):
            return Span(since_ns=now_ns - round(count * _UNITS_S[past["unit"].lower()] * NS))
    question = with_clocks(question, now)
    if _ELSEWHEN.search(question) or not (_HAPPENING.search(question) or _ALONE.match(question)):
        return None
    found = _BETWEEN.search(question)
    begin, end = (found["a"], found["b"]) if found else (_since(question), now)
    today, _, clock = now.rpartition(" ")
    if not begin:
        return None
    # `Between Tue 18:00 and 19:00` is all of Tuesday; a clock time alone is of today.
    day = begin.rpartition(" ")[0] or today
    first = _from_midnight(begin if " " in begin else f"{day} {begin}".strip(), today)
    last = _from_midnight(end if " " in end else f"{day} {end}".strip(), today)
    # A stretch that ends before it begins, or begins later than now, is of another day.
    if first is None or last is None or first > min(last, number(clock)):
        return None
    return Span(first=first, last=last, day=today)


def _since(question: str) -> str:
    found = _SINCE.search(question)
    return "" if found is None else found["a"] or found["b"] or found["c"]
