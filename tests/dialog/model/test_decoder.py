"""Our decoder is the same model as transformers'."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from dialog.model.adapter import Adapter
from dialog.model.decoder import causal, forward
from dialog.model.engine import Engine
from dialog.model.load import Host, load_host
from dialog.model.rotary import place_angles, time_angles, turn
from streams.errors import ModelError
from streams.types import NS

TEXT = "<|im_start|>user\nHello at 14:03, naïve — 你好<|im_end|>\n<|im_start|>assistant\n"


def logits_of(host: Host, ids: list[int]) -> torch.Tensor:
    w = host.weights
    angles = place_angles(torch.arange(len(ids)), w.shape.head_dim, w.shape.rope_theta)
    with torch.inference_mode():
        return w.head(forward(w, w.embed[torch.tensor([ids])], angles, causal))[0]


def test_logits_equal_transformers(tiny: Path, host: Host) -> None:
    from transformers import AutoModelForCausalLM, AutoTokenizer

    ids = host.encode(TEXT)
    assert AutoTokenizer.from_pretrained(tiny)(TEXT, add_special_tokens=False).input_ids == ids
    model = AutoModelForCausalLM.from_pretrained(tiny, dtype=torch.float32)
    with torch.inference_mode():
        theirs = model(torch.tensor([ids])).logits[0]
    torch.testing.assert_close(logits_of(host, ids), theirs, rtol=1e-4, atol=1e-4)


def test_token_by_token_equals_at_once(engine: Engine, host: Host) -> None:
    ids = host.encode(TEXT)
    cache = engine.cache(128)
    generation = engine.start(ids, cache)
    steps = [engine.advance(generation.asking, [token]) for token in ids]
    torch.testing.assert_close(torch.stack(steps), logits_of(host, ids), rtol=1e-4, atol=1e-4)


def test_plain_model_is_untouched_by_an_adapter(engine: Engine, host: Host) -> None:
    """Memory off: equal to the last bit with and without an adapter loaded."""
    ids = host.encode(TEXT)
    bare = Engine(host, None, "float32")
    one = bare.advance(bare.start(ids, bare.cache(128)).asking, ids)
    two = engine.advance(engine.start(ids, engine.cache(128)).asking, ids)
    assert torch.equal(one, two)


def test_closed_gate_is_the_plain_model(host: Host, adapter: Adapter) -> None:
    """b = -inf closes every gate: a full memory then changes nothing (updates are switched off here too)."""
    shut = Adapter(adapter.shape, seed=1)  # fresh: its updates are zero
    shut.requires_grad_(False)
    with torch.no_grad():
        shut.gate.fill_(-torch.inf)
    engine = Engine(host, shut, "float32")
    memory = engine.memory(512)
    memory.put("a/1", "14:03 hall: a dog enters", NS)
    ids = host.encode(TEXT)
    asking = engine.start(ids, engine.cache(128), memory).asking
    shifted = engine.advance(asking, ids)
    alone = engine.start(ids, engine.cache(128), engine.memory(512)).asking
    alone.cache.reset(asking.cache.start)
    assert torch.equal(shifted, engine.advance(alone, ids))
    assert asking.gates == [0.0]


def test_open_gate_reads(engine: Engine, host: Host) -> None:
    ids = host.encode(TEXT)
    memory = engine.memory(512)
    empty = engine.advance(engine.start(ids, engine.cache(128), memory).asking, ids)
    memory.put("a/1", "14:03 hall: a dog enters", NS)
    asking = engine.start(ids, engine.cache(128), memory).asking
    assert not torch.allclose(empty, engine.advance(asking, ids), atol=1e-3)
    assert 0 < asking.gates[0] < 1


def test_joint_softmax_is_the_gated_sum() -> None:
    """g * cross + (1 - g) * self with g = sigmoid(lse_cross + b - lse_self), as the module says."""
    from dialog.model.reader import Cross, attend_both

    random = torch.Generator().manual_seed(0)

    def draw(*size: int) -> torch.Tensor:
        return torch.randn(*size, generator=random)

    q, k, v = draw(2, 4, 3, 8), draw(2, 2, 3, 8), draw(2, 2, 3, 8)
    causal_mask = torch.full((3, 3), -torch.inf).triu(1)
    cross = Cross(draw(2, 5, 12), draw(2, 5, 8), torch.zeros(5), draw(2, 4, 3, 4), draw(4))
    got = attend_both(q, k, v, causal_mask, cross)
    keys, values = k.repeat_interleave(2, 1), v.repeat_interleave(2, 1)
    own = q @ keys.transpose(-1, -2) * 8**-0.5 + causal_mask
    wide = torch.cat([q * 8**-0.5, cross.query], -1)
    theirs = wide @ cross.keys.repeat_interleave(2, 0).transpose(-1, -2)
    g = torch.sigmoid(theirs.logsumexp(-1) + cross.gate[:, None] - own.logsumexp(-1))
    read = theirs.softmax(-1) @ cross.values.repeat_interleave(2, 0)
    expected = g[..., None] * read + (1 - g[..., None]) * (own.softmax(-1) @ values)
    torch.testing.assert_close(got.out, expected)
    assert got.gate is not None
    torch.testing.assert_close(got.gate, g)


def test_int8_and_bfloat16_stay_close(host: Host, adapter: Adapter) -> None:
    ids = host.encode(TEXT)

    def run(precision: str) -> torch.Tensor:
        engine = Engine(host, adapter, precision)
        memory = engine.memory(512)
        memory.put("a/1", "14:03 hall: a dog enters", NS)
        asking = engine.start(ids, engine.cache(128), memory, NS * 9).asking
        engine.advance(asking, ids[:-1])
        return engine.advance(asking, ids[-1:]).log_softmax(-1)

    exact = run("float32")
    for precision in ("int8", "bfloat16"):
        assert (run(precision) - exact).abs().max() < 0.25 * exact.abs().max(), precision


def test_angles_keep_their_precision_after_thirty_days() -> None:
    """A minute apart is a minute apart, whether on the first day or after a month."""
    day30 = 30 * 24 * 3600 * NS
    random = torch.Generator().manual_seed(0)
    q, k = torch.randn(16, generator=random), torch.randn(16, generator=random)

    def score(t_ns: int) -> float:
        now, then = torch.tensor(t_ns + 60 * NS), torch.tensor(t_ns)
        return float(turn(q, time_angles(now, 8)) @ turn(k, time_angles(then, 8)))

    assert score(day30) == pytest.approx(score(0), abs=1e-4)
    near = float(turn(q, place_angles(torch.tensor(7), 16, 1e4)) @ turn(k, place_angles(torch.tensor(0), 16, 1e4)))
    far = 50_000_000
    there = float(
        turn(q, place_angles(torch.tensor(far + 7), 16, 1e4)) @ turn(k, place_angles(torch.tensor(far), 16, 1e4))
    )
    assert there == pytest.approx(near, abs=1e-4)


def test_loading_says_what_is_wrong(tmp_path: Path, tiny: Path) -> None:
    with pytest.raises(ModelError, match="heed models pull"):
        load_host(tmp_path / "nowhere", "cpu")
    (tmp_path / "config.json").write_text('{"model_type": "mamba"}')
    with pytest.raises(ModelError, match="mamba.*prompt"):
        load_host(tmp_path, "cpu")
    with pytest.raises(ModelError, match="unknown device"):
        load_host(tiny, "abacus")


def test_a_foreign_adapter_is_refused(host: Host, adapter: Adapter) -> None:
    other = Adapter(replace(adapter.shape, width=56, host="other"), seed=1)
    with pytest.raises(ModelError, match='is for "other"'):
        Engine(host, other, "float32")
