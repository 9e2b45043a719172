"""`/api/desk/...`: what people change. Each act is written down with who did it, before or as soon as it is done."""

from __future__ import annotations

import json
from collections.abc import Awaitable
from typing import Any, TypeVar

from aiohttp import web

from agent import jsonl
from agent.access.roles import Who
from agent.archive.asked import MAX_QUESTION_CHARS, Filter
from agent.archive.records import ARCHIVED, MAX_NAME_CHARS
from agent.archive.schema import ArchiveError
from agent.desk.desk import ALERTS, Busy, Chosen, Desk
from agent.desk.marks import Verdict
from agent.web.access import refuse, who_of
from agent.web.desk_query import filter_of, incident_json, moment_json, path_number, span_of, text
from agent.web.login import body_of, text_of
from dialog.events import Tell
from streams.errors import HeedError, MediaError

T = TypeVar("T")

RULE_COMMANDS = ("add", "change", "remove")
MAX_EXPORT = 200_000
"""Events in one file; more are taken in several times."""


class DeskActs:
    """The handlers that change something, or take something away."""

    desk: Desk

    def act_routes(self) -> list[web.RouteDef]:
        """All of them."""
        return [
            web.post("/api/desk/incidents/{id}/{act}", self.act),
            web.get("/api/desk/rules", self.rules),
            web.post("/api/desk/rules", self.change_rule),
            web.get("/api/desk/audit", self.audit),
            web.get("/api/desk/export", self.export),
            web.post("/api/desk/delete", self.delete),
        ]

    async def asked(self, work: Awaitable[T]) -> T:
        """The answer of the desk; its errors as HTTP's."""
        try:
            return await work
        except (ArchiveError, Busy) as error:
            raise refuse(web.HTTPServiceUnavailable, str(error)) from None

    async def act(self, request: web.Request) -> web.Response:
        """`acknowledge`, `useful` or `not_useful`: the incident as it is then, and what its rule makes of it."""
        which, what, who = path_number(request), request.match_info["act"], who_of(request)
        await body_of(request)
        line = "acknowledged"
        if what == "acknowledge":
            found = await self.asked(self.desk.acknowledge(which, who))
        elif what in ("useful", "not_useful"):
            verdict: Verdict = "useful" if what == "useful" else "not_useful"
            judged = await self.asked(self.desk.judge(which, who, verdict))
            found, line = judged if judged is not None else (None, "")
        else:
            raise refuse(web.HTTPNotFound, "an incident can be: acknowledge, useful, not_useful")
        if found is None:
            raise refuse(web.HTTPNotFound, "there is no such incident")
        self.note(request, what, f"{found.rule} at {found.first.began.isoformat(timespec='seconds')}")
        told = incident_json(found, self.desk.parts.run())
        return web.json_response({"incident": told, "line": line}, headers={"Cache-Control": "no-store"})

    async def rules(self, request: web.Request) -> web.Response:
        """The rules of alerts."""
        try:
            body = await self.desk.rules()
        except HeedError as error:
            raise refuse(web.HTTPServiceUnavailable, str(error)) from None
        headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
        return web.Response(body=body, content_type="application/json", headers=headers)

    async def change_rule(self, request: web.Request) -> web.Response:
        """`{"command": "add" | "change" | "remove", "rule": {"name": ..., ...}}`; the plugin's line."""
        value = await body_of(request)
        command, rule = text_of(value, "command", 20), value.get("rule")
        if command not in RULE_COMMANDS or not isinstance(rule, dict):
            raise refuse(web.HTTPBadRequest, "send 'command' (add, change or remove) and 'rule', an object")
        line = json.dumps({**rule, "type": "plugin", "plugin": ALERTS, "command": command})
        try:
            told = jsonl.command_from(line, "desk")
            assert isinstance(told, Tell)
            answer = await self.desk.rule(command, dict(told.arguments))
        except (MediaError, HeedError) as error:
            self.note(request, f"rule {command} refused", str(rule.get("name", "")))
            raise refuse(web.HTTPUnprocessableEntity, str(error)) from None
        self.note(request, f"rule {command}", ", ".join(f"{key}={item}" for key, item in told.arguments))
        return web.json_response({"line": answer}, headers={"Cache-Control": "no-store"})

    async def audit(self, request: web.Request) -> web.Response:
        """What people did last."""
        lines = await self.asked(self.desk.audited(200))
        return web.json_response({"lines": lines}, headers={"Cache-Control": "no-store"})

    async def export(self, request: web.Request) -> web.StreamResponse:
        """A part of the archive as JSON lines: `camera`, `kind`, `from`, `to`, `words`."""
        chosen = Chosen(filter_of(request), text(request, "words", MAX_QUESTION_CHARS))
        if not self.note(request, "export", described(chosen)):
            raise refuse(web.HTTPServiceUnavailable, "it cannot be written down who exports what: not exported")
        await self.asked(self.desk.read(lambda reading: None))  # refuses before the answer has begun
        response = web.StreamResponse(
            headers={
                "Content-Type": "application/x-ndjson",
                "Content-Disposition": 'attachment; filename="heed-events.jsonl"',
                "Cache-Control": "no-store",
                "X-Content-Type-Options": "nosniff",
            }
        )
        await response.prepare(request)
        n = 0
        async for batch in self.desk.export(chosen):
            lines = (json.dumps(moment_json(one), ensure_ascii=False) for one in batch)
            await response.write(("\n".join(lines) + "\n").encode())
            if (n := n + len(batch)) >= MAX_EXPORT:
                break
        await response.write_eof()
        return response

    async def delete(self, request: web.Request) -> web.Response:
        """`{"camera", "kinds", "from", "to", "words"}` tells how many events that are; with `expected`, so many, it
        deletes them, with their pictures and all traces."""
        value = await body_of(request)
        chosen, expected = chosen_of(value), value.get("expected")
        if chosen.everything:
            raise refuse(web.HTTPBadRequest, "say what to delete: a camera, a time, kinds or words")
        if expected is None:
            found = await self.asked(self.desk.count(chosen))
            return web.json_response({"found": found}, headers={"Cache-Control": "no-store"})
        if not isinstance(expected, int) or isinstance(expected, bool):
            raise refuse(web.HTTPBadRequest, "'expected' must be a whole number")
        if not self.note(request, "delete", f"{expected} events: {described(chosen)}"):
            raise refuse(web.HTTPServiceUnavailable, "it cannot be written down who deletes what: not deleted")
        try:
            gone = await self.asked(self.desk.delete(chosen, expected))
        except HeedError as error:
            raise refuse(web.HTTPConflict, str(error)) from None
        return web.json_response({"deleted": gone}, headers={"Cache-Control": "no-store"})

    def note(self, request: web.Request, what: str, about: str) -> bool:
        """Write down what somebody does."""
        who: Who = who_of(request)
        return self.desk.parts.audit.note(who.name, what, about, request.remote or "")


def chosen_of(value: dict[str, Any]) -> Chosen:
    """The part of the archive that a JSON object names."""
    camera, kinds = text_of(value, "camera", MAX_NAME_CHARS), value.get("kinds", [])
    if not isinstance(kinds, list) or any(kind not in ARCHIVED for kind in kinds):
        raise refuse(web.HTTPBadRequest, f"'kinds' must be a list of {', '.join(ARCHIVED)}")
    spans = span_of(text_of(value, "from", 40), text_of(value, "to", 40))
    only = Filter(spans, (camera,) if camera else (), tuple(dict.fromkeys(kinds)))
    return Chosen(only, text_of(value, "words", MAX_QUESTION_CHARS))


def described(chosen: Chosen) -> str:
    """A part of the archive in a line, for the log; words that were searched for are not told: they may be what is to
    be forgotten."""
    only = chosen.only
    parts = [*only.sources, *only.kinds, *(f"{begin}..{end}" for begin, end in only.spans)]
    parts += ["some words"] if chosen.words else []
    return " ".join(parts) or "everything"
