"""The one place where the parts meet: builds the agent for a recording, and for live work. No logic of its own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from agent.background import Background
from agent.bus import Bus
from agent.config import Config, SourceConfig
from agent.core import Core, CoreOptions
from agent.links import guarded, serve_local, serve_mqtt
from agent.live import Live, Senses
from agent.parts import Parts, Say, load_parts, warm_up
from agent.replay import Lanes, Question, replay
from agent.web.access import WebOptions
from agent.web.pictures import Pictures
from agent.web.server import WebServer
from agent.workers import Workers
from dialog.manager import Dialog, DialogOptions, Organs
from dialog.pauses import PATIENCE
from dialog.remarks import RemarkOptions
from dialog.turn import TurnOptions
from streams.clock import Clock, ManualClock, MonotonicClock
from streams.pump import Pump
from streams.sinks.wav import WavSink
from streams.sources.file import FileSource
from streams.sources.live import LiveOptions
from streams.sources.rtsp import RtspOptions, RtspSource
from streams.types import Observation, VideoFrame
from streams.webrtc.peer import PeerOptions


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
    with Workers() as workers, ExitStack() as files:
        sink = files.enter_context(WavSink(wanted.out)) if wanted.out is not None else None
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
        DialogOptions(
            TurnOptions(respond=dialog.respond, barge_in=dialog.barge_in, pauses=PATIENCE[dialog.patience]),
            RemarkOptions(on=dialog.remarks),
            dialog.max_new_tokens,
            dialog.history_turns,
        ),
        config.state.tokens,
    )


@dataclass(frozen=True, slots=True)
class RunningAgent:
    """A live agent: everything it listens to runs until the context ends."""

    bus: Bus
    core: Core
    url: str
    """Base address of the web server; empty when it is switched off."""
    pictures: Pictures
    """Of the moments in which something was seen."""

    @property
    def clock(self) -> Clock:
        """Stream time."""
        return self.core.clock


@asynccontextmanager
async def running_agent(config: Config, say: Say) -> AsyncIterator[RunningAgent]:
    """The agent, live, as the configuration says. Models load first; then it listens.

    Raises:
        HeedError: a model is missing, a port is taken, a device refuses: one line each.
    """
    clock = MonotonicClock()
    with Workers() as workers:
        loop = asyncio.get_running_loop()
        parts = await loop.run_in_executor(workers.mind, load_parts, config, say)
        await loop.run_in_executor(workers.mind, warm_up, parts)
        bus = Bus()
        async with AsyncExitStack() as stack:
            organs = organs_of(config, parts, clock, bus, workers)
            core = await stack.enter_async_context(Core(organs, bus, core_options(config)))
            pictures = Pictures()
            stack.enter_context(bus.tap(pictures.on_event))
            senses = Senses(
                parts.hearing, parts.vision, parts.activity, workers.hearing, workers.vision, workers.activity
            )
            live = Live(core, senses, pictures.on_frame)
            url = ""
            if config.web.enabled:
                options = _peer_options(config)
                server = WebServer(_web_options(config), bus, live.attend, clock, None, options, pictures)
                url = (await stack.enter_async_context(server)).url
            tasks = await stack.enter_async_context(Background())
            for source in config.sources:
                tasks.start(guarded(core, f"camera:{source.name}", _watch(source, config, core, live)))
            if config.mqtt.url:
                tasks.start(guarded(core, "mqtt", serve_mqtt(config, core, live)))
            if config.local.microphone or config.local.camera:
                tasks.start(serve_local(config, core, live))
            yield RunningAgent(bus, core, url, pictures)


async def _watch(source: SourceConfig, config: Config, core: Core, live: Live) -> None:
    """One configured camera, stream or recording, to its end."""
    fps = config.vision.max_fps
    opened: Any
    if "://" in source.url:
        options = RtspOptions(live=LiveOptions(max_fps=fps))
        opened = RtspSource(source.url, source.name, core.clock, core.bus.publish, options)
    else:
        opened = FileSource(Path(source.url), source.name, pace=core.clock, max_fps=fps, on_health=core.bus.publish)
    async with AsyncExitStack() as stack:
        media = await stack.enter_async_context(opened)
        user = await stack.enter_async_context(core.converse(source.name)) if source.user else None
        await live.watch(source.name, aiter(media), user)


def _web_options(config: Config) -> WebOptions:
    web = config.web
    limits = (web.max_peers, web.max_members, web.max_watchers)
    return WebOptions(web.host, web.port, web.token or None, web.allowed_hosts, *limits)


def _peer_options(config: Config) -> PeerOptions:
    return PeerOptions(
        ice_servers=config.web.ice_servers,
        max_fps=config.vision.max_fps,
        echo_cancellation=config.web.echo_cancellation,
    )
