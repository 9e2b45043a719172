"""Who speaks now: voice activity alone, at once. For turn-taking, which cannot wait for words.

Windows overlap by half, each half judged by a detector state of its own, so that there is a judgement every 16 ms. A
first sign of a voice is told as such (`Voice.sure` is False) and taken back where nothing follows.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from streams.encoders.hearing.vad import VoiceActivity
from streams.encoders.hearing.window import WINDOW, WINDOW_S, Break, Windower, level_db
from streams.types import AudioChunk, Observation, Voice

S = TypeVar("S")

HOP = WINDOW // 2
HOP_S = WINDOW_S / 2


@dataclass(frozen=True, slots=True)
class ActivityOptions:
    """When a voice is there. Probabilities 0..1, times in seconds."""

    sign_probability: float = 0.35
    """One window of this is a first sign of a voice: in office noise once in 40 s."""
    start_probability: float = 0.5
    end_probability: float = 0.35
    onset_s: float = 0.064
    """So much voiced sound, with at most as much of other sound in between, is a voice: a click or a cough's first
    burst is shorter."""
    sign_s: float = 0.096
    """A sign that nothing followed for so long was none."""
    silence_s: float = 0.128
    """So much silence is the end of it, for now."""
    min_level_db: float = -62.0
    """Windows that are quieter are silence."""


@dataclass(slots=True)
class ActivityState(Generic[S]):
    """One stream's state: a few numbers."""

    windower: Windower
    lanes: list[S]
    """Of the even windows, and of the odd ones."""
    before: NDArray[np.float32] | None = None
    """The half window `[HOP]` before the next one."""
    speaking: bool = False
    signed: bool = False
    """A first sign was told, and not taken back."""
    number: int = 0
    """Of the next window, which begins `HOP` samples after the one before, since the last break."""
    voiced: list[int] = field(default_factory=list)
    """Newest voiced windows that may become a voice, at most four."""
    last: int = 0
    """Number of the window after the last voiced one."""


class ActivityEncoder(Generic[S]):
    """`Encoder[ActivityState, AudioChunk]`: `Voice` observations and nothing else. Takes 0.4 ms for every 32 ms."""

    def __init__(self, vad: VoiceActivity[S], options: ActivityOptions | None = None) -> None:
        self._vad = vad
        self._options = options or ActivityOptions()

    def init_state(self, source: str) -> ActivityState[S]:
        """A fresh stream."""
        return ActivityState(Windower(HOP), [self._vad.init_state(), self._vad.init_state()])

    def step(self, state: ActivityState[S], media: AudioChunk) -> list[Observation]:
        """Hear a chunk."""
        out: list[Observation] = []
        for item in state.windower.push(media):
            if isinstance(item, Break):
                out += self._silence(state, media.source)
                state.lanes = [self._vad.init_state(), self._vad.init_state()]
                state.before, state.number, state.last, state.voiced = None, 0, 0, []
                continue
            before, state.before = state.before, item
            if before is None:
                continue
            window, lane = np.concatenate([before, item]), state.number % 2
            probability, state.lanes[lane] = self._vad.step(state.lanes[lane], window)
            if level_db(window) < self._options.min_level_db:
                probability = 0.0
            out += self._follow(state, media.source, probability)
        return out

    def flush(self, state: ActivityState[S]) -> list[Observation]:
        """The stream ended: whoever spoke does no longer."""
        return []

    def _follow(self, state: ActivityState[S], source: str, probability: float) -> list[Observation]:
        o, n = self._options, state.number
        state.number += 1
        if state.speaking:
            if probability >= o.end_probability:
                state.last = n + 1
            elif state.number - state.last >= _windows(o.silence_s):
                return self._silence(state, source)
            return []
        return self._begin(state, source, probability) + self._sign(state, source, probability)

    def _begin(self, state: ActivityState[S], source: str, probability: float) -> list[Observation]:
        o, n = self._options, state.number - 1
        if probability < o.start_probability:
            return []
        needed = _windows(o.onset_s)
        state.voiced = [v for v in state.voiced if n - v < 2 * needed][1 - needed :]
        state.voiced.append(n)
        if len(state.voiced) < needed:
            return []
        state.speaking, state.signed, state.last = True, False, n + 1
        first, state.voiced = state.voiced[0], []
        return [Voice(source, state.windower.time_ns(first), True)]

    def _sign(self, state: ActivityState[S], source: str, probability: float) -> list[Observation]:
        o, n = self._options, state.number - 1
        if state.speaking:
            return []
        if probability >= o.sign_probability:
            state.last = n + 1
            if not state.signed:
                state.signed = True
                return [Voice(source, state.windower.time_ns(n), True, sure=False)]
        elif state.signed and state.number - state.last >= _windows(o.sign_s):
            return self._silence(state, source)
        return []

    def _silence(self, state: ActivityState[S], source: str) -> list[Observation]:
        if not state.speaking and not state.signed:
            return []
        voice = Voice(source, state.windower.time_ns(state.last + 1), False, sure=state.speaking)
        state.speaking = state.signed = False
        return [voice]


def _windows(seconds: float) -> int:
    return max(1, round(seconds / HOP_S))
