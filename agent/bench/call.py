"""`heed bench call`: what a conversation with heed is like, measured from the caller's side of real WebRTC calls.

An agent with the default models runs in a process of its own; this one calls it as a browser would, with Opus over
UDP, speaks questions (espeak's voice, another than the agent's) or plays recordings, and measures what comes back.
"""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from agent.bench.call_agent import AgentProcess, agent_process
from agent.bench.call_rows import Table, told
from agent.bench.progress import counting
from agent.bench.table import BenchResult, show
from agent.config import Config, LocalConfig, MqttConfig, load_config, media_folder
from streams.errors import HeedError

HELP = "a conversation over real WebRTC calls, from the caller's side"

PARTS = ("latency", "barge", "echo", "loss", "calls", "cutoffs")
EPILOG = """parts:
  latency   from the end of a spoken question to the first sound of the answer (voice-to-voice), and its stages
  barge     from the first voiced sample of an interruption to silence; "mm-hm", a cough, a clap must not stop it
  echo      the agent's own voice fed back at -20 and -10 dB, 50 to 250 ms late: it must not answer or stop itself;
            and, without a call, what a person's words are worth while the agent speaks
  loss      facts told and asked for by voice while 0, 1 and 5 % of the packets are lost, both ways
  calls     one call, two, ... until the 95th percentile doubles; processor time of the agent's process for each
  cutoffs   recorded conversations (--media): turns that are cut off, ends that are missed

Each part's table is shown as soon as it is measured, with a line of JSON; all of them once more in the end.
A full run takes about half an hour, --quick about three minutes. Other work on the machine makes every figure worse."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How much of everything."""

    turns: int
    disturbances: int
    echoes: tuple[tuple[float, float, bool], ...]
    """`(gain in dB, delay in s, whether the agent cancels)`."""
    echo_answers: int
    losses: tuple[float, ...]
    facts: int
    calls: int
    quick: bool


def plan(quick: bool, turns: int, calls: int) -> Plan:
    """Everything, or a little of everything."""
    from agent.bench.call_echo import DELAYS_S, GAINS_DB
    from agent.bench.call_loss import LOSSES

    if quick:
        return Plan(min(turns, 5), 4, ((-10.0, 0.15, True),), 1, (0.0, 0.05), 2, min(calls, 2), True)
    echoes = tuple((gain, delay, cancels) for cancels in (True, False) for gain in GAINS_DB for delay in DELAYS_S)
    return Plan(turns, 20, echoes, 2, LOSSES, 4, calls, False)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    from agent.bench.grounding import positive

    parser.epilog, parser.formatter_class = EPILOG, argparse.RawDescriptionHelpFormatter
    parser.add_argument(
        "--media", type=Path, help="folder with manifest.json (default: HEED_MEDIA, else ../shared/media)"
    )
    parser.add_argument(
        "--parts", type=_parts, default=PARTS, metavar="A,B", help=f"which of {','.join(PARTS)} (default: all)"
    )
    parser.add_argument("--turns", type=positive, default=20, help="questions of the latency part (default 20)")
    parser.add_argument("--calls", type=positive, default=6, help="calls at once, at most (default 6)")
    parser.add_argument("--quick", action="store_true", help="a little of every part")


def _parts(text: str) -> tuple[str, ...]:
    """`latency,barge` as names, for argparse."""
    names = tuple(dict.fromkeys(text.split(",")))
    if unknown := [name for name in names if name not in PARTS]:
        raise argparse.ArgumentTypeError(f"unknown part {unknown[0]!r}; known: {', '.join(PARTS)}")
    return names


def run(args: argparse.Namespace) -> BenchResult:
    """Measure, with a progress bar for each part on standard error."""
    media = args.media or media_folder()
    if "cutoffs" in args.parts or args.media is not None:
        from agent.bench.perception import read_manifest

        read_manifest(media)  # a wrong folder is said at once, not after ten minutes
    table = Table(show)
    if "echo" in args.parts:
        _double_talk(media, args.quick, table)
        table.done("double_talk")
    asyncio.run(_run(load_config(), plan(args.quick, args.turns, args.calls), args.parts, media, table))
    return table.result()


async def _run(config: Config, wanted: Plan, parts: tuple[str, ...], media: Path, table: Table) -> None:
    config = replace(config, sources=(), mqtt=MqttConfig(), local=LocalConfig())
    work: dict[str, Callable[[AgentProcess], Coroutine[Any, Any, None]]] = {
        "latency": lambda agent: _latency(agent, wanted, table),
        "loss": lambda agent: _loss(agent, wanted, table),
        "calls": lambda agent: _calls(agent, wanted, table),
        "barge": lambda agent: _barge(agent, wanted, media, table),
        "echo": lambda agent: _echo(agent, wanted, table),
        "cutoffs": lambda agent: _cutoffs(agent, wanted, media, table),
    }
    # Without percepts and what was said before, the language model tells long stories, which can be interrupted; and an
    # agent that answers every sentence shows when it thinks that one is over.
    talkative = replace(
        config, models=replace(config.models, fusion="none"), dialog=replace(config.dialog, history_turns=0)
    )
    eager = replace(config, dialog=replace(config.dialog, respond="all"))
    agents = ((config, ("latency", "loss", "calls")), (talkative, ("barge", "echo")), (eager, ("cutoffs",)))
    for own, names in agents:
        if any(name in parts for name in names):
            async with agent_process(own) as agent:
                for name in (name for name in names if name in parts):
                    await work[name](agent)
                    table.done(name)
                if own is config:
                    table.memory((await agent.usage()).memory_mb)


def _double_talk(media: Path, quick: bool, table: Table) -> None:
    """Left out where there are no recordings."""
    from agent.bench.call_room import LEVELS_DB, RECORDINGS, double_talk
    from agent.bench.perception import read_manifest
    from agent.parts import load_hearing

    if not (media / "manifest.json").is_file():
        return
    known = {Path(i["file"]).stem: i.get("transcript") for i in read_manifest(media)}
    texts = {name: str(known[name]) for name in RECORDINGS if known.get(name)}
    levels_db = LEVELS_DB[1:2] if quick else LEVELS_DB
    if texts:
        with counting("double talk", len(levels_db)) as step:
            hearing = load_hearing(load_config(), lambda line: None)
            table.double_talk(double_talk(hearing, media, texts, levels_db, step))


async def _latency(agent: AgentProcess, wanted: Plan, table: Table) -> None:
    from agent.bench.call_latency import ask, questions
    from agent.bench.call_line import Line

    turns = []
    with counting("latency", wanted.turns) as step:
        async with Line(agent.url, "latency") as line:
            await line.pause(1.0)
            await ask(line, questions(1)[0])  # what is made at first use is no part of the measure
            for sound in questions(wanted.turns):
                turns.append(await ask(line, sound))
                step()
    table.latency(turns)


async def _barge(agent: AgentProcess, wanted: Plan, media: Path, table: Table) -> None:
    from agent.bench.call_barge import disturb, disturbances
    from agent.bench.call_line import Line

    tried = disturbances(media, wanted.disturbances)
    results = []
    with counting("barge-in", len(tried)) as step:
        async with Line(agent.url, "barge") as line:
            await line.pause(1.0)
            await disturb(line, *tried[0], len(tried))  # what is made at first use is no part of the measure
            for number, (kind, sound) in enumerate(tried):
                results.append(await disturb(line, kind, sound, number))
                step(told(results[-1]))
    table.barge(results)


async def _echo(agent: AgentProcess, wanted: Plan, table: Table) -> None:
    from agent.bench.call_echo import feed_back

    results = []
    with counting("own voice", len(wanted.echoes)) as step:
        for gain_db, delay_s, cancelling in wanted.echoes:
            results.append(await feed_back(agent.url, gain_db, delay_s, cancelling, wanted.echo_answers))
            step(told(results[-1]))
    table.echo(results)


async def _loss(agent: AgentProcess, wanted: Plan, table: Table) -> None:
    from agent.bench.call_loss import FACTS, lose

    results = []
    with counting("packet loss", len(wanted.losses)) as step:
        for i, share in enumerate(wanted.losses):
            results.append(await lose(agent.url, share, FACTS[i * wanted.facts : (i + 1) * wanted.facts]))
            step()
    table.loss(results)


async def _calls(agent: AgentProcess, wanted: Plan, table: Table) -> None:
    from agent.bench.call_load import load

    results = []
    with counting("calls at once", wanted.calls) as step:
        async for result in load(agent, wanted.calls, 2 if wanted.quick else 4):
            results.append(result)
            step()
    table.calls(results, wanted.calls)


async def _cutoffs(agent: AgentProcess, wanted: Plan, media: Path, table: Table) -> None:
    from agent.bench.call_cutoffs import conversations, play
    from agent.bench.perception import read_manifest

    items = conversations(read_manifest(media), wanted.quick)
    if not items:
        raise HeedError(f"no English recordings in {media / 'manifest.json'}")
    results = []
    with counting("conversations", len(items)) as step:
        for item in items:
            results.append(await play(agent.url, media, item))
            step(told(results[-1]))
    table.cutoffs(results)
