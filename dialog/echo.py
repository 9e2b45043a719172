"""Did the microphone hear the agent itself? A comparison of words, for where there is no echo cancellation."""

from __future__ import annotations

import re
import unicodedata
from difflib import SequenceMatcher

_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\U00020000-\U0003ffff"
"""Thai, Lao, Burmese, Khmer, Japanese, Chinese: no blanks between words, so each character counts as one."""
_LETTER = rf"[^\W_{_UNSPACED}]"
_WORD = re.compile(rf"(?=[^\W_])[{_UNSPACED}]|{_LETTER}+(?:'{_LETTER}+)*")

MIN_SHARE = 0.7
"""Share of the heard words that must stand, in order, in what was said. Recognition of one's own voice errs
in about one word of five; a question that merely repeats a word or two of the answer stays below."""


def words(text: str) -> list[str]:
    """Words and numbers of any script, whatever their case and without accents and other marks: a letter with its mark
    may be written as one character or two, and recognition errs in marks first."""
    letters = unicodedata.normalize("NFKD", text.casefold().replace("’", "'"))
    return _WORD.findall("".join(c for c in letters if not unicodedata.category(c).startswith("M")))


def is_echo(heard: str, saying: str) -> bool:
    """True if `heard` is (a part of) `saying`, give or take recognition errors."""
    a, b = words(heard), words(saying)
    if not a or not b:
        return False
    matched = sum(m.size for m in SequenceMatcher(None, a, b, autojunk=False).get_matching_blocks())
    return matched >= MIN_SHARE * len(a)
