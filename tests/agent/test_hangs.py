"""A model that hangs: the others go on, it is said, and where nothing helps the service manager starts heed again."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from aiohttp import ClientSession

from agent.bus import Bus
from agent.core import Core, CoreOptions
from agent.hangs import Hangs
from agent.live import Live, Senses
from agent.service import Manager, Service
from agent.web.access import WebOptions
from agent.web.server import WebServer
from agent.workers import Workers
from dialog.events import Event, Perceived
from dialog.manager import Organs
from streams.channel import Channel
from streams.clock import ManualClock
from streams.types import NS, AudioChunk, Health, Media, Observation, Percept, VideoFrame, ns
from streams.webrtc.peer import Peer
from tests.fakes import FakeMind, FakeVoice, NoVoice
from tests.streams.sources.waiting import until


class Eyes:
    """Counts a stream's pictures (or chunks), and hangs on those of `bad` until it is released."""

    def __init__(self) -> None:
        self.bad: set[str] = set()
        self.released = threading.Event()
        self.hanging = 0

    def init_state(self, source: str) -> list[str]:
        return [source]

    def step(self, state: list[str], media: Media) -> list[Observation]:
        if media.source in self.bad:
            self.hanging += 1
            self.released.wait()
        state.append("x")
        text = f"picture {len(state) - 1}"
        return [Percept("", "scene", media.source, media.t_ns, media.t_ns, text)]

    def flush(self, state: list[str]) -> list[Observation]:
        return []


@dataclass
class Rig:
    clock: ManualClock
    core: Core
    live: Live
    eyes: Eyes
    hangs: Hangs
    workers: Workers
    events: list[Event] = field(default_factory=list)
    pictures: dict[str, Channel[VideoFrame]] = field(default_factory=dict)

    def told(self, source: str) -> list[str]:
        seen = [e.what for e in self.events if isinstance(e, Perceived) and isinstance(e.what, Percept)]
        return [percept.text for percept in seen if percept.source == source and percept.kind == "scene"]

    def health(self, component: str) -> list[tuple[str, str]]:
        return [(e.state, e.reason) for e in self.events if isinstance(e, Health) and e.component == component]

    def show(self, *sources: str) -> None:
        for source in sources:
            self.pictures[source].offer(VideoFrame(source, self.clock.now_ns(), np.zeros((9, 16, 3), np.uint8)))

    async def pass_time(self, seconds: float) -> None:
        """In steps, as a loop that is not held up sees it."""
        end_ns = self.clock.now_ns() + ns(seconds)
        while self.clock.now_ns() < end_ns:
            self.clock.advance_to(self.clock.now_ns() + NS)
            for _ in range(20):
                await asyncio.sleep(0)


@asynccontextmanager
async def rig(*cameras: str, hang_s: float = 30.0) -> AsyncIterator[Rig]:
    bus, eyes, clock = Bus(), Eyes(), ManualClock()
    try:
        with Workers() as workers:
            organs_ = _organs(clock, bus, workers)
            async with Core(organs_, bus, CoreOptions()) as core, asyncio.TaskGroup() as tasks:
                senses = Senses(eyes, eyes, NoVoice(), workers.hearing, workers.vision, workers.activity)
                live = Live(core, senses)
                async with Hangs(workers.lanes, clock, bus.publish, hang_s) as hangs:
                    made = Rig(clock, core, live, eyes, hangs, workers)
                    for name in cameras:
                        made.pictures[name] = Channel(1, "latest", name)
                        tasks.create_task(live.see(name, made.pictures[name]))
                    with bus.tap(made.events.append):
                        yield made
                    for channel in made.pictures.values():
                        channel.close()
                    eyes.released.set()
    finally:
        eyes.released.set()
    for thread in threading.enumerate():
        if thread.name in ("vision", "hearing", "mind"):
            thread.join(20)
            assert not thread.is_alive(), "no thread is left"


def _organs(clock: ManualClock, bus: Bus, workers: Workers) -> Organs:
    return Organs(FakeMind(), FakeVoice(), clock, bus.publish, workers.mind, workers.voice)


@pytest.fixture
def manager(tmp_path: Path) -> Iterator[Callable[[], list[str]]]:
    """A service manager, and what it has heard since it was last asked."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as link:
        link.bind(str(tmp_path / "notify"))
        link.setblocking(False)

        def heard() -> list[str]:
            lines: list[str] = []
            while True:
                try:
                    lines += link.recv(4096).decode().splitlines()
                except BlockingIOError:
                    return lines

        yield heard


async def test_a_look_that_hangs_is_given_up_and_the_other_cameras_go_on() -> None:
    async with rig("gate", "yard") as r:
        r.show("gate", "yard")
        await until(lambda: r.told("gate") and r.told("yard"))
        r.eyes.bad.add("gate")
        r.show("gate")
        await until(lambda: r.eyes.hanging == 1)
        r.show("yard")
        await r.pass_time(29)
        assert r.told("yard") == ["picture 1"] and not r.health("vision:gate"), "patience"
        r.eyes.bad.clear()
        await r.pass_time(6)
        await until(lambda: r.told("yard") == ["picture 1", "picture 2"])
        assert r.health("vision:gate") == [("failed", "a step took more than 30 s and was given up")]
        assert r.health("thread:vision") == [("degraded", "1 thread hangs and was left behind; another works on")]
        assert r.hangs.lost["vision"] == 1 and not r.hangs.stuck()
        r.show("gate")
        await until(lambda: r.told("gate") == ["picture 1", "picture 1"])  # what was known of it is given up, too
        assert r.health("vision:gate")[1:] == [("ok", "it goes on")]
        ids = [e.what.id for e in r.events if isinstance(e, Perceived) and isinstance(e.what, Percept)]
        assert len(set(ids)) == len(ids)
        r.eyes.released.set()
        await until(lambda: r.hangs.lost["vision"] == 0)
        await r.pass_time(6)
        assert r.health("thread:vision")[1:] == [("ok", "no step hangs")]
        assert r.told("gate") == ["picture 1", "picture 1"], "what comes late is forgotten"


async def test_a_camera_whose_looks_hang_again_is_put_aside() -> None:
    async with rig("gate", "yard") as r:
        r.eyes.bad.add("gate")
        for n in (1, 2):
            r.show("gate")
            await until(lambda: r.eyes.hanging == n)  # noqa: B023 - waited for within the round
            await r.pass_time(36)
        assert "put aside until it is added again" in r.health("vision:gate")[-1][1]
        for n in range(1, 4):
            r.show("gate", "yard")
            await until(lambda: len(r.told("yard")) == n)  # noqa: B023 - waited for within the round
        assert r.eyes.hanging == 2 and not r.hangs.stuck(), "it does no more harm"
        r.pictures["gate"].close()
        await until(lambda: r.health("vision:gate")[-1] == ("ok", "it is over"))


async def test_when_too_many_hang_the_service_manager_starts_heed_again(
    manager: Callable[[], list[str]], tmp_path: Path
) -> None:
    cameras = ("gate", "yard", "hall", "shop")
    async with rig(*cameras) as r, Service(Manager(str(tmp_path / "notify"), 10.0), r.clock, r.hangs.stuck):
        await r.pass_time(6)
        assert manager() == ["READY=1", "WATCHDOG=1", "WATCHDOG=1"]
        r.eyes.bad.update(cameras[:3])
        for n, name in enumerate(cameras[:3], 1):
            r.show(name)
            await until(lambda: r.eyes.hanging == n)  # noqa: B023 - waited for within the round
            await r.pass_time(36)
        state, reason = r.health("thread:vision")[-1]
        assert state == "failed" and "3 threads hang" in reason and "heed must be started again" in reason
        manager()
        await r.pass_time(60)
        heard = manager()
        assert "WATCHDOG=1" not in heard and f"STATUS={reason}" in heard
        r.show("shop")
        await until(lambda: r.health("vision:shop"))
        assert r.health("vision:shop") == [("failed", "3 threads hang in their steps, and no more are begun")]
        r.eyes.released.set()
        await until(lambda: not r.hangs.stuck())
        await r.pass_time(6)
        assert "WATCHDOG=1" in manager(), "they came back after all"
        r.show("shop")
        await until(lambda: r.told("shop"))


async def test_hearing_that_hangs_is_given_up() -> None:
    async with rig() as r:
        chunks: Channel[AudioChunk] = Channel(64, "wait", "sound")
        hearing = asyncio.create_task(r.live.hear("hall", aiter(chunks), None))
        r.eyes.bad.add("hall")
        for n in range(3):
            await chunks.put(AudioChunk("hall", n * NS, np.zeros(1600, np.float32)))
        await until(lambda: r.eyes.hanging == 1)
        r.eyes.bad.clear()
        await r.pass_time(36)
        await until(lambda: len(r.told("hall")) == 2)
        assert [state for state, _ in r.health("hearing:hall")] == ["failed", "ok"]
        chunks.close()
        await hearing


async def test_a_machine_that_slept_is_not_taken_for_one_that_hangs() -> None:
    async with rig("gate") as r:
        r.eyes.bad.add("gate")
        r.show("gate")
        await until(lambda: r.eyes.hanging == 1)
        await r.pass_time(6)
        r.clock.advance_to(r.clock.now_ns() + ns(7200))
        await r.pass_time(9)
        assert r.hangs.lost["vision"] == 0
        await r.pass_time(30)
        assert r.hangs.lost["vision"] == 1


async def test_a_language_model_that_hangs_is_noticed_and_not_left_behind() -> None:
    async with rig() as r:
        release, begun = threading.Event(), threading.Event()
        try:
            r.workers.mind.submit(lambda: (begun.set(), release.wait()))
            await until(begun.is_set)
            await r.pass_time(200)
            assert not r.hangs.stuck(), "a long answer is no fault"
            await r.pass_time(120)
            assert r.hangs.stuck().startswith("mind: a step hangs") and r.health("thread:mind")[-1][0] == "failed"
        finally:
            release.set()
        await until(lambda: not r.hangs.stuck())


async def test_with_0_nothing_ever_hangs() -> None:
    async with rig("gate", hang_s=0.0) as r:
        r.eyes.bad.add("gate")
        r.show("gate")
        await until(lambda: r.eyes.hanging == 1)
        await r.pass_time(300)
        assert not r.events
        r.eyes.released.set()
        await until(lambda: r.told("gate"))


async def test_a_health_check_over_http_fails_when_heed_must_be_started_again() -> None:
    stuck = [""]
    async with WebServer(WebOptions(port=0), Bus(), _nobody, ManualClock()) as server, ClientSession() as client:
        server.stuck = lambda: stuck[0]
        async with client.get(f"{server.url}/healthz") as answer:
            assert answer.status == 200
        stuck[0] = "vision: 3 threads hang"
        async with client.get(f"{server.url}/healthz") as answer:
            assert answer.status == 503 and (await answer.json())["reason"] == stuck[0]


async def _nobody(peer: Peer) -> None:
    raise AssertionError("nobody calls")
