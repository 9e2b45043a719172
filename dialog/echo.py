"""Did the microphone hear the agent itself? A comparison of words, for where there is no echo cancellation."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

_WORD = re.compile(r"[a-z0-9']+")

MIN_SHARE = 0.7
"""Share of the heard words that must stand, in order, in what was said. Recognition of one's own voice errs
in about one word of five; a question that merely repeats a word or two of the answer stays below."""


def words(text: str) -> list[str]:
    """Lower-case words and numbers."""
    return _WORD.findall(text.lower())


def is_echo(heard: str, saying: str) -> bool:
    """True if `heard` is (a part of) `saying`, give or take recognition errors."""
    a, b = words(heard), words(saying)
    if not a or not b:
        return False
    matched = sum(m.size for m in SequenceMatcher(None, a, b, autojunk=False).get_matching_blocks())
    return matched >= MIN_SHARE * len(a)
