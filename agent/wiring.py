"""The one place where the parts meet: builds the agent for a recording, and for live work. No logic of its own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, cast

from agent.access.users import FILE as USERS
from agent.archive.attach import archived, recall_of
from agent.archive.recall import Recall
from agent.background import Background
from agent.beside import hosts_for, inline
from agent.bus import Bus
from agent.cameras.config import SourceConfig
from agent.cameras.station import Station, StationOptions
from agent.config import Config, data_folder
from agent.core import Core, CoreOptions
from agent.desk.attach import desk_of
from agent.desk.desk import Desk
from agent.figures import Figures, figured
from agent.hangs import Hangs
from agent.interpreter import interpreter_of
from agent.late import LateMind
from agent.links import guarded, serve_local, serve_mqtt
from agent.live import Live, OnFrame, Senses, each
from agent.loudness import Loudness
from agent.parts import Parts, Say, load_parts, warm_mind, warm_voice
from agent.plugins import Installed, switched_on, table_of
from agent.reload import Reloader
from agent.replay import Lanes, Question, replay
from agent.services import AgentServices, Outlet
from agent.switchboard import Switchboard
from agent.web.access import WebOptions
from agent.web.pictures import Pictures
from agent.web.server import WebServer
from agent.workers import Workers, cores
from dialog.manager import Dialog, DialogOptions, Organs
from dialog.mind import Mind
from dialog.pauses import PATIENCE
from dialog.remarks import RemarkOptions
from dialog.turn import TurnOptions
from plugins.host import Host
from plugins.inline import InlineHost
from streams.clock import Clock, ManualClock, MonotonicClock
from streams.looks import LookOptions, Looks
from streams.pump import Pump
from streams.sinks.wav import WavSink
from streams.sources.file import FileSource
from streams.types import Observation, VideoFrame
from streams.webrtc.peer import PeerOptions

if TYPE_CHECKING:
    from dialog.model.fusion import Fusion


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
    plugins: InlineHost | None = None
    pictures: Pictures = field(default_factory=Pictures)
    """Of moments, for plugins."""

    async def run(self, on_frame: Callable[[VideoFrame, Sequence[Observation]], None] | None = None) -> None:
        """Run the recording to its end, and let plugins say their last."""
        if self.plugins is None:
            await self._run(on_frame)
            return

        def keep(frame: VideoFrame, seen: Sequence[Observation]) -> None:
            self.pictures.on_frame(frame, seen)
            if on_frame is not None:
                on_frame(frame, seen)

        with self.bus.tap(self.pictures.on_event), self.bus.tap(self.plugins.offer):
            async with self.plugins:
                await self._run(keep)

    async def _run(self, on_frame: Callable[[VideoFrame, Sequence[Observation]], None] | None) -> None:
        source, tracks = self.wanted.source, self.wanted.source.tracks()
        lanes = Lanes(
            Pump(self.parts.hearing, source.name, "a", self.workers.hearing) if tracks.audio else None,
            Pump(self.parts.vision, source.name, "v", self.workers.vision) if tracks.video else None,
            on_frame,
            self.plugins,
        )
        await replay(self.core, aiter(source), lanes, self.wanted.questions, self.asker, self.wanted.user_audio)


@asynccontextmanager
async def replaying(config: Config, wanted: Replayed, say: Say) -> AsyncIterator[ReplaySession]:
    """An agent for one recording."""
    plugins = switched_on(config)
    clock: Clock = MonotonicClock(wanted.start) if wanted.real_time else ManualClock(wanted.start)
    with Workers() as workers, ExitStack() as files:
        sink = files.enter_context(WavSink(wanted.out)) if wanted.out is not None else None
        parts = await asyncio.get_running_loop().run_in_executor(workers.mind, load_parts, config, say)
        bus, hosts = Bus(), list[InlineHost]()

        async def tool(question: str) -> str | None:
            return await hosts[0].tool(question)

        organs = organs_of(config, parts, clock, bus, workers)
        organs = with_plugins(organs, config, plugins, tool, say)
        async with Core(organs, bus, core_options(config)) as core, core.converse(wanted.source.name, sink) as asker:
            pictures = Pictures()
            if plugins:
                services = AgentServices(core, fork_of(parts), pictures, Outlet(config.agent.node, False))
                hosts.append(files.enter_context(inline(config, core, plugins, services, wanted.out)))
            yield ReplaySession(bus, core, asker, wanted, parts, workers, hosts[0] if hosts else None, pictures)


def organs_of(config: Config, parts: Parts, clock: Clock, bus: Bus, workers: Workers) -> Organs:
    """What all conversations of an agent share."""
    return Organs(parts.mind, parts.voice, clock, bus.publish, workers.mind, workers.voice)


def with_plugins(
    organs: Organs,
    config: Config,
    plugins: Sequence[Installed],
    tool: Callable[[str], Awaitable[str | None]],
    say: Say,
) -> Organs:
    """The same, with what plugins add to conversations: their tools, and an interpreter."""
    if not plugins:
        return organs
    translation = next((p for p in plugins if p.builtin and p.name == "translation"), None)
    interpreter = interpreter_of(table_of(config, translation), say) if translation is not None else None
    return replace(organs, tools=tool, interpreter=interpreter)


def fork_of(parts: Parts) -> Callable[[int], Mind]:
    """Makes minds with the same weights and an empty memory."""
    mind = cast("Fusion", parts.mind)
    return lambda tokens: mind.fork(tokens)


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
    plugins: Switchboard
    """The plugins that run beside it."""
    loudness: Loudness
    """At its sources, now."""
    watch: Callable[[SourceConfig], None]
    """Begin to watch one more camera, stream or recording."""
    seen: OnFrame
    """Takes each frame that was looked at, with what was perceived in it."""
    reload: Reloader
    """Brings another configuration into force, as far as that goes without a restart."""
    stuck: Callable[[], str] = lambda: ""
    """Why it must be started anew; empty when it need not."""

    @property
    def clock(self) -> Clock:
        """Stream time."""
        return self.core.clock


@asynccontextmanager
async def running_agent(
    config: Config, say: Say, late: bool = False, clock: Clock | None = None
) -> AsyncIterator[RunningAgent]:
    """The agent, live, as the configuration says. Models load first; then it listens. With `late` the language model,
    which takes the longest, loads while the agent watches already, and questions wait for it. `clock`: real time,
    unless one is given.

    Raises:
        HeedError: a model is missing, a port is taken, a device refuses: one line each.
    """
    clock, plugins = clock or MonotonicClock(), switched_on(config)
    with Workers() as workers:
        loop = asyncio.get_running_loop()
        parts = await loop.run_in_executor(workers.mind, load_parts, config, say, True, late)
        bus = Bus()
        async with AsyncExitStack() as stack:
            board = Switchboard(bus.publish, clock)
            organs = with_plugins(organs_of(config, parts, clock, bus, workers), config, plugins, board.tool, say)
            recall = recall_of(config, clock, parts.mind, fork_of(parts))
            core = await stack.enter_async_context(Core(replace(organs, recall=recall), bus, core_options(config)))
            pictures = Pictures()
            stack.enter_context(bus.tap(pictures.on_event))
            archive = await stack.enter_async_context(archived(config, clock, bus, pictures.get))
            pictures.beyond = archive.picture
            figures = await stack.enter_async_context(figured(clock, bus, archive))
            hangs = Hangs(workers.lanes, clock, bus.publish, config.agent.hang_s)
            figures.threads(lambda: hangs.lost)
            desk = await stack.enter_async_context(desk_of(config, clock, bus, board, archive.keeper))
            if recall is not None:
                recall.holds = lambda percept_id: core.state.get(percept_id) is not None
                stack.callback(recall.close)
            loudness = Loudness()
            seen = desk.beside(each(pictures.on_frame, archive.on_frame, figures.on_frame))
            live = Live(core, senses_of(parts, workers), seen, loudness.on_sound, looks_of(config))
            outlet, url = Outlet(config.agent.node, bool(config.mqtt.url)), ""
            if not late:
                await warmed(parts, workers, recall, say)
            if config.web.enabled:
                server = await _serve_web(stack, config, core, live, pictures, desk, figures)
                url, server.stuck = server.url, hangs.stuck
            if isinstance(parts.mind, LateMind):
                stack.callback(parts.mind.abandon)
            tasks = await stack.enter_async_context(Background())
            options = StationOptions(config.cameras, config.vision.max_fps)
            station = await stack.enter_async_context(Station(core, live, parts.vision, options, parts.languages))
            await stack.enter_async_context(hangs)
            for source in config.sources:
                station.watch(source)
            if config.mqtt.url:
                tasks.start(guarded(core, "mqtt", serve_mqtt(config, core, live, outlet, pictures)))
            if config.local.microphone or config.local.camera:
                tasks.start(serve_local(config, core, live))
            services = AgentServices(core, fork_of(parts), pictures, outlet)
            await start_plugins(stack, board, core, hosts_for(config, core, plugins, services), outlet)
            reload = Reloader(config, board, lambda new, chosen: hosts_for(new, core, chosen, services), station)
            desk.sources = lambda: reload.sources
            core.tell = station.telling(core.tell)
            if late:
                tasks.start(warmed(parts, workers, recall, say))
            yield RunningAgent(bus, core, url, pictures, board, loudness, station.watch, seen, reload, hangs.stuck)


def looks_of(config: Config) -> Looks:
    """Who is looked at when."""
    return Looks(LookOptions(cores=config.cameras.cores or cores()))


def senses_of(parts: Parts, workers: Workers) -> Senses:
    """What hears and sees, each with its thread."""
    return Senses(parts.hearing, parts.vision, parts.activity, workers.hearing, workers.vision, workers.activity)


async def warmed(parts: Parts, workers: Workers, recall: Recall | None, say: Say) -> None:
    """Load what is late, and let every model compute once.

    Raises:
        ModelError: a part of what is late is missing.
    """
    loop, mind = asyncio.get_running_loop(), parts.mind
    await loop.run_in_executor(workers.voice, warm_voice, parts)
    if isinstance(mind, LateMind):
        await asyncio.wrap_future(mind.begin(workers.loading))
    else:
        await loop.run_in_executor(workers.mind, warm_mind, mind)
    if recall is not None:
        await loop.run_in_executor(workers.mind, recall.warm)
    if isinstance(mind, LateMind):
        say("the language model is loaded: questions are answered")


async def _serve_web(
    stack: AsyncExitStack, config: Config, core: Core, live: Live, pictures: Pictures, desk: Desk, figures: Figures
) -> WebServer:
    """Serve pages and interfaces until the stack unwinds."""
    options = _peer_options(config)
    server = WebServer(_web_options(config), core.bus, live.attend, core.clock, figures.registry, options, pictures)
    server.plugins.board, server.shows = desk.parts.board, live.shows
    server.desk.desk, server.audit, desk.watchable = desk, desk.parts.audit, lambda: server.watchable
    return await stack.enter_async_context(server)


async def start_plugins(
    stack: AsyncExitStack, board: Switchboard, core: Core, hosts: Sequence[Host], outlet: Outlet
) -> None:
    """Let plugins run until the stack unwinds: they end first, while all that they use is still there."""
    stack.enter_context(core.bus.tap(outlet.on_event))
    await stack.enter_async_context(board)
    stack.enter_context(core.bus.tap(board.feed))
    core.tell = board.tell
    await board.start(hosts)


def _web_options(config: Config) -> WebOptions:
    web = config.web
    limits = (web.max_peers, web.max_members, web.max_watchers)
    users = data_folder() / USERS
    return WebOptions(web.host, web.port, web.token or None, web.allowed_hosts, *limits, users=users)


def _peer_options(config: Config) -> PeerOptions:
    return PeerOptions(
        ice_servers=config.web.ice_servers,
        max_fps=config.vision.max_fps,
        echo_cancellation=config.web.echo_cancellation,
    )
