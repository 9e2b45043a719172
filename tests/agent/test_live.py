"""Live wiring over a real WebRTC call, a real broker and a real recording; only the models are small stand-ins."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

import numpy as np
import pytest
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from agent.bus import Bus
from agent.config import Config, MqttConfig
from agent.core import Core, CoreOptions
from agent.links import ReplyAudio, guarded, serve_local, serve_mqtt, topic_of
from agent.live import GONE_S, Live, Senses
from agent.web.access import WebOptions
from agent.web.server import WebServer
from dialog.events import Alert, Caption, Event, Perceived, Reply
from streams import wording
from streams.channel import Channel
from streams.clock import Clock, ManualClock, MonotonicClock
from streams.errors import SourceError
from streams.mqtt.codec import encode_audio
from streams.sink import Speech
from streams.types import NS, SAMPLE_RATE_HZ, AudioChunk, Health, Observation, Percept, Transcript, VideoFrame, ns
from streams.webrtc.client import Caller, Publisher
from tests.fakes import FakeMind, NoVoice, organs
from tests.mosquitto import Mosquitto, client, next_message
from tests.streams.sources.clips import jpeg
from tests.streams.sources.waiting import until

LOUD = np.sin(np.arange(SAMPLE_RATE_HZ // 10) / 5).astype(np.float32) * 0.5


class LoudEncoder:
    """Hears one question as soon as something is loud."""

    def init_state(self, source: str) -> list[bool]:
        return [False]

    def step(self, state: list[bool], media: AudioChunk) -> list[Observation]:
        if state[0] or float(np.abs(media.samples).max(initial=0)) < 0.1:
            return []
        state[0] = True
        return [Transcript(media.source, media.t0_ns, media.t_ns, "What does the sign say?")]

    def flush(self, state: list[bool]) -> list[Observation]:
        return []


class BrightEncoder:
    """Sees a sign as soon as a picture is bright."""

    def init_state(self, source: str) -> list[bool]:
        return [False]

    def step(self, state: list[bool], media: VideoFrame) -> list[Observation]:
        if state[0] or media.rgb.mean() < 100:
            return []
        state[0] = True
        said = wording.sign("EXIT 42")
        return [Percept("", "sign", media.source, media.t_ns, media.t_ns, said)]

    def flush(self, state: list[bool]) -> list[Observation]:
        return []


@dataclass
class Rig:
    core: Core
    live: Live
    events: list[Event] = field(default_factory=list)

    def percepts(self) -> list[Percept]:
        return [e.what for e in self.events if isinstance(e, Perceived) and isinstance(e.what, Percept)]

    def replies(self) -> list[Reply]:
        return [e for e in self.events if isinstance(e, Reply)]

    def reasons(self, component: str) -> list[str]:
        return [e.reason for e in self.events if isinstance(e, Health) and e.component == component]


@pytest.fixture
def executor() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(2) as pool:
        yield pool


@asynccontextmanager
async def rig(executor: ThreadPoolExecutor, clock: Clock | None = None) -> AsyncIterator[Rig]:
    bus = Bus()
    async with Core(organs(clock or MonotonicClock(), bus, executor, FakeMind()), bus, CoreOptions()) as core:
        made = Rig(core, Live(core, Senses(LoudEncoder(), BrightEncoder(), NoVoice(), executor, executor, executor)))
        with bus.tap(made.events.append):
            yield made


async def sound(seconds: float, loud_at: float | None) -> AsyncIterator[AudioChunk]:
    for n in range(round(seconds * 10)):
        loud = loud_at is not None and n / 10 >= loud_at
        yield AudioChunk("x", n * NS // 10, LOUD if loud else LOUD * 0)


async def pictures(seconds: float) -> AsyncIterator[VideoFrame]:
    for n in range(round(seconds * 10)):
        yield VideoFrame("x", n * NS // 10, np.full((180, 320, 3), 200, np.uint8))


async def test_a_call_and_a_publisher_meet_in_the_agent(executor: ThreadPoolExecutor) -> None:
    """The publisher's picture answers the caller's spoken question; the reply is heard and written in the call."""
    async with (
        rig(executor) as r,
        WebServer(WebOptions(port=0), r.core.bus, r.live.attend, r.core.clock) as server,
        Publisher(server.url, "room", video=pictures(30)),
    ):
        await until(lambda: r.percepts())
        async with Caller(server.url, audio=sound(30, loud_at=0.5), name="you") as caller:
            async with asyncio.timeout(30):
                async for event in caller.events():
                    if event["type"] == "reply":
                        break
            await until(lambda: caller.heard_s() > 0.3)
            await caller.send({"type": "text", "text": "And the sign?", "correlation": "c1"})
            await until(lambda: len(r.replies()) > 1)
            await caller.send({"type": "nonsense"})
            async with asyncio.timeout(30):
                async for event in caller.events():
                    if event["type"] == "error":
                        break
    assert "unknown command type" in event["reason"]
    first, second = r.replies()[:2]
    assert (first.source, first.question) == ("you", "What does the sign say?")
    assert "EXIT 42" in first.text and first.evidence == ("room/v1",)
    assert first.spoken == first.text
    assert (second.question, second.correlation) == ("And the sign?", "c1")
    assert r.core.dialogs() == [], "the conversation ended with the call"


async def test_over_mqtt(executor: ThreadPoolExecutor, mosquitto: Mosquitto) -> None:
    config = replace(Config(), mqtt=MqttConfig(url=mosquitto.url))
    await mosquitto.ready()
    async with rig(executor) as r, client(mosquitto) as peer, asyncio.TaskGroup() as tasks:
        await peer.subscribe("heed/heed/#")
        await peer.subscribe("answers/me")
        serving = tasks.create_task(serve_mqtt(config, r.core, r.live))
        await until(lambda: r.reasons("mqtt:heed"))
        await peer.publish("heed/heed/in/video/door", jpeg(160, 90))
        seen = json.loads((await next_message(peer, "heed/heed/percept")).payload)
        assert (seen["id"], seen["kind"], seen["source"]) == ("door/v1", "sign", "door")

        await peer.publish("heed/heed/in/text", json.dumps({"text": "I am at the gate", "speaker": "Anna"}))
        written = json.loads((await next_message(peer, "heed/heed/percept")).payload)
        assert written["text"] == 'Anna writes: "I am at the gate"'

        await peer.publish(
            "heed/heed/in/audio/hall", encode_audio((LOUD * 32767).astype(np.int16), SAMPLE_RATE_HZ, 0.0)
        )
        said = json.loads((await next_message(peer, "heed/heed/transcript")).payload)
        assert said["source"] == "hall"

        wanted = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]
        wanted.ResponseTopic, wanted.CorrelationData = "answers/me", b"77"
        await peer.publish("heed/heed/ask", "Who is at the gate?", properties=wanted)
        answer = await next_message(peer, "answers/me")
        assert "Anna" in json.loads(answer.payload)["text"]
        assert answer.properties is not None and answer.properties.CorrelationData == b"77"

        await peer.publish("heed/heed/ask", "What does the sign say?")
        wav = await next_message(peer, "heed/heed/reply/audio")
        assert isinstance(wav.payload, bytes) and wav.payload[:4] == b"RIFF"
        assert "EXIT 42" in json.loads((await next_message(peer, "heed/heed/reply")).payload)["text"]
        serving.cancel()


async def test_a_camera_that_falls_silent_is_said_to_be_gone(executor: ThreadPoolExecutor) -> None:
    clock = ManualClock()
    async with rig(executor, clock) as r, asyncio.TaskGroup() as tasks:
        frames: Channel[VideoFrame] = Channel(1, "latest")
        tasks.create_task(r.live.see("door", frames))
        frames.offer(VideoFrame("door", 0, np.full((9, 16, 3), 200, np.uint8)))
        await until(lambda: r.percepts())

        async def pass_time(condition: object, step_ns: int = ns(GONE_S / 2)) -> None:
            for _ in range(20):
                clock.advance_to(clock.now_ns() + step_ns)
                await asyncio.sleep(0.01)
                if condition():  # type: ignore[operator]
                    return

        await pass_time(lambda: len(r.percepts()) > 1)
        assert r.percepts()[-1].text == wording.gone(True)
        assert r.reasons("camera:door") == [wording.gone(True)]
        frames.offer(VideoFrame("door", clock.now_ns(), np.full((9, 16, 3), 0, np.uint8)))
        await until(lambda: len(r.percepts()) > 2)
        assert r.percepts()[2].text == wording.gone(False)
        frames.close()
    assert len({p.id for p in r.percepts()}) == len(r.percepts())


async def test_missing_devices_are_said_and_the_rest_goes_on(executor: ThreadPoolExecutor) -> None:
    base = Config()
    config = replace(base, local=replace(base.local, microphone="no such", loudspeaker="no such", camera="/dev/none"))
    async with rig(executor) as r:
        await serve_local(config, r.core, r.live)
    for component in ("microphone:local", "loudspeaker:local", "camera:local"):
        assert len(r.reasons(component)) == 1, component


async def test_a_source_that_fails_is_reported_and_no_more(executor: ThreadPoolExecutor) -> None:
    async def fail() -> None:
        raise SourceError("the camera is on fire")

    async with rig(executor) as r:
        await guarded(r.core, "camera:x", fail())
    assert r.reasons("camera:x") == ["the camera is on fire"]


def test_topics_of_events() -> None:
    assert topic_of(Caption(0, 0, 0, "es", "hola")) == "caption/es"
    assert topic_of(Alert(0, "1", "r", "info", "new", "x", ())) == "alert"
    assert topic_of(Health("x", "ok", "")) == "health"


def test_spoken_replies_become_one_wav_each() -> None:
    sent: list[bytes] = []
    sink = ReplyAudio(sent.append)
    sink.play(Speech(1, "a", LOUD, 16_000))
    sink.play(Speech(1, "b", LOUD, 16_000))
    assert sink.played_s(1) == pytest.approx(0.2)
    sink.finish()
    sink.stop(2)
    sink.play(Speech(2, "late", LOUD, 16_000))
    sink.finish()
    assert len(sent) == 1
    assert len(sent[0]) == 44 + 2 * 2 * len(LOUD)
