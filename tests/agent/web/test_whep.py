"""Watching a publisher or a call (WHEP, draft-ietf-wish-whep), with a plain aiortc client over real HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import av
import numpy as np
import pytest
from aiortc import RTCConfiguration, RTCPeerConnection, RTCRtpReceiver, RTCSessionDescription

from agent.bus import Bus
from agent.web.access import WebOptions
from agent.web.server import WebServer
from streams.clock import MonotonicClock
from streams.webrtc.client import Caller, Publisher
from streams.webrtc.peer import Peer
from tests.webrtc_link import pictures, sound, tone, until

SDP = {"Content-Type": "application/sdp"}


async def _drain(peer: Peer) -> None:
    async with asyncio.TaskGroup() as group:
        for channel in (peer.audio, peer.video, peer.messages):
            group.create_task(_empty(channel))


async def _empty(channel: Any) -> None:
    async for _ in channel:
        pass


@asynccontextmanager
async def serving(**options: Any) -> AsyncIterator[WebServer]:
    async with WebServer(WebOptions(port=0, **options), Bus(), _drain, MonotonicClock()) as server:
        yield server


class Viewer:
    """Asks for sound and pictures of somebody, as the draft says."""

    def __init__(self, server: WebServer, name: str, codec: str = "") -> None:
        self.url = f"{server.url}/whep/{name}"
        self.location = ""
        self.brightness: list[float] = []
        self.sound: list[float] = []
        self.pc = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self._codec = codec
        self._tasks: list[asyncio.Task[None]] = []
        self._http = aiohttp.ClientSession()
        self._server = server.url

    async def ask(self) -> tuple[int, str]:
        """Post the offer; returns the status and the answer."""
        self.pc.on("track", lambda track: self._tasks.append(asyncio.create_task(self._take(track))))
        self.pc.addTransceiver("audio", "recvonly")
        video = self.pc.addTransceiver("video", "recvonly")
        if self._codec:
            known = RTCRtpReceiver.getCapabilities("video")
            assert known is not None
            video.setCodecPreferences([c for c in known.codecs if c.mimeType == f"video/{self._codec}"])
        await self.pc.setLocalDescription(await self.pc.createOffer())
        async with self._http.post(self.url, data=self.pc.localDescription.sdp, headers=SDP) as response:
            answer = await response.text()
            if response.status == 201:
                self.location = self._server + response.headers["Location"]
                await self.pc.setRemoteDescription(RTCSessionDescription(answer, "answer"))
            return response.status, answer

    async def _take(self, track: Any) -> None:
        while True:
            frame = await track.recv()
            if isinstance(frame, av.VideoFrame):
                self.brightness.append(float(frame.to_ndarray(format="gray").mean()))
            else:
                self.sound.append(float(np.abs(frame.to_ndarray()).max()) / 32768)

    async def __aenter__(self) -> Viewer:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.pc.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._http.close()


def _seen(viewer: Viewer) -> bool:
    return len(set(viewer.brightness)) > 5 and sum(level > 0.1 for level in viewer.sound) > 25


async def test_two_watch_and_listen_to_a_publisher() -> None:
    async with serving() as server:
        door = Publisher(server.url, "door", audio=sound(tone(100)), video=pictures(1000, 10))
        async with door, Viewer(server, "door") as first, Viewer(server, "door") as second:
            assert (await first.ask())[0] == 201 and first.location.startswith(f"{server.url}/whep/door/")
            await until(lambda: _seen(first), "the first sees and hears")
            assert (await second.ask())[0] == 201
            await until(lambda: _seen(second), "one who comes later does too")  # a key frame is asked for
            async with aiohttp.ClientSession() as http:
                async with http.patch(first.location, data="x") as response:
                    assert response.status == 405
                async with http.delete(first.location) as response:
                    assert response.status == 200
                async with http.delete(first.location) as response:
                    assert response.status == 404
            await until(lambda: first.pc.connectionState == "closed", "the first is hung up")
            n = len(second.brightness)
            await until(lambda: len(second.brightness) > n + 5, "the second goes on")
            await door.__aexit__(None, None, None)
            await until(lambda: second.pc.connectionState == "closed", "it ends with the publisher")


async def test_a_call_is_watched() -> None:
    async with (
        serving() as server,
        Caller(server.url, audio=sound(tone(100)), video=pictures(1000, 10), name="anna"),
        Viewer(server, "anna") as viewer,
    ):
        assert (await viewer.ask())[0] == 201
        await until(lambda: _seen(viewer), "sound and pictures")


async def test_refusals_are_one_line() -> None:
    async with serving(max_watchers=1) as server:
        async with Viewer(server, "nobody") as viewer:
            assert await viewer.ask() == (404, "there is no call or publisher named nobody now\n")
        async with Publisher(server.url, "door", video=pictures(1000, 10)):
            async with Viewer(server, "door", "H264") as viewer:
                assert await viewer.ask() == (400, "door sends VP8, which the SDP offer has not\n")
            async with Viewer(server, "door") as viewer, Viewer(server, "door") as late:
                assert (await viewer.ask())[0] == 201
                assert await late.ask() == (503, "all 1 places for watchers are taken; try again later\n")
                # One who leaves before is noticed after 20 s; one who was there, at once.
                await until(lambda: viewer.pc.connectionState == "connected", "the viewer is there")
            await until(lambda: len(server._sessions) == 1, "the viewer is gone")
        async with Caller(server.url, name="text"), Viewer(server, "text") as viewer:
            status, line = await viewer.ask()
            assert (status, line) == (201, line)  # a caller who sends no pictures is still heard


@pytest.mark.parametrize("direction", ["sendonly", "inactive"])
async def test_an_offer_that_watches_nothing(direction: str) -> None:
    async with (
        serving() as server,
        Publisher(server.url, "door", video=pictures(1000, 10)),
        aiohttp.ClientSession() as http,
    ):
        pc = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        pc.addTransceiver("video", direction)
        await pc.setLocalDescription(await pc.createOffer())
        async with http.post(f"{server.url}/whep/door", data=pc.localDescription.sdp, headers=SDP) as response:
            assert response.status == 400 and "watches nothing" in await response.text()
        await pc.close()
