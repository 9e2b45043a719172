"""The file: its tables, how it is opened, and how an older one is brought up to date."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from filelock import FileLock, Timeout

from streams.errors import HeedError

VERSION = 2
FILE = "archive.sqlite"
PICTURES = "pictures"
LOCK = "archive.lock"

BUSY_MS = 5000
"""So long one waits for others who write or read."""

TOKENIZE = "'porter unicode61 remove_diacritics 2'"

_TABLES = f"""
CREATE TABLE runs(id INTEGER PRIMARY KEY, began_ns INTEGER NOT NULL);
CREATE TABLE sources(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE texts(id INTEGER PRIMARY KEY, hash INTEGER NOT NULL, text TEXT NOT NULL, bits BLOB);
CREATE INDEX texts_hash ON texts(hash);
CREATE TABLE pictures(
    id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, t_ns INTEGER NOT NULL, bytes INTEGER NOT NULL,
    important INTEGER NOT NULL DEFAULT 0);
CREATE INDEX pictures_age ON pictures(important, t_ns);
CREATE TABLE events(
    id INTEGER PRIMARY KEY AUTOINCREMENT, run INTEGER NOT NULL, kind TEXT NOT NULL, source INTEGER NOT NULL,
    t0_ns INTEGER NOT NULL, t1_ns INTEGER NOT NULL, text INTEGER NOT NULL, name TEXT NOT NULL, speaker TEXT NOT NULL,
    confidence REAL NOT NULL, more TEXT, picture INTEGER);
CREATE INDEX events_time ON events(t0_ns);
CREATE INDEX events_text ON events(text, t0_ns);
CREATE INDEX events_picture ON events(picture) WHERE picture IS NOT NULL;
CREATE VIRTUAL TABLE words USING fts5(
    text, content='texts', content_rowid='id', tokenize={TOKENIZE});
"""

# A clip is a file as a picture is: a row of `pictures`, `clip` set.
_SECOND = """
ALTER TABLE pictures ADD COLUMN clip INTEGER NOT NULL DEFAULT 0;
DROP INDEX pictures_age;
CREATE INDEX pictures_age ON pictures(clip, important, t_ns);
ALTER TABLE events ADD COLUMN clip INTEGER;
CREATE INDEX events_clip ON events(clip) WHERE clip IS NOT NULL;
CREATE INDEX events_name ON events(name);
"""

_STEPS = (_TABLES, _SECOND)
"""What brings a file from each version to the next; the first makes it."""


class ArchiveError(HeedError):
    """The archive cannot be read or written; one line says why."""

    code = "archive"
    full = False
    """Whether that is for want of room on its disk."""


def open_to_write(folder: Path) -> sqlite3.Connection:
    """The archive of a folder, made where there is none.

    A commit is on the disk when it returns (`synchronous=FULL` with a write-ahead log): neither a killed process nor a
    power cut takes it back. What is deleted is overwritten with zeros (`secure_delete`).

    Raises:
        ArchiveError: it cannot be opened, is damaged, or comes from a newer heed.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        db = sqlite3.connect(folder / FILE, timeout=BUSY_MS / 1000, isolation_level=None, check_same_thread=False)
    except (OSError, sqlite3.Error) as error:
        raise ArchiveError(f"cannot open the archive in {folder}: {error}") from error
    try:
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("PRAGMA synchronous=FULL")
        db.execute("PRAGMA secure_delete=ON")
        db.execute("PRAGMA wal_autocheckpoint=1000")
        db.execute("PRAGMA journal_size_limit=16777216")
        _make(db)
    except sqlite3.Error as error:
        db.close()
        raise ArchiveError(f"cannot open the archive in {folder}: {error}") from error
    except ArchiveError:
        db.close()
        raise
    return db


def claim(folder: Path) -> FileLock:
    """Take the archive of a folder for oneself, made where there is none, until the lock is released or the process
    ends. What a command writes beside a running agent needs none; what replaces the file does.

    Raises:
        ArchiveError: a running agent has it.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = FileLock(folder / LOCK, timeout=0)
        lock.acquire()
    except Timeout:
        raise ArchiveError(
            f"another heed writes the archive in {folder}: stop it, or set another [archive] folder"
        ) from None
    except OSError as error:
        raise ArchiveError(f"cannot open the archive in {folder}: {error}") from error
    return lock


def open_to_read(folder: Path) -> sqlite3.Connection:
    """The archive of a folder, for reading alone, while another process may write.

    Raises:
        ArchiveError: there is none, or it cannot be read.
    """
    path = folder / FILE
    if not path.is_file():
        raise ArchiveError(f"there is no archive in {folder}: switch it on with [archive] enabled = true")
    _bring_up_to_date(folder)
    try:
        uri = f"{path.resolve().as_uri()}?mode=ro"
        db = sqlite3.connect(uri, uri=True, timeout=BUSY_MS / 1000, isolation_level=None, check_same_thread=False)
        db.execute("PRAGMA query_only=ON")
        db.execute("PRAGMA mmap_size=268435456")
        _check(db)
    except sqlite3.Error as error:
        raise ArchiveError(f"cannot read the archive in {folder}: {error}") from error
    return db


def _bring_up_to_date(folder: Path) -> None:
    """Where an older heed wrote the file: it cannot be read as it is."""
    try:
        db = sqlite3.connect(f"{(folder / FILE).resolve().as_uri()}?mode=ro", uri=True, timeout=BUSY_MS / 1000)
        try:
            found = db.execute("PRAGMA user_version").fetchone()[0]
        finally:
            db.close()
    except sqlite3.Error as error:
        raise ArchiveError(f"cannot read the archive in {folder}: {error}") from error
    if 0 < found < VERSION:
        open_to_write(folder).close()


def _make(db: sqlite3.Connection) -> None:
    _check(db)
    if db.execute("PRAGMA user_version").fetchone()[0] == VERSION:
        return
    db.execute("BEGIN IMMEDIATE")
    try:
        # Read again: somebody else may have done it meanwhile.
        for step in _STEPS[db.execute("PRAGMA user_version").fetchone()[0] :]:
            for statement in step.split(";\n"):
                if statement.strip():
                    db.execute(statement)
        db.execute(f"PRAGMA user_version={VERSION}")
        db.execute("COMMIT")
    except sqlite3.Error:
        db.execute("ROLLBACK")
        raise


def _check(db: sqlite3.Connection) -> None:
    found = db.execute("PRAGMA user_version").fetchone()[0]
    if found > VERSION:
        raise ArchiveError(f"the archive is of a newer heed (version {found}, this one reads {VERSION})")
