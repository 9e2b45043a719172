"""Gives a running agent its archive, as the configuration says; and opens one for a command."""

from __future__ import annotations

import functools
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from agent.archive.clips import ClipOptions, Clips
from agent.archive.keeper import Keeper, KeeperOptions, no_picture
from agent.archive.meaning import Meaning
from agent.archive.pictures import Limits
from agent.archive.recall import Recall
from agent.archive.store import Bits
from agent.bus import Bus
from agent.config import Config, cache_folder, data_folder
from agent.models.store import ModelStore
from dialog.mind import Mind
from streams.clock import Clock
from streams.errors import HeedError
from streams.types import Observation, VideoFrame


def archive_folder(config: Config) -> Path:
    """Where the archive lies."""
    return Path(config.archive.folder).expanduser() if config.archive.folder else data_folder() / "archive"


def limits_of(config: Config) -> Limits:
    """How long things stay."""
    a = config.archive
    return Limits(
        a.pictures_days,
        a.alert_pictures_days,
        a.pictures_mb,
        a.min_free_mb,
        a.events_days,
        a.alerts_days,
        a.clips_days,
        a.clips_mb,
    )


def meaning_of(config: Config) -> Meaning | None:
    """What turns texts into bits: out of the language model where its embeddings can be read, else None and words alone
    are searched. Blocking."""
    try:
        return Meaning(ModelStore(cache_folder()).resolve(config.models.language))
    except HeedError:
        return None


def recall_of(config: Config, clock: Clock, mind: Mind, fork: Callable[[int], Mind]) -> Recall | None:
    """What brings earlier days back for a question; None where there is no archive. `fork` as in `Recall`."""
    if not config.archive.enabled:
        return None
    return Recall(archive_folder(config), clock, mind, functools.partial(meaning_of, config), fork)


@dataclass(frozen=True, slots=True)
class Archived:
    """The archive of a running agent; both None where it is switched off, clips alone where these are."""

    keeper: Keeper | None = None
    clips: Clips | None = None

    async def picture(self, percept_id: str) -> bytes | None:
        """As `Keeper.picture_of`."""
        return None if self.keeper is None else await self.keeper.picture_of(percept_id)

    def on_frame(self, frame: VideoFrame, seen: Sequence[Observation]) -> None:
        """Take a frame that was looked at."""
        if self.clips is not None:
            self.clips.on_frame(frame, seen)


@asynccontextmanager
async def archived(
    config: Config, clock: Clock, bus: Bus, picture: Callable[[str], bytes | None]
) -> AsyncIterator[Archived]:
    """Keep all that the bus carries while the context is open.

    Raises:
        ArchiveError: it cannot be opened, or another heed writes it.
    """
    if not config.archive.enabled:
        yield Archived()
        return

    def bits() -> Bits | None:
        meaning = meaning_of(config)
        return None if meaning is None else meaning.bits

    options = KeeperOptions(archive_folder(config), limits_of(config), bits)
    keeper = Keeper(options, clock, bus.publish, picture if config.archive.pictures else no_picture)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(keeper)
        stack.enter_context(bus.tap(keeper.write))
        if not config.archive.clips:
            yield Archived(keeper)
            return
        a = config.archive
        shape = ClipOptions(a.clip_before_s, a.clip_after_s, a.clip_fps)
        clips = await stack.enter_async_context(Clips(shape, clock, keeper.keep_clip, keeper.lost_clip))
        stack.enter_context(bus.tap(clips.on_event))
        yield Archived(keeper, clips)
