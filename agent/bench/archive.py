"""`heed bench archive`: whether the right moment of two weeks is found, how fast, and what keeping it costs.

Two weeks of made-up life are written, with incidents planted among them; each is asked for in plain words, most with a
time as people say it. It counts as found when it is among the first three. Then as many events as wanted are written,
and the same questions are asked of them.
"""

from __future__ import annotations

import argparse
import itertools
import statistics
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from agent.archive.attach import meaning_of
from agent.archive.meaning import Meaning
from agent.archive.records import Record
from agent.archive.schema import FILE
from agent.archive.search import Search
from agent.archive.store import Store
from agent.bench.archive_answers import Answered, Answering
from agent.bench.archive_held_out import HELD_OUT
from agent.bench.archive_kills import kill_often
from agent.bench.archive_life import NOW, Planted, asked_in_vain, life, planted
from agent.bench.archive_never import NEVER, NEVER_HELD_OUT
from agent.bench.progress import counting
from agent.bench.table import BenchResult
from agent.config import Config
from streams.clock import Stopwatch

NEAR_NS = 120 * 1_000_000_000
BATCH = 512


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.description = __doc__
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--per-day", type=int, default=1500, help="events a day of the two weeks (default: 1500)")
    parser.add_argument("--seeds", type=int, default=3, help="how often to plant at other times (default: 3)")
    parser.add_argument(
        "--events", type=int, nargs="*", default=[100_000, 1_000_000], help="sizes at which time is measured"
    )
    parser.add_argument(
        "--kills", type=int, default=0, help="kill a writing process so often, and count what is lost (default: 0)"
    )
    parser.add_argument(
        "--answers", type=int, default=0, help="put so many of the questions to the language model as well (default: 0)"
    )
    parser.add_argument("--words-only", action="store_true", help="without search by meaning")


@dataclass(frozen=True, slots=True)
class Hits:
    """How many of the questions found their moment."""

    asked: int
    first: int
    three: int
    times_s: Sequence[float]


@dataclass(frozen=True, slots=True)
class Size:
    """What keeping so many events costs, and finding something among them."""

    events: int
    write_per_s: float
    bytes_per_event: float
    texts: int
    open_s: float
    p50_s: float
    p95_s: float


def run(args: argparse.Namespace) -> BenchResult:
    """Measure. Raises `ArchiveError` when the disk is full."""
    meaning = None if args.words_only else meaning_of(Config())
    hits = fresh = Hits(0, 0, 0, [])
    sizes: list[Size] = []
    with counting("archive", args.seeds + len(args.events)) as step:
        for seed in range(1, args.seeds + 1):
            with tempfile.TemporaryDirectory() as folder:
                incidents, others = planted(seed), planted(seed, incidents=HELD_OUT)
                records = [*life(seed, args.per_day), *(one.record for one in [*incidents, *others])]
                write(Path(folder), records, meaning)
                hits = _added(hits, ask_all(Path(folder), incidents, meaning))
                fresh = _added(fresh, ask_all(Path(folder), others, meaning))
            step()
        for events in args.events:
            sizes.append(size_of(events, meaning))
            step()
    rows = [
        ("right moment first", f"{hits.first} of {hits.asked} ({hits.first / hits.asked:.0%})"),
        ("right moment among the first three", f"{hits.three} of {hits.asked} ({hits.three / hits.asked:.0%})"),
        ("held-out incidents, first", f"{fresh.first} of {fresh.asked} ({fresh.first / fresh.asked:.0%})"),
        ("held-out incidents, first three", f"{fresh.three} of {fresh.asked} ({fresh.three / fresh.asked:.0%})"),
    ]
    for one in sizes:
        rows += [
            (f"{one.events} events: search, p50 and p95", f"{one.p50_s * 1000:.0f} and {one.p95_s * 1000:.0f} ms"),
            (f"{one.events} events: first search of a process", f"{one.open_s:.2f} s"),
            (f"{one.events} events: written in batches of {BATCH}", f"{one.write_per_s:.0f} a second"),
            (f"{one.events} events: file", f"{one.bytes_per_event:.0f} bytes an event, {one.texts} different texts"),
        ]
    more: dict[str, object] = {}
    for wanted, measure in ((args.answers, _answers), (args.kills, _kills)):
        if wanted:
            told, figured = measure(wanted, args.per_day, meaning)
            rows, more = rows + told, more | figured
    figures = {
        "meaning": meaning is not None, "asked": hits.asked, "hit1": hits.first / hits.asked,
        "hit3": hits.three / hits.asked, "held_out": fresh.asked, "held_out_hit1": fresh.first / fresh.asked,
        "held_out_hit3": fresh.three / fresh.asked,
        "sizes": [{name: getattr(one, name) for name in one.__slots__} for one in sizes],
        **more,
    }  # fmt: skip
    return BenchResult("archive", ("what", "result"), rows, figures)


def _answers(count: int, per_day: int, meaning: Meaning | None) -> tuple[list[tuple[str, str]], dict[str, object]]:
    """Rows and figures of so many answers about incidents, and as many about what never happened."""
    answering = Answering(meaning)
    rows: list[tuple[str, str]] = []
    figures: dict[str, object] = {}
    with tempfile.TemporaryDirectory() as folder:
        records, incidents, others = list(life(1, per_day)), planted(1), planted(1, incidents=HELD_OUT)
        write(Path(folder), [*records, *(one.record for one in [*incidents, *others])], meaning)
        for name, some, never in (("", incidents, NEVER), ("held out: ", others, NEVER_HELD_OUT)):
            done = list(answering.ask(Path(folder), records, some[:count]))
            vain = list(answering.ask(Path(folder), records, asked_in_vain(1, never, some)[:count]))
            told, figured = _told(name, done, vain)
            rows, figures = rows + told, figures | figured
    return rows, {"answers": figures}


def _told(
    name: str, done: Sequence[Answered], vain: Sequence[Answered]
) -> tuple[list[tuple[str, str]], dict[str, object]]:
    cited, right = sum(one.cited for one in done), sum(one.cited and one.told for one in done)
    plain = sum(one.cited and one.told and not one.refused for one in done)
    refused, near = sum(one.refused for one in vain), sum(one.nearest for one in vain)
    times = sorted(one.time_s for one in done)
    rows = [
        (f"{name}answer rests on the right moment", f"{cited} of {len(done)} ({cited / len(done):.0%})"),
        (f"{name}... and tells what was asked for", f"{right} of {len(done)} ({right / len(done):.0%})"),
        (f"{name}... and not only as the nearest", f"{plain} of {len(done)} ({plain / len(done):.0%})"),
        (f"{name}what never happened is not known", f"{refused} of {len(vain)} ({refused / len(vain):.0%})"),
        (f"{name}... and something nearest is told", f"{near} of {len(vain)}"),
        (f"{name}whole answer, p50 and longest", f"{statistics.median(times):.1f} and {times[-1]:.1f} s"),
    ]
    lines = [(one.question, one.text) for one in done if not (one.cited and one.told)]
    invented = [(one.question, one.text) for one in vain if not one.refused]
    figures = {
        "asked": len(done), "cited": cited, "right": right, "plain": plain, "never": len(vain), "refused": refused,
        "nearest": near, "p50_s": statistics.median(times), "wrong": lines, "invented": invented,
    }  # fmt: skip
    return rows, {name.removesuffix(": ").replace(" ", "_") or "known": figures}


def _kills(count: int, per_day: int, meaning: Meaning | None) -> tuple[list[tuple[str, str]], dict[str, object]]:
    """Rows and figures of so many kills."""
    with tempfile.TemporaryDirectory() as folder:
        done = kill_often(Path(folder) / "archive", count, 1)
    opened = sorted(done.opened_s)
    rows = [
        (f"{count} kills under load: committed events lost", f"{done.missing} of {done.promised}"),
        ("after them: database and files sound", "yes" if done.sound and not done.doubled else "no"),
        ("opened after a kill, p50 and longest", f"{statistics.median(opened):.2f} and {opened[-1]:.2f} s"),
    ]
    figures = {
        "kills": count, "promised": done.promised, "missing": done.missing, "sound": done.sound,
        "opened_p50_s": statistics.median(opened), "opened_max_s": opened[-1],
    }  # fmt: skip
    return rows, {"killed": figures}


def write(folder: Path, records: Iterable[Record], meaning: Meaning | None) -> int:
    """Write records as the agent does, in batches; returns how many."""
    done = 0
    with Store(folder, 0, None if meaning is None else meaning.bits) as store:
        for batch in _batched(records):
            done += len(store.add(batch))
        store.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return done


def ask_all(folder: Path, incidents: Sequence[Planted], meaning: Meaning | None) -> Hits:
    """Ask for each incident; each question's time is taken."""
    first = three = 0
    times = []
    with Search(folder, meaning) as search:
        search.find("anything at all", NOW)
        for one in incidents:
            watch = Stopwatch()
            found = search.find(one.question, NOW, limit=3)
            times.append(watch.elapsed_s())
            right = [
                abs(m.t0_ns - one.record.t0_ns) <= NEAR_NS and m.source == one.record.source for m in found
            ]  # fmt: skip
            first += right[:1] == [True]
            three += any(right)
    return Hits(len(incidents), first, three, times)


def size_of(events: int, meaning: Meaning | None) -> Size:
    """Write so many events of a long life, and search among them."""
    incidents = planted(1)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        records = itertools.chain(_long_life(events - len(incidents)), (one.record for one in incidents))
        prepared = list(records) if events <= 100_000 else records
        watch = Stopwatch()
        write(folder, prepared, meaning)
        wrote_s = watch.elapsed_s()
        watch = Stopwatch()
        with Search(folder, meaning) as search:
            search.find("a white van", NOW)
            open_s, texts = watch.elapsed_s(), search.holdings().texts
        times = sorted(ask_all(folder, incidents, meaning).times_s)
        size = (folder / FILE).stat().st_size / events
    p95_s = times[min(len(times) - 1, round(0.95 * len(times)))]
    return Size(events, events / wrote_s, size, texts, open_s, statistics.median(times), p95_s)


def _long_life(events: int) -> Iterable[Record]:
    """A life so long: a day of made-up life is told anew with other numbers, as busy cameras do; speech stays new."""
    base = list(life(99, min(3000, max(1, events // 14))))
    for n in range(events):
        record = base[n % len(base)]
        text = record.text if record.kind != "speech" or n < len(base) else f"{record.text} {n}"
        yield replace(record, text=text, t0_ns=record.t0_ns + n, t1_ns=record.t1_ns + n)


def _batched(records: Iterable[Record]) -> Iterable[list[Record]]:
    left = iter(records)
    while batch := list(itertools.islice(left, BATCH)):
        yield batch


def _added(one: Hits, other: Hits) -> Hits:
    times = [*one.times_s, *other.times_s]
    return Hits(one.asked + other.asked, one.first + other.first, one.three + other.three, times)
