"""Voice activity: how likely somebody speaks in a window. Silero v6, its state carried from window to window."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from streams.encoders.hearing.onnx import open_session, run
from streams.encoders.hearing.window import WINDOW
from streams.errors import ModelError

S = TypeVar("S")

_CONTEXT = 64
"""Samples of the window before that Silero sees again."""
_HIDDEN = 128


class VoiceActivity(Protocol[S]):
    """Tells speech from other sound. Weights in the object, the stream in the state."""

    def init_state(self) -> S:
        """The state at the start of a stream."""
        ...

    def step(self, state: S, window: NDArray[np.float32]) -> tuple[float, S]:
        """Probability 0..1 that window `[512]` at 16 kHz holds speech, and the state for the next window."""
        ...


SileroState = tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]
"""Hidden and cell state `[1, 1, 128]`, and the last `[64]` samples."""


class SileroVad:
    """Silero voice activity detector, version 6 (MIT; github.com/snakers4/silero-vad), from an ONNX file.

    One window takes some 0.15 ms on one core. It runs on one thread: more are slower at this size.

    Raises:
        ModelError: the file is missing or no such model.
    """

    def __init__(self, model: Path | None = None) -> None:
        """`model`: the ONNX file; None takes the one that comes with faster-whisper."""
        path = silero_path() if model is None else model
        self._session = open_session(path, "voice activity", threads=1)

    def init_state(self) -> SileroState:
        """Silence before the stream."""
        zeros = np.zeros((1, 1, _HIDDEN), np.float32)
        return zeros, zeros, np.zeros(_CONTEXT, np.float32)

    def step(self, state: SileroState, window: NDArray[np.float32]) -> tuple[float, SileroState]:
        """See `VoiceActivity.step`."""
        if window.shape != (WINDOW,):
            raise ValueError(f"Silero takes windows of {WINDOW} samples, not {window.shape}")
        hidden, cell, before = state
        feed = {"input": np.concatenate([before, window])[None], "h": hidden, "c": cell}
        probability, hidden, cell = run(self._session, feed, "voice activity")
        return float(probability.reshape(-1)[0]), (hidden, cell, window[-_CONTEXT:].copy())


def silero_path() -> Path:
    """The ONNX file inside the installed faster-whisper.

    Raises:
        ModelError: faster-whisper is not installed, or without the file.
    """
    spec = find_spec("faster_whisper")
    path = Path(spec.origin).parent / "assets" / "silero_vad_v6.onnx" if spec and spec.origin else None
    if path is None or not path.is_file():
        raise ModelError("the voice activity model comes with faster-whisper: pip install 'faster-whisper>=1.2,<2'")
    return path
