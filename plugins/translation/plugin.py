"""The plugin: what is said comes out again in other languages. Listens to what is committed, never to partial text."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from dialog.events import Caption, Perceived
from plugins.contract import Register, Request
from plugins.translation.options import Options, translators
from plugins.translation.pieces import Piece, pieces
from plugins.translation.terms import Terms, keeping
from plugins.translation.translator import TranslationError, Translator
from plugins.translation.vtt import Cues
from streams.errors import HeedError
from streams.types import Health, HealthState, Percept, Transcript


def setup(register: Register) -> None:
    """Entry point `translation` of the group `heed.plugins`."""
    options = register.options(Options)
    Translation(register, options, translators(options)).start()


MAX_CODE_CHARS = 16
MAX_REASON_CHARS = 300
"""Shown of a language and of what is wrong: what an event calls its language may be anything, of any length."""


class Translation:
    """Translates each committed segment once, into each language, in order; nothing is ever taken back."""

    def __init__(self, register: Register, options: Options, engine: Translator) -> None:
        self._register, self._options, self._engine = register, options, engine
        self._terms = Terms()
        self._executor = ThreadPoolExecutor(1, "translation")
        self._cues: dict[str, Cues] = {}
        self._failed: dict[str, str] = {}
        """Why the newest segment was not translated into a language, by `from-to`."""
        self._counts = dict.fromkeys(options.to, 0)

    def start(self) -> None:
        """Register what it listens to, and say which languages are missing."""
        register, options = self._register, self._options
        for term in options.keep:
            self._terms.add(term)
        for target in options.to:
            path = register.folder / options.file.replace("{lang}", target) if options.file else None
            self._cues[target] = Cues(target, path)
            register.page(f"{target}.vtt", "text/vtt; charset=utf-8", self._page)
        register.on(Perceived, self._perceived)
        if options.of == "caption":
            register.on(Caption, self._caption)
        register.status(self._status)
        register.on_stop(self._stop)

    async def _perceived(self, event: Perceived) -> None:
        what = event.what
        if isinstance(what, Percept):
            self._terms.see(what)
        elif isinstance(what, Transcript):
            self._terms.hear(what)
            if self._options.of == "transcript":
                language = what.language or self._options.language
                for piece in pieces(what.text, what.t0_ns, what.t1_ns):
                    await self._translate(piece, language, what.source, what.speaker)

    async def _caption(self, caption: Caption) -> None:
        if not caption.translated:
            piece = Piece(caption.t0_ns, caption.t1_ns, caption.text)
            await self._translate(piece, caption.language, caption.source, caption.speaker)

    async def _translate(self, piece: Piece, language: str, source: str, speaker: str) -> None:
        terms, loop = self._terms.find(piece.text), asyncio.get_running_loop()
        for target in self._options.to:
            if target == language:
                continue
            engine = partial(self._one, language, target)
            pair = f"{language[:MAX_CODE_CHARS]}-{target}"
            try:
                text = await loop.run_in_executor(self._executor, keeping, terms, piece.text, engine)
            except TranslationError as error:
                self._report(pair, str(error))
                continue
            self._report(pair, "")
            if not text:
                continue
            now_ns = self._register.now_ns()
            caption = Caption(now_ns, piece.t0_ns, piece.t1_ns, target, text, True, source, speaker, piece.text)
            self._counts[target] += 1
            self._register.emit(caption)
            self._write(target, caption)

    def _one(self, source: str, target: str, text: str) -> str:
        return self._engine.translate([text], source, target)[0]

    def _write(self, target: str, caption: Caption | None = None) -> None:
        """Into the language's cues: a caption, or what is left."""
        cues = self._cues[target]
        try:
            cues.close() if caption is None else cues.add(caption)
            self._report(f"file {target}", "")
        except HeedError as error:
            self._report(f"file {target}", str(error))

    def _report(self, pair: str, reason: str) -> None:
        """Say in a health event that a pair does not work, or works again; once each."""
        reason = reason[:MAX_REASON_CHARS]
        if self._failed.get(pair, "") != reason:
            self._failed[pair] = reason
            state: HealthState = "degraded" if reason else "ok"
            self._register.emit(Health(f"translation:{pair}", state, reason or "works again", self._register.now_ns()))

    def _status(self) -> str:
        failing = [reason for reason in self._failed.values() if reason]
        counts = ", ".join(f"{count} to {target}" for target, count in self._counts.items())
        return failing[0] if failing else f"translated: {counts}"

    def _page(self, request: Request) -> bytes:
        return self._cues[request.path.removesuffix(".vtt")].page()

    async def _stop(self) -> None:
        self._executor.shutdown(wait=False, cancel_futures=True)
        self._engine.close()
        for target in self._cues:
            self._write(target)
