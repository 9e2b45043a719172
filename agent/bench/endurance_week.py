"""A made-up life of a station, day after day, through the whole agent on a clock that is moved: what it holds then.

Run by `endurance` in a process of its own (`python -m agent.bench.endurance_week FOLDER DAYS PER_DAY MQTT_PORT`), which
prints a line of JSON for each sample. All parts are the agent's: core, rolling state, the language model's memory,
dialog and its answers, archive with pictures, clips and deletion, desk, plugin alerts, MQTT, web server with one
listener that reads and one that does not. What cameras would have shown are drawn pictures; perceiving a week of them
is not possible in minutes: `endurance_senses` does that for some ten thousand.
"""

from __future__ import annotations

import asyncio
import ctypes
import gc
import json
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from agent.archive.records import wall_ns
from agent.bench.cameras import free_port
from agent.bench.endurance_life import station_life
from dialog.events import Alert, Ask, Event, Reply
from streams.clock import ManualClock
from streams.types import NS, Observation, Percept, VideoFrame

if TYPE_CHECKING:
    import aiohttp

    from agent.archive.records import Record
    from agent.wiring import RunningAgent

BEGIN = datetime(2026, 11, 16)
SAMPLES = 12
"""A day."""
QUESTIONS = (
    "Who came to the gate?",
    "What happened in the kitchen today?",
    "How many people are there?",
    "Any alerts?",
)
ASKED_EVERY = 250
"""Percepts between two questions."""
RULES = (
    {"name": "somebody", "objects": ["person"], "does": ["enters"]},
    {"name": "words", "kinds": ["speech"], "words": ["help", "fire", "police", "delivery"]},
    {"name": "noise", "kinds": ["sound"], "severity": "info"},
)
SEEN = ("object", "count", "face", "sign", "motion", "light", "scene")
CLIP_PICTURES, CLIP_S = 12, 12.0
STEP_NS = NS // 20
WITHIN_S = 60.0
MIB = 1 << 20


class _Week:
    """The station, its clock and who listens to it."""

    def __init__(self, agent: RunningAgent, clock: ManualClock, web: aiohttp.ClientSession) -> None:
        self.agent, self.clock, self._web = agent, clock, web
        self._random, self._alerted, self._replies = np.random.default_rng(5), "", 0
        self.alerts = self.answers = self.percepts = 0

    def on_event(self, event: Event) -> None:
        """A tap."""
        if isinstance(event, Alert) and event.phase == "new":
            self.alerts += 1
            self._alerted = event.evidence[-1] if event.evidence else ""
        self.answers += isinstance(event, Reply)

    async def perceive(self, n: int, record: Record, start_ns: int) -> None:
        """Let time come to what a record tells, and let it be perceived."""
        t_ns = record.t0_ns - start_ns
        self.clock.advance_to(t_ns)
        percept = Percept(f"{record.source}/v{n}", record.kind, record.source, t_ns, t_ns, record.text, 0.8)  # type: ignore[arg-type]
        if record.kind in SEEN:
            self.show(record.source, t_ns, [percept])
        await self.agent.core.observe(t_ns, [percept])
        self.percepts += 1
        await asyncio.sleep(0)
        if self._alerted:  # what follows is in its clip
            self._alerted = ""
            for _ in range(CLIP_PICTURES):
                self.clock.advance_to(self.clock.now_ns() + round(CLIP_S / CLIP_PICTURES * NS))
                self.show(record.source, self.clock.now_ns(), [])
                await asyncio.sleep(0.002)

    def show(self, source: str, t_ns: int, seen: list[Observation]) -> None:
        """A picture of a camera: never twice the same."""
        blocks = self._random.integers(0, 256, (36, 64, 3), np.uint8)
        rgb = np.ascontiguousarray(blocks.repeat(10, 0).repeat(10, 1))
        self.agent.seen(VideoFrame(source, t_ns, rgb), seen)

    async def ask(self, question: str) -> None:
        """Put a question, and let time go on until it is answered."""
        before = self.answers
        self.agent.bus.send(Ask(question, "duty"))
        async with asyncio.timeout(WITHIN_S):
            while self.answers == before:  # noqa: ASYNC110 - a tap's doing, and time is moved here
                self.clock.advance_to(self.clock.now_ns() + STEP_NS)
                await asyncio.sleep(0.01)

    async def sample(self) -> dict[str, float]:
        """What is held now. Memory that nobody uses is given back before it is measured."""
        gc.collect()
        ctypes.CDLL(None).malloc_trim(0)
        core, metrics = self.agent.core, await self._metrics()
        return {
            "day": round(self.clock.now_ns() / NS / 86_400, 3),
            "rss_mb": round(resident_bytes() / MIB, 2),
            "percepts": self.percepts, "alerts": self.alerts, "answers": self.answers,
            "state": len(core.state), "state_tokens": core.state.tokens, "state_archive": len(core.state.archive),
            "mind": len(core.organs.mind),  # type: ignore[arg-type]
            "pictures": len(self.agent.pictures), "pictures_mb": round(self.agent.pictures.size_bytes / MIB, 1),
            "objects": len(gc.get_objects()), "tasks": len(asyncio.all_tasks()),
            "files": len(os.listdir("/proc/self/fd")),
            **metrics,
        }  # fmt: skip

    async def _metrics(self) -> dict[str, float]:
        """Of Prometheus: sums over labels."""
        async with self._web.get(f"{self.agent.url}/metrics") as answer:
            lines = (await answer.text()).splitlines()
        wanted = {"heed_archive_events": "archived", "heed_archive_waiting": "archive_waiting",
                  "heed_archive_bytes": "archive_bytes", "heed_archive_ring_bytes": "ring_bytes",
                  "heed_archive_lost_total": "archive_lost", "heed_listeners": "listeners"}  # fmt: skip
        out = dict.fromkeys(wanted.values(), 0.0)
        for line in lines:
            name, _, value = line.rpartition(" ")
            if (plain := name.partition("{")[0]) in wanted:
                out[wanted[plain]] += float(value)
        return {**out, "series": float(len(lines))}


@asynccontextmanager
async def _station(folder: Path, mqtt_port: int) -> AsyncIterator[_Week]:
    """The agent, with a retention so short that a week shows what deletion does."""
    import aiohttp

    from agent.archive.config import ArchiveConfig
    from agent.config import Config
    from agent.wiring import running_agent

    plain = Config()
    archive = ArchiveConfig(
        enabled=True, folder=str(folder / "archive"), pictures_days=1, alert_pictures_days=2, pictures_mb=200,
        min_free_mb=0, clips_days=1, clips_mb=200, events_days=2, alerts_days=2,
    )  # fmt: skip
    config = replace(
        plain,
        web=replace(plain.web, port=free_port()),
        mqtt=replace(plain.mqtt, url=f"mqtt://127.0.0.1:{mqtt_port}" if mqtt_port else ""),
        dialog=replace(plain.dialog, voice=""),
        archive=archive,
        plugins=replace(plain.plugins, enabled=("alerts",), isolation="none", tables={"alerts": {"rules": RULES}}),
    )
    clock = ManualClock(BEGIN.astimezone())
    async with running_agent(config, lambda line: None, clock=clock) as agent, aiohttp.ClientSession() as web:
        week = _Week(agent, clock, web)
        async with web.ws_connect(f"{agent.url}/api/events") as quick, web.ws_connect(f"{agent.url}/api/events"):
            reading = asyncio.create_task(_read(quick))
            with agent.bus.tap(week.on_event):
                yield week
            reading.cancel()


async def _read(socket: aiohttp.ClientWebSocketResponse) -> None:
    async for _ in socket:
        pass


async def _live(folder: Path, days: int, per_day: int, mqtt_port: int) -> None:
    async with _station(folder, mqtt_port) as week:
        for n, record in enumerate(station_life(3, BEGIN.astimezone(), days, per_day)):
            await week.perceive(n, record, wall_ns(BEGIN.astimezone()))
            if n % ASKED_EVERY == ASKED_EVERY - 1:
                await week.ask(QUESTIONS[n // ASKED_EVERY % len(QUESTIONS)])
            if n % (per_day // SAMPLES) == 0:
                print(json.dumps(await week.sample()), flush=True)


def resident_bytes() -> int:
    """Memory of this process that is in RAM."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def told(samples: list[dict[str, Any]]) -> tuple[list[tuple[str, str]], dict[str, object]]:
    """Rows and figures: memory by days, its slope after the first day, and the most of each thing that is held."""
    days = np.array([s["day"] for s in samples])
    rss = np.array([s["rss_mb"] for s in samples])
    later = days >= 1
    slope = float(np.polyfit(days[later], rss[later], 1)[0]) if later.sum() > 2 else 0.0
    half = days >= days[-1] / 2
    late_slope = float(np.polyfit(days[half], rss[half], 1)[0]) if half.sum() > 2 else 0.0
    by_day = [rss[(days >= day) & (days < day + 1)] for day in range(int(days[-1]) + 1)]
    means = [float(some.mean()) for some in by_day if len(some)]
    last = samples[-1]
    rows = [
        (
            f"{days[-1]:.1f} days of made-up life: percepts, alerts, answers",
            f"{last['percepts']}, {last['alerts']}, {last['answers']}",
        ),
        ("resident memory, MiB, mean of each day", " ".join(f"{value:.0f}" for value in means)),
        ("  slope after the first day; of the second half", f"{slope:+.2f}; {late_slope:+.2f} MiB a day"),
    ]
    held = [name for name in last if name not in ("day", "rss_mb", "percepts", "alerts", "answers")]
    first = next(s for s in samples if s["day"] >= min(1.0, float(days[-1]) / 2))
    for name in held:
        most = max(s[name] for s in samples)
        rows.append((f"  {name}: after the first day, most, at the end", f"{first[name]:g}, {most:g}, {last[name]:g}"))
    figures: dict[str, object] = {
        "rss_days_mb": [round(value, 1) for value in means], "rss_slope_mb_day": round(slope, 3),
        "rss_late_slope_mb_day": round(late_slope, 3), "first_day": first, "last": last,
    }  # fmt: skip
    return rows, figures


if __name__ == "__main__":
    asyncio.run(_live(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])))
