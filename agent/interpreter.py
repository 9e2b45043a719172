"""The interpreter of conversations: the translation plugin's engines, asked before and after the language model."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from dialog.interpreter import Understood
from dialog.speech.espeak import Espeak, EspeakOptions
from dialog.speech.synth import Synthesizer
from plugins.options import build
from plugins.translation.language import guess
from plugins.translation.options import Options, translators
from plugins.translation.translator import TranslationError, Translator
from streams.errors import HeedError

MAX_VOICES = 8


class EngineInterpreter:
    """Implements `dialog.interpreter.Interpreter` for the languages that users may speak."""

    def __init__(self, engine: Translator, usual: str, others: tuple[str, ...], say: Callable[[str], None]) -> None:
        """
        Args:
            engine: translates.
            usual: the language model's own language.
            others: those that users may speak besides.
            say: told in one line, once each, what cannot be done.
        """
        self._engine, self._usual, self._say = engine, usual, say
        self._others = tuple(code for code in others if code != usual)
        self._told: set[str] = set()
        self._voices: dict[str, Synthesizer | None] = {}

    def understand(self, text: str) -> Understood:
        """See `Interpreter.understand`."""
        language = guess(text, self._usual, self._others)
        if language == self._usual:
            return Understood(text)
        translated = self._translated(text, language, self._usual)
        # An answer must come back the same way; one that cannot is given in the model's language to a question that
        # at least was understood.
        back = self._translated("yes", self._usual, language) if translated is not None else None
        return Understood(translated or text, language if back is not None else "")

    def express(self, sentence: str, language: str) -> str:
        """See `Interpreter.express`."""
        return self._translated(sentence, self._usual, language) or sentence

    def voice(self, language: str) -> Synthesizer | None:
        """See `Interpreter.voice`."""
        if language not in self._voices and len(self._voices) < MAX_VOICES:
            try:
                self._voices[language] = Espeak(EspeakOptions(language))
            except HeedError as error:
                self._tell(f"answers in '{language}' are not spoken: {error}")
                self._voices[language] = None
        return self._voices.get(language)

    def _translated(self, text: str, source: str, target: str) -> str | None:
        try:
            return self._engine.translate([text], source, target)[0]
        except TranslationError as error:
            self._tell(str(error))
            return None

    def _tell(self, line: str) -> None:
        if line not in self._told and len(self._told) < 100:
            self._told.add(line)
            self._say(line)


def interpreter_of(table: Mapping[str, Any], say: Callable[[str], None]) -> EngineInterpreter | None:
    """The interpreter that a table `[plugins.translation]` asks for; None: none.

    Raises:
        HeedError: the table is wrong.
    """
    options = build(Options, table, "plugins.translation")
    if not options.dialog:
        return None
    return EngineInterpreter(translators(options), options.language, options.to, say)
