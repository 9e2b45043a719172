"""A real Mosquitto on a free port, and a link with its health."""

from __future__ import annotations

import asyncio
import getpass
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiomqtt
import pytest

from streams.clock import MonotonicClock
from streams.mqtt.link import MqttLink, MqttOptions
from streams.types import Health
from tests.certificates import make_certificates
from tests.streams.sources.waiting import until

PASSWD = shutil.which("mosquitto_passwd")
BINARY = shutil.which("mosquitto") or ("/usr/sbin/mosquitto" if Path("/usr/sbin/mosquitto").exists() else None)


class Mosquitto:
    """A broker process that a test can stop and start again."""

    def __init__(self, folder: Path, extra: str = "allow_anonymous true", keeps: bool = False) -> None:
        """`keeps`: sessions and what is retained outlive a restart."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.config = folder / "mosquitto.conf"
        kept = f"true\npersistence_location {folder}/" if keeps else "false"
        # started by root it would become another user, who may neither read nor write in the folder
        user = f"user {getpass.getuser()}\n"
        self.config.write_text(f"{user}listener {self.port} 127.0.0.1\npersistence {kept}\n{extra}\n")
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"mqtt://127.0.0.1:{self.port}"

    def start(self) -> None:
        assert BINARY is not None
        self._process = subprocess.Popen([BINARY, "-c", str(self.config)], stderr=subprocess.DEVNULL)

    async def ready(self) -> None:
        await until(self._answers)

    def _answers(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(10)
            self._process = None


@pytest.fixture
def mosquitto(tmp_path: Path) -> Iterator[Mosquitto]:
    if BINARY is None:
        pytest.skip("no mosquitto to test against; apt install mosquitto")
    broker = Mosquitto(tmp_path)
    broker.start()
    yield broker
    broker.stop()


@pytest.fixture
def secure(tmp_path: Path) -> Iterator[Mosquitto]:
    """One that wants TLS, the user `ann` and her password `hunter2`; its authority is `tmp_path / "ca.pem"`."""
    if BINARY is None or PASSWD is None:
        pytest.skip("no mosquitto to test against; apt install mosquitto")
    make_certificates(tmp_path)
    subprocess.run([PASSWD, "-b", "-c", str(tmp_path / "users"), "ann", "hunter2"], check=True, capture_output=True)
    tls = "".join(f"{key} {tmp_path / name}\n" for key, name in (("certfile", "server.pem"), ("keyfile", "server.key")))
    broker = Mosquitto(tmp_path, f"{tls}allow_anonymous false\npassword_file {tmp_path / 'users'}")
    broker.start()
    yield broker
    broker.stop()


def options(url: str, **more: Any) -> MqttOptions:
    return MqttOptions(url=url, node="test", first_retry_s=0.05, most_retry_s=0.2, **more)


class Rig:
    """A link, what it said of its health, and what came in."""

    def __init__(self, url: str, **more: Any) -> None:
        self.health: list[Health] = []
        self.items: list[Any] = []
        self.link = MqttLink(options(url, **more), MonotonicClock(), self.health.append)

    async def collect(self) -> None:
        async for item in self.link.listen():
            self.items.append(item)

    def reasons(self, component: str) -> list[str]:
        return [h.reason for h in self.health if h.component == component]


def client(broker: Mosquitto, version: int = 5) -> aiomqtt.Client:
    return aiomqtt.Client("127.0.0.1", broker.port, protocol=aiomqtt.ProtocolVersion(version))


async def next_message(peer: aiomqtt.Client, topic: str) -> aiomqtt.Message:
    """The next message on `topic`, whatever else comes."""
    async with asyncio.timeout(20):
        async for message in peer.messages:
            if str(message.topic) == topic:
                return message
    raise AssertionError("the connection ended")
