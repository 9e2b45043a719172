"""Has the speaker finished? Judged by the sound of the last seconds: melody, length of the last syllables, fillers."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from streams.encoders.hearing.onnx import open_session, run
from streams.types import SAMPLE_RATE_HZ

FILE = "smart-turn-v3.2-cpu.onnx"
"""What the model's folder holds."""

_SECONDS = 8
_MELS = 80
_FRAMES = 100 * _SECONDS


class EndOfTurn(Protocol):
    """Judges pauses."""

    def finished(self, samples: NDArray[np.float32]) -> float:
        """How likely somebody has said all they want to say, 0..1.

        `samples` `[n]` at 16 kHz are what they said so far, up to and with the pause.
        """
        ...


class SmartTurn:
    """Smart Turn v3 (BSD-2; github.com/pipecat-ai/smart-turn): the encoder of Whisper tiny and a small head, 23
    languages. Takes some 15 ms on one core, however long the sound (134 ms where 8-bit numbers need
    care, see `open_session`).

    Raises:
        ModelError: the file is missing or no such model.
    """

    def __init__(self, folder: Path) -> None:
        """`folder` holds `FILE`."""
        from faster_whisper.feature_extractor import FeatureExtractor

        self._session = open_session(folder / FILE, "end of turn", threads=1, exact=True)
        self._features = FeatureExtractor(feature_size=_MELS, chunk_length=_SECONDS)

    def finished(self, samples: NDArray[np.float32]) -> float:
        """See `EndOfTurn.finished`. Only the last eight seconds count."""
        sound = samples[-_SECONDS * SAMPLE_RATE_HZ :].astype(np.float32)
        # Silence stands before what was said, so that the end is always at one place.
        sound = np.pad(sound, (_SECONDS * SAMPLE_RATE_HZ - len(sound), 0))
        sound = (sound - sound.mean()) / np.sqrt(sound.var() + 1e-7)
        features = self._features(sound, padding=0)[None, :, :_FRAMES]
        (probability,) = run(self._session, {"input_features": features.astype(np.float32)}, "end of turn")
        return float(probability.reshape(-1)[0])
