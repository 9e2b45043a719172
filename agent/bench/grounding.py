"""`heed bench grounding`: answers about held-out made-up days, for each way of fusing the same questions.

The days come from `dialog.training` with names, places, signs and wordings that training never sees. Every share has
its 95 % interval. Expected answers come from what the days mean; times ago are reckoned as the runtime reckons them.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agent.bench.plot import Chart, Line, check_plot, draw
from agent.bench.progress import counting
from agent.bench.table import BenchResult
from agent.config import cache_folder
from agent.models.store import ModelStore

if TYPE_CHECKING:
    from dialog.training.evaluate import Judged, Log, Score
    from dialog.training.statistics import Share

HELP = "right answers, copies, refusals and evidence on held-out days: cross-attention beside the prompt and no memory"

MODEL = "smollm2-135m-instruct"
WAYS = ("cross_attention", "prompt", "none")
TOP_KINDS = 12

AGES = ((60, "under a minute"), (600, "1 to 10 minutes"), (3600, "10 minutes to 1 hour"), (86_400, "1 hour to a day"))
BACK = ((0, "the newest"), (3, "1 to 3 back"), (15, "4 to 15 back"), (63, "16 to 63 back"), (255, "64 to 255 back"))

SCORES = {
    "right_fact": "right fact",
    "right_fact_answerable": "right fact where there is one",
    "exact": "exact answer",
    "exact_copy": "exact copy",
    "copy_name": "... of names",
    "copy_number": "... of numbers",
    "copy_time": "... of clock times",
    "copy_quote": "... of quoted texts",
    "refusal_precision": "refusal precision",
    "refusal_recall": "refusal recall",
    "evidence": "first evidence is right",
}


def sizes(text: str) -> tuple[int, ...]:
    """`64,256` as numbers, for argparse."""
    try:
        found = tuple(int(part) for part in text.split(","))
    except ValueError:
        found = ()
    if not found or not all(16 <= size <= 65_536 for size in found):
        raise argparse.ArgumentTypeError(f"{text!r} is no list of sizes such as 64,256,1024 (16 to 65536)")
    return found


def positive(text: str) -> int:
    """A whole number above 0, for argparse."""
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number above 0")
    return int(text)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument(
        "--sizes", type=sizes, default=(64, 256, 1024), metavar="N,N",
        help="state tokens that the days fill (default 64,256,1024; the prompt is slow at 4096)",
    )  # fmt: skip
    parser.add_argument("--days", type=positive, default=2, help="held-out days of each size (default 2)")
    parser.add_argument("--questions", type=positive, default=8, help="questions about each day (default 8)")
    parser.add_argument("--talk", type=int, default=8, metavar="N", help="small-talk questions for the identity check")
    asked = parser.add_mutually_exclusive_group()
    asked.add_argument(
        "--written", action="store_true", help="ask the days and questions that were written by hand instead"
    )
    asked.add_argument(
        "--diaries", action="store_true", help="ask the days and questions written for training that were kept from it"
    )
    asked.add_argument(
        "--talked", action="store_true", help="ask each question after one to three others and their answers"
    )
    parser.add_argument("--seed", type=int, default=999, help="of days and questions (default 999)")
    parser.add_argument("--fusion", choices=WAYS, action="append", help="only this way; may be repeated")
    parser.add_argument("--adapter", type=Path, help="another adapter than the one that comes with heed")
    parser.add_argument("--model", type=Path, help=f"transformers folder (default: the pulled {MODEL})")
    parser.add_argument(
        "--precision", choices=("auto", "float32", "bfloat16", "int8"), default="auto",
        help="numbers to compute in (default: as the agent does)",
    )  # fmt: skip
    parser.add_argument("--plot", type=Path, metavar="FILE", help="draw right facts against size, as PNG or SVG")
    parser.add_argument("--dump", type=Path, metavar="FILE", help="write every question and answer, one JSON a line")
    parser.add_argument(
        "--show", action="store_true", help="print every question with the expected and the given answer"
    )


def run(args: argparse.Namespace) -> BenchResult:
    """Ask every way the same questions, with a progress bar on standard error."""
    from dialog.model.load import load_host
    from dialog.training.diaries import diary_logs
    from dialog.training.evaluate import sized_logs
    from dialog.training.written import written_logs

    check_plot(args.plot)
    folder = args.model or ModelStore(cache_folder()).path(MODEL)
    host = load_host(folder)

    def count(line: str) -> int:
        return len(host.encode(line))

    if args.written:
        logs = written_logs(count)
    elif args.diaries:
        logs = diary_logs(count, args.questions, args.seed)
    else:
        logs = sized_logs(args.sizes, args.days, args.questions, count, args.seed, args.talked)
    scores: dict[str, Score] = {}
    pace: dict[str, float] = {}
    asked = sum(len(log.questions) for log in logs)
    with counting("small talk", args.talk) as step:
        talk = _talk(args, folder, step) if args.talk > 0 else None
    for way in tuple(args.fusion or WAYS):
        with counting(way, asked) as step:
            start = time.perf_counter()
            scores[way] = _ask(way, args, folder, logs, step)
            pace[way] = (time.perf_counter() - start) / asked
    if args.dump is not None:
        _dump(scores, args.dump)
    if args.plot is not None:
        draw([_chart(scores)], args.plot)
    return _result(scores, pace, talk, args)


def _talk(args: argparse.Namespace, folder: Path, step: Callable[[], None]) -> Share:
    """The identity check, in float32: both sides compute the same sums, so that any difference is a fault."""
    import torch

    from dialog.model.adapter import load_adapter
    from dialog.model.engine import Engine
    from dialog.model.fusion import ADAPTERS
    from dialog.model.load import load_host
    from dialog.training.untouched import untouched

    path = args.adapter or ADAPTERS / f"{folder.name}.safetensors"
    adapter = load_adapter(path)[0] if "cross_attention" in (args.fusion or WAYS) else None
    engine = Engine(load_host(folder, dtype=torch.float32), adapter, "float32")
    return untouched(engine, folder, args.talk, each=step)


def _ask(way: str, args: argparse.Namespace, folder: Path, logs: Sequence[Log], step: Callable[[], None]) -> Score:
    from rich.console import Console

    from dialog.model.fusion import load_fusion
    from dialog.training.evaluate import evaluate

    console = Console(stderr=True)

    def each(judged: Judged) -> None:
        step()
        if args.show:
            asked, mark = judged.asked, "right" if judged.right else "WRONG"
            console.print(
                f"{mark}  {asked.text}\n       expected  {asked.answer}\n       said      {judged.answer}", markup=False
            )

    # The prompt counts three characters as a token; twice the room holds every line.
    fusion = load_fusion(
        way, folder, args.adapter, max(1024, 2 * max(log.size for log in logs)), precision=args.precision
    )
    return evaluate(fusion, logs, way == "cross_attention", each)


def _result(
    scores: dict[str, Score], pace: dict[str, float], talk: Share | None, args: argparse.Namespace
) -> BenchResult:
    ways = list(scores)
    judged = scores[ways[0]].judged
    figures: dict[str, Any] = {"sizes": sorted({one.size for one in judged}), "asked": len(judged)}
    shares = {way: score.shares() for way, score in scores.items()}
    rows = [(what, *(str(shares[way][key]) for way in ways)) for key, what in SCORES.items()]
    for way in ways:
        figures[way] = {key: share.figures() for key, share in shares[way].items()}
        figures[way]["seconds_per_question"] = round(pace[way], 3)
    rows.append(("seconds a question, percepts taken in", *(f"{pace[way]:.2f}" for way in ways)))
    for title, name, key in _groupings(scores[ways[0]]):
        groups = {way: scores[way].right_by(key) for way in ways}
        rows.append((title, *("" for _ in ways)))
        for group in sorted(groups[ways[0]]):
            rows.append((f"  {_label(group)}", *(str(groups[way][group]) for way in ways)))
        for way in ways:
            figures[way][name] = {_label(group): share.figures() for group, share in sorted(groups[way].items())}
    notes = [
        f"{figures['asked']} questions to each; in brackets the 95 % interval; "
        + (
            "days and questions written by hand"
            if args.written or args.diaries
            else "names, places, signs and wordings are held out"
        )
    ]
    if talk is not None:
        figures["small_talk_unchanged"] = {**talk.figures(), "dtype": "float32"}
        notes.append(
            f"small talk without memory: {talk.hits} of {talk.of} answers are, token for token, those of transformers' "
            "`generate` (float32, greedy)"
        )
    return BenchResult("grounding", ("", *ways), rows, figures, notes)


Grouping = tuple[str, str, Any]


def _groupings(score: Score) -> list[Grouping]:
    """`(title, name in JSON, key)`; keys sort in the order in which they are to be shown."""
    asked: dict[str, int] = {}
    for one in score.judged:
        asked[one.asked.kind] = asked.get(one.asked.kind, 0) + 1
    top = sorted(asked, key=lambda kind: (-asked[kind], kind))[:TOP_KINDS]
    return [
        ("right fact, by state tokens", "by_size", lambda one: (one.size, str(one.size))),
        (
            "right fact, by percepts since the evidence",
            "by_percepts_back",
            lambda one: _bin(one.back, BACK, "256 back"),
        ),
        ("right fact, by age of the evidence", "by_age", lambda one: _bin(one.seconds, AGES, "a day")),
        ("right fact, by kind of question", "by_kind", lambda one: _kind(one.asked.kind, top)),
    ]


def _kind(kind: str, top: list[str]) -> tuple[int, str]:
    return (top.index(kind), kind) if kind in top else (len(top), "all other kinds")


def _bin(value: float | None, bins: Sequence[tuple[float, str]], last: str) -> tuple[int, str] | None:
    """Which bin a value falls into: its place, and what it is called."""
    if value is None:
        return None
    found = next((n for n, (most, _) in enumerate(bins) if value <= most), None)
    return (len(bins), f"{last} and more") if found is None else (found, bins[found][1])


def _label(group: tuple[int, str]) -> str:
    return group[1]


def _chart(scores: dict[str, Score]) -> Chart:
    lines = []
    for way, score in scores.items():
        groups = sorted(score.right_by(lambda one: one.size).items())
        lines.append(
            Line(
                way.replace("_", "-"),
                tuple(float(size) for size, _ in groups),
                tuple(100 * share.value for _, share in groups),
                tuple(100 * share.interval[0] for _, share in groups),
                tuple(100 * share.interval[1] for _, share in groups),
            )
        )
    return Chart("Right answers on held-out days", "state tokens held", "right fact, %", lines, top=102)


def _dump(scores: dict[str, Score], path: Path) -> None:
    """Every answer of every way, one JSON object a line."""
    with path.open("w") as file:
        for way, score in scores.items():
            for one in score.judged:
                line = {
                    "fusion": way, "kind": one.asked.kind, "size": one.size, "right": one.right, "exact": one.exact,
                    "refused": one.refused, "cited": one.cited, "back": one.back, "question": one.asked.text,
                    "expected": one.asked.answer, "keys": one.asked.keys, "answer": one.answer,
                    "not_copied": [item.text for item, done in one.copied if not done],
                }  # fmt: skip
                file.write(json.dumps(line, ensure_ascii=False) + "\n")
