"""Whether every alert arrives, and how often, while the broker is stopped and started amid them: heed's own link to a
real Mosquitto that keeps its sessions on disk, and a subscriber that keeps its session, a client of another make."""

from __future__ import annotations

import asyncio
import getpass
import logging
import shutil
import tempfile
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from agent.bench.cameras import free_port
from agent.bench.progress import Step
from streams.clock import MonotonicClock
from streams.errors import HeedError
from streams.mqtt.link import MqttLink, MqttOptions

EACH = 40
"""Alerts that go out between two stops."""
APART_S = 0.002
WITHIN_S = 30.0
LOOK_S = 0.01
MISSING = "no broker to measure with: apt install mosquitto"


@dataclass(slots=True)
class Arrived:
    """What a subscriber was handed."""

    payloads: Counter[str] = field(default_factory=Counter)
    """How often each."""
    ids: Counter[str] = field(default_factory=Counter)
    marked: int = 0
    """Those that the broker marks as handed over again."""


@dataclass(frozen=True, slots=True)
class Once:
    """What came of so many restarts."""

    qos: int
    restarts: int
    sent: int
    missing: int
    marked: int
    """Handed over again by the broker, so marked."""
    unmarked: int
    """Arrived again without a mark: heed or the broker took them for new ones."""
    republished: int
    """By heed, since no acknowledgement had come when the line broke."""
    astray: int
    """Alerts that did not come to exactly one, once those with an id that was there already are left out."""


class Broker:
    """A Mosquitto whose sessions outlive a restart."""

    def __init__(self, folder: Path) -> None:
        """Raises `HeedError` where there is none."""
        program = shutil.which("mosquitto") or shutil.which("/usr/sbin/mosquitto")
        if program is None:
            raise HeedError(MISSING)
        self._program, self.port = program, free_port()
        self._config = folder / "mosquitto.conf"
        self._config.write_text(
            f"user {getpass.getuser()}\nlistener {self.port} 127.0.0.1\nallow_anonymous true\n"
            f"persistence true\npersistence_location {folder}/\nmax_queued_messages 0\n"
        )
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Begin; returns when it listens."""
        self._process = await asyncio.create_subprocess_exec(
            self._program, "-c", str(self._config), stderr=asyncio.subprocess.DEVNULL
        )
        async with asyncio.timeout(WITHIN_S):
            while True:
                try:
                    _, writer = await asyncio.open_connection("127.0.0.1", self.port)
                except OSError:
                    await asyncio.sleep(LOOK_S)
                else:
                    writer.close()
                    return

    async def stop(self) -> None:
        """As a service manager does."""
        if self._process is not None:
            if self._process.returncode is None:
                self._process.terminate()
            await self._process.wait()
            self._process = None


class Subscriber:
    """On a thread of its own; keeps its session at the broker."""

    def __init__(self, port: int, qos: int) -> None:
        import paho.mqtt.client as paho
        from paho.mqtt.packettypes import PacketTypes
        from paho.mqtt.properties import Properties

        self.arrived = Arrived()
        self.subscribed = threading.Event()
        keeps = Properties(PacketTypes.CONNECT)
        keeps.SessionExpiryInterval = 3600
        self._client = paho.Client(paho.CallbackAPIVersion.VERSION2, "subscriber", protocol=paho.MQTTv5)
        self._client.reconnect_delay_set(1, 1)
        self._client.on_connect = lambda client, *rest: client.subscribe("heed/bench/alert", qos)
        self._client.on_subscribe = lambda *rest: self.subscribed.set()
        self._client.on_message = self._on_message
        self._client.connect("127.0.0.1", port, clean_start=False, properties=keeps)
        self._client.loop_start()

    @property
    def connected(self) -> bool:
        """Whether it is connected now."""
        return self._client.is_connected()

    def close(self) -> None:
        """Leave."""
        self._client.disconnect()
        self._client.loop_stop()

    def _on_message(self, client: Any, data: Any, message: Any) -> None:
        payload = message.payload.decode()
        again = payload in self.arrived.payloads
        self.arrived.payloads[payload] += 1
        self.arrived.ids[dict(message.properties.UserProperty)["id"]] += 1
        self.arrived.marked += bool(message.dup) and again


async def broker_restarts(times: int, qos: int, step: Step) -> Once:
    """Stop and start the broker so often amid alerts."""
    for chatty in ("heed.mqtt", "heed.mqtt.wire"):  # that the broker is gone is no news here
        logging.getLogger(chatty).setLevel(logging.CRITICAL)
    with tempfile.TemporaryDirectory(prefix="heed-") as name:
        broker = Broker(Path(name))
        await broker.start()
        subscriber = await asyncio.get_running_loop().run_in_executor(None, Subscriber, broker.port, qos)
        try:
            await _until(subscriber.subscribed.is_set)
            options = MqttOptions(f"mqtt://127.0.0.1:{broker.port}", node="bench", first_retry_s=0.05, most_retry_s=0.2)
            async with MqttLink(options, MonotonicClock(), lambda health: None) as link:
                await link.wait_connected()
                sent = 0
                for n in range(times):
                    sent = await _round(n, sent, qos, broker, link, subscriber)
                    step()
                await asyncio.sleep(1.0)
                republished = link.repeated
        finally:
            subscriber.close()
            await broker.stop()
    return judged(qos, times, sent, republished, subscriber.arrived)


async def _round(n: int, sent: int, qos: int, broker: Broker, link: MqttLink, subscriber: Subscriber) -> int:
    """One stop, at another place in the traffic each time; how many were sent by its end."""
    stopping: asyncio.Task[None] | None = None
    for number in range(EACH):
        link.publish("alert", f"alert {sent}", qos=qos)
        sent += 1
        await asyncio.sleep(APART_S)
        if number == (7 * n) % EACH:
            stopping = asyncio.create_task(broker.stop())
    assert stopping is not None
    await stopping
    await _until(lambda: not link.connected)
    await broker.start()
    arrived = subscriber.arrived.payloads
    await _until(lambda: link.connected and subscriber.connected and len(arrived) == sent)
    return sent


def judged(qos: int, restarts: int, sent: int, republished: int, arrived: Arrived) -> Once:
    """What arrived, against what was sent: `alert 0` and so on."""
    wanted = {f"alert {number}" for number in range(sent)}
    again = sum(count - 1 for count in arrived.payloads.values())
    missing = len(wanted - set(arrived.payloads))
    # Whoever leaves out what has an id that was there already is left with as many as there are ids.
    astray = missing + abs(len(arrived.ids) - len(arrived.payloads))
    return Once(qos, restarts, sent, missing, arrived.marked, again - arrived.marked, republished, astray)


async def _until(there: Callable[[], bool]) -> None:
    """Raises `TimeoutError`."""
    async with asyncio.timeout(WITHIN_S):
        while not there():  # noqa: ASYNC110 - a thread's doing
            await asyncio.sleep(LOOK_S)


def told(rounds: list[Once]) -> tuple[list[tuple[str, str]], dict[str, object]]:
    """Rows and figures."""
    rows = []
    for one in rounds:
        rows += [
            (
                f"broker stopped and started {one.restarts} times, QoS {one.qos}: alerts that did not arrive",
                f"{one.missing} of {one.sent}",
            ),
            ("  handed over again by the broker, so marked", str(one.marked)),
            ("  tried again by heed when the line broke; of these arrived twice", f"{one.republished}; {one.unmarked}"),
            ("  not exactly once for who leaves out a repeated id", str(one.astray)),
        ]
    figures: dict[str, object] = {"broker": [{name: getattr(one, name) for name in one.__slots__} for one in rounds]}
    return rows, figures
