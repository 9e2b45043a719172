"""Replies as files: whole, numbered, and never of a stopped generation."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
import pytest

from streams.sink import Speech
from streams.sinks.wav import MAX_REPLY_S, SinkError, WavSink


def speech(generation: int, seconds: float, value: float = 0.5, rate_hz: int = 22_050) -> Speech:
    return Speech(generation, "text", np.full(round(rate_hz * seconds), value, np.float32), rate_hz)


def read(path: Path) -> tuple[int, np.ndarray]:
    with wave.open(str(path)) as file:
        assert (file.getnchannels(), file.getsampwidth()) == (1, 2)
        return file.getframerate(), np.frombuffer(file.readframes(file.getnframes()), "<i2")


def test_each_reply_becomes_one_file(tmp_path: Path) -> None:
    with WavSink(tmp_path / "out") as sink:
        sink.play(speech(3, 1.0, 0.5))
        sink.play(speech(3, 0.5, -0.5))
        sink.play(speech(7, 0.25))
        assert sink.idle() and sink.played_s(3) == pytest.approx(1.5)
        assert sink.played_s(7) == pytest.approx(0.25, abs=1e-3)
    assert [p.name for p in sink.files] == ["reply-1.wav", "reply-2.wav"]
    rate, samples = read(sink.files[0])
    assert rate == 22_050 and len(samples) == round(1.5 * 22_050)
    assert samples[0] == 16_384 and samples[-1] == -16_384
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == ["reply-1.wav", "reply-2.wav"]


def test_nothing_of_a_stopped_or_finished_reply_is_added(tmp_path: Path) -> None:
    with WavSink(tmp_path) as sink:
        sink.play(speech(1, 0.5))
        sink.stop(1)
        sink.play(speech(1, 0.5))
        sink.play(speech(2, 0.5))
        sink.finish(2)
        sink.play(speech(2, 0.5))
        sink.stop(9)
        sink.play(speech(8, 0.5))
    assert len(sink.files) == 2 and sink.played_s(1) == 0.5 and sink.played_s(8) == 0.0
    assert all(len(read(p)[1]) == 11_025 for p in sink.files)


def test_sentences_of_another_rate_fit_in(tmp_path: Path) -> None:
    with WavSink(tmp_path) as sink:
        sink.play(speech(1, 1.0))
        sink.play(speech(1, 1.0, rate_hz=16_000))
    assert len(read(sink.files[0])[1]) == pytest.approx(44_100, abs=3)


def test_a_reply_without_end_is_bounded(tmp_path: Path) -> None:
    with WavSink(tmp_path) as sink:
        for _ in range(8):
            sink.play(speech(1, 100.0, rate_hz=8_000))
    assert len(read(sink.files[0])[1]) == MAX_REPLY_S * 8_000


def test_a_folder_that_cannot_be_written_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    sink = WavSink(tmp_path / "file")
    sink.play(speech(1, 0.1))
    with pytest.raises(SinkError, match="cannot be written"):
        sink.close()
