"""Translated captions as cues, in a file and on a page; lines and times follow the subtitles' rules."""

from __future__ import annotations

from collections import deque
from pathlib import Path

from dialog.events import Caption
from plugins.subtitles.cues import Cue, Rules
from plugins.subtitles.formats import CueFile, Order, vtt
from plugins.subtitles.subtitler import Subtitler
from streams.errors import SourceError
from streams.types import Transcript

KEPT_CUES = 5000
"""Cues on the page: some four hours of talk."""


class Cues:
    """The cues of one language: those in a file are never changed, the page holds the newest."""

    def __init__(self, language: str, path: Path | None = None) -> None:
        """`path`: a file ending in .vtt or .srt, made with the first cue."""
        self._language, self._path = language, path
        self._subtitler = Subtitler(Rules(), "block", language)
        self._order = Order()
        self._kept: deque[Cue] = deque(maxlen=KEPT_CUES)
        self._file: CueFile | None = None

    def add(self, caption: Caption) -> None:
        """Append the cues of a caption.

        Raises:
            SourceError: the file cannot be written.
        """
        times, who = (caption.t0_ns, caption.t1_ns), caption.speaker
        self._keep(self._subtitler.push(Transcript(caption.source, *times, caption.text, who, self._language)))

    def close(self) -> None:
        """Append what is left; no more comes."""
        self._keep(self._subtitler.finish())
        if self._file is not None:
            self._file.close()

    def page(self) -> bytes:
        """The newest cues as WebVTT."""
        return vtt(self._kept).encode()

    def _keep(self, cues: list[Cue]) -> None:
        placed = [self._order.put(cue) for cue in cues]
        self._kept.extend(placed)
        if self._path is None:
            return
        try:
            if self._file is None:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                self._file = CueFile(self._path)
            for cue in placed:
                self._file.write(cue)
        except OSError as error:
            raise SourceError(f"cannot write {self._path}: {error.strerror or error}") from error
