"""Made-up days: what cameras and microphones might perceive, in the very words that the encoders use.

A day is a list of facts. Each fact holds the percept's line, as the language model will read it, and what it means,
from which `questions` makes questions with known answers.
"""

from __future__ import annotations

import random

from dialog.training import words
from dialog.training.diary import Diary
from dialog.training.facts import Day, Fact
from dialog.training.foreign import FOREIGN
from dialog.training.happenings import HEARD, SEEN, Happening, breaks
from dialog.training.merged import begin_merged
from dialog.training.utterances import SORTS, contradicted, utterance
from streams import wording
from streams.types import NS, Kind

__all__ = ["Day", "Fact", "is_plural", "make_day", "utterance"]

FOREIGN_MIXED, FOREIGN_ONLY = 0.12, 0.04
"""Shares of days with some percepts of other systems, and with nothing else."""

CONTRADICTED = 0.15
"""Share of utterances that give another value for something said before."""

MERGED = 0.15
"""Share of days whose oldest percepts have been merged."""


def speaks(d: Diary, source: str) -> None:
    """Somebody says or writes something."""
    speaker = "" if d.anonymous or d.rng.random() < 0.1 else d.rng.choice(d.speakers)
    text, data = _utterance_of_the_day(d, speaker)
    d.wait()
    if d.rng.random() < 0.88:
        who = speaker or "a voice"
        d.add("speech", source, wording.says(text, speaker), "says", who=who, verb="said", text=text, **data)
    else:
        who = speaker or "somebody"
        d.add("text", source, wording.writes(text, speaker), "says", who=who, verb="wrote", text=text, **data)


def _utterance_of_the_day(d: Diary, speaker: str) -> tuple[str, dict[str, str]]:
    """An utterance; on a narrow day mostly of a sort that has been said before, so that many are alike."""
    if d.rng.random() < CONTRADICTED:
        said = [f.data for f in d.facts[-12:] if f.what == "says" and f.data.get("sort") in SORTS]
        sure = [data for data in said if "the speaker" not in data["topic"]]
        other = contradicted(d.rng, d.rng.choice(sure), speaker, d.held_out) if sure else None
        if other is not None:
            return other
    text, data = utterance(d.rng, speaker, d.held_out)
    if not d.narrow:
        return text, data
    for _ in range(8):
        sort = data.get("sort", "")
        if sort and (len(d.sorts) < 2 or sort in d.sorts):
            d.sorts.add(sort)
            break
        if d.rng.random() < 0.1:
            break
        text, data = utterance(d.rng, speaker, d.held_out)
    return text, data


def argues(d: Diary, source: str) -> None:
    """Several people say something one after the other."""
    for _ in range(d.rng.randint(2, 4)):
        speaks(d, source)


def speaks_otherwise(d: Diary, source: str) -> None:
    """`Anna: The train is late`, `Anna says that the train is late`, `note: buy milk`."""
    who = d.rng.choice(d.speakers)
    text, data = utterance(d.rng, who, d.held_out)
    verb, kind = ("said", "speech") if d.rng.random() < 0.75 else ("wrote", "text")
    shown = text.rstrip(".") if d.rng.random() < 0.5 else text
    does = "says" if verb == "said" else "writes"
    line = d.rng.choice([f"{who}: {shown}", f"{who} {does}: {shown}", f"{who} {does}, {shown}", f"[{who}] {shown}"])
    if data.get("claim", "").startswith("The ") and text.rstrip(".") == data.get("claim") and d.rng.random() < 0.5:
        shown = shown[:1].lower() + shown[1:]
        line = f"{who} {does} that {shown}"
    d.wait()
    told: Kind = "speech" if kind == "speech" else "text"
    d.add(told, source, line, "says", who=who, verb=verb, text=shown, foreign="yes", **data)


Weighted = list[tuple[Happening, float]]


def _plan(d: Diary) -> Weighted:
    """What may happen on this day, and how often: all sorts on a wide day, few on a narrow one."""
    rng = d.rng
    r = rng.random()
    if r < FOREIGN_ONLY:
        return [*FOREIGN, (speaks_otherwise, 10)]
    talk = rng.choice([0, 8, 20, 36, 36, 60])
    kinds: Weighted = [*SEEN, *HEARD]
    if talk:
        kinds += [(speaks, talk), (argues, talk / 12)]
    if d.narrow:
        # What is common on other days is likelier to be the one thing that goes on all day.
        few = dict(rng.choices(kinds, [weight**0.7 for _, weight in kinds], k=rng.randint(1, 3)))
        kinds = [(kind, 10.0 + weight / 4) for kind, weight in few.items()]
        if rng.random() < 0.5:
            kinds.append((speaks, 15))
    if r < FOREIGN_ONLY + FOREIGN_MIXED:
        share = sum(weight for _, weight in kinds) * rng.uniform(0.15, 0.8)
        total = sum(weight for _, weight in FOREIGN) + 10
        kinds += [(kind, weight * share / total) for kind, weight in (*FOREIGN, (speaks_otherwise, 10))]
    return kinds


def _step(d: Diary, kinds: Weighted) -> None:
    """Let one thing happen. A broken camera sees nothing until it works again."""
    source = d.rng.choice(d.sources)
    make = d.rng.choices([kind for kind, _ in kinds], [weight for _, weight in kinds])[0]
    if source in d.fault and any(make is seen for seen, _ in SEEN):
        make = breaks
    make(d, source)


def is_plural(thing: str) -> bool:
    """Whether a thing is `are` rather than `is`."""
    return thing.endswith("keys") or thing in words.PLURAL


def make_day(rng: random.Random, held_out: bool = False, percepts: int | None = None) -> Day:
    """A day of `percepts` percepts (default: 1 to 40, most days short, a few empty)."""
    n = percepts if percepts is not None else rng.choice([rng.randint(1, 5), rng.randint(4, 16), rng.randint(6, 40)])
    n = 0 if percepts is None and rng.random() < 0.02 else n
    d = Diary(rng, held_out)
    kinds = _plan(d)
    if n > 1 and d.wall_start is not None and d.rng.random() < MERGED:
        begin_merged(d, min(n, d.rng.randint(1, 4)))
    while len(d.facts) < n:
        _step(d, kinds)
    facts = d.facts[:n]
    last_ns = facts[-1].percept.t1_ns if facts else 0
    now_ns = last_ns + _pause_ns(d)
    return Day(tuple(facts), tuple(d.sources), now_ns, wording.clock(now_ns, d.wall_start))


def _pause_ns(d: Diary) -> int:
    """How long after the last event the question comes: at once, after a usual gap, or much later."""
    rng = d.rng
    r = rng.random()
    if r < 0.3:
        seconds = rng.uniform(0.2, 12)
    elif r < 0.8:
        seconds = rng.uniform(*d.gap_s) * rng.choice([1, 1, 5])
    elif d.wall_start is not None:
        seconds = rng.choice([rng.uniform(60, 3600), rng.uniform(3600, 40_000), rng.uniform(40_000, 260_000)])
    else:
        seconds = rng.uniform(5, 600)
    return round(seconds * NS)
