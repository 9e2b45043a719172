"""Where an answer's tokens stand in the percepts that it rests on: what the copier is taught to look at."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

SPAN = 2
"""Tokens that must agree in a row for a word to count as copied; one is enough for a word that stands out."""

Plain = Callable[[int], bool]
"""Whether a token is an ordinary word, such as "the" or a comma, which says nothing when it agrees alone."""


def copies(answer: Sequence[int], lines: Sequence[Sequence[int]], plain: Plain) -> list[tuple[int, int, int]]:
    """`(n, i, j)`: token n of the answer is token j of line i. Of several places those within the longest stretch that
    agrees are meant."""
    found: list[tuple[int, int, int]] = []
    if not answer or not lines:
        return found
    lengths = [_stretches(np.asarray(answer), np.asarray(line)) for line in lines]
    for n, token in enumerate(answer):
        longest = max(int(spans[n].max(initial=0)) for spans in lengths)
        if longest >= SPAN or (longest == 1 and not plain(token)):
            found += [(n, i, int(j)) for i, spans in enumerate(lengths) for j in np.flatnonzero(spans[n] == longest)]
    return found


def _stretches(answer: NDArray[np.int64], line: NDArray[np.int64]) -> NDArray[np.int64]:
    """Length `[n, m]` of the stretch of tokens that agree around each pair that does."""
    same = answer[:, None] == line[None]
    before = np.zeros((len(answer) + 1, len(line) + 1), np.int64)
    after = np.zeros_like(before)
    for n in range(len(answer)):
        before[n + 1, 1:] = np.where(same[n], before[n, :-1] + 1, 0)
    for n in reversed(range(len(answer))):
        after[n, :-1] = np.where(same[n], after[n + 1, 1:] + 1, 0)
    spans: NDArray[np.int64] = np.where(same, before[1:, 1:] + after[:-1, :-1] - 1, 0)
    return spans
