"""One life of a plugin's process, from start to end, as heed sees it. Nothing here holds up the event loop.

What the process says is untrusted: lengths are capped before reading, values are checked by type, rates are counted.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from dialog.events import Command, Event
from plugins.contract import Emitted, Services
from plugins.process.codec import CodecError, decode, decode_command, decode_event, decode_offers, encode
from plugins.process.frames import Frame, pack, read
from plugins.process.limits import Bucket, Limits, resident_bytes
from plugins.process.remote import MAX_WAITING
from plugins.process.serving import line_of, serve
from plugins.registered import Offers, check_emitted
from streams.channel import Channel
from streams.clock import Clock
from streams.errors import ChannelClosed, HeedError
from streams.types import ns

BOOT = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[2]); "
    "from plugins.process.child import main; sys.exit(main(int(sys.argv[1])))"
)
MAX_CALLS = 32
"""Commands, tools and pages that may wait for a plugin."""
MAX_SAID_BYTES = 800
"""Kept of what a process prints: its last words may say why it died."""
_YIELD_EVERY = 8
"""Messages read before other tasks get their turn."""
_PRINTED_BYTES, _PRINTED_PAUSE_S = 64 * 1024, 0.05
_MESSAGES_HZ, _MESSAGES_BURST = 2000.0, 2500
"""Messages of any kind; those that plugins can cause have limits of their own, well below."""


class LifeError(HeedError):
    """A plugin's process has ended, or must."""

    code = "plugin"

    def __init__(self, reason: str, final: bool = False) -> None:
        super().__init__(reason)
        self.final = final
        """Beginning again would not help: its configuration is wrong."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to run, and in what surroundings."""

    name: str
    entry: str
    """As `package.module:function`."""
    table: Mapping[str, Any]
    folder: str
    clock: Clock
    services: Services
    emit: Callable[[Emitted], None]
    send: Callable[[Command], None]
    ready: Callable[[], None]
    """Called when it has been set up."""


class Life:
    """Start it with `run`, which returns when the process has ended as it was told to, and raises otherwise."""

    def __init__(self, wanted: Wanted, events: Channel[Event], limits: Limits) -> None:
        self._wanted, self._events, self._limits = wanted, events, limits
        self._emits = Bucket(limits.emits_hz, limits.emits_burst)
        self._asks = Bucket(limits.services_hz, limits.services_burst)
        self._messages = Bucket(_MESSAGES_HZ, _MESSAGES_BURST)
        self._calls: dict[int, asyncio.Future[Frame]] = {}
        self._serving: set[asyncio.Task[tuple[Any, bytes]]] = set()
        self._number = 0
        self._said = b""
        self._writer: asyncio.StreamWriter | None = None
        self._up = asyncio.Event()
        self._kinds: frozenset[str] = frozenset()
        self._flying = 0
        """Events sent and not done."""
        self._since_ns = 0
        """When the oldest of them came to be handled."""
        self._room = asyncio.Event()
        self._fed = asyncio.Event()
        self._heard_ns = 0
        self._stopping = False
        self.pid = 0
        self.offers = Offers()
        """What it registered, once it is up."""
        self.status = ""
        """Its newest status line."""

    @property
    def up(self) -> bool:
        """It has been set up."""
        return self._up.is_set()

    def wants(self, event: Event) -> bool:
        """Whether it listens to events of this type (or has not said yet)."""
        return not self.up or type(event).__name__ in self._kinds

    async def run(self) -> None:
        """The whole life.

        Raises:
            LifeError: why it ended before its time.
        """
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                process = await self._spawn(theirs)
            except OSError as error:
                ours.close()
                raise LifeError(f"its process cannot be started: {error.strerror or error}") from error
        self.pid = process.pid
        reader, self._writer = await asyncio.open_connection(sock=ours)
        tasks: list[asyncio.Task[None]] = [
            asyncio.create_task(work, name=f"plugin {self._wanted.name} {name}")
            for name, work in (("read", self._read(reader)), ("feed", self._feed()), ("watch", self._watch()))
        ]
        listening = asyncio.create_task(self._listen(process))
        try:
            self._set_up()
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        except LifeError:
            raise
        except HeedError as error:
            raise LifeError(f"it breaks the contract: {error}") from error
        finally:
            self._kill()
            for running in (*tasks, *self._serving):
                running.cancel()
            self._writer.close()
            for call in self._calls.values():
                if not call.done():
                    call.set_exception(HeedError(f"plugin {self._wanted.name} has ended"))
            await asyncio.gather(*tasks, *self._serving, return_exceptions=True)
            status = await process.wait()
            await asyncio.wait([listening], timeout=1.0)
            listening.cancel()
        if not self._stopping:
            raise LifeError(self._last_words(status))

    async def stop(self) -> None:
        """Let it see what is left in the closed channel of events, say its last words, and end."""
        self._stopping = True
        if self.up:
            with contextlib.suppress(HeedError, TimeoutError):
                async with asyncio.timeout(self._limits.stop_s):
                    await self._fed.wait()
                await self.call("stop", self._limits.stop_s)
        self._kill()

    async def call(self, what: str, seconds: float = 0.0, **arguments: Any) -> Frame:
        """Have a command, tool or page carried out between two events; its reply.

        Raises:
            HeedError: it failed, takes too long, or too many wait.
        """
        name, seconds = self._wanted.name, seconds or self._limits.call_s
        if not self.up:
            raise HeedError(f"plugin {name} is still starting")
        if len(self._calls) >= MAX_CALLS:
            raise HeedError(f"plugin {name} is busy: {MAX_CALLS} calls wait")
        self._number += 1
        number, waiting = self._number, asyncio.get_running_loop().create_future()
        self._calls[number] = waiting
        try:
            self._tell("call", id=number, what=what, **arguments)
            async with asyncio.timeout(seconds):
                reply: Frame = await waiting
        except TimeoutError:
            raise HeedError(f"plugin {name} has not answered within {seconds:g} s") from None
        finally:
            del self._calls[number]
        if "error" in reply.header:
            raise HeedError(line_of(reply.header["error"]) or f"plugin {name} failed")
        return reply

    async def _spawn(self, theirs: socket.socket) -> asyncio.subprocess.Process:
        # Its own session: what it starts ends with it, and Ctrl-C in a terminal is heed's alone. Its standard input is
        # never written to: that its other end closes is how it learns of our end, however that comes about.
        return await asyncio.create_subprocess_exec(
            sys.executable, "-c", BOOT, str(theirs.fileno()), json.dumps([entry or os.getcwd() for entry in sys.path]),
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
            pass_fds=[theirs.fileno()], start_new_session=True,
        )  # fmt: skip

    def _set_up(self) -> None:
        wanted, start = self._wanted, self._wanted.clock.wall_start
        self._tell(
            "setup", name=wanted.name, entry=wanted.entry, table=encode(wanted.table), folder=wanted.folder,
            wall_start=start.isoformat() if start is not None else "", memory_bytes=self._limits.memory_bytes,
        )  # fmt: skip

    async def _read(self, reader: asyncio.StreamReader) -> None:
        count = 0
        while (frame := await read(reader)) is not None:
            self._heard_ns = self._wanted.clock.now_ns()
            self._count(self._messages, f"{_MESSAGES_HZ:g} messages a second")
            self._take(frame)
            count += 1
            if count % _YIELD_EVERY == 0:
                await asyncio.sleep(0)

    def _take(self, frame: Frame) -> None:
        header, wanted = frame.header, self._wanted
        match frame.kind:
            case "ready":
                self.offers = decode_offers(header.get("offers"))
                self._kinds = frozenset(decode(tuple[str, ...], header.get("wants"), "wants"))
                self.status = line_of(header.get("status"))
                self._up.set()
                wanted.ready()
            case "pong":
                self.status = line_of(header.get("status"))
            case "done":
                self._flying = max(0, self._flying - 1)
                self._since_ns = self._heard_ns
                self._room.set()
            case "emit":
                self._count(self._emits, f"{self._limits.emits_hz:g} events a second")
                event = decode_event(header.get("v"))
                check_emitted(wanted.name, event)
                wanted.emit(event)
            case "send":
                self._count(self._emits, f"{self._limits.emits_hz:g} events a second")
                wanted.send(decode_command(header.get("v")))
            case "service":
                self._count(self._asks, f"{self._limits.services_hz:g} calls of services a second")
                self._serve(frame)
            case "reply":
                call = self._calls.get(decode(int, header.get("id"), "id"))
                if call is not None and not call.done():
                    call.set_result(frame)
            case "failed":
                raise LifeError(line_of(header.get("reason")), header.get("final") is True)

    def _count(self, bucket: Bucket, what: str) -> None:
        if not bucket.take(self._wanted.clock.now_ns()):
            raise LifeError(f"it floods: more than {what}")

    def _serve(self, frame: Frame) -> None:
        if len(self._serving) >= MAX_WAITING:
            raise LifeError(f"it floods: more than {MAX_WAITING} calls of services at once")
        number = decode(int, frame.header.get("id"), "id")
        task = asyncio.create_task(serve(self._wanted.services, frame, self._limits.service_s))
        self._serving.add(task)
        task.add_done_callback(lambda done: self._answer(number, done))

    def _answer(self, number: int, served: asyncio.Task[tuple[Any, bytes]]) -> None:
        self._serving.discard(served)
        if served.cancelled():
            return
        error = served.exception()
        try:
            if error is None:
                value, body = served.result()
                self._tell("reply", body, id=number, v=value)
        except CodecError as large:
            error = large
        if error is not None:
            self._tell("reply", id=number, error=line_of(error) or type(error).__name__)

    async def _feed(self) -> None:
        await self._up.wait()
        while True:
            while self._flying >= self._limits.window:
                self._room.clear()
                await self._room.wait()
            try:
                event = await self._events.get()
            except ChannelClosed:  # heed stops
                self._fed.set()
                await asyncio.Event().wait()
                return
            if not self.wants(event):
                continue
            try:
                self._tell("event", v=encode(event))
            except CodecError:  # nothing that heed makes is that large
                continue
            if self._flying == 0:
                self._since_ns = self._wanted.clock.now_ns()
            self._flying += 1
            if self._writer is not None:
                try:
                    await self._writer.drain()
                except ConnectionError:  # it has ended: what it said before is still read, and why is found there
                    await asyncio.Event().wait()

    async def _watch(self) -> None:
        clock, limits = self._wanted.clock, self._limits
        started_ns, number = clock.now_ns(), 0
        while True:
            await clock.sleep_until(clock.now_ns() + ns(limits.beat_s))
            now_ns = clock.now_ns()
            memory = resident_bytes(self.pid)
            if memory is not None and memory > limits.memory_bytes:
                raise LifeError(
                    f"it uses {memory >> 20} MiB of memory, more than the {limits.memory_bytes >> 20} MiB it may"
                )
            if not self.up:
                if now_ns - started_ns > ns(limits.setup_s):
                    raise LifeError(f"it was not set up within {limits.setup_s:g} s")
                self._heard_ns = now_ns
                continue
            if now_ns - self._heard_ns > ns(limits.hang_s):
                raise LifeError(f"it hangs: no sign of life for {limits.hang_s:g} s")
            if self._flying and now_ns - self._since_ns > ns(limits.handler_s):
                raise LifeError(f"it hangs: an event was not handled within {limits.handler_s:g} s")
            number += 1
            self._tell("ping", n=number)

    async def _listen(self, process: asyncio.subprocess.Process) -> None:
        """Read what it prints, keeping the end: a full pipe would make it wait, and standard output is ours."""
        assert process.stdout is not None
        while data := await process.stdout.read(_PRINTED_BYTES):
            self._said = (self._said + data)[-MAX_SAID_BYTES:]
            await asyncio.sleep(_PRINTED_PAUSE_S)  # who prints without end waits, and not our event loop

    def _tell(self, kind: str, body: bytes = b"", **header: Any) -> None:
        if self._writer is not None and not self._writer.is_closing():
            self._writer.write(pack(kind, body, now=self._wanted.clock.now_ns(), **header))

    def _kill(self) -> None:
        if self.pid <= 1:  # 0 would mean our own group
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)

    def _last_words(self, status: int) -> str:
        how = f"signal {signal.Signals(-status).name}" if status < 0 else f"exit status {status}"
        lines = [line.strip() for line in self._said.decode("utf-8", "replace").splitlines() if line.strip()]
        return f"its process ended ({how})" + (f": {line_of(lines[-1], 200)}" if lines else "")
