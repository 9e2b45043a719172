"""STUN and TURN servers: how two sides find a way to each other through routers."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

URL = re.compile(r"(stun|turns?):([A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(:\d{1,5})?(\?transport=(udp|tcp))?")
"""RFC 7064 and RFC 7065. The other way round, `stuns:` is known to browsers alone."""


@dataclass(frozen=True, slots=True)
class IceServer:
    """One server, under one or several URLs. Of all that are given heed itself uses the first STUN and the first TURN
    URL; a browser uses all."""

    urls: tuple[str, ...]
    username: str = ""
    """For TURN."""
    credential: str = field(default="", repr=False)
    """The password, for TURN. Never shown."""

    def wrong(self) -> str:
        """What is wrong, in words that tell no secret; empty if nothing is."""
        if not self.urls:
            return "has no URL"
        if not all(URL.fullmatch(url) for url in self.urls):
            return "must be like stun:host:3478, turn:host:3478 or turns:host:5349?transport=tcp"
        if any(url.startswith("turn") for url in self.urls) and not (self.username and self.credential):
            return "needs 'username' and 'credential' for TURN, as {urls = [...], username = ..., credential = ...}"
        return ""

    def to_dict(self) -> dict[str, object]:
        """As browsers take it (`RTCIceServer` of the W3C)."""
        secret = {"username": self.username, "credential": self.credential} if self.username else {}
        return {"urls": list(self.urls), **secret}
