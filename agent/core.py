"""The agent's centre: observations in; rolling state, memory and conversations kept; events out.

Knows no sources, files or networks: `agent.live` and `agent.replay` feed it.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Self

from agent.bus import Bus
from dialog.addressed import asks_to_remember, is_addressed
from dialog.events import Ask, Interrupt, Mute, Perceived, PluginReply, Remarks, Tell
from dialog.manager import Dialog, DialogOptions, Organs
from streams import wording
from streams.clock import Clock
from streams.errors import HeedError
from streams.sink import SpeechSink
from streams.state import RollingState
from streams.types import NS, Health, Observation, Partial, Percept, Transcript, Voice

TICK_S = 1.0
MAX_DIALOGS = 64
"""Conversations of rooms, calls and devices, which are open until these go."""
MAX_WRITTEN = 64
"""Written conversations, which are kept for the next question: the one that has been silent longest makes room."""


@dataclass(frozen=True, slots=True)
class CoreOptions:
    """Sizes of what the agent keeps."""

    per_source: int = 512
    sources: int = 64
    dialog: DialogOptions = DialogOptions()
    tokens: int = 4096
    """State tokens that the language model's memory holds."""


class Core:
    """One agent. `async with` it, then `observe` and `converse`."""

    def __init__(self, organs: Organs, bus: Bus, options: CoreOptions) -> None:
        self.bus = bus
        self.organs = organs
        self.state = RollingState(options.per_source, options.sources, options.tokens, organs.clock.wall_start)
        self.tell: Callable[[Tell], None] = self._no_plugins
        """Takes commands to plugins."""
        self._options = options
        self._dialogs: OrderedDict[str, Dialog] = OrderedDict()
        self._written: OrderedDict[str, AsyncExitStack] = OrderedDict()
        """What closes each written conversation; whoever asked last is last."""
        self._tasks = asyncio.TaskGroup()
        self._loops: set[asyncio.Task[None]] = set()
        self._renamed = 0

    @property
    def clock(self) -> Clock:
        return self.organs.clock

    async def __aenter__(self) -> Self:
        await self._tasks.__aenter__()
        self.spawn(self._obey(), "commands")
        self.spawn(self._watch(), "watchdog")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for loop in tuple(self._loops):
            loop.cancel()
        async with AsyncExitStack() as written:
            for stack in self._written.values():
                written.push_async_exit(stack)
        self.bus.close()
        await self._tasks.__aexit__(kind, error, trace)

    def spawn(self, work: Coroutine[None, None, None], name: str) -> None:
        """Run `work` beside the agent's own tasks; it is cancelled when the agent ends."""
        task = self._tasks.create_task(work, name=name)
        self._loops.add(task)
        task.add_done_callback(self._loops.discard)

    async def observe(self, t_ns: int, observations: Sequence[Observation], user: Dialog | None = None) -> None:
        """Take in what an encoder said at stream time `t_ns`.

        Args:
            t_ns: when it became known.
            observations: in order.
            user: the conversation with whoever is heard or seen, if the source is a user's.
        """
        questions: set[int] = set()
        pins: set[int] = set()
        for what in observations:
            match what:
                case Percept():
                    spoken = what.kind == "speech"
                    pinned = spoken and what.t0_ns in pins
                    asked = spoken and what.t0_ns in questions
                    known = await self._perceive(t_ns, what, pinned, remembered=pinned or not asked)
                    if user is not None and not spoken:
                        user.seen(known)
                case Voice():
                    if user is not None:
                        user.voice(what)
                case Transcript():
                    self.bus.publish(Perceived(t_ns, what))
                    if user is not None:
                        # A question to the agent is a turn of the conversation, not a fact about the world.
                        if is_addressed(what.text):
                            questions.add(what.t0_ns)
                        if asks_to_remember(what.text):
                            pins.add(what.t0_ns)
                        user.said(what)
                case Partial():
                    self.bus.publish(Perceived(t_ns, what))
                    if user is not None:
                        user.hearing(what)
                case Health():
                    self.bus.publish(what)

    @asynccontextmanager
    async def converse(self, source: str, sink: SpeechSink | None = None) -> AsyncIterator[Dialog]:
        """A conversation, for as long as the context is open.

        Raises:
            HeedError: one of that name is open, or too many are.
        """
        if len(self._dialogs) - len(self._written) >= MAX_DIALOGS:
            raise HeedError(f"no conversation with {source!r}: {MAX_DIALOGS} conversations are open: end one of them")
        async with self._open(source, sink) as dialog:
            yield dialog

    @asynccontextmanager
    async def _open(self, source: str, sink: SpeechSink | None = None) -> AsyncIterator[Dialog]:
        """A conversation of either sort."""
        if source in self._dialogs:
            raise HeedError(f"the conversation with {source!r} is open already: end it before it begins again")
        async with Dialog(source, self.organs, self._options.dialog, sink) as dialog:
            self._dialogs[source] = dialog
            try:
                yield dialog
            finally:
                del self._dialogs[source]

    def dialogs(self) -> list[Dialog]:
        """The open conversations."""
        return list(self._dialogs.values())

    async def _perceive(self, t_ns: int, percept: Percept, pinned: bool, remembered: bool) -> Percept:
        percept = self._identified(percept)
        change = self.state.add(percept, pinned, remembered)
        lines = [(p.id, wording.line(p, self.clock.wall_start), p.t0_ns) for p in change.remember]
        mind = self.organs.mind

        def work() -> list[str]:
            for percept_id in change.forget:
                mind.forget(percept_id)
            return [gone for line in lines for gone in mind.remember(*line, pinned and line[0] == percept.id)]

        if change.forget or lines:
            self.state.lost(await asyncio.get_running_loop().run_in_executor(self.organs.mind_executor, work))
        self.bus.publish(Perceived(t_ns, percept))
        return percept

    def _identified(self, percept: Percept) -> Percept:
        """The percept under an id of its own: a source that went and came back under its name counts from one again."""
        while not percept.id or self.state.get(percept.id) is not None:
            self._renamed += 1
            stem = percept.id.split("#")[0] or f"{percept.source}/x"
            percept = replace(percept, id=f"{stem}#{self._renamed}")
        return percept

    async def _obey(self) -> None:
        async for command in self.bus.commands:
            match command:
                case Ask(text, source, correlation):
                    try:
                        (await self._asker(source)).typed(text, correlation)
                    except HeedError as error:
                        self.bus.publish(Health(f"dialog:{source}", "failed", str(error), self.clock.now_ns()))
                case Interrupt(source):
                    for dialog in self._meant(source):
                        dialog.stop()
                case Mute(on, source):
                    for dialog in self._meant(source):
                        dialog.mute(on)
                case Remarks(on, source):
                    for dialog in self._meant(source):
                        dialog.remarks(on)
                case Tell():
                    self.tell(command)

    def _no_plugins(self, told: Tell) -> None:
        why = "no plugins are switched on"
        self.bus.publish(PluginReply(self.clock.now_ns(), told.plugin, told.command, why, False, told.source))

    async def _asker(self, source: str) -> Dialog:
        """The conversation of that name, or a written one opened for it and kept."""
        if source not in self._dialogs:
            await self._make_room()
            stack = AsyncExitStack()
            await stack.enter_async_context(self._open(source))
            self._written[source] = stack
        if source in self._written:
            self._written.move_to_end(source)
        return self._dialogs[source]

    async def _make_room(self) -> None:
        """For one more written conversation."""
        if len(self._written) < MAX_WRITTEN:
            return
        idle = next((name for name in self._written if not self._dialogs[name].busy), None)
        if idle is None:
            raise HeedError(f"{MAX_WRITTEN} written conversations wait for their answers: ask again in a moment")
        await self._written.pop(idle).aclose()

    def _meant(self, source: str) -> list[Dialog]:
        own = self._dialogs.get(source)
        return self.dialogs() if own is None else [own]

    async def _watch(self) -> None:
        while True:
            await self.clock.sleep_until(self.clock.now_ns() + round(TICK_S * NS))
            for dialog in self.dialogs():
                dialog.tick()
