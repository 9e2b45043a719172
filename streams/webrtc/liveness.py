"""Whether the other side is still there: anything that arrives counts, be it media, their reports or ICE checks.

aioice alone notices a vanished side after half a minute (six failed consent checks, RFC 7675), and RTP alone is no
sign: a caller may send nothing for an hour and listen. The two methods of aioice that take datagrams are wrapped;
`Liveness` says when a new version no longer has them (a test fails then), and only the slow way is left.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aioice.stun import TransactionError
from aiortc import RTCPeerConnection

ATTRIBUTES = ("data_received", "request_received", "build_request", "_nominated", "remote_password")


class Liveness:
    """Of one connection, once its transports are made (after the descriptions are set)."""

    def __init__(self, pc: RTCPeerConnection) -> None:
        self.arrived = 0
        """Datagrams so far, and answers to `probe`."""
        transports = {t.receiver.transport.transport for t in pc.getTransceivers()}
        if pc.sctp is not None:
            transports.add(pc.sctp.transport.transport)
        self._connections: list[Any] = [getattr(transport, "_connection", None) for transport in transports]
        self.works = all(hasattr(c, name) for c in self._connections for name in ATTRIBUTES)
        """False where aioice is not as expected: nothing is counted."""
        if self.works:
            for connection in self._connections:
                for name in ATTRIBUTES[:2]:
                    setattr(connection, name, self._counted(getattr(connection, name)))

    async def probe(self) -> None:
        """Ask the other side for a sign; returns once it came, or after half a second without."""
        for connection in self._connections if self.works else ():
            for pair in list(connection._nominated.values()):
                request = connection.build_request(pair, nominate=False)
                key = connection.remote_password.encode()
                try:
                    await pair.protocol.request(request, pair.remote_addr, integrity_key=key, retransmissions=0)
                except (TransactionError, OSError, AttributeError):  # the last: its socket is closed already
                    continue
                self.arrived += 1

    def _counted(self, take: Callable[..., None]) -> Callable[..., None]:
        def counted(*arguments: Any) -> None:
            self.arrived += 1
            take(*arguments)

        return counted
