"""Sound and pictures of one sender stay together, whatever is lost on the way."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

import numpy as np
import pytest

from streams.clock import MonotonicClock
from streams.types import NS, SAMPLE_RATE_HZ, AudioChunk, VideoFrame
from streams.webrtc.peer import Peer, PeerOptions
from tests.webrtc_link import LossyLink, Remote, bursts, every, tone, until

EVENTS_S = (1.0, 2.0, 3.0, 4.0, 5.0)
LENGTH_S = 0.4
FPS = 20


def _on(t_s: float) -> bool:
    return any(0 <= t_s - start < LENGTH_S for start in EVENTS_S)


async def _flashes() -> AsyncIterator[VideoFrame]:
    for index in range(FPS * 60):
        level = 220 if _on(index / FPS) else 20
        yield VideoFrame("test", index * NS // FPS, np.full((120, 160, 3), level, np.uint8))


def _beeps() -> np.ndarray:
    samples = np.zeros(round((EVENTS_S[-1] + 2) * SAMPLE_RATE_HZ), np.float32)
    for start_s in EVENTS_S:
        start = round(start_s * SAMPLE_RATE_HZ)
        samples[start : start + round(LENGTH_S * SAMPLE_RATE_HZ)] = tone(LENGTH_S)
    return samples


def _onsets_s(values: list[tuple[float, float]], threshold: float) -> list[float]:
    """Times at which a value rises over the threshold after at least 0.3 s below it."""
    found, below_since = [], -1.0
    for t_s, value in values:
        if value < threshold:
            below_since = t_s if below_since < 0 else below_since
        else:
            if below_since >= 0 and t_s - below_since > 0.3:
                found.append(t_s)
            below_since = -1.0
    return found


@pytest.mark.parametrize("pattern", [every(10), bursts(8, 100)], ids=["10 %", "160 ms gone"])
async def test_beeps_and_flashes_stay_together(pattern: Callable[[int], bool]) -> None:
    heard: list[AudioChunk] = []
    seen: list[VideoFrame] = []
    options = PeerOptions(max_fps=FPS)
    async with Peer("ann", "call", MonotonicClock(), options) as peer, Remote(peer) as remote:

        async def hear() -> None:
            async for chunk in peer.audio:
                heard.append(chunk)

        async def see() -> None:
            async for frame in peer.video:
                seen.append(frame)

        sound, picture = remote.send_audio(_beeps()), remote.send_video(_flashes())
        await remote.connect()
        links = [LossyLink(sound, pattern), LossyLink(picture, every(40))]
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(hear()), group.create_task(see())]
            await until(lambda: bool(heard) and heard[-1].t_ns - heard[0].t0_ns > 6 * NS, "all is sent")
            for task in tasks:
                task.cancel()
        assert all(link.lost for link in links)
    levels = [
        ((chunk.t0_ns / NS) + at / SAMPLE_RATE_HZ, float(np.abs(chunk.samples[at : at + 160]).max(initial=0)))
        for chunk in heard
        for at in range(0, len(chunk.samples), 160)
    ]
    beeps = _onsets_s(levels, 0.05)
    flashes = _onsets_s([(frame.t_ns / NS, float(frame.rgb.mean())) for frame in seen], 120)
    apart = [min(flash - beep for flash in flashes if abs(flash - beep) < 0.5) for beep in beeps]
    assert len(apart) >= 4
    # The first picture takes a little longer than the first sound; from then on the two run alike.
    assert np.ptp(apart) < 0.2 and max(map(abs, apart)) < 0.4
