"""Percepts as text, for models that read them in their prompt."""

from __future__ import annotations

import threading
from collections import OrderedDict

SYSTEM = (
    "You watch cameras and listen to microphones. This is what was observed, with the time of each:\n{lines}\n"
    "Answer the question in one short sentence from what was observed, with the time. "
    "If it was not observed, say that you do not know."
)


class Lines:
    """Percepts as text, the newest that fit into a budget of tokens (three characters count as one)."""

    def __init__(self, tokens: int) -> None:
        self._chars = 3 * tokens
        self._lock = threading.Lock()
        self._held: OrderedDict[str, tuple[str, bool]] = OrderedDict()

    def add(self, percept_id: str, line: str, pinned: bool) -> list[str]:
        """Keep a line; the oldest that are not pinned give way, and are returned."""
        gone: list[str] = []
        with self._lock:
            self._held.pop(percept_id, None)
            self._held[percept_id] = (" ".join(line.split())[:480], pinned)
            while sum(len(text) for text, _ in self._held.values()) > self._chars and len(self._held) > 1:
                loose = next((name for name, (_, pin) in self._held.items() if not pin), next(iter(self._held)))
                del self._held[loose]
                gone.append(loose)
        return gone

    def forget(self, percept_id: str) -> None:
        """Drop a line, if it is held."""
        with self._lock:
            self._held.pop(percept_id, None)

    def system(self) -> str:
        """The system turn that tells all that is held; empty when nothing is."""
        with self._lock:
            lines = [text for text, _ in self._held.values()]
        return SYSTEM.format(lines="\n".join(lines)) if lines else ""

    def __len__(self) -> int:
        return len(self._held)
