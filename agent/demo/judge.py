"""Which reply answers which question, whether it is right, and what of it was heard."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agent.demo.clip import Question
from streams.types import SAMPLE_RATE_HZ

AUDIBLE = 0.01
"""Root mean square of a 20 ms block, of full scale, from which on it counts as sound."""
MIN_AUDIBLE_S = 0.3
"""Less sound than this is no spoken answer."""
_BLOCK = SAMPLE_RATE_HZ // 50
_EARLY_S = 0.5
"""Stream times of the agent and of the clip may differ by this, through the network and its buffers."""

Sound = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Got:
    """A reply as it came over the data channel, and the sound that came over the audio track for it."""

    number: int
    """Counted from 1 in order of arrival."""
    event: Mapping[str, Any]
    sound: Sound
    """`[n]` at 16 kHz, silence around it removed."""

    @property
    def audible_s(self) -> float:
        """Seconds of it that are not silence."""
        return float(_loud(self.sound).sum()) * _BLOCK / SAMPLE_RATE_HZ


@dataclass(frozen=True, slots=True)
class Outcome:
    """A question of the clip and what became of it."""

    question: Question
    got: Got | None
    right: bool

    @property
    def audible(self) -> bool:
        """An answer came and could be heard."""
        return self.got is not None and self.got.audible_s >= MIN_AUDIBLE_S


def trimmed(sound: Sound) -> Sound:
    """`sound` without the silence before and after; empty if there is nothing else."""
    loud = np.flatnonzero(_loud(sound))
    if not len(loud):
        return sound[:0]
    return sound[max(0, loud[0] - 2) * _BLOCK : (loud[-1] + 6) * _BLOCK]


def is_right(answer: str, expected: Sequence[str]) -> bool:
    """Whether one of the expected words or phrases is in the answer, as whole words, whatever the case."""
    said = " ".join(re.findall(r"[\w']+", answer.casefold().replace("\u2019", "'")))
    return any(re.search(rf"(?<![\w'])(?:{re.escape(word.casefold())})(?![\w'])", said) for word in expected)


def judge(questions: Sequence[Question], replies: Sequence[Got], start_s: float) -> list[Outcome]:
    """Match replies to questions and check them.

    A reply belongs to the typed question whose `correlation` it carries (`correlation_of`), else to the last spoken
    question that had begun when it was asked. Of several for one question a right one counts, else the last.

    Args:
        questions: of the clip, in order of time.
        replies: in order of arrival.
        start_s: stream time of the agent at which the clip began.
    """
    typed = {correlation_of(n): n for n, q in enumerate(questions) if q.typed}
    mine: dict[int, list[Got]] = {}
    for got in replies:
        n = typed.get(str(got.event.get("correlation", "")))
        if n is None:
            asked_s = float(got.event.get("asked", 0.0)) - start_s
            begun = [k for k, q in enumerate(questions) if not q.typed and q.t_s <= asked_s + _EARLY_S]
            n = begun[-1] if begun else None
        if n is not None:
            mine.setdefault(n, []).append(got)
    return [_outcome(question, mine.get(n, [])) for n, question in enumerate(questions)]


def correlation_of(number: int) -> str:
    """What is sent along with the typed question of this index, so that its reply can be told."""
    return f"demo-{number}"


def _outcome(question: Question, replies: list[Got]) -> Outcome:
    right = [got for got in replies if is_right(str(got.event.get("text", "")), question.expected)]
    got = right[0] if right else replies[-1] if replies else None
    return Outcome(question, got, bool(right))


def _loud(sound: Sound) -> NDArray[np.bool_]:
    blocks = sound[: len(sound) // _BLOCK * _BLOCK].reshape(-1, _BLOCK)
    loud: NDArray[np.bool_] = np.sqrt((blocks**2).mean(axis=1)) > AUDIBLE
    return loud
