"""Cutting sound into fixed windows: independent of chunks, honest about gaps."""

from __future__ import annotations

import numpy as np
import pytest

from streams.encoders.hearing.window import SILENT_DB, WINDOW, Break, Windower, level_db
from streams.types import NS, SAMPLE_RATE_HZ, AudioChunk, ns


def feed(windower: Windower, samples: np.ndarray, t0_s: float, size: int = 320) -> list:
    out = []
    for begin in range(0, len(samples), size):
        t_ns = ns(t0_s) + begin * NS // SAMPLE_RATE_HZ
        out += list(windower.push(AudioChunk("mic", t_ns, samples[begin : begin + size])))
    return out


@pytest.mark.parametrize("size", [1, 7, 160, 512, 1009, 100_000])
def test_windows_do_not_depend_on_chunks(size: int) -> None:
    x = np.random.default_rng(0).standard_normal(3000).astype(np.float32)
    windower = Windower()
    windows = feed(windower, x, 5.0, size) + list(windower.end())
    assert [len(w) for w in windows] == [WINDOW] * 6
    assert np.array_equal(np.concatenate(windows)[:3000], x)
    assert not np.concatenate(windows)[3000:].any()
    assert windower.time_ns(2) == ns(5.0) + 1024 * NS // SAMPLE_RATE_HZ
    assert windower.time_ns(6) == ns(5.0) + 3000 * NS // SAMPLE_RATE_HZ, "never past the last sample"


@pytest.mark.parametrize("size", [160, 5000])
def test_a_short_gap_becomes_silence(size: int) -> None:
    windower = Windower()
    out = feed(windower, np.ones(1600, np.float32), 0.0, size) + feed(windower, np.ones(1600, np.float32), 0.3, size)
    out += list(windower.end())
    joined = np.concatenate(out)
    assert joined[:1600].all() and not joined[1600:4800].any() and joined[4800:6400].all()


@pytest.mark.parametrize("size", [160, 5000])
def test_a_long_gap_breaks_the_stream(size: int) -> None:
    windower = Windower()
    before = feed(windower, np.ones(1600, np.float32), 0.0, size)
    after = feed(windower, np.ones(1600, np.float32), 9.0, size)
    assert [isinstance(x, Break) for x in before + after] == [False] * 4 + [True] + [False] * 3
    assert windower.time_ns(0) == ns(9.0)


@pytest.mark.parametrize("size", [160, 5000])
def test_what_was_heard_already_is_dropped(size: int) -> None:
    windower = Windower()
    feed(windower, np.ones(16_000, np.float32), 0.0, size)
    feed(windower, np.full(16_000, 2, np.float32), 0.5, size)
    assert windower.taken == 24_000


def test_jitter_of_time_stamps_is_no_gap() -> None:
    windower = Windower()
    for i in range(50):
        list(windower.push(AudioChunk("mic", i * 20_000_000 + (i % 3) * 15_000_000, np.ones(320, np.float32))))
    assert windower.taken == 50 * 320


def test_broken_numbers_become_silence() -> None:
    samples = np.zeros(WINDOW, np.float32)
    samples[:3] = [np.nan, np.inf, -np.inf]
    (window,) = Windower().push(AudioChunk("mic", 0, samples))
    assert window[:3].tolist() == [0, 1, -1]


def test_level() -> None:
    assert level_db(np.zeros(WINDOW, np.float32)) == SILENT_DB
    assert level_db(np.full(WINDOW, 0.1, np.float32)) == pytest.approx(-20, abs=1e-4)
