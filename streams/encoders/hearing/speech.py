"""Streaming speech to text: partial texts while somebody speaks, one final transcript per utterance."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from streams import wording
from streams.encoders.hearing.segmenter import Begun, Ended, Segmenter, SegmenterOptions
from streams.encoders.hearing.stt import LocalAgreement, Recognition, SpeechToText, tidy
from streams.encoders.hearing.turn_end import EndOfTurn
from streams.encoders.hearing.window import SILENT_DB, WINDOW_S, Windower
from streams.errors import ModelError
from streams.types import Health, HealthState, Observation, Partial, Percept, Transcript


@dataclass(frozen=True, slots=True)
class SpeechOptions:
    """How speech becomes text. Times are seconds of media time, so results do not depend on the machine's speed."""

    segmenter: SegmenterOptions = SegmenterOptions()
    language: str = ""
    """ISO 639-1 code of what is spoken; empty: the engine decides."""
    partials: bool = True
    first_partial_s: float = 0.6
    """Into an utterance, its first reading. Two that agree make the first partial text."""
    partial_step_s: float = 1.0
    """From one reading to the next, at least."""
    partial_growth: float = 0.3
    """... and at least this fraction of the utterance so far: all readings together then cost no more than some
    four times the final one, however long somebody speaks."""
    announce: bool = False
    """Also yield a `Partial` without text as soon as it is certain that somebody speaks (for turn-taking)."""
    min_confidence: float = 0.45
    """A transcript less certain than this is taken for noise, or for a language that the engine does not know:
    on recordings, Moonshine gives 0.5 to 1 to English and 0.2 to 0.45 to French, Italian and Spanish."""
    min_level_db: float = -62.0
    """An utterance whose loudest window stays below is taken for noise."""

    def __post_init__(self) -> None:
        if self.first_partial_s <= 0 or self.partial_step_s <= 0 or self.partial_growth < 0:
            raise ValueError("the steps of partial texts must be positive")


@dataclass(frozen=True, slots=True)
class _Pause:
    """The newest pause within an utterance."""

    end: int
    """Window up to which its reading goes."""
    said: Recognition


@dataclass(slots=True)
class _Utterance:
    first: int
    audio_first: int
    next_reading_s: float
    agreement: LocalAgreement = field(default_factory=LocalAgreement)
    pause: _Pause | None = None


class SpeechStage:
    """One stream's way from windows to transcripts. Memory is bounded by the longest utterance."""

    def __init__(
        self, source: str, engine: SpeechToText, options: SpeechOptions, ends: EndOfTurn | None = None
    ) -> None:
        """`ends` judges pauses; without it nothing is said of them."""
        self._source = source
        self._engine = engine
        self._options = options
        self._ends = ends
        self._failed = False
        self.restart()

    def restart(self) -> None:
        """Window numbers begin at 0 again."""
        self._segmenter = Segmenter(self._options.segmenter)
        self._sound: deque[tuple[NDArray[np.float32], float]] = deque()
        """Windows still needed, with their loudness in dB; the first has number `_sound_from`."""
        self._sound_from = 0
        self._utterance: _Utterance | None = None

    @property
    def speaking(self) -> bool:
        """True from the moment it is certain that somebody speaks until the utterance is over."""
        return self._utterance is not None

    def push(
        self, window: NDArray[np.float32], probability: float, level_db: float, timeline: Windower
    ) -> list[Observation]:
        """Take in the next window `[512]`; return what can be said now."""
        self._sound.append((window, level_db))
        out = self._follow(self._segmenter.push(probability, level_db), timeline)
        out += self._read_on(timeline)
        while self._sound_from < self._segmenter.needed_from and self._sound:
            self._sound.popleft()
            self._sound_from += 1
        return out

    def flush(self, timeline: Windower) -> list[Observation]:
        """The stream ended or broke off: finish an open utterance."""
        return self._follow(self._segmenter.flush(), timeline)

    def _follow(self, events: list[Begun | Ended], timeline: Windower) -> list[Observation]:
        out: list[Observation] = []
        for event in events:
            if isinstance(event, Begun):
                self._utterance = _Utterance(event.first, event.audio_first, self._options.first_partial_s)
                if self._options.announce:
                    out.append(Partial(self._source, timeline.time_ns(event.first), timeline.time_ns(self._end()), ""))
            else:
                pause = None if self._utterance is None else self._utterance.pause
                self._utterance = None
                out += self._finish(event, pause, timeline)
        return out

    def _end(self) -> int:
        """Number of the window that comes next."""
        return self._sound_from + len(self._sound)

    def _read_on(self, timeline: Windower) -> list[Observation]:
        """A reading of the utterance so far, when its time has come."""
        o, utterance = self._options, self._utterance
        if utterance is None or not o.partials:
            return []
        if self._segmenter.in_post_roll:
            return self._read_pause(utterance, timeline)
        length_s = (self._end() - utterance.first) * WINDOW_S
        # In a pause the next reading waits: either speech goes on, or the final one is close.
        if length_s < utterance.next_reading_s or self._segmenter.silence_s > o.segmenter.end_silence_s / 3:
            return []
        step_s = o.partial_step_s if utterance.next_reading_s > o.first_partial_s else o.first_partial_s
        utterance.next_reading_s = length_s + max(step_s, o.partial_growth * length_s)
        if self._loudest_db(utterance.audio_first, self._end()) < o.min_level_db:
            return []
        said, out = self._understand(utterance.audio_first, self._end(), timeline)
        text = utterance.agreement.push(said.text) if said.confidence >= o.min_confidence else None
        if not text:
            return out
        return [*out, Partial(self._source, timeline.time_ns(utterance.first), timeline.time_ns(self._end()), text)]

    def _read_pause(self, utterance: _Utterance, timeline: Windower) -> list[Observation]:
        """The pause has lasted as long as the sound that is kept after an utterance: if no more is said, then this is
        the very sound of the final reading, which so is known early and need not be made again."""
        end = self._end()
        if self._loudest_db(utterance.audio_first, end) < self._options.min_level_db:
            return []
        said, out = self._understand(utterance.audio_first, end, timeline)
        ends, finished = self._ends, None
        if ends is not None and said.text:
            finished = ends.finished(self._samples(utterance.audio_first, end))
        utterance.pause = _Pause(end, said)
        utterance.agreement.push(said.text)
        if not said.text or said.confidence < self._options.min_confidence:
            return out
        t0_ns, t1_ns = timeline.time_ns(utterance.first), timeline.time_ns(end)
        return [*out, Partial(self._source, t0_ns, t1_ns, said.text, finished=finished, paused=True)]

    def _finish(self, ended: Ended, pause: _Pause | None, timeline: Windower) -> list[Observation]:
        """The final transcript and its percept, or nothing where it was not speech after all."""
        o = self._options
        quiet = self._loudest_db(ended.audio_first, ended.audio_last) < o.min_level_db
        if quiet or ended.voiced_s < o.segmenter.min_speech_s:
            return []
        if pause is not None and pause.end != ended.audio_last:
            pause = None  # cut in the middle of a long speech
        if pause is not None:
            said, out = pause.said, list[Observation]()
        else:
            said, out = self._understand(ended.audio_first, ended.audio_last, timeline)
        if not said.text or said.confidence < o.min_confidence:
            return out
        # Judged again: the silence since then tells more than the first fifth of a second of it.
        finished = None
        if self._ends is not None and pause is not None:
            finished = self._ends.finished(self._samples(ended.audio_first, self._end()))
        t0_ns, t1_ns = timeline.time_ns(ended.first), timeline.time_ns(ended.last)
        percept = Percept(
            "", "speech", self._source, t0_ns, t1_ns, wording.says(said.text), confidence=min(1.0, said.confidence)
        )
        heard = Transcript(self._source, t0_ns, t1_ns, said.text, language=said.language, finished=finished)
        return [*out, heard, percept]

    def _loudest_db(self, first: int, last: int) -> float:
        """Level of the loudest window of `first..last`, in dB."""
        levels = [level for _, level in self._sound][max(0, first - self._sound_from) : last - self._sound_from]
        return max(levels, default=SILENT_DB)

    def _samples(self, first: int, last: int) -> NDArray[np.float32]:
        """The sound of windows `first..last`."""
        windows = [w for w, _ in self._sound]
        return np.concatenate(windows[max(0, first - self._sound_from) : last - self._sound_from])

    def _understand(self, first: int, last: int, timeline: Windower) -> tuple[Recognition, list[Observation]]:
        """What was said in windows `first..last`. A failing engine is told once, and again when it recovers."""
        sound = self._samples(first, last)
        failure = ""
        try:
            said = self._engine.transcribe(sound, self._options.language or None)
            said = Recognition(tidy(said.text), said.confidence, said.language, said.words)
        except ModelError as error:
            said, failure = Recognition("", 0.0), str(error)
        if bool(failure) == self._failed:
            return said, []
        self._failed = bool(failure)
        state: HealthState = "failed" if failure else "ok"
        return said, [Health("model:speech", state, failure or "understands again", timeline.time_ns(self._end()))]
