"""The agent's services as a plugin in its own process sees them: each call a message, and a reply."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from plugins.process.codec import encode
from plugins.process.frames import Frame
from streams.errors import HeedError

MAX_WAITING = 16
"""Calls of one plugin that may wait for an answer; heed ends a plugin that sends more."""


class RemoteServices:
    """Implements `contract.Services`. Heed watches the time: each call is answered, if only with an error."""

    def __init__(self, tell: Callable[..., None]) -> None:
        """`tell(kind, body, **header)` sends a message."""
        self._tell = tell
        self._waiting: dict[int, asyncio.Future[Frame]] = {}
        self._number = 0

    async def ask(self, question: str, lines: list[tuple[str, str, int]], now_ns: int) -> tuple[str, tuple[str, ...]]:
        """See `contract.Services`."""
        frame = await self._call("ask", question=question, lines=encode(lines), now_ns=now_ns)
        text, ids = frame.header["v"]
        return text, tuple(ids)

    async def picture(self, percept_id: str) -> bytes | None:
        """See `contract.Services`."""
        frame = await self._call("picture", percept=percept_id)
        return frame.body if frame.header["v"] else None

    async def view(self, source: str) -> bytes | None:
        """See `contract.Services`."""
        frame = await self._call("view", source=source)
        return frame.body if frame.header["v"] else None

    async def publish(self, topic: str, payload: bytes, retain: bool = False) -> bool:
        """See `contract.Services`."""
        return bool((await self._call("publish", bytes(payload), topic=topic, retain=retain)).header["v"])

    async def say(self, text: str, source: str = "") -> bool:
        """See `contract.Services`."""
        return bool((await self._call("say", text=text, source=source)).header["v"])

    def replied(self, frame: Frame) -> None:
        """Heed answers a call."""
        waiting = self._waiting.pop(frame.header.get("id", -1), None)
        if waiting is None or waiting.done():
            return
        if "error" in frame.header:
            waiting.set_exception(HeedError(str(frame.header["error"])))
        else:
            waiting.set_result(frame)

    async def _call(self, name: str, body: bytes = b"", **arguments: Any) -> Frame:
        if len(self._waiting) >= MAX_WAITING:
            raise HeedError(f"more than {MAX_WAITING} calls of services wait for an answer")
        self._number += 1
        number = self._number
        waiting: asyncio.Future[Frame] = asyncio.get_running_loop().create_future()
        self._waiting[number] = waiting
        try:
            self._tell("service", body, id=number, name=name, **arguments)
            return await waiting
        finally:
            self._waiting.pop(number, None)
