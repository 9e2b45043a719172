"""`heed ask`: a question against a file of percepts. No media, no time passing: only the language model."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from agent.request import Message, Request

if TYPE_CHECKING:
    from agent.config import Config

EPILOG = """examples:
  heed ask "Where are the keys?" --state out/events.jsonl
  heed ask "Who came in?" --state day.jsonl --now 2026-11-22T18:00 --json
  heed ask --questions questions.txt --state day.jsonl

The state is a file of `percept` lines as `heed replay --json` prints them: id kind source t0 t1 text confidence box.
t0 and t1 are seconds since the start, or wall-clock times: ISO 8601, or Unix time.

The model stays in memory for five minutes after a question, so that the next is answered at once; [ask] keep_s in the
configuration (or HEED_ASK_KEEP_S) changes that, 0 keeps nothing."""

MAX_QUESTIONS_BYTES = 4 * 1024 * 1024


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("question", nargs="?", help="what to ask")
    parser.add_argument("--state", type=Path, required=True, metavar="FILE", help="file of percepts, one JSON a line")
    parser.add_argument("--questions", type=Path, metavar="FILE", help="ask every line of a file, each on its own")
    parser.add_argument(
        "--now", metavar="T", help="the moment of asking: seconds, ISO 8601 or Unix time (default: the last percept)"
    )
    parser.add_argument(
        "--fusion",
        choices=("cross_attention", "native", "prompt", "none"),
        help="how percepts reach the language model",
    )
    parser.add_argument("--config", type=Path, metavar="FILE", help="configuration (default: config.toml, if any)")
    parser.add_argument("--json", action="store_true", help="print one `reply` line of JSON for each question")


def run(args: argparse.Namespace) -> int:
    from agent.config import load_config

    questions = _questions(args)
    config = load_config(args.config)
    console = Console(stderr=True)
    with console.status("reading the file") as status:
        for message in _messages(args, config, questions):
            if "status" in message:
                status.update(message["status"])
            elif "note" in message:
                console.print(message["note"], markup=False, highlight=False, soft_wrap=True)
            else:
                _show(args, message, console)
    return 0


def _messages(args: argparse.Namespace, config: Config, questions: list[str]) -> Iterator[Message]:
    """From the process that keeps the model, or, where none shall be kept, from here."""
    from agent.resident import ask_resident, socket_path

    asked = (tuple(questions), str(args.state.absolute()), args.now or "", args.fusion or "")
    if config.ask.keep_s > 0:
        file = args.config.absolute() if args.config else None
        yield from ask_resident(socket_path(config), file, Request(*asked))
        return
    from agent.asking import Asker

    yield from Asker(config).messages(Request(*asked))


def _show(args: argparse.Namespace, message: Message, console: Console) -> None:
    reply = message["reply"]
    if args.json:
        print(json.dumps(reply, ensure_ascii=False), flush=True)
    elif args.questions:
        print(f"{reply['question']}\n  {reply['text']}", flush=True)
    else:
        from agent.show import cited

        text, *rests = cited(reply, message["places"])
        print(text, flush=True)
        for line in rests:
            console.print(f"  {line}", style="dim", markup=False, highlight=False)


def _questions(args: argparse.Namespace) -> list[str]:
    from streams.errors import MediaError

    if (args.question is None) == (args.questions is None):
        raise MediaError('give one question, or --questions FILE: heed ask "Where are the keys?" --state FILE')
    if args.question is not None:
        lines = [args.question]
    else:
        try:
            raw = args.questions.read_bytes()
        except OSError as error:
            raise MediaError(f"cannot read {args.questions}: {error.strerror or error}") from error
        if len(raw) > MAX_QUESTIONS_BYTES:
            raise MediaError(f"{args.questions} is larger than {MAX_QUESTIONS_BYTES} bytes")
        lines = raw.decode("utf-8", "replace").splitlines()
    questions = [line.strip()[:4000] for line in lines if line.strip()]
    if not questions:
        raise MediaError("the question is empty")
    return questions
