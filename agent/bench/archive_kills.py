"""Kills a process that writes an archive as an agent does, at random instants, and looks what is lost.

The process (`python -m agent.bench.archive_kills FOLDER FIRST`) offers events, pictures, alerts and clips to a `Keeper`
as fast as it writes them, and prints how far it has got whenever a commit has returned.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from agent.archive.asked import Filter
from agent.archive.keeper import Keeper, KeeperOptions
from agent.archive.pictures import Limits
from agent.archive.records import Clip, wall_ns
from agent.archive.schema import ArchiveError
from agent.archive.search import Search
from agent.archive.store import Store
from dialog.events import Alert, Perceived
from streams.clock import MonotonicClock, Stopwatch
from streams.types import Percept

BURST = 40
"""Events between two waits for the disk."""
EARLY = 0.2
"""This share of the kills comes while the process starts, opens the archive and mends it."""
STARTS_S = 3.0
WAIT_S = 60.0


@dataclass(frozen=True, slots=True)
class Killed:
    """What so many kills did."""

    kills: int
    promised: int
    """Events whose commit had returned."""
    missing: int
    """Of these; 0 is the promise."""
    doubled: int
    sound: bool
    """SQLite's own checks of the file and of the index of words, and every picture that is named is there."""
    opened_s: Sequence[float]
    """How long the starts after a kill took to open the archive."""


def kill_often(folder: Path, kills: int, seed: int) -> Killed:
    """Kill and start again so often, over one archive; at instants that `seed` and the machine's pace choose."""
    rng, promised, opened = random.Random(seed), 0, list[float]()
    first = 1
    for _ in range(kills):
        lines = 0 if rng.random() < EARLY else rng.randint(1, 8)
        reached = _one_life(folder, first, lines, rng.uniform(0, STARTS_S if lines == 0 else 0.05), opened)
        promised = max(promised, reached)
        first = max(promised, _newest(folder)) + 1
    watch = Stopwatch()
    with Store(folder, 0) as store:
        opened.append(watch.elapsed_s())
        store.pictures.remove_strays()
        checks = [store.db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"]
        store.db.execute("INSERT INTO words(words, rank) VALUES('integrity-check', 1)")
        names = [int(name.rpartition("/")[2]) for (name,) in store.db.execute("SELECT name FROM events")]
        paths = [str(row[0]) for row in store.db.execute("SELECT path FROM pictures")]
    known = set(names)
    checks += [(folder / path).is_file() for path in paths]
    checks.append(sum(1 for f in folder.rglob("*") if f.suffix in (".jpg", ".mp4")) == len(paths))
    # Numbers that no process ever offered lie between two lives; what was promised is told by the processes.
    missing = sum(1 for n in _promised(folder) if n not in known)
    return Killed(kills, promised, missing, len(names) - len(known), all(checks), opened)


def _one_life(folder: Path, first: int, lines: int, wait_s: float, opened: list[float]) -> int:
    """Start, wait for so many commits and so long, kill; returns how far it said to have got."""
    command = [sys.executable, "-m", "agent.bench.archive_kills", str(folder), str(first)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    heard: list[str] = []
    try:
        while len(heard) < lines and (line := process.stdout.readline()):
            heard.append(line)
        time.sleep(wait_s)
    finally:
        process.kill()
    heard += process.stdout.read().splitlines(keepends=True)
    process.wait(WAIT_S)
    reached = 0
    with (folder.parent / f"{folder.name}.promised").open("a") as told:
        for kind, number in (line.split() for line in heard if line.endswith("\n")):
            if kind == "opened":
                opened.append(float(number))
            else:
                reached = int(number)
        if reached:
            told.write(f"{first} {reached}\n")
    return reached


def _promised(folder: Path) -> list[int]:
    file = folder.parent / f"{folder.name}.promised"
    spans = [line.split() for line in file.read_text().splitlines()] if file.exists() else []
    return [n for begin, end in spans for n in range(int(begin), int(end) + 1)]


def _newest(folder: Path) -> int:
    with contextlib.suppress(ArchiveError), Search(folder) as search:  # the first may be killed before there is one
        return max((int(m.name.rpartition("/")[2]) for m in search.moments(Filter())), default=0)
    return 0


async def _write(folder: Path, first: int) -> None:
    watch, clock = Stopwatch(), MonotonicClock()
    options = KeeperOptions(folder, Limits(min_free_mb=0, clips_mb=1))
    async with Keeper(
        options, clock, lambda event: None, lambda name: b"\xff\xd8 picture of " + name.encode()
    ) as keeper:
        print(f"opened {watch.elapsed_s():.4f}", flush=True)
        number = first
        while True:
            for n in range(number, number + BURST):
                t_ns = clock.now_ns()
                if n % 10 == 9:
                    keeper.write(Alert(t_ns, f"a/{n}", "rule", "alarm", "new", f"alert {n}", (f"door/{n - 1}",)))
                else:
                    keeper.write(
                        Perceived(t_ns, Percept(f"door/{n}", "object", "door", t_ns, t_ns, f"thing {n % 500}"))
                    )
            number += BURST
            await keeper.flush()
            last = number - 1
            print(f"reached {last}", flush=True)
            start = wall_ns(clock.wall_start) if clock.wall_start is not None else 0
            await keeper.keep_clip(Clip("door", (f"a/{last - (last - 9) % 10}",), start, start, b"f" * 20_000))


if __name__ == "__main__":
    asyncio.run(_write(Path(sys.argv[1]), int(sys.argv[2])))
