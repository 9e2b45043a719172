"""A recording or a picture on disk as a source: as fast as it is taken, or in real time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from streams.clock import Clock
from streams.errors import SourceError
from streams.sources.decode import TrackInfo, probe, read_audio, read_merged, read_video
from streams.types import AudioChunk, Health, Media, VideoFrame

M = TypeVar("M", AudioChunk, VideoFrame, Media)

READ_AHEAD = 8
"""Items that are decoded while the ones before are worked on; no more are held."""


class FileSource:
    """Any file that FFmpeg reads: sound, video, a still picture (one frame at time 0).

    Sound is mono 16 kHz in chunks of 100 ms; pictures are RGB, longest side at most 1280. Times are relative to the
    beginning of the file. Iterate over it for both tracks in order of time, or over `audio()` and `video()`, each on
    its own. Decoding runs on a thread of its own per iterator, a few items ahead of the consumer. Open it first
    (`async with`), which checks the file.
    """

    def __init__(
        self,
        path: Path,
        name: str,
        *,
        pace: Clock | None = None,
        max_fps: float | None = None,
        on_health: Callable[[Health], None] | None = None,
    ) -> None:
        """
        Args:
            path: the file.
            name: the source's name, copied to all it yields.
            pace: None for as fast as it goes, times from 0; a clock for real time by that clock, times from its now.
            max_fps: frames a second of media time at most, thinned before the costly conversion; None for all.
            on_health: told, on the event loop, when the file turns out to be damaged or cut short.
        """
        self.path = path
        self.name = name
        self._pace = pace
        self._max_fps = max_fps
        self._on_health = on_health
        self._info: TrackInfo | None = None

    async def __aenter__(self) -> Self:
        """Check the file and read its header.

        Raises:
            SourceError: missing, a folder, unreadable.
            MediaError: empty, damaged, too large a picture, or without any track that can be decoded.
        """
        with ThreadPoolExecutor(1, "file-probe") as executor:
            self._info = await asyncio.get_running_loop().run_in_executor(executor, probe, self.path)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._info = None

    def tracks(self) -> TrackInfo:
        """What the file holds.

        Raises:
            SourceError: the source is not open.
        """
        if self._info is None:
            raise SourceError(f"the file source {self.name} is not open")
        return self._info

    def audio(self) -> AsyncIterator[AudioChunk]:
        """The sound alone; nothing for a file without."""
        self.tracks()
        return self._iterate(lambda warn: read_audio(self.path, self.name, warn))

    def video(self) -> AsyncIterator[VideoFrame]:
        """The pictures alone; nothing for a file without."""
        self.tracks()
        return self._iterate(lambda warn: read_video(self.path, self.name, self._max_fps, warn))

    def __aiter__(self) -> AsyncIterator[Media]:
        """Sound and pictures, in the order in which they can be known (`t_ns`)."""
        self.tracks()
        return self._iterate(lambda warn: read_merged(self.path, self.name, self._max_fps, warn))

    async def _iterate(self, read: Callable[[Callable[[str], None]], Iterator[M]]) -> AsyncIterator[M]:
        warnings: list[str] = []
        items = read(warnings.append)
        loop = asyncio.get_running_loop()
        origin_ns = self._pace.now_ns() if self._pace is not None else 0
        executor = ThreadPoolExecutor(1, "file-decode")
        last_ns = origin_ns
        ahead: asyncio.Future[list[M]] | None = None

        def batch() -> list[M]:
            return list(islice(items, READ_AHEAD))

        try:
            ahead = loop.run_in_executor(executor, batch)
            while taken := await ahead:
                ahead = loop.run_in_executor(executor, batch)
                for item in taken:
                    last_ns = origin_ns + item.t_ns
                    if self._pace is not None:
                        await self._pace.sleep_until(last_ns)
                    yield _shifted(item, origin_ns)
            self._report(warnings, last_ns)
        finally:
            if ahead is not None:
                ahead.cancel()
            # After the batch in progress the same thread closes the file; nobody waits for it.
            executor.submit(_close, items)
            executor.shutdown(wait=False)

    def _report(self, warnings: list[str], t_ns: int) -> None:
        if warnings and self._on_health is not None:
            self._on_health(Health(f"file:{self.name}", "degraded", "; ".join(dict.fromkeys(warnings)), t_ns))


def _shifted(item: M, by_ns: int) -> M:
    if not by_ns:
        return item
    if isinstance(item, AudioChunk):
        return replace(item, t0_ns=item.t0_ns + by_ns)
    return replace(item, t_ns=item.t_ns + by_ns)


def _close(items: Iterator[object]) -> None:
    close = getattr(items, "close", None)
    if close is not None:
        close()
