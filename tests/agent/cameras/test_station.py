"""Cameras that are watched: real ones over RTSP, with small stand-ins for what looks at them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from agent.bench.cameras import MISSING, CameraServer, Film, film
from agent.bus import Bus
from agent.cameras.config import CamerasConfig, SourceConfig
from agent.cameras.station import NAME, Station, StationOptions
from agent.core import Core, CoreOptions
from agent.live import Live, Senses
from dialog.events import Event, Perceived, PluginReply, Tell
from streams import wording
from streams.channel import Channel
from streams.clock import Clock, ManualClock, MonotonicClock
from streams.looks import LookOptions, Looks
from streams.types import NS, Health, Observation, Percept, VideoFrame, ns
from tests.fakes import FakeMind, NoVoice, organs
from tests.streams.sources.clips import write_clip
from tests.streams.sources.waiting import until


class Eyes:
    """Remembers which pictures it was shown, and sees nothing."""

    def __init__(self) -> None:
        self.shown: list[VideoFrame] = []

    def init_state(self, source: str) -> None:
        return None

    def step(self, state: None, media: VideoFrame) -> list[Observation]:
        self.shown.append(media)
        return []

    def flush(self, state: None) -> list[Observation]:
        return []

    def of(self, source: str) -> list[VideoFrame]:
        return [frame for frame in self.shown if frame.source == source]


@dataclass
class Rig:
    core: Core
    live: Live
    station: Station
    eyes: Eyes
    events: list[Event] = field(default_factory=list)

    def reasons(self, component: str) -> list[str]:
        return [e.reason for e in self.events if isinstance(e, Health) and e.component == component]

    def tell(self, command: str, **arguments: str) -> PluginReply:
        self.station.telling(lambda told: None)(Tell(NAME, command, tuple(arguments.items()), "me"))
        reply = self.events[-1]
        assert isinstance(reply, PluginReply) and reply.source == "me"
        return reply


@asynccontextmanager
async def rig(
    clock: Clock | None = None, looks: Looks | None = None, cameras: CamerasConfig | None = None
) -> AsyncIterator[Rig]:
    bus, eyes = Bus(), Eyes()
    with ThreadPoolExecutor(2) as executor:
        async with Core(organs(clock or MonotonicClock(), bus, executor, FakeMind()), bus, CoreOptions()) as core:
            live = Live(core, Senses(NoVoice(), eyes, NoVoice(), executor, executor, executor), looks=looks)
            async with Station(core, live, eyes, StationOptions(cameras or CamerasConfig())) as station:
                made = Rig(core, live, station, eyes)
                with bus.tap(made.events.append):
                    yield made


@pytest.fixture(scope="module")
def recordings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Path]]:
    """A camera in front of which nothing happens, and one with something that moves all the time."""
    folder = tmp_path_factory.mktemp("cameras")
    still = write_clip(folder / "still.mkv", seconds=1.0, fps=5, rate_hz=None, size=(320, 180))
    moving = write_clip(folder / "moving.mkv", seconds=2.4, fps=5, rate_hz=None, size=(320, 180))
    film(still, folder / "still.mp4", Film(120, size=(320, 180), part_s=(0, 0.1)))
    film(moving, folder / "moving.mp4", Film(120, size=(320, 180)))
    yield {"still": folder / "still.mp4", "moving": folder / "moving.mp4"}


def is_installed() -> bool:
    """Whether there is an RTSP server to test with. Where there is, one that does not start is a failure."""
    return any(Path("/usr/lib").glob("*/girepository-1.0/GstRtspServer-1.0.typelib"))


@asynccontextmanager
async def served(recordings: dict[str, Path]) -> AsyncIterator[CameraServer]:
    if not is_installed():
        pytest.skip(MISSING)
    server = CameraServer(recordings)
    await server.plug()
    try:
        yield server
    finally:
        await server.unplug()


async def test_a_camera_is_watched_with_its_own_rate_and_masks(recordings: dict[str, Path]) -> None:
    left = ((0.0, 0.0), (0.5, 0.0), (0.5, 1.0), (0.0, 1.0))
    async with rig() as r, served(recordings) as server:
        r.station.watch(SourceConfig("yard", server.url("moving"), masks=(left,), max_fps=2))
        r.station.watch(SourceConfig("gate", server.url("moving")))
        await until(lambda: len(r.eyes.of("yard")) >= 5 and len(r.eyes.of("gate")) >= 5)
        assert r.reasons("camera:yard") == ["it runs"]
    yard, gate = r.eyes.of("yard"), r.eyes.of("gate")
    gaps = [b.t_ns - a.t_ns for a, b in zip(yard[1:], yard[2:], strict=False)]
    assert min(gaps) > 0.3 * NS, "two a second"
    assert all(frame.rgb[:, :150].max() == 0 for frame in yard)
    assert max(frame.rgb[:, :150].max() for frame in gate) > 100


async def test_where_nothing_moves_one_picture_a_second_is_looked_at(recordings: dict[str, Path]) -> None:
    async with rig() as r, served(recordings) as server:
        r.station.watch(SourceConfig("hall", server.url("still")))
        await until(lambda: len(r.eyes.of("hall")) >= 24, 40)
    late = [frame.t_ns for frame in r.eyes.of("hall")][-5:]
    assert all(b - a > 0.9 * NS for a, b in zip(late, late[1:], strict=False))


async def test_an_unplugged_camera_is_back_when_it_returns(recordings: dict[str, Path]) -> None:
    async with rig() as r, served(recordings) as server:
        r.station.watch(SourceConfig("gate", server.url("moving")))
        await until(lambda: r.eyes.of("gate"))
        for pulled in (False, True):
            if pulled:  # the line stays open, and nothing comes
                server.fall_silent()
                await until(lambda: "nothing arrives" in r.reasons("camera:gate")[-1])
            await server.unplug()
            await until(lambda: r.reasons("camera:gate")[-1].endswith("trying again"))
            told, seen = len(r.reasons("camera:gate")), len(r.eyes.shown)
            await server.plug()  # how soon it is back is measured by `heed bench station`
            await until(lambda: len(r.eyes.shown) > seen)  # noqa: B023 - waited for within the round
            await until(lambda: "it runs" in r.reasons("camera:gate")[told:])  # noqa: B023
        await until(lambda: r.reasons("line:gate"))
    assert "fair: 2 reconnections" in r.reasons("line:gate")[-1] or "fair: 1 reconn" in r.reasons("line:gate")[-1]


async def test_a_camera_whose_clock_is_wrong_is_told(recordings: dict[str, Path]) -> None:
    early = MonotonicClock(datetime.now(UTC) - timedelta(hours=3))
    async with rig(early) as r, served(recordings) as server:
        r.station.watch(SourceConfig("gate", server.url("moving")))
        await until(lambda: r.reasons("clock:gate"), 60)
    assert r.reasons("clock:gate") == ["the camera's clock is 3 hours fast"]


async def test_sources_come_and_go_by_command(recordings: dict[str, Path]) -> None:
    cameras = CamerasConfig(networks=("127.0.0.0/8",))
    async with rig(cameras=cameras) as r, served(recordings) as server:
        assert r.tell("list").text == "no source is watched"
        assert r.tell("add", name="gate", url=server.url("moving")).text == "gate is watched"
        await until(lambda: r.eyes.of("gate"))
        await until(lambda: r.tell("list").text == "gate: ok, it runs")  # said apart from its pictures
        again = r.tell("add", name="gate", url=server.url("still"))
        assert not again.ok and "watched already" in again.text
        assert r.tell("remove", name="gate").ok
        assert r.tell("list").text == "no source is watched"
        assert r.reasons("camera:gate")[-1] == "it is watched no longer"
        assert not r.tell("remove", name="gate").ok
        assert r.tell("add", name="gate", url=server.url("still")).ok, "the name is free again"
        assert "known: list, add, remove" in r.tell("nonsense").text


async def test_a_source_that_is_removed_and_added_again_at_once_disturbs_nobody(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "a.mkv", seconds=60, fps=25, rate_hz=None)
    async with rig() as r:
        r.station.watch(SourceConfig("other", str(clip), max_fps=25))
        for n in range(30):
            r.station.watch(SourceConfig("gate", str(clip), max_fps=25))
            await asyncio.sleep(0.01 * (n % 4))
            r.station.remove("gate")
        seen = len(r.eyes.of("other"))
        await until(lambda: len(r.eyes.of("other")) > seen + 5)
        r.station.watch(SourceConfig("gate", str(clip), max_fps=25))
        seen = len(r.eyes.of("gate"))
        await until(lambda: len(r.eyes.of("gate")) > seen + 5)
        assert list(r.station.sources) == ["other", "gate"]


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("file:///etc/passwd", "does not start with"),
        ("/etc/passwd", "does not start with"),
        ("http://10.0.0.5/video", "does not start with"),
        ("exec:rm", "does not start with"),
        ("rtsp://localhost/x", "in numbers"),
        ("rtsp://camera.lan/x", "in numbers"),
        ("rtsp://127.0.0.1/x", "in none of the networks"),
        ("rtsp://169.254.169.254/latest", "in none of the networks"),
        ("rtsp://[::1]/x", "in none of the networks"),
        ("rtsp://[::ffff:127.0.0.1]/x", "in none of the networks"),
        ("rtsp://2130706433/x", "in numbers"),
        ("rtsp://10.0.0.5/a b", "spaces"),
        ("rtsp://user:hunter2@127.0.0.1/x", "in none of the networks"),
        ("", "does not start with"),
    ],
)
async def test_a_command_gets_nowhere_but_into_its_networks(url: str, reason: str) -> None:
    async with rig(cameras=CamerasConfig(networks=("10.0.0.0/8",))) as r:
        reply = r.tell("add", name="x", url=url)
        assert not reply.ok and reason in reply.text and "\n" not in reply.text
        assert "hunter2" not in reply.text
        assert not r.station.sources


@pytest.mark.parametrize("arguments", [{"name": "../x"}, {"name": ""}, {"max_fps": "fast"}, {"max_fps": "1e9"}])
async def test_a_command_with_nonsense_in_it_is_refused(arguments: dict[str, str]) -> None:
    async with rig(cameras=CamerasConfig(networks=("10.0.0.0/8",))) as r:
        assert not r.tell("add", **{"name": "x", "url": "rtsp://10.0.0.5/x", **arguments}).ok
        assert not r.station.sources


async def test_without_networks_nothing_is_added_or_removed_by_command(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "a.mkv", seconds=30)
    async with rig() as r:
        r.station.watch(SourceConfig("file", str(clip)))
        for command, arguments in (("add", {"name": "x", "url": "rtsp://10.0.0.5/x"}), ("remove", {"name": "file"})):
            reply = r.tell(command, **arguments)
            assert not reply.ok and "'cameras.networks' is empty" in reply.text
        assert list(r.station.sources) == ["file"]


async def test_one_camera_too_many_is_refused_and_the_others_go_on(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "a.mkv", seconds=30)
    async with rig(looks=Looks(LookOptions(cores=0.1))) as r:
        for n in range(4):
            r.station.watch(SourceConfig(f"cam{n}", str(clip), max_fps=10))
        assert list(r.station.sources) == ["cam0", "cam1"]
        refused = r.reasons("camera:cam2") + r.reasons("camera:cam3")
        assert len(refused) == 2 and all("is refused" in line for line in refused)
        frames: Channel[VideoFrame] = Channel(1, "latest")
        await asyncio.wait_for(r.live.see("mqtt-camera", frames), 5)
        assert "is refused" in r.reasons("camera:mqtt-camera")[0]
        r.station.remove("cam0")
        r.station.watch(SourceConfig("cam2", str(clip), max_fps=10))
        assert list(r.station.sources) == ["cam1", "cam2"], "there is room again"


async def test_a_broken_source_is_reported_and_no_more(tmp_path: Path) -> None:
    (tmp_path / "bad.mp4").write_bytes(b"nonsense" * 100)
    clip = write_clip(tmp_path / "a.mkv", seconds=2)
    async with rig() as r:
        r.station.watch(SourceConfig("bad", str(tmp_path / "bad.mp4")))
        r.station.watch(SourceConfig("none", str(tmp_path / "none.mp4")))
        r.station.watch(SourceConfig("good", str(clip)))
        await until(lambda: r.reasons("camera:bad") and r.reasons("camera:none") and r.eyes.of("good"))
        assert list(r.station.sources) == ["good"]
        await until(lambda: not r.station.sources)


async def test_a_camera_is_watched_in_its_hours_only(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "a.mkv", seconds=600, fps=1, rate_hz=None)
    local = datetime(2026, 11, 25, 17, 59).astimezone()  # a Wednesday
    clock = ManualClock(local)

    async def pass_time(to_s: float, step_s: float) -> None:
        while clock.now_ns() < ns(to_s):
            clock.advance_to(min(ns(to_s), clock.now_ns() + ns(step_s)))
            await asyncio.sleep(0.005)

    async with rig(clock) as r:
        r.station.watch(SourceConfig("shop", str(clip), hours=("wed 18:00-18:02",)))
        await until(lambda: r.reasons("camera:shop"))
        assert r.reasons("camera:shop") == ["not watched until wed 18:00, as its hours say"]
        await pass_time(59, 10)
        assert r.eyes.shown == []
        await pass_time(61, 1)
        await until(lambda: r.live.turns and (clock.advance_to(clock.now_ns() + NS // 10), r.eyes.shown)[1])
        await pass_time(181, 1)
        await until(lambda: r.reasons("camera:shop")[-1].startswith("not watched"))
        seen = len(r.eyes.shown)
        await pass_time(400, 20)
        assert len(r.eyes.shown) == seen
    said = [line for line in r.reasons("camera:shop") if "camera is" not in line]
    assert said[1:] == ["its hours are over", "not watched until wed 18:00, as its hours say"]


class Slow(Eyes):
    """Takes half a second of made-up time for each picture, less when it may look less closely."""

    def __init__(self, clock: ManualClock) -> None:
        super().__init__()
        self._clock = clock

    def step(self, state: None, media: VideoFrame) -> list[Observation]:
        self._clock.advance_to(self._clock.now_ns() + ns({"full": 0.5, "reduced": 0.25, "motion": 0.05}[media.depth]))
        return super().step(state, media)


async def test_a_busy_camera_says_that_it_is_looked_at_less_closely() -> None:
    clock = ManualClock()
    slow = Slow(clock)
    async with rig(clock) as r, asyncio.TaskGroup() as tasks:
        frames: Channel[VideoFrame] = Channel(1, "latest")
        tasks.create_task(r.live.see("square", frames, vision=slow))
        due_ns = 0
        for _ in range(200):
            clock.advance_to(due_ns)
            seen = len(slow.shown)
            while due_ns <= clock.now_ns():  # what comes meanwhile replaces what waits
                frames.offer(VideoFrame("square", due_ns, np.zeros((9, 16, 3), np.uint8)))
                due_ns += NS // 5
            await until(lambda: len(slow.shown) > seen)  # noqa: B023 - waited for within the round
        frames.close()
    told = [e.what for e in r.events if isinstance(e, Perceived) and isinstance(e.what, Percept)]
    texts = [percept.text for percept in told]
    assert texts[0] in (wording.looked("reduced"), wording.looked("motion")) and texts[-1] == wording.looked("motion")
    assert all(percept.kind == "health" and percept.id.startswith("square/v") for percept in told)
    states = [(e.state, e.reason) for e in r.events if isinstance(e, Health) and e.component == "look:square"]
    assert states[-1][0] == "degraded" and "cores" in states[-1][1]
    assert slow.shown[-1].depth == "motion"
