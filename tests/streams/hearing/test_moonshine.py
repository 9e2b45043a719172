"""Moonshine: its vocabulary file, its errors, and (where the model is) that it understands and never runs away."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from streams.encoders.hearing.moonshine import FILES, Moonshine, read_vocabulary
from streams.errors import ModelError
from tests.streams.hearing.fakes import noise


def write_vocabulary(path: Path, pieces: list[bytes]) -> Path:
    out = bytearray()
    for piece in pieces:
        n = len(piece)
        out += bytes([n]) if n < 128 else bytes([n % 128 + 128, n // 128])
        out += piece
    path.write_bytes(bytes(out))
    return path


def test_vocabulary_of_all_lengths(tmp_path: Path) -> None:
    pieces = [b"<unk>", b"<s>", b"", b"<", b"a" * 127, b"b" * 128, b"c" * 300, *[b"x"] * 1000]
    got = read_vocabulary(write_vocabulary(tmp_path / "tokenizer.bin", pieces))
    assert got[:2] == [b"", b""] and got[2:] == pieces[2:]


@pytest.mark.parametrize("raw", [b"", b"\x05abc", b"\x01a" * 10])
def test_damaged_vocabulary_is_one_clear_line(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "tokenizer.bin").write_bytes(raw)
    with pytest.raises(ModelError, match="damaged"):
        read_vocabulary(tmp_path / "tokenizer.bin")


def test_missing_folder_names_the_command(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="heed models pull"):
        Moonshine(tmp_path / "nowhere")


@pytest.mark.models
def test_truncated_model_is_one_clear_line(tmp_path: Path, moonshine_folder: Path) -> None:
    for name in FILES:
        shutil.copy(moonshine_folder / name, tmp_path / name)
    raw = (tmp_path / FILES[0]).read_bytes()
    (tmp_path / FILES[0]).write_bytes(raw[: len(raw) // 2])
    with pytest.raises(ModelError, match="cannot be read") as caught:
        Moonshine(tmp_path)
    assert "\n" not in str(caught.value)


@pytest.mark.models
def test_other_languages_are_refused(moonshine: Moonshine) -> None:
    with pytest.raises(ModelError, match="'en' only"):
        moonshine.transcribe(noise(1.0), "de")


@pytest.mark.models
@pytest.mark.parametrize("n", [0, 1, 100, 16_000])
def test_any_length_and_bounded_output(moonshine: Moonshine, n: int) -> None:
    for sound in (np.zeros(n, np.float32), noise(n / 16_000, 0.3)):
        said = moonshine.transcribe(sound)
        assert len(said.text.split()) <= 6 + 6.5 * n / 16_000
        assert 0 <= said.confidence <= 1
