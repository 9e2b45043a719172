"""PortAudio's devices, through the sounddevice module that is handed in: found, or missed with one clear line."""

from __future__ import annotations

from typing import Any, Literal

from streams.errors import DeviceError

Direction = Literal["input", "output"]
_ROLE = {"input": "microphone", "output": "loudspeaker"}


def device_info(driver: Any, device: str | int | None, direction: Direction) -> dict[str, Any]:
    """What PortAudio says of a device; None for the default one.

    Raises:
        DeviceError: there is none, or none of that name.
    """
    role = _ROLE[direction]
    try:
        info: dict[str, Any] = driver.query_devices(device, direction)
    except (ValueError, driver.PortAudioError):
        found = device_names(driver, direction)
        there = f"; there are: {', '.join(found)}" if found else "; none is connected to this machine"
        which = f"no {role} {device!r}" if device is not None else f"no {role}"
        raise DeviceError(f"{which} was found{there}") from None
    return info


def device_names(driver: Any, direction: Direction) -> list[str]:
    """Names of this machine's microphones or loudspeakers; empty when there are none."""
    try:
        devices = list(driver.query_devices())
    except driver.PortAudioError:
        return []
    return [d["name"] for d in devices if d[f"max_{direction}_channels"] > 0]


def open_stream(driver: Any, kind: type, settings: dict[str, Any], name: str) -> Any:
    """Open a stream with one channel, or two where the hardware insists.

    Raises:
        DeviceError: the device is busy or refuses.
    """
    for channels in (1, 2):
        try:
            return kind(channels=channels, dtype="float32", **settings)
        except driver.PortAudioError as error:
            reason = " ".join(str(error).split())
    raise DeviceError(f"{name} cannot be opened ({reason}); another program may be using it")
