"""heed on a real Mosquitto: in and out, last will, outages, floods, and everything a peer can do wrong."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from streams.errors import SourceError
from streams.mqtt.codec import encode_audio
from streams.mqtt.intake import Question
from streams.types import AudioChunk, TextMessage, VideoFrame
from tests.mosquitto import Mosquitto, Rig, client, next_message
from tests.streams.sources.clips import claim_size, jpeg
from tests.streams.sources.waiting import until

ROOT = Path(__file__).resolve().parents[3]


@asynccontextmanager
async def running(broker: Mosquitto, **more: Any) -> AsyncIterator[Rig]:
    """A connected link whose items are collected."""
    await broker.ready()
    rig = Rig(broker.url, **more)
    async with asyncio.timeout(60), asyncio.TaskGroup() as group, rig.link as link:
        group.create_task(rig.collect())
        await link.wait_connected()
        yield rig


async def test_text_pictures_sound_and_questions_arrive(mosquitto: Mosquitto) -> None:
    samples = (np.sin(np.arange(4800) / 10) * 9000).astype(np.int16)
    async with running(mosquitto) as rig, client(mosquitto) as peer:
        await peer.publish("heed/test/in/text", "hello there")
        await peer.publish("heed/test/in/text", b'{"text": "I am Ann", "speaker": "Ann"}', qos=1)
        await peer.publish("heed/test/in/video/front-door", jpeg(80, 60))
        await peer.publish("heed/test/in/audio/hall.mic", encode_audio(samples, 48_000, 1000.0))
        await peer.publish("heed/test/in/audio/hall.mic", encode_audio(samples, 48_000, 1100.0))
        await peer.publish("heed/test/ask", "who is there?", qos=1)
        await until(lambda: len(rig.items) >= 6)
    texts = [i for i in rig.items if isinstance(i, TextMessage)]
    assert [(t.source, t.text, t.speaker) for t in texts] == [("mqtt", "hello there", ""), ("mqtt", "I am Ann", "Ann")]
    (frame,) = [i for i in rig.items if isinstance(i, VideoFrame)]
    assert frame.source == "front-door" and frame.rgb.shape == (60, 80, 3)
    sound = [i for i in rig.items if isinstance(i, AudioChunk)]
    assert {c.source for c in sound} == {"hall.mic"} and sum(len(c.samples) for c in sound) > 3000
    assert abs(sound[1].t0_ns - sound[0].t_ns) < 1_000_000
    (question,) = [i for i in rig.items if isinstance(i, Question)]
    assert question.text == "who is there?" and question.response_topic == ""
    assert [h.state for h in rig.health] == ["ok"]


async def test_events_go_out_and_a_reply_goes_where_the_asker_wants_it(mosquitto: Mosquitto) -> None:
    async with running(mosquitto) as rig, client(mosquitto) as peer:
        await peer.subscribe("heed/test/#")
        await peer.subscribe("my/answers")
        rig.link.publish("transcript", '{"text": "h\u00e9"}')
        assert (await next_message(peer, "heed/test/transcript")).payload == '{"text": "h\u00e9"}'.encode()
        ask = Properties(PacketTypes.PUBLISH)
        ask.ResponseTopic, ask.CorrelationData = "my/answers", b"\x00\x07"
        await peer.publish("heed/test/ask", '{"text": "how many?"}', properties=ask)
        await until(lambda: rig.items)
        rig.link.respond(rig.items[0], "three")
        answer = await next_message(peer, "my/answers")
        assert answer.payload == b"three" and answer.properties is not None
        assert answer.properties.CorrelationData == b"\x00\x07"  # type: ignore[attr-defined]
        await peer.publish("heed/test/ask", "and now?")
        await until(lambda: len(rig.items) == 2)
        rig.link.respond(rig.items[1], "four")
        assert (await next_message(peer, "heed/test/reply")).payload == b"four"


@pytest.mark.parametrize("topic", ["heed/test/in/text", "heed/test/ask", "$SYS/broker"])
async def test_a_response_topic_that_would_loop_or_is_reserved_is_not_used(mosquitto: Mosquitto, topic: str) -> None:
    async with running(mosquitto) as rig, client(mosquitto) as peer:
        ask = Properties(PacketTypes.PUBLISH)
        ask.ResponseTopic = topic
        await peer.publish("heed/test/ask", "how many?", properties=ask)
        await until(lambda: rig.items)
        assert rig.items[0].response_topic == "" and rig.reasons("mqtt:ask")


async def test_availability_is_online_then_offline_after_a_clean_end(mosquitto: Mosquitto) -> None:
    async with AsyncExitStack() as stack:
        rig = await stack.enter_async_context(running(mosquitto))
        peer = await stack.enter_async_context(client(mosquitto))
        await peer.subscribe("heed/test/availability")
        message = await next_message(peer, "heed/test/availability")
        assert message.payload == b"online" and message.retain
        rig.link.publish("alert", "last words", qos=1)
    async with client(mosquitto) as late:
        await late.subscribe("heed/test/availability")
        message = await next_message(late, "heed/test/availability")
        assert message.payload == b"offline" and message.retain


async def test_the_last_will_says_offline_when_the_agent_dies(mosquitto: Mosquitto) -> None:
    await mosquitto.ready()
    program = (
        "import asyncio\nfrom streams.clock import MonotonicClock\n"
        "from streams.mqtt.link import MqttLink, MqttOptions\n"
        "async def main():\n"
        f"    link = MqttLink(MqttOptions(url={mosquitto.url!r}, node='test'), MonotonicClock(), lambda h: None)\n"
        "    async with link:\n        await asyncio.Event().wait()\n"
        "asyncio.run(main())\n"
    )
    agent = await asyncio.create_subprocess_exec(sys.executable, "-c", program, cwd=ROOT)
    try:
        async with asyncio.timeout(60), client(mosquitto) as peer:
            await peer.subscribe("heed/test/availability")
            assert (await next_message(peer, "heed/test/availability")).payload == b"online"
            agent.kill()
            assert (await next_message(peer, "heed/test/availability")).payload == b"offline"
    finally:
        if agent.returncode is None:
            agent.kill()
        await agent.wait()


async def test_the_link_comes_back_after_an_outage_and_alerts_survive_it(mosquitto: Mosquitto) -> None:
    async with running(mosquitto) as rig:
        mosquitto.stop()
        await until(lambda: not rig.link.connected)
        for i in range(3):  # retained, so that it does not matter when the peer subscribes
            rig.link.publish(f"alert/{i}", str(i), qos=1, retain=True)
        await until(lambda: rig.health[-1].state == "failed")
        mosquitto.start()
        await mosquitto.ready()
        async with client(mosquitto) as peer:
            await peer.subscribe("heed/test/alert/#", qos=1)
            seen = [(await anext(aiter(peer.messages))).payload for _ in range(3)]
            assert sorted(seen) == [b"0", b"1", b"2"]
            await rig.link.wait_connected()
            await peer.publish("heed/test/in/text", "subscriptions are renewed")
            await until(lambda: rig.items)
    states = [h.state for h in rig.health if h.component == "mqtt:test"]
    assert states[0] == "ok" and "failed" in states and states[-1] == "ok"
    assert all(a != b for a, b in zip(rig.health, rig.health[1:], strict=False))


async def test_alerts_published_before_there_is_a_broker_arrive(mosquitto: Mosquitto) -> None:
    mosquitto.stop()
    rig = Rig(mosquitto.url)
    async with asyncio.timeout(60), rig.link:
        for i in range(5):
            rig.link.publish(f"alert/{i}", "early", qos=1, retain=True)
        await until(lambda: rig.health)
        assert rig.health[0].state == "failed" and "refused" in rig.health[0].reason
        mosquitto.start()
        await mosquitto.ready()
        async with client(mosquitto) as peer:
            await peer.subscribe("heed/test/alert/#", qos=1)
            topics = [str((await anext(aiter(peer.messages))).topic) for _ in range(5)]
            assert sorted(topics) == [f"heed/test/alert/{i}" for i in range(5)]


BAD: list[tuple[str, bytes, str]] = [
    ("in/text", b"\xff\xfe\xfa", "mqtt:text"),
    ("in/text", b"", "mqtt:text"),
    ("in/text", b"{broken", "mqtt:text"),
    ("in/text", b'{"text": 5}', "mqtt:text"),
    ("in/text", b"{" * 8000, "mqtt:text"),
    ("in/text", b"x" * 9000, "mqtt:text"),
    ("in/text/more", b"hello", "mqtt:topics"),
    ("in/video", jpeg(), "mqtt:topics"),
    ("in/video/door/2", jpeg(), "mqtt:topics"),
    ("in/video/do or", jpeg(), "mqtt:topics"),
    ("in/video/" + "x" * 65, jpeg(), "mqtt:topics"),
    ("in/video/d\u00f6r", jpeg(), "mqtt:topics"),
    ("in/unknown", b"x", "mqtt:topics"),
    ("in/video/door", b"not a picture", "mqtt:video/door"),
    ("in/video/door", jpeg()[:100], "mqtt:video/door"),
    ("in/video/door", claim_size(jpeg(), 20_000, 20_000), "mqtt:video/door"),
    ("in/audio/mic", b"no header", "mqtt:audio/mic"),
    ("in/audio/mic", b'{"rate": 16000, "width": 2, "channels": 1}\n123', "mqtt:audio/mic"),
    ("in/audio/mic", b'{"rate": 1, "width": 2, "channels": 1}\n12', "mqtt:audio/mic"),
    ("in/audio/mic", b'{"rate": 191999, "width": 2, "channels": 1}\n12', "mqtt:audio/mic"),
    ("in/audio/mic", b'{"rate": 16000, "width": 2, "channels": 1}\n' + bytes(320_000), "mqtt:audio/mic"),
    ("ask", b"", "mqtt:ask"),
]


async def test_bad_messages_cost_one_line_each_and_nothing_else(mosquitto: Mosquitto) -> None:
    for suffix, payload, component in BAD:
        async with running(mosquitto) as rig, client(mosquitto) as peer:
            await peer.publish(f"heed/test/{suffix}", payload)
            await until(lambda rig=rig, component=component: rig.reasons(component))  # type: ignore[misc]
            await peer.publish("heed/test/in/text", "still here", qos=1)
            await until(lambda rig=rig: rig.items)  # type: ignore[misc]
        assert [i.text for i in rig.items] == ["still here"], suffix
        (reason,) = rig.reasons(component)
        assert "\n" not in reason and len(reason) < 400


async def test_a_flood_of_bad_messages_is_one_line(mosquitto: Mosquitto) -> None:
    async with running(mosquitto) as rig, client(mosquitto) as peer:
        for _ in range(300):
            await peer.publish("heed/test/in/text", b"\xff")
        async with asyncio.timeout(20):
            while not rig.items:  # while the flood lasts, the bounded queue may leave anything out
                await peer.publish("heed/test/ask", "end", qos=1)
                await asyncio.sleep(0.05)
    assert len(rig.reasons("mqtt:text")) == 1


async def test_a_flood_of_pictures_keeps_the_newest_of_each_camera(mosquitto: Mosquitto) -> None:
    await mosquitto.ready()
    rig = Rig(mosquitto.url)
    async with asyncio.timeout(60), rig.link as link:
        await link.wait_connected()
        async with client(mosquitto) as peer:
            for i in range(200):  # nobody reads meanwhile
                await peer.publish(f"heed/test/in/video/cam{i % 2}", jpeg(64, 48 + i // 2), qos=1)
        items = link.listen()
        heights: dict[str, int] = {}
        while heights != {"cam0": 147, "cam1": 147}:
            frame = await anext(items)
            assert isinstance(frame, VideoFrame)
            heights[frame.source] = frame.rgb.shape[0]
        assert len(link._intake.inbox) <= 2 and len(link._intake._raw) <= 2


async def test_too_many_cameras_are_refused(mosquitto: Mosquitto) -> None:
    async with running(mosquitto) as rig, client(mosquitto) as peer:
        for i in range(80):
            await peer.publish(f"heed/test/in/video/cam{i}", jpeg(8, 8), qos=1)
        await until(lambda: rig.reasons("mqtt:topics"))
        await until(lambda: len(rig.items) == 64)
    assert "more than 64" in rig.reasons("mqtt:topics")[0]


async def test_retained_messages_are_ignored(mosquitto: Mosquitto) -> None:
    await mosquitto.ready()
    async with client(mosquitto) as peer:
        await peer.publish("heed/test/in/text", "old news", retain=True, qos=1)
        await peer.publish("heed/test/ask", "old question", retain=True, qos=1)
        async with running(mosquitto) as rig:
            await peer.publish("heed/test/in/text", "new", qos=1)
            await until(lambda: rig.items)
    assert [i.text for i in rig.items] == ["new"]


async def test_a_refused_log_in_is_said_and_never_called_connected(tmp_path: Path, mosquitto: Mosquitto) -> None:
    mosquitto.stop()
    closed = Mosquitto(tmp_path, "allow_anonymous false")
    closed.start()
    try:
        await closed.ready()
        rig = Rig(f"mqtt://ann:hunter2@127.0.0.1:{closed.port}")
        async with asyncio.timeout(30), rig.link as link:
            await until(lambda: rig.health)
            assert not link.connected
        assert rig.health[0].state == "failed" and "user name and password" in rig.health[0].reason
        assert not any("hunter2" in h.reason or "ann" in h.reason for h in rig.health)
    finally:
        closed.stop()


@pytest.mark.parametrize("url", ["http://h", "mqtt://", "127.0.0.1:1883", "unix:///run/x", "mqtt://a..b:1883"])
def test_a_bad_broker_address_is_one_clear_line(url: str) -> None:
    with pytest.raises(SourceError):
        Rig(url)
