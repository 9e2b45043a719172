"""People hearing each other: one person's sound on its way to another, through a short, bounded delay line."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

RATE_HZ = 48_000
TARGET = RATE_HZ * 60 // 1000
"""Samples that wait at the start, and after a gap: three packets, what the sender's network may be late."""
MOST = RATE_HZ * 160 // 1000
"""More than this is left out at once: a stall that ends in a burst must not become a delay for ever."""
FADE = RATE_HZ * 5 // 1000
QUIET = 0.003
"""Peak below which a block may be left out or put off without anybody hearing it."""


class Voice:
    """A delay line at 48 kHz mono. Lives on the event loop.

    Sender and listener count time with different clocks: where the line fills or empties slowly a quiet block is left
    out or silence is put in, so the delay stays near `TARGET` however long the call lasts.
    """

    def __init__(self) -> None:
        self.skipped = 0
        """Samples left out to keep the delay short."""
        self._waiting: NDArray[np.float32] = np.zeros(0, np.float32)
        self._running = False

    def __len__(self) -> int:
        return len(self._waiting)

    def push(self, samples: NDArray[np.float32]) -> None:
        """Take `[n]` samples of the sender's."""
        self._waiting = np.concatenate([self._waiting, samples])
        if len(self._waiting) > MOST:
            self._skip(len(self._waiting) - TARGET)

    def pop(self, n: int) -> NDArray[np.float32]:
        """The next `n` samples for the listener; silence where there are none."""
        block = np.zeros(n, np.float32)
        have = len(self._waiting)
        if not self._running:
            if have < max(TARGET, n):
                return block
            self._running = True
            self._waiting[:FADE] *= np.linspace(0.0, 1.0, FADE, dtype=np.float32)
        if have < n:
            self._running = False
            block[:have] = self._waiting
            fade = min(FADE, have)
            if fade:
                block[have - fade : have] *= np.linspace(1.0, 0.0, fade, dtype=np.float32)
            self._waiting = self._waiting[:0]
            return block
        if np.abs(self._waiting[:n]).max() < QUIET:
            if have < TARGET // 2:
                return block
            if have > 2 * TARGET:
                self.skipped += n
                self._waiting = self._waiting[n:]
        block[:] = self._waiting[:n]
        self._waiting = self._waiting[n:].copy()
        return block

    def _skip(self, n: int) -> None:
        """Leave out the oldest `n` samples; a short cross-fade hides the seam."""
        self.skipped += n
        kept = self._waiting[n:].copy()
        if self._running:
            ramp = np.linspace(0.0, 1.0, FADE, dtype=np.float32)
            kept[:FADE] = kept[:FADE] * ramp + self._waiting[:FADE] * (1 - ramp)
        self._waiting = kept


class Voices:
    """What one person hears of the others: the sum of their voices."""

    def __init__(self) -> None:
        self._voices: dict[str, Voice] = {}

    def __len__(self) -> int:
        return len(self._voices)

    def add(self, name: str) -> Voice:
        """A new line for the sound of `name`; takes the place of an older one of that name."""
        self._voices[name] = voice = Voice()
        return voice

    def remove(self, name: str) -> None:
        """Forget the line of that name, if there is one."""
        self._voices.pop(name, None)

    def pop(self, n: int) -> NDArray[np.float32]:
        """The next `n` samples, `[n]`; may exceed -1..1 where several speak at once."""
        mixed = np.zeros(n, np.float32)
        for voice in self._voices.values():
            mixed += voice.pop(n)
        return mixed
