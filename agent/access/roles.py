"""The three roles, and what each may do: by route for HTTP, by kind for commands. What is named nowhere needs the
highest."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from dialog.events import Ask, Command, Interrupt, Mute, Remarks, Tell

Role = Literal["view", "operate", "administer"]
"""`view` looks, searches and asks; `operate` also acknowledges, calls and publishes; `administer` also changes rules,
exports, deletes and reads the audit log. Each may do what those before it may."""

ROLES: tuple[Role, ...] = ("view", "operate", "administer")

OPEN = frozenset(
    {("GET", "/"), ("GET", "/healthz"), ("GET", "/desk"), ("GET", "/static"), ("POST", "/api/login"),
     ("POST", "/api/logout")}
)  # fmt: skip
"""Need nobody: the pages are the same for all, a watchdog has no token, and who logs in is not yet known."""

_NEEDED = MappingProxyType(
    {
        ("POST", "/whep/{name}"): "view",
        ("PATCH", "/whep/{name}/{session}"): "view",
        ("DELETE", "/whep/{name}/{session}"): "view",
        ("POST", "/whip/{name}"): "operate",
        ("PATCH", "/whip/{name}/{session}"): "operate",
        ("DELETE", "/whip/{name}/{session}"): "operate",
        ("POST", "/api/call"): "operate",
        ("DELETE", "/api/call/{session}"): "operate",
        ("POST", "/api/desk/incidents/{id}/{act}"): "operate",
        ("GET", "/api/desk/audit"): "administer",
        ("GET", "/api/desk/export"): "administer",
    }
)
OF_SOME_CAMERAS = frozenset(
    {("GET", f"/api/desk/{path}") for path in (
        "me", "cameras", "still/{source}", "incidents", "incidents/{id}", "incidents/{id}/picture", "timeline",
        "search", "evidence", "picture/{id}")}
    | {("POST", "/api/desk/incidents/{id}/{act}"), ("GET", "/api/ice"), ("POST", "/whep/{name}"),
       ("DELETE", "/whep/{name}/{session}"), ("PATCH", "/whep/{name}/{session}")}
)  # fmt: skip
"""What is open to somebody who may see some cameras alone: each of these looks at whose it is. All else is closed."""

_OPERATED = frozenset({"not_useful", "useful", "suspend"})
_VIEWED = frozenset({"list"})


@dataclass(frozen=True, slots=True)
class Who:
    """Somebody who was let in."""

    name: str
    role: Role
    session: str = ""
    """Key of the log-in; empty for a token, and for this machine's own user."""
    cameras: tuple[str, ...] = ()
    """What they see; empty: all."""

    def sees(self, camera: str) -> bool:
        """Whether a camera is for their eyes."""
        return not self.cameras or camera in self.cameras

    def may(self, role: Role) -> bool:
        """Whether what needs `role` is allowed."""
        return ROLES.index(self.role) >= ROLES.index(role)


LOCAL = Who("local", "administer")
"""Whoever is on this machine, where there are neither users nor a token."""


def needed(method: str, pattern: str | None) -> Role | None:
    """The role that a request needs; None: it is open to all.

    Args:
        method: of the request.
        pattern: the route that it was matched to, as it was declared, never the path as it was sent; None: no route.
    """
    method = "GET" if method == "HEAD" else method
    if pattern is not None and (method, pattern) in OPEN:
        return None
    if pattern is not None and (method, pattern) in _NEEDED:
        return _NEEDED[method, pattern]  # type: ignore[return-value]
    return "view" if method in ("GET", "OPTIONS") or pattern is None else "administer"


def of_some_cameras(method: str, pattern: str | None) -> bool:
    """Whether a route, as for `needed`, is for those who see some cameras alone."""
    return ("GET" if method == "HEAD" else method, pattern) in OF_SOME_CAMERAS


def needed_by(command: Command) -> Role:
    """The role that a command over a socket or a call needs."""
    match command:
        case Ask():
            return "view"
        case Interrupt() | Mute() | Remarks():
            return "operate"
        case Tell():
            if command.plugin == "alerts" and command.command in _VIEWED | _OPERATED:
                return "view" if command.command in _VIEWED else "operate"
            return "administer"
