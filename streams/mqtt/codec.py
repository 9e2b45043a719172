"""MQTT payloads to values. Whatever a broker hands over is untrusted: capped, checked, and refused in one line."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from streams.errors import MediaError

MAX_PACKET_BYTES = 4 * 1024 * 1024
"""Of one message; a broker that speaks MQTT 5 is told, and does not even send more."""
MAX_TEXT_BYTES = 8192
MAX_TEXT_CHARS = 2000
MAX_HEADER_BYTES = 1024
MAX_AUDIO_S = 5.0
"""Of sound in one message."""
MAX_CHANNELS = 8
MIN_RATE_HZ, MAX_RATE_HZ = 4_000, 192_000

_DTYPES: dict[int, tuple[str, float, float]] = {
    1: ("u1", 128.0, 128.0),
    2: ("<i2", 0.0, 2.0**15),
    4: ("<i4", 0.0, 2.0**31),
}
"""Bytes a sample: number type, zero level, full scale."""


@dataclass(frozen=True, slots=True)
class Pcm:
    """Sound as it was sent."""

    samples: NDArray[np.float32]
    """`[n, channels]`, -1..1."""
    rate_hz: int
    timestamp_ns: int | None
    """Of the first sample, by the sender's own clock; None when it gave none."""


def decode_text(payload: bytes) -> tuple[str, str]:
    """`(text, speaker)` of plain text, or of JSON with `text` and perhaps `speaker`.

    Raises:
        MediaError: too long, not UTF-8, empty, or JSON of another form.
    """
    if len(payload) > MAX_TEXT_BYTES:
        raise MediaError(f"a text of {len(payload)} bytes is too long; the most is {MAX_TEXT_BYTES}")
    text, speaker = _utf8(payload).strip(), ""
    if text.startswith("{"):
        fields = _json_object(text)
        given, by = fields.get("text"), fields.get("speaker", "")
        if not isinstance(given, str) or not isinstance(by, str):
            raise MediaError('a text as JSON must be {"text": "...", "speaker": "..."}')
        text, speaker = given, by
    text, speaker = _clean(text)[:MAX_TEXT_CHARS], _clean(speaker)[:64]
    if not text:
        raise MediaError("the text is empty")
    return text, speaker


def decode_line(payload: bytes) -> str:
    """One line of JSON, not parsed yet.

    Raises:
        MediaError: too long, or not UTF-8.
    """
    if len(payload) > MAX_TEXT_BYTES:
        raise MediaError(f"a command of {len(payload)} bytes is too long; the most is {MAX_TEXT_BYTES}")
    return _utf8(payload).strip()


def decode_audio(payload: bytes) -> Pcm:
    """A line of JSON (`rate` in Hz, `width` in bytes a sample, `channels`, `timestamp` in ms), then raw PCM.

    Raises:
        MediaError: no header, a value out of range, or a length that does not fit.
    """
    end = payload.find(b"\n", 0, MAX_HEADER_BYTES)
    if end < 0:
        raise MediaError(f"sound must begin with a line of JSON of at most {MAX_HEADER_BYTES} bytes")
    fields = _json_object(_utf8(payload[:end]))
    rate = _integer(fields, "rate", MIN_RATE_HZ, MAX_RATE_HZ)
    width = _integer(fields, "width", 1, 4)
    channels = _integer(fields, "channels", 1, MAX_CHANNELS)
    if width not in _DTYPES:
        raise MediaError("the width of a sample must be 1 (unsigned), 2 or 4 bytes")
    size = len(payload) - end - 1
    if size % (width * channels):
        raise MediaError(f"{size} bytes of sound are no whole number of {channels} x {width} byte samples")
    if size > MAX_AUDIO_S * rate * width * channels:
        raise MediaError(f"a message must hold at most {MAX_AUDIO_S:.0f} s of sound")
    dtype, zero, scale = _DTYPES[width]
    samples = np.frombuffer(payload, dtype, offset=end + 1).astype(np.float32)
    samples = ((samples - np.float32(zero)) / np.float32(scale)).reshape(-1, channels)
    return Pcm(samples, rate, _timestamp_ns(fields.get("timestamp")))


def encode_audio(samples: NDArray[np.int16], rate_hz: int, timestamp_ms: float) -> bytes:
    """The message for 16-bit sound `[n]` or `[n, channels]`: what a microphone publishes."""
    channels = 1 if samples.ndim == 1 else samples.shape[1]
    header = {"rate": rate_hz, "width": 2, "channels": channels, "timestamp": timestamp_ms}
    return json.dumps(header).encode() + b"\n" + np.ascontiguousarray(samples, "<i2").tobytes()


def _utf8(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise MediaError(f"not UTF-8 text (byte {error.start})") from None


def _json_object(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        raise MediaError(f"not valid JSON: {text[:60]!r}") from None
    if not isinstance(value, dict):
        raise MediaError(f"a JSON object is expected, not {text[:60]!r}")
    return value


def _integer(fields: dict[str, Any], key: str, low: int, high: int) -> int:
    value = fields.get(key)
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise MediaError(f"{key!r} must be a whole number from {low} to {high}, not {str(value)[:40]}")
    return value


def _timestamp_ns(value: object) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < 1e15:
        raise MediaError(f"'timestamp' must be a number of milliseconds, not {str(value)[:40]}")
    return round(value * 1_000_000)


def _clean(text: str) -> str:
    """One line without control characters, which could forge a log line or move a terminal's cursor."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
