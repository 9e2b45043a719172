"""What the dialog needs of a language model with a memory; `dialog.model` provides it, tests provide small ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from dialog.model.chat import Turn
from dialog.model.cited import Cited, rests_on

__all__ = ["Cited", "Mind", "Recollection", "Thought", "Turn", "rests_on"]


class Thought(Protocol):
    """An answer in the making. Blocking; used by one thread at a time."""

    @property
    def text(self) -> str:
        """All text so far."""
        ...

    @property
    def tokens(self) -> Sequence[int]:
        """The tokens generated so far."""
        ...

    def step(self) -> str | None:
        """Generate one token; its text (may be empty while a character is incomplete), None at the end."""
        ...

    def cancel(self) -> None:
        """Generate no more; safe from any thread."""
        ...

    def evidence(self) -> list[Cited]:
        """The answer's sentences, each with the percepts that it rests on. Call it when the answer is complete."""
        ...


class Mind(Protocol):
    """A language model and what it remembers. Blocking; all calls come from one thread."""

    def remember(self, percept_id: str, line: str, t_ns: int, pinned: bool = False) -> Sequence[str]:
        """Take in a percept: its keys and values are computed here, once. Returns the ids of those that had to make
        room; a pinned one is the last to do so."""
        ...

    def remember_many(self, percepts: Sequence[tuple[str, str, int]]) -> None:
        """`remember` for several `(percept_id, line, t_ns)` at once, which is faster than one by one."""
        ...

    def forget(self, percept_id: str) -> None:
        """Let a percept go; one that is not held is ignored."""
        ...

    def prepare(self, question: str, history: Sequence[Turn], now: str, now_ns: int, max_new_tokens: int) -> None:
        """Compute ahead for `ask` with the same arguments, while the user may still be speaking. Leaves no trace: when
        `ask` comes with others, or something was perceived in between, what was prepared is dropped."""
        ...

    def finished(self, words: str) -> float:
        """The probability, 0..1, that a sentence of a user which began with these words ends here."""
        ...

    def ask(self, question: str, history: Sequence[Turn], now: str, now_ns: int, max_new_tokens: int) -> Thought:
        """Begin an answer.

        Args:
            question: as the user put it.
            history: earlier turns of this conversation, oldest first.
            now: the time as people say it (`streams.wording.clock`).
            now_ns: stream time.
            max_new_tokens: upper bound of the answer's length.
        """
        ...


def _as_it_is(thought: Thought) -> Thought:
    return thought


@dataclass(frozen=True, slots=True)
class Recollection:
    """What an archive does for a question."""

    mind: Mind | None = None
    """Another mind to ask; None: the one that is asked always, which may have been told more."""
    question: str = ""
    """What to ask the other mind."""
    told: Callable[[Thought], Thought] = _as_it_is
    """What becomes of the answer."""
