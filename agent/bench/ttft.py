"""`heed bench ttft`: time to the first token against how long the agent has watched, and against what it holds.

Cross-attention and the prompt hold the same percepts and are asked the same question in the same rounds, one after the
other, so that a busy machine disturbs all alike; each figure is a median.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agent.bench.grounding import MODEL, positive, sizes
from agent.bench.plot import Chart, Line, check_plot, draw
from agent.bench.progress import counting
from agent.bench.table import BenchResult
from agent.config import cache_folder
from agent.models.store import ModelStore

if TYPE_CHECKING:
    from dialog.model.fusion import CrossAttention, Fusion

HELP = "time to the first token against minutes watched and state tokens held, beside the prompt"

QUESTION = "Where are the keys, and who said so?"
START = datetime(2026, 11, 22, 8)
RING = 4096
"""State tokens that the ring holds."""

OURS_A_ROUND = 3
"""Cross-attention is measured so often in a round in which the prompt, which takes long, is measured once."""

TOKENS = 2
"""Tokens of an answer; only the first is timed."""

SHORTEST = 6
"""Tokens of a percept's line; few are shorter."""

Lines = list[tuple[str, str, int]]
"""`(id, line, t_ns)`."""


@dataclass(frozen=True, slots=True)
class Minds:
    """What is measured."""

    ours: CrossAttention
    prompt: Fusion | None
    ring: int
    """State tokens that fit."""
    count: Callable[[str], int]
    """State tokens of a line."""


@dataclass(slots=True)
class Case:
    """One state in which questions are asked, and the seconds that were measured in it."""

    name: str
    minutes: float | None
    tokens: int
    """State tokens held."""
    ours: CrossAttention
    prompt: Fusion | None
    newest: tuple[str, str, int]
    """A percept more, that comes when the question does."""
    seconds: dict[str, list[float]] = field(default_factory=dict)

    def add(self, what: str, seconds: float) -> None:
        self.seconds.setdefault(what, []).append(seconds)

    def median_ms(self, what: str) -> float | None:
        found = self.seconds.get(what)
        return None if not found else 1000 * statistics.median(found)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument(
        "--minutes", type=_minutes, default=(0, 1, 10, 60, 600), metavar="N,N",
        help="minutes watched (default 0,1,10,60,600)",
    )  # fmt: skip
    parser.add_argument("--rate", type=positive, default=6, metavar="N", help="percepts a minute (default 6)")
    parser.add_argument(
        "--sizes", type=sizes, default=(64, 256, 1024, 4096), metavar="N,N",
        help="state tokens held (default 64,256,1024,4096)",
    )  # fmt: skip
    parser.add_argument("--rounds", type=positive, default=3, help="rounds of which the median counts (default 3)")
    parser.add_argument("--no-prompt", action="store_true", help="leave the prompt out, which takes long")
    parser.add_argument("--adapter", type=Path, help="another adapter than the one that comes with heed")
    parser.add_argument("--model", type=Path, help=f"transformers folder (default: the pulled {MODEL})")
    parser.add_argument(
        "--precision", choices=("auto", "float32", "bfloat16", "int8"), default="auto",
        help="numbers to compute in (default: as the agent does)",
    )  # fmt: skip
    parser.add_argument("--plot", type=Path, metavar="FILE", help="draw the times, as PNG or SVG")


def _minutes(text: str) -> tuple[int, ...]:
    """`0,1,10` as numbers, for argparse."""
    parts = text.split(",")
    if not all(part.isdigit() and int(part) <= 100_000 for part in parts):
        raise argparse.ArgumentTypeError(f"{text!r} is no list of minutes such as 0,1,10 (up to 100000)")
    return tuple(int(part) for part in parts)


def run(args: argparse.Namespace) -> BenchResult:
    """Measure, with progress bars on standard error."""
    check_plot(args.plot)
    minds = _load(args)
    with counting("watching", len(args.minutes) + len(args.sizes)) as step:
        watched = [_watched(minutes, args.rate, minds, step) for minutes in args.minutes]
        held = [_held(size, args.rate, minds, step) for size in args.sizes]
    cases = [*watched, *held]
    _round(cases[0])  # what is made at first use is no part of the measure
    cases[0].seconds.clear()
    with counting("rounds", args.rounds * len(cases)) as step:
        for _ in range(args.rounds):
            for case in cases:
                _round(case)
                step()
    if args.plot is not None:
        by_minutes = _chart("After minutes of watching", "minutes watched", watched)
        by_tokens = _chart("With state tokens held", "state tokens held", held)
        draw([by_minutes, by_tokens], args.plot)
    return _result(watched, held, args)


def _load(args: argparse.Namespace) -> Minds:
    from dialog.model.adapter import load_adapter
    from dialog.model.engine import Engine
    from dialog.model.fusion import ADAPTERS, CrossAttention, InPrompt
    from dialog.model.load import load_host

    folder = args.model or ModelStore(cache_folder()).path(MODEL)
    host = load_host(folder)
    adapter, _ = load_adapter(args.adapter or ADAPTERS / f"{folder.name}.safetensors")
    engine, ring = Engine(host, adapter, args.precision), max(RING, *args.sizes)
    # The prompt counts three characters as a token; twice the room holds every line.
    prompt = None if args.no_prompt else InPrompt(engine, 2 * ring)
    return Minds(CrossAttention(engine, ring), prompt, ring, lambda line: len(host.encode(line)))


def watch(percepts: int, rate: int) -> Lines:
    """The last percepts of a long watch that brings `rate` a minute, in the words of the encoders."""
    from dialog.training.days import make_day
    from streams import wording
    from streams.types import NS

    seen = make_day(random.Random("ttft"), held_out=True, percepts=300).facts
    lines = []
    for n in range(percepts):
        percept = seen[n % len(seen)].percept
        t_ns = n * 60 * NS // rate
        line = wording.line(replace(percept, t0_ns=t_ns, t1_ns=t_ns), START)
        lines.append((f"p{n}", line, t_ns))
    return lines


def _watched(minutes: int, rate: int, minds: Minds, step: Callable[[], None]) -> Case:
    """After so many minutes. Percepts that would have left the ring long ago are not put into it first."""
    lines = watch(minutes * rate + 1, rate)
    fitting = lines[:-1][-(minds.ring // SHORTEST) :]
    step()
    return _case(f"{minutes} minutes watched", float(minutes), fitting, lines[-1], minds)


def _held(size: int, rate: int, minds: Minds, step: Callable[[], None]) -> Case:
    """With so many state tokens held, as far as whole lines fit."""
    lines, room, held = watch(size // SHORTEST + 40, rate), size, []
    for line in lines[:-1]:
        if minds.count(line[1]) <= room:
            room -= minds.count(line[1])
            held.append(line)
    step()
    return _case(f"{size} state tokens", None, held, lines[-1], minds)


def _case(name: str, minutes: float | None, lines: Lines, newest: tuple[str, str, int], minds: Minds) -> Case:
    ours, prompt = minds.ours.fork(), None
    ours.remember_many(lines)
    if minds.prompt is not None:
        prompt = minds.prompt.fork()
        prompt.remember_many([line for line in lines if line[0] in ours.memory])
    return Case(name, minutes, ours.memory.tokens, ours, prompt, newest)


def _round(case: Case) -> None:
    """Every measurement in this state once, or a few times where it is quick."""
    for _ in range(OURS_A_ROUND):
        case.add("ours", _first_token(case.ours, case.newest[2]))
        case.add("prepare", _timed(lambda: _prepare(case.ours, case.newest[2])))
        case.add("prepared", _first_token(case.ours, case.newest[2]))
        case.add("percept", _timed(lambda: case.ours.remember(*case.newest)))
        case.ours.forget(case.newest[0])
    if case.prompt is not None:
        case.add("prompt", _first_token(case.prompt, case.newest[2]))


def _timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _first_token(mind: Fusion, now_ns: int) -> float:
    """Seconds from the question to the first token."""
    from streams import wording

    now = wording.clock(now_ns, START)
    start = time.perf_counter()
    answer = mind.ask(QUESTION, [], now, now_ns, TOKENS)
    answer.step()
    took = time.perf_counter() - start
    while answer.step() is not None:  # a complete answer leaves its cache to the next, as in a conversation
        pass
    return took


def _prepare(mind: Fusion, now_ns: int) -> None:
    from streams import wording

    mind.prepare(QUESTION, [], wording.clock(now_ns, START), now_ns, TOKENS)


def _chart(title: str, x_label: str, cases: Sequence[Case]) -> Chart:
    lines = []
    for what, name in (("ours", "cross-attention"), ("prompt", "prompt"), ("prepared", "read ahead")):
        points = [(case.minutes if case.minutes is not None else case.tokens, case.median_ms(what)) for case in cases]
        known = [(float(x), y) for x, y in points if y is not None]
        if known:
            lines.append(Line(name, tuple(x for x, _ in known), tuple(y for _, y in known)))
    scale = "symlog" if cases[0].minutes is not None else "log"
    return Chart(title, x_label, "time to the first token, ms", lines, scale, "log")


def _result(watched: Sequence[Case], held: Sequence[Case], args: argparse.Namespace) -> BenchResult:
    rows = []
    for case in (*watched, *held):
        times = [case.median_ms(what) for what in ("ours", "prepared", "prepare", "prompt", "percept")]
        rows.append((case.name, str(case.tokens), *("-" if ms is None else f"{ms:.1f}" for ms in times)))
    small, large = held[0], held[-1]
    figures: dict[str, Any] = {
        "minutes": {f"{case.minutes:g}": _figures(case) for case in watched},
        "state_tokens": {size: _figures(case) for size, case in zip(map(str, args.sizes), held, strict=True)},
        "ratio": _ratio(large, small, "ours"),
        "ratio_prompt": _ratio(large, small, "prompt"),
        "ratio_percept": _ratio(large, small, "percept"),
    }
    notes = [
        f"medians of {args.rounds} rounds, cross-attention {OURS_A_ROUND} times in each; {args.rate} percepts a minute",
        f"with {args.sizes[-1]} state tokens beside {args.sizes[0]}: {_times(figures['ratio'])} the time to the first "
        f"token, prompt {_times(figures['ratio_prompt'])}, a new percept {_times(figures['ratio_percept'])}",
        "read ahead: the question was read while the user still spoke, which took the time under `reading`",
        "new percept: ms to take in one more; held: state tokens",
    ]
    columns = ("ms to the first token", "held", "cross-attention", "read ahead", "reading", "prompt", "new percept")
    return BenchResult("ttft", columns, rows, figures, notes)


def _figures(case: Case) -> dict[str, float | int]:
    names = {"ours": "cross_attention_ms", "prepared": "read_ahead_ms", "prompt": "prompt_ms", "percept": "percept_ms"}
    medians = {name: case.median_ms(what) for what, name in names.items()}
    return {"tokens": case.tokens} | {name: round(ms, 2) for name, ms in medians.items() if ms is not None}


def _ratio(large: Case, small: Case, what: str) -> float | None:
    top, bottom = large.median_ms(what), small.median_ms(what)
    return None if top is None or bottom is None else round(top / max(bottom, 1e-6), 3)


def _times(ratio: float | None) -> str:
    return "-" if ratio is None else f"{ratio:.2f} x"
