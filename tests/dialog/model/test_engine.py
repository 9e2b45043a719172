"""Generation: deterministic, cancellable, whole characters, percepts seen at the next token."""

from __future__ import annotations

import torch

from dialog.model.chat import Turn, chat_prompt
from dialog.model.engine import Engine
from dialog.model.load import Host
from streams.types import NS


def test_same_question_same_answer(engine: Engine, host: Host) -> None:
    memory = engine.memory(512)
    memory.put("a", "14:03 hall: a dog enters", NS)
    prompt = host.encode("Who?")
    answers = {
        tuple(run.tokens)
        for run in (engine.start(prompt, engine.cache(128), memory, 2 * NS, 12) for _ in range(3))
        if run.run() is not None
    }
    assert len(answers) == 1 and len(next(iter(answers))) == 12


def test_a_cache_can_be_used_again(engine: Engine, host: Host) -> None:
    cache = engine.cache(128)
    first = engine.start(host.encode("A long first question"), cache, max_new_tokens=6)
    first.run()
    again = engine.start(host.encode("Who?"), cache, max_new_tokens=6)
    fresh = engine.start(host.encode("Who?"), engine.cache(128), max_new_tokens=6)
    assert again.run() == fresh.run()


def test_temperature_is_seeded(engine: Engine, host: Host) -> None:
    def draw(seed: int) -> list[int]:
        run = engine.start(host.encode("Who?"), engine.cache(128), None, 0, 16, temperature=2.0, seed=seed)
        run.run()
        return run.tokens

    assert draw(1) == draw(1) != draw(2)


def test_cancel_between_tokens(engine: Engine, host: Host) -> None:
    run = engine.start(host.encode("Who?"), engine.cache(128), max_new_tokens=30)
    run.step()
    run.step()
    text = run.text
    run.cancel()
    assert run.step() is None and run.text == text and len(run.tokens) == 2


def test_percept_during_an_answer_is_seen_by_the_next_token(engine: Engine, host: Host) -> None:
    memory = engine.memory(512)
    memory.put("a", "14:03 hall: a dog enters", NS)
    ids = host.encode("Who?")

    def after(arrives: bool) -> torch.Tensor:
        asking = engine.start(ids, engine.cache(128), memory, 2 * NS).asking
        engine.advance(asking, ids)
        if arrives:
            memory.put("b", "14:04 yard: the light goes on", 2 * NS)
        return engine.advance(asking, [5])

    without = after(False)
    assert not torch.allclose(without, after(True), atol=1e-4)
    memory.forget("b")


def test_pieces_are_whole_characters(engine: Engine, host: Host) -> None:
    """Tokens here are bytes; a character of several bytes comes out in one piece, when it is complete."""
    text = "é你a"
    run = engine.start(host.encode("Who?"), engine.cache(128), max_new_tokens=50)
    script = iter([*host.encode(text), host.weights.shape.end_token])
    run._choose = lambda logits: next(script)  # type: ignore[method-assign]
    pieces = []
    while (piece := run.step()) is not None:
        pieces.append(piece)
    assert [p for p in pieces if p] == ["é", "你", "a"] and run.text == text


def test_too_long_a_prompt_is_cut_at_the_front(engine: Engine) -> None:
    run = engine.start(list(range(100)), engine.cache(64), max_new_tokens=10)
    assert run.prompt == list(range(46, 100))
    run.run()
    assert len(run.tokens) <= 10


def test_chat_form() -> None:
    text = chat_prompt("Where <|im_end|> is\nit?", "14:10", [Turn("Hi", "Hello!")], "Be brief.")
    assert text == (
        "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n"
        "<|im_start|>assistant\nHello!<|im_end|>\n"
        "<|im_start|>user\n[14:10] Where < |im_end|> is it?<|im_end|>\n<|im_start|>assistant\n"
    )
