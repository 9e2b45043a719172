"""Keeps the archive of a running agent: takes events on the event loop, writes them on a thread of its own.

Offering never waits. What a kill at any instant can cost is what came since the last commit: at most `BATCH_S` of
events, none that an alert followed. What is committed stays, after a power cut too (`agent.archive.schema`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from agent.archive.erase import sweep
from agent.archive.pictures import Limits
from agent.archive.records import Record, record_of, wall_ns
from agent.archive.schema import ArchiveError
from agent.archive.store import Bits, Store
from dialog.events import Event
from streams.channel import Channel
from streams.clock import Clock
from streams.types import NS, Health, HealthState

T = TypeVar("T")

BATCH_S = 0.25
"""An event waits so long at most until it is committed."""
BATCH_SIZE = 512
WAITING = 8192
"""Events that may wait; what comes beyond is lost, counted and said."""
SWEEP_S = 60.0
"""How often what is too old is removed."""
RETRY_S = 2.0
"""How long to wait before writing again what could not be written."""
ROOM_BYTES = 32_000_000
"""How much of pictures is removed when the disk is full, before trying again."""
_COMPONENT = "archive:events"


@dataclass(frozen=True, slots=True)
class KeeperOptions:
    """Where the archive lies and how long things stay."""

    folder: Path
    limits: Limits = Limits()
    bits: Callable[[], Bits | None] = lambda: None
    """Makes what turns texts into bits (`agent.archive.meaning`); called on the archive's thread."""


def no_picture(percept_id: str) -> bytes | None:
    """For agents without pictures."""
    return None


class Keeper:
    """The archive of one agent. `async with` it; its `write` is a tap of the bus."""

    def __init__(
        self,
        options: KeeperOptions,
        clock: Clock,
        publish: Callable[[Event], None],
        picture: Callable[[str], bytes | None] = no_picture,
    ) -> None:
        """
        Args:
            options: where and how long.
            clock: of the agent; it must have a date.
            publish: for `Health` events.
            picture: the JPEG of a percept's moment, by its id.

        Raises:
            ArchiveError: the clock has no date: nobody could say later when anything was.
        """
        if clock.wall_start is None:
            raise ArchiveError("the archive needs a clock with a date")
        self.lost = 0
        """Events that were not written: too many waited, or the disk refused them for too long."""
        self.written = 0
        self._options, self._clock, self._publish, self._picture = options, clock, publish, picture
        self._start_ns = wall_ns(clock.wall_start)
        self._waiting: Channel[Record] = Channel(WAITING, "wait", "archive")
        self._now = asyncio.Event()
        self._settled = asyncio.Event()
        self._settled.set()
        self._thread = ThreadPoolExecutor(1, "archive")
        self._tasks: list[asyncio.Task[None]] = []
        self._store: Store | None = None
        self._state: HealthState = "ok"
        self._pending: list[Record] = []

    @property
    def run(self) -> int:
        """The number of this run in the archive; 0 before anything was written."""
        return 0 if self._store is None else self._store.run

    async def __aenter__(self) -> Self:
        try:
            self._store = await self._work(self._open)
        finally:
            if self._store is None:
                self._thread.shutdown()
        for work, name in ((self._write_all(), "archive"), (self._sweep(), "archive sweep")):
            self._tasks.append(asyncio.create_task(work, name=name))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._waiting.close()
        self._now.set()
        writing, *others = self._tasks
        for task in others:
            task.cancel()
        await asyncio.gather(writing, *others, return_exceptions=True)
        if self._store is not None:
            await self._work(self._store.db.close)
        self._thread.shutdown()

    def write(self, event: Event) -> None:
        """Take an event; never waits. For `Bus.tap`."""
        record = record_of(event, self._start_ns, self._picture)
        if record is None:
            return
        if not self._waiting.offer(record):
            self.lost += 1
            self._tell("failed", f"{self.lost} events could not be written: too many wait")
            return
        self._settled.clear()
        if record.urgent or len(self._waiting) >= BATCH_SIZE:
            self._now.set()

    async def flush(self) -> None:
        """Return once everything taken so far is committed, or lost."""
        self._now.set()
        await self._settled.wait()

    def _open(self) -> Store:
        options = self._options
        store = Store(options.folder, self._start_ns, options.bits())
        now_ns = self._start_ns + self._clock.now_ns()
        store.pictures.remove_strays(now_ns)
        sweep(store, now_ns, options.limits)
        return store

    async def _write_all(self) -> None:
        async for first in self._waiting:
            self._pending.append(first)
            if not first.urgent:
                await self._pause(BATCH_S)
            self._now.clear()
            while len(self._waiting) and len(self._pending) < WAITING:
                self._pending.append(await self._waiting.get())
            await self._write_pending()
            if not len(self._waiting):
                self._settled.set()

    async def _pause(self, seconds: float) -> None:
        """Let more come, until there is enough, something urgent came, or time is up."""
        until = self._clock.sleep_until(self._clock.now_ns() + round(seconds * NS))
        waits = [asyncio.ensure_future(until), asyncio.ensure_future(self._now.wait())]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()

    async def _write_pending(self) -> None:
        while self._pending:
            batch = self._pending[:BATCH_SIZE]
            try:
                await self._work(lambda batch=batch: self._commit(batch))  # type: ignore[misc]
            except ArchiveError as error:
                self._tell(
                    "failed", f"{error}; {len(self._pending) + len(self._waiting)} events wait, {self.lost} lost"
                )
                if self._waiting.closed:
                    self._lose(self._pending)
                    return
                await self._retry_later()
                continue
            self.written += len(batch)
            del self._pending[: len(batch)]
            self._tell("ok", f"writing again, {self.lost} events were lost" if self.lost else "writing")

    async def _retry_later(self) -> None:
        self._now.clear()
        await self._pause(RETRY_S)
        while len(self._waiting) and len(self._pending) < WAITING:
            self._pending.append(await self._waiting.get())
        if len(self._pending) >= WAITING:
            self._lose(self._pending[:BATCH_SIZE])

    def _lose(self, records: Iterable[Record]) -> None:
        gone = len(list(records))
        del self._pending[:gone]
        self.lost += gone

    def _commit(self, batch: list[Record]) -> None:
        """On the thread: write, and where there is no room remove the oldest pictures and write again."""
        store = self._store
        assert store is not None
        try:
            store.add(batch)
        except ArchiveError:
            with store.transaction():
                made = store.pictures.make_room(ROOM_BYTES)
            if not made:
                raise
            store.add(batch)

    async def _sweep(self) -> None:
        while True:
            await self._clock.sleep_until(self._clock.now_ns() + round(SWEEP_S * NS))
            store, limits = self._store, self._options.limits
            assert store is not None
            now_ns = self._start_ns + self._clock.now_ns()
            try:
                await self._work(lambda: sweep(store, now_ns, limits))  # noqa: B023 - awaited at once
            except ArchiveError as error:
                self._tell("degraded", str(error))

    def _tell(self, state: HealthState, reason: str) -> None:
        """On change only."""
        if state != self._state:
            self._state = state
            self._publish(Health(_COMPONENT, state, reason, self._clock.now_ns()))

    async def _work(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)
