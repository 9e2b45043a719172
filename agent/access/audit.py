"""What people did, in lines that are only ever added to: who, when, from where, what. Never a secret."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from agent.archive.records import clean

FILE = "audit.jsonl"
MAX_FILE_BYTES = 4 * 1024 * 1024
FILES = 5
"""The newest and so many less one older; the oldest is removed."""
MAX_READ = 500
_TAIL_BYTES = 256 * 1024


class Audit:
    """Writes and reads the log. Lines are short: written where they arise."""

    def __init__(self, folder: Path, now: Callable[[], datetime]) -> None:
        """`now`: wall-clock time with its zone."""
        self.path = folder / FILE
        self.failure = ""
        """Why the last line could not be written; empty where it was."""
        self._now = now

    def note(self, who: str, what: str, about: str = "", origin: str = "") -> bool:
        """Add a line. False: the disk refuses; `failure` says why, and whoever acts decides whether to go on."""
        line = {
            "t": self._now().isoformat(timespec="milliseconds"), "who": clean(who, 80), "what": clean(what, 40),
            "about": clean(about, 500), "from": clean(origin, 80),
        }  # fmt: skip
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._turn()
            with os.fdopen(os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a") as file:
                file.write(json.dumps(line) + "\n")
        except OSError as error:
            self.failure = f"{self.path} cannot be written: {error.strerror or error}"
            return False
        self.failure = ""
        return True

    def last(self, limit: int = 100) -> list[dict[str, Any]]:
        """The newest lines, the newest first. Blocking."""
        found: list[dict[str, Any]] = []
        for path in [self.path, *(self._older(n) for n in range(1, FILES))]:
            try:
                with path.open("rb") as file:
                    file.seek(max(0, path.stat().st_size - _TAIL_BYTES))
                    lines = file.read().decode("utf-8", "replace").splitlines()
            except OSError:
                break
            for line in reversed(lines):
                try:
                    found.append(dict(json.loads(line)))
                except (ValueError, TypeError):
                    continue  # cut off, at the beginning of what was read or by a crash
                if len(found) >= min(limit, MAX_READ):
                    return found
        return found

    def _turn(self) -> None:
        """Begin a new file where this one is full."""
        if not self.path.exists() or self.path.stat().st_size < MAX_FILE_BYTES:
            return
        for n in range(FILES - 1, 1, -1):
            if self._older(n - 1).exists():
                os.replace(self._older(n - 1), self._older(n))
        os.replace(self.path, self._older(1))

    def _older(self, n: int) -> Path:
        return self.path.with_suffix(f".{n}.jsonl")
