"""Events out and commands in over a text channel: the same lines on a data channel and on a WebSocket."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable

from agent import jsonl
from agent.bus import Bus
from dialog.events import Event
from streams.errors import MediaError
from streams.webrtc.peer import Peer


def take_command(bus: Bus, raw: str, source: str) -> str | None:
    """Hand a line from outside to the agent; returns the line to answer with when it is wrong or too much."""
    try:
        command = jsonl.command_from(raw, source)
    except MediaError as error:
        return error_line(str(error))
    return None if bus.send(command) else error_line("too many commands are waiting; try again in a moment")


def error_line(reason: str) -> str:
    """`{"type": "error", "reason": ...}`."""
    return json.dumps({"type": "error", "reason": " ".join(reason.split())[:500]}, ensure_ascii=False)


async def relay(bus: Bus, peer: Peer, shows: Callable[[Event], bool] | None = None) -> None:
    """Send events to the peer's data channel and hand its messages to the agent, asked in the name of its room.

    Args:
        bus: the agent's.
        peer: a call.
        shows: which events are for its eyes; all by default.

    Returns when the peer has ended.
    """
    async with asyncio.TaskGroup() as group:
        events = group.create_task(_relay_events(bus, peer, shows))
        async for raw in peer.messages:
            if (answer := take_command(bus, raw, peer.room)) is not None:
                peer.send(answer)
        events.cancel()


async def _relay_events(bus: Bus, peer: Peer, shows: Callable[[Event], bool] | None) -> None:
    with bus.listen(f"peer {peer.name}") as events:
        async for event in events:
            if shows is None or shows(event):
                peer.send(jsonl.dumps(event))
