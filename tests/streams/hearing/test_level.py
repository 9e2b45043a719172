"""Sudden sounds, lasting noise, quiet, and a microphone that is gone."""

from __future__ import annotations

import numpy as np
import pytest

from streams.encoders.hearing.encoder import HearingEncoder
from streams.types import Observation, Percept, seconds
from tests.streams.hearing.fakes import ToneVad, cut, noise, tone


def heard(*pieces: np.ndarray, size: int = 320) -> list[tuple[float, str]]:
    out: list[Observation] = cut(HearingEncoder(ToneVad(), None), np.concatenate(pieces), size)
    return [(round(seconds(o.t0_ns), 1), o.text) for o in out if isinstance(o, Percept)]


LOUD = "a sudden loud sound is heard"
NOISY, QUIET = "it becomes noisy", "it becomes quiet"
GONE, BACK = "the microphone is gone", "the microphone is back"


def test_a_bang_in_a_quiet_room_is_heard_once() -> None:
    assert heard(noise(3.0), noise(0.2, 0.3, 1), noise(5.0)) == [(3.0, LOUD)]


def test_a_bang_after_digital_silence_is_heard() -> None:
    assert heard(np.zeros(32_000, np.float32), noise(0.2, 0.3), np.zeros(32_000, np.float32)) == [(2.0, LOUD)]


def test_a_voice_is_no_bang() -> None:
    assert heard(noise(3.0), noise(0.06, 0.2, 3), tone(1.0), noise(3.0)) == []


def test_many_bangs_are_told_sparingly() -> None:
    bangs = [piece for i in range(20) for piece in (noise(0.1, 0.3, i), noise(0.4, 0.001, i))]
    events = [t for t, text in heard(noise(3.0), *bangs) if text == LOUD]
    assert 1 <= len(events) <= 3


def test_loud_from_the_start_or_slowly_louder_is_no_bang() -> None:
    assert heard(noise(4.0, 0.2)) == []
    ramp = noise(20.0, 1.0) * np.geomspace(0.001, 0.2, 320_000).astype(np.float32)
    assert LOUD not in [text for _, text in heard(ramp)]


def test_noise_and_quiet_must_last() -> None:
    events = heard(noise(10.0), noise(12.0, 0.02, 1), noise(12.0, 0.001, 2))
    assert [text for _, text in events] == [NOISY, QUIET]
    assert events[0][0] == pytest.approx(10, abs=1.1) and events[1][0] == pytest.approx(22, abs=1.1)
    assert heard(noise(10.0), noise(3.0, 0.02, 1), noise(10.0, 0.001, 2)) == []


def test_noise_from_the_start_is_normal_until_it_ends() -> None:
    assert [text for _, text in heard(noise(12.0, 0.02), noise(12.0, 0.001))] == [QUIET]


def test_speech_is_not_noise_and_its_end_is_not_quiet() -> None:
    assert heard(noise(8.0), tone(20.0), noise(10.0)) == []


def test_digital_silence_is_not_quiet() -> None:
    assert heard(np.zeros(320_000, np.float32)) == []
    assert heard(np.zeros(160_000, np.float32), noise(10.0), np.zeros(64_000, np.float32)) == []


def test_a_live_microphone_that_gives_zeros_is_gone() -> None:
    events = heard(noise(15.0), np.zeros(160_000, np.float32), noise(5.0))
    assert [text for _, text in events] == [GONE, BACK]
    assert [t for t, _ in events] == [pytest.approx(15, abs=0.1), pytest.approx(25, abs=0.1)]


def test_pauses_of_a_synthetic_voice_are_no_fault() -> None:
    pause = np.zeros(int(16_000 * 7), np.float32)
    assert heard(*[piece for i in range(5) for piece in (tone(3.0), pause)]) == []


@pytest.mark.parametrize("size", [1, 511, 7919, 10**7])
def test_chunk_size_does_not_matter(size: int) -> None:
    pieces = (noise(10.0), noise(0.2, 0.3, 1), noise(8.0, 0.02, 2), np.zeros(112_000, np.float32), noise(1.0))
    if size == 1:
        pieces = (noise(1.0), noise(0.2, 0.3, 1), noise(1.0))
    assert heard(*pieces, size=size) == heard(*pieces) != []
