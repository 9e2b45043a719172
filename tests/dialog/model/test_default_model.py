"""The model and the adapter that heed ships: the promise of the first minute."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
import torch

from dialog.mind import rests_on
from dialog.model.adapter import load_adapter
from dialog.model.chat import Turn, chat_prompt
from dialog.model.engine import Engine
from dialog.model.fusion import ADAPTERS, Answer, Fusion, load_fusion
from dialog.model.load import load_host
from dialog.training.asking import REFUSAL
from streams.types import NS

pytestmark = pytest.mark.models

MODEL = "smollm2-135m-instruct"
NOW, NOW_NS = "14:31", 31 * 60 * NS

SEEN: Sequence[tuple[int, str]] = (
    (0, "14:00 front door: the picture shows a desk and a lamp"),
    (2, "14:02 front door: a person enters from the left"),
    (3, "14:03 front door: 1 person is in view"),
    (5, '14:05 kitchen: Anna says: "The keys are under the red chair."'),
    (8, '14:08 front door: a sign reads "EXIT 42"'),
    (11, '14:11 kitchen: a voice says: "What a beautiful garden you have."'),
    (14, "14:14 yard: a dog enters from the right"),
    (19, "14:19 front door: the person leaves to the left after 17 minutes"),
    (22, "14:22 yard: the light goes off"),
    (26, '14:26 kitchen: Tom says: "The meeting is at 3 o\'clock in the library."'),
)


@pytest.fixture(scope="module")
def folder(request: pytest.FixtureRequest) -> Path:
    return Path(request.getfixturevalue("store").path(MODEL))


@pytest.fixture(scope="module")
def fusion(folder: Path) -> Fusion:
    loaded = load_fusion("cross_attention", folder, device="cpu")
    loaded.remember_many([(f"p{i}", line, minute * 60 * NS) for i, (minute, line) in enumerate(SEEN)])
    return loaded


def finish(answer: Answer) -> str:
    while answer.step() is not None:
        pass
    return answer.text


def ask(fusion: Fusion, question: str, history: Sequence[Turn] = ()) -> Answer:
    answer = fusion.ask(question, history, NOW, NOW_NS, 60)
    finish(answer)
    return answer


@pytest.mark.parametrize(
    ("question", "expected", "evidence"),
    [
        ("What does the sign say?", ["EXIT 42"], 4),
        ("Where are the keys?", ["under the red chair"], 3),
        ("When is the meeting?", ["3 o'clock"], 9),
        ("Who said that the keys are under the red chair?", ["Anna"], 3),
        ("When did the dog come in?", ["14:14"], 6),
        ("When did the person leave?", ["14:19"], 7),
    ],
)
def test_it_says_what_was_perceived(fusion: Fusion, question: str, expected: list[str], evidence: int) -> None:
    answer = ask(fusion, question)
    assert all(word.lower() in answer.text.lower() for word in expected), answer.text
    assert rests_on(answer.evidence())[:1] == (f"p{evidence}",), (answer.text, answer.evidence())


@pytest.mark.parametrize(
    ("question", "figure", "evidence"),
    [
        ("How long ago did the dog come in?", "17 minutes ago", 6),
        ("How long ago did the light go off?", "9 minutes ago", 8),
    ],
)
def test_it_reckons_how_long_ago(fusion: Fusion, question: str, figure: str, evidence: int) -> None:
    answer = ask(fusion, question)
    assert figure in answer.text and "~" not in answer.text
    assert rests_on(answer.evidence())[:1] == (f"p{evidence}",)


@pytest.mark.parametrize("question", ["Where is my umbrella?", "When did the cat come in?", "What did Sarah say?"])
def test_it_says_when_it_does_not_know(fusion: Fusion, question: str) -> None:
    answer = ask(fusion, question)
    assert REFUSAL.search(answer.text), answer.text


def test_what_is_forgotten_is_not_known(fusion: Fusion) -> None:
    other = fusion.fork()
    other.remember_many([(f"p{i}", line, minute * 60 * NS) for i, (minute, line) in enumerate(SEEN)])
    other.forget("p3")
    assert "red chair" not in ask(other, "Where are the keys?").text


def test_the_newer_of_two_counts(fusion: Fusion) -> None:
    other = fusion.fork()
    other.remember_many([(f"p{i}", line, minute * 60 * NS) for i, (minute, line) in enumerate(SEEN)])
    other.remember("new", '14:30 kitchen: Tom says: "The keys are in the blue box."', 30 * 60 * NS)
    answer = ask(other, "Where are the keys?")
    assert "in the blue box" in answer.text and rests_on(answer.evidence())[:1] == ("new",)


def test_small_talk_rests_on_nothing(fusion: Fusion) -> None:
    answer = ask(fusion, "Hello!")
    assert answer.text.strip() and not REFUSAL.search(answer.text)
    assert not any(word in answer.text for word in ("EXIT", "red chair", "dog", "library")), answer.text


def test_read_ahead_it_says_the_same(fusion: Fusion) -> None:
    plain = ask(fusion, "What does the sign say?")
    fusion.prepare("What does the sign say?", (), NOW, NOW_NS, 60)
    ahead = ask(fusion, "What does the sign say?")
    assert (ahead.text, ahead.tokens) == (plain.text, plain.tokens)


def test_plain_model_is_transformers_model(folder: Path) -> None:
    """With the state off: the logits of transformers, and exactly the same ones with the adapter loaded."""
    from transformers import AutoModelForCausalLM

    host = load_host(folder, "cpu", torch.float32)
    ids = host.encode(chat_prompt("What is the capital of France? It is 14:03.", "", system="Be brief."))
    adapted = Engine(host, load_adapter(ADAPTERS / f"{folder.name}.safetensors")[0], "float32")
    plain = Engine(host, None, "float32")
    one, two = (engine.advance(engine.start(ids).asking, ids) for engine in (adapted, plain))
    assert torch.equal(one, two)
    with torch.inference_mode():
        theirs = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)(torch.tensor([ids])).logits[0, -1]
    torch.testing.assert_close(one, theirs, rtol=1e-3, atol=1e-3)
