"""Brings back what the rolling state no longer holds, before a question is answered: the archive's best moments, each a
percept at its own time, for the language model to read and cite."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from agent.archive.asked import Filter, ask
from agent.archive.meaning import Meaning
from agent.archive.records import Moment, wall_ns
from agent.archive.schema import ArchiveError
from agent.archive.search import Search
from dialog.mind import Mind
from streams import wording
from streams.clock import Clock
from streams.types import Percept

MAX_RECALLED = 6
KINDS = ("speech", "text", "scene", "object", "count", "face", "sign", "motion", "light", "sound", "alert")
"""What is recalled: percepts, as the model was taught to read them, and alerts."""


@dataclass(frozen=True, slots=True)
class Recalled:
    """A moment that is brought back."""

    percept_id: str
    line: str
    t_ns: int
    """Stream time; before zero where it was perceived before this run."""


class Recall:
    """Brings moments of the archive into the mind of one agent. Blocking; for the mind's thread alone."""

    def __init__(self, folder: Path, clock: Clock, mind: Mind, meaning: Callable[[], Meaning | None]) -> None:
        """
        Args:
            folder: of the archive.
            clock: the agent's, with a date.
            mind: what is to remember.
            meaning: makes what the archive's bits were made with.
        """
        self.holds: Callable[[str], bool] = lambda percept_id: False
        """Whether the rolling state holds a percept of this run."""
        self._folder, self._clock, self._mind, self._make = folder, clock, mind, meaning
        self._search: Search | None = None
        self._brought: set[str] = set()

    def __call__(self, question: str, now_ns: int) -> None:
        """Let the mind remember what a question asked at stream time `now_ns` needs, and forget what was brought
        back for the one before. Where the archive cannot be read, the question is answered from the state."""
        found = {one.percept_id: one for one in self.find(question, now_ns)}
        for name in self._brought - set(found):
            self._mind.forget(name)
        fresh = [(one.percept_id, one.line, one.t_ns) for one in found.values() if one.percept_id not in self._brought]
        if fresh:
            self._mind.remember_many(fresh)
        self._brought = set(found)

    def find(self, question: str, now_ns: int) -> list[Recalled]:
        """What would be brought back, the best first."""
        start = self._clock.wall_start
        if start is None:
            return []
        try:
            if self._search is None:
                self._search = Search(self._folder, self._make())
            return self._fitting(self._search, question, start, now_ns)
        except ArchiveError:
            return []

    def close(self) -> None:
        """Let go of the file."""
        if self._search is not None:
            self._search.close()

    def _fitting(self, search: Search, question: str, start: datetime, now_ns: int) -> list[Recalled]:
        now = start + timedelta(microseconds=now_ns // 1000)
        asked = ask(question, now, search.sources())
        if not asked.terms and not asked.only.spans:
            return []
        start_ns, run = wall_ns(start), search.newest_run()
        out: list[Recalled] = []
        for one in search.find(question, now, Filter(kinds=KINDS), 4 * MAX_RECALLED):
            ours = one.run == run and one.t0_ns >= start_ns
            if ours and self.holds(one.name):
                continue
            t_ns = one.t0_ns - start_ns
            name = one.name if ours and one.name else f"{one.source}/archive{one.id}"
            out.append(Recalled(name, _line(one, t_ns, start), t_ns))
            if len(out) == MAX_RECALLED:
                break
        return out


def _line(found: Moment, t_ns: int, start: datetime) -> str:
    return wording.line(Percept(found.name, "text", found.source, t_ns, t_ns, found.text), start)
