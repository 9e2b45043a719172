"""What a sentence rests on: by leaving percepts out, and exactly so."""

from __future__ import annotations

import pytest
import torch

from dialog.model import evidence as module
from dialog.model.cited import Cited, rests_on
from dialog.model.engine import Engine, Generation
from dialog.model.evidence import SENTENCE, evidence
from dialog.model.memory import StateMemory
from streams.types import NS

LINES = (
    "14:03 hall: a dog enters",
    "14:04 yard: the light goes on",
    '14:05 hall: Anna says: "Hi."',
    "14:06 yard: it is 7",
)


def remembered(engine: Engine) -> StateMemory:
    memory = engine.memory(512)
    for i, line in enumerate(LINES):
        memory.put(f"p{i}", line, i * NS)
    return memory


def answered(engine: Engine, memory: StateMemory | None, text: str = "", tokens: int = 8) -> Generation:
    """An answer; with `text`, one that says it."""
    run = engine.start(engine.host.encode("Who?"), memory, 10 * NS, max_new_tokens=len(text.encode()) or tokens)
    if text:
        script = iter(engine.host.encode(text))
        run._choose = lambda logits: next(script)  # type: ignore[method-assign]
    run.run()
    return run


def by_engine(engine: Engine, run: Generation, memory: StateMemory) -> torch.Tensor:
    """Log-probabilities of an answer's tokens, one after the other, with this memory."""
    asking, found = engine.start(run.prompt, memory, 10 * NS).asking, []
    given = run.prompt
    for token in run.tokens:
        found.append(engine.advance(asking, given).log_softmax(-1)[token])
        given = [token]
    return torch.stack(found)


def with_holes(engine: Engine, run: Generation, gone: set[int]) -> torch.Tensor:
    """The same from a cache that lacks the keys and values of some percepts."""
    assert engine.adapter is not None
    reads = run.asking.read
    pairs = [pair for read in reads for pair in zip(read.names, read.lengths, strict=True)]
    owner = [int(name[1:]) for name, length in pairs for _ in range(length)]
    kept = torch.tensor([m for m, i in enumerate(owner) if i not in gone], dtype=torch.long)
    decoder, base = engine.reader, run.asking.base
    cache = decoder.cache(600)
    positions = range(base, base + len(run.prompt))
    hidden = decoder.lower(run.prompt, positions, cache)
    for site, layer in enumerate(engine.adapter.shape.sites):
        keys, values = (torch.cat([getattr(read, kind)[site] for read in reads], 1) for kind in ("keys", "values"))
        cache.put(layer, keys[:, kept], values[:, kept])
    logits, found = decoder.upper(hidden, positions, cache), []
    for n, token in enumerate(run.tokens):
        found.append(logits.log_softmax(-1)[token])
        logits = decoder.step(token, positions.stop + n, cache)
    return torch.stack(found)


def checked(engine: Engine, run: Generation, gone: list[list[int]]) -> torch.Tensor:
    return module._Check(engine, run, run.asking.read).scores(gone)


def test_scores_are_those_of_a_state_without_the_percept(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    # In order of time in the spotlight, too: so nothing there moves when the oldest goes.
    monkeypatch.setattr("dialog.model.memory.spotlight", lambda ranked, lengths: sorted(ranked)[:4])
    memory = remembered(engine)
    run = answered(engine, memory)
    rows: list[list[int]] = [[], [0], [1], [2], [3], [0, 2], [0, 1, 2, 3]]
    scores = checked(engine, run, rows)
    assert scores.shape == (len(rows), len(run.tokens))
    torch.testing.assert_close(scores[0], by_engine(engine, run, memory), rtol=1e-4, atol=1e-4)
    for row, gone in zip(scores, rows, strict=True):
        torch.testing.assert_close(row, with_holes(engine, run, set(gone)), rtol=1e-4, atol=1e-4)
    # Where the oldest is left out, all others lie where they would lie without it.
    memory.forget("p0")
    torch.testing.assert_close(scores[1], by_engine(engine, run, memory), rtol=1e-4, atol=1e-4)
    assert not torch.allclose(scores[1], scores[0], atol=1e-3)


def test_attention_of_an_answer(engine: Engine) -> None:
    """What attention proposes is what the answer's tokens attend to; a percept without values proposes nothing."""
    run = answered(engine, remembered(engine))
    check = module._Check(engine, run, run.asking.read)
    weight = check.attention()
    assert weight.shape == (len(LINES),) and bool((weight > 0).all())
    check.values[:, :, check.owner == 0] = 0
    without = check.attention()
    assert float(without[0]) == 0 and bool((without[1:] > 0).all())


def test_a_sentence_names_what_it_would_be_unlikely_without(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MIN_LOSS", 0.05)
    run = answered(engine, remembered(engine), "It was a dog. Anna said v2.1 is out! So")
    scores = checked(engine, run, [[], [0], [1], [2], [3]])
    found = evidence(engine, run)
    assert [one.text for one in found] == ["It was a dog.", "Anna said v2.1 is out!", "So"]
    spans = [slice(0, 13), slice(13, 36), slice(36, 39)]
    assert any(one.evidence for one in found)
    for one, span in zip(found, spans, strict=True):
        lost = {f"p{i}": float((scores[0, span] - scores[i + 1, span]).sum()) for i in range(4)}
        assert dict(one.evidence) == pytest.approx({k: v for k, v in lost.items() if v >= 0.05}, abs=2e-3)
        nats = [value for _, value in one.evidence]
        assert nats == sorted(nats, reverse=True)


def test_little_is_nothing(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MIN_LOSS", 1e9)
    assert all(one.evidence == () for one in evidence(engine, answered(engine, remembered(engine), "A dog.")))


def test_only_some_are_looked_at(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those that attention proposes."""
    monkeypatch.setattr(module, "MIN_LOSS", -1e9)
    monkeypatch.setattr(module, "CANDIDATES", 2)
    run = answered(engine, remembered(engine), "A dog.")
    weight = module._Check(engine, run, run.asking.read).attention()
    (one,) = evidence(engine, run)
    assert {name for name, _ in one.evidence} == {f"p{i}" for i in weight.topk(2).indices.tolist()}


def test_what_came_during_the_answer_can_be_named(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MIN_LOSS", -1e9)
    memory = remembered(engine)
    run = engine.start(engine.host.encode("Who?"), memory, 10 * NS, max_new_tokens=5)
    run.step()
    memory.put("late", LINES[1], 9 * NS)
    run.run()
    assert "late" in {name for one in evidence(engine, run) for name, _ in one.evidence}


def test_nothing_rests_on_nothing(engine: Engine) -> None:
    assert evidence(engine, answered(engine, None)) == []
    assert evidence(engine, answered(engine, engine.memory(512))) == []
    unasked = engine.start(engine.host.encode("Who?"), remembered(engine))
    assert evidence(engine, unasked) == []


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("It is 3.5 km to example.com now.", ["It is 3.5 km to example.com now."]),
        ('Anna said: "Come in." Then she left', ['Anna said: "Come in."', "Then she left"]),
        ("Wait... what?!  Yes", ["Wait...", "what?!", "Yes"]),
        ("no end", ["no end"]),
        ("a line\nand one. More", ["a line\nand one.", "More"]),
        ("  ", []),
    ],
)
def test_sentences(text: str, sentences: list[str]) -> None:
    found = [match[0].strip() for match in SENTENCE.finditer(text)]
    assert found == sentences
    assert "".join(found).replace(" ", "") == text.replace(" ", ""), "no letter is lost"


def test_each_token_belongs_to_one_sentence(engine: Engine) -> None:
    text = "It is 3.5 km, naïve 你. ~14:03~ it was. End"
    run = answered(engine, remembered(engine), text)
    found = module._sentences(engine, run)
    assert [one for one, _ in found] == ["It is 3.5 km, naïve 你.", "~14:03~ it was.", "End"]
    assert [span.start for _, span in found] == [0, *(span.stop for _, span in found[:-1])]
    assert found[-1][1].stop == len(run.tokens)
    for one, span in found:
        assert engine.host.decode(run.tokens[span]).strip() == one


def test_what_a_whole_answer_rests_on() -> None:
    cited = [Cited("A.", (("a", 3.0), ("b", 2.0))), Cited("B.", (("b", 5.0), ("c", 1.6))), Cited("C.")]
    assert rests_on(cited) == ("b", "a", "c") and rests_on(cited, 2) == ("b", "a") and rests_on([]) == ()


def test_what_is_pointed_at_is_what_the_answer_rests_on(engine: Engine) -> None:
    memory = remembered(engine)
    run = answered(engine, memory, "~any last 2~")
    assert evidence(engine, run) == [
        Cited("Yes, at 14:06 in the yard: it is 7.", (("p3", module.TOLD),)),
        Cited('At 14:05 in the hall: Anna says: "Hi."', (("p2", module.TOLD),)),
    ]


def test_pointing_at_nothing_rests_on_nothing(engine: Engine) -> None:
    run = answered(engine, remembered(engine), "~after 14:06~")
    assert evidence(engine, run) == [Cited("I have not noticed anything after that.")]


class _Told:
    """Ten tokens that lose what a rule says when some percepts are left out."""

    def __init__(self, lost: dict[frozenset[int], float]) -> None:
        self.lost = lost

    def scores(self, left_out: list[list[int]]) -> torch.Tensor:
        losses = [max((n for gone, n in self.lost.items() if gone <= set(row)), default=0.0) for row in left_out]
        return torch.tensor(losses)[:, None].expand(-1, 10) / -10


@pytest.mark.parametrize(
    ("lost", "named"),
    [
        ({frozenset({2, 5}): 6.0}, 2),
        ({frozenset({2, 5}): 6.0, frozenset({2, 4, 1}): 1.0}, 2),
        ({frozenset({2, 5}): 6.0, frozenset({4, 1, 5}): 1.0}, 5),
        ({frozenset({4, 1, 5}): 6.0}, 4),
        ({frozenset({2, 5}): 1.0}, None),
        ({frozenset({2, 9}): 6.0}, None),
        ({}, None),
    ],
)
def test_what_stands_in_several_is_found_by_leaving_them_out_together(
    lost: dict[frozenset[int], float], named: int | None
) -> None:
    """9 is not proposed; 4 and 1 lie between 2 and 5. A percept that makes up for less is not the one."""
    told, chosen, whole = _Told(lost), [2, 4, 1, 5, 0], torch.zeros(10)
    together = whole - told.scores([chosen[: n + 1] for n in range(len(chosen))])
    found = module._enough(told, chosen, slice(0, 10), whole, together)  # type: ignore[arg-type]
    assert found == ([] if named is None else [(named, pytest.approx(6.0))])


def test_several_are_left_out_only_when_no_single_one_decides(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    run = answered(engine, remembered(engine), "A dog.")
    monkeypatch.setattr(module, "_enough", lambda check, chosen, *rest: [(chosen[0], 3.0)])
    monkeypatch.setattr(module, "MIN_LOSS", 1e9)
    (one,) = evidence(engine, run)
    assert len(one.evidence) == 1 and one.evidence[0][1] == 3.0
    monkeypatch.setattr(module, "MIN_LOSS", -1e9)
    (one,) = evidence(engine, run)
    assert len(one.evidence) == 4
