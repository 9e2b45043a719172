"""Made-up life of a station's cameras: who comes and goes, light, sounds, words, as heed tells them; busier by day."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta

from agent.archive.records import Record, wall_ns
from agent.bench.archive_life import SOURCES
from streams import wording
from streams.types import Kind

THINGS = ("person", "person", "person", "car", "car", "bicycle", "dog", "van")
SPOKEN = (
    "Good morning, I have a delivery for you, its number is", "Could you open the gate, please, the code is",
    "Where is the ladder? It has the number", "Please call the police, the licence plate is",
    "I will be back at five, my telephone is", "The bus to the station is the", "Help, the key does not fit, it is the",
    "Lucy said that the parcel is on shelf",
)  # fmt: skip
SIDES = ("left", "right", "top", "bottom")
BUSY_HOURS = (7, 20)
BUSY = 0.85
"""Share of what happens that falls into them."""
VISIT = 0.16
"""Share of happenings that are visits, of five percepts each: about half of all percepts."""

Said = tuple[float, Kind, str]
"""Seconds after its beginning, kind, text."""


def station_life(seed: int, begin: datetime, days: int, per_day: int) -> Iterator[Record]:
    """What the cameras of a station perceive from a midnight on, about `per_day` records a day, in order of time."""
    rng = random.Random(seed)
    for day in range(days):
        out: list[Record] = []
        while len(out) < per_day:
            source = rng.choice(SOURCES)
            at = begin + timedelta(days=day, seconds=_second(rng))
            for after_s, kind, text in _happening(rng):
                t_ns = wall_ns(at + timedelta(seconds=after_s))
                out.append(Record(kind, source, t_ns, t_ns, text, "", confidence=0.8))
        yield from sorted(out, key=lambda record: record.t0_ns)


def _second(rng: random.Random) -> float:
    first, last = BUSY_HOURS
    hour = rng.uniform(first, last) if rng.random() < BUSY else rng.uniform(0, 23.9)
    return hour * 3600


def _happening(rng: random.Random) -> list[Said]:
    if rng.random() < VISIT:
        return _visit(rng)
    kind = rng.choice(("speech", "speech", "sound", "motion", "light", "scene", "sign", "face"))
    match kind:
        case "speech":
            words = f"{rng.choice(SPOKEN)} {rng.randint(1, 99_999)}"  # what is said is new each time
            return [(0.0, "speech", wording.says(words))]
        case "sound":
            return [(0.0, "sound", wording.heard(rng.choice(("a dog barking", "glass breaking", "an alarm"))))]
        case "motion":
            return [(0.0, "motion", wording.motion(rng.choice(SIDES)))]
        case "light":
            return [(0.0, "light", wording.light(rng.choice(wording.LIGHT)))]
        case "scene":
            return [(0.0, "scene", wording.scene([rng.choice(("street", "garage", "hall", "yard"))]))]
        case "sign":
            return [(0.0, "sign", wording.sign(f"{rng.choice('ABCDEF')}{rng.randint(100, 999)}"))]
        case _:
            return [(0.0, "face", wording.faces(rng.randint(1, 3)))]


def _visit(rng: random.Random) -> list[Said]:
    noun, side, stay_s = rng.choice(THINGS), rng.choice(SIDES), rng.uniform(5, 120)
    return [
        (0.0, "object", wording.enters(noun, side)),
        (0.2, "count", wording.count(noun, 1)),
        (stay_s / 2, "object", wording.stays(noun, side, stay_s / 2)),
        (stay_s, "object", wording.leaves(noun, rng.choice(SIDES), stay_s)),
        (stay_s + 0.2, "count", wording.count(noun, 0)),
    ]
