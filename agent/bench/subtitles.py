"""`heed bench subtitles`: how late, how right and how readable live subtitles are, on labelled recordings.

Every English recording is spoken to the recogniser in stream time. A result is known when the sound that it needs has
been heard and this machine has worked it off: the measured work is added, and work that is not done yet delays the
next. The manifest has no times of words, so a word is placed within its recording's speech, from the start of the first
utterance to the end of the last, in proportion to its length; recordings with timed events are placed within those.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from agent.bench.perception import read_manifest
from agent.bench.perception_audio import CHUNK, Errors, is_clean_english, is_noise, normalise, read_audio, word_errors
from agent.bench.progress import counting
from agent.bench.table import BenchResult
from plugins.subtitles.cues import Cue, Rules, broken_rules
from plugins.subtitles.subtitler import Style, Subtitler
from plugins.subtitles.text import key_of
from streams.clock import Stopwatch
from streams.encoders.hearing.encoder import HearingEncoder
from streams.types import NS, SAMPLE_RATE_HZ, AudioChunk, Partial, Transcript, ns

_TAIL_S = 1.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.description = __doc__
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument(
        "--media", type=Path, help="folder with manifest.json (default: HEED_MEDIA, else ../shared/media)"
    )
    parser.add_argument("--only", metavar="NAME", default="", help="recordings whose name holds this")
    parser.add_argument("--style", choices=("rollup", "block"), default="rollup", help="as in [plugins.subtitles]")
    parser.add_argument("--agreement", type=int, default=1, help="as in [plugins.subtitles] (default: 1)")


@dataclass(frozen=True, slots=True)
class Shown:
    """A word that became known: its place in the text, and when (seconds of stream time)."""

    key: str
    t_s: float


@dataclass(slots=True)
class Take:
    """What came of one recording."""

    partial: list[Shown] = field(default_factory=list)
    """Each word when it was first in a partial text."""
    committed: list[Shown] = field(default_factory=list)
    """Each word when a cue with it was emitted."""
    cues: list[Cue] = field(default_factory=list)
    rewrites: int = 0
    conflicts: int = 0
    speech: list[tuple[float, float]] = field(default_factory=list)
    """Utterances heard, seconds."""

    @property
    def text(self) -> str:
        return " ".join(cue.text for cue in self.cues)


def take(hearing: HearingEncoder[Any], path: Path, subtitler: Subtitler) -> Take:
    """Speak a recording to the recogniser and the subtitler.

    Raises:
        MediaError: the file cannot be read.
    """
    samples = np.concatenate([*read_audio(path), np.zeros(int(_TAIL_S * SAMPLE_RATE_HZ), np.float32)])
    state, out, free_s = hearing.init_state("recording"), Take(), 0.0
    utterance = _Utterance()
    for begin in range(0, len(samples), CHUNK):
        piece = samples[begin : begin + CHUNK]
        watch = Stopwatch()
        observed = hearing.step(state, AudioChunk("recording", ns(begin / SAMPLE_RATE_HZ), piece))
        free_s = max(free_s, (begin + len(piece)) / SAMPLE_RATE_HZ) + watch.elapsed_s()
        _follow(out, observed, subtitler, free_s, utterance)
    _follow(out, hearing.flush(state), subtitler, free_s, utterance)
    _emit(out, subtitler.finish(), free_s)
    out.conflicts = subtitler.tally.conflicts
    return out


@dataclass(slots=True)
class _Utterance:
    shown: int = 0
    """Words of this utterance that a partial text has shown."""


def _follow(out: Take, observed: Sequence[object], subtitler: Subtitler, t_s: float, utterance: _Utterance) -> None:
    for said in observed:
        if not isinstance(said, Partial | Transcript):
            continue
        words = said.text.split()
        out.partial += [Shown(key, t_s) for word in words[utterance.shown :] for key in normalise(word)]
        utterance.shown = max(utterance.shown, len(words))
        before = [shown.key for shown in out.committed]
        _emit(out, subtitler.push(said), t_s)
        out.rewrites += [shown.key for shown in out.committed][: len(before)] != before
        if isinstance(said, Transcript):
            out.speech.append((said.t0_ns / NS, said.t1_ns / NS))
            utterance.shown = 0
    _emit(out, subtitler.tick(round(t_s * NS)), t_s)


def _emit(out: Take, cues: list[Cue], t_s: float) -> None:
    out.cues += cues
    out.committed += [Shown(key, t_s) for cue in cues for key in normalise(cue.text)]


def spoken(item: dict[str, Any], speech: list[tuple[float, float]]) -> list[tuple[str, float]]:
    """`(word, seconds at which it has been spoken)` of a recording's transcript, see the module."""
    events = [e for e in item.get("events", []) if e["description"].startswith("speech")]
    spans = [(float(e["t0"]), float(e["t1"])) for e in events] or speech
    words = normalise(item["transcript"])
    total, length_s = sum(map(len, words)), sum(b - a for a, b in spans)
    out, chars = [], 0
    for word in words:
        chars += len(word)
        left = length_s * chars / total
        for a, b in spans:
            if left <= b - a + 1e-9:
                out.append((word, a + left))
                break
            left -= b - a
    return out


def delays(said: Sequence[tuple[str, float]], shown: Sequence[Shown]) -> list[float]:
    """Seconds from spoken to known, of the words that were heard right (longest common subsequence)."""
    n, m = len(said), len(shown)
    best = np.zeros((n + 1, m + 1), dtype=np.int32)
    for i in range(n - 1, -1, -1):
        for j in range(m - 1, -1, -1):
            same = key_of(said[i][0]) == key_of(shown[j].key)
            best[i, j] = best[i + 1, j + 1] + 1 if same else max(best[i + 1, j], best[i, j + 1])
    out, i, j = [], 0, 0
    while i < n and j < m:
        if key_of(said[i][0]) == key_of(shown[j].key):
            out.append(shown[j].t_s - said[i][1])
            i, j = i + 1, j + 1
        elif best[i + 1, j] >= best[i, j + 1]:
            i += 1
        else:
            j += 1
    return out


def run(args: argparse.Namespace) -> BenchResult:
    """Measure, with a progress bar on standard error."""
    from agent.config import load_config, media_folder
    from agent.parts import load_hearing

    folder = args.media or media_folder()
    items = [i for i in read_manifest(folder) if args.only in i["file"] and (_is_english(i) or is_noise(i))]
    hearing = load_hearing(load_config(), lambda line: None)
    sums = _Sums(args.style)
    with counting("subtitles", len(items)) as done:
        for item in items:
            subtitler = Subtitler(Rules(), args.style, agreement=args.agreement)
            sums.add(item, take(hearing, folder / item["file"], subtitler))  # type: ignore[arg-type]
            done()
    return sums.result()


def _is_english(item: dict[str, Any]) -> bool:
    return item.get("kind") == "speech" and item.get("language") == "en" and bool(item.get("transcript"))


@dataclass(slots=True)
class _Sums:
    style: Style
    rows: list[tuple[str, ...]] = field(default_factory=list)
    partial_s: list[float] = field(default_factory=list)
    committed_s: list[float] = field(default_factory=list)
    errors: list[Errors] = field(default_factory=list)
    clean: list[Errors] = field(default_factory=list)
    cps: list[float] = field(default_factory=list)
    broken: int = 0
    cues: int = 0
    rewrites: int = 0
    conflicts: int = 0
    invented: int = 0

    def add(self, item: dict[str, Any], taken: Take) -> None:
        broken = [b for a, c in zip([None, *taken.cues], taken.cues, strict=False) for b in broken_rules(c, a, Rules())]
        self.cues, self.broken = self.cues + len(taken.cues), self.broken + len(broken)
        self.cps += [cue.cps for cue in taken.cues]
        self.rewrites, self.conflicts = self.rewrites + taken.rewrites, self.conflicts + taken.conflicts
        if is_noise(item):
            self.invented += len(normalise(taken.text))
            self.rows.append((item["file"], "-", "-", f"{len(normalise(taken.text))} words", taken.text))
            return
        said, errors = spoken(item, taken.speech), word_errors(item["transcript"], taken.text)
        partial, committed = delays(said, taken.partial), delays(said, taken.committed)
        self.partial_s, self.committed_s = self.partial_s + partial, self.committed_s + committed
        self.errors.append(errors)
        if is_clean_english(item):
            self.clean.append(errors)
        self.rows.append((item["file"], _p(partial), _p(committed), f"{errors.rate:.1%}", taken.text))

    def result(self) -> BenchResult:
        figures = {
            "style": self.style,
            **_percentiles("partial", self.partial_s),
            **_percentiles("committed", self.committed_s),
            "words_timed": len(self.committed_s),
            "wer_mean": _mean([e.rate for e in self.errors]),
            "wer_clean_mean": _mean([e.rate for e in self.clean]),
            "rewrites": self.rewrites,
            "conflicts": self.conflicts,
            "cps_p50": round(float(np.percentile(self.cps, 50)), 1) if self.cps else None,
            "cps_max": round(max(self.cps), 1) if self.cps else None,
            "cues": self.cues,
            "rules_broken": self.broken,
            "noise_words": self.invented,
        }
        notes = [
            "delay from a word's end (estimated, see --help) to known, with this machine's work: p50 / p95 in seconds",
            f"committed: {_p(self.committed_s)} (wanted: at most 1.50 / 3.00); rewrites {self.rewrites}, rules broken "
            f"{self.broken}, words on noise {self.invented} (wanted: 0 each)",
            f"committed words that the final text has otherwise, and which stay: {self.conflicts}",
        ]
        columns = ("recording", "partial", "committed", "word errors", "subtitles")
        return BenchResult("subtitles", columns, self.rows, figures, notes)


def _percentiles(name: str, values: list[float]) -> dict[str, float | None]:
    return {f"{name}_p{p}_s": round(float(np.percentile(values, p)), 3) if values else None for p in (50, 95)}


def _p(values: list[float]) -> str:
    return f"{np.percentile(values, 50):.2f} / {np.percentile(values, 95):.2f}" if values else "-"


def _mean(values: list[float]) -> float | None:
    return round(sum(values) / len(values), 4) if values else None
