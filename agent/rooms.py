"""Rooms: several people in one call share one conversation, hear the agent and each other, and see no other room."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace

from agent.core import Core
from dialog.events import Caption, Event, Perceived, PluginReply, Reply, ReplyDelta, Speaking, TurnChanged
from dialog.manager import Dialog
from streams import wording
from streams.errors import HeedError
from streams.sinks.fanout import FanOut
from streams.types import Health, Observation, Partial, Percept, Transcript, ns
from streams.webrtc.peer import Peer

GRACE_S = 60.0
"""How long a conversation is kept after the last person left: who comes back in time goes on in it."""


class Room:
    """The people of one call and their conversation. Made by `Rooms`."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.speech = FanOut()
        """What the agent says here: heard by every member who takes sound."""
        self.opened: asyncio.Future[Dialog] = asyncio.get_running_loop().create_future()
        self.closed = asyncio.Event()
        self.closing = False
        self.entered = asyncio.Event()
        self.emptied = asyncio.Event()
        self.emptied.set()
        self._members: dict[str, Peer] = {}

    @property
    def dialog(self) -> Dialog:
        """The conversation; everybody's."""
        return self.opened.result()

    @property
    def members(self) -> list[str]:
        """Who is in the call now."""
        return list(self._members)

    def enter(self, peer: Peer) -> None:
        """Let somebody in: from now on each hears the others, and the agent."""
        for other in self._members.values():
            peer.speak_to(other)
            other.speak_to(peer)
        self._members[peer.name] = peer
        if peer.hears:
            self.speech.add(peer.name, peer.speech, lambda: peer.is_connected)
            self.dialog.sink = self.speech  # the first member may have been one who only writes
        self.emptied.clear()
        self.entered.set()
        self._tell()

    def leave(self, peer: Peer) -> None:
        """Let go of somebody. The last one's leaving silences the agent: nobody is there to hear it."""
        self._members.pop(peer.name, None)
        for other in self._members.values():
            peer.hush_to(other)
            other.hush_to(peer)
        self.speech.remove(peer.name)
        self._tell()
        if not self._members:
            self.dialog.stop()
            self.entered.clear()
            self.emptied.set()

    def _tell(self) -> None:
        """Let everybody know who is there: a line on the data channels, and nowhere else."""
        people = [{"source": peer.name, "name": peer.speaker or peer.name} for peer in self._members.values()]
        line = json.dumps({"type": "people", "room": self.name, "people": people}, ensure_ascii=False)
        for peer in self._members.values():
            peer.send(line)


class Rooms:
    """All rooms of an agent. Each one's conversation lives in a task of the agent's until `GRACE_S` after the last
    member left."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._rooms: dict[str, Room] = {}
        self._homes: dict[str, str] = {}

    def __len__(self) -> int:
        return len(self._rooms)

    @asynccontextmanager
    async def join(self, peer: Peer) -> AsyncIterator[Room]:
        """Be in the room `peer.room` for as long as the context is open.

        Raises:
            HeedError: its conversation cannot be opened.
        """
        room = await self._open(peer)
        self._homes[peer.name] = room.name
        room.enter(peer)
        try:
            yield room
        finally:
            room.leave(peer)

    def shows(self, room: str, event: Event) -> bool:
        """Whether an event is for the eyes of that room: its own, and what belongs to no other room."""
        match event:
            case Perceived():
                return self._homes.get(event.what.source, room) == room
            case Reply() | ReplyDelta() | TurnChanged() | Speaking() | PluginReply():
                return event.source == room
            case Caption():
                return self._homes.get(event.source, room) == room if event.source else len(self._rooms) <= 1
            case Health():
                role, _, name = event.component.partition(":")
                return self._homes.get(name, room) == room and (role != "dialog" or name == room)
            case _:
                return True

    def shows_outside(self, conversation: str, event: Event) -> bool:
        """The same for who is in no room, but has a conversation of that name; and that calls begin and end."""
        if isinstance(event, Caption):
            return not self._rooms
        if isinstance(event, Health) and event.component.startswith("call:"):
            return True
        return self.shows(conversation, event)

    async def _open(self, peer: Peer) -> Room:
        while True:
            room = self._rooms.get(peer.room)
            if room is None:
                room = self._rooms[peer.room] = Room(peer.room)
                self._core.spawn(self._host(room, peer.hears), f"room:{peer.room}")
            if not room.closing:
                await asyncio.shield(room.opened)
            if not room.closing:
                return room
            await room.closed.wait()

    async def _host(self, room: Room, heard: bool) -> None:
        """Keep the conversation open while anybody is there, and a while longer."""
        try:
            async with self._core.converse(room.name, room.speech if heard else None) as dialog:
                room.opened.set_result(dialog)
                await self._abandoned(room)
                room.closing = True
        except HeedError as error:
            if not room.opened.done():
                room.opened.set_exception(error)
        finally:
            room.closing = True
            del self._rooms[room.name]
            self._homes = {name: home for name, home in self._homes.items() if home != room.name}
            room.opened.cancel()
            room.closed.set()

    async def _abandoned(self, room: Room) -> None:
        clock = self._core.clock
        while True:
            await room.emptied.wait()
            async with asyncio.TaskGroup() as group:
                waits = {
                    group.create_task(room.entered.wait()),
                    group.create_task(clock.sleep_until(clock.now_ns() + ns(GRACE_S))),
                }
                await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
                for wait in waits:
                    wait.cancel()
            if room.emptied.is_set():
                return


def named(observations: Sequence[Observation], speaker: str) -> list[Observation]:
    """The observations of one person's sound, as hers: what was said is said by `speaker` (nobody's, if empty)."""
    if not speaker:
        return list(observations)
    said = {o.t0_ns: o.text for o in observations if isinstance(o, Transcript)}
    out: list[Observation] = []
    for what in observations:
        if isinstance(what, Partial | Transcript):
            what = replace(what, speaker=speaker)
        elif isinstance(what, Percept) and what.kind == "speech" and what.t0_ns in said:
            what = replace(what, speaker=speaker, text=wording.says(said[what.t0_ns], speaker))
        out.append(what)
    return out
