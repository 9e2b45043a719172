"""What is seen, written as a Frigate would: for programs that were made for one. No more than a Frigate's events, the
snapshots and counts that belong to them: there is no Frigate behind it to be asked for clips."""

from __future__ import annotations

import json
import re
import zlib
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from dialog.events import Event, Perceived
from plugins.alerts.scene import Fact, Scene
from streams.clock import Clock
from streams.mqtt.link import MqttLink
from streams.mqtt.topics import is_name
from streams.types import NS, Percept

MAX_THINGS = 256
_ODD = re.compile(r"[^A-Za-z0-9_-]")
"""What a label, which is a level of topics, must not have."""


@dataclass(frozen=True, slots=True)
class _Thing:
    id: str
    camera: str
    label: str
    start_s: float
    at_s: float
    score: float
    box: tuple[float, float, float, float] | None
    end_s: float | None = None
    has_snapshot: bool = False
    stationary: bool = False


class FrigateEvents:
    """A tap for `Bus.tap`: follows the things in view of each camera, and publishes each change."""

    def __init__(self, prefix: str, clock: Clock, link: MqttLink, picture: Callable[[str], bytes | None]) -> None:
        """
        Args:
            prefix: of the topics.
            clock: the agent's; its wall-clock time is what events are dated by.
            link: to the broker.
            picture: JPEG of a percept's moment.
        """
        self._prefix, self._clock, self._link, self._picture = prefix, clock, link, picture
        self._scene = Scene()
        self._things: OrderedDict[str, _Thing] = OrderedDict()
        self._counts: dict[tuple[str, str], int] = {}

    def on_event(self, event: Event) -> None:
        """Notice what is seen. What came from a Frigate is left out: it would go round and round."""
        if not isinstance(event, Perceived) or not isinstance(event.what, Percept) or not is_name(event.what.source):
            return
        percept = event.what
        if percept.kind != "object" or percept.id.startswith(f"{percept.source}/f"):
            return
        fact = self._scene.see(percept, event.t_ns)
        if not fact.thing:
            return
        match fact.kind:
            case "enters" | "named":
                self._came(fact)
            case "stays" | "moves" if fact.thing in self._things:
                self._tell("update", replace(self._things[fact.thing], stationary=fact.kind == "stays"), fact)
            case "leaves" if fact.thing in self._things:
                thing = self._things[fact.thing]
                self._tell("end", replace(thing, end_s=self._epoch(percept.t1_ns)), fact)

    def _came(self, fact: Fact) -> None:
        """Something without a name yet is told of when it has one: Frigate knows nothing nameless."""
        if fact.noun == "something":
            return
        known, percept = self._things.get(fact.thing), fact.percept
        start_s = self._epoch(percept.t0_ns)
        name = f"{start_s:.6f}-{_number_of(fact.thing):06x}"
        label = _ODD.sub("_", fact.noun)
        thing = known or _Thing(name, percept.source, label, start_s, start_s, percept.confidence, percept.box)
        self._tell("update" if known else "new", thing, fact)

    def _tell(self, phase: str, thing: _Thing, fact: Fact) -> None:
        percept = fact.percept
        picture = self._picture(percept.id) if phase != "end" else None
        after = replace(
            thing,
            at_s=self._epoch(percept.t1_ns),
            box=percept.box or thing.box,
            score=max(thing.score, percept.confidence),
            has_snapshot=thing.has_snapshot or picture is not None,
        )
        before = self._things.get(fact.thing, after)
        body = {"type": phase, "before": _body(before), "after": _body(after)}
        self._link.publish(f"/{self._prefix}/events", json.dumps(body))
        if picture is not None:
            self._link.publish(f"/{self._prefix}/{after.camera}/{after.label}/snapshot", picture, retain=True)
        if phase == "end":
            self._things.pop(fact.thing, None)
        else:
            self._things[fact.thing] = after
            if len(self._things) > MAX_THINGS:
                self._things.popitem(last=False)
        self._count(after.camera, after.label)

    def _count(self, camera: str, label: str) -> None:
        n = sum(thing.camera == camera and thing.label == label for thing in self._things.values())
        if self._counts.get((camera, label), 0) != n and (len(self._counts) < MAX_THINGS or n == 0):
            self._counts[(camera, label)] = n
            self._link.publish(f"/{self._prefix}/{camera}/{label}", str(n))

    def _epoch(self, t_ns: int) -> float:
        start = self._clock.wall_start
        return round((start.timestamp() if start is not None else 0.0) + t_ns / NS, 6)


def _number_of(name: str) -> int:
    """A number of six hexadecimal digits that is the same for the same name."""
    return zlib.crc32(name.encode()) & 0xFFFFFF


def _body(thing: _Thing) -> dict[str, Any]:
    """The fields of a Frigate event. Boxes are in thousandths of the picture: its pixels are not known here."""
    x, y, width, height = thing.box or (0.0, 0.0, 0.0, 0.0)
    box = [round(1000 * v) for v in (x, y, x + width, y + height)]
    return {
        "id": thing.id,
        "camera": thing.camera,
        "frame_time": thing.at_s,
        "label": thing.label,
        "sub_label": None,
        "top_score": round(thing.score, 3),
        "score": round(thing.score, 3),
        "false_positive": False,
        "start_time": thing.start_s,
        "end_time": thing.end_s,
        "box": box,
        "area": round(1_000_000 * width * height),
        "ratio": round(width / height, 3) if height else 0.0,
        "current_zones": [],
        "entered_zones": [],
        "has_snapshot": thing.has_snapshot,
        "has_clip": False,
        "active": not thing.stationary,
        "stationary": thing.stationary,
        "attributes": {},
        "current_attributes": [],
    }
