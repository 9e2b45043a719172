"""The archive in one file, made while the agent writes, and back again. Blocking.

A back-up is a tar of the database, as SQLite's own backup makes a sound copy of it at one instant, and of the pictures
and clips that this copy names. A file of a back-up is untrusted: nothing in it decides where it is written.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import sqlite3
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from agent.archive.pictures import MAX_CLIP_BYTES, SUFFIXES
from agent.archive.schema import FILE, LOCK, PICTURES, VERSION, ArchiveError, claim, open_to_read, open_to_write

MANIFEST = "heed-archive.json"
_FORMAT = 1
_MAX_MANIFEST = 10_000
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Copied:
    """What was written to a back-up, or came out of it."""

    events: int
    files: int
    """Pictures and clips."""
    bytes: int


def back_up(folder: Path, file: Path) -> Copied:
    """Write the archive of a folder to one file, beside a running agent. An older one of that name stays until the new
    one is whole and on the disk.

    Args:
        folder: of the archive.
        file: a tar, made or replaced.

    Raises:
        ArchiveError: there is no archive, or the file cannot be written.
    """
    made: Path | None = None
    try:
        handle, name = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.resolve().parent)
        os.close(handle)
        made = Path(name)
        with tempfile.TemporaryDirectory(prefix=".heed-", dir=file.resolve().parent) as beside:
            copy = Path(beside) / FILE
            _copy_database(folder, copy)
            copied = _pack(folder, copy, made)
        with made.open("rb") as written:
            os.fsync(written.fileno())
        made.replace(file)
    except OSError as error:
        raise ArchiveError(f"the back-up {file} cannot be written: {error.strerror or error}") from error
    finally:
        if made is not None:
            made.unlink(missing_ok=True)
    return copied


def restore(file: Path, folder: Path, replace: bool = False) -> tuple[Copied, Path | None]:
    """Make the archive of a folder out of a back-up. Returns what came out of it, and where the archive went that was
    there before.

    Args:
        file: as `back_up` wrote it.
        folder: of the archive; nothing may be in it, but for `replace`.
        replace: put an archive that is there aside, as `<folder>-before-<number>`.

    Raises:
        ArchiveError: the back-up is damaged, or of a newer heed; an archive is there; an agent runs.
    """
    if (folder / FILE).exists() and not replace:
        raise ArchiveError(f"there is an archive in {folder}: say --replace to put it aside")
    lock = claim(folder)
    try:
        with tempfile.TemporaryDirectory(prefix=".heed-", dir=folder.resolve().parent) as beside:
            fresh = Path(beside) / "archive"
            fresh.mkdir(mode=0o700)
            _unpack(file, fresh)
            copied = _checked(fresh)
            aside = _put_aside(folder) if replace else None
            for one in sorted(fresh.iterdir()):
                one.rename(folder / one.name)
    except (OSError, tarfile.TarError) as error:
        raise ArchiveError(f"the back-up {file} cannot be restored: {error}") from error
    finally:
        lock.release()
    return copied, aside


def _copy_database(folder: Path, copy: Path) -> None:
    """In one step: in a write-ahead log a reader keeps nobody from writing, and a copy in steps begins anew whenever
    somebody has written."""
    source = open_to_read(folder)
    try:
        with contextlib.closing(sqlite3.connect(copy)) as target:
            source.backup(target)
            target.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.Error as error:
        raise ArchiveError(f"the archive in {folder} cannot be copied: {error}") from error
    finally:
        source.close()


def _pack(folder: Path, copy: Path, out: Path) -> Copied:
    with contextlib.closing(sqlite3.connect(copy)) as db, tarfile.open(out, "w") as tar:
        events = int(db.execute("SELECT count(*) FROM events").fetchone()[0])
        told = json.dumps({"format": _FORMAT, "version": VERSION, "events": events}).encode()
        head = tarfile.TarInfo(MANIFEST)
        head.size = len(told)
        tar.addfile(head, io.BytesIO(told))
        tar.add(copy, FILE)
        files = size = 0
        for (path,) in db.execute("SELECT path FROM pictures ORDER BY path"):
            with contextlib.suppress(FileNotFoundError):  # removed since the copy was made: it would be gone now
                tar.add(folder / path, path, recursive=False)
                files += 1
                size += (folder / path).stat().st_size
    return Copied(events, files, size + copy.stat().st_size)


def _unpack(file: Path, fresh: Path) -> None:
    with tarfile.open(file, "r:") as tar:
        head = tar.next()
        _check_manifest(tar, head)
        while (member := tar.next()) is not None:
            path = _allowed(member)
            data = tar.extractfile(member)
            assert data is not None  # a regular file
            target = fresh / path
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with data, target.open("xb") as written:
                shutil.copyfileobj(data, written, _CHUNK)


def _check_manifest(tar: tarfile.TarFile, head: tarfile.TarInfo | None) -> None:
    data = None if head is None or head.name != MANIFEST or head.size > _MAX_MANIFEST else tar.extractfile(head)
    try:
        told = json.loads(data.read()) if data is not None else None
    except ValueError:
        told = None
    if not isinstance(told, dict) or not isinstance(told.get("format"), int):
        raise ArchiveError("it is no back-up of an archive")
    if told["format"] > _FORMAT:
        raise ArchiveError(f"it is of a newer heed (format {told['format']}, this one reads {_FORMAT})")


def _allowed(member: tarfile.TarInfo) -> Path:
    """Where a member goes: the database, or `pictures/<date>/<source>/<time>`; nothing else is in a back-up."""
    path = PurePosixPath(member.name)
    parts = path.parts
    plain = all(part not in ("", ".", "..") and "\\" not in part and part.isprintable() for part in parts)
    picture = len(parts) == 4 and parts[0] == PICTURES and path.suffix in SUFFIXES and member.size <= MAX_CLIP_BYTES
    if not member.isreg() or not plain or not (picture or member.name == FILE):
        raise ArchiveError(f"the back-up holds what is none of it: {member.name[:80]!r}")
    return Path(*parts)


def _checked(fresh: Path) -> Copied:
    """The database is sound, this heed reads it, and it names no picture that is not there."""
    if not (fresh / FILE).is_file():
        raise ArchiveError("the back-up holds no database")
    db = open_to_write(fresh)  # brings one of an older heed up to date
    try:
        if (found := db.execute("PRAGMA integrity_check(1)").fetchone()[0]) != "ok":
            raise ArchiveError(f"the database of the back-up is damaged: {found}")
        if db.execute("SELECT 1 FROM sqlite_master WHERE type IN ('trigger', 'view')").fetchone():
            raise ArchiveError("the database of the back-up is not one that heed made")
        files = size = 0
        for number, path in db.execute("SELECT id, path FROM pictures").fetchall():
            parts = PurePosixPath(path).parts
            file = fresh / path
            if len(parts) == 4 and parts[0] == PICTURES and ".." not in parts and file.is_file():
                files, size = files + 1, size + file.stat().st_size
                continue
            db.execute("UPDATE events SET picture=NULL WHERE picture=?", (number,))
            db.execute("UPDATE events SET clip=NULL WHERE clip=?", (number,))
            db.execute("DELETE FROM pictures WHERE id=?", (number,))
        events = int(db.execute("SELECT count(*) FROM events").fetchone()[0])
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.Error as error:
        raise ArchiveError(f"the database of the back-up is damaged: {error}") from error
    finally:
        db.close()
    return Copied(events, files, size + (fresh / FILE).stat().st_size)


def _put_aside(folder: Path) -> Path:
    number = 1
    while (aside := folder.with_name(f"{folder.name}-before-{number}")).exists():
        number += 1
    aside.mkdir(mode=0o700)
    for one in sorted(folder.iterdir()):
        if one.name != LOCK:
            one.rename(aside / one.name)
    return aside
