"""Batches for training: a day, as the rolling state reads it, and questions about it."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

from dialog.model.chat import END, chat_prompt
from dialog.model.encode import line_tokens
from dialog.model.load import Host
from dialog.training.asking import Asker
from dialog.training.counterfactual import counterfactual
from dialog.training.days import Day, make_day
from dialog.training.diaries import Diary, varied
from dialog.training.diaries_long import lengthened
from dialog.training.earlier import TALKED, after_others, after_some
from dialog.training.pointers import taught
from dialog.training.questions import Question, as_spoken, question
from dialog.training.smalltalk import small_talk
from dialog.training.words_speech import listed

LONG = 0.4
"""Share of steps whose days hold far more than is read: the selector learns on them."""

TWINS = 0.12
"""Share of days that are a copy of another in which one value was changed, with the same question."""

HARD = frozenset(
    listed("""view;summary;recent;since;between;first event;written;spoke;changed;event;no recent;no between;no at;
    no light;light;order;where;exists;which of two;after;before;leaves;anyone;mentioned;times;quote;at;merged talk;
    then who else;no sign;sign;light at;talk;am I seen;speaker;moves;stays;no about;
    lettering;no lettering""")
)
"""Kinds of question that are answered worst."""

DIARIES = 0.6
"""Share of days of usual size that were written one by one, where there are such."""

LONG_DIARIES = 0.4
"""The same of longer days: a diary behind lines of others."""

SMALL_TALK = 0.4
"""Share of diaries of which one question gives way to small talk: there is none in them."""

USUAL = 40
"""Percepts of a day of usual size, at most."""

EASY = 0.5
"""Share of the other questions that is kept."""


@dataclass(frozen=True, slots=True)
class Row:
    """A question in tokens."""

    asked: Question
    prompt: list[int]
    """Up to where the answer begins."""
    answer: list[int]

    def __len__(self) -> int:
        return len(self.prompt) + len(self.answer)


@dataclass(frozen=True, slots=True)
class Batch:
    """One day and questions about it."""

    day: Day
    lines: list[list[int]]
    """Token ids of each percept's line."""
    rows: list[Row]
    """The shortest first."""


def day_size(rng: random.Random) -> int:
    """How many percepts a day of training holds: mostly few, sometimes far more than is read, rarely none."""
    r = rng.random()
    if r < LONG:
        return round(24 * 10 ** rng.random())
    if r < LONG + 0.02:
        return 0
    return rng.choice([rng.randint(1, 5), rng.randint(4, 16), rng.randint(6, 40)])


def make_batch(host: Host, rng: random.Random, size: int, held_out: bool = False, percepts: int | None = None) -> Batch:
    """A day and `size` questions about it. The same `rng` gives the same batch."""
    day = make_day(rng, held_out, percepts)
    asked = [_weighed(day, rng, held_out) for _ in range(size)]
    if rng.random() < TWINS:
        day, asked = counterfactual(day, asked, rng)
    asked = [after_others(day, one, rng, held_out) if rng.random() < TALKED else one for one in asked]
    return batch_of(host, day, asked, rng)


def draw(host: Host, rng: random.Random, size: int, percepts: int, diaries: Sequence[Diary]) -> Batch:
    """A day for training and `size` questions about it: out of diaries, or one made up of `percepts` percepts."""
    if diaries and rng.random() < (DIARIES if percepts <= USUAL else LONG_DIARIES):
        told: Diary | None = varied(rng.choice(diaries), rng)
        if told is not None and percepts > USUAL:
            others = rng.sample(diaries, min(len(diaries), percepts // 8))
            told = lengthened(told, others, percepts, rng)
        if told is not None:
            return diary_batch(host, rng, size, told)
    return make_batch(host, rng, size, percepts=percepts)


def diary_batch(host: Host, rng: random.Random, size: int, told: Diary) -> Batch:
    """A diary and `size` of its questions, or all if there are fewer."""
    asked = rng.sample(told.asked, min(size, len(told.asked)))
    if asked and rng.random() < SMALL_TALK:
        asked[-1] = small_talk(Asker(told.day, rng, held_out=False))
    asked = [after_some(one, told.asked, rng) if rng.random() < TALKED else one for one in asked]
    return batch_of(host, told.day, asked, rng)


def _weighed(day: Day, rng: random.Random, held_out: bool) -> Question:
    """A question; those that are answered worst come more often than others."""
    while True:
        found = question(day, rng, held_out)
        if found.kind in HARD or rng.random() < EASY:
            return found


def batch_of(host: Host, day: Day, asked: list[Question], rng: random.Random) -> Batch:
    """A day and these questions, in tokens."""
    rows = sorted((_row(host, rng, day, one) for one in asked), key=len)
    return Batch(day, [line_tokens(host, fact.line) for fact in day.facts], rows)


def _row(host: Host, rng: random.Random, day: Day, asked: Question) -> Row:
    spoken = replace(asked, text=as_spoken(asked.text, rng))
    prompt = host.encode(chat_prompt(spoken.text, day.now, asked.history))
    answer, spoken = taught(day, spoken)
    return Row(spoken, prompt, host.encode(answer + END))
