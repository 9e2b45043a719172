"""A bounded hop between two tasks of one event loop, with a declared policy for when it is full.

`wait` makes the sender wait (audio: nothing may be lost), `latest` keeps only the newest (video),
`drop_oldest` makes room (listeners). End of stream is an exception, never a special value.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from typing import Generic, Literal, TypeVar

from streams.errors import ChannelClosed

T = TypeVar("T")
Policy = Literal["wait", "latest", "drop_oldest"]


class Channel(Generic[T]):
    """A bounded queue. Not thread-safe: both ends live on one event loop."""

    def __init__(self, size: int, policy: Policy, name: str = "") -> None:
        if size < 1:
            raise ValueError(f"channel {name!r} needs a size of at least 1, not {size}")
        self.name = name
        self.dropped = 0
        """How many values were discarded to make room."""
        self._policy = policy
        self._size = 1 if policy == "latest" else size
        self._items: deque[T] = deque()
        self._waiters: set[asyncio.Future[None]] = set()
        self._closed = False

    def __len__(self) -> int:
        return len(self._items)

    @property
    def closed(self) -> bool:
        return self._closed

    def offer(self, item: T) -> bool:
        """Put without waiting. False if the channel is closed, or full under the policy `wait`."""
        if self._closed or (self._policy == "wait" and len(self._items) >= self._size):
            return False
        if len(self._items) >= self._size:
            self._items.popleft()
            self.dropped += 1
        self._items.append(item)
        self._notify()
        return True

    async def put(self, item: T) -> None:
        """Put, waiting for room under the policy `wait`.

        Raises:
            ChannelClosed: the channel is closed.
        """
        while not self.offer(item):
            if self._closed:
                raise ChannelClosed(self.name)
            await self._change()

    async def get(self) -> T:
        """Take the oldest value, waiting for one.

        Raises:
            ChannelClosed: nothing is left and nothing can come any more.
        """
        while not self._items:
            if self._closed:
                raise ChannelClosed(self.name)
            await self._change()
        item = self._items.popleft()
        self._notify()
        return item

    def take(self) -> T | None:
        """The oldest value if there is one, without waiting."""
        if not self._items:
            return None
        item = self._items.popleft()
        self._notify()
        return item

    def close(self) -> None:
        """End the stream: what is in the channel can still be taken, nothing more can be put."""
        self._closed = True
        self._notify()

    async def _change(self) -> None:
        """Wait until something was put, taken or closed. Cancelling a waiter loses no value: it holds none."""
        waiter = asyncio.get_running_loop().create_future()
        self._waiters.add(waiter)
        try:
            await waiter
        finally:
            self._waiters.discard(waiter)

    def _notify(self) -> None:
        for waiter in self._waiters:
            if not waiter.done():
                waiter.set_result(None)

    async def __aiter__(self) -> AsyncIterator[T]:
        while True:
            try:
                yield await self.get()
            except ChannelClosed:
                return
