"""Training of an adapter: the host is frozen, only the adapter learns, and only from the tokens of answers."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor

from dialog.model.adapter import Adapter, adapter_shape, save_adapter
from dialog.model.decoder import Weights, forward
from dialog.model.encode import encode_lines
from dialog.model.load import Host, load_host
from dialog.model.reader import Cross, attend_both
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
    batch: int = 16
    """Questions per step, all about one day."""
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
    notes = {"steps": str(session.step), "seed": str(options.seed), "batch": str(options.batch)}
    save_adapter(session.adapter, options.out, notes)
    return session.adapter


class Session:
    """Adapter, optimiser and step: what a checkpoint holds."""

    def __init__(self, host: Host, options: TrainOptions) -> None:
        self.host, self.options, self.step = host, options, 0
        for value in _tensors(host.weights):
            value.requires_grad_(False)
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
        """One step: loss and mean gate."""
        rng = random.Random(f"{self.options.seed}/{self.step}")
        batch = make_batch(self.host, rng, self.options.batch)
        loss, gate = answer_loss(self.host, self.reading, self.adapter, batch, gap=rng.randint(16, 128))
        for group in self.optimiser.param_groups:
            group["lr"] = self.rate() * group["factor"]
        self.optimiser.zero_grad(set_to_none=True)
        loss.mean().backward()
        torch.nn.utils.clip_grad_norm_(self.adapter.parameters(), 1.0)
        self.optimiser.step()
        self.step += 1
        return float(loss.detach().mean()), gate

    def save(self) -> None:
        """Write the checkpoint, whole or not at all."""
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
            raise ModelError(f"{self.checkpoint} belongs to an adapter of other sizes; remove it or choose another --out")
        self.adapter.load_state_dict(state["adapter"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.step = state["step"]


def answer_loss(
    host: Host, reading: Weights, adapter: Adapter, batch: Batch, gap: int
) -> tuple[Tensor, float]:
    """Loss of each answer token `[n]` and the mean opening of the gates. `gap` positions lie before the question."""
    logits, labels, gate = answer_logits(host, reading, adapter, batch, gap)
    return F.cross_entropy(logits.float(), labels, reduction="none"), gate


def answer_logits(
    host: Host, reading: Weights, adapter: Adapter, batch: Batch, gap: int
) -> tuple[Tensor, Tensor, float]:
    """Logits `[n, vocab]` where an answer token `[n]` is to be predicted, and the mean opening of the gates."""
    weights, shape = host.weights, host.weights.shape
    starts = [0]
    for line in batch.lines:
        starts.append(starts[-1] + len(line))
    memory = encode_lines(host, batch.lines, starts[:-1], adapter.shape.taps) if batch.lines else None
    ids = batch.ids.to(weights.device)
    steps = ids.shape[1]
    crosses = _crosses(adapter, memory, batch, weights) if memory is not None else {}
    mask = torch.full((steps, steps), -torch.inf, device=weights.device).triu(1)
    now_ns = torch.full((len(ids),), batch.day.now_ns)
    gates: list[Tensor] = []

    def attend(layer: int, x: Tensor, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        cross = None
        if layer in crosses:
            site, keys, values = crosses[layer]
            query = adapter.percept_query_of(site, x, now_ns)
            none = torch.zeros(keys.shape[1], device=weights.device)
            cross = Cross(keys, values, none, query, adapter.gate[layer])
        attended = attend_both(q, k, v, mask, cross)
        if attended.gate is not None:
            gates.append(attended.gate.detach().mean())
        return attended.out

    angles = place_angles(starts[-1] + gap + torch.arange(steps), shape.head_dim, shape.rope_theta).to(weights.device)
    hidden = forward(reading, F.embedding(ids, weights.embed), angles, attend)
    labels = batch.labels.to(weights.device)
    wanted = labels != IGNORE
    gate = float(torch.stack(gates).mean()) if gates else 0.0
    return weights.head(hidden[wanted]), labels[wanted], gate


def _crosses(adapter: Adapter, memory: object, batch: Batch, weights: Weights) -> dict[int, tuple[int, Tensor, Tensor]]:
    from dialog.model.encode import Encoded

    assert isinstance(memory, Encoded)
    t_ns = torch.tensor([fact.percept.t0_ns for fact in batch.day.facts])
    of_percept = adapter.percept_keys(memory.summary, t_ns)
    owner = torch.repeat_interleave(torch.arange(len(memory.lengths)), torch.tensor(memory.lengths)).to(weights.device)
    found = {}
    for site, layer in enumerate(adapter.shape.sites):
        keys = torch.cat([memory.keys[layer], of_percept[site][:, owner].to(memory.keys.dtype)], dim=-1)
        found[layer] = (site, keys, memory.values[layer])
    return found


def _tensors(weights: Weights) -> list[Tensor]:
    found = [weights.embed, weights.norm]
    for layer in weights.layers:
        found += [layer.attention_norm, layer.ffn_norm]
    return found
