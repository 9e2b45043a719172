"""The table `[plugins.translation]`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from plugins.translation.apertium import Apertium
from plugins.translation.ctranslate import CTranslate
from plugins.translation.translator import Translator, Translators


@dataclass(frozen=True, slots=True)
class ModelOptions:
    """A CTranslate2 model."""

    source: str
    """The language that it translates from, ISO 639-1."""
    target: str
    folder: str


@dataclass(frozen=True, slots=True)
class Options:
    """How translation goes."""

    to: tuple[str, ...] = ("es",)
    """Languages that everything said is translated into (ISO 639-1)."""
    language: str = "en"
    """What is spoken, where the hearing engine does not tell; also what the language model speaks."""
    of: Literal["transcript", "caption"] = "transcript"
    """What is translated: whole utterances, or the lines of subtitles."""
    engine: Literal["auto", "apertium", "ctranslate2"] = "auto"
    """`auto`: a model that is named for the pair, else Apertium."""
    models: tuple[ModelOptions, ...] = ()
    keep: tuple[str, ...] = ()
    """Names that are never translated, besides those that are seen and heard."""
    file: str = ""
    """WebVTT (or .srt) for each language, as in `subs.{lang}.vtt`; a relative path lies in the plugin's own folder."""
    dialog: bool = True
    """A user who writes or speaks in one of the languages of `to` is answered in it."""
    threads: int = 1
    """Processor threads for a CTranslate2 model."""

    def __post_init__(self) -> None:
        if not self.to or len(self.to) > 8:
            raise ValueError("'to' must name one to eight languages, as in to = [\"es\"]")
        for code in (*self.to, self.language, *(c for model in self.models for c in (model.source, model.target))):
            if not (2 <= len(code) <= 3 and code.isascii() and code.isalpha() and code.islower()):
                raise ValueError(f"{code[:20]!r} is no language code such as en or es")
        if self.file and len(self.to) > 1 and "{lang}" not in self.file:
            raise ValueError("'file' must contain {lang} where there are several languages")
        if self.file and not self.file.endswith((".vtt", ".srt")):
            raise ValueError("'file' must end in .vtt or .srt")
        if self.threads < 1:
            raise ValueError("'threads' must be at least 1")


def translators(options: Options) -> Translators:
    """The engines that the options name.

    Raises:
        TranslationError: a model folder is none.
    """
    engines: list[Translator] = []
    if options.engine != "apertium" and options.models:
        folders = {(m.source, m.target): Path(m.folder).expanduser() for m in options.models}
        engines.append(CTranslate(folders, options.threads))
    if options.engine != "ctranslate2":
        engines.append(Apertium())
    return Translators(engines)
