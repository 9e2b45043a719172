"""Alerts arrive, and arrive once, while the broker is stopped and started again and again."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import aiomqtt
import paho.mqtt.client as paho
import pytest

from tests.mosquitto import BINARY, Mosquitto, Rig, client, next_message
from tests.streams.sources.waiting import until

ROUNDS = int(os.environ.get("HEED_BROKER_ROUNDS", "5"))
EACH = 40
"""Alerts that go out between two stops."""


class Watcher:
    """Somebody who keeps a session: a client of another make than heed's, on a thread of its own."""

    def __init__(self, broker: Mosquitto, name: str, qos: int) -> None:
        self.seen: list[str] = []
        self.again = 0
        """Deliveries that the broker itself marks as repeated."""
        self._client = paho.Client(paho.CallbackAPIVersion.VERSION2, name, clean_session=False)
        self._client.reconnect_delay_set(1, 1)
        self._client.on_connect = lambda client, *rest: client.subscribe("heed/test/alert", qos)
        self._client.on_message = self._on_message
        self._subscribed = threading.Event()
        self._client.on_subscribe = lambda *rest: self._subscribed.set()
        self._client.connect("127.0.0.1", broker.port)
        self._client.loop_start()

    async def ready(self) -> None:
        await until(self._subscribed.is_set)

    @property
    def connected(self) -> bool:
        return self._client.is_connected()

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def _on_message(self, client: paho.Client, data: object, message: paho.MQTTMessage) -> None:
        if message.dup and message.payload.decode() in self.seen:
            self.again += 1
        else:
            self.seen.append(message.payload.decode())


async def restarts(broker: Mosquitto, rig: Rig, qos: int, watchers: Sequence[Watcher]) -> int:
    """Stop and start the broker `ROUNDS` times amid alerts; how many went out, once all of them are there."""
    sent = 0
    async with rig.link as link:
        await link.wait_connected()
        for round_number in range(ROUNDS):
            for n in range(EACH):
                link.publish("alert", str(sent), qos=qos)
                sent += 1
                await asyncio.sleep(0.002)
                # another place in the traffic each time: while they go out, or when the last was handed over
                if n == (7 * round_number) % EACH:
                    await asyncio.to_thread(broker.stop)
            await until(lambda: not link.connected)
            broker.start()
            await broker.ready()
            async with asyncio.timeout(20):
                await link.wait_connected()
            everything = {str(name) for name in range(sent)}
            await until(lambda everything=everything: all(w.connected and everything <= {*w.seen} for w in watchers))  # type: ignore[misc]
    return sent


@pytest.mark.skipif(BINARY is None, reason="no mosquitto to test against; apt install mosquitto")
@pytest.mark.timeout(60 + 20 * ROUNDS)
@pytest.mark.parametrize("qos", [1, 2])
async def test_every_alert_arrives_once_though_the_broker_comes_and_goes(tmp_path: Path, qos: int) -> None:
    """With QoS 1 a broker may repeat to a subscriber what it handed over before it stopped, and marks it; heed itself
    publishes nothing twice. With QoS 2 on both sides there is no repetition of any kind."""
    broker = Mosquitto(tmp_path, keeps=True)
    broker.start()
    await broker.ready()
    watcher, rig = Watcher(broker, "watcher", qos), Rig(broker.url)
    try:
        await watcher.ready()
        sent = await restarts(broker, rig, qos, [watcher])
    finally:
        watcher.close()
        broker.stop()
    assert sent == ROUNDS * EACH
    assert sorted(map(int, watcher.seen)) == list(range(sent)), "each once, and none is missing"
    assert watcher.again == 0 or qos == 1


async def test_of_what_is_retained_only_the_newest_waits() -> None:
    """States that changed a thousand times while the broker was away push out no alert."""
    rig = Rig("mqtt://127.0.0.1:1")
    async with rig.link as link:
        link.publish("alert", "the one", qos=1)
        for n in range(1200):
            link.publish("source/door/people", str(n), qos=1, retain=True)
        assert len(link._outbox) == 2
        for n in range(1200):
            link.publish(f"source/{n}/people", "1", qos=1, retain=True)
        assert link._outbox.dropped_kept > 0
        assert (await link._outbox.first()).payload == b"the one"


class Broker:
    """Takes a message, and acknowledges it when the test says so."""

    def __init__(self) -> None:
        self.acknowledged = asyncio.Event()

    async def publish(self, *what: object, **more: object) -> None:
        await self.acknowledged.wait()


@pytest.mark.parametrize("acknowledged", [True, False])
async def test_an_acknowledgement_that_comes_with_the_end_counts(acknowledged: bool) -> None:
    """Else what the broker has would be published once more when it is back."""
    rig, broker = Rig("mqtt://127.0.0.1:1"), Broker()
    async with rig.link as link:
        link.publish("alert", "the one", qos=1)
        message = await link._outbox.first()
        sending = asyncio.create_task(link._publish(broker, message))  # type: ignore[arg-type]
        await asyncio.sleep(0)
        if acknowledged:
            broker.acknowledged.set()
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)
        assert sending.cancelled() and len(link._outbox) == (0 if acknowledged else 1)


class Breaking:
    """A connection that breaks before the first acknowledgement, and what was published on it."""

    def __init__(self, breaks: bool) -> None:
        self.breaks, self.published = breaks, list[tuple[bytes, str]]()

    async def publish(self, topic: str, payload: bytes, properties: Any = None, **more: object) -> None:
        self.published.append((payload, dict(properties.UserProperty)["id"] if properties else ""))
        if self.breaks:
            raise aiomqtt.MqttError("the line broke")


async def test_what_is_published_again_carries_the_same_id() -> None:
    """QoS 1 means at least once: by the id a subscriber can leave out what it was handed before."""
    rig = Rig("mqtt://127.0.0.1:1")
    async with rig.link as link:
        for text in ("one", "two"):
            link.publish("alert", text, qos=1)
        link.publish("percept", "fleeting")
        link.publish("source/door/people", "1", qos=1, retain=True)
        broken, whole = Breaking(True), Breaking(False)
        with pytest.raises(aiomqtt.MqttError):
            await link._send(broken)  # type: ignore[arg-type]
        sending = asyncio.create_task(link._send(whole))  # type: ignore[arg-type]
        await until(lambda: not len(link._outbox))
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)
    ids = dict(whole.published)
    assert broken.published == [(b"one", ids[b"one"])] and link.repeated == 1
    assert ids[b"one"] and ids[b"two"] and ids[b"one"] != ids[b"two"]
    assert ids[b"fleeting"] == ids[b"1"] == ""


@pytest.mark.skipif(BINARY is None, reason="no mosquitto to test against; apt install mosquitto")
async def test_the_id_reaches_a_subscriber_of_mqtt_5(mosquitto: Mosquitto) -> None:
    await mosquitto.ready()
    async with client(mosquitto) as peer, Rig(mosquitto.url).link as link:
        await peer.subscribe("heed/test/alert", qos=1)
        await link.wait_connected()
        for text in ("one", "two"):
            link.publish("alert", text, qos=1)
        first, second = [await next_message(peer, "heed/test/alert") for _ in range(2)]
    ids = [dict(message.properties.UserProperty)["id"] for message in (first, second)]  # type: ignore[union-attr]
    assert len(set(ids)) == 2 and all(ids)
