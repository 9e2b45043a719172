"""One call of `heed bench call`: a microphone into which things are said at any moment, an ear that measures what
comes back and when, and the events, each with the time of its arrival.

All times are seconds of the event loop's clock. What is said counts as said when a real microphone would have caught
it: a frame of 20 ms leaves when its last sample was spoken.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from agent.bench.call_sound import AUDIBLE_DB, Sound, in_db, levels
from streams.types import NS, SAMPLE_RATE_HZ, AudioChunk
from streams.webrtc.client import Caller

FRAME = SAMPLE_RATE_HZ // 50
FRAME_S = FRAME / SAMPLE_RATE_HZ
NOISE = 3e-4
"""Root mean square of what a microphone hears in a quiet room: -70 dB."""
MAX_EVENTS = 100_000

Event = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Said:
    """When the voice of something said began and ended."""

    begin_s: float
    end_s: float
    start_s: float
    """When its first sample was said, voiced or not."""
    voiced_s: float = 0.0
    """When its voice began: `begin_s` may be a breath or a hiss."""


class Microphone:
    """Gives silence with a little noise, and whatever was `say`ed, from that moment on."""

    def __init__(self) -> None:
        self._start_s = 0.0
        self._next = 0
        self._coming: NDArray[np.float32] = np.zeros(0, np.float32)
        self._random = np.random.default_rng(0)
        self._echo_gain, self._echo_delay, self._echo_at = 0.0, 0, 0

    async def chunks(self) -> AsyncIterator[AudioChunk]:
        """Frames of 20 ms without end; each is asked for when the one before was sent."""
        self._start_s = asyncio.get_running_loop().time()
        while True:
            samples = (self._random.standard_normal(FRAME) * NOISE).astype(np.float32)
            known = self._coming[:FRAME]
            samples[: len(known)] += known
            self._coming = self._coming[FRAME:]
            at, self._next = self._next, self._next + FRAME
            yield AudioChunk("bench", at * NS // SAMPLE_RATE_HZ, samples)

    def say(self, sound: Sound) -> Said:
        """Begin to say something now, with the next frame; over whatever is being said."""
        begin = self._next
        self._add(0, sound.samples)
        at = [self._time(begin + sample) for sample in (sound.first, sound.last, 0, sound.voiced)]
        return Said(*at)

    def hear_back(self, gain_db: float, delay_s: float) -> None:
        """From now on what comes back goes into this microphone too: quieter by `-gain_db`, later by `delay_s`."""
        self._echo_gain, self._echo_delay = 10 ** (gain_db / 20), round(delay_s * SAMPLE_RATE_HZ)

    def echo(self, samples: NDArray[np.float32]) -> None:
        """What came back just now."""
        if self._echo_gain:
            due = self._next + self._echo_delay
            if self._echo_at < self._next or abs(self._echo_at - due) > SAMPLE_RATE_HZ // 10:
                self._echo_at = due  # it fell behind, or is new: from here on one frame after the other
            self._add(self._echo_at - self._next, samples * np.float32(self._echo_gain))
            self._echo_at += len(samples)

    def _add(self, offset: int, samples: NDArray[np.float32]) -> None:
        missing = offset + len(samples) - len(self._coming)
        if missing > 0:
            self._coming = np.concatenate([self._coming, np.zeros(missing, np.float32)])
        self._coming[offset : offset + len(samples)] += samples

    def _time(self, sample: int) -> float:
        return self._start_s + sample / SAMPLE_RATE_HZ - FRAME_S


class Line:
    """A call that is open. An async context manager.

    Args:
        url: of the agent.
        name: of the caller.
        options: further arguments of `Caller`.
    """

    def __init__(self, url: str, name: str, **options: Any) -> None:
        self.microphone = Microphone()
        self.events: list[tuple[float, Event]] = []
        """`(arrival, event)`."""
        self.blocks: list[tuple[float, float]] = []
        """`(arrival, level in dB)` of each 10 ms heard."""
        self.caller = Caller(url, audio=self.microphone.chunks(), name=name, **options)
        self.caller.on_sound = self._heard
        self._group = asyncio.TaskGroup()
        self._listening: asyncio.Task[None] | None = None
        self._changed = asyncio.Event()
        self._loop = asyncio.get_running_loop()

    async def __aenter__(self) -> Self:
        """Call.

        Raises:
            SourceError: the agent refuses, or cannot be reached.
        """
        await self.caller.__aenter__()
        await self._group.__aenter__()
        self._listening = self._group.create_task(self._listen())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._listening is not None:
            self._listening.cancel()
        await self._group.__aexit__(None, None, None)
        await self.caller.__aexit__(kind, error, trace)

    def now_s(self) -> float:
        """The event loop's clock."""
        return self._loop.time()

    def mark(self) -> int:
        """How many events have come: where to begin to look for later ones."""
        return len(self.events)

    def find(self, match: Callable[[Event], bool], mark: int = 0) -> tuple[float, Event] | None:
        """The first event since `mark` that matches, with its arrival."""
        return next(((at, e) for at, e in self.events[mark:] if match(e)), None)

    async def event(
        self, match: Callable[[Event], bool], timeout_s: float, mark: int = 0
    ) -> tuple[float, Event] | None:
        """The same, waited for; None when the time is over."""
        return await self._until(lambda: self.find(match, mark), timeout_s)

    async def audible(self, after_s: float, timeout_s: float) -> float | None:
        """When sound came first after a time; None when nothing came in time."""
        return await self._until(lambda: first_audible(self.blocks, after_s), timeout_s)

    async def silent(self, after_s: float, for_s: float, timeout_s: float) -> float | None:
        """When a silence began, at or after a time, that lasted for at least `for_s`; None when none did in time."""
        return await self._until(lambda: first_silence(self.blocks, after_s, for_s), timeout_s)

    async def pause(self, duration_s: float) -> None:
        """Let time pass."""
        await asyncio.sleep(duration_s)

    async def send(self, **message: Any) -> None:
        """A line to the agent."""
        await self.caller.send(message)

    def agent_offset_s(self) -> float:
        """Loop time minus the agent's stream time, as the quickest event of all tells it."""
        return min((at - e["t"] for at, e in self.events if isinstance(e.get("t"), int | float)), default=0.0)

    async def _until(self, look: Callable[[], Any], timeout_s: float) -> Any:
        try:
            async with asyncio.timeout(timeout_s):
                while (found := look()) is None:
                    await self._changed.wait()
        except TimeoutError:
            return look()
        return found

    async def _listen(self) -> None:
        async for event in self.caller.events():
            if len(self.events) < MAX_EVENTS:
                self.events.append((self.now_s(), event))
                self._pulse()

    def _heard(self, chunk: AudioChunk) -> None:
        self.microphone.echo(chunk.samples)
        now_s = self.now_s()
        for i, level in enumerate(levels(chunk.samples)):
            self.blocks.append((now_s + i / 100, in_db(float(level))))
        self._pulse()

    def _pulse(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()


def first_audible(blocks: list[tuple[float, float]], after_s: float) -> float | None:
    """The time of the first of two audible blocks in a row after a time (one alone is a click)."""
    before: float | None = None
    for at, db in _since(blocks, after_s):
        if db > AUDIBLE_DB:
            if before is not None:
                return before
            before = at
        else:
            before = None
    return None


def first_silence(blocks: list[tuple[float, float]], after_s: float, for_s: float) -> float | None:
    """When the first silence of at least `for_s` began, at or after a time."""
    begin: float | None = None
    for at, db in _since(blocks, after_s):
        if db > AUDIBLE_DB:
            begin = None
        else:
            begin = at if begin is None else begin
            if at - begin >= for_s:
                return begin
    return None


def _since(blocks: list[tuple[float, float]], after_s: float) -> list[tuple[float, float]]:
    low, high = 0, len(blocks)
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if blocks[middle][0] < after_s else (low, middle)
    return blocks[low:]
