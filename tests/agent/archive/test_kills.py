"""Kill -9 of what a running agent writes with, under load: see `agent.bench.archive_kills`."""

from __future__ import annotations

from pathlib import Path

from agent.bench.archive_kills import kill_often

KILLS, SEED = 10, 11
"""`heed bench archive --kills 100` does it a hundred times."""


def test_ten_kills_under_load_lose_nothing_that_was_committed(tmp_path: Path) -> None:
    done = kill_often(tmp_path / "archive", KILLS, SEED)
    assert done.kills == KILLS and done.promised > 0
    assert done.missing == 0 and done.doubled == 0 and done.sound
    assert len(done.opened_s) > 1, "it was opened again after a kill"
