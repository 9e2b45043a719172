"""Stand-ins for the models of hearing, small and exact."""

from __future__ import annotations

from typing import Any

import numpy as np

from streams.encoders.hearing.encoder import HearingEncoder
from streams.encoders.hearing.stt import Recognition
from streams.errors import ModelError
from streams.types import NS, SAMPLE_RATE_HZ, AudioChunk, Observation


class ToneVad:
    """Calls a window speech when it holds a 440 Hz tone. State: how many windows it saw."""

    def init_state(self) -> int:
        return 0

    def step(self, state: int, window: np.ndarray) -> tuple[float, int]:
        t = np.arange(len(window)) / SAMPLE_RATE_HZ
        tone = abs(np.dot(window, np.exp(-2j * np.pi * 440 * t))) / len(window)
        return (0.95 if tone > 0.05 else 0.02), state + 1


class CountingStt:
    """Says one word per half second of sound, always the same ones, and keeps what it was given."""

    WORDS = [f"word{i}" for i in range(100)]

    def __init__(self, confidence: float = 0.9) -> None:
        self.confidence = confidence
        self.given: list[np.ndarray] = []
        self.fail = False

    def transcribe(self, samples: np.ndarray, language: str | None = None) -> Recognition:
        self.given.append(samples.copy())
        if self.fail:
            raise ModelError("the engine is broken")
        n = int(len(samples) / SAMPLE_RATE_HZ / 0.5)
        return Recognition(" ".join(self.WORDS[:n]), self.confidence, language or "en")


def tone(seconds: float, level: float = 0.3) -> np.ndarray:
    """A "voice" for `ToneVad`."""
    n = int(seconds * SAMPLE_RATE_HZ)
    return (level * np.sin(2 * np.pi * 440 * np.arange(n) / SAMPLE_RATE_HZ)).astype(np.float32)


def noise(seconds: float, level: float = 0.001, seed: int = 0) -> np.ndarray:
    """White noise of that root mean square."""
    n = int(seconds * SAMPLE_RATE_HZ)
    return (level * np.random.default_rng(seed).standard_normal(n)).astype(np.float32)


def cut(encoder: HearingEncoder[Any], samples: np.ndarray, size: int, t0_ns: int = 0) -> list[Observation]:
    """All observations of samples streamed in chunks of `size`."""
    state = encoder.init_state("mic")
    out: list[Observation] = []
    for begin in range(0, len(samples), size):
        t_ns = t0_ns + begin * NS // SAMPLE_RATE_HZ
        out += encoder.step(state, AudioChunk("mic", t_ns, samples[begin : begin + size]))
    return out + encoder.flush(state)
