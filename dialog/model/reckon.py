"""Reckoning for a model that cannot: it points at clock times, and the runtime says how long ago or how far apart.

In an answer `~14:03~` stands for the age of what happened at 14:03 ("17 minutes ago"), `~14:03-14:10~` for the time
between ("7 minutes"). A small model copies a time reliably and subtracts one badly, so it is trained to write the marks,
and the exact figure is put in their place from the percepts' own times, in integers. (The idea of a model that calls a
calculator: Schick et al., Toolformer, 2023.)
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from streams import wording
from streams.types import NS

MARK = re.compile(r"~([^~\n]{1,24}?)(?:-([^~\n-]{1,12}))?~")
LONGEST = 28
"""Characters of a mark, at most: a `~` that is not closed by then is an ordinary one."""


class Reckoner:
    """Replaces marks in a text that comes piece by piece."""

    def __init__(self, clocks: Mapping[str, int], now_ns: int) -> None:
        """`clocks`: times as percepts' lines write them -> stream time, ns."""
        self._clocks, self._now_ns = clocks, now_ns
        self._held = ""

    def feed(self, piece: str) -> str:
        """Take in a piece of text; returns what can be shown by now."""
        text = self._held + piece
        text = MARK.sub(self._figure, text)
        open_at = text.rfind("~")
        if open_at >= 0 and len(text) - open_at <= LONGEST and "\n" not in text[open_at:]:
            self._held = text[open_at:]
            return text[:open_at]
        self._held = ""
        return text

    def end(self) -> str:
        """What was still held back."""
        held, self._held = self._held, ""
        return held

    def whole(self, text: str) -> str:
        """A complete text with its marks replaced."""
        return MARK.sub(self._figure, text)

    def _figure(self, found: re.Match[str]) -> str:
        since, until = found[1], found[2]
        start_ns = self._clocks.get(since)
        end_ns = self._now_ns if until is None else self._clocks.get(until)
        if start_ns is None or end_ns is None:
            # The model pointed at a time that no percept has: say what it pointed at, and reckon nothing.
            return f"at {since}" if until is None else f"from {since} to {until}"
        seconds = (end_ns - start_ns) / NS
        text = wording.ago(max(seconds, 0.0)) if until is None else wording.duration(abs(seconds))
        begins = found.start() == 0 or found.string[: found.start()].rstrip().endswith((".", ";", ":"))
        return text[:1].upper() + text[1:] if begins and found.start() == 0 else text
