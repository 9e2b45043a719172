"""Whether answers about earlier days are right and rest on the right moment: the planted questions, put to the default
language model as a running agent puts them, beside what is in view today; and questions about what never happened."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from agent.archive.asked import STOP, WORD
from agent.archive.meaning import Meaning
from agent.archive.recall import Recall
from agent.archive.records import Record, local, wall_ns
from agent.bench.archive_life import NOW, Planted
from agent.config import Config
from agent.parts import limit_threads, load_mind
from dialog.mind import rests_on
from dialog.refusal import REFUSAL
from streams import wording
from streams.clock import ManualClock, Stopwatch
from streams.types import NS, Percept

if TYPE_CHECKING:
    from dialog.model.fusion import Fusion

NEAR_NS = 120 * NS
MAX_TOKENS = 48
_OF_MATTER = re.compile(r"\b(what|where|which|how)\b")
RUNS = timedelta(hours=6)
"""How long the agent has been running when the questions come."""
IN_VIEW = 20
"""Percepts of today in its state."""
_NEAREST = "The nearest that I have"
_NO = re.compile(rf"{REFUSAL.pattern}|^no, ", re.I)
_OF_TIME = re.compile(r"\b(when|what time)\b")


@dataclass(frozen=True, slots=True)
class Answered:
    """One question and its answer."""

    question: str
    text: str
    cited: bool
    """It rests on the right moment."""
    told: bool
    """It says when that was; where the question asks what, where or how, at least a third of its words."""
    refused: bool
    """It says that nothing is known (and perhaps what comes nearest)."""
    nearest: bool
    """It tells a moment as the nearest one only."""
    time_s: float
    """To the whole answer, search and encoding included."""


class Answering:
    """An agent that was started this noon, over an archive of two weeks."""

    def __init__(self, meaning: Meaning | None) -> None:
        """Load the language model. Raises `HeedError` where it is missing."""
        limit_threads(Config())
        self._mind = load_mind(Config(), None, lambda line: None)
        self._meaning = meaning

    def ask(self, folder: Path, life: Iterable[Record], questions: Sequence[Planted | str]) -> Iterator[Answered]:
        """Ask about incidents, and (text alone) about what never happened, one after another."""
        start, mind = NOW - RUNS, self._mind.fork()
        recall = Recall(folder, ManualClock(start), mind, lambda: self._meaning, mind.fork)
        seen = [record for record in life if record.t0_ns >= wall_ns(start)][-IN_VIEW:]
        mind.remember_many([(one.name, _line(one, wall_ns(start)), one.t0_ns - wall_ns(start)) for one in seen])
        names = {one.name for one in seen}
        recall.holds = lambda name: name in names
        for one in questions:
            yield self._answer(recall, mind, one)
        recall.close()

    def _answer(self, recall: Recall, mind: Fusion, one: Planted | str) -> Answered:
        question, now_ns = one if isinstance(one, str) else one.question, round(RUNS.total_seconds()) * NS
        watch = Stopwatch()
        found = recall(question, now_ns)
        now = wording.clock(now_ns, NOW - RUNS)
        thought = found.told((found.mind or mind).ask(found.question or question, (), now, now_ns, MAX_TOKENS))
        while thought.step() is not None:
            pass
        time_s, text = watch.elapsed_s(), thought.text.strip()
        cited = told = False
        if not isinstance(one, str):
            cited = bool(_right(recall, one, now_ns) & set(rests_on(thought.evidence())))
            told = _tells(text, one)
        return Answered(question, text, cited, told, bool(_NO.search(text)), _NEAREST in text, time_s)


def _right(recall: Recall, one: Planted, now_ns: int) -> set[str]:
    """The names under which the incident may be cited."""
    t_ns = one.record.t0_ns - wall_ns(NOW - RUNS)
    found = recall.find(one.question, now_ns, whole=True)
    return {m.percept_id for m in found if abs(m.t_ns - t_ns) <= NEAR_NS and m.text == one.record.text}


def _tells(text: str, one: Planted) -> bool:
    """Whether an answer says of the incident what was asked for."""
    clock = f"{local(one.record.t0_ns):%H:%M}"
    if _OF_TIME.search(one.question.lower()) and one.record.kind not in ("speech", "text"):
        return clock in text
    words = {w.lower() for w in WORD.findall(one.record.text)} - STOP
    held = words & {w.lower() for w in WORD.findall(text)}
    return 3 * len(held) >= len(words) or (clock in text and not _OF_MATTER.search(one.question.lower()))


def _line(record: Record, start_ns: int) -> str:
    t_ns = record.t0_ns - start_ns
    return wording.line(Percept(record.name, "text", record.source, t_ns, t_ns, record.text), NOW - RUNS)
