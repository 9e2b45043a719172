"""The peers that are connected now: each lives in a task of its own until either side ends it."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from agent.bus import Bus
from agent.web.metrics import WebMetrics
from streams.clock import Clock
from streams.errors import HeedError
from streams.types import Health
from streams.webrtc.peer import Peer, PeerOptions
from streams.webrtc.sdp import Role

OnPeer = Callable[[Peer], Awaitable[None]]
"""What the agent does with a peer: runs while it lasts. Its channels end with the peer; then there are
`GRACE_S` to finish. If it returns, or raises a `HeedError`, the peer is hung up."""

GRACE_S = 10.0


class Full(HeedError):
    """No more peers are taken."""

    code = "full"


class Taken(HeedError):
    """The name is somebody else's."""

    code = "taken"


@dataclass(frozen=True, slots=True)
class Limits:
    """How many are let in."""

    peers: int = 8
    """Calls and publishers at once."""
    members: int = 8
    """People in one room."""


@dataclass(frozen=True, slots=True)
class Place:
    """Who wants to be connected, as what and where."""

    name: str
    role: Role
    room: str = ""
    """For a call: whose room; its own by default."""
    speaker: str = ""
    """What people call whoever it is."""


class Sessions:
    """Owns the peers of a server. An entry is an id that nobody can guess."""

    def __init__(
        self,
        on_peer: OnPeer,
        bus: Bus,
        clock: Clock,
        options: PeerOptions,
        limits: Limits,
        metrics: WebMetrics,
    ) -> None:
        self._on_peer, self._bus, self._clock, self._options = on_peer, bus, clock, options
        self._limits, self._metrics = limits, metrics
        self._peers: dict[str, Peer] = {}
        self._gone: dict[str, asyncio.Event] = {}
        self._opening: dict[tuple[str, Role], str] = {}
        self._number = 0

    def __len__(self) -> int:
        return len(self._peers)

    def free_name(self) -> str:
        """`call-1`, `call-2`, ... not in use."""
        taken = {peer.name for peer in self._peers.values()}
        while (name := f"call-{self._number + 1}") in taken:
            self._number += 1
        self._number += 1
        return name

    async def open(self, group: asyncio.TaskGroup, place: Place, offer: str) -> tuple[str, str]:
        """Answer an offer and start the peer's life in `group`; returns its id and the SDP answer.

        A peer of the same name, role and room is hung up first: it is the same camera or person, back after a lost
        connection that we have not noticed.

        Raises:
            Full: all places are taken, or the same name is just being connected.
            Taken: somebody of that name is in another room.
            MediaError: the offer is wrong.
        """
        who = (place.name, place.role)
        for session, peer in list(self._peers.items()):
            if (peer.name, peer.role) == who:
                if peer.room != (place.room or place.name):
                    raise Taken(f"{place.name} is in another room now; choose another name")
                gone = self._gone[session]
                await self.end(session, "replaced by a new connection of the same name")
                await gone.wait()
        self._check_places(place)
        session = secrets.token_urlsafe(16)
        answer: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._opening[who] = place.room or place.name
        try:
            group.create_task(self._live(session, self._peer(place), offer, answer))
            return session, await answer
        finally:
            del self._opening[who]

    def _check_places(self, place: Place) -> None:
        limits = self._limits
        if (place.name, place.role) in self._opening:
            raise Full(f"{place.name} is just being connected; try again in a moment")
        if len(self._peers) + len(self._opening) >= limits.peers:
            raise Full(f"all {limits.peers} places are taken; try again later, or raise [web] max_peers")
        room = place.room or place.name
        rooms = [p.room for p in self._peers.values() if p.role == "call"]
        rooms += [name for (_, role), name in self._opening.items() if role == "call"]
        if place.role == "call" and rooms.count(room) >= limits.members:
            raise Full(f"{room} is full with {limits.members} people; try again later")

    def _peer(self, place: Place) -> Peer:
        return Peer(place.name, place.role, self._clock, self._options, room=place.room, speaker=place.speaker)

    async def end(self, session: str, reason: str = "the caller hung up") -> bool:
        """Hang up; the agent lets go of the peer soon after. False: no such session."""
        if (peer := self._peers.get(session)) is None:
            return False
        await peer.close(reason)
        return True

    def name_of(self, session: str) -> str | None:
        """The peer's name, or None."""
        peer = self._peers.get(session)
        return None if peer is None else peer.name

    async def close(self) -> None:
        """Hang up on all, and wait until the agent has let go of them."""
        gone = list(self._gone.values())
        for session in list(self._peers):
            await self.end(session, "heed stops")
        for event in gone:
            await event.wait()

    async def _live(self, session: str, peer: Peer, offer: str, answer: asyncio.Future[str]) -> None:
        gauge = self._metrics.peers.labels(peer.role)
        try:
            async with peer:
                sdp = await peer.answer(offer)
                self._peers[session], self._gone[session] = peer, asyncio.Event()
                gauge.inc()
                if not answer.done():
                    answer.set_result(sdp)
                await self._serve(peer)
        except HeedError as error:
            if not answer.done():
                answer.set_exception(error)
            else:
                self._bus.publish(Health(peer.component, "failed", str(error), self._clock.now_ns()))
        finally:
            if self._peers.pop(session, None) is not None:
                gauge.dec()
                self._gone.pop(session).set()
                for where, n in peer.dropped.items():
                    self._metrics.dropped.labels(where).inc(n)
            answer.cancel()

    async def _serve(self, peer: Peer) -> None:
        async with asyncio.TaskGroup() as group:
            health = group.create_task(self._tell(peer))
            work = group.create_task(_run(self._on_peer, peer))
            ended = group.create_task(peer.ended())
            await asyncio.wait((work, ended), return_when=asyncio.FIRST_COMPLETED)
            await peer.close("the agent hung up")  # ends all its channels; the reason counts if it had not ended
            if not work.done():
                await asyncio.wait((work,), timeout=GRACE_S)
            for task in (work, ended):
                task.cancel()
            await health
        if error := work.result() if not work.cancelled() else None:
            raise error

    async def _tell(self, peer: Peer) -> None:
        async for health in peer.health:
            self._bus.publish(health)


async def _run(on_peer: OnPeer, peer: Peer) -> HeedError | None:
    """A `HeedError` is an end of this peer; anything else is a fault of heed and ends the server."""
    try:
        await on_peer(peer)
    except HeedError as error:
        return error
    return None
