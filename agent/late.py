"""A mind that is still being loaded: cameras, pages and alerts need not wait for it.

What is perceived meanwhile is noted and taken in as soon as the mind is there, so that nothing is missing from an
answer; who asks waits.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future
from threading import Event
from typing import TYPE_CHECKING

from dialog.mind import Turn
from streams.errors import ModelError

if TYPE_CHECKING:
    from dialog.model.fusion import Answer, Fusion


class LateMind:
    """A `Fusion` that may be used before there is one. All but `begin` and `abandon` is, as with every mind, for the
    mind's thread, and blocks there until the mind is loaded, except for `remember`, `forget` and `prepare`.

    What is noted is bounded by the rolling state, which lets go of what exceeds its budget.
    """

    def __init__(self, make: Callable[[], Fusion]) -> None:
        """`make` loads the mind. Blocking."""
        self._make = make
        self._loading: Future[Fusion] | None = None
        self._decided = Event()
        """Whether it will be loaded is known."""
        self._noted: OrderedDict[str, tuple[str, int, bool]] = OrderedDict()
        self._gone: list[str] = []

    @property
    def ready(self) -> bool:
        """Whether it is loaded, or cannot be."""
        return self._loading is not None and self._loading.done()

    def begin(self, executor: Executor) -> Future[Fusion]:
        """Load it, on another thread than the mind's. Call it once. Whoever waits for the mind gets what the future
        gets, a `ModelError` too."""
        self._loading = executor.submit(self._make)
        self._decided.set()
        return self._loading

    def abandon(self) -> None:
        """It will not be loaded, unless that has begun: nobody waits for it any longer."""
        self._decided.set()

    def remember(self, percept_id: str, line: str, t_ns: int, pinned: bool = False) -> Sequence[str]:
        """As `Mind.remember`; what had to make room for what was noted is told with the first one after it."""
        if not self.ready:
            self._noted[percept_id] = (line, t_ns, pinned)
            return ()
        mind, gone = self._mind(), self._gone
        self._gone = []
        return [*gone, *mind.remember(percept_id, line, t_ns, pinned)]

    def remember_many(self, percepts: Sequence[tuple[str, str, int]]) -> None:
        """As `Mind.remember_many`."""
        self._mind().remember_many(percepts)

    def forget(self, percept_id: str) -> None:
        """As `Mind.forget`."""
        if self._noted.pop(percept_id, None) is None and self.ready:
            self._mind().forget(percept_id)

    def prepare(self, question: str, history: Sequence[Turn], now: str, now_ns: int, max_new_tokens: int = 80) -> None:
        """As `Mind.prepare`; nothing is computed ahead while it loads."""
        if self.ready:
            self._mind().prepare(question, history, now, now_ns, max_new_tokens)

    def ask(self, question: str, history: Sequence[Turn], now: str, now_ns: int, max_new_tokens: int = 80) -> Answer:
        """As `Mind.ask`."""
        return self._mind().ask(question, history, now, now_ns, max_new_tokens)

    def finished(self, words: str) -> float:
        """As `Mind.finished`."""
        return self._mind().finished(words)

    def fork(self, memory_tokens: int | None = None) -> Fusion:
        """As `Fusion.fork`."""
        return self._mind().fork(memory_tokens)

    def __len__(self) -> int:
        """Percepts held or noted."""
        return len(self._noted) + (len(self._loading.result()) if self._loading is not None and self.ready else 0)

    def _mind(self) -> Fusion:
        """The mind, with all that was noted; waits for it."""
        self._decided.wait()
        if self._loading is None:
            raise ModelError("the agent ends before its language model was loaded")
        mind = self._loading.result()
        while self._noted:
            percept_id, (line, t_ns, pinned) = self._noted.popitem(last=False)
            self._gone += mind.remember(percept_id, line, t_ns, pinned)
        return mind
