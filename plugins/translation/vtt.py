"""Translated captions as a WebVTT file that is valid at any moment; lines and times follow the subtitles' rules."""

from __future__ import annotations

from pathlib import Path

from dialog.events import Caption
from plugins.subtitles.cues import Cue, Rules
from plugins.subtitles.subtitler import Subtitler
from streams.errors import HeedError
from streams.types import Transcript

HEADER = "WEBVTT\n\n"


class VttFile:
    """Appends a cue in one write, with its blank line; what is written is never changed."""

    def __init__(self, path: Path, language: str) -> None:
        """The file is made with the first cue. `language`: of all captions that it is given."""
        self.path = path
        self._subtitler = Subtitler(Rules(), "block", language)
        self._language = language
        self._begun = False

    def write(self, caption: Caption) -> None:
        """Append the cues that are complete now.

        Raises:
            HeedError: the file cannot be written.
        """
        said = Transcript(caption.source, caption.t0_ns, caption.t1_ns, caption.text, caption.speaker, self._language)
        self._append(self._subtitler.push(said))

    def close(self) -> None:
        """Append what is left. Safe to call twice."""
        self._append(self._subtitler.finish())

    def _append(self, cues: list[Cue]) -> None:
        text = "".join(cue_text(cue) for cue in cues)
        if self._begun and not text:
            return
        try:
            if not self._begun:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                self.path.write_text(HEADER, encoding="utf-8")
                self._begun = True
            with self.path.open("ab", buffering=0) as file:
                file.write(text.encode())
        except OSError as error:
            raise HeedError(f"cannot write {self.path.name}: {error.strerror or error}") from error


def cue_text(cue: Cue) -> str:
    """A cue with its blank line."""
    lines = "\n".join(_escape(line) for line in cue.lines)
    voice = f"<v {_escape(cue.speaker)}>" if cue.speaker else _escape(cue.label)
    return f"{_stamp(cue.t0_ns)} --> {_stamp(cue.t1_ns)}\n{voice}{lines}\n\n"


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _stamp(t_ns: int) -> str:
    minutes, ms = divmod(t_ns // 1_000_000, 60_000)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{ms // 1000:02d}.{ms % 1000:03d}"
