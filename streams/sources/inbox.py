"""One bounded way into the agent for a source with several lanes (a camera's sound and picture, a broker's topics)."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from typing import Generic, TypeVar

from streams.channel import Channel, Policy
from streams.errors import ChannelClosed

T = TypeVar("T")


class Inbox(Generic[T]):
    """Lanes, each a `Channel` with its own policy, read as one in the order of arrival. One event loop only."""

    def __init__(self, max_lanes: int = 64) -> None:
        self._max_lanes = max_lanes
        self._lanes: dict[str, Channel[T]] = {}
        self._order: deque[str] = deque()
        self._changed = asyncio.Event()
        self._closed = False

    def open(self, lane: str, size: int, policy: Policy) -> bool:
        """Make a lane; True if it is there. False when there would be more than `max_lanes`."""
        if lane not in self._lanes:
            if len(self._lanes) >= self._max_lanes:
                return False
            self._lanes[lane] = Channel(size, policy, lane)
        return True

    def offer(self, lane: str, item: T) -> bool:
        """Put without waiting. False if closed, or full under the policy `wait`."""
        channel = self._lanes[lane]
        before = len(channel)
        if self._closed or not channel.offer(item):
            return False
        if len(channel) > before:  # else it took the place of an older one
            self._order.append(lane)
        self._wake()
        return True

    async def put(self, lane: str, item: T) -> None:
        """Put, waiting for room under the policy `wait`.

        Raises:
            ChannelClosed: the inbox is closed.
        """
        while not self.offer(lane, item):
            if self._closed:
                raise ChannelClosed(lane)
            await self._changed.wait()

    async def get(self) -> T:
        """The item that has waited longest.

        Raises:
            ChannelClosed: closed, and all was taken.
        """
        while not self._order:
            if self._closed:
                raise ChannelClosed
            await self._changed.wait()
        item = await self._lanes[self._order.popleft()].get()  # never waits: the order says that it is there
        self._wake()
        return item

    def dropped(self, lane: str) -> int:
        """How many items of a lane were discarded to make room."""
        return self._lanes[lane].dropped if lane in self._lanes else 0

    def __len__(self) -> int:
        return len(self._order)

    def close(self) -> None:
        """Nothing more can be put; what is there can still be taken."""
        self._closed = True
        self._wake()

    def _wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()

    async def __aiter__(self) -> AsyncIterator[T]:
        while True:
            try:
                yield await self.get()
            except ChannelClosed:
                return
