"""The data channel `events`: lines of JSON out, raw lines in, both bounded."""

from __future__ import annotations

import asyncio

from aiortc import RTCDataChannel

from streams.channel import Channel
from streams.clock import Clock
from streams.types import NS

LABEL = "events"
MAX_MESSAGE_BYTES = 64 * 1024
MAX_BUFFERED_BYTES = 256 * 1024
"""Above this the network is slower than the events: they wait in the queue, whose oldest are dropped."""
QUEUE = 256
MESSAGES_PER_S = 20
BURST = 40


class RateLimit:
    """At most `per_s` a second in the long run, `burst` at once (a token bucket on stream time)."""

    def __init__(self, clock: Clock, per_s: float = MESSAGES_PER_S, burst: int = BURST) -> None:
        self._clock, self._per_s, self._burst = clock, per_s, burst
        self._left = float(burst)
        self._then_ns = clock.now_ns()

    def allow(self) -> bool:
        """Whether one more may pass now."""
        now_ns = self._clock.now_ns()
        self._left = min(self._burst, self._left + (now_ns - self._then_ns) / NS * self._per_s)
        self._then_ns = now_ns
        if self._left < 1:
            return False
        self._left -= 1
        return True


class Lines:
    """Both directions of the caller's data channel. Created before the channel is: lines wait for it, bounded."""

    def __init__(self, clock: Clock, name: str) -> None:
        self.messages: Channel[str] = Channel(64, "drop_oldest", f"{name} messages")
        self.refused = 0
        """Messages that were too long, not text, or too many."""
        self._out: Channel[str] = Channel(QUEUE, "drop_oldest", f"{name} lines")
        self._limit = RateLimit(clock)
        self._opened = asyncio.Event()
        self._low = asyncio.Event()
        self._channel: RTCDataChannel | None = None

    @property
    def dropped(self) -> int:
        """Outgoing lines that were dropped because the network was too slow."""
        return self._out.dropped

    def attach(self, channel: RTCDataChannel) -> None:
        """Take the caller's channel. Any other label, and any second channel, is left unused."""
        if channel.label != LABEL or self._channel is not None:
            return
        self._channel = channel
        channel.bufferedAmountLowThreshold = MAX_BUFFERED_BYTES // 4
        channel.on("message", self._received)
        channel.on("open", self._opened.set)
        channel.on("bufferedamountlow", self._low.set)
        if channel.readyState == "open":
            self._opened.set()

    def send(self, line: str) -> bool:
        """Queue a line; the oldest is dropped when the network is too slow. False: too long, or closed."""
        if len(line.encode()) > MAX_MESSAGE_BYTES:
            self.refused += 1
            return False
        return self._out.offer(line)

    def close(self) -> None:
        """End both directions."""
        self._out.close()
        self.messages.close()

    async def run(self) -> None:
        """Send what is queued, as fast as the network takes it, until closed."""
        await self._opened.wait()
        async for line in self._out:
            channel = self._channel
            while channel is not None and channel.readyState == "open" and channel.bufferedAmount > MAX_BUFFERED_BYTES:
                self._low.clear()
                await self._low.wait()
            if channel is None or channel.readyState != "open":
                return
            channel.send(line)

    def _received(self, message: str | bytes) -> None:
        if not self._limit.allow():
            self._refuse("too many messages; wait a second")
        elif not isinstance(message, str):
            self._refuse("a text message is expected, not bytes")
        elif len(message.encode("utf-8", "replace")) > MAX_MESSAGE_BYTES:
            self._refuse(f"a message is longer than {MAX_MESSAGE_BYTES} bytes")
        else:
            self.messages.offer(message)

    def _refuse(self, reason: str) -> None:
        self.refused += 1
        if self.refused % BURST == 1:  # one line tells it; a line for each would be a flood of our own
            self.send(f'{{"type": "error", "reason": "{reason}"}}')
