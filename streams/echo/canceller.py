"""What every echo canceller promises, and one that does nothing.

Reference and microphone run on one clock: both carry stream time. The echo comes after the reference by what the
loudspeaker, the air, the microphone and, in a call, the network take; finding that delay is the canceller's business.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from streams.types import AudioChunk

Tap = Callable[[int, NDArray[np.float32], int], None]
"""Takes a block that is being played: stream time in ns, samples `[n]` mono -1..1, their rate in Hz."""

SILENCE_DB = -120.0


@dataclass(frozen=True, slots=True)
class EchoEstimate:
    """How much of a stretch of microphone sound is what was being played."""

    echo_share: float
    """Share 0..1 of its energy that the canceller took out; 0 where nothing was being played."""
    level_db: float
    """Level of what the microphone heard, dB below full scale (root mean square); `SILENCE_DB` for nothing."""

    @property
    def residual_db(self) -> float:
        """Level of what is left without the echo, dB below full scale."""
        left = max(1.0 - self.echo_share, 1e-9)
        return max(SILENCE_DB, self.level_db + 10 * float(np.log10(left)))


class EchoCanceller(Protocol):
    """One microphone and one loudspeaker. `reference` may be called from another thread than the rest."""

    def reference(self, t_ns: int, samples: NDArray[np.float32], rate_hz: int) -> None:
        """What is being played: a `Tap`."""
        ...

    def clean(self, chunk: AudioChunk) -> AudioChunk:
        """The chunk without echo. It may be up to 10 ms shorter or longer than what came in, or empty; what is
        missing comes with the next one."""
        ...

    def estimate(self, t0_ns: int, t1_ns: int) -> EchoEstimate:
        """Of the microphone's sound from `t0_ns` to `t1_ns`, which must lie within the last 30 seconds cleaned."""
        ...


class PassThrough:
    """No echo cancellation: the microphone's sound as it is, and nothing known of its echo."""

    def reference(self, t_ns: int, samples: NDArray[np.float32], rate_hz: int) -> None:
        """Nothing is done with it."""

    def clean(self, chunk: AudioChunk) -> AudioChunk:
        """The chunk itself."""
        return chunk

    def estimate(self, t0_ns: int, t1_ns: int) -> EchoEstimate:
        """Always: no echo known, level unknown."""
        return EchoEstimate(0.0, SILENCE_DB)


async def cleaned(sound: AsyncIterator[AudioChunk], canceller: EchoCanceller) -> AsyncIterator[AudioChunk]:
    """A microphone's chunks without echo. Cleaning takes a hundredth of the sound's length, so it is done in place."""
    async for chunk in sound:
        if len((clean := canceller.clean(chunk)).samples):
            yield clean
