"""Small stand-ins for models, for tests of what surrounds them. No weights, no time."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from agent.bus import Bus
from dialog.manager import Organs
from dialog.mind import Cited, Turn
from streams.clock import Clock
from streams.sink import Speech
from streams.types import AudioChunk, Observation


@dataclass
class FakeThought:
    """Says its words one a step."""

    words: list[str]
    rests_on: list[str]
    text: str = ""
    tokens: list[int] = field(default_factory=list)

    def step(self) -> str | None:
        at = len(self.tokens)
        if at >= len(self.words):
            return None
        piece = (" " if at else "") + self.words[at]
        self.tokens.append(at)
        self.text += piece
        return piece

    def cancel(self) -> None:
        self.words = self.words[: len(self.tokens)]

    def evidence(self) -> list[Cited]:
        return [Cited(self.text.strip(), tuple((percept_id, 1.0) for percept_id in self.rests_on))] if self.text else []


Prompt = tuple[str, tuple[Turn, ...], str]


@dataclass
class FakeMind:
    """Answers every question with the newest line that shares a word with it."""

    lines: dict[str, str] = field(default_factory=dict)
    asked: list[Prompt] = field(default_factory=list)
    passes: list[Prompt] = field(default_factory=list)
    """Each prompt as often as it was read, ahead or when asked."""
    ready: Prompt | None = None
    """The prompt that was read ahead, until it is used or something is perceived."""

    def remember(self, percept_id: str, line: str, t_ns: int, pinned: bool = False) -> list[str]:
        self.lines[percept_id] = line
        self.ready = None
        return []

    def remember_many(self, percepts: Sequence[tuple[str, str, int]]) -> None:
        for percept in percepts:
            self.remember(*percept)

    def fork(self, memory_tokens: int | None = None) -> FakeMind:
        return self

    def forget(self, percept_id: str) -> None:
        self.lines.pop(percept_id, None)
        self.ready = None

    def prepare(self, question: str, history: Sequence[Turn], now: str, now_ns: int, max_new_tokens: int) -> None:
        self.ready = (question, tuple(history), now)
        self.passes.append(self.ready)

    def finished(self, words: str) -> float:
        """A sentence ends where it has a mark."""
        return 1.0 if words.endswith((".", "?", "!")) else 0.0

    def ask(self, question: str, history: Sequence[Turn], now: str, now_ns: int, max_new_tokens: int) -> FakeThought:
        prompt, ready, self.ready = (question, tuple(history), now), self.ready, None
        self.asked.append(prompt)
        if prompt != ready:
            self.passes.append(prompt)
        words = {w.strip("?.,!").lower() for w in question.split()} - {"the", "is", "what", "a"}
        for percept_id, line in reversed(self.lines.items()):
            if words & {w.strip('".,:').lower() for w in line.split()}:
                return FakeThought([*line.split()], [percept_id])
        return FakeThought(["I", "do", "not", "know."], [])


class NoVoice:
    """Hears nobody speak."""

    def init_state(self, source: str) -> None:
        return None

    def step(self, state: None, media: AudioChunk) -> list[Observation]:
        return []

    def flush(self, state: None) -> list[Observation]:
        return []


class FakeVoice:
    """A tenth of a second of a tone for each word, at 16 kHz."""

    def say(self, text: str) -> tuple[NDArray[np.float32], int]:
        return (np.sin(np.arange(1600 * len(text.split())) / 5) / 2).astype(np.float32), 16_000


@dataclass
class ListSink:
    """Plays at once, into a list."""

    speech: list[Speech] = field(default_factory=list)
    stopped: int = 0

    def play(self, speech: Speech) -> None:
        if speech.generation > self.stopped:
            self.speech.append(speech)

    def stop(self, generation: int) -> None:
        self.stopped = max(self.stopped, generation)

    def hold(self) -> None:
        """Has played all before anybody speaks."""

    def resume(self) -> None:
        """Nothing to go on with."""

    def played_s(self, generation: int) -> float:
        return sum(len(s.samples) / s.sample_rate_hz for s in self.speech if s.generation == generation)

    def idle(self) -> bool:
        return True


def organs(clock: Clock, bus: Bus, executor: ThreadPoolExecutor, mind: FakeMind | None = None) -> Organs:
    """Everything a conversation needs, without models."""
    return Organs(mind or FakeMind(), FakeVoice(), clock, bus.publish, executor, executor)
