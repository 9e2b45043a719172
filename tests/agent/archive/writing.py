"""A process that writes an archive until it is killed: prints the number of each batch once it is committed."""

from __future__ import annotations

import sys
from pathlib import Path

from agent.archive.records import Record
from agent.archive.store import Store


def main(folder: Path, first: int) -> None:
    with Store(folder, first) as store:
        for n in range(first, first + 100_000):
            records = [
                Record("object", f"camera{i}", n * 1000 + i, n * 1000 + i, f"thing {n} {i} passes", f"{n}/{i}",
                       picture=b"\xff\xd8 picture" if i == 0 and n % 5 == 0 else None)
                for i in range(1 + n % 7)
            ]  # fmt: skip
            store.add(records)
            print(n, flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
