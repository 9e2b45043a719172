"""What one message, or one topic, could do to the link: a line of health, and on it goes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from streams.clock import MonotonicClock
from streams.mqtt.intake import Intake, Message, Question
from streams.mqtt.link import MqttLink, MqttOptions
from streams.types import Health, VideoFrame
from tests.mosquitto import Mosquitto, Rig, client, next_message, options
from tests.streams.sources.clips import jpeg
from tests.streams.sources.waiting import until


def trips_over(word: bytes, seen: list[bytes]) -> Callable[[Message], None]:
    """A reader with a slip: it stumbles over one payload."""

    def take(message: Message) -> None:
        if message.payload == word:
            raise OverflowError("int too large to convert to float")
        seen.append(message.payload)

    return take


@pytest.mark.parametrize("whose", ["other/events", "heed/test/in/text"])
async def test_a_reader_that_stumbles_over_one_message_gets_the_next(
    mosquitto: Mosquitto, whose: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await mosquitto.ready()
    health: list[Health] = []
    seen: list[bytes] = []
    take = trips_over(b"bad", seen)
    link = MqttLink(options(mosquitto.url, also=("other/#",)), MonotonicClock(), health.append, take)
    async with asyncio.timeout(60), link, client(mosquitto) as peer:
        monkeypatch.setattr(link._intake, "take", take)
        await link.wait_connected()
        await peer.publish(whose, "bad", qos=1)
        await peer.publish(whose, "good", qos=1)
        await until(lambda: seen)
    assert seen == [b"good"] and [h.state for h in health] == ["ok", "degraded"]
    assert whose in health[1].reason and "OverflowError" in health[1].reason


UNUSABLE = ["caption/#", "caption/+", "caption/\0", "caption/\ud800", "x" * 70_000, "/"]
"""Topics below `heed/test`, and one that is empty."""


@pytest.mark.parametrize("topic", UNUSABLE, ids=lambda topic: ascii(topic[:12]))
async def test_a_topic_that_cannot_be_published_on_is_refused_and_the_rest_goes_out(
    mosquitto: Mosquitto, topic: str
) -> None:
    await mosquitto.ready()
    rig = Rig(mosquitto.url)
    async with asyncio.timeout(60), client(mosquitto) as peer, rig.link as link:
        await peer.subscribe("heed/test/#")
        await link.wait_connected()
        for _ in range(3):
            link.publish(topic, "lost")
        link.publish("transcript", "still here")
        assert (await next_message(peer, "heed/test/transcript")).payload == b"still here"
    assert [h.state for h in rig.health] == ["ok", "degraded"]
    assert rig.health[1].component == "mqtt:publish" and len(rig.health[1].reason) < 300


async def test_what_the_library_refuses_to_send_is_left_out_and_the_rest_goes_out(mosquitto: Mosquitto) -> None:
    await mosquitto.ready()
    rig = Rig(mosquitto.url)
    async with asyncio.timeout(60), client(mosquitto) as peer, rig.link as link:
        await peer.subscribe("heed/test/#")
        await link.wait_connected()
        link.respond(Question("how many?", "", 0, response_topic="answers/#"), "three")
        link.publish("transcript", "still here")
        assert (await next_message(peer, "heed/test/transcript")).payload == b"still here"
    assert [(h.component, h.state) for h in rig.health] == [("mqtt:test", "ok"), ("mqtt:publish", "degraded")]


async def test_options_that_the_library_refuses_are_said_and_tried_again() -> None:
    health: list[Health] = []
    refused = MqttOptions("mqtt://127.0.0.1:9", node="test", keepalive_s=-1, first_retry_s=0.05)
    async with asyncio.timeout(60), MqttLink(refused, MonotonicClock(), health.append) as link:
        await until(lambda: health)
        assert not link.connected
    assert health[0].state == "failed" and "trying again" in health[0].reason


async def test_a_slip_of_the_decoder_costs_one_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    health: list[Health] = []
    intake = Intake("test", MonotonicClock(), health.append)
    decode = intake._decode

    def stumble(raw: Any) -> Any:
        if raw.payload == b"bad":
            raise IndexError("hunter2")
        return decode(raw)

    monkeypatch.setattr(intake, "_decode", stumble)
    async with asyncio.timeout(60), asyncio.TaskGroup() as group:
        group.create_task(intake.decode())
        intake.take(Message("heed/test/in/video/door", b"bad"))
        await until(lambda: health)
        intake.take(Message("heed/test/in/video/door", jpeg(80, 60)))
        frame = await anext(aiter(intake))
        assert isinstance(frame, VideoFrame) and frame.rgb.shape == (60, 80, 3)
        intake.close()
    (line,) = health
    assert (line.component, line.state) == ("mqtt:video/door", "degraded") and "IndexError" in line.reason
