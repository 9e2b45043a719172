"""From committed words to cues that can be read: where one ends, how its lines break, how long it stays.

The rules are those of the field: two lines of 42 characters, at least 5/6 s, at most 7 s, two frames between cues
(Netflix Timed Text Style Guide), at most 20 characters a second (17 to 20 are usual), lines that break at phrases.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from plugins.subtitles.commits import Word
from plugins.subtitles.text import break_cost, lay_out, pieces, width_of
from streams.types import NS

MS = 1_000_000


@dataclass(frozen=True, slots=True)
class Rules:
    """What a cue must keep to."""

    max_line_chars: int = 42
    max_lines: int = 2
    max_cps: float = 20.0
    """Characters a second to read, at most: a cue is held longer where somebody speaks faster."""
    min_cue_s: float = 5 / 6
    max_cue_s: float = 7.0
    min_gap_s: float = 1 / 12
    """Between two cues: two frames of film."""
    pause_s: float = 1.0
    """So much silence between two words parts them into two cues."""
    max_late_s: float = 10.0
    """Where cues would lag this far behind the words, reading speed yields (this is counted)."""

    def __post_init__(self) -> None:
        if not 20 <= self.max_line_chars <= 200:
            raise ValueError("max_line_chars must be 20 to 200")
        if not 1 <= self.max_lines <= 4:
            raise ValueError("max_lines must be 1 to 4")
        if not 0 < self.min_cue_s <= self.max_cue_s:
            raise ValueError("min_cue_s must be positive and at most max_cue_s")
        if self.max_cps <= 0 or self.min_gap_s < 0 or self.pause_s <= 0 or self.max_late_s <= 0:
            raise ValueError("max_cps, pause_s and max_late_s must be positive, min_gap_s not negative")
        if self.max_line_chars * self.max_lines / self.max_cps > self.max_cue_s:
            raise ValueError("a full cue cannot be read in max_cue_s: raise max_cps or max_cue_s, or shorten the lines")


@dataclass(frozen=True, slots=True)
class Cue:
    """A subtitle. Times are whole milliseconds, in nanoseconds of stream time."""

    t0_ns: int
    t1_ns: int
    lines: tuple[str, ...]
    source: str = ""
    speaker: str = ""
    language: str = ""
    label: str = ""
    """What stands before the first line where another voice begins: `Ann: ` or `- `. Room is kept for it."""
    hurried: bool = False
    """Shorter than its reading takes, because subtitles were late."""

    @property
    def text(self) -> str:
        """The lines as one, for those who lay out themselves."""
        return " ".join(self.lines)

    @property
    def cps(self) -> float:
        """Characters a second that a reader has to read."""
        return _chars(self.lines, self.label) * NS / (self.t1_ns - self.t0_ns)


@dataclass(slots=True)
class _Item:
    text: str
    t0_ns: int
    t1_ns: int


class Track:
    """The cues of one source. Memory is bounded by one cue and one event's words."""

    def __init__(self, source: str, rules: Rules) -> None:
        self._source = source
        self._rules = rules
        self._items: list[_Item] = []
        self._speaker = self._language = self._label = ""
        self._free_ns = 0
        """No cue may begin earlier."""
        self.newest_ns = 0
        """Where the newest word ended."""

    @property
    def waiting(self) -> bool:
        """True while committed words wait for their cue to fill."""
        return bool(self._items)

    def add(self, words: Sequence[Word], speaker: str, language: str, label: str = "") -> list[Cue]:
        """Take in words; the cues that are full. A change of speaker ends the one before."""
        out = [] if speaker == self._speaker else self.flush()
        if not self._items:
            self._label = label[: self._rules.max_line_chars // 3]
        self._speaker, self._language = speaker, language
        longest = self._rules.max_line_chars - self._rules.max_line_chars // 3
        for word in words:
            fits = width_of(word.text) <= longest
            parts = [word.text] if fits else pieces(word.text, longest)
            span, n = word.t1_ns - word.t0_ns, len(parts)
            self._items += [
                _Item(part, word.t0_ns + span * i // n, word.t0_ns + span * (i + 1) // n)
                for i, part in enumerate(parts)
            ]
            self.newest_ns = max(self.newest_ns, word.t1_ns)
        while (end := self._full()) is not None:
            out.append(self._close(end))
        return out

    def flush(self) -> list[Cue]:
        """The cue of the words that wait, if there are any."""
        return [self._close(len(self._items))] if self._items else []

    def _full(self) -> int | None:
        """How many items make the next cue; None while all may still go into one."""
        items, rules = self._items, self._rules
        fit = 0
        while fit < len(items) and self._may_join(fit):
            fit += 1
        if fit == len(items):
            return None
        if items[fit].t0_ns - items[fit - 1].t1_ns >= rules.pause_s * NS:
            return fit
        room = rules.max_line_chars * rules.max_lines
        costs = {
            end: break_cost(items[end - 1].text, items[end].text, self._language)
            + 4 * (1 - self._width(end) / room) ** 2
            for end in range(max(1, fit // 2), fit + 1)
        }
        return min(costs, key=lambda end: (costs[end], -end))

    def _may_join(self, index: int) -> bool:
        """Whether the item at `index` may stand in one cue with all before it."""
        items, rules = self._items, self._rules
        if index == 0:
            return True
        if items[index].t0_ns - items[index - 1].t1_ns >= rules.pause_s * NS:
            return False
        if items[index].t1_ns - max(items[0].t0_ns, self._free_ns) > rules.max_cue_s * NS:
            return False
        return self._laid_out(index + 1) is not None

    def _laid_out(self, count: int) -> list[str] | None:
        words = [item.text for item in self._items[:count]]
        rules = self._rules
        return lay_out(words, rules.max_line_chars, rules.max_lines, self._language, width_of(self._label))

    def _width(self, count: int) -> int:
        return sum(width_of(item.text) + 1 for item in self._items[:count])

    def _close(self, count: int) -> Cue:
        rules, items = self._rules, self._items
        lines = tuple(self._laid_out(count) or ())
        t0_ns = _ceil_ms(max(items[0].t0_ns, self._free_ns))
        hurried = t0_ns - items[0].t0_ns > rules.max_late_s * NS
        reading_s = 0.0 if hurried else _chars(lines, self._label) / rules.max_cps
        need_ns = _ceil_ms(math.ceil(max(rules.min_cue_s, reading_s) * NS))
        last_ns = t0_ns + int(rules.max_cue_s * NS) // MS * MS
        t1_ns = max(min(_ceil_ms(items[count - 1].t1_ns), last_ns), t0_ns + need_ns)
        self._free_ns = t1_ns + math.ceil(rules.min_gap_s * NS)
        cue = Cue(t0_ns, t1_ns, lines, self._source, self._speaker, self._language, self._label, hurried)
        self._items, self._label = items[count:], ""
        return cue


def broken_rules(cue: Cue, before: Cue | None, rules: Rules) -> list[str]:
    """The rules that a cue breaks; `before` is the one before it of the same source."""
    length_ns = cue.t1_ns - cue.t0_ns
    found = []
    if not cue.lines or not all(cue.lines):
        found.append("empty line")
    if len(cue.lines) > rules.max_lines:
        found.append("lines")
    widths = [width_of(line) for line in cue.lines]
    if any(w + (width_of(cue.label) if i == 0 else 0) > rules.max_line_chars for i, w in enumerate(widths)):
        found.append("characters in a line")
    if cue.cps > rules.max_cps + 1e-6:
        found.append("reading speed")
    if length_ns < rules.min_cue_s * NS - 1:
        found.append("shortest duration")
    if length_ns > rules.max_cue_s * NS + MS:
        found.append("longest duration")
    if before is not None and cue.t0_ns - before.t1_ns < rules.min_gap_s * NS - 1:
        found.append("gap")
    return found


def _chars(lines: Sequence[str], label: str) -> int:
    return sum(map(len, lines)) + max(0, len(lines) - 1) + len(label)


def _ceil_ms(t_ns: int) -> int:
    return -(-t_ns // MS) * MS
