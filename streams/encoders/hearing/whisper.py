"""Whisper speech to text through faster-whisper: any size, from a local folder or the hub, on a GPU or a CPU."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from streams.encoders.hearing.stt import Recognition, Word, repeats, tidy
from streams.errors import ModelError

Device = Literal["auto", "cpu", "cuda"]

_NO_SPEECH = 0.6
_LOW_LOG_PROBABILITY = -1.0
"""A segment is dropped when it is both probably no speech and improbable as text (Whisper's own pair of limits)."""


class FasterWhisper:
    """Whisper (Radford et al. 2022, arXiv:2212.04356) on CTranslate2.

    Thread-safe: several streams may share one object.

    Raises:
        ModelError: the model is not there, cannot be downloaded, or does not fit the device.
    """

    def __init__(
        self,
        model: str,
        device: Device = "auto",
        compute_type: str = "default",
        threads: int = 0,
        beam_size: int = 1,
        word_times: bool = False,
    ) -> None:
        """Load.

        Args:
            model: a size (`small`, `large-v3-turbo`), a hub id, or a folder with a CTranslate2 model.
            device: `auto` takes a GPU if CTranslate2 finds one.
            compute_type: as CTranslate2 names them (`int8`, `float16`); `default` takes float16 on a GPU and int8
                on a CPU.
            threads: on a CPU; 0 leaves it to CTranslate2.
            beam_size: 1 is greedy.
            word_times: tell the times of words (costs some 20 % more).
        """
        import ctranslate2
        from faster_whisper import WhisperModel

        if device == "auto":
            device = "cuda" if ctranslate2.get_cuda_device_count() else "cpu"
        if compute_type == "default":
            compute_type = "float16" if device == "cuda" else "int8"
        try:
            self._model = WhisperModel(model, device=device, compute_type=compute_type, cpu_threads=threads)
        # A missing folder, file, hub id, network or CUDA library each come as one of these.
        except (OSError, ValueError, RuntimeError) as error:
            reason = " ".join(str(error).split())[:200]
            raise ModelError(
                f"the Whisper model {model!r} cannot be loaded on {device} ({reason}); give a size such as 'small', "
                "a hub id, or a folder with a CTranslate2 model (model.bin, config.json, tokenizer.json)"
            ) from error
        self._beam_size = beam_size
        self._word_times = word_times
        self.device = device
        self.multilingual = bool(self._model.model.is_multilingual)

    def transcribe(self, samples: NDArray[np.float32], language: str | None = None) -> Recognition:
        """See `SpeechToText.transcribe`. Without `language` a multilingual model finds it out."""
        if not len(samples):
            return Recognition("", 0.0, language or "")
        if language and not self.multilingual and language != "en":
            raise ModelError(
                f"this Whisper model knows 'en' only, not {language!r}; take one without '.en' in its name"
            )
        try:
            segments, info = self._model.transcribe(
                samples.astype(np.float32),
                language=language or None,
                beam_size=self._beam_size,
                temperature=0.0,
                condition_on_previous_text=False,
                vad_filter=False,
                word_timestamps=self._word_times,
                without_timestamps=not self._word_times,
            )
            kept = [s for s in segments if not _unlikely(s)]
        # An unknown language is a ValueError; memory or CUDA running out, a RuntimeError.
        except (ValueError, RuntimeError) as error:
            raise ModelError(f"Whisper failed: {' '.join(str(error).split())[:200]}") from error
        text = _without_loop(tidy("".join(s.text for s in kept)))
        words = tuple(Word(w.word.strip(), w.start, w.end) for s in kept for w in (s.words or ()))
        return Recognition(text, _confidence(kept) if text else 0.0, info.language, words)


def _unlikely(segment: Any) -> bool:
    return segment.no_speech_prob > _NO_SPEECH and segment.avg_logprob < _LOW_LOG_PROBABILITY


def _confidence(segments: Iterable[Any]) -> float:
    """Geometric mean of the tokens' probabilities over all segments."""
    counts = [(len(s.tokens), s.avg_logprob) for s in segments]
    total = sum(n for n, _ in counts)
    return math.exp(min(0.0, sum(n * p for n, p in counts) / total)) if total else 0.0


def _without_loop(text: str) -> str:
    """The text up to the first round of an endless repetition."""
    words = text.split()
    for end in range(1, len(words) + 1):
        if again := repeats([w.casefold() for w in words[:end]]):
            return " ".join(words[: end - again])
    return text
