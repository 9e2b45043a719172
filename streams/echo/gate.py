"""For a microphone whose echo somebody else takes out, or nobody: what is only the agent's own voice is made silent.

Not a canceller: while a person speaks over the agent, both are heard.
"""

from __future__ import annotations

from collections import deque

import numpy as np
from numpy.typing import NDArray

from streams.echo.blocks import BLOCK, Blocks
from streams.echo.canceller import SILENCE_DB, EchoEstimate
from streams.echo.coupling import MOST, Coupling
from streams.echo.reference import Reference
from streams.types import NS, SAMPLE_RATE_HZ, AudioChunk

SHUT_GAIN = 0.003
"""Own voice is left 50 dB quieter: silence to voice activity, and no hole to a recogniser."""
MARGIN = 4.0
"""Power over what the echo explains, 6 dB, from which on a block holds more than the echo."""
FLOOR = 1e-6
"""Power of a block, -60 dB, that is never a person over the agent's voice."""
RECENT, NEEDED = 8, 3
"""So many of the newest blocks must hold more: somebody speaks. An echo has single blocks that stand out."""
OPEN_BLOCKS = 60
"""The gate is then open for 0.6 s, so that it cuts no word."""
UNKNOWN_BLOCKS = 250
"""For 2.5 s of playing in all it may be unknown whether there is an echo, or how loud: until then all is echo."""


class OwnVoice:
    """Judges each block of a microphone: is it nothing but what was played?"""

    def __init__(self, coupling: Coupling) -> None:
        self._coupling = coupling
        self._more: deque[bool] = deque(maxlen=RECENT)
        self._open = 0
        self._unknown = 0

    def is_all(self, sound: NDArray[np.float32]) -> bool:
        """Whether the newest block `[160]`, which the coupling has heard, holds nothing else."""
        coupling = self._coupling
        if coupling.state == "clear" or not coupling.playing(MOST + RECENT):
            self._more.clear()
            self._open = 0
            return False
        if coupling.guesses and self._unknown < UNKNOWN_BLOCKS:
            self._unknown += 1
            return True
        if coupling.state == "unknown":
            return False
        power = float(np.mean(sound.astype(np.float64) ** 2))
        self._more.append(power > MARGIN * coupling.expected() + FLOOR)
        self._open = OPEN_BLOCKS if sum(self._more) >= NEEDED else self._open - 1
        return self._open <= 0


class OwnVoiceGate:
    """An `EchoCanceller` that takes nothing out, and lets nothing through that is only what was played."""

    def __init__(self) -> None:
        self._reference = Reference()
        self._coupling = Coupling(self._reference)
        self._own = OwnVoice(self._coupling)
        self._cutter = Blocks()
        self._gain = 1.0

    def reference(self, t_ns: int, samples: NDArray[np.float32], rate_hz: int) -> None:
        """See `EchoCanceller.reference`."""
        self._reference.add(t_ns, samples, rate_hz)

    def clean(self, chunk: AudioChunk) -> AudioChunk:
        """See `EchoCanceller.clean`."""
        begin, sound = self._cutter.cut(chunk)
        parts = [self._block(begin + i, sound[i : i + BLOCK]) for i in range(0, len(sound), BLOCK)]
        out = np.concatenate(parts) if parts else np.zeros(0, np.float32)
        return AudioChunk(chunk.source, begin * NS // SAMPLE_RATE_HZ, out)

    def estimate(self, t0_ns: int, t1_ns: int) -> EchoEstimate:
        """Always: no echo known, level unknown."""
        return EchoEstimate(0.0, SILENCE_DB)

    def _block(self, at: int, sound: NDArray[np.float32]) -> NDArray[np.float32]:
        self._coupling.hear(at, sound)
        before, self._gain = self._gain, SHUT_GAIN if self._own.is_all(sound) else 1.0
        if before == self._gain == 1.0:
            return sound
        return sound * np.linspace(before, self._gain, BLOCK, dtype=np.float32)
