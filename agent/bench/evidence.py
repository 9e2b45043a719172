"""`heed bench evidence`: are the percepts named under an answer those that it rests on?

Held-out days whose answers rest on known percepts. Three tests: citations beside the planted evidence, deletion, and
the swap of one value (see `dialog.training.planted`).
"""

from __future__ import annotations

import argparse
import json
import random
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agent.bench.grounding import MODEL, positive, sizes
from agent.bench.progress import counting
from agent.bench.table import BenchResult
from agent.config import cache_folder
from agent.models.store import ModelStore

if TYPE_CHECKING:
    from dialog.training.evaluate import Log
    from dialog.training.planted import EvidenceScore, Examined

HELP = "precision and recall of the percepts named under answers, and what deleting or changing them does"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument(
        "--sizes", type=sizes, default=(128, 512), metavar="N,N",
        help="state tokens that the days fill (default 128,512)",
    )  # fmt: skip
    parser.add_argument("--days", type=positive, default=3, help="held-out days of each size (default 3)")
    parser.add_argument("--questions", type=positive, default=8, help="questions about each day (default 8)")
    parser.add_argument("--seed", type=int, default=1999, help="of days and questions (default 1999)")
    parser.add_argument("--adapter", type=Path, help="another adapter than the one that comes with heed")
    parser.add_argument("--model", type=Path, help=f"transformers folder (default: the pulled {MODEL})")
    parser.add_argument(
        "--precision", choices=("auto", "float32", "bfloat16", "int8"), default="auto",
        help="numbers to compute in (default: as the agent does)",
    )  # fmt: skip
    parser.add_argument("--dump", type=Path, metavar="FILE", help="write every answer and test, one JSON a line")


def run(args: argparse.Namespace) -> BenchResult:
    """Examine answers, with a progress bar on standard error."""
    from dialog.model.adapter import load_adapter
    from dialog.model.engine import Engine
    from dialog.model.fusion import ADAPTERS
    from dialog.model.load import load_host
    from dialog.training.evaluate import sized_logs
    from dialog.training.planted import EvidenceScore, Planted

    folder = args.model or ModelStore(cache_folder()).path(MODEL)
    host = load_host(folder)
    adapter, _ = load_adapter(args.adapter or ADAPTERS / f"{folder.name}.safetensors")
    engine = Engine(host, adapter, args.precision)
    drawn = sized_logs(args.sizes, args.days, 3 * args.questions, lambda line: len(host.encode(line)), args.seed)
    logs = [_with_evidence(log, args.questions) for log in drawn]
    score, rng = EvidenceScore(), random.Random(args.seed)
    with counting("evidence", sum(len(log.questions) for log in logs)) as step:
        for log in logs:
            planted = Planted(engine, log, rng)
            for asked in log.questions:
                score.examined.append(planted.examine(asked))
                step()
    if args.dump is not None:
        _dump(score, args.dump)
    return _result(score, args)


def _with_evidence(log: Log, most: int) -> Log:
    """Only questions whose answer rests on percepts."""
    return replace(log, questions=tuple(q for q in log.questions if q.answerable and q.evidence)[:most])


def _result(score: EvidenceScore, args: argparse.Namespace) -> BenchResult:
    shares, means = score.shares(), score.means()
    rows = []
    for key, what in (
        ("cites", "answers with a citation"),
        ("answer_precision", "citation precision, a whole answer"),
        ("answer_recall", "citation recall, a whole answer"),
        ("sentence_precision", "citation precision, a sentence"),
        ("sentence_recall", "citation recall, a sentence"),
    ):
        rows.append((what, str(shares[f"{key}_right"]), str(shares[f"{key}_all"])))
    rows.append(("right fact", "", str(shares["right_fact"])))
    rows.append(("another value in the cited percept: the answer takes it over", str(shares["swap_changes"]), ""))
    rows.append(("another value in another percept: the answer stays", str(shares["swap_elsewhere_stays"]), ""))
    for key, what in (("cited", "the first cited"), ("random", "a random other"), ("newest", "the newest other")):
        rows.append((f"nats lost without {what} percept", str(means[f"lost_{key}"]), ""))
    figures: dict[str, Any] = {"sizes": list(args.sizes), "asked": len(score.examined)}
    figures |= {key: share.figures() for key, share in shares.items()}
    figures |= {key: mean.figures() for key, mean in means.items()}
    notes = [
        f"{len(score.examined)} answerable questions about held-out days; in brackets, or after ±, the 95 % interval",
        "a percept of the same source with the same text as a needed one counts as needed",
    ]
    return BenchResult("evidence", ("", "answers that are right", "all answers"), rows, figures, notes)


def _dump(score: EvidenceScore, path: Path) -> None:
    """Every answer that was examined, one JSON object a line."""
    with path.open("w") as file:
        for one in score.examined:
            file.write(json.dumps(_line(one), ensure_ascii=False) + "\n")


def _line(one: Examined) -> dict[str, Any]:
    swap = None if one.swap is None else {"sort": one.swap.sort, "old": one.swap.old, "new": one.swap.new}
    return {
        "kind": one.asked.kind, "question": one.asked.text, "expected": one.asked.answer, "answer": one.answer,
        "right": one.right, "named": one.whole.named, "named_needed": one.whole.named_needed,
        "needed": one.whole.needed, "needed_named": one.whole.needed_named, "swap": swap, "changed": one.changed,
        "stayed": one.stayed, "lost_cited": None if one.lost is None else round(one.lost.cited, 3),
    }  # fmt: skip
