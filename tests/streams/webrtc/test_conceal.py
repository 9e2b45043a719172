"""Concealment of lost Opus packets with the real codec."""

from __future__ import annotations

from fractions import Fraction

import av
import numpy as np
import pytest
from aiortc.codecs.opus import OpusDecoder, OpusEncoder

from streams.webrtc.conceal import Concealer, duration
from streams.webrtc.jitter import SoundFrame

FRAME = 960


def _packets(n: int) -> list[SoundFrame]:
    encoder, found = OpusEncoder(), []
    wave = (0.3 * np.sin(2 * np.pi * 440 * np.arange(n * FRAME) / 48_000) * 32767).astype(np.int16)
    for index in range(n):
        part = wave[None, index * FRAME : (index + 1) * FRAME]
        frame = av.AudioFrame.from_ndarray(part, format="s16", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = 48_000, index * FRAME, Fraction(1, 48_000)
        payloads, timestamp = encoder.encode(frame)
        found += [SoundFrame(data, timestamp) for data in payloads]
    return found


@pytest.mark.parametrize(("lost", "guessed"), [(1, 1), (3, 3), (8, 3)])
def test_a_short_hole_sounds_on(lost: int, guessed: int) -> None:
    packets = _packets(40)
    after = packets[20 + lost]
    after.lost = lost
    concealer, decoder = Concealer(), OpusDecoder()
    levels: dict[int, float] = {}
    for packet in packets[:20] + packets[20 + lost :]:
        for frame in [*concealer.before(packet), packet]:
            for decoded in decoder.decode(frame):
                assert decoded.pts is not None
                levels[decoded.pts // FRAME] = float(np.abs(decoded.to_ndarray()).max()) / 32768
    assert concealer.concealed == guessed
    assert [n for n in range(min(levels), max(levels)) if n not in levels] == list(range(20 + guessed, 20 + lost))
    assert all(levels[n] > 0.1 for n in range(20, 20 + guessed))


def test_a_pause_of_the_sender_is_not_a_loss() -> None:
    packets, concealer = _packets(10), Concealer()
    assert [frame for packet in packets[:3] + packets[6:] for frame in concealer.before(packet)] == []


@pytest.mark.parametrize(
    ("packet", "samples"),
    [(b"", 0), (b"\x00", 480), (b"\x18", 2880), (b"\x78", 960), (b"\xf8", 960), (b"\xf9", 1920), (b"\xfb\x03", 2880),
     (b"\xfb", 0), (b"\x80", 120)],
)  # fmt: skip
def test_duration_of_packets(packet: bytes, samples: int) -> None:
    assert duration(packet) == samples


def test_broken_packets_are_not_concealed() -> None:
    concealer = Concealer()
    concealer.before(SoundFrame(b"", 0))
    after = SoundFrame(b"\xf8abc", 5 * FRAME)
    after.lost = 4
    assert concealer.before(after) == []
