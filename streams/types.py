"""The values that travel through heed: media in, observations out. All frozen, all serialisable.

Times are integer nanoseconds of *stream time*: zero is the start of the run, the zero of the injected clock.
A source converts capture time to stream time once; nothing downstream reads a clock to date a medium.
Wall-clock time appears only where a person reads it (`streams.wording`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

NS = 1_000_000_000
SAMPLE_RATE_HZ = 16_000

Box = tuple[float, float, float, float]
"""`(x, y, width, height)`, each as a fraction 0..1 of the picture, origin at the top left."""

Kind = Literal["speech", "text", "scene", "object", "count", "face", "sign", "motion", "light", "sound", "health"]
KINDS: tuple[Kind, ...] = (
    "speech",
    "text",
    "scene",
    "object",
    "count",
    "face",
    "sign",
    "motion",
    "light",
    "sound",
    "health",
)

HealthState = Literal["ok", "degraded", "failed"]

Depth = Literal["full", "reduced", "motion"]
"""How closely a picture is looked at. `full`: all that is configured; `reduced`: no text is read and no faces are
looked for; `motion`: what moves is followed, but not named."""


@dataclass(frozen=True, slots=True)
class AudioChunk:
    """A stretch of sound. Sources resample to mono `SAMPLE_RATE_HZ` before they yield it."""

    source: str
    """Name of the microphone, camera or file, as configured."""
    t0_ns: int
    """Stream time of the first sample."""
    samples: NDArray[np.float32]
    """`[n]`, mono, -1..1, at `SAMPLE_RATE_HZ`."""

    @property
    def t_ns(self) -> int:
        """Stream time at which the chunk is complete: the moment it can be known."""
        return self.t0_ns + len(self.samples) * NS // SAMPLE_RATE_HZ


@dataclass(frozen=True, slots=True)
class VideoFrame:
    """One picture."""

    source: str
    t_ns: int
    """Stream time of capture."""
    rgb: NDArray[np.uint8]
    """`[height, width, 3]`, red first."""
    changed: float | None = None
    """Share 0..1 of the picture that differs from the last one that the source handed on; None: it did not look."""
    depth: Depth = "full"
    """How closely an encoder shall look: whoever shares out the processor sets it."""


@dataclass(frozen=True, slots=True)
class TextMessage:
    """A line that somebody typed or sent."""

    source: str
    t_ns: int
    text: str
    speaker: str = ""
    """Who wrote it; empty when nobody said."""


Media = AudioChunk | VideoFrame | TextMessage


@dataclass(frozen=True, slots=True)
class Percept:
    """One thing perceived. `text` says it in a short sentence without time and place (`streams.wording`)."""

    id: str
    """Unique in a run: `<source>/<letter><number>`, letter `a` for sound, `v` for picture, `t` for text."""
    kind: Kind
    source: str
    t0_ns: int
    t1_ns: int
    """When what it describes ended; equal to `t0_ns` for a moment."""
    text: str
    confidence: float = 1.0
    """0..1."""
    box: Box | None = None
    speaker: str = ""
    """For speech and text: who; empty when unknown."""
    features: NDArray[np.float32] | None = None
    """`[n, D]` vectors for a connector, or None. Not part of the JSON form."""
    zones: tuple[str, ...] = ()
    """Names of the source's zones in which it is."""


@dataclass(frozen=True, slots=True)
class Partial:
    """What somebody seems to be saying, while they say it. The next one for the same source replaces it."""

    source: str
    t0_ns: int
    t1_ns: int
    text: str
    speaker: str = ""
    finished: float | None = None
    """How likely this is all they want to say, 0..1, judged by the sound; given at a pause, by an engine that can."""
    paused: bool = False
    """They fell silent at `t1_ns`, and these are all words up to there."""


@dataclass(frozen=True, slots=True)
class Transcript:
    """What somebody said: final, never changed."""

    source: str
    t0_ns: int
    t1_ns: int
    text: str
    speaker: str = ""
    language: str = ""
    """ISO 639-1 code, or empty when the engine does not tell."""
    finished: float | None = None
    """As for `Partial`."""


@dataclass(frozen=True, slots=True)
class Voice:
    """Somebody begins to speak, or falls silent; known within a tenth of a second, before any word is."""

    source: str
    t_ns: int
    """Where the speech began, or ended."""
    speaking: bool
    sure: bool = True
    """False: a first sign of a voice, or that it was none. Good for falling silent in time, and for nothing else."""


@dataclass(frozen=True, slots=True)
class Health:
    """How a component is doing. Sent on change only."""

    component: str
    """`<role>:<name>`, such as `camera:front door` or `model:speech`."""
    state: HealthState
    reason: str
    t_ns: int = 0


Observation = Percept | Partial | Transcript | Voice | Health
"""What an encoder may yield."""


def ns(seconds: float) -> int:
    """Seconds to integer nanoseconds."""
    return round(seconds * NS)


def seconds(t_ns: int) -> float:
    """Nanoseconds to seconds, exact to the microsecond (what JSON lines carry)."""
    return round(t_ns / NS, 6)
