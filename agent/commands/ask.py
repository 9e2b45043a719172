"""`heed ask`: a question against a file of percepts. No media, no time passing: only the language model."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

if TYPE_CHECKING:
    from datetime import datetime

    from agent.config import StateConfig
    from streams.types import Percept

EPILOG = """examples:
  heed ask "Where are the keys?" --state out/events.jsonl
  heed ask "Who came in?" --state day.jsonl --now 2026-11-22T18:00 --json
  heed ask --questions questions.txt --state day.jsonl

The state is a file of `percept` lines as `heed replay --json` prints them: id kind source t0 t1 text confidence box.
t0 and t1 are seconds, or ISO 8601 wall-clock times."""

MAX_QUESTIONS_BYTES = 4 * 1024 * 1024
MAX_TOKENS = 16_384
"""State tokens of a file that are held as they are; the oldest of a larger file are merged."""

BATCH = 16
"""Percepts encoded at once."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("question", nargs="?", help="what to ask")
    parser.add_argument("--state", type=Path, required=True, metavar="FILE", help="file of percepts, one JSON a line")
    parser.add_argument("--questions", type=Path, metavar="FILE", help="ask every line of a file, each on its own")
    parser.add_argument(
        "--now", metavar="T", help="the moment of asking: seconds or ISO 8601 (default: the last percept)"
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
    from agent.jsonl import dumps, to_dict
    from agent.parts import load_mind
    from agent.percepts_file import read_percepts
    from agent.show import cited
    from dialog.answer import answer
    from streams import wording
    from streams.errors import MediaError

    questions = _questions(args)
    file = read_percepts(args.state)
    config = load_config(args.config)
    now_ns = file.time_ns(args.now) if args.now else max(p.t1_ns for p in file.percepts)
    console = Console(stderr=True)
    known = [p for p in file.percepts if p.t0_ns <= now_ns]
    if not known:
        raise MediaError(f"nothing was perceived before {args.now}")
    config = replace(config, state=_fitting(known, config.state, file.wall_start))
    with console.status("loading the language model") as status:
        mind = load_mind(config, args.fusion, say=lambda line: None)
        held = _held(known, config.state, file.wall_start, console)
        lines = [(p.id, wording.line(p, file.wall_start), p.t0_ns) for p in held]
        for n in range(0, len(lines), BATCH):
            status.update(f"reading percepts: {n} of {len(lines)}")
            mind.remember_many(lines[n : n + BATCH])
    now = wording.clock(now_ns, file.wall_start)
    for question in questions:
        reply = answer(mind, question, now, now_ns, config.dialog.max_new_tokens)
        if args.json:
            print(dumps(reply), flush=True)
        elif args.questions:
            print(f"{question}\n  {reply.text}", flush=True)
        else:
            text, *rests = cited(to_dict(reply), {p.id: wording.line(p, file.wall_start) for p in held})
            print(text, flush=True)
            for line in rests:
                console.print(f"  {line}", style="dim", markup=False, highlight=False)
    return 0


def _fitting(known: Sequence[Percept], sizes: StateConfig, wall_start: datetime | None) -> StateConfig:
    """A state in which the whole file has room, up to `MAX_TOKENS`: it is read once, and does not grow."""
    from streams import wording
    from streams.tiers import estimate_tokens

    needed = sum(estimate_tokens(wording.line(p, wall_start)) for p in known)
    return replace(sizes, tokens=max(sizes.tokens, min(needed + needed // 8, MAX_TOKENS)), per_source=len(known) + 1)


def _held(
    known: Sequence[Percept], sizes: StateConfig, wall_start: datetime | None, console: Console
) -> tuple[Percept, ...]:
    """What a state of that size holds of the percepts after it has seen them all, as it would have live."""
    from streams.state import RollingState

    sources = max(sizes.sources, len({p.source for p in known}))
    state = RollingState(sizes.per_source, sources, sizes.tokens, wall_start)
    for percept in known:
        state.add(percept)
    held = state.snapshot(known[-1].t0_ns).percepts
    names = {p.id for p in known}
    as_they_were = sum(p.id in names for p in held)
    if as_they_were < len(known):
        merged, spans = len(known) - as_they_were, len(held) - as_they_were
        console.print(
            f"the file is larger than the state ({sizes.tokens} tokens): the oldest {merged} of {len(known)} percepts "
            f"are merged into {spans} {'line' if spans == 1 else 'lines'}; [state] tokens sets its size",
            markup=False, highlight=False, soft_wrap=True,
        )  # fmt: skip
    return held


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
