"""What the rolling state let go of, in memory: bounded, and to be searched."""

from __future__ import annotations

import pytest

from streams.archive import Archive
from streams.types import NS, Percept


def said(n: int, source: str, text: str) -> Percept:
    return Percept(f"{source}/s{n}", "speech", source, n * NS, n * NS, text)


def test_the_archive_is_bounded_and_can_be_searched() -> None:
    archive = Archive(entries=100, chars=2000)
    for n in range(500):
        archive.put(said(n, "ab"[n % 2], f"the box {n} is Red"))
        assert len(archive) <= 100 and archive.chars <= 2000
    assert [p.id for p in archive.search(["red", "box 499"])] == ["b/s499"]
    assert {p.source for p in archive.search(source="a")} == {"a"}
    assert [p.t0_ns // NS for p in archive.search(t0_ns=490 * NS, t1_ns=492 * NS)] == [490, 491, 492]
    assert len(archive.search(limit=7)) == 7 and archive.search(["blue"]) == []
    with pytest.raises(ValueError, match="at least one"):
        Archive(0)
