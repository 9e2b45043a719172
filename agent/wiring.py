"""The one place where the parts meet: builds the agent for a recording, and for live work. No logic of its own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from agent.bus import Bus
from agent.config import Config
from agent.core import Core, CoreOptions
from agent.parts import Parts, Say, load_parts
from agent.replay import Lanes, Question, replay
from agent.workers import Workers
from dialog.manager import Dialog, DialogOptions, Organs
from dialog.turn import TurnOptions
from streams.clock import Clock, ManualClock, MonotonicClock
from streams.pump import Pump
from streams.sinks.wav import WavSink
from streams.sources.file import FileSource
from streams.types import Observation, VideoFrame


@dataclass(frozen=True, slots=True)
class Replayed:
    """A recording, and what is asked about it."""

    source: FileSource
    questions: Sequence[Question]
    user_audio: bool = False
    real_time: bool = False
    start: datetime | None = None
    """Wall-clock time at which it begins; None: times are told as minutes and seconds into it."""
    out: Path | None = None
    """Where spoken replies go as WAV; None: they are not spoken."""


@dataclass(frozen=True, slots=True)
class ReplaySession:
    """An agent, ready to run one recording."""

    bus: Bus
    core: Core
    asker: Dialog
    wanted: Replayed
    parts: Parts
    workers: Workers

    async def run(self, on_frame: Callable[[VideoFrame, Sequence[Observation]], None] | None = None) -> None:
        """Run the recording to its end."""
        source, tracks = self.wanted.source, self.wanted.source.tracks()
        lanes = Lanes(
            Pump(self.parts.hearing, source.name, "a", self.workers.hearing) if tracks.audio else None,
            Pump(self.parts.vision, source.name, "v", self.workers.vision) if tracks.video else None,
            on_frame,
        )
        await replay(self.core, aiter(source), lanes, self.wanted.questions, self.asker, self.wanted.user_audio)


@asynccontextmanager
async def replaying(config: Config, wanted: Replayed, say: Say) -> AsyncIterator[ReplaySession]:
    """An agent for one recording."""
    clock: Clock = MonotonicClock(wanted.start) if wanted.real_time else ManualClock(wanted.start)
    sink = WavSink(wanted.out) if wanted.out is not None else None
    with Workers() as workers:
        parts = await asyncio.get_running_loop().run_in_executor(workers.mind, load_parts, config, say)
        bus = Bus()
        async with (
            Core(organs_of(config, parts, clock, bus, workers), bus, core_options(config)) as core,
            core.converse(wanted.source.name, sink) as asker,
        ):
            yield ReplaySession(bus, core, asker, wanted, parts, workers)


def organs_of(config: Config, parts: Parts, clock: Clock, bus: Bus, workers: Workers) -> Organs:
    """What all conversations of an agent share."""
    return Organs(parts.mind, parts.voice, clock, bus.publish, workers.mind, workers.voice)


def core_options(config: Config) -> CoreOptions:
    """Sizes and manners from the configuration."""
    dialog = config.dialog
    return CoreOptions(
        config.state.per_source,
        config.state.sources,
        DialogOptions(TurnOptions(respond=dialog.respond), dialog.max_new_tokens, dialog.history_turns),
    )
