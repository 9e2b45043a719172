"""How well heed hears, through the streaming encoder: word errors on speech with known text, no words on noise."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.error import FFmpegError
from numpy.typing import NDArray

from streams.clock import Stopwatch
from streams.encoders.hearing.encoder import HearingEncoder
from streams.errors import MediaError
from streams.resample import Resampler
from streams.types import SAMPLE_RATE_HZ, AudioChunk, Observation, Percept, Transcript, ns

CHUNK = SAMPLE_RATE_HZ // 50
"""Samples of 20 ms: what a call delivers."""
MAX_RECORDING_S = 3600
_TAIL_S = 1.0
"""Silence after a recording, so that its last utterance ends as it would live."""


@dataclass(frozen=True, slots=True)
class Hearing:
    """What was heard in one recording."""

    text: str
    percepts: tuple[str, ...]
    media_s: float
    work_s: float
    """Seconds that this machine took."""


@dataclass(frozen=True, slots=True)
class Errors:
    """Edits between what was said and what was heard."""

    wrong: int
    words: int
    """Words that were said."""

    @property
    def rate(self) -> float:
        """Word error rate; may be above 1."""
        return self.wrong / self.words if self.words else float(self.wrong > 0)


# fmt: off
_UNITS = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)
_TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
# fmt: on
_SPELLINGS = {
    "mr": "mister",
    "mrs": "missus",
    "dr": "doctor",
    "st": "saint",
    "okay": "ok",
    "cannot": "can not",
    "center": "centre",
    "cleanroom": "clean room",
    "cleanrooms": "clean rooms",
}


def normalise(text: str) -> list[str]:
    """Words to compare: lower case, no punctuation (apostrophes dropped, hyphens and dashes part words), whole
    numbers up to 9999 spelled out (a letter and a digit run together are parted), and a few pairs of spellings
    made one (`mr` = `mister`, `center` = `centre`, `okay` = `ok`, `cleanrooms` = `clean rooms`)."""
    text = text.casefold().replace("\u2019", "'").replace("'", "")
    text = re.sub(r"(?<=\d),(?=\d{3}\b)", "", text)
    text = re.sub(r"(?<=[^\W\d])(?=\d)|(?<=\d)(?=[^\W\d])", " ", text)
    out: list[str] = []
    for word in re.findall(r"[^\W_]+", text):
        if word.isdecimal() and len(word) <= 4:
            out += spell(int(word)).split()
        else:
            out += _SPELLINGS.get(word, word).split()
    return out


def spell(number: int) -> str:
    """A whole number from 0 to 9999 in English words, without `and`."""
    if number < 20:
        return _UNITS[number]
    if number < 100:
        return _TENS[number // 10] + (f" {_UNITS[number % 10]}" if number % 10 else "")
    size, name = (100, "hundred") if number < 1000 else (1000, "thousand")
    rest = number % size
    return f"{spell(number // size)} {name}" + (f" {spell(rest)}" if rest else "")


def word_errors(said: str, heard: str) -> Errors:
    """Fewest substitutions, insertions and deletions of normalised words (Levenshtein 1966)."""
    a, b = normalise(said), normalise(heard)
    row = list(range(len(b) + 1))
    for i, word in enumerate(a, 1):
        above_left, row[0] = row[0], i
        for j, other in enumerate(b, 1):
            above_left, row[j] = row[j], min(above_left + (word != other), row[j] + 1, row[j - 1] + 1)
    return Errors(row[-1], len(a))


def read_audio(path: Path) -> Iterator[NDArray[np.float32]]:
    """The first sound track as mono pieces `[n]` at 16 kHz.

    Raises:
        MediaError: the file cannot be read, has no sound, or is longer than an hour.
    """
    try:
        with av.open(str(path)) as container:
            if not container.streams.audio:
                raise MediaError(f"{path} has no sound")
            resampler: Resampler | None = None
            total = 0
            for frame in container.decode(audio=0):
                samples = _floats(frame)
                if resampler is None:
                    resampler = Resampler(frame.sample_rate, SAMPLE_RATE_HZ, samples.shape[1])
                piece = resampler.process(samples)
                total += len(piece)
                if total > MAX_RECORDING_S * SAMPLE_RATE_HZ:
                    raise MediaError(f"{path} is longer than {MAX_RECORDING_S} s")
                yield piece
            if resampler is not None:
                yield resampler.flush()
    except (FFmpegError, OSError, ValueError) as error:
        raise MediaError(f"{path} cannot be read: {error}") from error


def _floats(frame: av.AudioFrame) -> NDArray[np.float32]:
    """`[n, channels]`, -1..1, of a decoded frame."""
    raw: NDArray[Any] = frame.to_ndarray()
    channels = frame.layout.nb_channels
    samples = raw.reshape(-1, channels) if not frame.format.is_planar else raw.T
    if np.issubdtype(samples.dtype, np.integer):
        return (samples / (float(np.iinfo(samples.dtype).max) + 1)).astype(np.float32)
    return samples.astype(np.float32)


def hear(encoder: HearingEncoder[Any], samples: NDArray[np.float32], chunk: int = CHUNK) -> list[Observation]:
    """All observations of a recording `[n]` at 16 kHz, streamed in pieces of `chunk` samples."""
    state = encoder.init_state("recording")
    out: list[Observation] = []
    for begin in range(0, len(samples), chunk):
        t0_ns = ns(begin / SAMPLE_RATE_HZ)
        out += encoder.step(state, AudioChunk("recording", t0_ns, samples[begin : begin + chunk]))
    return out + encoder.flush(state)


def hear_file(encoder: HearingEncoder[Any], path: Path) -> Hearing:
    """Stream a file through the encoder, a second of silence behind it.

    Raises:
        MediaError: the file cannot be read.
    """
    samples = np.concatenate([*read_audio(path), np.zeros(int(_TAIL_S * SAMPLE_RATE_HZ), np.float32)])
    watch = Stopwatch()
    observed = hear(encoder, samples)
    work_s = watch.elapsed_s()
    text = " ".join(o.text for o in observed if isinstance(o, Transcript))
    percepts = tuple(o.text for o in observed if isinstance(o, Percept) and o.kind != "speech")
    return Hearing(text, percepts, len(samples) / SAMPLE_RATE_HZ, work_s)


def is_clean_english(item: dict[str, Any]) -> bool:
    """An item of the manifest that counts for the mean: English speech with a transcript, neither dialog, meeting,
    noise added nor several talkers."""
    name = item["file"]
    return (
        item.get("kind") == "speech"
        and item.get("language") == "en"
        and bool(item.get("transcript"))
        and name.endswith(".flac")
        and not any(word in name for word in ("noisy", "dialog", "meeting", "call_"))
    )


def is_noise(item: dict[str, Any]) -> bool:
    """An item without any speech."""
    return item.get("kind") in ("noise", "sound_event")


def audio_rows(
    folder: Path, hearing: HearingEncoder[Any], progress: Callable[[str], None]
) -> tuple[list[tuple[str, ...]], dict[str, float]]:
    """Measure hearing on the recordings of `folder/manifest.json`.

    Rows are (file, group, figure, what was heard). Figures: `wer_clean_en_mean` (mean of the items' rates),
    `wer_clean_en_pooled` (all errors by all words), `wer_other_en_mean` (noisy, several talkers), `noise_words`,
    `noise_percepts`, `hearing_rtf` (this machine's time by media time, speech items).

    Raises:
        MediaError: no manifest, or an unreadable recording.
    """
    try:
        items = json.loads((folder / "manifest.json").read_text())
    except (OSError, ValueError) as error:
        raise MediaError(f"{folder} has no readable manifest.json: {error}") from error
    rows: list[tuple[str, ...]] = []
    clean: list[Errors] = []
    other: list[Errors] = []
    noise_words = noise_percepts = 0
    media_s = work_s = 0.0
    for item in items:
        spoken = item.get("kind") == "speech" and item.get("language") == "en" and item.get("transcript")
        if not (spoken or is_noise(item)):
            continue
        progress(item["file"])
        heard = hear_file(hearing, folder / item["file"])
        if spoken:
            errors = word_errors(item["transcript"], heard.text)
            (clean if is_clean_english(item) else other).append(errors)
            media_s, work_s = media_s + heard.media_s, work_s + heard.work_s
            group = "clean English" if is_clean_english(item) else "hard English"
            rows.append((item["file"], group, f"{errors.wrong}/{errors.words} = {errors.rate:.1%}", heard.text))
        else:
            words = len(normalise(heard.text))
            noise_words += words
            noise_percepts += len(heard.percepts)
            rows.append((item["file"], "no speech", f"{words} words", "; ".join((heard.text, *heard.percepts))))
    return rows, {
        "wer_clean_en_mean": _mean([e.rate for e in clean]),
        "wer_clean_en_pooled": sum(e.wrong for e in clean) / max(1, sum(e.words for e in clean)),
        "wer_other_en_mean": _mean([e.rate for e in other]),
        "clean_en_items": float(len(clean)),
        "noise_words": float(noise_words),
        "noise_percepts": float(noise_percepts),
        "hearing_rtf": work_s / media_s if media_s else 0.0,
    }


def _mean(values: list[float]) -> float:
    return sum(values) / len(values) if values else 0.0
