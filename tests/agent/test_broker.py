"""The embedded broker: a round trip through it, and a port that is taken."""

from __future__ import annotations

import asyncio
import socket
from dataclasses import replace

import aiomqtt
import pytest

from agent.broker import BrokerStartError, embedded_broker
from streams.clock import MonotonicClock
from streams.mqtt import link
from streams.mqtt.intake import Question
from streams.mqtt.link import MqttLink, MqttOptions
from streams.types import Health


async def test_a_question_and_its_reply_over_the_embedded_broker() -> None:
    health: list[Health] = []
    async with asyncio.timeout(60), embedded_broker(0) as url:
        port = int(url.rsplit(":", 1)[1])
        async with MqttLink(
            MqttOptions(url=url, node="test", version="3.1.1"), MonotonicClock(), health.append
        ) as mqtt:
            await mqtt.wait_connected()
            async with aiomqtt.Client("127.0.0.1", port) as peer:
                await peer.subscribe("heed/test/reply")
                await peer.publish("heed/test/ask", "who is there?", qos=1)
                question = await anext(mqtt.listen())
                assert isinstance(question, Question) and question.text == "who is there?"
                mqtt.respond(question, "nobody")
                async for message in peer.messages:
                    assert message.payload == b"nobody"
                    break
        async with aiomqtt.Client("127.0.0.1", port) as late:
            await late.subscribe("heed/test/availability")
            async for message in late.messages:
                assert message.payload == b"offline" and message.retain
                break
    assert [h.state for h in health] == ["ok"]


async def test_a_broker_that_does_not_answer_to_mqtt_5_is_tried_with_3_1_1(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(link, "CONNECT_S", 0.5)
    health: list[Health] = []
    options = MqttOptions(url="", node="test", first_retry_s=0.05)
    async with (
        asyncio.timeout(30),
        embedded_broker(0) as url,
        MqttLink(replace(options, url=url), MonotonicClock(), health.append) as connection,
    ):
        await connection.wait_connected()
    assert [h.state for h in health] == ["failed", "ok"]


async def test_a_port_in_use_is_one_clear_line() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(BrokerStartError, match="is another one running"):
            async with embedded_broker(taken.getsockname()[1]):
                pass


async def test_it_listens_on_loopback_only() -> None:
    async with embedded_broker(0) as url:
        assert url.startswith("mqtt://127.0.0.1:")
