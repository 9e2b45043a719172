"""The agent inside this process, on a thread and an event loop of its own, so that typing never waits for it."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from agent.ui.backend import note, status
from agent.ui.inbox import Inbox
from streams.errors import HeedError

if TYPE_CHECKING:
    from agent.config import Config
    from agent.wiring import RunningAgent

LOCAL = "local"
"""The conversation by microphone and loudspeaker: typed questions join it where it is open, and are answered aloud."""
TERMINAL = "terminal"


class LocalAgent:
    """A `Backend`: loads the models behind the first prompt."""

    def __init__(self, config: Config) -> None:
        """Args: config: with the sources that are wanted; the web server is left off, so that several can run."""
        self._config = replace(config, web=replace(config.web, enabled=False))
        self._loop: asyncio.AbstractEventLoop | None = None
        self._agent: RunningAgent | None = None
        self._stop: asyncio.Event | None = None

    async def run(self, inbox: Inbox) -> None:
        done, loop = asyncio.Event(), asyncio.get_running_loop()

        def work() -> None:
            try:
                asyncio.run(self._serve(inbox))
            finally:
                with contextlib.suppress(RuntimeError):  # the screen has gone already
                    loop.call_soon_threadsafe(done.set)

        thread = threading.Thread(target=work, name="agent")
        thread.start()
        try:
            await done.wait()
        finally:
            if self._loop is not None and self._stop is not None:
                with contextlib.suppress(RuntimeError):
                    self._loop.call_soon_threadsafe(self._stop.set)

    def send(self, command: Mapping[str, Any]) -> bool:
        if self._loop is None or self._agent is None:
            return False
        self._loop.call_soon_threadsafe(self._obey, self._agent, dict(command))
        return True

    async def picture(self, percept_id: str) -> bytes | None:
        return None if self._agent is None else self._agent.pictures.get(percept_id)

    async def _serve(self, inbox: Inbox) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        inbox.offer(status("loading", "loading the models"))
        work = asyncio.create_task(self._live(inbox))
        stop = asyncio.create_task(self._stop.wait())
        await asyncio.wait({work, stop}, return_when=asyncio.FIRST_COMPLETED)
        stop.cancel()
        work.cancel()
        try:
            await work
        except asyncio.CancelledError:
            return
        except HeedError as error:
            inbox.offer(status("failed", str(error)))
            inbox.offer(note(str(error)))
        except BaseExceptionGroup as group:
            known, rest = group.split(HeedError)
            if rest is not None or known is None:
                inbox.offer(status("failed", f"the agent stopped: {group}"))
                raise
            inbox.offer(status("failed", str(known.exceptions[0])))
            inbox.offer(note(str(known.exceptions[0])))
        finally:
            self._agent = None

    async def _live(self, inbox: Inbox) -> None:
        from agent.jsonl import to_dict
        from agent.wiring import running_agent

        def say(line: str) -> None:
            inbox.offer(status("loading", line))

        async with running_agent(self._config, say) as agent:
            self._agent = agent
            with agent.bus.tap(lambda event: inbox.offer(to_dict(event))):
                inbox.offer(status("ready", "ready"))
                await asyncio.Event().wait()

    def _obey(self, agent: RunningAgent, command: dict[str, Any]) -> None:
        """On the agent's loop."""
        import json

        from agent.jsonl import command_from
        from streams.errors import MediaError

        spoken = any(dialog.source == LOCAL for dialog in agent.core.dialogs())
        with contextlib.suppress(MediaError):  # commands are made by this program
            agent.bus.send(command_from(json.dumps(command), LOCAL if spoken else TERMINAL))
