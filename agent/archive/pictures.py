"""Pictures beside the database, in folders by day and source, and how long they stay."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from agent.archive.records import Record, folder_name, local
from agent.archive.schema import PICTURES

DAY_NS = 86_400 * 1_000_000_000
MAX_PICTURE_BYTES = 4 * 1024 * 1024
_BATCH = 200


@dataclass(frozen=True, slots=True)
class Limits:
    """How long what is archived stays. Pictures go before events, unimportant ones before those of alerts, the oldest
    first."""

    pictures_days: float = 14.0
    alert_pictures_days: float = 90.0
    pictures_mb: int = 4000
    """All pictures together."""
    min_free_mb: int = 500
    """Pictures are deleted while the disk has less room than this."""
    events_days: float = 365.0
    alerts_days: float = 3650.0


class PictureFiles:
    """Writes and removes pictures; the database knows each. Blocking, used by the thread that writes the database."""

    def __init__(self, folder: Path, db: sqlite3.Connection) -> None:
        self.folder = folder
        self._db = db
        self._last: tuple[int, bytes] | None = None
        self._fresh: list[str] = []

    def keep(self, record: Record) -> int | None:
        """Write the record's picture; percepts of one frame share it. Returns its number, None where it is too large.

        Raises:
            OSError: the disk refuses.
        """
        picture = record.picture
        if picture is None or len(picture) > MAX_PICTURE_BYTES:
            return None
        if self._last is not None and self._last[1] is picture and self._known(self._last[0]):
            return self._last[0]
        moment = local(record.t0_ns)
        date, important = f"{moment:%Y-%m-%d}", int(record.urgent)
        place = Path(PICTURES) / date / folder_name(record.source)
        (self.folder / place).mkdir(parents=True, exist_ok=True)
        path, n = place / f"{moment:%H%M%S}.jpg", 1
        while (self.folder / path).exists():
            n += 1
            path = place / f"{moment:%H%M%S}-{n}.jpg"
        self._fresh.append(path.as_posix())
        (self.folder / path).write_bytes(picture)
        cursor = self._db.execute(
            "INSERT INTO pictures(path, t_ns, bytes, important) VALUES(?,?,?,?)",
            (path.as_posix(), record.t0_ns, len(picture), important),
        )
        self._last = (int(cursor.lastrowid or 0), picture)
        return self._last[0]

    def settle(self, committed: bool) -> None:
        """A transaction ended: the files that it wrote stay, or go with it."""
        if not committed:
            self._last = None
            for path in self._fresh:
                self.unlink(path)
        self._fresh.clear()

    def forget(self, number: int) -> int:
        """Remove a picture and its file; returns its size in bytes. Call within a transaction.

        The file goes at once: were the transaction undone, its moment would lack a picture, which is better than a
        picture that stays though it was to go.
        """
        found = self._db.execute("SELECT path, bytes FROM pictures WHERE id=?", (number,)).fetchone()
        if found is None:
            return 0
        self._db.execute("UPDATE events SET picture=NULL WHERE picture=?", (number,))
        self._db.execute("DELETE FROM pictures WHERE id=?", (number,))
        self.unlink(str(found[0]))
        return int(found[1])

    def unlink(self, path: str) -> None:
        """Remove a picture's file, and its folders where they are empty now."""
        file = self.folder / path
        with contextlib.suppress(FileNotFoundError):
            file.unlink()
        for parent in (file.parent, file.parent.parent):
            with contextlib.suppress(OSError):
                parent.rmdir()

    def sweep(self, now_ns: int, limits: Limits, free_bytes: int | None = None) -> int:
        """Remove what is too old or too much; returns how many pictures went. Call within a transaction.

        Args:
            now_ns: nanoseconds since 1970.
            limits: how long and how much.
            free_bytes: room on the disk; None: as the disk says.
        """
        gone = 0
        for important, days in ((0, limits.pictures_days), (1, limits.alert_pictures_days)):
            rows = self._db.execute(
                "SELECT id FROM pictures WHERE important=? AND t_ns < ?", (important, now_ns - round(days * DAY_NS))
            )
            gone += sum(1 for (number,) in rows.fetchall() if self.forget(number))
        free = shutil.disk_usage(self.folder).free if free_bytes is None else free_bytes
        over = max(self.size_bytes() - limits.pictures_mb * 1_000_000, limits.min_free_mb * 1_000_000 - free)
        return gone + (self.make_room(over) if over > 0 else 0)

    def make_room(self, wanted_bytes: int) -> int:
        """Remove pictures, unimportant before important, oldest first, until so much is free; returns how many."""
        gone = freed = 0
        for number in self._oldest():
            if freed >= wanted_bytes:
                break
            freed += self.forget(number)
            gone += 1
        return gone

    def size_bytes(self) -> int:
        """All pictures together."""
        return int(self._db.execute("SELECT coalesce(sum(bytes), 0) FROM pictures").fetchone()[0])

    def remove_strays(self, now_ns: int) -> int:
        """Files of yesterday and today that the database does not know, as a kill between file and commit leaves them;
        returns how many."""
        gone = 0
        for days in (0, 1):
            day = self.folder / PICTURES / f"{local(now_ns - days * DAY_NS):%Y-%m-%d}"
            for file in sorted(day.rglob("*.jpg")):
                path = file.relative_to(self.folder).as_posix()
                if self._db.execute("SELECT 1 FROM pictures WHERE path=?", (path,)).fetchone() is None:
                    self.unlink(path)
                    gone += 1
        return gone

    def _oldest(self) -> Iterator[int]:
        while rows := self._db.execute(f"SELECT id FROM pictures ORDER BY important, t_ns LIMIT {_BATCH}").fetchall():
            yield from (int(row[0]) for row in rows)

    def _known(self, number: int) -> bool:
        return self._db.execute("SELECT 1 FROM pictures WHERE id=?", (number,)).fetchone() is not None


def inside(folder: Path, path: str) -> Path | None:
    """The file of a picture's path, or None where that leads out of the archive's pictures."""
    file = Path(os.path.realpath(folder / path))
    return file if file.is_relative_to(os.path.realpath(folder / PICTURES)) else None
