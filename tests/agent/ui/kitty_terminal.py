"""As much of a terminal with kitty's graphics as the tests need: which pictures it holds, and where they are shown."""

from __future__ import annotations

import base64
import re

import cv2
import numpy as np

from agent.ui.kitty import CHUNK, MARKS, PLACEHOLDER

_MESSAGE = re.compile(r"\x1b_G([^;\x1b]*);?([^\x1b]*)\x1b\\")
_CELL = re.compile(rf"\x1b\[[0-9;]*38;2;(\d+);(\d+);(\d+)[0-9;]*m|{PLACEHOLDER}(.)(.)|\x1b\[[0-9;]*m")


class KittyTerminal:
    """Takes in what a program writes."""

    def __init__(self) -> None:
        self.pictures: dict[int, np.ndarray] = {}
        self.sizes: dict[int, tuple[int, int]] = {}
        """Columns and rows, as asked for."""
        self.lost: list[int] = []
        """Pictures that were shown when they were not held."""
        self.shown: dict[int, set[tuple[int, int]]] = {}
        """For each number, the `(row, column)` parts that were ever written."""
        self._open: tuple[dict[str, str], str] | None = None

    def feed(self, text: str) -> None:
        """More of it; messages must be whole."""
        at = 0
        for found in _MESSAGE.finditer(text):
            self._text(text[at : found.start()])
            self._graphics(dict(pair.split("=") for pair in found[1].split(",")), found[2])
            at = found.end()
        self._text(text[at:])

    def _graphics(self, keys: dict[str, str], data: str) -> None:
        assert len(data) <= CHUNK
        if keys.get("a") == "d":
            assert keys["d"] == "I"
            del self.pictures[int(keys["i"])]
            return
        head, before = self._open or (keys, "")
        self._open = head, before + data
        if keys["m"] == "0":
            self._open = None
            assert (head["a"], head["U"], head["f"], head["q"]) == ("T", "1", "100", "2")
            picture = cv2.imdecode(np.frombuffer(base64.b64decode(before + data), np.uint8), cv2.IMREAD_COLOR)
            assert picture is not None
            number = int(head["i"])
            self.pictures[number] = np.asarray(picture)[:, :, ::-1]
            self.sizes[number] = int(head["c"]), int(head["r"])

    def _text(self, text: str) -> None:
        number = 0
        for found in _CELL.finditer(text):
            if found[1]:
                number = int(found[1]) << 16 | int(found[2]) << 8 | int(found[3])
            elif found[4]:
                self.shown.setdefault(number, set()).add((MARKS.index(found[4]), MARKS.index(found[5])))
                if number not in self.pictures:
                    self.lost.append(number)
