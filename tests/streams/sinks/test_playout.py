"""The playout queue: order, silence, the fence of generations, what counts as played."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from streams.sink import Speech
from streams.sinks.playout import FADE_S, MAX_GENERATIONS, Playout, resample

RATE = 16_000


def ones(generation: int, n: int, value: float = 0.5, rate_hz: int = RATE) -> Speech:
    return Speech(generation, "text", np.full(n, value, np.float32), rate_hz)


def test_sentences_play_in_order_without_gap_and_then_silence() -> None:
    playout = Playout(RATE)
    playout.play(ones(1, 250, 0.25))
    playout.play(ones(1, 250, 0.75))
    heard = np.concatenate([playout.pop(160) for _ in range(4)])
    assert heard.dtype == np.float32 and len(heard) == 640
    assert np.all(heard[:250] == 0.25) and np.all(heard[250:500] == 0.75) and not heard[500:].any()
    assert playout.idle()


def test_stop_fades_then_is_silent_and_keeps_the_played_time() -> None:
    playout = Playout(RATE)
    playout.play(ones(3, RATE))
    playout.pop(1600)
    playout.stop(3)
    assert playout.played_s(3) == 0.1
    after = playout.pop(1600)
    fade = round(FADE_S * RATE)
    assert np.all(np.diff(after[:fade]) < 0) and not after[fade:].any()
    assert playout.played_s(3) == 0.1 and playout.idle()


def test_stop_before_the_first_sample_is_silent_at_once() -> None:
    playout = Playout(RATE)
    playout.play(ones(1, RATE))
    playout.stop(1)
    assert not playout.pop(RATE).any() and playout.played_s(1) == 0.0


def test_nothing_of_a_stopped_or_older_generation_plays_but_a_newer_one_does() -> None:
    playout = Playout(RATE)
    playout.play(ones(5, 100, 0.9))
    playout.play(ones(7, 100, 0.2))
    playout.stop(6)
    playout.play(ones(6, 100, 0.9))
    playout.play(ones(4, 100, 0.9))
    playout.stop(2)  # an older stop arrives late and must not open the fence again
    playout.play(ones(5, 100, 0.9))
    heard = playout.pop(1000)
    assert np.all(heard[:100] == np.float32(0.2)) and not heard[100:].any()
    assert playout.played_s(7) == 100 / RATE and playout.played_s(5) == 0.0


def test_the_queue_is_bounded_and_says_what_it_refused() -> None:
    playout = Playout(RATE, max_queue_s=1.0)
    for _ in range(5):
        playout.play(ones(1, RATE // 2))
    assert playout.queued_s() == 1.0 and playout.dropped == 3


def test_the_played_times_are_bounded() -> None:
    playout = Playout(RATE)
    for generation in range(MAX_GENERATIONS * 3):
        playout.play(ones(generation, 16))
        playout.pop(16)
    assert playout.played_s(0) == 0.0 and playout.played_s(MAX_GENERATIONS * 3 - 1) == 0.001
    assert len(playout._played) == MAX_GENERATIONS


@pytest.mark.parametrize("rate_in", [8_000, 22_050, 24_000, 48_000])
def test_resampling_keeps_length_and_pitch(rate_in: int) -> None:
    tone = np.sin(2 * np.pi * 440 * np.arange(rate_in) / rate_in).astype(np.float32)
    out = resample(tone, rate_in, 48_000)
    assert abs(len(out) - 48_000) <= 2
    spectrum = np.abs(np.fft.rfft(out[:48_000] if len(out) >= 48_000 else np.pad(out, (0, 48_000 - len(out)))))
    assert abs(int(spectrum.argmax()) - 440) <= 1
    assert 0.6 < np.sqrt(np.mean(out**2)) < 0.8


def test_played_time_is_in_seconds_of_speech_whatever_the_rates() -> None:
    playout = Playout(48_000)
    playout.play(ones(1, 22_050, rate_hz=22_050))
    while not playout.idle():
        playout.pop(960)
    assert playout.played_s(1) == pytest.approx(1.0, abs=1e-3)


def test_two_threads_lose_and_double_no_sample() -> None:
    playout = Playout(RATE, max_queue_s=1000.0)
    heard: list[np.ndarray] = []
    done = threading.Event()

    def device() -> None:
        while not done.is_set() or not playout.idle():
            heard.append(playout.pop(7))

    thread = threading.Thread(target=device)
    thread.start()
    for i in range(1, 2001):
        playout.play(ones(1, 5, float(i)))
    done.set()
    thread.join()
    spoken = np.concatenate(heard)
    assert np.array_equal(spoken[spoken > 0], np.repeat(np.arange(1, 2001, dtype=np.float32), 5))
