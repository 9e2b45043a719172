"""The reference: what was played stands at its stream time, whatever the device's rate and rhythm."""

from __future__ import annotations

import numpy as np
import pytest

from streams.echo.reference import KEPT_S, Reference
from streams.types import NS, SAMPLE_RATE_HZ
from tests.webrtc_link import tone


def test_blocks_follow_each_other_although_the_device_takes_them_in_bursts() -> None:
    reference, sound = Reference(), tone(0.4)
    for i in range(20):
        handed_ns = NS // 20 + max(0, i - 3) * NS // 50  # the device's buffer takes the first four at once
        reference.add(handed_ns, sound[i * 320 : (i + 1) * 320], SAMPLE_RATE_HZ)
    assert np.array_equal(reference.read(SAMPLE_RATE_HZ // 20, len(sound)), sound)


def test_after_a_pause_the_clock_counts() -> None:
    reference = Reference()
    reference.add(0, np.full(320, 0.5, np.float32), SAMPLE_RATE_HZ)
    reference.add(NS, np.full(320, 0.25, np.float32), SAMPLE_RATE_HZ)
    assert not reference.read(320, SAMPLE_RATE_HZ - 320).any()
    assert (reference.read(SAMPLE_RATE_HZ, 320) == 0.25).all()


@pytest.mark.parametrize("drift", [-200e-6, 200e-6])
def test_a_device_whose_clock_runs_otherwise_is_followed(drift: float) -> None:
    """Ten minutes at 200 parts in a million are 120 ms; a stall that is made up for in between moves nothing."""
    reference, block = Reference(), np.full(320, 0.1, np.float32)
    for i in range(30_100):
        late_ns = NS // 10 if i % 500 == 499 else 0
        t_ns = NS + round(i * NS / 50 * (1 + drift)) + late_ns
        reference.add(t_ns, block, SAMPLE_RATE_HZ)
    place = t_ns * SAMPLE_RATE_HZ // NS
    apart = SAMPLE_RATE_HZ * 35 // 1000
    assert reference.read(place - apart - 320, 320).all() and not reference.read(place + apart + 320, 320).any()


@pytest.mark.parametrize("rate_hz", [44_100, 48_000])
def test_other_rates_keep_their_time(rate_hz: int) -> None:
    reference = Reference()
    t = np.arange(rate_hz) / rate_hz
    sound = np.sin(2 * np.pi * 300 * t).astype(np.float32)
    for i in range(50):
        reference.add(i * NS // 50, sound[i * rate_hz // 50 : (i + 1) * rate_hz // 50], rate_hz)
    wanted = np.sin(2 * np.pi * 300 * np.arange(SAMPLE_RATE_HZ) / SAMPLE_RATE_HZ)
    known = SAMPLE_RATE_HZ - 200  # the resampler holds the last moment back
    assert np.abs(reference.read(0, known) - wanted[:known])[100:].max() < 0.01


def test_it_forgets_and_never_reads_what_is_not_there() -> None:
    reference = Reference()
    for i in range(round(2 * KEPT_S)):
        reference.add(i * NS, np.full(SAMPLE_RATE_HZ, 0.1, np.float32), SAMPLE_RATE_HZ)
    assert not reference.read(0, SAMPLE_RATE_HZ).any()
    last = round(2 * KEPT_S) * SAMPLE_RATE_HZ
    read = reference.read(last - 100, 200)
    assert (read[:100] == np.float32(0.1)).all() and not read[100:].any()
    assert not reference.read(-500, 200).any()
    reference.add(3600 * NS, np.full(10 * SAMPLE_RATE_HZ, 0.2, np.float32), SAMPLE_RATE_HZ)  # more than is kept
    assert (reference.read(3600 * SAMPLE_RATE_HZ, SAMPLE_RATE_HZ) == np.float32(0.2)).all()
