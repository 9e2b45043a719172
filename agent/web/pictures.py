"""A small picture of the moment of each thing seen, kept for a while: the evidence that a person can look at.

Frames come in with what was perceived in them, before it is published; a picture is kept under the id that the percept
is published with (`Core` gives it another one where a source came back and counts from one again).
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence

from aiohttp import web

from agent.web.access import refuse
from dialog.events import Event, Perceived
from streams.sinks.thumbnail import jpeg
from streams.types import NS, Observation, Percept, VideoFrame

MAX_PICTURES = 1000
MAX_BYTES = 32 * 1024 * 1024
WIDTH_PX = 360
MAX_SOURCES = 64
NEWEST_EVERY_NS = 4 * NS
"""A camera's newest picture, where somebody wants it, is made anew so often."""
WANTED_NS = 120 * NS
"""So long after it was last asked for, it is made."""
MAX_WAITING = 256
"""Pictures of percepts that are not published yet; more than one frame ever shows."""


class Pictures:
    """Bounded in number and in bytes; the oldest go first. Lives on the event loop."""

    def __init__(self, max_pictures: int = MAX_PICTURES, max_bytes: int = MAX_BYTES) -> None:
        self._max_pictures, self._max_bytes = max_pictures, max_bytes
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._waiting: OrderedDict[str, bytes] = OrderedDict()
        self._bytes = 0
        self._newest: OrderedDict[str, tuple[int, bytes]] = OrderedDict()
        self._wanted: dict[str, int] = {}
        self._now_ns = 0
        self.beyond: Callable[[str], Awaitable[bytes | None]] = _nowhere
        """Where pictures are that are no longer kept here, by percept id."""

    def __len__(self) -> int:
        return len(self._kept)

    @property
    def size_bytes(self) -> int:
        """What the kept pictures take; percepts of one frame share one picture, which counts for each."""
        return self._bytes

    def on_frame(self, frame: VideoFrame, observations: Sequence[Observation]) -> None:
        """Take a frame with what was perceived in it, before that is published."""
        self._now_ns = max(self._now_ns, frame.t_ns)
        if frame.source in self._wanted:
            self._renew(frame)
        seen = [o.id for o in observations if isinstance(o, Percept) and o.id]
        if not seen:
            return
        self.expect(seen, jpeg(frame.rgb, WIDTH_PX))

    def expect(self, percept_ids: Sequence[str], picture: bytes) -> None:
        """Take the JPEG of percepts that are about to be published."""
        for percept_id in percept_ids:
            self._waiting[percept_id] = picture
        while len(self._waiting) > MAX_WAITING:
            self._waiting.popitem(last=False)

    def keep(self, percept_id: str, picture: bytes) -> None:
        """Take the JPEG of a percept that was published already, in place of any before."""
        self._keep(percept_id, picture)

    def show(self, source: str, picture: bytes) -> None:
        """Take the newest JPEG of a source that has pictures but no stream of them."""
        self._put(source, self._now_ns, picture)

    def newest(self, source: str) -> bytes | None:
        """What a camera showed last, at most some seconds old while it sends pictures; None the first time that it is
        asked for: it is made from then on."""
        if source not in self._wanted and len(self._wanted) >= MAX_SOURCES:
            self._wanted.pop(min(self._wanted, key=lambda name: self._wanted[name]))
        self._wanted[source] = self._now_ns
        found = self._newest.get(source)
        return None if found is None else found[1]

    def on_event(self, event: Event) -> None:
        """Keep the picture of a percept that is being published; a tap for `Bus.tap`."""
        if not isinstance(event, Perceived) or not isinstance(event.what, Percept):
            return
        picture = self._waiting.pop(event.what.id.split("#")[0], None)
        if picture is not None:
            self._keep(event.what.id, picture)

    def get(self, percept_id: str) -> bytes | None:
        """The JPEG of that moment, or None: it never was, or is no longer kept."""
        return self._kept.get(percept_id)

    async def handle(self, request: web.Request) -> web.Response:
        """`GET /api/picture/<percept id>`: `image/jpeg`, or 404 with one line."""
        name = request.match_info["percept"]
        picture = self.get(name) or await self.beyond(name)
        if picture is None:
            raise refuse(web.HTTPNotFound, "no picture of that moment is kept")
        # A percept's picture never changes, but it is for whoever holds the token alone.
        headers = {"Cache-Control": "private, max-age=3600", "X-Content-Type-Options": "nosniff"}
        return web.Response(body=picture, content_type="image/jpeg", headers=headers)

    def _renew(self, frame: VideoFrame) -> None:
        if self._now_ns - self._wanted[frame.source] > WANTED_NS:
            del self._wanted[frame.source]
            self._newest.pop(frame.source, None)
        elif frame.t_ns - self._newest.get(frame.source, (-NEWEST_EVERY_NS, b""))[0] >= NEWEST_EVERY_NS:
            self._put(frame.source, frame.t_ns, jpeg(frame.rgb, WIDTH_PX))

    def _put(self, source: str, t_ns: int, picture: bytes) -> None:
        self._newest.pop(source, None)
        self._newest[source] = (t_ns, picture)
        if len(self._newest) > MAX_SOURCES:
            self._newest.popitem(last=False)

    def _keep(self, percept_id: str, picture: bytes) -> None:
        self._bytes += len(picture) - len(self._kept.pop(percept_id, b""))
        self._kept[percept_id] = picture
        while len(self._kept) > self._max_pictures or (self._bytes > self._max_bytes and len(self._kept) > 1):
            self._bytes -= len(self._kept.popitem(last=False)[1])


async def _nowhere(percept_id: str) -> bytes | None:
    return None
