"""What people said of incidents: acknowledged, useful or not. In the archive's own file, so that they go
and come with it.

Beside the table two kinds of index are made, without which the desk would read all events to find a few.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

from agent.archive.schema import ArchiveError, open_to_write

Verdict = Literal["", "useful", "not_useful"]

_TABLES = (
    "CREATE TABLE IF NOT EXISTS desk_marks(run INTEGER NOT NULL, name TEXT NOT NULL, seen_ns INTEGER, seen_by TEXT NOT"
    " NULL DEFAULT '', verdict TEXT NOT NULL DEFAULT '', verdict_by TEXT NOT NULL DEFAULT '', PRIMARY KEY(run, name))",
    "CREATE INDEX IF NOT EXISTS desk_alerts ON events(id) WHERE kind='alert'",
    "CREATE INDEX IF NOT EXISTS desk_incidents ON events(run, name) WHERE kind='alert'",
    "CREATE INDEX IF NOT EXISTS desk_sources ON events(source, t0_ns)",
)


@dataclass(frozen=True, slots=True)
class Mark:
    """What is to be noted of the incident `name` of a run."""

    run: int
    name: str
    by: str
    t_ns: int
    """Nanoseconds since 1970."""


class Marks:
    """Writes them. Blocking, for one thread. A context manager."""

    def __init__(self, folder: Path) -> None:
        """Raises `ArchiveError`."""
        self._folder = folder
        self._db = open_to_write(folder)
        try:
            for statement in _TABLES:
                self._db.execute(statement)
            # Those of incidents that were deleted, or too old, go with them.
            self._db.execute(
                "DELETE FROM desk_marks WHERE NOT EXISTS (SELECT 1 FROM events e WHERE e.kind='alert'"
                " AND e.run = desk_marks.run AND e.name = desk_marks.name)"
            )
        except sqlite3.Error as error:
            self._db.close()
            raise ArchiveError(f"the archive in {folder} cannot be written: {error}") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def acknowledge(self, mark: Mark) -> None:
        """Somebody has seen it; who was first stays."""
        self._write(
            "INSERT INTO desk_marks(run, name, seen_ns, seen_by) VALUES(?,?,?,?) ON CONFLICT(run, name) DO UPDATE SET"
            " seen_ns=coalesce(seen_ns, excluded.seen_ns), seen_by=iif(seen_by='', excluded.seen_by, seen_by)",
            (mark.run, mark.name, mark.t_ns, mark.by),
        )

    def judge(self, mark: Mark, verdict: Verdict) -> None:
        """Somebody says whether it was useful; the last word counts."""
        self._write(
            "INSERT INTO desk_marks(run, name, verdict, verdict_by) VALUES(?,?,?,?) ON CONFLICT(run, name) DO UPDATE"
            " SET verdict=excluded.verdict, verdict_by=excluded.verdict_by",
            (mark.run, mark.name, verdict, mark.by),
        )

    def _write(self, statement: str, values: tuple[object, ...]) -> None:
        try:
            self._db.execute(statement, values)
        except sqlite3.Error as error:
            raise ArchiveError(f"the archive in {self._folder} cannot be written: {error}") from error
