"""Transcripts cut into sentences, each with its time: the unit of translation."""

from __future__ import annotations

import re
from dataclasses import dataclass

from plugins.translation.translator import MAX_SEGMENT_CHARS

_END = re.compile(r"(?<=[.!?…])[\"'”’)]*\s+(?=[\"'“¿¡(]*[^\W\d_a-zà-ÿ]|[¿¡])")
"""Where a sentence ends: a mark, a blank, and a capital."""
_SHORT = re.compile(r"\b(Mr|Mrs|Ms|Dr|St|Prof|Sr|Sra|vs|etc|[A-Z])\.$")
"""A full stop that ends none."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A sentence, or what was said between two pauses."""

    t0_ns: int
    t1_ns: int
    text: str


def pieces(text: str, t0_ns: int, t1_ns: int) -> list[Piece]:
    """The sentences of `text`, said from `t0_ns` to `t1_ns`; times in between are shared out by length."""
    sentences: list[str] = []
    start = 0
    for end in _END.finditer(text):
        if not _SHORT.search(text[: end.start()]):
            sentences.append(text[start : end.end()].strip())
            start = end.end()
    sentences.append(text[start:].strip())
    parts = [part for sentence in sentences for part in _short_enough(sentence)]
    total, said, out = sum(map(len, parts)), 0, []
    for part in parts:
        begin = t0_ns + (t1_ns - t0_ns) * said // total
        said += len(part)
        out.append(Piece(begin, t0_ns + (t1_ns - t0_ns) * said // total, part))
    return out


def _short_enough(sentence: str) -> list[str]:
    """A sentence without end in pieces that engines take, cut between words where there are any."""
    found = []
    while len(sentence) > MAX_SEGMENT_CHARS:
        cut = sentence.rfind(" ", 1, MAX_SEGMENT_CHARS) + 1 or MAX_SEGMENT_CHARS
        found.append(sentence[:cut].strip())
        sentence = sentence[cut:].strip()
    return [*found, sentence] if sentence else found
