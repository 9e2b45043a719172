"""Moonshine speech to text, run with ONNX Runtime: an encoder, and a decoder with its cache."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from streams.encoders.hearing.onnx import open_session, run
from streams.encoders.hearing.stt import Recognition, repeats, tidy
from streams.errors import ModelError
from streams.types import SAMPLE_RATE_HZ

FILES = ("encoder_model.ort", "decoder_model_merged.ort", "tokenizer.bin")
"""What a model folder holds."""

_BEGIN, _END = 1, 2
_TOKENS_PER_S = 6.5
"""Nobody speaks faster; without this bound Moonshine runs on over noise (Jeffries et al. 2024, section 4)."""
_TOKENS_AT_LEAST = 6
_SHORTEST = SAMPLE_RATE_HZ // 2
_LONGEST_S = 64.0
_SPACE = "\u2581"


class Moonshine:
    """Moonshine (Jeffries et al., "Moonshine: Speech Recognition for Live Transcription and Voice Commands", 2024,
    arXiv:2410.15608). Its cost grows with the length of the utterance: no padding to 30 s.

    Thread-safe: several streams may share one object.

    Raises:
        ModelError: a file is missing or damaged.
    """

    def __init__(self, folder: Path, language: str = "en", threads: int = 1) -> None:
        """`folder` holds `FILES`; `language` is the one that the weights know; `threads` per transcription."""
        self.language = language
        # Sounds of all lengths pass through: an arena would keep the largest of everything.
        self._encoder = open_session(folder / FILES[0], "speech", threads, arena=False)
        self._decoder = open_session(folder / FILES[1], "speech", threads, arena=False)
        self._vocabulary = read_vocabulary(folder / FILES[2])
        self._outputs = [output.name for output in self._decoder.get_outputs()]
        past = [i for i in self._decoder.get_inputs() if i.name.startswith("past_key_values.")]
        if self._outputs[:1] != ["logits"] or not past:
            raise ModelError(f"{folder} holds no Moonshine model with a cache; delete it and: heed models pull")
        self._empty = {i.name: np.zeros((1, i.shape[1], 0, i.shape[3]), np.float32) for i in past}

    def transcribe(self, samples: NDArray[np.float32], language: str | None = None) -> Recognition:
        """See `SpeechToText.transcribe`."""
        if language not in (None, "", self.language):
            raise ModelError(
                f"this Moonshine model knows {self.language!r} only, not {language!r}; "
                "for other languages set the speech engine to faster-whisper"
            )
        if samples.ndim != 1 or len(samples) > _LONGEST_S * SAMPLE_RATE_HZ:
            raise ValueError(f"one utterance of at most {_LONGEST_S:.0f} s is expected, not {samples.shape}")
        limit = _TOKENS_AT_LEAST + int(len(samples) / SAMPLE_RATE_HZ * _TOKENS_PER_S)
        if len(samples) < _SHORTEST:
            samples = np.concatenate([samples, np.zeros(_SHORTEST - len(samples), np.float32)])
        tokens, log_probability = self._decode(samples.astype(np.float32)[None], limit)
        text = tidy(self._text(tokens))
        return Recognition(text, float(np.exp(log_probability)) if text else 0.0, self.language)

    def _decode(self, sound: NDArray[np.float32], limit: int) -> tuple[list[int], float]:
        """Greedy: tokens and the mean of their log-probabilities. Stops at the end token, the limit, or a loop."""
        mask = np.ones(sound.shape, np.int64)
        hidden = run(self._encoder, {"input_values": sound, "attention_mask": mask}, "speech")[0]
        fixed = {"encoder_attention_mask": mask, "encoder_hidden_states": hidden}
        cache = dict(self._empty)
        tokens: list[int] = []
        total, last = 0.0, _BEGIN
        for _ in range(limit):
            feed = {**fixed, **cache, "input_ids": np.array([[last]]), "use_cache_branch": np.array([bool(tokens)])}
            logits, *present = run(self._decoder, feed, "speech")
            for name, value in zip(self._outputs[1:], present, strict=True):
                # Keys and values of the sound are made once, on the first step; later steps return none.
                if not tokens or ".decoder." in name:
                    cache[name.replace("present.", "past_key_values.")] = value
            row = logits[0, -1].astype(np.float64)
            last = int(row.argmax())
            total += float(row[last] - row.max() - np.log(np.exp(row - row.max()).sum()))
            tokens.append(last)
            if last == _END:
                break
            if again := repeats(tokens):
                # A loop: keep its first round, and let the confidence tell.
                del tokens[-again:]
                total -= float(len(tokens))
                break
        mean = total / max(1, len(tokens))
        return [t for t in tokens if t != _END], mean

    def _text(self, tokens: list[int]) -> str:
        return b"".join(self._vocabulary[t] for t in tokens).decode("utf-8", "replace").replace(_SPACE, " ")


def read_vocabulary(path: Path) -> list[bytes]:
    """The pieces of `tokenizer.bin`, by token id; control tokens (`<s>`, `<<ST_1>>`) are empty.

    Each entry is a length (one byte, or two in base 128, low part first with its high bit set) and that many bytes.

    Raises:
        ModelError: missing or damaged.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise ModelError(f"the speech model is missing: no file {path}; get it with: heed models pull") from error
    pieces: list[bytes] = []
    at = 0
    while at < len(raw):
        length, at = raw[at], at + 1
        if length >= 128 and at < len(raw):
            length, at = length - 128 + raw[at] * 128, at + 1
        piece, at = raw[at : at + length], at + length
        if len(piece) < length:
            raise ModelError(f"{path} is damaged; delete it and: heed models pull")
        control = len(piece) > 2 and piece.startswith(b"<") and piece.endswith(b">")
        pieces.append(b"" if control else piece)
    if len(pieces) < 1000:
        raise ModelError(f"{path} is damaged ({len(pieces)} tokens); delete it and: heed models pull")
    return pieces
