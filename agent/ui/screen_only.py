"""The terminal for the screen alone: libraries write warnings to standard error, where Textual draws."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

MAX_BYTES = 8000


@contextmanager
def stderr_aside() -> Iterator[BinaryIO]:
    """Keep what is written to file descriptor 2, by whatever library, off the screen; yields the file it goes to.

    Textual's own output goes on reaching the terminal: it writes to `sys.__stderr__`.
    """
    before = sys.__stderr__
    if before is None:
        with tempfile.TemporaryFile() as aside:
            yield aside
        return
    before.flush()
    descriptor = os.dup(2)
    with tempfile.TemporaryFile() as aside, os.fdopen(os.dup(2), "w", encoding="utf-8", errors="replace") as screen:
        try:
            os.dup2(aside.fileno(), 2)
            sys.__stderr__ = screen  # type: ignore[misc]
            yield aside
        finally:
            sys.__stderr__ = before  # type: ignore[misc]
            before.flush()
            os.dup2(descriptor, 2)
            os.close(descriptor)


def last_of(aside: BinaryIO) -> str:
    """The end of what was written."""
    size = aside.seek(0, os.SEEK_END)
    aside.seek(max(0, size - MAX_BYTES))
    return aside.read(MAX_BYTES).decode("utf-8", "replace")
