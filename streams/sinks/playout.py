"""The queue behind every loudspeaker: sentences in, blocks of samples out, silence at once when stopped."""

from __future__ import annotations

import threading
from collections import OrderedDict, deque
from dataclasses import dataclass

import av
import numpy as np
from numpy.typing import NDArray

from streams.sink import Speech

FADE_S = 0.005
"""A stop ends in a ramp this long: a hard cut clicks."""

MAX_GENERATIONS = 64
"""For how many replies the played time is remembered."""


@dataclass(slots=True)
class _Sentence:
    generation: int
    samples: NDArray[np.float32]
    position: int = 0


class Playout:
    """Implements `streams.sink.SpeechSink` but for the device: whoever owns the device calls `pop` at its pace.

    Safe to use from two threads: the event loop plays and stops, a device thread pops.
    """

    def __init__(self, rate_hz: int, max_queue_s: float = 60.0) -> None:
        self.rate_hz = rate_hz
        self.dropped = 0
        """How many sentences were refused because more than `max_queue_s` of sound was waiting."""
        self._max_queue = round(max_queue_s * rate_hz)
        self._lock = threading.Lock()
        self._queue: deque[_Sentence] = deque()
        self._tail: NDArray[np.float32] = np.zeros(0, np.float32)
        self._stopped: int | None = None
        self._held = False
        self._played: OrderedDict[int, int] = OrderedDict()

    def play(self, speech: Speech) -> None:
        """Queue a sentence, resampled to `rate_hz`. Dropped if its generation was stopped, or the queue is full.

        Between sentences no sample is added or lost. Takes about a thousandth of the sentence's length.
        """
        if self._fenced(speech.generation) or not len(speech.samples):
            return
        samples = resample(speech.samples, speech.sample_rate_hz, self.rate_hz)
        with self._lock:
            if self._fenced(speech.generation):
                return
            if self._waiting() + len(samples) > self._max_queue:
                self.dropped += 1
                return
            self._queue.append(_Sentence(speech.generation, samples))

    def pop(self, n: int) -> NDArray[np.float32]:
        """The next `n` samples, mono, -1..1: speech, and silence where there is none. Never waits."""
        block = np.zeros(n, np.float32)
        with self._lock:
            filled = min(n, len(self._tail))
            block[:filled] = self._tail[:filled]
            self._tail = self._tail[filled:]
            while filled < n and self._queue and not self._held:
                sentence = self._queue[0]
                part = sentence.samples[sentence.position : sentence.position + n - filled]
                block[filled : filled + len(part)] = part
                filled += len(part)
                sentence.position += len(part)
                self._count(sentence.generation, len(part))
                if sentence.position >= len(sentence.samples):
                    self._queue.popleft()
        return block

    def stop(self, generation: int) -> None:
        """Drop all of `generation` and older; what plays now fades out within `FADE_S`."""
        with self._lock:
            self._stopped = generation if self._stopped is None else max(self._stopped, generation)
            if self._queue and self._queue[0].position and self._fenced(self._queue[0].generation):
                self._tail = self._fade(self._queue[0])
            self._queue = deque(s for s in self._queue if not self._fenced(s.generation))

    def hold(self) -> None:
        """Fall silent within `FADE_S`; `resume` goes on where the fade began."""
        with self._lock:
            if not self._held and self._queue and self._queue[0].position:
                self._tail = self._fade(self._queue[0])
            self._held = True

    def resume(self) -> None:
        """Go on after `hold`."""
        with self._lock:
            self._held = False

    def played_s(self, generation: int) -> float:
        """Seconds of `generation` that were popped; zero for one unknown or long gone. The fade is not counted."""
        with self._lock:
            return self._played.get(generation, 0) / self.rate_hz

    def queued_s(self) -> float:
        """Seconds of speech that wait to be popped."""
        with self._lock:
            return self._waiting() / self.rate_hz

    def idle(self) -> bool:
        """True when all was popped."""
        with self._lock:
            return not self._queue and not len(self._tail)

    def _fenced(self, generation: int) -> bool:
        return self._stopped is not None and generation <= self._stopped

    def _waiting(self) -> int:
        return sum(len(s.samples) - s.position for s in self._queue)

    def _fade(self, sentence: _Sentence) -> NDArray[np.float32]:
        n = round(FADE_S * self.rate_hz)
        rest = sentence.samples[sentence.position : sentence.position + n]
        return rest * np.linspace(1.0, 0.0, n, dtype=np.float32)[: len(rest)]

    def _count(self, generation: int, n: int) -> None:
        self._played[generation] = self._played.get(generation, 0) + n
        self._played.move_to_end(generation)
        while len(self._played) > MAX_GENERATIONS:
            self._played.popitem(last=False)


def resample(samples: NDArray[np.float32], rate_in_hz: int, rate_out_hz: int) -> NDArray[np.float32]:
    """A whole mono signal `[n]` at another rate, `[n * rate_out_hz / rate_in_hz]` within a sample or two."""
    samples = np.ascontiguousarray(samples, np.float32)
    if rate_in_hz == rate_out_hz or not len(samples):
        return samples
    resampler = av.AudioResampler(format="flt", layout="mono", rate=rate_out_hz)
    frame = av.AudioFrame.from_ndarray(samples[None, :], format="flt", layout="mono")
    frame.sample_rate = rate_in_hz
    parts = [f.to_ndarray()[0] for f in (*resampler.resample(frame), *resampler.resample(None))]
    return np.concatenate(parts).astype(np.float32, copy=False)
