"""Training of an adapter: the host is frozen, only the adapter learns, and only from the tokens of answers."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, distributed

from dialog.model.adapter import Adapter, adapter_shape, save_adapter
from dialog.model.decoder import Weights, forward
from dialog.model.encode import encode_lines
from dialog.model.load import Host, load_host
from dialog.model.reader import Attended, Cross, attend_both
from dialog.model.rotary import place_angles
from dialog.training.corpus import IGNORE, Batch, make_batch
from streams.clock import Stopwatch
from streams.errors import ModelError


@dataclass(frozen=True, slots=True)
class TrainOptions:
    """What to train, on what, for how long."""

    host: Path
    """transformers folder of the language model."""
    out: Path
    """The adapter to write. The checkpoint is written beside it, with the ending `.checkpoint`."""
    steps: int = 1500
    days: int = 2
    """Days per step. Processes started by `torchrun` share them."""
    batch: int = 16
    """Questions about each day."""
    learning_rate: float = 1e-3
    warm_up: int = 30
    """Steps over which the learning rate rises."""
    cool_down: float = 0.3
    """Last share of the steps, over which the learning rate falls to nothing."""
    seed: int = 0
    rank: int = 16
    percept_dim: int = 32
    sites_every: int = 1
    """1: every layer reads the state; 2: every second; ..."""
    save_every: int = 50
    device: str = "auto"


@dataclass(frozen=True, slots=True)
class TrainProgress:
    """How a training is doing after a step."""

    step: int
    steps: int
    loss: float
    seconds_per_step: float
    gate: float
    """Mean opening of the gates in this step, 0..1."""


Report = Callable[[TrainProgress], None]


def train(options: TrainOptions, progress: Report | None = None) -> Adapter:
    """Train (or go on training from the checkpoint beside `options.out`) and write the adapter.

    The result does not depend on whether the training was interrupted: each step draws its own day from seed and step.
    Raises `ModelError` when the host cannot be loaded or a checkpoint belongs to other sizes.
    """
    if distributed.is_available() and distributed.is_torchelastic_launched() and not distributed.is_initialized():
        distributed.init_process_group("gloo")
    host = load_host(options.host, options.device, torch.bfloat16)
    session = Session(host, options)
    session.resume()
    watch, begun = Stopwatch(), session.step
    while session.step < options.steps:
        loss, gate = session.advance()
        if session.step % options.save_every == 0 or session.step == options.steps:
            session.save()
        if progress is not None:
            pace = watch.elapsed_s() / (session.step - begun)
            progress(TrainProgress(session.step, options.steps, loss, pace, gate))
    notes = {
        "steps": str(session.step),
        "seed": str(options.seed),
        "questions": str(session.step * options.days * options.batch),
    }
    if session.rank == 0:
        save_adapter(session.adapter, options.out, notes)
    return session.adapter


class Session:
    """Adapter, optimiser and step: what a checkpoint holds."""

    def __init__(self, host: Host, options: TrainOptions) -> None:
        self.host, self.options, self.step = host, options, 0
        together = distributed.is_available() and distributed.is_initialized()
        self.rank = distributed.get_rank() if together else 0
        self.processes = distributed.get_world_size() if together else 1
        sites = tuple(i for i in range(host.weights.shape.layers) if (i + 1) % options.sites_every == 0)
        shape = adapter_shape(
            host.name, host.weights.shape, rank=options.rank, percept_dim=options.percept_dim, sites=sites
        )
        self.adapter = Adapter(shape, options.seed).to(host.weights.device)
        self.reading = self.adapter.reading(host.weights)
        small = [self.adapter.gate, self.adapter.gain]
        rest = [p for p in self.adapter.parameters() if all(p is not s for s in small)]
        rate = options.learning_rate
        self.optimiser = torch.optim.AdamW(
            [{"params": rest, "factor": 1.0}, {"params": small, "factor": 10.0}],
            lr=rate, betas=(0.9, 0.95), weight_decay=0.0,
        )  # fmt: skip

    @property
    def checkpoint(self) -> Path:
        return self.options.out.with_suffix(".checkpoint")

    def rate(self) -> float:
        """Learning rate of the coming step: warm-up, constant, linear cool-down."""
        o = self.options
        cooling = o.steps * o.cool_down
        fall = min(1.0, (o.steps - self.step) / max(cooling, 1))
        return o.learning_rate * min(1.0, (self.step + 1) / o.warm_up) * fall

    def advance(self) -> tuple[float, float]:
        """One step over all its days: mean loss and mean gate."""
        o = self.options
        self.optimiser.zero_grad(set_to_none=True)
        seen = []
        for day in range(self.rank, o.days, self.processes):
            rng = random.Random(f"{o.seed}/{self.step}/{day}")
            batch = make_batch(self.host, rng, o.batch)
            loss, gate = answer_loss(self.host, self.reading, self.adapter, batch, gap=rng.randint(16, 128))
            (loss.mean() / o.days).backward()
            seen.append((float(loss.detach().mean()), gate))
        self._share_gradients()
        for group in self.optimiser.param_groups:
            group["lr"] = self.rate() * group["factor"]
        torch.nn.utils.clip_grad_norm_(self.adapter.parameters(), 1.0)
        self.optimiser.step()
        self.step += 1
        return sum(loss for loss, _ in seen) / len(seen), sum(gate for _, gate in seen) / len(seen)

    def _share_gradients(self) -> None:
        """Add up the gradients of all processes (a no-op for one)."""
        if self.processes == 1:
            return
        gradients = [p.grad if p.grad is not None else torch.zeros_like(p) for p in self.adapter.parameters()]
        flat = torch.cat([g.flatten() for g in gradients])
        distributed.all_reduce(flat)
        for parameter, part in zip(self.adapter.parameters(), flat.split([g.numel() for g in gradients]), strict=True):
            parameter.grad = part.view_as(parameter)

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


def answer_loss(host: Host, reading: Weights, adapter: Adapter, batch: Batch, gap: int) -> tuple[Tensor, float]:
    """Loss of each answer token `[n]` and the mean opening of the gates. `gap` positions lie before the question."""
    logits, labels, gate = answer_logits(host, reading, adapter, batch, gap)
    return F.cross_entropy(logits.float(), labels, reduction="none"), gate


def answer_logits(
    host: Host, reading: Weights, adapter: Adapter, batch: Batch, gap: int
) -> tuple[Tensor, Tensor, float]:
    """Logits `[n, vocab]` where an answer token `[n]` is to be predicted, and the mean opening of the gates.

    All questions run as one long row through the linear maps; only attention takes them apart.
    """
    weights, shape = host.weights, host.weights.shape
    state = _state(host, adapter, batch)
    ids = torch.cat([part.ids.flatten() for part in batch.parts]).to(weights.device)
    labels = torch.cat([part.labels.flatten() for part in batch.parts]).to(weights.device)
    place = torch.cat([torch.arange(part.ids.shape[1]).repeat(len(part.ids)) for part in batch.parts])
    angles = place_angles(state.end + gap + place, shape.head_dim, shape.rope_theta).to(weights.device)
    sizes = [tuple(part.ids.shape) for part in batch.parts]
    gates: list[Tensor] = []

    def attend(layer: int, x: Tensor, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        done, at = [], 0
        for rows, steps in sizes:
            piece = slice(at, at + rows * steps)
            at += rows * steps
            mine = [_rows(t[0, :, piece], rows, steps) for t in (q, k, v)]
            attended = _attend(adapter, state, layer, x[0, piece].view(rows, steps, -1), *mine)
            if attended.gate is not None:
                gates.append(attended.gate.detach().mean())
            done.append(attended.out.transpose(0, 1).flatten(1, 2))
        return torch.cat(done, dim=1)[None]

    hidden = forward(reading, F.embedding(ids, weights.embed)[None], angles, attend)[0]
    wanted = labels != IGNORE
    return weights.head(hidden[wanted]), labels[wanted], float(torch.stack(gates).mean()) if gates else 0.0


def _rows(x: Tensor, rows: int, steps: int) -> Tensor:
    """`[heads, rows * steps, D] -> [rows, heads, steps, D]`."""
    return x.unflatten(1, (rows, steps)).transpose(0, 1)


def _attend(adapter: Adapter, state: _State, layer: int, x: Tensor, q: Tensor, k: Tensor, v: Tensor) -> Attended:
    steps = q.shape[2]
    mask = torch.full((steps, steps), -torch.inf, device=q.device).triu(1)
    cross = None
    if layer in state.sites:
        site, keys, values = state.sites[layer]
        now = adapter.now_turn(torch.tensor([state.now_ns]), x)
        none = torch.zeros(keys.shape[1], device=q.device)
        cross = Cross(keys, values, none, adapter.percept_query_of(site, x, now), adapter.gate[layer])
    return attend_both(q, k, v, mask, cross)


@dataclass(frozen=True, slots=True)
class _State:
    """A day as the sites see it: `(site, keys, values)` by layer, the position after its last token, the time."""

    sites: dict[int, tuple[int, Tensor, Tensor]]
    end: int
    now_ns: int


def _state(host: Host, adapter: Adapter, batch: Batch) -> _State:
    lengths = torch.tensor([len(line) for line in batch.lines], dtype=torch.long)
    if not batch.lines:
        return _State({}, 0, batch.day.now_ns)
    starts = (lengths.cumsum(0) - lengths).tolist()
    memory = encode_lines(host, batch.lines, starts, adapter.shape.taps)
    t_ns = torch.tensor([fact.percept.t0_ns for fact in batch.day.facts])
    of_percept = adapter.percept_keys(memory.summary, t_ns)
    owner = torch.repeat_interleave(torch.arange(len(lengths)), lengths).to(memory.keys.device)
    sites = {}
    for site, layer in enumerate(adapter.shape.sites):
        keys = torch.cat([memory.keys[layer], of_percept[site][:, owner].to(memory.keys.dtype)], dim=-1)
        sites[layer] = (site, keys, memory.values[layer])
    return _State(sites, int(lengths.sum()), batch.day.now_ns)
