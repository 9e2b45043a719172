"""Reading text off a picture with RapidOCR (PP-OCRv4 through onnxruntime), and which lines belong together."""

from __future__ import annotations

import threading
import unicodedata
from dataclasses import dataclass
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

LARGEST_SIDE = 1920
MOST_SCALE = 3.0
"""Small pictures are enlarged up to this factor: letters of 6 pixels become readable."""
SMALLEST_SIDE = 24
"""Pixels; a smaller piece holds no text."""
MOST_LINES = 64
MOST_CHARS = 80
JOINED_CHARS = 56
"""Lines of one sign are joined up to this length."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text and where it stands: left, top, width and height in pixels of the picture."""

    text: str
    confidence: float
    x: float
    y: float
    width: float
    height: float


class Reader(Protocol):
    """What `Signs` needs: something that reads a picture."""

    def read(self, rgb: NDArray[np.uint8], most_pixels: int) -> list[Line]:
        """Lines in a picture `[h, w, 3]`, which is scaled to at most `most_pixels` pixels before reading."""
        ...


class RapidReader:
    """RapidOCR with its own bundled weights. One serves many streams; one reading at a time."""

    def __init__(self, threads: int = 1) -> None:
        """Load the three networks (detection, direction, recognition), about a second.

        Args:
            threads: processor threads for each network.
        """
        from rapidocr_onnxruntime import RapidOCR

        # the detector's own enlarging is switched off (a side of 32): pieces are scaled here, within a budget
        self._engine = RapidOCR(intra_op_num_threads=threads, inter_op_num_threads=1, det_limit_side_len=32)
        self._lock = threading.Lock()

    def read(self, rgb: NDArray[np.uint8], most_pixels: int) -> list[Line]:
        """See `Reader`; lines that make no sense (single characters, unsure ones) are left out."""
        height, width = rgb.shape[:2]
        if min(height, width) < SMALLEST_SIDE:
            return []
        scale = min(MOST_SCALE, (most_pixels / (height * width)) ** 0.5, LARGEST_SIDE / max(height, width))
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        way = cv2.INTER_CUBIC if scale > 1 else cv2.INTER_AREA
        bgr = cv2.cvtColor(cv2.resize(rgb, size, interpolation=way), cv2.COLOR_RGB2BGR)
        with self._lock:
            found, _ = self._engine(bgr)
        lines = []
        for corners, text, confidence in (found or [])[:MOST_LINES]:
            points = np.asarray(corners, np.float64) / scale
            (x, y), (right, bottom) = points.min(0), points.max(0)
            line = Line(
                " ".join(str(text).split())[:MOST_CHARS],
                float(confidence),
                float(x),
                float(y),
                float(right - x),
                float(bottom - y),
            )
            if makes_sense(line):
                lines.append(line)
        return lines


def makes_sense(line: Line) -> bool:
    """Whether a line is worth saying: long enough, mostly letters and digits, and sure enough for its length."""
    letters = letters_of(line.text)
    if len(letters) < 2 or len(letters) < 0.6 * len(line.text.replace(" ", "")):
        return False
    foreign = any(unicodedata.category(c) == "Lo" for c in letters)  # the recogniser was trained on Chinese foremost
    least = 0.85 if len(letters) <= 3 or foreign else 0.65
    return line.confidence >= least


def letters_of(text: str) -> str:
    """Letters and digits alone, without case and accents: what two readings of one text have in common."""
    return "".join(c for c in unicodedata.normalize("NFKD", text).casefold() if c.isalnum())


def distance(a: str, b: str) -> int:
    """Edit distance (Levenshtein): insertions, deletions and substitutions of characters."""
    previous = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        row = [i]
        for j, y in enumerate(b, 1):
            row.append(min(previous[j] + 1, row[-1] + 1, previous[j - 1] + (x != y)))
        previous = row
    return previous[-1]


def alike(a: str, b: str) -> bool:
    """Whether two readings are of the same text, or one is a piece of the other."""
    a, b = letters_of(a), letters_of(b)
    if min(len(a), len(b)) >= 4 and (a in b or b in a):
        return True
    return distance(a, b) <= 0.3 * max(len(a), len(b))


def grouped(lines: list[Line]) -> list[list[Line]]:
    """Lines of one sign together, in reading order: beside each other, or closely below with like size and place."""
    groups: list[list[Line]] = []
    for line in sorted(lines, key=lambda x: (x.y + x.height / 2, x.x)):
        for group in groups:
            length = sum(len(x.text) + 1 for x in group) + len(line.text)
            if length <= JOINED_CHARS and any(_belongs(other, line) for other in group):
                group.append(line)
                break
        else:
            groups.append([line])
    return [_in_order(group) for group in groups]


def _belongs(a: Line, b: Line) -> bool:
    low, high = sorted((a.height, b.height))
    if high > 1.8 * max(low, 1.0):
        return False
    overlap_x = min(a.x + a.width, b.x + b.width) - max(a.x, b.x)
    overlap_y = min(a.y + a.height, b.y + b.height) - max(a.y, b.y)
    if overlap_y > 0.5 * low:  # one row
        return -1.5 * high < overlap_x < 0.3 * min(a.width, b.width)
    return overlap_y > -0.6 * high and overlap_x > 0.5 * min(a.width, b.width)


def _in_order(group: list[Line]) -> list[Line]:
    """Rows from the top, each from the left."""
    rows: list[list[Line]] = []
    for line in sorted(group, key=lambda x: x.y + x.height / 2):
        middle = line.y + line.height / 2
        if rows and middle < rows[-1][0].y + rows[-1][0].height:
            rows[-1].append(line)
        else:
            rows.append([line])
    return [line for row in rows for line in sorted(row, key=lambda x: x.x)]
