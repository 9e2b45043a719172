"""Fills short holes that lost packets leave in Opus sound, by the decoder's own means.

A packet that has its first byte alone says "nothing came": the decoder goes on with what it heard, ever softer (RFC
6716 section 3.2.1, and section 4.4 on packet loss concealment). Longer holes stay silent: guessed speech misleads.
"""

from __future__ import annotations

from streams.webrtc.jitter import SoundFrame

RATE_HZ = 48_000
"""Of Opus time stamps, whatever is inside (RFC 7587)."""
MOST = RATE_HZ * 60 // 1000
"""Samples that are guessed at most."""


class Concealer:
    """Of one stream. Keeps the newest packet's first byte and end."""

    def __init__(self) -> None:
        self.concealed = 0
        """Packets that were guessed."""
        self._first_byte = 0
        self._end: int | None = None

    def before(self, frame: SoundFrame) -> list[SoundFrame]:
        """What to decode before this frame: nothing, unless packets before it were lost. What is no Opus packet is not
        concealed."""
        end, self._end = self._end, None
        found: list[SoundFrame] = []
        if frame.lost and end is not None:
            unit = duration(bytes([self._first_byte]))
            stop = min(frame.timestamp, end + MOST)
            while unit and end + unit <= stop:
                found.append(SoundFrame(bytes([self._first_byte]), end))
                end += unit
        length = duration(frame.data)
        if length:
            self._first_byte = frame.data[0] & 0xFC  # as a packet of one frame
            self._end = frame.timestamp + length
        self.concealed += len(found)
        return found


def duration(packet: bytes) -> int:
    """Samples at 48 kHz that an Opus packet holds by its first bytes (RFC 6716 section 3.1); 0 for a broken one."""
    if not packet:
        return 0
    configuration, code = packet[0] >> 3, packet[0] & 3
    if configuration < 12:
        size = (480, 960, 1920, 2880)[configuration & 3]
    elif configuration < 16:
        size = (480, 960)[configuration & 1]
    else:
        size = (120, 240, 480, 960)[configuration & 3]
    if code == 3:
        return size * (packet[1] & 63) if len(packet) > 1 else 0
    return size if code == 0 else 2 * size
