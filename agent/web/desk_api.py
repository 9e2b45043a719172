"""`/api/desk/...`: what the page for the person on duty reads. What it changes is in `agent.web.desk_acts`.

Whoever sent a request was judged by its route already (`agent.access.roles`). All numbers and texts are capped; a page
of a list is at most `MAX_PAGE` long; pictures are named by the number of their event, never by a path.
"""

from __future__ import annotations

from typing import Any

from aiohttp import web

from agent.archive.asked import MAX_QUESTION_CHARS
from agent.archive.records import MAX_NAME_CHARS
from agent.desk.desk import Desk
from agent.desk.reading import MAX_EVIDENCE, Wanted
from agent.web.access import refuse, who_of
from agent.web.desk_acts import DeskActs
from agent.web.desk_query import (
    PERCEIVED,
    day_of,
    day_span,
    filter_of,
    flag,
    incident_json,
    kinds_of,
    limit,
    moment_json,
    number,
    one_of,
    path_number,
    spans_of,
    text,
)
from streams.types import seconds

MAX_PAGE = 100
MAX_FOUND = 50
PARTS = 96
"""A day's timeline in quarters of an hour."""
SEVERITIES = ("info", "warning", "alarm")
FRESH = {"Cache-Control": "no-store"}


class DeskApi(DeskActs):
    """The handlers; 503 until `desk` is set."""

    def __init__(self) -> None:
        self._desk: Desk | None = None

    @property
    def desk(self) -> Desk:
        """What is read. Refuses where this server has none."""
        if self._desk is None:
            raise refuse(web.HTTPServiceUnavailable, "this heed has no desk")
        return self._desk

    @desk.setter
    def desk(self, desk: Desk) -> None:
        self._desk = desk

    def routes(self) -> list[web.RouteDef]:
        """All of them."""
        return [
            web.get("/api/desk/me", self.me),
            web.get("/api/desk/cameras", self.cameras),
            web.get("/api/desk/still/{source:.+}", self.still),
            web.get("/api/desk/incidents", self.incidents),
            web.get("/api/desk/incidents/{id}", self.incident),
            web.get("/api/desk/incidents/{id}/picture", self.incident_picture),
            web.get("/api/desk/timeline", self.timeline),
            web.get("/api/desk/search", self.search),
            web.get("/api/desk/summary", self.summary),
            web.get("/api/desk/evidence", self.evidence),
            web.get("/api/desk/picture/{id}", self.picture),
            web.get("/api/desk/health", self.health),
            *self.act_routes(),
        ]

    async def me(self, request: web.Request) -> web.Response:
        """Who asks, what they may, and what there is."""
        who, parts = who_of(request), self.desk.parts
        has = {"archive": parts.folder is not None, "alerts": "alerts" in parts.board.hosts}
        told = {"name": who.name, "role": who.role, "all": not who.cameras, **has}
        return web.json_response(told, headers=FRESH)

    async def cameras(self, request: web.Request) -> web.Response:
        """All cameras: configured ones, and what else has shown something."""
        desk, now_ns, who = self.desk, self.desk.parts.clock.now_ns(), who_of(request)
        seen, live = desk.stills.seen_ns(), desk.watchable()
        cameras = [
            {
                "name": name,
                "age_s": None if name not in seen else age_s(now_ns, seen[name]),
                "live": name in live,
                "state": "ok" if (health := desk.pulse.of(name)) is None else health.state,
                "reason": "" if health is None else health.reason,
            }
            for name in sorted({*desk.sources(), *seen, *live})
            if who.sees(name)
        ]
        unseen = await self.asked(desk.read(lambda r: r.unseen(who.cameras))) if desk.parts.folder is not None else 0
        return web.json_response({"cameras": cameras, "unseen": unseen}, headers=FRESH)

    async def still(self, request: web.Request) -> web.Response:
        """The newest picture of a camera."""
        desk = self.desk
        source = request.match_info["source"][:MAX_NAME_CHARS]
        still = desk.stills.get(source, desk.parts.clock.now_ns()) if who_of(request).sees(source) else None
        if still is None:
            raise refuse(web.HTTPNotFound, "no such camera has shown a picture yet")
        return _jpeg(still.jpeg, "no-store")

    async def incidents(self, request: web.Request) -> web.Response:
        """A page of incidents, the newest first: `before=<id>`, `limit`, `open=1`, `severity`, `camera`."""
        severity = one_of(request, "severity", ("", *SEVERITIES))
        wanted = Wanted(
            number(request, "before", 0),
            limit(request, 30, MAX_PAGE),
            flag(request, "open"),
            severity,
            text(request, "camera"),
            who_of(request).cameras,
        )
        found = await self.asked(self.desk.read(lambda r: r.incidents(wanted)))
        run = self.desk.parts.run()
        told = [incident_json(one, run) for one in found]
        return web.json_response({"incidents": told, "more": len(found) == wanted.limit}, headers=FRESH)

    async def incident(self, request: web.Request) -> web.Response:
        """An incident with its evidence."""
        which, cameras = path_number(request), who_of(request).cameras
        found = await self.asked(self.desk.read(lambda r: r.incident(which, cameras)))
        if found is None:
            raise refuse(web.HTTPNotFound, "there is no such incident")
        evidence = await self.asked(self.desk.read(lambda r: r.evidence(found)))
        told = incident_json(found, self.desk.parts.run())
        return web.json_response({**told, "evidence": [moment_json(m) for m in evidence]}, headers=FRESH)

    async def incident_picture(self, request: web.Request) -> web.Response:
        """The first picture of what an incident rests on."""
        which, cameras = path_number(request), who_of(request).cameras
        found = await self.asked(self.desk.read(lambda r: r.incident_picture(which, cameras)))
        if found is None:
            raise refuse(web.HTTPNotFound, "no picture of that incident is kept")
        return _jpeg(found, "private, max-age=60")

    async def timeline(self, request: web.Request) -> web.Response:
        """A camera's day: how busy each quarter of an hour was, and a page of moments, the newest first.

        `camera`, `day` (ISO; today by default), `kind` (repeatable), `before=<id>`, `limit`; with `from` and `to` only
        the moments between.
        """
        camera, whole, who = text(request, "camera"), day_of(request, self.desk.now()), who_of(request)
        kinds = kinds_of(request)
        if not who.sees(camera):
            raise refuse(web.HTTPNotFound, "there is no such camera")
        wanted = Wanted(number(request, "before", 0), limit(request, 50, MAX_PAGE))
        spans = spans_of(request)
        found = await self.asked(
            self.desk.read(lambda r: r.timeline(camera, spans[0] if spans else day_span(whole), kinds, wanted))
        )
        told: dict[str, Any] = {"moments": [moment_json(m) for m in found], "more": len(found) == wanted.limit}
        if not wanted.before:
            told["busy"] = await self.asked(self.desk.read(lambda r: r.busy(camera, day_span(whole), PARTS)))
            known = await self.asked(self.desk.read(lambda r: r.sources()))
            told["sources"] = [name for name in known if who.sees(name)]
        return web.json_response({"day": whole.isoformat(), **told}, headers=FRESH)

    async def search(self, request: web.Request) -> web.Response:
        """`q` in plain words, and `camera`, `kind`, `from`, `to`, `limit`."""
        question = text(request, "q", MAX_QUESTION_CHARS)
        found = await self.asked(self.desk.find(question, filter_of(request), limit(request, 20, MAX_FOUND)))
        return web.json_response({"moments": [moment_json(m) for m in found]}, headers=FRESH)

    async def summary(self, request: web.Request) -> web.Response:
        """A day in short: `day`."""
        told = await self.asked(self.desk.summary(day_of(request, self.desk.now())))
        notable = [moment_json(m) for m in told.notable]
        value = {"day": told.day.isoformat(), "events": told.events, "text": told.text, "notable": notable}
        return web.json_response(value, headers=FRESH)

    async def evidence(self, request: web.Request) -> web.Response:
        """The moments behind the percepts that an answer names: `id`, repeatable."""
        cameras = who_of(request).cameras
        names = [name[: 2 * MAX_NAME_CHARS] for name in request.query.getall("id", [])[:MAX_EVIDENCE]]
        run, now_ns = self.desk.parts.run(), self.desk.now_ns()
        found = await self.asked(self.desk.read(lambda r: r.named(names, run, now_ns)))
        found = [m for m in found if not cameras or (m.source in cameras and m.kind in PERCEIVED)]
        by_id = {f"{m.source}/archive{m.id}": m for m in found} | {m.name: m for m in found if m.run == run and m.name}
        told = [{"for": name, **moment_json(by_id[name])} for name in names if name in by_id]
        return web.json_response({"moments": told}, headers=FRESH)

    async def picture(self, request: web.Request) -> web.Response:
        """The picture of an event."""
        which, cameras = path_number(request), who_of(request).cameras
        found = await self.asked(self.desk.read(lambda r: r.picture(which, cameras)))
        if found is None:
            raise refuse(web.HTTPNotFound, "no picture of that moment is kept")
        return _jpeg(found, "private, max-age=600")

    async def health(self, request: web.Request) -> web.Response:
        """How all parts are doing, what is wrong first."""
        desk, now_ns = self.desk, self.desk.parts.clock.now_ns()
        parts = [
            {
                "component": h.component,
                "state": h.state,
                "reason": h.reason,
                "age_s": age_s(now_ns, h.t_ns),
            }
            for h in desk.pulse.all()
        ]
        plugins = [{"name": name, "status": host.status} for name, host in desk.parts.board.hosts.items()]
        return web.json_response({"parts": parts, "plugins": plugins}, headers=FRESH)


def age_s(now_ns: int, t_ns: int) -> float:
    """Seconds since then."""
    return max(0.0, round(seconds(now_ns - t_ns), 1))


def _jpeg(data: bytes, cache: str) -> web.Response:
    headers = {"Cache-Control": cache, "X-Content-Type-Options": "nosniff"}
    return web.Response(body=data, content_type="image/jpeg", headers=headers)
