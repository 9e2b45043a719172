"""Hearing as one encoder: voice activity once per window, its result shared by speech and loudness."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from streams.encoders.hearing.level import SoundOptions, SoundStage
from streams.encoders.hearing.speech import SpeechOptions, SpeechStage
from streams.encoders.hearing.stt import SpeechToText
from streams.encoders.hearing.turn_end import EndOfTurn
from streams.encoders.hearing.vad import VoiceActivity
from streams.encoders.hearing.window import Break, Windower, level_db
from streams.types import AudioChunk, Observation

S = TypeVar("S")


@dataclass(slots=True)
class HearingState(Generic[S]):
    """One stream's state. Bounded: the windows of one utterance and a few numbers."""

    windower: Windower
    voice: S
    speech: SpeechStage | None
    sound: SoundStage | None

    @property
    def speaking(self) -> bool:
        """True while an utterance is open."""
        return self.speech is not None and self.speech.speaking

    @property
    def level_db(self) -> float:
        """Loudness of the newest window, dB below full scale; -120 when unknown or silent."""
        return -120.0 if self.sound is None else self.sound.level_db


class HearingEncoder(Generic[S]):
    """`Encoder[HearingState, AudioChunk]`: partial texts, transcripts, speech, sound and microphone percepts.

    All decisions fall on windows of 512 samples at fixed places of the stream and on media time, so the output is
    the same however the stream was cut and however fast the machine is. Speech to text runs inside `step`.
    """

    def __init__(
        self,
        vad: VoiceActivity[S],
        stt: SpeechToText | None,
        speech: SpeechOptions | None = None,
        sound: SoundOptions | None = None,
        ends: EndOfTurn | None = None,
        languages: Mapping[str, str] | None = None,
    ) -> None:
        """`stt` None hears no words; `ends` judges whether a speaker who pauses has finished. Options None take the
        defaults. `languages`: what is spoken at a source, by its name, where that is known; looked up when a stream
        begins."""
        self._vad = vad
        self._stt = stt
        self._speech = speech or SpeechOptions()
        self._sound = sound or SoundOptions()
        self._ends = ends
        self._languages = {} if languages is None else languages

    def init_state(self, source: str) -> HearingState[S]:
        """A fresh stream."""
        options = replace(self._speech, language=self._languages.get(source, self._speech.language))
        speech = None if self._stt is None else SpeechStage(source, self._stt, options, self._ends)
        return HearingState(Windower(), self._vad.init_state(), speech, SoundStage(source, self._sound))

    def step(self, state: HearingState[S], media: AudioChunk) -> list[Observation]:
        """Hear a chunk. A speech engine that fails is a `Health` observation, and the stream goes on."""
        out: list[Observation] = []
        for item in state.windower.push(media):
            if isinstance(item, Break):
                out += self._finish(state)
                state.voice = self._vad.init_state()
                for stage in (state.speech, state.sound):
                    if stage is not None:
                        stage.restart()
            else:
                out += self._hear(state, item)
        return out

    def flush(self, state: HearingState[S]) -> list[Observation]:
        """The stream ended: finish the open utterance."""
        out: list[Observation] = []
        for window in state.windower.end():
            out += self._hear(state, window)
        return out + self._finish(state)

    def _hear(self, state: HearingState[S], window: NDArray[np.float32]) -> list[Observation]:
        probability, state.voice = self._vad.step(state.voice, window)
        level = level_db(window)
        out: list[Observation] = []
        if state.sound is not None:
            out += state.sound.push(probability, level, state.windower)
        if state.speech is not None:
            out += state.speech.push(window, probability, level, state.windower)
        return out

    def _finish(self, state: HearingState[S]) -> list[Observation]:
        out: list[Observation] = []
        if state.sound is not None:
            out += state.sound.flush(state.windower)
        if state.speech is not None:
            out += state.speech.flush(state.windower)
        return out
