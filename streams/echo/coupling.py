"""Whether, how late and how loud what is played comes back through the microphone.

Known from the waveforms: the newest quarter of a second of the microphone is sought in what was played (normalised
cross-correlation by fast Fourier transform, older looks fading). A headset, or a browser that takes the echo out,
gives silence.
"""

from __future__ import annotations

from collections import deque
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from streams.echo.blocks import BLOCK
from streams.echo.reference import Reference

State = Literal["unknown", "clear", "echo"]

EVERY = 8
"""Blocks between two looks."""
HEARD = 24
"""Blocks of the microphone that are sought: 240 ms."""
MOST = 70
"""Blocks that an echo may be late: 0.7 s."""
KEPT = HEARD + MOST + 30
LOUD = 3e-3
"""Root mean square, -50 dB, from which on a block of what is played may be heard."""
FAINT = 1e-2
"""A microphone that stays 40 dB below what was played hears none of it."""
ALIKE = 0.45
"""Correlation from which on what is heard is what was played. Unrelated speech stays below 0.3."""
LIKELY, STEADY = 0.22, 4
"""A lower one is enough if the delay is the same in so many looks, within 30 ms: chance does that once in 10,000."""
FADE = 0.7
"""What is left of a look in the next one."""
DECAY = 0.72
"""How fast a room's sound dies away, power in 10 ms: 60 dB in 0.42 s."""
SURE_LOOKS = 2
"""Looks without any echo until the way is clear."""
LOOKS = 15
"""Looks of which the gain is the median."""
FEW = 8
"""Of fewer looks the gain is a guess: they hold onsets, and a room fills slowly."""
TAIL = 40
"""Blocks after which nothing of it is left."""
_LEFT = DECAY ** np.maximum(0, np.arange(TAIL - 2, -3, -1))  # the newest three whole: the delay is not that exact
_SIZE = 1 << 15
_EMPHASIS = np.float32(0.95)


class Coupling:
    """One loudspeaker and one microphone. Takes half a thousandth of a second for every 80 ms in which it plays."""

    def __init__(self, reference: Reference) -> None:
        self.state: State = "unknown"
        self.delay = 0
        """Samples that the echo is late; known in the state `echo`."""
        self.gain = 0.0
        """Power of the echo over that of what is played, its dying away included."""
        self._reference = reference
        self._heard: NDArray[np.float32] = np.zeros(KEPT * BLOCK, np.float32)
        self._end = 0
        self._blocks = 0
        self._clear = 0
        self._gains: deque[float] = deque(maxlen=LOOKS)
        self._delays: deque[int] = deque(maxlen=STEADY)
        lags = (KEPT - HEARD) * BLOCK + 1
        self._product: NDArray[np.float64] = np.zeros(lags)
        self._there: NDArray[np.float64] = np.zeros(lags)
        self._here = 0.0

    @property
    def guesses(self) -> bool:
        """Whether there may be an echo, and how loud it is cannot be told yet."""
        return self.state == "unknown" or (self.state == "echo" and len(self._gains) < FEW)

    def hear(self, begin: int, block: NDArray[np.float32]) -> None:
        """The microphone's next block `[160]`, whose first sample has the number `begin` on stream time."""
        if begin != self._end:
            self._heard[:] = 0
        self._heard = np.concatenate([self._heard[BLOCK:], block])
        self._end = begin + BLOCK
        self._blocks += 1
        if self._blocks % EVERY == 0:
            self._look()

    def playing(self, within: int = MOST) -> bool:
        """Whether something that may come back was played in the last `within` blocks."""
        return bool(_levels(self._reference.read(self._end - within * BLOCK, within * BLOCK)).max() > LOUD)

    def expected(self) -> float:
        """Power of the echo in the newest block, as the gain, the delay and the room's decay foretell it."""
        levels = _levels(self._reference.read(self._end - self.delay - TAIL * BLOCK, (TAIL + 1) * BLOCK))
        return float((levels**2 * _LEFT).max()) * self.gain

    def _look(self) -> None:
        begin = self._end - KEPT * BLOCK
        played = self._reference.read(begin, KEPT * BLOCK)
        levels = _levels(played)
        if levels.max() <= LOUD:
            return
        heard = _levels(self._heard)
        # Where even the loudest of what was played long enough ago left nothing, nothing comes back.
        old = levels[: KEPT - MOST].max()
        if old > 3 * LOUD and heard.max() < FAINT * old:
            self._clear += 1
            if self._clear >= SURE_LOOKS:
                self.state = "clear"
            return
        if heard[-HEARD:].max() < FAINT * levels.max():
            return
        alike, delay = self._found(played, self._heard[-HEARD * BLOCK :])
        if alike > ALIKE or self._steady(alike, delay):
            self._clear = 0
            self._learn(levels, heard, delay)

    def _found(self, played: NDArray[np.float32], heard: NDArray[np.float32]) -> tuple[float, int]:
        """How alike `heard` is to the likest part of `played`, 0..1, and how many samples that lies before its end.

        A vowel is as like itself one period of the voice later as now: one look alone took such a lag for the delay.
        """
        a, b = _emphasised(played), _emphasised(heard)
        n = len(b)
        product = np.fft.irfft(np.fft.rfft(a, _SIZE) * np.conj(np.fft.rfft(b, _SIZE)), _SIZE)[: len(a) - n + 1]
        sums = np.concatenate([[0.0], np.cumsum(a.astype(np.float64) ** 2)])
        self._product = FADE * self._product + product
        self._there = FADE * self._there + (sums[n:] - sums[:-n])
        self._here = FADE * self._here + float((b.astype(np.float64) ** 2).sum())
        scale = np.sqrt(np.maximum(self._there, 1e-3 * self._there.max()) * self._here + 1e-12)
        alike = np.abs(self._product) / scale  # a loudspeaker may turn the phase round
        at = int(np.argmax(alike))
        return float(alike[at]), len(alike) - 1 - at

    def _steady(self, alike: float, delay: int) -> bool:
        """A room makes an echo less like what was played; but it comes back equally late again and again."""
        if alike <= LIKELY:
            self._delays.clear()
            return False
        self._delays.append(delay)
        return len(self._delays) == STEADY and max(self._delays) - min(self._delays) <= 3 * BLOCK

    def _learn(self, levels: NDArray[np.float64], heard: NDArray[np.float64], delay: int) -> None:
        if self.state != "echo" or abs(delay - self.delay) > 2 * BLOCK:
            self.state, self.delay = "echo", delay
            self._gains.clear()
        shift = delay // BLOCK
        there = (levels**2)[KEPT - HEARD - shift : KEPT - shift]
        loud = there > max(LOUD**2, 0.1 * float(there.max()))
        if loud.any():
            # A person adds to the echo: the middle of what it seemed to be of late is what it is.
            self._gains.append(float(np.percentile(heard[-HEARD:][loud] ** 2 / there[loud], 75)))
            self.gain = float(np.median(self._gains))


def _levels(sound: NDArray[np.float32]) -> NDArray[np.float64]:
    """Root mean square of each block of 10 ms."""
    return np.sqrt(np.mean(sound.reshape(-1, BLOCK).astype(np.float64) ** 2, axis=1))


def _emphasised(sound: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(sound[1:] - _EMPHASIS * sound[:-1])
