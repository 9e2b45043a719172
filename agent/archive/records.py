"""What the archive keeps: a record of everything that was perceived, answered or alerted, in wall-clock time."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from dialog.events import Alert, Event, Perceived, Reply
from streams import wording
from streams.types import KINDS, Health, Percept, Transcript

ARCHIVED: tuple[str, ...] = (*KINDS, "transcript", "reply", "alert")
"""Kinds of records: those of percepts, and `transcript` (every word of what was said), `reply` (what heed was asked and
answered) and `alert`."""

MAX_TEXT_CHARS = 4000
MAX_NAME_CHARS = 200

RECALLED = re.compile(r"/archive([0-9]{1,18})$")
"""How a moment of another run is named where it is brought back for a question, see `agent.archive.recall`."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Record:
    """One thing to keep. Times are nanoseconds since 1970, UTC."""

    kind: str
    """One of `ARCHIVED`."""
    source: str
    t0_ns: int
    t1_ns: int
    text: str
    name: str = ""
    """Id of the percept or alert in its run."""
    speaker: str = ""
    confidence: float = 1.0
    more: Mapping[str, Any] = field(default_factory=dict)
    """What only some kinds have, as plain JSON values: `box`, `evidence`, `question`, `rule`, `severity`, `phase`."""
    picture: bytes | None = None
    """A JPEG of the moment."""

    @property
    def urgent(self) -> bool:
        """An alert: written at once, kept longest."""
        return self.kind == "alert"


@dataclass(frozen=True, slots=True)
class Clip:
    """What a camera showed before and after an alert. Times are nanoseconds since 1970, UTC."""

    source: str
    names: tuple[str, ...]
    """Ids of the alerts in their run."""
    t0_ns: int
    t1_ns: int
    film: bytes
    """MP4, H.264."""
    important: bool = True
    """Whether it is of more than an `info`."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A record as it was found in the archive. Times are nanoseconds since 1970, UTC."""

    id: int
    """Number in the archive, never used again."""
    run: int
    """The run of heed in which it was written; names are unique in one run."""
    kind: str
    source: str
    t0_ns: int
    t1_ns: int
    text: str
    name: str
    speaker: str
    confidence: float
    more: Mapping[str, Any]
    picture: str
    """Path within the archive's folder; empty where there is none (any more)."""
    clip: str = ""
    """As `picture`, of an MP4."""

    @property
    def began(self) -> datetime:
        """Local wall-clock time of its beginning."""
        return local(self.t0_ns)

    def line(self) -> str:
        """As the language model reads it: `14:03 front door: a person enters from the left`."""
        percept = Percept(self.name, "text", self.source, 0, 0, self.text)
        return wording.line(percept, self.began.replace(tzinfo=None))


def wall_ns(moment: datetime) -> int:
    """Nanoseconds since 1970 of a wall-clock time; one without a time zone is local."""
    aware = moment if moment.tzinfo is not None else moment.astimezone()
    return (aware - EPOCH) // timedelta(microseconds=1) * 1000


def local(t_ns: int) -> datetime:
    """Local wall-clock time of nanoseconds since 1970."""
    return (EPOCH + timedelta(microseconds=t_ns // 1000)).astimezone()


def clean(text: str, limit: int = MAX_TEXT_CHARS) -> str:
    """Text that a database and a terminal can hold: no half characters, no control characters, at most `limit` long."""
    whole = text[:limit].encode("utf-8", "replace").decode("utf-8")
    return "".join(c if c.isprintable() or c in "\u200d\u200c" else " " for c in whole)


def tidy(record: Record) -> Record:
    """The record as it is kept."""
    return replace(
        record,
        text=clean(record.text).strip() or "(nothing)",
        source=clean(record.source, MAX_NAME_CHARS),
        name=clean(record.name, MAX_NAME_CHARS),
        speaker=clean(record.speaker, MAX_NAME_CHARS),
        t1_ns=max(record.t0_ns, record.t1_ns),
    )


def folder_name(source: str) -> str:
    """A source's name as a folder: letters, digits, `_` and `-` of ASCII only; others are replaced, and a piece of a
    hash keeps two such sources apart. Whatever the source is called, this names one folder and nothing above it."""
    plain = "".join(c if c.isascii() and (c.isalnum() or c in "_-") else "_" for c in source)[:48]
    if plain and plain == source:
        return plain
    told = hashlib.blake2b(source.encode("utf-8", "replace"), digest_size=4).hexdigest()
    return f"{plain.strip('_') or 'source'}-{told}"


def _camera(alert: Alert) -> str:
    """The source of the first thing that an alert rests on: who looks at a camera, or deletes it, means its alerts too.
    Where it rests on nothing, as one of absence does, the rule."""
    return alert.evidence[0].rpartition("/")[0] or alert.rule if alert.evidence else alert.rule


def _told(alert: Alert) -> str:
    """With the rule's name, so that it is found by it, and without the place, which the source says."""
    place = f"{wording.place(_camera(alert))}: "
    head, _, rest = alert.text.partition(place) if place in alert.text[: len(place) + 16] else (alert.text, "", "")
    return f"{alert.rule}: {head}{rest}"


def record_of(event: Event, start_ns: int, picture: Callable[[str], bytes | None]) -> Record | None:
    """The record of an event, or None for one that is not kept (interim texts, turns, captions).

    Args:
        event: as published.
        start_ns: stream time zero in nanoseconds since 1970.
        picture: the JPEG of a percept's moment by its id.
    """
    match event:
        case Perceived(_, Percept() as p):
            more: dict[str, Any] = {} if p.box is None else {"box": [round(v, 4) for v in p.box]}
            t0_ns, t1_ns = start_ns + p.t0_ns, start_ns + p.t1_ns
            return Record(
                p.kind, p.source, t0_ns, t1_ns, p.text, p.id, p.speaker, p.confidence, more, picture(p.id)
            )  # fmt: skip
        case Perceived(_, Transcript() as said):
            t0_ns, t1_ns = start_ns + said.t0_ns, start_ns + said.t1_ns
            return Record("transcript", said.source, t0_ns, t1_ns, said.text, "", said.speaker)
        case Reply():
            text = f'asked "{event.question}", answered "{event.text}"' if event.question else event.text
            more = {"question": event.question, "answer": event.text, "evidence": list(event.evidence)}
            asked_ns = start_ns + (event.asked_ns or event.t_ns)
            return Record("reply", event.source, asked_ns, start_ns + event.t_ns, text, more=more)
        case Alert():
            more = {"rule": event.rule, "severity": event.severity, "phase": event.phase}
            more |= {"evidence": list(event.evidence)}
            t_ns = start_ns + event.t_ns
            return Record("alert", _camera(event), t_ns, t_ns, _told(event), event.id, more=more)
        case Health():
            t_ns = start_ns + event.t_ns
            return Record("health", event.component, t_ns, t_ns, f"{event.component} {event.state}: {event.reason}")
        case _:
            return None
