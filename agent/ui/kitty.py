"""Pictures out of pixels, in terminals with kitty's graphics protocol and its Unicode placeholders (kitty, Ghostty).

The picture is sent beside the text and given a number; then any cell that holds the placeholder character, in the
colour of that number, shows its part of it. So a picture is text to all that draws the screen: it is clipped, covered
and drawn again like any other, and a new one takes its place in one step. Protocol: kitty's documentation, "Terminal
graphics protocol", sections "Transferring pixel data" and "Unicode placeholders".
"""

from __future__ import annotations

import base64
from collections.abc import Callable

from rich.color import Color

PLACEHOLDER = "\U0010eeee"
CHUNK = 4096
"""Characters of data in one message, at most."""
_MARKS = (
    "305 30d-30e 310 312 33d-33f 346 34a-34c 350-352 357 35b 363-36f 483-487 592-595 597-599 59c-5a1 5a8-5a9 "
    "5ab-5ac 5af 5c4 610-617 657-65b 65d-65e 6d6-6dc 6df-6e2 6e4 6e7-6e8 6eb-6ec 730 732-733 735-736 73a 73d "
    "73f-741 743 745 747 749-74a 7eb-7f1 7f3 816-819 81b-823 825-827 829-82d 951 953-954 f82-f83 f86-f87 "
    "135d-135f 17dd 193a 1a17 1a75-1a7c 1b6b 1b6d-1b73 1cd0-1cd2"
)
"""The first of the combining marks that number rows and columns, from 0, as the protocol orders them."""


def _marks() -> str:
    ends = [[int(end, 16) for end in span.split("-")] for span in _MARKS.split()]
    return "".join(chr(code) for span in ends for code in range(span[0], span[-1] + 1))


MARKS = _marks()
MAX_CELLS = len(MARKS)
"""Columns or rows of a picture, at most."""


class Kitty:
    """Sends pictures to the terminal, and takes them back."""

    def __init__(self, write: Callable[[str], None], seed: int, in_tmux: bool = False) -> None:
        """`write` sends text to the terminal as it is. `seed`, as a process number, keeps the pictures of two programs
        in one terminal apart. `in_tmux` wraps messages as tmux wants them (its `allow-passthrough` must be on)."""
        self._write, self._in_tmux = write, in_tmux
        self._base, self._count = (seed & 0xFFFF) << 8, 0

    def send(self, png: bytes, columns: int, rows: int) -> int:
        """Hand over a picture for so many cells; returns its number, 24 bits, never 0."""
        self._count = self._count % 255 + 1
        number = self._base | self._count
        data = base64.standard_b64encode(png).decode()
        parts = [data[at : at + CHUNK] for at in range(0, len(data), CHUNK)] or [""]
        head = f"a=T,U=1,f=100,i={number},c={columns},r={rows},q=2,"
        self._write(
            "".join(
                self._message(f"{'' if at else head}m={int(at < len(parts) - 1)}", part)
                for at, part in enumerate(parts)
            )
        )
        return number

    def forget(self, number: int) -> None:
        """Take a picture back, and its memory."""
        self._write(self._message(f"a=d,d=I,i={number},q=2"))

    def _message(self, keys: str, data: str = "") -> str:
        message = f"\x1b_G{keys}{';' if data else ''}{data}\x1b\\"
        return "\x1bPtmux;" + message.replace("\x1b", "\x1b\x1b") + "\x1b\\" if self._in_tmux else message


def cell(row: int, column: int) -> str:
    """What stands in the cell that shows this part of a picture."""
    return f"{PLACEHOLDER}{MARKS[row]}{MARKS[column]}"


def colour(number: int) -> Color:
    """The foreground by which such a cell names its picture."""
    return Color.from_rgb(number >> 16, number >> 8 & 255, number & 255)
