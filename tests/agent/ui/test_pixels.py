"""Pictures of pixels: what a terminal with kitty's graphics is sent, and how it is asked whether it is one."""

from __future__ import annotations

import asyncio
import codecs
import os
import pty
import select
import signal
import sys
import termios
import threading
from pathlib import Path

import numpy as np
import pytest
from rich.style import Style

from agent.demo.clip import make_clip
from agent.demo.run import espeak
from agent.models.store import ModelStore
from agent.ui import terminal
from agent.ui.app import Assistant
from agent.ui.kitty import MARKS, MAX_CELLS, Kitty
from agent.ui.picture import Picture, placeholders, png_of
from agent.ui.talk import Prompt
from agent.ui.terminal import Terminal, has_pixels, knows_placeholders, may_have_pixels
from streams.sinks.thumbnail import jpeg
from tests.agent.ui.kitty_terminal import KittyTerminal
from tests.agent.ui.scripted import Scripted, percept

LIMIT_S = 90


def picture(light: int, width: int = 320, height: int = 180) -> bytes:
    ramp = np.linspace(0, light, width, dtype=np.uint8)
    return jpeg(np.tile(ramp[None, :, None], (height, 1, 3)), width)


def test_marks_are_those_of_the_protocol() -> None:
    """Its own table starts and ends like this."""
    assert [
        f"{ord(MARKS[n]):x}" for n in (0, 1, 2, 10, 53, 110, 159, 160)
    ] == "305 30d 30e 34b 5c4 818 1cd1 1cd2".split()
    assert len(set(MARKS)) == MAX_CELLS == 161


def test_pictures_are_sent_shown_and_taken_back() -> None:
    terminal = KittyTerminal()
    kitty = Kitty(terminal.feed, seed=0x12345)
    png = png_of(picture(200, 1280, 720))
    assert png is not None and png[1:] == (640, 360)
    first, second = kitty.send(png[0], 40, 11), kitty.send(png[0], 40, 11)
    assert first != second and terminal.pictures[first].shape == (360, 640, 3) and terminal.sizes[first] == (40, 11)
    strips = placeholders(first, 40, 11, 50, Style())
    assert len(strips) == 11 and {strip.cell_length for strip in strips} == {50}
    assert {len(strip.crop(3, 33).text.replace(" ", "")) for strip in strips} == {3 * 28}  # cut between cells
    kitty.forget(first)
    assert set(terminal.pictures) == {second}
    numbers = {kitty.send(png[0], 1, 1) for _ in range(300)}
    assert numbers == set(range(0x234501, 0x234600))


def test_tmux_passes_messages_on() -> None:
    out: list[str] = []
    Kitty(out.append, 1, in_tmux=True).forget(257)
    assert out == ["\x1bPtmux;\x1b\x1b_Ga=d,d=I,i=257,q=2\x1b\x1b\\\x1b\\"]


async def test_a_new_picture_takes_the_place_of_the_old_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """The old one is taken back only when the new one is on the screen, so nothing flickers; none is left."""
    terminal, sent = KittyTerminal(), list[set[int]]()

    def feed(self: Assistant, raw: str) -> None:
        terminal.feed(raw)
        sent.append(set(terminal.pictures))

    monkeypatch.setattr(Assistant, "_send", feed)
    monkeypatch.setenv("COLORTERM", "truecolor")
    backend = Scripted([percept(3, "a person enters")], picture(200))
    app = Assistant(backend, Terminal(pixels=True, typed="wh"))
    async with app.run_test(size=(100, 30)) as pilot:
        shows = app.query_one(Picture)

        async def held(count: int) -> None:
            async with asyncio.timeout(LIMIT_S):
                while len(terminal.pictures) != 1 or len(sent) < count or not shows._strips:
                    await pilot.pause(0.02)

        await held(1)
        await pilot.press("o")
        assert app.query_one(Prompt).value == "who"
        before = len(sent)
        await shows.show(picture(100))
        await held(before + 2)
        (number,) = terminal.pictures
        text = "".join(strip.text for strip in shows._strips)
        columns, rows = terminal.sizes[number]
        assert text.count("\U0010eeee") == columns * rows and len(shows._strips) == rows
        assert {len(held) for held in sent} == {1, 2}, "from the first on there is always one, and no third"
        await shows.show(b"no picture")
        async with asyncio.timeout(LIMIT_S):
            while terminal.pictures:
                await pilot.pause(0.02)
        await shows.show(picture(100))
        assert len(terminal.pictures) == 1 and "\U0010eeee" in shows.render_line(0).text
        await pilot.pause()
        # A frame that is painted while it leaves shows nothing that the terminal was told to forget.
        shows.leave()
        assert not terminal.pictures
        assert not any("\U0010eeee" in shows.render_line(y).text for y in range(shows.size.height))
        assert not any("\U0010eeee" in strip.text for strip in shows.render_lines(shows.size.region)), "kept rows too"
    assert not terminal.pictures


async def test_a_picture_stays_until_the_next_one_is_painted(monkeypatch: pytest.MonkeyPatch) -> None:
    """While nothing is painted, as when an answer gets its row on a busy machine, the screen shows the old one."""
    terminal = KittyTerminal()
    monkeypatch.setattr(Assistant, "_send", lambda self, raw: terminal.feed(raw))
    monkeypatch.setenv("COLORTERM", "truecolor")
    app = Assistant(Scripted([percept(3, "a person enters")], picture(200)), Terminal(pixels=True))
    async with app.run_test(size=(100, 30)) as pilot:
        shows = app.query_one(Picture)
        async with asyncio.timeout(LIMIT_S):
            while len(terminal.pictures) != 1 or shows._painted not in terminal.pictures:
                await pilot.pause(0.02)
        (first,) = terminal.pictures
        with app.batch_update():
            await shows.show(picture(100))
            await pilot.pause()
            await shows.show(picture(50))
            await pilot.pause()
            assert first in terminal.pictures and len(terminal.pictures) == 2
        async with asyncio.timeout(LIMIT_S):
            while len(terminal.pictures) != 1:
                await pilot.pause(0.02)
        assert first not in terminal.pictures
        assert "\U0010eeee" in shows.render_line(0).text
    assert not terminal.pictures


@pytest.mark.parametrize(
    ("name", "knows"),
    [("kitty(0.35.2)", True), ("kitty(0.28.0)", True), ("kitty(0.26.5)", False), ("ghostty 1.1.3", True),
     ("tmux 3.4", False), ("XTerm(379)", False), ("", False), ("kitty", False), ("WezTerm 20240203", False)],
)  # fmt: skip
def test_terminals_by_name(name: str, knows: bool) -> None:
    assert knows_placeholders(name) is knows


def test_which_terminals_are_asked() -> None:
    kinds = ("xterm-kitty", "xterm-ghostty", "xterm-256color", "tmux-256color", "")
    assert [may_have_pixels(kind) for kind in kinds] == [True, True, False, False, False]


@pytest.mark.parametrize(
    ("answers", "pixels", "typed"),
    [(b"\x1bP>|kitty(0.35.2)\x1b\\\x1b[?62;c", True, ""),
     (b"wh\x1bP>|kitty(0.26.5)\x1b\\\x1b[Ao\x1b[?62;52;c", False, "who"),
     (b"\x1b[?62;c", False, ""), (b"hey", False, "hey"), (b"\x1bP>|" + b"x" * 9000, False, None)],
)  # fmt: skip
def test_the_terminal_is_asked_and_no_key_is_lost(
    answers: bytes, pixels: bool, typed: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    if b"\x1b[?" in answers:
        monkeypatch.setattr(terminal, "WAIT_S", 60.0)  # the answer ends the wait
    ours, theirs = pty.openpty()
    before = termios.tcgetattr(theirs)

    def answer() -> None:
        asked = b""
        while not asked.endswith(b"\x1b[c"):
            asked += os.read(ours, 100)
        os.write(ours, answers)

    thread = threading.Thread(target=answer)
    thread.start()
    found = has_pixels(theirs, theirs)
    thread.join(LIMIT_S)
    assert found[0] is pixels and (typed is None or found[1] == typed) and termios.tcgetattr(theirs) == before
    os.close(ours)
    os.close(theirs)


@pytest.mark.models
def test_a_recording_in_a_terminal_with_pixels(tmp_path: Path, store: ModelStore) -> None:
    """The whole program: the terminal answers to its question, and is sent what the recording shows."""
    clip = make_clip(tmp_path, espeak).scene
    pid, fd = pty.fork()
    if pid == 0:
        environment = {**os.environ, "TERM": "xterm-kitty", "COLORTERM": "truecolor", "COLUMNS": "100", "LINES": "30"}
        environment.pop("TMUX", None)
        os.execve(sys.executable, [sys.executable, "-m", "agent.cli", "tui", "--file", str(clip)], environment)
    termios.tcsetwinsize(fd, (30, 100))
    terminal, raw, left_at = KittyTerminal(), "", 0
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while True:
            ready, _, _ = select.select([fd], [], [], LIMIT_S)
            assert ready, raw[-500:]
            try:
                more = decoder.decode(os.read(fd, 65536))
            except OSError:  # it has ended
                break
            raw += more
            if "\x1b[>q" in more:
                os.write(fd, b"\x1bP>|kitty(0.35.2)\x1b\\\x1b[?62;c")
            if not left_at and raw.count("\U0010eeee") > 500:
                left_at = len(raw)
                os.write(fd, b"\x11")
    except BaseException:
        os.kill(pid, signal.SIGKILL)  # it would wait for ever for somebody to read on
        raise
    finally:
        _, status = os.waitpid(pid, 0)
    terminal.feed(raw)
    assert status == 0 and left_at and not terminal.lost and not terminal.pictures
    # On its own screen: the terminal keeps the pictures of the other one, to which it returns, apart.
    assert raw.rindex("a=d,d=I") < raw.rindex("\x1b[?1049l")
    number, parts = max(terminal.shown.items(), key=lambda one: len(one[1]))
    columns, rows = terminal.sizes[number]
    assert parts == {(row, column) for row in range(rows) for column in range(columns)}
