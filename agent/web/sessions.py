"""The peers that are connected now: each lives in a task of its own until either side ends it."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from agent.access.roles import LOCAL, Who
from agent.bus import Bus
from agent.web.metrics import WebMetrics
from streams.clock import Clock
from streams.errors import HeedError
from streams.types import Health
from streams.webrtc.peer import HUNG_UP, Peer, PeerOptions
from streams.webrtc.sdp import Role as PeerRole
from streams.webrtc.watch import Watcher

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


class Unknown(HeedError):
    """Nobody of that name is there."""

    code = "unknown"


@dataclass(frozen=True, slots=True)
class Limits:
    """How many are let in."""

    peers: int = 8
    """Calls and publishers at once."""
    members: int = 8
    """People in one room."""
    watchers: int = 8
    """Who only watch, at once."""


@dataclass(frozen=True, slots=True)
class Place:
    """Who wants to be connected, as what and where."""

    name: str
    role: PeerRole
    room: str = ""
    """For a call: whose room; its own by default."""
    speaker: str = ""
    """What people call whoever it is."""
    echoes: bool = False
    """It does not say that it has an echo cancellation of its own."""
    who: Who = LOCAL
    """Who connects."""


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
        self._opening: dict[str, Place] = {}
        self._whose: dict[str, Who] = {}
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
            Unknown: nobody of that name is there to be watched.
            MediaError: the offer is wrong.
        """
        peer = self._watcher(place) if place.role == "watch" else await self._peer(place)
        peer.rank = place.who.role
        session = secrets.token_urlsafe(16)
        answer: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._opening[session] = place
        try:
            group.create_task(self._live(session, peer, offer, answer))
            return session, await answer
        finally:
            del self._opening[session]

    def _watcher(self, place: Place) -> Peer:
        """Somebody who wants to see what `place.name` sends."""
        known: list[Peer | Place] = [*self._peers.values(), *self._opening.values()]
        if len([p for p in known if p.role == "watch"]) >= self._limits.watchers:
            raise Full(f"all {self._limits.watchers} places for watchers are taken; try again later")
        found = [p for p in self._peers.values() if p.name == place.name and p.role != "watch"]
        if not found:
            raise Unknown(f"there is no call or publisher named {place.name} now")
        found.sort(key=lambda p: p.role == "call")  # a publisher means to be watched
        return Watcher(found[0], self._clock, self._options)

    async def _peer(self, place: Place) -> Peer:
        for session, peer in list(self._peers.items()):
            if (peer.name, peer.role) == (place.name, place.role):
                if peer.room != (place.room or place.name):
                    raise Taken(f"{place.name} is in another room now; choose another name")
                gone = self._gone[session]
                await self.end(session, "replaced by a new connection of the same name")
                await gone.wait()
        self._check_places(place)
        who = {"room": place.room, "speaker": place.speaker}
        return Peer(place.name, place.role, self._clock, self._options, **who, echoes=place.echoes)

    def _check_places(self, place: Place) -> None:
        limits, room = self._limits, place.room or place.name
        opening: list[Peer | Place] = [p for p in self._opening.values() if p.role != "watch"]
        if any((p.name, p.role) == (place.name, place.role) for p in opening):
            raise Full(f"{place.name} is just being connected; try again in a moment")
        there: list[Peer | Place] = [p for p in self._peers.values() if p.role != "watch"]
        if len(there) + len(opening) >= limits.peers:
            raise Full(f"all {limits.peers} places are taken; try again later, or raise [web] max_peers")
        rooms = [p.room or p.name for p in there + opening if p.role == "call"]
        if place.role == "call" and rooms.count(room) >= limits.members:
            raise Full(f"{room} is full with {limits.members} people; try again later")

    async def end(self, session: str, reason: str = HUNG_UP) -> bool:
        """Hang up; the agent lets go of the peer soon after. False: no such session."""
        if (peer := self._peers.get(session)) is None:
            return False
        await peer.close(reason)
        return True

    def name_of(self, session: str) -> str | None:
        """The peer's name, or None."""
        peer = self._peers.get(session)
        return None if peer is None else peer.name

    def watchable(self) -> frozenset[str]:
        """Names of those whose sound and pictures can be watched."""
        return frozenset(peer.name for peer in self._peers.values() if peer.role != "watch" and peer.offers_video)

    async def keep(self, good: Callable[[Who], bool]) -> None:
        """Hang up on those whose owner is no longer let in."""
        for session, who in list(self._whose.items()):
            if not good(who):
                await self.end(session, "the log-in has ended")

    async def close(self) -> None:
        """Hang up on all, and wait until the agent has let go of them."""
        gone = list(self._gone.values())
        for session in list(self._peers):
            await self.end(session, "heed stops")
        for event in gone:
            await event.wait()

    async def _live(self, session: str, peer: Peer, offer: str, answer: asyncio.Future[str]) -> None:
        gauge, whose = self._metrics.peers.labels(peer.role), self._opening[session].who
        try:
            async with peer:
                sdp = await peer.answer(offer)
                self._peers[session], self._gone[session] = peer, asyncio.Event()
                self._whose[session] = whose
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
                del self._whose[session]
                for where, n in peer.dropped.items():
                    self._metrics.dropped.labels(where).inc(n)
            answer.cancel()

    async def _serve(self, peer: Peer) -> None:
        async with asyncio.TaskGroup() as group:
            health = group.create_task(self._tell(peer))
            work = group.create_task(_run(self._on_peer if peer.role != "watch" else _wait, peer))
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


async def _wait(peer: Peer) -> None:
    """A watcher needs nothing of the agent."""
    await peer.ended()


async def _run(on_peer: OnPeer, peer: Peer) -> HeedError | None:
    """A `HeedError` is an end of this peer; anything else is a fault of heed and ends the server."""
    try:
        await on_peer(peer)
    except HeedError as error:
        return error
    return None
