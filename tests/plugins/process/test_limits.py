"""Rates, failures, memory: the gauges."""

from __future__ import annotations

import os

from plugins.process.limits import Bucket, Failures, Limits, resident_bytes
from streams.types import NS


def test_a_burst_and_a_rate() -> None:
    bucket = Bucket(10, 3)
    assert [bucket.take(0) for _ in range(4)] == [True, True, True, False]
    bucket = Bucket(10, 3)
    assert all(bucket.take(n * NS // 10) for n in range(1000))
    assert not all(bucket.take(100 * NS + n * NS // 20) for n in range(20))


def test_three_failures_in_five_minutes() -> None:
    failures = Failures(Limits())
    assert [failures.add(t * NS) for t in (0, 100, 299)] == [1.0, 5.0, None]
    failures = Failures(Limits())
    assert [failures.add(t * NS) for t in (0, 100, 301, 402, 500)] == [1.0, 5.0, 5.0, 5.0, None]
    assert Failures(Limits(failures=1)).add(0) is None


def test_memory_of_a_process() -> None:
    assert (resident_bytes(os.getpid()) or 0) > 1 << 20
    assert resident_bytes(1 << 22) is None
