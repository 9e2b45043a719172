"""How well moments that were found fit the words of a question."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from agent.archive.asked import Asked
from agent.archive.meaning import Meaning
from agent.archive.records import Moment
from agent.archive.schema import TOKENIZE

RARE = 0.5
"""A word that no more texts have than the square root of all tells what is meant."""
_SIDE = re.compile(r"\b(from|to|on) the (left|right)\b")
_NEAR = 0.35
_NEARER = 1.5
"""What stands out is so near to a question, and so many times as near as the next."""


@dataclass(frozen=True, slots=True)
class Fit:
    """How well a moment's words fit a question's."""

    share: float
    """Of the question's words how many it holds, or words like them, by worth: 0..1."""
    rare: bool
    """Among them is one that few texts have."""
    stands_out: bool = False
    """In meaning it is much nearer to the question than the others that were found."""


class Held:
    """A few texts, asked which of them hold what, in the way in which the archive splits words."""

    def __init__(self, texts: Mapping[int, str]) -> None:
        self._db = sqlite3.connect(":memory:", isolation_level=None)
        self._db.execute(f"CREATE VIRTUAL TABLE words USING fts5(text, tokenize={TOKENIZE})")
        self._db.executemany("INSERT INTO words(rowid, text) VALUES(?,?)", texts.items())

    def having(self, match: str) -> set[int]:
        """Numbers of the texts that match an expression of FTS5."""
        return {int(row[0]) for row in self._db.execute("SELECT rowid FROM words WHERE words MATCH ?", (match,))}


def any_of(terms: Sequence[tuple[str, ...]], prefix: bool = False) -> str:
    """Any of the terms, or of the words like them, for FTS5. Nothing that a user wrote is an operator."""
    words = dict.fromkeys(word for term in terms for word in (term[:1] if prefix else term))
    return " OR ".join(f'"{word}"{"*" if prefix and len(word) > 3 else ""}' for word in words)


def fits(
    asked: Asked,
    moments: Sequence[Moment],
    worth: Mapping[tuple[str, ...], float],
    rare: float,
    meaning: Meaning | None,
) -> list[Fit]:
    """How well each of the moments fits a question; one without words fits all.

    Args:
        asked: the question, taken apart.
        moments: found for it.
        worth: how telling each of its terms is.
        rare: what a word is worth, at least, that few texts have.
        meaning: what compares in meaning; None: nothing stands out.
    """
    if not worth:
        return [Fit(1.0, False)] * len(moments)
    # "from the left" holds nothing of "leave", which "left" is a form of.
    held = Held({n: _SIDE.sub(" ", found.text) for n, found in enumerate(moments)})
    # "police" is held by "two policemen" as well.
    having = {t: held.having(any_of([t])) | held.having(any_of([t], prefix=True)) for t in worth}
    told = [[worth[term] for term in worth if n in having[term]] for n in range(len(moments))]
    best = _standing_out(asked, {found.text for found in moments}, meaning)
    return [
        Fit(sum(some) / sum(worth.values()), max(some, default=0.0) >= rare, found.text == best)
        for some, found in zip(told, moments, strict=True)
    ]


def _standing_out(asked: Asked, texts: set[str], meaning: Meaning | None) -> str | None:
    """The one text that is much nearer in meaning than all others, if there is one."""
    if meaning is None or not texts:
        return None
    vector = meaning.vector(asked.text)
    near = sorted(((float(meaning.vector(text) @ vector), text) for text in texts), reverse=True)
    second = near[1][0] if len(near) > 1 else 0.0
    return near[0][1] if near[0][0] >= max(_NEAR, _NEARER * second) else None
