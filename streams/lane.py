"""A thread for blocking steps that can be left behind: where a step never returns, another thread goes on.

`concurrent.futures.ThreadPoolExecutor` cannot do that: its thread is waited for, at the latest when the process ends.
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError, Executor, Future
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import Any, ParamSpec, TypeVar

from streams.errors import LaneStuck, StepHung
from streams.types import NS

P = ParamSpec("P")
T = TypeVar("T")

MOST_LOST = 3
"""So many threads are left behind; then all further work fails at once, until one of them comes back."""
END_S = 30.0
"""So long the end waits for a step that is under way."""


@dataclass(slots=True)
class _Job:
    work: Callable[[], Any]
    future: Future[Any] = field(default_factory=Future)
    waited_ns: int = -1
    """For so long it has been seen at work; -1: not yet."""


class Lane(Executor):
    """Runs one step after another on a thread of its own; `check` finds the one that hangs.

    Whoever submits a step waits for it, so no more are queued than there are streams. With `most_lost` 0 no thread is
    ever left behind: a step that hangs is only noticed (for models that cannot be used by two threads).
    """

    def __init__(self, name: str, most_lost: int = MOST_LOST) -> None:
        """
        Args:
            name: of its threads, and in messages.
            most_lost: so many threads may be left behind.
        """
        self.name = name
        self._most_lost = most_lost
        self._queue: SimpleQueue[_Job | None] = SimpleQueue()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._job: _Job | None = None
        self._lost = 0
        self._overdue = False
        self._closed = False

    @property
    def lost(self) -> int:
        """Threads that were left behind and are in their steps still."""
        return self._lost

    @property
    def may_lose(self) -> bool:
        """Whether threads that hang are left behind here."""
        return self._most_lost > 0

    @property
    def stuck(self) -> bool:
        """Whether nothing goes on here any more: only a new process helps, or a thread that comes back."""
        return self._overdue if self._most_lost == 0 else self._lost >= self._most_lost

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """See `Executor`. The future of a step that hangs fails with `StepHung`."""
        job = _Job(functools.partial(fn, *args, **kwargs))
        with self._lock:
            if self._closed:
                raise RuntimeError(f"the lane {self.name!r} is closed")
            if self._most_lost and self.stuck:
                job.future.set_exception(self._no_more())
                return job.future
            if self._thread is None:
                self._begin()
            self._queue.put(job)
        return job.future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """See `Executor`; waits for no more than `END_S`, and for no thread that was left behind."""
        with self._lock:
            self._closed = True
            thread, waiting = self._thread, self._waiting() if cancel_futures else []
            self._queue.put(None)
        for job in waiting:
            job.future.set_exception(CancelledError())
        if wait and thread is not None:
            thread.join(END_S)

    def check(self, passed_ns: int, hang_ns: int) -> bool:
        """To be called regularly: whether the step that is under way hangs since now. It is given up then.

        Args:
            passed_ns: since the last call.
            hang_ns: a step that takes longer hangs.
        """
        with self._lock:
            job = self._job
            if job is None:
                return False
            job.waited_ns = 0 if job.waited_ns < 0 else job.waited_ns + passed_ns
            if job.waited_ns < hang_ns or self._overdue:
                return False
            if not self._most_lost:
                self._overdue = True
                return True
            self._lost += 1
            self._job = self._thread = None
            waiting = self._waiting() if self.stuck else []
            if not self.stuck:
                self._begin()
        job.future.set_exception(StepHung(f"a step took more than {hang_ns / NS:g} s and was given up"))
        for other in waiting:
            other.future.set_exception(self._no_more())
        return True

    def _no_more(self) -> LaneStuck:
        return LaneStuck(f"{self._lost} threads hang in their steps, and no more are begun")

    def _begin(self) -> None:
        self._thread = threading.Thread(target=self._work, name=self.name, daemon=True)
        self._thread.start()

    def _waiting(self) -> list[_Job]:
        jobs = []
        try:
            while True:
                job = self._queue.get_nowait()
                if job is not None and job.future.set_running_or_notify_cancel():
                    jobs.append(job)
        except Empty:
            return jobs

    # From here on: the lane's threads.

    def _work(self) -> None:
        while (job := self._queue.get()) is not None:
            if not self._takes(job):
                continue
            outcome = _Outcome()
            with outcome:
                outcome.value = job.work()
            if not self._ended():
                return
            outcome.tell(job.future)
            del job, outcome

    def _takes(self, job: _Job) -> bool:
        with self._lock:
            if not job.future.set_running_or_notify_cancel():
                return False
            self._job = job
            return True

    def _ended(self) -> bool:
        """The step is over; whether anybody waits for it still."""
        with self._lock:
            if self._thread is not threading.current_thread():
                self._lost -= 1
                return False
            self._job, self._overdue = None, False
            return True


class _Outcome:
    """What a step has come to. Its fault, of whatever kind, is handed to whoever waits for the step."""

    def __init__(self) -> None:
        self.value: Any = None
        self._error: BaseException | None = None

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        self._error = error
        return True

    def tell(self, future: Future[Any]) -> None:
        if self._error is not None:
            future.set_exception(self._error)
        else:
            future.set_result(self.value)
