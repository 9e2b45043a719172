"""What a service manager is told (systemd's `sd_notify`): that heed is ready, alive, reloading, stopping.

The protocol: a datagram of `NAME=value` lines to the socket that `NOTIFY_SOCKET` names (systemd, sd_notify(3)). It is
told that heed lives out of the event loop: where that hangs, or heed itself knows that it cannot go on, the manager
starts heed again.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from streams.clock import Clock
from streams.types import NS


@dataclass(frozen=True, slots=True)
class Manager:
    """Whoever started heed as a service and wants to hear from it."""

    address: str = ""
    """Of its socket: a path, or `@` and an abstract name; empty where there is none."""
    watchdog_s: float = 0.0
    """So often, at least, heed must say that it lives; 0 for not at all."""


def manager_from(variables: Mapping[str, str], process: int) -> Manager:
    """As `NOTIFY_SOCKET`, `WATCHDOG_USEC` and `WATCHDOG_PID` say to the process of that number."""
    address, usec = variables.get("NOTIFY_SOCKET", ""), variables.get("WATCHDOG_USEC", "")
    if not address.startswith(("/", "@")):
        return Manager()
    ours = variables.get("WATCHDOG_PID") in (None, "", str(process))
    return Manager(address, int(usec) / 1e6 if ours and usec.isdecimal() else 0.0)


class Service:
    """An async context manager: heed is ready when it is entered, and lives until it is left. Without a service manager
    it does nothing."""

    def __init__(self, manager: Manager, clock: Clock, stuck: Callable[[], str] = lambda: "") -> None:
        """
        Args:
            manager: who is told.
            clock: says when.
            stuck: why heed must be started again; empty when it need not.
        """
        self._manager, self._clock, self._stuck = manager, clock, stuck
        self._beating: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self.tell("READY=1")
        if self._manager.address and self._manager.watchdog_s:
            self._beating = asyncio.create_task(self._beat(self._manager.watchdog_s / 2), name="watchdog")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.tell("STOPPING=1")
        if self._beating is not None:
            self._beating.cancel()
            await asyncio.gather(self._beating, return_exceptions=True)

    def tell(self, *lines: str) -> None:
        """Send lines. A manager that does not listen is none of heed's trouble."""
        address = self._manager.address
        if not address:
            return
        name = f"\0{address[1:]}" if address.startswith("@") else address
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as link:
            link.setblocking(False)
            link.sendto("\n".join(lines).encode(), name)

    async def _beat(self, every_s: float) -> None:
        while True:
            reason = self._stuck()
            self.tell(f"STATUS={reason}" if reason else "WATCHDOG=1")
            await self._clock.sleep_until(self._clock.now_ns() + round(every_s * NS))
