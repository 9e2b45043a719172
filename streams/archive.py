"""What the state has let go of, as text: a bounded log that can be searched. Nothing in it is read by the model."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import replace

from streams.types import Percept


class Archive:
    """The newest percepts that were dropped or merged, in the order in which they went."""

    def __init__(self, entries: int = 20_000, chars: int = 2_000_000) -> None:
        """At most `entries` percepts with `chars` characters of text in all; the oldest go first."""
        if entries < 1 or chars < 1:
            raise ValueError("an archive holds at least one percept")
        self._entries, self._chars = entries, chars
        self._log: deque[Percept] = deque()
        self.chars = 0

    def __len__(self) -> int:
        return len(self._log)

    def put(self, percept: Percept) -> None:
        """Keep a percept's text. Its feature vectors are not kept."""
        self._log.append(percept if percept.features is None else replace(percept, features=None))
        self.chars += len(percept.text)
        while len(self._log) > self._entries or (self.chars > self._chars and len(self._log) > 1):
            self.chars -= len(self._log.popleft().text)

    def search(
        self,
        words: Sequence[str] = (),
        t0_ns: int | None = None,
        t1_ns: int | None = None,
        source: str | None = None,
        limit: int = 100,
    ) -> list[Percept]:
        """Percepts whose text has all `words` (any case), that overlap `t0_ns..t1_ns` and are of `source`.

        What is None does not restrict. The newest `limit` that went, the earliest perceived first. The cost is one
        pass over the log.
        """
        wanted = [word.casefold() for word in words]
        found: list[Percept] = []
        for percept in reversed(self._log):
            if len(found) >= limit:
                break
            if source is not None and percept.source != source:
                continue
            if (t0_ns is not None and percept.t1_ns < t0_ns) or (t1_ns is not None and percept.t0_ns > t1_ns):
                continue
            text = percept.text.casefold()
            if all(word in text for word in wanted):
                found.append(percept)
        return sorted(found, key=lambda p: (p.t0_ns, p.id))
