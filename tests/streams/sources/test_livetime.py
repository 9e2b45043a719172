"""Sender clocks, holes in live sound, back-off, and the inbox with its lanes: pure rules."""

from __future__ import annotations

import asyncio
import random

import numpy as np
import pytest

from streams.errors import ChannelClosed
from streams.sources.inbox import Inbox
from streams.sources.livetime import Backoff, LiveSound, SenderTime
from streams.types import NS


def test_a_senders_clock_is_mapped_once() -> None:
    time = SenderTime()
    assert time.at(1000 * NS, 5 * NS) == 5 * NS
    assert time.at(1001 * NS, 6 * NS + NS // 2) == 6 * NS  # half a second late on the way: the stamp counts


def test_what_has_arrived_was_not_captured_in_the_future() -> None:
    time = SenderTime()
    time.at(0, 5 * NS)  # the first one was held up
    assert time.at(2 * NS, 6 * NS) == 6 * NS
    assert time.at(3 * NS, 7 * NS) == 7 * NS


def test_a_clock_that_was_set_is_mapped_anew() -> None:
    time = SenderTime()
    time.at(1_000_000 * NS, 5 * NS)
    assert time.at(3 * NS, 6 * NS) == 6 * NS
    assert time.at(4 * NS, 7 * NS) == 7 * NS


def lags_s(time: SenderTime, hours: float, drift: float, jitter_s: float = 0.0) -> list[float]:
    """A stamp every second from a clock that is wrong by `drift`; how far behind its arrival each is mapped."""
    rng = np.random.default_rng(5)
    out = []
    for t_s in range(round(hours * 3600)):
        now_ns = t_s * NS + round(rng.uniform(0, jitter_s) * NS)
        out.append((now_ns - time.at(round(t_s * NS * (1 + drift)), now_ns)) / NS)
    return out


@pytest.mark.parametrize("drift", [-50e-6, -500e-6, 50e-6])
def test_a_clock_that_is_a_little_slow_or_fast_is_followed(drift: float) -> None:
    assert max(lags_s(SenderTime(), 30, drift)) < 0.1


def test_jitter_is_not_taken_for_a_slow_clock() -> None:
    lags = lags_s(SenderTime(), 2, 0.0, jitter_s=0.4)
    assert min(lags) >= 0 and max(lags) < 0.4 and np.mean(lags[600:]) > 0.17


def test_a_clock_is_followed_slowly() -> None:
    time = SenderTime()
    time.at(0, 0)
    mapped = [time.at(t_s * NS, (t_s + 5) * NS) for t_s in range(1, 600)]  # from now on five seconds late
    steps = [b - a - NS for a, b in zip(mapped, mapped[1:], strict=False)]
    assert min(steps) >= 0 and sum(steps) <= 600 * NS // 1000
    assert mapped[-1] > 599 * NS


def block(n: int = 1600, value: float = 0.5) -> np.ndarray:
    return np.full((n, 1), value, np.float32)


def test_jitter_is_counted_away() -> None:
    sound, out = LiveSound("mic"), []
    rng = np.random.default_rng(3)
    for i in range(50):
        out += sound.add(block(), 16_000, NS + i * NS // 10 + int(rng.integers(0, NS // 6)))
    assert out[0].t0_ns >= NS and all(b.t0_ns == a.t_ns for a, b in zip(out, out[1:], strict=False))
    assert sum(len(c.samples) for c in out) == 80_000


def test_a_hole_is_silence_and_a_long_one_a_jump() -> None:
    sound = LiveSound("mic")
    sound.add(block(), 16_000, 0)
    out = sound.add(block(), 16_000, NS)
    assert sum(len(c.samples) for c in out) == 16_000 and sound.filled_s == pytest.approx(0.9)
    assert not np.concatenate([c.samples for c in out])[:14_400].any()
    (jumped,) = sound.add(block(), 16_000, 3600 * NS)
    assert jumped.t0_ns == 3600 * NS and len(jumped.samples) == 1600


def test_a_fast_sender_loses_the_excess_and_no_more() -> None:
    sound, total = LiveSound("mic"), 0
    for i in range(1000):  # 10 % too fast
        total += sum(len(c.samples) for c in sound.add(block(), 16_000, i * NS * 10 // 110))
    last_s = 999 * 10 / 110
    assert last_s * 16_000 <= total <= (last_s + 1.2) * 16_000


def test_time_never_goes_back_when_the_format_changes() -> None:
    sound = LiveSound("mic")
    out = sound.add(block(), 16_000, NS) + sound.add(np.zeros((4800, 2), np.float32), 48_000, NS // 2)
    assert [c.t0_ns for c in out] == sorted(c.t0_ns for c in out) and out[1].t0_ns >= out[0].t_ns


def test_back_off_doubles_to_its_limit_and_begins_anew() -> None:
    backoff = Backoff(1.0, 30.0, random.Random(1))
    steps = [1, 2, 4, 8, 16, 30, 30]
    for step in steps:
        assert step / 2 <= backoff.next_s() <= step
    backoff.reset()
    assert backoff.next_s() <= 1.0


async def test_the_inbox_keeps_the_order_of_arrival_and_each_lanes_policy() -> None:
    inbox: Inbox[str] = Inbox(max_lanes=3)
    assert inbox.open("video", 1, "latest") and inbox.open("audio", 2, "wait") and inbox.open("text", 2, "drop_oldest")
    assert not inbox.open("more", 1, "wait") and inbox.open("video", 1, "latest")
    for lane, item in [
        ("audio", "a1"),
        ("video", "v1"),
        ("video", "v2"),
        ("text", "t1"),
        ("text", "t2"),
        ("text", "t3"),
    ]:
        assert inbox.offer(lane, item)
    assert inbox.offer("audio", "a2") and not inbox.offer("audio", "a3")
    assert inbox.dropped("video") == 1 and inbox.dropped("text") == 1
    inbox.close()
    assert [i async for i in inbox] == ["a1", "v2", "t2", "t3", "a2"]


async def test_the_inbox_makes_a_sender_wait_and_frees_it_when_closed() -> None:
    inbox: Inbox[int] = Inbox()
    inbox.open("audio", 1, "wait")
    inbox.offer("audio", 1)
    async with asyncio.timeout(10), asyncio.TaskGroup() as group:
        second = group.create_task(inbox.put("audio", 2))
        await asyncio.sleep(0)
        assert not second.done()
        assert await inbox.get() == 1
        await second
        third = group.create_task(_closed(inbox))
        await asyncio.sleep(0)
        inbox.close()
        assert await third
    assert await inbox.get() == 2
    with pytest.raises(ChannelClosed):
        await inbox.get()


async def _closed(inbox: Inbox[int]) -> bool:
    with pytest.raises(ChannelClosed):
        await inbox.put("audio", 3)
    return True
