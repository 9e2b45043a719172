"""From events to what the report shows: rows in order of time, and replies with the rows they rest on."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from agent.marks import Piece, marked

MAX_TEXT_CHARS = 4000
GROUPS = ("seen", "sign", "heard", "text", "reply", "translation", "alert", "health")
"""What the page can filter by, in this order."""

_OF_KIND = {"speech": "heard", "sound": "heard", "text": "text", "sign": "sign", "health": "health"}
_SAME_SPEECH_S = 1.0
"""A transcript and a percept of the same source that begin within this time and say the same are one row."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the timeline."""

    group: str
    """One of `GROUPS`."""
    label: str
    """What kind of thing, for the eye: a percept's kind, or the group."""
    source: str
    t0_s: float
    t1_s: float
    text: str
    id: str = ""
    """The percept's id; empty where evidence cannot name it."""
    confidence: float | None = None
    speaker: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """One reply."""

    number: int
    """Counted from 1 in order of time."""
    asked_s: float
    done_s: float
    question: str
    text: str
    pieces: tuple[Piece, ...]
    """The text again, in stretches with the numbers of what each rests on."""
    evidence: tuple[str, ...]
    """Ids of percepts; number 1 is the first."""
    source: str
    ttft_s: float | None
    first_audio_s: float | None
    spoken: str


@dataclass(frozen=True, slots=True)
class Story:
    """Everything the page shows."""

    rows: tuple[Row, ...]
    """In order of beginning; replies are not among them."""
    answers: tuple[Answer, ...]
    end_s: float


def story(events: Iterable[Mapping[str, Any]]) -> Story:
    """Read events in the form of `agent.jsonl.to_dict`. Interim ones, captions and unknown types are left out.

    Values of a wrong type are treated as missing: a report of a damaged file is still a report.
    """
    rows: list[Row] = []
    answers: list[Answer] = []
    for event in events:
        if event.get("type") == "reply":
            answers.append(_answer(event, len(answers) + 1))
        elif (row := _row(event)) is not None:
            rows.append(row)
    rows = _without_doubles(rows)
    rows.sort(key=lambda row: (row.t0_s, row.t1_s))
    end = max([row.t1_s for row in rows] + [a.done_s for a in answers], default=0.0)
    return Story(tuple(rows), tuple(answers), end)


def _row(event: Mapping[str, Any]) -> Row | None:
    t_s = _number(event.get("t")) or 0.0
    text, source = _text(event.get("text")), _text(event.get("source"))
    t0, t1 = _number(event.get("t0")), _number(event.get("t1"))
    t0 = t_s if t0 is None else t0
    t1 = t0 if t1 is None else max(t0, t1)
    speaker = _text(event.get("speaker"))
    match event.get("type"):
        case "percept":
            kind = _text(event.get("kind"))
            confidence = _number(event.get("confidence"))
            row_id = _text(event.get("id"))
            return Row(_OF_KIND.get(kind, "seen"), kind or "seen", source, t0, t1, text, row_id, confidence, speaker)
        case "transcript":
            return Row("heard", "speech", source, t0, t1, text, speaker=speaker)
        case "translation":
            return Row("translation", _text(event.get("lang")) or "translation", "subtitles", t0, t1, text)
        case "alert":
            said = f"{_text(event.get('severity'))}, {_text(event.get('phase'))}: {text}"
            return Row("alert", _text(event.get("rule")) or "alert", "alerts", t_s, t_s, said)
        case "health":
            said = ": ".join(part for part in (_text(event.get("state")), _text(event.get("reason"))) if part)
            return Row("health", "health", _text(event.get("component")), t_s, t_s, said)
        case _:
            return None


def _answer(event: Mapping[str, Any], number: int) -> Answer:
    done = _number(event.get("t")) or 0.0
    asked = _number(event.get("asked"))
    answer = marked({**event, "text": _text(event.get("text"))})
    return Answer(
        number=number,
        asked_s=done if asked is None else min(asked, done),
        done_s=done,
        question=_text(event.get("question")),
        text=_text(event.get("text")),
        pieces=answer.pieces,
        evidence=tuple(_text(name) for name in answer.ids),
        source=_text(event.get("source")),
        ttft_s=_number(event.get("ttft_s")),
        first_audio_s=_number(event.get("first_audio_s")),
        spoken=_text(event.get("spoken")),
    )


def _without_doubles(rows: list[Row]) -> list[Row]:
    """What is said comes twice, as transcript and as percept; the percept stays, since evidence names it."""
    percepts: dict[str, list[Row]] = {}
    for row in rows:
        if row.id and row.label == "speech":
            percepts.setdefault(row.source, []).append(row)

    def doubled(row: Row) -> bool:
        return any(
            abs(other.t0_s - row.t0_s) <= _SAME_SPEECH_S and row.text[:40].replace('"', "'") in other.text
            for other in percepts.get(row.source, ())
        )

    return [row for row in rows if row.id or row.label != "speech" or not doubled(row)]


def _text(value: object) -> str:
    """One line without control characters; lone surrogates cannot be written as UTF-8."""
    text = value if isinstance(value, str) else "" if value is None else str(value)
    text = "".join(" " if c.isspace() else c for c in text[:MAX_TEXT_CHARS] if c >= " " or c.isspace())
    return " ".join(text.encode("utf-8", "replace").decode().split())


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < 1e10 or math.isnan(value):
        return None
    return max(0.0, float(value))
