"""What is trained: it changes how the state is read, and nothing when the state is off."""

from __future__ import annotations

import math
from dataclasses import asdict, replace
from pathlib import Path

import pytest
import torch

from dialog.model.adapter import Adapter, adapter_shape, load_adapter, save_adapter
from dialog.model.decoder import Weights, causal, forward
from dialog.model.engine import Engine
from dialog.model.load import Host
from dialog.model.rotary import place_angles
from streams.errors import ModelError
from streams.types import NS

TEXT = "<|im_start|>user\nWho came at 14:03?<|im_end|>\n<|im_start|>assistant\n"


def logits(weights: Weights, ids: list[int]) -> torch.Tensor:
    angles = place_angles(torch.arange(len(ids)), weights.shape.head_dim, weights.shape.rope_theta)
    with torch.inference_mode():
        return weights.head(forward(weights, weights.embed[torch.tensor([ids])], angles, causal))[0]


def test_merged_equals_not_merged(host: Host, adapter: Adapter) -> None:
    ids = host.encode(TEXT)
    folded, apart = logits(adapter.merged(host.weights), ids), logits(adapter.reading(host.weights), ids)
    torch.testing.assert_close(folded, apart, rtol=1e-3, atol=1e-3)
    assert not torch.allclose(folded, logits(host.weights, ids), atol=0.1), "the updates do something"


def test_a_new_adapter_changes_nothing(host: Host, adapter: Adapter) -> None:
    """Training begins at the host itself: its updates are nothing yet, to the bit."""
    ids = host.encode(TEXT)
    assert torch.equal(logits(Adapter(adapter.shape, seed=4).merged(host.weights), ids), logits(host.weights, ids))


def test_merging_leaves_the_host_alone(host: Host, adapter: Adapter) -> None:
    before = [layer.qkv.weight.clone() for layer in host.weights.layers]  # type: ignore[attr-defined]
    merged = adapter.merged(host.weights)
    for old, layer, new in zip(before, host.weights.layers, merged.layers, strict=True):
        assert torch.equal(old, layer.qkv.weight)  # type: ignore[attr-defined]
        assert not torch.equal(old, new.qkv.weight)  # type: ignore[attr-defined]


def test_memory_off_is_the_plain_model_to_the_bit(host: Host, engine: Engine) -> None:
    """Loaded with an adapter, and with percepts in a memory that is not asked."""
    ids = host.encode(TEXT)
    engine.memory(512).put("a", "14:03 hall: a dog enters", NS)
    bare = Engine(host, None, "float32")
    one, two = (e.advance(e.start(ids).asking, ids) for e in (bare, engine))
    assert torch.equal(one, two)
    assert bare.start(ids, max_new_tokens=24).run() == engine.start(ids, max_new_tokens=24).run()


def test_plain_answers_are_those_of_transformers(tiny: Path, host: Host, engine: Engine) -> None:
    from transformers import AutoModelForCausalLM

    model = AutoModelForCausalLM.from_pretrained(tiny, dtype=torch.float32)
    for text in (TEXT, "Hi", "<|im_start|>user\nTell me a story, naïve.<|im_end|>\n"):
        ids = host.encode(text)
        made = model.generate(torch.tensor([ids]), max_new_tokens=32, do_sample=False)[0, len(ids) :].tolist()
        generation = engine.start(ids, max_new_tokens=32)
        generation.run()
        assert generation.tokens == [token for token in made if token != host.weights.shape.end_token]
        assert len(generation.tokens) > 4


def test_selector_scores_are_what_they_say(adapter: Adapter) -> None:
    """Late interaction, written out."""
    random = torch.Generator().manual_seed(5)
    selector, width = adapter.selector, adapter.shape.width
    x, h = torch.randn(5, width, generator=random), torch.randn(6, width, generator=random)
    asked, owner = [0, 0, 1, 1, 1], [0, 0, 1, 2, 2, 2]
    keys = selector.keys(h)
    torch.testing.assert_close(keys.norm(dim=-1), torch.ones(6))
    got = selector.scores(x, torch.tensor(asked), 2, keys, torch.tensor(owner), 3)
    for question in range(2):
        tokens = [t for t in range(5) if asked[t] == question]
        loud = [math.log1p(math.exp(float(x[t] @ selector.weight))) for t in tokens]
        for percept in range(3):
            score = 0.0
            for t, weight in zip(tokens, loud, strict=True):
                vector = torch.nn.functional.normalize(selector.query @ x[t], dim=0)
                best = max(float(vector @ keys[m]) for m in range(6) if owner[m] == percept)
                newest, oldest = (float(selector.order[i] @ x[t]) for i in range(2))
                place = newest * math.log2(3 - percept) + oldest * math.log2(1 + percept)
                place -= float(selector.order[2 + (2 - percept)] @ x[t])
                score += weight * (16 * float(selector.scale) * best - place)
            assert float(got[question, percept]) == pytest.approx(score / sum(loud), rel=1e-4, abs=1e-4)


def test_saved_and_loaded_again(adapter: Adapter, tmp_path: Path) -> None:
    path = tmp_path / "deep" / "a.safetensors"
    save_adapter(adapter, path, {"steps": "7"}, torch.float32)
    again, notes = load_adapter(path)
    assert notes == {"steps": "7"} and asdict(again.shape) == asdict(adapter.shape)
    for (name, one), (_, two) in zip(adapter.named_parameters(), again.named_parameters(), strict=True):
        assert torch.equal(one, two) and not two.requires_grad, name
    assert [p.name for p in path.parent.iterdir()] == ["a.safetensors"]


def test_what_is_no_adapter_is_refused(adapter: Adapter, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"no adapter at .*heed train"):
        load_adapter(tmp_path / "none.safetensors")
    broken = tmp_path / "broken.safetensors"
    broken.write_bytes(b"not an adapter")
    with pytest.raises(ModelError, match="is not an adapter"):
        load_adapter(broken)
    save_adapter(adapter, tmp_path / "a.safetensors", {"adapter": '{"host": "x", "percept_dim": 8}'})
    with pytest.raises(ModelError, match="is not an adapter") as caught:
        load_adapter(tmp_path / "a.safetensors")
    assert "\n" not in str(caught.value)


def test_an_adapter_of_another_model_is_refused(host: Host, adapter: Adapter) -> None:
    other = Adapter(replace(adapter.shape, width=56, host="other"), seed=1)
    with pytest.raises(ModelError, match='is for "other"'):
        Engine(host, other, "float32")


@pytest.mark.parametrize(("first", "end"), [(0, 3), (3, 3), (2, 5)])
def test_sites_must_fit(host: Host, first: int, end: int) -> None:
    with pytest.raises(ModelError, match="do not fit 4 layers"):
        Adapter(adapter_shape("tiny", host.weights.shape, first_site=first, end_site=end))


def test_an_engine_says_what_it_lacks(host: Host) -> None:
    with pytest.raises(ModelError, match=r"no adapter.*prompt"):
        Engine(host, None, "float32").memory()
    with pytest.raises(ModelError, match="unknown precision"):
        Engine(host, None, "float8")
