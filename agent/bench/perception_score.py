"""Scores of perception against a manifest's ground truth. Pure: no media, no models.

The manifest describes a recording by events: `t0`, `t1` in seconds and a description in plain words. What is read out
of the words: "empty ..." (nobody and nothing there), a person, or a vehicle, and how many ("2 people", default one).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from streams.encoders.vision.reading import letters_of
from streams.types import NS, Percept

TOLERANCE_S = 1.5
CUT_TOLERANCE_S = 0.5
TEXT_TOLERANCE = 0.2
"""Share of a text's letters and digits that may be misread."""
EDGE_S = 0.3
"""What is there within so much of the beginning or the end of a recording did not enter or leave."""

Noun = Literal["person", "vehicle", "something"]

_PERSON = re.compile(r"\b(person|people|man|men|woman|women|boy|girl|child|pedestrian|male|female|worker)s?\b", re.I)
_VEHICLE = re.compile(
    r"\b(car|sedan|hatchback|coupe|van|truck|lorry|bus|suv|taxi|cab|pickup|vehicle|motorcycle|motorbike|scooter)s?\b",
    re.I,
)
_NONE = re.compile(r"\bno (people|person|cars|vehicles)\b", re.I)
_NUMBERS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5}
_ENTERS = re.compile(r"^(?:an? )?(.+?) (?:enters from the|appears)")
_LEAVES = re.compile(r"^the (.+?) (?:leaves to the|disappears)")
_IS = re.compile(r"^the thing is an? (.+)$")


@dataclass(frozen=True, slots=True)
class Passage:
    """Somebody or something enters or leaves."""

    t_s: float
    enters: bool
    noun: Noun


@dataclass(frozen=True, slots=True)
class Score:
    """Found, false and missed, and whether what was found was called by its name."""

    hits: int
    false: int
    missed: int
    wrong_noun: int = 0
    """Found, but called a person where it was a vehicle, or the other way round."""
    right_noun: int = 0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall, 0..1; 1 where there was nothing to find and nothing found."""
        all_of_it = 2 * self.hits + self.false + self.missed
        return 2 * self.hits / all_of_it if all_of_it else 1.0


def noun_of(text: str) -> Noun:
    """What a word or description names."""
    text = _NONE.sub("", text)
    # a description's head comes first: "man beside a car" is a person
    person, vehicle = _PERSON.search(text), _VEHICLE.search(text)
    if person and (not vehicle or person.start() < vehicle.start()):
        return "person"
    return "vehicle" if vehicle else "something"


def is_empty(description: str) -> bool:
    """Whether an event says that nobody and nothing is there."""
    return description.strip().lower().startswith("empty")


def how_many(description: str) -> int:
    """`2 people ...` is 2; without a number, 1."""
    first = description.strip().split(maxsplit=1)[0].lower() if description.strip() else ""
    return int(first) if first.isdecimal() else _NUMBERS.get(first, 1)


def passages(item: dict[str, Any]) -> list[Passage] | None:
    """Entries and exits of a manifest item, in order of time; None where its events do not tell.

    They tell when stretches of time are described as empty: then all else that names persons or vehicles is complete.
    Events that do not overlap are counts over time ("1 person", then "2 people": one entered); overlapping events
    are single things.
    """
    events = [e for e in item.get("events", []) if e.get("t0") is not None and e.get("t1") is not None]
    if not any(is_empty(e["description"]) for e in events):
        return None
    told = [e for e in events if noun_of(e["description"]) != "something" and not is_empty(e["description"])]
    told.sort(key=lambda e: (e["t0"], e["t1"]))
    end_s = float(item["duration_s"])
    single = any(b["t0"] < a["t1"] - 0.05 for a, b in zip(told, told[1:], strict=False))
    found: list[Passage] = []
    for i, event in enumerate(told):
        noun, n = noun_of(event["description"]), how_many(event["description"])
        before = told[i - 1] if i and not single and told[i - 1]["t1"] > event["t0"] - EDGE_S / 2 else None
        after = told[i + 1] if i + 1 < len(told) and not single else None
        after = after if after and after["t0"] < event["t1"] + EDGE_S / 2 else None
        came = n - (how_many(before["description"]) if before else 0)
        went = n - (how_many(after["description"]) if after else 0)
        if event["t0"] > EDGE_S:
            found += [Passage(float(event["t0"]), True, noun)] * max(0, came)
        if event["t1"] < end_s - EDGE_S:
            found += [Passage(float(event["t1"]), False, noun)] * max(0, went)
    return sorted(found, key=lambda p: (p.t_s, p.enters))


def claimed(percepts: Sequence[Percept]) -> list[Passage]:
    """Entries and exits that percepts claim; a thing recognised later lends its name to its entry."""
    found: list[Passage] = []
    for p in sorted((p for p in percepts if p.kind == "object"), key=lambda p: p.t0_ns):
        if match := _ENTERS.match(p.text):
            found.append(Passage(p.t0_ns / NS, True, noun_of(match[1])))
        elif match := _LEAVES.match(p.text):
            found.append(Passage(p.t0_ns / NS, False, noun_of(match[1])))
        elif match := _IS.match(p.text):
            nameless = [i for i, x in enumerate(found) if x.enters and x.noun == "something"]
            if nameless:
                found[nameless[-1]] = Passage(found[nameless[-1]].t_s, True, noun_of(match[1]))
    return found


def score_passages(truth: Sequence[Passage], found: Sequence[Passage], tolerance_s: float = TOLERANCE_S) -> Score:
    """Match entries with entries and exits with exits, one to one, the nearest in time first."""
    pairs = sorted(
        (abs(t.t_s - f.t_s), i, j)
        for i, t in enumerate(truth)
        for j, f in enumerate(found)
        if t.enters == f.enters and abs(t.t_s - f.t_s) <= tolerance_s
    )
    of_truth: dict[int, int] = {}
    for _, i, j in pairs:
        if i not in of_truth and j not in of_truth.values():
            of_truth[i] = j
    nouns = [(truth[i].noun, found[j].noun) for i, j in of_truth.items()]
    wrong = sum(said not in (was, "something") for was, said in nouns)
    hits = len(of_truth)
    return Score(hits, len(found) - hits, len(truth) - hits, wrong, sum(was == said for was, said in nouns))


def cuts_of(item: dict[str, Any]) -> list[float]:
    """Times of hard cuts: the item's `cuts`, else events that are described as such."""
    if "cuts" in item:
        return [float(t) for t in item["cuts"]]
    return [float(e["t0"]) for e in item.get("events", []) if e["description"].lower().startswith("hard cut")]


def score_times(truth: Sequence[float], found: Sequence[float], tolerance_s: float = CUT_TOLERANCE_S) -> Score:
    """Match moments one to one."""
    return score_passages(
        [Passage(t, True, "something") for t in truth],
        [Passage(t, True, "something") for t in found],
        tolerance_s,
    )


def shows_nobody(item: dict[str, Any]) -> bool:
    """Whether a video or photograph is known to show no person (hands do not count)."""
    counts = any(item.get(key) for key in ("people_max", "people_min", "people_total"))
    if counts or not item["file"].startswith(("video/", "photo/")) or not item.get("events"):
        return False
    return not any(noun_of(event["description"]) == "person" for event in item["events"])


def persons_claimed(percepts: Sequence[Percept]) -> list[str]:
    """Texts of percepts that claim a person."""
    seen = [p for p in percepts if p.kind in ("object", "count", "motion")]
    return [p.text for p in seen if re.search(r"\b(person|people|somebody)\b", p.text)]


def texts_read(wanted: Sequence[str], percepts: Sequence[Percept]) -> list[str]:
    """Those of the wanted texts that some sign percept contains, but for case, accents, spaces and a few letters."""
    signs = [letters_of(p.text) for p in percepts if p.kind == "sign"]
    return [
        text
        for text in wanted
        if any(piece_distance(letters_of(text), sign) <= TEXT_TOLERANCE * len(letters_of(text)) for sign in signs)
    ]


def piece_distance(piece: str, text: str) -> int:
    """The least edit distance of `piece` to any part of `text` (Sellers, 1980)."""
    previous = [0] * (len(text) + 1)
    for i, x in enumerate(piece, 1):
        row = [i]
        for j, y in enumerate(text, 1):
            row.append(min(previous[j] + 1, row[-1] + 1, previous[j - 1] + (x != y)))
        previous = row
    return min(previous)
