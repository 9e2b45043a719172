"""`heed run`: the agent, live, as config.toml says, until it is told to stop."""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from agent.config import Config
    from agent.service import Service
    from agent.wiring import RunningAgent

EPILOG = """examples:
  heed run                                        then open http://localhost:8770
  HEED_LOCAL_MICROPHONE=default HEED_LOCAL_LOUDSPEAKER=default heed run
  HEED_MQTT_URL=mqtt://localhost heed run
  heed run --log json                             as a service; docs/operation.md

Lines typed at the terminal are questions. Stop it with Ctrl-C."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--config", type=Path, metavar="FILE", help="configuration (default: config.toml, if any)")
    parser.add_argument("--json", action="store_true", help="print one JSON object a line")
    parser.add_argument(
        "--out", type=Path, metavar="DIR", help="also write events, subtitles and, at the end, a report"
    )
    parser.add_argument(
        "--log", choices=("text", "json"), metavar="FORM",
        help="as a service: log faults and alerts to standard error as text or json, and show nothing else",
    )  # fmt: skip


def run(args: argparse.Namespace) -> int:
    return asyncio.run(_run(args))


async def _run(args: argparse.Namespace) -> int:
    from contextlib import AsyncExitStack

    from rich.console import Console

    from agent.config import load_config, service_variables
    from agent.jsonl import to_dict
    from agent.logs import log_event, log_note, log_service
    from agent.record import Recorder, printer
    from agent.service import Service, manager_from
    from agent.show import Show
    from agent.wiring import running_agent

    config, notes = load_config(args.config), Console(stderr=True)
    known = [config]
    if args.log:
        log_service(args.log, known)

    def note(line: str) -> None:
        if args.log:
            log_note(line)
        else:
            notes.print(f"[dim]{line}[/dim]", highlight=False)

    def renew_log(config: Config) -> None:
        known.append(config)
        log_service(args.log, known)

    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with AsyncExitStack() as stack:
        agent = await stack.enter_async_context(running_agent(config, note, late=True))
        if args.out:
            recorder = stack.enter_context(Recorder(args.out, "heed run", agent.clock.wall_start))
            stack.enter_context(agent.bus.tap(recorder.write))
        if args.log:
            stack.enter_context(agent.bus.tap(log_event))
        if args.json:
            stack.enter_context(agent.bus.tap(printer(lambda line: print(line, flush=True))))
        elif not args.log:
            show = Show(Console())
            stack.enter_context(agent.bus.tap(lambda event: show.event(to_dict(event))))
        if agent.url:
            note(f"ready: open {agent.url}")
        service = Service(manager_from(service_variables(), os.getpid()), agent.clock, agent.stuck)
        await stack.enter_async_context(service)
        async with asyncio.TaskGroup() as tasks:
            beside = [tasks.create_task(_ask_typed(agent))]
            if args.log:  # without: who closes the terminal wants heed to end
                beside.append(tasks.create_task(_reload_on_hangup(agent, args.config, service, note, renew_log)))
            await stop.wait()
            for task in beside:
                task.cancel()
    return 0


async def _reload_on_hangup(
    agent: RunningAgent, path: Path | None, service: Service, note: Callable[[str], None],
    renew_log: Callable[[Config], None],
) -> None:  # fmt: skip
    """SIGHUP: read the configuration again. One that is wrong changes nothing."""
    from agent.config import load_config
    from streams.errors import HeedError

    asked = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, asked.set)
    while True:
        await asked.wait()
        asked.clear()
        service.tell("RELOADING=1")
        try:
            config = load_config(path)
            renew_log(config)  # its passwords are secrets from now on
            note(await agent.reload(config))
        except HeedError as error:
            note(f"the configuration stays as it was: {error}")
        service.tell("READY=1")


async def _ask_typed(agent: RunningAgent) -> None:
    """Lines at the terminal are questions; without a terminal nothing is read."""
    from dialog.events import Ask
    from streams.sources.terminal import TerminalLines

    if not sys.stdin.isatty():
        return
    async with TerminalLines(sys.stdin.fileno()) as lines:
        async for line in lines:
            agent.bus.send(Ask(line, "terminal"))
