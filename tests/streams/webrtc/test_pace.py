"""When outgoing sound is sent, on a loop clock that the test moves."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from streams.sink import Speech
from streams.sinks.playout import Playout
from streams.webrtc import reply
from streams.webrtc.reply import FRAME, RATE_HZ, ReplyTrack


class Loop:
    """Stands for asyncio inside `reply`: sleeping moves the time, and oversleeps a little, as real machines do."""

    def __init__(self, oversleep_s: float) -> None:
        self.now_s = 100.0
        self.oversleep_s = oversleep_s

    def time(self) -> float:
        return self.now_s

    async def sleep(self, seconds: float) -> None:
        self.now_s += seconds + self.oversleep_s


@pytest.fixture
def loop(monkeypatch: pytest.MonkeyPatch) -> Loop:
    fake = Loop(0.007)
    monkeypatch.setattr(reply, "asyncio", SimpleNamespace(get_running_loop=lambda: fake, sleep=fake.sleep))
    return fake


async def test_lateness_of_single_frames_does_not_add_up(loop: Loop) -> None:
    track = ReplyTrack(Playout(RATE_HZ))
    for number in range(500):
        frame = await track.recv()
        assert frame.pts == number * FRAME and frame.samples == FRAME and frame.sample_rate == RATE_HZ
    assert loop.now_s == pytest.approx(100 + 499 * 0.02, abs=0.008)


async def test_a_short_delay_is_made_up_for_and_a_stall_is_not(loop: Loop) -> None:
    track = ReplyTrack(Playout(RATE_HZ))
    await track.recv()
    loop.now_s += 0.1
    for _ in range(10):
        await track.recv()
    assert loop.now_s == pytest.approx(100.2, abs=0.008)  # as if nothing had happened
    loop.now_s += 5.0
    start_s = loop.now_s
    for _ in range(11):
        await track.recv()
    assert loop.now_s == pytest.approx(start_s + 0.2, abs=0.008)  # no burst of 250 frames


async def test_what_is_played_is_what_was_queued_then_silence(loop: Loop) -> None:
    playout = Playout(RATE_HZ)
    track = ReplyTrack(playout)
    playout.play(Speech(1, "loud", np.full(FRAME * 3, 2.0, np.float32), RATE_HZ))
    levels = [int((await track.recv()).to_ndarray().max()) for _ in range(5)]
    assert levels == [32767, 32767, 32767, 0, 0]  # clipped, not wrapped around
    assert playout.played_s(1) == pytest.approx(0.06)
