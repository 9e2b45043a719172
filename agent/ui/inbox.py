"""The one hop between an agent and the screen: bounded, coalescing, and safe to fill from another thread.

What a person must read (questions, replies, transcripts, alerts) is kept; what only the newest value of counts
(partial text, turns, health) is replaced; percepts keep their newest. Events are in the form of `agent.jsonl.to_dict`.
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Hashable, Mapping
from typing import Any

EventLine = Mapping[str, Any]

MAX_PERCEPTS = 200
MAX_LINES = 5000
"""Lines of a conversation that may wait; the screen takes them many times a second, so this is never reached alive."""
MAX_LATEST = 512
"""Sources and components of which a newest value is kept."""
MAX_DELTA_CHARS = 16_000


class Inbox:
    """Filled by `offer`, emptied by `take`."""

    def __init__(self, wake: Callable[[], object] = lambda: None) -> None:
        """Args: wake: called, from whichever thread offers, when the inbox is no longer empty."""
        self._wake = wake
        self._lock = threading.Lock()
        self._waiting: dict[Hashable, EventLine] = {}
        self._numbers = itertools.count()
        self._count = {"percept": 0, "line": 0, "latest": 0}
        self._dropped = 0

    def wakes(self, wake: Callable[[], object]) -> None:
        """Call `wake` from now on, and at once if something waits already."""
        self._wake = wake
        if self._waiting:
            wake()

    def offer(self, event: EventLine) -> None:
        """Add an event; never waits."""
        with self._lock:
            was_empty = not self._waiting
            self._add(event)
        if was_empty:
            self._wake()

    def take(self) -> tuple[list[EventLine], int]:
        """Everything that waits, in order, and how many percepts were left out since the last time."""
        with self._lock:
            out, dropped = list(self._waiting.values()), self._dropped
            self._waiting, self._dropped = {}, 0
            self._count = dict.fromkeys(self._count, 0)
        return out, dropped

    def _add(self, event: EventLine) -> None:
        kind = event.get("type")
        if kind in ("partial", "turn", "health", "status", "level"):
            name = event.get("component") if kind == "health" else event.get("source")
            self._replace((kind, str(name)), event)
        elif kind == "reply_delta":
            key = (kind, str(event.get("source")), str(event.get("generation")))
            before = self._waiting.get(key)
            text = ("" if before is None else str(before.get("text", ""))) + str(event.get("text", ""))
            self._replace(key, {**event, "text": text[:MAX_DELTA_CHARS]}, moves=False)
        elif kind == "percept":
            self._append("percept", event, MAX_PERCEPTS)
        else:
            self._append("line", event, MAX_LINES)

    def _replace(self, key: Hashable, event: EventLine, moves: bool = True) -> None:
        if key in self._waiting:
            if moves:  # what is newest of it comes after what was said before it
                del self._waiting[key]
        elif self._count["latest"] >= MAX_LATEST:
            self._dropped += 1
            return
        else:
            self._count["latest"] += 1
        self._waiting[key] = event

    def _append(self, group: str, event: EventLine, most: int) -> None:
        if self._count[group] >= most:
            oldest = next(key for key in self._waiting if isinstance(key, tuple) and key[0] == group)
            del self._waiting[oldest]
            self._dropped += 1
        else:
            self._count[group] += 1
        self._waiting[(group, next(self._numbers))] = event
