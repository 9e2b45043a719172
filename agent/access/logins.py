"""Log-ins: sessions that end with time, log-out or a change of the user; and a brake on guessing."""

from __future__ import annotations

import hashlib
import secrets
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from agent.access.roles import Role, Who
from streams.types import NS

SESSION_S = 12 * 3600.0
MAX_SESSIONS = 1000
MAX_KEYS = 4096
FREE_TRIES = 5
"""So many wrong tries cost nothing; each further one doubles the wait."""
LONGEST_S = 60.0
FORGOTTEN_S = 3600.0
"""Wrong tries are forgotten after so long without one."""


@dataclass(frozen=True, slots=True)
class Session:
    """A log-in."""

    name: str
    role: Role
    stamp: str
    """Of the user when they logged in."""
    until_ns: int
    cameras: tuple[str, ...]


class Logins:
    """The log-ins of a server, by a secret that is kept only as its hash. Bounded; the oldest go first."""

    def __init__(self, now_ns: Callable[[], int]) -> None:
        self._now_ns = now_ns
        self._sessions: OrderedDict[str, Session] = OrderedDict()

    def __len__(self) -> int:
        return len(self._sessions)

    def open(self, who: Who, stamp: str) -> str:
        """A new log-in; returns its secret, for a cookie."""
        secret, until_ns = secrets.token_urlsafe(32), self._now_ns() + round(SESSION_S * NS)
        self._sessions[_key(secret)] = Session(who.name, who.role, stamp, until_ns, who.cameras)
        while len(self._sessions) > MAX_SESSIONS:
            self._sessions.popitem(last=False)
        return secret

    def who(self, secret: str, stamp_of: Callable[[str], str | None]) -> Who | None:
        """Whose log-in that is; None: nobody's, or it has ended."""
        return self.holds(_key(secret), stamp_of)

    def holds(self, key: str, stamp_of: Callable[[str], str | None]) -> Who | None:
        """As `who`, by `Who.session`. `stamp_of` tells the stamp of a user as they are now."""
        session = self._sessions.get(key)
        if session is None:
            return None
        if session.until_ns <= self._now_ns() or stamp_of(session.name) != session.stamp:
            del self._sessions[key]
            return None
        return Who(session.name, session.role, key, session.cameras)

    def close(self, secret: str) -> Who | None:
        """Log out; returns who it was."""
        session = self._sessions.pop(_key(secret), None)
        return None if session is None else Who(session.name, session.role)


class Brake:
    """Slows down whoever guesses: after `free` wrong tries each must wait, twice as long each time."""

    def __init__(self, now_ns: Callable[[], int], free: int = FREE_TRIES) -> None:
        self._now_ns, self._free = now_ns, free
        self._wrong: OrderedDict[str, tuple[int, int]] = OrderedDict()

    def wait_s(self, *keys: str) -> float:
        """Seconds until the next try is looked at; 0: now."""
        return max((self._left_s(key) for key in keys), default=0.0)

    def failed(self, *keys: str) -> None:
        """A wrong try by these: an address, a name."""
        now_ns = self._now_ns()
        for key in keys:
            n, last_ns = self._wrong.pop(key, (0, now_ns))
            n = 0 if now_ns - last_ns > FORGOTTEN_S * NS else n
            self._wrong[key] = (n + 1, now_ns)
        while len(self._wrong) > MAX_KEYS:
            self._wrong.popitem(last=False)

    def succeeded(self, *keys: str) -> None:
        """A right one: earlier mistakes are forgotten."""
        for key in keys:
            self._wrong.pop(key, None)

    def _left_s(self, key: str) -> float:
        n, last_ns = self._wrong.get(key, (0, 0))
        if n < self._free:
            return 0.0
        pause_s = min(LONGEST_S, 2.0 ** min(n - self._free, 10))
        return max(0.0, pause_s - (self._now_ns() - last_ns) / NS)


def _key(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
