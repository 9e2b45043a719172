"""A conversation: takes what the user says or types, thinks, writes and speaks, and can be stopped at any token.

The rules of turn-taking are in `dialog.turn`; here is what carries them out. Everything blocking (the model, the
voice) runs on executors that the caller provides; the conversation itself lives on the event loop.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self, TypeVar

from dialog.addressed import is_addressed
from dialog.ahead import Ahead, Asking
from dialog.events import Event, Reply, ReplyDelta
from dialog.heard import Sentence, heard_text
from dialog.history import History
from dialog.mind import Mind, Thought, rests_on
from dialog.speech.sentences import Sentences
from dialog.speech.synth import Synthesizer
from dialog.turn import Answer, Cancel, Decision, Drop, Finished, Input, Said, Stop, TurnOptions, TurnTaking, Typed
from streams import wording
from streams.channel import Channel
from streams.clock import Clock, Stopwatch
from streams.errors import HeedError
from streams.sink import Speech, SpeechSink
from streams.types import NS, Health, HealthState, Partial, Transcript

T = TypeVar("T")

_POLL_NS = NS // 50
_EVIDENCE = 5


@dataclass(frozen=True, slots=True)
class DialogOptions:
    """How a conversation goes."""

    turns: TurnOptions = field(default_factory=TurnOptions)
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


@dataclass(slots=True)
class _Speaking:
    """What was put into speech of one reply so far."""

    sentences: list[Sentence] = field(default_factory=list)
    first_audio_s: float | None = None


class Dialog:
    """One conversation with one user. `async with` it; then call `said`, `typed`, `stop`."""

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
        self._ahead = Ahead(organs.mind, organs.mind_executor)
        self._answers: Channel[Answer] = Channel(8, "drop_oldest", f"answers:{source}")
        self._cancelled = 0
        self._idle = asyncio.Event()
        self._idle.set()
        self._runner: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        # The one task outside a TaskGroup: it is the group's equal, kept and awaited by __aexit__.
        self._runner = asyncio.create_task(self._run(), name=f"dialog:{self.source}")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        self._answers.close()
        if self._runner is not None:
            self._runner.cancel()
            await asyncio.gather(self._runner, return_exceptions=True)
        await self._ahead.close()

    def hearing(self, partial: Partial) -> None:
        """The user is speaking, and has said this so far: what seems to be a whole question is read ahead."""
        if self._ahead.settled(partial) and not self._turns.busy and self._would_answer(partial.text):
            self._ahead.read(self._asking(partial.text))

    def said(self, transcript: Transcript) -> None:
        """The user finished a spoken sentence."""
        self._ahead.only(transcript.text)
        self._handle(Said(transcript.t0_ns, transcript.t1_ns, transcript.text))

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

    async def settle(self) -> None:
        """Return once nothing is being answered or waits for an answer."""
        await self._idle.wait()

    def _handle(self, what: Input) -> None:
        self._decide(self._turns.handle(what, self._organs.clock.now_ns()))

    def _decide(self, decisions: list[Decision]) -> None:
        for decision in decisions:
            match decision:
                case Answer():
                    self._idle.clear()
                    self._answers.offer(decision)
                case Cancel(generation, _):
                    self._cancelled = max(self._cancelled, generation)
                    if self.sink is not None:
                        self.sink.stop(generation)
                case Drop(text, reason) if reason != "not a question":
                    self._report("degraded", f"not answered, {reason}: {text[:80]}")
        if not self._turns.busy:
            self._idle.set()

    async def _run(self) -> None:
        async for answer in self._answers:
            try:
                await self._answer(answer)
            except HeedError as error:
                self._report("failed", str(error))
            self._handle(Finished(answer.generation))

    async def _answer(self, answer: Answer) -> None:
        organs, watch = self._organs, Stopwatch()
        asking = self._asking(answer.question)
        await self._ahead.ready(asking)
        thought = await self._think(lambda: asking.ask(organs.mind))
        ttft_s, speaking = await self._utter(answer, thought, watch)
        await self._played(answer.generation)
        stopped = self._cancelled >= answer.generation
        spoken = self._spoken(answer.generation, speaking)
        text = thought.text.strip()
        sentences = () if stopped else tuple(await self._think(thought.evidence))
        self._history.add(answer.question, spoken if stopped and speaking.sentences else text)
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
                first_audio_s=speaking.first_audio_s,
                tokens=len(thought.tokens),
                spoken=spoken,
                source=self.source,
                correlation=answer.correlation,
            )
        )

    def _asking(self, question: str) -> Asking:
        """The question, as it would be put to the mind now."""
        clock = self._organs.clock
        now_ns = clock.now_ns()
        now = wording.clock(now_ns, clock.wall_start)
        return Asking(question, self._history.turns(), now, now_ns, self._options.max_new_tokens)

    def _would_answer(self, words: str) -> bool:
        respond = self._options.turns.respond
        return respond == "all" or (respond == "questions" and is_addressed(words))

    async def _utter(self, answer: Answer, thought: Thought, watch: Stopwatch) -> tuple[float, _Speaking]:
        """Generate token by token, writing each and speaking each sentence; returns time to first token."""
        splitter, speaking, ttft_s = Sentences(), _Speaking(), 0.0
        while self._cancelled < answer.generation:
            piece = await self._think(thought.step)
            ttft_s = ttft_s or watch.elapsed_s()
            if piece is None:
                break
            if piece and self._cancelled < answer.generation:
                self._organs.publish(ReplyDelta(self._organs.clock.now_ns(), answer.generation, piece))
                for sentence in splitter.push(piece):
                    await self._speak(answer.generation, sentence, speaking, watch)
        if self._cancelled < answer.generation:
            for sentence in splitter.flush():
                await self._speak(answer.generation, sentence, speaking, watch)
        return ttft_s, speaking

    async def _speak(self, generation: int, text: str, speaking: _Speaking, watch: Stopwatch) -> None:
        voice, sink = self._organs.voice, self.sink
        if voice is None or sink is None or self.muted:
            return
        loop = asyncio.get_running_loop()
        try:
            samples, rate_hz = await loop.run_in_executor(self._organs.voice_executor, voice.say, text)
        except HeedError as error:
            self._report("degraded", f"not spoken: {error}")
            return
        if len(samples) == 0 or self._cancelled >= generation or self.muted:
            return
        self._turns.saying(generation, text)
        sink.play(Speech(generation, text, samples, rate_hz))
        speaking.sentences.append(Sentence(text, len(samples) / rate_hz))
        if speaking.first_audio_s is None:
            speaking.first_audio_s = watch.elapsed_s()

    async def _played(self, generation: int) -> None:
        """Wait until the reply was played or stopped."""
        clock = self._organs.clock
        while self.sink is not None and self._cancelled < generation and not self.muted and not self.sink.idle():
            await clock.sleep_until(clock.now_ns() + _POLL_NS)
            self.tick()

    def _spoken(self, generation: int, speaking: _Speaking) -> str:
        if self.sink is None or not speaking.sentences:
            return ""
        return heard_text(speaking.sentences, self.sink.played_s(generation))

    async def _think(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._organs.mind_executor, work)

    def _report(self, state: HealthState, reason: str) -> None:
        self._organs.publish(Health(f"dialog:{self.source}", state, reason, self._organs.clock.now_ns()))
