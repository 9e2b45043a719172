"""`heed bench plugins`: what plugins, good ones and bad ones, cost the rest of heed.

Events are published at a steady rate on a bus with a listener, as calls have, and beside a well-behaved plugin one
after another of those that hang, raise, flood, eat memory, die, print or write rubbish. Measured meanwhile, in the
process that publishes: how late its event loop is, how late the listener gets an event, and how long an event takes to
the well-behaved plugin and back as its caption. Without any plugin first and last, since other work on the machine
counts too.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from agent.bench.progress import counting
from agent.bench.table import BenchResult
from agent.bus import Bus
from dialog.events import Caption, Event, Perceived
from plugins.inline import Surroundings
from plugins.process.host import Named, ProcessHost
from plugins.process.limits import Limits, resident_bytes
from plugins.testing import NotedServices
from streams.clock import MonotonicClock
from streams.types import NS, Percept

MODULE = "agent.bench.plugins_misbehaving"
BAD = tuple("hangs raises floods trickles eats gulps dies crashes prints babbles nags forges".split())
BUILT_IN = (
    ("subtitles", "plugins.subtitles:setup"),
    ("translation", "plugins.translation.plugin:setup"),
    ("alerts", "plugins.alerts:setup"),
)
LIMITS = Limits(hang_s=2.0, pauses_s=(0.2, 0.4), beat_s=0.5, memory_bytes=192 << 20)
"""Shorter than usual, so that three failures fit into the time of a case."""
MAX_CASE_S = 40.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.description = __doc__
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--seconds", type=float, default=8.0, help="least time for each case (default: 8)")
    parser.add_argument("--rate", type=float, default=20.0, help="events a second (default: 20)")
    parser.add_argument("--only", metavar="NAME", default="", help="of the bad plugins, those whose name holds this")


@dataclass(slots=True)
class Case:
    """One row: milliseconds."""

    name: str
    lag_ms: list[float] = field(default_factory=list)
    """How much later than asked for the event loop wakes a sleeper, every 5 ms."""
    heard_ms: list[float] = field(default_factory=list)
    """From publishing an event to its listener."""
    round_ms: list[float] = field(default_factory=list)
    """From publishing an event to the well-behaved plugin's caption."""
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class Settings:
    """How each case is run."""

    seconds: float
    rate_hz: float
    folder: Path


async def measure(case: Case, entries: Sequence[str], settings: Settings) -> None:
    """Run one case: the plugins that are named, the first of them the well-behaved one."""
    bus, clock = Bus(), MonotonicClock()
    async with AsyncExitStack() as stack:
        hosts = [await stack.enter_async_context(running(entry, bus, clock, settings.folder)) for entry in entries]
        tasks = [asyncio.create_task(work) for work in (_lag(case), _listen(case, bus, clock))]
        begin, number = time.perf_counter(), 0
        try:
            while not _over(time.perf_counter() - begin, hosts[1:], case.name, settings):
                t_ns, number = clock.now_ns(), number + 1
                bus.publish(Perceived(t_ns, Percept(f"cam/v{number}", "object", "cam", t_ns, t_ns, f"thing {number}")))
                await asyncio.sleep(1 / settings.rate_hz)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        case.outcome = hosts[1].status if len(hosts) > 1 else "-"


@asynccontextmanager
async def running(entry: str, bus: Bus, clock: MonotonicClock, folder: Path) -> AsyncIterator[ProcessHost]:
    """A plugin in its process, on the bus."""
    around = Surroundings(NotedServices(), bus.publish, folder, lambda command: None)
    async with ProcessHost(Named(entry, f"{MODULE}:{entry}", {}), around, clock, LIMITS) as host:
        with bus.tap(host.feed):
            await host.settled()
            yield host


def _over(passed_s: float, bad: Sequence[ProcessHost], name: str, settings: Settings) -> bool:
    if passed_s < settings.seconds:
        return False
    return not bad or name in ("prints", "babbles") or bad[0].state == "quarantined" or passed_s > MAX_CASE_S


async def _lag(case: Case) -> None:
    while True:
        begin = time.perf_counter()
        await asyncio.sleep(0.005)
        case.lag_ms.append((time.perf_counter() - begin - 0.005) * 1e3)


async def _listen(case: Case, bus: Bus, clock: MonotonicClock) -> None:
    with bus.listen("a call") as events:
        async for event in events:
            _note(case, event, clock.now_ns())


def _note(case: Case, event: Event, now_ns: int) -> None:
    if isinstance(event, Perceived):
        case.heard_ms.append((now_ns - event.t_ns) / NS * 1e3)
    elif isinstance(event, Caption) and event.text.startswith("thing"):
        case.round_ms.append((now_ns - event.t0_ns) / NS * 1e3)


async def start(name: str, entry: str, folder: Path) -> tuple[float, int]:
    """Seconds from nothing to set up, and resident MiB then."""
    out: list[Event] = []
    begin = time.perf_counter()
    around = Surroundings(NotedServices(), out.append, folder)
    async with ProcessHost(Named(name, entry, {}), around, MonotonicClock()) as host:
        await host.settled()
        return time.perf_counter() - begin, (resident_bytes(host.pid) or 0) >> 20


def run(args: argparse.Namespace) -> BenchResult:
    """Measure, with a progress bar on standard error."""
    return asyncio.run(_run(args))


async def _run(args: argparse.Namespace) -> BenchResult:
    bad = [name for name in BAD if args.only in name]
    plan: list[tuple[str, list[str]]] = [("no plugin", []), ("a good one", ["good"])]
    plan += [(name, ["good", name]) for name in bad]
    plan.append(("no plugin, again", []))
    cases, starts = [], {}
    with tempfile.TemporaryDirectory(prefix="heed-") as folder, counting("plugins", len(plan) + len(BUILT_IN)) as done:
        settings = Settings(args.seconds, args.rate, Path(folder))
        for name, entries in plan:
            case = Case(name)
            await measure(case, entries, settings)
            cases.append(case)
            done()
        for name, entry in BUILT_IN:
            starts[name] = await start(name, entry, Path(folder))
            done()
    return _result(cases, starts)


def _result(cases: Sequence[Case], starts: dict[str, tuple[float, int]]) -> BenchResult:
    rows = [(c.name, _three(c.lag_ms), _three(c.heard_ms), _three(c.round_ms), c.outcome) for c in cases]
    figures = {
        "load_1min": round(os.getloadavg()[0], 1),
        "cases": {
            c.name: {
                "lag_ms": _percentiles(c.lag_ms),
                "heard_ms": _percentiles(c.heard_ms),
                "round_ms": _percentiles(c.round_ms),
                "outcome": c.outcome,
            }
            for c in cases
        },
        "starts": {name: {"start_s": round(s, 2), "rss_mib": mib} for name, (s, mib) in starts.items()},
    }
    notes = [
        "milliseconds: median / 99th percentile / most",
        "started in: " + ", ".join(f"{name} {s:.1f} s, {mib} MiB" for name, (s, mib) in starts.items()),
        f"load of the machine at the end: {figures['load_1min']}, {os.cpu_count()} processors",
    ]
    columns = ("beside", "event loop late", "event to listener", "to the good plugin and back", "what became of it")
    return BenchResult("plugins", columns, rows, figures, notes)


def _percentiles(values: Sequence[float]) -> dict[str, float | int | None]:
    if not values:
        return {"count": 0, "p50": None, "p99": None, "max": None}
    p50, p99 = np.percentile(values, (50, 99))
    return {
        "count": len(values),
        "p50": round(float(p50), 2),
        "p99": round(float(p99), 2),
        "max": round(float(max(values)), 2),
    }


def _three(values: Sequence[float]) -> str:
    p = _percentiles(values)
    return f"{p['p50']:.1f} / {p['p99']:.1f} / {p['max']:.1f}" if values else "-"
