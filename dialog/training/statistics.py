"""Shares and means, each with what chance leaves open."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable
from dataclasses import dataclass

Z = 1.959964
"""Standard deviations within which 95 % of a normal distribution lie."""


def wilson(hits: int, of: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson, 1927): sensible also for few trials and for shares of 0 and 1."""
    if of == 0:
        return 0.0, 1.0
    share, z2 = hits / of, Z * Z
    middle = (share + z2 / (2 * of)) / (1 + z2 / of)
    half = Z * math.sqrt(share * (1 - share) / of + z2 / (4 * of * of)) / (1 + z2 / of)
    return max(0.0, middle - half), min(1.0, middle + half)


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    hits: int
    of: int

    @staticmethod
    def among(outcomes: Iterable[bool]) -> Share:
        """The share of outcomes that are true."""
        all_of_them = list(outcomes)
        return Share(sum(all_of_them), len(all_of_them))

    @property
    def value(self) -> float:
        """0..1; 0 of nothing is 0."""
        return self.hits / self.of if self.of else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """95 % interval, 0..1."""
        return wilson(self.hits, self.of)

    def figures(self) -> dict[str, float | int | None]:
        """For a line of JSON, rounded to three digits; the share of nothing is None."""
        low, high = self.interval
        value = round(self.value, 3) if self.of else None
        return {"share": value, "low": round(low, 3), "high": round(high, 3), "of": self.of}

    def __str__(self) -> str:
        """`93.8 % (88 to 97)`, or `-` for a share of nothing."""
        if not self.of:
            return "-"
        low, high = self.interval
        return f"{100 * self.value:.1f} % ({100 * low:.0f} to {100 * high:.0f})"


@dataclass(frozen=True, slots=True)
class Mean:
    """The mean of measured values, with the half width of its 95 % interval (normal approximation)."""

    value: float
    half: float
    of: int

    @staticmethod
    def over(values: Iterable[float]) -> Mean:
        """The mean of some values; 0 for none, and no interval for fewer than two."""
        all_of_them = list(values)
        if not all_of_them:
            return Mean(0.0, 0.0, 0)
        n = len(all_of_them)
        half = Z * statistics.stdev(all_of_them) / math.sqrt(n) if n > 1 else 0.0
        return Mean(statistics.fmean(all_of_them), half, n)

    def figures(self) -> dict[str, float | int | None]:
        """For a line of JSON, rounded to three digits; the mean of nothing is None."""
        value = round(self.value, 3) if self.of else None
        return {"mean": value, "half": round(self.half, 3), "of": self.of}

    def __str__(self) -> str:
        """`7.31 ± 0.42`, or `-` for the mean of nothing."""
        return f"{self.value:.2f} ± {self.half:.2f}" if self.of else "-"
