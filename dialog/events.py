"""What heed tells the world (events) and what the world may tell heed (commands). Closed sets of frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from dialog.model.cited import Cited
from streams.types import Health, Partial, Percept, Transcript

Phase = Literal["new", "update", "end"]
Severity = Literal["info", "warning", "alarm"]


@dataclass(frozen=True, slots=True)
class ReplyDelta:
    """A piece of a reply as it is generated. Interim: the `Reply` that follows says it all."""

    t_ns: int
    generation: int
    text: str


@dataclass(frozen=True, slots=True)
class Reply:
    """A finished (or interrupted) answer."""

    t_ns: int
    """Stream time at which it was complete."""
    generation: int
    asked_ns: int
    question: str
    text: str
    evidence: tuple[str, ...]
    """Ids of the percepts that it rests on, most important first."""
    ttft_s: float
    """Time to first token, seconds of this machine's time from question to first token."""
    first_audio_s: float | None
    """Seconds from question to first synthesised sound; None when it is not spoken."""
    tokens: int
    spoken: str
    """What was really played; shorter than `text` after an interruption, empty when nothing was spoken."""
    source: str = ""
    """Where the question came from (a call, a microphone, `terminal`, an MQTT client)."""
    correlation: str = ""
    """Copied from the `Ask` it answers, so that an asker can find its reply."""
    sentences: tuple[Cited, ...] = ()
    """The answer's sentences, each with the percepts that it rests on."""


@dataclass(frozen=True, slots=True)
class Caption:
    """A finished subtitle line."""

    t_ns: int
    t0_ns: int
    t1_ns: int
    language: str
    text: str
    translated: bool = False


@dataclass(frozen=True, slots=True)
class Alert:
    """An incident that somebody should know of."""

    t_ns: int
    id: str
    rule: str
    severity: Severity
    phase: Phase
    text: str
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Perceived:
    """Something was perceived at stream time `t_ns` (when it became known; the value says when it happened)."""

    t_ns: int
    what: Percept | Partial | Transcript


Event = Perceived | ReplyDelta | Reply | Caption | Alert | Health


@dataclass(frozen=True, slots=True)
class Ask:
    """A question or a remark to the agent, typed or sent."""

    text: str
    source: str = "terminal"
    correlation: str = ""


@dataclass(frozen=True, slots=True)
class Interrupt:
    """Stop speaking and generating now."""

    source: str = ""
    """Whose conversation; everybody's if there is none of that name."""


@dataclass(frozen=True, slots=True)
class Mute:
    """Stop speaking aloud (`on`), or speak again. Replies are still written."""

    on: bool
    source: str = ""
    """As for `Interrupt`."""


Command = Ask | Interrupt | Mute
