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
from streams.types import Observation, Percept, VideoFrame

MAX_PICTURES = 1000
MAX_BYTES = 32 * 1024 * 1024
WIDTH_PX = 360
MAX_WAITING = 256
"""Pictures of percepts that are not published yet; more than one frame ever shows."""


class Pictures:
    """Bounded in number and in bytes; the oldest go first. Lives on the event loop."""

    def __init__(self, max_pictures: int = MAX_PICTURES, max_bytes: int = MAX_BYTES) -> None:
        self._max_pictures, self._max_bytes = max_pictures, max_bytes
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._waiting: OrderedDict[str, bytes] = OrderedDict()
        self._bytes = 0
        self.beyond: Callable[[str], Awaitable[bytes | None]] = _nowhere
        """Where pictures are that are no longer kept here, by percept id."""

    def __len__(self) -> int:
        return len(self._kept)

    @property
    def size_bytes(self) -> int:
        """What the kept pictures take; percepts of one frame share one picture, which counts for each."""
        return self._bytes

    def on_frame(self, frame: VideoFrame, observations: Sequence[Observation]) -> None:
        """Take the frame in which something was perceived, before that is published."""
        seen = [o.id for o in observations if isinstance(o, Percept) and o.id]
        if not seen:
            return
        picture = jpeg(frame.rgb, WIDTH_PX)
        for percept_id in seen:
            self._waiting[percept_id] = picture
        while len(self._waiting) > MAX_WAITING:
            self._waiting.popitem(last=False)

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

    def _keep(self, percept_id: str, picture: bytes) -> None:
        self._bytes += len(picture) - len(self._kept.pop(percept_id, b""))
        self._kept[percept_id] = picture
        while len(self._kept) > self._max_pictures or (self._bytes > self._max_bytes and len(self._kept) > 1):
            self._bytes -= len(self._kept.popitem(last=False)[1])


async def _nowhere(percept_id: str) -> bytes | None:
    return None
