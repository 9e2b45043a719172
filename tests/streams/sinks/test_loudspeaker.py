"""The loudspeaker: what reaches the device, how fast it falls silent, what happens when the device dies."""

from __future__ import annotations

import asyncio
from typing import Any

import numpy as np
import pytest

from streams.clock import ManualClock
from streams.errors import DeviceError
from streams.sink import Speech
from streams.sinks.loudspeaker import Loudspeaker
from streams.types import Health
from tests.streams.sources.fake_portaudio import FakePortAudio
from tests.streams.sources.waiting import until


def speech(generation: int, seconds: float, value: float = 0.5) -> Speech:
    return Speech(generation, "text", np.full(round(48_000 * seconds), value, np.float32), 48_000)


async def test_speech_reaches_the_device_and_a_stop_silences_the_next_blocks(clock: ManualClock) -> None:
    driver = FakePortAudio()
    async with asyncio.timeout(30), Loudspeaker("room", clock, lambda h: None, driver=driver) as speaker:
        (stream,) = driver.streams
        assert stream.settings["latency"] + stream.settings["blocksize"] / 48_000 < 0.1
        speaker.play(speech(1, 2.0))
        stream.turn(6)
        await until(lambda: sum(b.any() for b in stream.heard) >= 4)
        speaker.stop(1)
        at = len(stream.heard)
        played = speaker.played_s(1)
        stream.turn(6)
        await until(lambda: len(stream.heard) >= at + 6)
        assert speaker.idle() and speaker.played_s(1) == played
        # The block that was being written when the stop came, and one that ends in the fade.
        assert not np.concatenate(stream.heard[at + 2 :]).any()
        heard = np.concatenate(stream.heard)
        assert np.count_nonzero(heard == 0.5) == pytest.approx(played * 48_000, abs=1)
        speaker.play(speech(2, 0.02, 0.25))
        stream.turn(4)
        await until(speaker.idle)
    assert np.count_nonzero(np.concatenate(stream.heard) == np.float32(0.25)) == 960 and stream.closed


async def test_a_device_that_dies_is_reported_and_never_holds_a_reply_up(clock: ManualClock) -> None:
    driver, health = FakePortAudio(), []  # type: ignore[var-annotated]
    async with asyncio.timeout(30), Loudspeaker("room", clock, health.append, driver=driver) as speaker:
        driver.streams[0].broken = True
        speaker.play(speech(1, 5.0))
        driver.streams[0].turn(2)
        await until(lambda: health)
        assert speaker.idle()
        speaker.play(speech(2, 5.0))
        assert speaker.idle() and speaker.played_s(2) == 0.0
    assert isinstance(health[0], Health) and health[0].state == "failed" and "\n" not in health[0].reason


@pytest.mark.parametrize("driver", [FakePortAudio(devices=[]), FakePortAudio(busy=True)])
async def test_no_loudspeaker_is_one_clear_line(clock: ManualClock, driver: Any) -> None:
    with pytest.raises(DeviceError) as caught:
        async with Loudspeaker("room", clock, lambda h: None, driver=driver):
            pass
    assert "loudspeaker" in str(caught.value) and "\n" not in str(caught.value)


async def test_what_the_device_gets_is_the_reference_for_echo_cancellation(clock: ManualClock) -> None:
    driver, taken = FakePortAudio(), []  # type: ignore[var-annotated]

    def tap(t_ns: int, block: np.ndarray, rate_hz: int) -> None:
        taken.append((t_ns, block, rate_hz))

    clock.advance_to(7)
    async with asyncio.timeout(30), Loudspeaker("room", clock, lambda h: None, driver=driver, tap=tap) as speaker:
        (stream,) = driver.streams
        speaker.play(speech(1, 0.1))
        stream.turn(8)
        await until(lambda: len(stream.heard) >= 8)
    played = np.concatenate(stream.heard)
    assert np.array_equal(np.concatenate([block for _, block, _ in taken])[: len(played)], played)
    assert {(t, rate) for t, _, rate in taken} == {(7, 48_000)} and played.any()
