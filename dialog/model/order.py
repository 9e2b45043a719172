"""Which of two things came first: the model names both with their clock times, and the runtime draws the conclusion.

`The horn was at 00:42, the bang at 00:43, so ...`: a small model copies both times reliably and compares them badly, as
it subtracts them badly (`dialog.model.reckon`). What it writes after `so` is only the form of the conclusion.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from dialog.model.pointing import QUOTATION, TIME

_SIGN = " was at "
"""Without it there is nothing to conclude from: looking for more takes longer."""

_THING = r"(?:\"[^\"\n]*\"|[^.!?~\"\n]){1,120}?"
"""What happened, in words; the text of a sign may hold anything."""
_NAMED = rf"(?P<a>{_THING}) was at (?P<ta>{TIME}), (?P<b>{_THING}) at (?P<tb>{TIME}), so"

_BEGUN = re.compile(rf"{_NAMED}(?P<end>(?: {_THING})?)$")
_WHOLE = re.compile(rf"{QUOTATION}|(?P<head>{_NAMED} )(?P<end>{_THING})(?=[.!?\n])")
_WHICH = re.compile(r".+ was (?P<how>first|earlier|later|last)")
_LATER = re.compile(r"\b(after|later|last)\b", re.I)


def concluded(text: str, clocks: Mapping[str, int], question: str) -> str:
    """A text with the conclusions that its clock times give.

    Args:
        text: what the model wrote, `The horn was at 00:42, the bang at 00:43, so the bang was first.`
        clocks: times as they stand in percepts -> stream time, ns. A conclusion from others stays as it is, and so does
            one from two that are the same.
        question: what was asked; a yes or no depends on whether it asks for before or after.
    """
    if _SIGN not in text:
        return text

    def told(found: re.Match[str]) -> str:
        return found[0] if found["head"] is None else found["head"] + _conclusion(found, clocks, question)

    return _WHOLE.sub(told, text)


def begun_at(text: str) -> int:
    """Where the conclusion begins within which a text ends; -1 where it ends in none."""
    found = _BEGUN.search(text) if _SIGN in text else None
    return -1 if found is None else found.start("end")


def _conclusion(found: re.Match[str], clocks: Mapping[str, int], question: str) -> str:
    a, b = clocks.get(found["ta"]), clocks.get(found["tb"])
    if a is None or b is None or a == b:
        return found["end"]
    if (which := _WHICH.fullmatch(found["end"])) is not None:
        named = found["a" if (a < b) != bool(_LATER.search(which["how"])) else "b"].strip()
        return f"{named[:1].lower()}{named[1:]} was {which['how']}"
    if found["end"] in ("yes", "no") and question:
        return "yes" if (a < b) != bool(_LATER.search(question)) else "no"
    return found["end"]
