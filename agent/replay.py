"""A recording through exactly the same agent: repeatable, and as fast as the machine can.

Sound and picture are worked off side by side and merged back into one order of time, in which questions take their
place too; the clock is the recording's. So the same recording gives the same events, however fast the machine is.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from agent.core import Core
from dialog.manager import Dialog
from streams.channel import Channel
from streams.clock import ManualClock
from streams.merge import WatermarkMerge
from streams.pump import Pump
from streams.types import AudioChunk, Media, Observation, VideoFrame, ns

_SOUND, _PICTURE, _QUESTIONS = range(3)
LANE_SIZE = 16
"""Chunks or frames that may wait for an encoder: 1.6 s of either."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question put at a moment of stream time."""

    t_s: float
    text: str


class Beside(Protocol):
    """Plugins that run beside the agent in the recording's time. They hear of events by the bus."""

    async def advance(self, t_ns: int) -> None:
        """Let time go on to `t_ns`."""
        ...

    async def settle(self) -> None:
        """Work off what has happened."""
        ...


@dataclass(frozen=True, slots=True)
class Lanes:
    """What the recording runs through; None where it has no such track or nobody listens."""

    sound: Pump[AudioChunk] | None
    picture: Pump[VideoFrame] | None
    on_frame: Callable[[VideoFrame, Sequence[Observation]], None] | None = None
    """Called on the event loop after each frame with what was perceived in it (for pictures of moments)."""
    beside: Beside | None = None
    """Plugins."""


@dataclass(frozen=True, slots=True)
class _Reached:
    lane: int
    t_ns: int
    observations: list[Observation]
    last: bool = False


@dataclass(frozen=True, slots=True)
class _Scene:
    core: Core
    asker: Dialog
    user_audio: bool
    beside: Beside | None = None


async def replay(
    core: Core,
    media: AsyncIterator[Media],
    lanes: Lanes,
    questions: Sequence[Question],
    asker: Dialog,
    user_audio: bool = False,
    progress: Callable[[int], None] | None = None,
) -> None:
    """Run a recording through the agent to its end, and wait for the last answer.

    Args:
        core: the agent.
        media: the recording in order of time.
        lanes: the encoders.
        questions: put at their times by `asker`.
        asker: the conversation.
        user_audio: what is said in the recording is said to the agent.
        progress: called with the stream time reached, in nanoseconds.
    """
    sound: Channel[AudioChunk] = Channel(LANE_SIZE, "wait", "sound")
    picture: Channel[VideoFrame] = Channel(LANE_SIZE, "wait", "picture")
    reached: Channel[_Reached] = Channel(2 * LANE_SIZE, "wait", "reached")
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(_read(media, sound, picture), name="read")
        tasks.create_task(_work(_SOUND, sound, lanes.sound, reached), name="sound")
        tasks.create_task(_work(_PICTURE, picture, lanes.picture, reached, lanes.on_frame), name="picture")
        scene = _Scene(core, asker, user_audio, lanes.beside)
        tasks.create_task(_conduct(scene, reached, questions, progress), name="conduct")


async def _read(media: AsyncIterator[Media], sound: Channel[AudioChunk], picture: Channel[VideoFrame]) -> None:
    try:
        async for item in media:
            if isinstance(item, AudioChunk):
                await sound.put(item)
            elif isinstance(item, VideoFrame):
                await picture.put(item)
    finally:
        sound.close()
        picture.close()


async def _work(
    lane: int,
    media: Channel[AudioChunk] | Channel[VideoFrame],
    pump: Pump[AudioChunk] | Pump[VideoFrame] | None,
    reached: Channel[_Reached],
    on_frame: Callable[[VideoFrame, Sequence[Observation]], None] | None = None,
) -> None:
    t_ns = 0
    if pump is not None:
        async for item in media:
            observations = await pump.step(item)  # type: ignore[arg-type]
            t_ns = max(t_ns, item.t_ns)
            if on_frame is not None and isinstance(item, VideoFrame):
                on_frame(item, observations)
            await reached.put(_Reached(lane, t_ns, observations))
        await reached.put(_Reached(lane, t_ns, await pump.flush(), last=True))
        return
    await reached.put(_Reached(lane, 0, [], last=True))
    async for _ in media:
        pass


async def _conduct(
    scene: _Scene,
    reached: Channel[_Reached],
    questions: Sequence[Question],
    progress: Callable[[int], None] | None,
) -> None:
    merge: WatermarkMerge[list[Observation] | str] = WatermarkMerge(3)
    for question in sorted(questions, key=lambda q: q.t_s):
        merge.push(_QUESTIONS, max(0, ns(question.t_s)), [question.text])
    merge.close(_QUESTIONS)
    open_lanes = 2
    while open_lanes:
        step = await reached.get()
        merge.push(step.lane, step.t_ns, [step.observations] if step.observations else [])
        if step.last:
            merge.close(step.lane)
            open_lanes -= 1
        for t_ns, item in merge.ready():
            await _happen(scene, t_ns, item)
        if progress is not None and merge.watermark_ns is not None:
            progress(merge.watermark_ns)
    await scene.asker.settle()


async def _happen(scene: _Scene, t_ns: int, item: list[Observation] | str) -> None:
    clock = scene.core.clock
    if isinstance(clock, ManualClock):
        clock.advance_to(t_ns)
    if scene.beside is not None:
        await scene.beside.advance(t_ns)
    if isinstance(item, str):
        scene.asker.typed(item)
    else:
        await scene.core.observe(t_ns, item, scene.asker if scene.user_audio else None)
    if isinstance(clock, ManualClock):  # a recording stands still while the agent answers
        await scene.asker.settle()
    if scene.beside is not None:
        await scene.beside.settle()
        if isinstance(clock, ManualClock):  # a plugin may have had something said
            await scene.asker.settle()
