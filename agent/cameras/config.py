"""What the configuration says of cameras: `[cameras]` for all, `[[sources]]` for each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import ip_network

from streams import area, hours
from streams.area import Polygon, Zone
from streams.errors import SourceError
from streams.sources.hardware import wrong_device
from streams.sources.urls import STREAM_PORTS, parse_url

MAX_FPS = 60.0
MAX_SHAPES = 32
"""Masks, and zones, of one camera."""
MAX_NAME_CHARS = 64

_LANGUAGE = re.compile(r"[a-z]{2,3}")


@dataclass(frozen=True, slots=True)
class CamerasConfig:
    cores: float = 0.0
    """Processor cores that cameras may take; one too many is refused. 0: all."""
    hardware_decoding: str = "auto"
    """What decodes cameras' pictures: a device such as `cuda` or `vaapi:/dev/dri/renderD128`, `auto`, or `no`."""
    networks: tuple[str, ...] = ()
    """Networks whose cameras may be added and removed by command while heed runs; none by default."""


@dataclass(frozen=True, slots=True)
class SourceConfig:
    name: str
    """Name of the source: letters, digits, `_`, `-` and `.`."""
    url: str
    """`rtsp://`, `rtsps://`, `http://`, `https://`, or the path of a file."""
    user: bool = False
    """Its sound is a user who talks to the agent."""
    max_fps: float = 0.0
    """Pictures looked at each second, at most; 0: as `vision.max_fps` says. Where key frames come as often, they alone
    are decoded."""
    sound: bool = True
    """Listen to it as well."""
    language: str = ""
    """What is spoken there, such as `es`; empty: the speech engine finds out, where it can."""
    hours: tuple[str, ...] = ()
    """When it is watched, such as `mon-fri 18:00-07:00`; empty: always."""
    masks: tuple[Polygon, ...] = ()
    """Parts of the picture that nobody sees: polygons of points `[x, y]`, 0 to 1 from the top left."""
    zones: tuple[Zone, ...] = ()
    """Parts of the picture that have a name, told with what happens in them."""
    only_zones: bool = False
    """What happens outside of all zones is not told."""
    hardware_decoding: str = ""
    """What decodes its pictures; empty: as `[cameras]` says."""
    fixed: bool = True
    """It is fixed: say when its picture is blurred, or shows another view than usual."""

    def __repr__(self) -> str:
        """Without the address, which may hold a password."""
        return f"SourceConfig(name={self.name!r})"


def wrong_name(name: str) -> str:
    """What is wrong with the name of a source; empty when nothing is."""
    if not name or len(name) > MAX_NAME_CHARS or not all(c.isalnum() or c in "_-." for c in name):
        return f"a name that is empty, too long or has odd characters: {name[:MAX_NAME_CHARS]!r}"
    return ""


def wrong_source(source: SourceConfig) -> str:
    """What is wrong with a source's own keys, beginning with the key; empty when nothing is."""
    if "://" in source.url:
        try:
            parse_url(source.url, STREAM_PORTS)
        except SourceError as error:
            return f"url': {error}"
    if source.hardware_decoding and (wrong := wrong_device(source.hardware_decoding)):
        return f"hardware_decoding' {wrong}"
    if source.max_fps and not 0.01 <= source.max_fps <= MAX_FPS:
        return f"max_fps' must be 0, or between 0.01 and {MAX_FPS:g}"
    if source.language and not _LANGUAGE.fullmatch(source.language):
        return "language' must be a code such as 'es'"
    for text in source.hours:
        try:
            hours.parse(text)
        except ValueError as error:
            return f"hours': {error}"
    if len(source.masks) > MAX_SHAPES or len(source.zones) > MAX_SHAPES:
        return f"masks' and 'zones' have at most {MAX_SHAPES} entries"
    for n, mask in enumerate(source.masks):
        if wrong := area.wrong(mask):
            return f"masks[{n}]' {wrong}"
    for n, zone in enumerate(source.zones):
        if wrong := area.wrong(zone.points):
            return f"zones[{n}].points' {wrong}"
        if not zone.name.strip() or len(zone.name) > MAX_NAME_CHARS or not zone.name.isprintable():
            return f"zones[{n}].name' must be a name of at most {MAX_NAME_CHARS} characters"
    if source.only_zones and not source.zones:
        return "only_zones' needs zones"
    return ""


def wrong_network(text: str) -> bool:
    """Whether it is no network such as `192.168.1.0/24`."""
    try:
        ip_network(text)
    except ValueError:
        return True
    return False
