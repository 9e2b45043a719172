"""Whether the terminal can show pictures out of pixels: it is asked, before the screen takes it over."""

from __future__ import annotations

import os
import re
import select
import termios
import tty
from dataclasses import dataclass

from streams.clock import MonotonicClock
from streams.types import NS, ns

ASK = "\x1b[>q\x1b[c"
"""Its name and version (XTVERSION), then what every terminal answers (device attributes): that ends the wait."""
WAIT_S = 0.3
_MAX_BYTES = 4096
_NAMED = re.compile(rb"\x1bP>\|([^\x1b]{1,100})\x1b\\")
_ENDED = re.compile(rb"\x1b\[\?[0-9;]*c")
_VERSION = re.compile(r"kitty\D{0,2}(\d+)\.(\d+)")
PLACEHOLDERS_SINCE = (0, 28)
"""Version of kitty that first showed pictures in the place of text."""


@dataclass(frozen=True, slots=True)
class Terminal:
    """What is known of the terminal when the screen takes it over."""

    pixels: bool = False
    """It shows pictures by kitty's placeholders."""
    in_tmux: bool = False
    typed: str = ""
    """What was typed before there was a prompt."""


def may_have_pixels(kind: str) -> bool:
    """Whether it is worth asking a terminal with this `TERM`."""
    return "kitty" in kind or "ghostty" in kind


def has_pixels(read_fd: int, write_fd: int) -> tuple[bool, str]:
    """Ask the terminal; returns whether it knows kitty's placeholders, and what was typed meanwhile.

    Both descriptors are of a terminal. Takes as long as its answer, or `WAIT_S`.
    """
    before = termios.tcgetattr(read_fd)
    try:
        tty.setcbreak(read_fd, termios.TCSADRAIN)
        os.write(write_fd, ASK.encode())
        got = _read(read_fd)
    finally:
        termios.tcsetattr(read_fd, termios.TCSADRAIN, before)
    named = _NAMED.search(got)
    typed = _ENDED.sub(b"", _NAMED.sub(b"", got)).decode("utf-8", "ignore")
    return knows_placeholders(named[1].decode("utf-8", "replace") if named else ""), _plain(typed)


def knows_placeholders(name: str) -> bool:
    """By its own name and version, as `kitty(0.35.2)` or `ghostty 1.1.3`."""
    if name.lower().startswith("ghostty"):
        return True
    found = _VERSION.match(name.lower())
    return found is not None and (int(found[1]), int(found[2])) >= PLACEHOLDERS_SINCE


def _read(fd: int) -> bytes:
    clock, got = MonotonicClock(), b""
    until_ns = clock.now_ns() + ns(WAIT_S)
    while len(got) < _MAX_BYTES and not _ENDED.search(got):
        ready, _, _ = select.select([fd], [], [], max(0.0, (until_ns - clock.now_ns()) / NS))
        if not ready or not (more := os.read(fd, 1024)):
            break
        got += more
    return got


def _plain(typed: str) -> str:
    """Letters only: keys that send an escape sequence are left out."""
    return "".join(c for c in re.sub(r"\x1b(\[[0-9;?]*.|O.|.)?", "", typed) if c.isprintable())
