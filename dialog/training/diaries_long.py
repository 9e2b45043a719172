"""Long days out of diaries: one diary, and before it lines of others, among which its questions stay true."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import replace

from dialog.training.asking import Question
from dialog.training.diaries import CLOCK, Diary, varied
from dialog.training.words_speech import listed
from dialog.training.written import LINE

FEWEST = 4
"""Questions that must be left for a long day to be worth while."""

COUNTING = re.compile(
    r"\b(any\w*|at all|earliest|else|ever|first\w*|how (many|often)|last|latest|list|most|only|since|some\w*|sum\w*"
    r"|times|today|twice)\b",
    re.I,
)
"""What asks about all of a day, or about what came first or last in it."""

COMMON = frozenset(
    listed("""about;after;anybody;anything;around;asked;been;before;came;come;does;doing;done;else;enters;entered;from;gone;
    have;heard;here;into;just;know;leaves;left;mention;mentioned;middle;nobody;right;said;says;seen;somebody;something;still;
    tell;than;that;their;them;then;there;they;this;time;today;until;very;voice;want;wants;what;when;where;which;will;with;
    writes;wrote;your""")
)
"""Words that say nothing of what is asked."""


def lengthened(diary: Diary, others: Sequence[Diary], percepts: int, rng: random.Random) -> Diary | None:
    """The diary with lines of others before it, `percepts` in all; None where too few of its questions stay true.

    A question stays when it is not about the whole day and no line before the diary has two of its telling words (of a
    question without an answer: one).
    """
    clock = CLOCK.search(diary.lines[0])
    wanted = percepts - len(diary.lines)
    if clock is None or wanted < 1 or _told(diary.lines[0]) is None:
        return None
    if not clock.start() and clock[0] > diary.now:
        return None  # it begins the evening before, and nothing in its clocks says so
    minutes = int(clock[1]) * 60 + int(clock[2])
    pool = [text for other in others for line in varied(other, rng).lines if (text := _told(line)) is not None]
    if minutes < wanted // 4 or len(pool) < wanted:
        return None
    lead = diary.lines[0][: clock.start()]
    times = sorted(rng.randrange(minutes) for _ in range(wanted))
    told = rng.sample(pool, wanted)
    before = tuple(f"{lead}{t // 60:02d}:{t % 60:02d} {what}" for t, what in zip(times, told, strict=True))
    have = [telling(what) for what in told]
    asked = tuple(_behind(one, wanted) for one in diary.asked if stays_true(one, have))
    return Diary(diary.now, diary.people, before + diary.lines, asked) if len(asked) >= FEWEST else None


def stays_true(asked: Question, before: Sequence[frozenset[str]]) -> bool:
    """Whether an answer stays right when lines with these telling words stand before what it rests on."""
    if COUNTING.search(asked.text) or any(COUNTING.search(turn.question) for turn in asked.history):
        return False
    wanted = telling(f"{asked.text} {asked.answer}")
    shared = max((len(wanted & words) for words in before), default=0)
    return shared < (2 if asked.answerable else 1)


def telling(text: str) -> frozenset[str]:
    """The beginnings of the words and numbers that say what a text is about."""
    words = re.findall(r"[a-z]{4,}|\d+", CLOCK.sub(" ", text).lower())
    return frozenset(word[:5] for word in words if word not in COMMON)


def _told(line: str) -> str | None:
    """A line without its clock; None where that is a span, or it is no line."""
    found = LINE.fullmatch(line)
    return None if found is None or " to " in found["clock"] else f"{found['place']}: {found['text']}"


def _behind(asked: Question, lines: int) -> Question:
    return replace(asked, evidence=tuple(i + lines for i in asked.evidence))
