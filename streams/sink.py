"""What every loudspeaker promises: a call's audio track, the machine's loudspeaker, a file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Speech:
    """One sentence of a reply, synthesised."""

    generation: int
    """Which reply it belongs to. A sink plays nothing of a generation that was stopped."""
    text: str
    samples: NDArray[np.float32]
    """`[n]`, mono, -1..1."""
    sample_rate_hz: int


class SpeechSink(Protocol):
    """Plays speech in the order given, without gaps. Called from the event loop; never blocks it."""

    def play(self, speech: Speech) -> None:
        """Queue a sentence. Dropped without a sound if its generation is not newer than the last one stopped."""
        ...

    def stop(self, generation: int) -> None:
        """Silence at once: drop what is queued of this generation and of every older one."""
        ...

    def played_s(self, generation: int) -> float:
        """Seconds of this generation's speech that were really played so far (kept after `stop`)."""
        ...

    def hold(self) -> None:
        """Silence at once, as `stop`, but keep the place: somebody speaks, and perhaps means no interruption."""
        ...

    def resume(self) -> None:
        """Go on where `hold` stopped; nothing happens otherwise."""
        ...

    def idle(self) -> bool:
        """True when nothing is queued or playing."""
        ...
