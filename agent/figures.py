"""What the agent counts and measures, for Prometheus: `GET /metrics` shows all of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Self

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from agent.archive.attach import Archived
from agent.bus import Bus
from dialog.events import Alert, Event, Perceived, Reply, TurnChanged
from streams.clock import Clock
from streams.types import NS, Health, Observation, Percept, VideoFrame

MAX_LABELS = 256
"""Different names of one label; what comes beyond is counted under `OTHER`: names come from outside."""
OTHER = "other"
LAG_S = 1.0
"""How often the event loop's lag is measured."""
_STATE = {"failed": 0, "degraded": 1, "ok": 2}
_LATENCY = (0.1, 0.2, 0.3, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 5.0, 10.0, 30.0)
_DELAY = (0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0, 2.0, 5.0, 10.0, 60.0)
_LAG = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 5.0)


class Figures:
    """An async context manager: measures while it is open. Its methods are taps, called on the event loop."""

    def __init__(self, clock: Clock, registry: CollectorRegistry | None = None) -> None:
        self.registry = registry or CollectorRegistry()
        self._clock = clock
        self._names: dict[str, set[str]] = {}
        self._unseen: set[str] = set()
        self._lag_task: asyncio.Task[None] | None = None
        r = self.registry
        ProcessCollector(registry=r)
        self._frames = Counter("heed_frames", "Pictures looked at.", ["source"], registry=r)
        self._newest = Gauge(
            "heed_last_frame_timestamp_seconds", "When the newest picture was taken, Unix time.", ["source"], registry=r
        )
        self._percepts = Counter("heed_percepts", "Percepts.", ["source", "kind"], registry=r)
        self._delay = Histogram(
            "heed_perception_delay_seconds", "From a medium's capture to its percept.", buckets=_DELAY, registry=r
        )
        self._health = Gauge("heed_health", "0 failed, 1 degraded, 2 ok.", ["component"], registry=r)
        self._alerts = Counter("heed_alerts", "Incidents begun.", ["rule", "severity"], registry=r)
        self._first_word = Histogram(
            "heed_answer_first_token_seconds", "From a question to the first token.", buckets=_LATENCY, registry=r
        )
        self._first_sound = Histogram(
            "heed_answer_first_audio_seconds", "From a question to the first sound.", buckets=_LATENCY, registry=r
        )
        self._turn = Histogram(
            "heed_turn_seconds", "From the end of a user's speech to the first sound.", buckets=_LATENCY, registry=r
        )
        self._lag = Histogram("heed_loop_lag_seconds", "How late the event loop is.", buckets=_LAG, registry=r)

    async def __aenter__(self) -> Self:
        self._lag_task = asyncio.create_task(self._measure(), name="loop lag")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._lag_task is not None:
            self._lag_task.cancel()
            await asyncio.gather(self._lag_task, return_exceptions=True)

    def on_frame(self, frame: VideoFrame, seen: Sequence[Observation]) -> None:
        """Count a frame that was looked at. Over some cameras' pictures a model has hung: nobody looks at them."""
        if frame.source in self._unseen:
            return
        source = self._bounded("source", frame.source)
        self._frames.labels(source).inc()
        if self._clock.wall_start is not None:
            self._newest.labels(source).set(self._clock.wall_start.timestamp() + frame.t_ns / NS)

    def on_event(self, event: Event) -> None:
        """Count what is published."""
        match event:
            case Perceived(t_ns, Percept() as percept):
                self._percepts.labels(self._bounded("source", percept.source), percept.kind).inc()
                self._delay.observe(max(0.0, (self._clock.now_ns() - t_ns) / NS))
            case Health():
                role, _, name = event.component.partition(":")
                if role == "vision":
                    (self._unseen.discard if event.state == "ok" else self._unseen.add)(self._bounded("source", name))
                self._health.labels(self._bounded("component", event.component)).set(_STATE[event.state])
            case Alert(phase="new"):
                self._alerts.labels(self._bounded("rule", event.rule), event.severity).inc()
            case Reply(unasked=False):
                self._first_word.observe(event.ttft_s)
                if event.first_audio_s is not None:
                    self._first_sound.observe(event.first_audio_s)
            case TurnChanged(state="speaking", latency_s=float(latency_s)):
                self._turn.observe(latency_s)

    def watch(self, bus: Bus, archive: Archived) -> None:
        """Show what these count themselves."""
        self.registry.register(_Read(lambda: _of_bus(bus.dropped())))
        if archive.keeper is not None:
            self.registry.register(_Read(lambda: _of_archive(archive)))

    def threads(self, lost: Callable[[], Mapping[str, int]]) -> None:
        """Show how many threads hang, by what they are for."""
        self.registry.register(_Read(lambda: _of_threads(lost())))

    def _bounded(self, label: str, name: str) -> str:
        known = self._names.setdefault(label, set())
        if name not in known:
            if len(known) >= MAX_LABELS:
                return OTHER
            known.add(name)
        return name

    async def _measure(self) -> None:
        while True:
            due_ns = self._clock.now_ns() + round(LAG_S * NS)
            await self._clock.sleep_until(due_ns)
            self._lag.observe((self._clock.now_ns() - due_ns) / NS)


@asynccontextmanager
async def figured(clock: Clock, bus: Bus, archive: Archived) -> AsyncIterator[Figures]:
    """Measure an agent while the context is open."""
    async with Figures(clock) as figures:
        figures.watch(bus, archive)
        with bus.tap(figures.on_event):
            yield figures


class _Read(Collector):
    """Figures that are read when they are asked for."""

    def __init__(self, read: Callable[[], Iterable[Metric]]) -> None:
        self._read = read

    def collect(self) -> Iterable[Metric]:
        return self._read()


def _of_bus(dropped: Mapping[str, int]) -> Iterable[Metric]:
    lost = CounterMetricFamily("heed_queue_dropped", "Events that slow listeners lost.", labels=["queue"])
    for name, count in dropped.items():
        lost.add_metric([name], count)
    yield lost


def _of_threads(lost: Mapping[str, int]) -> Iterable[Metric]:
    hanging = GaugeMetricFamily("heed_lost_threads", "Threads that hang and were left behind.", labels=["lane"])
    for name, count in lost.items():
        hanging.add_metric([name], count)
    yield hanging


def _of_archive(archive: Archived) -> Iterable[Metric]:
    keeper, clips = archive.keeper, archive.clips
    assert keeper is not None
    held = keeper.held
    yield CounterMetricFamily("heed_archive_written", "Events written by this run.", keeper.written)
    yield CounterMetricFamily("heed_archive_lost", "Events that could not be written.", keeper.lost)
    yield GaugeMetricFamily("heed_archive_waiting", "Events that wait to be written.", keeper.waiting)
    yield GaugeMetricFamily("heed_archive_events", "Events in the archive.", held.events)
    yield GaugeMetricFamily("heed_archive_free_bytes", "Room on the archive's disk.", held.free_bytes)
    size = GaugeMetricFamily("heed_archive_bytes", "What the archive takes.", labels=["what"])
    for what, count in (
        ("database", held.database_bytes), ("pictures", held.pictures_bytes), ("clips", held.clips_bytes),
    ):  # fmt: skip
        size.add_metric([what], count)
    yield size
    if clips is not None:
        yield CounterMetricFamily("heed_archive_clips_lost", "Clips of alerts that were not made.", clips.lost)
        yield GaugeMetricFamily("heed_archive_ring_bytes", "Last seconds of all cameras, in memory.", clips.size_bytes)
