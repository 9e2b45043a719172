"""Telling what the model points at: it names a time or how many, and the runtime says what was perceived, word by word.

In an answer `~last 3~` stands for the newest three things of the time that is asked about (all of it, where none is),
`~last 1 gate~` for the newest at the gate, `~first 1~` for the oldest, `~at 14:03~` for what was at 14:03,
`~after 14:03~` and `~before 14:03~` for what came next to what was then, `~view~` for the picture and what was seen
last. With `any ` before it, a mark that finds something begins with `Yes, `. A small model finds well what a question
describes; what came last, or next to something, looks like nothing in the question. So it is trained to write such
marks, as it writes marks of time (`dialog.model.reckon`), and what they stand for is told from the percepts themselves,
in their order.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from streams import wording
from streams.places import told, where_is

TIME = r"(?:[A-Z]\w\w )?\d[\d:]{0,7}"
"""A clock time in a mark, as a pattern: `14:03`, `Tue 14:03`, `0:12`."""

QUOTATION = r'"[^"\n]*(?:"|$)'
"""Somebody's own words in an answer, as a pattern: nothing in them is changed."""

POINT = re.compile(
    r"~(?P<any>any )?(?:(?P<end>last|first)(?: (?P<n>[1-9]))?|(?P<view>view)"
    rf"|(?P<how>at|after|before) (?P<clock>{TIME}))(?: (?P<place>[^~\n]{{1,60}}))?~"
)

_NOWHERE = frozenset(
    "beginning day end entry evening image list log moment morning night picture scene start time today view".split()
)
"""What is named in the place of a place and is none."""

_LIKE = re.compile(rf"~(?:any|last|first|at|after|before|{'|'.join(sorted(_NOWHERE))})\b[^~\n]{{0,60}}~")
"""What was meant as a mark."""

MOST = 3
"""Things that happened at one time which are told, the newest of them."""

PLACES = 4
"""Places which are named to one who asked for another, at most."""

_LINE = re.compile(rf"(?P<clock>{TIME}(?: to {TIME})?) (?:(?P<place>.*?): )?(?P<text>.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Line:
    """A percept that may be told."""

    name: str
    """Its id."""
    clock: str
    """`14:03`, of a merged one `09:00 to 10:00`."""
    place: str
    text: str
    liking: float = 0.0
    """How much the question needs it, in the selector's measure."""
    asked: bool = True
    """Whether it lies in the time that the question names."""

    @property
    def begun(self) -> str:
        """The clock time at which it began."""
        return self.clock.partition(" to ")[0]


def as_line(name: str, line: str, liking: float = 0.0, asked: bool = True) -> Line | None:
    """A percept's line, `14:03 gate: a dog enters`, in its parts; None for one without a time."""
    found = _LINE.fullmatch(line)
    if found is None:
        return None
    # Nothing seen or heard may look like a mark once it is told.
    return Line(name, found["clock"], found["place"] or "", found["text"].replace("~", "-"), liking, asked)


def pointed_at(mark: re.Match[str], lines: Sequence[Line]) -> list[Line]:
    """What a mark stands for, in the order in which it is told: the newest first, unless the oldest are asked for.

    Args:
        mark: a match of `POINT`.
        lines: all percepts held, in order of time.
    """
    here = _at(mark["place"] or "", lines)
    if not here and mark["how"] and _happened(mark["place"] or "", mark["clock"], lines):
        here = lines
    if mark["end"]:
        asked, n = [line for line in here if line.asked], int(mark["n"] or 1)
        return asked[:n] if mark["end"] == "first" else asked[-n:][::-1]
    if mark["view"]:
        return _in_view(here)
    then = [i for i, line in enumerate(here) if line.begun == mark["clock"]]
    if mark["how"] == "at" or not then:
        return [here[i] for i in then][-MOST:][::-1]
    # Of several things within a minute, the question means the one that it needs most.
    at = max(then, key=lambda i: here[i].liking) + (1 if mark["how"] == "after" else -1)
    return list(here[at : at + 1]) if at >= 0 else []


def _at(place: str, lines: Sequence[Line]) -> Sequence[Line]:
    """What was at a place of this name; where none is called so, at those whose names hold all its words (`gate` for
    `north gate`). All of it where no place is named."""
    if not place:
        return lines
    name = place.casefold()
    exactly = [line for line in lines if line.place.casefold() == name]
    near = exactly or [line for line in lines if set(name.split()) <= set(line.place.casefold().split())]
    return near or (lines if name in _NOWHERE else [])


def _happened(words: str, clock: str, lines: Sequence[Line]) -> bool:
    """Whether words in the place of a place tell what happened then (`~after 10:20 bell ringing~`)."""
    wanted = set(words.casefold().split())
    return any(line.begun == clock and wanted <= set(re.findall(r"\w+", line.text.casefold())) for line in lines)


def _in_view(here: Sequence[Line]) -> list[Line]:
    """The picture, unless another has replaced it that was not understood, and what was seen last."""
    newest = next((line for line in reversed(here) if wording.is_seen(line.text)), None)
    pictures = (line for line in reversed(here) if line.text.startswith((wording.PICTURE, wording.scene_change())))
    picture = next(pictures, None)
    shown = [picture] if picture is not None and picture.text.startswith(wording.PICTURE) else []
    return shown if newest is None or newest in shown else [*shown, newest]


def said(mark: re.Match[str], lines: Sequence[Line]) -> list[str]:
    """The sentences of a mark, one for each thing that is told; the first begins with a small letter if it may."""
    found = pointed_at(mark, lines)
    if not found:
        return [f"I have not {_nothing(mark, lines)}."]
    texts = [told(line.clock, line.place, line.text) for line in found]
    if mark["view"] and found[0].text.startswith(wording.PICTURE):
        texts[0] = f"I see {found[0].text.removeprefix(wording.PICTURE)}, since {found[0].begun}."
    first = f"yes, {texts[0]}" if mark["any"] else texts[0]
    return [first, *(text[:1].upper() + text[1:] for text in texts[1:])]


def _nothing(mark: re.Match[str], lines: Sequence[Line]) -> str:
    place = mark["place"] or ""
    where = "" if place.casefold() in _NOWHERE else where_is(place)
    if mark["view"]:
        return f"seen anything{where or ' yet'}{_elsewhere(mark, lines)}"
    if mark["end"]:
        when = " in that time" if not all(line.asked for line in lines) else "" if where else " yet"
        return f"noticed anything{when}{where}{_elsewhere(mark, lines)}"
    when = f" at {mark['clock']}" if mark["how"] == "at" else f" {mark['how']} that"
    return f"noticed anything{when}{where}"


def _elsewhere(mark: re.Match[str], lines: Sequence[Line]) -> str:
    """Where something was, for a place of which nothing is known: it may go by another name there."""
    if not mark["place"] or _at(mark["place"], lines):
        return ""
    counted = [line for line in lines if (wording.is_seen(line.text) if mark["view"] else line.asked)]
    names = dict.fromkeys(where_is(line.place.partition(",")[0]).strip() for line in counted)
    known = [name for name in names if name]
    if len(known) > PLACES:
        known[PLACES - 1 :] = [f"at {len(known) - PLACES + 1} more places"]
    return f", only {wording.joined(known)}" if known else ""


def tell(text: str, lines: Sequence[Line], before: str = "") -> str:
    """A text with what it points at in the place of its marks; `before` stands before it. A mark that is none is what
    the model did not know how to say."""
    text = _LIKE.sub(lambda mark: mark[0] if POINT.fullmatch(mark[0]) else "I don't know.", text)
    return POINT.sub(lambda mark: begun(" ".join(said(mark, lines)), before + mark.string[: mark.start()]), text)


def sentences(text: str, lines: Sequence[Line]) -> list[tuple[str, str]]:
    """Each sentence of an answer that points, with the id of the percept that it tells, or nothing."""
    found: list[tuple[str, str]] = []
    before, at = "", 0
    for mark in POINT.finditer(text):
        before += text[at : mark.start()]
        at = mark.end()
        names = [line.name for line in pointed_at(mark, lines)] or [""]
        for name, words in zip(names, said(mark, lines), strict=True):
            found.append(((before + begun(words, before)).strip(), name))
            before = ""
    rest = text[at:].strip(" .")
    return [*found, (rest, "")] if rest else found


def begun(words: str, before: str) -> str:
    """Words with a capital where they begin a sentence."""
    ahead = before.rstrip()
    return words[:1].upper() + words[1:] if not ahead or ahead.endswith((".", "!", "?")) else words
