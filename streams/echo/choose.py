"""Picks the echo canceller that this machine has."""

from __future__ import annotations

from collections.abc import Callable

from streams.clock import Clock
from streams.echo.aec3 import Aec3
from streams.echo.canceller import EchoCanceller
from streams.echo.gate import OwnVoiceGate
from streams.errors import ModelError
from streams.types import Health


def open_canceller(name: str, clock: Clock, on_health: Callable[[Health], object]) -> EchoCanceller:
    """WebRTC's canceller for the microphone `name`; else a gate, and health of `echo:<name>` says so."""
    try:
        return Aec3()
    except ModelError as error:
        on_health(Health(f"echo:{name}", "degraded", str(error), clock.now_ns()))
        return OwnVoiceGate()
