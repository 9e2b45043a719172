"""What `heed bench call` says into its microphone: questions by espeak's voice, recordings, coughs; at 16 kHz."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from agent.bench.perception_audio import read_audio
from streams.resample import resample
from streams.types import SAMPLE_RATE_HZ

USER_VOICE = "en-gb+f3"
"""Another voice than the agent's own."""
LEVEL = 0.06
"""Root mean square of the user's speech: -24 dB below full scale, as a headset gives."""
AUDIBLE_DB = -50.0
"""Sound below this level counts as silence."""
BLOCK = SAMPLE_RATE_HZ // 100
_FRAME = SAMPLE_RATE_HZ * 32 // 1000
_LAGS = np.arange(SAMPLE_RATE_HZ // 400, SAMPLE_RATE_HZ // 70)
_PERIODIC = 0.5
"""Autocorrelation, as for full overlap, from which on a frame is voiced."""
_VOICED = 0.1
"""A block is voiced from this share of the sound's level on."""


@dataclass(frozen=True, slots=True)
class Sound:
    """Something to say, and where in it there is voice."""

    text: str
    samples: NDArray[np.float32]
    """`[n]`, mono."""
    first: int
    """Number of the first voiced sample."""
    last: int
    """Number of the last one."""
    voiced: int = 0
    """Number of the first sample of a voice, or of any tone: a breath, a hiss or an "s" before it is none."""

    @property
    def duration_s(self) -> float:
        """With the silence at both ends."""
        return len(self.samples) / SAMPLE_RATE_HZ

    def stretches(self, pause_s: float) -> list[tuple[float, float]]:
        """Begin and end, seconds, of all that is as loud as voice, parted where it is silent for `pause_s`."""
        if not len(voiced := _loud(self.samples)):
            return [(self.first / SAMPLE_RATE_HZ, self.last / SAMPLE_RATE_HZ)]
        cuts = np.flatnonzero(np.diff(voiced) >= round(pause_s * SAMPLE_RATE_HZ / BLOCK)) + 1
        return [
            (float(part[0]) * BLOCK / SAMPLE_RATE_HZ, float(part[-1] + 1) * BLOCK / SAMPLE_RATE_HZ)
            for part in np.split(voiced, cuts)
        ]


@lru_cache(maxsize=256)
def spoken(text: str, voice: str = USER_VOICE) -> Sound:
    """A sentence by the user's voice, or another of espeak's.

    Raises:
        ModelError: espeak-ng is missing.
    """
    from dialog.speech.espeak import Espeak, EspeakOptions

    samples, rate_hz = Espeak(EspeakOptions(voice)).say(text)
    return sound_of(text, resample(samples, rate_hz, SAMPLE_RATE_HZ))


@lru_cache(maxsize=64)
def recorded(path: Path, text: str = "") -> Sound:
    """A recording at the level of speech.

    Raises:
        MediaError: it cannot be read.
    """
    return sound_of(text, np.concatenate(list(read_audio(path))))


def hum() -> Sound:
    """A hummed "mm-hm": two notes through the nose and a breath between them, which espeak cannot say."""

    def note(length_s: float, from_hz: float, to_hz: float) -> NDArray[np.float64]:
        n = round(length_s * SAMPLE_RATE_HZ)
        phase = 2 * np.pi * np.cumsum(np.linspace(from_hz, to_hz, n)) / SAMPLE_RATE_HZ
        tones = [np.sin(k * phase) / k**1.5 * (1.0 if k * from_hz < 450 else 0.15) for k in range(1, 12)]
        return np.sum(tones, axis=0) * np.hanning(n) ** 0.4

    breath = np.random.default_rng(0).standard_normal(round(0.07 * SAMPLE_RATE_HZ)) * 0.05
    samples = np.concatenate([note(0.22, 125, 115), breath, note(0.30, 120, 150)])
    return sound_of("(mm-hm)", samples.astype(np.float32))


def cough(seed: int = 0) -> Sound:
    """Two bursts of coloured noise that die away: nobody's voice, but loud and short like one."""
    rng, parts = np.random.default_rng(seed), []
    for length_s, decay_s in ((0.18, 0.05), (0.12, 0.25), (0.22, 0.07)):
        n = round(length_s * SAMPLE_RATE_HZ)
        noise = np.convolve(rng.standard_normal(n + 8), np.ones(6) / 6, "same")[:n]
        parts.append(noise * np.exp(-np.arange(n) / (decay_s * SAMPLE_RATE_HZ)) * (0.0 if length_s == 0.12 else 1.0))
    return sound_of("(cough)", np.concatenate(parts).astype(np.float32))


def sound_of(text: str, samples: NDArray[np.float32]) -> Sound:
    """Samples brought to `LEVEL` (measured where there is sound), and where their voice is."""
    blocks = levels(samples)
    loud = blocks[blocks > _VOICED * blocks.max()] if len(blocks) and blocks.max() > 0 else blocks
    scale = LEVEL / float(np.sqrt(np.mean(loud**2))) if len(loud) and loud.any() else 1.0
    samples = np.clip(samples * np.float32(scale), -1.0, 1.0).astype(np.float32)
    voiced = _loud(samples)
    first = int(voiced[0]) * BLOCK if len(voiced) else 0
    last = (int(voiced[-1]) + 1) * BLOCK - 1 if len(voiced) else max(0, len(samples) - 1)
    return Sound(text, samples, first, last, _voiced(samples, first))


def _loud(samples: NDArray[np.float32]) -> NDArray[np.intp]:
    """Numbers of the blocks of samples at `LEVEL` that are as loud as voice."""
    return np.flatnonzero(levels(samples) > _VOICED * LEVEL)


def _voiced(samples: NDArray[np.float32], first: int) -> int:
    """The first frame of 32 ms from `first` on that is loud enough and repeats itself 70 to 400 times a second."""
    for begin in range(first, len(samples) - _FRAME, BLOCK):
        frame = samples[begin : begin + _FRAME].astype(np.float64)
        same = np.fft.irfft(np.abs(np.fft.rfft(frame, 2 * _FRAME)) ** 2)[:_FRAME]
        lags = same[_LAGS] / (1 - _LAGS / _FRAME) / max(same[0], 1e-12)
        if np.sqrt(np.mean(frame**2)) > _VOICED * LEVEL and lags.max() > _PERIODIC:
            return begin
    return first


def levels(samples: NDArray[np.float32]) -> NDArray[np.float64]:
    """Root mean square of each whole block of 10 ms, `[n // 160]`."""
    blocks = samples[: len(samples) // BLOCK * BLOCK].reshape(-1, BLOCK).astype(np.float64)
    return np.sqrt(np.mean(blocks**2, axis=1))


def in_db(level: float) -> float:
    """Of full scale; -120 for nothing."""
    return 20 * float(np.log10(max(level, 1e-6)))
