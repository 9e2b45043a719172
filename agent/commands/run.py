"""`heed run`: the agent, live, as config.toml says, until it is told to stop."""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from agent.wiring import RunningAgent

EPILOG = """examples:
  heed run                                        then open http://localhost:8770
  HEED_LOCAL_MICROPHONE=default HEED_LOCAL_LOUDSPEAKER=default heed run
  HEED_MQTT_URL=mqtt://localhost heed run

Lines typed at the terminal are questions. Stop it with Ctrl-C."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--config", type=Path, metavar="FILE", help="configuration (default: config.toml, if any)")
    parser.add_argument("--json", action="store_true", help="print one JSON object a line")
    parser.add_argument(
        "--out", type=Path, metavar="DIR", help="also write events, subtitles and, at the end, a report"
    )


def run(args: argparse.Namespace) -> int:
    return asyncio.run(_run(args))


async def _run(args: argparse.Namespace) -> int:
    from contextlib import AsyncExitStack

    from rich.console import Console

    from agent.config import load_config
    from agent.jsonl import to_dict
    from agent.record import Recorder, printer
    from agent.show import Show
    from agent.wiring import running_agent

    config, notes = load_config(args.config), Console(stderr=True)
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with AsyncExitStack() as stack:
        agent = await stack.enter_async_context(
            running_agent(config, lambda line: notes.print(f"[dim]{line}[/dim]", highlight=False))
        )
        if args.out:
            recorder = stack.enter_context(Recorder(args.out, "heed run", agent.clock.wall_start))
            stack.enter_context(agent.bus.tap(recorder.write))
        if args.json:
            stack.enter_context(agent.bus.tap(printer(lambda line: print(line, flush=True))))
        else:
            show = Show(Console())
            stack.enter_context(agent.bus.tap(lambda event: show.event(to_dict(event))))
        if agent.url:
            notes.print(f"ready: open {agent.url}", highlight=False)
        async with asyncio.TaskGroup() as tasks:
            typed = tasks.create_task(_ask_typed(agent))
            await stop.wait()
            typed.cancel()
    return 0


async def _ask_typed(agent: RunningAgent) -> None:
    """Lines at the terminal are questions; without a terminal nothing is read."""
    from dialog.events import Ask
    from streams.sources.terminal import TerminalLines

    if not sys.stdin.isatty():
        return
    async with TerminalLines(sys.stdin.fileno()) as lines:
        async for line in lines:
            agent.bus.send(Ask(line, "terminal"))
