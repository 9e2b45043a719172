"""`heed bench station`: its judgements on made times, its table; the cameras themselves are in `cameras/`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from agent.bench.perception_score import passages
from agent.bench.station import BUSY, HELD_BACK_S, Load, Told, Watcher, _entries, _result
from streams.types import Health, ns


def test_an_entry_is_matched_with_what_was_told_of_it(media: Path, manifest: dict[str, dict[str, Any]]) -> None:
    """Two rounds of a recording that began at 100 s; what is told of another camera does not count."""
    item = manifest[f"video/{BUSY[1]}"]
    entries = [p.t_s for p in passages(item) or [] if p.enters]
    times = [100 + turn * item["duration_s"] + t for turn in (0, 1) for t in entries]
    told = [Told("cam", "a car enters from the top", ns(t + 1), ns(t + 1.25)) for t in times[1:]]
    noise = [Told("other", "a car enters from the top", ns(times[0]), ns(times[0]))]
    health = [Health("camera:cam", "ok", "it runs", ns(100 + HELD_BACK_S))]
    names = {"cam": "busy1", "still": "quiet", "gone": "busy0"}
    count, delays = _entries(names, Watcher([*noise, *told], health), (ns(100), ns(100 + 2 * 31 + 6)), media)
    assert count == len(times) and len(delays) <= count
    assert len(delays) >= count - 2
    assert all(0.2 <= delay <= 1.3 for delay in delays)


def test_the_table_says_whether_it_keeps_up() -> None:
    loads = [Load(8, 0, 8, 0.3, 0, [], [], 0), Load(8, 2, 8, 0.6, 3, [0.5, 1.0, 1.5], [0.1, 0.2], 1)]
    result = _result(loads, 0.1, [1.0, 2.0, 4.5])
    assert [row[-1] for row in result.rows] == ["-", "yes"]
    assert result.figures["quiet_share"] == [0.025] and result.figures["recovery_max_s"] == 4.5
    assert "2.50 % of a core" in " ".join(result.notes)
    late = _result([Load(32, 2, 30, 1.9, 4, [1.0, 9.0], [], 5)], 0.1, [])
    assert late.rows[0][-1] == "no" and late.figures["recovery_max_s"] is None
    json.dumps(late.figures)
