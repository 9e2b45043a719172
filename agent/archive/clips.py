"""Short clips of alerts: the last seconds of every camera are held in memory, and an alert keeps them and what follows.

All is bounded: a camera's seconds by time, all cameras' by bytes, a clip by length, clips in the making by number. What
does not fit is left out and counted; nobody waits.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from agent.archive.film import film
from agent.archive.records import Clip, wall_ns
from agent.archive.schema import ArchiveError
from dialog.events import Alert, Event, Perceived
from streams.channel import Channel
from streams.clock import Clock
from streams.sinks.thumbnail import jpeg
from streams.types import NS, Observation, Percept, VideoFrame

LATE_S = 15.0
"""An alert may come so long after what it rests on, as when a language model judges it."""
MAX_CLIP_S = 60.0
MAX_TAKING = 8
"""Clips in the making at once."""
MAX_WAITING = 4
"""Clips that wait to be encoded."""
MAX_BYTES = 64 * 1024 * 1024
"""Of pictures of all cameras."""
MAX_KNOWN = 4096
WIDTH_PX = 640
TICK_S = 1.0

Picture = tuple[int, bytes]
"""`(stream time in nanoseconds, JPEG)`."""


@dataclass(frozen=True, slots=True)
class ClipOptions:
    """How long a clip is, and how smooth."""

    before_s: float = 5.0
    after_s: float = 10.0
    fps: float = 3.0


@dataclass(slots=True)
class _Taking:
    """A clip in the making."""

    source: str
    until_ns: int
    names: list[str]
    important: bool
    pictures: list[Picture] = field(default_factory=list)


class Clips:
    """An async context manager: takes frames and events while it is open. Lives on the event loop; encodes on a thread
    of its own."""

    def __init__(
        self,
        options: ClipOptions,
        clock: Clock,
        keep: Callable[[Clip], Awaitable[None]],
        say_lost: Callable[[str], None],
    ) -> None:
        """
        Args:
            options: how long and how smooth.
            clock: the agent's, with a date.
            keep: writes a clip; see `Keeper.keep_clip`.
            say_lost: told why a clip was not made; see `Keeper.lost_clip`.
        """
        self.lost = 0
        """Clips that were not made, because too many were in the making or could not be encoded."""
        self._options, self._clock, self._keep, self._say_lost = options, clock, keep, say_lost
        self._rings: dict[str, deque[Picture]] = {}
        self._bytes = 0
        self._when: OrderedDict[str, int] = OrderedDict()
        self._taking: dict[str, _Taking] = {}
        self._ready: Channel[_Taking] = Channel(MAX_WAITING, "wait", "clips")
        self._thread = ThreadPoolExecutor(1, "clips")
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        self._tasks = [asyncio.create_task(self._make_all()), asyncio.create_task(self._tick())]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        making, ticking = self._tasks
        ticking.cancel()
        for taking in list(self._taking.values()):  # what there is of them is better than nothing
            self._finish(taking)
        self._ready.close()
        await asyncio.gather(making, ticking, return_exceptions=True)
        self._thread.shutdown()

    @property
    def size_bytes(self) -> int:
        """What the last seconds of all cameras take."""
        return self._bytes

    def on_frame(self, frame: VideoFrame, seen: Sequence[Observation]) -> None:
        """Take a frame that was looked at; for `agent.live.Live`."""
        ring = self._rings.setdefault(frame.source, deque())
        # A camera's frames do not come evenly: a little early is not too early.
        if ring and 0 <= frame.t_ns - ring[-1][0] < 0.8 * NS / self._options.fps:
            return
        picture = (frame.t_ns, jpeg(frame.rgb, WIDTH_PX))
        ring.append(picture)
        self._bytes += len(picture[1])
        oldest_ns = frame.t_ns - round((self._options.before_s + LATE_S) * NS)
        while ring[0][0] < oldest_ns:
            self._bytes -= len(ring.popleft()[1])
        while self._bytes > MAX_BYTES:
            self._drop_one()
        taking = self._taking.get(frame.source)
        if taking is not None:
            taking.pictures.append(picture)
            if frame.t_ns >= taking.until_ns:
                self._finish(taking)

    def on_event(self, event: Event) -> None:
        """A tap for `Bus.tap`: what an alert rests on is taken."""
        match event:
            case Perceived(_, Percept() as percept):
                self._when[percept.id] = percept.t1_ns
                while len(self._when) > MAX_KNOWN:
                    self._when.popitem(last=False)
            case Alert(phase="new"):
                for source in dict.fromkeys(name.rpartition("/")[0] for name in event.evidence):
                    self._take(source, event)

    def _take(self, source: str, alert: Alert) -> None:
        ring = self._rings.get(source)
        if not ring:
            return
        until_ns, important = alert.t_ns + round(self._options.after_s * NS), alert.severity != "info"
        taking = self._taking.get(source)
        if taking is not None:  # one clip for all that happens at once
            taking.names.append(alert.id)
            taking.until_ns = min(max(taking.until_ns, until_ns), taking.pictures[0][0] + round(MAX_CLIP_S * NS))
            taking.important = taking.important or important
            return
        if len(self._taking) >= MAX_TAKING:
            self._lose(f"{source}: too many clips are in the making")
            return
        happened = [self._when[n] for n in alert.evidence if n in self._when and n.rpartition("/")[0] == source]
        # Where the camera fell silent, what it showed last.
        begin_ns = min(max(happened, default=alert.t_ns), ring[-1][0]) - round(self._options.before_s * NS)
        taking = _Taking(source, until_ns, [alert.id], important, [one for one in ring if one[0] >= begin_ns])
        self._taking[source] = taking

    def _finish(self, taking: _Taking) -> None:
        del self._taking[taking.source]
        if not self._ready.offer(taking):
            self._lose(f"{taking.source}: too many clips wait to be encoded")

    def _drop_one(self) -> None:
        """The oldest picture of the camera that takes most room."""
        name = max(self._rings, key=lambda source: len(self._rings[source]))
        self._bytes -= len(self._rings[name].popleft()[1])
        if not self._rings[name]:
            del self._rings[name]

    def _lose(self, reason: str) -> None:
        self.lost += 1
        self._say_lost(f"no clip of an alert, {self.lost} so far: {reason}")

    async def _tick(self) -> None:
        """End the clips of cameras from which nothing comes any more, and let go of what they showed."""
        while True:
            await self._clock.sleep_until(self._clock.now_ns() + round(TICK_S * NS))
            now_ns = self._clock.now_ns()
            for taking in [t for t in self._taking.values() if t.until_ns + NS < now_ns]:
                self._finish(taking)
            old_ns = now_ns - round((self._options.before_s + LATE_S + MAX_CLIP_S) * NS)
            for name in [name for name, ring in self._rings.items() if ring[-1][0] < old_ns]:
                self._bytes -= sum(len(data) for _, data in self._rings.pop(name))

    async def _make_all(self) -> None:
        loop, start = asyncio.get_running_loop(), self._clock.wall_start
        start_ns = 0 if start is None else wall_ns(start)
        async for taking in self._ready:
            pictures = taking.pictures
            try:
                made = await loop.run_in_executor(self._thread, film, pictures)
            except ArchiveError as error:
                self._lose(str(error))
                continue
            t0_ns, t1_ns = start_ns + pictures[0][0], start_ns + pictures[-1][0]
            await self._keep(Clip(taking.source, tuple(taking.names), t0_ns, t1_ns, made, taking.important))
