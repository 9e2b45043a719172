"""Brings back what the rolling state no longer holds, before a question is answered: the archive's best moments, each a
percept at its own time, for the language model to read and cite.

A question about an earlier day alone ("who came yesterday?") is asked of a memory that holds nothing but what the
archive has of that time, and without the words about time: these have done their work, and a small model is led astray
by them. So is one without a time, where the archive has what it asks for and the state does not. Of what was found,
only what fits nearly as well as the best is brought back: the rest distracts. `retold` has what becomes of answers."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path

from agent.archive.asked import Asked, Filter, ask
from agent.archive.fit import Fit
from agent.archive.meaning import Meaning
from agent.archive.records import Moment, wall_ns
from agent.archive.retold import Offer, Retold, quoted, time_said
from agent.archive.schema import ArchiveError
from agent.archive.search import SAME_NS, Search
from dialog.mind import Mind, Recollection, Thought
from streams import wording
from streams.clock import Clock, wall_at
from streams.types import Percept

MAX_RECALLED = 6
EARLIER_TOKENS = 1024
"""State tokens of a memory of earlier days."""
MINDS = 3
"""Memories of earlier days, used in turn: so many questions may be answered at once."""
KINDS = ("speech", "text", "scene", "object", "count", "face", "sign", "motion", "light", "sound", "alert")
"""What is recalled: percepts, as the model was taught to read them, and alerts."""


_KEPT = 0.7
"""A moment that holds less than this share of what the best one holds of a question only distracts."""
_SOME = 0.45
"""From such a share on a moment is what is asked for, or may be told as what comes nearest."""
_NOW = re.compile(r"\b(now|currently|at the moment|just|still)\b|^\W*(is|are|am)\b", re.I)
"""Of what is now, the archive knows nothing."""
_WHEN = re.compile(r"^\W*(since when|when|at what time|what time) (is|was|were|did|has|have)\b", re.I)
"""Asks when something was."""


@dataclass(frozen=True, slots=True)
class Recalled:
    """A moment that is brought back."""

    percept_id: str
    line: str
    t_ns: int
    """Stream time; before zero where it was perceived before this run."""
    at: datetime
    """Local time."""
    place: str
    text: str
    fit: Fit


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

    def __call__(self, question: str, now_ns: int) -> Recollection:
        """Let the mind remember what a question asked at stream time `now_ns` needs, and forget what was brought
        back for the one before. Where the archive cannot be read, the question is answered from the state.

        A question about earlier days alone is for another mind."""
        asked = self._about_earlier(question, now_ns)
        whole = self.find(question, now_ns, whole=True)
        if asked is not None:
            mind, said = self._of_earlier(whole), _without_time(asked, question)
            return Recollection(mind, said, self._telling(question, whole, now_ns))
        timeless = not _NOW.search(question)
        strong = [one for one in whole if one.fit.rare and one.fit.share >= _SOME]
        if self._fork is not None and timeless and strong and not any(self.holds(one.percept_id) for one in strong):
            # What the state holds would only distract.
            return Recollection(self._of_earlier(whole), question, self._telling(question, whole, now_ns))
        found = [one for one in whole if not self.holds(one.percept_id)]
        names = {one.percept_id for one in found}
        for name in self._brought - names:
            self._mind.forget(name)
        fresh = [(one.percept_id, one.line, one.t_ns) for one in found if one.percept_id not in self._brought]
        if fresh:
            self._mind.remember_many(fresh)
        self._brought = names
        return Recollection(told=self._telling(question, found if timeless else (), now_ns))

    def _telling(self, question: str, found: Sequence[Recalled], now_ns: int) -> Callable[[Thought], Thought]:
        """What becomes of an answer that was given with these at hand."""
        start = self._clock.wall_start
        if start is None or not found:
            return lambda thought: thought
        now = wall_at(start, now_ns)
        dates: dict[str, str] = {}
        times: dict[str, str] = {}
        for one in found:
            said = times[one.percept_id] = time_said(one.at, now)
            clock = wording.clock(one.t_ns, start)
            if " " in clock:  # else of the day on which the stream began
                dates[clock] = said if dates.get(clock, said) == said else clock
        best, offer = _nearest(found), None
        if best is not None:
            words = quoted(best.at, now, best.place, best.text)
            offer = Offer(best.percept_id, words, f"{best.place}: {best.text}")
        return lambda thought: Retold(thought, dates, offer, times if _WHEN.search(question) else {})

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
        now = wall_at(start, now_ns)
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
        now = wall_at(start, now_ns)
        asked = ask(question, now, search.sources())
        if not asked.terms and not asked.only.spans:
            return []
        start_ns, run = wall_ns(start), search.newest_run()
        moments = search.find(question, now, Filter(kinds=KINDS), 4 * MAX_RECALLED)
        if "alert" not in asked.likely_kinds:
            moments = [m for m in moments if m.kind != "alert" or not _said_again(m, moments)]
        fits = search.fits(question, now, moments)
        least = _KEPT * max((fit.share for fit in fits), default=0.0)
        out: list[Recalled] = []
        for one, fit in zip(moments, fits, strict=True):
            ours = one.run == run and one.t0_ns >= start_ns
            if (fit.share < least and one is not moments[0]) or (ours and not whole and self.holds(one.name)):
                continue
            t_ns = one.t0_ns - start_ns
            name = one.name if ours and one.name else f"{one.source}/archive{one.id}"
            at, place = wall_at(start, t_ns), wording.place(one.source)
            out.append(Recalled(name, _line(one, t_ns, start), t_ns, at, place, one.text, fit))
            if len(out) == MAX_RECALLED:
                break
        return out


def _nearest(found: Sequence[Recalled]) -> Recalled | None:
    """What may be told where the model finds nothing: it holds much of what is asked for, or stands out in meaning."""
    best = max(found, key=lambda one: one.fit.share)
    if best.fit.rare and best.fit.share >= _SOME:
        return best
    return next((one for one in found if one.fit.stands_out), None)


def _without_time(asked: Asked, question: str) -> str:
    """The question as somebody asks it who means just now; as it was where nothing else was said."""
    if not asked.terms:
        return question
    plain = re.sub(r"\s+([?.,!])", r"\1", " ".join(asked.text.split()))
    return f"{plain.rstrip(' ,.')}?" if plain and plain[-1] not in "?.!" else plain


def _said_again(alert: Moment, moments: Sequence[Moment]) -> bool:
    """Whether a percept says what an alert says, in words that the model was taught."""
    return any(
        m.kind != "alert" and m.source == alert.source and abs(m.t0_ns - alert.t0_ns) <= SAME_NS for m in moments
    )


def _line(found: Moment, t_ns: int, start: datetime) -> str:
    return wording.line(Percept(found.name, "text", found.source, t_ns, t_ns, found.text), start)
