"""How long to wait in a pause before the turn is taken: the surer the words are finished, the shorter; slow speakers,
who pause within their sentences, are given longer."""

from __future__ import annotations

from dataclasses import dataclass, field

SURE, LIKELY, UNSURE = 0.75, 0.4, 0.15
"""Likelihoods that the user has finished from which on the wait is shorter."""


@dataclass(frozen=True, slots=True)
class PauseOptions:
    """Silence after which an answer begins, by how likely the user has finished. Seconds."""

    sure_s: float = 0.45
    """From `SURE` on."""
    likely_s: float = 0.8
    """From `LIKELY` on."""
    unsure_s: float = 1.2
    """From `UNSURE` on, and where nothing is known."""
    longest_s: float = 2.0
    """Less likely. Nobody waits longer."""
    memory: float = 0.7
    """Weight of what is known of a speaker's pauses beside the newest."""

    def __post_init__(self) -> None:
        if not 0 < self.sure_s <= self.likely_s <= self.unsure_s <= self.longest_s:
            raise ValueError("the waits must rise from sure to longest")


PATIENCE = {
    "quick": PauseOptions(0.2, 0.4, 0.8, 1.4),
    "balanced": PauseOptions(),
    "patient": PauseOptions(0.6, 1.0, 2.0, 3.0),
}
"""Manners to choose from."""


@dataclass(slots=True)
class Pauses:
    """What is known of a speaker's pauses."""

    options: PauseOptions = field(default_factory=PauseOptions)
    usual_s: float = 0.0
    """Running mean of the pauses after which they went on; 0 before the first."""

    def went_on(self, pause_s: float) -> None:
        """After so long a pause the user went on speaking."""
        o = self.options
        if 0 < pause_s <= o.longest_s:
            self.usual_s = pause_s if not self.usual_s else o.memory * self.usual_s + (1 - o.memory) * pause_s

    def wait_s(self, finished: float | None) -> float:
        """Silence to wait for, when the user has finished with this likelihood (None: not known)."""
        o = self.options
        if finished is None:
            finished = UNSURE
        if finished >= SURE:
            return max(o.sure_s, min(o.likely_s, 0.5 * self.usual_s))
        if finished >= LIKELY:
            return max(o.likely_s, min(o.unsure_s, 1.1 * self.usual_s))
        if finished >= UNSURE:
            return max(o.unsure_s, min(o.longest_s, 1.5 * self.usual_s))
        return o.longest_s
