"""The order of sound packets, and how long they are held back."""

from __future__ import annotations

import queue
import random
import threading
from types import SimpleNamespace

import pytest
from aiortc.rtcrtpreceiver import TimestampMapper
from aiortc.rtp import RtpPacket

from streams.webrtc.gate import DecodeGate
from streams.webrtc.jitter import HOLD, SoundBuffer

STEP = 960


def _packet(number: int, first: int = 65_530) -> RtpPacket:
    """The packet of that number of a stream that is about to wrap around, in number and in time stamp."""
    packet = RtpPacket(sequence_number=(first + number) % 65_536, timestamp=(2**32 - 5 * STEP + number * STEP) % 2**32)
    packet._data = number.to_bytes(4, "big")  # type: ignore[attr-defined]
    return packet


def _feed(numbers: list[int]) -> list[list[int]]:
    """What becomes free at each packet."""
    buffer, freed = SoundBuffer(), []
    for number in numbers:
        _, frame = buffer.add(_packet(number))
        freed.append([] if frame is None else [int.from_bytes(f.data, "big") for f in frame.unfold()])  # type: ignore[attr-defined]
    return freed


def test_packets_in_order_are_never_held_back() -> None:
    assert _feed(list(range(20))) == [[n] for n in range(20)]


def test_packets_that_swapped_places_are_put_in_order() -> None:
    assert _feed([0, 2, 1, 3]) == [[0], [], [1, 2], [3]]
    assert _feed([0, 2, 3, 1, 4]) == [[0], [], [], [1, 2, 3], [4]]


def test_after_a_loss_nothing_stays_behind() -> None:
    assert _feed([0, 2, 3, 4, 5, 6]) == [[0], [], [], [2, 3, 4], [5], [6]]
    assert _feed([0, 9, 10, 11, 12]) == [[0], [], [], [9, 10, 11], [12]]


def test_a_packet_after_it_was_given_up_is_dropped_and_a_restart_is_followed() -> None:
    assert _feed([0, 2, 3, 4, 1, 5]) == [[0], [], [], [2, 3, 4], [], [5]]
    assert _feed([500, 501, 0, 1, 2]) == [[500], [501], [0], [1], [2]]


@pytest.mark.parametrize("seed", range(5))
def test_any_loss_and_disorder_keeps_order_bounds_and_most_packets(seed: int) -> None:
    random_ = random.Random(seed)
    numbers = [n for n in range(3000) if random_.random() > 0.1]
    numbers.sort(key=lambda n: n + random_.random() * 2)
    buffer, out = SoundBuffer(), []
    for number in numbers:
        _, frame = buffer.add(_packet(number))
        assert len(buffer._held) < HOLD
        out += [] if frame is None else [int.from_bytes(f.data, "big") for f in frame.unfold()]  # type: ignore[attr-defined]
    assert out == sorted(set(out)) and len(out) > 0.99 * len(numbers)


def test_time_stamps_of_frames_released_together() -> None:
    """As aiortc does it: it maps the first frame's time stamp and puts it into the decoder's queue."""
    buffer, mapper = SoundBuffer(), TimestampMapper()
    gate = DecodeGate(100, threading.Event(), lambda line: None)
    for number in (0, 1, 3, 4, 5, 6, 8, 7, 9):
        _, frame = buffer.add(_packet(number))
        if frame is not None:
            frame.timestamp = mapper.map(frame.timestamp)
            gate.put((SimpleNamespace(name="PCMU"), frame))  # which is never concealed
    stamps = []
    while True:
        try:
            stamps.append(gate.get_nowait()[1].timestamp)
        except queue.Empty:
            break
    assert stamps == [n * STEP for n in (0, 1, 3, 4, 5, 6, 7, 8, 9)]
