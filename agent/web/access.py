"""Who may talk to the server: loopback by default, a bearer token beyond, and no web page that was not ours."""

from __future__ import annotations

import hmac
import ipaddress
import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import urlsplit

from aiohttp import web

from streams.errors import HeedError

LOOPBACK_HOSTS = ("localhost", "127.0.0.1", "[::1]")
MIN_TOKEN_CHARS = 8
MAX_PERSON_CHARS = 40
NAME = re.compile(r"[A-Za-z0-9_.-]{1,64}")
OPEN_PATHS = ("/", "/healthz")
"""Need no token: the page is the same for all, and a watchdog has none."""


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


def check_options(options: WebOptions) -> None:
    """Refuse what would expose the agent.

    Raises:
        ServerError: one clear line saying what to change.
    """
    if not is_loopback(options.host) and not options.token:
        raise ServerError(
            f"listening on {options.host} lets others in: set a token ([web] token), or listen on 127.0.0.1"
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

    def __init__(self, options: WebOptions) -> None:
        self.demands_token = options.token is not None
        self._token = (options.token or "").encode()
        bound = f"[{options.host}]" if ":" in options.host else options.host
        self._hosts = {h.lower() for h in (*LOOPBACK_HOSTS, bound, *options.allowed_hosts)}
        # Beyond loopback a token proves who asks, and names may be many; on loopback a page from elsewhere whose
        # name was bent to 127.0.0.1 (DNS rebinding) would be trusted for its address alone.
        self._check_host = is_loopback(options.host) or bool(options.allowed_hosts)

    def check_origin(self, request: web.Request) -> None:
        """Refuse another name for this machine, and pages of other sites."""
        host = _without_port(request.host)
        if self._check_host and host not in self._hosts:
            raise refuse(web.HTTPForbidden, f"this server is not called {host!r}; open http://localhost instead")
        origin = request.headers.get("Origin")
        if origin is not None and urlsplit(origin).netloc.lower() != request.host.lower():
            raise refuse(web.HTTPForbidden, "a page of another site may not talk to heed")

    def check_token(self, request: web.Request) -> None:
        """Refuse a request without the token in `Authorization: Bearer`."""
        if self.demands_token and not self.knows(_bearer(request)):
            error = refuse(web.HTTPUnauthorized, "a bearer token is needed: send 'Authorization: Bearer <token>'")
            error.headers["WWW-Authenticate"] = 'Bearer realm="heed"'
            raise error

    def knows(self, token: str) -> bool:
        """Whether it is the token; takes equally long for every wrong one."""
        return not self.demands_token or hmac.compare_digest(token.encode("utf-8", "replace"), self._token)

    def knows_socket(self, request: web.Request) -> bool:
        """Whether a WebSocket's request carries the token, as header or (browsers cannot set headers) as `?token=`."""
        return self.knows(_bearer(request) or request.query.get("token", ""))


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
