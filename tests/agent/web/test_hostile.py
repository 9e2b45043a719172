"""What others may do to the server, while a call goes on that must not notice."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from fractions import Fraction

import aiohttp
import av
import pytest
from aiortc.mediastreams import MediaStreamError, MediaStreamTrack

from agent.bus import Bus
from agent.web.access import WebOptions
from agent.web.relay import relay
from agent.web.server import WebServer
from dialog.events import Event
from streams.clock import MonotonicClock
from streams.sink import Speech
from streams.types import SAMPLE_RATE_HZ, Health
from streams.webrtc.client import Caller
from streams.webrtc.peer import Peer
from tests.webrtc_link import sound, tone, until

VP8_8K = bytes([0x10, 0, 0, 0x9D, 0x01, 0x2A]) + (7680).to_bytes(2, "little") + (4320).to_bytes(2, "little")
H264 = b"\x00\x00\x00\x01\x67\x42\xe0\x1f\xda\x01\x40\x16\xe9\x06\xd0\xa1\x35\x00\x00\x00\x01\x68\xce\x06\xe2"


class Forged(MediaStreamTrack):
    """Sends whatever bytes as encoded pictures, 50 a second."""

    kind = "video"

    def __init__(self, pictures: Iterator[bytes]) -> None:
        super().__init__()
        self._pictures = pictures
        self._sent = 0

    async def recv(self) -> av.Packet:
        if self.readyState != "live":
            raise MediaStreamError
        await asyncio.sleep(0.02)
        packet = av.Packet(next(self._pictures))
        packet.pts, packet.time_base = self._sent * 1800, Fraction(1, 90_000)
        self._sent += 1
        return packet


class Liar(Caller):
    """A caller whose pictures are forged."""

    def __init__(self, url: str, pictures: Iterator[bytes]) -> None:
        super().__init__(url, audio=sound(tone(60)), name="liar")
        self._forged = Forged(pictures)

    def _prepare(self) -> None:
        super()._prepare()
        self.connection.addTransceiver(self._forged, "sendonly")


class Rig:
    def __init__(self, server: WebServer, good: Caller) -> None:
        self.server, self.good = server, good
        self.peers: dict[str, Peer] = {}
        self.chunks: dict[str, int] = {}
        self.health: list[Health] = []

    def reasons(self, component: str) -> list[str]:
        return [h.reason for h in self.health if h.component == component and h.state != "ok"]

    async def unharmed(self) -> None:
        """The good call hears, is heard, and nothing was reported of it."""
        before, heard_s = self.chunks["good"], self.good.heard_s()
        self.peers["good"].speech.play(Speech(1, "hello", tone(1.0), SAMPLE_RATE_HZ))
        await until(lambda: self.chunks["good"] > before + 50, "the good call is heard")
        await until(lambda: self.good.heard_s() > heard_s + 0.8, "the good call hears")
        assert self.reasons("call:good") == []
        assert self.peers["good"].dropped["audio"] == 0


@asynccontextmanager
async def rig() -> AsyncIterator[Rig]:
    bus, clock = Bus(), MonotonicClock()
    made: list[Rig] = []

    async def attend(peer: Peer) -> None:
        r = made[0]
        r.peers[peer.name] = peer
        r.chunks[peer.name] = 0
        async with asyncio.TaskGroup() as group:
            group.create_task(hear(r, peer))
            group.create_task(see(peer))
            group.create_task(relay(bus, peer))

    async def hear(r: Rig, peer: Peer) -> None:
        async for _ in peer.audio:
            r.chunks[peer.name] += 1

    async def see(peer: Peer) -> None:
        async for _ in peer.video:
            pass

    def note(event: Event) -> None:
        if isinstance(event, Health):
            made[0].health.append(event)

    async with WebServer(WebOptions(port=0), bus, attend, clock) as server:
        good = Caller(server.url, audio=sound(tone(600)), name="good")
        made.append(Rig(server, good))
        with bus.tap(note):
            async with good:
                yield made[0]


def _repeat(picture: bytes) -> Iterator[bytes]:
    while True:
        yield picture


def _noise(begin: bytes) -> Iterator[bytes]:
    rng = random.Random(7)
    while True:
        yield begin + rng.randbytes(rng.randrange(1, 3000))


async def test_pictures_of_8k_are_refused() -> None:
    async with rig() as r, Liar(r.server.url, _repeat(VP8_8K + bytes(900))):
        await until(lambda: bool(r.reasons("call:liar")), "it is told")
        await r.unharmed()
        assert r.reasons("call:liar") == ["a picture of 7680 x 4320 is too large; send at most 1920 x 1080"]
        assert r.chunks["liar"] > 0  # its sound is taken all the same


@pytest.mark.parametrize("pictures", [_repeat(H264), _noise(b"\x10"), _noise(b"")], ids=["H264", "noise", "any"])
async def test_one_that_announces_vp8_and_sends_something_else(pictures: Iterator[bytes]) -> None:
    async with rig() as r, Liar(r.server.url, pictures):
        await until(lambda: bool(r.reasons("call:liar")), "it is told")
        await r.unharmed()
        line = "the pictures that come cannot be decoded: is it another codec than was agreed on?"
        assert line in r.reasons("call:liar")
        assert r.reasons("call:liar").count(line) == 1


async def test_a_flood_of_messages_and_of_offers() -> None:
    async with rig() as r, Liar(r.server.url, _repeat(VP8_8K)) as liar, aiohttp.ClientSession() as http:
        await until(lambda: "liar" in r.peers, "it is in")
        await until(lambda: liar._open.is_set(), "its channel is open")
        channel = liar._channel
        assert channel is not None
        for number in range(3000):
            channel.send(f'{{"type": "text", "text": "{number}"}}')
        for number in range(30):
            url = f"{r.server.url}/api/call?name=x{number}"
            async with http.post(url, data="v=0\r\n" * 500, headers={"Content-Type": "application/sdp"}) as response:
                assert response.status == 400
                assert (await response.text()).count("\n") == 1
        await until(lambda: r.peers["liar"].dropped["messages"] > 500, "most are refused")
        await r.unharmed()
        assert len(r.peers["liar"].messages) <= 64


async def test_liars_that_come_and_go_harm_nobody() -> None:
    async with rig() as r:
        for _ in range(3):
            r.peers.pop("liar", None)
            async with Liar(r.server.url, _noise(b"\x10")):
                await until(lambda: "liar" in r.peers and r.peers["liar"].sends["video"].passed > 20, "garbage came")
        await r.unharmed()
