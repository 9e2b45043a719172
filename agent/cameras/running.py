"""Asks a running heed to watch sources, over its WebSocket `/api/events`."""

from __future__ import annotations

import ipaddress
import json
import socket
from collections.abc import Sequence
from typing import Any

import aiohttp

from agent.cameras.config import SourceConfig
from agent.cameras.station import NAME
from streams.errors import SourceError

MAX_LINE_BYTES = 1024 * 1024
TIMEOUT_S = 10.0


def in_numbers(host: str) -> str:
    """The address of a host: what a running heed wants of a command. Blocking.

    Raises:
        SourceError: there is no such host.
    """
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        pass
    try:
        return str(socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)[0][4][0])
    except OSError as error:
        raise SourceError(f"{host!r} has no address ({error.strerror})") from None


async def add(url: str, token: str, sources: Sequence[SourceConfig]) -> list[tuple[bool, str]]:
    """Whether each source is watched from now on, and the line that heed answers.

    Args:
        url: of the running heed, such as `http://127.0.0.1:8770`.
        token: of it, if it wants one.
        sources: their name, address and rate are told, nothing else.

    Raises:
        SourceError: no heed answers there, or it does not take commands.
    """
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    limit = aiohttp.ClientTimeout(total=None, connect=TIMEOUT_S)
    try:
        async with (
            aiohttp.ClientSession(headers=headers, timeout=limit) as session,
            session.ws_connect(f"{url}/api/events", max_msg_size=MAX_LINE_BYTES) as link,
        ):
            return [await _add(link, source) for source in sources]
    except aiohttp.WSServerHandshakeError as error:
        why = "a token is needed: set HEED_WEB_TOKEN" if error.status in (401, 403) else f"status {error.status}"
        raise SourceError(f"the heed at {url} does not take it: {why}") from None
    except TimeoutError:
        raise SourceError(f"the heed at {url} does not answer in time") from None
    except (aiohttp.ClientError, OSError):
        raise SourceError(f"no heed answers at {url}; is `heed run` on?") from None


async def _add(link: aiohttp.ClientWebSocketResponse, source: SourceConfig) -> tuple[bool, str]:
    command = {"type": "plugin", "plugin": NAME, "command": "add", "name": source.name, "url": source.url}
    if source.max_fps:
        command["max_fps"] = f"{source.max_fps:g}"
    await link.send_str(json.dumps(command))
    while True:
        message = await link.receive(timeout=TIMEOUT_S)
        if message.type is not aiohttp.WSMsgType.TEXT:
            raise SourceError("the running heed ended the connection")
        told: Any = json.loads(message.data)
        if told.get("type") == "error":
            raise SourceError(f"the running heed answers: {told.get('reason')}")
        if told.get("type") == "plugin" and told.get("plugin") == NAME:
            return bool(told.get("ok")), str(told.get("text"))
