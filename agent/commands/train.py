"""`heed train`: trains an adapter that teaches a language model to read the rolling state."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

EPILOG = """examples:
  heed train --steps 1500                          the default model; some 10 s a step on two cores
  heed train --host hf:org/name --out my.safetensors
  heed train --out my.safetensors                  goes on from my.checkpoint, if it is there
  heed train --start old.safetensors --rate 5e-4   goes on from an adapter that is trained already

The data are days of percepts in the very words of the encoders, and questions about them: some are made up as training
goes, most were written one by one.
Stop with Ctrl-C and run the same command again: it goes on where the last checkpoint was. Then set
models.adapter = "my.safetensors" in config.toml, and compare with `heed bench grounding`."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="", metavar="MODEL", help="language model (default: models.language)")
    parser.add_argument("--out", type=Path, default=Path("adapter.safetensors"), metavar="FILE", help="where it goes")
    parser.add_argument("--steps", type=int, default=1500, help="steps in all, earlier ones included (default 1500)")
    parser.add_argument("--days", type=int, default=4, help="days a step (default 4)")
    parser.add_argument("--batch", type=int, default=16, help="questions about each day (default 16)")
    parser.add_argument("--rate", type=float, default=1e-3, help="learning rate (default 0.001)")
    parser.add_argument(
        "--cool-down", type=float, default=0.3, metavar="SHARE",
        help="last share of the steps, over which the learning rate falls to nothing (default 0.3)",
    )  # fmt: skip
    parser.add_argument("--rank", type=int, default=32, help="rank of the updates (default 32)")
    parser.add_argument(
        "--start", type=Path, metavar="FILE", help="go on from this adapter (of this --rank or a lower one)"
    )
    parser.add_argument(
        "--first-layer", type=int, default=0, metavar="N",
        help="layers below this one keep the updates that they have, and cost no backward pass: the first that reads "
        "the state (6 for the default model) suits --start (default 0: all learn)",
    )  # fmt: skip
    parser.add_argument(
        "--diaries", type=Path, metavar="FOLDER",
        help="days and questions of your own to train on instead of those that come with heed: TOML files in the form "
        "of dialog/training/diaries",
    )  # fmt: skip
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--save-every", type=int, default=50, metavar="N", help="steps between checkpoints (default 50)"
    )
    parser.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    parser.add_argument("--config", type=Path, metavar="FILE", help="configuration (default: config.toml, if any)")


PREPARED = "512"
"""Sizes of products that torch keeps ready, as it reads it from the environment when it is loaded. A day of a training
has some two hundred of them; where fewer are kept, each layer makes all of them anew (32 took 8.5 s a step for 6.0).
With torch's own 1,024 a training, whose days have all sizes, was seen to grow to 8 GB in half an hour."""


def run(args: argparse.Namespace) -> int:
    for name in ("ONEDNN_PRIMITIVE_CACHE_CAPACITY", "LRU_CACHE_CAPACITY"):
        os.putenv(name, PREPARED)

    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from agent.config import cache_folder, load_config, processes_beside
    from agent.models.store import ModelStore
    from agent.parts import limit_threads
    from dialog.training.diaries import FOLDER
    from dialog.training.train import TrainOptions, TrainProgress, train

    config, console = load_config(args.config), Console(stderr=True)
    limit_threads(config, processes_beside())  # threads of processes that wait for one another cost tenfold
    host = ModelStore(cache_folder()).resolve(args.host or config.models.language)
    options = TrainOptions(
        host=host, out=args.out, steps=args.steps, days=args.days, batch=args.batch, learning_rate=args.rate,
        cool_down=args.cool_down, start=args.start, seed=args.seed, rank=args.rank,
        first_layer=args.first_layer, diaries=args.diaries or FOLDER, save_every=args.save_every, device=args.device,
    )  # fmt: skip
    columns = (
        TextColumn("training"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(),
        TextColumn("loss {task.fields[loss]:.3f}, percepts found {task.fields[found]:.0%}"),
    )  # fmt: skip
    with Progress(*columns, console=console) as bar:
        task = bar.add_task("train", total=args.steps, loss=float("nan"), found=0.0)

        def report(now: TrainProgress) -> None:
            bar.update(task, completed=now.step, loss=now.learned.loss, found=now.learned.found)

        train(options, report)
    console.print(f"written to {args.out}; see how good it is with: heed bench grounding --adapter {args.out}")
    return 0
