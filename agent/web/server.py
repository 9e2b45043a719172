"""The HTTP server of `heed run`."""

from __future__ import annotations

import asyncio
import errno
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler
from prometheus_client import CollectorRegistry

from agent.access.audit import Audit
from agent.bus import Bus
from agent.web.access import (
    Access,
    ServerError,
    WebOptions,
    check_name,
    check_options,
    person_name,
    refuse,
    who_of,
)
from agent.web.desk_api import DeskApi
from agent.web.login import Login
from agent.web.metrics import WebMetrics
from agent.web.pictures import Pictures
from agent.web.plugin_pages import PluginPages
from agent.web.sessions import Full, Limits, OnPeer, Place, Sessions, Taken, Unknown
from agent.web.socket import EventSockets
from dialog.events import Event
from streams.clock import Clock
from streams.errors import MediaError
from streams.types import NS
from streams.webrtc.peer import PeerOptions
from streams.webrtc.sdp import MAX_SDP_BYTES
from streams.webrtc.tasks import leave

STATIC = Path(__file__).parent / "static"
SDP = "application/sdp"
SHUTDOWN_S = 3.0
LOOK_EVERY_S = 5
"""How often calls and watchers are looked through for those whose log-in has ended."""
PAGE_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:; media-src 'self' blob: mediastream:; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}


class WebServer:
    """An async context manager: listens while it is open.

    Args:
        options: where to listen and whom to let in; checked here.
        bus: events go out from it and commands into it.
        on_peer: see `agent.web.sessions.OnPeer`.
        clock: the agent's.
        registry: for the metrics of `/metrics`; one of its own by default.
        peer_options: for every peer.
        pictures: of the moments in which something was seen; none by default.

    Raises:
        ServerError: unsafe options, or (on entering) a port that cannot be had. One line that says what to do.
    """

    def __init__(
        self,
        options: WebOptions,
        bus: Bus,
        on_peer: OnPeer,
        clock: Clock,
        registry: CollectorRegistry | None = None,
        peer_options: PeerOptions | None = None,
        pictures: Pictures | None = None,
    ) -> None:
        check_options(options)
        self.options = options
        self.metrics = WebMetrics(registry or CollectorRegistry())
        self.port = options.port
        """The port listened on, once open."""
        self._bus, self._clock = bus, clock
        self._access = Access(options, clock.now_ns)
        self.login = Login(self._access, clock.now_ns)
        self.desk = DeskApi()
        """The page for the person on duty; nothing until its `desk` is set."""
        self._pictures = Pictures() if pictures is None else pictures
        self.plugins = PluginPages()
        """Pages of plugins."""
        self.shows: Callable[[str, Event], bool] = lambda name, event: True
        """Which events a socket of that name gets that does not ask for all."""
        self.stuck: Callable[[], str] = lambda: ""
        """Why heed must be started anew; empty when it need not."""
        limits = Limits(options.max_peers, options.max_members, options.max_watchers)
        peer_options = peer_options or PeerOptions()
        self._ice_servers = peer_options.ice_servers
        self._sessions = Sessions(on_peer, bus, clock, peer_options, limits, self.metrics)
        self._sockets = EventSockets(
            bus, clock, self._access, self.metrics, options.max_listeners, lambda name, event: self.shows(name, event)
        )
        self._group = asyncio.TaskGroup()
        self._tasks: list[asyncio.Task[None]] = []
        self._runner = web.AppRunner(
            self._application(), handle_signals=False, access_log=None, shutdown_timeout=SHUTDOWN_S
        )

    @property
    def url(self) -> str:
        """Where a person on this machine opens it."""
        return f"http://{f'[{self.options.host}]' if ':' in self.options.host else self.options.host}:{self.port}"

    async def __aenter__(self) -> Self:
        await self._group.__aenter__()
        await self._runner.setup()
        site = web.TCPSite(self._runner, self.options.host, self.options.port)
        try:
            await site.start()
        except OSError as error:
            await self._runner.cleanup()
            await leave(self._group, None)
            raise self._cannot_listen(error) from error
        self.port = self._runner.addresses[0][1]
        self._tasks = [self._group.create_task(work) for work in (self._count(), self._keep())]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            await self._sockets.close()
            await self._sessions.close()
            await self._runner.cleanup()
        finally:
            self.login.close()
            for task in self._tasks:
                task.cancel()
            await leave(self._group, error)

    def _cannot_listen(self, error: OSError) -> ServerError:
        where = f"{self.options.host}:{self.options.port}"
        if error.errno == errno.EADDRINUSE:
            return ServerError(f"{where} is in use, perhaps by another heed: stop it, or set another [web] port")
        if error.errno == errno.EACCES:
            return ServerError(f"{where} needs rights that heed has not: set a [web] port of 1024 or more")
        return ServerError(f"cannot listen on {where}: {error.strerror or error}; check [web] host and port")

    async def _count(self) -> None:
        with self._bus.listen("metrics", 4096) as events:
            async for event in events:
                self.metrics.count(event)

    async def _keep(self) -> None:
        """Hang up on whoever was removed, or given another role, while they were connected."""
        while True:
            await self._clock.sleep_until(self._clock.now_ns() + LOOK_EVERY_S * NS)
            await self._sessions.keep(self._access.still)

    def _application(self) -> web.Application:
        app = web.Application(middlewares=[self._guard], client_max_size=MAX_SDP_BYTES)
        app.add_routes(
            [
                web.get("/", self._page),
                web.get("/desk", self._desk_page),
                web.post("/api/login", self.login.login),
                web.post("/api/logout", self.login.logout),
                *self.desk.routes(),
                web.get("/healthz", self._healthz),
                web.get("/metrics", self._metrics_page),
                web.get("/api/events", self._sockets.handle),
                web.get("/api/ice", self._ice),
                web.post("/api/call", self._call),
                web.options("/api/call", self._accepts),
                web.delete("/api/call/{session}", self._end),
                web.post("/whip/{name}", self._whip),
                web.options("/whip/{name}", self._accepts),
                web.delete("/whip/{name}/{session}", self._end),
                web.patch("/whip/{name}/{session}", self._no_trickle),
                web.get("/api/picture/{percept:.+}", self._pictures.handle),
                web.get("/api/plugins", self.plugins.listing),
                web.get("/api/plugins/{plugin}/{path:.+}", self.plugins.handle),
                web.post("/whep/{name}", self._whep),
                web.options("/whep/{name}", self._accepts),
                web.delete("/whep/{name}/{session}", self._end),
                web.patch("/whep/{name}/{session}", self._no_trickle),
                web.static("/static", STATIC),
            ]
        )
        return app

    @web.middleware
    async def _guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Host, origin and token before anything else; every refusal is one line, and counted."""
        try:
            self._access.check_origin(request)
            if request.path != "/api/events":  # a socket may send its token as first message
                self._access.admit(request)
            response = await handler(request)
            if request.path.startswith("/static/"):  # scripts of two versions of heed must not meet in one page
                response.headers[hdrs.CACHE_CONTROL] = "no-cache"
            return response
        except web.HTTPRequestEntityTooLarge as error:
            self.metrics.refused.labels("413").inc()
            line = f"the body is larger than {MAX_SDP_BYTES} bytes\n"
            return web.Response(status=error.status, text=line, headers={hdrs.CONNECTION: "close"})
        except web.HTTPException as error:
            if error.status >= 400:
                self.metrics.refused.labels(str(error.status)).inc()
            raise

    async def _call(self, request: web.Request) -> web.Response:
        name, room = request.query.get("name", ""), request.query.get("room", "")
        check_name(name or "call")
        speaker = person_name(request.query.get("speaker", "")) or name
        echoes = request.query.get("echo_cancellation") != "on"
        name = name or self._sessions.free_name()
        place = Place(name, "call", check_name(room) if room else "", speaker, echoes, who_of(request))
        return await self._open(request, place, "/api/call")

    async def _whip(self, request: web.Request) -> web.Response:
        name = check_name(request.match_info["name"])
        return await self._open(request, Place(name, "publish", who=who_of(request)), f"/whip/{name}")

    async def _whep(self, request: web.Request) -> web.Response:
        name = check_name(request.match_info["name"])
        if not who_of(request).sees(name):
            raise refuse(web.HTTPForbidden, f"{who_of(request).name} may not see that camera")
        return await self._open(request, Place(name, "watch", who=who_of(request)), f"/whep/{name}")

    async def _open(self, request: web.Request, place: Place, path: str) -> web.Response:
        if request.content_type != SDP:
            error = refuse(web.HTTPUnsupportedMediaType, f"send an SDP offer as Content-Type: {SDP}")
            error.headers["Accept-Post"] = SDP
            raise error
        try:
            offer = (await request.read()).decode()
        except UnicodeDecodeError:
            raise refuse(web.HTTPBadRequest, "the SDP offer is not UTF-8 text") from None
        try:
            session, answer = await self._sessions.open(self._group, place, offer)
        except Full as error:
            busy = refuse(web.HTTPServiceUnavailable, str(error))
            busy.headers["Retry-After"] = "10"
            raise busy from None
        except Taken as error:
            raise refuse(web.HTTPConflict, str(error)) from None
        except Unknown as error:
            raise refuse(web.HTTPNotFound, str(error)) from None
        except MediaError as error:
            raise refuse(web.HTTPBadRequest, str(error)) from None
        headers = {"Location": f"{path}/{session}", "ETag": f'"{session[:8]}"', "Cache-Control": "no-store"}
        return web.Response(status=201, text=answer, content_type=SDP, headers=headers)

    async def _end(self, request: web.Request) -> web.Response:
        name, session = request.match_info.get("name"), request.match_info["session"]
        known = self._sessions.name_of(session)
        if known is None or (name is not None and name != known) or not await self._sessions.end(session):
            raise refuse(web.HTTPNotFound, "no such session: it has ended already")
        return web.Response(status=200)

    async def _no_trickle(self, request: web.Request) -> web.Response:
        """RFC 9725 section 4.3: a server with neither trickle ICE nor ICE restarts answers 405."""
        line = "candidates go into the offer, and a lost connection is offered anew\n"
        return web.Response(status=405, text=line, headers={"Allow": "DELETE"})

    async def _accepts(self, request: web.Request) -> web.Response:
        return web.Response(status=204, headers={"Accept-Post": SDP, "Allow": "OPTIONS, POST"})

    async def _ice(self, request: web.Request) -> web.Response:
        """The STUN and TURN servers that the page shall use: an `RTCConfiguration`; none by default."""
        servers = [server.to_dict() for server in self._ice_servers]
        return web.json_response({"iceServers": servers}, headers={"Cache-Control": "no-store"})

    async def _healthz(self, request: web.Request) -> web.Response:
        if reason := self.stuck():
            return web.json_response({"status": "failed", "reason": reason}, status=503)
        return web.json_response({"status": "ok", "peers": len(self._sessions)})

    async def _metrics_page(self, request: web.Request) -> web.Response:
        return web.Response(body=self.metrics.page(), headers={"Content-Type": "text/plain; version=0.0.4"})

    @property
    def watchable(self) -> frozenset[str]:
        """Whose sound and pictures can be watched live (WHEP) now."""
        return self._sessions.watchable()

    @property
    def audit(self) -> Audit | None:
        """Where what people do is written down; None: nowhere."""
        return self.login.audit

    @audit.setter
    def audit(self, audit: Audit) -> None:
        self.login.audit = self._sockets.audit = audit

    async def _page(self, request: web.Request) -> web.FileResponse:
        return web.FileResponse(STATIC / "index.html", headers=PAGE_HEADERS)

    async def _desk_page(self, request: web.Request) -> web.FileResponse:
        return web.FileResponse(STATIC / "desk.html", headers=PAGE_HEADERS)
