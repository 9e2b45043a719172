"""What is wrong with what others send, said as health: once, not for every message."""

from __future__ import annotations

import logging
from collections.abc import Callable

from streams.clock import Clock
from streams.types import NS, Health

COMPLAINT_EVERY_NS = 10 * NS
"""A flood of bad messages is reported once in this time, for each thing that is wrong."""
MAX_ILL = 256
"""Things that may be wrong at once."""

_LOG = logging.getLogger("heed.mqtt")


class Complaints:
    """Remembers what was reported, and when."""

    def __init__(self, clock: Clock, on_health: Callable[[Health], None]) -> None:
        self._clock, self._on_health = clock, on_health
        self._ill: dict[str, int] = {}

    def bad(self, about: str, line: str, error: BaseException | None = None) -> None:
        """A bad message: one line, unless `about` was only just reported; the log shows where `error` came from."""
        now_ns = self._clock.now_ns()
        last = self._ill.pop(about, None)
        if last is not None and now_ns - last < COMPLAINT_EVERY_NS:
            self._ill[about] = last
            return
        self._ill[about] = now_ns
        if len(self._ill) > MAX_ILL:
            self._ill.pop(next(iter(self._ill)))
        _LOG.warning("%s: %s", about, line, exc_info=error)
        self._on_health(Health(about, "degraded", line, now_ns))

    def slip(self, about: str, what: str, error: Exception) -> None:
        """Reading `what` failed in a way that nobody thought of: it costs that message alone."""
        self.bad(about, f"{what} is ignored: reading it failed ({type(error).__name__})", error)

    def good(self, about: str) -> None:
        """A good message: what was wrong before is over, unless it was only just reported."""
        now_ns = self._clock.now_ns()
        if about in self._ill and now_ns - self._ill[about] >= COMPLAINT_EVERY_NS:
            del self._ill[about]
            self._on_health(Health(about, "ok", "messages are fine again", now_ns))
