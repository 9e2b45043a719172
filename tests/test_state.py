import random

import pytest

from streams.state import RollingState
from streams.types import NS, Percept


def percept(n: int, source: str = "door", t_s: float = 0.0) -> Percept:
    return Percept(f"{source}/v{n}", "object", source, round(t_s * NS), round(t_s * NS), "a person appears")


def test_the_oldest_of_a_source_goes_first() -> None:
    state = RollingState(per_source=3)
    evicted = [p.id for n in range(5) for p in state.add(percept(n))]
    assert evicted == ["door/v0", "door/v1"]
    assert len(state) == 3
    assert state.get("door/v0") is None
    assert state.get("door/v4") is not None


def test_a_busy_source_does_not_push_out_a_quiet_one() -> None:
    state = RollingState(per_source=10, sources=4)
    state.add(percept(0, "quiet"))
    for n in range(1000):
        state.add(percept(n, "busy"))
    assert state.get("quiet/v0") is not None


def test_the_source_silent_for_longest_is_forgotten_when_there_are_too_many() -> None:
    state = RollingState(per_source=10, sources=2)
    state.add(percept(0, "a"))
    state.add(percept(0, "b"))
    state.add(percept(1, "a"))
    assert [p.source for p in state.add(percept(0, "c"))] == ["b"]


def test_a_snapshot_is_in_order_of_time_and_does_not_change() -> None:
    state, rng = RollingState(), random.Random(0)
    times = [rng.random() * 100 for _ in range(50)]
    for n, t in enumerate(times):
        state.add(percept(n, rng.choice("abc"), t))
    snapshot = state.snapshot(50 * NS)
    assert [p.t0_ns for p in snapshot.percepts] == sorted(round(t * NS) for t in times if t <= 50)
    before = snapshot.percepts
    state.add(percept(99, "a", 10))
    assert snapshot.percepts is before
    assert len(snapshot.between(0, 10 * NS)) == sum(t <= 10 for t in times)


def test_ids_are_unique() -> None:
    state = RollingState()
    state.add(percept(1))
    with pytest.raises(ValueError, match="id of its own"):
        state.add(percept(1))


def test_a_day_is_no_larger_than_an_hour() -> None:
    state = RollingState(per_source=64, sources=8)
    sizes = []
    for second in range(0, 86_400, 7):
        state.add(percept(second, f"camera-{second % 20}", second))
        sizes.append(len(state))
    assert max(sizes) <= 64 * 8
    assert len(state._by_id) == sum(len(r) for r in state._rings.values())
