"""The onnxruntime decoder is the same model, up to rounding."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from agent.models.store import ModelStore
from dialog.model.decoder import Weights, causal, forward
from dialog.model.load import Host, load_host
from dialog.model.onnx_decoder import OnnxCache, OnnxDecoder
from dialog.model.onnx_graph import round_weight
from dialog.model.rotary import place_angles
from streams.errors import ModelError

TEXT = "<|im_start|>user\nHello at 14:03, naïve — 你好<|im_end|>\n<|im_start|>assistant\n"
FAR = 50_000_000


def exact(weights: Weights, ids: list[int], start: int = 0) -> Tensor:
    """Logits `[T, vocab]` of the torch decoder in float32."""
    angles = place_angles(torch.arange(start, start + len(ids)), weights.shape.head_dim, weights.shape.rope_theta)
    with torch.inference_mode():
        return weights.head(forward(weights, weights.embed[torch.tensor([ids])], angles, causal))[0]


def at_once(decoder: OnnxDecoder, cache: OnnxCache, ids: list[int], start: int = 0) -> Tensor:
    positions = range(start, start + len(ids))
    return decoder.upper(decoder.lower(ids, positions, cache), positions, cache)


def near(got: Tensor, expected: Tensor, part: float) -> bool:
    """Whether logits differ by at most a part of their spread, on average."""
    return float((got - expected).std()) < part * float(expected.std())


@pytest.fixture(scope="module")
def decoder(host: Host) -> OnnxDecoder:
    return OnnxDecoder(host.weights, 2, threads=1)


def fresh(decoder: OnnxDecoder, capacity: int = 256) -> OnnxCache:
    return decoder.cache(capacity)


def test_rounding_is_near(host: Host) -> None:
    weight = torch.randn(5, 40, generator=torch.Generator().manual_seed(0))
    for bits, most in ((8, 0.02), (4, 0.3)):
        rounded = round_weight(weight, bits)
        blocks = torch.from_numpy(rounded.blocks)
        assert blocks.shape == (5, 2, 32 * bits // 8)
        whole, middle = blocks.float(), torch.full((5, 2), 128.0)
        if rounded.zeros is not None:
            whole = torch.stack([blocks & 15, blocks >> 4], -1).flatten(-2).float()
            zeros = torch.from_numpy(rounded.zeros)
            middle = torch.stack([zeros & 15, zeros >> 4], -1).flatten(-2)[:, :2].float()
        back = (whole - middle[..., None]) * torch.from_numpy(rounded.scales)[..., None]
        assert (back.flatten(1)[:, :40] - weight).abs().max() < most
        assert (back.flatten(1)[:, 40:] == 0).all()


def test_equals_the_torch_decoder(decoder: OnnxDecoder, host: Host) -> None:
    ids = host.encode(TEXT)
    for start in (0, FAR):
        assert near(at_once(decoder, fresh(decoder), ids, start), exact(host.weights, ids, start)[-1], 0.2)


def test_token_by_token_equals_at_once(decoder: OnnxDecoder, host: Host) -> None:
    ids = host.encode(TEXT)
    expected = exact(host.weights, ids)
    cache = fresh(decoder)
    for i, token in enumerate(ids):
        step = decoder.step(token, i, cache)
        whole = at_once(decoder, fresh(decoder), ids[: i + 1])
        assert near(step, whole, 0.1) and near(step, expected[i], 0.25)
        assert int(step.argmax()) == int(whole.argmax())
    assert cache.lengths == [len(ids)] * 4


def test_a_prompt_in_parts_equals_at_once(decoder: OnnxDecoder, host: Host) -> None:
    ids = host.encode(TEXT)
    cache = fresh(decoder)
    at_once(decoder, cache, ids[:7])
    assert near(at_once(decoder, cache, ids[7:], 7), at_once(decoder, fresh(decoder), ids), 0.1)


def test_foreign_entries_are_read(decoder: OnnxDecoder, host: Host) -> None:
    """What one cache computed is put into another one: the answer is that of the whole text, layer by layer."""
    ids = host.encode(TEXT)
    first, cut = fresh(decoder), 20
    at_once(decoder, first, ids[:cut])
    second = fresh(decoder)
    for layer in range(4):
        second.put(layer, first.layer_keys(layer), first.layer_values(layer))
    expected = at_once(decoder, fresh(decoder), ids)
    assert near(at_once(decoder, second, ids[cut:], cut), expected, 0.1)
    lacking = fresh(decoder)
    for layer in (2, 3):
        lacking.put(layer, first.layer_keys(layer), first.layer_values(layer))
    some = at_once(decoder, lacking, ids[cut:], cut)
    assert lacking.lengths == [len(ids) - cut] * 2 + [len(ids)] * 2
    assert not near(some, expected, 0.1)
    assert not near(some, at_once(decoder, fresh(decoder), ids[cut:], cut), 0.1)


def test_two_caches_do_not_mix(decoder: OnnxDecoder, host: Host) -> None:
    ids, other = host.encode(TEXT), host.encode("Who comes in at noon?")
    one, two = fresh(decoder), fresh(decoder, 64)
    for i in range(len(other)):
        first = decoder.step(ids[i], i, one)
        second = decoder.step(other[i], FAR + i, two)
    alone = fresh(decoder)
    for i in range(len(other)):
        expected = decoder.step(ids[i], i, alone)
    assert torch.equal(first, expected)
    assert near(second, exact(host.weights, other, FAR)[-1], 0.2)


def test_truncate_forgets_the_end(decoder: OnnxDecoder, host: Host) -> None:
    ids = host.encode(TEXT)
    cache = fresh(decoder)
    expected = at_once(decoder, cache, ids[:9])
    at_once(decoder, cache, ids[9:], 9)
    for layer in range(4):
        cache.truncate(layer, 8)
    assert near(decoder.step(ids[8], 8, cache), expected, 0.1)
    cache.truncate(0, 99)
    assert cache.lengths == [9] * 4
    cache.reset()
    assert cache.lengths == [0] * 4
    assert torch.equal(at_once(decoder, cache, ids[:9]), expected)


def test_results_are_the_callers(decoder: OnnxDecoder) -> None:
    cache = fresh(decoder)
    first = decoder.step(5, 0, cache)
    kept = first.clone()
    decoder.step(6, 1, cache)
    assert torch.equal(first, kept)


def test_what_does_not_fit_is_refused(decoder: OnnxDecoder, host: Host) -> None:
    with pytest.raises(ModelError, match="3 bits"):
        OnnxDecoder(host.weights, 2, bits=3)
    with pytest.raises(ModelError, match="split at 4"):
        OnnxDecoder(host.weights, 4)
    cache = fresh(decoder, 8)
    at_once(decoder, cache, [1, 2, 3, 4, 5, 6, 7, 8])
    with pytest.raises(ModelError, match="9 are needed"):
        decoder.step(1, 8, cache)
    assert cache.lengths == [8] * 4


def test_four_bits_run(host: Host) -> None:
    """Four bits round a model of random weights coarsely; it is the same model all the same."""
    decoder = OnnxDecoder(host.weights, 1, bits=4, threads=1)
    ids = host.encode(TEXT)
    got, expected = at_once(decoder, fresh(decoder), ids), exact(host.weights, ids)[-1]
    assert float(torch.corrcoef(torch.stack([got, expected]))[0, 1]) > 0.7


@pytest.mark.models
def test_default_model(store: ModelStore) -> None:
    """On real text: little is lost by rounding, and a prompt gives what its tokens give."""
    host = load_host(store.path("smollm2-135m-instruct"), "cpu", torch.float32)
    decoder = OnnxDecoder(host.weights, 6)
    text = "<|im_start|>user\nWhy is the sky blue?<|im_end|>\n<|im_start|>assistant\nThe sky is blue because the air"
    ids = host.encode(text)
    expected = exact(host.weights, ids).log_softmax(-1)
    cache = fresh(decoder)
    got = torch.stack([decoder.step(token, i, cache) for i, token in enumerate(ids)]).log_softmax(-1)
    assert float((expected.exp() * (expected - got)).sum(-1).mean()) < 0.01
    assert float((got.argmax(-1) == expected.argmax(-1)).float().mean()) > 0.9
    whole = at_once(decoder, fresh(decoder), ids).log_softmax(-1)
    assert int(whole.argmax()) == int(got[-1].argmax())
    assert float((whole - got[-1]).abs().max()) < 2
