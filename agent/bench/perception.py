"""`heed bench perception`: what is heard and seen on labelled recordings, against their ground truth.

The folder holds `manifest.json`: a list of objects with `file`, `kind`, `duration_s`, `events` and, where they apply,
`transcript`, `text`, `cuts`, `people_max`. Everything runs through the same streaming encoders as `heed replay`.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from agent.bench.table import BenchResult
from streams.errors import MediaError

HELP = "what is heard and seen on labelled recordings, against their ground truth"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument(
        "--media", type=Path, help="folder with manifest.json (default: HEED_MEDIA, else ../shared/media)"
    )
    parser.add_argument("--only", metavar="NAME", help="hearing, vision, or a part of a recording's name")


def read_manifest(folder: Path) -> list[dict[str, Any]]:
    """The items of `folder/manifest.json`.

    Raises:
        MediaError: missing or not a list of objects with a `file`.
    """
    path = folder / "manifest.json"
    try:
        items = json.loads(path.read_text())
    except (OSError, ValueError) as error:
        raise MediaError(f"no labelled recordings at {path} ({error}); name their folder with --media") from error
    if not isinstance(items, list) or not all(isinstance(i, dict) and isinstance(i.get("file"), str) for i in items):
        raise MediaError(f"{path} must be a list of objects, each with a 'file'")
    return items


def run(args: argparse.Namespace) -> BenchResult:
    """Measure, with a progress bar on standard error."""
    from agent.config import media_folder

    folder = args.media or media_folder()
    items = read_manifest(folder)
    only = args.only or ""
    hear = only in ("", "hearing") or any(only in i["file"] for i in items if i["file"].startswith("audio/"))
    seen = [
        item
        for item in items
        if item["file"].startswith(("video/", "photo/")) and (only in ("", "vision") or only in item["file"])
    ]
    if not hear and not seen:
        raise MediaError(f"no recording in {folder} is named like {only!r}")
    columns = (TextColumn("{task.description:36}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    rows: list[tuple[str, ...]] = []
    figures: dict[str, Any] = {}
    total = len(seen) + (sum(_is_heard(item) for item in items) if hear else 0)
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("loading models", total=total)

        def progress(name: str) -> None:
            bar.update(task, description=name[-36:], advance=1)

        if hear:
            _add(rows, figures, _hear(folder, progress))
        if seen:
            _add(rows, figures, _see(folder, seen, progress))
    return BenchResult("perception", ("recording", "measured", "figure", "detail"), rows, figures, _notes(figures))


def _is_heard(item: dict[str, Any]) -> bool:
    spoken = item.get("kind") == "speech" and item.get("language") == "en" and item.get("transcript")
    return bool(spoken) or item.get("kind") in ("noise", "sound_event")


def _hear(folder: Path, progress: Any) -> tuple[list[tuple[str, ...]], dict[str, Any]]:
    from agent.bench.perception_audio import audio_rows
    from agent.config import load_config
    from agent.parts import load_hearing

    rows, figures = audio_rows(folder, load_hearing(load_config(), _silent), progress)  # type: ignore[arg-type]
    return rows, {name: round(value, 4) for name, value in figures.items()}


def _see(folder: Path, items: list[dict[str, Any]], progress: Any) -> tuple[list[tuple[str, ...]], dict[str, Any]]:
    from agent.bench.perception_vision import vision_rows
    from agent.config import load_config
    from agent.parts import limit_threads, load_vision

    config = load_config()
    limit_threads(config)
    return vision_rows(folder, items, load_vision(config, _silent), progress, config.vision.max_fps)


def _silent(line: str) -> None:
    """What was picked is not part of a measurement's output."""


def _add(rows: list[tuple[str, ...]], figures: dict[str, Any], part: tuple[list[tuple[str, ...]], Any]) -> None:
    rows += part[0]
    figures.update(part[1])


def _notes(figures: dict[str, Any]) -> list[str]:
    """The goals, each beside what was reached."""
    notes = []
    if (wer := figures.get("wer_clean_en_mean")) is not None:
        notes.append(f"word error rate, clean English, mean: {wer:.1%} (wanted: at most 10 %)")
        notes.append(f"words on noise: {figures['noise_words']:.0f} (wanted: 0)")
    if figures.get("f1"):
        files = ", ".join(f"{Path(name).stem} {value:.2f}" for name, value in figures["f1"].items())
        notes.append(
            f"entries and exits, F1: {files} (wanted: at least 0.8); no wrong name: "
            f"{figures['class_agreement']:.0%}, named: {figures['class_named']:.0%}"
        )
    if figures.get("persons_claimed"):
        notes.append(f"persons claimed where nobody is: {sum(figures['persons_claimed'].values())} (wanted: 0)")
    if figures.get("texts"):
        notes.append(f"texts read: {figures['texts_read']} of {figures['texts']}")
    if figures.get("cuts"):
        notes.append(f"cuts found: {figures['cuts_found']} of {figures['cuts']}, {figures['cuts_false']} false")
    if figures.get("vision_times_real_time"):
        notes.append(f"vision: {figures['vision_times_real_time']:.1f} times faster than real time, without decoding")
    return notes
