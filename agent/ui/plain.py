"""The assistant as lines of text: for screen readers, pipes and simple terminals. Nothing printed is ever changed."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable

from rich.console import Console

from agent.show import Show
from agent.ui.backend import Backend
from agent.ui.desk import Desk
from agent.ui.inbox import EventLine, Inbox
from agent.ui.slash import COMMANDS
from streams.sources.terminal import TerminalLines

NOT_HERE = ("camera", "copy", "theme")
"""Commands that need the full screen."""


async def run_plain(backend: Backend, console: Console, descriptor: int = 0) -> int:
    """Until `/quit`, or the end of input and of the answers to it.

    Returns:
        0; 1 if the agent could not be had, or was lost before it had answered.
    """
    desk = _Lines(backend, console)
    work = [asyncio.create_task(backend.run(desk.inbox)), asyncio.create_task(desk.show())]
    try:
        return await desk.read(descriptor)
    finally:
        for task in work:
            task.cancel()
        await asyncio.gather(*work, return_exceptions=True)


class _Lines:
    def __init__(self, backend: Backend, console: Console) -> None:
        self.inbox = Inbox()
        self._desk, self._woken, self._done = Desk(backend, self.inbox), asyncio.Event(), asyncio.Event()
        self._show, self._said, self._left = Show(console), "", False
        loop = asyncio.get_running_loop()
        self.inbox.wakes(lambda: loop.call_soon_threadsafe(self._woken.set))

    async def show(self) -> None:
        while True:
            await self._woken.wait()
            self._woken.clear()
            for event in self._desk.take():
                self._print(event)
            self._settle()

    async def read(self, descriptor: int) -> int:
        own: dict[str, Callable[[str], object]] = dict.fromkeys(NOT_HERE, self._not_here)
        own["help"] = self._help
        own["quit"] = lambda _: setattr(self, "_left", True)
        async with TerminalLines(descriptor) as lines:
            async for line in lines:
                self._desk.obey(line, own)
                if self._left:
                    return 0
        self._left = True  # the input has ended: the answers to it are waited for
        self._woken.set()
        with contextlib.suppress(asyncio.CancelledError):
            await self._done.wait()
        return 0 if self._desk.view.phase == "ready" else 1

    def _print(self, event: EventLine) -> None:
        if event.get("type") not in ("status", "note", "error"):
            self._show.event(event)
        elif (text := str(event.get("text") or event.get("reason") or event.get("phase", ""))) != self._said:
            self._said = text  # the same line again, as of an agent that stays away, tells nothing new
            self._show.note(text)

    def _settle(self) -> None:
        phase = self._desk.view.phase
        answered = phase == "ready" and not self._desk.open_questions
        if self._left and (answered or phase in ("failed", "lost")):
            self._done.set()

    def _help(self, _: str) -> None:
        self._desk.tell("\n".join(f"/{name}: {about}" for name, about in COMMANDS.items() if name not in NOT_HERE))

    def _not_here(self, _: str) -> None:
        self._desk.tell("only the full screen can do that")
