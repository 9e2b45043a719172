"""The demonstration: a clip is made, a real WebRTC call is held about it with the running agent, and judged.

The scene is published as a camera would publish it (WHIP), the user calls and asks over the call's microphone and by
text; what the agent perceives and answers comes back over the call's data channel and audio track, and only that is
shown, kept and judged here.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Protocol, TypeVar

from rich.console import Console
from rich.table import Table
from rich.text import Text

from agent.demo.clip import DemoClip, Question, Samples, Speak, Voice, make_clip
from agent.demo.holds import Again, Holds
from agent.demo.judge import Got, Outcome, correlation_of, judge, trimmed
from agent.demo.keep import Keeper, write_page, write_wavs
from agent.show import Show, safe
from dialog.speech.espeak import Espeak, EspeakOptions
from streams.clock import Clock
from streams.sources.file import FileSource
from streams.types import NS, SAMPLE_RATE_HZ, AudioChunk, VideoFrame, ns
from streams.webrtc.client import Caller, Publisher

ROOM = "room"
"""The scene's source name at the agent."""
USER = "guest"
"""The caller's."""
_QUIET_S = 1.5
"""After so long without a sound the last answer is over."""
_POLITE_S = 0.5
"""The user asks on when nothing was heard for so long after the answer."""
_MARGIN_S = 0.2
"""Media are asked for at most so long before they are due: a clip that is held goes on so much after the decision."""

T = TypeVar("T", AudioChunk, VideoFrame)


class HasClock(Protocol):
    """`agent.core.Core`, as far as the demonstration needs to know it."""

    @property
    def clock(self) -> Clock:
        """The agent's stream time."""
        ...


class Running(Protocol):
    """An agent that runs in this process (`agent.wiring.RunningAgent`), as far as needed here."""

    @property
    def url(self) -> str:
        """Where its web server listens, such as `http://127.0.0.1:8770`."""
        ...

    @property
    def core(self) -> HasClock:
        """Its centre."""
        ...


@dataclass(frozen=True, slots=True)
class DemoOptions:
    """How the demonstration runs, and when it counts as passed."""

    seed: int = 0
    """Of the clip: chooses the sign and the noise."""
    min_right: int = 3
    """Of the questions; the typed one must be among them."""
    patience_s: float = 25.0
    """How long the user waits for the end of an answer before asking the next question."""
    again_s: float = 10.0
    """When the next question is due and no answer to the last one has begun, the user waits so long and asks again."""
    last_answer_s: float = 20.0
    """How long to wait for answers after the clip has ended."""
    limit_s: float = 420.0
    """The whole must be over by then."""
    token: str | None = None
    """The agent's bearer token, where it demands one."""


def espeak(text: str, voice: Voice) -> tuple[Samples, int]:
    """Speaks a line of the clip with espeak-ng."""
    return Espeak(EspeakOptions(voice.name, voice.words_per_minute, voice.pitch)).say(text)


async def run_demo(
    out: Path,
    start: Callable[[], AbstractAsyncContextManager[Running]],
    console: Console | None = None,
    options: DemoOptions | None = None,
    make: Callable[[Path, Speak, int], DemoClip] = make_clip,
) -> int:
    """Run the demonstration and leave its files in `out`. Returns the exit code: 0 only if the answers came.

    Args:
        out: folder for `clip/`, `events.jsonl`, `captions.vtt`, `reply-*.wav` and `report.html`.
        start: starts the agent; entered once, left before this returns.
        console: where everything is shown.
        options: see `DemoOptions`.
        make: makes the clip from a folder, a way to speak and a seed.

    Raises:
        HeedError: the agent does not start, the call fails, or `out` cannot be written.
    """
    console, options = console or Console(), options or DemoOptions()
    stage = _Stage("the clip to be made")
    try:
        async with asyncio.timeout(options.limit_s):
            return await _demo(out, start, _Play(Show(console), console, options, stage, make))
    except TimeoutError:
        console.print(Text(f"heed demo: gave up after {options.limit_s:g} s, waiting for {stage.waiting_for}", "red"))
        return 1


@dataclass(slots=True)
class _Stage:
    """What is being waited for, for the line that says why it was given up."""

    waiting_for: str


@dataclass(frozen=True, slots=True)
class _Play:
    """What every step of the demonstration needs."""

    show: Show
    console: Console
    options: DemoOptions
    stage: _Stage
    make: Callable[[Path, Speak, int], DemoClip]


async def _demo(out: Path, start: Callable[[], AbstractAsyncContextManager[Running]], play: _Play) -> int:
    show, stage, options = play.show, play.stage, play.options
    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor(1, "demo") as executor:
        show.note("making a clip: a room, a sign, a visitor, a light, two voices")
        clip = await loop.run_in_executor(executor, play.make, out / "clip", espeak, options.seed)
        show.note(f"made {clip.scene} and {clip.user} (the sign says {clip.sign})")
        stage.waiting_for = "the agent to start"
        async with start() as agent:
            show.note(f"the agent runs at {agent.url}; calling it")
            stage.waiting_for = "the call to be connected"
            call = await _Call(clip, agent, play).hold(out)
        show.close()
        wavs = await loop.run_in_executor(executor, write_wavs, out, call.replies)
        page = partial(write_page, call.keeper, clip.scene, ROOM, call.clip_s, agent.core.clock)
        await loop.run_in_executor(executor, page)
    outcomes = judge(call.asked(clip.questions), call.replies, call.start_ns / NS)
    return _conclude(outcomes, out, [path.name for path in wavs.values()], play.console, options)


@dataclass(frozen=True, slots=True)
class _Held:
    """A call that is over."""

    keeper: Keeper
    replies: list[Got]
    start_ns: int
    holds: Holds

    def asked(self, questions: Sequence[Question]) -> list[Question]:
        """The questions with the times at which they were asked."""
        return [replace(q, t_s=self.holds.played_ns(ns(q.t_s)) / NS) for q in questions]

    def clip_s(self, t_s: float) -> float:
        """Which second of the clip was played at a stream time of the agent, in seconds."""
        return self.holds.clip_ns(ns(t_s) - self.start_ns) / NS


class _Call:
    """Publishes the scene, calls, asks, and takes what comes."""

    def __init__(self, clip: DemoClip, agent: Running, play: _Play) -> None:
        self._clip, self._agent = clip, agent
        self._options, self._show, self._stage = play.options, play.show, play.stage
        self._go = asyncio.Event()
        self._holds, self._again = Holds([ns(q.t_s) for q in clip.questions[1:]]), Again()

    async def hold(self, out: Path) -> _Held:
        """The whole call, in real time."""
        options, url, holds = self._options, self._agent.url, self._holds
        async with AsyncExitStack() as stack:
            scene = await stack.enter_async_context(FileSource(self._clip.scene, ROOM))
            user = await stack.enter_async_context(FileSource(self._clip.user, USER))
            caller = Caller(url, options.token, audio=self._gated(holds.audio(user.audio(), self._again)), name=USER)
            keeper = stack.enter_context(Keeper(out, caller.heard))
            sound, pictures = self._gated(holds.audio(scene.audio())), self._gated(holds.video(scene.video()))
            room = Publisher(url, ROOM, options.token, audio=sound, video=pictures)
            await stack.enter_async_context(room)
            await stack.enter_async_context(caller)
            tasks = await stack.enter_async_context(asyncio.TaskGroup())
            listening = tasks.create_task(self._listen(caller, keeper))
            start_ns = self._agent.core.clock.now_ns()
            self._go.set()
            self._stage.waiting_for = "the clip to be played to its end"
            asking = tasks.create_task(self._ask(caller, keeper, start_ns))
            await room.sent()
            await caller.sent()
            await self._last_answer(caller, keeper, await asking)
            listening.cancel()
            return _Held(keeper, keeper.replies(), start_ns, holds)

    async def _gated(self, media: AsyncIterator[T]) -> AsyncIterator[T]:
        """Both connections stand before the first medium is sent, so that they start together."""
        await self._go.wait()
        async for item in media:
            yield item

    async def _listen(self, caller: Caller, keeper: Keeper) -> None:
        async for event in caller.events():
            keeper.take(event)
            self._show.event(event)

    async def _ask(self, caller: Caller, keeper: Keeper, start_ns: int) -> int:
        """Let each question begin when the answer before has ended, and type those that are typed. Returns how many
        answers had come before the last question."""
        clock, before = self._agent.core.clock, 0
        for number, question in enumerate(self._clip.questions):
            if number:
                await clock.sleep_until(start_ns + self._holds.due_ns() - ns(_MARGIN_S))
                waited = await self._answered(caller, keeper, before)
                before = keeper.answered
                self._again.forget()
                self._holds.release(clock.now_ns() - start_ns + ns(_MARGIN_S) if waited else 0)
            if question.typed:
                await clock.sleep_until(start_ns + self._holds.played_ns(ns(question.t_s)))
                await caller.send({"type": "ask", "text": question.text, "correlation": correlation_of(number)})
        return before

    async def _answered(self, caller: Caller, keeper: Keeper, before: int) -> bool:
        """Wait for the answer after so many; ask once more if none begins. Whether anything was waited for."""
        waited = await self._until(lambda: keeper.begun > before, self._options.again_s)
        if keeper.begun <= before:
            self._show.note("no answer; the user asks again")
            self._again.say()
        return await self._quiet(caller, keeper, before, (_POLITE_S, self._options.patience_s)) or waited

    async def _last_answer(self, caller: Caller, keeper: Keeper, before: int) -> None:
        """Wait for the answer after so many, at most `last_answer_s`, and for the end of what is being said."""
        self._stage.waiting_for = "the last answer"
        await self._quiet(caller, keeper, before, (_QUIET_S, self._options.last_answer_s))

    async def _quiet(self, caller: Caller, keeper: Keeper, before: int, times_s: tuple[float, float]) -> bool:
        """Wait until another answer than so many came and nothing was heard for the first of the times, at most the
        second; whether there was anything to wait for."""
        quiet_s, patience_s = times_s
        block = round(quiet_s * SAMPLE_RATE_HZ)
        return await self._until(
            lambda: keeper.answered > before and not len(trimmed(caller.heard()[-block:])), patience_s
        )

    async def _until(self, reached: Callable[[], bool], most_s: float) -> bool:
        """Wait until that is so, at most so long; whether there was anything to wait for."""
        clock = self._agent.core.clock
        begun_ns, waited = clock.now_ns(), False
        while clock.now_ns() - begun_ns < ns(most_s) and not reached():
            waited = True
            await clock.sleep_until(clock.now_ns() + ns(0.1))
        return waited


def _conclude(outcomes: list[Outcome], out: Path, wavs: list[str], console: Console, options: DemoOptions) -> int:
    """Print the table, the files and the verdict."""
    table = Table("question", "answer", "right", "first sound", "rests on", title="heed demo", title_justify="left")
    for outcome in outcomes:
        table.add_row(*(Text(cell) for cell in _cells(outcome)))
    console.print(table)
    for name in ("report.html", "captions.vtt", "events.jsonl", *wavs):
        console.print(Text(f"  {out / name}"), soft_wrap=True)
    faults = verdict(outcomes, options.min_right)
    right = sum(outcome.right for outcome in outcomes)
    if faults:
        console.print(Text(f"heed demo failed: {'; '.join(faults)}", "red"), soft_wrap=True)
        return 1
    wrong = [outcome.question.text for outcome in outcomes if not outcome.right]
    note = f"; wrong: {', '.join(wrong)}" if wrong else ""
    console.print(
        Text(f"heed demo passed: {right} of {len(outcomes)} answers right (at least {options.min_right}){note}"),
        soft_wrap=True,
    )
    return 0


def verdict(outcomes: list[Outcome], min_right: int) -> list[str]:
    """What is missing for the demonstration to count as passed; empty if nothing."""
    faults = [f"no answer to {o.question.text!r}" for o in outcomes if o.got is None]
    faults += [f"the answer to {o.question.text!r} was not heard" for o in outcomes if o.got and not o.audible]
    right = sum(outcome.right for outcome in outcomes)
    if right < min_right:
        faults.append(f"{right} of {len(outcomes)} answers right, at least {min_right} are wanted")
    for outcome in outcomes:
        if outcome.question.typed and outcome.got and not outcome.right:  # what is typed cannot be misheard
            faults.append(f"the answer to {outcome.question.text!r} must be right")
    return faults


def _cells(outcome: Outcome) -> tuple[str, str, str, str, str]:
    question, got = outcome.question, outcome.got
    if got is None:
        return question.text, "(none)", "no", "", ""
    heard = safe(got.event.get("question", ""))
    asked = question.text if heard == question.text else f"{question.text} (heard: {heard})"
    first = got.event.get("first_audio_s")
    sound = f"{first:.2f} s" if isinstance(first, int | float) and outcome.audible else "not heard"
    rests = ", ".join(safe(name) for name in got.event.get("evidence") or ())
    return asked, safe(got.event.get("text", "")), "yes" if outcome.right else "no", sound, rests
