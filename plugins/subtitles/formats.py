"""Cues as WebVTT (https://www.w3.org/TR/webvtt1/), SRT, and HLS with WebVTT segments (RFC 8216)."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from plugins.subtitles.cues import MS, Cue, Rules
from streams.types import NS

VTT_HEADER = "WEBVTT\n\n"
MPEG_HZ = 90_000
AHEAD_S = 10.0
"""A cue begins and ends no further ahead of what was heard, unless the rules let it."""
_MPEG_WRAP = 1 << 33


def vtt_cue(cue: Cue) -> str:
    """One cue with its blank line. A speaker's name is a voice tag, an unnamed change of voice a dash."""
    lines = [_escape(line) for line in cue.lines]
    if cue.speaker:
        lines[0] = f"<v {_escape(cue.speaker)}>{lines[0]}"
    elif cue.label:
        lines[0] = cue.label + lines[0]
    return f"{_stamp(cue.t0_ns, '.')} --> {_stamp(cue.t1_ns, '.')}\n" + "\n".join(lines) + "\n\n"


def srt_cue(cue: Cue, number: int) -> str:
    """One cue with its blank line; `number` counts from 1. A new voice is named in the text."""
    lines = "\n".join(_harmless(line) for line in cue.lines)
    times = f"{_stamp(cue.t0_ns, ',')} --> {_stamp(cue.t1_ns, ',')}"
    return f"{number}\n{times}\n{_harmless(cue.label)}{lines}\n\n"


def vtt(cues: Iterable[Cue]) -> str:
    """A whole file."""
    return VTT_HEADER + "".join(map(vtt_cue, cues))


class CueFile:
    """A WebVTT or SRT file that only grows and is valid at every moment: each cue is one write."""

    def __init__(self, path: Path) -> None:
        """Begins the file anew; its ending `.vtt` or `.srt` says what it is.

        Raises:
            ValueError: another ending.
            OSError: it cannot be written.
        """
        if path.suffix.lower() not in (".vtt", ".srt"):
            raise ValueError("a subtitle file ends in .vtt or .srt")
        self._srt = path.suffix.lower() == ".srt"
        self._number = 0
        self._file = path.open("wb", buffering=0)
        if not self._srt:
            self._file.write(VTT_HEADER.encode())

    def write(self, cue: Cue) -> None:
        """Append a cue.

        Raises:
            OSError: the disk is full or the file is gone.
        """
        self._number += 1
        self._file.write((srt_cue(cue, self._number) if self._srt else vtt_cue(cue)).encode())

    def close(self) -> None:
        """No more cues. Safe to call twice."""
        self._file.close()


class Order:
    """Keeps starts in order over all sources, as WebVTT demands: a cue that comes after a later one begins with it."""

    def __init__(self) -> None:
        self._last_ns = 0

    def put(self, cue: Cue) -> Cue:
        """The cue, moved later as a whole where its start would go back."""
        late_ns = max(0, self._last_ns - cue.t0_ns)
        self._last_ns = max(self._last_ns, cue.t0_ns)
        return replace(cue, t0_ns=cue.t0_ns + late_ns, t1_ns=cue.t1_ns + late_ns) if late_ns else cue


@dataclass(frozen=True, slots=True)
class HlsOptions:
    """Of the live playlist."""

    segment_s: int = 6
    keep: int = 10
    """Segments in the playlist."""
    wait_s: float = 8.0
    """A segment is published so long after its end: cues come late. What comes later still goes to the next one."""
    mpegts: int = 0
    """The media's 90 kHz time at stream time zero; 0 for fragmented MP4."""


@dataclass(slots=True)
class HlsPlaylist:
    """Segments of WebVTT; one that was published never changes. Memory is bounded by `keep` segments."""

    options: HlsOptions = field(default_factory=HlsOptions)
    rules: Rules = field(default_factory=Rules)
    """That the cues keep to: how far they fall behind their words."""
    _next: int = 0
    _segments: deque[tuple[int, str]] = field(default_factory=deque)
    _cues: list[Cue] = field(default_factory=list)
    _ended: bool = False

    def add(self, cue: Cue) -> None:
        """A cue; where its time is published already, it is shown from the next segment on."""
        late_ns = max(0, self._next * self.options.segment_s * NS - cue.t0_ns)
        self._cues.append(replace(cue, t0_ns=cue.t0_ns + late_ns, t1_ns=cue.t1_ns + late_ns) if late_ns else cue)

    def advance(self, now_ns: int) -> None:
        """Publish the segments whose time has come."""
        self._forget(now_ns)
        self._publish_until((now_ns - round(self.options.wait_s * NS)) // (self.options.segment_s * NS))

    def finish(self, now_ns: int) -> None:
        """Publish all and end the playlist."""
        self._forget(now_ns)
        end_ns = max((cue.t1_ns for cue in self._cues), default=0)
        self._publish_until(-(-end_ns // (self.options.segment_s * NS)))
        self._ended = True

    def m3u8(self) -> str:
        """The media playlist."""
        seconds = self.options.segment_s
        first = self._segments[0][0] if self._segments else self._next
        head = ["#EXTM3U", "#EXT-X-VERSION:3", f"#EXT-X-TARGETDURATION:{seconds}", f"#EXT-X-MEDIA-SEQUENCE:{first}"]
        for number, _ in self._segments:
            head += [f"#EXTINF:{seconds:.3f},", f"segment-{number}.vtt"]
        return "\n".join(head + ["#EXT-X-ENDLIST"] * self._ended) + "\n"

    def segment(self, number: int) -> str | None:
        """A published segment that is still kept."""
        return next((text for n, text in self._segments if n == number), None)

    def _forget(self, now_ns: int) -> None:
        """Let go of cues from further ahead than those of fast speech, which nothing that was heard can have, and of
        ends far ahead: they would be held until then, and the end of the playlist would wait for them."""
        longest_s = max(AHEAD_S, self.rules.max_cue_s)
        late_s = max(AHEAD_S, self.rules.max_late_s) + longest_s + self.rules.min_gap_s
        last_ns, longest_ns = now_ns + round(late_s * NS), round(longest_s * NS)
        self._cues = [
            replace(cue, t1_ns=min(cue.t1_ns, max(cue.t0_ns, now_ns) + longest_ns))
            for cue in self._cues
            if cue.t0_ns <= last_ns
        ]

    def _publish_until(self, until: int) -> None:
        self._next = max(self._next, until - self.options.keep)  # earlier ones would not be kept
        while self._next < until:
            self._publish()

    def _publish(self) -> None:
        """Cues that reach over its end are repeated in the next, as players expect."""
        o, number = self.options, self._next
        begin_ns, end_ns = number * o.segment_s * NS, (number + 1) * o.segment_s * NS
        at = (o.mpegts + number * o.segment_s * MPEG_HZ) % _MPEG_WRAP
        shown = sorted((c for c in self._cues if c.t0_ns < end_ns and c.t1_ns > begin_ns), key=lambda cue: cue.t0_ns)
        text = f"WEBVTT\nX-TIMESTAMP-MAP=LOCAL:{_stamp(begin_ns, '.')},MPEGTS:{at}\n\n" + "".join(map(vtt_cue, shown))
        self._segments.append((number, text))
        while len(self._segments) > o.keep:
            self._segments.popleft()
        self._cues = [cue for cue in self._cues if cue.t1_ns > end_ns]
        self._next = number + 1


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _harmless(text: str) -> str:
    """SRT knows no escapes, but players read tags."""
    return text.replace("<", "‹").replace(">", "›")


def _stamp(t_ns: int, mark: str) -> str:
    total_ms = math.ceil(max(0, t_ns) / MS) if t_ns % MS else max(0, t_ns) // MS
    minutes, ms = divmod(total_ms, 60_000)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{ms // 1000:02d}{mark}{ms % 1000:03d}"
