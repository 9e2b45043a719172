"""Shared by WebRTC tests: media to send, a direct connection without HTTP, and a link that loses packets."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any

import numpy as np
from aiortc import RTCConfiguration, RTCPeerConnection, RTCRtpSender, RTCSessionDescription
from aiortc.rtp import is_rtcp
from numpy.typing import NDArray

from streams.types import NS, SAMPLE_RATE_HZ, AudioChunk, VideoFrame
from streams.webrtc.feed import AudioFeed, Pace, VideoFeed
from streams.webrtc.peer import Peer

WAIT_S = 60.0
"""How long a condition may take on a slow, busy machine."""


def tone(duration_s: float, hz: float = 440.0, level: float = 0.3) -> NDArray[np.float32]:
    """`[n]` at 16 kHz."""
    t = np.arange(round(duration_s * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    return (level * np.sin(2 * np.pi * hz * t)).astype(np.float32)


async def sound(samples: NDArray[np.float32], t0_ns: int = 0) -> AsyncIterator[AudioChunk]:
    """The samples in chunks of 100 ms."""
    step = SAMPLE_RATE_HZ // 10
    for at in range(0, len(samples), step):
        yield AudioChunk("test", t0_ns + at * NS // SAMPLE_RATE_HZ, samples[at : at + step])


async def pictures(n: int, fps: float, size: tuple[int, int] = (160, 120)) -> AsyncIterator[VideoFrame]:
    """Grey pictures, each `8` brighter than the one before, modulo 200."""
    for index in range(n):
        rgb = np.full((size[1], size[0], 3), 20 + index * 8 % 200, np.uint8)
        yield VideoFrame("test", round(index * NS / fps), rgb)


async def until(condition: Callable[[], bool], what: str) -> None:
    """Wait for a condition, with a generous limit."""
    try:
        async with asyncio.timeout(WAIT_S):
            while not condition():  # noqa: ASYNC110 - the conditions are counters inside aiortc; nothing signals them
                await asyncio.sleep(0.01)
    except TimeoutError:
        raise AssertionError(f"never happened: {what}") from None


class Remote:
    """The other side of a `Peer`, connected in process without HTTP. An async context manager."""

    def __init__(self, peer: Peer) -> None:
        self.peer = peer
        self.pc = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self.pace = Pace()
        self.done = asyncio.Event()

    def send_audio(self, samples: NDArray[np.float32]) -> RTCRtpSender:
        return self.pc.addTrack(AudioFeed(sound(samples), self.pace, self.done))

    def send_video(self, frames: AsyncIterator[VideoFrame]) -> RTCRtpSender:
        return self.pc.addTransceiver(VideoFeed(frames, self.pace, asyncio.Event()), "sendonly").sender

    async def connect(self) -> str:
        """Offer, answer, connected; returns the offer."""
        await self.pc.setLocalDescription(await self.pc.createOffer())
        offer = self.pc.localDescription.sdp
        answer = await self.peer.answer(offer)
        await self.pc.setRemoteDescription(RTCSessionDescription(answer, "answer"))
        assert await self.peer.connected()
        return offer

    async def __aenter__(self) -> Remote:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.pc.close()


class CutLink:
    """A network that is gone in both directions at once, without a word: as when a laptop is closed."""

    def __init__(self, pc: RTCPeerConnection) -> None:
        self.cut = False
        transports = {t.receiver.transport.transport for t in pc.getTransceivers()}
        if pc.sctp is not None:
            transports.add(pc.sctp.transport.transport)
        for transport in transports:
            for protocol in transport._connection._protocols:
                self._wrap(protocol, "datagram_received")
                self._wrap(protocol.transport, "sendto")

    def _wrap(self, owner: Any, name: str) -> None:
        through = getattr(owner, name)
        setattr(owner, name, lambda *arguments: None if self.cut else through(*arguments))


class LossyLink:
    """Loses the RTP packets of one sender by a pattern (what goes the other way, and RTCP, pass)."""

    def __init__(self, sender: RTCRtpSender, lost: Callable[[int], bool]) -> None:
        self.sent = 0
        self.lost = 0
        self._pattern = lost
        self._ssrc = sender._ssrc
        transport = sender.transport
        self._pass: Callable[[bytes], Coroutine[Any, Any, None]] = transport._send_rtp
        transport._send_rtp = self._send_rtp  # type: ignore[method-assign]

    async def _send_rtp(self, data: bytes) -> None:
        if not is_rtcp(data) and int.from_bytes(data[8:12], "big") == self._ssrc:
            self.sent += 1
            if self._pattern(self.sent):
                self.lost += 1
                return
        await self._pass(data)


def every(n: int) -> Callable[[int], bool]:
    """Loses each nth packet."""
    return lambda number: number % n == 0


def bursts(n: int, period: int) -> Callable[[int], bool]:
    """Loses `n` packets in a row, once in `period`."""
    return lambda number: number % period >= period - n


class DamagedLink:
    """Turns bytes of every second packet of one sender into others, until `mended` (seeded; headers stay whole)."""

    def __init__(self, sender: RTCRtpSender, seed: int = 0) -> None:
        self.damaged = 0
        self.mended = False
        self._random = random.Random(seed)
        self._ssrc = sender._ssrc
        self._pass: Callable[[bytes], Coroutine[Any, Any, None]] = sender.transport._send_rtp
        sender.transport._send_rtp = self._send_rtp  # type: ignore[method-assign]

    async def _send_rtp(self, data: bytes) -> None:
        ours = not is_rtcp(data) and int.from_bytes(data[8:12], "big") == self._ssrc
        if ours and not self.mended and self._random.random() < 0.5:
            self.damaged += 1
            start = 12 + (4 + 4 * int.from_bytes(data[14:16], "big") if data[0] & 16 else 0)
            body = bytearray(data)
            for _ in range(self._random.choice((1, 3, 30))):
                body[self._random.randrange(start, len(body))] = self._random.randrange(256)
            cut = self._random.randrange(start, len(body) + 1) if self._random.random() < 0.3 else len(body)
            data = bytes(body[:cut])
        await self._pass(data)
