"""A process that keeps the language model between two `heed ask`: the second answers at once.

The first `heed ask` starts it and hands it a listening Unix socket in a folder that only this user can enter. It serves
one request after another (a line of JSON in, lines out, see `agent.asking`), and ends when none came for `[ask] keep_s`
seconds. Another configuration, model or version of heed has another socket, so nothing stale ever answers.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from agent.config import Config, cache_folder, child_environment, load_config, runtime_folder
from agent.request import Message, Request
from streams.errors import HeedError, MediaError

if TYPE_CHECKING:
    from agent.asking import Asker

MAX_REQUEST_BYTES = 8 * 1024 * 1024
WAITING = 8
"""Requests that may wait for their turn."""


def socket_path(config: Config, folder: Path | None = None) -> Path:
    """Where the process for this configuration listens. Raises `MediaError` when the folder is another's."""
    folder = folder or runtime_folder()
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o077:
        raise MediaError(f"{folder} is not a folder of yours alone; remove it, or set HEED_ASK_KEEP_S=0")
    root = Path(__file__).parent.parent
    changed = [f.stat().st_mtime_ns for part in ("agent", "dialog", "streams") for f in (root / part).rglob("*.py")]
    adapters = [(f.name, f.stat().st_mtime_ns) for f in (root / "dialog" / "model" / "adapters").iterdir()]
    what = (version("heed"), sys.executable, str(cache_folder()), repr(config), max(changed), sorted(adapters))
    return folder / f"ask-{hashlib.sha256(repr(what).encode()).hexdigest()[:16]}.sock"


def ask_resident(path: Path, config_file: Path | None, request: Request) -> Iterator[Message]:
    """The messages of a request, answered by the process that listens at `path`; starts it where none does.

    Raises `HeedError` with what it said, or when it ended in the middle.
    """
    with _connected(path, config_file) as link, link.makefile("rwb") as stream:
        stream.write(json.dumps(asdict(request)).encode() + b"\n")
        stream.flush()
        for line in stream:
            message: Message = json.loads(line)
            if "error" in message:
                raise MediaError(message["error"])
            if "end" in message:
                return
            yield message
    log = path.with_suffix(".log")
    raise MediaError(f"the answering process ended; {log} may say why, HEED_ASK_KEEP_S=0 does without it")


def _connected(path: Path, config_file: Path | None) -> socket.socket:
    link = socket.socket(socket.AF_UNIX)
    with path.with_suffix(".lock").open("w") as lock:
        # One at a time: of two that find nobody listening only one starts it.
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            link.connect(str(path))
        except (FileNotFoundError, ConnectionRefusedError):
            _start(path, config_file)
            link.connect(str(path))
    return link


def _start(path: Path, config_file: Path | None) -> None:
    """Start the process with a socket that already listens: who connects now is served when it is ready."""
    path.unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX) as listening, path.with_suffix(".log").open("wb") as log:
        listening.bind(str(path))
        listening.listen(WAITING)
        subprocess.Popen(
            [sys.executable, "-m", "agent.resident", str(listening.fileno()), str(path), str(config_file or "")],
            pass_fds=[listening.fileno()], stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            env=child_environment(),
        )  # fmt: skip


class _Stream(Protocol):
    def readline(self, size: int, /) -> bytes: ...
    def write(self, data: bytes, /) -> int: ...
    def flush(self) -> None: ...


def serve(listening: socket.socket, path: Path, config: Config) -> None:
    """Serve requests until none comes for `[ask] keep_s`; then take the socket away."""
    from agent.asking import Asker

    asker = Asker(config)
    listening.settimeout(config.ask.keep_s)
    while True:
        try:
            link, _ = listening.accept()
        except TimeoutError:
            with path.with_suffix(".lock").open("w") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                listening.settimeout(0)
                try:  # somebody came just now
                    link, _ = listening.accept()
                except BlockingIOError:
                    path.unlink(missing_ok=True)
                    return
            listening.settimeout(config.ask.keep_s)
        # Outermost: who has left makes closing the stream fail, too, for what is still in its buffer.
        with contextlib.suppress(BrokenPipeError, ConnectionResetError), link, link.makefile("rwb") as stream:
            _serve_one(asker, stream)


def _serve_one(asker: Asker, stream: _Stream) -> None:
    def say(message: Message) -> None:
        stream.write(json.dumps(message).encode() + b"\n")
        stream.flush()

    try:
        raw = stream.readline(MAX_REQUEST_BYTES)
        if not raw.endswith(b"\n"):
            return
        wanted = json.loads(raw)
        for message in asker.messages(Request(**{**wanted, "questions": tuple(wanted["questions"])})):
            say(message)
        say({"end": True})
    except HeedError as error:
        say({"error": str(error)})
    except (ValueError, TypeError, KeyError) as error:
        say({"error": f"this is not a request of heed ask: {error}"})


def main() -> None:
    """`python -m agent.resident DESCRIPTOR PATH CONFIG`: what `_start` starts."""
    descriptor, path, config_file = sys.argv[1:4]
    with socket.socket(fileno=int(descriptor)) as listening:
        serve(listening, Path(path), load_config(Path(config_file) if config_file else None))


if __name__ == "__main__":
    main()
