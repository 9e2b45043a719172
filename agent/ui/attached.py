"""A running `heed run`, over its WebSocket `/api/events`: the same events and commands. Comes back by itself."""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from agent.ui.backend import note, status
from agent.ui.inbox import Inbox
from streams.channel import Channel
from streams.errors import HeedError

if TYPE_CHECKING:
    import aiohttp

MAX_MESSAGE_BYTES = 1024 * 1024
MAX_PICTURE_BYTES = 2 * 1024 * 1024
TIMEOUT_S = 10.0
HEARTBEAT_S = 20.0
RETRY_S = (0.5, 1.0, 2.0)
_REFUSED = (401, 403, 4401)


class AttachError(HeedError):
    """The address cannot be used."""

    code = "attach"


def checked_url(url: str) -> str:
    """The base address of an agent, without a slash at its end.

    Raises:
        AttachError: it is not `http://host:port` or `https://...`.
    """
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        usable = False
    if not usable or parts.username or parts.query or parts.fragment:
        raise AttachError("--attach takes the address of a running heed, such as http://127.0.0.1:8770")
    return url.rstrip("/")


class AttachedAgent:
    """A `Backend` over the network."""

    def __init__(self, url: str, token: str = "") -> None:
        self._url, self._token = checked_url(url), token
        self._commands: Channel[Mapping[str, Any]] = Channel(64, "wait", "commands")
        self._open = False
        self._session: aiohttp.ClientSession | None = None

    async def run(self, inbox: Inbox) -> None:
        inbox.offer(status("loading", f"connecting to {self._url}"))
        # The import takes a tenth of a second or more: the prompt need not wait for it.
        aio = await asyncio.to_thread(importlib.import_module, "aiohttp")
        headers = {"Authorization": f"Bearer {self._token}"} if self._token else {}
        tries = 0
        async with aio.ClientSession(headers=headers) as session:
            self._session = session
            while True:
                try:
                    async with session.ws_connect(
                        f"{self._url}/api/events?all=1", heartbeat=HEARTBEAT_S, max_msg_size=MAX_MESSAGE_BYTES
                    ) as socket:
                        await self._talk(socket, inbox)
                        code, why = socket.close_code, "the connection ended"
                    tries = 0
                except aio.WSServerHandshakeError as error:
                    code, why = error.status, f"it refuses ({error.status})"
                except (aio.ClientError, OSError, TimeoutError) as error:
                    code, why = None, _reason(error)
                if code in _REFUSED:
                    why = "it needs the right token: --token, or HEED_WEB_TOKEN"
                    inbox.offer(note(f"{self._url}: {why}"))
                    inbox.offer(status("failed", why))
                    return
                inbox.offer(status("lost", f"{self._url}: {why}; trying again"))
                await asyncio.sleep(RETRY_S[min(tries, len(RETRY_S) - 1)])
                tries += 1

    def send(self, command: Mapping[str, Any]) -> bool:
        return self._open and self._commands.offer(command)

    def watch(self, url: str) -> str:
        return "the agent is elsewhere: its config.toml says what it watches"

    async def picture(self, percept_id: str) -> bytes | None:
        if self._session is None or not self._open:
            return None
        aio = importlib.import_module("aiohttp")
        address = f"{self._url}/api/picture/{quote(percept_id, safe='/')}"
        try:
            limit = aio.ClientTimeout(total=TIMEOUT_S)
            async with self._session.get(address, timeout=limit, allow_redirects=False) as answer:
                data = await answer.content.read(MAX_PICTURE_BYTES) if answer.status == 200 else None
                return bytes(data) if data else None
        except (aio.ClientError, OSError, TimeoutError):
            return None

    async def _talk(self, socket: aiohttp.ClientWebSocketResponse, inbox: Inbox) -> None:
        from agent.jsonl import loads
        from streams.errors import MediaError

        self._open = True
        inbox.offer(status("ready", f"attached to {self._url}"))
        sender = asyncio.create_task(self._say(socket))
        try:
            async for message in socket:
                with contextlib.suppress(MediaError):  # a line that is no JSON object says nothing
                    if isinstance(message.data, str):
                        inbox.offer(loads(message.data))
        finally:
            self._open = False
            sender.cancel()
            with contextlib.suppress(asyncio.CancelledError, ConnectionError):
                await sender

    async def _say(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        async for command in self._commands:
            await socket.send_str(json.dumps(command, ensure_ascii=False))


def _reason(error: BaseException) -> str:
    if isinstance(error, ConnectionRefusedError) or isinstance(
        getattr(error, "os_error", None), ConnectionRefusedError
    ):
        return "nothing answers there; is `heed run` on?"
    return (str(error) or type(error).__name__).splitlines()[0][:200]
