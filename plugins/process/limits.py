"""What a plugin may use, and the small gauges that tell whether it does."""

from __future__ import annotations

import os
from collections import deque
from dataclasses import dataclass

from streams.types import NS, ns


@dataclass(frozen=True, slots=True)
class Limits:
    """Of one plugin's process. Whoever goes beyond is ended and begun again, three times in five minutes at most."""

    memory_bytes: int = 1024**3
    """Resident memory. Data may grow by twice as much, which stops what grows faster than heed looks."""
    emits_hz: float = 50.0
    """Events and commands a second, in the long run."""
    emits_burst: int = 200
    """Events and commands at once."""
    services_hz: float = 50.0
    """Calls of services a second, in the long run."""
    services_burst: int = 400
    hang_s: float = 10.0
    """A process that answers nothing for so long hangs: a handler keeps its event loop."""
    handler_s: float = 120.0
    """A handler, waiting for services included."""
    setup_s: float = 60.0
    """From start to set up, models loaded."""
    call_s: float = 10.0
    """A command, tool or page."""
    service_s: float = 60.0
    """A call of a service."""
    stop_s: float = 5.0
    """Last words."""
    pauses_s: tuple[float, ...] = (1.0, 5.0)
    """Before it is begun again, after the first failure and the next ones."""
    failures: int = 3
    within_s: float = 300.0
    """So many failures within so long: quarantine."""
    beat_s: float = 1.0
    """How often heed asks whether it lives, and looks at its memory."""
    queue: int = 1024
    """Events that may wait; then the oldest are dropped."""
    window: int = 32
    """Events on their way to the process or in its handlers."""


class Bucket:
    """Counts what comes against a rate with a burst (token bucket)."""

    def __init__(self, rate_hz: float, burst: int) -> None:
        self._rate_hz, self._burst = rate_hz, burst
        self._left: float = burst
        self._t_ns: int | None = None

    def take(self, t_ns: int) -> bool:
        """One more at stream time `t_ns`; False: too many."""
        passed_s = 0.0 if self._t_ns is None else max(0, t_ns - self._t_ns) / NS
        self._t_ns = t_ns
        self._left = min(self._burst, self._left + passed_s * self._rate_hz) - 1
        return self._left >= 0


class Failures:
    """Those of the last minutes."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._times_ns: deque[int] = deque(maxlen=limits.failures)

    def add(self, t_ns: int) -> float | None:
        """One more at stream time `t_ns`: seconds to wait before it is begun again; None: not again."""
        limits = self._limits
        self._times_ns.append(t_ns)
        recent = [t for t in self._times_ns if t >= t_ns - ns(limits.within_s)]
        if len(recent) >= limits.failures:
            return None
        return limits.pauses_s[min(len(recent), len(limits.pauses_s)) - 1]


def resident_bytes(pid: int) -> int | None:
    """Resident memory of a process; None where the system does not tell (not Linux) or the process has ended."""
    try:
        with open(f"/proc/{pid}/statm") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError, ValueError):
        return None
