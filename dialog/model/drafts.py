"""What an answer may go on with, read off the percepts that it reads.

An answer tells percepts mostly in their own words. So what stands in them after the words just said is a good guess at
what comes next, and costs next to nothing. The model checks a few such tokens in one pass, sooner than one after the
other: its weights are read once for all of them. It is the model that chooses at every place; a guess only decides how
many places one pass settles.

Methods: speculative decoding (Leviathan et al., 2023); drafts copied from a text at hand (Yang et al., "Inference
with Reference", 2023).
"""

from __future__ import annotations

from collections.abc import Sequence

MOST = 3
"""Tokens of a draft, at most: each one that is wrong was computed for nothing."""

SHORTEST, LONGEST = 2, 5
"""Tokens that what was said and what stands in a percept must have in common, at least; more than the second are not
looked at."""


class Drafts:
    """Guesses from some lines, the likeliest line first."""

    def __init__(self, lines: Sequence[Sequence[int]]) -> None:
        self._lines = lines
        self._ends: dict[tuple[int, ...], list[tuple[int, int]]] = {}
        for n, line in enumerate(lines):
            for i in range(SHORTEST, len(line)):
                self._ends.setdefault(tuple(line[i - SHORTEST : i]), []).append((n, i))

    def after(self, said: Sequence[int], most: int = MOST) -> list[int]:
        """Up to `most` tokens (ids) that may follow what was said; none where nothing in the lines is like it.

        Of several places the one counts that has the most of the last tokens in common, then the likeliest line.
        """
        if len(said) < SHORTEST or most < 1:
            return []
        found = self._ends.get(tuple(said[-SHORTEST:]), ())
        best = max(found, key=lambda place: self._common(said, *place), default=None)
        if best is None:
            return []
        line, at = best
        return list(self._lines[line][at : at + most])

    def _common(self, said: Sequence[int], line: int, at: int) -> int:
        """How many of the last tokens stand before this place too."""
        tokens, n = self._lines[line], SHORTEST
        while n < min(LONGEST, at, len(said)) and tokens[at - n - 1] == said[-n - 1]:
            n += 1
        return n
