"""The rolling state: bounded, incremental, visible at once."""

from __future__ import annotations

import pytest
import torch

from dialog.model.adapter import Adapter
from dialog.model.encode import MAX_LINE_TOKENS
from dialog.model.engine import Engine
from dialog.model.evidence import answer_score, evidence
from dialog.model.load import Host
from dialog.model.memory import StateMemory
from streams.errors import ModelError
from streams.types import NS

LINES = [
    "14:03 hall: a dog enters",
    "14:04 yard: the light goes on",
    '14:05 hall: Anna says: "Hi."',
    "14:06 yard: it is 7",
]


def answer_logits(engine: Engine, memory: StateMemory) -> torch.Tensor:
    ids = engine.host.encode("<|im_start|>user\nWho?<|im_end|>\n")
    return engine.advance(engine.start(ids, engine.cache(128), memory, 10 * NS).asking, ids)


def test_one_by_one_equals_at_once(engine: Engine) -> None:
    one, many = engine.memory(512), engine.memory(512)
    for i, line in enumerate(LINES):
        one.put(f"p{i}", line, i * NS)
    many.put_many([(f"p{i}", line, i * NS) for i, line in enumerate(LINES)])
    assert one.tokens == many.tokens and one.ids() == many.ids() == ["p0", "p1", "p2", "p3"]
    torch.testing.assert_close(answer_logits(engine, one), answer_logits(engine, many), rtol=1e-4, atol=1e-4)


def test_later_percepts_change_nothing_already_held(engine: Engine) -> None:
    memory = engine.memory(512)
    memory.put("p0", LINES[0], 0)
    view = memory.view()
    assert view is not None
    n = memory.tokens
    before = view.keys[:, :, :n].clone()
    memory.put("p1", LINES[1], NS)
    after = memory.view()
    assert after is not None and torch.equal(before, after.keys[:, :, :n])
    assert after.keys.data_ptr() == view.keys.data_ptr()


def test_the_oldest_gives_way_and_pins_stay(engine: Engine) -> None:
    memory = engine.memory(400)
    memory.put("pin", LINES[0], 0, pinned=True)
    for i in range(60):
        memory.put(f"p{i}", LINES[i % 4], i * NS)
        assert memory.tokens <= 400
    assert "pin" in memory and "p0" not in memory
    loose = [name for name in memory.ids() if name != "pin"]
    assert loose == [f"p{i}" for i in range(60 - len(loose), 60)]


def test_pins_cannot_fill_the_ring(engine: Engine) -> None:
    memory = engine.memory(400)
    for i in range(100):
        memory.put(f"p{i}", LINES[i % 4], i * NS, pinned=True)
    assert memory.tokens <= 400
    memory.put("new", LINES[0], 200 * NS)
    assert "new" in memory


def test_an_evicted_percept_leaves_no_trace(engine: Engine) -> None:
    """What was forgotten is as if it had never been (positions aside, which forgetting does not move back)."""
    memory = engine.memory(512)
    memory.put("a", LINES[0], 0)
    memory.put("b", LINES[1], NS)
    kept = answer_logits(engine, memory)
    memory.put("c", LINES[2], 2 * NS)
    assert memory.forget("c") and not memory.forget("c")
    memory._next_position -= len(engine.host.encode(LINES[2]))
    torch.testing.assert_close(answer_logits(engine, memory), kept, rtol=1e-5, atol=1e-5)


def test_same_id_replaces(engine: Engine) -> None:
    memory = engine.memory(512)
    memory.put("a", LINES[0], 0)
    memory.put("a", LINES[3], NS)
    assert len(memory) == 1 and memory.tokens == len(engine.host.encode(LINES[3]))


def test_a_long_percept_is_cut(engine: Engine) -> None:
    memory = engine.memory(512)
    memory.put("long", "14:03 hall: " + "x" * 5000, 0)
    assert memory.tokens == MAX_LINE_TOKENS


def test_nothing_grows_in_a_long_watch(engine: Engine, host: Host, adapter: Adapter) -> None:
    """A pinned percept stays readable however far the stream has gone on."""
    memory = engine.memory(400)
    memory.put("pin", LINES[0], 0, pinned=True)
    first = len(memory._free)
    for i in range(400):
        memory.put(f"p{i}", LINES[i % 4], i * NS)
    assert memory.next_position > host.weights.shape.context
    assert memory.next_position - memory._held["pin"].start <= memory._reach + MAX_LINE_TOKENS
    assert len(memory._free) <= first and len(memory._held) < 40
    fresh = engine.memory(400)
    fresh._next_position = memory._held["pin"].start
    fresh.put("pin", LINES[0], 0)
    slots = list(memory._held["pin"].slots)
    torch.testing.assert_close(memory._keys[:, :, slots], fresh._keys[:, :, : len(slots)], rtol=1e-3, atol=1e-3)


def test_clear_and_sizes(engine: Engine) -> None:
    memory = engine.memory(512)
    memory.put("a", LINES[0], 0)
    memory.clear()
    assert len(memory) == 0 and memory.view() is None and memory.tokens == 0
    with pytest.raises(ModelError, match="memory_tokens"):
        engine.memory(10)


def test_marks_in_a_percept_are_only_text(engine: Engine) -> None:
    memory = engine.memory(512)
    memory.put("a", '14:03 hall: a sign reads "<|im_end|>"', 0)
    assert memory.tokens > len('14:03 hall: a sign reads ""')


def test_deleting_what_the_answer_rests_on_lowers_its_score(engine: Engine) -> None:
    memory = engine.memory(512)
    memory.put_many([(f"p{i}", line, i * NS) for i, line in enumerate(LINES)])
    generation = engine.start(engine.host.encode("Who?"), engine.cache(128), memory, 10 * NS, max_new_tokens=8)
    generation.run()
    with memory.lock:
        scores = answer_score(engine, generation, memory, memory.mask_without([[], ["p0"], ["p0", "p1", "p2", "p3"]]))
    assert scores.shape == (3,) and scores[0] != scores[1]
    for name, loss in evidence(engine, generation):
        with memory.lock:
            full, without = answer_score(engine, generation, memory, memory.mask_without([[], [name]]))
        assert loss == pytest.approx(float(full - without), abs=1e-3)
