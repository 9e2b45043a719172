"""Turn-taking as a pure state machine: time and input in, decisions out. Half-duplex, by voice activity.

What is said while the agent answers waits its turn (an echo of the agent's own words is dropped); what is typed, and
an interruption, stops the answer at once. Every answer has a generation number that only grows: whoever plays or
shows something compares it with the number that was stopped. No state can last for ever: see `tick`.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import Literal

from dialog.addressed import is_addressed
from dialog.echo import is_echo
from streams.types import NS

Respond = Literal["all", "questions", "none"]


@dataclass(frozen=True, slots=True)
class TurnOptions:
    """How eager the agent is to speak."""

    respond: Respond = "questions"
    """Which spoken sentences get an answer: every one, only questions and requests, or none (typed ones always do)."""
    queue: int = 4
    """Spoken questions that may wait while an answer is given; the oldest goes first."""
    echo_tail_s: float = 2.0
    """For how long after an answer its words may still come back through the microphone."""
    limit_s: float = 90.0
    """An answer, with its speech, that lasts longer is stopped."""


@dataclass(frozen=True, slots=True)
class Said:
    """The user finished a spoken sentence."""

    t0_ns: int
    t1_ns: int
    text: str


@dataclass(frozen=True, slots=True)
class Typed:
    """A question that was typed or sent."""

    text: str
    correlation: str = ""


@dataclass(frozen=True, slots=True)
class Stop:
    """The user wants silence."""


@dataclass(frozen=True, slots=True)
class Finished:
    """The answer of that generation is complete, spoken and all."""

    generation: int


Input = Said | Typed | Stop | Finished


@dataclass(frozen=True, slots=True)
class Answer:
    """Begin an answer."""

    generation: int
    question: str
    asked_ns: int
    correlation: str = ""


@dataclass(frozen=True, slots=True)
class Cancel:
    """Stop the answer of that generation and all older ones: no further token, no further sound."""

    generation: int
    reason: str


@dataclass(frozen=True, slots=True)
class Drop:
    """Do not answer this."""

    text: str
    reason: str


Decision = Answer | Cancel | Drop


@dataclass(slots=True)
class TurnTaking:
    """One conversation. `handle` and `tick` are all there is to it."""

    options: TurnOptions = field(default_factory=TurnOptions)
    generation: int = 0
    """Number of the newest answer; 0 before the first."""
    busy: bool = False
    """An answer is being thought of or spoken."""
    _began_ns: int = 0
    _ended_ns: int = -(10**18)
    _words: str = ""
    _waiting: deque[tuple[int, str]] = field(default_factory=deque)

    def handle(self, what: Input, t_ns: int) -> list[Decision]:
        """Decide on one input at stream time `t_ns`."""
        match what:
            case Said():
                return self._said(what, t_ns)
            case Typed(text, correlation):
                cancelled = self._cancel("a new question was typed", t_ns)
                return [*cancelled, self._answer(text, t_ns, correlation, t_ns)]
            case Stop():
                self._waiting.clear()
                return list(self._cancel("interrupted", t_ns))
            case Finished(generation):
                if not self.busy or generation != self.generation:
                    return []
                self._end(t_ns)
                return self._next(t_ns)

    def tick(self, t_ns: int) -> list[Decision]:
        """Call now and then: the watchdog that ends an answer which never ends."""
        if self.busy and t_ns - self._began_ns > self.options.limit_s * NS:
            return [*self._cancel(f"took longer than {self.options.limit_s:g} s", t_ns), *self._next(t_ns)]
        return []

    def saying(self, generation: int, text: str) -> None:
        """The agent says these words aloud: hearing them back is no turn."""
        if generation == self.generation:
            self._words = f"{self._words} {text}"[-4000:]

    def _said(self, what: Said, t_ns: int) -> list[Decision]:
        audible = self.busy or t_ns - self._ended_ns <= self.options.echo_tail_s * NS
        if audible and is_echo(what.text, self._words):
            return [Drop(what.text, "the agent's own words")]
        if self.options.respond == "none" or (self.options.respond == "questions" and not is_addressed(what.text)):
            return [Drop(what.text, "not a question")]
        if not self.busy:
            return [self._answer(what.text, what.t1_ns, "", t_ns)]
        dropped: list[Decision] = []
        if len(self._waiting) >= self.options.queue:
            dropped.append(Drop(self._waiting.popleft()[1], "too many questions wait"))
        self._waiting.append((what.t1_ns, what.text))
        return dropped

    def _answer(self, question: str, asked_ns: int, correlation: str, t_ns: int) -> Answer:
        self.generation += 1
        self.busy, self._began_ns, self._words = True, t_ns, ""
        return Answer(self.generation, question, asked_ns, correlation)

    def _cancel(self, reason: str, t_ns: int) -> list[Cancel]:
        if not self.busy:
            return []
        self._end(t_ns)
        return [Cancel(self.generation, reason)]

    def _end(self, t_ns: int) -> None:
        self.busy, self._ended_ns = False, t_ns

    def _next(self, t_ns: int) -> list[Decision]:
        if not self._waiting:
            return []
        asked_ns, text = self._waiting.popleft()
        return [self._answer(text, asked_ns, "", t_ns)]
