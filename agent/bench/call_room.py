"""`heed bench call`, echo without a call: what the canceller takes out of a made room's echo, and what it leaves of a
person who speaks at the same time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agent.bench.call_sound import LEVEL, recorded
from agent.bench.perception_audio import Errors, hear, word_errors
from streams.echo.aec3 import Aec3
from streams.resample import resample
from streams.types import NS, SAMPLE_RATE_HZ, AudioChunk, Transcript

FRAME = SAMPLE_RATE_HZ // 50
LEVELS_DB = (-20.0, -10.0, 0.0)
"""Of the echo, against the person."""
DELAY_S = 0.12
"""80 ms besides the 40 that buffers take."""
ALONE_S = 3.0
"""The agent speaks for so long before the person does."""
APART_S = 1.0
RECORDINGS = ("en_jfk", "en_librivox_0870", "en_quilter", "en_librivox_0890")
SENTENCES = (
    "The light went off at two minutes past three, and a person came in from the left.",
    "There are three people in the picture, and one of them holds a red cup.",
    "I heard somebody say that the keys are under the chair in the kitchen.",
    "The sign reads way out, and it is on the right of the door.",
)


@dataclass(frozen=True, slots=True)
class DoubleTalk:
    """A person speaks while the agent does."""

    level_db: float
    """Of the echo, against the person."""
    reduction_db: float
    """Of the echo alone, before the person speaks, once the canceller has converged."""
    raw: Errors
    """Words of the person as they are understood through the echo."""
    clean: Errors
    """The same, after echo cancellation."""
    alone: Errors
    """The same, without any echo."""


def levelled(sound: NDArray[np.float32], db: float = 0.0) -> NDArray[np.float32]:
    """At `LEVEL` (root mean square) and `db` above it."""
    return (sound * (LEVEL * 10 ** (db / 20) / np.sqrt(np.mean(sound**2)))).astype(np.float32)


def agent_speech(duration_s: float) -> NDArray[np.float32]:
    """The agent's own voice `[n]`, as long as wanted."""
    from dialog.speech.espeak import Espeak

    voice, parts = Espeak(), []
    for sentence in SENTENCES:
        samples, rate_hz = voice.say(sentence)
        parts += [resample(samples, rate_hz, SAMPLE_RATE_HZ), np.zeros(SAMPLE_RATE_HZ // 4, np.float32)]
    speech = levelled(np.concatenate(parts))
    n = round(duration_s * SAMPLE_RATE_HZ)
    return np.tile(speech, -(-n // len(speech)))[:n]


def echo_of(played: NDArray[np.float32], delay_s: float, db: float, seed: int = 0) -> NDArray[np.float32]:
    """What comes back: later, `db` louder, with a tail of 0.2 s as in a small room, and a little noise."""
    rng = np.random.default_rng(seed)
    n = SAMPLE_RATE_HZ // 5
    tail = rng.standard_normal(n) * np.exp(-6.9 * np.arange(n) / (0.25 * SAMPLE_RATE_HZ)) * 0.3
    tail[0] = 1.0
    response = np.concatenate([np.zeros(round(delay_s * SAMPLE_RATE_HZ)), tail / np.sqrt((tail**2).sum())])
    size = len(played) + len(response)
    back = np.fft.irfft(np.fft.rfft(played, size) * np.fft.rfft(response, size), size)[: len(played)]
    return (back * 10 ** (db / 20) + rng.standard_normal(len(played)) * 1e-4).astype(np.float32)


def through(
    canceller: Any, played: NDArray[np.float32], heard: NDArray[np.float32], rate_hz: int = SAMPLE_RATE_HZ
) -> list[AudioChunk]:
    """Play (`[n * rate_hz / 16000]`) and hear (`[n]`) at once, in blocks of 20 ms, from stream time 1 s on."""
    out, step = [], rate_hz // 50
    for i in range(len(heard) // FRAME):
        t_ns = NS + i * NS // 50
        canceller.reference(t_ns, played[i * step : (i + 1) * step], rate_hz)
        out.append(canceller.clean(AudioChunk("mic", t_ns, heard[i * FRAME : (i + 1) * FRAME])))
    return out


def samples_of(chunks: Sequence[AudioChunk]) -> NDArray[np.float32]:
    """All of them `[n]`."""
    return np.concatenate([c.samples for c in chunks])


def power_db(sound: NDArray[np.float32]) -> float:
    """Of full scale."""
    return float(10 * np.log10(np.mean(sound.astype(np.float64) ** 2) + 1e-12))


def double_talk(
    hearing: Any, folder: Path, texts: dict[str, str], levels_db: Sequence[float], step: Callable[[], None]
) -> list[DoubleTalk]:
    """Measure at each level. Blocking; some ten seconds each.

    Args:
        hearing: the agent's encoder.
        folder: of recordings, `audio/<name>.flac`.
        texts: what is said in them, by name.
        levels_db: of the echo.
        step: called after each.

    Raises:
        MediaError: a recording cannot be read.
        ModelError: the canceller is missing.
    """
    said = " ".join(texts[name] for name in texts)
    parts = [np.zeros(round(ALONE_S * SAMPLE_RATE_HZ), np.float32)]
    for name in texts:
        recording = recorded(folder / "audio" / f"{name}.flac").samples
        parts += [recording, np.zeros(round(APART_S * SAMPLE_RATE_HZ), np.float32)]
    person = np.concatenate(parts)
    played = agent_speech(len(person) / SAMPLE_RATE_HZ)

    def understood(sound: NDArray[np.float32]) -> Errors:
        return word_errors(said, " ".join(o.text for o in hear(hearing, sound) if isinstance(o, Transcript)))

    alone, out = understood(person), []
    converged, begins = round(2 * SAMPLE_RATE_HZ), round(ALONE_S * SAMPLE_RATE_HZ)
    for level_db in levels_db:
        both = person + echo_of(played, DELAY_S, level_db)
        clean = samples_of(through(Aec3(), played, both))
        reduction_db = power_db(both[converged:begins]) - power_db(clean[converged:begins])
        out.append(DoubleTalk(level_db, reduction_db, understood(both), understood(clean), alone))
        step()
    return out
