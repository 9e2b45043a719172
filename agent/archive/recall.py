"""Brings back what the rolling state no longer holds, before a question is answered: the archive's best moments, each a
percept at its own time, for the language model to read and cite.

A question about an earlier day alone ("who came yesterday?") is asked of a memory that holds nothing but what the
archive has of that time, and without the words about time: these have done their work, and a small model is led astray
by them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path

from agent.archive.asked import Asked, Filter, ask
from agent.archive.meaning import Meaning
from agent.archive.records import Moment, wall_ns
from agent.archive.schema import ArchiveError
from agent.archive.search import Search
from dialog.mind import Mind
from streams import wording
from streams.clock import Clock
from streams.types import Percept

MAX_RECALLED = 6
EARLIER_TOKENS = 1024
"""State tokens of a memory of earlier days."""
MINDS = 3
"""Memories of earlier days, used in turn: so many questions may be answered at once."""
KINDS = ("speech", "text", "scene", "object", "count", "face", "sign", "motion", "light", "sound", "alert")
"""What is recalled: percepts, as the model was taught to read them, and alerts."""


@dataclass(frozen=True, slots=True)
class Recalled:
    """A moment that is brought back."""

    percept_id: str
    line: str
    t_ns: int
    """Stream time; before zero where it was perceived before this run."""


@dataclass(frozen=True, slots=True)
class _Earlier:
    """A memory of earlier days, and what it holds."""

    mind: Mind
    held: tuple[str, ...]


class Recall:
    """Brings moments of the archive into the mind of one agent. Blocking; for the mind's thread alone."""

    def __init__(
        self,
        folder: Path,
        clock: Clock,
        mind: Mind,
        meaning: Callable[[], Meaning | None],
        fork: Callable[[int], Mind] | None = None,
    ) -> None:
        """
        Args:
            folder: of the archive.
            clock: the agent's, with a date.
            mind: what is to remember.
            meaning: makes what the archive's bits were made with.
            fork: makes a mind with an empty memory of so many tokens, for questions about earlier days alone; None: all
                are put to `mind`.
        """
        self.holds: Callable[[str], bool] = lambda percept_id: False
        """Whether the rolling state holds a percept of this run."""
        self._folder, self._clock, self._mind, self._make = folder, clock, mind, meaning
        self._fork, self._earlier = fork, list[_Earlier]()
        self._search: Search | None = None
        self._brought: set[str] = set()

    def __call__(self, question: str, now_ns: int) -> tuple[Mind, str] | None:
        """Let the mind remember what a question asked at stream time `now_ns` needs, and forget what was brought
        back for the one before. Where the archive cannot be read, the question is answered from the state.

        Returns another mind to ask, and what to ask it, for a question about earlier days alone."""
        if (asked := self._about_earlier(question, now_ns)) is not None:
            return self._of_earlier(self.find(question, now_ns, whole=True)), _without_time(asked, question)
        found = {one.percept_id: one for one in self.find(question, now_ns)}
        for name in self._brought - set(found):
            self._mind.forget(name)
        fresh = [(one.percept_id, one.line, one.t_ns) for one in found.values() if one.percept_id not in self._brought]
        if fresh:
            self._mind.remember_many(fresh)
        self._brought = set(found)
        return None

    def warm(self) -> None:
        """Open the archive and make ready what the first question needs, so that it need not wait."""
        self.find("is anything there yesterday", 0)

    def find(self, question: str, now_ns: int, whole: bool = False) -> list[Recalled]:
        """What would be brought back, the best first; `whole`: with what the rolling state holds."""
        start = self._clock.wall_start
        if start is None:
            return []
        try:
            if self._search is None:
                self._search = Search(self._folder, self._make())
            return self._fitting(self._search, question, start, now_ns, whole)
        except ArchiveError:
            return []

    def close(self) -> None:
        """Let go of the file."""
        if self._search is not None:
            self._search.close()

    def _about_earlier(self, question: str, now_ns: int) -> Asked | None:
        """The question taken apart, where it is about time before today, or before this run, alone."""
        start = self._clock.wall_start
        if self._fork is None or start is None:
            return None
        now = start + timedelta(microseconds=now_ns // 1000)
        asked = ask(question, now, ())
        today_ns = wall_ns(datetime.combine(now.date(), time()))
        earlier = [begin < today_ns or end <= wall_ns(start) for begin, end in asked.only.spans]
        return asked if earlier and all(earlier) else None

    def _of_earlier(self, found: Sequence[Recalled]) -> Mind:
        """A mind that remembers these and nothing else."""
        if len(self._earlier) < MINDS:
            assert self._fork is not None
            self._earlier.append(_Earlier(self._fork(EARLIER_TOKENS), ()))
        else:
            self._earlier.append(self._earlier.pop(0))
        mind = self._earlier[-1].mind
        for name in self._earlier[-1].held:
            mind.forget(name)
        if found:
            mind.remember_many([(one.percept_id, one.line, one.t_ns) for one in found])
        self._earlier[-1] = _Earlier(mind, tuple(one.percept_id for one in found))
        return mind

    def _fitting(self, search: Search, question: str, start: datetime, now_ns: int, whole: bool) -> list[Recalled]:
        now = start + timedelta(microseconds=now_ns // 1000)
        asked = ask(question, now, search.sources())
        if not asked.terms and not asked.only.spans:
            return []
        start_ns, run = wall_ns(start), search.newest_run()
        out: list[Recalled] = []
        moments = search.find(question, now, Filter(kinds=KINDS), 4 * MAX_RECALLED)
        # An alert says again what a percept says, in words that the model was not taught.
        for one in [m for m in moments if m.kind != "alert"] or moments:
            ours = one.run == run and one.t0_ns >= start_ns
            if ours and not whole and self.holds(one.name):
                continue
            t_ns = one.t0_ns - start_ns
            name = one.name if ours and one.name else f"{one.source}/archive{one.id}"
            out.append(Recalled(name, _line(one, t_ns, start), t_ns))
            if len(out) == MAX_RECALLED:
                break
        return out


def _without_time(asked: Asked, question: str) -> str:
    """The question as somebody asks it who means just now; as it was where nothing else was said."""
    if not asked.terms:
        return question
    plain = re.sub(r"\s+([?.,!])", r"\1", " ".join(asked.text.split()))
    return f"{plain.rstrip(' ,.')}?" if plain and plain[-1] not in "?.!" else plain


def _line(found: Moment, t_ns: int, start: datetime) -> str:
    return wording.line(Percept(found.name, "text", found.source, t_ns, t_ns, found.text), start)
