"""Percepts that were merged when the memory was full: an hour of one source in one line."""

from __future__ import annotations

from datetime import timedelta

from dialog.training import words
from dialog.training.diary import Diary
from dialog.training.facts import Fact
from streams import wording
from streams.types import NS, Percept
from streams.wording import consolidated, times

__all__ = ["begin_merged", "consolidated", "times"]

SPANS_S = (600, 1800, 3600, 3600, 3600, 7200, 14_400)
"""How long a merged line may span."""


def begin_merged(d: Diary, lines: int) -> None:
    """Begin a day with a few merged percepts, of consecutive stretches of time."""
    assert d.wall_start is not None
    now = d.wall_start + timedelta(microseconds=d.t_ns // 1000)
    # The first stretch begins on a full ten minutes.
    d.t_ns += (600 - (now.minute * 60 + now.second) % 600) * NS
    for _ in range(lines):
        span_s = d.rng.choice(SPANS_S)
        # Live, every source has a line of its own for the same hours.
        for source in d.rng.sample(d.sources, min(len(d.sources), d.rng.choice([1, 1, 2, 3]))):
            _merge(d, source, span_s)
        d.t_ns += span_s * NS + round(d.rng.uniform(0, 20) * NS)


def _merge(d: Diary, source: str, span_s: int) -> None:
    rng = d.rng
    nouns = list(dict.fromkeys(rng.choice(["person", "person", *d.nouns]) for _ in range(rng.randint(1, 3))))
    entered = {noun: rng.choice([1, 2, 2, 3, 4, 5, 6, 8, 11, 14, 23]) for noun in nouns if noun != "something"}
    left = {noun: rng.randint(1, n) for noun, n in entered.items() if rng.random() < 0.7}
    talkers = [] if d.anonymous else rng.sample(d.speakers, min(len(d.speakers), rng.choice([0, 1, 1, 2])))
    spoke = {who: rng.choice([1, 2, 3, 4, 5, 7, 9, 12]) for who in talkers}
    signs = [words.sign_text(rng, d.held_out)] if rng.random() < 0.3 or not (entered or spoke) else []
    t0, t1 = d.t_ns, d.t_ns + span_s * NS
    percept = Percept(f"{source}/m{len(d.facts)}", "scene", source, t0, t1, consolidated(entered, left, spoke, signs))
    since, until = wording.clock(t0, d.wall_start), wording.clock(t1, d.wall_start)
    data = {f"entered {noun}": str(n) for noun, n in entered.items()}
    data |= {f"left {noun}": str(n) for noun, n in left.items()}
    data |= {f"spoke {who}": str(n) for who, n in spoke.items()}
    data |= {"since": since, "until": until} | ({"sign": signs[0]} if signs else {})
    line = wording.line(percept, d.wall_start)
    d.facts.append(Fact(percept, line, f"{since} to {until}", "consolidated", data))
