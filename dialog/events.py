"""What heed tells the world (events) and what the world may tell heed (commands). Closed sets of frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from dialog.model.cited import Cited
from streams.types import Health, Partial, Percept, Transcript

Phase = Literal["new", "update", "end"]
Severity = Literal["info", "warning", "alarm"]


TurnState = Literal["listening", "hearing", "waiting", "thinking", "speaking", "holding"]
"""Whose turn it is. `listening`: nobody speaks. `hearing`: the user does. `waiting`: the user paused and may go on.
`thinking` and `speaking`: the agent. `holding`: it stopped in the middle because somebody speaks, and may go on."""


@dataclass(frozen=True, slots=True)
class ReplyDelta:
    """A piece of a reply as it is generated. Interim: the `Reply` that follows says it all."""

    t_ns: int
    generation: int
    text: str
    source: str = ""
    """The conversation."""


@dataclass(frozen=True, slots=True)
class TurnChanged:
    """A conversation is in another state of turn-taking."""

    t_ns: int
    source: str
    """The conversation."""
    state: TurnState
    generation: int
    """The newest answer."""
    reason: str = ""
    latency_s: float | None = None
    """With `speaking`: seconds of stream time from the end of the user's speech to the first sample played."""


@dataclass(frozen=True, slots=True)
class Speaking:
    """A sentence of a reply begins to be heard."""

    t_ns: int
    source: str
    """The conversation."""
    generation: int
    text: str
    duration_s: float


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
    unasked: bool = False
    """The agent spoke of its own accord; `question` is empty."""


@dataclass(frozen=True, slots=True)
class Caption:
    """A finished subtitle line."""

    t_ns: int
    t0_ns: int
    t1_ns: int
    language: str
    text: str
    translated: bool = False
    source: str = ""
    """Whose words; empty when nobody said."""
    speaker: str = ""
    original: str = ""
    """Of a translation: the words that were translated."""


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


@dataclass(frozen=True, slots=True)
class PluginReply:
    """What a plugin says to a command that it was told."""

    t_ns: int
    plugin: str
    command: str
    text: str
    ok: bool
    """Whether it was carried out; else `text` says why not."""
    source: str = ""
    """Who sent the command."""


Event = Perceived | ReplyDelta | TurnChanged | Speaking | Reply | Caption | Alert | Health | PluginReply


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


@dataclass(frozen=True, slots=True)
class Remarks:
    """Let the agent speak unasked when it sees something (`on`), or not."""

    on: bool
    source: str = ""
    """As for `Interrupt`."""


@dataclass(frozen=True, slots=True)
class Tell:
    """A command to a plugin."""

    plugin: str
    command: str
    arguments: tuple[tuple[str, str], ...] = ()
    """`(name, value)`, values as text."""
    source: str = ""


Command = Ask | Interrupt | Mute | Remarks | Tell
