"""What the screen shows, as a frozen value: events in (`agent.jsonl.to_dict` form), the next `View` out.

Pure: no widgets, no time, no input or output. All text in a `View` has been made harmless (`agent.show.safe`).
Besides the agent's events it knows five of the assistant's own: `asked`, `unasked`, `note`, `status` and `level`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Literal

from agent.marks import marked
from agent.show import clock_text, safe
from streams.wording import place

EventLine = Mapping[str, Any]
Who = Literal["you", "heed", "note", "alert"]
Phase = Literal["loading", "ready", "lost", "failed"]

MAX_LINES = 400
MAX_SUBTITLES = 200
MAX_MOMENTS = 2000
MAX_PARTIALS = 16
MAX_HEALTH = 64
MAX_TEXT_CHARS = 16_000
PICTURED = frozenset({"scene", "object", "count", "face", "sign", "motion", "light"})
"""Kinds of percepts that come out of pictures."""


@dataclass(frozen=True, slots=True)
class Line:
    """One contribution to the conversation."""

    number: int
    """Counts up; a line keeps its number while it grows."""
    who: Who
    t_s: float
    text: str
    label: str = ""
    """Who asked, if it was not this terminal; the rule of an alert."""
    growing: bool = False
    evidence: tuple[str, ...] = ()
    """Ids of percepts; number 1 in the text is the first."""
    figures: str = ""
    """How long it took, for people to read."""
    key: tuple[str, int] | None = None
    """Conversation and generation of a reply."""


@dataclass(frozen=True, slots=True)
class Subtitle:
    """What somebody said, or a translation of it."""

    t_s: float
    source: str
    speaker: str
    text: str
    language: str = ""
    """Of a translation."""


@dataclass(frozen=True, slots=True)
class Moment:
    """One thing perceived, or one alert."""

    id: str
    t_s: float
    kind: str
    source: str
    text: str
    severity: str = ""

    @property
    def pictured(self) -> bool:
        """Whether there may be a picture of it."""
        return self.kind in PICTURED


@dataclass(frozen=True, slots=True)
class View:
    """Everything there is to show."""

    phase: Phase = "loading"
    status: str = "starting"
    """One line about the agent itself: what loads, where it is attached, why it failed."""
    lines: tuple[Line, ...] = ()
    subtitles: tuple[Subtitle, ...] = ()
    partials: tuple[tuple[str, str], ...] = ()
    """Source and what seems to be being said there now."""
    moments: tuple[Moment, ...] = ()
    health: tuple[tuple[str, str, str], ...] = ()
    """Component, state, reason; newest state of each."""
    turn: str = ""
    """Whose turn it is (`dialog.events.TurnState`)."""
    first_word_s: float | None = None
    first_sound_s: float | None = None
    answer_gap_s: float | None = None
    """From the end of the user's speech to the first sound of the answer."""
    level: float | None = None
    """Loudness at the microphone, or of what is watched, 0..1; None where nothing is heard."""
    level_source: str = ""
    """Where that is."""
    left_out: int = 0
    """Percepts that came faster than they could be shown."""
    number: int = 0
    """The last line's."""
    asked: tuple[str, ...] = ()
    """Correlations of this terminal's open questions."""

    def moment(self, percept_id: str) -> Moment | None:
        """The percept of that id, if it is still kept."""
        return next((m for m in reversed(self.moments) if m.id == percept_id), None)

    def line(self, number: int) -> Line | None:
        """The line of that number, if it is still kept."""
        return next((line for line in reversed(self.lines) if line.number == number), None)

    def seen(self, source: str = "") -> Moment | None:
        """The newest moment that was seen, of one source or of any."""
        return next((m for m in reversed(self.moments) if m.pictured and source in ("", m.source)), None)

    def sources(self) -> tuple[tuple[str, str, str], ...]:
        """Component, state, reason: what was reported, and before it those sources of which nothing was reported."""
        told = {name.partition(":")[2] for name, _, _ in self.health}
        at_work = {m.source for m in self.moments if m.kind not in ("alert", "health")} | {self.level_source}
        return (*((name, "ok", "") for name in sorted(at_work - told - {""})), *self.health)

    def cameras(self) -> tuple[str, ...]:
        """Sources that saw something, in order of their names."""
        return tuple(sorted({m.source for m in self.moments if m.pictured}))

    def found(self, words: str) -> tuple[Moment | Line | Subtitle, ...]:
        """What holds all these words, oldest first."""
        wanted = safe(words).lower().split()
        everything: tuple[Moment | Line | Subtitle, ...] = (*self.lines, *self.subtitles, *self.moments)
        hits = [one for one in everything if all(word in one.text.lower() for word in wanted)]
        return tuple(sorted(hits, key=lambda one: one.t_s)) if wanted else ()


def advance(view: View, events: Sequence[EventLine], left_out: int = 0) -> View:
    """The view after these events. Unknown types and damaged values change nothing."""
    draft = _Draft(view)
    for event in events:
        if (take := _TAKES.get(str(event.get("type")))) is not None:
            take(draft, event)
    return draft.view(left_out)


class _Draft:
    """A view being changed by a batch of events."""

    def __init__(self, view: View) -> None:
        self.base = view
        self.lines, self.subtitles, self.moments = list(view.lines), list(view.subtitles), list(view.moments)
        self.partials, self.asked = dict(view.partials), list(view.asked)
        self.health = {name: (name, state, reason) for name, state, reason in view.health}
        self.number = view.number
        self.changes: dict[str, Any] = {}

    def view(self, left_out: int) -> View:
        return replace(
            self.base,
            lines=tuple(self.lines[-MAX_LINES:]),
            subtitles=tuple(self.subtitles[-MAX_SUBTITLES:]),
            moments=tuple(self.moments[-MAX_MOMENTS:]),
            partials=tuple(self.partials.items())[-MAX_PARTIALS:],
            health=tuple(self.health.values())[-MAX_HEALTH:],
            asked=tuple(self.asked[-64:]),
            number=self.number,
            left_out=self.base.left_out + left_out,
            **self.changes,
        )

    def say(self, who: Who, event: EventLine, text: str, **more: Any) -> None:
        """Add a line."""
        self.number += 1
        self.lines.append(Line(self.number, who, _time(event), text, **more))

    def reply_at(self, key: tuple[str, int]) -> int | None:
        """Where the growing reply of that conversation and generation stands."""
        for at in range(len(self.lines) - 1, -1, -1):
            if self.lines[at].key == key and self.lines[at].growing:
                return at
        return None


def _asked(draft: _Draft, event: EventLine) -> None:
    draft.asked.append(str(event.get("correlation", "")))
    draft.say("you", event, safe(event.get("text", "")))


def _unasked(draft: _Draft, event: EventLine) -> None:
    """A question could not be handed over."""
    if (correlation := str(event.get("correlation", ""))) in draft.asked:
        draft.asked.remove(correlation)


def _delta(draft: _Draft, event: EventLine) -> None:
    key, text = _key(event), str(event.get("text", ""))
    at = draft.reply_at(key)
    if at is None:
        draft.say("heed", event, _harmless(text).lstrip(), growing=True, key=key)
    else:
        grown = (draft.lines[at].text + _harmless(text))[:MAX_TEXT_CHARS]
        draft.lines[at] = replace(draft.lines[at], text=grown)


def _reply(draft: _Draft, event: EventLine) -> None:
    key, answer = _key(event), marked(event)
    at, question = draft.reply_at(key), safe(event.get("question", ""))
    correlation = str(event.get("correlation", ""))
    ours = correlation in draft.asked
    if ours:
        draft.asked.remove(correlation)
    elif question:
        draft.number += 1
        who = place(safe(event.get("source", "")))
        asked = Line(draft.number, "you", _number(event.get("asked")) or 0.0, question, label=who)
        draft.lines.insert(len(draft.lines) if at is None else at, asked)
        at = None if at is None else at + 1
    done: dict[str, Any] = {
        "text": safe(answer.text) or "(nothing)",
        "evidence": answer.ids,
        "figures": _figures(event),
    }
    if at is None:
        draft.say("heed", event, key=key, **done)
    else:
        draft.lines[at] = replace(draft.lines[at], growing=False, **done)
    draft.changes["first_word_s"] = _number(event.get("ttft_s"))
    draft.changes["first_sound_s"] = _number(event.get("first_audio_s"))


def _partial(draft: _Draft, event: EventLine) -> None:
    source = safe(event.get("source", ""))
    draft.partials.pop(source, None)
    if text := safe(event.get("text", "")):
        draft.partials[source] = text


def _transcript(draft: _Draft, event: EventLine) -> None:
    source, speaker = safe(event.get("source", "")), safe(event.get("speaker", ""))
    draft.partials.pop(source, None)
    draft.subtitles.append(Subtitle(_time(event), source, speaker, safe(event.get("text", ""))))


def _translation(draft: _Draft, event: EventLine) -> None:
    source, speaker = safe(event.get("source", "")), safe(event.get("speaker", ""))
    text, language = safe(event.get("text", "")), safe(event.get("lang", ""))
    draft.subtitles.append(Subtitle(_time(event), source, speaker, text, language))


def _percept(draft: _Draft, event: EventLine) -> None:
    t0 = _number(event.get("t0"))
    t_s, kind = _time(event) if t0 is None else t0, safe(event.get("kind", ""))
    source, text = safe(event.get("source", "")), safe(event.get("text", ""))
    draft.moments.append(Moment(str(event.get("id", "")), t_s, kind, source, text))


def _alert(draft: _Draft, event: EventLine) -> None:
    text, rule = safe(event.get("text", "")), safe(event.get("rule", ""))
    phase, severity = safe(event.get("phase", "")), safe(event.get("severity", ""))
    name = f"alert:{event.get('id', '')}"
    draft.moments.append(Moment(name, _time(event), "alert", rule, f"{text} ({phase})", severity))
    if phase == "new":
        evidence = event.get("evidence")
        ids = tuple(map(str, evidence)) if isinstance(evidence, list | tuple) else ()
        draft.say("alert", event, text, label=rule, evidence=ids[:64])


def _health(draft: _Draft, event: EventLine) -> None:
    name, state = safe(event.get("component", "")), safe(event.get("state", ""))
    reason, before = safe(event.get("reason", "")), draft.health.pop(name, ("", "", ""))
    draft.health[name] = (name, state, reason)
    if state == "failed" and before[1:] != (state, reason):
        draft.say("note", event, f"{name}: {reason}")


def _turn(draft: _Draft, event: EventLine) -> None:
    draft.changes["turn"] = safe(event.get("state", ""))
    if (gap := _number(event.get("latency_s"))) is not None:
        draft.changes["answer_gap_s"] = gap


def _status(draft: _Draft, event: EventLine) -> None:
    phase = event.get("phase")
    if phase in ("loading", "ready", "lost", "failed"):
        draft.changes["phase"] = phase
    draft.changes["status"] = safe(event.get("text", ""))


def _level(draft: _Draft, event: EventLine) -> None:
    value = _number(event.get("level"))
    draft.changes["level"] = None if value is None else min(1.0, max(0.0, value))
    draft.changes["level_source"] = safe(event.get("source", ""))


def _note(draft: _Draft, event: EventLine) -> None:
    draft.say("note", event, safe(event.get("text", event.get("reason", ""))))


_TAKES: Mapping[str, Callable[[_Draft, EventLine], None]] = MappingProxyType(
    {
        "asked": _asked,
        "unasked": _unasked,
        "reply_delta": _delta,
        "reply": _reply,
        "partial": _partial,
        "transcript": _transcript,
        "translation": _translation,
        "percept": _percept,
        "alert": _alert,
        "health": _health,
        "turn": _turn,
        "status": _status,
        "level": _level,
        "note": _note,
        "error": _note,
    }
)


def _key(event: EventLine) -> tuple[str, int]:
    generation = event.get("generation")
    return safe(event.get("source", "")), generation if isinstance(generation, int) else 0


def _harmless(piece: str) -> str:
    """A piece of a line, with the spaces at its ends."""
    text = safe(piece)
    before = " " if piece[:1].isspace() else ""
    after = " " if text and piece[-1:].isspace() else ""
    return f"{before}{text}{after}"


def _number(value: object) -> float | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number and abs(value) < 1e10 else None  # type: ignore[arg-type]


def _time(event: EventLine) -> float:
    return _number(event.get("t")) or 0.0


def _figures(event: EventLine) -> str:
    word, sound = _number(event.get("ttft_s")), _number(event.get("first_audio_s"))
    parts = [f"first word {word:.2f} s"] if word is not None else []
    return ", ".join([*parts, f"first sound {sound:.2f} s"] if sound is not None else parts)


def stamp(one: Moment | Line | Subtitle) -> str:
    """`0:12`: when it was."""
    return clock_text(one.t_s)
