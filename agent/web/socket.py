"""`GET /api/events`: the JSON lines out, commands in, over a WebSocket.

A socket has a written conversation of its own. It gets that one's lines, and what belongs to no call; with `?all=1` the
lines of all calls too. Both need the token, where there is one.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable

from aiohttp import WSCloseCode, WSMsgType, web

from agent import jsonl
from agent.bus import Bus
from agent.web.access import Access, refuse
from agent.web.metrics import WebMetrics
from agent.web.relay import error_line, take_command
from dialog.events import Event
from streams.clock import Clock
from streams.webrtc.lines import RateLimit

AUTH_TIMEOUT_S = 10.0
HEARTBEAT_S = 20.0
UNAUTHORISED = 4401


class EventSockets:
    """All open event sockets of a server."""

    def __init__(
        self,
        bus: Bus,
        clock: Clock,
        access: Access,
        metrics: WebMetrics,
        max_listeners: int,
        shows: Callable[[str, Event], bool] = lambda name, event: True,
    ) -> None:
        """`shows`: whether a socket of that name, which is that of its conversation, gets an event unasked."""
        self._shows = shows
        self._bus, self._clock, self._access, self._metrics = bus, clock, access, metrics
        self._max = max_listeners
        self._open: set[web.WebSocketResponse] = set()
        self._number = 0

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Serve one socket until either side closes it."""
        if len(self._open) >= self._max:
            raise refuse(web.HTTPServiceUnavailable, f"all {self._max} places for listeners are taken; try again later")
        socket = web.WebSocketResponse(heartbeat=HEARTBEAT_S, max_msg_size=jsonl.MAX_LINE_BYTES)
        self._open.add(socket)
        self._metrics.listeners.set(len(self._open))
        self._number += 1
        try:
            await socket.prepare(request)
            if self._access.knows_socket(request) or await self._authorised(socket):
                await self._serve(socket, f"web-{self._number}", request.query.get("all") == "1")
        finally:
            self._open.discard(socket)
            self._metrics.listeners.set(len(self._open))
        return socket

    async def close(self) -> None:
        """Close all."""
        for socket in list(self._open):
            await socket.close(code=WSCloseCode.GOING_AWAY, message=b"heed stops")

    async def _authorised(self, socket: web.WebSocketResponse) -> bool:
        """The first message must be `{"type": "auth", "token": ...}`."""
        try:
            message = await socket.receive(timeout=AUTH_TIMEOUT_S)
            value = json.loads(message.data) if message.type is WSMsgType.TEXT else None
        except (TimeoutError, ValueError, RecursionError):
            value = None
        token = value.get("token") if isinstance(value, dict) and value.get("type") == "auth" else None
        if isinstance(token, str) and self._access.knows(token):
            return True
        if not socket.closed:
            await socket.send_str(error_line('a token is needed: send {"type": "auth", "token": ...} first'))
            await socket.close(code=UNAUTHORISED, message=b"a token is needed")
        return False

    async def _serve(self, socket: web.WebSocketResponse, name: str, everything: bool) -> None:
        async with asyncio.TaskGroup() as group:
            sender = group.create_task(self._send(socket, name, everything))
            limit = RateLimit(self._clock)
            async for message in socket:
                if not limit.allow():
                    self._metrics.dropped.labels("socket").inc()
                    await _say(socket, error_line("too many messages; this connection ends"))
                    break
                if message.type is not WSMsgType.TEXT:
                    await _say(socket, error_line("a text message is expected, not bytes"))
                elif (answer := take_command(self._bus, message.data, name)) is not None:
                    await _say(socket, answer)
            sender.cancel()
            await socket.close()

    async def _send(self, socket: web.WebSocketResponse, name: str, everything: bool) -> None:
        with self._bus.listen(f"socket {name}") as events:
            try:
                async for event in events:
                    if everything or self._shows(name, event):
                        await _say(socket, jsonl.dumps(event))
            finally:
                self._metrics.dropped.labels("socket").inc(events.dropped)
        await socket.close(code=WSCloseCode.GOING_AWAY, message=b"heed stops")


async def _say(socket: web.WebSocketResponse, line: str) -> None:
    """Send, unless the other side has gone: its own end is noticed by the reading side."""
    try:
        await socket.send_str(line)
    except ConnectionError:
        return
