"""Reading ahead: one prompt pass where the words stay, no trace where they do not. Fakes, virtual time, one thread."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace

import pytest
from torch import Tensor

from agent.bus import Bus
from agent.core import Core, CoreOptions
from dialog.events import Event, Perceived, Reply
from dialog.manager import DialogOptions
from dialog.mind import Turn
from dialog.model.engine import Asking as ModelAsking
from dialog.model.engine import Engine
from dialog.model.fusion import CrossAttention
from dialog.turn import TurnOptions
from streams.clock import ManualClock
from streams.errors import ModelError
from streams.types import NS, Observation, Partial, Percept, Transcript
from tests.fakes import FakeMind, ListSink, organs
from tests.streams.sources.waiting import until

KEYS = "Where are the keys?"
LINE = "the keys lie there"


@pytest.fixture
def executor() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as pool:
        yield pool


@dataclass
class SlowMind(FakeMind):
    """Its readings ahead begin only when the test says so."""

    go: threading.Event = field(default_factory=threading.Event)
    begun: list[str] = field(default_factory=list)

    def prepare(self, question: str, history: tuple[Turn, ...], now: str, now_ns: int, max_new_tokens: int) -> None:
        self.begun.append(question)
        assert self.go.wait(20)
        super().prepare(question, history, now, now_ns, max_new_tokens)


class BrokenMind(FakeMind):
    """It cannot read ahead."""

    def prepare(self, question: str, history: tuple[Turn, ...], now: str, now_ns: int, max_new_tokens: int) -> None:
        raise ModelError("too long")


@dataclass
class Call:
    """A call: what is heard in it, and what came of that."""

    core: Core
    mind: FakeMind
    events: list[Event]

    async def partial(self, text: str, t0_s: float = 1.0, t_s: float = 2.0) -> None:
        await self.hear(t_s, Partial("call", round(t0_s * NS), round(t_s * NS), text))

    async def final(self, text: str, t0_s: float = 1.0, t_s: float = 2.5) -> None:
        await self.hear(t_s, Transcript("call", round(t0_s * NS), round(t_s * NS), text))

    async def hear(self, t_s: float, what: Observation) -> None:
        clock, (dialog,) = self.core.clock, self.core.dialogs()
        assert isinstance(clock, ManualClock)
        clock.advance_to(round(t_s * NS))
        await self.core.observe(round(t_s * NS), [what], dialog)

    async def see(self, text: str, n: int = 1) -> None:
        await self.core.observe(n * NS, [Percept(f"room/v{n}", "object", "room", n * NS, n * NS, text)])

    async def answered(self, count: int = 1) -> list[str]:
        (dialog,) = self.core.dialogs()
        await dialog.settle()
        found = [e.text for e in self.events if isinstance(e, Reply)]
        assert len(found) == count
        return found

    @property
    def read(self) -> list[str]:
        return [question for question, _, _ in self.mind.passes]


class Calls:
    """Opens one call."""

    def __init__(self, executor: ThreadPoolExecutor, mind: FakeMind | None = None, turns: TurnOptions | None = None):
        self.mind, self.bus, events = mind or FakeMind(), Bus(), list[Event]()
        options = CoreOptions(dialog=DialogOptions(turns=turns or TurnOptions()))
        self.core = Core(organs(ManualClock(), self.bus, executor, self.mind), self.bus, options)
        self.call, self.events = Call(self.core, self.mind, events), events

    async def __aenter__(self) -> Call:
        self.tap = self.bus.tap(self.events.append)
        self.tap.__enter__()
        await self.core.__aenter__()
        self.dialog = self.core.converse("call", ListSink())
        await self.dialog.__aenter__()
        await self.call.see(LINE)
        return self.call

    async def __aexit__(self, *_: object) -> None:
        await self.dialog.__aexit__(None, None, None)
        await self.core.__aexit__(None, None, None)
        self.tap.__exit__(None, None, None)


async def test_a_question_that_was_read_ahead_is_not_read_again(executor: ThreadPoolExecutor) -> None:
    async with Calls(executor) as call:
        await call.partial(KEYS)
        await until(lambda: call.read == [KEYS])
        await call.final(KEYS)
        assert await call.answered() == [f"0:01 room: {LINE}"]
        assert call.mind.passes == call.mind.asked == [(KEYS, (), "0:02")]


async def test_the_same_answer_with_and_without_reading_ahead(executor: ThreadPoolExecutor) -> None:
    async def events(partials: list[str]) -> list[Event]:
        async with Calls(executor) as call:
            for text in partials:
                await call.partial(text)
            await call.final(KEYS)
            await call.answered()
            assert len(call.mind.asked) == 1
            kept = [e for e in call.events if not (isinstance(e, Perceived) and isinstance(e.what, Partial))]
            return [replace(e, ttft_s=0.0, first_audio_s=None) if isinstance(e, Reply) else e for e in kept]

    alone = await events([])
    assert any(isinstance(e, Reply) for e in alone)
    for partials in ([KEYS], ["Where are", "Where are", KEYS], [KEYS, "Where are the keys? And"]):
        assert await events(partials) == alone


@pytest.mark.parametrize(
    ("texts", "read"),
    [
        (["Where are"], []),
        (["Where are", "Where are"], ["Where are"]),
        (["Where are", "Where are the"], []),
        ([KEYS], [KEYS]),
        ([KEYS, KEYS, KEYS], [KEYS]),
        (["I lost them.", "I lost them."], []),
        (["", ""], []),
    ],
)
async def test_only_what_seems_to_be_a_whole_question_is_read(
    executor: ThreadPoolExecutor, texts: list[str], read: list[str]
) -> None:
    async with Calls(executor) as call:
        for text in texts:
            await call.partial(text)
        executor.submit(lambda: None).result(20)
        assert call.read == read


async def test_the_same_words_of_another_utterance_are_not_twice(executor: ThreadPoolExecutor) -> None:
    async with Calls(executor) as call:
        await call.partial("Where are", t0_s=1)
        await call.partial("Where are", t0_s=3, t_s=4)
        executor.submit(lambda: None).result(20)
        assert call.read == []


@pytest.mark.parametrize(("respond", "read"), [("all", 1), ("questions", 0), ("none", 0)])
async def test_what_would_get_no_answer_is_not_read(executor: ThreadPoolExecutor, respond: str, read: int) -> None:
    async with Calls(executor, turns=TurnOptions(respond=respond)) as call:  # type: ignore[arg-type]
        await call.partial("The keys are gone.")
        executor.submit(lambda: None).result(20)
        assert len(call.read) == read


async def test_other_words_are_read_on_their_own(executor: ThreadPoolExecutor) -> None:
    async with Calls(executor) as call:
        await call.partial(KEYS)
        await until(lambda: call.read == [KEYS])
        await call.final("Where are the keys now?")
        assert await call.answered() == [f"0:01 room: {LINE}"]
        assert call.read == [KEYS, "Where are the keys now?"]
        assert [q for q, _, _ in call.mind.asked] == ["Where are the keys now?"]
        assert call.mind.ready is None


async def test_another_time_of_day_is_another_prompt(executor: ThreadPoolExecutor) -> None:
    async with Calls(executor) as call:
        await call.partial(KEYS)
        await call.final(KEYS, t_s=3)
        await call.answered()
        assert call.mind.asked == [(KEYS, (), "0:03")]
        assert call.mind.passes[-1] == (KEYS, (), "0:03")


async def test_what_was_perceived_in_between_is_in_the_answer(executor: ThreadPoolExecutor) -> None:
    async with Calls(executor) as call:
        await call.partial(KEYS)
        await until(lambda: call.read == [KEYS])
        await call.see("the keys are taken away", 2)
        await call.final(KEYS)
        assert await call.answered() == ["0:02 room: the keys are taken away"]
        assert call.read == [KEYS, KEYS], "the first reading was of no use any more"


async def test_a_reading_that_has_not_begun_is_dropped_when_the_words_change(executor: ThreadPoolExecutor) -> None:
    hold = threading.Event()
    async with Calls(executor) as call:
        executor.submit(hold.wait, 20)
        await call.partial(KEYS)
        await call.partial("Where are the keys? I mean")
        hold.set()
        await call.final("Where are the keys? I mean the red ones.")
        await call.answered()
        assert call.read == ["Where are the keys? I mean the red ones."]


async def test_the_newest_of_many_is_read_after_the_one_at_work(executor: ThreadPoolExecutor) -> None:
    mind = SlowMind()
    async with Calls(executor, mind) as call:
        await call.partial("Who?")
        await until(lambda: mind.begun == ["Who?"])
        await call.partial("Who is?")
        await call.partial("Who is it?")
        await call.partial(KEYS)
        await call.final(KEYS)
        mind.go.set()
        assert await call.answered() == [f"0:01 room: {LINE}"]
        assert call.read == ["Who?", KEYS], "two waited in vain, and the last was used"


async def test_a_question_waits_for_its_own_reading(executor: ThreadPoolExecutor) -> None:
    mind = SlowMind()
    async with Calls(executor, mind) as call:
        await call.partial(KEYS)
        await until(lambda: mind.begun)
        await call.final(KEYS)
        assert not mind.asked
        mind.go.set()
        await call.answered()
        assert mind.passes == mind.asked


async def test_an_interruption_drops_what_was_to_be_read(executor: ThreadPoolExecutor) -> None:
    hold = threading.Event()
    async with Calls(executor) as call:
        executor.submit(hold.wait, 20)
        await call.partial(KEYS)
        call.core.dialogs()[0].stop()
        hold.set()
        executor.submit(lambda: None).result(20)
        assert call.read == []
        await call.answered(0)


async def test_a_typed_question_goes_before_what_is_being_said(executor: ThreadPoolExecutor) -> None:
    hold = threading.Event()
    async with Calls(executor) as call:
        executor.submit(hold.wait, 20)
        await call.partial(KEYS)
        call.core.dialogs()[0].typed("Who is there?")
        hold.set()
        await call.answered()
        assert call.read == ["Who is there?"]


async def test_nothing_is_read_ahead_during_an_answer(executor: ThreadPoolExecutor) -> None:
    hold = threading.Event()
    async with Calls(executor) as call:
        executor.submit(hold.wait, 20)
        await call.final("Who is there?")
        await call.partial(KEYS, t0_s=3, t_s=3.5)
        hold.set()
        await call.answered()
        assert call.read == ["Who is there?"]


async def test_a_reading_leaves_no_trace_in_the_conversation(executor: ThreadPoolExecutor) -> None:
    async with Calls(executor) as call:
        await call.partial(KEYS)
        await until(lambda: call.read == [KEYS])
        before = list(call.events)
        await call.final("What about the keys?", t0_s=3, t_s=4)
        await call.answered()
        assert call.mind.asked == [("What about the keys?", (), "0:04")]
        assert not any(isinstance(e, Reply) for e in before) and list(call.mind.lines) == ["room/v1"]


async def test_a_mind_that_cannot_read_ahead_still_answers(executor: ThreadPoolExecutor) -> None:
    async with Calls(executor, BrokenMind()) as call:
        await call.partial(KEYS)
        await call.final(KEYS)
        assert await call.answered() == [f"0:01 room: {LINE}"]


async def test_a_call_that_ends_waits_for_the_reading_at_work(executor: ThreadPoolExecutor) -> None:
    mind = SlowMind()
    calls = Calls(executor, mind)
    call = await calls.__aenter__()
    await call.partial("Who is it?")
    await until(lambda: mind.begun)
    await call.partial(KEYS)
    closing = asyncio.create_task(calls.__aexit__())
    done, _ = await asyncio.wait([closing], timeout=0)
    assert not done
    mind.go.set()
    await closing
    assert call.read == ["Who is it?"]


def test_the_model_gives_the_very_same_answer_with_one_pass_over_the_prompt(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    passes: list[int] = []
    advance = engine.advance

    def counted(asking: ModelAsking, ids: Sequence[int]) -> Tensor:
        passes.extend([len(ids)] if len(ids) > 1 else [])
        return advance(asking, ids)

    monkeypatch.setattr(engine, "advance", counted)

    def told(ahead: list[str], seen: str = "") -> tuple[list[int], int]:
        mind = CrossAttention(engine)
        mind.remember_many([("a", f"0:01 room: {LINE}", NS), ("b", "0:02 room: the light goes off", 2 * NS)])
        for n, words in enumerate(ahead):
            mind.prepare(words, (), "0:05", (5 + n) * NS, 6)
        if seen:
            mind.remember("c", f"0:06 room: {seen}", 6 * NS)
        before = len(passes)
        thought = mind.ask(KEYS, (), "0:05", 9 * NS, 6)
        while thought.step() is not None:
            pass
        return list(thought.tokens), len(passes) - before

    alone, once = told([])
    assert len(alone) > 1 and once == 1
    assert told([KEYS]) == (alone, 0)
    assert told([KEYS, KEYS]) == (alone, 0)
    assert told(["Where are"]) == (alone, 1)
    assert told([KEYS, "Where are"]) == (alone, 1)
    assert told([KEYS], "it rains") == told([], "it rains")
