"""Speech to text behind one small protocol, and the guards against what such models make up."""

from __future__ import annotations

import re
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Word:
    """A word with its times in seconds from the start of the sound that was transcribed."""

    text: str
    t0_s: float
    t1_s: float


@dataclass(frozen=True, slots=True)
class Recognition:
    """What an engine understood."""

    text: str
    """One line; empty when there was no speech."""
    confidence: float = 1.0
    """0..1: geometric mean of the probabilities of the tokens chosen."""
    language: str = ""
    """ISO 639-1 code; empty when the engine does not tell."""
    words: tuple[Word, ...] = ()
    """Empty when the engine does not tell times."""


class SpeechToText(Protocol):
    """A speech recogniser. Holds weights only; may be called for several streams, from several threads."""

    def transcribe(self, samples: NDArray[np.float32], language: str | None = None) -> Recognition:
        """Text of one utterance.

        Args:
            samples: `[n]`, mono, -1..1, at 16 kHz; at most some 30 s.
            language: ISO 639-1 code of what is spoken, or None: the engine finds out, or knows one only.

        Raises:
            ModelError: the engine cannot do that language, or failed.
        """
        ...


_SPACES = re.compile(r"\s+")
_MUSIC = re.compile(r"[♪♫♬♩]+")


def tidy(text: str) -> str:
    """One line without music notes; empty where no letter or digit is left."""
    text = _SPACES.sub(" ", _MUSIC.sub(" ", text)).strip()
    return text if any(c.isalnum() for c in text) else ""


def repeats(items: Sequence[Hashable], longest: int = 24) -> int:
    """How many of the last items are mere repetition of what stands before them, else 0.

    A recogniser that lost the thread repeats itself without end. A run of one or two items counts from its sixth
    time on, a longer one from its fourth, so that "no, no, no" and "hello? hello? hello?" stay.
    """
    for size in range(1, min(longest, len(items) // 2) + 1):
        times = 6 if size <= 2 else 4
        need = size * times
        if len(items) >= need and list(items[-need:]) == list(items[-size:]) * times:
            return need - size
    return 0


def stable_words(text: str) -> list[tuple[str, str]]:
    """Words as (form for comparing, form as written)."""
    return [(re.sub(r"[^\w']", "", w.casefold()), w) for w in text.split()]


class LocalAgreement:
    """What two successive readings of a growing utterance agree on (LocalAgreement-2).

    Machacek, Dabre, Bojar: "Turning Whisper into Real-Time Transcription System", 2023, arXiv:2307.14743. What was
    shown once stays: words are only ever added.
    """

    def __init__(self) -> None:
        self._shown: list[tuple[str, str]] = []
        self._before: list[tuple[str, str]] = []

    def push(self, text: str) -> str | None:
        """Take in the newest reading; the text to show if it grew, else None."""
        now, before, self._before = stable_words(text), self._before, stable_words(text)
        agreed = 0
        while agreed < min(len(now), len(before)) and now[agreed][0] == before[agreed][0]:
            agreed += 1
        shown = len(self._shown)
        if agreed <= shown or [w for w, _ in now[:shown]] != [w for w, _ in self._shown]:
            return None
        self._shown += now[shown:agreed]
        return " ".join(written for _, written in self._shown)
