"""The other end: calls a running heed, or publishes to it, with real encoding over real UDP (demo, tests, tools)."""

from __future__ import annotations

import asyncio
import json
import sys
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Coroutine
from types import TracebackType
from typing import Any, Self
from urllib.parse import urljoin, urlsplit

import aiohttp
import numpy as np
from aiortc import RTCConfiguration, RTCDataChannel, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import MediaStreamTrack
from numpy.typing import NDArray

from streams.channel import Channel
from streams.clock import Clock, MonotonicClock
from streams.errors import MediaError, SourceError
from streams.types import SAMPLE_RATE_HZ, AudioChunk, HealthState, VideoFrame
from streams.webrtc.feed import AudioFeed, Pace, VideoFeed
from streams.webrtc.gate import harden
from streams.webrtc.lines import LABEL
from streams.webrtc.network import offer_loopback_if_alone
from streams.webrtc.receive import AudioReceiver
from streams.webrtc.sdp import MAX_SDP_BYTES, SDP_ERRORS
from streams.webrtc.tasks import leave

MAX_HEARD_S = 600
"""Seconds of reply sound that are kept."""
TIMEOUT_S = 20.0


class _Client(ABC):
    """What a caller and a publisher share: offer, HTTP, answer, connection, close."""

    def __init__(
        self,
        endpoint: str,
        token: str | None,
        audio: AsyncIterator[AudioChunk] | None,
        video: AsyncIterator[VideoFrame] | None,
        clock: Clock | None,
    ) -> None:
        parts = urlsplit(endpoint)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise SourceError(f"not an address to call: {endpoint!r}; use http://host:port")
        self._endpoint = endpoint
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._clock = clock or MonotonicClock()
        self._location: str | None = None
        self._pc = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self._group = asyncio.TaskGroup()
        self._tasks: list[asyncio.Task[None]] = []
        self._connected = asyncio.Event()
        self._over = asyncio.Event()
        pace, self._done = Pace(), {"audio": asyncio.Event(), "video": asyncio.Event()}
        self._audio = None if audio is None else AudioFeed(audio, pace, self._done["audio"])
        self._video = None if video is None else VideoFeed(video, pace, self._done["video"])
        self._pc.on("connectionstatechange", self._state_changed)

    @property
    def connection(self) -> RTCPeerConnection:
        """aiortc's object, for statistics and for tests that break the link."""
        return self._pc

    async def sent(self) -> None:
        """Wait until all given media were sent."""
        if self._audio is not None:
            await self._done["audio"].wait()
        if self._video is not None:
            await self._done["video"].wait()

    async def over(self) -> None:
        """Wait until the connection has ended, from either side."""
        await self._over.wait()

    async def __aenter__(self) -> Self:
        """Connect.

        Raises:
            SourceError: the server refuses, cannot be reached, or no connection comes about in 20 s.
        """
        await self._group.__aenter__()
        try:
            self._prepare()
            offer_loopback_if_alone(self._pc)
            await self._pc.setLocalDescription(await self._pc.createOffer())
            answer = await self._post(self._pc.localDescription.sdp)
            await self._accept(answer)
        finally:
            if not self._connected.is_set():
                await self.__aexit__(*sys.exc_info())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            await self._hang_up()
            for sender in self._pc.getSenders():
                await sender.stop()
            await self._pc.close()
        finally:
            self._over.set()
            for task in self._tasks:
                task.cancel()
            await leave(self._group, error)

    @abstractmethod
    def _prepare(self) -> None:
        """Add what is to be sent and received to the connection, before the offer is made."""

    async def _accept(self, answer: str) -> None:
        try:
            async with asyncio.timeout(TIMEOUT_S):
                await self._pc.setRemoteDescription(RTCSessionDescription(answer, "answer"))
                await self._connected.wait()
        except TimeoutError as error:
            raise SourceError(f"no connection to {self._endpoint} within {TIMEOUT_S:g} s: is UDP blocked?") from error
        except SDP_ERRORS as error:
            raise SourceError(f"the answer of {self._endpoint} cannot be read: {error}") from error

    async def _post(self, offer: str) -> str:
        headers = {"Content-Type": "application/sdp", **self._headers}
        try:
            async with (
                aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(TIMEOUT_S)) as http,
                http.post(self._endpoint, data=offer.encode(), headers=headers) as response,
            ):
                body = (await response.content.read(MAX_SDP_BYTES)).decode("utf-8", "replace")
                if response.status != 201:
                    raise SourceError(f"{self._endpoint} answers {response.status}: {' '.join(body.split())[:200]}")
                self._location = urljoin(self._endpoint, response.headers.get("Location", ""))
                return body
        except (aiohttp.ClientError, TimeoutError) as error:
            raise SourceError(f"{self._endpoint} cannot be reached: {error}; is heed running there?") from error

    async def _hang_up(self) -> None:
        if self._location is None:
            return
        try:
            async with (
                aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(5)) as http,
                http.delete(self._location, headers=self._headers),
            ):
                pass
        except (aiohttp.ClientError, TimeoutError):
            return  # the server is gone already: there is nothing to end

    def _state_changed(self) -> None:
        if self._pc.connectionState == "connected":
            self._connected.set()
        elif self._pc.connectionState in ("failed", "closed"):
            self._over.set()

    def _spawn(self, work: Coroutine[None, None, None]) -> None:
        self._tasks.append(self._group.create_task(work))


class Caller(_Client):
    """A call: sends sound and pictures, hears the replies, exchanges lines. An async context manager.

    Args:
        url: the server, `http://host:port`; `/api/call` is added, and a query (`?echo_cancellation=on`) handed on.
        token: the server's bearer token, where it demands one.
        audio: sound in time order from stream time 0, sent in real time; None sends silence.
        video: pictures in time order from stream time 0, sent in real time; None sends no video.
        clock: dates what is heard; its own by default.
        name: what the server shall call this source; the server chooses by default.
        room: the call to take part in; one of its own by default.
    """

    def __init__(
        self,
        url: str,
        token: str | None = None,
        audio: AsyncIterator[AudioChunk] | None = None,
        video: AsyncIterator[VideoFrame] | None = None,
        clock: Clock | None = None,
        name: str = "",
        room: str = "",
    ) -> None:
        server, _, given = url.partition("?")
        query = "&".join([f"{key}={value}" for key, value in (("name", name), ("room", room)) if value] + [given])
        endpoint = f"{server.rstrip('/')}/api/call?{query}".rstrip("?&")
        super().__init__(endpoint, token, audio or _nothing(), video, clock)
        self._channel: RTCDataChannel | None = None
        self._open = asyncio.Event()
        self._lines: Channel[dict[str, Any]] = Channel(8192, "drop_oldest", "caller events")
        self._sound: Channel[AudioChunk] = Channel(500, "drop_oldest", "caller heard")
        self._heard: list[NDArray[np.float32]] = []
        self._heard_samples = 0
        self.on_sound: Callable[[AudioChunk], None] | None = None
        """Called with every chunk that is heard, as it comes."""

    async def send(self, message: dict[str, Any]) -> None:
        """Send a JSON line, such as `{"type": "text", "text": "Hello"}`; waits until the data channel is open."""
        await self._open.wait()
        if self._channel is None or self._channel.readyState != "open":
            raise SourceError("the call is over: nothing can be sent")
        self._channel.send(json.dumps(message))

    async def events(self) -> AsyncIterator[dict[str, Any]]:
        """The lines that heed sends, until the call is over. What is not a JSON object is skipped."""
        async for value in self._lines:
            yield value

    def heard(self) -> NDArray[np.float32]:
        """What was heard so far: `[n]`, mono 16 kHz, silence included, at most the first ten minutes."""
        return np.concatenate(self._heard) if self._heard else np.zeros(0, np.float32)

    def heard_s(self, above: float = 0.01) -> float:
        """Seconds of heard sound that were not silence: 20 ms blocks whose root mean square exceeds `above`."""
        sound = self.heard()
        blocks = sound[: len(sound) // 320 * 320].reshape(-1, 320)
        return float((np.sqrt((blocks**2).mean(axis=1)) > above).sum()) * 320 / SAMPLE_RATE_HZ

    def _prepare(self) -> None:
        self._pc.on("track", self._track)
        if self._audio is not None:
            self._pc.addTrack(self._audio)
        if self._video is not None:
            self._pc.addTransceiver(self._video, "sendonly")
        self._channel = self._pc.createDataChannel(LABEL)
        self._channel.on("open", self._open.set)
        self._channel.on("message", self._received)

    def _track(self, track: MediaStreamTrack) -> None:
        if track.kind == "audio":
            receiver = next(t.receiver for t in self._pc.getTransceivers() if t.receiver.track is track)
            harden(receiver, "audio", _no_report)
            self._spawn(AudioReceiver("reply", self._clock, self._sound, _ignore_health).run(track))
            self._spawn(self._collect())

    async def _collect(self) -> None:
        async for chunk in self._sound:
            if self.on_sound is not None:
                self.on_sound(chunk)
            if self._heard_samples < MAX_HEARD_S * SAMPLE_RATE_HZ:
                self._heard.append(chunk.samples)
                self._heard_samples += len(chunk.samples)

    def _received(self, message: str | bytes) -> None:
        try:
            value = json.loads(message)
        except (ValueError, RecursionError):
            return
        if isinstance(value, dict):
            self._lines.offer(value)

    def _state_changed(self) -> None:
        super()._state_changed()
        if self._over.is_set():
            self._finish()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._finish()
        await super().__aexit__(kind, error, trace)

    def _finish(self) -> None:
        self._lines.close()
        self._sound.close()
        self._open.set()


class Publisher(_Client):
    """Publishes a source by WHIP (RFC 9725), as OBS does. An async context manager.

    Args:
        url: the server, `http://host:port`; `/whip/<name>` is added.
        name: of the source at the server.
        token: the server's bearer token, where it demands one.
        audio: sound in time order from stream time 0, sent in real time.
        video: pictures in time order from stream time 0, sent in real time.

    Raises:
        MediaError: neither sound nor pictures are given.
    """

    def __init__(
        self,
        url: str,
        name: str,
        token: str | None = None,
        audio: AsyncIterator[AudioChunk] | None = None,
        video: AsyncIterator[VideoFrame] | None = None,
    ) -> None:
        if audio is None and video is None:
            raise MediaError("there is nothing to publish: give sound, pictures or both")
        super().__init__(f"{url.rstrip('/')}/whip/{name}", token, audio, video, None)

    def _prepare(self) -> None:
        for track in (self._audio, self._video):
            if track is not None:
                self._pc.addTransceiver(track, "sendonly")


async def _nothing() -> AsyncIterator[AudioChunk]:
    return
    yield


def _no_report(line: str) -> None:
    """Nobody listens to a client's decoder."""


def _ignore_health(state: HealthState, reason: str) -> None:
    """Nobody listens to a client's health."""
