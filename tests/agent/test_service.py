"""What a service manager hears: over a real socket."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.service import Manager, Service, manager_from
from streams.clock import ManualClock
from streams.types import NS


@pytest.fixture
def manager(tmp_path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as link:
        link.bind(str(tmp_path / "notify"))
        link.setblocking(False)
        yield link


def heard(link: socket.socket) -> list[str]:
    lines: list[str] = []
    while True:
        try:
            lines += link.recv(4096).decode().splitlines()
        except BlockingIOError:
            return lines


async def test_ready_alive_and_stopping(manager: socket.socket) -> None:
    clock = ManualClock()
    async with Service(Manager(str(manager.getsockname()), 10.0), clock):
        await asyncio.sleep(0)
        assert heard(manager) == ["READY=1", "WATCHDOG=1"]
        await asyncio.sleep(0)
        assert heard(manager) == [], "no sooner than is due"
        clock.advance_to(5 * NS)
        for _ in range(5):
            await asyncio.sleep(0)
        assert heard(manager) == ["WATCHDOG=1"]
    assert heard(manager) == ["STOPPING=1"]


async def test_without_a_manager_nothing_happens(tmp_path: Path) -> None:
    for manager in (Manager(), Manager(str(tmp_path / "nobody"), 1.0)):
        async with Service(manager, ManualClock()):
            await asyncio.sleep(0)


def test_what_the_variables_say() -> None:
    told = {"NOTIFY_SOCKET": "@heed", "WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "7"}
    assert manager_from(told, 7) == Manager("@heed", 30.0)
    assert manager_from(told, 8) == Manager("@heed", 0.0), "another process is watched"
    assert manager_from({"NOTIFY_SOCKET": "/run/n", "WATCHDOG_USEC": "soon"}, 7) == Manager("/run/n", 0.0)
    assert manager_from({"NOTIFY_SOCKET": "relative"}, 7) == Manager() == manager_from({}, 7)
