"""How the language model says that it does not know."""

from __future__ import annotations

import re

REFUSAL = re.compile(r"\b(don't know|do not know|have not (seen|heard|noticed)|no fault|not been mentioned)\b", re.I)
"""What counts as saying that one does not know."""

_BEGINS = ("i don't know", "i do not know", "i have not ", "i have noticed no", "no, i have not ", "nobody has ")


def may_refuse(begun: str) -> bool:
    """Whether an answer that begins so may become one that says that it does not know."""
    text = begun.lstrip().lower()
    return any(text.startswith(begin) or begin.startswith(text) for begin in _BEGINS)
