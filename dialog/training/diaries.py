"""Days and questions written one by one for training (`diaries/*.toml`): wordings that a generator never thinks of.

A day's persons get other names each time it is drawn, long numbers other digits, and its clocks are moved by some
minutes, so that what is learned is how to read and not what stood there. Every tenth day is kept for the evaluation.
"""

from __future__ import annotations

import random
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from dialog.model.chat import Turn
from dialog.model.reckon import MARK
from dialog.training import words
from dialog.training.asking import REFUSAL, Question
from dialog.training.counterfactual import Change, changer
from dialog.training.evaluate import Log
from dialog.training.facts import Day
from dialog.training.written import written_day

FOLDER = Path(__file__).parent / "diaries"

HELD_OUT = 10
"""Every so many-th day of a file is for the evaluation."""

SHIFT_MIN = 7
"""Clocks are moved by so many minutes at most."""

CLOCK = re.compile(r"(?<![\d:.])(\d{1,2}):([0-5]\d)(?!\d|:\d)")
LONG_NUMBER = re.compile(r"(?<![\w.,:/+-])(?!(?:19|20)\d\d\b)[1-9]\d{3,}(?![\w:/-]|[.,]\d)")
"""Digits that mean nothing but themselves, such as a code; years are left."""


@dataclass(frozen=True, slots=True)
class Diary:
    """A written day and all questions about it."""

    now: str
    people: tuple[str, ...]
    """Names that may be replaced by others."""
    lines: tuple[str, ...]
    """Percepts with their clock and place, `14:03 gate: a dog is heard barking`, the oldest first."""
    asked: tuple[Question, ...]

    @property
    def day(self) -> Day:
        """As the rolling state would hold it. Raises `ValueError` for a line of another form."""
        return written_day(self.now, self.lines)


def read_diaries(folder: Path = FOLDER, held_out: bool = False) -> list[Diary]:
    """All diaries for training, or those kept for the evaluation, in order of files.

    Raises:
        ValueError: a day does not have the form that this module describes; the message names file, day and question.
    """
    found = []
    for path in sorted(folder.glob("*.toml")):
        with path.open("rb") as file:
            entries = tomllib.load(file).get("day", [])
        for n, entry in enumerate(entries, 1):
            if (n % HELD_OUT == 0) is held_out:
                found.append(_diary(entry, f"{path.name}, day {n}"))
    return found


def diary_logs(count: Callable[[str], int], per_day: int, seed: int = 999) -> list[Log]:
    """The diaries kept for the evaluation, with names that training never sees, and `per_day` questions about each, or
    all if there are fewer. `count`: state tokens of a line."""
    logs = []
    for n, diary in enumerate(read_diaries(held_out=True)):
        rng = random.Random(f"diary/{seed}/{n}")
        told = varied(diary, rng, held_out=True)
        asked = rng.sample(told.asked, min(per_day, len(told.asked)))
        logs.append(Log(sum(map(count, told.lines)), told.day, tuple(asked)))
    return logs


def _diary(entry: Mapping[str, Any], where: str) -> Diary:
    for name, kind in (("now", str), ("people", list), ("lines", str), ("asked", str)):
        if not isinstance(entry.get(name), kind):
            raise ValueError(f"{where}: `{name}` is missing, or no {kind.__name__}")
    lines = tuple(line.strip() for line in entry["lines"].splitlines() if line.strip())
    asked: list[Question] = []
    for row in entry["asked"].splitlines():
        if row.strip():
            asked.append(_question(row.strip(), lines, asked, where))
    diary = Diary(entry["now"], tuple(entry["people"]), lines, tuple(asked))
    try:
        facts = diary.day.facts
    except ValueError as error:
        raise ValueError(f"{where}: {error}") from None
    times = [fact.percept.t0_ns for fact in facts]
    if times != sorted(times):
        raise ValueError(f"{where}: the lines are not in order of time")
    unknown = [name for name in diary.people if not any(re.search(rf"\b{name}\b", line) for line in lines)]
    if unknown:
        raise ValueError(f"{where}: nobody is called {', '.join(unknown)} in the lines")
    return diary


def _question(row: str, lines: tuple[str, ...], before: list[Question], where: str) -> Question:
    """`question | answer | lines it rests on, as `2,3`, or - | what it must hold; ...`, `+ ` before a follow-up."""
    parts = [part.strip() for part in row.split(" | ")]
    if len(parts) != 4:
        raise ValueError(f"{where}: not `question | answer | lines | keys`: {row}")
    text, answer, rests, keys = parts
    if not re.fullmatch(r"-|\d+( ?, ?\d+)*", rests):
        raise ValueError(f"{where}: {rests!r} are no numbers of lines such as `2,3`, nor `-`: {row}")
    follows = text.startswith("+ ")
    known = not REFUSAL.search(answer)
    evidence = () if rests == "-" else tuple(int(number) - 1 for number in rests.split(","))
    wanted = tuple(key.strip() for key in keys.split(";")) if keys != "-" else ()
    plain = MARK.sub(lambda found: found[1], answer)
    faults = [f"key {key!r} is not in the answer" for key in wanted if key.lower() not in plain.lower()]
    faults += [f"there is no line {i + 1}" for i in evidence if not 0 <= i < len(lines)]
    faults += ["a refusal rests on no line"] * bool(not known and evidence)
    faults += ["an answer must hold something"] * bool(known and not wanted)
    faults += ["nothing was asked before it"] * bool(follows and not before)
    clocks = {found[0] for line in lines for found in CLOCK.finditer(line)} | {
        found[0] for found in CLOCK.finditer(text)
    }
    faults += [f"no line has the time {c[0]}" for c in CLOCK.finditer(answer) if c[0] not in clocks]
    if faults:
        raise ValueError(f"{where}: {'; '.join(faults)}: {row}")
    history = (Turn(before[-1].text, before[-1].answer),) if follows else ()
    kind = "diary" if known else "no diary"
    return Question(kind, text.removeprefix("+ "), answer, wanted, tuple(sorted(evidence)), known, history)


def varied(diary: Diary, rng: random.Random, held_out: bool = False) -> Diary:
    """The same diary with other names, other long numbers and clocks moved, the same everywhere."""
    names = _names(diary, rng, held_out)
    change = _changes(diary, names, rng)
    small = {name.lower() + s: other.lower() + s for name, other in names.items() for s in ("", "s")}

    def question(text: str) -> str:
        # Who types no capitals types none in names either, and no apostrophe in `lenas room`.
        return change(changer(small)(text) if small and text == text.lower() else text)

    def turn(one: Turn) -> Turn:
        return Turn(question(one.question), change(one.answer))

    asked = tuple(
        replace(
            one,
            text=question(one.text),
            answer=change(one.answer),
            keys=tuple(change(key) for key in one.keys),
            history=tuple(turn(t) for t in one.history),
        )
        for one in diary.asked
    )
    return Diary(change(diary.now), diary.people, tuple(change(line) for line in diary.lines), asked)


def _names(diary: Diary, rng: random.Random, held_out: bool) -> dict[str, str]:
    """Another name for each of its people, that is not in use there."""
    taken = set(re.findall(r"\b[A-Z]\w+", _everything(diary)))
    pool = [name for name in words.split(words.NAMES, held_out) if " " not in name and name not in taken]
    return dict(zip(diary.people, rng.sample(pool, len(diary.people)), strict=True))


def _changes(diary: Diary, names: Mapping[str, str], rng: random.Random) -> Change:
    everything, swaps = _everything(diary), dict(names)
    for number in sorted({found[0] for found in LONG_NUMBER.finditer(everything)}):
        swaps[number] = str(rng.randint(10 ** (len(number) - 1), 10 ** len(number) - 1))
    minutes = _minutes(everything, rng)
    named: Change = changer(swaps) if swaps else str

    def moved(found: re.Match[str]) -> str:
        return f"{found[1]}:{int(found[2]) + minutes:02d}"

    return lambda text: CLOCK.sub(moved, named(text))


def _everything(diary: Diary) -> str:
    return "\n".join([diary.now, *diary.lines, *(f"{one.text}\n{one.answer}" for one in diary.asked)])


def _minutes(text: str, rng: random.Random) -> int:
    """By how much clocks may be moved without any of them leaving its hour."""
    past = [int(found[2]) for found in CLOCK.finditer(text)]
    least, most = -min(past, default=0), 59 - max(past, default=59)
    return rng.randint(max(least, -SHIFT_MIN), min(most, SHIFT_MIN))
