"""Silero with carried state: the same as over the whole recording at once, and clear errors."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from streams.encoders.hearing.vad import SileroVad
from streams.errors import ModelError


def test_window_by_window_equals_all_at_once(silero: SileroVad) -> None:
    from faster_whisper.vad import get_vad_model

    t = np.arange(512 * 40) / 16_000
    voice = np.sin(2 * np.pi * 140 * t) * (1 + np.sin(2 * np.pi * 4 * t)) * 0.2
    sound = (voice + 0.02 * np.random.default_rng(0).standard_normal(len(t))).astype(np.float32)
    state, got = silero.init_state(), []
    for begin in range(0, len(sound), 512):
        probability, state = silero.step(state, sound[begin : begin + 512])
        got.append(probability)
    want = np.asarray(get_vad_model()(sound.copy())).reshape(-1)
    # The reference clears the end of the last window while it builds its contexts.
    assert np.allclose(got[:-1], want[:-1], atol=1e-4)
    assert np.ptp(got) > 0.01, "a flat line would prove nothing"


def test_the_object_keeps_no_stream(silero: SileroVad) -> None:
    window = np.random.default_rng(1).standard_normal(512).astype(np.float32)
    first = silero.step(silero.init_state(), window)[0]
    silero.step(silero.init_state(), window * 0.1)
    assert silero.step(silero.init_state(), window)[0] == first


def test_wrong_window_is_refused(silero: SileroVad) -> None:
    with pytest.raises(ValueError, match="512"):
        silero.step(silero.init_state(), np.zeros(511, np.float32))


def test_missing_and_damaged_models_are_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="heed models pull"):
        SileroVad(tmp_path / "none.onnx")
    bad = tmp_path / "bad.onnx"
    bad.write_bytes(b"no model at all" * 100)
    with pytest.raises(ModelError, match="cannot be read") as caught:
        SileroVad(bad)
    assert "\n" not in str(caught.value)
