"""Lets WebRTC work on a machine that has no network: aioice offers every address but the loopback one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from aiortc import RTCPeerConnection

LOOPBACK = "127.0.0.1"


def offer_loopback_if_alone(pc: RTCPeerConnection) -> bool:
    """Before candidates are gathered: use the loopback address where there is no other, as on a laptop offline.

    Returns False if this version of aiortc does not let us (a test fails then); only offline use is lost.
    """
    transports = [t.receiver.transport for t in pc.getTransceivers()]
    if pc.sctp is not None:
        transports.append(pc.sctp.transport)
    for gatherer in {transport.transport.iceGatherer for transport in transports}:
        connection = getattr(gatherer, "_connection", None)
        gather = getattr(connection, "get_component_candidates", None)
        if gather is None:
            return False
        setattr(connection, "get_component_candidates", _with_loopback(gather))  # noqa: B010 - a method of one object
    return True


def _with_loopback(gather: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    async def candidates(component: int, addresses: list[str], **options: Any) -> Any:
        return await gather(component=component, addresses=addresses or [LOOPBACK], **options)

    return candidates
