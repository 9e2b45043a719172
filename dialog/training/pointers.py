"""What the model is taught to write where it points instead of telling (`dialog.model.pointing`).

Makers of questions give the answer as it is told. Where a mark stands for just that, the mark is what is learned: what
was last, or next to something, need not be read off the percepts, and is told without a slip.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from dialog.model.pointing import Line, as_line, tell
from dialog.model.span import asked_span
from dialog.training.asking import Question, says_yes
from dialog.training.days import Day

LISTS = frozenset({"summary", "recent", "since", "between"})

EDGE = re.compile(r"I have not noticed anything (after|before) ")

WHERE = re.compile(r"I have not (?:noticed|seen) anything(?: at (?P<clock>(?:[A-Z]\w\w )?\d+:\d\d))?"
                   r"(?: (?:at|in|on) (?:the )?(?P<place>.+?))?(?: yet)?\.")  # fmt: skip


def taught(day: Day, asked: Question) -> tuple[str, Question]:
    """What is to be written for a question, and the question with what that rests on.

    The expected answer itself where no mark stands for it. What came next to something is found by finding that.
    """
    lines = _lines(day, asked)
    if len(lines) != len(day.facts):
        return asked.answer, asked
    for mark, at, sure in _marks(asked, lines):
        marked = [replace(line, liking=float(i == at)) for i, line in enumerate(lines)]
        if sure or tell(mark, marked) == asked.answer:
            return mark, asked if at is None else replace(asked, evidence=(at,))
    return asked.answer, asked


def _lines(day: Day, asked: Question) -> list[Line]:
    span = asked_span(asked.text, day.now, day.now_ns)
    told = []
    for fact in day.facts:
        line = as_line(fact.percept.id, fact.line)
        if line is not None:
            told.append(replace(line, asked=span is None or span.holds(line.begun, fact.percept.t0_ns)))
    return told


def _marks(asked: Question, lines: Sequence[Line]) -> Iterator[tuple[str, int | None, bool]]:
    """Marks that may stand for an answer, the likeliest first; which percept is to be found for one; and whether it is
    right though it tells the answer in other words."""
    if not asked.answerable:
        yield from _empty(asked, lines)
        return
    if not asked.evidence:
        return
    yes = "any " if asked.answer.startswith("Yes, ") else ""
    told = lines[max(asked.evidence) if asked.kind == "view" else asked.evidence[0]]
    places = ["", f" {told.place}"]
    if told.place.lower() in asked.text.lower():
        places.reverse()
    for place in places:
        if asked.kind in LISTS or asked.kind == "event":
            yield f"~{yes}last {1 if asked.kind == 'event' else 3}{place}~", None, False
        elif asked.kind == "first event":
            yield f"~first 1{place}~", None, False
        elif asked.kind == "view":
            yield f"~view{place}~", None, False
        elif asked.kind == "at":
            yield f"~{yes}at {told.begun}{place}~", None, False
        elif asked.kind in ("after", "before"):
            here = [i for i, line in enumerate(lines) if not place or line.place == told.place]
            at = here.index(asked.evidence[0]) + (-1 if asked.kind == "after" else 1)
            if 0 <= at < len(here):
                yield f"~{yes}{asked.kind} {lines[here[at]].begun}{place}~", here[at], False


def _empty(asked: Question, lines: Sequence[Line]) -> Iterator[tuple[str, int | None, bool]]:
    """The same for what nothing was perceived of: that too is for the runtime to say."""
    kind = asked.kind.removeprefix("no ")
    yes = "any " if says_yes(asked.text) else ""
    if kind in ("after", "before") and lines and EDGE.match(asked.answer):
        at = len(lines) - 1 if kind == "after" else 0
        yield f"~{yes}{kind} {lines[at].begun}~", at, True
    found = WHERE.fullmatch(asked.answer)
    place = f" {found['place']}" if found and found["place"] else ""
    if kind in ("recent", "since", "between"):
        yield f"~{yes}last 3~", None, True
    elif found and kind in ("event", "summary", "view"):
        mark = f"~view{place}~" if kind == "view" else f"~{yes}last {1 if kind == 'event' else 3}{place}~"
        # Of an unknown place it is told, too, which ones are known.
        yield mark, None, tell(mark, lines).startswith(asked.answer.rstrip("."))
    elif found and kind == "at" and found["clock"]:
        yield f"~{yes}at {found['clock']}{place}~", None, False
