"""One person's sound on its way to another."""

from __future__ import annotations

import numpy as np

from streams.webrtc.voices import MOST, RATE_HZ, TARGET, Voice, Voices

BLOCK = RATE_HZ // 50


def _loud(n: int = BLOCK) -> np.ndarray:
    return np.full(n, 0.5, np.float32)


def test_it_starts_after_a_short_delay_and_loses_nothing() -> None:
    voice, heard = Voice(), []
    for _ in range(50):
        voice.push(_loud())
        heard.append(voice.pop(BLOCK))
    sound = np.concatenate(heard)
    begins = int(np.flatnonzero(sound)[0])
    assert abs(begins - (TARGET - BLOCK)) <= BLOCK
    assert (sound[begins + BLOCK :] == 0.5).all() and voice.skipped == 0


def test_a_burst_after_a_stall_becomes_no_delay() -> None:
    voice = Voice()
    for _ in range(100):
        voice.push(_loud())
        assert len(voice) <= MOST
    assert voice.skipped > 90 * BLOCK - MOST
    assert voice.pop(BLOCK).any()


def test_it_falls_silent_when_nothing_comes_and_starts_anew() -> None:
    voice = Voice()
    voice.push(_loud(TARGET + BLOCK // 2))
    for _ in range(3):
        assert voice.pop(BLOCK)[1:].all()
    last = voice.pop(BLOCK)
    assert last[0] and not last[-1] and last.max() == np.float32(0.5)
    voice.push(_loud())
    assert not voice.pop(BLOCK).any()
    voice.push(_loud(TARGET))
    assert voice.pop(BLOCK).any()


def test_clocks_that_differ_never_make_the_delay_grow() -> None:
    """Ten minutes of a sender that is 0.1 % too fast, and of one that is as much too slow; speech with pauses."""
    for rate in (1.001, 0.999):
        voice, due, lengths = Voice(), 0.0, []
        for block in range(600 * 50):
            due += rate
            while due >= 1:
                due -= 1
                voice.push(_loud() if block % 200 < 150 else _loud() * 0)
            voice.pop(BLOCK)
            lengths.append(len(voice))
        assert max(lengths[100:]) <= 2 * TARGET + 2 * BLOCK
        assert np.mean(lengths[100:]) > BLOCK


def test_several_voices_are_mixed_and_removed() -> None:
    voices = Voices()
    for name in ("a", "b"):
        voices.add(name).push(_loud(TARGET))
    assert voices.pop(BLOCK)[-1] == np.float32(1.0)
    voices.remove("a")
    assert len(voices) == 1 and voices.pop(BLOCK)[-1] == np.float32(0.5)
