"""Turn-taking as a pure state machine: time and input in, decisions out.

Voice activity says at once that somebody speaks; words come later. So the agent falls silent on a voice, and decides on
words: a real interruption ends its answer, a "mm-hm", a cough or its own echo lets it go on where it stopped. When the
user falls silent, the answer begins after a pause whose length depends on how finished the words seem; if the user goes
on after all, the answer that was begun is withdrawn and the words before count as part of the same turn.

Every answer has a generation number that only grows: whoever plays or shows something compares it with the number that
was stopped. No state can last for ever: see `tick`.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import Literal

from dialog.addressed import is_addressed
from dialog.echo import is_echo, words
from dialog.events import TurnState
from dialog.interjections import is_backchannel, is_stop
from dialog.pauses import PauseOptions, Pauses
from dialog.signals import (
    Answer,
    Audible,
    Cancel,
    Decision,
    Drop,
    Finished,
    Hold,
    Input,
    Resume,
    Said,
    Seen,
    Stop,
    Typed,
    Voiced,
    Words,
)
from streams.types import NS

Respond = Literal["all", "questions", "none"]

_NEVER = -(10**18)

WENT_ON = "the user went on"
"""Reason of an answer's end: its question was not complete, and is asked anew with more words."""


@dataclass(frozen=True, slots=True)
class TurnOptions:
    """How eager the agent is to speak."""

    respond: Respond = "questions"
    """Which spoken sentences get an answer: every one, only questions and requests, or none (typed ones always do)."""
    barge_in: bool = True
    """Speech interrupts the agent. Else what is said during an answer waits its turn."""
    queue: int = 4
    """Spoken questions that may wait while an answer is given; the oldest goes first."""
    pauses: PauseOptions = PauseOptions()
    echo_tail_s: float = 2.0
    """For how long after an answer its words may still come back through the microphone."""
    false_alarm_s: float = 1.2
    """A voice that has been silent for so long without a word having come was none: the agent goes on."""
    hold_limit_s: float = 8.0
    """The agent goes on after so long a hold, whatever is heard."""
    deaf_s: float = 30.0
    """A voice that lasts so long without a word is noise: it counts as silence from then on."""
    limit_s: float = 90.0
    """An answer, with its speech, that lasts longer is stopped."""


@dataclass(slots=True)
class _Utterance:
    """What somebody said in one go."""

    who: str
    t0_ns: int
    t1_ns: int
    text: str


@dataclass(slots=True)
class TurnTaking:
    """One conversation. `handle` and `tick` are all there is to it."""

    options: TurnOptions = field(default_factory=TurnOptions)
    generation: int = 0
    """Number of the newest answer; 0 before the first."""
    busy: bool = False
    """An answer is being thought of or spoken."""
    held: bool = False
    """The answer waits for somebody who speaks."""
    audible: bool = False
    """Of the answer something was heard."""
    reason: str = ""
    """Why the state is what it is; empty where that is plain."""
    _signs: bool = False
    """It is held because of a first sign alone."""
    _began_ns: int = 0
    _held_ns: int = 0
    _ended_ns: int = _NEVER
    _stopped_ns: int = _NEVER
    """When silence was last wished for: what began to be said before gets no answer, however late its words come."""
    _own: str = ""
    """The agent's words, of the newest answer."""
    _echoes: bool = False
    """The microphone has been caught hearing the agent: then a voice alone no longer holds it, only words do."""
    _voices: dict[str, int] = field(default_factory=dict)
    """Who speaks now, and since when."""
    _quiet_ns: int | None = None
    """Since when nobody speaks; None where voice activity is not told."""
    _typed: bool = False
    """The newest answer is to a typed question."""
    _wordless: bool = False
    """Somebody has just fallen silent, and what he said is not known yet."""
    _turn: list[_Utterance] = field(default_factory=list)
    """What was said in the turn that has no answer yet."""
    _asked: list[_Utterance] = field(default_factory=list)
    """What the newest answer answers, or what got none."""
    _done: deque[tuple[str, int, int]] = field(default_factory=lambda: deque(maxlen=16))
    """Who, beginning and end of the utterances that were answered or dropped last: their transcripts may still come."""
    _finished: float | None = None
    _pauses: Pauses = field(default_factory=Pauses)
    _waiting: deque[tuple[int, str]] = field(default_factory=deque)

    def __post_init__(self) -> None:
        self._pauses = Pauses(self.options.pauses)

    @property
    def state(self) -> TurnState:
        """Whose turn it is."""
        if self.held:
            return "holding"
        if self.busy:
            return "speaking" if self.audible else "thinking"
        if self._voices:
            return "hearing"
        return "waiting" if self._turn or self._wordless else "listening"

    @property
    def restless(self) -> bool:
        """Whether `tick` should be called every few hundredths of a second: something may be decided by time alone."""
        return self.held or bool(self._turn and not self.busy) or bool(self._voices) or self._wordless

    @property
    def listens(self) -> bool:
        """Whether voice activity is told: without it a pause cannot be judged, only the end of an utterance."""
        return self._quiet_ns is not None or bool(self._voices)

    @property
    def waiting(self) -> bool:
        """Whether something was said that has no answer yet."""
        return bool(self._turn) and not self.busy

    def handle(self, what: Input, t_ns: int) -> list[Decision]:
        """Decide on one input at stream time `t_ns`."""
        self.reason = ""
        match what:
            case Voiced():
                return self._voiced(what, t_ns)
            case Words() | Said():
                return self._heard(what, t_ns)
            case Typed(text, correlation):
                cancelled = self._cancel("a new question was typed", t_ns)
                self._turn.clear()
                answer = self._answer(text, t_ns, t_ns, correlation)
                self._typed = True
                return [*cancelled, answer]
            case Seen():
                return [] if self.state != "listening" else [self._answer("", t_ns, t_ns, seen=what)]
            case Stop():
                self._waiting.clear()
                self._turn.clear()
                self._stopped_ns = t_ns
                return list(self._cancel("interrupted", t_ns))
            case Audible(generation):
                self.audible = self.audible or (self.busy and generation == self.generation)
                return []
            case Finished(generation):
                if not self.busy or generation != self.generation:
                    return []
                self._end(t_ns)
                return self._next(t_ns)

    def tick(self, t_ns: int) -> list[Decision]:
        """Call now and then, and often while `restless`: what time alone decides, and the watchdogs."""
        o = self.options
        for who, since_ns in list(self._voices.items()):
            if t_ns - since_ns > o.deaf_s * NS:
                self.reason = f"{who} has been heard for {o.deaf_s:g} s without a word: noise"
                del self._voices[who]
                self._quiet_ns = t_ns
        quiet_s = 0.0 if self._quiet_ns is None else (t_ns - self._quiet_ns) / NS
        if self._wordless and quiet_s > o.false_alarm_s:
            self._wordless = False
        if self.busy and t_ns - self._began_ns > o.limit_s * NS:
            return [*self._cancel(f"took longer than {o.limit_s:g} s", t_ns), *self._next(t_ns)]
        if self.held:
            if t_ns - self._held_ns > o.hold_limit_s * NS:
                return self._resume(f"held for {o.hold_limit_s:g} s without an interruption")
            held_s = (t_ns - self._held_ns) / NS
            if not self._voices and min(quiet_s, held_s) > o.false_alarm_s:
                return self._resume("no words came")
            return []
        return self._commit(t_ns)

    def saying(self, generation: int, text: str) -> None:
        """The agent says these words aloud: hearing them back is no turn."""
        if generation == self.generation:
            self._own = f"{self._own} {text}"[-4000:]

    def would_answer(self, text: str) -> bool:
        """Whether a spoken sentence gets an answer."""
        respond = self.options.respond
        return respond == "all" or (respond == "questions" and is_addressed(text))

    def _signed(self, what: Voiced, t_ns: int) -> list[Decision]:
        """A first sign of a voice: the agent falls silent in case it is one, and goes on at once if it was none."""
        if not what.speaking:
            return self._resume("no voice came of it") if self._signs and not self._voices else []
        if not self.audible or not self._holds:
            return []
        self.held, self._held_ns, self._signs = True, t_ns, True
        return [Hold()]

    @property
    def _holds(self) -> bool:
        """Whether a voice makes the agent fall silent now."""
        return self.busy and not self.held and self.options.barge_in and not self._echoes

    def _voiced(self, what: Voiced, t_ns: int) -> list[Decision]:
        if not what.sure:
            return self._signed(what, t_ns)
        self._signs = False
        if not what.speaking:
            self._voices.pop(what.who, None)
            if not self._voices:
                self._quiet_ns, self._wordless = what.t_ns, not self._turn
            return self._commit(t_ns)
        if not self._voices and self._quiet_ns is not None and (self._turn or self.busy and not self.audible):
            self._pauses.went_on((what.t_ns - self._quiet_ns) / NS)
        self._voices[what.who] = t_ns
        if not self._holds:
            return []
        self.held, self._held_ns = True, t_ns
        return [Hold()]

    def _heard(self, what: Words | Said, t_ns: int) -> list[Decision]:
        if not what.text:
            return []
        self._wordless = False
        recent = t_ns - self._ended_ns <= self.options.echo_tail_s * NS
        if (self.busy or recent) and is_echo(what.text, self._own):
            self._echoes = True
            self._deal_with(what)
            return [*self._resume("its own words"), Drop(what.text, "the agent's own words")]
        if what.t0_ns < self._stopped_ns or any(
            (who, t0) == (what.who, what.t0_ns) and what.t1_ns <= t1 + NS // 4 for who, t0, t1 in self._done
        ):
            return self._resume("nothing was added")  # the transcript of what was dealt with already
        same = next((one for one in self._asked if (one.who, one.t0_ns) == (what.who, what.t0_ns)), None)
        if not self.busy:
            self._collect(what)
            return self._commit(t_ns, self._quiet_ns is None and isinstance(what, Said))
        if not self.options.barge_in or not self.listens:
            return self._queue(what)
        if same is None and is_stop(what.text):
            self._deal_with(what)
            self._waiting.clear()
            return [*self._cancel("interrupted", t_ns), Drop(what.text, "a wish for silence")]
        if same is None and is_backchannel(what.text):
            self._deal_with(what)
            return [*self._resume("a backchannel"), Drop(what.text, "a backchannel")]
        if self._typed and not self.audible:  # it was complete, so nobody goes on with it
            return [*self._resume("a typed question is answered first"), *self._queue(what)]
        if isinstance(what, Words) and len(words(what.text)) < 2:
            return []  # one word that is not complete yet may become anything
        return self._interrupted(what, same, t_ns)

    def _interrupted(self, what: Words | Said, same: _Utterance | None, t_ns: int) -> list[Decision]:
        """The user goes on, or says something new, while the agent thinks or speaks."""
        goes_on = same is not None or not self.audible
        cancelled = self._cancel(WENT_ON if goes_on else "the user interrupted", t_ns)
        if goes_on:
            self._turn = [one for one in self._asked if one is not same]
        self._collect(what)
        return [*cancelled, *self._commit(t_ns, self._quiet_ns is None and isinstance(what, Said))]

    def _deal_with(self, what: Words | Said | _Utterance) -> None:
        """No words of this utterance up to here are to be looked at again."""
        self._done.append((what.who, what.t0_ns, what.t1_ns))

    def _collect(self, what: Words | Said) -> None:
        """Take words into the turn; the newest of an utterance replace the earlier ones."""
        self._turn = [one for one in self._turn if (one.who, one.t0_ns) != (what.who, what.t0_ns)]
        self._turn.append(_Utterance(what.who, what.t0_ns, what.t1_ns, what.text))
        self._finished = what.finished

    def _commit(self, t_ns: int, at_once: bool = False) -> list[Decision]:
        """Answer what was said, if the user seems to have finished."""
        if self.busy or not self._turn or (self._voices and not at_once):
            return []
        if not at_once and (
            self._quiet_ns is None or (t_ns - self._quiet_ns) / NS < self._pauses.wait_s(self._finished)
        ):
            return []
        turn, self._turn = self._turn, []
        self._asked = turn
        for one in turn:
            self._deal_with(one)
        if not any(self.would_answer(one.text) for one in turn):
            return [Drop(" ".join(one.text for one in turn), "not a question"), *self._next(t_ns)]
        ended_ns = max(one.t1_ns for one in turn) if self._quiet_ns is None else self._quiet_ns
        answer = self._answer(" ".join(one.text for one in turn), ended_ns, t_ns)
        self._asked = turn
        return [answer]

    def _queue(self, what: Words | Said) -> list[Decision]:
        if isinstance(what, Words):
            return []
        if not self.would_answer(what.text):
            return [Drop(what.text, "not a question")]
        dropped: list[Decision] = []
        if len(self._waiting) >= self.options.queue:
            dropped.append(Drop(self._waiting.popleft()[1], "too many questions wait"))
        self._waiting.append((what.t1_ns, what.text))
        return dropped

    def _resume(self, reason: str) -> list[Decision]:
        if not self.held:
            return []
        self.held, self._signs, self.reason = False, False, reason
        return [Resume(reason)]

    def _answer(
        self, question: str, asked_ns: int, t_ns: int, correlation: str = "", seen: Seen | None = None
    ) -> Answer:
        self.generation += 1
        self._typed = False
        self.busy, self.audible, self._began_ns, self._own, self._asked = True, False, t_ns, "", []
        remark, about = ("", "") if seen is None else (seen.remark, seen.about)
        return Answer(self.generation, question, asked_ns, correlation, remark, about)

    def _cancel(self, reason: str, t_ns: int) -> list[Cancel]:
        if not self.busy:
            return []
        self.reason = reason
        self._end(t_ns)
        return [Cancel(self.generation, reason)]

    def _end(self, t_ns: int) -> None:
        self.busy, self.held, self._signs, self._ended_ns = False, False, False, t_ns

    def _next(self, t_ns: int) -> list[Decision]:
        if not self._waiting:
            return self._commit(t_ns)
        asked_ns, text = self._waiting.popleft()
        return [self._answer(text, asked_ns, t_ns)]
