"""`heed replay FILE`: a recording through exactly the same agent, and what it perceived and answered."""

from __future__ import annotations

import argparse
import asyncio
import re
from contextlib import AsyncExitStack, ExitStack
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from streams.errors import MediaError

if TYPE_CHECKING:
    from agent.replay import Question

EPILOG = """examples:
  heed replay clip.mp4
  heed replay clip.mp4 --ask "12.5 How many people are there?" --ask "30 What happened?"
  heed replay call.wav --user-audio --out out      questions spoken in the file are answered
  heed replay door.mp4 --start 2026-11-22T14:00 --json > events.jsonl

--out writes events.jsonl, captions.vtt, reply-*.wav and report.html, a timeline to look at."""

_ASK = re.compile(r"\s*(\d+(?:\.\d+)?)\s+(\S.*)", re.DOTALL)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="a video, a sound file or a picture")
    parser.add_argument(
        "--ask", action="append", default=[], metavar='"T QUESTION"', help="ask at stream time T (seconds); repeatable"
    )
    parser.add_argument("--user-audio", action="store_true", help="the file's sound is a user who talks to the agent")
    parser.add_argument("--speed", choices=("max", "1"), default="max", help="as fast as it goes, or in real time")
    parser.add_argument("--json", action="store_true", help="print one JSON object a line")
    parser.add_argument("--out", type=Path, metavar="DIR", help="write events, subtitles, replies and a report there")
    parser.add_argument("--name", metavar="NAME", help="name of the source (default: the file's name)")
    parser.add_argument("--start", metavar="TIME", help="wall-clock time at which the recording begins (ISO 8601)")
    parser.add_argument("--config", type=Path, metavar="FILE", help="configuration (default: config.toml, if any)")


def run(args: argparse.Namespace) -> int:
    questions = [_question(text) for text in args.ask]
    start = _start(args.start)
    return asyncio.run(_replay(args, questions, start))


async def _replay(args: argparse.Namespace, questions: list[Question], start: datetime | None) -> int:
    from rich.console import Console

    from agent.config import load_config
    from agent.jsonl import to_dict
    from agent.record import Recorder, printer
    from agent.show import Show
    from agent.wiring import Replayed, replaying
    from streams.sources.file import FileSource

    config = load_config(args.config)
    errors = Console(stderr=True)
    async with AsyncExitStack() as stack:
        show = None if args.json else Show(Console())
        source = FileSource(args.file, args.name or args.file.stem, max_fps=config.vision.max_fps)
        await stack.enter_async_context(source)  # a bad file is said at once, before the models load
        recorder = stack.enter_context(Recorder(args.out, args.file.name, start)) if args.out else None
        wanted = Replayed(source, questions, args.user_audio, args.speed == "1", start, args.out)
        session = await stack.enter_async_context(
            replaying(config, wanted, lambda line: errors.print(f"[dim]{line}[/dim]"))
        )
        with ExitStack() as taps:
            if recorder is not None:
                taps.enter_context(session.bus.tap(recorder.write))
            if args.json:
                taps.enter_context(session.bus.tap(printer(lambda line: print(line, flush=True))))
            elif show is not None:
                taps.enter_context(session.bus.tap(lambda event: show.event(to_dict(event))))
            await session.run(recorder.on_frame if recorder else None)
    if args.out and not args.json:
        errors.print(f"written to {args.out}: events.jsonl captions.vtt report.html")
    return 0


def _question(text: str) -> Question:
    from agent.replay import Question

    match = _ASK.fullmatch(text)
    if match is None:
        raise MediaError(f'--ask needs a time and a question, as in --ask "12.5 Who is there?", not {text[:80]!r}')
    return Question(float(match[1]), match[2].strip())


def _start(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise MediaError(f"--start is not an ISO 8601 time, such as 2026-11-22T14:00: {text[:40]!r}") from error
