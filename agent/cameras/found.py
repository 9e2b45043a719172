"""What a go2rtc or a Frigate says of its cameras, as sources. Whatever it says is untrusted: names, numbers and
polygons are taken from it and nothing else; the host is the one that was asked.

Formats: go2rtc answers `GET /api/streams` with `{name: {"producers": [{"url": ...}], "consumers": [...]}}` and hands
each stream out as `rtsp://HOST:8554/name`; Frigate answers `GET /api/config` with its configuration, which has
`cameras` and, of the go2rtc in it, `go2rtc.streams` (their documentation, go2rtc 1.9, Frigate 0.13 to 0.18).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import quote, unquote, urlsplit

from agent.cameras.config import MAX_FPS, MAX_NAME_CHARS, MAX_SHAPES, SourceConfig, wrong_name, wrong_source
from streams import area
from streams.area import Polygon, Zone

MAX_FOUND = 256
MAX_ABOUT_CHARS = 100
MAX_COORDINATES_CHARS = 4096
NOT_HANDED_OUT = "this host does not hand it out (its go2rtc has no such stream)"
PIXELS = 2.0
"""A coordinate beyond is one of pixels; a little over 1 is a shape drawn over the edge."""
HERE = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True, slots=True)
class Host:
    """Who was asked, and where it hands out streams."""

    name: str
    """As the user typed it: a name or an address."""
    rtsp_port: int = 8554

    def url(self, stream: str) -> str:
        """Where one of its streams is."""
        return f"{self._base}{quote(stream, safe='', errors='replace')}"

    def moved(self, url: str) -> str:
        """The same stream, under this name of the host."""
        return f"{self._base}{url.rpartition('/')[2]}"

    @property
    def _base(self) -> str:
        return f"rtsp://{f'[{self.name}]' if ':' in self.name else self.name}:{self.rtsp_port}/"


@dataclass(frozen=True, slots=True)
class Found:
    """A camera that can be watched."""

    source: SourceConfig
    about: str
    """For people, in one line; no secret of an address is in it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What there is at a host."""

    kind: Literal["go2rtc", "Frigate"]
    found: tuple[Found, ...]
    left_out: tuple[tuple[str, str], ...] = ()
    """Names of cameras, or parts of them, that are not taken over, and why."""


def is_go2rtc(told: Mapping[str, Any]) -> bool:
    """Whether an answer is a list of streams. A stream that is busy is told as null."""
    return all(stream is None or (isinstance(stream, dict) and "producers" in stream) for stream in told.values())


def from_go2rtc(told: Mapping[str, Any], host: Host) -> Answer:
    """The streams of a go2rtc."""
    found, left_out = [], []
    for name, stream in list(told.items())[:MAX_FOUND]:
        source = SourceConfig(_named(name), host.url(name))
        if wrong := wrong_name(source.name) or wrong_source(source):
            left_out.append((_short(name), wrong))
            continue
        found.append(Found(source, _producer(stream)))
    if len(told) > MAX_FOUND:
        left_out.append(("more", f"only {MAX_FOUND} of {len(told)} streams are looked at"))
    return Answer("go2rtc", tuple(found), tuple(left_out))


def _producer(stream: Any) -> str:
    producers = stream.get("producers") if isinstance(stream, dict) else None
    for one in producers if isinstance(producers, list) else []:
        if isinstance(one, dict) and isinstance(one.get("url"), str):
            return f"from {_origin(one['url'])}"
    return ""


def _origin(url: str) -> str:
    """Where a stream comes from, for people: the scheme and the host. The rest may hold secrets."""
    try:
        parts = urlsplit(url)
        where = f"{parts.scheme}://{parts.hostname}" if parts.hostname else parts.scheme
    except ValueError:
        where = ""
    return _short(where) or "elsewhere"


def from_frigate(told: Mapping[str, Any], host: Host) -> Answer:
    """The cameras of a Frigate that its own go2rtc hands out, with their zones and motion masks."""
    streams = frozenset(_table(_table(told, "go2rtc"), "streams"))
    cameras = _table(told, "cameras")
    found: list[Found] = []
    left_out: list[tuple[str, str]] = []
    for name, camera in list(cameras.items())[:MAX_FOUND]:
        if not isinstance(camera, dict) or camera.get("enabled") is False:
            left_out.append((_short(name), "it is switched off in Frigate"))
            continue
        stream = _stream_of(name, camera, streams, host)
        if not stream:
            left_out.append((_short(name), _elsewhere(camera)))
            continue
        detect = _table(camera, "detect")
        width, height = _number(detect.get("width"), 1, 1e5), _number(detect.get("height"), 1, 1e5)
        shapes = _Shapes(width, height)
        zones = tuple(shapes.zones(_table(camera, "zones")))
        masks = tuple(shapes.masks(_table(camera, "motion").get("mask")))
        fps = _number(detect.get("fps"), 0.1, MAX_FPS)
        source = SourceConfig(_named(name), host.url(stream), max_fps=fps, zones=zones, masks=masks)
        if wrong := wrong_name(source.name) or wrong_source(source):
            left_out.append((_short(name), wrong))
            continue
        left_out += [(_short(f"{name}, {what}"), why) for what, why in shapes.wrong]
        size = f"{width:g}x{height:g}" if width and height else ""
        told_zones = f"zones: {', '.join(zone.name for zone in zones)}" if zones else ""
        told_masks = f"masks: {len(masks)}" if masks else ""
        told_of = [size, f"{fps:g} a second" if fps else "", told_zones, told_masks]
        found.append(Found(source, _short(", ".join(part for part in told_of if part))))
    if len(cameras) > MAX_FOUND:
        left_out.append(("more", f"only {MAX_FOUND} of {len(cameras)} cameras are looked at"))
    return Answer("Frigate", tuple(found), tuple(left_out))


def _stream_of(name: str, camera: Mapping[str, Any], streams: frozenset[str], host: Host) -> str:
    """The stream of Frigate's go2rtc that shows a camera: the one it detects on, else the one of its name, else the
    first of its live view; empty where there is none."""
    for one in _inputs(camera):
        try:
            url = urlsplit(one["path"])
        except ValueError:
            continue
        stream = unquote(url.path.lstrip("/"))
        if "detect" in one["roles"] and url.hostname in {*HERE, host.name} and stream in streams:
            return stream
    live = _table(_table(camera, "live"), "streams").values()
    return next((one for one in (name, *live) if isinstance(one, str) and one in streams), "")


def _elsewhere(camera: Mapping[str, Any]) -> str:
    for one in _inputs(camera):
        if "detect" in one["roles"]:
            return f"{NOT_HANDED_OUT}; Frigate takes it from {_origin(one['path'])}"
    return NOT_HANDED_OUT


def _inputs(camera: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    inputs = _table(camera, "ffmpeg").get("inputs")
    for one in inputs if isinstance(inputs, list) else []:
        if isinstance(one, dict) and isinstance(one.get("path"), str) and isinstance(one.get("roles"), list):
            yield one


class _Shapes:
    """Zones and masks of one camera, and what is wrong with others."""

    def __init__(self, width: float, height: float) -> None:
        self._size = (width, height)
        self.wrong: list[tuple[str, str]] = []

    def zones(self, told: Mapping[str, Any]) -> Iterator[Zone]:
        self._count("zones", len(told))
        for name, zone in list(told.items())[:MAX_SHAPES]:
            points = self._polygon(f"zone {name}", zone.get("coordinates") if isinstance(zone, dict) else None)
            named = name.strip() and len(name) <= MAX_NAME_CHARS and name.isprintable()
            if points and named:
                yield Zone(name, points)
            elif points:
                self.wrong.append((f"zone {name}", f"its name must have 1 to {MAX_NAME_CHARS} characters"))

    def masks(self, told: Any) -> Iterator[Polygon]:
        """Of a motion mask: one polygon, several, or (from 0.18 on) named ones."""
        if isinstance(told, dict):
            every = [one.get("coordinates") for one in told.values() if isinstance(one, dict) and one.get("enabled", 1)]
        else:
            every = told if isinstance(told, list) else [told] if told else []
            if every and all(isinstance(one, str) and one.count(",") == 1 for one in every):
                every = [every]  # one polygon, as a list of its points
        self._count("masks", len(every))
        for n, one in enumerate(every[:MAX_SHAPES], 1):
            if points := self._polygon(f"mask {n}", one):
                yield points

    def _count(self, what: str, number: int) -> None:
        if number > MAX_SHAPES:
            self.wrong.append((what, f"only {MAX_SHAPES} of {number} are taken over"))

    def _polygon(self, what: str, told: Any) -> Polygon | None:
        text = ",".join(map(str, told)) if isinstance(told, list) else told
        if not isinstance(text, str) or len(text) > MAX_COORDINATES_CHARS:
            self.wrong.append((what, "it has no coordinates"))
            return None
        try:
            values = [float(part) for part in text.split(",")]
        except ValueError:
            values = [math.nan]
        if not all(map(math.isfinite, values)) or len(values) % 2:
            self.wrong.append((what, "its coordinates are no pairs of numbers"))
            return None
        pairs = list(zip(values[::2], values[1::2], strict=True))
        if max(values) > PIXELS:  # as before Frigate 0.14
            width, height = self._size
            if not width or not height:
                self.wrong.append((what, "it is in pixels of a picture whose size is not told"))
                return None
            pairs = [(x / width, y / height) for x, y in pairs]
        polygon = tuple((round(min(1.0, max(0.0, x)), 4), round(min(1.0, max(0.0, y)), 4)) for x, y in pairs)
        if wrong := area.wrong(polygon):
            self.wrong.append((what, f"it {wrong}"))
            return None
        return polygon


def _table(told: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = told.get(key)
    return value if isinstance(value, dict) else {}


def _number(value: Any, least: float, most: float) -> float:
    """A number within bounds; 0 for anything else."""
    return float(value) if isinstance(value, int | float) and least <= value <= most else 0.0


def _named(name: str) -> str:
    """A name for a source: what is odd in it becomes `-`."""
    return "".join(c if c.isalnum() or c in "_-." else "-" for c in name)


def _short(text: str) -> str:
    shown = "".join(c if c.isprintable() else " " for c in text)
    return shown if len(shown) <= MAX_ABOUT_CHARS else f"{shown[:MAX_ABOUT_CHARS]}..."
