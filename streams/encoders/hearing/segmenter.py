"""Finds utterances in a row of speech probabilities. A pure state machine: windows in, beginnings and ends out."""

from __future__ import annotations

from dataclasses import dataclass

from streams.encoders.hearing.window import SILENT_DB, WINDOW_S

_SMOOTH = 5
"""Windows (0.16 s) over which loudness is averaged to find the quietest place; shorter dips lie inside words."""


@dataclass(frozen=True, slots=True)
class SegmenterOptions:
    """When speech begins and ends. Probabilities 0..1, times in seconds."""

    start_probability: float = 0.5
    """A window from here on counts as voiced."""
    end_probability: float = 0.35
    """A window below counts as silence; between both nothing changes."""
    sure_probability: float = 0.75
    """An utterance has reached this at least once: noise seldom does."""
    min_speech_s: float = 0.2
    """An utterance has at least so much voiced sound."""
    end_silence_s: float = 0.5
    """So much silence ends an utterance."""
    pre_roll_s: float = 0.3
    """Sound from before the first voiced window that belongs to it: soft first consonants."""
    post_roll_s: float = 0.2
    """Sound after the last voiced window."""
    max_utterance_s: float = 20.0
    """A longer utterance is cut at the quietest place of its second half."""

    def __post_init__(self) -> None:
        if not 0 < self.end_probability <= self.start_probability <= self.sure_probability <= 1:
            raise ValueError("end, start and sure probability must rise, between 0 and 1")
        if self.max_utterance_s < 2:
            raise ValueError("an utterance of less than 2 s cannot be cut sensibly")


@dataclass(frozen=True, slots=True)
class Begun:
    """It is now certain that somebody speaks. All positions are window numbers."""

    first: int
    """First voiced window."""
    audio_first: int
    """First window of its sound, pre-roll included."""


@dataclass(frozen=True, slots=True)
class Ended:
    """The utterance that `Begun` announced is over. `last` and `audio_last` are exclusive."""

    first: int
    last: int
    audio_first: int
    audio_last: int
    voiced_s: float
    cut: bool
    """True when it was cut for length and goes on in the next one."""


class Segmenter:
    """One per stream; feed it every window in turn. Window numbers count from 0."""

    def __init__(self, options: SegmenterOptions) -> None:
        self._options = options
        self._n = 0
        self._free = 0
        """No utterance's sound reaches past this window number."""
        self._first: int | None = None
        self._last = 0
        self._open = False
        self._seen: list[tuple[float, float]] = []
        """Probability and loudness of each window since `_first`; bounded by `max_utterance_s`."""

    @property
    def needed_from(self) -> int:
        """Sound before this window number is not needed any more."""
        first = self._n if self._first is None else self._first
        return max(self._free, first - _windows(self._options.pre_roll_s))

    @property
    def silence_s(self) -> float:
        """Seconds since the last voiced window of the open utterance; 0 when there is none."""
        return 0.0 if self._first is None else (self._n - self._last) * WINDOW_S

    @property
    def in_post_roll(self) -> bool:
        """The newest window is the last that would belong to the open utterance's sound if no more were said."""
        return self._open and self._n - self._last == _windows(self._options.post_roll_s)

    def push(self, probability: float, level_db: float) -> list[Begun | Ended]:
        """Take in the next window's speech probability and loudness; return what follows from it."""
        o = self._options
        n, self._n = self._n, self._n + 1
        if self._first is None:
            if probability < o.start_probability:
                return []
            self._first, self._seen = n, []
        self._seen.append((probability, level_db))
        if probability >= o.end_probability:
            self._last = n + 1
        if not self._open:
            return self._decide()
        if self._n - self._last >= _windows(o.end_silence_s):
            return [self._close(cut=False)]
        if len(self._seen) >= _windows(o.max_utterance_s):
            return self._cut()
        return []

    def flush(self) -> list[Begun | Ended]:
        """The stream ended: close what is open. Window numbers go on."""
        if self._open:
            return [self._close(cut=False)]
        self._first = None
        return []

    def _decide(self) -> list[Begun | Ended]:
        """A candidate becomes an utterance, or is given up."""
        o = self._options
        assert self._first is not None
        if self._voiced_s() >= o.min_speech_s and max(p for p, _ in self._seen) >= o.sure_probability:
            self._open = True
            return [Begun(self._first, self.needed_from)]
        too_quiet = self._n - self._last >= _windows(o.end_silence_s)
        if too_quiet or len(self._seen) >= _windows(o.max_utterance_s):
            self._first = None
        return []

    def _voiced_s(self) -> float:
        return sum(p >= self._options.start_probability for p, _ in self._seen) * WINDOW_S

    def _close(self, cut: bool) -> Ended:
        assert self._first is not None
        audio_last = self._last if cut else min(self._n, self._last + _windows(self._options.post_roll_s))
        ended = Ended(self._first, self._last, self.needed_from, audio_last, self._voiced_s(), cut)
        self._free = audio_last
        self._first, self._open, self._seen = None, False, []
        return ended

    def _cut(self) -> list[Begun | Ended]:
        """End the utterance at its quietest place and go on behind it at once."""
        assert self._first is not None
        levels = [max(level, SILENT_DB) for _, level in self._seen]
        half = _SMOOTH // 2
        places = range(len(levels) // 2, len(levels) - half)
        at = min(places, key=lambda i: (sum(levels[i - half : i + half + 1]), -i))
        later, last = self._seen[at:], self._last
        self._seen, self._last = self._seen[:at], self._first + at
        cut_at = self._last
        events: list[Begun | Ended] = [self._close(cut=True)]
        self._first, self._last, self._seen = cut_at, max(last, cut_at), later
        return events + self._decide()


def _windows(seconds: float) -> int:
    return max(1, round(seconds / WINDOW_S))
