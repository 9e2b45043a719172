"""A machine without a network."""

from __future__ import annotations

import pytest
from aiortc import RTCConfiguration, RTCPeerConnection

from streams.clock import MonotonicClock
from streams.webrtc.network import offer_loopback_if_alone
from streams.webrtc.peer import Peer
from tests.webrtc_link import Remote, tone


async def test_peers_find_each_other_without_any_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aioice.ice.get_host_addresses", lambda use_ipv4, use_ipv6: [])
    async with Peer("ann", "call", MonotonicClock()) as peer, Remote(peer) as remote:
        remote.send_audio(tone(1.0))
        remote.pc.createDataChannel("events")
        assert offer_loopback_if_alone(remote.pc)
        offer = await remote.connect()
        assert "127.0.0.1" in offer
        assert len((await peer.audio.get()).samples) > 0


async def test_with_a_network_loopback_is_not_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aioice.ice.get_host_addresses", lambda use_ipv4, use_ipv6: ["127.0.0.2"])
    pc = RTCPeerConnection(RTCConfiguration(iceServers=[]))
    pc.addTransceiver("audio")
    assert offer_loopback_if_alone(pc)
    await pc.setLocalDescription(await pc.createOffer())
    assert "127.0.0.2" in pc.localDescription.sdp and "127.0.0.1" not in pc.localDescription.sdp
    await pc.close()
