"""Reckoning for a model that cannot: it points at clock times, and the runtime says how long ago or how far apart.

In an answer `~14:03~` stands for the age of what happened at 14:03 ("17 minutes ago"), `~14:03-14:10~` for the time
between ("7 minutes"). A small model copies a time reliably and subtracts one badly, so it is trained to write marks,
and the exact figure is put in their place from the percepts' own times, in integers. (The idea of a model that calls a
calculator: Schick et al., Toolformer, 2023.)
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from dialog.model.order import begun_at, concluded
from dialog.model.pointing import TIME, Line, begun, tell
from dialog.model.source import sourced
from streams import wording
from streams.types import NS

MARK = re.compile(rf"~({TIME})(?:-({TIME}))?~")
"""What stands between two `~` and is no time is ordinary text."""

LONGEST = 80
"""Characters of a mark, at most: a `~` that is not closed by then is an ordinary one."""


class Reckoner:
    """Replaces marks in a text that comes piece by piece."""

    def __init__(self, clocks: Mapping[str, int], now_ns: int, lines: Sequence[Line] = (), question: str = "") -> None:
        """`clocks`: times as percepts' lines write them -> stream time, ns. `lines`: all percepts held, in order of
        time, which an answer may point at. Both may be filled later, but before a mark is replaced. `question`: what
        is answered."""
        self._clocks, self._now_ns, self._lines, self._question = clocks, now_ns, lines, question
        self._held = ""
        self._said = ""
        """What was given out: whether the next word begins a sentence, and what is concluded from."""

    def feed(self, piece: str) -> str:
        """Take in a piece of text; returns what can be shown by now."""
        text = self._completed(self._said + self._replaced(self._held + piece, self._said))[len(self._said) :]
        open_at = text.rfind("~")
        concludes_at = begun_at(self._said + text)
        if open_at >= 0 and len(text) - open_at <= LONGEST and "\n" not in text[open_at:]:
            text, self._held = text[:open_at], text[open_at:]
        elif concludes_at >= 0:
            at = max(0, concludes_at - len(self._said))
            text, self._held = text[:at], text[at:]
        else:
            self._held = ""
        self._said += text
        return text

    def end(self) -> str:
        """What was still held back."""
        held, self._held = self._held, ""
        return held

    def whole(self, text: str) -> str:
        """A complete text with its marks replaced."""
        return self._completed(self._replaced(text, ""))

    def _completed(self, text: str) -> str:
        """A text with its conclusions drawn, and with the words that it rests on."""
        return sourced(concluded(text, self._clocks, self._question), self._lines)

    def _replaced(self, text: str, before: str) -> str:
        def figure(found: re.Match[str]) -> str:
            return begun(self._figure(found[1], found[2]), before + text[: found.start()])

        return tell(MARK.sub(figure, text), self._lines, before)

    def _figure(self, since: str, until: str | None) -> str:
        start_ns = self._clocks.get(since)
        end_ns = self._now_ns if until is None else self._clocks.get(until)
        if start_ns is None or end_ns is None:
            # The model pointed at a time that no percept has: say what it pointed at, and reckon nothing.
            return f"at {since}" if until is None else f"from {since} to {until}"
        seconds = (end_ns - start_ns) / NS
        return wording.ago(max(seconds, 0.0)) if until is None else wording.duration(abs(seconds))
