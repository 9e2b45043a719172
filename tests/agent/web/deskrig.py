"""A whole desk for tests: a real server, archive and alerts plugin; only the language model is a small stand-in."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import aiohttp
import cv2
import numpy as np

from agent.access import users
from agent.access.audit import Audit
from agent.archive.attach import archived
from agent.archive.config import ArchiveConfig
from agent.archive.keeper import Keeper
from agent.beside import hosts_for
from agent.bus import Bus
from agent.config import Config, PluginsConfig, SourceConfig, data_folder
from agent.core import Core, CoreOptions
from agent.desk.attach import desk_of
from agent.desk.desk import Desk
from agent.live import Live, Senses
from agent.plugins import switched_on
from agent.services import AgentServices, Outlet
from agent.switchboard import Switchboard
from agent.web.access import WebOptions
from agent.web.pictures import Pictures
from agent.web.server import WebServer
from agent.wiring import start_plugins
from streams.clock import MonotonicClock
from streams.types import NS, Kind, Percept, VideoFrame
from tests.fakes import FakeMind, NoVoice, organs

RULES = ({"name": "somebody", "objects": ["person"], "severity": "alarm"}, {"name": "fire", "words": ["fire"]})
PASSWORD = "correct horse battery"
PEOPLE = {"vera": "view", "otto": "operate", "ada": "administer"}
Look = Callable[[str, int], Any]


def scene(name: str, n: int) -> Any:
    """A picture `[360, 640, 3]` of a camera: a yard with a wall, and somebody who walks."""
    hue = sum(map(ord, name)) % 60
    rgb = np.zeros((360, 640, 3), np.uint8)
    rgb[:] = np.linspace([90 + hue, 110, 120], [60, 70 + hue, 60], 360)[:, None, :].astype(np.uint8)
    cv2.rectangle(rgb, (380, 90), (600, 240), (120, 80 + hue, 70), -1)
    cv2.rectangle(rgb, (450, 140), (520, 240), (70, 50, 40), -1)
    x = 60 + 25 * n % 500
    cv2.ellipse(rgb, (x, 240), (18, 52), 0, 0, 360, (40, 50, 90 + hue), -1)
    cv2.circle(rgb, (x, 172), 16, (205, 170, 140), -1)
    return rgb


@dataclass
class DeskRig:
    """What a test moves and looks at."""

    server: WebServer
    desk: Desk
    core: Core
    board: Switchboard
    keeper: Keeper | None
    pictures: Pictures
    mind: FakeMind
    n: int = 0
    seen: dict[str, int] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return self.server.url

    def show(self, camera: str, percepts: tuple[Percept, ...] = ()) -> None:
        """A camera sends a picture."""
        n = self.seen[camera] = self.seen.get(camera, 0) + 1
        frame = VideoFrame(camera, self.core.clock.now_ns(), scene(camera, n))
        self.desk.beside(self.pictures.on_frame)(frame, percepts)

    async def see(self, text: str, camera: str = "gate", kind: Kind = "object") -> str:
        """A camera perceives something; returns the percept's id."""
        self.n += 1
        now_ns = self.core.clock.now_ns()
        box = (0.4, 0.3, 0.1, 0.5)
        percept = Percept(f"{camera}/v{self.n}", kind, camera, now_ns, now_ns, text, 0.9, box)
        self.show(camera, (percept,))
        await self.core.observe(now_ns, [percept])
        return percept.id

    async def kept(self) -> None:
        """Return once the archive has all."""
        assert self.keeper is not None
        await self.keeper.flush()


@asynccontextmanager
async def desk_rig(
    folder: Path,
    people: dict[str, str] | None = None,
    archive: bool = True,
    shown: tuple[str, ...] = (),
    **options: Any,
) -> AsyncIterator[DeskRig]:
    """`HEED_DATA` must be set. `shown`: cameras that have sent a picture already."""
    for name, role in (people or {}).items():
        users.add(data_folder() / users.FILE, name, role, PASSWORD)  # type: ignore[arg-type]
    config = replace(
        Config(),
        archive=ArchiveConfig(enabled=archive, folder=str(folder / "archive"), min_free_mb=0),
        plugins=PluginsConfig(("alerts",), "none", tables={"alerts": {"rules": list(RULES), "home_assistant": False}}),
        sources=(SourceConfig("yard", "rtsp://192.0.2.1/x"),),
    )
    bus, clock, mind = Bus(), MonotonicClock(), FakeMind()
    with ThreadPoolExecutor(2) as pool:
        async with AsyncExitStack() as stack:
            board = Switchboard(bus.publish, clock)
            parts = replace(organs(clock, bus, pool, mind), tools=board.tool)
            core = await stack.enter_async_context(Core(parts, bus, CoreOptions()))
            pictures = Pictures()
            stack.enter_context(bus.tap(pictures.on_event))
            archive = await stack.enter_async_context(archived(config, clock, bus, pictures.get))
            keeper = archive.keeper
            desk = await stack.enter_async_context(desk_of(config, clock, bus, board, keeper))
            live = Live(core, Senses(NoVoice(), NoVoice(), NoVoice(), pool, pool, pool), desk.beside(pictures.on_frame))
            web = WebOptions(port=0, users=data_folder() / users.FILE, **options)
            server = WebServer(web, bus, live.attend, clock, None, None, pictures)
            server.plugins.board, server.shows = board, live.shows
            server.desk.desk, server.audit, desk.watchable = desk, desk.parts.audit, lambda: server.watchable
            await stack.enter_async_context(server)
            services = AgentServices(core, lambda tokens: FakeMind(), pictures, Outlet("heed", False))
            hosts = hosts_for(config, core, switched_on(config), services)
            await start_plugins(stack, board, core, hosts, Outlet("heed", False))
            for host in hosts:
                await host.settled()
            rig = DeskRig(server, desk, core, board, keeper, pictures, mind)
            for camera in shown:
                rig.show(camera)
            yield rig


def audit_of(rig: DeskRig) -> list[tuple[str, str]]:
    """Who did what, the oldest first."""
    log: Audit = rig.desk.parts.audit
    return [(line["who"], line["what"]) for line in reversed(log.last(500))]


__all__ = ["NS", "PASSWORD", "PEOPLE", "DeskRig", "audit_of", "desk_rig", "scene"]


def session(**options: Any) -> aiohttp.ClientSession:
    return aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True), **options)  # cookies of an IP address too


async def status(response: Any) -> int:
    async with response as answer:
        body = (await answer.read()).decode("utf-8", "replace")
        if answer.status >= 400:
            assert body.count("\n") <= 1 and len(body) < 500, body  # one line, no traceback
        return int(answer.status)


async def log_in(http: aiohttp.ClientSession, rig: DeskRig, name: str, password: str = PASSWORD) -> int:
    return await status(http.post(f"{rig.url}/api/login", json={"name": name, "password": password}))
