"""Addresses of streams and brokers: parsed, allow-listed by scheme, never shown with their secrets."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from urllib.parse import unquote, urlsplit

from streams.errors import SourceError

MAX_URL_CHARS = 2048
STREAM_PORTS = MappingProxyType({"rtsp": 554, "rtsps": 322, "http": 80, "https": 443})
"""Schemes of cameras and streams, with their default ports."""

_USER_INFO = re.compile(r"(?<=://)[^/?#\s@]*(?:@[^/?#\s@]*)*@")
_QUERY = re.compile(r"(\w+://[^\s?#]*)\?[^\s#]*")


@dataclass(frozen=True, slots=True)
class StreamUrl:
    """An address that was checked. `full` holds the secrets and goes to the library that connects, nowhere else."""

    scheme: str
    host: str
    port: int
    path: str
    shown: str
    """For messages: without user, password and query."""
    full: str = field(repr=False)
    user: str | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)


def parse_url(url: str, ports: Mapping[str, int]) -> StreamUrl:
    """Check an address against the schemes that are allowed.

    Args:
        url: as somebody typed it.
        ports: the allowed schemes, each with its default port.

    Raises:
        SourceError: one line that says what is wrong, without the address's secrets.
    """
    shown = redact(url)[:200]
    allowed = ", ".join(f"{scheme}://" for scheme in ports)
    if len(url) > MAX_URL_CHARS or any(c.isspace() or not c.isprintable() for c in url):
        raise SourceError(f"the address {shown!r} is too long or has spaces or control characters in it")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise SourceError(f"the address {shown!r} is malformed; write it as scheme://host:port/path") from None
    if parts.scheme.lower() not in ports:
        raise SourceError(f"the address {shown!r} does not start with one of {allowed}")
    if not parts.hostname:
        raise SourceError(f"the address {shown!r} names no host; write it as scheme://host:port/path")
    try:
        parts.hostname.encode("idna")  # what every connection does first
    except UnicodeError:
        raise SourceError(f"the host in {shown!r} is malformed; 1 to 63 characters go between its dots") from None
    user = unquote(parts.username) if parts.username is not None else None
    password = unquote(parts.password) if parts.password is not None else None
    scheme = parts.scheme.lower()
    return StreamUrl(scheme, parts.hostname, port or ports[scheme], parts.path, shown, url, user, password)


def redact(text: str) -> str:
    """`text` with user names, passwords and queries of any address in it taken out."""
    return _QUERY.sub(r"\1?...", _USER_INFO.sub("", text))
