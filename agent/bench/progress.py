"""A progress bar on standard error, for measurements that take a while."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn


class Step(Protocol):
    """Called after each piece of work."""

    def __call__(self, line: str = "") -> None:
        """`line`: what came of it, shown above the bar and kept; nothing, if empty."""
        ...


@contextmanager
def counting(name: str, total: int) -> Iterator[Step]:
    """Shows a bar while the body runs; call what it gives after each of `total` pieces of work."""
    columns = (TextColumn("{task.description:16}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(name, total=total)

        def step(line: str = "") -> None:
            if line:
                bar.console.print(line, highlight=False, markup=False, soft_wrap=True)
            bar.advance(task)

        yield step
