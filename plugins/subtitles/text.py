"""Words and lines of subtitles: what counts as the same word, how wide a line is, where it breaks."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

MAX_WORDS = 1000
"""Of one utterance; what is beyond is dropped. A recogniser's utterance of 20 s has about 80."""
MAX_WORD_CHARS = 80

_JOINERS = "\u200c\u200d"
"""Formatting characters that some scripts need."""
_SENTENCE_END = re.compile(r"""[.!?…。！？]["'”’»)\]]*$""")
_CLAUSE_END = re.compile(r"""[,;:،、，–—]["'”’»)\]]*$""")
# Words that begin a phrase: a line may well break before them, and should not break behind them.
_OPENERS: dict[str, frozenset[str]] = {
    "en": frozenset(
        "a an the and but or nor so yet if that which who whom whose when while where because as than though although "
        "of in on at by for from with to into onto over under about after before between through during without "
        "my your his her its our their this these those not is are was were has have had will would can could".split()
    ),
    "es": frozenset(
        "el la los las un una unos unas y e o u pero que si porque cuando como donde aunque de del en a al con por "
        "para sin sobre entre desde hasta mi tu su mis tus sus este esta estos estas ese esa no es fue ha han".split()
    ),
    "fr": frozenset(
        "le la les un une des et ou mais que qui si car quand comme où de du en à au aux dans par pour sur avec sans "
        "mon ton son ma ta sa mes tes ses notre votre leur ce cet cette ces ne est sont était a ont".split()
    ),
    "de": frozenset(
        "der die das den dem des ein eine einen einem einer und oder aber dass wenn weil als wie wo ob in im an am auf "
        "aus bei mit nach von vom zu zum zur für über unter vor mein dein sein ihr unser nicht ist sind war hat".split()
    ),
    "it": frozenset(
        "il lo la i gli le un uno una e o ma che se perché quando come dove di del della in a al con per da dal su tra "
        "mio tuo suo questo questa non è sono era ha hanno".split()
    ),
}


def words_of(text: str) -> list[str]:
    """The words of untrusted text: no control characters, lone surrogates or directional overrides; bounded."""
    spaced = (" " if c.isspace() else c for c in text[: MAX_WORDS * MAX_WORD_CHARS])
    kept = "".join(c for c in spaced if c in _JOINERS or unicodedata.category(c) not in ("Cc", "Cf", "Cs"))
    return [word[:MAX_WORD_CHARS] for word in kept.split()[:MAX_WORDS]]


def key_of(word: str) -> str:
    """What makes two readings of a word the same: its letters and digits, whatever their case."""
    return re.sub(r"[\W_]+", "", word.casefold()) or word


def bare(word: str) -> str:
    """A word without the punctuation behind it (of the newest word heard, it is a guess)."""
    return word.rstrip(",.;:!?…。、，！？") or word


def width_of(text: str) -> int:
    """Columns on screen: East Asian wide characters take two, combining marks none."""
    wide = sum(unicodedata.east_asian_width(c) in "WF" for c in text)
    return len(text) + wide - sum(unicodedata.combining(c) > 0 for c in text)


def ends_sentence(word: str) -> bool:
    return bool(_SENTENCE_END.search(word))


def ends_clause(word: str) -> bool:
    return bool(_CLAUSE_END.search(word))


def break_cost(before: str, after: str, language: str) -> float:
    """How bad it is to part two neighbouring words, 0 (the end of a sentence) to 4 (an article from its noun)."""
    if ends_sentence(before):
        return 0.0
    if ends_clause(before):
        return 0.5
    openers = _OPENERS.get(language.split("-")[0], frozenset())
    if key_of(before) in openers:
        return 4.0
    return 1.0 if key_of(after) in openers else 2.0


def pieces(word: str, room: int) -> list[str]:
    """A word in pieces that each fit a line of `room` columns (a language without spaces, or a hostile word)."""
    out = [""]
    for c in word:
        if out[-1] and width_of(out[-1] + c) > room:
            out.append("")
        out[-1] += c
    return out


def lay_out(words: Sequence[str], room: int, lines: int, language: str, first: int = 0) -> list[str] | None:
    """Break words into at most `lines` lines of at most `room` columns, at the ends of phrases where that is possible
    and with lines of similar length; `first` columns of the first line are taken. None when they do not fit.

    Every word must fit a line. Fewest lines first; then the least sum of `break_cost` and of unevenness.
    """
    if not words:
        return []
    best: dict[int, tuple[float, list[int]]] = {0: (0.0, [])}
    for count in range(1, lines + 1):
        reached: dict[int, tuple[float, list[int]]] = {}
        for start, (cost, ends) in best.items():
            used = first if count == 1 else 0
            for end in range(start + 1, len(words) + 1):
                used += width_of(words[end - 1]) + (end > start + 1)
                if used > room:
                    break
                total = cost + ((room - used) / room) ** 2 * 2
                if end < len(words):
                    total += break_cost(words[end - 1], words[end], language)
                if end not in reached or total < reached[end][0]:
                    reached[end] = (total, [*ends, end])
        if len(words) in reached:
            ends = reached[len(words)][1]
            return [" ".join(words[a:b]) for a, b in zip([0, *ends], ends, strict=False)]
        best = reached
    return None
