"""What waits to be published: bounded, in order, and across a lost connection."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message to publish."""

    topic: str
    payload: bytes
    qos: int
    retain: bool
    correlation: bytes | None = None
    name: str = ""
    """The same whenever this message is published again, and no other's; empty for states and for what is fleeting."""


class Outbox:
    """A queue that never blocks its caller. QoS 0 loses its oldest early; QoS 1 and 2 only beyond a generous bound,
    and then first what is retained: that is a state, which is told again. Of a retained topic only the newest waits."""

    def __init__(
        self, max_fleeting: int = 256, max_kept: int = 1024, max_fleeting_bytes: int = 8 * 1024 * 1024
    ) -> None:
        """
        Args:
            max_fleeting: messages of QoS 0 that may wait.
            max_kept: messages of QoS 1 and 2 that may wait.
            max_fleeting_bytes: payload of all waiting QoS 0 messages.
        """
        self.dropped_fleeting = 0
        self.dropped_kept = 0
        self._max_fleeting, self._max_kept, self._max_bytes = max_fleeting, max_kept, max_fleeting_bytes
        self._items: deque[Outgoing] = deque()
        self._kept = 0
        self._bytes = 0
        self._some = asyncio.Event()
        self._none = asyncio.Event()
        self._none.set()

    def __len__(self) -> int:
        return len(self._items)

    def add(self, message: Outgoing) -> None:
        """Queue a message; drops the oldest of its kind when there are too many."""
        if message.retain:
            self._outdate(message.topic)
        self._items.append(message)
        if message.qos:
            self._kept += 1
        else:
            self._bytes += len(message.payload)
        while self._kept > self._max_kept:
            self._drop(kept=True)
            self.dropped_kept += 1
        while len(self._items) - self._kept > self._max_fleeting or self._bytes > self._max_bytes:
            self._drop(kept=False)
            self.dropped_fleeting += 1
        self._mark()

    async def first(self) -> Outgoing:
        """The oldest message, left in the queue; waits for one."""
        while not self._items:
            await self._some.wait()
        return self._items[0]

    def remove(self, message: Outgoing) -> None:
        """It was sent (or cannot be). Nothing happens if it was dropped in the meantime."""
        for i, waiting in enumerate(self._items):
            if waiting is message:
                del self._items[i]
                self._forget(message)
                break
        self._mark()

    async def empty(self) -> None:
        """Return once nothing waits."""
        await self._none.wait()

    def _drop(self, kept: bool) -> None:
        kind = [m for m in self._items if bool(m.qos) == kept]
        message = next((m for m in kind if kept and m.retain), kind[0])
        self.remove(message)

    def _outdate(self, topic: str) -> None:
        for waiting in self._items:
            if waiting.retain and waiting.topic == topic:
                self.remove(waiting)
                return

    def _forget(self, message: Outgoing) -> None:
        if message.qos:
            self._kept -= 1
        else:
            self._bytes -= len(message.payload)

    def _mark(self) -> None:
        for event, yes in ((self._some, bool(self._items)), (self._none, not self._items)):
            if yes:
                event.set()
            else:
                event.clear()
