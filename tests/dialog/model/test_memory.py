"""The rolling state: bounded, incremental, selected, at fixed addresses."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from dialog.model import encode
from dialog.model.encode import LEAD, MAX_LINE_TOKENS, encode_lines, line_tokens
from dialog.model.engine import Engine
from dialog.model.memory import NEWEST, READ_TOKENS, SPOTS, StateMemory, preference, spotlight
from dialog.model.span import Span
from streams.errors import ModelError
from streams.types import NS

LINES = (
    "14:03 hall: a dog enters",
    "14:04 yard: the light goes on",
    '14:05 hall: Anna says: "Hi."',
    "14:06 yard: it is 7",
    '14:07 front door: a sign reads "EXIT 42, mind the step, and the dog"',
)


def filled(engine: Engine, percepts: int, tokens: int = 4096) -> StateMemory:
    """A memory with this many percepts, one a minute."""
    memory = engine.memory(tokens)
    for first in range(0, percepts, 16):
        some = range(first, min(first + 16, percepts))
        memory.put_many([(f"p{i}", LINES[i % len(LINES)], i * 60 * NS) for i in some])
    return memory


def question(engine: Engine, seed: int = 0, tokens: int = 9) -> torch.Tensor:
    width = engine.host.weights.shape.width
    return torch.randn(tokens, width, generator=torch.Generator().manual_seed(seed))


@pytest.fixture
def forwarded(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """The tokens that go through the model to write the state, a number for each call."""
    seen: list[int] = []
    plain = encode.run_layers

    def counting(weights, layers, x, *rest):  # type: ignore[no-untyped-def]
        seen.append(x.shape[0] * x.shape[1])
        return plain(weights, layers, x, *rest)

    monkeypatch.setattr(encode, "run_layers", counting)
    yield seen


def test_one_by_one_equals_in_batches(engine: Engine) -> None:
    one, many = engine.memory(512), engine.memory(512)
    for i, line in enumerate(LINES):
        one.put(f"p{i}", line, i * NS)
    many.put_many([(f"p{i}", line, i * NS) for i, line in enumerate(LINES)])
    assert one.tokens == many.tokens and one.ids() == many.ids() == [f"p{i}" for i in range(len(LINES))]
    left, right = (memory.read(memory.ids(), READ_TOKENS) for memory in (one, many))
    torch.testing.assert_close(left.keys, right.keys, rtol=1e-4, atol=1e-4)
    torch.testing.assert_close(left.values, right.values, rtol=1e-4, atol=1e-4)
    assert left.lengths == right.lengths and left.clocks == right.clocks
    x = question(engine)
    assert one.select(one.liking(x), 60) == many.select(many.liking(x), 60)


def test_a_percept_is_the_same_whatever_else_is_held_and_whenever(engine: Engine) -> None:
    """Exactly: keys and values depend on the line alone."""
    alone = engine.memory(512)
    alone.put("x", LINES[2], 0)
    among = filled(engine, 40, 512)
    among.put("x", LINES[2], 30 * 86_400 * NS)
    among.put("y", LINES[0], 31 * 86_400 * NS)
    one, two = alone.read(["x"], READ_TOKENS), among.read(["x"], READ_TOKENS)
    assert torch.equal(one.keys, two.keys) and torch.equal(one.values, two.values)
    with_others = among.read([*among.ids()[-4:-2], "x"], READ_TOKENS)
    last = one.tokens
    assert torch.equal(with_others.keys[:, :, -last:], one.keys)
    assert torch.equal(with_others.values[:, :, -last:], one.values)


def test_a_new_percept_costs_the_same_however_many_are_held(engine: Engine, forwarded: list[int]) -> None:
    expected = len(engine.host.encode(LEAD)) + len(line_tokens(engine.host, LINES[1]))
    for held in (0, 1, 64):
        memory = filled(engine, held)
        forwarded.clear()
        memory.put("new", LINES[1], 10**15)
        assert forwarded == [expected]


def test_reading_forwards_nothing(engine: Engine, forwarded: list[int]) -> None:
    memory = filled(engine, 64)
    forwarded.clear()
    memory.read(memory.select(memory.liking(question(engine))), READ_TOKENS)
    memory.forget("p3")
    assert forwarded == []


def test_the_ring_stays_where_it_is(engine: Engine) -> None:
    memory = engine.memory(400)
    parts = (memory._keys, memory._values, memory._vectors)
    at, most = [part.data_ptr() for part in parts], 0
    for first in range(0, 3000, 8):
        memory.put_many([(f"p{i}", LINES[i % len(LINES)], i * NS) for i in range(first, first + 8)])
        most = max(most, memory.tokens)
    assert 400 - MAX_LINE_TOKENS < memory.tokens <= most <= 400
    assert [part.data_ptr() for part in (memory._keys, memory._values, memory._vectors)] == at
    assert len(memory) == len(memory.ids()) < 20 and len(memory._free) + memory.tokens == 400
    fresh = engine.memory(400)
    fresh.put("x", LINES[2999 % len(LINES)], 0)
    torch.testing.assert_close(memory.read(["p2999"], 512).keys, fresh.read(["x"], 512).keys, rtol=1e-4, atol=1e-4)


Change = tuple[str, int, int, bool]
"""What is done: `put` or `forget`, which id, which line, whether pinned."""


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["put", "put", "put", "forget"]), st.integers(0, 30), st.integers(0, 4), st.booleans()
        ),
        max_size=60,
    )
)
def test_what_gives_way(engine: Engine, changes: list[Change]) -> None:
    """Beside a list: the oldest gives way that is not pinned, a replaced one is new, pins fill half at most."""
    lengths = [len(line_tokens(engine.host, line)) for line in LINES]
    memory = engine.memory(384)
    held: dict[str, tuple[int, bool]] = {}
    for n, (what, who, line, pinned) in enumerate(changes):
        name = f"p{who}"
        if what == "forget":
            assert memory.forget(name) == (held.pop(name, None) is not None)
            continue
        held.pop(name, None)
        gone = []
        while sum(tokens for tokens, _ in held.values()) + lengths[line] > 384:
            gone.append(next((other for other, (_, pin) in held.items() if not pin), next(iter(held))))
            del held[gone[-1]]
        held[name] = (lengths[line], pinned)
        if sum(tokens for tokens, pin in held.values() if pin) > 192:
            loose = next(other for other, (_, pin) in held.items() if pin)
            held[loose] = (held[loose][0], False)
        assert memory.put(name, LINES[line], n * NS, pinned) == gone
        assert memory.ids() == list(held) and len(memory) == len(held)
        assert memory.tokens == sum(tokens for tokens, _ in held.values())
    slots = [slot for entry in memory._held.values() for slot in entry.slots]
    assert sorted([*slots, *memory._free]) == list(range(384))


def test_same_id_replaces(engine: Engine) -> None:
    memory, fresh = engine.memory(512), engine.memory(512)
    memory.put("a", LINES[0], 0)
    serial = memory.serial
    memory.put("a", LINES[3], NS)
    fresh.put("b", LINES[3], NS)
    assert memory.ids() == ["a"] and memory.tokens == len(engine.host.encode(LINES[3])) and memory.serial > serial
    one, two = memory.read(["a"], 512), fresh.read(["b"], 512)
    assert torch.equal(one.keys, two.keys) and one.clocks == two.clocks == {"14:06": NS}


def test_what_was_forgotten_leaves_no_trace(engine: Engine) -> None:
    memory, never = engine.memory(512), engine.memory(512)
    for i in (0, 1, 2):
        memory.put(f"p{i}", LINES[i], i * NS)
    for i in (0, 2):
        never.put(f"p{i}", LINES[i], i * NS)
    assert memory.forget("p1") and not memory.forget("p1") and "p1" not in memory
    one, two = (m.read(m.select(m.liking(question(engine))), READ_TOKENS) for m in (memory, never))
    assert one.names == two.names == ("p0", "p2") and one.clocks == two.clocks
    assert torch.equal(one.keys, two.keys) and torch.equal(one.values, two.values)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 99), st.integers(1, READ_TOKENS), st.permutations(range(24)))
def test_selected_percepts(engine: Engine, seed: int, budget: int, order: list[int]) -> None:
    """Within the budget, the newest among them, in order of time, whatever the order of arrival."""
    memory = engine.memory(1024)
    memory.put_many([(f"p{i}", LINES[i % len(LINES)], i * 60 * NS) for i in order])
    assert memory.tokens > READ_TOKENS
    x = question(engine, seed)
    names = memory.select(memory.liking(x), budget)
    numbers = [int(name[1:]) for name in names]
    length = {i: len(line_tokens(engine.host, LINES[i % len(LINES)])) for i in range(24)}
    assert numbers == sorted(set(numbers)) and sum(length[i] for i in numbers) <= budget
    room = budget
    for newest in range(24 - NEWEST, 24):
        if length[newest] <= room:
            assert newest in numbers
            room -= length[newest]
    assert all(length[i] > budget - sum(length[n] for n in numbers) for i in range(24) if i not in numbers)
    assert memory.select(memory.liking(x), budget) == names


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(-9, 9), max_size=40))
def test_what_is_preferred(scores: list[float]) -> None:
    """Everything once; the newest first, then the two best with their neighbours in time, then by what is liked."""
    order, n = preference(scores), len(scores)
    assert sorted(order) == list(range(n))
    newest = [i for i in range(n - NEWEST, n) if i >= 0]
    assert order[: len(newest)] == newest
    best = sorted(range(n), key=lambda i: -scores[i])
    framed = [j for i in best[:2] for j in (i, i - 1, i + 1) if 0 <= j < n and j not in newest]
    framed = list(dict.fromkeys(framed))
    assert order[len(newest) : len(newest) + len(framed)] == framed
    rest = [scores[i] for i in order[len(newest) + len(framed) :]]
    assert rest == sorted(rest, reverse=True)


def test_only_what_lies_in_the_asked_stretch(engine: Engine) -> None:
    memory = filled(engine, 60, 2048)
    liking = memory.liking(question(engine))
    inside = memory.within(liking, Span(since_ns=50 * 60 * NS))
    assert list(inside) == [f"p{i}" for i in range(50, 60)] and all(liking[name] == inside[name] for name in inside)
    assert set(memory.select(inside)) <= set(inside)
    assert memory.within(liking, Span(since_ns=60 * 60 * NS)) == {} and memory.select({}) == []


def test_everything_is_read_while_there_is_room(engine: Engine) -> None:
    memory = filled(engine, 6)
    assert memory.tokens <= READ_TOKENS
    assert memory.select(memory.liking(question(engine))) == [f"p{i}" for i in range(6)]
    few = filled(engine, 2)
    chosen = few.select(few.liking(question(engine)), 30)
    assert chosen == ["p0"], "p1 is longer than what is left, and nothing is chosen twice"


def test_the_best_matching_percept_is_selected(engine: Engine) -> None:
    """A question that is the very vector of a percept's token finds it among many others."""
    assert engine.adapter is not None
    memory = filled(engine, 60, 2048)
    odd = encode_lines(engine.host, engine.reading, engine.adapter, [line_tokens(engine.host, "0:01 zoo: quiet!")])
    memory.put("odd", "0:01 zoo: quiet!", 7 * 60 * NS + 1)
    # The vector that the selector's query map turns into the percept's own.
    x = odd.vectors @ torch.linalg.pinv(engine.adapter.selector.query).T
    assert "odd" in memory.select(memory.liking(10 * x), 3 * MAX_LINE_TOKENS + 40)


def test_read_percepts_lie_one_after_another(engine: Engine) -> None:
    memory = filled(engine, 6)
    read = memory.read(["p1", "p4"], 100)
    assert read.names == ("p1", "p4") and read.tokens == sum(read.lengths) == read.keys.shape[2]
    last, shifted = memory.read(["p4"], 100), memory.read(["p1"], 100 - read.lengths[1])
    assert torch.equal(read.keys, torch.cat([shifted.keys, last.keys], dim=2))
    assert read.clocks == {"14:04": 60 * NS, "14:07": 240 * NS}
    assert not torch.allclose(shifted.keys, memory.read(["p1"], 100).keys, atol=1e-3), "a place is a place"
    nothing = memory.read([], 100)
    assert nothing.tokens == 0 and nothing.keys.shape[2] == 0 and nothing.clocks == {}


def test_clocks_point_to_the_newest(engine: Engine) -> None:
    memory = engine.memory(512)
    memory.put_many(
        [("c", "Tue 14:03 hall: a dog enters", 90 * NS), ("b", "14:03 hall: a cat enters", 5 * NS),
         ("a", "14:03 hall: a dog enters", 3 * NS), ("d", "no clock here", 99 * NS),
         ("e", "09:00 to 10:00 hall: in short, 3 people entered", NS), ("f", "143:20 hall: a dog enters", 2 * NS)]
    )  # fmt: skip
    clocks = memory.read(memory.ids(), READ_TOKENS).clocks
    assert clocks == {"Tue 14:03": 90 * NS, "14:03": 5 * NS, "09:00": NS, "143:20": 2 * NS}


def test_newer_percepts(engine: Engine) -> None:
    memory = filled(engine, 3)
    serial, since_ns = memory.serial, memory.newest_ns
    assert since_ns == 120 * NS and engine.memory(512).newest_ns < 0
    assert memory.newer(serial, since_ns) == [] and memory.newer(0, 0) == ["p0", "p1", "p2"]
    memory.put("p1", LINES[3], since_ns)
    memory.put("merged", LINES[0], 60 * NS)
    memory.put("z", LINES[0], since_ns + 1)
    assert memory.newer(serial, since_ns) == ["p1", "z"], "what was merged tells nothing new"


def test_odd_lines(engine: Engine) -> None:
    memory = engine.memory(512)
    memory.put("long", "14:03 hall: " + "x" * 5000, 0)
    assert memory.tokens == MAX_LINE_TOKENS
    memory.put("empty", "", 0)
    assert memory.tokens == MAX_LINE_TOKENS + len(engine.host.encode(LEAD))
    before = memory.tokens
    memory.put("mark", '14:03 hall: a sign reads "<|im_end|>"', 0)
    assert memory.tokens - before > len('14:03 hall: a sign reads ""') + 5, "a mark is text, not one token"
    assert memory.put_many([]) == []


def test_clear_and_sizes(engine: Engine) -> None:
    memory = filled(engine, 4)
    memory.clear()
    assert len(memory) == 0 and memory.tokens == 0 and memory.select(memory.liking(question(engine))) == []
    for silly in (10, 4 * MAX_LINE_TOKENS - 1, (1 << 20) + 1):
        with pytest.raises(ModelError, match=f"memory_tokens is {silly}"):
            engine.memory(silly)


def test_percepts_may_arrive_from_another_thread(engine: Engine) -> None:
    memory = filled(engine, 12, 400)
    put = [(f"q{i}", LINES[i % len(LINES)], i * NS) for i in range(60)]
    writer = threading.Thread(target=lambda: [memory.put(*one) for one in put])
    writer.start()
    prompt = engine.host.encode("Who?")
    while writer.is_alive():
        generation = engine.start(prompt, memory, max_new_tokens=4)
        generation.run()
        assert generation.tokens
    writer.join()
    assert memory.ids()[-1] == "q59" and memory.tokens <= 400


def test_the_spotlight_is_on_the_best_of_what_is_read() -> None:
    lengths = {7: 30, 3: 60, 5: 20, 1: 2}
    assert spotlight([7, 3, 5, 1], lengths) == [3, 7], "the best last; what does not fit ends it"
    assert spotlight([5, 7, 1], lengths) == [1, 7, 5]
    assert len(spotlight(list(range(9)), [1] * 9)) == SPOTS
    assert spotlight([], {}) == []
    assert spotlight([0], [MAX_LINE_TOKENS]) == [0], "the best always fits"
