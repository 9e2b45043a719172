"""`heed bench station`: how many cameras are watched at once, and how fast what happens is told.

Real recordings are served as cameras of 640x360 at 5 pictures a second by a real RTSP server (GStreamer's) on this
machine, and watched by the whole agent, as `heed run` does, with a real MQTT broker (mosquitto, else the embedded one).
For each number of cameras, some of them busy and the others quiet: what the agent's process takes of the processor, how
long from somebody entering (by the recordings' ground truth) to the percept on MQTT, and how long from the picture that
made it certain. Then cameras are unplugged, some with a goodbye and some silently, and the time from their return to
the first picture is taken.
"""

from __future__ import annotations

import argparse
import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from agent.bench.cameras import CameraServer, Film, film, free_port
from agent.bench.progress import Step, counting
from agent.bench.table import BenchResult
from streams.types import NS, Health, seconds

if TYPE_CHECKING:
    from agent.wiring import RunningAgent
    from dialog.events import Event

BUSY = ("room_one_by_one_a.mp4", "carpark_cars_topdown.mp4")
"""Recordings in which people and cars come and go, with ground truth."""
QUIET = "room_one_by_one_a.mp4"
QUIET_S = (0.0, 5.5)
"""This part of it shows an empty room."""
SETTLE_S = 15.0
"""Before anything is measured."""
SLACK_S = 15.0
HELD_BACK_S = 0.5
"""FFmpeg holds the first pictures back while it finds out what there is: a recording began so long before its first
picture was taken. Delays are so told rather too long than too short."""
EARLY_S, LATE_S = 1.0, 6.0
"""An entry is looked for from so long before to so long after its true time."""
WANTED_S = 2.0
BACK_S = 5.0
GONE_S = 60.0
"""A camera that is not back by then is said to be lost for good."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.description = __doc__
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument(
        "--media", type=Path, help="folder with manifest.json (default: HEED_MEDIA, else ../shared/media)"
    )
    parser.add_argument(
        "--cameras", type=int, nargs="*", default=[8], help="how many at once (default: 8); none: unplug alone"
    )
    parser.add_argument("--busy", type=int, default=2, help="of them busy (default: 2)")
    parser.add_argument("--seconds", type=float, default=75.0, help="measured for each number (default: 75)")
    parser.add_argument("--unplug", type=int, default=5, help="how often a camera is unplugged (default: 5)")


@dataclass(frozen=True, slots=True)
class Told:
    """A percept as it came over MQTT."""

    source: str
    text: str
    t_ns: int
    """Of the picture that made it certain."""
    here_ns: int


@dataclass(slots=True)
class Watcher:
    """What comes out of the agent: percepts by MQTT, health by its bus."""

    told: list[Told] = field(default_factory=list)
    health: list[Health] = field(default_factory=list)

    def on_event(self, event: Event) -> None:
        """A tap."""
        if isinstance(event, Health):
            self.health.append(event)

    def began_ns(self, source: str) -> int | None:
        """When its first picture was taken."""
        return next((h.t_ns for h in self.health if h.component == f"camera:{source}" and h.reason == "it runs"), None)


@dataclass(frozen=True, slots=True)
class Load:
    """One number of cameras."""

    cameras: int
    busy: int
    running: int
    cores: float
    """What the agent's process takes, in cores, all together."""
    entries: int
    found_s: Sequence[float]
    """From an entry to its percept on MQTT."""
    told_s: Sequence[float]
    """From the picture to the percept on MQTT."""
    less: int
    """Cameras that were looked at less than fully."""


def run(args: argparse.Namespace) -> BenchResult:
    """Measure, with a progress bar on standard error."""
    return asyncio.run(_run(args))


async def _run(args: argparse.Namespace) -> BenchResult:
    from agent.config import media_folder

    media = args.media or media_folder()
    loads: list[Load] = []
    with (
        tempfile.TemporaryDirectory(prefix="heed-") as name,
        counting("station", len(args.cameras) + args.unplug + 4) as step,
    ):
        folder = Path(name)
        loop = asyncio.get_running_loop()
        films = await loop.run_in_executor(None, _films, media, folder, args.seconds)
        step()
        async with CameraServer(films) as server, _agent(folder) as (agent, watcher):
            idle = await _cores(10.0)
            step()
            plan = [
                *((count, 0) for count in args.cameras[:1]),
                *((count, min(args.busy, count)) for count in args.cameras),
            ]
            for number, (count, busy) in enumerate(plan):
                names = {f"cam{number}-{n}": f"busy{n % len(BUSY)}" if n < busy else "quiet" for n in range(count)}
                loads.append(await _load(agent, watcher, server, names, args.seconds, media))
                step(_line(loads[-1], idle))
            back_s = await _recoveries(agent, watcher, server, args.unplug, step)
        step()
    return _result(loads, idle, back_s)


def _films(media: Path, folder: Path, measured_s: float) -> dict[str, Path]:
    length_s = measured_s + SETTLE_S + SLACK_S
    film(media / "video" / QUIET, folder / "quiet.mp4", Film(length_s, part_s=QUIET_S))
    for n, name in enumerate(BUSY):
        film(media / "video" / name, folder / f"busy{n}.mp4", Film(length_s))
    return {path.stem: path for path in folder.glob("*.mp4")}


@asynccontextmanager
async def _agent(folder: Path) -> AsyncIterator[tuple[RunningAgent, Watcher]]:
    """The whole agent, on a broker, without a page and without a voice."""
    from agent.cameras.config import CamerasConfig
    from agent.config import Config
    from agent.wiring import running_agent

    config, watcher = Config(), Watcher()
    async with AsyncExitStack() as stack:
        port = free_port()
        url = await stack.enter_async_context(_broker(folder, port))
        config = replace(
            config,
            web=replace(config.web, enabled=False),
            dialog=replace(config.dialog, voice=""),
            mqtt=replace(config.mqtt, url=url, embedded_port=port),
            cameras=CamerasConfig(networks=("127.0.0.0/8",)),
        )
        agent = await stack.enter_async_context(running_agent(config, lambda line: None))
        stack.enter_context(agent.bus.tap(watcher.on_event))
        stack.callback(_subscribe(port, agent, watcher))
        yield agent, watcher


@asynccontextmanager
async def _broker(folder: Path, port: int) -> AsyncIterator[str]:
    program = shutil.which("mosquitto") or shutil.which("/usr/sbin/mosquitto")
    if program is None:
        yield "embedded"
        return
    config = folder / "mosquitto.conf"
    config.write_text(f"listener {port} 127.0.0.1\npersistence false\nallow_anonymous true\n")
    process = await asyncio.create_subprocess_exec(program, "-c", str(config), stderr=asyncio.subprocess.DEVNULL)
    try:
        yield f"mqtt://127.0.0.1:{port}"
    finally:
        process.terminate()
        await process.wait()


def _subscribe(port: int, agent: RunningAgent, watcher: Watcher) -> Any:
    """Listen for percepts on a thread; returns what ends it."""
    import json

    import paho.mqtt.client as mqtt

    client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2)

    def on_message(client: Any, data: Any, message: Any) -> None:
        value = json.loads(message.payload)
        told = Told(value["source"], value["text"], round(value["t"] * NS), agent.clock.now_ns())
        watcher.told.append(told)

    client.on_connect = lambda client, *rest: client.subscribe("heed/+/percept")
    client.on_message = on_message
    client.reconnect_delay_set(1, 2)
    client.connect_async("127.0.0.1", port)
    client.loop_start()
    return client.loop_stop


async def _load(
    agent: RunningAgent,
    watcher: Watcher,
    server: CameraServer,
    names: dict[str, str],
    measured_s: float,
    media: Path,
) -> Load:
    from agent.cameras.config import SourceConfig

    watcher.told.clear()
    watcher.health.clear()
    for name, recording in names.items():
        agent.watch(SourceConfig(name, server.url(recording)))
    await asyncio.sleep(SETTLE_S)
    begin_ns = agent.clock.now_ns()
    cores = await _cores(measured_s)
    end_ns = agent.clock.now_ns()
    running = [name for name in names if watcher.began_ns(name) is not None]
    less = {h.component for h in watcher.health if h.component.startswith("look:") and h.state != "ok"}
    entries, found = _entries(names, watcher, (begin_ns, end_ns), media)
    told = [(t.here_ns - t.t_ns) / NS for t in watcher.told if begin_ns <= t.t_ns <= end_ns]
    for name in names:
        await _remove(agent, name)
    busy = sum(recording != "quiet" for recording in names.values())
    return Load(len(names), busy, len(running), cores, entries, found, told, len(less))


def _entries(names: dict[str, str], watcher: Watcher, span_ns: tuple[int, int], media: Path) -> tuple[int, list[float]]:
    """How many entries there were in that time, and for those that were told, how many seconds later."""
    from agent.bench.perception import read_manifest
    from agent.bench.perception_score import passages

    items = {Path(item["file"]).name: item for item in read_manifest(media)}
    count, delays = 0, []
    for name, recording in names.items():
        first_ns = watcher.began_ns(name)
        if recording == "quiet" or first_ns is None:
            continue
        began_ns = first_ns - round(HELD_BACK_S * NS)
        item = items[BUSY[int(recording.removeprefix("busy"))]]
        said = [t for t in watcher.told if t.source == name and (" enters " in t.text or " appears" in t.text)]
        round_ns = round(item["duration_s"] * NS)
        for turn in range(int((span_ns[1] - began_ns) // round_ns) + 1):
            for passage in passages(item) or []:
                at_ns = began_ns + turn * round_ns + round(passage.t_s * NS)
                if not passage.enters or not span_ns[0] <= at_ns <= span_ns[1] - LATE_S * NS:
                    continue
                count += 1
                near = [t.here_ns for t in said if -EARLY_S * NS <= t.t_ns - at_ns <= LATE_S * NS]
                if near:
                    delays.append(seconds(min(near) - at_ns))
    return count, delays


async def _remove(agent: RunningAgent, name: str) -> None:
    from dialog.events import Tell

    while not agent.bus.send(Tell("sources", "remove", (("name", name),), "bench")):  # noqa: ASYNC110 - full
        await asyncio.sleep(0.01)


async def _cores(for_s: float) -> float:
    """Processor cores that this process takes, on the mean."""
    import time

    begin, used = time.perf_counter(), time.process_time()
    await asyncio.sleep(for_s)
    return (time.process_time() - used) / (time.perf_counter() - begin)


async def _recoveries(
    agent: RunningAgent, watcher: Watcher, loaded: CameraServer, times: int, step: Step
) -> list[float]:
    """Seconds from a camera's return to its first picture."""
    from agent.cameras.config import SourceConfig

    rng, back_s = np.random.default_rng(7), list[float]()
    if not times:
        return back_s
    async with CameraServer({"quiet": loaded.recording("quiet")}) as server:
        agent.watch(SourceConfig("unplugged", server.url("quiet")))
        await _runs(watcher, 0, 30)
        for n in range(times):
            if n % 2:
                server.fall_silent()
                await asyncio.sleep(float(rng.uniform(1, 6)))
            await server.unplug()
            await asyncio.sleep(float(rng.uniform(1, 6)))
            watcher.health.clear()
            await server.plug()
            plugged_ns = agent.clock.now_ns()
            try:
                back_s.append(seconds(await _runs(watcher, plugged_ns, GONE_S) - plugged_ns))
            except TimeoutError:
                back_s.append(GONE_S)
            step(f"back after {back_s[-1]:.1f} s")
        await _remove(agent, "unplugged")
    return back_s


async def _runs(watcher: Watcher, after_ns: int, within_s: float) -> int:
    """When the camera runs (again).

    Raises:
        TimeoutError: it does not.
    """
    async with asyncio.timeout(within_s):
        while (began := watcher.began_ns("unplugged")) is None or began < after_ns:  # noqa: ASYNC110 - a tap's
            await asyncio.sleep(0.02)
    return began


def _percentile(values: Sequence[float], share: int) -> float | None:
    return round(float(np.percentile(values, share)), 3) if values else None


def _line(load: Load, idle: float) -> str:
    return f"{load.cameras} cameras: {load.cores - idle:.2f} cores, entry to MQTT p95 {_percentile(load.found_s, 95)} s"


def _result(loads: Sequence[Load], idle: float, back_s: Sequence[float]) -> BenchResult:
    rows, figures = [], []
    for load in loads:
        entry, told = [[_percentile(values, p) for p in (50, 95)] for values in (load.found_s, load.told_s)]
        keeps_up = entry[1] is not None and entry[1] <= WANTED_S
        rows.append(
            (
                f"{load.cameras} ({load.busy})", f"{load.running}", f"{load.cores - idle:.2f}",
                f"{len(load.found_s)} of {load.entries}", f"{entry[0]} / {entry[1]} s", f"{told[0]} / {told[1]} s",
                str(load.less), "-" if load.busy == 0 else "yes" if keeps_up else "no",
            )
        )  # fmt: skip
        figures.append(
            {
                "cameras": load.cameras, "busy": load.busy, "running": load.running,
                "cores": round(load.cores - idle, 3), "entries": load.entries, "found": len(load.found_s),
                "entry_p50_s": entry[0], "entry_p95_s": entry[1], "told_p50_s": told[0], "told_p95_s": told[1],
                "looked_at_less": load.less,
            }
        )  # fmt: skip
    quiet = [load for load in loads if load.busy == 0]
    notes = [f"the agent without cameras takes {idle:.3f} cores (already taken off)"]
    notes += [
        f"a quiet camera takes {100 * (load.cores - idle) / load.cameras:.2f} % of a core (wanted: 3 %)"
        for load in quiet
    ]
    late = sum(one > BACK_S for one in back_s)
    if back_s:
        notes.append(
            f"unplugged {len(back_s)} times: back {np.median(back_s):.1f} s after its return on the median, "
            f"{_percentile(back_s, 95):.1f} s at p95, {max(back_s):.1f} s at most (wanted: 5 s); {late} later than that"
        )
    columns = (
        "cameras (busy)", "run", "cores", "entries told", "entry to MQTT p50 / p95", "picture to MQTT p50 / p95",
        "less closely", f"p95 within {WANTED_S:g} s",
    )  # fmt: skip
    all_figures = {
        "idle_cores": round(idle, 4), "loads": figures,
        "quiet_share": [round((load.cores - idle) / load.cameras, 4) for load in quiet],
        "recoveries": len(back_s), "recovery_p50_s": _percentile(back_s, 50),
        "recovery_p95_s": _percentile(back_s, 95), "recoveries_late": late,
        "recovery_max_s": round(max(back_s), 2) if back_s else None,
    }  # fmt: skip
    return BenchResult("station", columns, rows, all_figures, notes)
