"""Fan-out of events to listeners and of commands to the agent. Publishing never waits; a slow listener loses its
own oldest events and nobody else's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from dialog.events import Command, Event
from streams.channel import Channel


class Bus:
    """One per agent. Lives on the agent's event loop."""

    def __init__(self, commands_size: int = 64) -> None:
        self._listeners: list[Channel[Event]] = []
        self._taps: list[Callable[[Event], None]] = []
        self._dropped: Counter[str] = Counter()
        self.commands: Channel[Command] = Channel(commands_size, "wait", "commands")
        """Read by the agent alone."""

    def publish(self, event: Event) -> None:
        """Give the event to every tap and listener, without waiting."""
        for tap in self._taps:
            tap(event)
        for listener in self._listeners:
            listener.offer(event)

    @contextmanager
    def listen(self, name: str, size: int = 256) -> Iterator[Channel[Event]]:
        """A channel of all events published while the context is open (policy: drop oldest)."""
        channel: Channel[Event] = Channel(size, "drop_oldest", name)
        self._listeners.append(channel)
        try:
            yield channel
        finally:
            self._listeners.remove(channel)
            self._dropped[_kind(name)] += channel.dropped
            channel.close()

    @contextmanager
    def tap(self, write: Callable[[Event], None]) -> Iterator[None]:
        """Call `write` with each event at once: for writers that may lose nothing. It must be quick and not fail."""
        self._taps.append(write)
        try:
            yield
        finally:
            self._taps.remove(write)

    def dropped(self) -> Mapping[str, int]:
        """Events that slow listeners lost, those that are gone included, by kind of listener: the first word of its
        name."""
        total = Counter(self._dropped)
        for listener in self._listeners:
            total[_kind(listener.name)] += listener.dropped
        return total

    def send(self, command: Command) -> bool:
        """Hand a command to the agent. False when too many are waiting: the caller says so to its user."""
        return self.commands.offer(command)

    def close(self) -> None:
        """End every listener's stream and accept no more commands."""
        self.commands.close()
        for listener in self._listeners:
            listener.close()


def _kind(name: str) -> str:
    return name.partition(" ")[0]
