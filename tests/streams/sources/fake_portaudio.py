"""Stands in for the sounddevice module, at the driver's boundary only: this machine may have no sound card."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Any

import numpy as np


class PortAudioError(Exception):
    pass


@dataclass
class Status:
    input_overflow: bool = False


@dataclass
class Times:
    currentTime: float = 0.0
    inputBufferAdcTime: float = 0.0


@dataclass
class FakePortAudio:
    """One microphone and one loudspeaker at 48 kHz, unless told otherwise."""

    devices: list[dict[str, Any]] = field(
        default_factory=lambda: [
            {"name": "Fake mic", "max_input_channels": 1, "max_output_channels": 0, "default_samplerate": 48000.0},
            {"name": "Fake speaker", "max_input_channels": 0, "max_output_channels": 2, "default_samplerate": 48000.0},
        ]
    )
    refuses_mono: bool = False
    busy: bool = False
    PortAudioError: type[Exception] = PortAudioError

    def __post_init__(self) -> None:
        self.streams: list[FakeStream] = []

    def query_devices(self, device: str | int | None = None, kind: str | None = None) -> Any:
        if kind is None:
            return self.devices
        fitting = [d for d in self.devices if d[f"max_{kind}_channels"] and device in (None, d["name"])]
        if not fitting:
            raise ValueError("no match") if device is not None else PortAudioError("Error querying device -1")
        return fitting[0]

    def InputStream(self, **settings: Any) -> FakeStream:
        return self._stream(settings)

    def OutputStream(self, **settings: Any) -> FakeStream:
        return self._stream(settings)

    def _stream(self, settings: dict[str, Any]) -> FakeStream:
        if self.busy or (self.refuses_mono and settings["channels"] == 1):
            raise PortAudioError("Device unavailable [PaErrorCode -9985]")
        stream = FakeStream(settings)
        self.streams.append(stream)
        return stream


class FakeStream:
    """An output takes one block each time the test turns the crank; an input gives what the test hands in."""

    def __init__(self, settings: dict[str, Any]) -> None:
        self.settings = settings
        self.channels = settings["channels"]
        self.active = False
        self.closed = False
        self.broken = False
        self.heard: list[np.ndarray] = []
        self._crank = threading.Semaphore(0)

    def start(self) -> None:
        self.active = True

    def close(self) -> None:
        self.active, self.closed = False, True

    def turn(self, blocks: int = 1) -> None:
        for _ in range(blocks):
            self._crank.release()

    def write(self, data: np.ndarray) -> bool:
        assert data.dtype == np.float32 and data.shape[1] == self.channels
        self._crank.acquire(timeout=0.2)
        if self.broken:
            raise PortAudioError("Unanticipated host error")
        self.heard.append(data[:, 0].copy())
        return False

    def give(self, value: float, n: int = 960, overflow: bool = False) -> None:
        """One callback. The buffer is reused at once, as PortAudio does."""
        buffer = np.full((n, self.channels), value, np.float32)
        self.settings["callback"](buffer, n, Times(), Status(overflow))
        buffer[:] = np.nan

    def unplug(self) -> None:
        self.active = False
        self.settings["finished_callback"]()
