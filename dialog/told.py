"""An answer whose words are fixed: what the agent says unasked."""

from __future__ import annotations

from dialog.model.cited import Cited


class Told:
    """Implements `dialog.mind.Thought`: one piece, and the percept that it is about."""

    def __init__(self, words: str, about: str) -> None:
        self.text = ""
        self.tokens: list[int] = []
        self._words, self._about = words, about

    def step(self) -> str | None:
        """All words at once, then None."""
        if self.text:
            return None
        self.text = self._words
        return self._words

    def cancel(self) -> None:
        """Say nothing (more)."""
        self.text = self._words

    def evidence(self) -> list[Cited]:
        """The percept."""
        return [Cited(self._words, ((self._about, 1.0),) if self._about else ())]
