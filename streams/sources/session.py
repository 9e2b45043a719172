"""One connection to a live source: what its packets and frames become. Lives on the reading thread."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Literal

import av
from av.container import InputContainer

from streams.area import Area
from streams.clock import Clock, thread_s, wall_time
from streams.errors import SourceError
from streams.sources.decode import Thinner, to_float
from streams.sources.line import clock_error
from streams.sources.livetime import LiveSound, SenderTime
from streams.sources.photo import to_rgb
from streams.sources.stillness import Stillness, luma_of
from streams.types import NS, AudioChunk, HealthState, VideoFrame

MAX_AHEAD_NS = NS // 4
"""A server hands out what it had buffered in one go: the excess of that first burst of sound is left out."""
CLOCK_S = 30.0
"""A camera's clock that is further off is wrong."""
CLOCK_EVERY_NS = 20 * NS
MEASURE_NS = 10 * NS
MOST_WAIT_NS = 300 * NS
"""A recording's frame that would be due later than this from now is due at once: its time stamps jump."""
MOST_BROKEN = 50
"""A device that cannot decode so many packets before its first picture is not used for that camera."""
KEY_GAPS = 3
"""So many gaps between key frames tell how often they come."""

Timing = Literal["stamped", "arrival", "paced"]
"""`stamped`: a live stream with usable time stamps; `arrival`: without; `paced`: a recording that a server hands
out faster than real time."""


@dataclass(frozen=True, slots=True)
class LiveOptions:
    """How a live source is read."""

    max_fps: float | None = 10.0
    """Frames a second at most, thinned before the costly conversion; None for all."""
    audio: bool = True
    video: bool = True
    first_retry_s: float = 0.5
    most_retry_s: float = 3.0
    """Between attempts to connect: doubling from the first to the most. Whatever was unplugged is back within this and
    the time that it takes to connect."""
    skip_still: bool = False
    """While nothing moves, hand on one picture a second."""
    area: Area = Area()
    """Its masked parts are blackened before anybody sees a picture."""


@dataclass(frozen=True, slots=True)
class Opened:
    """An open stream and how its times are to be taken."""

    container: InputContainer
    timing: Timing
    device: str = ""
    """What decodes the picture; empty: the processor."""
    trouble: str = ""
    """Why the device that was to decode does not."""


class Session:
    """One connection: its clock mapping, thinning and sound. Lives on the reading thread."""

    def __init__(self, options: LiveOptions, clock: Clock, name: str) -> None:
        self.timing: Timing = "stamped"
        self.given = False
        self.told = False
        self.device = ""
        """What decodes the picture; empty: the processor."""
        self.device_failed = False
        self.broken = 0
        """Packets that could not be decoded, until the first picture."""
        self.pictures = 0
        """So many pictures came, before any thinning."""
        self.alive_ns = clock.now_ns()
        """When the reading thread last did something."""
        self.left_behind = False
        """Another thread reads by now: this one ends as soon as it can."""
        self.share = 0.0
        """Processor cores that receiving and decoding take."""
        self._options = options
        self._clock = clock
        self._name = name
        self._keys = _Keys(options.max_fps)
        self._still = Stillness(hide=options.area.hide) if options.skip_still else None
        self._used = (clock.now_ns(), thread_s())
        self._opened: Opened | None = None
        self._clock_due_ns = 0
        self._clock_is_wrong = False
        self._time = SenderTime()
        self._thin = Thinner(options.max_fps)
        self._sound = LiveSound(name, overlap_ns=MAX_AHEAD_NS)
        self._paced_from: int | None = None
        self._last_ns = -1

    def begin(self, opened: Opened) -> None:
        """The connection is open."""
        self.timing, self.device = opened.timing, opened.device
        self._opened = opened
        self._used = (self._clock.now_ns(), thread_s())

    def damaged(self, error: av.FFmpegError) -> None:
        """A packet could not be decoded: one that was lost damages a picture or two; the next key frame mends it.

        Raises:
            FFmpegError: it is another fault than that.
            SourceError: a device has decoded nothing yet, and does not seem to.
        """
        self.broken += not self.pictures
        harmless = isinstance(error, av.InvalidDataError)
        if self.device and not self.pictures and (not harmless or self.broken > MOST_BROKEN):
            self.device_failed = True
            raise SourceError(f"{self.device} cannot decode it ({error.strerror})") from None
        if not harmless:
            raise error

    def passes_over(self, packet: av.Packet) -> bool:
        """Whether a packet of the picture need not be decoded."""
        return self._keys.passes_over(packet)

    def due_ns(self, frame: av.AudioFrame | av.VideoFrame) -> int | None:
        """For a recording: when it is this frame's turn."""
        stamp = _stamp_ns(frame)
        if self.timing != "paced" or stamp is None:
            return None
        now_ns = self._clock.now_ns()
        if self._paced_from is None or self._paced_from + stamp > now_ns + MOST_WAIT_NS:
            self._paced_from = now_ns - stamp
        return self._paced_from + stamp

    def sound_of(self, frame: av.AudioFrame) -> list[AudioChunk]:
        samples = to_float(frame)
        length_ns = len(samples) * NS // frame.sample_rate
        stamp = _stamp_ns(frame)
        end_ns = self._captured(None if stamp is None else stamp + length_ns)
        chunks = self._sound.add(samples, frame.sample_rate, max(0, end_ns - length_ns))
        self.given = self.given or bool(chunks)
        return chunks

    def picture_of(self, frame: av.VideoFrame) -> VideoFrame | None:
        """A decoded picture, unless it is one too many, or shows what the last one showed."""
        self.pictures += 1
        self._measure()
        t_ns = max(self._captured(_stamp_ns(frame)), self._last_ns + 1)
        if not self._thin.keep(t_ns):
            return None
        changed: float | None = None
        if self._still is not None and (luma := luma_of(frame)) is not None:
            changed = self._still.look(luma, t_ns)
            if changed is None:
                return None
        self._last_ns = t_ns
        self.given = True
        return VideoFrame(self._name, t_ns, self._options.area.hide(to_rgb(frame)), changed)

    def clock_wrong(self, frame: av.VideoFrame) -> tuple[HealthState, str] | None:
        """What is to be said of the camera's clock, on change. RTSP cameras tell theirs (RFC 3550, 6.4.1)."""
        now_ns = self._clock.now_ns()
        ours, stamp_ns = wall_time(self._clock, now_ns), _stamp_ns(frame)
        if ours is None or stamp_ns is None or self._opened is None or now_ns < self._clock_due_ns:
            return None
        self._clock_due_ns = now_ns + CLOCK_EVERY_NS
        container = self._opened.container
        if self.timing != "stamped" or (told := container.start_time_realtime) is None or told <= 0:
            return None
        started_ns = (container.start_time or 0) * (NS // av.time_base)
        ahead_s = told / 1e6 + (stamp_ns - started_ns) / NS - ours.timestamp()
        wrong = abs(ahead_s) > CLOCK_S
        if wrong == self._clock_is_wrong:
            return None
        self._clock_is_wrong = wrong
        return ("degraded", clock_error(ahead_s)) if wrong else ("ok", "the camera's clock is right")

    def _measure(self) -> None:
        now_ns, used_s = self._clock.now_ns(), thread_s()
        begun_ns, before_s = self._used
        if now_ns - begun_ns >= MEASURE_NS:
            self.share = (used_s - before_s) / ((now_ns - begun_ns) / NS)
            self._used = (now_ns, used_s)

    def _captured(self, stamp_ns: int | None) -> int:
        now_ns = self._clock.now_ns()
        if self.timing == "arrival" or stamp_ns is None:
            return now_ns
        return self._time.at(stamp_ns, now_ns)


class _Keys:
    """Decodes key frames alone where they come as often as pictures are wanted."""

    def __init__(self, max_fps: float | None) -> None:
        self._wanted_ns = None if max_fps is None else NS / max_fps
        self._last_ns: int | None = None
        self._gaps_ns: deque[int] = deque(maxlen=KEY_GAPS)
        self._only = False

    def passes_over(self, packet: av.Packet) -> bool:
        if self._wanted_ns is None or packet.pts is None or packet.time_base is None:
            return False
        if packet.is_keyframe:
            t_ns = round(packet.pts * packet.time_base * NS)
            if self._last_ns is not None:
                self._gaps_ns.append(t_ns - self._last_ns)
            self._last_ns = t_ns
            full = len(self._gaps_ns) == KEY_GAPS
            self._only = full and 0 < max(self._gaps_ns) <= self._wanted_ns * 1.1
            return False
        return self._only


def _stamp_ns(frame: av.AudioFrame | av.VideoFrame) -> int | None:
    if frame.pts is None or frame.time_base is None:
        return None
    return round(frame.pts * frame.time_base * NS)
