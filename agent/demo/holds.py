"""A user who lets the other one finish: the clip stands still before a question until the answer before has ended.

On a fast machine nothing is held. On a slow one the answers come later than the clip was made for, and a user who
asked on regardless would interrupt them.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import deque
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from agent.demo.judge import trimmed
from streams.types import SAMPLE_RATE_HZ, AudioChunk, VideoFrame, ns

LEAD_NS = ns(0.3)
"""The clip stands still so long before the question begins, so that none of its sound is cut. Tracks ask for their
media a little before these are due, so a decision must be made so much earlier, too."""
_SILENCE = SAMPLE_RATE_HZ // 50
_SILENCE_NS = ns(0.02)
_PICTURE_NS = ns(1 / 15)


class Again:
    """What the user said since the clip last went on, to be said once more while it stands still."""

    def __init__(self) -> None:
        self._said: list[NDArray[np.float32]] = []
        self._waiting: deque[NDArray[np.float32]] = deque()

    def said(self, samples: NDArray[np.float32]) -> None:
        """Keep what is being said: `[n]` at 16 kHz."""
        self._said.append(samples)

    def say(self) -> None:
        """From now on, once more."""
        sound = trimmed(np.concatenate(self._said)) if self._said else np.zeros(0, np.float32)
        self._waiting.extend(np.split(sound, range(_SILENCE, len(sound), _SILENCE)))

    def forget(self) -> None:
        """Something else is said next."""
        self._said.clear()
        self._waiting.clear()

    def next(self) -> NDArray[np.float32]:
        """The next 20 ms, `[320]`: of what is said again, else silence."""
        block = np.zeros(_SILENCE, np.float32)
        if self._waiting:
            part = self._waiting.popleft()
            block[: len(part)] = part
        return block


class Holds:
    """Where the clip may be held, and how far it was shifted by that. Times are nanoseconds since its start."""

    def __init__(self, questions_ns: Sequence[int]) -> None:
        """`questions_ns`: when questions begin in the clip, ascending; it may be held before each."""
        self._cues_ns = [max(0, t_ns - LEAD_NS) for t_ns in questions_ns]
        self._shifts_ns: list[int] = []

    def due_ns(self) -> int:
        """When the next cue is reached, as played."""
        return self._cues_ns[len(self._shifts_ns)] + self._last_ns()

    def release(self, at_ns: int) -> None:
        """Go on behind the next cue at the played time `at_ns`, or as it was if that is not later than `due_ns`."""
        self._shifts_ns.append(self._last_ns() + max(0, at_ns - self.due_ns()))

    def shift_ns(self, clip_ns: int) -> int | None:
        """By how much what the clip has at `clip_ns` is played later; None while it is held before that."""
        passed = bisect_right(self._cues_ns, clip_ns)
        if passed > len(self._shifts_ns):
            return None
        return self._shifts_ns[passed - 1] if passed else 0

    def played_ns(self, clip_ns: int) -> int:
        """When that moment of the clip was played; as far as is known while it is held."""
        shift_ns = self.shift_ns(clip_ns)
        return clip_ns + (self._last_ns() if shift_ns is None else shift_ns)

    def clip_ns(self, played_ns: int) -> int:
        """Which moment of the clip was played then."""
        clip_ns, before_ns = played_ns, 0
        for cue_ns, shift_ns in zip(self._cues_ns, self._shifts_ns, strict=False):
            if played_ns < cue_ns + before_ns:
                break
            clip_ns, before_ns = max(cue_ns, played_ns - shift_ns), shift_ns
        return clip_ns

    async def audio(self, chunks: AsyncIterator[AudioChunk], again: Again | None = None) -> AsyncIterator[AudioChunk]:
        """The sound as it is played: while held silence, or what `again` says. It is asked for in real time."""
        again, end_ns = again or Again(), 0
        async for chunk in chunks:
            while (shift_ns := self.shift_ns(chunk.t0_ns)) is None:
                yield replace(chunk, t0_ns=end_ns, samples=again.next())
                end_ns += _SILENCE_NS
            again.said(chunk.samples)
            end_ns = max(end_ns, chunk.t0_ns + shift_ns)
            yield replace(chunk, t0_ns=end_ns)
            end_ns += len(chunk.samples) * ns(1) // SAMPLE_RATE_HZ

    async def video(self, frames: AsyncIterator[VideoFrame]) -> AsyncIterator[VideoFrame]:
        """The pictures as they are played: the last one again and again while held. They are asked for in real time."""
        last: VideoFrame | None = None
        async for frame in frames:
            while last is not None and self._is_before(last.t_ns + 3 * _PICTURE_NS // 2, frame.t_ns):
                last = replace(last, t_ns=last.t_ns + _PICTURE_NS)
                yield last
            last = replace(frame, t_ns=frame.t_ns + (self.shift_ns(frame.t_ns) or 0))
            yield last

    def _is_before(self, played_ns: int, clip_ns: int) -> bool:
        """Whether `played_ns` comes before the clip's `clip_ns`: so it is as long as that is held."""
        shift_ns = self.shift_ns(clip_ns)
        return shift_ns is None or (shift_ns > 0 and played_ns < clip_ns + shift_ns)

    def _last_ns(self) -> int:
        return self._shifts_ns[-1] if self._shifts_ns else 0
