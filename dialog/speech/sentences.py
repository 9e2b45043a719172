"""Cuts a reply that is still being written into pieces that can be spoken already."""

from __future__ import annotations

import re

# fmt: off
_TITLES = frozenset((
    "mr", "mrs", "ms", "dr", "prof", "sr", "jr", "st", "mt", "gen", "col", "capt", "lt", "sgt", "rev", "hon",
    "nos", "vs", "fig", "approx", "dept",
))
"""A full stop after these never ends a sentence."""
_MAYBE = frozenset((
    "etc", "inc", "ltd", "corp", "co", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov",
    "dec", "am", "pm", "us", "uk", "eg", "ie", "est",
))
"""A full stop after these ends a sentence only before a capital letter."""
# fmt: on
_NEVER_BEFORE_NAMES = frozenset(("e.g", "i.e"))
_CLOSING = "\"'\u201d\u2019\u00bb)]}*_"
_OPENING = "\"'\u201c\u2018\u00ab([{*_"
_ENDS = ".!?\u2026"
_WIDE_ENDS = "\u3002\uff01\uff1f"
_PAUSES = ",;:\u2013\u2014"
_NUMBERED = re.compile(r"\(?(\d{1,3}|[A-Za-z])[.)]$")
_INITIALS = re.compile(r"(?:^|[\s(])(?:[A-Za-z]\.)*[A-Za-z]$")


class Sentences:
    """Feed text as it comes, get whole sentences; long ones come in clauses. Nothing is lost or changed but white
    space, and the pieces are the same however the text was cut.

    A sentence is given out when the next word begins, because only that tells "at 3. Then" from "3.5" and "e.g. a".
    """

    def __init__(self, clause_chars: int = 90, max_chars: int = 240) -> None:
        """From `clause_chars` on a comma or the like ends a piece; at `max_chars` any space, or the limit itself."""
        if not 0 < clause_chars <= max_chars:
            raise ValueError("clause_chars must lie between 1 and max_chars")
        self._clause_chars = clause_chars
        self._max_chars = max_chars
        self._text = ""

    def push(self, text: str) -> list[str]:
        """Take in the next piece of text; return what can be spoken now."""
        out: list[str] = []
        for char in text:
            self._take(char, out)
        return out

    def flush(self) -> list[str]:
        """The reply ended: return the rest."""
        rest, self._text = self._text.strip(), ""
        return [rest] if rest else []

    def _take(self, char: str, out: list[str]) -> None:
        if char in "\r\n":
            out += self.flush()
            return
        if char.isspace():
            self._text = self._text + " " if self._text and not self._text.endswith(" ") else self._text
            return
        before = self._text.rstrip()
        if before and (
            (self._text.endswith(" ") and self._ends(before, char))
            or (before[-1] in _WIDE_ENDS and char not in _WIDE_ENDS and char not in _CLOSING)
            or len(self._text) >= self._max_chars
        ):
            out += self.flush()
        self._text += char

    def _ends(self, before: str, char: str) -> bool:
        """True if a piece ends between `before` and a word that begins with `char`."""
        bare = before.rstrip(_CLOSING)
        if bare and bare[-1] in _ENDS:
            if _ends_sentence(bare, char):
                return True
        elif before[-1] in _PAUSES and len(before) >= self._clause_chars:
            return True
        return len(before) >= self._max_chars - 40


def _ends_sentence(bare: str, char: str) -> bool:
    """`bare` ends with a sentence mark; is it the end of a sentence if `char` begins the next word?"""
    if bare[-1] in "!?":
        return not char.islower()
    if bare.endswith(("...", "\u2026")):
        return not char.islower()
    word = bare[:-1].rsplit(" ", 1)[-1].lstrip(_OPENING)
    plain = word.casefold()
    if _NUMBERED.match(bare) or plain in _TITLES or plain in _NEVER_BEFORE_NAMES:
        return False
    doubtful = plain.replace(".", "") in _MAYBE or (_INITIALS.search(word) is not None and word != "I")
    if doubtful and len(plain) == 1:
        return False
    return not char.islower() if not doubtful else char.isupper()
