"""A machine without a network, and other sides with old certificates."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from aiortc import RTCCertificate, RTCConfiguration, RTCPeerConnection
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import NameOID

from streams.clock import MonotonicClock
from streams.webrtc.ciphers import CERTIFICATES, accept_rsa
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


async def test_the_other_side_may_have_an_rsa_certificate() -> None:
    """As GStreamer before 1.24 (which `test_other_clients` runs, where it is installed)."""
    key = rsa.generate_private_key(65_537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "old")])
    start = datetime.now(UTC) - timedelta(days=1)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(7)
    certificate = made.not_valid_before(start).not_valid_after(start + timedelta(days=9)).sign(key, SHA256())
    async with Peer("ann", "call", MonotonicClock()) as peer, Remote(peer) as remote:
        setattr(remote.pc, CERTIFICATES, [RTCCertificate(key, certificate)])  # type: ignore[arg-type]
        assert accept_rsa(remote.pc)
        remote.pc.createDataChannel("events")
        await remote.connect()


async def test_with_a_network_loopback_is_not_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aioice.ice.get_host_addresses", lambda use_ipv4, use_ipv6: ["127.0.0.2"])
    pc = RTCPeerConnection(RTCConfiguration(iceServers=[]))
    pc.addTransceiver("audio")
    assert offer_loopback_if_alone(pc)
    await pc.setLocalDescription(await pc.createOffer())
    assert "127.0.0.2" in pc.localDescription.sdp and "127.0.0.1" not in pc.localDescription.sdp
    await pc.close()
