"""An answer with numbered marks: which of its sentences rests on which percepts.

It works on `reply` lines in the form of `agent.jsonl.to_dict`. Values of a wrong type are treated as missing, so that
damaged and older files can be shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

MAX_MARKS = 64
"""Percepts that one answer may name; those beyond are left out."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of an answer and the numbers of the percepts that it rests on, the most important first."""

    text: str
    marks: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Marked:
    """An answer in pieces, and what their numbers stand for."""

    pieces: tuple[Piece, ...]
    """Together they are the answer, word for word."""
    ids: tuple[str, ...]
    """Of percepts: number 1 is the first. In order of appearance; then those that only the whole answer rests on."""

    @property
    def text(self) -> str:
        """`The light is off. [1] The keys are in the hall. [2, 3]`."""
        return " ".join(
            f"{piece.text} [{', '.join(map(str, piece.marks))}]" if piece.marks else piece.text for piece in self.pieces
        )


def marked(event: Mapping[str, Any]) -> Marked:
    """The answer of a `reply` line.

    The text itself decides what is shown: a sentence that is not found in it marks nothing.
    """
    text = _line(event.get("text"))
    numbers: dict[str, int] = {}
    pieces: list[Piece] = []
    told = 0
    for sentence, named in sentences_of(event):
        at = text.find(sentence, told)
        if at < 0:
            continue
        if between := text[told:at].strip():
            pieces.append(Piece(between))
        told = at + len(sentence)
        pieces.append(Piece(sentence, _numbers(named, numbers)))
    if rest := text[told:].strip():
        pieces.append(Piece(rest))
    _numbers(_ids(event.get("evidence")), numbers)
    return Marked(tuple(pieces), tuple(numbers))


def sentences_of(event: Mapping[str, Any]) -> list[tuple[str, tuple[str, ...]]]:
    """The `sentences` of a `reply` line, each with the ids of the percepts that it rests on."""
    found = event.get("sentences")
    parts = [part for part in found if isinstance(part, Mapping)] if isinstance(found, list | tuple) else []
    lines = [(_line(part.get("text")), _ids(part.get("evidence"))) for part in parts]
    return [(text, named) for text, named in lines if text]


def _numbers(named: tuple[str, ...], numbers: dict[str, int]) -> tuple[int, ...]:
    for name in named:
        if len(numbers) < MAX_MARKS:
            numbers.setdefault(name, len(numbers) + 1)
    return tuple(numbers[name] for name in named if name in numbers)


def _ids(value: object) -> tuple[str, ...]:
    names = value if isinstance(value, list | tuple) else ()
    return tuple(dict.fromkeys(name for name in names if isinstance(name, str)))


def _line(value: object) -> str:
    return " ".join(value.split()) if isinstance(value, str) else ""
