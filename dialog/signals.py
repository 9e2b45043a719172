"""What turn-taking is told, and what it decides. Closed sets of frozen values."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Voiced:
    """Somebody begins to speak (`speaking`), or has fallen silent; `t_ns` is where that was."""

    who: str
    t_ns: int
    speaking: bool
    sure: bool = True
    """False: a first sign of a voice, or that it was none."""


@dataclass(frozen=True, slots=True)
class Words:
    """All that somebody has said so far in the utterance that began at `t0_ns`."""

    who: str
    t0_ns: int
    t1_ns: int
    text: str
    finished: float | None = None
    """How likely that is all, 0..1; None while they speak."""


@dataclass(frozen=True, slots=True)
class Said:
    """The user finished a spoken sentence."""

    t0_ns: int
    t1_ns: int
    text: str
    who: str = ""
    finished: float | None = None


@dataclass(frozen=True, slots=True)
class Typed:
    """A question that was typed or sent."""

    text: str
    correlation: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """Something happened that the agent remarks on."""

    remark: str
    about: str
    """Id of the percept."""


@dataclass(frozen=True, slots=True)
class Stop:
    """The user wants silence."""


@dataclass(frozen=True, slots=True)
class Audible:
    """The first sound of that generation was played."""

    generation: int


@dataclass(frozen=True, slots=True)
class Finished:
    """The answer of that generation is complete, spoken and all."""

    generation: int


Input = Voiced | Words | Said | Typed | Seen | Stop | Audible | Finished


@dataclass(frozen=True, slots=True)
class Answer:
    """Begin an answer."""

    generation: int
    question: str
    asked_ns: int
    correlation: str = ""
    remark: str = ""
    """The very words to say, where nobody asked."""
    about: str = ""
    """Id of the percept that they are about."""


@dataclass(frozen=True, slots=True)
class Cancel:
    """Stop the answer of that generation and all older ones: no further token, no further sound."""

    generation: int
    reason: str


@dataclass(frozen=True, slots=True)
class Hold:
    """Fall silent, but keep the place: this may be an interruption."""


@dataclass(frozen=True, slots=True)
class Resume:
    """It was none: go on."""

    reason: str


@dataclass(frozen=True, slots=True)
class Drop:
    """Do not answer this."""

    text: str
    reason: str


Decision = Answer | Cancel | Hold | Resume | Drop
