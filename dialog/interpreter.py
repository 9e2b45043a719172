"""A conversation in a language that the language model does not speak: an interpreter sits between the two."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from dialog.mind import Thought
from dialog.model.cited import Cited
from dialog.speech.sentences import Sentences
from dialog.speech.synth import Synthesizer


@dataclass(frozen=True, slots=True)
class Understood:
    """What somebody said, in the language model's language."""

    text: str
    language: str = ""
    """What it was said in (ISO 639-1); empty: the model's own language, nothing was translated."""


class Interpreter(Protocol):
    """Translates between a user and the language model. Blocking; all calls come from the mind's thread but `voice`."""

    def understand(self, text: str) -> Understood:
        """What a user said. What cannot be translated comes back as it is."""
        ...

    def express(self, sentence: str, language: str) -> str:
        """A sentence of an answer, in the user's language; as it is when it cannot be translated."""
        ...

    def voice(self, language: str) -> Synthesizer | None:
        """Who speaks that language; None: nobody here does."""
        ...


class Interpreted:
    """Implements `dialog.mind.Thought`: an answer in the user's language, sentence by sentence as it is generated."""

    def __init__(self, thought: Thought, interpreter: Interpreter, understood: Understood) -> None:
        self.text = ""
        self.understood = understood
        self._thought, self._interpreter = thought, interpreter
        self._sentences = Sentences()
        self._ended = False
        self._said: list[tuple[str, str]] = []
        """Each sentence, in the model's language and in the user's."""

    @property
    def tokens(self) -> Sequence[int]:
        return self._thought.tokens

    @property
    def plain(self) -> str:
        """The answer in the model's language."""
        return self._thought.text.strip()

    def step(self) -> str | None:
        """As `Thought.step`; the text comes when a sentence is complete."""
        if self._ended:
            return None
        piece = self._thought.step()
        self._ended = piece is None
        done = self._sentences.flush() if piece is None else self._sentences.push(piece)
        if not done and self._ended:
            return None
        new = "".join(f"{self._express(sentence)} " for sentence in done)
        self.text += new
        return new

    def cancel(self) -> None:
        self._thought.cancel()

    def evidence(self) -> list[Cited]:
        """As `Thought.evidence`, each sentence in the user's language."""
        known = dict(self._said)
        return [Cited(known.get(c.text.strip()) or self._express(c.text), c.evidence) for c in self._thought.evidence()]

    def _express(self, sentence: str) -> str:
        text = self._interpreter.express(sentence, self.understood.language)
        self._said.append((sentence.strip(), text))
        return text
