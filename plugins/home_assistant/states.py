"""What the entities say, from what heed perceives. Pure: values in, messages out, each only when it changed."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from plugins.alerts.scene import Fact, Scene
from plugins.discovery import state_of
from plugins.home_assistant import entities
from plugins.home_assistant.entities import About
from streams.types import NS, Health, HealthState, Percept, Transcript

MAX_SOURCES = 64
MAX_FAULTS = 16
MAX_COMPONENTS = 128
MAX_TEXT_CHARS = 2000
PASSING_NS = 300 * NS
"""So long a complaint about something that was sent or asked counts."""

_PICTURED = frozenset({"object", "count", "scene", "face", "sign", "motion", "light"})
_MOVES = frozenset({"enters", "leaves", "moves"})
_RANK: tuple[HealthState, ...] = ("ok", "degraded", "failed")


@dataclass(frozen=True, slots=True)
class Message:
    """To publish: a topic below `heed/<node>/`."""

    topic: str
    payload: bytes
    retain: bool = True


@dataclass(slots=True)
class _Source:
    about: About
    people: int = 0
    faults: OrderedDict[str, str] = field(default_factory=OrderedDict)
    """What is wrong with it, by what is ill."""
    moved_ns: int | None = None
    said: dict[str, bytes] = field(default_factory=dict)
    """What was last published of it, by topic."""


class States:
    """All sources that are announced, `MAX_SOURCES` at most."""

    def __init__(self, clock: Callable[[int], str], quiet_ns: int) -> None:
        """
        Args:
            clock: stream time as people say it.
            quiet_ns: nothing has moved for so long: motion is off again.
        """
        self._clock, self._quiet_ns = clock, quiet_ns
        self._scene = Scene()
        self._sources: dict[str, _Source] = {}
        self._health: OrderedDict[str, Health] = OrderedDict()
        self._changed: list[About] = []

    @property
    def sources(self) -> list[About]:
        """All that are announced."""
        return [source.about for source in self._sources.values()]

    def changed(self) -> list[About]:
        """Sources of which there is something new to announce, once."""
        told, self._changed = self._changed, []
        return told

    def add(self, name: str, sees: bool = False, hears: bool = False) -> list[Message]:
        """A source, or something new about it: its first states. Nothing if it is one too many."""
        known = self._sources.get(name)
        if known is not None:
            about = About(name, known.about.sees or sees, known.about.hears or hears)
            if about == known.about:
                return []
            begins = about.sees and not known.about.sees
            known.about = about
        elif len(self._sources) >= MAX_SOURCES:
            return []
        else:
            about = About(name, sees, hears)
            known = self._sources[name] = _Source(about)
            begins = sees
        self._changed = [one for one in self._changed if one.name != name] + [about]
        out = self._condition(known)
        if begins:
            out += self._say(known, "person", b"OFF") + self._say(known, "motion", b"OFF")
            out += self._say(known, "people", b"0")
        return out

    def forget(self, name: str) -> None:
        """Leave a source out until it is heard of again."""
        self._sources.pop(name, None)

    def perceived(self, percept: Percept, t_ns: int) -> list[Message]:
        """What a percept changes. Sources of calls and of people who write are not announced."""
        if not announced(percept.source):
            return []
        fact = self._scene.see(percept, t_ns)
        out = self.add(percept.source, percept.kind in _PICTURED, percept.kind in ("speech", "sound"))
        source = self._sources.get(percept.source)
        if source is None:
            return out
        if fact.kind in ("fault", "mended"):
            source.faults.pop("picture", None)
            if fact.kind == "fault":
                source.faults["picture"] = percept.text
            out += self._condition(source)
        if percept.kind == "motion" or fact.kind in _MOVES:
            source.moved_ns = t_ns
            out += self._say(source, "motion", b"ON")
        if percept.kind in ("object", "count"):
            out += self._people(source, fact)
        if fact.kind in entities.EVENT_TYPES:
            out.append(self._event(fact))
        return out

    def transcript(self, said: Transcript) -> list[Message]:
        """Somebody said something. It is not retained: who comes later need not know what was said before."""
        if not announced(said.source):
            return []
        out = self.add(said.source, hears=True)
        source = self._sources.get(said.source)
        if source is None or not said.text.strip():
            return out
        body = {
            "state": state_of(said.text),
            "text": said.text[:MAX_TEXT_CHARS],
            "speaker": said.speaker,
            "time": self._clock(said.t0_ns),
        }
        return [*out, Message(entities.topic(said.source, "said"), _json(body), False)]

    def health(self, health: Health) -> list[Message]:
        """How a component fares: the agent's health, and that of the source whose component it is."""
        self._health.pop(health.component, None)
        if health.state != "ok":
            self._health[health.component] = health
            if len(self._health) > MAX_COMPONENTS:
                self._health.popitem(last=False)
        role, _, name = health.component.partition(":")
        out: list[Message] = []
        if role == "look" and announced(name):  # how much of it there is time for: no fault of the camera
            out += self.add(name, sees=True)
            if (source := self._sources.get(name)) is not None:
                body = {"state": state_of(health.reason.split(";")[0]), "reason": health.reason[:MAX_TEXT_CHARS]}
                out += self._say(source, "quality", _json(body))
        if role in ("camera", "microphone", "source") and announced(name):
            out += self.add(name, sees=role == "camera", hears=role == "microphone")
            if (source := self._sources.get(name)) is not None:
                source.faults.pop(role, None)
                if health.state != "ok":
                    source.faults[role] = health.reason
                    while len(source.faults) > MAX_FAULTS:
                        source.faults.popitem(last=False)
                out += self._condition(source)
        return out

    def overall(self) -> Message:
        """The agent's health."""
        ill = list(self._health.values())
        worst = max((one.state for one in ill), key=_RANK.index, default="ok")
        body = {"state": worst, "components": {one.component: one.reason[:200] for one in ill[-16:]}}
        return Message(entities.HEALTH, _json(body))

    def tick(self, now_ns: int) -> list[Message]:
        """Motion that is over, and complaints about single messages: nobody says when those are well again."""
        out: list[Message] = []
        for component, health in list(self._health.items()):
            passing = component.startswith("dialog:") or (
                component.startswith(("mqtt:", "frigate:")) and health.state == "degraded"
            )
            if passing and now_ns - health.t_ns > PASSING_NS:
                del self._health[component]
        for source in self._sources.values():
            if source.moved_ns is not None and now_ns - source.moved_ns >= self._quiet_ns:
                source.moved_ns = None
                out += self._say(source, "motion", b"OFF")
        return out

    def _people(self, source: _Source, fact: Fact) -> list[Message]:
        name = source.about.name
        if fact.kind == "count" and fact.noun == "person":
            source.people = fact.n
        elif fact.kind != "count":  # between two counts, what is in view decides
            inside = self._scene.holds(("person",), (name,))
            source.people = max(source.people, 1) if inside else 0
        return self._say(source, "person", b"ON" if source.people else b"OFF") + self._say(
            source, "people", str(source.people).encode()
        )

    def _event(self, fact: Fact) -> Message:
        percept, box = fact.percept, fact.percept.box
        body = {
            "event_type": fact.kind,
            "what": fact.noun,
            "text": percept.text[:MAX_TEXT_CHARS],
            "id": percept.id,
            "confidence": round(percept.confidence, 3) if 0 <= percept.confidence <= 1 else None,
            "box": [round(v, 4) for v in box] if box is not None and all(abs(v) <= 2 for v in box) else None,
            "time": self._clock(percept.t0_ns),
        }
        return Message(entities.topic(percept.source, "seen"), _json(body), False)

    def _condition(self, source: _Source) -> list[Message]:
        faults = list(source.faults.values())
        gone = any("gone" in text for text in faults) or self._failed(source.about.name)
        state: HealthState = "failed" if gone else "degraded" if faults else "ok"
        body = {"state": state, "reason": "; ".join(faults)[:MAX_TEXT_CHARS]}
        return [
            *self._say(source, "health", _json(body)),
            *self._say(source, "problem", b"ON" if faults else b"OFF"),
            *self._say(source, "availability", b"offline" if gone else b"online"),
        ]

    def _failed(self, name: str) -> bool:
        found = self._health.get(f"camera:{name}")
        return found is not None and found.state == "failed"

    def _say(self, source: _Source, what: str, payload: bytes) -> list[Message]:
        """A message, unless that was said already."""
        where = entities.topic(source.about.name, what)
        if source.said.get(where) == payload:
            return []
        source.said[where] = payload
        return [Message(where, payload)]


def announced(name: str) -> bool:
    """Whether a source is worth a device: not a call, nor one who writes, which come and go."""
    return (
        bool(name) and len(name) <= 64 and ":" not in name and name not in ("mqtt", "terminal") and name.isprintable()
    )


def _json(body: Mapping[str, object]) -> bytes:
    return json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
