"""Replies as WAV files: a sink that has played as soon as it is given something."""

from __future__ import annotations

import io
import os
import wave
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from streams.errors import HeedError
from streams.sink import Speech
from streams.sinks.playout import resample

MAX_REPLY_S = 600.0
"""Longer speech of one reply is left out."""


class SinkError(HeedError):
    """A reply's file cannot be written."""

    code = "sink"


class WavSink:
    """Implements `streams.sink.SpeechSink`: `reply-1.wav`, `reply-2.wav`, ... in `folder`, 16 bits mono.

    A file appears, whole, when its reply is finished: by `finish`, by `stop`, by the first sentence of a later reply,
    or by `close` (the end of `with`). Writing happens on a thread of its own.
    """

    def __init__(self, folder: Path) -> None:
        self.files: list[Path] = []
        """The replies' files, in order; on disk once `close` has returned."""
        self._folder = folder
        self._executor = ThreadPoolExecutor(1, "wav-sink")
        self._writing: list[Future[None]] = []
        self._current: int | None = None
        self._parts: list[NDArray[np.float32]] = []
        self._rate_hz = 0
        self._stopped: int | None = None
        self._played_s: dict[int, float] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def play(self, speech: Speech) -> None:
        """Append a sentence to its reply; dropped if the generation was stopped or is already finished."""
        if (self._stopped is not None and speech.generation <= self._stopped) or not len(speech.samples):
            return
        if self._current is not None and speech.generation < self._current:
            return
        if speech.generation != self._current:
            self._flush()
            self._current, self._rate_hz = speech.generation, speech.sample_rate_hz
        length_s = len(speech.samples) / speech.sample_rate_hz
        played_s = self._played_s.get(speech.generation, 0.0)
        if played_s + length_s > MAX_REPLY_S:
            return
        self._parts.append(resample(speech.samples, speech.sample_rate_hz, self._rate_hz))
        self._played_s = {speech.generation: played_s + length_s, **_newest(self._played_s, speech.generation)}

    def stop(self, generation: int) -> None:
        """Nothing more of this generation and of older ones; what was given before counts as played."""
        self._stopped = generation if self._stopped is None else max(self._stopped, generation)
        self.finish(generation)

    def finish(self, generation: int) -> None:
        """The reply is complete: write its file."""
        if self._current is not None and self._current <= generation:
            self._flush()

    def played_s(self, generation: int) -> float:
        """Seconds of this generation's speech that went into its file."""
        return self._played_s.get(generation, 0.0)

    def hold(self) -> None:
        """Nothing: nobody hears a file while it is made."""

    def resume(self) -> None:
        """Nothing."""

    def idle(self) -> bool:
        """Always: a file takes sound at once."""
        return True

    def close(self) -> None:
        """Finish the last reply and wait for the files.

        Raises:
            SinkError: a file could not be written.
        """
        self._flush()
        self._executor.shutdown(wait=True)
        writing, self._writing = self._writing, []
        for future in writing:
            future.result()

    def _flush(self) -> None:
        if self._parts:
            path = self._folder / f"reply-{len(self.files) + 1}.wav"
            self.files.append(path)
            samples = np.concatenate(self._parts)
            self._writing.append(self._executor.submit(_write, path, samples, self._rate_hz))
        if self._current is not None:
            self._stopped = self._current if self._stopped is None else max(self._stopped, self._current)
        self._parts = []
        self._current = None


def wav_bytes(samples: NDArray[np.float32], rate_hz: int) -> bytes:
    """A complete WAV file, 16 bits mono, of `[n]` samples -1..1."""
    pcm = np.round(np.clip(samples, -1.0, 1.0) * 32767).astype("<i2")
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate_hz)
        out.writeframes(pcm.tobytes())
    return buffer.getvalue()


def _write(path: Path, samples: NDArray[np.float32], rate_hz: int) -> None:
    """Whole or not at all: written beside, then renamed."""
    beside = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_bytes(wav_bytes(samples, rate_hz))
        os.replace(beside, path)
    except OSError as error:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        raise SinkError(f"{path} cannot be written: {error.strerror}") from None


def _newest(played: dict[int, float], besides: int) -> dict[int, float]:
    """The newest 63 other replies: a day's worth is not remembered."""
    return {g: played[g] for g in sorted(played, reverse=True)[:64] if g != besides}
