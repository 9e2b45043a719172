"""A call through a real TURN server (Debian's coturn)."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aioice.ice import get_host_addresses
from aiortc import RTCSessionDescription

from streams.clock import MonotonicClock
from streams.webrtc.ice import IceServer
from streams.webrtc.peer import Peer, PeerOptions
from tests.webrtc_link import Remote, tone, until

BINDING = bytes.fromhex("000100002112a442") + b"heed-is-here"


@pytest.fixture
async def turn(tmp_path: Path) -> AsyncIterator[str]:
    """Its address, `host:port`; user `heed`, password `secret`."""
    program = shutil.which("turnserver", path=f"{os.environ['PATH']}:/usr/sbin")
    hosts = get_host_addresses(use_ipv4=True, use_ipv6=False)
    if program is None or not hosts:
        pytest.skip("no coturn, or no network: run tools/debian.sh test")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        asking.bind((hosts[0], 0))
        port = asking.getsockname()[1]
    options = ["-n", "-L", hosts[0], "-p", str(port), "-a", "-u", "heed:secret", "-r", "heed.test", "--no-tls"]
    options += ["--no-dtls", "--no-cli", "--log-file", str(tmp_path / "log"), "--pidfile", str(tmp_path / "pid")]
    options += ["--userdb", str(tmp_path / "users")]
    quiet = asyncio.subprocess.DEVNULL
    server = await asyncio.create_subprocess_exec(program, *options, stdout=quiet, stderr=quiet)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        asking.setblocking(False)

        def answers() -> bool:
            assert server.returncode is None, "turnserver does not start"
            asking.sendto(BINDING, (hosts[0], port))
            try:
                return bool(asking.recv(1500))
            except OSError:
                return False

        try:
            await until(answers, "the TURN server answers")
            yield f"{hosts[0]}:{port}"
        finally:
            server.terminate()
            await server.wait()


def _hear_only(remote: Remote, address: tuple[str, int]) -> None:
    """As a router that lets nothing through but what comes from there."""
    for transceiver in remote.pc.getTransceivers():
        for protocol in transceiver.receiver.transport.transport._connection._protocols:
            through = protocol.datagram_received

            def received(data: bytes, sender: Any, through: Any = through) -> None:
                if sender[:2] == address:
                    through(data, sender)

            protocol.datagram_received = received


async def test_a_call_goes_through_the_relay_alone(turn: str) -> None:
    options = PeerOptions(ice_servers=(IceServer((f"turn:{turn}",), "heed", "secret"),))
    async with Peer("ann", "call", MonotonicClock(), options) as peer, Remote(peer) as remote:
        remote.send_audio(tone(60.0))
        await remote.pc.setLocalDescription(await remote.pc.createOffer())
        answer = await peer.answer(remote.pc.localDescription.sdp)
        lines = answer.splitlines(keepends=True)
        relayed = [line for line in lines if not line.startswith("a=candidate") or " typ relay" in line]
        assert len(relayed) < len(lines)
        relay = next(line.split() for line in relayed if " typ relay" in line)
        _hear_only(remote, (relay[4], int(relay[5])))
        await remote.pc.setRemoteDescription(RTCSessionDescription("".join(relayed), "answer"))
        assert await peer.connected()
        async with asyncio.timeout(60):
            assert len((await peer.audio.get()).samples) > 0


async def test_a_wrong_password_is_said_without_the_password(turn: str) -> None:
    options = PeerOptions(ice_servers=(IceServer((f"turn:{turn}",), "heed", "hunter2"),))
    async with Peer("ann", "call", MonotonicClock(), options) as peer, Remote(peer) as remote:
        remote.send_audio(tone(1.0))
        await remote.connect()
        reasons = [h.reason for h in peer.health._items]
    assert any("TURN server gives no relay" in reason for reason in reasons)
    assert not any("hunter2" in reason for reason in reasons)
