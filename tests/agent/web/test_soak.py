"""Calls that join and leave, again and again: nothing of them stays behind."""

from __future__ import annotations

import asyncio
import gc
import os
import threading
import tracemalloc
import weakref
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from agent.bus import Bus
from agent.core import Core, CoreOptions
from agent.live import Live, Senses
from agent.web.access import WebOptions
from agent.web.server import WebServer
from dialog.manager import Dialog
from streams.clock import MonotonicClock
from streams.types import AudioChunk, Observation, VideoFrame
from streams.webrtc.client import Caller
from streams.webrtc.peer import Peer
from tests.fakes import FakeMind, organs
from tests.webrtc_link import pictures, sound, tone, until

ROUNDS = int(os.environ.get("HEED_SOAK_ROUNDS", "30"))
"""An hour of calls: about 3000."""
WARM_UP = 5
OURS = Path(__file__).resolve().parents[3]
MAX_GROWTH_BYTES_A_ROUND = 4096


class Numb:
    """Hears and sees nothing."""

    def init_state(self, source: str) -> None:
        return None

    def step(self, state: None, media: AudioChunk | VideoFrame) -> list[Observation]:
        return []

    def flush(self, state: None) -> list[Observation]:
        return []


@pytest.fixture
def executor() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(2) as pool:
        yield pool


def _files() -> int:
    return len(os.listdir("/proc/self/fd"))


def _ours() -> int:
    """Bytes that lines of our own hold."""
    kept = tracemalloc.take_snapshot().filter_traces(
        [tracemalloc.Filter(True, str(OURS / folder / "*")) for folder in ("agent", "streams", "dialog")]
    )
    return sum(item.size for item in kept.statistics("filename"))


async def test_calls_leave_nothing_behind(executor: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent.rooms.GRACE_S", 0.0)  # rooms are kept for a minute, on purpose
    bus, clock, seen = Bus(), MonotonicClock(), list[weakref.ref[object]]()
    async with Core(organs(clock, bus, executor, FakeMind()), bus, CoreOptions()) as core:
        live = Live(core, Senses(Numb(), Numb(), Numb(), executor, executor, executor))

        async def attend(peer: Peer) -> None:
            seen.append(weakref.ref(peer))
            await live.attend(peer)

        async with WebServer(WebOptions(port=0), bus, attend, clock) as server:

            async def call(number: int) -> None:
                name = f"caller-{number % 7}"
                caller = Caller(server.url, audio=sound(tone(30)), video=pictures(300, 10), name=name, room="kitchen")
                async with caller:
                    await caller.send({"type": "text", "text": "Hello?"})
                    await until(lambda: bool(core.dialogs()), "the conversation is open")
                    seen.extend(weakref.ref(dialog) for dialog in core.dialogs())
                    await until(lambda: np.abs(caller.heard()).max(initial=0) > 0.01, "an answer")
                await until(lambda: len(server._sessions) == 0 and not core.dialogs(), "all is over")

            def counts() -> tuple[int, int, int]:
                gc.collect()
                # Threads of the loop's own pool come one by one as they are needed, up to its limit.
                threads = [t for t in threading.enumerate() if not t.name.startswith("asyncio_")]
                return len(asyncio.all_tasks()), len(threads), _files()

            for number in range(WARM_UP):
                await call(number)
            before = counts()
            tracemalloc.start()
            await call(0)
            gc.collect()
            bytes_before = _ours()
            for number in range(ROUNDS):
                await call(number)
            await until(lambda: counts() <= before or all(a <= b for a, b in zip(counts(), before, strict=True)), "end")
            grown = _ours() - bytes_before
            tracemalloc.stop()
            assert grown < ROUNDS * MAX_GROWTH_BYTES_A_ROUND, f"{grown} bytes more after {ROUNDS} calls"
            alive = [one for one in (ref() for ref in seen) if isinstance(one, Peer | Dialog)]
            # The agent's watchdog holds on to the conversation it looked at last, until it looks at another.
            assert len({id(one) for one in alive if isinstance(one, Dialog)}) <= 1
            assert not [one for one in alive if isinstance(one, Peer)]
