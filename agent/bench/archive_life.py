"""Two weeks of made-up life for `heed bench archive`: days of `dialog.training`, and incidents planted among them, each
with a question as people put it."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from agent.archive.records import Record, local, wall_ns
from agent.bench.archive_incidents import INCIDENTS
from dialog.training.days import make_day

Incidents = Sequence[tuple[str, str, str, str]]
"""Source, kind, text and question of each."""

NOW = datetime(2026, 11, 23, 18, 0)
"""When the questions are asked: a Monday evening."""
DAYS = 14
SOURCES = ("front-door", "back-yard", "garage", "kitchen", "car-park", "gate", "hallway", "warehouse")


@dataclass(frozen=True, slots=True)
class Planted:
    """An incident, and what is asked about it."""

    record: Record
    question: str
    form: str
    """The question before a time was put into it."""


def life(seed: int, per_day: int, now: datetime = NOW, days: int = DAYS) -> Iterator[Record]:
    """What `days` days before `now` perceive, `per_day` records each, in order of time."""
    rng = random.Random(seed)
    for back in range(days, 0, -1):
        begin = datetime.combine(now.date(), now.time()) - timedelta(days=back)
        done = 0
        parts: list[Record] = []
        while done < per_day:
            day = make_day(rng, percepts=min(400, per_day - done))
            for fact in day.facts:
                at_ns = wall_ns(begin + timedelta(seconds=rng.uniform(0, 86_000)))
                source = rng.choice(SOURCES)
                percept = fact.percept
                name = f"{source}/x{back}-{done}"
                parts.append(Record(percept.kind, source, at_ns, at_ns, percept.text, name, confidence=0.8))
                done += 1
        yield from sorted(parts, key=lambda record: record.t0_ns)


def planted(seed: int, now: datetime = NOW, incidents: Incidents = INCIDENTS) -> list[Planted]:
    """Incidents at chance times of the two weeks, and questions that name the time as people do, or not at all."""
    rng = random.Random(seed)
    out = []
    for n, (source, kind, text, question) in enumerate(incidents):
        at = _some_time(rng, now)
        t_ns = wall_ns(at)
        record = Record(kind, source, t_ns, t_ns, text, f"{source}/p{n}")
        out.append(Planted(record, _at(question, rng.choice(_phrases(at, now))), question))
    return out


def asked_in_vain(seed: int, questions: Sequence[str], incidents: Sequence[Planted], now: datetime = NOW) -> list[str]:
    """Questions about what never happened, and about incidents on another day than theirs."""
    rng = random.Random(seed)
    out = [_at(question, rng.choice(_phrases(_some_time(rng, now), now))) for question in questions]
    for one in incidents[::3]:
        happened = local(one.record.t0_ns).date()
        other = next(at for at in iter(lambda: _some_time(rng, now), None) if abs((at.date() - happened).days) > 1)
        if "{when}" in one.form:
            out.append(_at(one.form, rng.choice([f"on {other.day} {other:%B}", f"on {other:%B} {other.day}"])))
    return out


def _some_time(rng: random.Random, now: datetime) -> datetime:
    return datetime.combine(now.date(), datetime.min.time()) - timedelta(
        days=rng.randint(1, DAYS - 1), minutes=-rng.randint(7 * 60, 21 * 60)
    )


def _at(question: str, when: str) -> str:
    return " ".join(question.format(when=when).replace(" ?", "?").split())


def _phrases(at: datetime, now: datetime) -> list[str]:
    """Ways to say when that was."""
    days = (now.date() - at.date()).days
    monday = now.date() - timedelta(days=now.weekday())
    part = "in the morning" if at.hour < 12 else "in the afternoon" if at.hour < 17 else "in the evening"
    out = ["", f"{days} days ago", f"on {at.day} {at:%B}", f"on {at:%B} {at.day} {part}"]
    if days == 1:
        out += ["yesterday", f"yesterday between {at.hour} and {at.hour + 1}"]
    if days == 2:
        out += ["the day before yesterday"]
    if days <= 6:
        out += [f"on {at:%A}", f"last {at:%A}", f"on {at:%A} {part.split()[-1]}", "in the last 7 days"]
    if monday - timedelta(days=7) <= at.date() < monday:
        out += ["last week", "last week"]
    return out
