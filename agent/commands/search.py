"""`heed search`: moments of earlier days, in plain words. Reads the archive; nothing of the agent need run."""

from __future__ import annotations

import argparse
import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from agent.archive.asked import Filter
    from agent.archive.records import Moment

EPILOG = """examples:
  heed search "when did the white van come last week"
  heed search "what did Anna say about the keys" --source kitchen
  heed search "alarms yesterday between 10 and 11" --json
  heed search --kind sign --from 2026-11-20 --to 2026-11-22

Times may be said in the question ("yesterday", "last Tuesday morning", "3 days ago", "on 12 November after 6 pm") or be
given with --from and --to. The archive is written by `heed run` with [archive] enabled = true."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("question", nargs="?", default="", help="what to look for")
    add_filter(parser)
    parser.add_argument("--limit", type=int, default=10, metavar="N", help="moments to show (default: 10)")
    parser.add_argument("--json", action="store_true", help="print one JSON object a line")


def add_filter(parser: argparse.ArgumentParser) -> None:
    """Options that choose a part of the archive."""
    from agent.archive.records import ARCHIVED

    parser.add_argument("--from", dest="begin", metavar="T", help="from this day or time on (ISO 8601)")
    parser.add_argument("--to", dest="end", metavar="T", help="to the end of this day, or up to this time (ISO 8601)")
    parser.add_argument(
        "--source", action="append", default=[], metavar="NAME", help="camera or microphone (repeatable)"
    )
    parser.add_argument(
        "--kind", action="append", default=[], choices=ARCHIVED, metavar="KIND", help="kind (repeatable)"
    )
    parser.add_argument("--config", type=Path, metavar="FILE", help="configuration (default: config.toml, if any)")


def filter_of(args: argparse.Namespace) -> Filter:
    """The part that the options choose. Raises `ArchiveError` for a time that is none."""
    from agent.archive.asked import Filter
    from agent.archive.records import wall_ns
    from agent.archive.when import moment_of

    spans: tuple[tuple[int, int], ...] = ()
    if args.begin or args.end:
        begin = moment_of(args.begin, "--from") if args.begin else datetime(1970, 1, 2)
        end = moment_of(args.end, "--to", end=True) if args.end else datetime(2200, 1, 1)
        spans = ((wall_ns(begin), wall_ns(end)),)
    return Filter(spans, tuple(args.source), tuple(args.kind))


def run(args: argparse.Namespace) -> int:
    from agent.archive.attach import archive_folder, meaning_of
    from agent.archive.search import Search
    from agent.config import load_config
    from streams.clock import wall_now

    config = load_config(args.config)
    folder = archive_folder(config)
    with Search(folder, meaning_of(config) if args.question else None) as search:
        found = search.find(args.question, wall_now(), filter_of(args), max(1, min(args.limit, 1000)))
    for one in found:
        print(json.dumps(as_json(one, folder), ensure_ascii=False) if args.json else as_line(one, folder), flush=True)
    if not found and not args.json:
        print("nothing of the kind is in the archive")
    return 0 if found else 1


def as_json(found: Moment, folder: Path) -> dict[str, Any]:
    """A moment as a JSON object: `id run kind source t0 t1 text name speaker confidence picture`, and what its kind has
    beside. Times are ISO 8601."""
    from agent.archive.records import local

    picture, clip = (str(folder / path) if path else None for path in (found.picture, found.clip))
    return {
        "type": "moment", "id": found.id, "run": found.run, "kind": found.kind, "source": found.source,
        "t0": found.began.isoformat(), "t1": local(found.t1_ns).isoformat(), "text": found.text, "name": found.name,
        "speaker": found.speaker, "confidence": round(found.confidence, 3), "picture": picture, "clip": clip,
        **found.more,
    }  # fmt: skip


def as_line(found: Moment, folder: Path) -> str:
    """A moment for a person: `Tue 2026-11-17 14:03:05  front door  a white van enters  pictures/...`."""
    files = "".join(f"\n    {folder / path}" for path in (found.picture, found.clip) if path)
    kind = f"[{found.kind}] " if found.kind in ("alert", "reply", "health") else ""
    return f"{found.began:%a %Y-%m-%d %H:%M:%S}  {found.source}  {kind}{found.text}{files}"
