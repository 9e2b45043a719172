"""`heed bench endurance`: what is still as it was after days, and what comes back when it was taken away.

`--days N` lets so many days of made-up life pass through the whole agent, on a clock that is moved, and samples what it
holds. `--pictures N` perceives so many pictures of real recordings, with sound, and looks whether that grows.
`--restarts N` kills a running `heed run` so often and measures how long it is away. `--broker N` stops and starts a
real Mosquitto so often amid alerts of QoS 1, and then of QoS 2, and counts what a subscriber that keeps its session is
handed.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from agent.bench.endurance_broker import Broker
from agent.bench.progress import Step, counting
from agent.bench.table import BenchResult
from agent.config import child_environment
from streams.errors import HeedError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.description = __doc__
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument(
        "--media", type=Path, help="folder with manifest.json (default: HEED_MEDIA, else ../shared/media)"
    )
    parser.add_argument("--days", type=int, default=0, help="days of made-up life; 7 take ten to twenty minutes")
    parser.add_argument("--per-day", type=int, default=700, help="percepts of such a day (default: 700)")
    parser.add_argument("--pictures", type=int, default=0, help="so many real pictures, and their sound, perceived")
    parser.add_argument("--restarts", type=int, default=0, help="kill the agent and start it again so often")
    parser.add_argument("--broker", type=int, default=0, help="stop and start the broker so often, per QoS")


def run(args: argparse.Namespace) -> BenchResult:
    """Measure, with a progress bar on standard error."""
    return asyncio.run(_run(args))


async def _run(args: argparse.Namespace) -> BenchResult:
    from agent.bench import endurance_broker, endurance_restart, endurance_senses, endurance_week
    from agent.config import media_folder

    media = args.media or media_folder()
    parts: list[tuple[list[tuple[str, str]], dict[str, object]]] = []
    steps = args.days * endurance_week.SAMPLES + args.restarts + 2 * args.broker
    steps += endurance_senses.SAMPLES if args.pictures else 0
    with counting("endurance", steps) as step:
        if args.days:
            parts.append(endurance_week.told(await _days(args.days, args.per_day, step)))
        if args.pictures:
            parts.append(endurance_senses.told(await _senses(media, args.pictures, step)))
        if args.broker:
            rounds = [await endurance_broker.broker_restarts(args.broker, qos, step) for qos in (1, 2)]
            parts.append(endurance_broker.told(rounds))
        if args.restarts:
            parts.append(endurance_restart.told(await endurance_restart.restarts(media, args.restarts, step)))
    rows = [row for more, _ in parts for row in more]
    figures = {name: value for _, more in parts for name, value in more.items()}
    return BenchResult("endurance", ("what", "result"), rows, figures)


async def _days(days: int, per_day: int, step: Step) -> list[dict[str, Any]]:
    with tempfile.TemporaryDirectory(prefix="heed-") as name:
        broker = Broker(Path(name))
        await broker.start()
        try:
            given = [name, str(days), str(per_day), str(broker.port)]
            return await _samples("endurance_week", given, Path(name) / "data", step)
        finally:
            await broker.stop()


async def _senses(media: Path, frames: int, step: Step) -> list[dict[str, Any]]:
    with tempfile.TemporaryDirectory(prefix="heed-") as name:
        return await _samples("endurance_senses", [str(media), str(frames)], Path(name), step)


async def _samples(module: str, given: list[str], data: Path, step: Step) -> list[dict[str, Any]]:
    """The samples of a process of its own, whose memory is nobody else's.

    Raises:
        HeedError: it failed.
    """
    samples = []
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", f"agent.bench.{module}", *given,
        stdout=asyncio.subprocess.PIPE, env=child_environment(HEED_DATA=str(data)),
    )  # fmt: skip
    assert process.stdout is not None
    try:
        while line := await process.stdout.readline():
            samples.append(json.loads(line))
            step(", ".join(f"{name} {value:g}" for name, value in list(samples[-1].items())[:3]))
    finally:
        if process.returncode is None and not process.stdout.at_eof():
            process.kill()
        code = await process.wait()
    if code or not samples:
        raise HeedError(f"{module} ended early: exit status {code}")
    return samples
