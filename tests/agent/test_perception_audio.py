"""Word errors, and reading sound from files."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
import pytest

from agent.bench.perception_audio import Errors, audio_rows, normalise, read_audio, spell, word_errors
from streams.encoders.hearing.encoder import HearingEncoder
from streams.encoders.hearing.vad import SileroVad
from streams.errors import MediaError


@pytest.mark.parametrize(
    ("said", "heard", "wrong", "words"),
    [
        ("go forward ten meters", "Go forward 10 meters.", 0, 4),
        ("and mister john", "And Mr. John", 0, 3),
        ("cold hearted", "cold-hearted,", 0, 2),
        ("a b c d", "a x c d", 1, 4),
        ("a b c d", "a c d", 1, 4),
        ("a b c d", "a b b c d", 1, 4),
        ("a b c", "", 3, 3),
        ("", "you", 1, 0),
        ("", "...", 0, 0),
        ("the culprit's name", "the culprits name", 0, 3),
        ("bin blue at f two now", "Bin blue at F2 now", 0, 6),
    ],
)
def test_word_errors(said: str, heard: str, wrong: int, words: int) -> None:
    assert word_errors(said, heard) == Errors(wrong, words)


def test_rates() -> None:
    assert Errors(1, 4).rate == 0.25
    assert Errors(0, 0).rate == 0 and Errors(2, 0).rate == 1


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "zero"),
        (13, "thirteen"),
        (40, "forty"),
        (21, "twenty one"),
        (105, "one hundred five"),
        (2026, "two thousand twenty six"),
    ],
)
def test_numbers(number: int, words: str) -> None:
    assert spell(number) == words
    assert normalise(f"{number:,}") == words.split()


@pytest.mark.parametrize(("rate_hz", "channels"), [(8_000, 1), (48_000, 2), (16_000, 1)])
def test_sound_of_any_rate_comes_as_16_khz_mono(tmp_path: Path, rate_hz: int, channels: int) -> None:
    path = tmp_path / "x.wav"
    tone = np.sin(2 * np.pi * 300 * np.arange(rate_hz) / rate_hz) * 16_000
    with wave.open(str(path), "wb") as out:
        out.setnchannels(channels)
        out.setsampwidth(2)
        out.setframerate(rate_hz)
        out.writeframes(np.repeat(tone.astype("<i2"), channels).tobytes())
    samples = np.concatenate(list(read_audio(path)))
    assert len(samples) == 16_000
    want = np.sin(2 * np.pi * 300 * np.arange(16_000) / 16_000) * 16_000 / 32_768
    assert np.max(np.abs(samples[500:-500] - want[500:-500])) < 0.005


def test_unreadable_files_are_one_clear_line(tmp_path: Path) -> None:
    bad = tmp_path / "bad.flac"
    bad.write_bytes(b"fLaC" + b"\0" * 99)
    for path in (bad, tmp_path / "none.flac"):
        with pytest.raises(MediaError, match=path.name):
            list(read_audio(path))
    with pytest.raises(MediaError, match="manifest"):
        audio_rows(tmp_path, HearingEncoder(SileroVad(), None), lambda name: None)
