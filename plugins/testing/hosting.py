"""Services that write down what is asked of them, and a host for one plugin."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dialog.events import Command, Event
from plugins.contract import Setup
from plugins.inline import InlineHost, Surroundings
from plugins.registered import Plugin


@dataclass(slots=True)
class NotedServices:
    """The agent's services without an agent: answers are prepared, and what was asked is noted."""

    answers: Callable[[str, list[tuple[str, str, int]]], tuple[str, tuple[str, ...]]] = lambda question, lines: ("", ())
    pictures: dict[str, bytes] = field(default_factory=dict)
    views: dict[str, bytes] = field(default_factory=dict)
    broker: bool = True
    asked: list[tuple[str, list[tuple[str, str, int]]]] = field(default_factory=list)
    published: list[tuple[str, bytes, bool]] = field(default_factory=list)
    said: list[tuple[str, str]] = field(default_factory=list)

    async def ask(self, question: str, lines: list[tuple[str, str, int]], now_ns: int) -> tuple[str, tuple[str, ...]]:
        self.asked.append((question, lines))
        return self.answers(question, lines)

    async def picture(self, percept_id: str) -> bytes | None:
        return self.pictures.get(percept_id)

    async def view(self, source: str) -> bytes | None:
        return self.views.get(source)

    async def publish(self, topic: str, payload: bytes, retain: bool = False) -> bool:
        if self.broker:
            self.published.append((topic, payload, retain))
        return self.broker

    async def say(self, text: str, source: str = "") -> bool:
        self.said.append((text, source))
        return True


@dataclass(frozen=True, slots=True)
class Hosted:
    """A plugin at work in a test."""

    host: InlineHost
    services: NotedServices
    emitted: list[Event]
    """What it emitted, and the host's own `Health`."""
    sent: list[Command]

    async def feed(self, *events: Event) -> None:
        """Let it see events, in order of time."""
        for event in events:
            await self.host.feed(event)

    def of(self, *kinds: type[Any]) -> list[Any]:
        """What it emitted of these types."""
        return [event for event in self.emitted if isinstance(event, kinds)]


@asynccontextmanager
async def hosted(
    setup: Setup,
    folder: Path,
    table: Mapping[str, Any] | None = None,
    services: NotedServices | None = None,
    name: str = "tried",
) -> AsyncIterator[Hosted]:
    """One plugin in an `InlineHost`, until the context ends (then its `on_stop` handlers have been called)."""
    services = services or NotedServices()
    emitted: list[Event] = []
    sent: list[Command] = []
    around = Surroundings(services, emitted.append, folder, sent.append)
    async with InlineHost([Plugin(name, setup, table or {})], around) as host:
        yield Hosted(host, services, emitted, sent)
