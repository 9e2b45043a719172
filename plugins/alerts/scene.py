"""What is in view of each source, read from the texts of percepts: the facts that rules are checked against. Pure."""

from __future__ import annotations

import re
from collections import OrderedDict, deque
from dataclasses import dataclass, field, replace
from typing import Literal

from streams.types import NS, Box, Percept

FactKind = Literal["enters", "named", "leaves", "stays", "moves", "count", "sound", "words", "fault", "mended", "other"]

MAX_SOURCES = 64
MAX_THINGS = 64
USUAL = 10
REJOIN_NS = 3 * NS
"""A thing that disappears and appears again in the picture within so long is the same thing."""

_ENTERS = re.compile(r"(?:an? )?(.+?) (?:enters from the|appears)")
_LEAVES = re.compile(r"the (.+?) (?:leaves to the \w+|disappears)(?: after (\d+) (second|minute|hour)s?)?")
_IS = re.compile(r"the thing is an? (.+)")
_STAYS = re.compile(r"the (.+?) has stayed .*")
_MOVES = re.compile(r"the (.+?) moves from the .*")
_COUNT = re.compile(r"(nobody|(?:no|\d+) .+?) (?:is|are) in view")
_FAULT = re.compile(r"the (camera|microphone|picture) is (covered|frozen|gone)")
_MENDED = re.compile(r"the (?:camera is free again|picture moves again|(?:camera|microphone) is back)")
_SECONDS = {"second": 1, "minute": 60, "hour": 3600}
_SINGULAR = {"people": "person", "buses": "bus", "things": "thing"}


@dataclass(frozen=True, slots=True)
class Fact:
    """What one percept says."""

    kind: FactKind
    percept: Percept
    known_ns: int
    """When it became known."""
    noun: str = ""
    n: int = 0
    """For `count`."""
    thing: str = ""
    """Which thing: unique in a run; empty where it is none."""
    again: bool = False
    """A thing that had just been lost: no new one."""
    usual: tuple[str, ...] = ()
    """Of a thing without a name: what the last things here were that got one."""
    told: str = ""
    """In words, where those of the percept say too little alone."""


@dataclass(frozen=True, slots=True)
class Thing:
    """Somebody or something in view."""

    id: str
    noun: str
    since_ns: int
    box: Box | None
    entry: str = ""
    """How its entry was told."""


@dataclass(slots=True)
class View:
    """One source."""

    things: dict[str, Thing] = field(default_factory=dict)
    lost: list[tuple[int, Thing]] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    made: int = 0
    named: deque[str] = field(default_factory=lambda: deque(maxlen=USUAL))
    """What the newest things were."""


class Scene:
    """All sources, the least recently heard of forgotten beyond `MAX_SOURCES`."""

    def __init__(self) -> None:
        self._views: OrderedDict[str, View] = OrderedDict()

    def see(self, percept: Percept, known_ns: int) -> Fact:
        """The fact that a percept tells, after it was worked into the scene."""
        view = self._views.setdefault(percept.source, View())
        self._views.move_to_end(percept.source)
        if len(self._views) > MAX_SOURCES:
            self._views.popitem(last=False)
        if percept.kind == "object":
            return self._thing(view, percept, known_ns)
        if percept.kind == "count" and (found := _COUNT.fullmatch(percept.text)):
            return self._count(view, percept, known_ns, found[1])
        if percept.kind == "sound":
            return Fact("sound", percept, known_ns)
        if percept.kind in ("speech", "text", "sign"):
            return Fact("words", percept, known_ns)
        if percept.kind == "health":
            if found := _FAULT.fullmatch(percept.text):
                return Fact("fault", percept, known_ns, found[1])
            if _MENDED.fullmatch(percept.text):
                return Fact("mended", percept, known_ns)
        return Fact("other", percept, known_ns)

    def holds(self, nouns: tuple[str, ...], sources: tuple[str, ...]) -> bool:
        """Whether one of these things is in view, of one of these sources (all, if none is given)."""
        views = [view for name, view in self._views.items() if not sources or name in sources]
        return any(t.noun in nouns for v in views for t in v.things.values()) or any(
            v.counts.get(noun, 0) > 0 for v in views for noun in nouns
        )

    def _thing(self, view: View, percept: Percept, known_ns: int) -> Fact:
        if found := _ENTERS.match(percept.text):
            return self._enter(view, percept, known_ns, found[1])
        if found := _IS.fullmatch(percept.text):
            return self._name(view, percept, known_ns, found[1])
        if found := _LEAVES.fullmatch(percept.text):
            lasted_ns = int(found[2]) * _SECONDS[found[3]] * NS if found[2] else None
            thing = _of(view, found[1], None if lasted_ns is None else percept.t0_ns - lasted_ns)
            if thing is not None:
                view.things.pop(thing.id)
                view.lost = [*view.lost[-7:], (known_ns, thing)]
            usual = tuple(view.named) if found[1] == "thing" else ()
            return Fact("leaves", percept, known_ns, found[1], thing=thing.id if thing else "", usual=usual)
        stays, moves = _STAYS.fullmatch(percept.text), _MOVES.fullmatch(percept.text)
        told = stays or moves
        if told is None:
            return Fact("other", percept, known_ns)
        thing = _of(view, told[1], None)
        return Fact("stays" if stays else "moves", percept, known_ns, told[1], thing=thing.id if thing else "")

    def _enter(self, view: View, percept: Percept, known_ns: int, noun: str) -> Fact:
        if " appears" in percept.text:
            for n, (when_ns, thing) in enumerate(view.lost):
                if known_ns - when_ns <= REJOIN_NS and noun in (thing.noun, "something"):
                    del view.lost[n]
                    view.things[thing.id] = thing
                    return Fact("enters", percept, known_ns, thing.noun, thing=thing.id, again=True)
        view.made += 1
        thing = Thing(f"{percept.source}#{view.made}", noun, percept.t0_ns, percept.box, percept.text)
        view.things[thing.id] = thing
        if len(view.things) > MAX_THINGS:
            view.things.pop(next(iter(view.things)))
        if noun != "something":
            view.named.append(noun)
        usual = tuple(view.named) if noun == "something" else ()
        return Fact("enters", percept, known_ns, noun, thing=thing.id, usual=usual)

    def _name(self, view: View, percept: Percept, known_ns: int, noun: str) -> Fact:
        nameless = [thing for thing in view.things.values() if thing.noun == "something"]
        if not nameless:
            return Fact("other", percept, known_ns)
        thing = nameless[-1]
        view.things[thing.id] = replace(thing, noun=noun)
        view.named.append(noun)
        told = thing.entry.replace("something", percept.text.removeprefix("the thing is "), 1)
        return Fact("named", percept, known_ns, noun, thing=thing.id, told=told)

    def _count(self, view: View, percept: Percept, known_ns: int, said: str) -> Fact:
        if said == "nobody":
            noun, n = "person", 0
        else:
            number, _, noun = said.partition(" ")
            noun = _SINGULAR.get(noun, noun.removesuffix("s") if number not in ("no", "1") else noun)
            n = int(number) if number.isdecimal() else 0
        view.counts[noun] = n
        return Fact("count", percept, known_ns, noun, n)


def _of(view: View, noun: str, since_ns: int | None) -> Thing | None:
    """The thing in view that is called so, the one that came at `since_ns` where that is known, else the first."""
    noun = "something" if noun == "thing" else noun
    known = [thing for thing in view.things.values() if thing.noun == noun]
    if since_ns is None or not known:
        return known[0] if known else None
    return min(known, key=lambda thing: abs(thing.since_ns - since_ns))
