"""Pictures and clips beside the database, in folders by day and source, and how long they stay."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from agent.archive.records import Clip, Record, folder_name, local
from agent.archive.schema import PICTURES

DAY_NS = 86_400 * 1_000_000_000
MAX_PICTURE_BYTES = 4 * 1024 * 1024
MAX_CLIP_BYTES = 64 * 1024 * 1024
SUFFIXES = (".jpg", ".mp4")
_BATCH = 200


@dataclass(frozen=True, slots=True)
class Limits:
    """How long what is archived stays. Clips go before pictures and pictures before events, unimportant ones before
    those of alerts, the oldest first."""

    pictures_days: float = 14.0
    alert_pictures_days: float = 90.0
    pictures_mb: int = 4000
    """All pictures together."""
    min_free_mb: int = 500
    """Clips and pictures are deleted while the disk has less room than this."""
    events_days: float = 365.0
    alerts_days: float = 3650.0
    clips_days: float = 30.0
    clips_mb: int = 4000
    """All clips together."""


class PictureFiles:
    """Writes and removes pictures and clips; the database knows each. Blocking, used by the thread that writes the
    database."""

    def __init__(self, folder: Path, db: sqlite3.Connection) -> None:
        self.folder = folder
        self.sacrificed = 0
        """How many were removed because the disk had too little room."""
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
        path = self._write(record.source, record.t0_ns, ".jpg", picture)
        self._last = (self._enter(path, record.t0_ns, len(picture), record.urgent, False), picture)
        return self._last[0]

    def keep_clip(self, clip: Clip) -> int | None:
        """Write a clip. Returns its number, None where it is too large. Call within a transaction.

        Raises:
            OSError: the disk refuses.
        """
        if len(clip.film) > MAX_CLIP_BYTES:
            return None
        path = self._write(clip.source, clip.t0_ns, ".mp4", clip.film)
        return self._enter(path, clip.t0_ns, len(clip.film), clip.important, True)

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
        self._db.execute("UPDATE events SET clip=NULL WHERE clip=?", (number,))
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
        """Remove what is too old or too much; returns how many files went. Call within a transaction.

        Args:
            now_ns: nanoseconds since 1970.
            limits: how long and how much.
            free_bytes: room on the disk; None: as the disk says.
        """
        gone = 0
        for which, days in (
            ("clip = 0 AND important = 0", limits.pictures_days),
            ("clip = 0 AND important = 1", limits.alert_pictures_days),
            ("clip = 1", limits.clips_days),
        ):
            query = f"SELECT id FROM pictures WHERE {which} AND t_ns < ?"
            rows = self._db.execute(query, (now_ns - round(days * DAY_NS),))
            gone += sum(1 for (number,) in rows.fetchall() if self.forget(number))
        gone += self._shrink("clip = 1", self.size_bytes(True) - limits.clips_mb * 1_000_000)
        gone += self._shrink("clip = 0", self.size_bytes(False) - limits.pictures_mb * 1_000_000)
        free = shutil.disk_usage(self.folder).free if free_bytes is None else free_bytes
        return gone + self.make_room(limits.min_free_mb * 1_000_000 - free)

    def make_room(self, wanted_bytes: int) -> int:
        """For want of room on the disk: remove clips and then pictures, unimportant before important, oldest first,
        until so much is free; returns how many. Call within a transaction."""
        gone = self._shrink("1", wanted_bytes)
        self.sacrificed += gone
        return gone

    def size_bytes(self, clips: bool) -> int:
        """All clips together, or all pictures."""
        query = "SELECT coalesce(sum(bytes), 0) FROM pictures WHERE clip=?"
        return int(self._db.execute(query, (int(clips),)).fetchone()[0])

    def remove_strays(self) -> int:
        """Files of the newest two days that the database does not know, as a kill between file and commit leaves them;
        returns how many."""
        gone = 0
        for day in sorted((self.folder / PICTURES).glob("*-*-*"))[-2:]:
            for file in sorted(f for f in day.rglob("*") if f.suffix in SUFFIXES):
                path = file.relative_to(self.folder).as_posix()
                if self._db.execute("SELECT 1 FROM pictures WHERE path=?", (path,)).fetchone() is None:
                    self.unlink(path)
                    gone += 1
        return gone

    def _write(self, source: str, t_ns: int, suffix: str, data: bytes) -> str:
        """Returns the path within the archive, as the database knows it. Whatever the source is called, it leads
        nowhere else."""
        moment = local(t_ns)
        place = Path(PICTURES) / f"{moment:%Y-%m-%d}" / folder_name(source)
        (self.folder / place).mkdir(parents=True, exist_ok=True)
        path, n = place / f"{moment:%H%M%S}{suffix}", 1
        while (self.folder / path).exists():
            n += 1
            path = place / f"{moment:%H%M%S}-{n}{suffix}"
        self._fresh.append(path.as_posix())
        (self.folder / path).write_bytes(data)
        return path.as_posix()

    def _enter(self, path: str, t_ns: int, size: int, important: bool, clip: bool) -> int:
        cursor = self._db.execute(
            "INSERT INTO pictures(path, t_ns, bytes, important, clip) VALUES(?,?,?,?,?)",
            (path, t_ns, size, int(important), int(clip)),
        )
        return int(cursor.lastrowid or 0)

    def _shrink(self, which: str, wanted_bytes: int) -> int:
        gone = freed = 0
        for number in self._oldest(which):
            if freed >= wanted_bytes:
                break
            freed += self.forget(number)
            gone += 1
        return gone

    def _oldest(self, which: str) -> Iterator[int]:
        query = f"SELECT id FROM pictures WHERE {which} ORDER BY clip DESC, important, t_ns LIMIT {_BATCH}"
        while rows := self._db.execute(query).fetchall():
            yield from (int(row[0]) for row in rows)

    def _known(self, number: int) -> bool:
        return self._db.execute("SELECT 1 FROM pictures WHERE id=?", (number,)).fetchone() is not None


def inside(folder: Path, path: str) -> Path | None:
    """The file of a picture's path, or None where that leads out of the archive's pictures."""
    file = Path(os.path.realpath(folder / path))
    return file if file.is_relative_to(os.path.realpath(folder / PICTURES)) else None
