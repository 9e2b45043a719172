"""Who may talk to the server: loopback by default, a bearer token beyond, and no web page that was not ours."""

from __future__ import annotations

import hmac
import ipaddress
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from aiohttp import web

from agent.access.logins import Logins
from agent.access.roles import LOCAL, Who, needed, of_some_cameras
from agent.access.users import UserBook
from streams.errors import HeedError

LOOPBACK_HOSTS = ("localhost", "127.0.0.1", "[::1]")
MIN_TOKEN_CHARS = 8
MAX_PERSON_CHARS = 40
NAME = re.compile(r"[A-Za-z0-9_.-]{1,64}")
COOKIE = "heed_session"
WHO: web.RequestKey[Who] = web.RequestKey("who", Who)
"""Where a request keeps who sent it."""


class ServerError(HeedError):
    """The server cannot start as configured."""

    code = "server"


@dataclass(frozen=True, slots=True)
class WebOptions:
    """Where the server listens and whom it lets in."""

    host: str = "127.0.0.1"
    port: int = 8770
    """0 takes a free one (`WebServer.port` tells)."""
    token: str | None = None
    """Bearer token, at least 8 characters; demanded where `host` is not loopback."""
    allowed_hosts: tuple[str, ...] = ()
    """Further names under which browsers reach this server, as `camera-pc.lan`, without port."""
    max_peers: int = 8
    max_members: int = 8
    """People in one call."""
    max_watchers: int = 8
    """Who watch and only watch, at once."""
    max_listeners: int = 64
    """WebSockets at once."""
    users: Path | None = None
    """File of the users; None: there are none."""


def check_options(options: WebOptions) -> None:
    """Refuse what would expose the agent.

    Raises:
        ServerError: one clear line saying what to change.
    """
    known = options.users is not None and UserBook(options.users).demands
    if not is_loopback(options.host) and not options.token and not known:
        raise ServerError(
            f"listening on {options.host} lets others in: set a token ([web] token), add users (heed users add), or "
            "listen on 127.0.0.1"
        )
    if options.token is not None and len(options.token) < MIN_TOKEN_CHARS:
        raise ServerError(f"the token is too short: use at least {MIN_TOKEN_CHARS} characters, or none on loopback")
    if not 0 <= options.port <= 65535:
        raise ServerError(f"port {options.port} does not exist: use 1 to 65535")


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach `host`."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


class Access:
    """Checks requests. Each check raises an `aiohttp.web.HTTPException` with one line."""

    def __init__(self, options: WebOptions, now_ns: Callable[[], int] = lambda: 0) -> None:
        """`now_ns`: time, by which log-ins end."""
        self.users = None if options.users is None else UserBook(options.users)
        self.logins = Logins(now_ns)
        self._token = (options.token or "").encode()
        bound = f"[{options.host}]" if ":" in options.host else options.host
        self._hosts = {h.lower() for h in (*LOOPBACK_HOSTS, bound, *options.allowed_hosts)}
        # Beyond loopback a token proves who asks, and names may be many; on loopback a page from elsewhere whose
        # name was bent to 127.0.0.1 (DNS rebinding) would be trusted for its address alone.
        self._check_host = is_loopback(options.host) or bool(options.allowed_hosts)

    @property
    def demands_token(self) -> bool:
        """Whether nobody is let in without saying who they are."""
        return bool(self._token) or (self.users is not None and self.users.demands)

    def check_origin(self, request: web.Request) -> None:
        """Refuse another name for this machine, and pages of other sites."""
        host = _without_port(request.host)
        if self._check_host and host not in self._hosts:
            raise refuse(web.HTTPForbidden, f"this server is not called {host!r}; open http://localhost instead")
        origin = request.headers.get("Origin")
        if origin is not None and urlsplit(origin).netloc.lower() != request.host.lower():
            raise refuse(web.HTTPForbidden, "a page of another site may not talk to heed")

    def admit(self, request: web.Request) -> None:
        """Refuse whoever may not do what the request asks for; else the request knows who sent it (`who_of`).

        The role is that of the route which the request was matched to, so no way of writing a path gets around it.
        """
        resource = request.match_info.route.resource
        role = needed(request.method, None if resource is None else resource.canonical)
        if role is None:
            return
        who = self.check_token(request)
        if not who.may(role):
            raise refuse(web.HTTPForbidden, f"{who.name} may {who.role}; this needs the role to {role}")
        if who.cameras and not of_some_cameras(request.method, None if resource is None else resource.canonical):
            raise refuse(web.HTTPForbidden, f"{who.name} sees some cameras alone; this tells of all")
        request[WHO] = who

    def check_token(self, request: web.Request) -> Who:
        """Who sent the request, by `Authorization: Bearer` or the cookie of a log-in; refuse one without either."""
        who = self.who(request)
        if who is not None:
            return who
        if self.users is not None and self.users.wrong:
            raise refuse(web.HTTPServiceUnavailable, "the file of users cannot be read: nobody is let in by it")
        line = "a bearer token is needed: send 'Authorization: Bearer <token>', or log in at /desk"
        error = refuse(web.HTTPUnauthorized, line)
        error.headers["WWW-Authenticate"] = 'Bearer realm="heed"'
        raise error

    def who(self, request: web.Request) -> Who | None:
        """Who sent the request; None: it does not say. A header goes before a cookie, and a wrong one is not mended
        by it."""
        if "Authorization" in request.headers:
            return self.knows(_bearer(request))
        if secret := request.cookies.get(COOKIE, ""):
            return self.logins.who(secret, self.stamp_of) or self.knows("")
        return self.knows("")

    def knows(self, token: str) -> Who | None:
        """Whose token it is; takes equally long for every wrong one."""
        if not self.demands_token:
            return LOCAL
        if self._token and hmac.compare_digest(token.encode("utf-8", "replace"), self._token):
            return Who("token", "administer")
        user = self.users.by_token(token) if self.users is not None and token else None
        return None if user is None else Who(user.name, user.role, "", user.cameras)

    def knows_socket(self, request: web.Request) -> Who | None:
        """Who opens a WebSocket: as `who`, or (browsers cannot set headers) by `?token=`."""
        return self.who(request) or self.knows(request.query.get("token", ""))

    def still(self, who: Who) -> bool:
        """Whether somebody who was let in earlier still would be: their log-in may have ended, their role changed."""
        if who.session:
            return self.logins.holds(who.session, self.stamp_of) == who
        if who.name == "token":
            return True
        if who == LOCAL:
            return not self.demands_token
        user = self.users.get(who.name) if self.users is not None else None
        return user is not None and bool(user.token) and (user.role, user.cameras) == (who.role, who.cameras)

    def stamp_of(self, name: str) -> str | None:
        """What a log-in of that name must have been made with to be good still."""
        if name == "token":
            return "token" if self._token else None
        user = self.users.get(name) if self.users is not None else None
        return None if user is None else user.stamp


def who_of(request: web.Request) -> Who:
    """Who sent a request that was admitted."""
    return request[WHO]


def refuse(kind: type[web.HTTPError], line: str) -> web.HTTPError:
    """The error with one line as its body."""
    return kind(text=line + "\n", reason=None)


def check_name(name: str) -> str:
    """A name from outside, if it is one: letters, digits, `_`, `.` and `-`, at most 64."""
    if not NAME.fullmatch(name):
        raise refuse(web.HTTPBadRequest, "a name has 1 to 64 letters, digits, '_', '.' or '-'")
    return name


def person_name(given: str) -> str:
    """What somebody wants to be called, as others may read it: letters of any script, digits, spaces, `_ . ' -`.

    At most 40 characters; control characters, quotes and whatever else could pass for more than a name are left out.
    """
    plain = unicodedata.normalize("NFC", given[:400])
    kept = "".join(c if unicodedata.category(c)[0] in "LMN" or c in "_.'-" else " " for c in plain)
    return " ".join(kept.split())[:MAX_PERSON_CHARS].strip()


def _bearer(request: web.Request) -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def _without_port(host: str) -> str:
    host = host.lower()
    if host.startswith("["):
        return host.partition("]")[0] + "]"
    return host.rpartition(":")[0] if ":" in host else host
