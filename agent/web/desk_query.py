"""What a request to the desk may say, checked; and how moments and incidents are told in JSON."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from aiohttp import web

from agent.archive.asked import Filter
from agent.archive.records import ARCHIVED, MAX_NAME_CHARS, Moment, local, wall_ns
from agent.archive.schema import ArchiveError
from agent.archive.when import moment_of
from agent.desk.reading import Incident
from agent.web.access import refuse, who_of
from streams.types import KINDS

PERCEIVED = (*(kind for kind in KINDS if kind != "health"), "transcript")
"""Kinds that are of the camera or microphone which they name, and of no other."""


def moment_json(found: Moment) -> dict[str, Any]:
    """A moment as the page reads it; times in ISO 8601."""
    return {
        "id": found.id, "kind": found.kind, "source": found.source, "t0": found.began.isoformat(),
        "t1": local(found.t1_ns).isoformat(), "text": found.text, "speaker": found.speaker,
        "confidence": round(found.confidence, 3), "picture": bool(found.picture), "box": found.more.get("box"),
    }  # fmt: skip


def incident_json(found: Incident, run: int) -> dict[str, Any]:
    """An incident as the page reads it."""
    more = found.last.more
    return {
        "id": found.first.id, "rule": found.rule, "text": found.text, "severity": more.get("severity", "info"),
        "t0": found.first.began.isoformat(), "t1": found.last.began.isoformat(),
        "ended": found.ended or found.first.run != run, "sources": list(found.sources),
        "seen": None if found.seen_ns is None else local(found.seen_ns).isoformat(), "seen_by": found.seen_by,
        "verdict": found.verdict, "verdict_by": found.verdict_by,
    }  # fmt: skip


def number(request: web.Request, key: str, default: int, most: int = 2**53) -> int:
    """A whole number of the query, from 0 to `most`."""
    given = request.query.get(key, "")
    if not given:
        return default
    if not (given.isascii() and given.isdecimal() and len(given) < 18):
        raise refuse(web.HTTPBadRequest, f"{key!r} must be a whole number")
    return min(int(given), most)


def limit(request: web.Request, default: int, most: int) -> int:
    """How many of a list, from 1 to `most`."""
    return max(1, number(request, "limit", default, most))


def path_number(request: web.Request) -> int:
    """The `{id}` of a path."""
    given = request.match_info["id"]
    if not (given.isascii() and given.isdecimal() and len(given) < 18):
        raise refuse(web.HTTPNotFound, "there is nothing of that number")
    return int(given)


def text(request: web.Request, key: str, most: int = MAX_NAME_CHARS) -> str:
    """A text of the query."""
    given = request.query.get(key, "")
    if len(given) > most:
        raise refuse(web.HTTPBadRequest, f"{key!r} has more than {most} characters")
    return given


def flag(request: web.Request, key: str) -> bool:
    """Whether a key of the query is set."""
    return one_of(request, key, ("", "0", "1")) == "1"


def one_of(request: web.Request, key: str, choices: tuple[str, ...]) -> str:
    """One of some words of the query."""
    given = request.query.get(key, "")
    if given not in choices:
        raise refuse(web.HTTPBadRequest, f"{key!r} must be one of {', '.join(c for c in choices if c)}")
    return given


def kinds_of(request: web.Request) -> tuple[str, ...]:
    """The kinds that the query chooses. For whoever sees some cameras alone only what was perceived is among them: an
    alert or an answer may tell of others."""
    kinds = tuple(dict.fromkeys(kind for kind in request.query.getall("kind", []) if kind))
    if len(kinds) > len(ARCHIVED) or any(kind not in ARCHIVED for kind in kinds):
        raise refuse(web.HTTPBadRequest, f"'kind' must be of {', '.join(ARCHIVED)}")
    if not who_of(request).cameras:
        return kinds
    chosen = tuple(kind for kind in kinds or PERCEIVED if kind in PERCEIVED)
    if not chosen:
        raise refuse(web.HTTPForbidden, "that kind may tell of other cameras")
    return chosen


def spans_of(request: web.Request) -> tuple[tuple[int, int], ...]:
    """The time that the query's `from` and `to` choose; none where they are left out."""
    return span_of(text(request, "from", 40), text(request, "to", 40))


def span_of(begin: str, end: str) -> tuple[tuple[int, int], ...]:
    """The time between two ISO 8601 times, either of which may be empty, in nanoseconds since 1970."""
    if not begin and not end:
        return ()
    try:
        first = wall_ns(moment_of(begin, "from")) if begin else 0
        last = wall_ns(moment_of(end, "to", end=True)) if end else wall_ns(datetime(2200, 1, 1))
    except (ArchiveError, OverflowError, OSError, ValueError) as error:
        line = str(error) if isinstance(error, ArchiveError) else "'from' or 'to' is out of range"
        raise refuse(web.HTTPBadRequest, line) from None
    if not (0 <= first < 2**63 and 0 <= last < 2**63):
        raise refuse(web.HTTPBadRequest, "'from' or 'to' is out of range")
    return ((first, last),)


def filter_of(request: web.Request) -> Filter:
    """What the query chooses of the archive."""
    camera, who = text(request, "camera"), who_of(request)
    if camera and not who.sees(camera):
        raise refuse(web.HTTPNotFound, "there is no such camera")
    return Filter(spans_of(request), (camera,) if camera else who.cameras, kinds_of(request))


def day_of(request: web.Request, now: datetime) -> date:
    """The query's `day`; today by default."""
    given = request.query.get("day", "")
    if not given:
        return now.date()
    try:
        day = date.fromisoformat(given[:20])
    except ValueError:
        raise refuse(web.HTTPBadRequest, "'day' must be like 2026-11-22") from None
    if not 1971 <= day.year < 2200:
        raise refuse(web.HTTPBadRequest, "'day' is out of range")
    return day


def day_span(day: date) -> tuple[int, int]:
    """A local day in nanoseconds since 1970, `[begin, end)`."""
    begin = datetime(day.year, day.month, day.day)
    return wall_ns(begin), wall_ns(begin + timedelta(days=1))
