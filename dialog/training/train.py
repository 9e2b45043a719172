"""Training of an adapter: the host is frozen, only the adapter learns, from the tokens of answers and from what they
rest on."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import torch
from torch import Tensor, distributed

from dialog.model.adapter import Adapter, AdapterShape, adapter_shape, load_adapter, save_adapter
from dialog.model.decoder import Weights
from dialog.model.load import Host, load_host, pick_device
from dialog.model.machine import dtype_for
from dialog.training.corpus import Batch, day_size, draw
from dialog.training.diaries import FOLDER, Diary, read_diaries
from dialog.training.gradients import learning, token_losses
from dialog.training.together import Outcome, Pass
from streams.clock import Stopwatch
from streams.errors import ModelError

SELECT = 0.25
"""Weight of the selector's loss beside that of the answers."""


@dataclass(frozen=True, slots=True)
class TrainOptions:
    """What to train, on what, for how long."""

    host: Path
    """transformers folder of the language model."""
    out: Path
    """The adapter to write. The checkpoint is written beside it, with the ending `.checkpoint`, and a line of JSON for
    each step, with the ending `.jsonl`."""
    steps: int = 1500
    days: int = 4
    """Days per step. Processes started by `torchrun` share them."""
    batch: int = 16
    """Questions about each day."""
    learning_rate: float = 1e-3
    warm_up: int = 30
    """Steps over which the learning rate rises."""
    cool_down: float = 0.3
    """Last share of the steps, over which the learning rate falls to nothing."""
    seed: int = 0
    rank: int = 32
    first_layer: int = 0
    """Layers below this one keep the updates that they have."""
    save_every: int = 50
    device: str = "auto"
    diaries: Path | None = FOLDER
    """Folder of days and questions written one by one (`dialog.training.diaries`); None: only made-up ones."""
    start: Path | None = None
    """An adapter of this rank or a lower one to go on from, where there is no checkpoint; the optimiser begins anew."""


@dataclass(frozen=True, slots=True)
class Learned:
    """What one step gave, over all its days."""

    loss: float
    """Mean loss of an answer's token, nats."""
    select: float
    """Mean loss of the selector, nats."""
    found: float
    """Share of needed percepts among the selector's first 24."""


@dataclass(frozen=True, slots=True)
class TrainProgress:
    """How a training is doing after a step."""

    step: int
    steps: int
    learned: Learned
    seconds_per_step: float


Report = Callable[[TrainProgress], None]


def train(options: TrainOptions, progress: Report | None = None) -> Adapter:
    """Train (or go on training from the checkpoint beside `options.out`) and write the adapter.

    The result does not depend on whether the training was interrupted: each step draws its own days from seed and step.
    Raises `ModelError` when the host cannot be loaded, a checkpoint belongs to other sizes, or a diary is not in order.
    """
    if distributed.is_available() and distributed.is_torchelastic_launched() and not distributed.is_initialized():
        distributed.init_process_group("gloo")
    host = load_host(options.host, options.device, dtype_for(pick_device(options.device)))
    session = Session(host, options)
    session.resume()
    watch, begun = Stopwatch(), session.step
    while session.step < options.steps:
        learned = session.advance()
        if session.step % options.save_every == 0 or session.step == options.steps:
            session.save()
        pace = watch.elapsed_s() / (session.step - begun)
        session.note(learned, pace)
        if progress is not None:
            progress(TrainProgress(session.step, options.steps, learned, pace))
    if session.rank == 0:
        session.export()
    return session.adapter


class Session:
    """Adapter, optimiser and step: what a checkpoint holds."""

    def __init__(self, host: Host, options: TrainOptions) -> None:
        self.host, self.options, self.step = host, options, 0
        self.diaries = _diaries(options.diaries)
        together = distributed.is_available() and distributed.is_initialized()
        self.rank = distributed.get_rank() if together else 0
        self.processes = distributed.get_world_size() if together else 1
        shape = adapter_shape(host.name, host.weights.shape, rank=options.rank)
        self.adapter = _begun(shape, options).to(host.weights.device)
        self.optimiser = torch.optim.AdamW(
            self.adapter.parameters(), lr=options.learning_rate, betas=(0.9, 0.95), weight_decay=0.0
        )

    @property
    def checkpoint(self) -> Path:
        return self.options.out.with_suffix(".checkpoint")

    def rate(self) -> float:
        """Learning rate of the coming step: warm-up, constant, linear cool-down."""
        o = self.options
        cooling = o.steps * o.cool_down
        fall = min(1.0, (o.steps - self.step) / max(cooling, 1))
        return o.learning_rate * min(1.0, (self.step + 1) / o.warm_up) * fall

    def advance(self) -> Learned:
        """One step over all its days."""
        o = self.options
        self.optimiser.zero_grad(set_to_none=True)
        reading = learning(self.adapter, self.host.weights, o.first_layer)
        seen = torch.zeros(4)
        # All days of a step are of one size: processes that share them then take equally long.
        percepts = day_size(random.Random(f"{o.seed}/{self.step}"))
        for day in range(self.rank, o.days, self.processes):
            rng = random.Random(f"{o.seed}/{self.step}/{day}")
            batch = draw(self.host, rng, o.batch, percepts, self.diaries)
            answers, outcome = self.losses(reading, batch, gap=rng.randint(4, 48))
            ((answers.mean() + SELECT * outcome.select) / o.days).backward()
            seen += torch.tensor([float(answers.detach().mean()), float(outcome.select.detach()), outcome.found, 1.0])
        self._share_gradients()
        for group in self.optimiser.param_groups:
            group["lr"] = self.rate()
        torch.nn.utils.clip_grad_norm_(self.adapter.parameters(), 1.0)
        self.optimiser.step()
        self.step += 1
        return Learned(*(seen[:3] / seen[3].clamp_min(1)).tolist())

    def losses(self, reading: Weights, batch: Batch, gap: int) -> tuple[Tensor, Outcome]:
        """Loss of each answer's token `[A]`, and all that the pass gave."""
        outcome = Pass(self.host, reading, self.adapter, batch, gap).run()
        return token_losses(outcome.logits, outcome.labels), outcome

    def _share_gradients(self) -> None:
        """Add up the gradients of all processes (a no-op for one)."""
        if self.processes == 1:
            return
        gradients = [p.grad if p.grad is not None else torch.zeros_like(p) for p in self.adapter.parameters()]
        flat = torch.cat([g.flatten() for g in gradients])
        distributed.all_reduce(flat)
        for parameter, part in zip(self.adapter.parameters(), flat.split([g.numel() for g in gradients]), strict=True):
            parameter.grad = part.view_as(parameter)

    def note(self, learned: Learned, pace: float) -> None:
        """Add this step's line to the record beside the adapter (the first process does)."""
        if self.rank == 0:
            line = {"step": self.step, **asdict(learned), "rate": self.rate(), "seconds_per_step": round(pace, 3)}
            with self.options.out.with_suffix(".jsonl").open("a") as file:
                file.write(json.dumps(line) + "\n")

    def export(self) -> None:
        """Write the adapter as it is now."""
        o = self.options
        save_adapter(
            self.adapter, o.out,
            {"steps": str(self.step), "seed": str(o.seed), "questions": str(self.step * o.days * o.batch)},
        )  # fmt: skip

    def save(self) -> None:
        """Write the checkpoint, whole or not at all (the first process does)."""
        if self.rank != 0:
            return
        partial = self.checkpoint.with_suffix(".partial")
        partial.parent.mkdir(parents=True, exist_ok=True)
        state = {
            "step": self.step,
            "shape": asdict(self.adapter.shape),
            "adapter": self.adapter.state_dict(),
            "optimiser": self.optimiser.state_dict(),
        }
        torch.save(state, partial)
        partial.replace(self.checkpoint)

    def resume(self) -> None:
        """Go on from the checkpoint, if there is one."""
        if not self.checkpoint.is_file():
            return
        state = torch.load(self.checkpoint, map_location=self.host.weights.device, weights_only=True)
        if state["shape"] != asdict(self.adapter.shape):
            raise ModelError(
                f"{self.checkpoint} belongs to an adapter of other sizes; remove it or choose another --out"
            )
        self.adapter.load_state_dict(state["adapter"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.step = state["step"]


def _diaries(folder: Path | None) -> list[Diary]:
    """All of a folder for training. Raises `ModelError` when one cannot be read, or there is none."""
    if folder is None:
        return []
    try:
        found = read_diaries(folder)
    except (OSError, ValueError) as error:
        raise ModelError(f"diaries cannot be used: {error}") from None
    if not found:
        raise ModelError(f"{folder} holds no diaries (`*.toml`) to train on")
    return found


def _begun(shape: AdapterShape, options: TrainOptions) -> Adapter:
    """A new adapter, or the one to go on from. Raises `ModelError` when that has other sizes or a higher rank."""
    adapter = Adapter(shape, options.seed)
    if options.start is None:
        return adapter
    start, _ = load_adapter(options.start)
    if replace(start.shape, rank=shape.rank) != shape or start.shape.rank > shape.rank:
        raise ModelError(
            f"{options.start} has other sizes than asked for; leave out --start, or give its --rank or a higher one"
        )
    old = dict(start.named_parameters())
    with torch.no_grad():
        # Of a higher rank, what is added begins as that of a new adapter: it changes nothing until it has learned.
        for name, value in adapter.named_parameters():
            value[tuple(map(slice, old[name].shape))] = old[name]
    return adapter
