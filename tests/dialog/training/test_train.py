"""Training: lowers the loss, touches only the adapter, and does not care about interruptions."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from dialog.model.adapter import MAPS, load_adapter
from dialog.model.chat import END, chat_prompt
from dialog.model.load import load_host
from dialog.model.machine import dtype_for
from dialog.model.pointing import POINT
from dialog.training.corpus import make_batch
from dialog.training.train import Session, TrainOptions, TrainProgress, train
from streams.errors import ModelError

DIARY = '''[[day]]
now = "18:05"
people = ["Priya"]
lines = """
17:20 living room: Priya says: "My flight leaves at 6:15."
"""
asked = """
When does the plane leave? | Priya's flight leaves at 6:15, Priya said so at 17:20. | 1 | 6:15
Any cats? | I have not seen a cat. | - | -
"""
'''


def options(tiny: Path, out: Path, **changes: object) -> TrainOptions:
    base = TrainOptions(host=tiny, out=out, steps=4, days=1, batch=4, warm_up=1, rank=2, device="cpu", diaries=None)
    return replace(base, **changes)  # type: ignore[arg-type]


def test_a_few_steps_lower_the_loss(tiny: Path, tmp_path: Path) -> None:
    seen: list[TrainProgress] = []
    train(options(tiny, tmp_path / "a.safetensors", steps=12, learning_rate=1e-2), seen.append)
    losses = [p.learned.loss for p in seen]
    assert [p.step for p in seen] == list(range(1, 13)) and all(p.steps == 12 for p in seen)
    assert sum(losses[-3:]) / 3 < 0.8 * losses[0]
    assert all(0 <= p.learned.found <= 1 and p.learned.select >= 0 and p.seconds_per_step > 0 for p in seen)
    adapter, notes = load_adapter(tmp_path / "a.safetensors")
    assert (notes["steps"], notes["questions"]) == ("12", "48") and adapter.shape.host == "tiny"


def test_each_step_is_recorded(tiny: Path, tmp_path: Path) -> None:
    seen: list[TrainProgress] = []
    train(options(tiny, tmp_path / "a.safetensors", steps=3), seen.append)
    train(options(tiny, tmp_path / "a.safetensors", steps=5), seen.append)
    lines = [json.loads(line) for line in (tmp_path / "a.jsonl").read_text().splitlines()]
    assert [line["step"] for line in lines] == [1, 2, 3, 4, 5]
    for line, progress in zip(lines, seen, strict=True):
        assert line["loss"] == progress.learned.loss and line["select"] == progress.learned.select
        assert line["found"] == progress.learned.found and line["seconds_per_step"] >= 0
    assert lines[-1]["rate"] == 0.0


def test_resumed_equals_uninterrupted(tiny: Path, tmp_path: Path) -> None:
    """Interrupted after a step that was saved, and one that was not: the same adapter and the same optimiser."""
    host = load_host(tiny, "cpu", dtype_for(torch.device("cpu")))
    whole = Session(host, options(tiny, tmp_path / "whole.safetensors"))
    for _ in range(4):
        whole.advance()
    parts = Session(host, options(tiny, tmp_path / "parts.safetensors"))
    parts.advance()
    parts.advance()
    parts.save()
    parts.advance()
    again = Session(host, options(tiny, tmp_path / "parts.safetensors"))
    again.resume()
    assert again.step == 2
    again.advance()
    again.advance()
    assert again.rate() == whole.rate()
    for (name, one), (_, two) in zip(whole.adapter.named_parameters(), again.adapter.named_parameters(), strict=True):
        assert torch.equal(one, two), name
    trained = train(options(tiny, tmp_path / "third.safetensors"))
    for (name, one), (_, two) in zip(whole.adapter.named_parameters(), trained.named_parameters(), strict=True):
        assert torch.equal(one, two), name
    assert not list(tmp_path.glob("*.partial"))


def test_a_finished_training_is_left_as_it_is(tiny: Path, tmp_path: Path) -> None:
    out = tmp_path / "a.safetensors"
    train(options(tiny, out, steps=2))
    before, _ = load_adapter(out)
    seen: list[TrainProgress] = []
    train(options(tiny, out, steps=2), seen.append)
    after, notes = load_adapter(out)
    assert seen == [] and notes["steps"] == "2"
    for (name, one), (_, two) in zip(before.named_parameters(), after.named_parameters(), strict=True):
        assert torch.equal(one, two), name


def test_the_learning_rate_rises_and_falls(tiny: Path, tmp_path: Path) -> None:
    session = Session(
        load_host(tiny, "cpu"), options(tiny, tmp_path / "a.safetensors", steps=10, warm_up=4, cool_down=0.5)
    )
    rates = []
    for session.step in range(11):
        rates.append(session.rate() / 1e-3)
    assert rates == pytest.approx([0.25, 0.5, 0.75, 1, 1, 1, 0.8, 0.6, 0.4, 0.2, 0])


def test_a_checkpoint_of_other_sizes_is_refused(tiny: Path, tmp_path: Path) -> None:
    train(options(tiny, tmp_path / "a.safetensors", steps=1))
    with pytest.raises(ModelError, match="other sizes"):
        train(options(tiny, tmp_path / "a.safetensors", steps=2, rank=4))


def test_only_the_adapter_learns(tiny: Path, tmp_path: Path) -> None:
    host = load_host(tiny, "cpu", torch.bfloat16)
    weights = [w.weight for layer in host.weights.layers for w in (layer.qkv, layer.out, layer.gate_up, layer.down)]  # type: ignore[attr-defined]
    before = [w.clone() for w in (host.weights.embed, *weights)]
    session = Session(host, options(tiny, tmp_path / "a.safetensors", days=2))
    start = {name: value.detach().clone() for name, value in session.adapter.named_parameters()}
    for _ in range(3):
        session.advance()
    for one, two in zip(before, (host.weights.embed, *weights), strict=True):
        assert torch.equal(one, two) and not two.requires_grad
    assert [n for n, v in session.adapter.named_parameters() if torch.equal(start[n], v)] == []


def test_loss_is_on_answers_only(tiny: Path, tmp_path: Path) -> None:
    host = load_host(tiny, "cpu", torch.float32)
    batch = make_batch(host, random.Random(3), 6)
    assert len(batch.rows) == 6 and [len(row) for row in batch.rows] == sorted(len(row) for row in batch.rows)
    for row in batch.rows:
        text = host.tokenizer.decode(row.prompt, skip_special_tokens=False)
        assert text.startswith(chat_prompt("", batch.day.now, row.asked.history).split(f"[{batch.day.now}]")[0])
        assert f"[{batch.day.now}] " in text and text.endswith(f"{END}\n<|im_start|>assistant\n")
        answer = host.decode(row.answer)
        assert answer == row.asked.answer or POINT.fullmatch(answer)
        assert row.answer[-1] == host.weights.shape.end_token
    assert [host.decode(line) for line in batch.lines] == [fact.line[:96] for fact in batch.day.facts]
    with torch.no_grad():
        session = Session(host, options(tiny, tmp_path / "a.safetensors"))
        losses, outcome = session.losses(session.adapter.reading(host.weights), batch, gap=8)
    assert losses.shape == (sum(len(row.answer) for row in batch.rows),)
    chances = outcome.logits.log_softmax(-1).gather(-1, outcome.labels[:, None])[:, 0]
    torch.testing.assert_close(losses, -chances)


def test_training_goes_on_from_an_adapter(tiny: Path, tmp_path: Path) -> None:
    first = train(options(tiny, tmp_path / "first.safetensors", steps=2))
    session = Session(
        load_host(tiny, "cpu", torch.bfloat16),
        options(tiny, tmp_path / "second.safetensors", start=tmp_path / "first.safetensors"),
    )
    for (name, one), (_, two) in zip(first.named_parameters(), session.adapter.named_parameters(), strict=True):
        assert two.requires_grad and torch.equal(one.bfloat16().float(), two), name
    session.advance()
    with pytest.raises(ModelError, match="other sizes"):
        train(options(tiny, tmp_path / "third.safetensors", start=tmp_path / "first.safetensors", rank=1))


def test_an_adapter_grows_in_rank_and_does_the_same_at_first(tiny: Path, tmp_path: Path) -> None:
    train(options(tiny, tmp_path / "first.safetensors", steps=2))
    first, _ = load_adapter(tmp_path / "first.safetensors")
    host = load_host(tiny, "cpu", torch.float32)
    session = Session(
        host, replace(options(tiny, tmp_path / "more.safetensors", start=tmp_path / "first.safetensors"), rank=5)
    )
    assert session.adapter.shape.rank == 5
    small, large = (adapter.merged(host.weights).layers for adapter in (first, session.adapter))
    for one, two in zip(small, large, strict=True):
        for name in MAPS:
            torch.testing.assert_close(getattr(two, name).weight, getattr(one, name).weight)
    session.advance()
    assert session.adapter.update["0_down_b"][:, 2:].abs().max() > 0, "what was added learns"


def test_layers_below_the_first_keep_their_updates(tiny: Path, tmp_path: Path) -> None:
    host = load_host(tiny, "cpu", torch.float32)
    session = Session(host, replace(options(tiny, tmp_path / "upper.safetensors"), first_layer=2))
    before = {name: value.clone() for name, value in session.adapter.update.items()}
    for _ in range(2):
        session.advance()
    moved = {int(name.split("_")[0]) for name, value in session.adapter.update.items() if not value.equal(before[name])}
    assert moved == {2, 3}


def test_diaries_are_trained_on(tiny: Path, tmp_path: Path) -> None:
    folder = tmp_path / "diaries"
    folder.mkdir()
    (folder / "mine.toml").write_text(DIARY)
    seen: list[float] = []
    found = train(options(tiny, tmp_path / "a.safetensors", diaries=folder), lambda now: seen.append(now.learned.loss))
    without = train(options(tiny, tmp_path / "b.safetensors"))
    assert len(seen) == 4 and any(
        not torch.equal(a, b) for a, b in zip(found.parameters(), without.parameters(), strict=True)
    )


@pytest.mark.parametrize("text, fault", [(None, "holds no diaries"), ("[[day]]\nnow = 3", "diaries cannot be used")])
def test_a_folder_without_diaries_in_order_is_one_clear_line(
    tiny: Path, tmp_path: Path, text: str | None, fault: str
) -> None:
    if text is not None:
        (tmp_path / "mine.toml").write_text(text)
    with pytest.raises(ModelError, match=fault) as caught:
        train(options(tiny, tmp_path / "a.safetensors", diaries=tmp_path))
    assert "\n" not in str(caught.value)
