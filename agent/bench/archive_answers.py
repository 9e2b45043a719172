"""Whether answers about earlier days rest on the right moment: the planted questions, put to the default language model
as a running agent puts them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

from agent.archive.meaning import Meaning
from agent.archive.recall import Recall
from agent.archive.records import wall_ns
from agent.bench.archive_life import NOW, Planted
from agent.config import Config
from agent.parts import load_parts
from dialog.mind import rests_on
from streams import wording
from streams.clock import ManualClock, Stopwatch

if TYPE_CHECKING:
    from dialog.model.fusion import Fusion

NEAR_NS = 120 * 1_000_000_000
MAX_TOKENS = 48


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of so many questions."""

    asked: int
    cited: int
    """The answer rests on the right moment."""
    astray: int
    """It rests on others alone; the rest name nothing, as "I have not seen" does."""
    times_s: Sequence[float]
    """To the whole answer, search and encoding included."""
    lines: Sequence[tuple[str, str]]
    """Question and answer of those that do not rest on the right moment."""


def answer_all(folder: Path, incidents: Sequence[Planted], meaning: Meaning | None) -> Answered:
    """Ask the language model about each incident. Raises `HeedError` where a model is missing."""
    mind = cast("Fusion", load_parts(Config(), lambda line: None).mind)
    recall = Recall(folder, ManualClock(NOW), mind, lambda: meaning, mind.fork)
    cited = astray = 0
    times: list[float] = []
    lines: list[tuple[str, str]] = []
    for one in incidents:
        watch = Stopwatch()
        who, question = recall(one.question, 0) or (mind, one.question)
        thought = who.ask(question, (), wording.clock(0, NOW), 0, MAX_TOKENS)
        while thought.step() is not None:
            pass
        times.append(watch.elapsed_s())
        named = rests_on(thought.evidence())
        t_ns = one.record.t0_ns - wall_ns(NOW)
        right = {
            found.percept_id
            for found in recall.find(one.question, 0, whole=True)
            if abs(found.t_ns - t_ns) <= NEAR_NS and found.percept_id.startswith(f"{one.record.source}/")
        }
        if right & set(named):
            cited += 1
        else:
            astray += bool(named)
            lines.append((one.question, thought.text.strip()))
    recall.close()
    return Answered(len(incidents), cited, astray, times, lines)
