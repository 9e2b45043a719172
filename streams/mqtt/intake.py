"""Incoming MQTT messages to media and questions: bounded per topic, decoded off the event loop, faults reported."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from streams.clock import Clock
from streams.errors import SLIPS, ChannelClosed, MediaError
from streams.mqtt import topics
from streams.mqtt.codec import MAX_PACKET_BYTES, Pcm, decode_audio, decode_line, decode_text
from streams.mqtt.complaints import Complaints
from streams.sources.inbox import Inbox
from streams.sources.livetime import LiveSound, SenderTime
from streams.sources.photo import decode_jpeg
from streams.types import NS, AudioChunk, Health, Media, TextMessage, VideoFrame

MAX_NAMES = 64
"""Cameras and microphones together."""
TEXTS_WAITING = 64
AUDIO_WAITING = 64


@dataclass(frozen=True, slots=True)
class Question:
    """Somebody asks, and wants the reply."""

    text: str
    speaker: str
    t_ns: int
    source: str = "mqtt"
    response_topic: str = ""
    """Where the reply shall go; empty for `reply`."""
    correlation: bytes | None = None


@dataclass(frozen=True, slots=True)
class CommandLine:
    """Somebody tells the agent to do something: a JSON line, as it came."""

    text: str


@dataclass(frozen=True, slots=True)
class Message:
    """An incoming message, of any MQTT version."""

    topic: str
    payload: bytes
    retained: bool = False
    response_topic: str = ""
    correlation: bytes | None = None


@dataclass(frozen=True, slots=True)
class _Raw:
    name: str
    payload: bytes
    t_ns: int
    is_video: bool


class Intake:
    """Takes messages without ever waiting; `decode` works them off; `inbox` is what the agent reads.

    Pictures: the newest of each camera. Sound: in order, until `AUDIO_WAITING` messages wait, then it is refused and
    said so. Texts and questions: the same.
    """

    def __init__(self, node: str, clock: Clock, on_health: Callable[[Health], None]) -> None:
        self.inbox: Inbox[Media | Question | CommandLine] = Inbox(MAX_NAMES + 2)
        self.inbox.open("text", TEXTS_WAITING, "wait")
        self._node = node
        self._clock = clock
        self._complaints = Complaints(clock, on_health)
        self._raw: Inbox[_Raw] = Inbox(MAX_NAMES)
        self._executor = ThreadPoolExecutor(1, "mqtt-decode")
        self._sounds: dict[str, _Sound] = {}

    def take(self, message: Message) -> None:
        """One message from the broker. What is wrong with it becomes one line of `Health`; nothing is raised."""
        try:
            incoming = topics.parse(self._node, message.topic)
        except MediaError as error:
            return self._complaints.bad("mqtt:topics", str(error))
        about = f"mqtt:{incoming.kind}" + (f"/{incoming.name}" if incoming.name else "")
        if message.retained:
            return self._complaints.bad(
                "mqtt:topics", f"a retained message on {message.topic} is ignored: it may be old"
            )
        if len(message.payload) > MAX_PACKET_BYTES:
            return self._complaints.bad(
                about, f"a message of {len(message.payload)} bytes; the most is {MAX_PACKET_BYTES}"
            )
        if incoming.kind in ("video", "audio"):
            return self._take_media(incoming, message.payload, about)
        try:
            self._take_text(incoming, message, about)
        except MediaError as error:
            self._complaints.bad(about, str(error))
        return None

    async def decode(self) -> None:
        """Decode pictures and sound on a thread until closed. A task of the link."""
        loop = asyncio.get_running_loop()
        async for raw in self._raw:
            about = f"mqtt:{'video' if raw.is_video else 'audio'}/{raw.name}"
            try:
                items = await loop.run_in_executor(self._executor, self._decode, raw)
            except MediaError as error:
                self._complaints.bad(about, str(error))
                continue
            except SLIPS as error:
                self._complaints.slip(about, "a message", error)
                continue
            self._complaints.good(about)
            for item in items:
                try:
                    await self.inbox.put(f"{'video' if raw.is_video else 'audio'}/{raw.name}", item)
                except ChannelClosed:
                    return

    def close(self) -> None:
        """End `decode` and the inbox."""
        self._raw.close()
        self.inbox.close()
        self._executor.shutdown(wait=False, cancel_futures=True)

    def __aiter__(self) -> AsyncIterator[Media | Question | CommandLine]:
        return aiter(self.inbox)

    def _take_media(self, incoming: topics.Incoming, payload: bytes, about: str) -> None:
        video = incoming.kind == "video"
        lane = f"{incoming.kind}/{incoming.name}"
        policy, size = ("latest", 1) if video else ("wait", AUDIO_WAITING)
        if not (self._raw.open(lane, size, policy) and self.inbox.open(lane, size, policy)):  # type: ignore[arg-type]
            return self._complaints.bad(
                "mqtt:topics", f"more than {MAX_NAMES} cameras and microphones; {lane} is ignored"
            )
        if not self._raw.offer(lane, _Raw(incoming.name, payload, self._clock.now_ns(), video)):
            self._complaints.bad(about, "sound arrives faster than it can be heard; some of it is lost")
        return None

    def _take_text(self, incoming: topics.Incoming, message: Message, about: str) -> None:
        item: TextMessage | Question | CommandLine
        if incoming.kind == "command":
            item = CommandLine(decode_line(message.payload))
        else:
            item = self._text(incoming, message, about)
        if not self.inbox.offer("text", item):
            raise MediaError("texts arrive faster than they can be read; some are lost")
        self._complaints.good(about)

    def _text(self, incoming: topics.Incoming, message: Message, about: str) -> TextMessage | Question:
        text, speaker = decode_text(message.payload)
        now_ns = self._clock.now_ns()
        if incoming.kind == "ask":
            wanted = message.response_topic
            try:
                wanted = topics.response_topic(self._node, wanted) if wanted else ""
            except MediaError as error:
                self._complaints.bad(about, str(error))
                wanted = ""
            return Question(text, speaker, now_ns, "mqtt", wanted, message.correlation)
        return TextMessage("mqtt", now_ns, text, speaker)

    def _decode(self, raw: _Raw) -> list[VideoFrame] | list[AudioChunk]:
        """On the decoding thread, one message after another."""
        if raw.is_video:
            return [VideoFrame(raw.name, raw.t_ns, decode_jpeg(raw.payload, "the picture"))]
        if raw.name not in self._sounds:
            self._sounds[raw.name] = _Sound(raw.name)
        return self._sounds[raw.name].add(decode_audio(raw.payload), raw.t_ns)


class _Sound:
    """One microphone's clock and sample count. With time stamps holes are exact; without, arrival must do."""

    def __init__(self, name: str) -> None:
        self._time = SenderTime()
        self._exact = LiveSound(name, gap_ns=60 * NS // 1000)
        self._rough = LiveSound(name, gap_ns=NS)

    def add(self, pcm: Pcm, arrived_ns: int) -> list[AudioChunk]:
        length_ns = len(pcm.samples) * NS // pcm.rate_hz
        if pcm.timestamp_ns is None:
            return self._rough.add(pcm.samples, pcm.rate_hz, max(0, arrived_ns - length_ns))
        end_ns = self._time.at(pcm.timestamp_ns + length_ns, arrived_ns)
        return self._exact.add(pcm.samples, pcm.rate_hz, max(0, end_ns - length_ns))
