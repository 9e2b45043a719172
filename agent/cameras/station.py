"""The station: keeps every source watched, each in a task of its own, in its hours, and lets them come and go."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from ipaddress import ip_address, ip_network
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from agent.background import Background
from agent.cameras.config import CamerasConfig, SourceConfig, wrong_name, wrong_source
from agent.core import Core
from agent.live import Live
from dialog.events import PluginReply, Tell
from streams import hours
from streams.area import Area
from streams.clock import wall_time
from streams.encoder import Encoder
from streams.encoders.vision.camera import FixedCamera
from streams.errors import HeedError, SourceError
from streams.sources.file import FileSource
from streams.sources.hardware import Hardware
from streams.sources.live import LiveOptions, LiveSource
from streams.sources.rtsp import RtspOptions, RtspSource
from streams.sources.urls import STREAM_PORTS, parse_url, redact
from streams.types import Health, HealthState, Media, VideoFrame, ns

NAME = "sources"
"""Under this name commands add, remove and list sources, as if it were a plugin."""
MAX_SOURCES = 256
MEASURE_S = 15.0
ADDED_SCHEMES = ("rtsp", "rtsps")
"""What a command may add. HTTP would follow wherever a server sends it; files are not for who sends commands."""


@dataclass(frozen=True, slots=True)
class StationOptions:
    """What holds for all sources."""

    cameras: CamerasConfig = CamerasConfig()
    max_fps: float = 10.0
    """Of sources that say nothing else."""


class Station:
    """An async context manager: sources are watched while it is open. Lives on the agent's event loop."""

    def __init__(
        self,
        core: Core,
        live: Live,
        vision: Encoder[Any, VideoFrame],
        options: StationOptions = StationOptions(),
        languages: dict[str, str] | None = None,
    ) -> None:
        """
        Args:
            core: whose clock and bus are used.
            live: attends to what the sources yield.
            vision: looks at pictures.
            options: for all sources.
            languages: told what is spoken at each source, before it is heard.
        """
        self._hardware: dict[str, Hardware] = {}
        self._languages = {} if languages is None else languages
        self._core, self._live, self._vision, self._options = core, live, vision, options
        self._tasks = Background()
        self._running: dict[str, asyncio.Task[None]] = {}
        self._known: dict[str, SourceConfig] = {}
        self._states: dict[str, str] = {}

    async def __aenter__(self) -> Self:
        await self._tasks.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._tasks.__aexit__(kind, error, trace)

    @property
    def sources(self) -> Mapping[str, SourceConfig]:
        """Those that are watched, or wait for their hours, by name."""
        return self._known

    def watch(self, source: SourceConfig) -> None:
        """Begin to watch; what stands in the way becomes `Health`."""
        try:
            self.add(source)
        except HeedError as error:
            self._tell(source.name, "failed", str(error))

    def add(self, source: SourceConfig) -> None:
        """Begin to watch.

        Raises:
            SourceError: one of that name is watched, there are too many, or the processor has no room for it.
        """
        if source.name in self._known:
            raise SourceError(f"a source {source.name!r} is watched already; remove it first, or give another name")
        if len(self._known) >= MAX_SOURCES:
            raise SourceError(f"{source.name!r} is refused: {MAX_SOURCES} sources are watched already")
        turns, fps = self._live.turns, source.max_fps or self._options.max_fps
        if refused := turns.admit(source.name, fps):
            raise SourceError(refused)
        turns.join(source.name, fps)
        if source.language:
            self._languages[source.name] = source.language
        task = self._tasks.start(self._attend(source))
        self._known[source.name], self._running[source.name] = source, task
        task.add_done_callback(lambda done: self._ended(source.name, done))

    def remove(self, name: str) -> None:
        """Watch it no longer.

        Raises:
            SourceError: there is none of that name.
        """
        if name not in self._known:
            raise SourceError(f"no source {name[:64]!r} is watched; watched: {', '.join(self._known) or 'none'}")
        self._running.pop(name).cancel()
        del self._known[name]
        self._live.turns.idles(name, 0.0)  # its place is free for others now; it leaves it when its task has ended
        self._tell(name, "ok", "it is watched no longer")

    async def renew(self, gone: Sequence[str], begin: Sequence[SourceConfig], cameras: CamerasConfig) -> dict[str, str]:
        """Bring another configuration into force. Whatever is not named here goes on untouched.

        Args:
            gone: watched no longer, if they are.
            begin: watched as they say now; one of the same name that is watched otherwise ends first.
            cameras: its networks hold from now on.

        Returns:
            Why a source is not watched now, by its name.
        """
        self._options = replace(self._options, cameras=replace(self._options.cameras, networks=cameras.networks))
        changed = [source.name for source in begin if self._known.get(source.name, source) != source]
        leaving = [name for name in (*gone, *changed) if name in self._known]
        ending = [self._running[name] for name in leaving]
        for name in leaving:
            self.remove(name)
        if ending:  # its name, its place and a user's conversation are free only then
            await asyncio.wait(ending)
        refused = {}
        for source in begin:
            if source.name in self._known:
                continue
            try:
                self.add(source)
            except SourceError as error:
                refused[source.name] = str(error)
                self._tell(source.name, "failed", str(error))
        return refused

    def telling(self, others: Callable[[Tell], None]) -> Callable[[Tell], None]:
        """Takes commands: those to `NAME` itself, all others by `others`."""

        def tell(command: Tell) -> None:
            if command.plugin != NAME:
                others(command)
                return
            try:
                line, ok = self._obey(command.command, dict(command.arguments)), True
            except HeedError as error:
                line, ok = str(error), False
            now_ns = self._core.clock.now_ns()
            self._core.bus.publish(PluginReply(now_ns, NAME, command.command[:64], line, ok, command.source))

        return tell

    def _obey(self, command: str, arguments: dict[str, str]) -> str:
        match command:
            case "list":
                told = [f"{name}: {self._states.get(name, 'starts')}" for name in self._known]
                return "; ".join(told) or "no source is watched"
            case "add":
                source = self._added(arguments)
                self.add(source)
                return f"{source.name} is watched"
            case "remove":
                self._allowed()
                name = arguments.get("name", "")
                self.remove(name)
                return f"{name} is watched no longer"
            case _:
                raise SourceError(f"unknown command {command[:64]!r}; known: list, add, remove")

    def _added(self, arguments: dict[str, str]) -> SourceConfig:
        """The source of a command: from outside, so nothing of it is believed."""
        self._allowed()
        name, url = arguments.get("name", ""), arguments.get("url", "")
        if wrong := wrong_name(name):
            raise SourceError(f"'name' is {wrong}")
        address = parse_url(url, {scheme: STREAM_PORTS[scheme] for scheme in ADDED_SCHEMES})
        try:
            host = ip_address(address.host)
        except ValueError:
            raise SourceError(f"{address.shown} must give the camera's address in numbers, not a name") from None
        if not any(host in ip_network(network) for network in self._options.cameras.networks):
            raise SourceError(f"{address.shown} is in none of the networks of 'cameras.networks'")
        try:
            source = SourceConfig(name, url, max_fps=float(arguments.get("max_fps", "0")))
        except ValueError:
            raise SourceError("'max_fps' must be a number") from None
        if wrong := wrong_source(source):
            raise SourceError(f"'{wrong}")
        return source

    def _allowed(self) -> None:
        if not self._options.cameras.networks:
            raise SourceError("no source may be added or removed by command: 'cameras.networks' is empty")

    def _ended(self, name: str, task: asyncio.Task[None]) -> None:
        if self._running.get(name) is task:
            del self._running[name], self._known[name]
        if name not in self._running:  # else it was added again meanwhile, and the place is the new one's
            self._states.pop(name, None)
            self._languages.pop(name, None)
            self._live.turns.leave(name)

    async def _attend(self, source: SourceConfig) -> None:
        """Watch in its hours, to its end; faults are said."""
        spans = [hours.parse(text) for text in source.hours]
        try:
            while True:
                closes_ns = await self._opens(source, spans)
                if await self._until(closes_ns, self._watch(source)):
                    return
                self._tell(source.name, "ok", "its hours are over")
        except HeedError as error:
            self._tell(source.name, "failed", str(error))
        except BaseExceptionGroup as group:
            foreseen, others = group.split(HeedError)
            if others is not None or foreseen is None:
                raise
            self._tell(source.name, "failed", str(_first(foreseen)))

    async def _opens(self, source: SourceConfig, spans: list[hours.Span]) -> int | None:
        """Wait for its hours; stream time of their end, None for never."""
        clock = self._core.clock
        while spans:
            now_ns = clock.now_ns()
            now = wall_time(clock, now_ns)
            if now is None:
                raise SourceError(f"{source.name} has hours, and the time of day is not known")
            change = hours.next_change(spans, now := now.astimezone())
            change_ns = None if change is None else now_ns + ns((change - now).total_seconds())
            if hours.is_open(spans, now):
                return change_ns
            when = "" if change is None else f" until {hours.DAYS[change.weekday()]} {change:%H:%M}"
            self._tell(source.name, "ok", f"not watched{when}, as its hours say")
            await clock.sleep_until(now_ns + ns(60) if change_ns is None else change_ns)
        return None

    async def _until(self, end_ns: int | None, work: Any) -> bool:
        """Do the work to its end (True), or until it is so late (False)."""
        if end_ns is None:
            await work
            return True
        tasks = [asyncio.ensure_future(work), asyncio.ensure_future(self._core.clock.sleep_until(end_ns))]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            if tasks[0].done():
                tasks[0].result()
                return True
            return False
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _watch(self, source: SourceConfig) -> None:
        """One connected camera, stream or recording, to its end."""
        core = self._core
        area = Area(source.masks, source.zones, source.only_zones)
        async with AsyncExitStack() as stack:
            user = await stack.enter_async_context(core.converse(source.name)) if source.user else None
            opened = await stack.enter_async_context(self._opened(source, area))
            is_live = isinstance(opened, LiveSource)
            fixed = is_live and source.fixed and not source.user
            vision = FixedCamera(self._vision, area, mounted=fixed) if fixed or source.zones else self._vision
            media = aiter(opened) if is_live else _hidden(opened if source.sound else opened.video(), area)
            measuring = asyncio.ensure_future(self._measure(source.name, opened)) if is_live else None
            try:
                await self._live.watch(source.name, media, user, vision)
            finally:
                if measuring is not None:
                    measuring.cancel()

    def _opened(self, source: SourceConfig, area: Area) -> Any:
        fps, core = source.max_fps or self._options.max_fps, self._core

        def on_health(health: Health) -> None:
            if health.component == f"camera:{source.name}":
                self._states[source.name] = f"{health.state}, {health.reason}"
            core.bus.publish(health)

        if "://" not in source.url:
            return FileSource(Path(source.url), source.name, pace=core.clock, max_fps=fps, on_health=on_health)
        live = LiveOptions(max_fps=fps, audio=source.sound, skip_still=not source.user, area=area)
        wanted = source.hardware_decoding or self._options.cameras.hardware_decoding
        hardware = self._hardware.setdefault(wanted, Hardware(wanted))
        return RtspSource(source.url, source.name, core.clock, on_health, RtspOptions(hardware=hardware, live=live))

    async def _measure(self, name: str, source: LiveSource) -> None:
        """What receiving and decoding takes decides how many more cameras may come."""
        clock = self._core.clock
        while True:
            await clock.sleep_until(clock.now_ns() + ns(MEASURE_S))
            if source.share:
                self._live.turns.idles(name, source.share)

    def _tell(self, name: str, state: HealthState, reason: str) -> None:
        if name in self._known:
            self._states[name] = f"{state}, {reason}"
        self._core.bus.publish(Health(f"camera:{name}", state, redact(reason), self._core.clock.now_ns()))


def _first(error: BaseException) -> BaseException:
    return _first(error.exceptions[0]) if isinstance(error, BaseExceptionGroup) else error


async def _hidden(media: AsyncIterator[Media], area: Area) -> AsyncIterator[Media]:
    async for item in media:
        yield replace(item, rgb=area.hide(item.rgb)) if isinstance(item, VideoFrame) else item
