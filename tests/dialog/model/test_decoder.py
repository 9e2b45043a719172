"""Our decoder is the same model as transformers', at once, in parts and token by token."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import Tensor

from dialog.model.cache import Cache
from dialog.model.decoder import causal, forward
from dialog.model.engine import Engine
from dialog.model.load import Host, load_host
from dialog.model.rotary import place_angles
from dialog.model.torch_decoder import TorchDecoder
from streams.errors import ModelError

TEXT = "<|im_start|>user\nHello at 14:03, naïve — 你好<|im_end|>\n<|im_start|>assistant\n"


def logits_of(host: Host, ids: list[int]) -> Tensor:
    """All logits `[T, vocab]` in one pass without a cache."""
    w = host.weights
    angles = place_angles(torch.arange(len(ids)), w.shape.head_dim, w.shape.rope_theta)
    with torch.inference_mode():
        return w.head(forward(w, w.embed[torch.tensor([ids])], angles, causal))[0]


def part(decoder: TorchDecoder, cache: Cache, ids: list[int], start: int) -> Tensor:
    positions = range(start, start + len(ids))
    return decoder.upper(decoder.lower(ids, positions, cache), positions, cache)


def test_logits_equal_transformers(tiny: Path, host: Host) -> None:
    from transformers import AutoModelForCausalLM, AutoTokenizer

    ids = host.encode(TEXT)
    assert AutoTokenizer.from_pretrained(tiny)(TEXT, add_special_tokens=False).input_ids == ids
    model = AutoModelForCausalLM.from_pretrained(tiny, dtype=torch.float32)
    with torch.inference_mode():
        theirs = model(torch.tensor([ids])).logits[0]
    torch.testing.assert_close(logits_of(host, ids), theirs, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("split", [1, 2, 3])
def test_the_halves_are_the_whole(host: Host, split: int) -> None:
    """Wherever it is split, and however the text is cut: the same logits as one pass."""
    ids = host.encode(TEXT)
    expected = logits_of(host, ids)
    decoder = TorchDecoder(host.weights, split)
    torch.testing.assert_close(part(decoder, decoder.cache(128), ids, 0), expected[-1], rtol=1e-4, atol=1e-4)
    cache = decoder.cache(128)
    part(decoder, cache, ids[:11], 0)
    torch.testing.assert_close(part(decoder, cache, ids[11:], 11), expected[-1], rtol=1e-4, atol=1e-4)
    cache = decoder.cache(128)
    steps = [decoder.step(token, i, cache) for i, token in enumerate(ids)]
    torch.testing.assert_close(torch.stack(steps), expected, rtol=1e-4, atol=1e-4)
    assert cache.lengths == [len(ids)] * host.weights.shape.layers


def test_positions_count_only_from_each_other(host: Host) -> None:
    ids, far = host.encode(TEXT), 50_000_000
    decoder = TorchDecoder(host.weights, 2)
    there = part(decoder, decoder.cache(128), ids, far)
    torch.testing.assert_close(there, logits_of(host, ids)[-1], rtol=1e-3, atol=1e-3)


def test_entries_of_another_cache_are_read(host: Host) -> None:
    """Keys and values put into some layers are seen there and nowhere else."""
    ids, cut = host.encode(TEXT), 20
    decoder = TorchDecoder(host.weights, 1)
    first = decoder.cache(128)
    part(decoder, first, ids[:cut], 0)
    whole, some = decoder.cache(128), decoder.cache(128)
    for layer in range(4):
        whole.put(layer, first.layer_keys(layer), first.layer_values(layer))
    for layer in (1, 2):
        some.put(layer, first.layer_keys(layer), first.layer_values(layer))
    expected = logits_of(host, ids)[-1]
    torch.testing.assert_close(part(decoder, whole, ids[cut:], cut), expected, rtol=1e-4, atol=1e-4)
    assert not torch.allclose(part(decoder, some, ids[cut:], cut), expected, atol=1e-2)
    rest = len(ids) - cut
    assert some.lengths == [rest, len(ids), len(ids), rest]


def test_a_cache_keeps_its_place_and_its_size(host: Host) -> None:
    decoder = TorchDecoder(host.weights, 2)
    cache = decoder.cache(6)
    part(decoder, cache, [1, 2, 3, 4, 5], 0)
    at = cache.layer_keys(0).data_ptr()
    expected = decoder.step(6, 5, cache)
    with pytest.raises(ValueError, match="7 entries do not fit into a cache of 6"):
        decoder.step(7, 6, cache)
    cache.reset()
    part(decoder, cache, [1, 2, 3, 4, 5, 9], 0)
    for layer in range(4):
        cache.truncate(layer, 5)
    assert torch.equal(decoder.step(6, 5, cache), expected) and cache.layer_keys(0).data_ptr() == at


def test_bfloat16_stays_close(host: Host) -> None:
    ids = host.encode(TEXT)

    def run(precision: str) -> Tensor:
        engine = Engine(host, None, precision)
        return engine.advance(engine.start(ids).asking, ids).log_softmax(-1)

    exact = run("float32")
    assert 0 < (run("bfloat16") - exact).abs().max() < 0.25 * exact.abs().max()


def test_loading_says_what_is_wrong(tmp_path: Path, tiny: Path) -> None:
    with pytest.raises(ModelError, match="heed models pull"):
        load_host(tmp_path / "nowhere", "cpu")
    (tmp_path / "config.json").write_text('{"model_type": "mamba"}')
    with pytest.raises(ModelError, match=r"mamba.*prompt"):
        load_host(tmp_path, "cpu")
    with pytest.raises(ModelError, match="unknown device"):
        load_host(tiny, "abacus")
