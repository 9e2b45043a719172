"""What runs in a plugin's process: the plugin, one handler at a time, and a wire to heed.

    heed -> child   setup event ping call reply
    child -> heed   hello ready failed emit send service reply done pong

One task reads the wire and answers pings, another calls the handlers. Both are on one event loop, so a handler that
never gives it back leaves pings unanswered, which is how heed notices.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import importlib
import os
import resource
import signal
import socket
import sys
import threading
from collections import deque
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from dialog.events import Command
from plugins.contract import Emitted, Request, Setup
from plugins.inline import reason_of
from plugins.process.codec import EVENTS, CodecError, decode_event, encode
from plugins.process.frames import Frame, pack, read
from plugins.process.remote import RemoteServices
from plugins.registered import Plugin, Registered, World
from streams import wording
from streams.clock import MonotonicClock
from streams.errors import HeedError

_HANG_UP_S = 5.0
EXIT_FAILED = 70
"""Exit status after a failure that has been told (`EX_SOFTWARE`)."""


class Child:
    """One plugin at work for a heed at the other end of `sock`."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._clock = MonotonicClock()
        self._offset_ns = 0
        self._wall_start: datetime | None = None
        self._work: deque[Frame] = deque()  # bounded by heed, which sends no more than it has credit for
        self._calls: deque[Frame] = deque()
        self._stirred = asyncio.Event()
        self._plugin: Registered | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._services = RemoteServices(self._tell)

    async def run(self) -> int:
        """Work until told to stop; the exit status."""
        reader, self._writer = await asyncio.open_connection(sock=self._sock)
        self._tell("hello", pid=os.getpid())
        reading = asyncio.create_task(self._read(reader))
        try:
            status = await self._attend()
            # Closing a wire on which something is left unread resets it, and with it goes what was said last. So heed,
            # which ends this process when it has read that, closes it; the time-out is for a heed that hangs.
            await asyncio.wait([reading], timeout=_HANG_UP_S)
            return status
        finally:
            reading.cancel()
            with contextlib.suppress(ConnectionError):
                await self._writer.drain()
            self._writer.close()

    def now_ns(self) -> int:
        """Stream time, as heed last said it and this machine's clock goes on."""
        return self._clock.now_ns() + self._offset_ns

    async def _read(self, reader: asyncio.StreamReader) -> None:
        while (frame := await read(reader)) is not None:
            match frame.kind:
                case "ping":
                    self._synchronise(frame)
                    self._tell("pong", n=frame.header["n"], status=self._status())
                case "reply":
                    self._services.replied(frame)
                case "event" | "setup":
                    self._work.append(frame)
                case "call":
                    self._calls.append(frame)
            self._stirred.set()
        end_group()

    async def _attend(self) -> int:
        while True:
            due_ns = self._plugin.due_ns() if self._plugin is not None else None
            if not self._calls and not self._work and (due_ns is None or due_ns > self.now_ns()):
                wait_s = None if due_ns is None else (due_ns - self.now_ns()) / 1e9
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._stirred.wait(), wait_s)
                self._stirred.clear()
                continue
            try:
                if self._calls:
                    frame = self._calls.popleft()
                    await self._call(frame)
                    if frame.header.get("what") == "stop":
                        return 0
                if due_ns is not None and self._plugin is not None and due_ns <= self.now_ns():
                    await self._plugin.tick(self.now_ns())
                if self._work:
                    await self._happen(self._work.popleft())
            except Exception as error:  # a plugin is another's code: heed is told, and decides
                setting_up = self._plugin is None
                self._tell("failed", reason=reason_of(error), final=setting_up and isinstance(error, HeedError))
                return EXIT_FAILED

    async def _happen(self, frame: Frame) -> None:
        self._synchronise(frame)
        if frame.kind == "setup":
            self._plugin = self._set_up(frame.header)
            wanted = [kind.__name__ for kind in EVENTS if self._plugin.wants(object.__new__(kind))]
            self._tell("ready", offers=encode(self._plugin.offers), wants=wanted, status=self._status())
        elif self._plugin is not None:
            await self._plugin.handle(decode_event(frame.header["v"]))
            self._tell("done")

    def _set_up(self, header: dict[str, Any]) -> Registered:
        limit_memory(int(header["memory_bytes"]))
        if header["wall_start"]:
            self._wall_start = datetime.fromisoformat(header["wall_start"])
        plugin = Plugin(header["name"], load(header["entry"]), header["table"])
        clock: Callable[[int], str] = lambda t_ns: wording.clock(t_ns, self._wall_start)  # noqa: E731
        folder = Path(header["folder"])
        registered = Registered(plugin, World(self._services, self._emit, self._send, self.now_ns, clock, folder))
        gc.freeze()  # what set-up made stays: later collections need not look at it
        return registered

    async def _call(self, frame: Frame) -> None:
        header, plugin = frame.header, self._plugin
        number, what = header["id"], header["what"]
        if plugin is None:
            self._tell("reply", id=number, error="it is not set up yet")
            return
        try:
            match what:
                case "command":
                    self._tell("reply", id=number, v=await plugin.obey(header["name"], header["arguments"]))
                case "tool":
                    self._tell("reply", id=number, v=await plugin.answer(header["question"]))
                case "page":
                    page = await plugin.page_of(Request(header["path"], header["query"]))
                    kind, body = page if page is not None else (None, b"")
                    self._tell("reply", body, id=number, v=kind)
                case "stop":
                    while self._work:
                        await self._happen(self._work.popleft())
                    await plugin.stop()
                    self._tell("reply", id=number, v=None)
        except HeedError as error:  # said to whoever asked; the plugin goes on
            self._tell("reply", id=number, error=reason_of(error))
        except Exception as error:
            self._tell("reply", id=number, error=f"failed: {reason_of(error)}")
            raise

    def _emit(self, event: Emitted) -> None:
        self._tell("emit", v=encode(event))

    def _send(self, command: Command) -> None:
        self._tell("send", v=encode(command))

    def _status(self) -> str:
        try:
            return "" if self._plugin is None else self._plugin.told()
        except Exception as error:  # a status that fails is no reason to stop what works
            return f"no status: {reason_of(error)}"[:200]

    def _synchronise(self, frame: Frame) -> None:
        """Heed's time is at least what it said when it sent this."""
        now_ns = frame.header.get("now")
        if isinstance(now_ns, int):
            self._offset_ns = max(self._offset_ns, now_ns - self._clock.now_ns())

    def _tell(self, kind: str, body: bytes = b"", **header: Any) -> None:
        if self._writer is not None and not self._writer.is_closing():
            self._writer.write(pack(kind, body, **header))


def load(entry: str) -> Setup:
    """The function that an entry point names, as `package.module:function`.

    Raises:
        HeedError: there is none.
    """
    module, _, name = entry.partition(":")
    try:
        found: Any = importlib.import_module(module)
        for part in name.split("."):
            found = getattr(found, part)
    except (ImportError, AttributeError) as error:
        raise HeedError(f"cannot load {entry}: {error}") from error
    setup: Setup = found
    return setup


def limit_memory(memory_bytes: int) -> None:
    """A hard stop for what grows faster than heed looks: twice what is allowed, above what is there already.

    Of data, not of address space: allocators, threads and GPU drivers reserve far more of that than they use.
    """
    try:
        with open("/proc/self/statm") as file:
            there = int(file.read().split()[5]) * resource.getpagesize()
    except OSError:
        return  # not Linux: heed's own look is all there is
    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    wanted = there + 2 * memory_bytes
    resource.setrlimit(resource.RLIMIT_DATA, (wanted if most < 0 else min(wanted, most), most))


def end_group() -> None:
    """End this process and all that it started, at once."""
    os.killpg(os.getpgrp(), signal.SIGKILL)


def end_with_parent(lifeline: int) -> None:
    """Wait, in a thread, for the other end of a pipe to be closed: heed has ended, however it ended."""
    while os.read(lifeline, 64):
        pass
    end_group()


def main(fd: int) -> int:
    """Entry of the process. Standard input is the line to heed's life; plugins get an empty one."""
    lifeline = os.dup(0)
    with open(os.devnull, "rb") as nothing:
        os.dup2(nothing.fileno(), 0)
    threading.Thread(target=end_with_parent, args=(lifeline,), daemon=True).start()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is heed's to handle
    os.nice(5)  # what is seen, heard and answered comes first
    sock = socket.socket(fileno=fd)
    sock.setblocking(False)
    status = 1
    try:
        status = asyncio.run(Child(sock).run())
    except (CodecError, KeyError) as error:
        print(f"plugin process: {error}", file=sys.stderr)
    sys.stdout.flush()
    return status
