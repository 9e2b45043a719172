"""Where received sound is put, without a network."""

from __future__ import annotations

import numpy as np
import pytest

from streams.types import NS, AudioChunk
from streams.webrtc.timeline import SoundTimeline

FRAME = 320
FRAME_NS = 20_000_000


def _frame() -> np.ndarray:
    return np.full(FRAME, 0.5, np.float32)


def _length(chunks: list[AudioChunk]) -> int:
    return sum(len(c.samples) for c in chunks)


def test_jitter_of_arrival_does_not_show() -> None:
    line = SoundTimeline("mic")
    arrivals = [5, 25, 90, 91, 92, 105, 200, 201]
    chunks = [c for i, ms in enumerate(arrivals) for c in line.place(7000 + i * FRAME, _frame(), ms * 1_000_000)]
    assert [c.t0_ns for c in chunks] == [5_000_000 + i * FRAME_NS for i in range(8)]
    assert line.filled == 0


@pytest.mark.parametrize("lost", [1, 3, 30])
def test_a_hole_becomes_silence_of_its_length(lost: int) -> None:
    line = SoundTimeline("mic")
    line.place(0, _frame(), 0)
    chunks = line.place((1 + lost) * FRAME, _frame(), (1 + lost) * FRAME_NS)
    assert _length(chunks[:-1]) == lost * FRAME == line.filled
    assert not chunks[0].samples.any() and chunks[-1].t0_ns == (1 + lost) * FRAME_NS


def test_what_a_resampler_holds_back_is_no_hole() -> None:
    line = SoundTimeline("mic")
    line.place(0, _frame()[:304], 0)
    for i in range(1, 50):
        (chunk,) = line.place(i * FRAME, _frame(), i * FRAME_NS)
    assert line.filled == 0 and chunk.t0_ns == (304 + 48 * FRAME) * NS // 16_000


def test_silence_comes_while_nothing_is_sent_and_late_sound_is_not_lost() -> None:
    line = SoundTimeline("mic")
    assert line.idle(5 * NS) == []  # nothing began yet
    line.place(0, _frame(), 0)
    assert line.idle(NS // 2) == []
    filled = line.idle(3 * NS)
    assert filled[-1].t_ns == 2 * NS and line.idle(3 * NS) == []
    late = line.place(FRAME, _frame(), 3 * NS)  # it was on its way all the time
    assert [c.t0_ns for c in late] == [2 * NS] and late[0].samples.all()
    onward = line.place(2 * FRAME, _frame(), 3 * NS)
    assert [c.t0_ns for c in onward] == [2 * NS + FRAME_NS]


def test_a_pause_whose_positions_went_on_keeps_its_place() -> None:
    line = SoundTimeline("mic")
    line.place(0, _frame(), 0)
    line.idle(10 * NS)
    chunks = line.place(160_000, _frame(), 10 * NS)  # position and clock agree: ten seconds
    assert chunks[-1].t0_ns == 10 * NS


@pytest.mark.parametrize("jump", [16_000 * 3600, 2**32 // 3, -(2**31) // 3])
def test_absurd_positions_cannot_move_time(jump: int) -> None:
    line = SoundTimeline("mic")
    line.place(0, _frame(), 0)
    chunks = line.place(jump, _frame(), FRAME_NS)
    assert [(c.t0_ns, len(c.samples)) for c in chunks] == [(FRAME_NS, FRAME)]
    assert line.place(jump + FRAME, _frame(), 2 * FRAME_NS)[0].t0_ns == 2 * FRAME_NS


def test_a_sender_faster_than_time_is_held_to_the_clock() -> None:
    line = SoundTimeline("mic")
    chunks = [c for i in range(1000) for c in line.place(i * FRAME, _frame(), i * FRAME_NS // 2)]  # twice too fast
    assert chunks[-1].t_ns <= 500 * FRAME_NS + NS + FRAME_NS
    assert line.dropped > 0


def test_a_sender_slower_than_time_stays_within_the_slack() -> None:
    line = SoundTimeline("mic")
    chunks = []
    for i in range(3000):
        now_ns = i * FRAME_NS * 11 // 10  # a tenth too slow
        chunks += line.idle(now_ns) + line.place(i * FRAME, _frame(), now_ns)
    assert now_ns - chunks[-1].t_ns <= NS + FRAME_NS
    ends = [c.t_ns for c in chunks]
    assert [c.t0_ns for c in chunks[1:]] == pytest.approx(ends[:-1], abs=NS // 16_000)
