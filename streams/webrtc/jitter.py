"""Puts sound packets in order without holding them back.

aiortc's own buffer waits for the packet after each one, and releases one frame a packet: what a lost packet made it
hold back once, it holds back for ever. A sound packet is a whole frame (RFC 7587), so this one releases it at once,
waits for a missing packet until `HOLD` later ones are there, and then releases all of them.
"""

from __future__ import annotations

from aiortc.jitterbuffer import JitterBuffer, JitterFrame
from aiortc.rtp import RtpPacket

HOLD = 3
"""Packets that wait behind a missing one; then it is given up."""
RESTART = 100
"""A packet this much older than what is expected is a sender that began anew, not a late packet."""


class SoundFrame(JitterFrame):
    """An encoded frame, and those that became free together with it."""

    def __init__(self, data: bytes, timestamp: int) -> None:
        super().__init__(data=data, timestamp=timestamp)
        self.sent = timestamp
        """RTP time stamp as sent; aiortc overwrites `timestamp`."""
        self.lost = 0
        """Packets right before this one that never came."""
        self.following: list[SoundFrame] = []

    def unfold(self) -> list[SoundFrame]:
        """This frame and the following ones, their time stamps moved as aiortc moved this one's."""
        for frame in self.following:
            frame.timestamp = self.timestamp + (frame.sent - self.sent) % (1 << 32)
        return [self, *self.following]


class SoundBuffer(JitterBuffer):
    """Takes the place of aiortc's `JitterBuffer` for sound. Holds at most `HOLD` packets."""

    def __init__(self) -> None:
        super().__init__(capacity=4)
        self.late = 0
        """Packets that came after they were given up."""
        self._expected: int | None = None
        self._held: dict[int, RtpPacket] = {}

    def add(self, packet: RtpPacket) -> tuple[bool, JitterFrame | None]:
        """Take a packet; returns False (no key frame to ask for) and what became free, as one `SoundFrame`."""
        number = packet.sequence_number
        if self._expected is None:
            self._expected = number
        behind = (self._expected - number) % (1 << 16)
        if RESTART <= behind < 1 << 15:
            self._held.clear()
            self._expected = number
        elif 0 < behind < RESTART:
            self.late += 1
            return False, None
        self._held[number] = packet
        if len(self._held) > HOLD or (len(self._held) == HOLD and self._expected not in self._held):
            expected = self._expected
            self._expected = min(self._held, key=lambda held: (held - expected) % (1 << 16))
            return False, self._release((self._expected - expected) % (1 << 16))
        return False, self._release(0)

    def _release(self, lost: int) -> SoundFrame | None:
        first: SoundFrame | None = None
        while self._expected is not None and (packet := self._held.pop(self._expected, None)) is not None:
            self._expected = (self._expected + 1) % (1 << 16)
            frame = SoundFrame(packet._data, packet.timestamp)  # type: ignore[attr-defined]
            if first is None:
                first = frame
                first.lost = lost
            else:
                first.following.append(frame)
        return first
