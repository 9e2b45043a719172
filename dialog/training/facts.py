"""What a made-up day consists of: facts, each a percept, its line and what it means."""

from __future__ import annotations

from dataclasses import dataclass, field

from streams import wording
from streams.types import NS, Percept


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that happened: the percept, and what it means."""

    percept: Percept
    line: str
    clock: str
    """The time as people say it; for a merged percept a span such as `09:00 to 10:00`."""
    what: str
    """Kind of fact, such as `enters`, `says`, `sign`."""
    data: dict[str, str] = field(default_factory=dict)

    @property
    def place(self) -> str:
        return wording.place(self.percept.source)


@dataclass(frozen=True, slots=True)
class Day:
    """Everything perceived up to now."""

    facts: tuple[Fact, ...]
    sources: tuple[str, ...]
    now_ns: int
    now: str
    """The time now as people say it."""

    def seconds_ago(self, i: int) -> float:
        """How long before now the fact with this index was, in seconds."""
        return (self.now_ns - self.facts[i].percept.t0_ns) / NS

    def age(self, i: int) -> str:
        """How long ago the fact with this index was, in the words that the language model reads."""
        return wording.ago(self.seconds_ago(i))

    @property
    def ages(self) -> tuple[str, ...]:
        """The ages of all facts."""
        return tuple(self.age(i) for i in range(len(self.facts)))
