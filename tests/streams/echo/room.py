"""A loudspeaker, a room and a microphone for tests of echo cancellation: everything made, seeded, at 16 kHz."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dialog.speech.espeak import Espeak
from streams.echo.canceller import EchoCanceller
from streams.resample import resample
from streams.types import NS, SAMPLE_RATE_HZ, AudioChunk

LEVEL = 0.06
"""Root mean square of speech: -24 dB below full scale."""
FRAME = SAMPLE_RATE_HZ // 50
SENTENCES = (
    "The light went off at two minutes past three, and a person came in from the left.",
    "There are three people in the picture, and one of them holds a red cup.",
    "I heard somebody say that the keys are under the chair in the kitchen.",
    "The sign reads way out, and it is on the right of the door.",
)


def levelled(sound: NDArray[np.float32], db: float = 0.0) -> NDArray[np.float32]:
    """At `LEVEL` and `db` above it."""
    return (sound * (LEVEL * 10 ** (db / 20) / np.sqrt(np.mean(sound**2)))).astype(np.float32)


def agent_speech(duration_s: float) -> NDArray[np.float32]:
    """The agent's own voice, as long as wanted."""
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
    canceller: EchoCanceller, played: NDArray[np.float32], heard: NDArray[np.float32], rate_hz: int = SAMPLE_RATE_HZ
) -> list[AudioChunk]:
    """Play (`[n * rate_hz / 16000]`) and hear (`[n]`) at once, in blocks of 20 ms, from stream time 1 s on."""
    out, step = [], rate_hz // 50
    for i in range(len(heard) // FRAME):
        t_ns = NS + i * NS // 50
        canceller.reference(t_ns, played[i * step : (i + 1) * step], rate_hz)
        out.append(canceller.clean(AudioChunk("mic", t_ns, heard[i * FRAME : (i + 1) * FRAME])))
    return out


def samples_of(chunks: list[AudioChunk]) -> NDArray[np.float32]:
    return np.concatenate([c.samples for c in chunks])


def db(sound: NDArray[np.float32]) -> float:
    return float(10 * np.log10(np.mean(sound.astype(np.float64) ** 2) + 1e-12))
