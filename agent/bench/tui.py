"""`heed bench tui`: how soon the terminal assistant can be typed into, what it costs idle, and how fast keys show.

It runs `heed tui` in a pseudo-terminal, as a terminal would: what is measured is what arrives there. A key counts as
shown when its character arrives; the keys are letters that nothing else on the screen has.
"""

from __future__ import annotations

import argparse
import fcntl
import os
import pty
import re
import selectors
import signal
import statistics
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Self

from agent.bench.table import BenchResult
from agent.config import child_environment
from streams.errors import HeedError

HELP = "the terminal assistant: start to first prompt, idle cost, key to screen while it answers"

ROWS, COLUMNS = 30, 100
PROMPT = "Ask, or"
READY = re.compile(r"\u25cf (ready|listening)")
ANSWERING = re.compile(r"\u25cf (thinking|speaking)")
KEYS = "абвгдежзийклмнопрстуфхцчшщъыьэюя"
"""Typed one after the other, then wiped: each is looked for once."""
KEY_GAP_S = 0.06
QUESTION = "What has happened, and what did you see and hear so far?"
LIMIT_S = 180.0
END_S = 10.0
_ESCAPES = re.compile(r"\x1b(\[[0-9;?]*[ -/]*[@-~]|\][^\x07\x1b]*(\x07|\x1b\\)|[@-Z\\-_])")


class Terminal:
    """A command in a pseudo-terminal. A context manager."""

    def __init__(self, command: Sequence[str]) -> None:
        self._command = command
        self._text = ""
        self._rest = b""

    def __enter__(self) -> Self:
        main, other = pty.openpty()
        fcntl.ioctl(other, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        env = child_environment(TERM="xterm-256color", COLORTERM="truecolor")
        self.begun = time.perf_counter()
        self._process = subprocess.Popen(
            self._command, stdin=other, stdout=other, stderr=other, env=env, start_new_session=True
        )
        os.close(other)
        self._file = main
        self._waiter = selectors.DefaultSelector()
        self._waiter.register(main, selectors.EVENT_READ)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.type("\x11")  # Ctrl+Q
        try:
            self._drained_wait(END_S)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        self._waiter.close()
        os.close(self._file)

    def type(self, keys: str) -> None:
        """Send keys."""
        os.write(self._file, keys.encode())

    def until(self, seen: Callable[[str], bool], limit_s: float = LIMIT_S) -> float:
        """Read until `seen` says so of all that arrived since the last call; returns when that was.

        Raises:
            HeedError: it ended, or did not come.
        """
        end = time.perf_counter() + limit_s
        while not seen(self._text):
            left = end - time.perf_counter()
            if left <= 0 or not self.read(left):
                raise HeedError(f"the assistant ended, or took longer than {limit_s:.0f} s: {self._text[-200:]!r}")
        self._text = ""
        return time.perf_counter()

    def read(self, limit_s: float) -> bool:
        """Read what arrives within that time, at most one piece. False: the other side has closed."""
        if not self._waiter.select(limit_s):
            return True
        try:
            data = os.read(self._file, 1 << 16)
        except OSError:
            return False
        text = (self._rest + data).decode("utf-8", "ignore")
        self._text = (self._text + _ESCAPES.sub("", text))[-100_000:]
        return bool(data)

    def cpu_s(self) -> float:
        """Processor time that the process has used.

        Raises:
            HeedError: this system has no /proc.
        """
        try:
            with open(f"/proc/{self._process.pid}/stat") as file:
                fields = file.read().rpartition(")")[2].split()
        except OSError as error:
            raise HeedError("the idle cost can be measured on Linux only") from error
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def _drained_wait(self, limit_s: float) -> None:
        end = time.perf_counter() + limit_s
        while self._process.poll() is None and time.perf_counter() < end:
            if not self.read(0.1):
                break
        self._process.wait(max(0.1, end - time.perf_counter()))


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--starts", type=int, default=5, help="how often it is started (default: 5)")
    parser.add_argument("--idle-s", type=float, default=20.0, help="how long it is watched idle (default: 20)")
    parser.add_argument("--questions", type=int, default=5, help="answers during which keys are typed (default: 5)")


def run(args: argparse.Namespace) -> BenchResult:
    command = [sys.executable, "-m", "agent.cli", "tui"]
    starts = []
    for _ in range(max(1, args.starts) - 1):
        with Terminal(command) as terminal:
            starts.append(terminal.until(lambda text: PROMPT in text) - terminal.begun)
    with Terminal(command) as terminal:
        starts.append(terminal.until(lambda text: PROMPT in text) - terminal.begun)
        loading = type_keys(terminal, lambda text: READY.search(text) is not None)
        ready = time.perf_counter() - terminal.begun
        settle(terminal)
        before = terminal.cpu_s()
        idle_begun = time.perf_counter()
        rest(terminal, args.idle_s)
        idle = (terminal.cpu_s() - before) / (time.perf_counter() - idle_begun)
        calm = type_keys(terminal, lambda text: False, len(KEYS))
        answering: list[float] = []
        for _ in range(max(1, args.questions)):
            terminal.type("\x15" + QUESTION + "\r")  # Ctrl+U wipes what was typed before
            terminal.until(lambda text: ANSWERING.search(text) is not None)
            answering += type_keys(terminal, lambda text: READY.search(text) is not None)
    return result_of(starts, ready, idle, {"idle": calm, "loading": loading, "answering": answering})


def type_keys(terminal: Terminal, until: Callable[[str], bool], at_most: int = 2000) -> list[float]:
    """Type letters until that is seen; returns the seconds from each key to the screen."""
    delays: list[float] = []
    is_over = False
    terminal.type("\x15")
    while not is_over and len(delays) < at_most:
        key = KEYS[len(delays) % len(KEYS)]
        sent, seen = time.perf_counter(), ""

        def shown(text: str, key: str = key) -> bool:
            nonlocal seen
            seen = text
            return key in text

        terminal.type(key)
        delays.append(terminal.until(shown) - sent)
        is_over = until(seen)
        if key == KEYS[-1]:
            terminal.type("\x15")
        is_over = rest(terminal, KEY_GAP_S, until) or is_over
    return delays


def rest(terminal: Terminal, seconds: float, until: Callable[[str], bool] = lambda text: False) -> bool:
    """Read on for so long; whether that was seen meanwhile."""
    end = time.perf_counter() + seconds
    while (left := end - time.perf_counter()) > 0:
        terminal.read(left)
    found = until(terminal._text)
    terminal._text = ""
    return found


def settle(terminal: Terminal, still_s: float = 3.0) -> None:
    """Wait until it uses hardly any processor time."""
    while True:
        before = terminal.cpu_s()
        rest(terminal, still_s)
        if terminal.cpu_s() - before < 0.2 * still_s:
            return


def result_of(starts: list[float], ready_s: float, idle: float, keys: dict[str, list[float]]) -> BenchResult:
    """The table and the figures."""
    start_s = statistics.median(starts)
    rows = [
        ("start to first prompt", f"{start_s:.2f} s", f"{max(starts):.2f} s", str(len(starts))),
        ("start to ready", f"{ready_s:.1f} s", "", "1"),
        ("idle, share of a core", f"{100 * idle:.1f} %", "", "1"),
    ]
    figures: dict[str, object] = {
        "start_s": round(start_s, 3),
        "start_worst_s": round(max(starts), 3),
        "ready_s": round(ready_s, 2),
        "idle_share": round(idle, 4),
    }
    for name, delays in keys.items():
        ordered = sorted(delays) or [0.0]
        p50, p95 = statistics.median(ordered), ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]
        rows.append(
            (f"key to screen, {name}", f"{1000 * p50:.0f} ms", f"{1000 * ordered[-1]:.0f} ms", str(len(delays)))
        )
        figures |= {f"key_{name}_p50_ms": round(1000 * p50, 1), f"key_{name}_p95_ms": round(1000 * p95, 1)}
        figures |= {f"key_{name}_worst_ms": round(1000 * ordered[-1], 1), f"keys_{name}": len(delays)}
    return BenchResult("tui", ("what", "median", "worst", "times"), rows, figures)
