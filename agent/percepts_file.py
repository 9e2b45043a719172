"""Reads a file of percepts, one JSON object a line: the state behind `heed ask`. Strict and size-capped."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from agent.jsonl import loads, percept_from
from streams import wording
from streams.errors import MediaError
from streams.types import Percept

MAX_FILE_BYTES = 64 * 1024 * 1024
MAX_PERCEPTS = 200_000

UNIX_S = range(10**9, 5 * 10**9)
"""Seconds that are taken for Unix time (2001 to 2128), as other programs write it: no stream runs for thirty years."""


@dataclass(frozen=True, slots=True)
class PerceptsFile:
    """What a file held: percepts in order of time, and the wall-clock time of stream time zero (None: no date)."""

    percepts: tuple[Percept, ...]
    wall_start: datetime | None

    def time_ns(self, text: str) -> int:
        """Stream time of `--now`: seconds, or where the file has wall-clock times ISO 8601 or Unix time.

        Raises:
            MediaError: neither.
        """
        value: Any = text
        with contextlib.suppress(ValueError):
            value = float(text)
        try:
            return _dated(_on_the_wall({"text": "now", "t0": value}), 0, self.wall_start).t0_ns
        except MediaError as error:
            raise MediaError(
                f"--now is neither seconds nor an ISO 8601 or Unix time of the file's days: {text!r}"
            ) from error


def read_percepts(path: Path) -> PerceptsFile:
    """Percepts of a file; lines of other types (transcripts, replies) are passed over.

    Raises:
        MediaError: unreadable, empty, too large, or a line that is wrong (named by its number).
    """
    lines = [(number, value) for number, value in _objects(path) if value.get("type", "percept") == "percept"]
    if not lines:
        raise MediaError(f"{path} holds no percepts")
    if len(lines) > MAX_PERCEPTS:
        raise MediaError(f"{path} holds {len(lines)} percepts, more than {MAX_PERCEPTS}")
    start = _wall_start([value for _, value in lines])
    percepts: list[Percept] = []
    seen: set[str] = set()
    for number, value in lines:
        try:
            percept = _dated(value, number, start)
        except MediaError as error:
            raise MediaError(f"{path}: {error}") from error
        if percept.id in seen:
            percept = replace(percept, id=f"{percept.id}#{number}")
        seen.add(percept.id)
        percepts.append(percept)
    return PerceptsFile(tuple(sorted(percepts, key=lambda p: p.t0_ns)), start)


def _dated(value: dict[str, Any], number: int, start: datetime | None) -> Percept:
    """A percept whose times can be told as a date."""
    percept = percept_from(value, number, start)
    try:
        for t_ns in (percept.t0_ns, percept.t1_ns):
            wording.clock(t_ns, start)
    except OverflowError as error:
        raise MediaError(f"line {number}: the time is beyond the calendar") from error
    return percept


def _objects(path: Path) -> list[tuple[int, dict[str, Any]]]:
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_FILE_BYTES + 1)  # a device or a pipe does not tell its size
    except OSError as error:
        raise MediaError(f"cannot read {path}: {error.strerror or error}") from error
    if len(raw) > MAX_FILE_BYTES:
        raise MediaError(f"{path} has more than {MAX_FILE_BYTES // 2**20} MiB: that is no state file")
    out = []
    for number, line in enumerate(raw.splitlines(), 1):
        if not line.strip():
            continue
        try:
            out.append((number, _on_the_wall(loads(line))))
        except MediaError as error:
            raise MediaError(f"{path}: line {number}: {error}") from error
    return out


def _on_the_wall(value: dict[str, Any]) -> dict[str, Any]:
    """A line with the local date in the place of each Unix time."""
    dated = {}
    for field in ("t", "t0", "t1"):
        seconds = value.get(field)
        if isinstance(seconds, int | float) and UNIX_S.start <= seconds < UNIX_S.stop:
            dated[field] = datetime.fromtimestamp(seconds).astimezone().isoformat()
    return {**value, **dated}


def _wall_start(values: Sequence[dict[str, Any]]) -> datetime | None:
    """The earliest wall-clock time in the file becomes stream time zero."""
    times = []
    for value in values:
        when = value.get("t0", value.get("t"))
        if isinstance(when, str):
            try:
                times.append(datetime.fromisoformat(when))
            except ValueError:
                continue  # reported with its line number when the percept is built
    if not times:
        return None
    zone = next((t.tzinfo for t in times if t.tzinfo is not None), None)
    return min(t if t.tzinfo is not None else t.replace(tzinfo=zone) for t in times)
