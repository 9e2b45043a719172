"""Which words are certain. A committed word never changes and is never taken back; everything else is a guess."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from plugins.subtitles.text import bare, key_of, words_of
from streams.types import Partial, Transcript

CHAR_NS = 75_000_000
"""How long a character of speech lasts at most (13 a second): where a word is placed while the rest is unknown."""
MAX_ERRORS = 40
"""Edits up to which a final text is aligned with what was committed; beyond, they have nothing to do with each other
and the final text is appended from the same number of words on."""


@dataclass(frozen=True, slots=True)
class Word:
    """A committed word. Its times are estimates: a place in proportion to its length, since no engine is made to
    tell word times."""

    text: str
    t0_ns: int
    t1_ns: int


@dataclass(frozen=True, slots=True)
class Commit:
    """What one event made certain."""

    words: tuple[Word, ...] = ()
    """Committed now, in order."""
    ended: bool = False
    """The utterance is over."""
    guess: str = ""
    """What else seems to be said; the next event may replace it."""
    conflicts: int = 0
    """Committed words that the final text has otherwise: they stay."""


class Commits:
    """The words of one voice. Memory is bounded by one utterance.

    A word is committed when `agreement` successive partial texts have it, or the transcript is final
    (LocalAgreement: Machacek, Dabre, Bojar 2023, arXiv:2307.14743). A partial text that the recogniser sends while
    somebody speaks is already what two of its readings agree on, so `agreement` 1 is LocalAgreement-2 of readings.
    At a pause it sends what a single reading of the finished sound says: the very text of the transcript, if no more is
    said. Punctuation behind the newest word is taken from such a text only.

    Where the final text differs from what was committed, the committed words stay, and of the final text that is
    appended which lies behind the place that fits them best (the fewest edits): no rewrite, and no word twice.
    """

    def __init__(self, agreement: int = 1) -> None:
        self._agreement = agreement
        self._done_ns = -1
        """Start of the newest utterance that has ended."""
        self._begin(-1)

    def _begin(self, t0_ns: int) -> None:
        self._t0_ns = t0_ns
        self._keys: list[str] = []
        self._end_ns = t0_ns
        self._before: list[list[str]] = []

    def push(self, said: Partial | Transcript) -> Commit:
        """Take in what the recogniser says."""
        if said.t0_ns <= self._done_ns:
            return Commit()
        if said.t0_ns != self._t0_ns:
            self._begin(said.t0_ns)
        words = words_of(said.text)
        if isinstance(said, Transcript):
            self._done_ns = said.t0_ns
            return self._final(words, said.t1_ns)
        keys = [key_of(word) for word in words]
        sure = self._agreed(keys)
        self._before = [*self._before, keys][-max(1, self._agreement - 1) :]
        if keys[: len(self._keys)] != self._keys:
            return Commit(guess=" ".join(words[len(self._keys) :]))
        new = words[len(self._keys) : sure]
        if new and sure == len(words) and not said.paused:
            new[-1] = bare(new[-1])
        out = self._place(new, min(said.t1_ns, self._end_ns + self._left(new)))
        return Commit(out, guess=" ".join(words[len(self._keys) :]))

    def _agreed(self, keys: list[str]) -> int:
        """How many of the first words are certain."""
        others = self._before[len(self._before) - (self._agreement - 1) :] if self._agreement > 1 else []
        if len(others) < self._agreement - 1:
            return len(self._keys)
        return min([len(keys), *(_common(keys, other) for other in others)])

    def _final(self, words: list[str], t1_ns: int) -> Commit:
        keys = [key_of(word) for word in words]
        at, conflicts = _fit(self._keys, keys)
        return Commit(self._place(words[at:], t1_ns), True, "", conflicts)

    def _left(self, words: Sequence[str]) -> int:
        return sum(len(word) + 1 for word in words) * CHAR_NS

    def _place(self, words: Sequence[str], t1_ns: int) -> tuple[Word, ...]:
        """Commit words, spread between the last one and `t1_ns` in proportion to their length."""
        total = sum(len(word) + 1 for word in words)
        begin, span = self._end_ns, max(t1_ns - self._end_ns, 0)
        out, chars = [], 0
        for word in words:
            t0_ns = begin + span * chars // total
            chars += len(word) + 1
            out.append(Word(word, t0_ns, begin + span * chars // total))
        if out:
            self._end_ns = out[-1].t1_ns
        self._keys += [key_of(word) for word in words]
        return tuple(out)


def _common(a: Sequence[str], b: Sequence[str]) -> int:
    """Length of the common prefix."""
    n = 0
    while n < min(len(a), len(b)) and a[n] == b[n]:
        n += 1
    return n


def _fit(committed: Sequence[str], final: Sequence[str]) -> tuple[int, int]:
    """Behind which word of `final` what was committed ends, and with how many edits it fits up to there
    (Levenshtein 1966, the end free)."""
    if list(final[: len(committed)]) == list(committed):
        return len(committed), 0
    row = list(range(len(final) + 1))
    for i, word in enumerate(committed, 1):
        above_left, row[0] = row[0], i
        for j, other in enumerate(final, 1):
            above_left, row[j] = row[j], min(above_left + (word != other), row[j] + 1, row[j - 1] + 1)
    if min(row) > MAX_ERRORS:
        return min(len(committed), len(final)), min(row)
    at = min(range(len(row)), key=lambda j: (row[j], abs(j - len(committed))))
    return at, row[at]
