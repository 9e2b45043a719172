"""What a Frigate on the same broker sees, as percepts and pictures: its cameras become sources by being heard of."""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from streams import wording
from streams.clock import Clock
from streams.errors import SLIPS, MediaError
from streams.mqtt.complaints import Complaints
from streams.mqtt.frigate_codec import MAX_SNAPSHOT_BYTES, Review, Tracked, review, tracked, words
from streams.mqtt.intake import Message
from streams.mqtt.topics import is_name
from streams.sinks.thumbnail import jpeg
from streams.sources.inbox import Inbox
from streams.sources.photo import decode_jpeg
from streams.types import NS, Health, Kind, Percept

MAX_CAMERAS = 64
MAX_TRACKED = 256
"""Objects that are followed at once; the oldest are forgotten."""
MAX_WAITING = 256
PICTURE_NS = 10 * NS
"""A snapshot belongs to what was told of the same camera and label so long before or after."""
CLOCKS_DIFFER_NS = 60 * NS
"""A time further away than this was told by a clock that is wrong: the time of arrival counts."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Something that Frigate tells of."""

    percepts: tuple[Percept, ...]
    picture: bytes | None = None
    """JPEG of it, where one came before."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A snapshot that came after what it shows was told of."""

    camera: str
    about: tuple[str, ...]
    """Ids of percepts."""
    picture: bytes
    """JPEG, scaled down."""


@dataclass(frozen=True, slots=True)
class _Snapshot:
    camera: str
    label: str
    payload: bytes


@dataclass(slots=True)
class _Object:
    camera: str
    label: str
    start_ns: int
    zones: set[str]
    name: str = ""


@dataclass(slots=True)
class _Camera:
    told: int = 0
    """Percepts so far: each has the next number."""
    counts: dict[str, int] = field(default_factory=dict)


class Frigate:
    """Takes messages without ever waiting; iterate over it for what they say. Close it to end."""

    def __init__(self, prefix: str, clock: Clock, on_health: Callable[[Health], None], width: int = 360) -> None:
        """
        Args:
            prefix: of its topics, `frigate` as it comes.
            clock: the agent's.
            on_health: called on the event loop: what is wrong with messages, and whether Frigate is there.
            width: of pictures, in pixels, at most.
        """
        self._prefix, self._clock, self._on_health, self._width = prefix, clock, on_health, width
        self._complaints = Complaints(clock, on_health)
        self._inbox: Inbox[Seen | _Snapshot] = Inbox(MAX_CAMERAS * 2 + 1)
        self._inbox.open("told", MAX_WAITING, "wait")
        self._executor = ThreadPoolExecutor(1, "frigate-decode")
        self._cameras: dict[str, _Camera] = {}
        self._objects: OrderedDict[str, _Object] = OrderedDict()
        self._alerts: OrderedDict[str, None] = OrderedDict()
        self._recent: deque[tuple[int, str, str, str]] = deque(maxlen=MAX_TRACKED)
        self._pictures: OrderedDict[tuple[str, str], tuple[int, bytes]] = OrderedDict()
        self._away = False

    @property
    def subscriptions(self) -> tuple[str, ...]:
        """Topics to listen to: no more than is needed, and no stream of pictures."""
        return tuple(f"{self._prefix}/{what}" for what in ("events", "reviews", "+/+/snapshot"))

    @property
    def states(self) -> tuple[str, ...]:
        """Topics that hold how things are now."""
        return (f"{self._prefix}/available",)

    def owns(self, topic: str) -> bool:
        """Whether a message on this topic is for it."""
        return topic.startswith(f"{self._prefix}/")

    @property
    def cameras(self) -> tuple[str, ...]:
        """Those heard of so far."""
        return tuple(self._cameras)

    def take(self, message: Message) -> None:
        """One message from the broker. What is wrong with it becomes one line of `Health`; nothing is raised."""
        levels = message.topic.removeprefix(f"{self._prefix}/").split("/")
        about = f"frigate:{levels[-1]}"
        try:
            if levels == ["available"]:
                return self._available(message.payload)
            if message.retained:
                return None  # its snapshots are retained, and may be of last week
            if levels == ["events"]:
                self._told(self._event(tracked(message.payload)))
            elif levels == ["reviews"]:
                if (found := review(message.payload)) is not None:
                    self._told(self._review(found))
            elif len(levels) == 3 and levels[2] == "snapshot":
                self._snapshot(levels[0], levels[1], message.payload)
            self._complaints.good(about)
        except MediaError as error:
            self._complaints.bad(about, f"Frigate's message is ignored: {error}")
        return None

    def close(self) -> None:
        """End the iteration."""
        self._inbox.close()
        self._executor.shutdown(wait=False, cancel_futures=True)

    async def __aiter__(self) -> AsyncIterator[Seen | Shown]:
        loop = asyncio.get_running_loop()
        async for item in self._inbox:
            if isinstance(item, Seen):
                yield item
                continue
            try:
                picture = await loop.run_in_executor(self._executor, self._scaled, item.payload)
            except MediaError as error:
                self._complaints.bad("frigate:snapshot", f"Frigate's message is ignored: {error}")
                continue
            except SLIPS as error:
                self._complaints.slip("frigate:snapshot", "a snapshot", error)
                continue
            yield self._shown(item, picture)

    def _told(self, percepts: list[Percept]) -> None:
        if not percepts:
            return
        if not self._inbox.offer("told", Seen(tuple(percepts), self._picture_of(percepts[0].id))):
            raise MediaError("they come faster than they can be read; some are lost")

    def _event(self, event: Tracked) -> list[Percept]:
        known = self._objects.get(event.id)
        if known is None:
            return [] if event.doubtful or event.phase == "end" else self._begin(event)
        noun, out = words(known.label), list[Percept]()
        at_ns = self._at(event.at_s)
        for zone in event.zones:
            if zone not in known.zones:
                known.zones.add(zone)
                out.append(self._percept(event, "object", at_ns, wording.comes_into(noun, zone)))
        if event.name and event.name != known.name:
            known.name = event.name
            out.append(self._percept(event, "object", at_ns, wording.known_as(noun, event.name)))
        if event.phase == "end":
            del self._objects[event.id]
            end_ns = max(known.start_ns, self._at(event.end_s))
            text = wording.leaves(noun, "middle", (end_ns - known.start_ns) / NS)
            out.append(self._percept(event, "object", end_ns, text))
            out += self._count(event, end_ns)
        return out

    def _begin(self, event: Tracked) -> list[Percept]:
        if self._camera(event.camera) is None:
            raise MediaError(f"more than {MAX_CAMERAS} cameras; {event.camera} is ignored")
        start_ns = self._at(event.start_s)
        self._objects[event.id] = _Object(event.camera, event.label, start_ns, set(event.zones), event.name)
        if len(self._objects) > MAX_TRACKED:
            self._objects.popitem(last=False)
        text = wording.appears(words(event.label), event.zones[0] if event.zones else "")
        return [self._percept(event, "object", start_ns, text), *self._count(event, start_ns)]

    def _count(self, event: Tracked, t_ns: int) -> list[Percept]:
        camera = self._cameras[event.camera]
        n = sum(o.camera == event.camera and o.label == event.label for o in self._objects.values())
        if camera.counts.get(event.label, 0) == n:
            return []
        camera.counts[event.label] = n
        return [self._percept(event, "count", t_ns, wording.count(words(event.label), n))]

    def _review(self, found: Review) -> list[Percept]:
        if found.phase == "end":
            self._alerts.pop(found.id, None)
            return []
        if not found.alert or found.id in self._alerts:
            return []
        camera = self._camera(found.camera)
        if camera is None:
            raise MediaError(f"more than {MAX_CAMERAS} cameras; {found.camera} is ignored")
        self._alerts[found.id] = None
        if len(self._alerts) > MAX_TRACKED:
            self._alerts.popitem(last=False)
        things = list(dict.fromkeys(found.labels))
        text = wording.reported(things, found.zones[0] if found.zones else "")
        camera.told += 1
        t_ns = self._at(found.start_s)
        return [Percept(f"{found.camera}/f{camera.told}", "scene", found.camera, t_ns, t_ns, text)]

    def _percept(self, event: Tracked, kind: Kind, t_ns: int, text: str) -> Percept:
        camera = self._cameras[event.camera]
        camera.told += 1
        percept = Percept(f"{event.camera}/f{camera.told}", kind, event.camera, t_ns, t_ns, text, event.score)
        if kind == "object":
            self._recent.append((self._clock.now_ns(), percept.id, event.camera, event.label))
        return percept

    def _camera(self, name: str) -> _Camera | None:
        if name not in self._cameras and len(self._cameras) >= MAX_CAMERAS:
            return None
        return self._cameras.setdefault(name, _Camera())

    def _at(self, epoch_s: float | None) -> int:
        """Stream time of Frigate's time, where its clock can be believed."""
        now_ns, start = self._clock.now_ns(), self._clock.wall_start
        if epoch_s is None or start is None:
            return now_ns
        t_ns = round((epoch_s - start.timestamp()) * NS)
        return min(t_ns, now_ns) if abs(now_ns - t_ns) <= CLOCKS_DIFFER_NS and t_ns >= 0 else now_ns

    def _snapshot(self, camera: str, label: str, payload: bytes) -> None:
        if not is_name(camera) or not words(label):
            raise MediaError(f"the snapshot's camera or label cannot be called so: {camera[:40]!r}, {label[:40]!r}")
        if len(payload) > MAX_SNAPSHOT_BYTES:
            raise MediaError(f"a snapshot of {len(payload)} bytes is too large; the most is {MAX_SNAPSHOT_BYTES}")
        lane = f"{camera}/{label}"
        if not self._inbox.open(lane, 1, "latest"):
            raise MediaError(f"more than {MAX_CAMERAS * 2} kinds of snapshots; that of {lane} is ignored")
        self._inbox.offer(lane, _Snapshot(camera, label, payload))

    def _scaled(self, payload: bytes) -> bytes:
        """On the decoding thread: checked, decoded and made anew, so that what is passed on is a small picture."""
        return jpeg(decode_jpeg(payload, "the snapshot"), self._width)

    def _shown(self, snapshot: _Snapshot, picture: bytes) -> Shown:
        now_ns, key = self._clock.now_ns(), (snapshot.camera, snapshot.label)
        self._pictures.pop(key, None)
        self._pictures[key] = (now_ns, picture)
        if len(self._pictures) > MAX_CAMERAS:
            self._pictures.popitem(last=False)
        about = tuple(
            percept_id
            for t_ns, percept_id, camera, label in self._recent
            if (camera, label) == key and now_ns - t_ns <= PICTURE_NS
        )
        return Shown(snapshot.camera, about, picture)

    def _picture_of(self, percept_id: str) -> bytes | None:
        for _, known, camera, label in reversed(self._recent):
            if known == percept_id:
                t_ns, picture = self._pictures.get((camera, label), (0, None))
                return picture if picture is not None and self._clock.now_ns() - t_ns <= PICTURE_NS else None
        return None

    def _available(self, payload: bytes) -> None:
        """Frigate comes or goes; with it go all cameras that it watches."""
        if payload not in (b"online", b"offline", b"stopped"):
            raise MediaError(f"'available' must be online, offline or stopped, not {payload[:20]!r}")
        away = payload != b"online"
        now_ns = self._clock.now_ns()
        if away == self._away:
            return
        self._away = away
        self._objects.clear()
        self._on_health(
            Health(f"frigate:{self._prefix}", "failed" if away else "ok", f"Frigate is {payload.decode()}", now_ns)
        )
        told = []
        for name, camera in self._cameras.items():
            camera.told += 1
            camera.counts.clear()
            text = wording.gone(away)
            told.append(Percept(f"{name}/f{camera.told}", "health", name, now_ns, now_ns, text))
        self._told(told)
