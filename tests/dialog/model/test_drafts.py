"""Guesses read off the percepts: they settle several tokens in a pass, and never change an answer."""

from __future__ import annotations

import random

import pytest
import torch

from dialog.model.drafts import LONGEST, MOST, Drafts
from dialog.model.engine import Engine, Generation
from dialog.model.load import Host
from dialog.model.onnx_decoder import OnnxDecoder
from dialog.model.torch_decoder import TorchDecoder
from streams.types import NS

DOG, LIGHT = "14:03 hall: a dog enters", "14:04 yard: the light goes on"


def asked(engine: Engine, drafts: bool, most: int = 24, temperature: float = 0.0) -> Generation:
    memory = engine.memory(512)
    memory.put("a", DOG, NS)
    memory.put("b", LIGHT, 2 * NS)
    run = engine.start(engine.host.encode("Who?"), memory, 3 * NS, most, temperature, seed=5)
    run.asking.drafts = drafts
    return run


def passes(run: Generation, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Tokens of each pass through the model, filled as the answer is made."""
    seen: list[int] = []
    engine = run._engine

    def counting(name: str):  # type: ignore[no-untyped-def]
        plain = getattr(engine, name)

        def wrapped(asking, ids):  # type: ignore[no-untyped-def]
            seen.append(len(ids))
            return plain(asking, ids)

        monkeypatch.setattr(engine, name, wrapped)

    counting("advance")
    counting("several")
    return seen


def test_what_stands_after_the_last_words_is_the_guess() -> None:
    drafts = Drafts([[1, 2, 3, 4, 5, 6, 7], [9, 2, 3, 8]])
    assert drafts.after([2, 3]) == [4, 5, 6][:MOST]
    assert drafts.after([9, 2, 3]) == [8], "three in common are more than two"
    assert drafts.after([0, 6, 7]) == [] and drafts.after([3]) == [] and drafts.after([8, 9]) == []
    assert drafts.after([5, 6]) == [7], "a line ends"
    assert drafts.after([2, 3], most=1) == [4] and drafts.after([2, 3], most=0) == []
    assert Drafts(()).after([1, 2]) == []
    far = Drafts([[0, *range(10, 20), 1], [5, *range(10, 20), 2]])
    assert far.after([5, *range(10, 20)]) == [1], f"only {LONGEST} tokens are looked at: the likelier line counts"


def test_words_of_a_percept_are_settled_several_at_a_time(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "At 14:03 hall: a dog enters."
    counts = {}
    for drafts in (True, False):
        with monkeypatch.context() as patch:
            run = asked(engine, drafts, most=60)
            seen = passes(run, patch)
            script = iter([*engine.host.encode(text), engine.host.weights.shape.end_token])
            patch.setattr(run, "_choose", lambda logits, script=script: next(script))
            assert run.run() == text
            counts[drafts] = len(seen)
    assert counts[False] == len(engine.host.encode(text)) + 1
    assert counts[True] < 0.55 * counts[False]


def test_guesses_never_change_an_answer(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Right ones, wrong ones and half right ones: what was run for nothing leaves no trace."""
    plain = asked(engine, drafts=False)
    plain.run()
    for seed in range(6):
        chance = random.Random(seed)

        def guess(self: Drafts, said: list[int], most: int = MOST, chance: random.Random = chance) -> list[int]:
            true = plain.tokens[len(said) : len(said) + most]
            return [token if chance.random() < 0.6 else chance.randrange(256) for token in true]

        monkeypatch.setattr(Drafts, "after", guess)
        run = asked(engine, drafts=True)
        run.run()
        assert run.tokens == plain.tokens


def test_drawn_answers_are_the_same_too(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = asked(engine, drafts=False, temperature=1.5)
    plain.run()
    monkeypatch.setattr(Drafts, "after", lambda self, said, most: plain.tokens[len(said) : len(said) + most])
    run = asked(engine, drafts=True, temperature=1.5)
    seen = passes(run, monkeypatch)
    run.run()
    assert run.tokens == plain.tokens and len(seen) < len(plain.tokens) / 2


def test_percepts_that_arrive_are_guessed_from_too(engine: Engine) -> None:
    run = asked(engine, drafts=True)
    run.step()
    run.step()
    assert run.asking.memory is not None
    run.asking.memory.put("c", "14:05 gate: a car leaves", 3 * NS)
    run._ahead.clear()
    run.step()
    run.step()
    assert [part.names for part in run.asking.read[2:]] == [("c",)]
    assert run._drafts.after(engine.host.encode("14:05 gate: a c")) == engine.host.encode("ar leaves")[:MOST]


def test_without_a_state_nothing_is_guessed(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    run = engine.start(engine.host.encode("the light goes on, the light goes on"), None, 0, 12)
    seen = passes(run, monkeypatch)
    run.run()
    assert seen[1:] == [1] * 11


@pytest.mark.parametrize("kind", ["torch", "onnx"])
def test_several_at_once_equal_one_by_one(host: Host, kind: str) -> None:
    decoder = TorchDecoder(host.weights, 2) if kind == "torch" else OnnxDecoder(host.weights, 2, threads=1)
    ids = host.encode("Hello at 14:03")
    start, rest = ids[:6], ids[6:10]
    caches = [decoder.cache(64) for _ in range(2)]
    for cache in caches:
        decoder.upper(decoder.lower(start, range(6), cache), range(6), cache)
    alone = torch.stack([decoder.step(token, 6 + i, caches[0]) for i, token in enumerate(rest)])
    together = decoder.several(rest, range(6, 10), caches[1])
    assert together.shape == (4, host.weights.shape.vocab)
    assert (together - alone).abs().max() < (1e-3 if kind == "torch" else 0.1 * float(alone.std()))
    assert caches[0].lengths == caches[1].lengths
