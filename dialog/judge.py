"""Whether somebody who pauses has finished: what the sound says of it and what the words say, put together."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass

from dialog.mind import Mind
from dialog.pauses import UNSURE
from streams.errors import HeedError
from streams.types import Partial, Transcript

EVEN = 0.05
"""What the language model gives to an end of the sentence after words that may be finished or not: measured on
questions and read sentences, nine of ten whole ones lie above, three of four cut ones below."""


WHOLE = 0.4
"""Words about as likely whole as cut are at least unsure, whatever the melody: a question asked flatly, or in a made
voice, would else get the longest wait there is."""


def finished(sound: float | None, words: float) -> float:
    """0..1: the geometric mean of both, so that either can hold the agent back; the sound alone not for long.

    Args:
        sound: as `streams.encoders.hearing.turn_end` judges; None where nobody did.
        words: the language model's probability that a sentence of these words ends here.
    """
    by_words = words / (words + EVEN)
    if sound is None:
        return by_words
    both = float((sound * by_words) ** 0.5)
    return max(both, UNSURE) if by_words >= WHOLE else both


@dataclass(frozen=True, slots=True)
class Judged:
    """Words, and how likely they are all."""

    said: Partial | Transcript
    finished: float


class Judge:
    """Asks the language model about pauses, off the event loop; only the newest pause matters."""

    def __init__(self, mind: Mind, executor: Executor, verdict: Callable[[Judged], None]) -> None:
        """`verdict` is called on the event loop."""
        self._mind, self._executor, self._verdict = mind, executor, verdict
        self._known: tuple[str, float] | None = None
        """Words judged last, and the language model's probability."""
        self._newest: Partial | Transcript | None = None
        self._at_work: asyncio.Future[float] | None = None

    def judge(self, said: Partial | Transcript) -> None:
        """Tell the verdict on these words as soon as it is known: at once, if they are the same as before."""
        self._newest = said
        if self._known is not None and self._known[0] == said.text:
            self._tell(said, self._known[1])
        elif self._at_work is None:
            self._begin(said)

    async def close(self) -> None:
        """Wait until the mind has let go."""
        self._newest = None
        if self._at_work is not None:
            await asyncio.wait([self._at_work])

    def _begin(self, said: Partial | Transcript) -> None:
        loop = asyncio.get_running_loop()
        self._at_work = loop.run_in_executor(self._executor, self._mind.finished, said.text)
        self._at_work.add_done_callback(lambda work: self._done(said, work))

    def _done(self, said: Partial | Transcript, work: asyncio.Future[float]) -> None:
        self._at_work = None
        newest = self._newest
        if newest is None or work.cancelled():
            return
        if (error := work.exception()) is not None:
            if not isinstance(error, HeedError):
                raise error
            return  # what is wrong with the model is said when it is asked
        self._known = said.text, work.result()
        if newest.text == said.text:
            self._tell(newest, self._known[1])
        else:
            self._begin(newest)

    def _tell(self, said: Partial | Transcript, words: float) -> None:
        self._newest = None
        self._verdict(Judged(said, finished(said.finished, words)))
