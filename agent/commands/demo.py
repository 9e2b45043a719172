"""`heed demo`: makes a clip, holds a real WebRTC call about it with the agent, and leaves the result to look at."""

from __future__ import annotations

import argparse
import asyncio
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from pathlib import Path

EPILOG = """A room is drawn and spoken by the program itself and published like a camera (WebRTC, VP8 and Opus over
UDP on this machine), while a caller asks the agent about it, by voice and by text. Nothing leaves the machine.
Afterwards open report.html in the folder."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--out", type=Path, default=Path("demo-out"), metavar="DIR", help="where the result goes")
    parser.add_argument("--seed", type=int, default=0, help="another seed, another sign in the room")
    parser.add_argument("--config", type=Path, metavar="FILE", help="configuration (default: config.toml, if any)")


def run(args: argparse.Namespace) -> int:
    from rich.console import Console

    from agent.config import load_config
    from agent.demo.run import DemoOptions, run_demo
    from agent.wiring import RunningAgent, running_agent

    config, console = load_config(args.config), Console()
    # A port of its own, and nothing but the call: a heed that runs already is not disturbed.
    web = replace(config.web, enabled=True, host="127.0.0.1", port=0, token="")
    alone = replace(config, web=web, mqtt=replace(config.mqtt, url=""), local=type(config.local)(), sources=())

    def start() -> AbstractAsyncContextManager[RunningAgent]:
        return running_agent(alone, lambda line: console.print(f"[dim]{line}[/dim]", highlight=False))

    return asyncio.run(run_demo(args.out, start, console, DemoOptions(seed=args.seed)))
