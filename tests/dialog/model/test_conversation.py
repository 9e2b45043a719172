"""Conversations with a memory: read ahead without a trace, interleaved, cancelled, with times reckoned."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialog.model import evidence as evidence_module
from dialog.model.chat import Turn
from dialog.model.engine import Engine, Generation
from dialog.model.fusion import Answer, CrossAttention, InPrompt
from streams.types import NS

LINES = ("14:03 hall: a dog enters", "14:04 yard: the light goes on", '14:04 hall: Anna says: "Hi."')
TURNS = (Turn("Hi", "Hello"),)
NOW_NS = 300 * NS


@pytest.fixture
def fusion(engine: Engine) -> CrossAttention:
    return remembering(engine, LINES)


@pytest.fixture
def prompts(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Lengths of the prompts that were read."""
    seen: list[int] = []
    plain = engine._begin

    def counting(asking, ids):  # type: ignore[no-untyped-def]
        seen.append(len(ids))
        return plain(asking, ids)

    monkeypatch.setattr(engine, "_begin", counting)
    return seen


def remembering(engine: Engine, lines: Sequence[str]) -> CrossAttention:
    made = CrossAttention(engine, 512)
    made.remember_many([(f"p{i}", line, (180 + 60 * i) * NS) for i, line in enumerate(lines)])
    return made


def begin(fusion: CrossAttention, question: str = "Who?", tokens: int = 6, now_ns: int = NOW_NS) -> Answer:
    return fusion.ask(question, TURNS, "14:05", now_ns, tokens)


def finish(answer: Answer) -> tuple[str, list[int]]:
    pieces = []
    while (piece := answer.step()) is not None:
        pieces.append(piece)
    assert "".join(pieces) == answer.text and answer.step() is None
    return answer.text, answer.tokens


def saying(generation: Generation, text: str) -> None:
    """Makes it say a text, whatever it computes."""
    host = generation._engine.host
    script = iter([*host.encode(text), host.weights.shape.end_token])
    generation._choose = lambda logits: next(script)  # type: ignore[method-assign]


def test_read_ahead_equals_asked_at_once(engine: Engine, fusion: CrossAttention, prompts: list[int]) -> None:
    expected = finish(begin(fusion))
    ahead = remembering(engine, LINES)
    prompts.clear()
    ahead.prepare("Who?", TURNS, "14:05", NOW_NS, 6)
    assert len(prompts) == 1
    first, second = begin(ahead), begin(ahead)
    assert finish(first) == expected and len(prompts) == 1, "the prompt was read once, ahead"
    assert finish(second) == expected and len(prompts) == 2, "what was read ahead serves one answer"
    assert first.evidence() == second.evidence()


Change = Callable[[CrossAttention], object]

CHANGES: dict[str, tuple[Change, str, int]] = {
    "other words": (lambda fusion: None, "What now?", 6),
    "another length": (lambda fusion: None, "Who?", 9),
    "a percept": (lambda fusion: fusion.remember("new", "14:05 yard: a cat enters", NOW_NS), "Who?", 6),
    "a replaced percept": (lambda fusion: fusion.remember("p1", "14:05 yard: a cat enters", NOW_NS), "Who?", 6),
    "a forgotten percept": (lambda fusion: fusion.forget("p0"), "Who?", 6),
    "other words read ahead": (lambda fusion: fusion.prepare("Where?", TURNS, "14:05", NOW_NS, 6), "Who?", 6),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_was_read_ahead_in_vain_leaves_no_trace(engine: Engine, fusion: CrossAttention, change: str) -> None:
    act, question, tokens = CHANGES[change]
    fresh = remembering(engine, LINES)
    act(fresh)
    expected = finish(begin(fresh, question, tokens))
    before = (fusion.memory.serial, fusion.memory.ids())
    fusion.prepare("Who?", TURNS, "14:05", NOW_NS, 6)
    assert (fusion.memory.serial, fusion.memory.ids()) == before
    act(fusion)
    assert finish(begin(fusion, question, tokens)) == expected
    assert fusion._prepared is None
    assert finish(begin(fusion, question, tokens)) == expected


def test_another_history_or_time_is_another_question(fusion: CrossAttention) -> None:
    expected = finish(fusion.ask("Who?", (), "14:06", NOW_NS, 6))
    fusion.prepare("Who?", TURNS, "14:06", NOW_NS, 6)
    assert finish(fusion.ask("Who?", (), "14:06", NOW_NS, 6)) == expected
    fusion.prepare("Who?", (), "14:05", NOW_NS, 6)
    assert finish(fusion.ask("Who?", (), "14:06", NOW_NS, 6)) == expected


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(0, 2), max_size=24))
def test_interleaved_answers_do_not_disturb_each_other(engine: Engine, order: list[int]) -> None:
    """Two conversations on one memory and one on another: token by token in any order, as if each were alone."""
    shared, other = remembering(engine, LINES), remembering(engine, LINES[:1])

    def all_three() -> list[Answer]:
        return [begin(shared), begin(shared, "What now?"), begin(other, "What now?", 8)]

    apart = [finish(answer) for answer in all_three()]
    answers = all_three()
    for n in order:
        answers[n].step()
    rest = []
    for answer in answers:
        while answer.step() is not None:
            pass
        rest.append((answer.text, answer.tokens))
    assert rest == apart and len({text for text, _ in apart}) == 3


def test_reading_ahead_in_one_does_not_disturb_another(engine: Engine, fusion: CrossAttention) -> None:
    expected = finish(begin(fusion))
    answer, second = begin(fusion), fusion.fork()
    answer.step()
    fusion.prepare("What now?", TURNS, "14:05", NOW_NS, 6)
    second.prepare("Who?", TURNS, "14:05", NOW_NS, 6)
    assert finish(begin(second)) == finish(begin(remembering(engine, ())))
    while answer.step() is not None:
        pass
    assert (answer.text, answer.tokens) == expected


def test_cancelled_in_the_middle_of_a_token(
    engine: Engine, fusion: CrossAttention, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = finish(begin(fusion))
    answer = begin(fusion)
    answer.step()
    plain = engine.advance

    def advance(asking, ids):  # type: ignore[no-untyped-def]
        answer.cancel()
        return plain(asking, ids)

    with monkeypatch.context() as patch:
        patch.setattr(engine, "advance", advance)
        assert answer.step() is not None
    assert answer.step() is None and len(answer.tokens) == 2 and answer.tokens == expected[1][:2]
    assert finish(begin(fusion)) == expected, "the next question is not disturbed"


def test_an_empty_memory_answers(engine: Engine) -> None:
    empty = CrossAttention(engine, 512)
    answer = begin(empty)
    assert len(finish(answer)[1]) > 0 and answer.evidence() == [] and len(empty) == 0
    filled = remembering(engine, LINES[:1])
    filled.forget("p0")
    filled.forget("p0")
    assert finish(begin(filled)) == (answer.text, answer.tokens)


def apart_by_minutes(engine: Engine) -> CrossAttention:
    """No two of the lines begin with the same clock."""
    return remembering(engine, [LINES[0], LINES[1].replace("14:04", "14:02"), LINES[2]])


def test_times_are_reckoned(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also those of percepts that came during the answer; evidence says the same as the answer."""
    fusion = apart_by_minutes(engine)
    monkeypatch.setattr(evidence_module, "MIN_LOSS", -1e9)
    answer = begin(fusion, tokens=99)
    generation: Generation = answer._generation  # type: ignore[attr-defined]
    saying(generation, "~14:03~ a dog, ~14:03-14:04~ later a light. A cat ~14:05~, and ~9:59~.")
    pieces = [answer.step()]
    fusion.remember("new", "14:05 yard: a cat enters", NOW_NS)
    while (piece := answer.step()) is not None:
        pieces.append(piece)
    said = "2 minutes ago a dog, 2 minutes later a light. A cat just now, and at 9:59."
    assert answer.text == "".join(piece or "" for piece in pieces) == said
    cited = answer.evidence()
    assert [one.text for one in cited] == [said[:45], said[46:]]
    assert {name for name, _ in cited[1].evidence} == {"p0", "p1", "p2", "new"}


def test_of_one_minute_the_percept_that_is_asked_about_counts(engine: Engine) -> None:
    memory = remembering(engine, LINES).memory
    for best, seconds in (("p1", 240), ("p2", 300)):
        liking = dict.fromkeys(memory.ids(), -2.0) | {best: -1.0}
        assert memory.read(memory.ids(), 512, liking).clocks == {"14:03": 180 * NS, "14:04": seconds * NS}


def test_what_was_read_ahead_is_reckoned_from_when_it_is_asked(engine: Engine) -> None:
    fusion = apart_by_minutes(engine)
    fusion.prepare("Who?", TURNS, "14:05", NOW_NS, 40)
    assert fusion._prepared is not None
    saying(fusion._prepared.generation, "~14:04~")
    answer = begin(fusion, tokens=40, now_ns=NOW_NS + 20 * NS)
    assert finish(answer)[0] == "20 seconds ago"


def test_the_plain_model_says_what_it_says(engine: Engine) -> None:
    """Without a memory nothing is reckoned and nothing is cited."""
    plain = InPrompt(engine, 512, remembers=False)
    answer = plain.ask("Who?", (), "14:05", NOW_NS, 30)
    saying(answer._generation, "~14:03~ and ~5~.")  # type: ignore[attr-defined]
    assert finish(answer)[0] == "~14:03~ and ~5~." and answer.evidence() == []


def test_a_long_history_loses_its_oldest_turns(fusion: CrossAttention) -> None:
    turns = [Turn(f"Question {i}?", "x" * 100) for i in range(12)]
    answer = fusion.ask("Who?", turns, "14:05", NOW_NS, 4)
    prompt = fusion._engine.host.decode(answer._generation.prompt)  # type: ignore[attr-defined]
    assert "Who?" in prompt and "Question 11?" in prompt and "Question 0?" not in prompt
    assert finish(fusion.ask("w" * 5000, turns, "14:05", NOW_NS, 4))[1]
