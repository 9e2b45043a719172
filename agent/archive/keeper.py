"""Keeps the archive of a running agent: takes events on the event loop, writes them on a thread of its own.

Offering never waits. What a kill at any instant can cost is what came since the last commit: at most `BATCH_S` of
events, none that an alert followed. What is committed stays, after a power cut too (`agent.archive.schema`).
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from filelock import FileLock

from agent.archive.erase import sweep
from agent.archive.pictures import Limits
from agent.archive.records import Clip, Record, record_of, wall_ns
from agent.archive.schema import FILE, ArchiveError, claim
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
"""How much of clips and pictures is removed when the disk is full, before trying again."""
EVENTS, CLIPS, DISK = "archive:events", "archive:clips", "archive:disk"
"""What health is told of."""


@dataclass(frozen=True, slots=True)
class Held:
    """What the archive holds, as of the last look."""

    events: int = 0
    pictures_bytes: int = 0
    clips_bytes: int = 0
    database_bytes: int = 0
    """With its write-ahead log."""
    free_bytes: int = 0
    """Room on its disk."""


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
        self.held = Held()
        self._options, self._clock, self._publish, self._picture = options, clock, publish, picture
        self._start_ns = wall_ns(clock.wall_start)
        self._waiting: Channel[Record] = Channel(WAITING, "wait", "archive")
        self._now = asyncio.Event()
        self._settled = asyncio.Event()
        self._settled.set()
        self._thread = ThreadPoolExecutor(1, "archive")
        self._tasks: list[asyncio.Task[None]] = []
        self._store: Store | None = None
        self._states: dict[str, HealthState] = {}
        self._pending: list[Record] = []
        self._sacrificed = 0
        self._claim: FileLock | None = None

    @property
    def run(self) -> int:
        """The number of this run in the archive; 0 before anything was written."""
        return 0 if self._store is None else self._store.run

    @property
    def waiting(self) -> int:
        """Events that wait to be written."""
        return len(self._waiting) + len(self._pending)

    async def __aenter__(self) -> Self:
        try:
            self._store = await self._work(self._open)
        finally:
            if self._store is None:
                await self._work(self._close)
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
            await self._work(self._close)
        self._thread.shutdown()

    def write(self, event: Event) -> None:
        """Take an event; never waits. For `Bus.tap`."""
        record = record_of(event, self._start_ns, self._picture)
        if record is None:
            return
        if not self._waiting.offer(record):
            self.lost += 1
            self._tell(EVENTS, "failed", f"{self.lost} events could not be written: too many wait")
            return
        self._settled.clear()
        if record.urgent or len(self._waiting) >= BATCH_SIZE:
            self._now.set()

    async def keep_clip(self, clip: Clip) -> None:
        """Write a clip with its alerts; one that cannot be written is said and lost."""
        try:
            await self._work(lambda: self._with_room(lambda store: store.add_clip(clip)))
        except ArchiveError as error:
            self.lost_clip(f"a clip of {clip.source} is lost: {error}")
        else:
            self._tell(CLIPS, "ok", "clips are written again")
        self._tell_room()

    async def picture_of(self, percept_id: str) -> bytes | None:
        """The JPEG of a moment of this run by its id, or of one of an earlier day that was brought back for a question;
        None where there is none (any more)."""
        store = self._store
        if store is None:
            return None
        try:
            return await self._work(lambda: store.picture_of(percept_id))
        except ArchiveError:
            return None

    def lost_clip(self, reason: str) -> None:
        """Say that there is no clip of an alert."""
        self._tell(CLIPS, "degraded", reason)

    async def flush(self) -> None:
        """Return once everything taken so far is committed, or lost."""
        self._now.set()
        await self._settled.wait()

    def _close(self) -> None:
        if self._store is not None:
            self._store.db.close()
        if self._claim is not None:
            self._claim.release()

    def _open(self) -> Store:
        options = self._options
        self._claim = claim(options.folder)
        store = Store(options.folder, self._start_ns, options.bits())
        now_ns = self._start_ns + self._clock.now_ns()
        store.pictures.remove_strays()
        sweep(store, now_ns, options.limits)
        self._look(store)
        return store

    def _look(self, store: Store) -> None:
        """On the thread: how much there is."""
        folder = store.folder
        files = [path for path in (folder / FILE, folder / f"{FILE}-wal") if path.exists()]
        events = int(store.db.execute("SELECT count(*) FROM events").fetchone()[0])
        sizes = store.pictures.size_bytes(False), store.pictures.size_bytes(True)
        size = sum(path.stat().st_size for path in files)
        self.held = Held(events, *sizes, size, shutil.disk_usage(folder).free)

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
                await self._work(lambda batch=batch: self._with_room(lambda store: store.add(batch)))  # type: ignore[misc]
            except ArchiveError as error:
                self._tell_room()
                waiting = len(self._pending) + len(self._waiting)
                self._tell(EVENTS, "failed", f"{error}; {waiting} events wait, {self.lost} lost")
                if self._waiting.closed:
                    self._lose(self._pending)
                    return
                await self._retry_later()
                continue
            self.written += len(batch)
            del self._pending[: len(batch)]
            self._tell(EVENTS, "ok", f"writing again, {self.lost} events were lost" if self.lost else "writing")
            self._tell_room()

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

    def _with_room(self, work: Callable[[Store], object]) -> None:
        """On the thread: write, and where there is no room remove the oldest clips and pictures and write again."""
        store = self._store
        assert store is not None
        try:
            work(store)
        except ArchiveError as error:
            if not error.full:
                raise
            with store.transaction():
                made = store.pictures.make_room(ROOM_BYTES)
            if not made:
                raise
            work(store)

    async def _sweep(self) -> None:
        while True:
            await self._clock.sleep_until(self._clock.now_ns() + round(SWEEP_S * NS))
            try:
                await self._work(self._sweep_once)
            except ArchiveError as error:
                self._tell(DISK, "degraded", str(error))
            else:
                self._tell_room(swept=True)

    def _sweep_once(self) -> None:
        store = self._store
        assert store is not None
        sweep(store, self._start_ns + self._clock.now_ns(), self._options.limits)
        self._look(store)

    def _tell_room(self, swept: bool = False) -> None:
        """Say that clips and pictures went for want of room; and, after a sweep that took none, that there is room."""
        gone = 0 if self._store is None else self._store.pictures.sacrificed
        if gone > self._sacrificed:
            reason = f"the disk is full: {gone} of the oldest clips and pictures were removed; events stay"
            self._tell(DISK, "degraded", reason)
            self._sacrificed = gone
        elif swept:
            self._tell(DISK, "ok", "the disk has room again")

    def _tell(self, component: str, state: HealthState, reason: str) -> None:
        """On change only; that all is well only after it was not."""
        if state != self._states.get(component, "ok"):
            self._states[component] = state
            self._publish(Health(component, state, reason, self._clock.now_ns()))

    async def _work(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)
