"""Kill -9 at any instant: what was committed stays, the file is sound, and writing goes on at once."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

from agent.archive.asked import Filter
from agent.archive.search import Search
from agent.archive.store import Store

ROOT = Path(__file__).resolve().parents[3]
KILLS = 30


def test_thirty_kills_lose_nothing_that_was_committed(tmp_path: Path) -> None:
    rng, promised, first = random.Random(7), set[int](), 1
    for _ in range(KILLS):
        lines = rng.randint(1, 30)
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.agent.archive.writing", str(tmp_path), str(first)],
            stdout=subprocess.PIPE, cwd=ROOT, text=True,
        )  # fmt: skip
        assert process.stdout is not None
        for _ in range(lines):
            promised.add(int(process.stdout.readline()))
        for _ in range(rng.randint(0, 20_000)):  # somewhere within the next batch
            pass
        process.kill()
        promised.update(int(line) for line in process.stdout.read().split("\n")[:-1] if line)
        process.wait()
        first = max(promised) + 2
    with Store(tmp_path, 0) as store:
        assert store.db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        store.db.execute("INSERT INTO words(words, rank) VALUES('integrity-check', 1)")
        found: dict[int, int] = {}
        for (name,) in store.db.execute("SELECT name FROM events"):
            n, _, _ = name.partition("/")
            found[int(n)] = found.get(int(n), 0) + 1
        assert promised <= set(found), "something committed is missing"
        assert all(found[n] == 1 + n % 7 for n in found), "a batch was written in part"
        for (path,) in store.db.execute("SELECT path FROM pictures"):
            assert (tmp_path / path).is_file()
        store.pictures.remove_strays()
        known = store.db.execute("SELECT count(*) FROM pictures").fetchone()[0]
    assert len(list(tmp_path.rglob("*.jpg"))) == known
    with Search(tmp_path) as search:
        some = max(promised)
        assert [m.name for m in search.moments(Filter(), f"thing {some} 0 passes")] == [f"{some}/0"]
