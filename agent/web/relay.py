"""Events out and commands in over a text channel: the same lines on a data channel and on a WebSocket."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable

from agent import jsonl
from agent.access.roles import ROLES, Role, Who, needed_by
from agent.bus import Bus
from dialog.events import Command, Event
from streams.errors import MediaError
from streams.webrtc.peer import Peer


def take_command(
    bus: Bus, raw: str, source: str, who: Who, note: Callable[[Command], None] = lambda command: None
) -> str | None:
    """Hand a line from outside to the agent; returns the line to answer with when it is wrong, too much, or more than
    `who` may do. `note` is called with what is handed on."""
    try:
        command = jsonl.command_from(raw, source)
    except MediaError as error:
        return error_line(str(error))
    if not who.may(role := needed_by(command)):
        return error_line(f"{who.name} may {who.role}; this needs the role to {role}")
    note(command)
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
    rank: Role = next((role for role in ROLES if role == peer.rank), ROLES[0])
    who = Who(peer.name, rank)
    async with asyncio.TaskGroup() as group:
        events = group.create_task(_relay_events(bus, peer, shows))
        async for raw in peer.messages:
            if (answer := take_command(bus, raw, peer.room, who)) is not None:
                peer.send(answer)
        events.cancel()


async def _relay_events(bus: Bus, peer: Peer, shows: Callable[[Event], bool] | None) -> None:
    with bus.listen(f"peer {peer.name}") as events:
        async for event in events:
            if shows is None or shows(event):
                peer.send(jsonl.dumps(event))
