"""Subtitles as a WebVTT file that is valid at any moment (W3C WebVTT, https://www.w3.org/TR/webvtt1/)."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

MAX_LINE_CHARS = 42
MAX_LINES = 2
MIN_CUE_S = 0.5
"""Shorter cues are held this long, so that they can be read."""

_HEADER = b"WEBVTT\n\n"
_JOINERS = "\u200c\u200d"
"""Formatting characters that some scripts need."""


class VttWriter:
    """Appends one cue or more per finished line of speech; what is written is never changed.

    Each cue is one write to the file, ending in its blank line, so a reader at any moment finds a valid file. The
    start of a cue is never before the start of the one before it, as WebVTT demands: where two sources speak at once,
    the one that finished later may begin a little late.
    """

    def __init__(self, path: Path, types: tuple[str, ...] = ("transcript",)) -> None:
        """`types`: the event types that become cues (`transcript`, or `caption`, or `translation`).

        Raises:
            OSError: the file cannot be written.
        """
        self.cues = 0
        """How many were written."""
        self._types = types
        self._last_start_ms = 0
        self._file: BinaryIO = path.open("wb", buffering=0)
        self._file.write(_HEADER)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """No more cues. Safe to call twice."""
        self._file.close()

    def write(self, event: Mapping[str, Any]) -> None:
        """Append the cues of an event in the form of `agent.jsonl.to_dict`; events of other types are ignored.

        Raises:
            OSError: the disk is full or the file is gone.
        """
        if event.get("type") not in self._types:
            return
        pages = _pages(_clean(str(event.get("text", ""))))
        if not pages:
            return
        start = max(_ms(event["t0"]), self._last_start_ms)
        end = max(_ms(event["t1"]), start + round(MIN_CUE_S * 1000))
        voice = _escape(_clean(str(event.get("speaker") or "")))
        total = sum(len("".join(page)) for page in pages)
        said = 0
        out: list[str] = []
        for page in pages:
            begins = start + (end - start) * said // total
            said += len("".join(page))
            ends = max(start + (end - start) * said // total, begins + 1)
            body = "\n".join(_escape(line) for line in page)
            out.append(f"{_stamp(begins)} --> {_stamp(ends)}\n{f'<v {voice}>' if voice else ''}{body}\n\n")
            self._last_start_ms = begins
        self._file.write("".join(out).encode())
        self.cues += len(pages)


def _pages(text: str) -> list[list[str]]:
    """Cut into lines of at most `MAX_LINE_CHARS`, and these into pages of `MAX_LINES`. Every word once, in order."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        while word:
            piece, word = word[:MAX_LINE_CHARS], word[MAX_LINE_CHARS:]
            if line and len(line) + 1 + len(piece) > MAX_LINE_CHARS:
                lines.append(line)
                line = ""
            line = f"{line} {piece}" if line else piece
    if line:
        lines.append(line)
    return [lines[i : i + MAX_LINES] for i in range(0, len(lines), MAX_LINES)]


def _clean(text: str) -> str:
    """One line without control characters, lone surrogates or directional overrides (untrusted text)."""
    spaced = (" " if c.isspace() else c for c in text)
    kept = (c for c in spaced if c in _JOINERS or unicodedata.category(c) not in ("Cc", "Cf", "Cs"))
    return " ".join("".join(kept).split())


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _ms(t_s: float) -> int:
    return max(0, round(t_s * 1000))


def _stamp(t_ms: int) -> str:
    minutes, ms = divmod(t_ms, 60_000)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{ms // 1000:02d}.{ms % 1000:03d}"
