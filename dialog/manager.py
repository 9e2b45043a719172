"""A conversation: takes what the user says or types, thinks, writes and speaks, and can be stopped at any token.

The rules of turn-taking are in `dialog.turn`; here is what carries them out. Everything blocking (the model, the
voice) runs on executors that the caller provides; the conversation itself lives on the event loop.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from functools import partial
from types import TracebackType
from typing import Self, TypeVar

from dialog.ahead import Ahead, Asking
from dialog.events import Event, Reply, ReplyDelta, Speaking, TurnChanged, TurnState
from dialog.heard import Sentence
from dialog.history import History
from dialog.interpreter import Interpreted, Interpreter, Understood
from dialog.judge import Judge, Judged
from dialog.mind import Mind, Recollection, Thought, rests_on
from dialog.remarks import RemarkOptions, Remarks
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
from dialog.speaking import SpokenReply
from dialog.speech.sentences import Sentences
from dialog.speech.synth import Synthesizer
from dialog.told import Told
from dialog.turn import WENT_ON, TurnOptions, TurnTaking
from streams import wording
from streams.channel import Channel
from streams.clock import Clock, Stopwatch
from streams.errors import HeedError
from streams.sink import Speech, SpeechSink
from streams.types import NS, Health, HealthState, Partial, Percept, Transcript, Voice

T = TypeVar("T")

_LOG = logging.getLogger("heed.dialog")
_POLL_NS = NS // 50
_EVIDENCE = 5
_SILENT = ("not a question", "a backchannel", "a wish for silence", "the agent's own words")
"""Reasons for which something said gets no answer, and nobody need be told."""


@dataclass(frozen=True, slots=True)
class DialogOptions:
    """How a conversation goes."""

    turns: TurnOptions = field(default_factory=TurnOptions)
    remarks: RemarkOptions = RemarkOptions(on=False)
    max_new_tokens: int = 96
    history_turns: int = 4


@dataclass(frozen=True, slots=True)
class Organs:
    """What all conversations of an agent share."""

    mind: Mind
    voice: Synthesizer | None
    clock: Clock
    publish: Callable[[Event], None]
    mind_executor: Executor
    voice_executor: Executor
    interpreter: Interpreter | None = None
    """For users who speak another language than the mind."""
    tools: Callable[[str], Awaitable[str | None]] | None = None
    """Asked before the mind with what a user says to the agent; None from it leaves the answer to the mind."""
    recall: Callable[[str, int], Recollection] | None = None
    """Brings into the mind what an archive holds for a question asked at a stream time, or names another mind to ask.
    Blocking, as the mind is."""


class Dialog:
    """One conversation, with one user or several in a room. `async with` it; then tell it what is heard and typed."""

    def __init__(self, source: str, organs: Organs, options: DialogOptions, sink: SpeechSink | None = None) -> None:
        """
        Args:
            source: who it is with: a call, a microphone, `terminal`.
            organs: shared by all conversations.
            options: how it goes.
            sink: where replies are spoken; None when they are only written.
        """
        self.source = source
        self.sink = sink
        self.muted = False
        self._organs = organs
        self._options = options
        self._turns = TurnTaking(options.turns)
        self._history = History(options.history_turns)
        self._remarks = Remarks(options.remarks, organs.clock.now_ns())
        self._ahead = Ahead(organs.mind, organs.mind_executor)
        self._judge = Judge(organs.mind, organs.mind_executor, self._judged)
        self._state: TurnState = "listening"
        self._asked_ns = 0
        self._restless = asyncio.Event()
        self._answers: Channel[Answer] = Channel(8, "drop_oldest", f"answers:{source}")
        self._cancelled = 0
        self._withdrawn = 0
        self._idle = asyncio.Event()
        self._idle.set()
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        # Tasks outside a TaskGroup: this context is the group's equal, it keeps them and __aexit__ awaits them.
        for work, name in ((self._run(), "dialog"), (self._watch(), "turns")):
            self._tasks.append(asyncio.create_task(work, name=f"{name}:{self.source}"))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        self._answers.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._judge.close()
        await self._ahead.close()

    def voice(self, voice: Voice) -> None:
        """Somebody begins to speak, or falls silent."""
        self._handle(Voiced(voice.source, voice.t_ns, voice.speaking, voice.sure))

    def hearing(self, partial: Partial) -> None:
        """The user is speaking, and has said this so far: what seems to be a whole question is read ahead, and a pause
        is judged."""
        if self._ahead.settled(partial) and not self._turns.busy and self._turns.would_answer(partial.text):
            self._ahead.read(self._asking(partial.text))
        if self._turns.listens:
            self._handle(Words(partial.source, partial.t0_ns, partial.t1_ns, partial.text))
            if partial.paused:
                self._judge.judge(partial)

    def said(self, transcript: Transcript) -> None:
        """The user finished a spoken sentence."""
        self._ahead.only(transcript.text)
        self._handle(Said(transcript.t0_ns, transcript.t1_ns, transcript.text, transcript.source))
        if self._turns.waiting and self._turns.listens:
            self._judge.judge(transcript)

    def seen(self, percept: Percept) -> None:
        """Something was seen: the agent may remark on it."""
        now_ns = self._organs.clock.now_ns()
        if self.muted or self.sink is None or self._turns.state != "listening":
            return
        if (words := self._remarks.consider(percept, now_ns)) and self.tell(words, percept.id):
            self._remarks.made(now_ns)

    def tell(self, words: str, about: str = "") -> bool:
        """Say this unasked (`about`: id of a percept); False, and nothing is said, where somebody speaks now."""
        if self._turns.state != "listening":
            return False
        self._handle(Seen(words, about))
        return True

    def remarks(self, on: bool) -> None:
        """Let the agent speak unasked, or not."""
        self._remarks.on = on

    def typed(self, text: str, correlation: str = "") -> None:
        """The user typed or sent a question."""
        self._ahead.only(text)
        self._handle(Typed(text, correlation))

    def stop(self) -> None:
        """The user wants silence."""
        self._ahead.drop()
        self._handle(Stop())

    def mute(self, on: bool) -> None:
        """Speak no more (what is being spoken ends at once), or speak again. Replies are still written."""
        self.muted = on
        if on and self.sink is not None:
            self.sink.stop(self._turns.generation)

    def tick(self) -> None:
        """Let the watchdog look."""
        self._decide(self._turns.tick(self._organs.clock.now_ns()))

    @property
    def busy(self) -> bool:
        """Whether something is being answered or waits for an answer."""
        return not self._idle.is_set()

    async def settle(self) -> None:
        """Return once nothing is being answered or waits for an answer."""
        await self._idle.wait()

    def _handle(self, what: Input) -> None:
        self._decide(self._turns.handle(what, self._organs.clock.now_ns()))

    def _judged(self, judged: Judged) -> None:
        said = judged.said
        self._handle(Words(said.source, said.t0_ns, said.t1_ns, said.text, judged.finished))

    def _decide(self, decisions: list[Decision]) -> None:
        sink = self.sink
        for decision in decisions:
            match decision:
                case Answer():
                    self._idle.clear()
                    self._answers.offer(decision)
                case Cancel(generation, reason):
                    self._cancelled = max(self._cancelled, generation)
                    if reason == WENT_ON:
                        self._withdrawn = generation
                    if sink is not None:
                        sink.stop(generation)
                        sink.resume()
                case Hold() if sink is not None:
                    sink.hold()
                case Resume() if sink is not None:
                    sink.resume()
                case Drop(text, reason) if reason not in _SILENT:
                    self._report("degraded", f"not answered, {reason}: {text[:80]}")
        if not self._turns.busy:
            self._idle.set()
        if self._turns.restless:
            self._restless.set()
        self._tell_state()

    def _tell_state(self) -> None:
        turns, now_ns = self._turns, self._organs.clock.now_ns()
        state, before = turns.state, self._state
        if state == before:
            return
        self._state = state
        first = state == "speaking" and before == "thinking" and self._asked_ns > 0
        latency_s = (now_ns - self._asked_ns) / NS if first else None
        self._organs.publish(TurnChanged(now_ns, self.source, state, turns.generation, turns.reason, latency_s))

    async def _watch(self) -> None:
        """Let time decide, as often as it can."""
        clock = self._organs.clock
        while True:
            await self._restless.wait()
            self._restless.clear()
            while self._turns.restless:
                await clock.sleep_until(clock.now_ns() + _POLL_NS)
                self.tick()

    async def _run(self) -> None:
        async for answer in self._answers:
            try:
                await self._answer(answer)
            except HeedError as error:
                self._report("failed", str(error))
            except Exception as error:  # a fault of ours, too, costs this answer alone: whoever asks next is answered
                _LOG.exception("dialog:%s", self.source)
                self._report("failed", f"{type(error).__name__}: {error}")
            self._handle(Finished(answer.generation))

    async def _answer(self, answer: Answer) -> None:
        organs, watch = self._organs, Stopwatch()
        if self._withdrawn >= answer.generation:
            return
        self._asked_ns = 0 if answer.remark else answer.asked_ns
        reply = SpokenReply(None if self.muted else self.sink, answer.generation, organs.voice)
        thought = await self._begin(answer)
        question, interpreter = answer.question, organs.interpreter
        if isinstance(thought, Interpreted) and interpreter is not None:
            question, reply.voice = thought.understood.text, interpreter.voice(thought.understood.language)
        ttft_s = await self._utter(answer, thought, reply, watch)
        await self._played(reply)
        stopped = self._cancelled >= answer.generation
        spoken, text = reply.heard(), thought.text.strip()
        if self._withdrawn >= answer.generation and not spoken:
            return  # nothing of it was heard, and what was asked is asked again with more words: it never was
        sentences = () if stopped else tuple(await self._think(thought.evidence))
        # The mind remembers the conversation in its own language.
        told = thought.plain if isinstance(thought, Interpreted) else text
        self._history.add(question, spoken if stopped and reply.sink is not None else told)
        organs.publish(
            Reply(
                t_ns=organs.clock.now_ns(),
                generation=answer.generation,
                asked_ns=answer.asked_ns,
                question=answer.question,
                text=text,
                evidence=rests_on(sentences, _EVIDENCE),
                sentences=sentences,
                ttft_s=ttft_s,
                first_audio_s=reply.first_audio_s,
                tokens=len(thought.tokens),
                spoken=spoken,
                source=self.source,
                correlation=answer.correlation,
                unasked=bool(answer.remark),
            )
        )

    async def _begin(self, answer: Answer) -> Thought:
        if answer.remark:
            return Told(answer.remark, answer.about)
        interpreter, understood = self._organs.interpreter, Understood(answer.question)
        if interpreter is not None:
            understood = await self._think(partial(interpreter.understand, answer.question))
        tools = self._organs.tools
        if tools is not None and (words := await tools(understood.text)):
            thought: Thought = Told(words, "")
        else:
            found, recall = Recollection(), self._organs.recall
            if recall is not None:
                found = await self._think(partial(recall, understood.text, self._organs.clock.now_ns()))
            asking, mind = self._asking(understood.text), self._organs.mind
            if found.mind is None:
                await self._ahead.ready(asking)
            else:
                mind, asking = found.mind, replace(asking, question=found.question, turns=())
            thought = found.told(await self._think(lambda: asking.ask(mind)))
        return Interpreted(thought, interpreter, understood) if interpreter and understood.language else thought

    def _asking(self, question: str) -> Asking:
        """The question, as it would be put to the mind now."""
        clock = self._organs.clock
        now_ns = clock.now_ns()
        now = wording.clock(now_ns, clock.wall_start)
        return Asking(question, self._history.turns(), now, now_ns, self._options.max_new_tokens)

    async def _utter(self, answer: Answer, thought: Thought, reply: SpokenReply, watch: Stopwatch) -> float:
        """Generate token by token, writing each and speaking each sentence; returns time to first token."""
        splitter, ttft_s, generation = Sentences(), 0.0, answer.generation
        while self._cancelled < generation:
            piece = await self._think(thought.step)
            ttft_s = ttft_s or watch.elapsed_s()
            if piece is None:
                break
            if piece and self._cancelled < generation:
                self._organs.publish(ReplyDelta(self._organs.clock.now_ns(), generation, piece, self.source))
                for sentence in splitter.push(piece):
                    await self._speak(sentence, reply, watch)
            self._notice(reply)
        if self._cancelled < generation:
            for sentence in splitter.flush():
                await self._speak(sentence, reply, watch)
        return ttft_s

    async def _speak(self, text: str, reply: SpokenReply, watch: Stopwatch) -> None:
        voice, sink = reply.voice, reply.sink
        if voice is None or sink is None or self.muted:
            return
        loop = asyncio.get_running_loop()
        try:
            samples, rate_hz = await loop.run_in_executor(self._organs.voice_executor, voice.say, text)
        except HeedError as error:
            self._report("failed", f"the voice failed: {error}")
            return
        if len(samples) == 0 or self._cancelled >= reply.generation or self.muted:
            return
        self._turns.saying(reply.generation, text)
        sink.play(Speech(reply.generation, text, samples, rate_hz))
        reply.sentences.append(Sentence(text, len(samples) / rate_hz))
        if reply.first_audio_s is None:
            reply.first_audio_s = watch.elapsed_s()

    async def _played(self, reply: SpokenReply) -> None:
        """Wait until the reply was played or stopped."""
        clock, sink = self._organs.clock, reply.sink
        self._notice(reply)
        while sink is not None and self._cancelled < reply.generation and not self.muted and not sink.idle():
            await clock.sleep_until(clock.now_ns() + _POLL_NS)
            self._notice(reply)
            self.tick()

    def _notice(self, reply: SpokenReply) -> None:
        """Tell which sentences began to be heard."""
        now_ns = self._organs.clock.now_ns()
        for sentence in reply.begun():
            if not self._turns.audible:
                self._handle(Audible(reply.generation))
            self._organs.publish(Speaking(now_ns, self.source, reply.generation, sentence.text, sentence.duration_s))

    async def _think(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._organs.mind_executor, work)

    def _report(self, state: HealthState, reason: str) -> None:
        self._organs.publish(Health(f"dialog:{self.source}", state, reason, self._organs.clock.now_ns()))
