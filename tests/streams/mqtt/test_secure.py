"""A Mosquitto with TLS and passwords, as one that is reached over a network has."""

from __future__ import annotations

import asyncio
import ssl
from pathlib import Path

import aiomqtt
import pytest

from tests.mosquitto import Mosquitto, Rig, next_message
from tests.streams.sources.waiting import until


def url(broker: Mosquitto) -> str:
    return f"mqtts://127.0.0.1:{broker.port}"


async def test_heed_logs_in_over_tls_and_its_last_will_is_there(secure: Mosquitto, tmp_path: Path) -> None:
    await secure.ready()
    rig = Rig(url(secure), username="ann", password="hunter2", ca_file=str(tmp_path / "ca.pem"))
    peer = aiomqtt.Client(
        "localhost",
        secure.port,
        username="ann",
        password="hunter2",
        tls_context=ssl.create_default_context(cafile=str(tmp_path / "ca.pem")),
    )
    async with asyncio.timeout(60), peer:
        await peer.subscribe("heed/test/#")
        async with rig.link as link:
            assert (await next_message(peer, "heed/test/availability")).payload == b"online"
            link.publish("alert", "fire", qos=1)
            assert (await next_message(peer, "heed/test/alert")).payload == b"fire"
        assert (await next_message(peer, "heed/test/availability")).payload == b"offline"
    assert [h.state for h in rig.health] == ["ok"]


@pytest.mark.parametrize(
    ("password", "trusted", "why"),
    [("wrong", True, "user name and password"), ("hunter2", False, "certificate")],
    ids=["a wrong password", "an unknown authority"],
)
async def test_who_is_not_let_in_or_not_trusted_says_so(
    secure: Mosquitto, tmp_path: Path, password: str, trusted: bool, why: str
) -> None:
    await secure.ready()
    ca_file = str(tmp_path / "ca.pem") if trusted else None
    rig = Rig(url(secure), username="ann", password=password, ca_file=ca_file)
    async with asyncio.timeout(60), rig.link as link:
        await until(lambda: rig.health)
        assert not link.connected
    assert rig.health[0].state == "failed" and why in rig.health[0].reason
    assert not any("hunter2" in h.reason or "ann" in h.reason for h in rig.health)


async def test_a_certificate_file_that_is_not_there_is_one_line(secure: Mosquitto, tmp_path: Path) -> None:
    await secure.ready()
    rig = Rig(url(secure), ca_file=str(tmp_path / "nothing.pem"))
    async with asyncio.timeout(60), rig.link:
        await until(lambda: rig.health)
    assert rig.health[0].state == "failed" and "\n" not in rig.health[0].reason
