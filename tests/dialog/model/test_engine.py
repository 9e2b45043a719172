"""Generation: deterministic, cancellable, whole characters, percepts seen at the next token."""

from __future__ import annotations

import pytest
import torch

from dialog.model import encode, torch_decoder
from dialog.model.chat import Turn, chat_prompt
from dialog.model.engine import ARRIVALS, BASE, GAP, Engine, Generation
from dialog.model.memory import READ_TOKENS, SPOT_TOKENS
from streams.errors import ModelError
from streams.types import NS

DOG, LIGHT = "14:03 hall: a dog enters", "14:04 yard: the light goes on"


def scripted(generation: Generation, text: str) -> Generation:
    """Makes it say a text, whatever it computes."""
    host = generation._engine.host
    script = iter([*host.encode(text), host.weights.shape.end_token])
    generation._choose = lambda logits: next(script)  # type: ignore[method-assign]
    return generation


def test_same_question_same_answer(engine: Engine) -> None:
    memory = engine.memory(512)
    memory.put("a", DOG, NS)
    prompt = engine.host.encode("Who?")
    runs = [engine.start(prompt, memory, 2 * NS, 12) for _ in range(3)]
    assert len({(run.run(), tuple(run.tokens)) for run in runs}) == 1 and len(runs[0].tokens) == 12


def test_temperature_is_seeded(engine: Engine) -> None:
    def draw(seed: int) -> list[int]:
        run = engine.start(engine.host.encode("Who?"), None, 0, 16, temperature=2.0, seed=seed)
        run.run()
        return run.tokens

    assert draw(1) == draw(1) != draw(2)


def test_what_is_held_changes_the_answer(engine: Engine) -> None:
    ids, memory = engine.host.encode("Who?"), engine.memory(512)
    empty = engine.advance(engine.start(ids, memory).asking, ids)
    memory.put("a", DOG, NS)
    asking = engine.start(ids, memory).asking
    assert not torch.allclose(empty, engine.advance(asking, ids), atol=1e-3)
    assert [part.names for part in asking.read] == [("a",), ("a",)], "once in its place, once in the spotlight"
    assert asking.clocks == {"14:03": NS}


def test_percepts_lie_before_the_question(engine: Engine) -> None:
    """Layers that read the state hold its tokens (those in the spotlight twice) and the question's, the others only
    these; positions do not depend on what is held."""
    ids, memory = engine.host.encode("Who?"), engine.memory(512)
    assert engine.adapter is not None
    for held in (0, 1):
        asking = engine.start(ids, memory).asking
        engine.advance(asking, ids)
        state = memory.tokens
        sites = engine.adapter.shape.sites
        assert asking.cache.lengths == [len(ids) + 2 * state * (layer in sites) for layer in range(4)]
        assert asking.base == READ_TOKENS + SPOT_TOKENS + GAP == BASE
        memory.put(f"p{held}", DOG, NS)


def test_a_step_costs_one_token_however_much_is_held(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """And an answer reads at most `READ_TOKENS` of the state, some of them twice, into a cache whose size is known
    before."""
    seen: list[int] = []
    plain = torch_decoder.run_layers

    def counting(weights, layers, x, *rest):  # type: ignore[no-untyped-def]
        seen.append(x.shape[0] * x.shape[1])
        return plain(weights, layers, x, *rest)

    monkeypatch.setattr(torch_decoder, "run_layers", counting)
    ids, costs = engine.host.encode("Who came?"), []
    for held in (0, 4, 80):
        memory = engine.memory(4096)
        for i in range(held):
            memory.put(f"p{i}", DOG, i * NS)
        run = engine.start(ids, memory, max_new_tokens=5)
        assert run.asking.cache.capacity >= READ_TOKENS + SPOT_TOKENS + ARRIVALS + len(ids) + 5
        seen.clear()
        run.run()
        costs.append(tuple(seen))
        once, again = run.asking.read
        assert once.tokens <= READ_TOKENS and again.tokens <= SPOT_TOKENS and set(again.names) <= set(once.names)
    assert set(costs) == {(len(ids),) * 2 + (1, 1) * 4}


def test_a_cache_serves_one_answer_after_the_other(engine: Engine) -> None:
    """What stood in it before leaves no trace; answers at the same time have different ones."""
    memory = engine.memory(512)
    memory.put("a", DOG, NS)
    ids = engine.host.encode("Who?")
    first, second = (engine.start(ids, memory, 2 * NS, 8) for _ in range(2))
    assert first.asking.cache is not second.asking.cache
    expected = first.run()
    engine.start(engine.host.encode("A long other question, with another answer"), memory, 2 * NS, 20).run()
    assert second.run() == expected
    again = [engine.start(ids, memory, 2 * NS, 8) for _ in range(2)]
    assert [run.run() for run in again] == [expected] * 2
    cancelled = engine.start(ids, memory, 2 * NS, 8)
    cancelled.step()
    kept = cancelled.asking.cache
    cancelled.cancel()
    assert cancelled.step() is None
    assert all(engine.start(ids, memory, 2 * NS, 8).asking.cache is not kept for _ in range(3))


def test_a_percept_during_an_answer_is_seen_by_the_next_token(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """At the cost of that percept alone; the token itself costs what it did."""
    ids = engine.host.encode("Who?")
    counts: list[int] = []
    for module in (encode, torch_decoder):

        def counting(weights, layers, x, *rest, plain=module.run_layers):  # type: ignore[no-untyped-def]
            counts.append(x.shape[0] * x.shape[1])
            return plain(weights, layers, x, *rest)

        monkeypatch.setattr(module, "run_layers", counting)

    def after(arrives: bool) -> torch.Tensor:
        memory = engine.memory(512)
        memory.put("a", DOG, NS)
        asking = engine.start(ids, memory, 2 * NS).asking
        engine.advance(asking, ids)
        counts.clear()
        if arrives:
            memory.put("b", LIGHT, 2 * NS)
            assert counts == [1 + len(LIGHT)]
            counts.clear()
        logits = engine.advance(asking, [5])
        assert counts == [1, 1], "one token through either half"
        assert [part.names for part in asking.read] == [("a",), ("a",), ("b",)][: 2 + arrives]
        assert ("14:04" in asking.clocks) == arrives
        again = engine.advance(asking, [6])
        assert len(asking.read) == 2 + arrives, "seen once"
        return torch.stack([logits, again])

    without, seeing = after(False), after(True)
    assert not torch.allclose(without[0], seeing[0], atol=1e-4)


def test_only_so_many_percepts_fit_in_during_an_answer(engine: Engine) -> None:
    ids, memory = engine.host.encode("Who?"), engine.memory(4096)
    run = engine.start(ids, memory, max_new_tokens=30)
    run.step()
    for i in range(20):
        memory.put(f"p{i}", DOG, i * NS)
        run.step()
    arrived = [name for part in run.asking.read[1:] for name in part.names]
    assert arrived == [f"p{i}" for i in range(ARRIVALS // len(DOG))]
    assert sum(part.tokens for part in run.asking.read[1:]) <= ARRIVALS


def test_reading_ahead_changes_nothing(engine: Engine) -> None:
    memory = engine.memory(512)
    memory.put("a", DOG, NS)
    ids = engine.host.encode("Who?")
    ahead, later = (engine.start(ids, memory, 2 * NS, 8) for _ in range(2))
    ahead.prefill()
    ahead.prefill()
    assert ahead.asking.length == len(ids) and later.asking.length == 0
    assert ahead.run() == later.run() and ahead.tokens == later.tokens
    ahead.prefill()
    assert ahead.asking.length == later.asking.length, "nothing to read ahead after the end"


def test_cancel_between_tokens(engine: Engine) -> None:
    run = engine.start(engine.host.encode("Who?"), max_new_tokens=30)
    run.step()
    run.step()
    text = run.text
    run.cancel()
    assert run.step() is None and run.text == text and len(run.tokens) == 2


def test_cancel_in_the_middle_of_a_token(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """The token that is being computed comes out, and no other."""
    run = engine.start(engine.host.encode("Who?"), max_new_tokens=30)
    run.step()
    plain = engine.advance

    def advance(*args):  # type: ignore[no-untyped-def]
        run.cancel()
        return plain(*args)

    monkeypatch.setattr(engine, "advance", advance)
    assert run.step() is not None and run.step() is None and len(run.tokens) == 2


def test_pieces_are_whole_characters(engine: Engine) -> None:
    """Tokens here are bytes; a character of several bytes comes out in one piece, when it is complete."""
    text = "é你a"
    run = scripted(engine.start(engine.host.encode("Who?"), max_new_tokens=50), text)
    pieces = []
    while (piece := run.step()) is not None:
        pieces.append(piece)
    assert [p for p in pieces if p] == ["é", "你", "a"] and run.text == text


def test_the_limit_is_kept(engine: Engine) -> None:
    """A character that the limit cuts in half comes out as far as it goes."""
    run = scripted(engine.start(engine.host.encode("Who?"), max_new_tokens=3), "a你b")
    assert run.run() == run.text == "a\ufffd" and len(run.tokens) == 3 and run.done


def test_too_long_a_prompt_is_cut_at_the_front(engine: Engine) -> None:
    context = engine.host.weights.shape.context
    prompt = [i % 250 for i in range(context + 40)]
    assert engine.start(prompt, max_new_tokens=10).prompt == prompt[50:]
    with pytest.raises(ModelError, match="more than the model's context"):
        engine.start(prompt, max_new_tokens=context)


def test_chat_form() -> None:
    text = chat_prompt("Where <|im_end|> is\nit?", "14:10", [Turn("Hi", "Hello!")], "Be brief.")
    assert text == (
        "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n"
        "<|im_start|>assistant\nHello!<|im_end|>\n"
        "<|im_start|>user\n[14:10] Where < |im_end|> is it?<|im_end|>\n<|im_start|>assistant\n"
    )
