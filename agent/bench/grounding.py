"""`heed bench grounding`: answers about held-out made-up days, for each way of fusing.

The days come from `dialog.training` with names, places, signs and wordings that training never sees.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from agent.bench.table import BenchResult
from agent.config import cache_folder
from agent.models.store import ModelStore

HELP = "right answers, refusals and evidence on held-out days: cross-attention beside the prompt and no memory"

MODEL = "smollm2-135m-instruct"
WAYS = ("cross_attention", "prompt", "none")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("--days", type=int, default=12, help="held-out days (default 12)")
    parser.add_argument("--questions", type=int, default=8, help="questions about each day (default 8)")
    parser.add_argument("--percepts", type=int, help="percepts in each day (default: 1 to 40)")
    parser.add_argument("--fusion", choices=WAYS, action="append", help="only this way; may be repeated")
    parser.add_argument("--adapter", type=Path, help="another adapter than the one that comes with heed")
    parser.add_argument("--model", type=Path, help=f"transformers folder (default: the pulled {MODEL})")
    parser.add_argument(
        "--show", action="store_true", help="print every question with the expected and the given answer"
    )


def run(args: argparse.Namespace) -> BenchResult:
    """Ask every way the same questions, with a progress bar on standard error."""
    from dialog.model.fusion import load_fusion
    from dialog.training.evaluate import Score, evaluate, is_right
    from dialog.training.questions import Question

    folder = args.model or ModelStore(cache_folder()).path(MODEL)
    ways = tuple(args.fusion or WAYS)
    scores: dict[str, Score] = {}
    pace: dict[str, float] = {}
    columns = (TextColumn("{task.description:16}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True) as bar:
        for way in ways:
            task = bar.add_task(way, total=args.days * args.questions)

            def each(asked: Question, answer: str, task: Any = task) -> None:
                bar.advance(task)
                if args.show:
                    mark = "right" if is_right(asked, answer) else "WRONG"
                    bar.console.print(
                        f"{mark}  {asked.text}\n       expected  {asked.answer}\n       said      {answer}"
                    )

            fusion = load_fusion(way, folder, args.adapter)
            start = time.perf_counter()
            scores[way] = evaluate(fusion, args.days, args.questions, way == "cross_attention", args.percepts, each)
            pace[way] = (time.perf_counter() - start) / max(scores[way].asked, 1)
    return _result(scores, pace)


def _result(scores: dict[str, Any], pace: dict[str, float]) -> BenchResult:
    rows, figures = [], {}
    for way, score in scores.items():
        shares = score.shares()
        figures[way] = {**shares, "asked": score.asked, "seconds_per_question": round(pace[way], 3)}
        percents = [f"{100 * shares[key]:.0f} %" for key in ("right_fact", "exact", "right_fact_answerable")]
        refusal = f"{100 * shares['refusal_recall']:.0f} % / {100 * shares['refusal_precision']:.0f} %"
        evidence = f"{100 * shares['evidence']:.0f} %" if score.citable else "-"
        rows.append((way, *percents, refusal, evidence, f"{pace[way]:.2f} s"))
    asked = max((score.asked for score in scores.values()), default=0)
    columns = ("fusion", "right", "exact", "right where known", "refusal recall / precision", "evidence", "a question")
    notes = [f"{asked} questions; names, places, signs and wordings are held out from training"]
    return BenchResult("grounding", columns, rows, figures, notes)
