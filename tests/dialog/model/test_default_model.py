"""The model and the adapter that heed ships: the promise of the first minute."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
import torch

from dialog.model.adapter import load_adapter
from dialog.model.chat import chat_prompt
from dialog.model.engine import Engine
from dialog.model.fusion import ADAPTERS, Fusion, load_fusion
from dialog.model.load import load_host
from streams.types import NS

pytestmark = pytest.mark.models

SEEN: Sequence[tuple[int, str]] = (
    (1, "0:01 camera: the picture shows a desk and a lamp"),
    (2, "0:02 camera: a person enters from the left"),
    (3, "0:03 camera: 1 person is in view"),
    (12, '0:12 room: Anna says: "The keys are under the red chair."'),
    (15, '0:15 camera: a sign reads "EXIT 42"'),
    (18, '0:18 room: a voice says: "What a beautiful garden you have."'),
    (20, "0:20 camera: a dog enters from the right"),
    (25, "0:25 camera: the person leaves to the left after 23 seconds"),
    (27, "0:27 camera: nobody is in view"),
    (30, "0:30 room: the light goes off"),
    (33, '0:33 room: Tom says: "The meeting is at 3 o\'clock in the library."'),
)


@pytest.fixture(scope="module")
def folder(request: pytest.FixtureRequest) -> Path:
    store = request.getfixturevalue("store")
    return Path(store.path("smollm2-135m-instruct"))


@pytest.fixture(scope="module")
def fusion(folder: Path) -> Fusion:
    loaded = load_fusion("cross_attention", folder, device="cpu")
    loaded.remember_many([(f"p{i}", line, t * NS) for i, (t, line) in enumerate(SEEN)])
    return loaded


@pytest.mark.parametrize(
    ("question", "words", "evidence"),
    [
        ("What does the sign say?", ["EXIT 42"], "p4"),
        ("Where are the keys?", ["under the red chair"], "p3"),
        ("When is the meeting?", ["3 o'clock"], "p10"),
        ("Is the light on?", ["went off", "0:30"], "p9"),
        ("Who left?", ["the person left", "0:25"], "p7"),
        ("What do you see?", ["desk", "lamp"], "p0"),
    ],
)
def test_it_says_what_was_perceived(fusion: Fusion, question: str, words: list[str], evidence: str) -> None:
    answer = fusion.ask(question, [], "0:40", 40 * NS, 60)
    while answer.step() is not None:
        pass
    assert all(word.lower() in answer.text.lower() for word in words), answer.text
    assert answer.evidence()[0][0] == evidence


def test_it_says_when_it_does_not_know(fusion: Fusion) -> None:
    answer = fusion.ask("Where is my umbrella?", [], "0:40", 40 * NS, 60)
    while answer.step() is not None:
        pass
    assert "umbrella" in answer.text and "don't know" in answer.text
    assert answer.evidence() == []


def test_plain_model_is_transformers_model(folder: Path) -> None:
    """With the state off: the logits of transformers, and exactly the same ones with the adapter loaded."""
    from transformers import AutoModelForCausalLM

    host = load_host(folder, "cpu", torch.float32)
    ids = host.encode(chat_prompt("What is the capital of France? It is 14:03.", "", system="Be brief."))
    adapted = Engine(host, load_adapter(ADAPTERS / f"{folder.name}.safetensors")[0], "float32")
    plain = Engine(host, None, "float32")
    one, two = (e.advance(e.start(ids, e.cache(256)).asking, ids) for e in (adapted, plain))
    assert torch.equal(one, two)
    with torch.inference_mode():
        theirs = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)(torch.tensor([ids])).logits[0, -1]
    torch.testing.assert_close(one, theirs, rtol=1e-3, atol=1e-3)
