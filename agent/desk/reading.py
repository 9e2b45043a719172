"""Reads the archive for the desk, a page at a time, whatever it holds. Blocking; for one thread."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agent.archive.pictures import inside
from agent.archive.records import Moment
from agent.archive.schema import ArchiveError, open_to_read
from agent.archive.search import MOMENT, moment

NS = 1_000_000_000
DAY_NS = 86_400 * NS
BACK_NS = DAY_NS
"""How far before an incident its evidence may lie."""
MAX_EVIDENCE = 16
_RECALLED = re.compile(r".*/archive(\d{1,18})", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Incident:
    """One alert from its beginning to its end, and what people said of it. Times are nanoseconds since 1970."""

    first: Moment
    last: Moment
    """What was said of it last; `first` where nothing followed."""
    seen_ns: int | None
    seen_by: str
    verdict: str
    verdict_by: str

    @property
    def ended(self) -> bool:
        """Whether its end was written."""
        return self.last.more.get("phase") == "end"

    @property
    def evidence(self) -> tuple[str, ...]:
        """Ids of the percepts that it rests on, in its run."""
        found = self.last.more.get("evidence") or self.first.more.get("evidence") or []
        return tuple(str(name) for name in found)[:MAX_EVIDENCE]

    @property
    def rule(self) -> str:
        """Name of the rule that raised it."""
        return str(self.first.more.get("rule") or self.first.source)

    @property
    def text(self) -> str:
        """What happened."""
        return self.last.text.removeprefix(f"{self.rule}: ").removeprefix("over: ")

    @property
    def sources(self) -> tuple[str, ...]:
        """The cameras and microphones of its evidence."""
        return tuple(dict.fromkeys(source_of(name) for name in self.evidence))


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which incidents, or which moments of a camera."""

    before: int = 0
    """Only those with a smaller number; 0: from the newest on."""
    limit: int = 50
    open_only: bool = False
    """Only what nobody has acknowledged."""
    severity: str = ""
    source: str = ""
    """Only those whose evidence is of this source."""
    cameras: tuple[str, ...] = ()
    """Only those whose whole evidence, from beginning to end, is of these; empty: all."""


class Reading:
    """Reads one archive."""

    def __init__(self, folder: Path) -> None:
        """Raises `ArchiveError`: there is none, or it cannot be read."""
        self.folder = folder
        self._db = open_to_read(folder)

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def incidents(self, wanted: Wanted) -> list[Incident]:
        """The newest incidents, the newest first. Raises `ArchiveError`."""
        parts, values = ["e.kind='alert'", "json_extract(e.more, '$.phase')='new'"], list[Any]()
        if wanted.before:
            parts.append("e.id < ?")
            values.append(wanted.before)
        if wanted.open_only:
            parts.append("m.seen_ns IS NULL")
        if wanted.severity:
            # Severity only rises: one that began lower may have got there.
            parts.append(
                "EXISTS (SELECT 1 FROM events u WHERE u.kind='alert' AND u.run=e.run AND u.name=e.name"
                " AND json_extract(u.more, '$.severity')=?)"
            )
            values.append(wanted.severity)
        if wanted.source:
            parts.append("EXISTS (SELECT 1 FROM json_each(e.more, '$.evidence') v WHERE substr(v.value, 1, ?)=?)")
            values += [len(wanted.source) + 1, f"{wanted.source}/"]
        if wanted.cameras:
            parts.append(_ONLY_OF.format(" OR ".join([_IS_OF] * len(wanted.cameras))))
            values += [value for camera in wanted.cameras for value in _is_of(camera)]
        query = f"{_INCIDENT} WHERE {' AND '.join(parts)} ORDER BY e.id DESC LIMIT ?"
        with self._reading():
            return [self._incident(row) for row in self._db.execute(query, (*values, wanted.limit)).fetchall()]

    def unseen(self, cameras: Sequence[str] = (), most: int = 100) -> int:
        """How many incidents, of these cameras (empty: of all), nobody has acknowledged, at most `most`."""
        if cameras:
            return len(self.incidents(Wanted(limit=most, open_only=True, cameras=tuple(cameras))))
        with self._reading():
            query = (
                f"SELECT count(*) FROM (SELECT 1 FROM events e {_MARKS} WHERE e.kind='alert' AND"
                " json_extract(e.more, '$.phase')='new' AND m.seen_ns IS NULL ORDER BY e.id DESC LIMIT ?)"
            )
            return int(self._db.execute(query, (most,)).fetchone()[0])

    def incident(self, number: int, cameras: Sequence[str] = ()) -> Incident | None:
        """The incident that began with this event; None: there is none, or not of these cameras alone (empty: all)."""
        found = self.incidents(Wanted(number + 1, 1, cameras=tuple(cameras)))
        return found[0] if found and found[0].first.id == number else None

    def evidence(self, found: Incident) -> list[Moment]:
        """What an incident rests on, in order of time; what was deleted is missing."""
        return self.named(found.evidence, found.first.run, found.last.t0_ns)

    def incident_picture(self, number: int, cameras: Sequence[str] = ()) -> bytes | None:
        """The first picture of what an incident rests on; None: it has none, or there is no such incident."""
        found = self.incident(number, cameras)
        shown = next((m for m in self.evidence(found) if m.picture), None) if found is not None else None
        return None if shown is None else self.picture(shown.id)

    def named(self, names: Sequence[str], run: int, until_ns: int) -> list[Moment]:
        """The moments of these percepts of a run, as far as the archive has them, in order of time.

        A name that the archive itself gave to a moment of an earlier run leads there.
        """
        out: dict[int, Moment] = {}
        with self._reading():
            for name in list(dict.fromkeys(names))[:MAX_EVIDENCE]:
                known = _RECALLED.fullmatch(name)
                if known is not None:
                    rows = self._db.execute(f"{MOMENT} WHERE e.id=? AND s.name=?", (int(known[1]), source_of(name)))
                else:
                    rows = self._db.execute(
                        f"{MOMENT} WHERE s.name=? AND e.run=? AND e.name=? AND e.t0_ns BETWEEN ? AND ? LIMIT 1",
                        (source_of(name), run, name, until_ns - BACK_NS, until_ns + DAY_NS),
                    )
                out |= {found.id: found for found in map(moment, rows.fetchall())}
        return sorted(out.values(), key=lambda m: (m.t0_ns, m.id))

    def timeline(self, source: str, span: tuple[int, int], kinds: Sequence[str], wanted: Wanted) -> list[Moment]:
        """The moments of a camera that began in `[begin, end)`, the newest first."""
        parts = ["s.name=?", "e.t0_ns >= ?", "e.t0_ns < ?", "e.kind NOT IN ('transcript', 'health')"]
        values: list[Any] = [source, *span]
        if kinds:
            parts.append(f"e.kind IN ({','.join('?' * len(kinds))})")
            values += kinds
        if wanted.before:
            parts.append("(e.t0_ns, e.id) < (SELECT t0_ns, id FROM events WHERE id=?)")
            values.append(wanted.before)
        query = f"{MOMENT} WHERE {' AND '.join(parts)} ORDER BY e.t0_ns DESC, e.id DESC LIMIT ?"
        with self._reading():
            return [moment(row) for row in self._db.execute(query, (*values, wanted.limit)).fetchall()]

    def busy(self, source: str, span: tuple[int, int], parts: int) -> list[int]:
        """How many moments began in each of so many equal parts of a time."""
        width = max(1, (span[1] - span[0]) // parts)
        query = (
            "SELECT (e.t0_ns - ?) / ?, count(*) FROM events e JOIN sources s ON s.id = e.source WHERE s.name=?"
            " AND e.t0_ns >= ? AND e.t0_ns < ? AND e.kind NOT IN ('transcript', 'health') GROUP BY 1"
        )
        counts = [0] * parts
        with self._reading():
            for part, n in self._db.execute(query, (span[0], width, source, *span)):
                counts[min(parts - 1, int(part))] += int(n)
        return counts

    def sources(self) -> list[str]:
        """Names of all that has perceived something."""
        with self._reading():
            query = (
                "SELECT name FROM sources s WHERE EXISTS (SELECT 1 FROM events e WHERE e.source = s.id AND"
                " e.kind NOT IN ('alert', 'health', 'reply') LIMIT 1) ORDER BY name LIMIT 1000"
            )
            return [str(row[0]) for row in self._db.execute(query)]

    def picture(self, number: int, cameras: Sequence[str] = ()) -> bytes | None:
        """The picture of an event, by the event's number; None: it has none, or is of none of these cameras (empty:
        of all). Never a path from outside."""
        with self._reading():
            query = (
                "SELECT p.path, s.name FROM events e JOIN pictures p ON p.id = e.picture JOIN sources s ON"
                " s.id = e.source WHERE e.id=?"
            )
            row = self._db.execute(query, (number,)).fetchone()
        allowed = row is not None and (not cameras or row[1] in cameras)
        file = inside(self.folder, str(row[0])) if allowed else None
        if file is None:
            return None
        try:
            return file.read_bytes()
        except OSError:  # removed meanwhile, being too old
            return None

    def _incident(self, row: Sequence[Any]) -> Incident:
        *told, seen_ns, seen_by, verdict, verdict_by = row
        first = moment(told)
        query = f"{MOMENT} WHERE e.kind='alert' AND e.run=? AND e.name=? AND e.id >= ? ORDER BY e.id DESC LIMIT 1"
        last = self._db.execute(query, (first.run, first.name, first.id)).fetchone()
        newest = first if last is None else moment(last)
        return Incident(first, newest, seen_ns, seen_by or "", verdict or "", verdict_by or "")

    @contextmanager
    def _reading(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise ArchiveError(f"the archive in {self.folder} cannot be read: {error}") from error


def source_of(percept: str) -> str:
    """The source of a percept, by its id: `front door/v12` is of `front door`."""
    return percept.rpartition("/")[0]


_MARKS = "LEFT JOIN desk_marks m ON m.run = e.run AND m.name = e.name"
_INCIDENT = (
    MOMENT.replace(" FROM events e ", ", m.seen_ns, m.seen_by, m.verdict, m.verdict_by FROM events e ", 1)
    + f" {_MARKS}"
)

# Evidence that is not of one of some cameras, anywhere in an incident; or none at all: nobody knows whose that is.
_IS_OF = "(substr(v.value, 1, ?)=? AND instr(substr(v.value, ?), '/')=0)"
_ONLY_OF = (
    "EXISTS (SELECT 1 FROM json_each(e.more, '$.evidence')) AND NOT EXISTS (SELECT 1 FROM events u,"
    " json_each(u.more, '$.evidence') v WHERE u.kind='alert' AND u.run=e.run AND u.name=e.name AND NOT ({}))"
)


def _is_of(camera: str) -> tuple[int, str, int]:
    """Values of `_IS_OF`: the id begins with the camera and a stroke, and has no other."""
    return len(camera) + 1, f"{camera}/", len(camera) + 2
