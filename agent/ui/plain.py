"""The assistant as lines of text: for screen readers, pipes and simple terminals. Nothing printed is ever changed."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable

from rich.console import Console

from agent.show import Show
from agent.ui.backend import Backend
from agent.ui.inbox import Inbox
from agent.ui.slash import help_lines, parsed
from streams.sources.terminal import TerminalLines


async def run_plain(backend: Backend, print_line: Callable[[str], None], descriptor: int = 0) -> None:
    """Until `/quit`, or the end of input and of the answers to it."""
    inbox, woken = Inbox(), asyncio.Event()
    loop = asyncio.get_running_loop()
    inbox.wakes(lambda: loop.call_soon_threadsafe(woken.set))
    desk = _Desk(backend, inbox, print_line)
    work = [asyncio.create_task(backend.run(inbox)), asyncio.create_task(desk.show(woken))]
    try:
        await desk.read(descriptor)
    finally:
        for task in work:
            task.cancel()
        await asyncio.gather(*work, return_exceptions=True)


class _Desk:
    def __init__(self, backend: Backend, inbox: Inbox, print_line: Callable[[str], None]) -> None:
        self._backend, self._inbox, self._print = backend, inbox, print_line
        self._ready, self._idle = asyncio.Event(), asyncio.Event()
        self._open, self._muted, self._remarks = 0, False, True
        self._idle.set()

    async def show(self, woken: asyncio.Event) -> None:
        show = Show(Console(force_terminal=False, force_interactive=False))
        while True:
            await woken.wait()
            woken.clear()
            for event in self._inbox.take()[0]:
                kind = event.get("type")
                if kind in ("status", "note", "error"):
                    show.note(str(event.get("text", event.get("reason", ""))))
                    if event.get("phase") in ("ready", "failed"):
                        self._ready.set()
                    if event.get("phase") == "failed":
                        self._idle.set()
                    continue
                show.event(event)
                if kind == "reply" and str(event.get("correlation", "")).startswith("plain-"):
                    self._open -= 1
                    if self._open <= 0:
                        self._idle.set()

    async def read(self, descriptor: int) -> None:
        number = 0
        async with TerminalLines(descriptor) as lines:
            async for line in lines:
                name, argument = parsed(line)
                await self._ready.wait()
                if name == "quit":
                    return
                if name == "ask" and argument:
                    number += 1
                    if self._backend.send({"type": "ask", "text": argument, "correlation": f"plain-{number}"}):
                        self._open += 1
                        self._idle.clear()
                    else:
                        self._print("there is no agent to ask")
                else:
                    self._other(name)
        with contextlib.suppress(asyncio.CancelledError):
            await self._idle.wait()

    def _other(self, name: str) -> None:
        if name == "interrupt":
            self._backend.send({"type": "interrupt"})
        elif name == "mute":
            self._muted = not self._muted
            self._backend.send({"type": "mute", "on": self._muted})
            self._print("muted" if self._muted else "aloud again")
        elif name == "remarks":
            self._remarks = not self._remarks
            self._backend.send({"type": "remarks", "on": self._remarks})
            self._print("speaks unasked" if self._remarks else "speaks only when asked")
        elif name == "help":
            for line in help_lines():
                self._print(line)
        else:
            self._print(f"/{name} is not known here; /help lists what is")
