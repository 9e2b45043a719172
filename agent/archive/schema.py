"""The file: its tables, how it is opened, and how an older one is brought up to date."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from streams.errors import HeedError

VERSION = 1
FILE = "archive.sqlite"
PICTURES = "pictures"

_BUSY_MS = 5000

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


class ArchiveError(HeedError):
    """The archive cannot be read or written; one line says why."""

    code = "archive"


def open_to_write(folder: Path) -> sqlite3.Connection:
    """The archive of a folder, made where there is none.

    A commit is on the disk when it returns (`synchronous=FULL` with a write-ahead log): neither a killed process nor a
    power cut takes it back. What is deleted is overwritten with zeros (`secure_delete`).

    Raises:
        ArchiveError: it cannot be opened, is damaged, or comes from a newer heed.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        db = sqlite3.connect(folder / FILE, timeout=_BUSY_MS / 1000, isolation_level=None, check_same_thread=False)
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


def open_to_read(folder: Path) -> sqlite3.Connection:
    """The archive of a folder, for reading alone, while another process may write.

    Raises:
        ArchiveError: there is none, or it cannot be read.
    """
    path = folder / FILE
    if not path.is_file():
        raise ArchiveError(f"there is no archive in {folder}: switch it on with [archive] enabled = true")
    try:
        uri = f"{path.resolve().as_uri()}?mode=ro"
        db = sqlite3.connect(uri, uri=True, timeout=_BUSY_MS / 1000, isolation_level=None, check_same_thread=False)
        db.execute("PRAGMA query_only=ON")
        db.execute("PRAGMA mmap_size=268435456")
        _check(db)
    except sqlite3.Error as error:
        raise ArchiveError(f"cannot read the archive in {folder}: {error}") from error
    return db


def _make(db: sqlite3.Connection) -> None:
    _check(db)
    if db.execute("PRAGMA user_version").fetchone()[0] == VERSION:
        return
    db.execute("BEGIN IMMEDIATE")
    try:
        if db.execute("PRAGMA user_version").fetchone()[0] == 0:  # nobody else made it meanwhile
            for statement in _TABLES.split(";\n"):
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
