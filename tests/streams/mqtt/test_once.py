"""Alerts arrive, and arrive once, while the broker is stopped and started again and again."""

from __future__ import annotations

import asyncio
import os
import threading
from collections import Counter
from pathlib import Path

import paho.mqtt.client as paho
import pytest

from tests.mosquitto import BINARY, Mosquitto, Rig
from tests.streams.sources.waiting import until

ROUNDS = int(os.environ.get("HEED_BROKER_ROUNDS", "5"))
EACH = 40
"""Alerts that go out between two stops."""


class Watcher:
    """Somebody who keeps a session: a client of another make than heed's, on a thread of its own."""

    def __init__(self, broker: Mosquitto) -> None:
        self.seen: list[str] = []
        self._client = paho.Client(paho.CallbackAPIVersion.VERSION2, "watcher", clean_session=False)
        self._client.reconnect_delay_set(1, 1)
        self._client.on_connect = lambda client, *rest: client.subscribe("heed/test/alert", 2)
        self._client.on_message = lambda client, data, message: self.seen.append(message.payload.decode())
        self._subscribed = threading.Event()
        self._client.on_subscribe = lambda *rest: self._subscribed.set()
        self._client.connect("127.0.0.1", broker.port)
        self._client.loop_start()

    async def ready(self) -> None:
        await until(self._subscribed.is_set)

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()


@pytest.mark.skipif(BINARY is None, reason="no mosquitto to test against; apt install mosquitto")
@pytest.mark.timeout(60 + 20 * ROUNDS)
async def test_every_alert_arrives_once_though_the_broker_comes_and_goes(tmp_path: Path) -> None:
    broker = Mosquitto(tmp_path, keeps=True)
    broker.start()
    await broker.ready()
    watcher, rig, sent = Watcher(broker), Rig(broker.url), 0
    try:
        await watcher.ready()
        async with rig.link as link:
            await link.wait_connected()
            for round_number in range(ROUNDS):
                for n in range(EACH):
                    link.publish("alert", str(sent), qos=2)
                    sent += 1
                    await asyncio.sleep(0.002)
                    # another place in the traffic each time: while they go out, or when the last was handed over
                    if n == (7 * round_number) % EACH:
                        await asyncio.to_thread(broker.stop)
                await until(lambda: not link.connected, 20)
                broker.start()
                await broker.ready()
                async with asyncio.timeout(20):
                    await link.wait_connected()
            await until(lambda: len(set(watcher.seen)) == sent, 20)
    finally:
        watcher.close()
        broker.stop()
    counts = Counter(watcher.seen)
    assert sent == ROUNDS * EACH
    assert {int(name) for name in counts} == set(range(sent)), "some never arrived"
    assert not [name for name, n in counts.items() if n > 1], "some arrived more than once"


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
