"""Events as JSON lines, the one wire form of heed: files, standard output, data channel, WebSocket and MQTT.

Every line has `t` (seconds of stream time) and `type`. Reading is strict and size-capped: what comes from outside
is untrusted.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from dialog.events import (
    Alert,
    Ask,
    Caption,
    Command,
    Event,
    Interrupt,
    Mute,
    Perceived,
    PluginReply,
    Remarks,
    Reply,
    ReplyDelta,
    Speaking,
    Tell,
    TurnChanged,
)
from streams.errors import MediaError
from streams.types import KINDS, Health, Partial, Percept, Transcript, ns, seconds

MAX_LINE_BYTES = 64 * 1024
MAX_TEXT_CHARS = 4000
MAX_ZONES = 32
MAX_ARGUMENTS = 64
"""Of a command to a plugin."""


def to_dict(event: Event) -> dict[str, Any]:
    """The JSON object of an event, fields as documented in the README."""
    match event:
        case Perceived(t_ns, Percept() as p):
            box = None if p.box is None else [round(v, 4) for v in p.box]
            body: dict[str, Any] = {
                "type": "percept",
                "id": p.id,
                "kind": p.kind,
                "source": p.source,
                "t0": seconds(p.t0_ns),
                "t1": seconds(p.t1_ns),
                "text": p.text,
                "confidence": round(p.confidence, 3),
                "box": box,
            }
            if p.zones:
                body["zones"] = list(p.zones)
        case Perceived(t_ns, Partial() | Transcript() as said):
            body = {
                "type": "partial" if isinstance(said, Partial) else "transcript",
                "t0": seconds(said.t0_ns),
                "t1": seconds(said.t1_ns),
                "source": said.source,
                "speaker": said.speaker,
                "text": said.text,
            }
        case ReplyDelta():
            t_ns, body = (
                event.t_ns,
                {
                    "type": "reply_delta",
                    "source": event.source,
                    "generation": event.generation,
                    "text": event.text,
                },
            )
        case TurnChanged():
            t_ns = event.t_ns
            body = {
                "type": "turn",
                "source": event.source,
                "state": event.state,
                "generation": event.generation,
                "reason": event.reason,
                "latency_s": None if event.latency_s is None else round(event.latency_s, 3),
            }
        case Speaking():
            t_ns = event.t_ns
            body = {
                "type": "speaking",
                "source": event.source,
                "generation": event.generation,
                "text": event.text,
                "duration_s": round(event.duration_s, 3),
            }
        case Reply():
            t_ns = event.t_ns
            body = {
                "type": "reply",
                "asked": seconds(event.asked_ns),
                "question": event.question,
                "text": event.text,
                "evidence": list(event.evidence),
                "sentences": [
                    {"text": one.text, "evidence": [name for name, _ in one.evidence]} for one in event.sentences
                ],
                "ttft_s": round(event.ttft_s, 4),
                "first_audio_s": None if event.first_audio_s is None else round(event.first_audio_s, 4),
                "tokens": event.tokens,
                "spoken": event.spoken,
                "source": event.source,
                "generation": event.generation,
            }
            if event.unasked:
                body["unasked"] = True
            if event.correlation:
                body["correlation"] = event.correlation
        case Caption():
            t_ns = event.t_ns
            body = {
                "type": "translation" if event.translated else "caption",
                "t0": seconds(event.t0_ns),
                "t1": seconds(event.t1_ns),
                "lang": event.language,
                "text": event.text,
                "source": event.source,
                "speaker": event.speaker,
            }
            if event.translated:
                body["original"] = event.original
        case Alert():
            t_ns = event.t_ns
            body = {
                "type": "alert",
                "id": event.id,
                "rule": event.rule,
                "severity": event.severity,
                "phase": event.phase,
                "text": event.text,
                "evidence": list(event.evidence),
            }
        case Health():
            t_ns = event.t_ns
            body = {
                "type": "health",
                "component": event.component,
                "state": event.state,
                "reason": event.reason,
            }
        case PluginReply():
            t_ns = event.t_ns
            body = {
                "type": "plugin",
                "plugin": event.plugin,
                "command": event.command,
                "text": event.text,
                "ok": event.ok,
                "source": event.source,
            }
    return {"t": seconds(t_ns), **body}


def dumps(event: Event) -> str:
    """One line of JSON without its newline."""
    return line_of(to_dict(event))


def line_of(body: Mapping[str, Any]) -> str:
    """A JSON object as one line that can always be sent or written."""
    line = json.dumps(body, ensure_ascii=False)
    return line if _whole(line) else json.dumps(body)


def _whole(text: str) -> bool:
    """Whether it can be encoded: half characters (such as of a file's name in no known encoding) cannot."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def loads(raw: str | bytes) -> dict[str, Any]:
    """Parse one JSON object from outside.

    Raises:
        MediaError: too long, not JSON, not an object, or with half a character: JSON may hold one, but nothing that
            sends, stores or reads text takes it.
    """
    if len(raw) > MAX_LINE_BYTES:
        raise MediaError(f"a JSON line of {len(raw)} bytes is longer than {MAX_LINE_BYTES}")
    try:
        value = json.loads(raw)
        whole = _whole(json.dumps(value, ensure_ascii=False))
    except (ValueError, RecursionError) as error:
        raise MediaError(f"not JSON: {error}") from error
    if not whole:
        raise MediaError("the text holds half a character (a lone surrogate); send whole UTF-8")
    if not isinstance(value, dict):
        raise MediaError(f"a JSON object is expected, not {type(value).__name__}")
    return value


def command_from(raw: str | bytes, source: str) -> Command:
    """The command in a JSON line of a data channel, WebSocket or MQTT message.

    `{"type": "text", "text": ...}` and `{"type": "ask", "text": ...}` ask; `interrupt`; `mute` and `remarks` with `on`;
    `{"type": "plugin", "plugin": ..., "command": ..., ...}` is a command to a plugin with whatever else it needs.

    Raises:
        MediaError: one clear line saying what is wrong.
    """
    value = loads(raw)
    match value.get("type"):
        case "text" | "ask":
            text = value.get("text")
            if not isinstance(text, str) or not text.strip():
                raise MediaError("'text' is missing or empty")
            if len(text) > MAX_TEXT_CHARS:
                raise MediaError(f"'text' has {len(text)} characters, more than {MAX_TEXT_CHARS}")
            correlation = value.get("correlation", "")
            return Ask(text.strip(), source, correlation if isinstance(correlation, str) else "")
        case "interrupt":
            return Interrupt(source)
        case "mute":
            return Mute(bool(value.get("on", True)), source)
        case "remarks":
            return Remarks(bool(value.get("on", True)), source)
        case "plugin":
            return _tell(value, source)
        case other:
            raise MediaError(f"unknown command type {other!r}; known: text, ask, interrupt, mute, remarks, plugin")


def _tell(value: dict[str, Any], source: str) -> Tell:
    names = [value.get(key) for key in ("plugin", "command")]
    if not all(isinstance(name, str) and 0 < len(name) <= 64 for name in names):
        raise MediaError("'plugin' and 'command' must be names of at most 64 characters")
    rest = [(key, item) for key, item in value.items() if key not in ("type", "plugin", "command")]
    if len(rest) > MAX_ARGUMENTS or any(len(key) > 64 for key, _ in rest):
        raise MediaError(
            f"a command to a plugin has at most {MAX_ARGUMENTS} fields, with names of at most 64 characters"
        )
    arguments = tuple((key, _as_text(item)) for key, item in rest if item is not None)
    for key, text in arguments:
        if len(text) > MAX_TEXT_CHARS:
            raise MediaError(f"{key!r} has {len(text)} characters, more than {MAX_TEXT_CHARS}")
    return Tell(str(names[0]), str(names[1]), arguments, source)


def _as_text(value: object) -> str:
    """A JSON value as plugins read it: lists with commas, lists of lists (a polygon) with blanks between them."""
    match value:
        case str():
            return value
        case bool():
            return str(value).lower()
        case list() if value and all(isinstance(item, list) for item in value):
            return " ".join(",".join(_as_text(part) for part in item) for item in value)
        case list() if not any(isinstance(item, list | dict) for item in value):
            return ", ".join(_as_text(item) for item in value)
        case _:
            return json.dumps(value, ensure_ascii=False)


def percept_from(value: dict[str, Any], number: int, wall_zero: datetime | None = None) -> Percept:
    """A percept from its JSON object (the inverse of `to_dict`, for `heed ask --state`).

    `t0` and `t1` are seconds of stream time or, with `wall_zero` (the wall-clock time of stream time zero),
    ISO 8601 times.

    Args:
        value: the JSON object.
        number: its line number, used in messages and as id where it has none.
        wall_zero: stream time zero, for wall-clock times.

    Raises:
        MediaError: one clear line naming the field.
    """
    kind, text = value.get("kind", "scene"), value.get("text")
    if kind not in KINDS:
        raise MediaError(f"line {number}: unknown kind {kind!r}; known: {', '.join(KINDS)}")
    if not isinstance(text, str) or not text.strip():
        raise MediaError(f"line {number}: 'text' is missing or empty")
    if len(text) > MAX_TEXT_CHARS:
        raise MediaError(f"line {number}: 'text' has {len(text)} characters, more than {MAX_TEXT_CHARS}")
    t0 = _time(value.get("t0", value.get("t")), number, "t0", wall_zero)
    t1 = t0 if value.get("t1") is None else _time(value["t1"], number, "t1", wall_zero)
    box = value.get("box")
    if box is not None and not (
        isinstance(box, list) and len(box) == 4 and all(isinstance(v, int | float) for v in box)
    ):
        raise MediaError(f"line {number}: 'box' must be four numbers or null")
    confidence, zones = value.get("confidence", 1.0), value.get("zones")
    if not isinstance(confidence, int | float):
        raise MediaError(f"line {number}: 'confidence' must be a number")
    return Percept(
        id=str(value.get("id") or f"line/{number}"),
        kind=kind,
        source=str(value.get("source", "")),
        t0_ns=t0,
        t1_ns=max(t0, t1),
        text=" ".join(text.split()),
        confidence=float(confidence),
        box=None if box is None else (float(box[0]), float(box[1]), float(box[2]), float(box[3])),
        speaker=str(value.get("speaker", "")),
        zones=tuple(str(zone)[:64] for zone in zones[:MAX_ZONES]) if isinstance(zones, list) else (),
    )


def _time(value: object, number: int, field: str, wall_zero: datetime | None) -> int:
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e10:
        return ns(float(value))
    if isinstance(value, str):
        try:
            when = datetime.fromisoformat(value)
        except ValueError as error:
            raise MediaError(f"line {number}: '{field}' is not seconds or an ISO 8601 time: {value!r}") from error
        if wall_zero is None:
            raise MediaError(f"line {number}: '{field}' is a wall-clock time but the file's start is unknown")
        if when.tzinfo is None:
            when = when.replace(tzinfo=wall_zero.tzinfo)
        return ns((when - wall_zero).total_seconds())
    raise MediaError(f"line {number}: '{field}' is missing or not a time")
