"""Training reads a day and its questions in one pass; the engine reads them as they come. Both are the same model."""

from __future__ import annotations

import copy
import math
import random
from dataclasses import replace

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from dialog.model import memory
from dialog.model.adapter import Adapter
from dialog.model.chat import Turn
from dialog.model.encode import LEAD
from dialog.model.engine import GAP, Engine
from dialog.model.load import Host
from dialog.model.memory import NEWEST, READ_TOKENS
from dialog.model.span import asked_span
from dialog.training import together
from dialog.training.asking import Question
from dialog.training.corpus import Batch, Row, batch_of, make_batch
from dialog.training.days import make_day
from dialog.training.packing import PART, pack_lines, pack_rows
from dialog.training.questions import question
from dialog.training.together import Outcome, Pass
from streams.types import NS


def a_batch(host: Host, percepts: int, questions: int, seed: int = 11) -> Batch:
    rng = random.Random(seed)
    day = make_day(rng, percepts=percepts)
    return batch_of(host, day, [question(day, rng) for _ in range(questions)], rng)


def one_pass(host: Host, adapter: Adapter, batch: Batch, gap: int = GAP) -> Outcome:
    with torch.no_grad():
        return Pass(host, adapter.reading(host.weights), adapter, batch, gap).run()


def by_engine(engine: Engine, batch: Batch) -> tuple[torch.Tensor, list[list[str]]]:
    """Percepts encoded one by one into the ring, then each question on its own, token by token: logits `[A, vocab]`
    and what was read, without what is read a second time."""
    memory = engine.memory(8192)
    for fact in batch.day.facts:
        memory.put(fact.percept.id, fact.line, fact.percept.t0_ns)
    logits, read = [], []
    for row in batch.rows:
        asking = engine.start(row.prompt, memory, batch.day.now_ns, max_new_tokens=len(row.answer)).asking
        asking.question = row.asked.text
        asking.span = asked_span(row.asked.text, batch.day.now, batch.day.now_ns)
        logits.append(engine.advance(asking, row.prompt))
        logits += [engine.advance(asking, [token]) for token in row.answer[:-1]]
        read.append(list(asking.read[0].names))
    return torch.stack(logits), read


def names(batch: Batch, read: torch.Tensor) -> list[str]:
    return [batch.day.facts[i].percept.id for i in read.tolist()]


@pytest.mark.parametrize(("percepts", "questions"), [(6, 9), (1, 3), (0, 5)])
def test_equals_the_engine(
    host: Host,
    adapter: Adapter,
    engine: Engine,
    percepts: int,
    questions: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """All percepts fit; rows of several lengths, padded in parts."""
    anywhere(monkeypatch)
    batch = a_batch(host, percepts, questions)
    assert sum(map(len, batch.lines)) <= READ_TOKENS
    outcome = one_pass(host, adapter, batch)
    logits, read = by_engine(engine, batch)
    assert outcome.logits.shape == logits.shape and outcome.labels.tolist() == [t for r in batch.rows for t in r.answer]
    torch.testing.assert_close(outcome.logits, logits, rtol=1e-3, atol=1e-3)
    assert all(found == names(batch, outcome.read) for found in read)


def test_equals_the_engine_where_percepts_are_left_out(host: Host, adapter: Adapter, engine: Engine) -> None:
    """The selector of the pass and that of the memory choose the same percepts, and the rest follows."""
    for seed in (1, 2):
        batch = a_batch(host, 60, 1, seed)
        assert sum(map(len, batch.lines)) > 2 * READ_TOKENS
        # A memory always reads the newest; a pass always reads what is needed.
        (row,) = batch.rows
        needed = Row(replace(row.asked, evidence=tuple(range(60 - NEWEST, 60))), row.prompt, row.answer)
        batch = replace(batch, rows=[needed])
        outcome = one_pass(host, adapter, batch)
        logits, read = by_engine(engine, batch)
        assert NEWEST < len(outcome.read) < 60
        assert read == [names(batch, outcome.read)]
        torch.testing.assert_close(outcome.logits, logits, rtol=1e-3, atol=1e-3)


@pytest.mark.parametrize("percepts", [6, 60])
def test_equals_the_engine_where_a_time_is_asked_for(
    host: Host, adapter: Adapter, engine: Engine, percepts: int
) -> None:
    """Of one day, a stretch with a part of it, and one with nothing in it."""
    rng = random.Random(7)
    day = make_day(rng, percepts=percepts)
    kept = percepts - percepts // 3
    ago_s = math.ceil((day.now_ns - day.facts[-kept].percept.t0_ns) / NS)
    assert len(str(ago_s)) <= 6 and day.now_ns - day.facts[-1].percept.t0_ns > NS
    for seconds, inside in ((ago_s, kept), (1, 0)):
        asked = Question("recent", f"What happened in the last {seconds} seconds?", "Nothing.", (), ())
        batch = batch_of(host, day, [asked], random.Random(1))
        outcome = one_pass(host, adapter, batch)
        logits, read = by_engine(engine, batch)
        assert read == [names(batch, outcome.read)] and 0 <= len(read[0]) <= inside
        assert bool(read[0]) == bool(inside) and (len(read[0]) == inside or percepts > 6)
        torch.testing.assert_close(outcome.logits, logits, rtol=1e-3, atol=1e-3)


def test_equals_the_engine_with_a_history(host: Host, adapter: Adapter, engine: Engine) -> None:
    rng = random.Random(3)
    day = make_day(rng, percepts=3)
    history = (Turn("Who was there?", "I don't know."), Turn("Really?", "Yes."))
    asked = [replace(question(day, rng), history=history[:n]) for n in range(3)]
    batch = batch_of(host, day, asked, rng)
    assert any("assistant\nI don't know." in host.decode(row.prompt) for row in batch.rows)
    torch.testing.assert_close(one_pass(host, adapter, batch).logits, by_engine(engine, batch)[0], rtol=1e-3, atol=1e-3)


def test_equals_the_engine_where_a_place_is_asked_for(host: Host, adapter: Adapter, engine: Engine) -> None:
    for percepts in (8, 60):
        day = make_day(random.Random(4), percepts=percepts)
        place = day.facts[-1].percept.source
        asked = Question("enters", f"Who came in at the {place}?", "Nobody.", (), ())
        batch = batch_of(host, day, [asked], random.Random(1))
        outcome = one_pass(host, adapter, batch)
        logits, read = by_engine(engine, batch)
        assert read == [names(batch, outcome.read)] and 0 < len(read[0]) < percepts
        torch.testing.assert_close(outcome.logits, logits, rtol=1e-3, atol=1e-3)


def anywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """No question limits itself to a place: what one does not read leaves a gap for those asked beside it."""
    monkeypatch.setattr(together, "asked_limits", lambda question, lines: None)
    monkeypatch.setattr(memory, "asked_limits", lambda question, lines: None)


def test_a_question_does_not_see_the_others(host: Host, adapter: Adapter, monkeypatch: pytest.MonkeyPatch) -> None:
    anywhere(monkeypatch)
    batch = a_batch(host, 5, 6)
    whole = one_pass(host, adapter, batch).logits
    parts = [one_pass(host, adapter, replace(batch, rows=[row])).logits for row in batch.rows]
    torch.testing.assert_close(whole, torch.cat(parts), rtol=1e-3, atol=1e-3)


def test_each_question_reads_as_if_alone(
    host: Host, adapter: Adapter, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the row has room for the wishes of all."""
    monkeypatch.setattr(together, "UNION_TOKENS", 1 << 20)
    batch = a_batch(host, 60, 5, 2)
    batch = replace(batch, rows=[replace(row, asked=replace(row.asked, evidence=())) for row in batch.rows])
    chosen: list[torch.Tensor] = []
    reads = Pass._reads
    monkeypatch.setattr(Pass, "_reads", lambda one, scores: chosen.append(reads(one, scores)) or chosen[-1])
    one_pass(host, adapter, batch)
    assert [names(batch, row.nonzero()[:, 0]) for row in chosen[0]] == by_engine(engine, batch)[1]


def test_a_question_does_not_see_what_only_others_read(
    host: Host, adapter: Adapter, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = a_batch(host, 20, 4)
    reads = torch.arange(4)[:, None] == torch.arange(20)[None] % 4
    monkeypatch.setattr(Pass, "_reads", lambda one, scores: reads)
    other = [line[::-1] if i % 4 == 1 else line for i, line in enumerate(batch.lines)]
    before, after = (one_pass(host, adapter, replace(batch, lines=lines)).logits for lines in (batch.lines, other))
    same = (before - after).abs().amax(1) < 1e-3
    whose = [n for n, row in enumerate(batch.rows) for _ in row.answer]
    assert same.tolist() == [n != 1 for n in whose]


def test_what_is_left_out_is_not_seen(host: Host, adapter: Adapter, monkeypatch: pytest.MonkeyPatch) -> None:
    """Percepts that are not read leave nothing behind: as if the day had never held them."""
    # What the selector likes may depend on how many there are; here the same ones stand in the spotlight.
    monkeypatch.setattr(together, "spotlight", lambda ranked, lengths: sorted(ranked)[:2])
    batch = a_batch(host, 40, 1, 5)
    (row,) = batch.rows
    # A question that names no time: else only what lies in it would be read.
    batch = replace(batch, rows=[Row(replace(row.asked, text="Who?", evidence=(3, 17)), row.prompt, row.answer)])
    outcome = one_pass(host, adapter, batch)
    kept = outcome.read.tolist()
    assert 2 < len(kept) < 40 and {3, 17} <= set(kept)
    assert sum(len(batch.lines[i]) for i in kept) <= together.READ_TOKENS
    less = Batch(
        replace(batch.day, facts=tuple(batch.day.facts[i] for i in kept)), [batch.lines[i] for i in kept], [row]
    )
    less = replace(less, rows=[Row(replace(row.asked, text="Who?", evidence=()), row.prompt, row.answer)])
    torch.testing.assert_close(outcome.logits, one_pass(host, adapter, less).logits, rtol=1e-3, atol=1e-3)


def test_the_gap_is_only_a_distance(host: Host, adapter: Adapter) -> None:
    """Where nothing is held it makes no difference beyond rounding; else percepts lie farther away."""
    empty, day = a_batch(host, 0, 4), a_batch(host, 4, 4)
    near, far = (one_pass(host, adapter, empty, gap).logits for gap in (4, 48))
    torch.testing.assert_close(near, far, rtol=1e-3, atol=1e-3)
    near, far = (one_pass(host, adapter, day, gap).logits for gap in (4, 48))
    assert not torch.allclose(near, far, atol=1e-2)


def test_every_parameter_gets_a_gradient(host: Host, adapter: Adapter) -> None:
    learning = copy.deepcopy(adapter).requires_grad_(True)
    for percepts in (6, 40):
        learning.zero_grad()
        batch = a_batch(host, percepts, 6)
        batch.rows[0] = replace(batch.rows[0], asked=replace(batch.rows[0].asked, evidence=(1, 2)))
        outcome = Pass(host, learning.reading(host.weights), learning, batch, GAP).run()
        loss = torch.nn.functional.cross_entropy(outcome.logits, outcome.labels) + outcome.select
        loss.backward()
        lacking = [n for n, p in learning.named_parameters() if p.grad is None or not bool(p.grad.abs().sum() > 0)]
        assert lacking == []
        assert all(bool(p.grad.isfinite().all()) for p in learning.parameters() if p.grad is not None)
    assert all(not layer.qkv.weight.requires_grad for layer in host.weights.layers)  # type: ignore[attr-defined]


def test_the_selector_learns_what_is_needed(host: Host, adapter: Adapter) -> None:
    """Its loss is small when the needed percept has the highest score, and is that of chance when all are alike."""
    batch = a_batch(host, 8, 1)
    losses = []
    for needed in range(8):
        row = replace(batch.rows[0], asked=replace(batch.rows[0].asked, evidence=(needed,)))
        losses.append(float(one_pass(host, adapter, replace(batch, rows=[row])).select))
    assert sum(torch.tensor(losses).neg().exp()) == pytest.approx(1.0, abs=1e-3), "one of eight, and all chances add up"
    flat = copy.deepcopy(adapter)
    with torch.no_grad():
        flat.selector.scale.zero_()
        flat.selector.order.zero_()
    assert float(one_pass(host, flat, replace(batch, rows=[row])).select) == pytest.approx(math.log(8), abs=1e-4)
    unneeded = replace(batch, rows=[replace(batch.rows[0], asked=replace(batch.rows[0].asked, evidence=()))])
    outcome = one_pass(host, adapter, unneeded)
    assert float(outcome.select) == 0 and outcome.found == 1.0


def test_how_well_the_selector_finds(host: Host, adapter: Adapter) -> None:
    """Share of needed percepts among its first 24."""
    batch = a_batch(host, 40, 1)
    found = []
    for needed in range(40):
        row = replace(batch.rows[0], asked=replace(batch.rows[0].asked, evidence=(needed,)))
        found.append(one_pass(host, adapter, replace(batch, rows=[row])).found)
    assert sorted(found) == [0.0] * 16 + [1.0] * 24


ID_LISTS = st.lists(st.lists(st.integers(1, 250), min_size=1, max_size=40), max_size=12)


@settings(max_examples=60, deadline=None)
@given(ID_LISTS)
def test_percepts_in_a_row(lines: list[list[int]]) -> None:
    packed = pack_lines(lines, [7])
    assert len(packed.ids) == len(packed.place) == sum(block.count * block.length for block in packed.blocks)
    assert [packed.ids[t] for t in packed.tokens.tolist()] == [token for line in lines for token in line]
    assert [packed.place[t] for t in packed.tokens.tolist()] == [j for line in lines for j in range(len(line))]
    assert packed.owner.tolist() == [i for i, line in enumerate(lines) for _ in line]
    starts = {t for t, place in enumerate(packed.place) if place == -1}
    assert starts == {b.start + n * b.length for b in packed.blocks for n in range(b.count)} and len(starts) == len(
        lines
    )
    assert all(packed.ids[t] == 7 for t in starts), "each line comes after the lead"
    at: dict[int, int] = {}
    for token, owner in zip(packed.tokens.tolist(), packed.owner.tolist(), strict=True):
        at.setdefault(owner, token)
        block = next(b for b in packed.blocks if b.start <= token < b.end)
        assert (token - block.start) // block.length == (at[owner] - block.start) // block.length
    for before, block in zip(packed.blocks, packed.blocks[1:], strict=False):
        assert before.end == block.start
    assert len(packed.ids) <= 1.25 * sum(map(len, lines)) + 4 * len(lines), "little is padding"


def a_row(ids: list[int], answer: list[int]) -> Row:
    return Row(Question("x", "?", "!", ()), ids, answer)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(ID_LISTS.filter(bool), ID_LISTS.filter(bool)).map(lambda p: a_row(p[0][0], p[1][0])), max_size=11
    )
)
def test_questions_in_a_row(rows: list[Row]) -> None:
    packed = pack_rows(rows)
    assert [block.count for block in packed.blocks] == [min(PART, len(rows) - i) for i in range(0, len(rows), PART)]
    assert [packed.ids[t] for t in packed.prompt.tolist()] == [token for row in rows for token in row.prompt]
    assert packed.of.tolist() == [n for n, row in enumerate(rows) for _ in row.prompt]
    assert packed.labels.tolist() == [token for row in rows for token in row.answer]
    # Where a token is predicted stands the one before it.
    before = [token for row in rows for token in [row.prompt[-1], *row.answer[:-1]]]
    assert [packed.ids[t] for t in packed.wanted.tolist()] == before
    places = [row_place for row in rows for row_place in range(len(row.prompt) - 1, len(row) - 1)]
    assert [packed.place[t] for t in packed.wanted.tolist()] == places


def test_the_lead_is_one_token(host: Host) -> None:
    """The layout of the row counts on it."""
    assert len(host.encode(LEAD)) == 1


def test_batches_are_deterministic(host: Host) -> None:
    for seed in range(12):
        one, two = (make_batch(host, random.Random(f"{seed}"), 4) for _ in range(2))
        assert one == two
    assert make_batch(host, random.Random("a"), 4) != make_batch(host, random.Random("b"), 4)
