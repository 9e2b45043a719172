"""All voices together: what is perceived in, cues out. No clock, no files."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, TypeVar

from plugins.subtitles.commits import Commit, Commits
from plugins.subtitles.cues import Cue, Rules, Track
from plugins.subtitles.text import words_of
from streams.types import NS, Partial, Transcript

Style = Literal["rollup", "block"]
K = TypeVar("K")
V = TypeVar("V")

MAX_VOICES = 64
"""Voices and sources that are followed at once; the one silent longest is finished."""
IDLE_S = 2.0
"""Committed words whose cue is not full are shown after so much silence."""
_NAME_CHARS = 24


@dataclass(slots=True)
class Tally:
    """What has happened so far."""

    cues: int = 0
    words: int = 0
    conflicts: int = 0
    """Committed words that the final text had otherwise."""
    hurried: int = 0


@dataclass(slots=True)
class _Voices:
    commits: OrderedDict[tuple[str, str], Commits] = field(default_factory=OrderedDict)
    tracks: OrderedDict[str, Track] = field(default_factory=OrderedDict)
    languages: OrderedDict[str, str] = field(default_factory=OrderedDict)


class Subtitler:
    """Turns what is said into cues, each source in its own row of time.

    `rollup`: a cue as soon as words are committed, each cue holds the new words and goes on where the last one
    stopped (shown as scrolling lines). `block`: a cue when it is full or its utterance has ended. In both, every
    committed word is in exactly one cue, in order, and cues obey the rules.
    """

    def __init__(self, rules: Rules, style: Style, language: str = "en", agreement: int = 1) -> None:
        """`language`: of words whose language the recogniser has not told yet."""
        self._rules, self._style, self._language, self._agreement = rules, style, language, agreement
        self._voices = _Voices()
        self._last_voice: tuple[str, str] | None = None
        self.tally = Tally()
        self.newest: Commit = Commit()
        """What the last event made certain."""

    def push(self, said: Partial | Transcript) -> list[Cue]:
        """Take in what the recogniser says; the cues that are finished by it."""
        voice = said.source, said.speaker
        commits, _ = _recent(self._voices.commits, voice, lambda: Commits(self._agreement))
        track, old = _recent(self._voices.tracks, said.source, lambda: Track(said.source, self._rules))
        out = [] if old is None else old.flush()
        if isinstance(said, Transcript) and said.language:
            self._voices.languages[said.source] = said.language
            while len(self._voices.languages) > MAX_VOICES:
                self._voices.languages.popitem(last=False)
        commit = self.newest = commits.push(said)
        self.tally.words += len(commit.words)
        self.tally.conflicts += commit.conflicts
        if commit.words:
            language = self._voices.languages.get(said.source, self._language)
            out += track.add(commit.words, _name(said.speaker), language, self._label(voice))
            self._last_voice = voice
        if track.waiting and (commit.ended or self._style == "rollup"):
            out += track.flush()
        return self._counted(out)

    def tick(self, now_ns: int) -> list[Cue]:
        """Time has come to `now_ns`: finish what has waited long."""
        late = [t for t in self._voices.tracks.values() if t.waiting and now_ns - t.newest_ns > IDLE_S * NS]
        return self._counted([cue for track in late for cue in track.flush()])

    def finish(self) -> list[Cue]:
        """The stream has ended."""
        return self._counted([cue for track in self._voices.tracks.values() for cue in track.flush()])

    def _label(self, voice: tuple[str, str]) -> str:
        if voice == self._last_voice:
            return ""
        name = _name(voice[1])
        return f"{name[: self._rules.max_line_chars // 3 - 2]}: " if name else "- " if self._last_voice else ""

    def _counted(self, cues: list[Cue]) -> list[Cue]:
        self.tally.cues += len(cues)
        self.tally.hurried += sum(cue.hurried for cue in cues)
        return cues


def _name(speaker: str) -> str:
    return " ".join(words_of(speaker))[:_NAME_CHARS]


def _recent(kept: OrderedDict[K, V], key: K, make: Callable[[], V]) -> tuple[V, V | None]:
    """The value of a key, made if need be and now the newest; and the one that had to go."""
    if key not in kept:
        kept[key] = make()
    kept.move_to_end(key)
    return kept[key], kept.popitem(last=False)[1] if len(kept) > MAX_VOICES else None
