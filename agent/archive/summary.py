"""What a day was like, from counts and notable moments. Sentences are made by rules; no model adds to them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from agent.archive.records import Moment
from streams import wording
from streams.consolidate import meaning

MAX_NOTABLE = 12
MAX_NAMED = 6


@dataclass(frozen=True, slots=True)
class Summary:
    """A day in the archive."""

    day: date
    events: int
    by_source: Mapping[str, int]
    by_kind: Mapping[str, int]
    text: str
    """Several lines, to be read."""
    notable: Sequence[Moment]
    """Alerts, faults, and what happened on this day alone, in order of time."""


def summarise(day: date, moments: Iterable[Moment]) -> Summary:
    """The summary of a day's moments, given in order of time."""
    told = [m for m in moments if m.kind != "transcript"]  # each is a percept too
    sources, kinds = Counter(m.source for m in told), Counter(m.kind for m in told)
    seen = [m for m in told if m.kind not in ("alert", "health", "reply")]
    places = Counter(m.source for m in seen)
    lines = [f"{day:%A, %d %B %Y}: {wording.plural(len(told), 'event')} from {wording.plural(len(places), 'source')}."]
    for source, n in places.most_common(MAX_NAMED):
        lines.append(_place(source, n, [m for m in seen if m.source == source]))
    alerts = [m for m in told if m.kind == "alert" and m.more.get("phase", "new") == "new"]
    if alerts:
        lines.append(
            f"{wording.plural(len(alerts), 'alert')}: " + "; ".join(_said(m) for m in alerts[:MAX_NAMED]) + "."
        )
    asked = [m for m in told if m.kind == "reply" and m.more.get("question")]
    if asked:
        lines.append(f"{wording.plural(len(asked), 'question')} asked.")
    notable = _notable(told, alerts)
    if notable:
        lines.append("Notable:")
        lines += [f"  {m.line()}" for m in notable]
    return Summary(day, len(told), dict(sources), dict(kinds), "\n".join(lines), notable)


def _place(source: str, n: int, moments: Sequence[Moment]) -> str:
    """`front door: 41 events from 07:02 to 21:15; 12 people and 3 cars entered, a voice spoke 4 times.`"""
    entered: Counter[str] = Counter()
    spoke: Counter[str] = Counter()
    for found in moments:
        told = meaning(found.text)
        if told.what == "enters":
            entered[told.of] += 1
        elif told.what == "says":
            spoke[told.of] += 1
    parts = [f"{wording.plural(k, noun)} entered" for noun, k in entered.most_common(MAX_NAMED)]
    parts += [f"{who} spoke {wording.times(k)}" for who, k in spoke.most_common(MAX_NAMED)]
    span = f"{moments[0].began:%H:%M} to {moments[-1].began:%H:%M}"
    tail = f"; {', '.join(parts)}" if parts else ""
    return f"{wording.place(source)}: {wording.plural(n, 'event')} from {span}{tail}."


def _notable(told: Sequence[Moment], alerts: Sequence[Moment]) -> list[Moment]:
    """Alerts first, then faults, then what was perceived only once; the busiest hours cannot crowd them out."""
    often = Counter(m.text for m in told)
    faults = [m for m in told if meaning(m.text).what in ("fault", "mended")]
    rare = [m for m in told if often[m.text] == 1 and m.kind in ("sign", "sound", "object", "light")]
    rare.sort(key=lambda m: -m.confidence)
    chosen = {m.id: m for m in [*alerts, *faults, *rare][:MAX_NOTABLE]}
    return sorted(chosen.values(), key=lambda m: (m.t0_ns, m.id))


def _said(found: Moment) -> str:
    return f"{found.began:%H:%M} {found.text}"
