"""Somebody who watches and listens to what another peer sends, and sends nothing (WHEP)."""

from __future__ import annotations

from aiortc.sdp import SessionDescription

from streams.clock import Clock
from streams.webrtc.forward import ForwardTrack, show
from streams.webrtc.peer import Peer, PeerOptions


class Watcher(Peer):
    """A `Peer` that gets the sound and pictures of another as they came. It ends when that one ends."""

    def __init__(self, watched: Peer, clock: Clock, options: PeerOptions | None = None) -> None:
        super().__init__(watched.name, "watch", clock, options)
        self.watched = watched
        self._shown: list[ForwardTrack] = []

    async def answer(self, offer: str) -> str:
        """As of `Peer`.

        Raises:
            MediaError: the offer is malformed, or the peer sends nothing that it asks for.
        """
        answer = await super().answer(offer)
        self._spawn(self._follow())
        return answer

    async def close(self, reason: str = "closed by heed") -> None:
        """As of `Peer`."""
        try:
            await super().close(reason)
        finally:
            for track in self._shown:  # those of a connection that never came about have nobody else to stop them
                track.stop()

    def _prepare(self, parsed: SessionDescription) -> None:
        self._shown = show(self._pc, parsed, self.name, self.watched.sends)

    async def _follow(self) -> None:
        await self.watched.ended()
        self._end(f"{self.name} has ended")
