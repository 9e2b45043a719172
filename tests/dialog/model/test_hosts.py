"""Models of every family that can have an adapter: computed as transformers does, trained, merged, refused."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from dialog.model.adapter import Adapter, adapter_shape, load_adapter
from dialog.model.chat import chat_prompt
from dialog.model.decoder import Dense, Weights, causal, forward
from dialog.model.encode import encode_lines, line_tokens
from dialog.model.engine import GAP, Engine
from dialog.model.load import FAMILIES, STATE_SPAN, Host, load_host
from dialog.model.memory import READ_TOKENS
from dialog.model.onnx_decoder import OnnxDecoder
from dialog.model.rotary import place_angles
from dialog.model.torch_decoder import Decoder, TorchDecoder
from dialog.training.corpus import batch_of
from dialog.training.days import make_day
from dialog.training.questions import question
from dialog.training.together import Pass
from dialog.training.train import TrainOptions, TrainProgress, train
from streams.errors import ModelError

TEXT = "<|im_start|>user\nHello at 14:03, naïve — 你好<|im_end|>\n<|im_start|>assistant\n"

SIZES: dict[str, Any] = {
    "hidden_size": 48, "num_hidden_layers": 4, "num_attention_heads": 6, "num_key_value_heads": 2,
    "intermediate_size": 64, "vocab_size": 300, "max_position_embeddings": 4096, "tie_word_embeddings": True,
    "bos_token_id": 257, "eos_token_id": 258, "pad_token_id": 258,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Kind:
    """A family, and where it differs from the plain one."""

    family: str
    """The name that transformers' classes begin with."""
    settings: dict[str, Any]
    biased: tuple[str, ...] = ()
    normed: bool = False


KINDS = {
    "llama": Kind("Llama", {"head_dim": 8}),
    "llama with biases": Kind(
        "Llama", {"attention_bias": True, "mlp_bias": True}, biased=("qkv", "out", "gate_up", "down")
    ),
    "mistral": Kind("Mistral", {"sliding_window": None, "head_dim": 16, "tie_word_embeddings": False}),
    "mistral with a window": Kind("Mistral", {"sliding_window": 3000}),
    "qwen2": Kind("Qwen2", {}, biased=("qkv",)),
    "qwen3": Kind("Qwen3", {"head_dim": 16}, normed=True),
    "qwen3 with biases": Kind("Qwen3", {"head_dim": 8, "attention_bias": True}, biased=("qkv", "out"), normed=True),
}

Make = Callable[[str], Path]


@pytest.fixture(scope="module")
def make(tmp_path_factory: pytest.TempPathFactory, write_tokenizer: Callable[[Path], None]) -> Make:
    """Writes a tiny random model of a kind, once, with biases and norms that do something."""
    root, made = tmp_path_factory.mktemp("hosts"), set()

    def write(name: str) -> Path:
        import transformers

        kind, folder = KINDS[name], root / name.replace(" ", "-")
        if name in made:
            return folder
        made.add(name)
        folder.mkdir()
        write_tokenizer(folder)
        torch.manual_seed(5)
        config = getattr(transformers, f"{kind.family}Config")(**SIZES | kind.settings)
        model = getattr(transformers, f"{kind.family}ForCausalLM")(config)
        with torch.no_grad():
            for key, value in model.named_parameters():
                if key.endswith("bias"):
                    value.normal_(std=0.3)
                elif key.endswith(("q_norm.weight", "k_norm.weight")):
                    value.uniform_(0.5, 1.5)
                elif not key.endswith("norm.weight"):
                    value.mul_(4)
        model.save_pretrained(folder)
        return folder

    return write


def whole(weights: Weights, ids: list[int]) -> Tensor:
    """All logits `[T, vocab]` in one pass without a cache."""
    angles = place_angles(torch.arange(len(ids)), weights.shape.head_dim, weights.shape.rope_theta)
    with torch.inference_mode():
        return weights.head(forward(weights, weights.embed[torch.tensor([ids])], angles, causal))[0]


def at_once(decoder: Decoder, ids: list[int]) -> Tensor:
    cache, positions = decoder.cache(128), range(len(ids))
    return decoder.upper(decoder.lower(ids, positions, cache), positions, cache)


def steps(decoder: Decoder, ids: list[int]) -> Tensor:
    cache = decoder.cache(128)
    return torch.stack([decoder.step(token, i, cache) for i, token in enumerate(ids)])


def random_adapter(host: Host) -> Adapter:
    """An adapter whose updates do something."""
    made = Adapter(adapter_shape(host.name, host.weights.shape, rank=2, selector_dim=8), seed=1)
    noise = torch.Generator().manual_seed(2)
    with torch.no_grad():
        for name, value in made.named_parameters():
            if name.endswith("_b"):
                value.copy_(torch.randn(value.shape, generator=noise) * 0.2)
    return made.requires_grad_(False)


def without_extras(weights: Weights) -> Weights:
    """The same weights, biases and norms of heads left out."""
    layers = [
        replace(
            layer, q_norm=None, k_norm=None,
            **{name: Dense(getattr(layer, name).weight) for name in ("qkv", "out", "gate_up", "down")},
        )
        for layer in weights.layers
    ]  # fmt: skip
    return replace(weights, layers=layers)


@pytest.mark.parametrize("name", KINDS)
def test_logits_equal_transformers(make: Make, name: str) -> None:
    from transformers import AutoModelForCausalLM

    host, kind = load_host(make(name), "cpu", torch.float32), KINDS[name]
    ids = host.encode(TEXT)
    with torch.inference_mode():
        theirs = AutoModelForCausalLM.from_pretrained(make(name), dtype=torch.float32)(torch.tensor([ids])).logits[0]
    decoder = TorchDecoder(host.weights, 1)
    torch.testing.assert_close(whole(host.weights, ids), theirs, rtol=1e-4, atol=1e-4)
    torch.testing.assert_close(at_once(decoder, ids), theirs[-1], rtol=1e-4, atol=1e-4)
    torch.testing.assert_close(steps(decoder, ids), theirs, rtol=1e-4, atol=1e-4)
    for layer in host.weights.layers:
        biased = tuple(n for n in ("qkv", "out", "gate_up", "down") if getattr(layer, n).bias is not None)
        assert biased == kind.biased and (layer.q_norm is not None) == (layer.k_norm is not None) == kind.normed
    if kind.biased or kind.normed:
        assert not torch.allclose(whole(without_extras(host.weights), ids), theirs, atol=0.1), "they do something"


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize(("bits", "part"), [(8, 0.2), (4, 1.0)])
def test_onnx_is_the_same_up_to_rounding(make: Make, name: str, bits: int, part: float) -> None:
    host = load_host(make(name), "cpu", torch.float32)
    ids = host.encode(TEXT)
    expected = whole(host.weights, ids)
    decoder = OnnxDecoder(host.weights, 2, bits=bits, threads=1)
    got = steps(decoder, ids)
    assert float((got - expected).std()) < part * float(expected.std())
    assert float((at_once(decoder, ids) - got[-1]).std()) < 0.1 * float(expected.std())
    if bits == 8:
        assert float((got.argmax(-1) == expected.argmax(-1)).float().mean()) > 0.8


@pytest.mark.parametrize("name", KINDS)
def test_merged_equals_apart(make: Make, name: str) -> None:
    host = load_host(make(name), "cpu", torch.float32)
    ids, adapter = host.encode(TEXT), random_adapter(host)
    merged, apart = whole(adapter.merged(host.weights), ids), whole(adapter.reading(host.weights), ids)
    torch.testing.assert_close(merged, apart, rtol=1e-3, atol=1e-3)
    assert not torch.allclose(merged, whole(host.weights, ids), atol=0.1), "the updates do something"


@pytest.mark.parametrize("name", KINDS)
def test_an_engine_keeps_what_the_family_adds(make: Make, name: str) -> None:
    """In bfloat16 every tensor is cast, and answers read the percepts that a conversation holds."""
    host = load_host(make(name), "cpu", torch.float32)
    engine = Engine(host, random_adapter(host), "bfloat16")
    for ours, theirs in zip(engine.host.weights.layers, host.weights.layers, strict=True):
        for one in ("qkv", "out", "gate_up", "down"):
            mine, was = getattr(ours, one).bias, getattr(theirs, one).bias
            assert (mine is None) == (was is None)
            assert mine is None or torch.equal(mine, was.bfloat16())
        assert (ours.q_norm is None) == (theirs.q_norm is None)
        assert ours.q_norm is None or ours.q_norm.dtype == torch.bfloat16
    memory, prompt = engine.memory(512), host.encode(chat_prompt("What came?", "14:03"))
    before = engine.start(prompt, memory, max_new_tokens=4)
    empty = engine.advance(before.asking, prompt)
    encoded = encode_lines(host, engine.reading, random_adapter(host), [line_tokens(host, "14:01 A red bus came")])
    assert encoded.keys.isfinite().all()
    memory.put("p1", "14:01 A red bus came", 1)
    after = engine.start(prompt, memory, max_new_tokens=4)
    held = engine.advance(after.asking, prompt)
    assert held.isfinite().all() and not torch.allclose(empty, held, atol=1e-2)


@pytest.mark.parametrize("name", KINDS)
def test_training_computes_what_the_engine_does(make: Make, name: str) -> None:
    """A day and its questions in one pass; percepts one by one into the memory, then questions token by token."""
    host, rng = load_host(make(name), "cpu", torch.float32), random.Random(11)
    adapter, day = random_adapter(host), make_day(rng, percepts=4)
    batch = batch_of(host, day, [question(day, rng) for _ in range(3)], rng)
    with torch.no_grad():
        outcome = Pass(host, adapter.reading(host.weights), adapter, batch, GAP).run()
    engine = Engine(host, adapter, "float32")
    memory, logits = engine.memory(1024), []
    for fact in day.facts:
        memory.put(fact.percept.id, fact.line, fact.percept.t0_ns)
    for row in batch.rows:
        asking = engine.start(row.prompt, memory, day.now_ns, max_new_tokens=len(row.answer)).asking
        logits.append(engine.advance(asking, row.prompt))
        logits += [engine.advance(asking, [token]) for token in row.answer[:-1]]
    torch.testing.assert_close(outcome.logits, torch.stack(logits), rtol=1e-3, atol=1e-3)


@pytest.mark.parametrize("name", [name for name in KINDS if name != "llama"])
def test_an_adapter_can_be_trained(make: Make, name: str, tmp_path: Path) -> None:
    seen: list[TrainProgress] = []
    out = tmp_path / "a.safetensors"
    options = TrainOptions(
        host=make(name), out=out, steps=2, days=1, batch=4, warm_up=1, rank=2, device="cpu", diaries=None
    )
    train(options, seen.append)
    assert [p.step for p in seen] == [1, 2]
    assert all(0 < p.learned.loss < 100 and 0 <= p.learned.select < 100 for p in seen)
    adapter, _ = load_adapter(out)
    assert all(value.isfinite().all() for value in adapter.parameters())
    moved = [float(value.abs().sum()) for key, value in adapter.named_parameters() if key.endswith("qkv_b")]
    assert len(moved) == 4 and max(moved) > 0
    engine = Engine(load_host(make(name), "cpu"), adapter, "float32")
    assert engine.reading.layers[0].q_norm is None or KINDS[name].normed


def rewritten(folder: Path, to: Path, **changes: Any) -> Path:
    """A copy of a model with another config."""
    shutil.copytree(folder, to)
    config = json.loads((to / "config.json").read_text())
    (to / "config.json").write_text(json.dumps(config | changes))
    return to


def refusal(folder: Path) -> str:
    with pytest.raises(ModelError) as caught:
        load_host(folder, "cpu")
    message = str(caught.value)
    assert "\n" not in message and str(folder) in message
    return message


def test_a_window_bounds_the_context(make: Make, tmp_path: Path) -> None:
    """What is read of the state, the prompt and the answer lie within it."""
    assert READ_TOKENS + GAP <= STATE_SPAN
    assert load_host(make("mistral with a window"), "cpu").weights.shape.context == 3000 - STATE_SPAN
    assert load_host(make("mistral"), "cpu").weights.shape.context == 4096
    short = rewritten(make("mistral"), tmp_path / "short", sliding_window=512)
    assert "512 tokens back" in refusal(short) and 'fusion = "prompt"' in refusal(short)
    some = rewritten(make("qwen2"), tmp_path / "some", use_sliding_window=True, sliding_window=512)
    assert "512 tokens back" in refusal(some)
    none = rewritten(make("qwen2"), tmp_path / "none", use_sliding_window=False, sliding_window=512)
    assert load_host(none, "cpu").weights.shape.context == 4096


def test_answers_end_where_a_turn_ends(make: Make, tmp_path: Path) -> None:
    """Also with a base model, whose config has the end of a document there."""
    base = rewritten(make("qwen2"), tmp_path / "base", eos_token_id=256)
    host = load_host(base, "cpu")
    assert [host.weights.shape.end_token] == host.encode("<|im_end|>")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"model_type": "gemma3_text"}, '"gemma3_text"'),
        ({"model_type": "smollm3"}, '"smollm3"'),
        ({"hidden_act": "gelu"}, '"gelu"'),
        ({"rope_parameters": {"rope_type": "yarn", "factor": 4.0, "rope_theta": 1e6}}, "yarn"),
        ({"rope_parameters": {"rope_type": "default", "partial_rotary_factor": 0.5}}, "partial_rotary_factor"),
    ],
)
def test_other_kinds_are_refused(make: Make, tmp_path: Path, changes: dict[str, Any], said: str) -> None:
    message = refusal(rewritten(make("qwen2"), tmp_path / "other", **changes))
    assert said in message and 'fusion = "prompt"' in message
    if "model_type" in changes:
        assert ", ".join(FAMILIES) in message


def test_weights_that_belong_to_something_else_are_refused(make: Make, tmp_path: Path) -> None:
    """A bias that is not there, one that would be left out, and heads of another size."""
    lacking = rewritten(make("llama"), tmp_path / "lacking", model_type="qwen2")
    assert "lacks the tensor" in refusal(lacking) and "bias" in refusal(lacking)
    assert "norm" in refusal(rewritten(make("llama"), tmp_path / "normless", model_type="qwen3"))
    assert "no place" in refusal(rewritten(make("qwen2"), tmp_path / "more", model_type="llama"))
    assert "config.json" in refusal(rewritten(make("qwen3"), tmp_path / "heads", head_dim=8))
    scaled = rewritten(make("llama"), tmp_path / "scaled")
    tensors = load_file(scaled / "model.safetensors")
    (scaled / "model.safetensors").unlink()
    tensors["model.layers.0.mlp.up_proj.weight_scale_inv"] = torch.ones(1)
    save_file(tensors, scaled / "model.safetensors")
    assert "weight_scale_inv" in refusal(scaled)
    del tensors["model.layers.0.mlp.up_proj.weight_scale_inv"]
    tensors["model.layers.0.self_attn.rotary_emb.inv_freq"] = torch.ones(4)
    save_file(tensors, scaled / "model.safetensors")
    assert load_host(scaled, "cpu").weights.shape.layers == 4


def test_a_tokenizer_without_the_marks_is_refused(make: Make, tmp_path: Path) -> None:
    """`heed train` says so before it computes anything."""
    folder = rewritten(make("mistral"), tmp_path / "inst")
    text = (folder / "tokenizer.json").read_text()
    (folder / "tokenizer.json").write_text(text.replace("<|im_start|>", "[INST]"))
    out = tmp_path / "a.safetensors"
    with pytest.raises(ModelError, match=r"no adapter.*<\|im_start\|>.*prompt") as caught:
        train(TrainOptions(host=folder, out=out, steps=1, device="cpu"))
    assert "\n" not in str(caught.value) and not out.exists()
