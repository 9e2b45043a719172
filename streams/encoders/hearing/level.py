"""Loudness: sudden loud sounds, lasting noise and quiet, a microphone that fell silent."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from statistics import median

from streams import wording
from streams.encoders.hearing.window import SILENT_DB, WINDOW_S, Windower
from streams.types import Kind, Observation, Percept


@dataclass(frozen=True, slots=True)
class SoundOptions:
    """What counts as loud, noisy, quiet and dead. Levels in dB below full scale, times in seconds."""

    loud_rise_db: float = 18.0
    """A sudden sound is so much above the running background ..."""
    loud_attack_db: float = 10.0
    """... and above the quietest of the last 0.16 s ..."""
    loud_level_db: float = -28.0
    """... and at least so loud."""
    loud_pause_s: float = 4.0
    """No second sudden sound is told within this time."""
    lasting_s: int = 5
    """Noise and quiet must last so long before they are told."""
    noise_change_db: float = 12.0
    """How far lasting noise is above what was before, and quiet below."""
    noise_level_db: float = -50.0
    """Softer sound is never noisy."""
    gone_s: float = 5.0
    """A live microphone that gives exact zeros for so long is gone."""
    live_s: float = 10.0
    """Sound without any exact silence for so long proves a live microphone: a file or a synthetic voice has pauses
    of exact zeros, and such pauses are no fault."""


_FLOOR_DB = -60.0
"""The background counts as at least this loud."""
_BACKGROUND_S = 1.0
_BEFORE = 5
"""Windows to look back for the attack."""
_AFTER = 12
"""Windows (0.38 s) to wait: a voice is known as such only after its onset."""
_VOICE = 0.4
"""From this speech probability on, a sound near it may be the voice itself."""
_VOICE_TAIL_S = 0.4
_BLOCK = round(1 / WINDOW_S)
_DRIFT = 0.02
"""Share of a second's level by which the idea of normal follows: slow change is no event."""
_LEARN_S = 2.0
"""A run of exact zeros longer than this shows that this stream has them by nature."""


class SoundStage:
    """One stream's loudness. Costs a few microseconds a window."""

    def __init__(self, source: str, options: SoundOptions) -> None:
        self._source = source
        self._options = options
        self.level_db = SILENT_DB
        """Of the newest window."""
        self._zeros = 0
        self._alive = 0
        self._gone = False
        self._normal_db: float | None = None
        self._noise_db = 0.0
        self._state = ""
        """`noisy`, `quiet`, or empty while neither was told."""
        self.restart()

    def restart(self) -> None:
        """Window numbers begin at 0 again; what was learnt about the place stays."""
        self._n = 0
        self._background_db: float | None = None
        self._recent: deque[float] = deque(maxlen=_BEFORE)
        self._onset: int | None = None
        self._onset_background_db = _FLOOR_DB
        self._loud_until = 0
        self._quiet_before = -_windows(self._options.loud_pause_s)
        self._voiced = -_windows(_VOICE_TAIL_S) - 1
        self._block: list[float] = []
        self._block_windows = 0
        self._block_from = 0
        self._seconds: deque[tuple[int, float]] = deque(maxlen=self._options.lasting_s)

    def push(self, probability: float, level_db: float, timeline: Windower) -> list[Observation]:
        """Take in the next window's speech probability and level; return what can be said now."""
        self.level_db = level_db
        if probability >= _VOICE:
            self._voiced = self._n
        out = (
            self._alive_or_gone(level_db, timeline)
            + self._sudden(level_db, timeline)
            + self._lasting(level_db, timeline)
        )
        self._n += 1
        return out

    def flush(self, timeline: Windower) -> list[Observation]:
        """The stream ended: an onset that still waited for its proof is told."""
        return self._tell_onset(timeline) if self._onset is not None else []

    def _alive_or_gone(self, level_db: float, timeline: Windower) -> list[Observation]:
        o = self._options
        if level_db <= SILENT_DB:
            self._zeros += 1
            proven = self._alive >= _windows(o.live_s)
            if self._zeros > _windows(_LEARN_S) and not proven:
                self._alive = 0
            if proven and not self._gone and self._zeros >= _windows(o.gone_s):
                self._gone = True
                return [self._percept("health", wording.gone(True, "microphone"), self._n + 1 - self._zeros, timeline)]
            return []
        self._zeros = 0
        self._alive += 1
        if self._gone:
            self._gone = False
            return [self._percept("health", wording.gone(False, "microphone"), self._n, timeline)]
        return []

    def _sudden(self, level_db: float, timeline: Windower) -> list[Observation]:
        o, out = self._options, list[Observation]()
        background = max(_FLOOR_DB, level_db) if self._background_db is None else self._background_db
        if self._onset is not None:
            if level_db >= self._onset_background_db + o.loud_rise_db / 2:
                self._loud_until = self._n + 1
            if self._n - self._onset >= _AFTER:
                out = self._tell_onset(timeline)
        elif (
            level_db >= max(o.loud_level_db, background + o.loud_rise_db)
            and level_db - min(self._recent, default=level_db) >= o.loud_attack_db
            and self._n - self._quiet_before >= _windows(o.loud_pause_s)
        ):
            self._onset, self._loud_until, self._onset_background_db = self._n, self._n + 1, background
        self._recent.append(level_db)
        share = WINDOW_S / _BACKGROUND_S
        self._background_db = background + share * (max(_FLOOR_DB, level_db) - background)
        return out

    def _tell_onset(self, timeline: Windower) -> list[Observation]:
        """The sudden sound that was waiting, unless a voice was in or shortly before it."""
        assert self._onset is not None
        onset, self._onset = self._onset, None
        if self._voiced >= onset - _windows(_VOICE_TAIL_S):
            return []
        self._quiet_before = onset
        return [self._percept("sound", wording.loud(), onset, timeline, self._loud_until)]

    def _lasting(self, level_db: float, timeline: Windower) -> list[Observation]:
        """Judge noise and quiet by seconds of sound that hold neither speech nor digital silence."""
        if level_db > SILENT_DB and self._n - self._voiced > _windows(_VOICE_TAIL_S):
            self._block.append(level_db)
        self._block_windows += 1
        if self._block_windows < _BLOCK:
            return []
        block, first = self._block, self._block_from
        self._block, self._block_windows, self._block_from = [], 0, self._n + 1
        if len(block) < _BLOCK // 2:
            return []
        self._seconds.append((first, median(block)))
        return self._judge(timeline) if len(self._seconds) == self._options.lasting_s else []

    def _judge(self, timeline: Windower) -> list[Observation]:
        o = self._options
        levels = [level for _, level in self._seconds]
        now = median(levels)
        if self._normal_db is None:
            self._normal_db = now
            return []
        started = self._seconds[0][0]
        loud = max(self._normal_db + o.noise_change_db, o.noise_level_db)
        if self._state != "noisy" and min(levels) >= loud:
            self._state, self._noise_db = "noisy", now
            return [self._percept("sound", wording.noise(True), started, timeline)]
        ceiling = self._noise_db if self._state == "noisy" else self._normal_db
        if self._state != "quiet" and max(levels) <= ceiling - o.noise_change_db and ceiling >= o.noise_level_db:
            self._state, self._normal_db = "quiet", now
            return [self._percept("sound", wording.noise(False), started, timeline)]
        if self._state != "noisy":
            self._normal_db += _DRIFT * (now - self._normal_db)
            if self._state == "quiet" and now >= o.noise_level_db:
                self._state = ""
        return []

    def _percept(self, kind: Kind, text: str, first: int, timeline: Windower, last: int | None = None) -> Percept:
        t0_ns = timeline.time_ns(first)
        return Percept(
            "", kind, self._source, t0_ns, t0_ns if last is None else max(t0_ns, timeline.time_ns(last)), text
        )


def _windows(seconds: float) -> int:
    return round(seconds / WINDOW_S)
