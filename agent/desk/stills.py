"""The newest picture of each camera, small, for a wall of many."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

from streams.sinks.thumbnail import jpeg
from streams.types import NS, Observation, VideoFrame

WIDTH_PX = 640
MAX_SOURCES = 256
LOOKED_AT_S = 20.0
"""A camera is looked at for so long after its picture was asked for."""
FRESH_S = 0.9
"""While it is looked at, a new picture is made so often, at most."""
REST_S = 15.0
"""And so often when nobody looks."""


@dataclass(frozen=True, slots=True)
class Still:
    """A picture of a camera."""

    t_ns: int
    jpeg: bytes


class Stills:
    """Makes a JPEG only as often as somebody looks. Lives on the event loop; bounded in sources."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Still] = OrderedDict()
        self._seen_ns: dict[str, int] = {}
        self._asked_ns: dict[str, int] = {}

    def on_frame(self, frame: VideoFrame, observations: Sequence[Observation]) -> None:
        """Take a frame; see `agent.live.OnFrame`."""
        kept = self._kept.get(frame.source)
        self._seen_ns[frame.source] = frame.t_ns
        asked_ns = self._asked_ns.get(frame.source)
        looked_at = asked_ns is not None and frame.t_ns - asked_ns < LOOKED_AT_S * NS
        if kept is not None and 0 <= frame.t_ns - kept.t_ns < (FRESH_S if looked_at else REST_S) * NS:
            return
        self._kept.pop(frame.source, None)
        self._kept[frame.source] = Still(frame.t_ns, jpeg(frame.rgb, WIDTH_PX, 70))
        while len(self._kept) > MAX_SOURCES:
            gone, _ = self._kept.popitem(last=False)
            self._seen_ns.pop(gone, None)
            self._asked_ns.pop(gone, None)

    def get(self, source: str, now_ns: int) -> Still | None:
        """The newest picture of a camera, for somebody who looks now; None: it has shown none."""
        kept = self._kept.get(source)
        if kept is not None:
            self._asked_ns[source] = now_ns
        return kept

    def seen_ns(self) -> dict[str, int]:
        """All cameras that have shown something, with the stream time of the last frame."""
        return dict(self._seen_ns)
