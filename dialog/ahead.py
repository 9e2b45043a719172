"""Reading ahead: a question that seems complete is read by the model while its user may still be speaking.

What was read is thrown away when other words come, and changes no answer: the model itself uses it only for the very
question, and only if nothing was perceived in between (`dialog.mind.Mind.prepare`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass

from dialog.mind import Mind, Thought, Turn
from streams.errors import HeedError
from streams.types import Partial


@dataclass(frozen=True, slots=True)
class Asking:
    """What a question is put to the mind with."""

    question: str
    turns: tuple[Turn, ...]
    now: str
    """The time as people say it."""
    now_ns: int
    max_new_tokens: int

    def same(self, other: Asking) -> bool:
        """Whether the model reads the same of both."""
        mine = (self.question, self.turns, self.now, self.max_new_tokens)
        return mine == (other.question, other.turns, other.now, other.max_new_tokens)

    def prepare(self, mind: Mind) -> None:
        """Read it ahead. Blocking."""
        mind.prepare(self.question, self.turns, self.now, self.now_ns, self.max_new_tokens)

    def ask(self, mind: Mind) -> Thought:
        """Begin the answer. Blocking."""
        return mind.ask(self.question, self.turns, self.now, self.now_ns, self.max_new_tokens)


@dataclass(slots=True)
class _Reading:
    """One reading, from when it is wanted until the next one."""

    asking: Asking
    dropped: bool = False
    """Set on the event loop, looked at once by the mind's thread: a reading that has not begun then never will."""


class Ahead:
    """Reads ahead for one conversation, one question at a time. All methods belong to the event loop."""

    def __init__(self, mind: Mind, executor: Executor) -> None:
        """`executor`: where the mind works."""
        self._mind, self._executor = mind, executor
        self._heard: Partial | None = None
        self._newest: _Reading | None = None
        """What was wanted last: it waits, is at work, or is done."""
        self._waiting: _Reading | None = None
        """The newest, while an older one is at work: a place for one."""
        self._at_work: asyncio.Future[None] | None = None

    def settled(self, partial: Partial) -> bool:
        """Take in what a user has said so far: whether these may be all the words.

        They may if they came twice, or end as a sentence does: a partial text is what two readings of the sound agree
        on, and the newer one ended there. A question that was read ahead with other words is dropped.
        """
        before, self._heard = self._heard, partial
        self.only(partial.text)
        if not partial.text:
            return False
        twice = before is not None and (before.source, before.t0_ns, before.text) == (
            partial.source,
            partial.t0_ns,
            partial.text,
        )
        return twice or partial.text.endswith((".", "?", "!"))

    def read(self, asking: Asking) -> None:
        """Read it as soon as the mind is free. A newer one takes the place of one that waits."""
        if self._newest is not None and not self._newest.dropped and self._newest.asking.same(asking):
            return
        self.drop()
        self._newest = self._waiting = _Reading(asking)
        if self._at_work is None:
            self._begin()

    def only(self, words: str) -> None:
        """These are the words now: a reading of others is dropped."""
        if self._newest is not None and self._newest.asking.question != words:
            self.drop()

    def drop(self) -> None:
        """What has not begun to be read never will be."""
        if self._newest is not None:
            self._newest.dropped = True
        self._newest = self._waiting = None

    async def ready(self, asking: Asking) -> None:
        """Call before the question is asked: waits for a reading of just this one, drops any other."""
        if self._newest is None or not self._newest.asking.same(asking):
            self.drop()
            return
        reading = self._newest
        while self._at_work is not None and not reading.dropped:
            await asyncio.wait([self._at_work])
        if self._newest is reading:  # it is used up
            self._newest = None

    async def close(self) -> None:
        """Drop all, and wait until the mind has let go."""
        self.drop()
        if self._at_work is not None:
            await asyncio.wait([self._at_work])

    def _begin(self) -> None:
        reading, self._waiting = self._waiting, None
        if reading is None:
            return
        work = self._work(reading)
        self._at_work = asyncio.get_running_loop().run_in_executor(self._executor, work)
        self._at_work.add_done_callback(self._done)

    def _work(self, reading: _Reading) -> Callable[[], None]:
        def work() -> None:
            if not reading.dropped:
                reading.asking.prepare(self._mind)

        return work

    def _done(self, work: asyncio.Future[None]) -> None:
        self._at_work = None
        self._begin()
        error = None if work.cancelled() else work.exception()
        if error is not None and not isinstance(error, HeedError):
            raise error
        # What is wrong with the model or the question is said when it is asked: the same error comes again.
