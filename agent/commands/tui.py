"""`heed tui`: the terminal assistant, with the agent inside or attached to a running one."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from agent.config import forget_variables, terminal_kind

if TYPE_CHECKING:
    from agent.ui.backend import Backend
    from agent.ui.local import LocalAgent
    from agent.ui.terminal import Terminal

END_S = 3.0
"""How long the agent may take to end."""

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
    parser.add_argument(
        "--pictures", choices=("auto", "pixels", "blocks"), default="auto",
        help="pixels where the terminal has kitty's graphics (it is asked), else half blocks; "
        "pixels works in tmux too, with its allow-passthrough on (default: auto)",
    )  # fmt: skip
    parser.add_argument("--config", type=Path, metavar="FILE", help="configuration (default: config.toml, if any)")


def run(args: argparse.Namespace) -> int:
    backend = _backend(args)
    if args.plain or not (sys.stdin.isatty() and sys.stdout.isatty()):
        from rich.console import Console

        from agent.ui.plain import run_plain

        console = Console(force_terminal=False, force_interactive=False)
        code = asyncio.run(run_plain(backend, console, sys.stdin.fileno()))
    else:
        from agent.ui.app import Assistant
        from agent.ui.screen_only import last_of, stderr_aside

        # Sizes that somebody exported once: the terminal itself knows better.
        forget_variables("COLUMNS", "LINES")
        terminal = _terminal(args.pictures)
        with stderr_aside() as aside:
            app = Assistant(backend, terminal)
            app.run(mouse=False)
            written = last_of(aside)
        code = app.return_code or 0
        if code:
            sys.stderr.write(written)
    if isinstance(backend, _local_agent()) and not backend.join(END_S):
        # Models that still load cannot be interrupted, and nothing that they hold needs to be closed.
        sys.stdout.flush()
        os._exit(code)
    return code


def _terminal(pictures: str) -> Terminal:
    from agent.ui.terminal import Terminal, has_pixels, may_have_pixels

    kind, in_tmux = terminal_kind()
    if pictures != "auto" or in_tmux or not may_have_pixels(kind):
        return Terminal(pictures == "pixels", in_tmux)
    pixels, typed = has_pixels(sys.stdin.fileno(), sys.stdout.fileno())
    return Terminal(pixels, typed=typed)


def _local_agent() -> type[LocalAgent]:
    from agent.ui.local import LocalAgent

    return LocalAgent


def _backend(args: argparse.Namespace) -> Backend:
    from agent.config import SourceConfig, load_config
    from agent.ui.local import source_name, why_not_watched
    from streams.errors import HeedError

    config = load_config(args.config)
    if args.attach:
        from agent.ui.attached import AttachedAgent

        return AttachedAgent(args.attach, args.token or config.web.token)
    sources = list(config.sources)
    for url in [*map(str, args.file), *args.rtsp]:
        if wrong := why_not_watched(url):
            raise HeedError(wrong)
        path = url if "://" in url else str(Path(url).expanduser())
        sources.append(SourceConfig(source_name(url, {source.name for source in sources}), path))
    local = replace(
        config.local,
        microphone="default" if args.mic else config.local.microphone,
        loudspeaker="default" if args.mic else config.local.loudspeaker,
        camera=args.camera or config.local.camera,
    )
    mqtt = replace(config.mqtt, url=args.mqtt or config.mqtt.url)
    return _local_agent()(replace(config, local=local, mqtt=mqtt, sources=tuple(sources)))
