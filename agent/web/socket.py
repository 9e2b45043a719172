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
from agent.access.audit import Audit
from agent.access.roles import Who
from agent.bus import Bus
from agent.web.access import Access, refuse
from agent.web.metrics import WebMetrics
from agent.web.relay import error_line, take_command
from dialog.events import Command, Event, Tell
from streams.clock import Clock
from streams.webrtc.lines import RateLimit

AUTH_TIMEOUT_S = 10.0
HEARTBEAT_S = 20.0
UNAUTHORISED = 4401
FORBIDDEN = 4403


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
        self.audit: Audit | None = None
        """Where commands to plugins are written down."""
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
            name = f"web-{self._number}"
            who = self._access.knows_socket(request) or await self._authorised(socket)
            if who is not None and who.cameras:  # its lines tell of all cameras, and so do answers
                await _say(socket, error_line(f"{who.name} sees some cameras alone; this tells of all"))
                await socket.close(code=FORBIDDEN, message=b"this tells of all cameras")
            elif who is not None:
                await self._serve(socket, name, request.query.get("all") == "1", who)
        finally:
            self._open.discard(socket)
            self._metrics.listeners.set(len(self._open))
        return socket

    async def close(self) -> None:
        """Close all."""
        for socket in list(self._open):
            await socket.close(code=WSCloseCode.GOING_AWAY, message=b"heed stops")

    async def _authorised(self, socket: web.WebSocketResponse) -> Who | None:
        """The first message must be `{"type": "auth", "token": ...}`."""
        try:
            message = await socket.receive(timeout=AUTH_TIMEOUT_S)
            value = json.loads(message.data) if message.type is WSMsgType.TEXT else None
        except (TimeoutError, ValueError, RecursionError):
            value = None
        token = value.get("token") if isinstance(value, dict) and value.get("type") == "auth" else None
        if isinstance(token, str) and (who := self._access.knows(token)) is not None:
            return who
        if not socket.closed:
            await socket.send_str(error_line('a token is needed: send {"type": "auth", "token": ...} first'))
            await socket.close(code=UNAUTHORISED, message=b"a token is needed")
        return None

    async def _serve(self, socket: web.WebSocketResponse, name: str, everything: bool, who: Who) -> None:
        def note(command: Command) -> None:
            if isinstance(command, Tell) and command.command != "list" and self.audit is not None:
                self.audit.note(who.name, f"{command.plugin} {command.command}"[:40], about(command))

        async with asyncio.TaskGroup() as group:
            sender = group.create_task(self._send(socket, name, everything, who))
            limit = RateLimit(self._clock)
            async for message in socket:
                if not limit.allow():
                    self._metrics.dropped.labels("socket").inc()
                    await _say(socket, error_line("too many messages; this connection ends"))
                    break
                if not self._access.still(who):
                    await _end(socket)
                    break
                if message.type is not WSMsgType.TEXT:
                    await _say(socket, error_line("a text message is expected, not bytes"))
                elif (answer := take_command(self._bus, message.data, name, who, note)) is not None:
                    await _say(socket, answer)
            sender.cancel()
            await socket.close()

    async def _send(self, socket: web.WebSocketResponse, name: str, everything: bool, who: Who) -> None:
        with self._bus.listen(f"socket {name}") as events:
            try:
                async for event in events:
                    if not self._access.still(who):
                        return await _end(socket)
                    if everything or self._shows(name, event):
                        await _say(socket, jsonl.dumps(event))
            finally:
                self._metrics.dropped.labels("socket").inc(events.dropped)
        await socket.close(code=WSCloseCode.GOING_AWAY, message=b"heed stops")


def about(command: Tell) -> str:
    """The arguments of a command in a line."""
    return ", ".join(f"{key}={value}" for key, value in command.arguments)


async def _end(socket: web.WebSocketResponse) -> None:
    """Close the socket of somebody who is no longer let in."""
    await socket.close(code=UNAUTHORISED, message=b"the log-in has ended")


async def _say(socket: web.WebSocketResponse, line: str) -> None:
    """Send, unless the other side has gone: its own end is noticed by the reading side."""
    try:
        await socket.send_str(line)
    except ConnectionError:
        return
