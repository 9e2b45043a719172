"""Echo cancellation by WebRTC's audio processing (AEC3), from the `livekit` package: no server and no account.

The package is a client of LiveKit's servers, of which only the sound processing is used. It is the maintained wheel
that has WebRTC's own canceller (Apache-2.0 and BSD; 12 MB). AEC3 finds a delay of up to half a second by itself.
"""

from __future__ import annotations

import threading
from collections import deque
from typing import Any

import numpy as np
from numpy.typing import NDArray

from streams.echo.blocks import BLOCK, Blocks
from streams.echo.canceller import SILENCE_DB, EchoEstimate
from streams.echo.coupling import Coupling
from streams.echo.gate import SHUT_GAIN, OwnVoice
from streams.echo.reference import Reference
from streams.errors import ModelError
from streams.types import NS, SAMPLE_RATE_HZ, AudioChunk

LAG = SAMPLE_RATE_HZ // 25
"""Samples by which the reference is given late, 40 ms: a call's sound is dated by its arrival, a moment before what
is played at that time is known. No real path is shorter: buffers of loudspeaker and microphone alone take longer."""
KEPT_BLOCKS = 3000
"""Estimates of the last 30 seconds."""
TAIL_BLOCKS = 60
"""For how long an echo may go on after the last audible reference."""
AUDIBLE = 1e-3
"""Root mean square of a block that may be heard as an echo: -60 dB."""
LATE = 128
"""Samples, 8 ms, by which what comes out of the canceller lags behind what went in (measured)."""
EMPHASIS = 0.95
"""The canceller takes out rumble below 100 Hz besides; weighed by this difference filter, rumble does not count."""
GATE_SHARE = 0.9
GATE_BLOCKS = 10
GATE_GAIN = 0.05
"""Where the canceller took out more than this share of the last 100 ms, what it left is echo too, and is made quieter
still: at -70 dB it is inaudible, but voice activity and recognition find words in it."""
PERSON_SHARE = 0.75
OPEN_BLOCKS = 60
"""Somebody who speaks over the agent, and is not much quieter, brings that share below this one. The gate is then open
for 0.6 s, so that it cuts no word."""
LEARNING_BLOCKS = 300
"""For the first three seconds of an echo the canceller leaves too much of it."""
FAINT_GAIN = 0.15
"""An echo, -8 dB, over which whoever speaks is louder: it is told from a voice by its level alone."""
FULL_SCALE = 32767


class Aec3:
    """An `EchoCanceller`.

    Raises:
        ModelError: the `livekit` package is missing, or does not run on this machine.
    """

    def __init__(self) -> None:
        try:
            from livekit.rtc import AudioFrame, AudioProcessingModule
        except (ImportError, OSError) as error:
            line = f"no echo cancellation ({' '.join(str(error).split())[:160]}); install it with: pip install livekit"
            raise ModelError(line) from error
        self._frame: Any = AudioFrame
        self._module: Any = AudioProcessingModule(echo_cancellation=True)
        self._reference = Reference()
        self._coupling = Coupling(self._reference)
        self._own = OwnVoice(self._coupling)
        self._coupled = 0
        """Blocks since an echo was found."""
        self._through = 1.0
        self._mix = 0.0
        """Share of what was heard, as against what is left of it, that goes out."""
        self._cutter = Blocks()
        self._tail = 0
        self._lock = threading.Lock()
        self._blocks: NDArray[np.int64] = np.full(KEPT_BLOCKS, -1, np.int64)
        """For each entry of `_energy`: the number of its 10 ms block, since stream time zero."""
        self._energy: NDArray[np.float64] = np.zeros((KEPT_BLOCKS, 3))
        """Mean square of what was heard; weighed, of what was heard and of what is left; `[blocks, 3]`."""
        self._before: NDArray[np.float32] = np.zeros(LATE + 1, np.float32)
        self._left_before = np.float32(0)
        self._recent: deque[tuple[float, float]] = deque(maxlen=GATE_BLOCKS)
        self._gain = 1.0
        self._open = 0

    def reference(self, t_ns: int, samples: NDArray[np.float32], rate_hz: int) -> None:
        """See `EchoCanceller.reference`."""
        self._reference.add(t_ns, samples, rate_hz)

    def clean(self, chunk: AudioChunk) -> AudioChunk:
        """See `EchoCanceller.clean`."""
        begin, sound = self._cutter.cut(chunk)
        played = self._reference.read(begin - LAG, len(sound))
        parts = [
            self._block(begin + i, sound[i : i + BLOCK], played[i : i + BLOCK]) for i in range(0, len(sound), BLOCK)
        ]
        out = np.concatenate(parts) if parts else np.zeros(0, np.float32)
        return AudioChunk(chunk.source, begin * NS // SAMPLE_RATE_HZ, out)

    def estimate(self, t0_ns: int, t1_ns: int) -> EchoEstimate:
        """See `EchoCanceller.estimate`."""
        first, last = t0_ns * 100 // NS, max(t1_ns - 1, t0_ns) * 100 // NS
        with self._lock:
            known = self._energy[(self._blocks >= first) & (self._blocks <= last)]
        level, heard, left = known.sum(axis=0)
        if not level or not heard:
            return EchoEstimate(0.0, SILENCE_DB)
        level_db = max(SILENCE_DB, 10 * float(np.log10(level / len(known))))
        return EchoEstimate(float(np.clip(1 - left / heard, 0.0, 1.0)), level_db)

    def _block(self, at: int, sound: NDArray[np.float32], played: NDArray[np.float32]) -> NDArray[np.float32]:
        self._coupling.hear(at, sound)
        own = self._is_own(sound)
        self._module.process_reverse_stream(self._pcm(played))
        frame = self._pcm(sound)
        self._module.process_stream(frame)
        out = np.asarray(frame.data, np.int16).astype(np.float32) / np.float32(FULL_SCALE)
        self._tail = TAIL_BLOCKS if _power(played) > AUDIBLE**2 else self._tail - 1
        lagging = np.concatenate([self._before, sound])
        heard = _power(_emphasised(lagging[: BLOCK + 1]))
        left = _power(_emphasised(np.concatenate([[self._left_before], out])))
        self._before, self._left_before = lagging[BLOCK:], out[-1]
        left = left if self._tail > 0 else heard
        number = at // BLOCK
        with self._lock:
            self._blocks[number % KEPT_BLOCKS] = number
            self._energy[number % KEPT_BLOCKS] = _power(sound), heard, left
        mixed = self._mixed(self._gated(out, heard, left), lagging[1 : BLOCK + 1])
        before, self._through = self._through, SHUT_GAIN if own else 1.0
        if before == self._through == 1.0:
            return mixed
        return mixed * np.linspace(before, self._through, BLOCK, dtype=np.float32)

    def _is_own(self, sound: NDArray[np.float32]) -> bool:
        """Nothing but echo, by its level, where that can be told: a faint echo, or one that is not learnt yet."""
        own = self._own.is_all(sound)
        self._coupled = self._coupled + 1 if self._coupling.state == "echo" else 0
        return own and (self._coupled < LEARNING_BLOCKS or self._coupling.gain < FAINT_GAIN)

    def _mixed(self, clean: NDArray[np.float32], heard: NDArray[np.float32]) -> NDArray[np.float32]:
        """What was heard, as it is, where nothing comes back: the canceller would swallow the first tenth of a second
        of whoever speaks over what is played, for want of an echo to learn from."""
        before, self._mix = self._mix, 1.0 if self._coupling.state == "clear" else 0.0
        if before == self._mix == 0.0:
            return clean
        share = np.linspace(before, self._mix, BLOCK, dtype=np.float32)
        return clean * (1 - share) + heard * share

    def _gated(self, out: NDArray[np.float32], heard: float, left: float) -> NDArray[np.float32]:
        self._recent.append((heard, left))
        all_heard, all_left = (sum(column) for column in zip(*self._recent, strict=True))
        self._open = OPEN_BLOCKS if all_left > (1 - PERSON_SHARE) * all_heard else self._open - 1
        shut = self._open <= 0 and all_left < (1 - GATE_SHARE) * all_heard
        before, self._gain = self._gain, GATE_GAIN if shut else 1.0
        if before == self._gain == 1.0:
            return out
        return out * np.linspace(before, self._gain, BLOCK, dtype=np.float32)

    def _pcm(self, samples: NDArray[np.float32]) -> Any:
        data = (np.clip(samples, -1.0, 1.0) * FULL_SCALE).astype(np.int16)
        return self._frame(bytearray(data.tobytes()), SAMPLE_RATE_HZ, 1, BLOCK)


def _emphasised(sound: NDArray[np.float32]) -> NDArray[np.float32]:
    return sound[1:] - np.float32(EMPHASIS) * sound[:-1]


def _power(samples: NDArray[np.float32]) -> float:
    return float(np.mean(samples.astype(np.float64) ** 2))
