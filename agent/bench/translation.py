"""`heed bench translation`: how late and how good translated captions are.

Transcripts of labelled recordings that carry an English gloss (fields `language`, `transcript`, `translation_en`) run
through the plugin as they would live, growing text first, then the committed one. chrF and BLEU are sacrebleu's, over
all sentences of a pair; glosses were written by one person, so BLEU on so few sentences says little, chrF more. English
to Spanish is measured on household sentences of this file, which are short and plain.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from agent.bench.perception import read_manifest
from agent.bench.progress import counting
from agent.bench.table import BenchResult
from dialog.events import Caption, Event, Perceived
from plugins.contract import Register
from plugins.options import build
from plugins.testing import hosted
from plugins.translation.options import Options, translators
from plugins.translation.plugin import Translation
from plugins.translation.translator import Translators
from streams.clock import Stopwatch
from streams.errors import HeedError
from streams.types import NS, Health, Partial, Transcript

HOUSEHOLD = (
    ("The gate is open.", "La puerta está abierta."),
    ("There are two people in the room.", "Hay dos personas en la habitación."),
    ("The dog sleeps under the table.", "El perro duerme debajo de la mesa."),
    ("My brother arrives at three o'clock.", "Mi hermano llega a las tres."),
    ("Where are the keys?", "¿Dónde están las llaves?"),
    ("I left the red bag next to the door.", "Dejé la bolsa roja al lado de la puerta."),
    ("We want to eat at eight.", "Queremos comer a las ocho."),
    ("The white car leaves the garage.", "El coche blanco sale del garaje."),
    ("Please close the window.", "Por favor, cierra la ventana."),
    ("Her name is Rose and she is a doctor.", "Se llama Rose y es médica."),
)
"""English, and how a person would say it in Spanish."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.description = __doc__
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument(
        "--media", type=Path, help="folder with manifest.json (default: HEED_MEDIA, else ../shared/media)"
    )
    parser.add_argument("--engine", choices=("auto", "apertium", "ctranslate2"), default="auto")
    parser.add_argument(
        "--model", action="append", default=[], metavar="FROM:TO:FOLDER", type=_model,
        help="a CTranslate2 model, such as fr:en:models/opus-mt-fr-en (may be given several times)",
    )  # fmt: skip
    parser.add_argument("--rounds", type=int, default=3, help="times that everything is translated (default 3)")


def _model(text: str) -> dict[str, str]:
    parts = text.split(":", 2)
    if len(parts) != 3:
        raise argparse.ArgumentTypeError(f"{text!r} is not FROM:TO:FOLDER")
    return dict(zip(("source", "target", "folder"), parts, strict=True))


@dataclass(slots=True)
class Pair:
    """The sentences of a pair, and what came of them."""

    source: str
    target: str
    texts: list[str] = field(default_factory=list)
    references: list[str] = field(default_factory=list)
    found: list[str] = field(default_factory=list)
    first_s: float | None = None
    """The first segment, with the loading of the engine."""
    delays_s: list[float] = field(default_factory=list)
    rewrites: int = 0
    way: str = ""
    missing: str = ""

    @property
    def name(self) -> str:
        return f"{self.source}-{self.target}"


def run(args: argparse.Namespace) -> BenchResult:
    """Measure, with a progress bar on standard error.

    Raises:
        HeedError: sacrebleu or the recordings are missing.
    """
    from agent.config import media_folder

    try:
        import sacrebleu  # noqa: F401
    except ImportError as error:
        raise HeedError("scores need sacrebleu: pip install 'sacrebleu>=2.5,<3'") from error
    pairs = _pairs(read_manifest(args.media or media_folder()))
    with counting("translation", len(pairs) * args.rounds) as done:
        for pair in pairs:
            table = {"to": [pair.target], "language": pair.source, "engine": args.engine, "models": args.model}
            engine = translators(build(Options, table, "bench"))
            try:
                engine_name, way = _way(engine, pair)
                pair.way = f"{engine_name} {'-'.join(way)}"
            except HeedError as error:
                pair.missing = str(error)
                engine.close()
                continue
            asyncio.run(_measure(pair, table, engine, args.rounds, done))
    return _result(pairs)


def _way(engine: Translators, pair: Pair) -> tuple[str, tuple[str, ...]]:
    found, way = engine.route(pair.source, pair.target)
    return found.name, way


def _pairs(items: Sequence[dict[str, Any]]) -> list[Pair]:
    pairs = {"en": Pair("en", "es", [a for a, _ in HOUSEHOLD], [b for _, b in HOUSEHOLD])}
    for item in items:
        gloss, language = item.get("translation_en"), item.get("language")
        if isinstance(gloss, str) and isinstance(language, str) and isinstance(item.get("transcript"), str):
            pair = pairs.setdefault(language, Pair(language, "en"))
            pair.texts.append(item["transcript"])
            pair.references.append(gloss)
    return list(pairs.values())


async def _measure(pair: Pair, table: dict[str, Any], engine: Translators, rounds: int, done: Any) -> None:
    def setup(register: Register) -> None:
        Translation(register, register.options(Options), engine).start()

    with tempfile.TemporaryDirectory() as folder:
        async with hosted(setup, Path(folder), table) as tried:
            for number in range(rounds):
                shown: list[list[str]] = []
                for at, text in enumerate(pair.texts):
                    shown.append(await _say(pair, tried.emitted, tried.feed, number * len(pair.texts) + at, text))
                texts = [" ".join(lines) for lines in shown]
                pair.rewrites += bool(pair.found) and texts != pair.found
                pair.found = texts
                done()


async def _say(pair: Pair, emitted: list[Event], feed: Any, number: int, text: str) -> list[str]:
    """Say a text word by word and commit it; returns its translation. Counts what was shown and then changed."""
    begin_ns, words, before = 60 * NS * number, text.split(), len(emitted)
    for count in range(1, len(words), 3):
        t_ns = begin_ns + count * NS // 3
        await feed(Perceived(t_ns, Partial("bench", begin_ns, t_ns, " ".join(words[:count]))))
    end_ns = begin_ns + len(words) * NS // 3
    watch = Stopwatch()
    await feed(Perceived(end_ns, Transcript("bench", begin_ns, end_ns, text, language=pair.source)))
    took_s = watch.elapsed_s()
    new = [event for event in emitted[before:] if isinstance(event, Caption)]
    failed = [event.reason for event in emitted[before:] if isinstance(event, Health) and event.state != "ok"]
    pair.missing = pair.missing or (failed[0] if failed else "")
    starts = [caption.t0_ns for caption in new]
    # A segment that comes twice or goes back in time would replace one that is on the screen.
    pair.rewrites += len(starts) - len(set(starts)) + (starts != sorted(starts))
    if pair.first_s is None:
        pair.first_s = took_s
    else:
        pair.delays_s += [took_s / max(1, len(new))] * len(new)
    return [caption.text for caption in new]


def _result(pairs: Sequence[Pair]) -> BenchResult:
    rows, figures = [], {}
    for pair in pairs:
        one = _figures(pair)
        figures[pair.name] = one
        if pair.missing:
            rows.append((pair.name, "-", str(len(pair.texts)), "-", "-", "-", "-", pair.missing))
            continue
        delay = f"{one['delay_p50_s'] * 1000:.0f} / {one['delay_p95_s'] * 1000:.0f}" if pair.delays_s else "-"
        rows.append(
            (
                pair.name, pair.way, str(len(pair.texts)), f"{(pair.first_s or 0) * 1000:.0f}", delay,
                f"{one['chrf']:.1f} / {one['bleu']:.1f}", str(pair.rewrites), pair.found[0] if pair.found else "",
            )
        )  # fmt: skip
    delays = [s for pair in pairs for s in pair.delays_s]
    rewrites = sum(pair.rewrites for pair in pairs)
    total = {
        "delay_p50_s": _percentile(delays, 50),
        "delay_p95_s": _percentile(delays, 95),
        "rewrites": rewrites,
    }
    notes = [
        "delay: ms from a committed segment to its translation, p50 / p95 without the first, which loads the engine",
        f"rewrites of what was shown: {rewrites} (wanted: 0)",
    ]
    columns = ("pair", "engine", "sentences", "first ms", "delay ms", "chrF / BLEU", "rewrites", "the first one")
    return BenchResult("translation", columns, rows, {"pairs": figures, **total}, notes)


def _figures(pair: Pair) -> dict[str, Any]:
    from sacrebleu.metrics import BLEU, CHRF

    one: dict[str, Any] = {"sentences": len(pair.texts), "rewrites": pair.rewrites}
    if pair.missing:
        return one | {"missing": pair.missing}
    return one | {
        "engine": pair.way,
        "first_s": None if pair.first_s is None else round(pair.first_s, 4),
        "delay_p50_s": _percentile(pair.delays_s, 50),
        "delay_p95_s": _percentile(pair.delays_s, 95),
        "chrf": round(CHRF().corpus_score(pair.found, [pair.references]).score, 1),
        "bleu": round(BLEU(effective_order=True).corpus_score(pair.found, [pair.references]).score, 1),
    }


def _percentile(values: Sequence[float], p: int) -> float | None:
    return round(float(np.percentile(values, p)), 4) if values else None
