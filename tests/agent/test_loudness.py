"""The microphone's level."""

from __future__ import annotations

import numpy as np

from agent.loudness import Loudness, level_of
from streams.types import AudioChunk


def test_level_is_linear_in_decibels() -> None:
    assert [level_of(v) for v in (0.0, 0.001, 1.0, 3.0)] == [0.0, 0.0, 1.0, 1.0]
    assert abs(level_of(10 ** (-30 / 20)) - 0.5) < 1e-9
    assert level_of(float("nan")) == 0.0


def test_a_look_tells_the_loudest_since_the_last_one() -> None:
    loudness = Loudness()
    for amplitude in (0.01, 0.1, 0.001):
        loudness.on_sound(AudioChunk("mic", 0, np.full(160, amplitude, np.float32)))
    loudness.on_sound(AudioChunk("file", 0, np.zeros(160, np.float32)))
    loudness.on_sound(AudioChunk("none", 0, np.zeros(0, np.float32)))
    levels = loudness.take()
    assert set(levels) == {"mic", "file"} and abs(levels["mic"] - level_of(0.1)) < 1e-6 and levels["file"] == 0.0
    assert loudness.take() == {}
