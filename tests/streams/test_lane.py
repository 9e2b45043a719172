"""A thread that can be left behind: steps that hang, come back, fail, and wait behind one that hangs."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import CancelledError

import pytest

from streams.errors import LaneStuck, StepHung
from streams.lane import Lane
from streams.types import NS, ns

HANG_NS = 30 * NS
PATIENCE_S = 20
"""For what another thread does; never reached."""


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    """What hanging steps wait for: opened at the end, so that no thread is left."""
    opened = threading.Event()
    yield opened
    opened.set()
    for thread in threading.enumerate():
        if thread.name == "eyes":
            thread.join(PATIENCE_S)
            assert not thread.is_alive()


class Hanging:
    """A step that never ends by itself."""

    def __init__(self, gate: threading.Event) -> None:
        self._gate = gate
        self.begun = threading.Event()

    def __call__(self) -> str:
        self.begun.set()
        self._gate.wait()
        return "late"


def looked_after(lane: Lane, seconds: float) -> bool:
    """Whether something hangs by the end of so much time, in steps of three seconds."""
    hangs = [lane.check(ns(3), HANG_NS) for _ in range(int(seconds / 3))]
    return any(hangs)


def test_steps_run_one_after_another_and_faults_go_to_whoever_waits() -> None:
    with Lane("eyes") as lane:
        order: list[int] = []
        done = [lane.submit(order.append, n) for n in range(50)]
        assert [future.result(PATIENCE_S) for future in done] == [None] * 50 and order == list(range(50))
        with pytest.raises(ZeroDivisionError):
            lane.submit(lambda: 1 // 0).result(PATIENCE_S)
        with pytest.raises(KeyboardInterrupt):
            lane.submit(_interrupted).result(PATIENCE_S)
        assert lane.submit(sum, [1, 2]).result(PATIENCE_S) == 3, "and it goes on"
        assert not looked_after(lane, 90), "nobody works, nothing hangs"
    with pytest.raises(RuntimeError, match="closed"):
        lane.submit(print)


def _interrupted() -> None:
    raise KeyboardInterrupt


def test_a_step_that_hangs_is_given_up_and_another_thread_goes_on(gate: threading.Event) -> None:
    lane, hanging = Lane("eyes"), Hanging(gate)
    hung, waits = lane.submit(hanging), lane.submit(threading.get_ident)
    assert hanging.begun.wait(PATIENCE_S)
    assert not looked_after(lane, 30) and not hung.done() and not waits.done()
    assert looked_after(lane, 3) and lane.lost == 1 and not lane.stuck
    with pytest.raises(StepHung, match="more than 30 s"):
        hung.result(0)
    assert waits.result(PATIENCE_S) != threading.get_ident(), "what waited is done by a fresh thread"
    gate.set()
    _until(lane, 0)
    assert lane.submit(sum, [1]).result(PATIENCE_S) == 1
    lane.shutdown()


def test_when_too_many_hang_nothing_is_begun_until_one_comes_back(gate: threading.Event) -> None:
    lane = Lane("eyes", most_lost=2)
    for n in range(2):
        hanging = Hanging(gate)
        lane.submit(hanging)
        queued = lane.submit(sum, [1])
        assert hanging.begun.wait(PATIENCE_S)
        assert looked_after(lane, 33) and lane.stuck == (n == 1)
    with pytest.raises(LaneStuck, match="2 threads hang"):
        queued.result(0)
    with pytest.raises(LaneStuck):
        lane.submit(sum, [1]).result(0)
    gate.set()
    _until(lane, 0)
    assert not lane.stuck and lane.submit(sum, [2]).result(PATIENCE_S) == 2
    lane.shutdown()


def test_where_none_may_be_lost_a_hanging_step_is_only_noticed(gate: threading.Event) -> None:
    lane, hanging = Lane("eyes", most_lost=0), Hanging(gate)
    answer = lane.submit(hanging)
    assert hanging.begun.wait(PATIENCE_S)
    assert looked_after(lane, 33) and lane.stuck and lane.lost == 0
    assert not looked_after(lane, 33), "said once"
    gate.set()
    assert answer.result(PATIENCE_S) == "late", "it is not given up"
    assert not lane.stuck
    lane.shutdown()


def test_closing_waits_for_nobody_who_was_left_behind(gate: threading.Event) -> None:
    lane, hanging = Lane("eyes"), Hanging(gate)
    lane.submit(hanging)
    assert hanging.begun.wait(PATIENCE_S) and looked_after(lane, 33)
    again = Hanging(threading.Event())
    running = lane.submit(again)
    assert again.begun.wait(PATIENCE_S)
    queued = lane.submit(sum, [1])
    lane.shutdown(wait=False, cancel_futures=True)
    with pytest.raises(CancelledError):
        queued.result(0)
    again._gate.set()
    assert running.result(PATIENCE_S) == "late", "what is under way may end"


def _until(lane: Lane, lost: int) -> None:
    waiting = threading.Event()
    for _ in range(2000):
        if lane.lost == lost:
            return
        waiting.wait(0.01)
    raise AssertionError(f"{lane.lost} threads hang")
