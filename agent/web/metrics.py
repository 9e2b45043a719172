"""Figures for Prometheus, in a registry of their own."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, generate_latest

from agent import jsonl
from dialog.events import Event


class WebMetrics:
    """What the server counts. Others may register theirs in the same registry."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.registry = registry
        self._events = Counter("heed_events", "Events published, by type.", ["type"], registry=registry)
        self.peers = Gauge("heed_peers", "WebRTC peers connected now, by role.", ["role"], registry=registry)
        self.listeners = Gauge("heed_listeners", "Event sockets open now.", registry=registry)
        self.dropped = Counter(
            "heed_dropped", "What was lost for want of room or time, by place.", ["where"], registry=registry
        )
        self.refused = Counter("heed_refused", "Requests refused, by HTTP status.", ["status"], registry=registry)
        for role in ("call", "publish", "watch"):
            self.peers.labels(role)
        for where in ("audio", "video", "lines", "messages", "socket"):
            self.dropped.labels(where)

    def count(self, event: Event) -> None:
        """Count one published event."""
        self._events.labels(jsonl.to_dict(event)["type"]).inc()

    def page(self) -> bytes:
        """The text form."""
        return generate_latest(self.registry)
