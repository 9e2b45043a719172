"""One plugin in a process of its own, for live work: begun again when it fails, put aside when it goes on failing."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Literal, Self

from dialog.events import Event
from plugins.contract import Emitted, Request
from plugins.inline import Surroundings, reason_of
from plugins.process.codec import encode
from plugins.process.life import Life, LifeError, Wanted
from plugins.process.limits import Failures, Limits
from plugins.process.serving import line_of, page_of
from plugins.registered import Offers
from streams.channel import Channel
from streams.clock import Clock
from streams.errors import HeedError
from streams.types import Health, HealthState, ns

State = Literal["starting", "running", "pausing", "quarantined", "stopped"]
_OWN = 512
"""Events of its own that are recognised when the bus brings them back."""


@dataclass(frozen=True, slots=True)
class Named:
    """A plugin, not yet loaded: its code runs in its own process alone."""

    name: str
    entry: str
    """What its entry point says: `package.module:function`."""
    table: Mapping[str, Any]


class ProcessHost:
    """Implements `plugins.host.Host`. Nothing that the plugin does holds up the caller.

    What happens to the plugin is told as `Health` of `plugin:<name>`: `degraded` when it failed and is begun again,
    `ok` when it works again, `failed` when it is in quarantine.
    """

    def __init__(self, plugin: Named, around: Surroundings, clock: Clock, limits: Limits | None = None) -> None:
        self.name = plugin.name
        self.state: State = "stopped"
        self.reason = ""
        """Why it failed last."""
        self._plugin, self._around, self._clock = plugin, around, clock
        self._limits = limits or Limits()
        self._failures = Failures(self._limits)
        self._events: Channel[Event] = Channel(self._limits.queue, "drop_oldest", f"plugin {plugin.name}")
        self._own: OrderedDict[int, Event] = OrderedDict()
        self._life: Life | None = None
        self._offers = Offers()
        self._settled = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self.state = "starting"
        self._task = asyncio.create_task(self._supervise(), name=f"plugin {self.name}")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            await self.stop()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        self.state = "stopped"

    @property
    def offers(self) -> Offers:
        """What the plugin registered, as it last said."""
        return self._offers

    @property
    def status(self) -> str:
        """One line: the plugin's own, or what is wrong with it."""
        match self.state:
            case "running":
                own = self._life.status if self._life is not None else ""
                lost = f"{self._events.dropped} events lost: it is too slow" if self._events.dropped else ""
                return "; ".join(part for part in (own, lost) if part) or "running"
            case "pausing":
                return f"failed, begins again: {self.reason}"
            case "quarantined":
                return f"in quarantine: {self.reason}"
            case other:
                return other

    @property
    def pid(self) -> int:
        """Its process; 0 when there is none."""
        return self._life.pid if self._life is not None else 0

    def feed(self, event: Event) -> None:
        """Let the plugin see an event, in its own time. What it emitted itself is left out."""
        if id(event) in self._own or self.state in ("quarantined", "stopped"):
            return
        if self._life is None or self._life.wants(event):
            self._events.offer(event)

    async def settled(self) -> None:
        """Return once it is set up, or in quarantine."""
        await self._settled.wait()

    async def command(self, command: str, arguments: Mapping[str, Any]) -> str:
        """Tell the plugin a command; returns its line.

        Raises:
            HeedError: it does not run, has no such command, or failed.
        """
        frame = await self._running().call("command", name=command, arguments=encode(arguments))
        return line_of(frame.header.get("v"), 4000)

    async def tool(self, question: str) -> str | None:
        """What the plugin says to a user's question; None: nothing.

        Raises:
            HeedError: it does not run, or failed.
        """
        text = (await self._running().call("tool", question=question)).header.get("v")
        return None if text is None else str(text)[:4000]

    async def page(self, request: Request) -> tuple[str, bytes] | None:
        """`(content type, body)` of the plugin's page, or None.

        Raises:
            HeedError: it does not run, or failed.
        """
        query = {str(key): str(value) for key, value in request.query.items()}
        return page_of(await self._running().call("page", path=request.path, query=query))

    async def stop(self) -> None:
        """Let the plugin see what it was fed, say its last words, and end."""
        self._events.close()
        if self._life is not None and self.state == "running":
            await self._life.stop()
        self.state = "stopped"

    def _running(self) -> Life:
        if self._life is None or self.state != "running":
            raise HeedError(f"plugin {self.name} does not run: {self.status}")
        return self._life

    async def _supervise(self) -> None:
        while self.state != "stopped":
            try:
                self._life = self._begin()
                await self._life.run()
                return
            except Exception as error:  # a fault of ours as well: a supervisor that dies leaves a plugin in limbo
                final = isinstance(error, LifeError) and error.final
                pause_s = None if final else self._failures.add(self._clock.now_ns())
                self.reason = str(error) if isinstance(error, LifeError) else reason_of(error)
            finally:
                self._life = None
            if pause_s is None:
                self.state = "quarantined"
                self._events.close()
                self._settled.set()
                self._report("failed", f"in quarantine: {self.reason}")
                return
            self.state = "pausing"
            self._report("degraded", f"begins again in {pause_s:g} s: {self.reason}")
            await self._clock.sleep_until(self._clock.now_ns() + ns(pause_s))
            self.state = "starting"

    def _begin(self) -> Life:
        plugin, around = self._plugin, self._around
        folder = str((around.folder / plugin.name).absolute())
        wanted = Wanted(
            plugin.name, plugin.entry, plugin.table, folder, self._clock, around.services,
            self._emit, around.send, self._ready,
        )  # fmt: skip
        return Life(wanted, self._events, self._limits)

    def _ready(self) -> None:
        self.state = "running"
        if self._life is not None:
            self._offers = self._life.offers
        if self.reason:
            self._report("ok", "works again")
        self._settled.set()

    def _emit(self, event: Emitted) -> None:
        self._own[id(event)] = event  # kept, so that no other event can have this id
        while len(self._own) > _OWN:
            self._own.popitem(last=False)
        self._around.publish(event)

    def _report(self, state: HealthState, reason: str) -> None:
        self._around.publish(Health(f"plugin:{self.name}", state, reason[:500], self._clock.now_ns()))
