"""`heed archive`: a day in short, export, deletion, back-up. Works beside a running agent, but for `restore`."""

from __future__ import annotations

import argparse
import json
import shutil
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from agent.commands.noted import note
from agent.commands.search import add_filter, as_json, as_line, filter_of

if TYPE_CHECKING:
    from agent.archive.records import Moment
    from agent.config import Config

EPILOG = """examples:
  heed archive status
  heed archive summary --day yesterday
  heed archive export --from 2026-11-20 --to 2026-11-22 --source front-door --out evidence
  heed archive delete --search "white van" --from 2026-11-16
  heed archive delete --source kitchen --yes
  heed archive backup /mnt/usb/heed.tar
  heed archive restore /mnt/usb/heed.tar

Deleting takes pictures, words and meanings along and empties the log: nothing of it is left in the files."""

SHOWN = 5


def add_arguments(parser: argparse.ArgumentParser) -> None:
    todo = parser.add_subparsers(dest="todo", metavar="WHAT", required=True)
    status = todo.add_parser("status", help="how much it holds", description="How much the archive holds.")
    status.add_argument("--config", type=Path, metavar="FILE", help="configuration (default: config.toml, if any)")
    summary = todo.add_parser("summary", help="a day in short", description="A day in short.")
    summary.add_argument("--day", default="today", help="today, yesterday, a weekday or a date (default: today)")
    summary.add_argument("--json", action="store_true", help="print one JSON object")
    summary.add_argument("--config", type=Path, metavar="FILE", help="configuration (default: config.toml, if any)")
    export = todo.add_parser("export", help="copy a part of it", description="Copy events and pictures into a folder.")
    add_filter(export)
    export.add_argument("--search", default="", metavar="WORDS", help="only what these words find")
    export.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder, made where there is none")
    delete = todo.add_parser("delete", help="delete a part of it", description="Delete events and their pictures.")
    add_filter(delete)
    delete.add_argument(
        "--search", default="", metavar="WORDS", help="only what these words find: all words, as they are"
    )
    delete.add_argument("--everything", action="store_true", help="delete all that the archive holds")
    delete.add_argument("--yes", action="store_true", help="do not ask")
    backup = todo.add_parser("backup", help="all of it in one file", description="Write all of it to one file.")
    backup.add_argument("file", type=Path, metavar="FILE", help="a tar, made or replaced")
    backup.add_argument("--config", type=Path, metavar="FILE", help="configuration (default: config.toml, if any)")
    restore = todo.add_parser("restore", help="out of a back-up", description="Make it anew out of a back-up.")
    restore.add_argument("file", type=Path, metavar="FILE", help="as `heed archive backup` wrote it")
    restore.add_argument("--replace", action="store_true", help="put the archive aside that is there")
    restore.add_argument("--config", type=Path, metavar="FILE", help="configuration (default: config.toml, if any)")


def run(args: argparse.Namespace) -> int:
    from agent.config import load_config

    config = load_config(args.config)
    works = {
        "status": _status, "summary": _summary, "export": _export, "delete": _delete,
        "backup": _backup, "restore": _restore,
    }  # fmt: skip
    return works[args.todo](args, config)


def _status(args: argparse.Namespace, config: Config) -> int:
    from agent.archive.attach import archive_folder
    from agent.archive.schema import FILE
    from agent.archive.search import Search

    folder = archive_folder(config)
    with Search(folder) as search:
        held = search.holdings()
    print(
        f"{folder}: {held.events} events, {held.pictures} pictures ({held.picture_bytes / 1e6:.1f} MB), "
        f"{held.clips} clips ({held.clip_bytes / 1e6:.1f} MB)"
    )
    print(
        f"database {(folder / FILE).stat().st_size / 1e6:.1f} MB, {held.sources} sources, {held.texts} different texts"
    )
    if held.span:
        print(f"from {held.span[0]:%Y-%m-%d %H:%M} to {held.span[1]:%Y-%m-%d %H:%M}")
    return 0


def _summary(args: argparse.Namespace, config: Config) -> int:
    from agent.archive.asked import Filter
    from agent.archive.attach import archive_folder
    from agent.archive.records import wall_ns
    from agent.archive.schema import ArchiveError
    from agent.archive.search import Search
    from agent.archive.summary import summarise
    from agent.archive.when import when
    from streams.clock import wall_now

    spans = when(args.day, wall_now().replace(tzinfo=None)).spans
    if len(spans) != 1:
        raise ArchiveError(f"--day is no day: {args.day[:40]!r}; say today, yesterday, Tuesday or 2026-11-17")
    begin = datetime.combine(spans[0][0].date(), datetime.min.time())
    folder = archive_folder(config)
    with Search(folder) as search:
        span = (wall_ns(begin), wall_ns(begin + timedelta(days=1)))
        summary = summarise(begin.date(), search.moments(Filter((span,))))
    if args.json:
        notable = [as_json(one, folder) for one in summary.notable]
        told = {"type": "summary", "day": summary.day.isoformat(), "events": summary.events, "text": summary.text}
        print(json.dumps({**told, "sources": summary.by_source, "kinds": summary.by_kind, "notable": notable}))
    else:
        print(summary.text)
    return 0


def _export(args: argparse.Namespace, config: Config) -> int:
    from agent.archive.attach import archive_folder
    from agent.archive.pictures import inside
    from agent.archive.schema import ArchiveError

    folder, n, copied = archive_folder(config), 0, set[str]()
    try:
        args.out.mkdir(parents=True, exist_ok=True)
        with (args.out / "events.jsonl").open("w", encoding="utf-8") as lines:
            for found in _chosen(args, folder):
                told = as_json(found, folder)
                for key, path in (("picture", found.picture), ("clip", found.clip)):
                    file = inside(folder, path) if path else None
                    told[key] = path if file is not None and file.is_file() else None
                    if file is not None and file.is_file() and path not in copied:
                        copied.add(path)
                        (args.out / path).parent.mkdir(parents=True, exist_ok=True)
                        shutil.copyfile(file, args.out / path)
                lines.write(json.dumps(told, ensure_ascii=False) + "\n")
                n += 1
    except OSError as error:
        raise ArchiveError(f"cannot write to {args.out}: {error.strerror or error}") from error
    clips = sum(path.endswith(".mp4") for path in copied)
    note("export", f"{n} events, {len(copied) - clips} pictures and {clips} clips")
    print(f"{n} events, {len(copied) - clips} pictures and {clips} clips in {args.out}")
    return 0


def _delete(args: argparse.Namespace, config: Config) -> int:
    from agent.archive.attach import archive_folder
    from agent.archive.erase import erase
    from agent.archive.schema import ArchiveError
    from agent.archive.store import Store

    only, folder = filter_of(args), archive_folder(config)
    if not (only.spans or only.sources or only.kinds or args.search or args.everything):
        raise ArchiveError("say what to delete: --from, --to, --source, --kind, --search, or --everything")
    found = list(_chosen(args, folder))
    if not found:
        with Store(folder, 0) as store:
            erase(store, only, [])  # what an earlier deletion left in the log, while somebody read it
        print("nothing of the kind is in the archive")
        return 1
    if not args.yes and not _agreed(found, folder):
        return 1
    with Store(folder, 0) as store:
        gone = erase(store, only, [one.id for one in found])
    note("delete", f"{gone} events")
    print(f"{gone} events deleted")
    return 0


def _backup(args: argparse.Namespace, config: Config) -> int:
    from agent.archive.attach import archive_folder
    from agent.archive.backup import back_up

    copied = back_up(archive_folder(config), args.file)
    print(f"{args.file}: {copied.events} events, {copied.files} pictures and clips, {copied.bytes / 1e6:.1f} MB")
    return 0


def _restore(args: argparse.Namespace, config: Config) -> int:
    from agent.archive.attach import archive_folder
    from agent.archive.backup import restore

    folder = archive_folder(config)
    copied, aside = restore(args.file, folder, args.replace)
    print(f"{folder}: {copied.events} events, {copied.files} pictures and clips, {copied.bytes / 1e6:.1f} MB")
    if aside is not None:
        print(f"what was there before is in {aside}")
    return 0


def _chosen(args: argparse.Namespace, folder: Path) -> Iterator[Moment]:
    """What the options choose, in order of time; with `--search` all that holds all of its words."""
    from agent.archive.search import Search

    with Search(folder) as search:
        yield from search.moments(filter_of(args), args.search)


def _agreed(found: Sequence[Moment], folder: Path) -> bool:
    for one in found[:SHOWN]:
        print(as_line(one, folder))
    if len(found) > SHOWN:
        print(f"... and {len(found) - SHOWN} more")
    try:
        return input(f"delete these {len(found)} events and their pictures? [y/N] ").strip().lower() in ("y", "yes")
    except EOFError:
        return False
