"""`POST /api/login` and `POST /api/logout`: a name and a password, or a token, for a cookie that no script can read."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from aiohttp import web

from agent.access.audit import Audit
from agent.access.logins import SESSION_S, Brake
from agent.access.roles import Who
from agent.web.access import COOKIE, Access, refuse

MAX_BODY_BYTES = 64 * 1024
MAX_AT_ONCE = 8
"""Passwords that may wait to be checked: each takes 64 MiB and a core for a moment."""

NAME_TRIES = 50
"""Wrong tries for one name from anywhere before each must wait: guesses from many addresses are slowed too, and
somebody who knows a name cannot shut its owner out by a handful of them."""


class Login:
    """Lets people in. Passwords are checked on a thread of their own, one after the other."""

    def __init__(self, access: Access, now_ns: Callable[[], int]) -> None:
        self.audit: Audit | None = None
        """Where log-ins are written down."""
        self._access = access
        self._addresses, self._names = Brake(now_ns), Brake(now_ns, NAME_TRIES)
        self._thread = ThreadPoolExecutor(1, "heed-login")
        self._waiting = 0

    def close(self) -> None:
        """Let go of the thread."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def login(self, request: web.Request) -> web.Response:
        """`{"name", "password"}` or `{"token"}`; 200 with name and role, 401 for a wrong one, 429 for too many."""
        value = await body_of(request)
        name, token = text_of(value, "name", 64), text_of(value, "token", 1000)
        address = request.remote or ""
        if (wait_s := max(self._addresses.wait_s(address), self._names.wait_s(name))) > 0:
            error = refuse(web.HTTPTooManyRequests, f"too many wrong tries: wait {wait_s:.0f} s")
            error.headers["Retry-After"] = str(max(1, round(wait_s)))
            raise error
        # Counted before it is looked at: many at once are no way around the brake.
        self._addresses.failed(address)
        self._names.failed(name)
        found = self._by_token(token) if token else await self._by_password(name, text_of(value, "password", 1000))
        if found is None:
            self._note(name or "(token)", "log-in refused", request)
            if self._access.users is not None and self._access.users.wrong:
                raise refuse(web.HTTPServiceUnavailable, "the file of users cannot be read: nobody is let in by it")
            raise refuse(web.HTTPUnauthorized, "the name, the password or the token is wrong")
        self._addresses.succeeded(address)
        self._names.succeeded(name)
        who, stamp = found
        self._note(who.name, "logged in", request)
        response = web.json_response({"name": who.name, "role": who.role}, headers={"Cache-Control": "no-store"})
        secure = request.secure or request.headers.get("X-Forwarded-Proto", "").lower() == "https"
        secret = self._access.logins.open(who, stamp)
        response.set_cookie(
            COOKIE, secret, max_age=round(SESSION_S), path="/", httponly=True, samesite="Strict", secure=secure
        )
        return response

    async def logout(self, request: web.Request) -> web.Response:
        """Ends the log-in of the cookie."""
        who = self._access.logins.close(request.cookies.get(COOKIE, ""))
        if who is not None:
            self._note(who.name, "logged out", request)
        response = web.Response(status=204)
        response.del_cookie(COOKIE, path="/")
        return response

    def _by_token(self, token: str) -> tuple[Who, str] | None:
        who = self._access.knows(token)
        stamp = None if who is None else self._access.stamp_of(who.name)
        return None if who is None or stamp is None else (who, stamp)

    async def _by_password(self, name: str, password: str) -> tuple[Who, str] | None:
        users = self._access.users
        if users is None or not name or not password:
            return None
        if self._waiting >= MAX_AT_ONCE:
            raise refuse(web.HTTPServiceUnavailable, "too many log in at once; try again in a moment")
        self._waiting += 1
        try:
            user = await asyncio.get_running_loop().run_in_executor(self._thread, users.check, name, password)
        finally:
            self._waiting -= 1
        return None if user is None else (Who(user.name, user.role, "", user.cameras), user.stamp)

    def _note(self, who: str, what: str, request: web.Request) -> None:
        if self.audit is not None:
            self.audit.note(who, what, "", request.remote or "")


async def body_of(request: web.Request) -> dict[str, Any]:
    """The JSON object of a request. Refuses another type, what is too large, and what is none."""
    if request.content_type != "application/json":
        raise refuse(web.HTTPUnsupportedMediaType, "send JSON as Content-Type: application/json")
    raw = await request.content.read(MAX_BODY_BYTES + 1)
    while len(raw) <= MAX_BODY_BYTES and (more := await request.content.read(MAX_BODY_BYTES + 1 - len(raw))):
        raw += more
    if len(raw) > MAX_BODY_BYTES:
        raise web.HTTPRequestEntityTooLarge(MAX_BODY_BYTES, len(raw))
    try:
        value = json.loads(raw)
    except (ValueError, RecursionError):
        raise refuse(web.HTTPBadRequest, "the body is not JSON") from None
    if not isinstance(value, dict):
        raise refuse(web.HTTPBadRequest, "the body must be a JSON object")
    return value


def text_of(value: dict[str, Any], key: str, most: int) -> str:
    """A text of a JSON object, empty where it is missing. Refuses another type and what is too long."""
    text = value.get(key, "")
    if not isinstance(text, str) or len(text) > most:
        raise refuse(web.HTTPBadRequest, f"{key!r} must be a text of at most {most} characters")
    return text
