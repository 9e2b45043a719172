"""The words that an answer rests on, where they say more than it: what somebody said in several clauses is quoted.

`Tap's by the rubbish point, Wendeline said so at 10:38.` tells one clause of what was said. A small model finds the
right utterance far more often than the right clause of it, so the runtime adds the words themselves.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from dialog.model.pointing import QUOTATION, TIME, Line

_SOURCE = re.compile(rf"{QUOTATION}|, (?P<who>[^,!?~\"\n]{{1,40}}) (?:said so|wrote it) at (?P<clock>{TIME})\.")
"""How an answer names what it rests on; what stands within a quotation is somebody's own words, and stays."""

_UTTERANCE = re.compile(r'(?P<who>.+?) (?:says|writes): "(?P<words>.*)"', re.DOTALL)
_SEVERAL = re.compile(r"[.!?;] |, (?:and|but|so|because|or)\b")
"""What stands between clauses."""

_WORD = re.compile(r"\w+")

UNTOLD = 3
"""Words of an utterance that its answer does not have, at least, for it to be quoted."""


def sourced(text: str, lines: Sequence[Line]) -> str:
    """A text with the words that it rests on behind `NAME said so at CLOCK`, where they say more than what is before.

    Args:
        text: an answer, or its beginning; nothing before the full stop of such a sentence changes.
        lines: all percepts held.
    """

    def quoted(found: re.Match[str]) -> str:
        if found["who"] is None:
            return found[0]
        claim = set(_WORD.findall(text[: found.start()].lower()))
        for line in reversed(lines):
            said = _UTTERANCE.fullmatch(line.text) if line.clock == found["clock"] else None
            if said is not None and said["who"].lower() == found["who"].lower():
                untold = [word for word in _WORD.findall(said["words"].lower()) if word not in claim]
                if len(untold) >= UNTOLD and _SEVERAL.search(said["words"]):
                    return f'{found[0][:-1]}: "{said["words"]}"'
        return found[0]

    return _SOURCE.sub(quoted, text)
