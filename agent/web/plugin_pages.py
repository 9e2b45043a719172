"""`GET /api/plugins` and `GET /api/plugins/<name>/<path>`: which plugins run, and the pages that they serve."""

from __future__ import annotations

import re

from aiohttp import hdrs, web

from agent.switchboard import Switchboard
from agent.web.access import refuse
from plugins.contract import Request
from streams.errors import HeedError

MAX_PATH_CHARS = 256
MAX_QUERY = 16
_TYPE = re.compile(r"[a-z]+/[a-z0-9.+-]+(; ?charset=[a-z0-9-]+)?", re.IGNORECASE)
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    # A plugin's page is not heed's: it may run nothing that could use the visitor's token.
    "Content-Security-Policy": "sandbox; default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'",
    "Cache-Control": "no-store",
}


class PluginPages:
    """Serves what the plugins of one agent render; nothing until `board` is set."""

    def __init__(self) -> None:
        self.board: Switchboard | None = None

    async def listing(self, request: web.Request) -> web.Response:
        """The plugins that are switched on, each with its status line and what it offers."""
        hosts = {} if self.board is None else self.board.hosts
        listed = [
            {
                "name": name,
                "status": host.status,
                "commands": [{"name": command, "about": about} for command, about in host.offers.commands],
                "pages": [path for path, _ in host.offers.pages],
            }
            for name, host in hosts.items()
        ]
        return web.json_response({"plugins": listed}, headers={"Cache-Control": "no-store"})

    async def handle(self, request: web.Request) -> web.Response:
        """A plugin's page, or one line saying why not."""
        name, path = request.match_info["plugin"], request.match_info["path"]
        if self.board is None or name not in self.board.hosts:
            raise refuse(web.HTTPNotFound, f"no plugin {name[:64]!r} is switched on")
        if len(path) > MAX_PATH_CHARS or len(request.query) > MAX_QUERY:
            raise refuse(web.HTTPBadRequest, "the path or the query is too long")
        query = {key[:64]: value[:MAX_PATH_CHARS] for key, value in request.query.items()}
        try:
            page = await self.board.page(name, Request(path, query))
        except HeedError as error:
            raise refuse(web.HTTPServiceUnavailable, str(error)) from None
        if page is None:
            raise refuse(web.HTTPNotFound, f"the plugin {name} has no such page")
        content_type, body = page
        if not _TYPE.fullmatch(content_type):
            content_type = "application/octet-stream"
        return web.Response(body=body, headers={**_HEADERS, hdrs.CONTENT_TYPE: content_type})
