"""A conversation on virtual time, for tests of turn-taking."""

from __future__ import annotations

from dataclasses import dataclass, field

from dialog.signals import Answer, Audible, Decision, Input, Voiced, Words
from dialog.turn import TurnTaking
from streams.types import NS

KEYS = "Where are the keys?"


@dataclass
class Talk:
    """A conversation whose time is set by the test. Times in seconds."""

    turns: TurnTaking = field(default_factory=TurnTaking)
    t_s: float = 0.0
    log: list[Decision] = field(default_factory=list)

    def tell(self, what: Input) -> list[Decision]:
        self.log += (new := self.turns.handle(what, round(self.t_s * NS)))
        return new

    def voice(self, speaking: bool, who: str = "anna") -> list[Decision]:
        return self.tell(Voiced(who, round(self.t_s * NS), speaking))

    def words(self, text: str, t0_s: float, finished: float | None = None, who: str = "anna") -> list[Decision]:
        return self.tell(Words(who, round(t0_s * NS), round(self.t_s * NS), text, finished))

    def wait(self, seconds: float) -> list[Decision]:
        """Let time pass in steps of a fiftieth of a second."""
        new: list[Decision] = []
        for _ in range(round(seconds * 50)):
            self.t_s += 0.02
            new += self.turns.tick(round(self.t_s * NS))
        self.log += new
        return new

    def ask(self, text: str = KEYS) -> None:
        """Somebody asks, and the agent begins to speak."""
        t0_s = self.t_s
        self.voice(True)
        self.wait(1.0)
        self.voice(False)
        self.words(text, t0_s, 0.95)
        self.wait(0.5)
        assert self.turns.state == "thinking"
        self.tell(Audible(self.turns.generation))
        self.turns.saying(self.turns.generation, "The keys are under the red chair in the hall.")
        assert self.turns.state == "speaking"


def answers(decisions: list[Decision]) -> list[str]:
    return [d.question for d in decisions if isinstance(d, Answer)]
