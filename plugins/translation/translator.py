"""What a translation engine is to heed, and the choice among those that are there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Protocol

from streams.errors import HeedError

MAX_SEGMENT_CHARS = 2000
"""A longer segment is refused: the text comes from outside."""

LANGUAGES: Mapping[str, str] = MappingProxyType(
    {
        "af": "afr", "an": "arg", "ast": "ast", "be": "bel", "bg": "bul", "br": "br", "ca": "cat", "da": "dan",
        "de": "deu", "en": "eng", "eo": "eo", "es": "spa", "eu": "eu", "fr": "fra", "gl": "gl", "hi": "hin",
        "id": "ind", "is": "isl", "it": "ita", "mk": "mkd", "ms": "zlm", "nb": "nob", "nl": "nld", "nn": "nno",
        "oc": "oci", "pl": "pol", "pt": "por", "ro": "ro", "ru": "rus", "sc": "srd", "sh": "hbs", "sl": "slv",
        "sv": "swe", "uk": "ukr", "ur": "urd",
    }
)  # fmt: skip
"""ISO 639-1 code (as heed writes languages) to the code in the names of Apertium's pairs."""

DEBIAN: Mapping[frozenset[str], str] = MappingProxyType(
    {
        frozenset(pair): package
        for *pair, package in (
            ("af", "nl", "apertium-afr-nld"), ("be", "ru", "apertium-bel-rus"), ("br", "fr", "apertium-br-fr"),
            ("ca", "it", "apertium-cat-ita"), ("ca", "sc", "apertium-cat-srd"), ("en", "ca", "apertium-eng-cat"),
            ("en", "es", "apertium-eng-spa"), ("en", "gl", "apertium-en-gl"), ("eo", "ca", "apertium-eo-ca"),
            ("eo", "en", "apertium-eo-en"), ("eo", "es", "apertium-eo-es"), ("eo", "fr", "apertium-eo-fr"),
            ("es", "an", "apertium-spa-arg"), ("es", "ast", "apertium-spa-ast"), ("es", "ca", "apertium-spa-cat"),
            ("es", "gl", "apertium-es-gl"), ("es", "it", "apertium-spa-ita"), ("es", "pt", "apertium-es-pt"),
            ("es", "ro", "apertium-es-ro"), ("eu", "en", "apertium-eu-en"), ("eu", "es", "apertium-eu-es"),
            ("fr", "ca", "apertium-fra-cat"), ("fr", "es", "apertium-fr-es"), ("is", "en", "apertium-isl-eng"),
            ("is", "sv", "apertium-isl-swe"), ("id", "ms", "apertium-ind-zlm"), ("mk", "bg", "apertium-mkd-bul"),
            ("mk", "en", "apertium-mkd-eng"), ("nn", "nb", "apertium-nno-nob"), ("oc", "ca", "apertium-oc-ca"),
            ("oc", "es", "apertium-oc-es"), ("oc", "fr", "apertium-oci-fra"), ("pt", "ca", "apertium-por-cat"),
            ("pt", "gl", "apertium-pt-gl"), ("ru", "uk", "apertium-rus-ukr"), ("sc", "it", "apertium-srd-ita"),
            ("sh", "en", "apertium-hbs-eng"), ("sh", "sl", "apertium-hbs-slv"), ("sv", "da", "apertium-swe-dan"),
            ("ur", "hi", "apertium-urd-hin"),
        )
    }
)  # fmt: skip
"""Debian's package of an Apertium pair. Not all translate both ways."""


class TranslationError(HeedError):
    """Nothing here translates this, or an engine failed; the message says what to do."""

    code = "translation"


class Translator(Protocol):
    """A translation engine. Blocking; used by one thread at a time."""

    name: str

    def pairs(self) -> frozenset[tuple[str, str]]:
        """`(from, to)` that it can translate, ISO 639-1 codes."""
        ...

    def translate(self, segments: Sequence[str], source: str, target: str) -> list[str]:
        """One text for each segment, in order.

        Raises:
            TranslationError: it has no such pair, a segment is too long, or it failed.
        """
        ...

    def close(self) -> None:
        """Let go of processes and memory. Safe to call twice."""
        ...


class Translators:
    """Implements `Translator` with several engines: the first that has the pair, or two pairs in a row of one engine.

    Engines earlier in the list are preferred, and a direct pair to a detour.
    """

    name = "auto"

    def __init__(self, engines: Sequence[Translator]) -> None:
        self._engines = engines

    def pairs(self) -> frozenset[tuple[str, str]]:
        """All direct pairs."""
        return frozenset(pair for engine in self._engines for pair in engine.pairs())

    def route(self, source: str, target: str) -> tuple[Translator, tuple[str, ...]]:
        """The engine, and the languages that the text goes through: `("en", "es")`, or `("fr", "es", "en")`.

        Raises:
            TranslationError: one line that says what to install.
        """
        for engine in self._engines:
            if (source, target) in engine.pairs():
                return engine, (source, target)
        for engine in self._engines:
            pairs = engine.pairs()
            between = sorted(b for a, b in pairs if a == source and (b, target) in pairs)
            if between:
                # Of several, the language with most pairs: where there is most to choose from, more was invested.
                best = max(between, key=lambda code: sum(code in pair for pair in pairs))
                return engine, (source, best, target)
        raise TranslationError(missing(source, target))

    def translate(self, segments: Sequence[str], source: str, target: str) -> list[str]:
        """See `Translator.translate`."""
        if source == target:
            return list(segments)
        check(segments)
        engine, way = self.route(source, target)
        texts = list(segments)
        for here, there in zip(way, way[1:], strict=False):
            texts = engine.translate(texts, here, there)
        return texts

    def close(self) -> None:
        """Close all engines."""
        for engine in self._engines:
            engine.close()


def check(segments: Sequence[str]) -> None:
    """Raises `TranslationError` for a segment that is too long."""
    longest = max((len(segment) for segment in segments), default=0)
    if longest > MAX_SEGMENT_CHARS:
        raise TranslationError(f"a segment of {longest} characters is longer than {MAX_SEGMENT_CHARS}")


def missing(source: str, target: str) -> str:
    """One line: what to install to translate from `source` to `target`."""
    model = f"name a CTranslate2 model in [[plugins.translation.models]] with from = '{source}', to = '{target}'"
    what = f"nothing here translates {source} to {target}"
    packages = _packages(source, target)
    if not packages:
        return f"{what}, and Debian has no Apertium pair for it; {model}"
    return f"{what}; install with: sudo apt-get install apertium {' '.join(packages)}, or {model}"


def _packages(source: str, target: str) -> list[str]:
    direct = DEBIAN.get(frozenset((source, target)))
    if direct:
        return [direct]
    for between in ("es", "ca", "en", "fr"):
        first, second = DEBIAN.get(frozenset((source, between))), DEBIAN.get(frozenset((between, target)))
        if first and second:
            return [first, second]
    return []
