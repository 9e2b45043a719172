"""One voice on several loudspeakers that come and go."""

from __future__ import annotations

import numpy as np
import pytest

from streams.sink import Speech
from streams.sinks.fanout import FanOut
from streams.sinks.playout import Playout

RATE_HZ = 1000


def _speech(generation: int, n: int = 100) -> Speech:
    return Speech(generation, "words", np.full(n, 0.5, np.float32), RATE_HZ)


def test_everybody_hears_it_and_the_furthest_counts() -> None:
    fan, a, b = FanOut(), Playout(RATE_HZ), Playout(RATE_HZ)
    fan.add("a", a, lambda: True)
    fan.add("b", b, lambda: True)
    fan.play(_speech(1))
    assert not fan.idle()
    assert a.pop(60).all() and b.pop(40).all()
    assert fan.played_s(1) == pytest.approx(0.06)
    a.pop(40)
    assert not fan.idle()
    b.pop(60)
    assert fan.idle() and fan.played_s(1) == pytest.approx(0.1)


def test_hold_and_resume_and_a_newcomer_meanwhile() -> None:
    fan, a, b = FanOut(), Playout(RATE_HZ), Playout(RATE_HZ)
    fan.add("a", a, lambda: True)
    fan.play(_speech(1))
    a.pop(50)
    fan.hold()
    fan.add("b", b, lambda: True)
    fan.play(_speech(1))
    a.pop(10)
    assert not a.pop(50).any() and not b.pop(50).any()
    fan.resume()
    assert a.pop(50).all() and b.pop(50).all()


def test_a_newcomer_hears_nothing_of_a_stopped_reply() -> None:
    fan, late = FanOut(), Playout(RATE_HZ)
    fan.stop(3)
    fan.add("late", late, lambda: True)
    fan.play(_speech(3))
    assert fan.idle() and not late.pop(50).any()
    fan.play(_speech(4))
    assert late.pop(50).all()


def test_who_left_or_never_came_holds_nobody_up() -> None:
    fan, a, b = FanOut(), Playout(RATE_HZ), Playout(RATE_HZ)
    fan.add("a", a, lambda: True)
    fan.add("b", b, lambda: False)
    fan.play(_speech(1))
    a.pop(100)
    assert fan.idle()
    fan.play(_speech(1))
    a.pop(30)
    fan.remove("a")
    assert fan.played_s(1) == pytest.approx(0.13)
    b.pop(10)
    assert fan.played_s(1) == pytest.approx(0.13) and not fan.idle()
    fan.remove("b")
    assert fan.idle() and len(fan) == 0
    fan.play(_speech(2))
    assert fan.idle() and fan.played_s(2) == 0
