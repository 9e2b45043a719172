"""`heed bench alerts`: alerts raised on labelled recordings, against their ground truth, rule by rule.

Every recording whose ground truth tells all entries and exits runs through the streaming vision encoder and the alerts
plugin, with rules for people and for vehicles that enter and leave. An alert counts as right when such an event lies
within the tolerance; delay is from the event to the alert, in stream time. Recordings that show nobody add what is
falsely raised about people. Recordings with hard cuts are left out: nobody enters or leaves at a cut. `--judge` also
measures how often the language model judges a sentence right, on made-up situations.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agent.bench.alerts_score import RuleScore, pooled, score_alerts
from agent.bench.perception import read_manifest
from agent.bench.progress import counting
from agent.bench.table import BenchResult
from streams.errors import HeedError, MediaError
from streams.types import NS

if TYPE_CHECKING:
    from dialog.events import Alert, Perceived

HELP = "alerts on labelled recordings: precision, recall, delay and duplicates of each rule"

VEHICLES = ["car", "van", "truck", "bus", "taxi", "pickup", "motorcycle"]
RULES: dict[str, dict[str, Any]] = {
    "person enters": {"objects": ["person"], "does": ["enters"]},
    "person leaves": {"objects": ["person"], "does": ["leaves"]},
    "vehicle enters": {"objects": VEHICLES, "does": ["enters"]},
    "vehicle leaves": {"objects": VEHICLES, "does": ["leaves"]},
}


@dataclass(frozen=True, slots=True)
class Recording:
    """What was perceived in a recording."""

    item: dict[str, Any]
    events: list[Perceived]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument(
        "--media", type=Path, help="folder with manifest.json (default: HEED_MEDIA, else ../shared/media)"
    )
    parser.add_argument("--only", metavar="NAME", default="", help="a part of a recording's name")
    parser.add_argument(
        "--early", choices=("no", "usual", "yes"), default="usual",
        help="whether things count before they have a name, as in a rule (default: usual)",
    )  # fmt: skip
    parser.add_argument("--judge", action="store_true", help="also measure the language model's verdicts on sentences")


def run(args: argparse.Namespace) -> BenchResult:
    """Measure, with a progress bar on standard error."""
    from agent.bench import perception_score as truth
    from agent.config import media_folder

    folder = args.media or media_folder()
    wanted = [i for i in read_manifest(folder) if i["file"].startswith("video/") and args.only in i["file"]]
    told = [i for i in wanted if truth.passages(i) is not None or truth.shows_nobody(i)]
    items = [i for i in told if not truth.cuts_of(i)]
    if not items:
        raise MediaError(f"no recording in {folder} named like {args.only!r} tells what enters and leaves")
    with counting("recordings", len(items)) as step:
        recordings = list(_seen(folder, items, step))
    rows: list[tuple[str, ...]] = []
    scores: list[RuleScore] = []
    for recording in recordings:
        alerts = asyncio.run(_alerts(recording.events, args.early))
        for score in score_alerts(recording.item, alerts):
            rows.append((Path(recording.item["file"]).stem, *_cells(score)))
            scores.append(score)
    figures: dict[str, Any] = {"early": args.early, **pooled(scores)}
    notes = [
        f"over all: recall {figures['recall']}, precision {figures['precision']}, delay at most "
        f"{figures['delay_max_s']} s, duplicates {figures['duplicates']} (wanted: 0.9, 0.9, 1.5 s, 0); found "
        f"within 1.5 s: {figures['in_time']}"
    ]
    if args.judge:
        _judge(rows, figures, notes)
    columns = ("recording", "rule", "true", "recall", "precision", "delay mean, max", "twice")
    return BenchResult("alerts", columns, rows, figures, notes)


def _cells(s: RuleScore) -> tuple[str, ...]:
    delay = f"{sum(s.delays_s) / len(s.delays_s):.2f}, {max(s.delays_s):.2f} s" if s.delays_s else ""
    share = [f"{v:.2f}" if v is not None else "-" for v in (s.recall, s.precision)]
    return s.rule, str(s.truths), share[0], share[1], delay, str(s.duplicates)


def _seen(folder: Path, items: Sequence[dict[str, Any]], step: Callable[[], None]) -> Iterator[Recording]:
    from agent.config import load_config
    from agent.parts import limit_threads, load_vision
    from dialog.events import Perceived
    from streams.sources.decode import read_video
    from streams.types import Percept

    config = load_config()
    limit_threads(config)
    encoder = load_vision(config, lambda line: None)
    for item in items:
        state, events, t_ns = encoder.init_state("recording"), [], 0
        for frame in read_video(folder / item["file"], "recording", config.vision.max_fps, lambda warning: None):
            t_ns = frame.t_ns
            events += [Perceived(t_ns, o) for o in encoder.step(state, frame) if isinstance(o, Percept)]
        events += [Perceived(t_ns, o) for o in encoder.flush(state) if isinstance(o, Percept)]
        step()
        yield Recording(item, events)


async def _alerts(events: Sequence[Perceived], early: str) -> list[Alert]:
    from dialog.events import Alert
    from plugins.alerts import setup
    from plugins.testing import hosted

    rules = [{"name": name, "early": early, **rule} for name, rule in RULES.items()]
    with tempfile.TemporaryDirectory() as folder:
        async with hosted(setup, Path(folder), {"rules": rules, "log": False}) as plugin:
            await plugin.feed(*events)
            if failed := plugin.host.quarantined.get("tried"):
                raise HeedError(f"the alerts plugin failed: {failed}")
        return list(plugin.of(Alert))


def _judge(rows: list[tuple[str, ...]], figures: dict[str, Any], notes: list[str]) -> None:
    """Verdicts on made-up situations, each judged alone."""
    from agent.bench.alerts_situations import SITUATIONS
    from agent.config import load_config
    from agent.parts import limit_threads, load_mind
    from dialog.answer import answer
    from plugins.alerts.rules import Rule
    from plugins.alerts.sentences import question_of, verdict_of

    config = load_config()
    limit_threads(config)
    mind = load_mind(config, None, lambda line: None)
    right, failed, false_alarms, missed = 0, 0, 0, 0
    with counting("sentences", len(SITUATIONS)) as step:
        for n, case in enumerate(SITUATIONS):
            lines = [
                (f"gate/{n}-{i}", f"22:{10 + i // 2} gate: {text}", i * 30 * NS)
                for i, (_, text) in enumerate(case.lines)
            ]
            mind.remember_many(lines)
            now_ns = lines[-1][2] + NS
            question = question_of(Rule("bench", when=case.when))
            told = answer(mind, question, lines[-1][1][:5], now_ns, 40).text
            for percept_id, _, _ in lines:
                mind.forget(percept_id)
            verdict = verdict_of(told, question)
            right += (verdict == "confirmed") == case.true
            failed += verdict == "failed"
            false_alarms += verdict == "confirmed" and not case.true
            missed += verdict != "confirmed" and case.true
            if (verdict == "confirmed") != case.true:
                notes.append(f"judged wrong: {question} {case.lines[-1][1]!r}: {told!r} ({verdict})")
            step()
    figures["judge"] = {
        "situations": len(SITUATIONS), "right": right, "failed": failed, "false": false_alarms, "missed": missed,
    }  # fmt: skip
    rows.append(("made-up situations", "sentences", str(len(SITUATIONS)), f"{right} right", f"{failed} failed", "", ""))
