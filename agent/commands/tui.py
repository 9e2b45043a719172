"""`heed tui`: the terminal assistant, with the agent inside or attached to a running one."""

from __future__ import annotations

import argparse
import asyncio
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from agent.ui.backend import Backend

EPILOG = """examples:
  heed tui --mic --camera                         talk, and show it something
  heed tui --file clip.mp4                        watch a recording and ask about it
  heed tui --attach http://127.0.0.1:8770         beside a running `heed run`
  echo "What happened?" | heed tui --plain --attach http://127.0.0.1:8770"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--mic", action="store_true", help="talk by this machine's microphone and loudspeaker")
    parser.add_argument("--camera", nargs="?", const="/dev/video0", metavar="DEVICE", help="this machine's camera")
    parser.add_argument(
        "--file", type=Path, action="append", default=[], metavar="FILE", help="a recording; repeatable"
    )
    parser.add_argument("--rtsp", action="append", default=[], metavar="URL", help="a stream; repeatable")
    parser.add_argument("--mqtt", metavar="URL", help="a broker, as mqtt://localhost")
    parser.add_argument("--attach", metavar="URL", help="a running heed, as http://127.0.0.1:8770")
    parser.add_argument("--token", default="", help="its token (HEED_WEB_TOKEN keeps it off the command line)")
    parser.add_argument("--plain", action="store_true", help="lines of text: for screen readers and pipes")
    parser.add_argument("--config", type=Path, metavar="FILE", help="configuration (default: config.toml, if any)")


def run(args: argparse.Namespace) -> int:
    backend = _backend(args)
    plain = args.plain or not (sys.stdin.isatty() and sys.stdout.isatty())
    if plain:
        from agent.ui.plain import run_plain

        asyncio.run(run_plain(backend, lambda line: print(line, flush=True), sys.stdin.fileno()))
        return 0
    from agent.ui.app import Assistant

    Assistant(backend).run(mouse=False)
    return 0


def _backend(args: argparse.Namespace) -> Backend:
    from agent.config import SourceConfig, load_config

    config = load_config(args.config)
    if args.attach:
        from agent.ui.attached import AttachedAgent

        return AttachedAgent(args.attach, args.token or config.web.token)
    from agent.ui.local import LocalAgent

    urls = [*map(str, args.file), *args.rtsp]
    local = replace(
        config.local,
        microphone="default" if args.mic else config.local.microphone,
        loudspeaker="default" if args.mic else config.local.loudspeaker,
        camera=args.camera or config.local.camera,
    )
    named = tuple(SourceConfig(f"source-{number}", url) for number, url in enumerate(urls, 1))
    mqtt = replace(config.mqtt, url=args.mqtt or config.mqtt.url)
    return LocalAgent(replace(config, local=local, mqtt=mqtt, sources=(*config.sources, *named)))
