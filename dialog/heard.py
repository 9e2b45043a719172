"""What of a reply was really heard, from how much of it was played."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sentence:
    """A synthesised sentence."""

    text: str
    duration_s: float


def heard_text(sentences: Sequence[Sentence], played_s: float) -> str:
    """The words that were played: whole sentences, and of the last one its share by time.

    Words are taken to be spoken evenly over a sentence, which is right to about one word.
    """
    out: list[str] = []
    left = played_s
    for sentence in sentences:
        if left >= sentence.duration_s - 0.05:
            out.append(sentence.text)
            left -= sentence.duration_s
            continue
        words = sentence.text.split()
        n = int(len(words) * max(0.0, left) / sentence.duration_s) if sentence.duration_s > 0 else 0
        if n:
            out.append(" ".join(words[:n]))
        break
    return " ".join(out)
