"""Writes the archive. Blocking, for one thread; `agent.archive.keeper` brings it to the event loop.

A text that was said before is stored and indexed once; events point to it. So a year of "a person enters from the left"
is small, and a search looks at different texts, not at every event.
"""

from __future__ import annotations

import errno
import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from agent.archive.pictures import PictureFiles, inside
from agent.archive.records import RECALLED, Clip, Record, tidy
from agent.archive.schema import ArchiveError, open_to_write

Bits = Callable[[str], bytes]
"""The meaning of a text as bits, see `agent.archive.meaning`."""


def text_hash(text: str) -> int:
    """A signed number of 64 bits by which a text is looked up."""
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8"), digest_size=8).digest(), "big", signed=True)


class Store:
    """The archive of a folder, opened for writing. A context manager."""

    def __init__(self, folder: Path, began_ns: int, bits: Bits | None = None) -> None:
        """
        Args:
            folder: made where there is none.
            began_ns: when this run began, nanoseconds since 1970.
            bits: what texts mean, for search by meaning; None: only words are searched.

        Raises:
            ArchiveError: the archive cannot be opened.
        """
        self.folder = folder
        self.db = open_to_write(folder)
        self.pictures = PictureFiles(folder, self.db)
        self._bits = bits
        self._began_ns = began_ns
        self._run = 0
        self._sources: dict[str, int] = {}
        self._changes = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.db.close()

    @property
    def run(self) -> int:
        """The number of this run in the archive; 0 before anything was written."""
        return self._run

    def add(self, records: Sequence[Record]) -> list[int]:
        """Write records in one transaction; when this returns they are on the disk. Returns their numbers.

        Raises:
            ArchiveError: nothing of them was written, such as when the disk is full (`full` is set).
        """
        ready = [tidy(record) for record in records]
        with self.transaction():
            return [self._add(record) for record in ready]

    def add_clip(self, clip: Clip) -> bool:
        """Keep a clip with the alerts of this run that it belongs to; False where none of them is in the archive (any
        more), or it is too large.

        Raises:
            ArchiveError: as for `add`.
        """
        with self.transaction():
            marks = ",".join("?" * len(clip.names))
            query = f"SELECT id FROM events WHERE kind='alert' AND run=? AND name IN ({marks})"
            ids = [int(row[0]) for row in self.db.execute(query, (self._run, *clip.names))]
            number = self.pictures.keep_clip(clip) if ids else None
            if number is not None:
                self.db.executemany("UPDATE events SET clip=? WHERE id=?", [(number, i) for i in ids])
            return number is not None

    def picture_of(self, name: str) -> bytes | None:
        """The JPEG of a moment of this run by its name, or of any by the name that it is brought back under
        (`agent.archive.recall`); None where there is none (any more).

        Raises:
            ArchiveError: the archive cannot be read.
        """
        recalled = RECALLED.search(name)
        which, values = "e.run=? AND e.name=?", (self._run, name)
        if recalled is not None:  # its source is asked for as well: who may see one camera sees no other by a number
            which, values = "e.id=? AND s.name=?", (int(recalled[1]), name[: recalled.start()])
        query = (
            "SELECT p.path FROM events e JOIN sources s ON s.id = e.source JOIN pictures p ON p.id = e.picture"
            f" WHERE {which} LIMIT 1"
        )
        try:
            found = self.db.execute(query, values).fetchone()
            file = None if found is None else inside(self.folder, str(found[0]))
            return None if file is None else file.read_bytes()
        except FileNotFoundError:
            return None
        except (sqlite3.Error, OSError) as error:
            raise ArchiveError(f"the archive in {self.folder} cannot be read: {error}") from error

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing. Raises `ArchiveError` for what the database or the disk refuses."""
        done = False
        try:
            self.db.execute("BEGIN IMMEDIATE")
            self._look_around()
            yield
            self.db.execute("COMMIT")
            done = True
        except (sqlite3.Error, OSError) as error:
            refused = ArchiveError(f"the archive in {self.folder} cannot be written: {error}")
            refused.full = _no_room(error)
            raise refused from error
        finally:
            if not done:
                self._undo()
            self.pictures.settle(done)

    def _look_around(self) -> None:
        """Somebody else may have written, such as a deletion that took a source which we know by its number."""
        changes = int(self.db.execute("PRAGMA data_version").fetchone()[0])
        if changes != self._changes:
            self._changes = changes
            self._sources.clear()

    def _undo(self) -> None:
        self._sources.clear()
        if self.db.in_transaction:
            self.db.execute("ROLLBACK")
        if self._run and not self.db.execute("SELECT 1 FROM runs WHERE id=?", (self._run,)).fetchone():
            self._run = 0

    def _add(self, record: Record) -> int:
        picture = self.pictures.keep(record) if record.picture is not None else None
        more = json.dumps(record.more, ensure_ascii=True) if record.more else None
        source, text = self._source(record.source), self._text(record.text)
        run, clip = self._begin(), None
        if record.urgent:
            shown = self._spare_evidence(record)
            picture, clip = picture or shown, self._clip_of(record.name)
        values = (
            run, record.kind, source, record.t0_ns, record.t1_ns, text, record.name, record.speaker,
            record.confidence, more, picture, clip,
        )  # fmt: skip
        cursor = self.db.execute(
            "INSERT INTO events(run, kind, source, t0_ns, t1_ns, text, name, speaker, confidence, more, picture, clip)"
            " VALUES(?,?,?,?,?,?,?,?,?,?,?,?)",
            values,
        )
        return int(cursor.lastrowid or 0)

    def _begin(self) -> int:
        if not self._run:
            self._run = int(self.db.execute("INSERT INTO runs(began_ns) VALUES(?)", (self._began_ns,)).lastrowid or 0)
        return self._run

    def _source(self, name: str) -> int:
        if name not in self._sources:
            self.db.execute("INSERT OR IGNORE INTO sources(name) VALUES(?)", (name,))
            self._sources[name] = int(self.db.execute("SELECT id FROM sources WHERE name=?", (name,)).fetchone()[0])
        return self._sources[name]

    def _text(self, text: str) -> int:
        number = text_hash(text)
        found = self.db.execute("SELECT id FROM texts WHERE hash=? AND text=?", (number, text)).fetchone()
        if found is not None:
            return int(found[0])
        bits = self._bits(text) if self._bits is not None else None
        cursor = self.db.execute("INSERT INTO texts(hash, text, bits) VALUES(?,?,?)", (number, text, bits))
        text_id = int(cursor.lastrowid or 0)
        self.db.execute("INSERT INTO words(rowid, text) VALUES(?,?)", (text_id, text))
        return text_id

    def _spare_evidence(self, record: Record) -> int | None:
        """The pictures that an alert rests on are kept as long as the alert's. Returns the number of the first."""
        first: int | None = None
        for name in list(record.more.get("evidence", ()))[:32]:
            query = "SELECT picture FROM events WHERE picture IS NOT NULL AND run=? AND name=? AND t0_ns > ?"
            for (number,) in self.db.execute(query, (self._run, str(name), record.t0_ns - _EVIDENCE_NS)).fetchall():
                self.db.execute("UPDATE pictures SET important=1 WHERE id=?", (number,))
                first = int(number) if first is None else first
        return first

    def _clip_of(self, alert: str) -> int | None:
        """The clip that an alert of this run has already: it is told again when it changes and when it ends."""
        query = "SELECT clip FROM events WHERE run=? AND name=? AND kind='alert' AND clip IS NOT NULL LIMIT 1"
        found = self.db.execute(query, (self._run, alert)).fetchone()
        return None if found is None else int(found[0])


def _no_room(error: sqlite3.Error | OSError) -> bool:
    """Whether the disk is full, or the user's share of it."""
    if isinstance(error, OSError):
        return error.errno in (errno.ENOSPC, errno.EDQUOT)
    return getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL


_EVIDENCE_NS = 24 * 3600 * 1_000_000_000
"""How far back the evidence of an alert is looked for."""
