"""Sample rate conversion: right pitch, no aliases, and the same output however the input is cut."""

from __future__ import annotations

import numpy as np
import pytest

from streams.resample import Resampler, resample

RATES_HZ = (8_000, 16_000, 22_050, 24_000, 44_100, 48_000)


def sine(rate_hz: int, f_hz: float, seconds: float = 0.5) -> np.ndarray:
    return np.sin(2 * np.pi * f_hz * np.arange(int(rate_hz * seconds)) / rate_hz).astype(np.float32)


@pytest.mark.parametrize("rate_hz", RATES_HZ)
@pytest.mark.parametrize("f_hz", [100.0, 1000.0, 3000.0])
def test_sine_keeps_pitch_phase_and_level(rate_hz: int, f_hz: float) -> None:
    out = resample(sine(rate_hz, f_hz), rate_hz, 16_000)
    want = sine(16_000, f_hz)
    assert abs(len(out) - len(want)) <= 1
    middle = slice(800, 7000)
    assert np.max(np.abs(out[middle] - want[middle])) < 2e-3


@pytest.mark.parametrize("rate_hz", [24_000, 44_100, 48_000])
def test_what_the_lower_rate_cannot_hold_is_removed(rate_hz: int) -> None:
    out = resample(sine(rate_hz, 8_600.0), rate_hz, 16_000)
    assert np.max(np.abs(out[800:7000])) < 1e-3


@pytest.mark.parametrize("rate_hz", RATES_HZ)
@pytest.mark.parametrize("chunk", [1, 7, 160, 441, 5003])
def test_any_cutting_gives_the_same_bits(rate_hz: int, chunk: int) -> None:
    x = np.random.default_rng(rate_hz).standard_normal((rate_hz // 10, 2)).astype(np.float32)
    whole = resample(x, rate_hz, 16_000)
    cut = Resampler(rate_hz, 16_000, channels=2)
    parts = [cut.process(x[i : i + chunk]) for i in range(0, len(x), chunk)]
    parts.append(cut.flush())
    assert np.array_equal(np.concatenate(parts), whole)


@pytest.mark.parametrize("rate_hz", RATES_HZ)
@pytest.mark.parametrize("n", [0, 1, 2, 99, 1601])
def test_length_is_exact(rate_hz: int, n: int) -> None:
    assert len(resample(np.ones(n, np.float32), rate_hz, 16_000)) == -(-n * 16_000 // rate_hz)


def test_constant_stays_constant_and_channels_are_averaged() -> None:
    stereo = np.stack([np.full(4800, 0.8), np.full(4800, 0.2)], axis=1).astype(np.float32)
    out = resample(stereo, 48_000, 16_000)
    assert np.allclose(out[100:-100], 0.5, atol=1e-5)


def test_output_follows_closely() -> None:
    cut = Resampler(48_000, 16_000)
    got = len(cut.process(np.zeros(4800, np.float32)))
    assert 1600 - 40 < got <= 1600


def test_after_flush_it_starts_anew() -> None:
    x = np.random.default_rng(1).standard_normal(999).astype(np.float32)
    cut = Resampler(44_100, 16_000)
    first = np.concatenate([cut.process(x), cut.flush()])
    again = np.concatenate([cut.process(x), cut.flush()])
    assert np.array_equal(first, again)


def test_memory_does_not_grow() -> None:
    cut = Resampler(44_100, 16_000)
    for _ in range(300):
        cut.process(np.zeros(441, np.float32))
    assert len(cut._buffer) < 1000


@pytest.mark.parametrize("rates", [(0, 16_000), (16_000, -1), (10**9, 16_000)])
def test_impossible_rates_are_refused(rates: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="sample rate"):
        Resampler(*rates)


def test_wrong_shape_is_refused() -> None:
    with pytest.raises(ValueError, match="shape"):
        Resampler(48_000, 16_000, channels=2).process(np.zeros(10, np.float32))


@pytest.mark.parametrize("rate_hz", [47_999, 191_999, 700_001])
def test_a_rate_whose_filter_would_be_huge_is_refused_with_usable_ones(rate_hz: int) -> None:
    with pytest.raises(ValueError, match=f"{rate_hz} Hz.*such as 8000, 16000, 44100 or 48000 Hz"):
        Resampler(rate_hz, 16_000)


@pytest.mark.parametrize("rate_hz", [4_000, 5_512, 8_012, 11_025, 11_127, 22_254, 44_056, 47_952, 192_000, 384_000])
def test_rates_that_recordings_have_are_taken_and_cost_little(rate_hz: int) -> None:
    table = Resampler(rate_hz, 16_000)._filter
    assert table is not None and table.nbytes <= 4 * 1024 * 1024
