"""The subtitles plugin: captions as events, files, a growing WebVTT page, and HLS."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from dialog.events import Caption, Perceived
from plugins.contract import Register, Request
from plugins.subtitles.cues import Cue, Rules
from plugins.subtitles.formats import CueFile, HlsOptions, HlsPlaylist, Order, vtt
from plugins.subtitles.subtitler import Subtitler
from streams.errors import HeedError, SourceError
from streams.types import Health, Partial, Transcript

KEPT_CUES = 5000
"""Cues on the page `live.vtt`: some four hours of talk, at most about 1 MB."""


@dataclass(frozen=True, slots=True)
class Options:
    """The table `[plugins.subtitles]`."""

    style: Literal["rollup", "block"] = "rollup"
    """`rollup`: words as soon as they are certain. `block`: whole cues. Files and pages hold blocks in either."""
    language: str = "en"
    """Of words whose language the recogniser does not tell."""
    agreement: int = 1
    """Successive partial texts that must have a word. The recogniser's are themselves what two readings agree on."""
    file: str = ""
    """A `.vtt` or `.srt` file to write; a relative path lies in the plugin's folder."""
    rules: Rules = Rules()
    hls: HlsOptions = HlsOptions()

    def __post_init__(self) -> None:
        if self.file and Path(self.file).suffix.lower() not in (".vtt", ".srt"):
            raise ValueError("file must end in .vtt or .srt")
        if not 1 <= self.agreement <= 5:
            raise ValueError("agreement must be 1 to 5")
        if not 1 <= self.hls.segment_s <= 60 or not 3 <= self.hls.keep <= 1000 or self.hls.wait_s < 0:
            raise ValueError("hls: segment_s must be 1 to 60, keep 3 to 1000, wait_s not negative")


class Subtitles:
    """One run. Called by one event at a time."""

    def __init__(self, register: Register) -> None:
        """Registers itself.

        Raises:
            HeedError: the options are wrong or the file cannot be written.
        """
        self._register = register
        self._options = o = register.options(Options)
        self._live = Subtitler(o.rules, o.style, o.language, o.agreement)
        self._blocks = self._live if o.style == "block" else Subtitler(o.rules, "block", o.language, o.agreement)
        self._order = Order()
        self._kept: deque[Cue] = deque(maxlen=KEPT_CUES)
        self._hls = HlsPlaylist(o.hls, o.rules)
        self._file = self._open(o.file) if o.file else None
        register.on(Perceived, self.hear)
        register.every(0.5, self.tick)
        register.page("live.vtt", "text/vtt; charset=utf-8", self._vtt_page)
        register.page("live.m3u8", "application/vnd.apple.mpegurl", lambda request: self._hls.m3u8().encode())
        register.page("segment-*", "text/vtt; charset=utf-8", self._segment_page)
        register.status(self.status)
        register.on_stop(self.stop)

    def hear(self, event: Perceived) -> None:
        """Somebody says something."""
        said = event.what
        if not isinstance(said, Partial | Transcript):
            return
        self._show(event.t_ns, self._live.push(said))
        if self._blocks is not self._live:
            self._keep(self._blocks.push(said))

    def tick(self, now_ns: int) -> None:
        """Finish what has waited long; publish what is due."""
        self._show(now_ns, self._live.tick(now_ns))
        if self._blocks is not self._live:
            self._keep(self._blocks.tick(now_ns))
        self._hls.advance(now_ns)

    def stop(self) -> None:
        """The end: the last cues."""
        self._show(self._register.now_ns(), self._live.finish())
        if self._blocks is not self._live:
            self._keep(self._blocks.finish())
        self._hls.finish(self._register.now_ns())
        if self._file is not None:
            self._file.close()

    def status(self) -> str:
        """One line."""
        tally = self._live.tally
        return f"{tally.words} words in {tally.cues} cues; {tally.conflicts} the final text had otherwise"

    def _show(self, t_ns: int, cues: list[Cue]) -> None:
        for cue in cues:
            text = "\n".join(cue.lines)
            self._register.emit(
                Caption(t_ns, cue.t0_ns, cue.t1_ns, cue.language, text, source=cue.source, speaker=cue.speaker)
            )
        if self._blocks is self._live:
            self._keep(cues)

    def _keep(self, cues: list[Cue]) -> None:
        for cue in map(self._order.put, cues):
            self._kept.append(cue)
            self._hls.add(cue)
            if self._file is not None:
                try:
                    self._file.write(cue)
                except OSError as error:
                    self._file = None
                    reason = f"no more subtitles in {self._options.file}: {error.strerror or error}"
                    self._register.emit(Health("subtitles:file", "failed", reason, self._register.now_ns()))

    def _open(self, name: str) -> CueFile:
        path = Path(name).expanduser()
        if not path.is_absolute():
            path = self._register.folder / path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            return CueFile(path)
        except OSError as error:
            raise SourceError(f"cannot write subtitles to {name}: {error.strerror or error}") from error

    def _vtt_page(self, request: Request) -> bytes:
        """`?source=NAME` shows that source's alone."""
        wanted = request.query.get("source")
        return vtt(cue for cue in self._kept if wanted in (None, cue.source)).encode()

    def _segment_page(self, request: Request) -> bytes:
        number = request.path.removeprefix("segment-").removesuffix(".vtt")
        found = self._hls.segment(int(number)) if number.isascii() and number.isdigit() and len(number) < 12 else None
        if found is None:
            raise HeedError("no such segment; the playlist live.m3u8 names those that are kept")
        return found.encode()


def setup(register: Register) -> None:
    """What the entry point names."""
    Subtitles(register)
