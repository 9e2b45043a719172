"""A picture: out of half blocks, two pixels in each cell, in any terminal with colours; of pixels where it can."""

from __future__ import annotations

import asyncio

import numpy as np
from numpy.typing import NDArray
from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from agent.ui.kitty import MAX_CELLS, Kitty, cell, colour
from streams.errors import HeedError

UPPER_HALF = "\u2580"
PIXELS = (640, 360)
"""A picture of pixels is sent no larger."""
_STEP = 8
"""Colours are rounded to this, so that a cell whose light hardly changes is not sent again."""


class Picture(Widget):
    """Shows one JPEG, as large as fits. Decoding leaves the event loop; only the newest one that waits is shown."""

    DEFAULT_CSS = "Picture { height: 1fr; }"

    def __init__(self, id: str) -> None:
        super().__init__(id=id)
        self._jpeg: bytes | None = None
        self._strips: list[Strip] = []
        self._kitty: Kitty | None = None
        self._held: list[int] = []
        """Numbers of what the terminal holds for us, the newest last; 0: none is shown."""
        self._painted = -1
        """The last one of which cells were painted."""
        self._left = False

    def use(self, kitty: Kitty) -> None:
        """Show pixels from now on."""
        self._kitty = kitty

    async def show(self, jpeg: bytes | None) -> None:
        """Show it; None shows nothing."""
        self._jpeg = jpeg
        await self.draw()

    async def on_resize(self) -> None:
        """Another number of cells."""
        await self.draw()

    def render_line(self, y: int) -> Strip:
        """One row of cells."""
        if self._held and self._painted != self._held[-1]:
            self._painted = self._held[-1]
            # Only when the new one is on the screen: so nothing flickers.
            self.call_after_refresh(self._take_back, self._painted)
        return self._strips[y] if y < len(self._strips) else Strip.blank(self.size.width, self.rich_style)

    async def draw(self) -> None:
        """Draw it again, for another size or other colours."""
        if self._kitty is not None:
            if not self._left:
                await self._draw_pixels(self._kitty)
            return
        jpeg, size = self._jpeg, self.size
        strips: list[Strip] = []
        if jpeg is not None and size.width > 0 and size.height > 0:
            strips = await asyncio.to_thread(half_blocks, jpeg, size.width, size.height, self.rich_style)
        if jpeg is self._jpeg and size == self.size and strips != self._strips:
            self._strips = strips
            self.refresh()

    def leave(self) -> None:
        """The terminal keeps nothing of it, and no more is drawn. While our screen is still the terminal's: it keeps
        the pictures of each screen apart, and would never again be told to forget this one."""
        self._left = True
        held, self._held = self._held, []
        if self._kitty is not None and any(held):
            # What is painted after this may still be written: it must not show what the terminal no longer holds, nor
            # may the rows that are kept from before.
            self._strips = []
            self.refresh()
            self._forget(held)

    def on_unmount(self) -> None:
        """As `leave`, where nobody has said it."""
        self.leave()

    async def _draw_pixels(self, kitty: Kitty) -> None:
        jpeg, size, sent = self._jpeg, self.size, 0
        pixels = await asyncio.to_thread(png_of, jpeg) if jpeg is not None else None
        if self._left or jpeg is not self._jpeg or size != self.size:
            return  # whoever changed it draws it
        self._strips = []
        if pixels is not None and size.width > 0 and size.height > 0:
            png, width, height = pixels
            columns, rows = _cells(width, height, min(size.width, MAX_CELLS), min(size.height, MAX_CELLS))
            sent = kitty.send(png, columns, rows)
            self._strips = placeholders(sent, columns, rows, size.width, self.rich_style)
        if self._held and self._held[-1] != self._painted:
            self._forget([self._held.pop()])  # nobody has seen it
        self._held.append(sent)
        self.refresh()

    def _take_back(self, shown: int) -> None:
        """The terminal need no longer hold what was shown before this one."""
        if shown in self._held:
            at = self._held.index(shown)
            self._forget(self._held[:at])
            del self._held[:at]

    def _forget(self, numbers: list[int]) -> None:
        for number in numbers:
            if self._kitty is not None and number:
                self._kitty.forget(number)


def _cells(width: int, height: int, columns: int, rows: int) -> tuple[int, int]:
    """The largest number of cells, twice as high as wide each, with the form of a picture."""
    scale = min(columns / width, 2 * rows / height)
    return max(1, int(width * scale)), max(1, int(height * scale / 2))


def _decoded(jpeg: bytes) -> NDArray[np.uint8] | None:
    """`[height, width, 3]` of an untrusted JPEG, whose size is checked before; None if it cannot be shown."""
    from streams.sources.photo import decode_jpeg

    try:
        return decode_jpeg(jpeg, "the picture")
    except HeedError:
        return None


def png_of(jpeg: bytes) -> tuple[bytes, int, int] | None:
    """A JPEG as a PNG of at most `PIXELS`, its width and height; None if it cannot be shown."""
    import cv2

    if (rgb := _decoded(jpeg)) is None:
        return None
    height, width = rgb.shape[:2]
    scale = min(1.0, PIXELS[0] / width, PIXELS[1] / height)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    small = cv2.resize(rgb, size, interpolation=cv2.INTER_AREA)
    done, png = cv2.imencode(".png", cv2.cvtColor(small, cv2.COLOR_RGB2BGR))
    return (png.tobytes(), *size) if done else None


def placeholders(number: int, columns: int, rows: int, width: int, background: Style) -> list[Strip]:
    """Rows of cells, `width` wide, with the terminal's picture of this number in the middle."""
    style = Style(color=colour(number), bgcolor=background.bgcolor)
    # A segment for each cell: what covers a part of the picture cuts between segments, never within one.
    return [
        _centred([Segment(cell(row, column), style) for column in range(columns)], columns, width, background)
        for row in range(rows)
    ]


def half_blocks(jpeg: bytes, width: int, height: int, background: Style) -> list[Strip]:
    """A JPEG in cells, in the middle of `width` by `height` of them; no rows if it cannot be shown."""
    import cv2

    if (rgb := _decoded(jpeg)) is None:
        return []
    columns, rows = _cells(rgb.shape[1], rgb.shape[0], width, height)
    small = np.asarray(cv2.resize(rgb, (columns, 2 * rows), interpolation=cv2.INTER_AREA), np.uint8)
    return strips_of(small, width, background)


def _centred(cells: list[Segment], columns: int, width: int, background: Style) -> Strip:
    left = (width - columns) // 2
    right = width - columns - left
    before = [Segment(" " * left, background)] if left else []
    after = [Segment(" " * right, background)] if right else []
    return Strip([*before, *cells, *after], width)


def strips_of(rgb: NDArray[np.uint8], width: int, background: Style) -> list[Strip]:
    """Rows of cells, `width` wide, with the `[2 * rows, columns, 3]` picture in the middle."""
    rounded = (rgb // _STEP * _STEP + _STEP // 2).tolist()
    strips = []
    for y in range(0, rgb.shape[0] - 1, 2):
        cells = [
            Segment(UPPER_HALF, Style(color=Color.from_rgb(*over), bgcolor=Color.from_rgb(*under)))
            for over, under in zip(rounded[y], rounded[y + 1], strict=True)
        ]
        strips.append(_centred(cells, rgb.shape[1], width, background).simplify())
    return strips
