"""A conversation that can be interrupted: the real dialog and playout, virtual time, a small mind."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import numpy as np
import pytest
from numpy.typing import NDArray

from agent.bus import Bus
from agent.core import Core, CoreOptions
from dialog.events import Event, Remarks, Reply, ReplyDelta, Speaking, TurnChanged
from dialog.manager import Dialog, DialogOptions
from dialog.remarks import RemarkOptions
from dialog.turn import TurnOptions
from streams.clock import ManualClock
from streams.sinks.playout import Playout
from streams.types import NS, Observation, Partial, Percept, Transcript, Voice
from tests.fakes import FakeMind, organs

RATE_HZ = 16_000
KEYS = "Where are the keys?"
LINE = "the keys lie there beside the lamp on the long shelf of the hall"
STEP_NS = NS // 50


@pytest.fixture
def executor() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as pool:
        yield pool


@dataclass
class Stage:
    """A call: the test is microphone, loudspeaker and clock."""

    core: Core
    dialog: Dialog
    clock: ManualClock
    sink: Playout
    mind: FakeMind
    events: list[Event]
    heard: list[NDArray[np.float32]] = field(default_factory=list)

    async def until(self, true: Callable[[], bool], most_s: float = 60.0) -> None:
        """Let stream time pass, playing what there is, until something is so."""
        end_ns = self.clock.now_ns() + round(most_s * NS)
        while not true():
            assert self.clock.now_ns() < end_ns, [type(e).__name__ for e in self.events[-5:]]
            await self.step()

    async def step(self) -> None:
        self.clock.advance_to(self.clock.now_ns() + STEP_NS)
        self.heard.append(self.sink.pop(RATE_HZ // 50))
        await asyncio.get_running_loop().run_in_executor(self.core.organs.mind_executor, lambda: None)
        for _ in range(5):
            await asyncio.sleep(0)

    async def pass_s(self, seconds: float) -> None:
        for _ in range(round(seconds * 50)):
            await self.step()

    async def hear(self, *what: Observation) -> None:
        await self.core.observe(self.clock.now_ns(), what, self.dialog)

    async def voice(self, speaking: bool) -> None:
        await self.hear(Voice("call", self.clock.now_ns(), speaking))

    async def say(self, text: str, seconds: float = 1.0, finished: float = 0.95) -> tuple[int, int]:
        """Somebody says something and pauses; returns when that was."""
        t0_ns = self.clock.now_ns()
        await self.voice(True)
        await self.pass_s(seconds)
        t1_ns = self.clock.now_ns()
        await self.voice(False)
        await self.hear(Partial("call", t0_ns, t1_ns, text, finished=finished, paused=True))
        return t0_ns, t1_ns

    def of(self, kind: type) -> list[Event]:
        return [e for e in self.events if isinstance(e, kind)]

    def replies(self) -> list[Reply]:
        return [e for e in self.events if isinstance(e, Reply)]

    def states(self) -> list[str]:
        return [e.state for e in self.events if isinstance(e, TurnChanged)]

    def loud(self, blocks: int) -> bool:
        return bool(np.abs(np.concatenate(self.heard[-blocks:])).max() > 0.01)


@asynccontextmanager
async def stage(executor: ThreadPoolExecutor, options: DialogOptions | None = None) -> AsyncIterator[Stage]:
    bus, events, mind, clock, sink = Bus(), list[Event](), FakeMind(), ManualClock(), Playout(RATE_HZ)
    core_options = CoreOptions(dialog=options or DialogOptions(TurnOptions()))
    with bus.tap(events.append):
        async with (
            Core(organs(clock, bus, executor, mind), bus, core_options) as core,
            core.converse("call", sink) as dialog,
        ):
            await core.observe(NS, [Percept("room/v1", "object", "room", NS, NS, LINE)])
            yield Stage(core, dialog, clock, sink, mind, events)


async def test_an_answer_begins_in_the_pause_and_is_timed(executor: ThreadPoolExecutor) -> None:
    async with stage(executor) as call:
        t0_ns, t1_ns = await call.say(KEYS)
        await call.until(lambda: "speaking" in call.states())
        assert call.states() == ["hearing", "waiting", "thinking", "speaking"]
        (first,) = [e for e in call.events if isinstance(e, TurnChanged) and e.state == "speaking"]
        assert first.latency_s is not None and 0.3 <= first.latency_s < 1.0
        await call.hear(Transcript("call", t0_ns, t1_ns, KEYS))
        await call.until(lambda: bool(call.replies()))
        (reply,) = call.replies()
        assert reply.spoken == reply.text and reply.question == KEYS and reply.asked_ns == t1_ns
        assert [e.text for e in call.events if isinstance(e, Speaking)] == [reply.text]
        await call.pass_s(3)
        assert call.states()[-1] == "listening" and len(call.replies()) == 1


async def test_a_backchannel_costs_a_breath_and_no_word(executor: ThreadPoolExecutor) -> None:
    async with stage(executor) as alone, stage(executor) as call:
        for one in (alone, call):
            await one.say(KEYS)
            await one.until(lambda one=one: "speaking" in one.states())  # type: ignore[misc]
        await call.pass_s(0.3)
        await call.voice(True)
        await call.pass_s(0.1)
        assert call.states()[-1] == "holding" and not call.loud(3)
        start_ns = call.clock.now_ns()
        await call.pass_s(0.4)
        await call.voice(False)
        await call.hear(Partial("call", start_ns, call.clock.now_ns(), "Mm-hm.", finished=0.9, paused=True))
        await call.pass_s(0.1)
        assert call.states()[-1] == "speaking" and call.loud(3)
        for one in (alone, call):
            await one.until(lambda one=one: bool(one.replies()))  # type: ignore[misc]
        assert call.replies()[0].spoken == alone.replies()[0].spoken == alone.replies()[0].text
        whole, broken = (np.concatenate(one.heard) for one in (alone, call))
        assert np.count_nonzero(whole) <= np.count_nonzero(broken) <= np.count_nonzero(whole) + RATE_HZ // 100


async def test_an_interruption_leaves_in_the_history_what_was_heard(executor: ThreadPoolExecutor) -> None:
    async with stage(executor) as call:
        await call.say(KEYS)
        await call.until(lambda: "speaking" in call.states())
        await call.pass_s(0.5)
        await call.say("And what about the lamp?", 0.8)
        await call.until(lambda: len(call.replies()) == 2)
        first, second = call.replies()
        assert first.spoken and first.text.startswith(first.spoken) and len(first.spoken) < len(first.text)
        assert not first.sentences, "evidence of an answer that was cut off is not looked for"
        assert second.question == "And what about the lamp?"
        ((_, history, _),) = [prompt for prompt in call.mind.asked if prompt[0] == second.question]
        assert [(turn.question, turn.answer) for turn in history] == [(KEYS, first.spoken)]


async def test_an_answer_that_came_too_early_is_withdrawn_without_a_trace(executor: ThreadPoolExecutor) -> None:
    async with stage(executor) as call:
        t0_ns, _ = await call.say("Where are the keys", finished=0.99)
        await call.until(lambda: "thinking" in call.states())
        await call.voice(True)
        await call.pass_s(0.8)
        await call.voice(False)
        whole = "Where are the keys of the lamp?"
        await call.hear(Partial("call", t0_ns, call.clock.now_ns(), whole, finished=0.9, paused=True))
        await call.until(lambda: bool(call.replies()))
        assert [r.question for r in call.replies()] == [whole]
        assert call.mind.asked[-1][1] == (), "nothing of the first is in the history"
        assert all(e.generation == 2 for e in call.events if isinstance(e, Speaking))


async def test_silence_on_request_and_a_reply_to_whoever_waits_for_it(executor: ThreadPoolExecutor) -> None:
    async with stage(executor) as call:
        call.dialog.typed(KEYS, "c1")
        await call.until(lambda: "speaking" in call.states())
        call.dialog.stop()
        await call.pass_s(0.1)
        assert not call.loud(4)
        await call.until(lambda: bool(call.replies()))
        assert call.replies()[0].correlation == "c1"


async def test_something_seen_is_remarked_once_and_can_be_switched_off(executor: ThreadPoolExecutor) -> None:
    options = DialogOptions(TurnOptions(), RemarkOptions(on=True, quiet_s=1.0, cool_down_s=60.0))

    async def enters(call: Stage, n: int) -> None:
        t_ns = call.clock.now_ns()
        what = Percept(f"call/v{n}", "object", "call", t_ns, t_ns, "a person enters from the left")
        await call.core.observe(t_ns, [what], call.dialog)

    async with stage(executor, options) as call:
        await enters(call, 1)
        await call.pass_s(2)
        assert not call.replies(), "too soon"
        await enters(call, 2)
        await call.until(lambda: bool(call.replies()))
        (said,) = call.replies()
        assert said.text == said.spoken == "I see somebody coming in from the left."
        assert said.unasked and said.evidence == ("call/v2",) and not call.mind.asked
        assert all(e.latency_s is None for e in call.events if isinstance(e, TurnChanged))
        await enters(call, 3)
        await call.pass_s(61)
        assert len(call.replies()) == 1, "not again so soon"
        call.core.bus.send(Remarks(False, "call"))
        await call.pass_s(0.1)
        await enters(call, 4)
        await call.pass_s(2)
        assert len(call.replies()) == 1, "switched off"


async def test_muted_it_writes(executor: ThreadPoolExecutor) -> None:
    async with stage(executor) as call:
        call.dialog.mute(True)
        await call.say(KEYS)
        await call.until(lambda: bool(call.replies()))
        assert not call.replies()[0].spoken and call.of(ReplyDelta) and not call.of(Speaking)
        await call.pass_s(1)
        assert call.states()[-1] == "listening" and not call.loud(50)
