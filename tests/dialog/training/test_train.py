"""Training: lowers the loss, touches only the adapter, and does not care about interruptions."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from dialog.model.adapter import load_adapter
from dialog.model.chat import chat_prompt
from dialog.model.engine import Engine
from dialog.model.load import load_host
from dialog.model.memory import StateMemory
from dialog.training.corpus import IGNORE, make_batch
from dialog.training.train import Session, TrainOptions, TrainProgress, answer_logits, train
from streams.errors import ModelError


def options(tiny: Path, out: Path, **changes: object) -> TrainOptions:
    base = TrainOptions(host=tiny, out=out, steps=4, days=1, batch=4, warm_up=1, rank=2, percept_dim=8, device="cpu")
    return replace(base, **changes)  # type: ignore[arg-type]


def test_a_few_steps_lower_the_loss(tiny: Path, tmp_path: Path) -> None:
    seen: list[TrainProgress] = []
    train(options(tiny, tmp_path / "a.safetensors", steps=12, learning_rate=1e-2), seen.append)
    losses = [p.loss for p in seen]
    assert sum(losses[-3:]) / 3 < 0.8 * losses[0]
    adapter, notes = load_adapter(tmp_path / "a.safetensors")
    assert notes["steps"] == "12" and adapter.shape.host == "tiny"


def test_resumed_equals_uninterrupted(tiny: Path, tmp_path: Path) -> None:
    whole = train(options(tiny, tmp_path / "whole.safetensors", steps=4, cool_down=0.0))
    train(options(tiny, tmp_path / "parts.safetensors", steps=2, cool_down=0.0))
    parts = train(options(tiny, tmp_path / "parts.safetensors", steps=4, cool_down=0.0))
    for (name, one), (_, two) in zip(whole.named_parameters(), parts.named_parameters(), strict=True):
        assert torch.equal(one, two), name


def test_a_checkpoint_of_other_sizes_is_refused(tiny: Path, tmp_path: Path) -> None:
    train(options(tiny, tmp_path / "a.safetensors", steps=1))
    with pytest.raises(ModelError, match="other sizes"):
        train(options(tiny, tmp_path / "a.safetensors", steps=2, rank=4))


def test_only_the_adapter_learns(tiny: Path, tmp_path: Path) -> None:
    host = load_host(tiny, "cpu", torch.bfloat16)
    layer = host.weights.layers[0]
    before = layer.qkv.weight.clone()  # type: ignore[attr-defined]
    session = Session(host, options(tiny, tmp_path / "a.safetensors"))
    start = {name: value.detach().clone() for name, value in session.adapter.named_parameters()}
    session.advance()
    session.advance()
    assert torch.equal(before, layer.qkv.weight)  # type: ignore[attr-defined]
    still = [n for n, v in session.adapter.named_parameters() if torch.equal(start[n], v)]
    assert still == []


def test_loss_is_on_answers_only(tiny: Path) -> None:
    host = load_host(tiny, "cpu", torch.float32)
    batch = make_batch(host, random.Random(3), 6)
    rows = [(ids, labels) for part in batch.parts for ids, labels in zip(part.ids, part.labels, strict=True)]
    assert len(rows) == len(batch.questions) == 6
    for (ids, labels), asked in zip(rows, batch.questions, strict=True):
        answer = labels[labels != IGNORE].tolist()
        assert host.decode(answer) == asked.answer and answer[-1] == host.weights.shape.end_token
        at = int((labels != IGNORE).nonzero()[0])
        assert ids[at + 1 : at + 1 + len(answer)].tolist() == answer


def test_training_and_decoding_see_the_same_model(tiny: Path, tmp_path: Path) -> None:
    """The logits of training (packed, not merged, one shot) are those of the engine (cached, merged, incremental)."""
    host = load_host(tiny, "cpu", torch.float32)
    session = Session(host, options(tiny, tmp_path / "a.safetensors", learning_rate=1e-2))
    session.advance()
    session.advance()
    adapter = session.adapter.requires_grad_(False)
    batch = make_batch(host, random.Random(11), 5, percepts=6)
    with torch.no_grad():
        logits, labels, _ = answer_logits(host, session.reading, adapter, batch, gap=64)
    engine = Engine(host, adapter, "float32")
    memory: StateMemory = engine.memory(1024)
    memory.put_many([(f.percept.id, f.line, f.percept.t0_ns) for f in batch.day.facts])
    ids, row = batch.parts[0].ids[0], batch.parts[0].labels[0]
    first = int((row != IGNORE).nonzero()[0])
    prompt = ids[: first + 1].tolist()
    assert host.decode(prompt).startswith("user\n") and chat_prompt("x", "").startswith("<|im_start|>user")
    asking = engine.start(prompt, engine.cache(1024), memory, batch.day.now_ns).asking
    torch.testing.assert_close(engine.advance(asking, prompt), logits[0], rtol=1e-3, atol=1e-3)
    second = engine.advance(asking, [int(labels[0])])
    torch.testing.assert_close(second, logits[1], rtol=1e-3, atol=1e-3)
