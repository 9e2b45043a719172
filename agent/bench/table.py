"""What a measurement returns, and how it is shown: a table for people, then one line of JSON for machines."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True, slots=True)
class BenchResult:
    """A measurement: `rows` under `columns` for the eye, `figures` (plain JSON values) for the last line."""

    name: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    figures: dict[str, Any]
    notes: list[str] = field(default_factory=list)


def show(result: BenchResult, console: Console | None = None) -> None:
    """Print the table, the notes, and the JSON line last."""
    console = console or Console()
    table = Table(*result.columns, title=f"heed bench {result.name}", title_justify="left")
    for row in result.rows:
        table.add_row(*row)
    console.print(table)
    for note in result.notes:
        console.print(note)
    print(json.dumps({"bench": result.name, **result.figures}), flush=True)
