"""The messages of a Frigate, checked. They come from another program over a broker: untrusted, capped, and refused in
one line. The fields are those of Frigate's documentation (docs.frigate.video/integrations/mqtt)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Literal

from streams.errors import MediaError
from streams.mqtt.topics import is_name

MAX_JSON_BYTES = 256 * 1024
MAX_SNAPSHOT_BYTES = 1024 * 1024
MAX_ZONES = 16
MAX_WORD_CHARS = 40

Phase = Literal["new", "update", "end"]
PHASES: tuple[Phase, ...] = ("new", "update", "end")


@dataclass(frozen=True, slots=True)
class Tracked:
    """A message on `events`: how a tracked object is now."""

    phase: Phase
    id: str
    camera: str
    label: str
    """As Frigate says it: also a level of the topic of its snapshot."""
    name: str
    """Sub-label: whose face, which plate; empty when unknown."""
    zones: tuple[str, ...]
    """Where it is, as words."""
    score: float
    """0..1, the best so far."""
    start_s: float | None
    end_s: float | None
    """Seconds since 1970."""
    at_s: float | None
    """Of the newest picture, as `start_s`."""
    doubtful: bool
    """Frigate does not yet believe it."""


@dataclass(frozen=True, slots=True)
class Review:
    """A message on `reviews`: a stretch of time in which something happens at a camera."""

    phase: Phase
    id: str
    camera: str
    alert: bool
    """Else it is a mere detection."""
    labels: tuple[str, ...]
    zones: tuple[str, ...]
    start_s: float | None


def tracked(payload: bytes) -> Tracked:
    """Read a message of `events`.

    Raises:
        MediaError: one line that names what is wrong.
    """
    phase, after = _opened(payload)
    at = after.get("frame_time")
    return Tracked(
        phase=phase,
        id=_id(after),
        camera=_camera(after),
        label=_label(after.get("label")),
        name=_name(after.get("sub_label")),
        zones=_words(after.get("current_zones", []), "current_zones"),
        score=_score(after),
        start_s=_time(after.get("start_time"), "start_time"),
        end_s=_time(after.get("end_time"), "end_time"),
        at_s=_time(at, "frame_time"),
        doubtful=after.get("false_positive") is True,
    )


def review(payload: bytes) -> Review | None:
    """Read a message of `reviews`; None for a kind that says nothing about what is seen.

    Raises:
        MediaError: one line that names what is wrong.
    """
    value = _object(payload)
    if value.get("type") not in PHASES and isinstance(value.get("type"), str):
        return None  # such as `genai`: what a language model wrote about it
    phase, after = _opened(payload)
    data = after.get("data", {})
    if not isinstance(data, dict):
        raise MediaError("'data' must be an object")
    return Review(
        phase=phase,
        id=_id(after),
        camera=_camera(after),
        alert=after.get("severity") == "alert",
        labels=tuple(label.split("-")[0] for label in _words(data.get("objects", []), "objects")),
        zones=_words(data.get("zones", []), "zones"),
        start_s=_time(after.get("start_time"), "start_time"),
    )


def words(text: str) -> str:
    """A label or zone as people say it: `front_yard` becomes `front yard`; empty if it is none."""
    said = " ".join(text.replace("_", " ").split())
    return said if 0 < len(said) <= MAX_WORD_CHARS and all(c.isalnum() or c in " -." for c in said) else ""


def _opened(payload: bytes) -> tuple[Phase, dict[str, Any]]:
    value = _object(payload)
    phase, after = value.get("type"), value.get("after")
    if phase not in PHASES:
        raise MediaError(f"'type' must be new, update or end, not {str(phase)[:40]!r}")
    if not isinstance(after, dict):
        raise MediaError("'after' must be an object")
    return phase, after


def _object(payload: bytes) -> dict[str, Any]:
    if len(payload) > MAX_JSON_BYTES:
        raise MediaError(f"a message of {len(payload)} bytes is too long; the most is {MAX_JSON_BYTES}")
    try:
        value = json.loads(payload)
    except (ValueError, RecursionError):
        raise MediaError("not valid JSON") from None
    if not isinstance(value, dict):
        raise MediaError(f"a JSON object is expected, not {type(value).__name__}")
    return value


def _id(after: dict[str, Any]) -> str:
    found = after.get("id")
    if not isinstance(found, str) or not 0 < len(found) <= 64 or not found.isprintable():
        raise MediaError(f"'id' must be a text of at most 64 characters, not {str(found)[:40]!r}")
    return found


def _camera(after: dict[str, Any]) -> str:
    found = after.get("camera")
    if not isinstance(found, str) or not is_name(found):
        raise MediaError(f"the camera's name must be 1 to 64 of A-Z a-z 0-9 _ . -, not {str(found)[:80]!r}")
    return found


def _label(found: object) -> str:
    if not isinstance(found, str) or not words(found):
        raise MediaError(f"'label' must be a word of at most {MAX_WORD_CHARS} characters, not {str(found)[:40]!r}")
    return found


def _name(found: object) -> str:
    """Of a face or plate: text, or a list of text and score. What is none is left out: it is an ornament."""
    if isinstance(found, list) and found:
        found = found[0]
    return words(found) if isinstance(found, str) else ""


def _words(found: object, key: str) -> tuple[str, ...]:
    if not isinstance(found, list) or len(found) > MAX_ZONES:
        raise MediaError(f"{key!r} must be a list of at most {MAX_ZONES} words")
    said = tuple(words(one) if isinstance(one, str) else "" for one in found)
    if not all(said):
        raise MediaError(f"{key!r} must be a list of words of at most {MAX_WORD_CHARS} characters")
    return said


def _score(after: dict[str, Any]) -> float:
    for key in ("top_score", "score"):
        found = after.get(key)
        if isinstance(found, int | float) and not isinstance(found, bool) and 0 <= found <= 1:
            return float(found)
    raise MediaError("'top_score' or 'score' must be a number from 0 to 1")


def _time(found: object, key: str) -> float | None:
    if found is None:
        return None
    # compared before it is converted: an integer may have thousands of digits, which no float holds
    if isinstance(found, bool) or not isinstance(found, int | float) or not abs(found) <= 1e11:
        raise MediaError(f"{key!r} must be a time in seconds, not {str(found)[:40]!r}")
    return float(found)
