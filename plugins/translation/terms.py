"""Words that are kept as they are: names on signs, of speakers, and names that somebody said.

A term is replaced by a made-up word before the translation and put back after it. An engine that does not carry the
made-up word over exactly once gets the segment again without it: a name may then be translated, but nothing is lost.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from streams.types import Percept, Transcript

MAX_TERMS = 200
"""The oldest is forgotten."""
MAX_TERM_CHARS = 60
MIN_TERM_CHARS = 3

_QUOTED = re.compile(r"[\"“”„«]([^\"“”„«»]{1,240})[\"“”„»]")
_NAME = r"[A-ZÀ-ÖØ-Þ][\w'’-]+(?:\s+[A-ZÀ-ÖØ-Þ][\w'’-]+){0,2}"
_INTRODUCED = re.compile(
    rf"(?:\b(?:Mr|Mrs|Ms|Dr|Sr|Sra|Mme)\.?|\b(?:Miss|Mister|Señora?|Madame|Monsieur|Signora?)|"
    rf"\b(?:[Nn]ame is|[Nn]amed|[Cc]alled|[Mm]e llamo|[Ss]e llama|[Mm]'appelle|[Mm]i chiamo))\s+({_NAME})"
)
"""What follows is a name."""
_ROLE = re.compile(r"(speaker|person|user|caller|guest|sprecher|s|spk)?[\s_-]*\d*", re.IGNORECASE)
"""Speakers' names that are none."""


@dataclass(slots=True)
class Terms:
    """The terms known, by their words in small letters."""

    _known: OrderedDict[str, str]

    def __init__(self) -> None:
        self._known = OrderedDict()

    def __len__(self) -> int:
        return len(self._known)

    def see(self, percept: Percept) -> None:
        """Learn what is written on signs and who speaks."""
        if percept.kind == "sign":
            for quoted in _QUOTED.findall(percept.text):
                self.add(quoted)
        self.speaker(percept.speaker)

    def hear(self, transcript: Transcript) -> None:
        """Learn who speaks and what names are introduced."""
        self.speaker(transcript.speaker)
        for name in _INTRODUCED.findall(transcript.text):
            self.add(name)

    def speaker(self, name: str) -> None:
        """Learn a speaker's name, unless it is a mere number."""
        if not _ROLE.fullmatch(name):
            self.add(name)

    def add(self, term: str) -> None:
        """Learn a term; one that is too short, too long or has no letters is ignored."""
        term = " ".join(term.split()).strip(".,;:!?")
        if MIN_TERM_CHARS <= len(term) <= MAX_TERM_CHARS and any(c.isalpha() for c in term):
            key = term.casefold()
            self._known[key] = term
            self._known.move_to_end(key)
            if len(self._known) > MAX_TERMS:
                self._known.popitem(last=False)

    def find(self, text: str) -> list[str]:
        """The terms that occur in a text, as they are written there, the longest first.

        A sign may bear a common word (`EXIT`): a term counts only where it is written as a name, each of its words
        with a capital; and a single word not at the beginning of a sentence, where every word has one.
        """
        small, found = text.casefold(), []
        if len(small) != len(text):  # a letter that has another length in small: positions would not agree
            return []
        for key in sorted(self._known, key=len, reverse=True):
            for match in re.finditer(rf"(?<!\w){re.escape(key)}(?!\w)", small):
                written = text[match.start() : match.end()]
                words = [word for word in written.split() if len(word) > 3] or written.split()
                begins = not text[: match.start()].strip() or text[: match.start()].rstrip()[-1] in ".!?"
                if all(word[0].isupper() for word in words) and (" " in written or not begins):
                    found.append(written)
        return list(dict.fromkeys(found))


def keeping(terms: list[str], text: str, translate: Callable[[str], str]) -> str:
    """Translate `text`, with `terms` kept as they are.

    Args:
        terms: as they are written in the text, the longest first.
        text: what is to be translated.
        translate: the engine.
    """
    held, places = text, {}
    for number, term in enumerate(terms):
        place = _place(number)
        if place.casefold() in text.casefold():
            continue
        replaced = re.sub(rf"(?<!\w){re.escape(term)}(?!\w)", place, held)
        if replaced != held:
            places[place] = (term, replaced.count(place))
            held = replaced
    if not places:
        return translate(text)
    found = translate(held)
    for place, (term, times) in places.items():
        if len(re.findall(place, found, re.IGNORECASE)) != times:
            return translate(text)
        found = re.sub(place, lambda _, term=term: term, found, flags=re.IGNORECASE)  # type: ignore[misc]
    return found


def _place(number: int) -> str:
    """A word of no language, without digits, which engines take apart."""
    return f"Xq{chr(97 + number // 20 % 20)}{chr(97 + number % 20)}z"
