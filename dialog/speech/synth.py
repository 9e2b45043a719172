"""What every speech synthesiser promises, and how text is made safe to speak."""

from __future__ import annotations

import re
import unicodedata
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

MAX_CHARS = 600
"""Longer text is cut at a word. Sentences from `dialog.speech.sentences` are always shorter."""

_URL = re.compile(r"\bhttps?://(?:www\.)?([\w.-]+)\S*")
_MARKUP = re.compile(r"[*`#~|\\^]+|\[\[|\]\]|(?<!\w)_+|_+(?!\w)")
_WORDS = {"&": " and ", "<": " ", ">": " ", "{": " ", "}": " ", "_": " ", "@": " at "}


class Synthesizer(Protocol):
    """Turns a sentence into sound. Blocking: call it on a worker thread."""

    def say(self, text: str) -> tuple[NDArray[np.float32], int]:
        """Samples `[n]` (mono, -1..1) and their rate in Hz; no samples when there is nothing to speak.

        Raises:
            ModelError: the engine is missing or failed.
        """
        ...


def speakable(text: str) -> str:
    """One line that is safe and sensible to speak: no control characters, no SSML or phoneme codes, no Markdown
    marks; of web addresses only the host; at most `MAX_CHARS` characters. Empty when nothing can be said."""
    # Far more than can be kept, so that work on hostile input stays small.
    text = unicodedata.normalize("NFC", text[: 8 * MAX_CHARS])
    text = "".join(" " if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp") else c for c in text)
    text = _MARKUP.sub(" ", _URL.sub(r"\1", text))
    text = " ".join("".join(_WORDS.get(c, c) for c in text).split())
    if len(text) > MAX_CHARS:
        text = text[:MAX_CHARS].rsplit(" ", 1)[0]
    return text if any(c.isalnum() for c in text) else ""
