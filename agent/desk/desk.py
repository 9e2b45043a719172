"""The desk of one agent: asks the archive on threads of its own, and has the plugin alerts learn."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from agent.access.audit import Audit
from agent.access.roles import Who
from agent.archive.asked import Filter
from agent.archive.erase import erase
from agent.archive.meaning import Meaning
from agent.archive.records import Moment, wall_ns
from agent.archive.schema import ArchiveError
from agent.archive.search import Search
from agent.archive.store import Store
from agent.archive.summary import Summary, summarise
from agent.desk.marks import Mark, Marks, Verdict
from agent.desk.pulse import Pulse
from agent.desk.reading import Incident, Reading
from agent.desk.stills import Stills
from agent.live import OnFrame
from agent.switchboard import Switchboard
from plugins.contract import Request
from streams.clock import Clock, wall_at
from streams.errors import HeedError
from streams.types import Observation, VideoFrame

T = TypeVar("T")

MAX_WAITING = 32
"""Questions that may wait for a thread."""
ALERTS = "alerts"
EXPORT_BATCH = 500


class Busy(HeedError):
    """Too many ask at once."""

    code = "busy"


@dataclass(frozen=True, slots=True)
class DeskParts:
    """What a desk is made of."""

    clock: Clock
    board: Switchboard
    """The plugins."""
    audit: Audit
    folder: Path | None
    """Of the archive; None: it is switched off."""
    run: Callable[[], int]
    """The number of this run in the archive; 0 before anything was written."""
    meaning: Callable[[], Meaning | None]
    sources: tuple[str, ...] = ()
    """Names of the configured cameras."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A part of the archive."""

    only: Filter
    words: str = ""
    """All of them must be in the text."""

    @property
    def everything(self) -> bool:
        """Whether nothing was chosen."""
        return not (self.only.spans or self.only.sources or self.only.kinds or self.words)


class Desk:
    """An async context manager. Its methods raise `ArchiveError` where there is no archive, and `Busy`."""

    def __init__(self, parts: DeskParts) -> None:
        self.stills, self.pulse, self.parts = Stills(), Pulse(), parts
        self.watchable: Callable[[], frozenset[str]] = frozenset
        """Whose pictures can be watched live."""
        self.sources: Callable[[], tuple[str, ...]] = lambda: parts.sources
        """Names of the sources that are configured now."""
        self._quick = ThreadPoolExecutor(1, "heed-desk")
        self._slow = ThreadPoolExecutor(1, "heed-desk-search")
        self._waiting = 0
        self._marks: Marks | None = None
        self._reading: Reading | None = None
        self._search: Search | None = None

    async def __aenter__(self) -> Self:
        try:
            if self.parts.folder is not None:
                await self._on(self._quick, self._open)
        except ArchiveError:
            self._close()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await asyncio.get_running_loop().run_in_executor(None, self._close)

    def beside(self, on_frame: OnFrame) -> OnFrame:
        """`on_frame`, and the pictures of now."""

        def both(frame: VideoFrame, observations: Sequence[Observation]) -> None:
            on_frame(frame, observations)
            self.stills.on_frame(frame, observations)

        return both

    def now_ns(self) -> int:
        """Nanoseconds since 1970."""
        start = self.parts.clock.wall_start
        return (wall_ns(start) if start is not None else 0) + self.parts.clock.now_ns()

    def now(self) -> datetime:
        """Local wall-clock time."""
        start = self.parts.clock.wall_start or datetime(1970, 1, 1)
        return wall_at(start, self.parts.clock.now_ns())

    async def read(self, work: Callable[[Reading], T]) -> T:
        """Ask the archive something quick."""

        def asked() -> T:
            if self._reading is None:
                raise ArchiveError("the archive is off: switch it on with [archive] enabled = true")
            return work(self._reading)

        return await self._on(self._quick, asked)

    async def find(self, question: str, only: Filter, limit: int) -> list[Moment]:
        """Moments that a question in plain words means, the best first."""
        return await self._on(self._slow, lambda: self._searching().find(question, self.now(), only, limit))

    async def summary(self, day: date) -> Summary:
        """A day in short."""
        begin = datetime(day.year, day.month, day.day)
        only = Filter(((wall_ns(begin), wall_ns(begin + timedelta(days=1))),))
        return await self._on(self._slow, lambda: summarise(day, self._searching().moments(only)))

    async def acknowledge(self, number: int, by: Who) -> Incident | None:
        """Somebody has seen an incident; returns it as it is then, None: there is none for their eyes."""
        return await self._mark(number, by, lambda marks, mark: marks.acknowledge(mark))

    async def judge(self, number: int, by: Who, verdict: Verdict) -> tuple[Incident, str] | None:
        """Somebody says whether an incident was useful; returns it and what its rule makes of that."""
        found = await self._mark(number, by, lambda marks, mark: marks.judge(mark, verdict))
        if found is None:
            return None
        if found.first.run != self.parts.run():
            return found, "noted; its rule has been started anew since, and does not learn from it"
        try:
            return found, await self.parts.board.command(ALERTS, verdict, {"id": found.first.name})
        except HeedError as error:
            return found, f"noted; its rule does not learn from it: {error}"

    async def rules(self) -> bytes:
        """The rules of alerts, as the plugin tells them in JSON. Raises `HeedError`: it does not run."""
        page = await self.parts.board.page(ALERTS, Request("rules.json", {}))
        if page is None:
            raise HeedError("the plugin alerts tells no rules")
        return page[1]

    async def rule(self, command: str, arguments: Mapping[str, str]) -> str:
        """Add, change or remove a rule; returns the plugin's line. Raises `HeedError`: what is wrong with it."""
        return await self.parts.board.command(ALERTS, command, arguments)

    async def count(self, chosen: Chosen) -> int:
        """How much a part of the archive holds."""
        return await self._on(self._slow, lambda: sum(1 for _ in self._moments(chosen)))

    async def delete(self, chosen: Chosen, expected: int) -> int:
        """Delete a part of the archive, if it holds as much as expected; returns how many went.

        Raises:
            HeedError: it holds another number now.
        """
        return await self._on(self._slow, lambda: self._delete(chosen, expected))

    async def export(self, chosen: Chosen) -> AsyncIterator[list[Moment]]:
        """A part of the archive, some moments at a time."""
        moments = await self._on(self._slow, lambda: iter(self._moments(chosen)))
        while batch := await self._on(self._slow, lambda: list(itertools.islice(moments, EXPORT_BATCH))):
            yield batch

    async def audited(self, limit: int) -> list[dict[str, Any]]:
        """What people did last, the newest first."""
        return await self._on(self._slow, lambda: self.parts.audit.last(limit))

    async def _mark(self, number: int, by: Who, work: Callable[[Marks, Mark], None]) -> Incident | None:
        now_ns = self.now_ns()

        def marked(reading: Reading) -> Incident | None:
            found = reading.incident(number, by.cameras)
            if found is None or self._marks is None:
                return None
            work(self._marks, Mark(found.first.run, found.first.name, by.name, now_ns))
            return reading.incident(number)

        return await self.read(marked)

    def _searching(self) -> Search:
        if self.parts.folder is None:
            raise ArchiveError("the archive is off: switch it on with [archive] enabled = true")
        if self._search is None:
            self._search = Search(self.parts.folder, self.parts.meaning())
        return self._search

    def _moments(self, chosen: Chosen) -> Iterator[Moment]:
        return self._searching().moments(chosen.only, chosen.words)

    def _delete(self, chosen: Chosen, expected: int) -> int:
        ids = [one.id for one in self._moments(chosen)]
        if len(ids) != expected:
            raise HeedError(f"it holds {len(ids)} events now, not {expected}: look again before you delete")
        assert self.parts.folder is not None
        with Store(self.parts.folder, 0) as store:
            return erase(store, chosen.only, ids)

    def _open(self) -> None:
        assert self.parts.folder is not None
        self._marks = Marks(self.parts.folder)
        self._reading = Reading(self.parts.folder)

    def _close(self) -> None:
        for thread in (self._quick, self._slow):
            thread.shutdown(cancel_futures=True)
        for held in (self._marks, self._reading, self._search):
            if held is not None:
                held.close()

    async def _on(self, thread: Executor, work: Callable[[], T]) -> T:
        if self._waiting >= MAX_WAITING:
            raise Busy("too many ask at once; try again in a moment")
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(thread, work)
        finally:
            self._waiting -= 1
