"""Plugins that do what plugins must not, one each: for the benchmark and the tests of the host."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading

from dialog.events import Caption, Perceived
from plugins.contract import Register
from plugins.process.frames import pack
from streams.errors import HeedError


def good(register: Register) -> None:
    """Answers each percept with a caption: what the others are compared with."""

    def see(event: Perceived) -> None:
        register.emit(Caption(register.now_ns(), event.t_ns, event.t_ns, "en", event.what.text))

    register.on(Perceived, see)
    register.command("pid", lambda arguments: str(os.getpid()), "its process")
    register.status(lambda: "well")


def hangs(register: Register) -> None:
    """Never returns from a handler, and gives nothing else a turn."""

    def see(event: Perceived) -> None:
        while True:
            pass

    register.on(Perceived, see)


def waits(register: Register) -> None:
    """Awaits something that never comes; its event loop goes on."""

    async def see(event: Perceived) -> None:
        await asyncio.Event().wait()

    register.on(Perceived, see)


def raises(register: Register) -> None:
    """Has a fault."""

    def see(event: Perceived) -> None:
        raise KeyError("gone")

    register.on(Perceived, see)


def floods(register: Register) -> None:
    """Emits without end."""

    def see(event: Perceived) -> None:
        for number in range(1_000_000):
            register.emit(Caption(register.now_ns(), event.t_ns, event.t_ns, "en", f"line {number}"))

    register.on(Perceived, see)


def trickles(register: Register) -> None:
    """Emits a little too fast, for ever, and lets its own event loop turn."""

    async def see(event: Perceived) -> None:
        while True:
            for _ in range(10):
                register.emit(Caption(register.now_ns(), event.t_ns, event.t_ns, "en", "again"))
            await asyncio.sleep(0.02)

    register.on(Perceived, see)


def eats(register: Register) -> None:
    """Takes memory, bit by bit, without end."""
    kept: list[bytearray] = []

    async def see(event: Perceived) -> None:
        while True:
            kept.append(bytearray(os.urandom(1024) * 4096))
            await asyncio.sleep(0.005)

    register.on(Perceived, see)


def gulps(register: Register) -> None:
    """Takes all memory at once."""

    def see(event: Perceived) -> None:
        bytearray(1 << 45)

    register.on(Perceived, see)


def dies(register: Register) -> None:
    """Ends its process."""
    register.on(Perceived, lambda event: os._exit(3))


def crashes(register: Register) -> None:
    """Ends as a fault in native code ends a process."""
    register.on(Perceived, lambda event: os.kill(os.getpid(), signal.SIGSEGV))


def prints(register: Register) -> None:
    """Prints rubbish, much of it, on both outputs, and works."""

    def see(event: Perceived) -> None:
        for _ in range(200):
            sys.stdout.write("\x1b[2J\x00{" * 100)
            sys.stderr.write("\xff\n" * 100)
        sys.stdout.flush()
        register.emit(Caption(register.now_ns(), event.t_ns, event.t_ns, "en", "printed"))

    register.on(Perceived, see)


def babbles(register: Register) -> None:
    """Prints without end, from a thread of its own, and works."""

    def babble() -> None:
        while True:
            sys.stdout.write("all work and no play " * 500)

    threading.Thread(target=babble, daemon=True).start()
    register.on(
        Perceived, lambda event: register.emit(Caption(register.now_ns(), event.t_ns, event.t_ns, "en", "printed"))
    )


def nags(register: Register) -> None:
    """Writes small, well-formed messages on the wire without end."""

    def see(event: Perceived) -> None:
        wire = int(sys.argv[1])
        os.set_blocking(wire, True)
        while True:
            os.write(wire, pack("pong", n=1, status="x") * 100)

    register.on(Perceived, see)


def forges(register: Register) -> None:
    """Writes rubbish on the wire itself."""

    def see(event: Perceived) -> None:
        os.write(int(sys.argv[1]), b"\xff" * 64)

    register.on(Perceived, see)


def misconfigured(register: Register) -> None:
    """Cannot be set up as it is configured."""
    raise HeedError("'plugins.misconfigured.key' is missing")
