"""Waiting for one's turn to look: `streams.looks` for tasks of one event loop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager

from streams.clock import Clock
from streams.looks import Looks, Quality
from streams.types import NS, Depth


class Turns:
    """One look at a time. Whoever looks joins first."""

    def __init__(
        self, looks: Looks, clock: Clock, on_quality: Callable[[Quality], None] = lambda quality: None
    ) -> None:
        """
        Args:
            looks: decides; nobody else uses it.
            clock: whose time looks take.
            on_quality: called on the event loop when a camera is looked at more or less closely than before.
        """
        self._looks, self._clock, self._on_quality = looks, clock, on_quality
        self._waiting: dict[str, asyncio.Future[Depth]] = {}
        self._joined: set[str] = set()
        self._looking = False

    def admit(self, source: str, max_fps: float) -> str:
        """See `Looks.admit`."""
        return self._looks.admit(source, max_fps)

    def missed(self, source: str, pictures: int) -> None:
        """See `Looks.missed`."""
        self._looks.missed(source, pictures)

    def idles(self, source: str, share: float) -> None:
        """See `Looks.idles`."""
        self._looks.idles(source, share)

    def __contains__(self, source: str) -> bool:
        return source in self._looks

    def join(self, source: str, max_fps: float) -> None:
        """Take part until `leave`."""
        self._looks.join(source, max_fps, self._clock.now_ns())

    def leave(self, source: str) -> None:
        """Take part no longer."""
        self._looks.leave(source)

    @contextmanager
    def joined(self, source: str, max_fps: float) -> Iterator[str]:
        """Take part for as long as the context is open, under the name that it gives: `source`, unless another one of
        that name takes part. A place that was taken by `join` is used, and stays."""
        name, n = source, 1
        while name in self._joined:
            n += 1
            name = f"{source} {n}"
        reserved = name in self._looks
        if not reserved:
            self.join(name, max_fps)
        self._joined.add(name)
        try:
            yield name
        finally:
            self._joined.discard(name)
            if not reserved:
                self.leave(name)

    @asynccontextmanager
    async def turn(self, source: str, moving: bool) -> AsyncIterator[Depth]:
        """Wait for the turn of `source`, which has joined; it lasts as long as the context is open.

        Args:
            source: who wants to look.
            moving: whether something moves in the picture, as far as is known.
        """
        depth = await self._wait(source, moving)
        begun_ns = self._clock.now_ns()
        try:
            yield depth
        finally:
            now_ns = self._clock.now_ns()
            self._looking = False
            changed = self._looks.done(source, depth, (now_ns - begun_ns) / NS, now_ns)
            self._go_on()
            for quality in changed:
                self._on_quality(quality)

    async def _wait(self, source: str, moving: bool) -> Depth:
        granted: asyncio.Future[Depth] = asyncio.get_running_loop().create_future()
        self._waiting[source] = granted
        self._looks.wait(source, moving, self._clock.now_ns())
        self._go_on()
        try:
            return await granted
        except asyncio.CancelledError:
            if granted.done() and not granted.cancelled():  # it was given, and nobody takes it
                self._looking = False
            if self._waiting.get(source) is granted:
                self._looks.withdraw(source)
                del self._waiting[source]
            self._go_on()
            raise

    def _go_on(self) -> None:
        while not self._looking and (chosen := self._looks.next(self._clock.now_ns())) is not None:
            source, depth = chosen
            granted = self._waiting.pop(source)
            if not granted.cancelled():  # else its task was cancelled and has not run since: the next one's turn
                self._looking = True
                granted.set_result(depth)
