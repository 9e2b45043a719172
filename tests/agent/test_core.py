"""The agent's centre and a replay, with small stand-ins for the models."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from dataclasses import replace

import numpy as np
import pytest

from agent.bus import Bus
from agent.core import MAX_DIALOGS, MAX_WRITTEN, Core, CoreOptions
from agent.replay import Lanes, Question, replay
from dialog.events import Ask, Event, Interrupt, Mute, Perceived, Reply, ReplyDelta
from dialog.manager import DialogOptions
from streams import wording
from streams.clock import ManualClock
from streams.errors import HeedError
from streams.pump import Pump
from streams.types import NS, SAMPLE_RATE_HZ, AudioChunk, Health, Media, Observation, Percept, Transcript, VideoFrame
from tests.fakes import FakeMind, ListSink, organs
from tests.streams.sources.waiting import until


@pytest.fixture
def executor() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(2) as pool:
        yield pool


class SecondsEncoder:
    """Says one thing for each whole second of sound or picture."""

    def __init__(self, text: str) -> None:
        self.text = text

    def init_state(self, source: str) -> list[int]:
        return [-1]

    def step(self, state: list[int], media: AudioChunk | VideoFrame) -> list[Observation]:
        out: list[Observation] = []
        while state[0] + 1 <= media.t_ns // NS - 1:
            state[0] += 1
            t = (state[0] + 1) * NS
            if isinstance(media, AudioChunk):
                out.append(Transcript(media.source, t - NS, t, f"{self.text} {state[0]}?"))
            said = wording.says(f"{self.text} {state[0]}?")
            out.append(Percept("", "speech", media.source, t - NS, t, said))
        return out

    def flush(self, state: list[int]) -> list[Observation]:
        return []


def percept(n: int, text: str) -> Percept:
    return Percept(f"door/v{n}", "object", "door", n * NS, n * NS, text)


def replies(events: list[Event]) -> list[Reply]:
    return [e for e in events if isinstance(e, Reply)]


async def test_a_question_is_answered_from_what_was_perceived(clock: ManualClock, executor: ThreadPoolExecutor) -> None:
    bus, events, sink = Bus(), list[Event](), ListSink()
    with bus.tap(events.append):
        async with (
            Core(organs(clock, bus, executor), bus, CoreOptions()) as core,
            core.converse("call", sink) as dialog,
        ):
            await core.observe(NS, [percept(1, "a person enters from the left"), percept(2, "the light goes off")])
            dialog.typed("What about the light?", "c7")
            await dialog.settle()
    (reply,) = replies(events)
    assert reply.text == "0:02 door: the light goes off"
    assert reply.evidence == ("door/v2",)
    assert (reply.source, reply.correlation, reply.generation) == ("call", "c7", 1)
    assert reply.spoken == reply.text
    assert "".join(e.text for e in events if isinstance(e, ReplyDelta)) == reply.text
    assert reply.first_audio_s is not None and reply.first_audio_s >= reply.ttft_s > 0


async def test_the_question_itself_is_no_fact_about_the_world(clock: ManualClock, executor: ThreadPoolExecutor) -> None:
    bus, mind = Bus(), FakeMind()
    said = [Transcript("mic", 0, NS, "Where are the keys?"), Percept("mic/a1", "speech", "mic", 0, NS, "a voice says")]
    fact = [
        Transcript("mic", 2 * NS, 3 * NS, "They are here."),
        Percept("mic/a2", "speech", "mic", 2 * NS, 3 * NS, "x"),
    ]
    async with Core(organs(clock, bus, executor, mind), bus, CoreOptions()) as core, core.converse("mic") as dialog:
        await core.observe(NS, said, dialog)
        await core.observe(3 * NS, fact, dialog)
        await dialog.settle()
    assert list(mind.lines) == ["mic/a2"]
    assert core.state.get("mic/a1") is not None, "it is still in the state, and was published"
    assert [q for q, _, _ in mind.asked] == ["Where are the keys?"]


async def test_what_is_merged_in_the_state_is_so_for_the_mind(clock: ManualClock, executor: ThreadPoolExecutor) -> None:
    bus, mind, events = Bus(), FakeMind(), list[Event]()
    with bus.tap(events.append):
        async with Core(organs(clock, bus, executor, mind), bus, CoreOptions(per_source=3)) as core:
            for n in range(10):
                await core.observe(n * NS, [percept(n, "a person appears")])
    merged = [name for name in mind.lines if "/m" in name]
    assert set(mind.lines) - set(merged) == {"door/v7", "door/v8", "door/v9"}
    assert [mind.lines[name] for name in merged] == ["0:00 to 0:07 door: in short, 7 people entered"]
    assert len([e for e in events if isinstance(e, Perceived)]) == 10, "what is merged is not perceived once more"


async def test_a_long_run_stays_in_step_with_the_mind(clock: ManualClock, executor: ThreadPoolExecutor) -> None:
    bus, mind = Bus(), FakeMind()
    async with Core(organs(clock, bus, executor, mind), bus, CoreOptions(tokens=512)) as core:
        for n in range(400):
            await core.observe(n * 60 * NS, [percept(n, "a person appears")])
        held = core.state.snapshot(400 * 60 * NS).percepts
    assert {p.id: wording.line(p, None) for p in held} == mind.lines
    assert len(held) < 60


async def test_what_the_mind_had_to_drop_is_dropped_by_the_state(
    clock: ManualClock, executor: ThreadPoolExecutor
) -> None:
    class SmallMind(FakeMind):
        def remember(self, percept_id: str, line: str, t_ns: int, pinned: bool = False) -> list[str]:
            super().remember(percept_id, line, t_ns, pinned)
            return [self.lines.pop(name) and name for name in list(self.lines)[:-5]]

    bus, mind = Bus(), SmallMind()
    async with Core(organs(clock, bus, executor, mind), bus, CoreOptions()) as core:
        for n in range(20):
            await core.observe(n * NS, [percept(n, "a person appears")])
        held = core.state.snapshot(20 * NS).percepts
    assert [p.id for p in held] == list(mind.lines) == [f"door/v{n}" for n in range(15, 20)]


@pytest.mark.parametrize("words", ["Remember that the code is 4711.", "Heed, please remember the code 4711."])
async def test_what_a_user_asks_to_remember_stays(clock: ManualClock, executor: ThreadPoolExecutor, words: str) -> None:
    bus, mind = Bus(), FakeMind()
    said = [Transcript("mic", 0, NS, words), Percept("mic/a1", "speech", "mic", 0, NS, wording.says(words))]
    other = [Transcript("tv", 0, NS, words), Percept("tv/a1", "speech", "tv", 0, NS, wording.says(words))]
    async with (
        Core(organs(clock, bus, executor, mind), bus, CoreOptions(tokens=512)) as core,
        core.converse("mic") as dialog,
    ):
        await core.observe(NS, said, dialog)
        await core.observe(NS, other)
        for n in range(2, 200):
            text = wording.says(f"This is sentence number {n}.")
            for source in ("mic", "tv"):
                await core.observe(n * NS, [Percept(f"{source}/a{n}", "speech", source, n * NS, n * NS, text)])
        await dialog.settle()
    assert mind.lines["mic/a1"].endswith(f'"{words}"')
    assert "tv/a1" not in mind.lines, "only users are obeyed"


async def test_odd_percepts_do_not_end_the_agent(clock: ManualClock, executor: ThreadPoolExecutor) -> None:
    bus, mind, events = Bus(), FakeMind(), list[Event]()
    odd = [percept(1, "first"), percept(1, "of a source that counts from one again"), percept(1, "and again")]
    with bus.tap(events.append):
        async with Core(organs(clock, bus, executor, mind), bus, CoreOptions()) as core:
            await core.observe(
                NS, [*odd, Percept("", "scene", "yard", 0, -5, ""), Percept("", "scene", "yard", 0, 0, "x")]
            )
    ids = [e.what.id for e in events if isinstance(e, Perceived) and isinstance(e.what, Percept)]
    assert len(set(ids)) == 5 and set(ids) == set(mind.lines), "each has an id of its own, and none is lost"
    assert ids[:3] == ["door/v1", "door/v1#1", "door/v1#2"]


async def test_commands_from_the_bus(clock: ManualClock, executor: ThreadPoolExecutor) -> None:
    bus, events = Bus(), list[Event]()
    with bus.tap(events.append), bus.listen("test") as heard:
        async with Core(organs(clock, bus, executor), bus, CoreOptions()):
            bus.send(Ask("Is anyone there?", "mqtt", "42"))
            async for event in heard:
                if isinstance(event, Reply):
                    break
            bus.send(Mute(True))
            bus.send(Interrupt())
    assert [(r.source, r.correlation, r.text, r.spoken) for r in replies(events)] == [
        ("mqtt", "42", "I do not know.", "")
    ]


async def test_stopping_ends_the_answer_between_two_tokens(clock: ManualClock, executor: ThreadPoolExecutor) -> None:
    bus, events, sink = Bus(), list[Event](), ListSink()
    with bus.tap(events.append):
        async with (
            Core(organs(clock, bus, executor), bus, CoreOptions()) as core,
            core.converse("call", sink) as dialog,
        ):
            await core.observe(NS, [percept(1, "word " * 500 + "end")])

            def stop_soon(event: Event) -> None:
                if isinstance(event, ReplyDelta) and event.text.strip() == "door:":
                    dialog.stop()

            with bus.tap(stop_soon):
                dialog.typed("Which word is it?")
                await until(lambda: replies(events))
    (reply,) = replies(events)
    assert reply.tokens <= 4
    assert sink.speech == []
    assert sink.stopped == 1


async def test_a_fault_costs_its_own_answer_and_no_other(
    clock: ManualClock, executor: ThreadPoolExecutor, caplog: pytest.LogCaptureFixture
) -> None:
    async def tools(question: str) -> str | None:
        if question == "Who is first?":
            raise RuntimeError("dictionary changed size during iteration")
        return "The second."

    bus, events = Bus(), list[Event]()
    with bus.tap(events.append), caplog.at_level(logging.ERROR):
        async with (
            Core(replace(organs(clock, bus, executor), tools=tools), bus, CoreOptions()) as core,
            core.converse("call") as dialog,
            asyncio.timeout(10),
        ):
            for question in ("Who is first?", "Who is second?"):
                dialog.typed(question)
                await dialog.settle()
    (fault,) = [e for e in events if isinstance(e, Health)]
    assert (fault.component, fault.state) == ("dialog:call", "failed")
    assert fault.reason == "RuntimeError: dictionary changed size during iteration"
    assert [r.text for r in replies(events)] == ["The second."]
    (logged,) = caplog.records
    assert logged.exc_info is not None and "dialog:call" in logged.getMessage()


async def test_a_question_of_each_visitor_locks_nobody_out(clock: ManualClock, executor: ThreadPoolExecutor) -> None:
    bus, events = Bus(), list[Event]()
    with bus.tap(events.append):
        async with Core(organs(clock, bus, executor), bus, CoreOptions()) as core:
            for n in range(70):
                bus.send(Ask("who is there?", f"web-{n}"))
                await until(lambda: len(replies(events)) == n + 1)  # noqa: B023
                if n == 40:
                    bus.send(Ask("who is there?", "web-0", "again"))
                    await until(lambda: any(r.correlation == "again" for r in replies(events)))
                    events.remove(next(e for e in replies(events) if e.correlation == "again"))
            kept = {dialog.source for dialog in core.dialogs()}
            async with core.converse("room:kitchen"):
                assert "room:kitchen" in {dialog.source for dialog in core.dialogs()}
    assert {r.source for r in replies(events)} == {f"web-{n}" for n in range(70)}
    assert len(kept) == MAX_WRITTEN and "web-0" in kept, "who asked last stays"
    assert not any(isinstance(e, Health) for e in events)


async def test_written_conversations_that_are_busy_are_not_closed(
    clock: ManualClock, executor: ThreadPoolExecutor
) -> None:
    go_on = asyncio.Event()

    async def tools(question: str) -> str | None:
        await go_on.wait()
        return "Here."

    bus, events = Bus(MAX_WRITTEN + 1), list[Event]()
    with bus.tap(events.append):
        async with Core(replace(organs(clock, bus, executor), tools=tools), bus, CoreOptions()) as core:
            for n in range(MAX_WRITTEN + 1):
                bus.send(Ask("who is there?", f"web-{n}"))
            await until(lambda: any(isinstance(e, Health) for e in events))
            async with core.converse("room:kitchen"):
                go_on.set()
                await until(lambda: len(replies(events)) == MAX_WRITTEN)
            bus.send(Ask("who is there?", "web-late"))
            await until(lambda: any(r.source == "web-late" for r in replies(events)))
    (refused,) = [e for e in events if isinstance(e, Health)]
    assert (refused.component, refused.state) == (f"dialog:web-{MAX_WRITTEN}", "failed")
    assert "ask again" in refused.reason


async def test_rooms_and_devices_are_bounded_and_told_what_to_do(
    clock: ManualClock, executor: ThreadPoolExecutor
) -> None:
    bus = Bus()
    async with Core(organs(clock, bus, executor), bus, CoreOptions()) as core, AsyncExitStack() as rooms:
        await rooms.enter_async_context(core.converse("room:0"))
        with pytest.raises(HeedError, match="'room:0' is open already: end it"):
            await rooms.enter_async_context(core.converse("room:0"))
        for n in range(1, MAX_DIALOGS):
            await rooms.enter_async_context(core.converse(f"room:{n}"))
        with pytest.raises(HeedError, match=f"{MAX_DIALOGS} conversations are open: end one"):
            await rooms.enter_async_context(core.converse("room:x"))


async def media(seconds: int) -> AsyncIterator[Media]:
    for tenth in range(seconds * 10 + 1):
        t = tenth * NS // 10
        yield AudioChunk("clip", t, np.zeros(SAMPLE_RATE_HZ // 10, np.float32))
        yield VideoFrame("clip", t, np.zeros((4, 4, 3), np.uint8))


async def run_replay(executor: ThreadPoolExecutor, user_audio: bool) -> list[Event]:
    clock, bus, events = ManualClock(), Bus(), list[Event]()
    with bus.tap(events.append):
        async with Core(organs(clock, bus, executor), bus, CoreOptions(dialog=DialogOptions())) as core:
            lanes = Lanes(
                Pump(SecondsEncoder("heard"), "clip", "a", executor),
                Pump(SecondsEncoder("seen"), "clip", "v", executor),
            )
            async with core.converse("file") as asker:
                questions = [Question(2.5, "What was seen?"), Question(99, "What was heard?")]
                await replay(core, media(5), lanes, questions, asker, user_audio)
    return events


async def test_a_replay_puts_questions_in_their_place_and_is_repeatable(executor: ThreadPoolExecutor) -> None:
    first = await run_replay(executor, user_audio=False)
    second = await run_replay(executor, user_audio=False)

    def stable(events: list[Event]) -> list[object]:
        return [(r.t_ns, r.question, r.text, r.evidence) if isinstance(r, Reply) else r for r in events]

    assert stable(first) == stable(second)
    times = [e.t_ns for e in first]
    assert times == sorted(times)
    assert [(r.t_ns, r.text) for r in replies(first)] == [
        (2_500_000_000, '0:01 clip: a voice says: "seen 1?"'),
        (99 * NS, '0:04 clip: a voice says: "heard 4?"'),
    ]
    assert sum(isinstance(e, Perceived) and isinstance(e.what, Percept) for e in first) == 10


async def test_a_user_in_the_recording_is_answered(executor: ThreadPoolExecutor) -> None:
    events = await run_replay(executor, user_audio=True)
    assert [r.question for r in replies(events)] == [
        "heard 0?",
        "heard 1?",
        "What was seen?",
        "heard 2?",
        "heard 3?",
        "heard 4?",
        "What was heard?",
    ]
