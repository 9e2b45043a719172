"""Microphone and camera: the ring, the faults, and what a machine without devices says."""

from __future__ import annotations

import asyncio
import sys
from typing import Any

import numpy as np
import pytest

from streams.clock import ManualClock
from streams.errors import DeviceError
from streams.sources import devices
from streams.sources.audio_driver import device_names
from streams.sources.devices import RING_S, Camera, Microphone, load_driver
from streams.types import NS, AudioChunk, Health

from .fake_portaudio import FakePortAudio


async def test_sound_is_copied_resampled_and_dated_from_its_capture() -> None:
    clock, driver, health = ManualClock(), FakePortAudio(), []  # type: ignore[var-annotated]
    clock.advance_to(10 * NS)
    async with asyncio.timeout(20), Microphone("mic", clock, health.append, driver=driver) as microphone:
        (stream,) = driver.streams
        assert stream.settings["samplerate"] == 48_000 and stream.settings["blocksize"] == 960
        for i in range(50):
            clock.advance_to(10 * NS + (i + 1) * NS // 50)
            stream.give(0.5)
        chunks: list[AudioChunk] = []
        async for chunk in microphone:
            chunks.append(chunk)
            if sum(len(c.samples) for c in chunks) > 15_000:
                break
    samples = np.concatenate([c.samples for c in chunks])
    assert np.allclose(samples[200:], 0.5, atol=1e-3)  # no NaN: the driver's buffer was copied
    assert chunks[0].t0_ns == 10 * NS and chunks[0].source == "mic"
    assert all(abs(b.t0_ns - a.t_ns) <= 100_000 for a, b in zip(chunks, chunks[1:], strict=False))
    assert [h.state for h in health] == ["ok"] and stream.closed


async def test_a_stalled_reader_loses_the_oldest_and_says_so(clock: ManualClock) -> None:
    driver, health = FakePortAudio(), []  # type: ignore[var-annotated]
    clock.advance_to(20 * NS)
    async with asyncio.timeout(20), Microphone("mic", clock, health.append, driver=driver) as microphone:
        for i in range(400):  # eight seconds, nobody reads
            clock.advance_to(20 * NS + i * NS // 50)
            driver.streams[0].give(0.1)
        assert microphone.lost_s == pytest.approx(8 - RING_S)
        assert len(microphone._ring) * 0.02 <= RING_S
        items = aiter(microphone)
        first = await anext(items)
        assert first.t0_ns == pytest.approx(23 * NS, abs=NS // 20)
    assert ["lost" in h.reason for h in health if h.state == "degraded"] == [True]


async def test_overflows_of_the_driver_are_counted_and_reported_once(clock: ManualClock) -> None:
    driver, health = FakePortAudio(), []  # type: ignore[var-annotated]
    async with asyncio.timeout(20), Microphone("mic", clock, health.append, driver=driver) as microphone:
        for _ in range(5):
            driver.streams[0].give(0.1, overflow=True)
        await anext(aiter(microphone))
        assert microphone.overflows == 5
    assert [h.state for h in health].count("degraded") == 1


async def test_an_unplugged_microphone_is_an_error_with_one_line(clock: ManualClock) -> None:
    driver = FakePortAudio()
    async with asyncio.timeout(20), Microphone("mic", clock, lambda h: None, driver=driver) as microphone:
        driver.streams[0].unplug()
        with pytest.raises(DeviceError, match="unplugged"):
            await anext(aiter(microphone))


async def test_a_silent_driver_is_reported(clock: ManualClock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(devices, "DEAD_S", 0.01)
    driver = FakePortAudio()
    told = asyncio.Event()
    health: list[Health] = []

    def hear(h: Health) -> None:
        health.append(h)
        told.set()

    async with (
        asyncio.timeout(20),
        Microphone("mic", clock, hear, driver=driver) as microphone,
        asyncio.TaskGroup() as group,
    ):
        waiting = group.create_task(anext(aiter(microphone)))  # type: ignore[arg-type]
        await told.wait()
        assert health[-1].state == "failed"
        driver.streams[0].give(0.1)
        await waiting
    assert [h.state for h in health] == ["failed", "ok"]


async def test_closing_ends_the_iteration(clock: ManualClock) -> None:
    driver = FakePortAudio()
    microphone = Microphone("mic", clock, lambda h: None, driver=driver)
    async with asyncio.timeout(20), asyncio.TaskGroup() as group:
        async with microphone:

            async def drain() -> list[AudioChunk]:
                return [c async for c in microphone]

            task = group.create_task(drain())
            await asyncio.sleep(0)
        assert await task == []


async def test_hardware_that_insists_on_two_channels_gets_them(clock: ManualClock) -> None:
    driver = FakePortAudio(refuses_mono=True)
    async with asyncio.timeout(20), Microphone("mic", clock, lambda h: None, driver=driver) as microphone:
        driver.streams[0].give(0.25)
        chunk = await anext(aiter(microphone))
        assert driver.streams[0].channels == 2 and np.allclose(chunk.samples[100:], 0.25, atol=1e-2)


@pytest.mark.parametrize(
    ("driver", "device", "line"),
    [
        (FakePortAudio(devices=[]), None, "no microphone was found; none is connected"),
        (FakePortAudio(), "Other", "no microphone 'Other' was found; there are: Fake mic"),
        (FakePortAudio(busy=True), None, "cannot be opened"),
    ],
)
async def test_no_microphone_is_one_clear_line(clock: ManualClock, driver: Any, device: str | None, line: str) -> None:
    with pytest.raises(DeviceError, match=line) as caught:
        async with Microphone("mic", clock, lambda h: None, device=device, driver=driver):
            pass
    assert "\n" not in str(caught.value)


def test_missing_portaudio_is_one_clear_line(monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken:
        def find_spec(self, name: str, *rest: Any) -> None:
            if name == "sounddevice":
                raise OSError("PortAudio library not found")

    monkeypatch.delitem(sys.modules, "sounddevice", raising=False)
    monkeypatch.setattr(sys, "meta_path", [Broken(), *sys.meta_path])
    with pytest.raises(DeviceError, match="apt install libportaudio2"):
        load_driver()


def test_devices_are_listed_by_direction() -> None:
    assert device_names(FakePortAudio(), "input") == ["Fake mic"]
    assert device_names(FakePortAudio(), "output") == ["Fake speaker"]


@pytest.mark.skipif(sys.platform != "linux", reason="the names of cameras are Linux's")
async def test_a_camera_that_is_not_there_is_one_clear_line(clock: ManualClock) -> None:
    with pytest.raises(DeviceError, match="no camera /dev/video99 was found") as caught:
        async with Camera("cam", clock, lambda h: None, device="/dev/video99"):
            pass
    assert "\n" not in str(caught.value)
