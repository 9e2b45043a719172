"""Live work: attaches calls, cameras, microphones and messages to the agent, each in tasks of its own.

A source that fails is reported and the others go on. Every hop here is a bounded channel.
"""

from __future__ import annotations

import asyncio
import functools
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from agent.core import Core
from agent.rooms import Rooms, named
from agent.web.relay import relay
from dialog.events import Event
from dialog.manager import Dialog
from streams import wording
from streams.channel import Channel
from streams.echo.canceller import cleaned
from streams.encoder import Encoder
from streams.encoders.typed import TextEncoder
from streams.encoders.vision.lens import Watch
from streams.looks import Looks, Quality
from streams.pump import Pump
from streams.turns import Turns
from streams.types import AudioChunk, Health, Media, Observation, Percept, TextMessage, VideoFrame, Voice, ns
from streams.webrtc.peer import Peer

M = TypeVar("M", bound=Media)

SOUND_SIZE = 64
"""Chunks of sound that may wait to be heard; then the source waits."""
WORDS_SIZE = 512
"""Chunks of a user's sound that may wait to be understood: some ten seconds."""
GONE_S = 5.0
"""A camera that sends nothing for so long is said to be gone."""
USUAL_FPS = 10.0
"""Pictures a second of a camera of which nothing else is known."""

OnFrame = Callable[[VideoFrame, Sequence[Observation]], None]
"""Called on the event loop with a frame and what was perceived in it, before that is published."""


def each(*taps: OnFrame) -> OnFrame:
    """All of them, in order."""

    def on_frame(frame: VideoFrame, seen: Sequence[Observation]) -> None:
        for tap in taps:
            tap(frame, seen)

    return on_frame


@dataclass(frozen=True, slots=True)
class Senses:
    """The encoders, and where their steps run."""

    hearing: Encoder[Any, AudioChunk]
    vision: Encoder[Any, VideoFrame]
    activity: Encoder[Any, AudioChunk]
    """Voice activity alone, for the turns of a conversation."""
    hearing_executor: Executor
    vision_executor: Executor
    activity_executor: Executor


class Live:
    """Feeds one `Core` from live media. Its methods are coroutines that last as long as what they attend to."""

    def __init__(
        self,
        core: Core,
        senses: Senses,
        on_frame: OnFrame | None = None,
        on_sound: Callable[[AudioChunk], None] = lambda chunk: None,
        looks: Looks | None = None,
    ) -> None:
        """
        Args:
            core: where what is perceived goes.
            senses: the encoders.
            on_frame: see `OnFrame`.
            on_sound: called on the event loop with all sound that is heard.
            looks: shares the processor among the pictures of all cameras.
        """
        self._core = core
        self._qualities: dict[str, Quality] = {}
        self.turns = Turns(looks or Looks(), core.clock, self._note_quality)
        """Whose picture is looked at next."""
        self._rooms = Rooms(core)
        self._on_frame, self._on_sound = on_frame, on_sound
        self._senses = senses
        self._text = TextEncoder()

    async def attend(self, peer: Peer) -> None:
        """A call or a publisher, until it ends."""
        if peer.role != "call":
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self.hear(peer.name, aiter(peer.audio), None))
                tasks.create_task(self.see(peer.name, peer.video))
            return
        async with self._rooms.join(peer) as room, asyncio.TaskGroup() as tasks:
            sound = cleaned(aiter(peer.audio), peer.echo)
            tasks.create_task(self.hear(peer.name, sound, room.dialog, peer.speaker))
            tasks.create_task(self.see(peer.name, peer.video, room.dialog))
            tasks.create_task(relay(self._core.bus, peer, functools.partial(self._rooms.shows, room.name)))

    def shows(self, conversation: str, event: Event) -> bool:
        """Whether an event is for the eyes of whoever has that written conversation, and is in no call."""
        return self._rooms.shows_outside(conversation, event)

    async def watch(
        self,
        name: str,
        media: AsyncIterator[Media],
        user: Dialog | None = None,
        vision: Encoder[Any, VideoFrame] | None = None,
    ) -> None:
        """A camera, stream or recording with sound and pictures in one, to its end; `vision` as in `see`."""
        sound: Channel[AudioChunk] = Channel(SOUND_SIZE, "wait", f"{name} sound")
        pictures: Channel[VideoFrame] = Channel(1, "latest", f"{name} pictures")
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self.hear(name, sound.__aiter__(), user))
            tasks.create_task(self.see(name, pictures, vision=vision))
            try:
                async for item in media:
                    if isinstance(item, AudioChunk):
                        await sound.put(item)
                    elif isinstance(item, VideoFrame):
                        pictures.offer(item)
            finally:
                sound.close()
                pictures.close()

    async def hear(self, name: str, sound: AsyncIterator[AudioChunk], user: Dialog | None, speaker: str = "") -> None:
        """Sound, to its end; `user` is the conversation if it is a user who speaks, `speaker` who that is."""
        if user is None:
            await self._understand(name, self._metered(sound), None, speaker)
            return
        # Voice activity runs ahead of the words: whoever speaks is noticed while what was said before is understood.
        waiting: Channel[AudioChunk] = Channel(WORDS_SIZE, "wait", f"{name} words")
        with self._pump(self._senses.activity, name, "n", self._senses.activity_executor) as activity:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._understand(name, aiter(waiting), user, speaker))
                try:
                    async for chunk in sound:
                        self._on_sound(chunk)
                        await self._core.observe(chunk.t_ns, await activity.step(chunk), user)
                        await waiting.put(chunk)
                finally:
                    waiting.close()
                    user.voice(Voice(name, self._core.clock.now_ns(), False))

    async def _metered(self, sound: AsyncIterator[AudioChunk]) -> AsyncIterator[AudioChunk]:
        async for chunk in sound:
            self._on_sound(chunk)
            yield chunk

    async def _understand(self, name: str, sound: AsyncIterator[AudioChunk], user: Dialog | None, speaker: str) -> None:
        with self._pump(self._senses.hearing, name, "a", self._senses.hearing_executor) as pump:
            async for chunk in sound:
                await self._core.observe(chunk.t_ns, named(await pump.step(chunk), speaker), user)
            await self._core.observe(self._core.clock.now_ns(), named(await pump.flush(), speaker), user)

    @contextmanager
    def _pump(self, encoder: Encoder[Any, M], name: str, letter: str, executor: Executor) -> Iterator[Pump[M]]:
        """A pump for one stream: see `Pump`. However the stream ends, nothing is said to hang there afterwards."""
        pump = Pump(encoder, name, letter, executor)
        try:
            yield pump
        finally:
            for health in pump.over():
                self._core.bus.publish(health)

    async def see(
        self,
        name: str,
        pictures: Channel[VideoFrame],
        user: Dialog | None = None,
        vision: Encoder[Any, VideoFrame] | None = None,
    ) -> None:
        """Pictures, to their end; `user` is the conversation of whoever shows them, `vision` what looks at them.

        Says when the camera falls silent, and when it is back. One more camera than can be served is refused; whoever
        talks to the agent is not.
        """
        core = self._core
        refused = "" if user is not None or name in self.turns else self.turns.admit(name, USUAL_FPS)
        if refused:
            core.bus.publish(Health(f"camera:{name}", "failed", refused, core.clock.now_ns()))
            return
        watch = Watch(name, GONE_S)
        waiting = asyncio.Event()  # a slow look is no lost camera: it is missed only while it is waited for
        with self._pump(vision or self._senses.vision, name, "v", self._senses.vision_executor) as pump:
            async with asyncio.TaskGroup() as tasks:
                missing: asyncio.Task[None] | None = None  # a source without pictures has no camera to miss
                waiting.set()
                with self.turns.joined(name, USUAL_FPS) as key:
                    dropped = pictures.dropped
                    async for frame in pictures:
                        self.turns.missed(key, pictures.dropped - dropped)
                        dropped = pictures.dropped
                        waiting.clear()
                        await self._say(name, pump, watch.seen(core.clock.now_ns()))
                        t_ns, found = await self._look(key, frame, pictures, pump)
                        await core.observe(t_ns, found, user)
                        if (quality := self._qualities.pop(key, None)) is not None:
                            await self._say_quality(name, pump, quality)
                        watch.seen(core.clock.now_ns())
                        waiting.set()
                        missing = missing or tasks.create_task(self._miss(name, pump, watch, waiting))
                if missing is not None:
                    missing.cancel()
            await core.observe(core.clock.now_ns(), await pump.flush())

    async def _look(
        self, key: str, frame: VideoFrame, pictures: Channel[VideoFrame], pump: Pump[VideoFrame]
    ) -> tuple[int, list[Observation]]:
        """Wait for the turn, then look at what is newest by then; the time of that picture, and what is seen in it."""
        moving = frame.changed is None or frame.changed > 0
        async with self.turns.turn(key, moving) as depth:
            newer = pictures.take()
            frame = newer or frame
            found = await pump.step(replace(frame, depth=depth))
        self.turns.missed(key, newer is not None)
        if self._on_frame is not None:
            self._on_frame(frame, found)
        return frame.t_ns, found

    def _note_quality(self, quality: Quality) -> None:
        """It is said with the camera's next picture, by the task that sees it."""
        self._qualities[quality.source] = quality

    async def _say_quality(self, name: str, pump: Pump[VideoFrame], quality: Quality) -> None:
        now_ns, text = self._core.clock.now_ns(), wording.looked(quality.depth)
        full = quality.depth == "full"
        kept = f"; {quality.served:.0%} of them, all of them would take {quality.wanted:.1f} cores"
        health = Health(f"look:{name}", "ok" if full else "degraded", text + ("" if full else kept), now_ns)
        percept = Percept("", "health", name, now_ns, now_ns, text)
        await self._core.observe(now_ns, [*pump.number([percept]), health])

    async def _miss(self, name: str, pump: Pump[VideoFrame], watch: Watch, waiting: asyncio.Event) -> None:
        clock = self._core.clock
        while True:
            await waiting.wait()
            await self._say(name, pump, watch.check(clock.now_ns()))
            await clock.sleep_until(clock.now_ns() + ns(GONE_S / 5))

    async def _say(self, name: str, pump: Pump[VideoFrame], percept: Percept | None) -> None:
        """A camera's going or coming back, as a percept and as health."""
        if percept is not None:
            gone, now_ns = percept.text == wording.gone(True), self._core.clock.now_ns()
            health = Health(f"camera:{name}", "failed" if gone else "ok", percept.text, now_ns)
            await self._core.observe(now_ns, [*pump.number([percept]), health])

    async def read(self, messages: AsyncIterator[TextMessage]) -> None:
        """Typed or sent lines that are facts, not questions."""
        number = 0
        async for message in messages:
            number += 1
            found: list[Observation] = [
                replace(o, id=f"{message.source}/t{number}") if isinstance(o, Percept) else o
                for o in self._text.step(None, message)
            ]
            await self._core.observe(message.t_ns, found)
