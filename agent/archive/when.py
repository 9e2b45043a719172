"""Times as people say them in a question ("yesterday morning", "last Tuesday between 10 and 11"), as spans of time.

A grammar of its own: `dateparser`, the library that people take, finds moments and not spans ("last week" is one moment
of it, "between 10 and 11" the eleventh of October).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date, datetime, time, timedelta

from agent.archive.schema import ArchiveError

DAY = timedelta(days=1)
MAX_SPANS = 62
"""A time of day in a span of many days is looked for in so many of them, the newest."""

_DAYS = "monday|tuesday|wednesday|thursday|friday|saturday|sunday"
_SHORT_DAYS = "mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun"
_MONTHS = (
    "january|february|march|april|may|june|july|august|september|october|november|december"
    "|jan|feb|mar|apr|jun|jul|aug|sept|sep|oct|nov|dec"
)
_NUMBERS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "twelve": 12,
}  # fmt: skip
_N = rf"(?P<n>\d{{1,4}}|{'|'.join(_NUMBERS)}|a few|a couple of)"
_PARTS = {"morning": (5, 12), "afternoon": (12, 18), "evening": (17, 23), "night": (21, 29), "noon": (11, 13)}
_PART = r"(?P<part>morning|afternoon|evening|night)"
_CLOCK = r"\d{1,2}(?:[:.]\d{2})?\s*(?:am|pm|a\.m\.|p\.m\.|o'?clock|h)?|noon|midnight"

Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class When:
    """The times that a question names."""

    spans: tuple[Span, ...]
    """Local wall-clock times without a time zone, `[begin, end)`, oldest first; none: the question names no time."""
    rest: str
    """The question without the words about time."""


@dataclass(frozen=True, slots=True)
class _Days:
    """Whole days, or a shorter span that needs no time of day."""

    begin: datetime
    end: datetime


def when(question: str, now: datetime) -> When:
    """The times that a question names, seen from `now` (local, without a time zone)."""
    text, days, hours = question, None, None
    for form, read in _DAY_FORMS:
        if (found := form.search(text)) and (read_days := read(found, now)) is not None:
            days, text = read_days, _without(text, found)
            if found.groupdict().get("part"):
                hours = _PARTS[found["part"].lower()]
            break
    clock = None
    for form, read_clock in _CLOCK_FORMS:
        if (found := form.search(text)) and (times := read_clock(found)) is not None:
            clock, text = times, _without(text, found)
            break
    if clock is not None and hours is None and (found := _IN_THE_PART.search(text)):
        hours, text = _PARTS[found["part"].lower()], _without(text, found)  # "at 8 in the evening"
    if days is None and clock is None:
        return When((), question)
    return When(_combined(days, hours, clock, now), " ".join(text.split()))


Clock = tuple[float, float]
"""Hours of a day, the second may be beyond 24."""


def _combined(
    days: _Days | None, hours: tuple[int, int] | None, clock: Clock | None, now: datetime
) -> tuple[Span, ...]:
    if days is None:
        assert clock is not None
        begin = _midnight(now)
        if begin + timedelta(hours=clock[0]) > now:  # it has not been that late today: yesterday is meant
            begin -= DAY
        days = _Days(begin, begin + DAY)
    if clock is not None and hours is not None and clock[0] < 12 <= hours[0]:
        clock = (clock[0] + 12, clock[1] + 12)  # "at 8 in the evening"
    span = clock or hours
    if span is None:
        return ((days.begin, days.end),)
    spans: list[Span] = []
    day = _midnight(days.begin)
    while day < days.end:
        begin, end = day + timedelta(hours=span[0]), day + timedelta(hours=span[1])
        if begin < days.end and end > days.begin:
            spans.append((begin, end))
        day += DAY
    return tuple(spans[-MAX_SPANS:]) or ((days.begin, days.end),)


def _without(text: str, found: re.Match[str]) -> str:
    return f"{text[: found.start()]} {text[found.end() :]}"


def _midnight(moment: datetime) -> datetime:
    return datetime.combine(moment.date(), time())


def _number(found: re.Match[str]) -> int:
    said = found["n"].lower()
    return (
        int(said) if said.isdigit() else 3 if said == "a few" else 2 if said.startswith("a couple") else _NUMBERS[said]
    )


def _day(n: int) -> Callable[[re.Match[str], datetime], _Days | None]:
    def read(found: re.Match[str], now: datetime) -> _Days:
        begin = _midnight(now) - n * DAY
        return _Days(begin, begin + DAY)

    return read


def _week(found: re.Match[str], now: datetime) -> _Days:
    monday = _midnight(now) - now.weekday() * DAY
    if found["which"].lower() == "this":
        return _Days(monday, monday + 7 * DAY)
    return _Days(monday - 7 * DAY, monday)


def _weekend(found: re.Match[str], now: datetime) -> _Days:
    saturday = _midnight(now) - (now.weekday() - 5) * DAY
    if saturday > now or (found["which"] or "").lower() == "last":
        saturday -= 7 * DAY
    return _Days(saturday, saturday + 2 * DAY)


def _month(found: re.Match[str], now: datetime) -> _Days:
    first = _midnight(now).replace(day=1)
    if found["which"].lower() == "this":
        return _Days(first, first + 32 * DAY)
    return _Days((first - DAY).replace(day=1), first)


def _weekday(found: re.Match[str], now: datetime) -> _Days:
    name = found["day"].lower()[:3]
    wanted = [d[:3] for d in _DAYS.split("|")].index(name)
    back = (now.weekday() - wanted) % 7
    if back == 0 and (found["which"] or "").lower() == "last":
        back = 7
    if (found.groupdict().get("before") or "").lower() == "before":
        back += 7
    begin = _midnight(now) - back * DAY
    return _Days(begin, begin + DAY)


def _past(found: re.Match[str], now: datetime) -> _Days:
    return _Days(now - _length(found), now)


def _ago(found: re.Match[str], now: datetime) -> _Days:
    length, unit = _length(found), found["unit"].lower()
    if unit.startswith(("day", "week", "month")):
        begin = _midnight(now - length)
        slack = 0 if unit.startswith("day") else 2 if unit.startswith("week") else 7
        return _Days(begin - slack * DAY, begin + (1 + slack) * DAY)
    return _Days(now - length - length / 2, now - length / 2)


def _length(found: re.Match[str]) -> timedelta:
    n, unit = _number(found), found["unit"].lower()
    days = {"day": 1, "week": 7, "month": 30}.get(unit.removesuffix("s"), 0)
    return n * (days * DAY if days else timedelta(hours=1) if unit.startswith("hour") else timedelta(minutes=1))


def _last_night(found: re.Match[str], now: datetime) -> _Days:
    begin = _midnight(now) - DAY + timedelta(hours=18)
    return _Days(begin, begin + timedelta(hours=12))


def _tonight(found: re.Match[str], now: datetime) -> _Days:
    begin = _midnight(now) + timedelta(hours=17)
    return _Days(begin, begin + timedelta(hours=12))


def _iso(found: re.Match[str], now: datetime) -> _Days | None:
    return _date(int(found["y"]), int(found["m"]), int(found["d"]))


def _named_date(found: re.Match[str], now: datetime) -> _Days | None:
    month = [m[:3] for m in _MONTHS.split("|")[:12]].index(found["month"].lower()[:3]) + 1
    year = int(found["y"]) if found["y"] else now.year
    days = _date(year, month, int(found["d"]))
    if days is not None and not found["y"] and days.begin > now:
        return _date(year - 1, month, int(found["d"]))
    return days


def _date(year: int, month: int, day: int) -> _Days | None:
    if not MINYEAR < year < MAXYEAR:  # there is room for the days before and after
        return None
    try:
        begin = datetime.combine(date(year, month, day), time())
    except ValueError:
        return None
    return _Days(begin, begin + DAY)


def _form(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?:\b(?:on|in|at|during|over|since|from)\s+)?(?:\bthe\s+)?\b{pattern}\b", re.IGNORECASE)


_TAIL = rf"(?:\s+(?:in the |at )?{_PART})?"
_DATE = r"(?P<d>\d{1,2})(?:st|nd|rd|th)?"
_MONTH = rf"(?P<month>{_MONTHS})\.?"
_YEAR = r"(?P<y>\d{4})"
_WHICH = r"(?P<which>this|last|past|previous)"

_DAY_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], datetime], _Days | None]], ...] = (
    (_form(rf"day before yesterday{_TAIL}"), _day(2)),
    (_form(rf"yesterday{_TAIL}"), _day(1)),
    (_form(r"last night"), _last_night),
    (_form(r"tonight"), _tonight),
    (_form(rf"this {_PART}"), _day(0)),
    (_form(rf"today{_TAIL}"), _day(0)),
    (_form(r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})"), _iso),
    (_form(rf"{_DATE}\s+(?:of\s+)?{_MONTH}(?:\s+{_YEAR})?{_TAIL}"), _named_date),
    (_form(rf"{_MONTH}\s+{_DATE}(?!:)(?:,?\s+{_YEAR})?{_TAIL}"), _named_date),
    (_form(rf"{_N}\s+(?P<unit>minutes?|hours?|days?|weeks?|months?)\s+ago"), _ago),
    (_form(rf"(?:last|past|previous)\s+{_N}\s+(?P<unit>minutes?|hours?|days?|weeks?|months?)"), _past),
    (_form(r"(?:last|past)\s+(?P<unit>hour|minute)(?P<n>)"), lambda found, now: _Days(now - timedelta(hours=1), now)),
    (_form(rf"{_WHICH}\s+week(?!end)"), _week),
    (_form(rf"(?:{_WHICH}\s+)?week-?end"), _weekend),
    (_form(rf"{_WHICH}\s+month"), _month),
    (_form(rf"(?:{_WHICH}\s+)?(?P<day>{_DAYS})(?:\s+(?P<before>before) last)?{_TAIL}"), _weekday),
    (_form(rf"(?:{_WHICH}\s+)(?P<day>{_SHORT_DAYS}){_TAIL}"), _weekday),
)  # fmt: skip


def _hour(said: str) -> float | None:
    """The hour of a time of day such as `10`, `10:30`, `3 pm`, `noon`."""
    plain = said.strip().lower().replace(".", ":", 1) if re.match(r"\d{1,2}\.\d{2}", said) else said.strip().lower()
    if plain in ("noon", "midnight"):
        return 12.0 if plain == "noon" else 0.0
    found = re.match(r"(\d{1,2})(?::(\d{2}))?\s*(am|a\.m|pm|p\.m)?", plain)
    if found is None:
        return None
    hour = int(found[1]) + int(found[2] or 0) / 60
    if found[3] and found[3].startswith("p") and hour < 12:
        hour += 12
    elif found[3] and found[3].startswith("a") and int(found[1]) == 12:
        hour -= 12
    return hour if hour <= 24 else None


def _between(found: re.Match[str]) -> Clock | None:
    begin, end = _hour(found["a"]), _hour(found["b"])
    if begin is None or end is None:
        return None
    if re.search("p", found["b"], re.IGNORECASE) and begin < 12 and begin + 12 < end + 0.01:
        begin += 12  # "between 3 and 4 pm"
    return (begin, end if end > begin else end + 24)


def _at(found: re.Match[str]) -> Clock | None:
    hour = _hour(found["a"])
    if hour is None:
        return None
    exact = ":" in found["a"] or "." in found["a"]
    slack = 0.05 if exact and found["how"].lower() == "at" else 0.5
    return (max(0.0, hour - slack), hour + slack + (1 / 60 if exact else 0))


def _after(found: re.Match[str]) -> Clock | None:
    hour = _hour(found["a"])
    if hour is None:
        return None
    return (hour, 24.0) if found["how"].lower() in ("after", "since") else (0.0, hour)


def _part(found: re.Match[str]) -> Clock | None:
    return _PARTS[found["part"].lower()]


_LAST_NUMBER = r"\d{1,2}(?=\s*(?:$|[?.,!]))"
_IN_THE_PART = re.compile(rf"\b(?:in|during) the {_PART}\b", re.I)
_STRICT = r"\d{1,2}[:.]\d{2}(?:\s*(?:am|pm))?|\d{1,2}\s*(?:am|pm|a\.m\.|p\.m\.|o'?clock)|noon|midnight"
_CLOCK_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Clock | None]], ...] = (
    (
        re.compile(rf"\b(?:between|from)\s+(?P<a>{_CLOCK})\s*(?:and|to|until|till|-)\s*(?P<b>{_CLOCK})(?!\w)", re.I),
        _between,
    ),
    (re.compile(rf"\b(?P<how>at|around|about)\s+(?P<a>{_CLOCK})(?![\w:])(?!\s+(?:people|person|cars?))", re.I), _at),
    (
        re.compile(rf"\b(?P<how>after|since|before|until)\s+(?P<a>{_STRICT}|{_LAST_NUMBER})(?![\w:])", re.I),
        _after,
    ),
    (_IN_THE_PART, _part),
    (re.compile(r"\bat (?P<part>night|noon)\b", re.I), _part),
)  # fmt: skip


def moment_of(text: str, option: str, end: bool = False) -> datetime:
    """The time that an option gives in ISO 8601, local where it names no zone; a day alone is its beginning or `end`.

    Raises:
        ArchiveError: it is no time.
    """
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise ArchiveError(
            f"{option} is no ISO 8601 time: {text[:40]!r}; write 2026-11-22 or 2026-11-22T18:00"
        ) from error
    return found + DAY if end and len(text.strip()) <= len("2026-11-22") else found
