"""This machine's loudspeaker."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Any, Self

import numpy as np

from streams.clock import Clock
from streams.echo.canceller import Tap
from streams.errors import DeviceError
from streams.sink import Speech
from streams.sinks.playout import Playout
from streams.sources.audio_driver import device_info, open_stream
from streams.sources.devices import load_driver
from streams.types import Health

BLOCK_S = 0.02
LATENCY_S = 0.06
"""Asked of the device: with one block more, silence is heard 80 ms after a stop."""


class Loudspeaker:
    """Implements `streams.sink.SpeechSink`. A thread of its own feeds the device in blocks of 20 ms, silence included.

    `played_s` counts what was handed to the device, which is heard `LATENCY_S` later.
    """

    def __init__(
        self,
        name: str,
        clock: Clock,
        on_health: Callable[[Health], None],
        *,
        device: str | int | None = None,
        driver: Any = None,
        tap: Tap | None = None,
    ) -> None:
        """
        Args:
            name: for `Health` of `loudspeaker:<name>`.
            clock: dates `Health`.
            on_health: called on the event loop, on change only.
            device: PortAudio's name or number; None for the default loudspeaker.
            driver: the sounddevice module; None to load it when opened.
            tap: called on the feeding thread with every block, as it is handed to the device.
        """
        self.name = name
        self.underflows = 0
        """How often the device ran dry: a click or a gap each."""
        self._clock = clock
        self._on_health = on_health
        self._device = device
        self._driver = driver
        self._tap = tap
        self._stop = threading.Event()
        self._failed = False

    async def __aenter__(self) -> Self:
        """Open the loudspeaker.

        Raises:
            DeviceError: PortAudio or the loudspeaker is missing, or refuses.
        """
        self._loop = asyncio.get_running_loop()
        self._executor = ThreadPoolExecutor(1, f"loudspeaker-{self.name}")
        try:
            stream = await self._loop.run_in_executor(self._executor, self._open)
        except DeviceError:
            self._executor.shutdown(wait=False)
            raise
        self._running = self._loop.run_in_executor(self._executor, self._feed, stream)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        await self._running
        self._executor.shutdown(wait=False)

    def play(self, speech: Speech) -> None:
        """Queue a sentence. Nothing happens when the device has failed, or the generation was stopped."""
        if not self._failed:
            self._playout.play(speech)

    def stop(self, generation: int) -> None:
        """Silence within 100 ms: drop what is queued of this generation and of every older one."""
        self._playout.stop(generation)

    def hold(self) -> None:
        """Silence within 100 ms; the place is kept."""
        self._playout.hold()

    def resume(self) -> None:
        """Go on after `hold`."""
        self._playout.resume()

    def played_s(self, generation: int) -> float:
        """Seconds of this generation's speech that were played (kept after `stop`)."""
        return self._playout.played_s(generation)

    def idle(self) -> bool:
        """True when nothing is queued, or the device has failed."""
        return self._failed or self._playout.idle()

    def _open(self) -> Any:
        self._driver = self._driver or load_driver()
        info = device_info(self._driver, self._device, "output")
        rate_hz = int(info["default_samplerate"])
        self._playout = Playout(rate_hz)
        settings = {
            "samplerate": rate_hz,
            "blocksize": round(rate_hz * BLOCK_S),
            "device": self._device,
            "latency": LATENCY_S,
        }
        stream = open_stream(self._driver, self._driver.OutputStream, settings, f"the loudspeaker {info['name']}")
        stream.start()
        return stream

    def _feed(self, stream: Any) -> None:
        """On the feeding thread. Blocking writes pace it: no callback that must win the interpreter lock in time."""
        n = round(self._playout.rate_hz * BLOCK_S)
        try:
            while not self._stop.is_set():
                block = np.clip(self._playout.pop(n), -1.0, 1.0)
                if self._tap is not None:
                    self._tap(self._clock.now_ns(), block, self._playout.rate_hz)
                if stream.write(np.repeat(block[:, None], stream.channels, axis=1)):
                    self.underflows += 1
        except self._driver.PortAudioError as error:
            self._failed = True
            self._loop.call_soon_threadsafe(self._tell_failed, " ".join(str(error).split()))
        finally:
            stream.close()

    def _tell_failed(self, reason: str) -> None:
        line = f"it stopped ({reason}); was it unplugged? Replies go on as text"
        self._on_health(Health(f"loudspeaker:{self.name}", "failed", line, self._clock.now_ns()))
