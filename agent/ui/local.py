"""The agent inside this process, on a thread and an event loop of its own, so that typing never waits for it."""

from __future__ import annotations

import asyncio
import contextlib
import re
import threading
from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from agent.ui.backend import note, status
from agent.ui.inbox import Inbox
from streams.errors import HeedError

if TYPE_CHECKING:
    from agent.config import Config
    from agent.wiring import RunningAgent

LOCAL = "local"
"""The conversation by microphone and loudspeaker: typed questions join it where it is open, and are answered aloud."""
TERMINAL = "terminal"
METER_S = 0.1
METER_STEPS = 16
"""The meter moves in steps, so that a quiet room moves nothing."""
SILENT_LOOKS = 10
"""Looks without any sound after which there is no meter."""
SCHEMES = ("rtsp", "rtsps", "http", "https")
MAX_NAME_CHARS = 32


def source_name(url: str, taken: Collection[str]) -> str:
    """A name for what is watched: of the file, or of the host. Never more of an address, which may hold a password."""
    stem = urlsplit(url).hostname or "stream" if "://" in url else Path(url).stem
    name = re.sub(r"[^A-Za-z0-9_.-]+", "-", stem).strip("-.")[:MAX_NAME_CHARS] or "source"
    number = 1
    while (unused := name if number == 1 else f"{name}-{number}") in taken:
        number += 1
    return unused


def why_not_watched(url: str) -> str:
    """What is wrong with a path or address at first sight; empty if nothing is."""
    if "://" in url:
        scheme = url.partition("://")[0].lower()
        return "" if scheme in SCHEMES else f"{scheme[:20]}: is none of {', '.join(SCHEMES)}"
    try:
        is_there = Path(url).expanduser().is_file()
    except (OSError, ValueError):
        is_there = False
    return "" if is_there else f"there is no file {url[:200]}"


class LocalAgent:
    """A `Backend`: loads the models behind the first prompt."""

    def __init__(self, config: Config) -> None:
        """Args: config: with the sources that are wanted; the web server is left off, so that several can run."""
        self._config = replace(config, web=replace(config.web, enabled=False))
        self._names = {source.name for source in config.sources}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._agent: RunningAgent | None = None
        self._stop: asyncio.Event | None = None
        self._thread: threading.Thread | None = None

    @property
    def running(self) -> bool:
        """Whether the agent's thread still lives: models that load cannot be interrupted."""
        return self._thread is not None and self._thread.is_alive()

    async def run(self, inbox: Inbox) -> None:
        done, loop = asyncio.Event(), asyncio.get_running_loop()

        def work() -> None:
            try:
                asyncio.run(self._serve(inbox))
            finally:
                with contextlib.suppress(RuntimeError):  # the screen has gone already
                    loop.call_soon_threadsafe(done.set)

        self._thread = threading.Thread(target=work, name="agent", daemon=True)
        self._thread.start()
        try:
            await done.wait()
        finally:
            if self._loop is not None and self._stop is not None:
                with contextlib.suppress(RuntimeError):
                    self._loop.call_soon_threadsafe(self._stop.set)

    def join(self, timeout_s: float) -> bool:
        """Wait for the agent to end, after `run` was cancelled. False: it has not."""
        if self._thread is not None:
            self._thread.join(timeout_s)
        return not self.running

    def send(self, command: Mapping[str, Any]) -> bool:
        if self._loop is None or self._agent is None:
            return False
        self._loop.call_soon_threadsafe(self._obey, self._agent, dict(command))
        return True

    def watch(self, url: str) -> str:
        from agent.config import SourceConfig

        if self._loop is None or self._agent is None:
            return "the agent is not ready"
        if wrong := why_not_watched(url):
            return wrong
        name = source_name(url, self._names)
        self._names.add(name)
        path = url if "://" in url else str(Path(url).expanduser())
        self._loop.call_soon_threadsafe(self._agent.watch, SourceConfig(name, path))
        return ""

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
            _failed(inbox, str(error))
        except BaseExceptionGroup as group:
            known, rest = group.split(HeedError)
            _failed(inbox, str(known.exceptions[0]) if known and not rest else f"the agent stopped: {group}")
            if rest is not None:
                raise  # a fault of the program: its traceback goes to standard error
        finally:
            self._agent = None

    async def _live(self, inbox: Inbox) -> None:
        from agent.jsonl import to_dict
        from agent.wiring import running_agent

        def say(line: str) -> None:
            inbox.offer(status("loading", line))

        async with running_agent(self._config, say) as agent:
            with agent.bus.tap(lambda event: inbox.offer(to_dict(event))):
                self._agent = agent
                inbox.offer(status("ready", ""))
                await self._meter(agent, inbox)

    async def _meter(self, agent: RunningAgent, inbox: Inbox) -> None:
        """Tell how loud it is, until cancelled: at the microphone, else at the loudest source."""
        told: tuple[str, float | None] = ("", None)
        silent = 0
        while True:
            await asyncio.sleep(METER_S)
            levels = agent.loudness.take()
            silent = 0 if levels else silent + 1
            if levels:
                name = LOCAL if LOCAL in levels else max(levels, key=levels.__getitem__)
                now: tuple[str, float | None] = (name, round(levels[name] * METER_STEPS) / METER_STEPS)
            else:
                now = ("", None) if silent >= SILENT_LOOKS else told
            if now != told:
                told = now
                inbox.offer({"type": "level", "source": now[0], "level": now[1]})

    def _obey(self, agent: RunningAgent, command: dict[str, Any]) -> None:
        """On the agent's loop."""
        import json

        from agent.jsonl import command_from
        from streams.errors import MediaError

        spoken = any(dialog.source == LOCAL for dialog in agent.core.dialogs())
        with contextlib.suppress(MediaError):  # commands are made by this program
            agent.bus.send(command_from(json.dumps(command), LOCAL if spoken else TERMINAL))


def _failed(inbox: Inbox, why: str) -> None:
    inbox.offer(status("failed", why))
    inbox.offer(note(why))
