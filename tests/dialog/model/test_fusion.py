"""Three ways to fuse, one interface; any causal model of transformers by prompt."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from dialog.model.adapter import Adapter, save_adapter
from dialog.model.chat import Turn
from dialog.model.fusion import Answer, CrossAttention, Fusion, InPrompt, load_fusion
from dialog.model.hub import HubModel
from streams.errors import ModelError
from streams.types import NS

DOG, LIGHT = "14:03 hall: a dog enters", "14:04 yard: the light goes on"


def finish(answer: Answer) -> str:
    pieces = []
    while (piece := answer.step()) is not None:
        pieces.append(piece)
    assert "".join(pieces) == answer.text
    return answer.text


def ask(fusion: Fusion) -> str:
    return finish(fusion.ask("Who?", [Turn("Hi", "Hello")], "14:05", 300 * NS, max_new_tokens=6))


@pytest.fixture(scope="module")
def saved(adapter: Adapter, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("adapters") / "tiny.safetensors"
    save_adapter(adapter, path, {"steps": "0"}, torch.float32)
    return path


def test_cross_attention_remembers_and_forgets(tiny: Path, saved: Path) -> None:
    fusion = load_fusion("cross_attention", tiny, saved, 512, "cpu", "float32")
    fusion.remember("a", DOG, 0)
    fusion.remember_many([("b", LIGHT, NS)])
    assert len(fusion) == 2
    both = ask(fusion)
    fusion.forget("b")
    assert len(fusion) == 1 and len(fusion.fork()) == 0
    alone = fusion.fork()
    alone.remember("a", DOG, 0)
    assert ask(fusion) == ask(alone) != both


def test_what_lies_outside_the_asked_time_is_not_read(tiny: Path, saved: Path) -> None:
    """Asked of the last minute, an answer is as if nothing older had been perceived; also when it was read ahead."""
    question, now_ns = "What happened in the last minute?", 100 * NS
    fusion = load_fusion("cross_attention", tiny, saved, 512, "cpu", "float32")
    assert isinstance(fusion, CrossAttention)
    fusion.remember_many([("a", DOG, 0), ("b", LIGHT, 90 * NS)])
    young, empty = fusion.fork(), fusion.fork()
    young.remember("b", LIGHT, 90 * NS)
    fusion.prepare(question, [], "14:05", now_ns, 6)
    ahead = fusion.ask(question, [], "14:05", now_ns, 6)
    later, alone = fusion.ask(question, [], "14:05", now_ns, 6), young.ask(question, [], "14:05", now_ns, 6)
    texts = [finish(answer) for answer in (ahead, later, alone)]
    assert texts[0] == texts[1] == texts[2]
    assert [part.names for part in later._generation.asking.read] == [("b",), ("b",)]  # type: ignore[attr-defined]
    none = fusion.ask(question, [], "14:15", now_ns + 600 * NS, 6)
    assert finish(none) == finish(empty.ask(question, [], "14:15", now_ns + 600 * NS, 6))
    assert none.evidence() == []


def test_what_an_answer_points_at_is_told(tiny: Path, saved: Path) -> None:
    """All that is held is told, word by word, also what was too long to be encoded; of a time only what lies in it."""
    fusion = load_fusion("cross_attention", tiny, saved, 512, "cpu", "float32")
    assert isinstance(fusion, CrossAttention)
    speech = f'14:05 yard: Ana says: "{"So, " * 40}bye."'
    fusion.remember_many([("a", DOG, 0), ("b", LIGHT, 60 * NS), ("c", speech, 90 * NS)])

    def pointing(question: str, mark: str) -> Answer:
        answer = fusion.ask(question, [], "14:06", 100 * NS, len(mark) + 1)
        run = answer._generation  # type: ignore[attr-defined]
        script = iter([*run._engine.host.encode(mark), run._engine.host.weights.shape.end_token])
        run._choose = lambda logits: next(script)
        return answer

    answer = pointing("What happened?", "~last 2~")
    said = f'At 14:05 in the yard: Ana says: "{"So, " * 40}bye." At 14:04 in the yard: the light goes on.'
    assert finish(answer) == said
    told, light = said.split(" At 14:04", 1)
    cited = [(one.text, [name for name, _ in one.evidence]) for one in answer.evidence()]
    assert cited == [(told, ["c"]), (f"At 14:04{light}", ["b"])]
    assert finish(pointing("What happened in the last minute?", "~any last 3~")).count(" 14:0") == 2
    assert finish(pointing("And before the light?", "~before 14:04~")) == "At 14:03 in the hall: a dog enters."


def test_conversations_share_weights_but_nothing_else(tiny: Path, saved: Path) -> None:
    one = load_fusion("cross_attention", tiny, saved, 512, "cpu", "float32")
    assert isinstance(one, CrossAttention)
    two = one.fork()
    assert isinstance(two, CrossAttention) and two._engine is one._engine
    alone = ask(two)
    one.remember("a", DOG, 0)
    assert ask(two) == alone and len(two) == 0


def test_prompt_with_our_decoder(tiny: Path) -> None:
    fusion = load_fusion("prompt", tiny, None, 512, "cpu", "float32")
    assert isinstance(fusion, InPrompt)
    empty = ask(fusion)
    fusion.remember("a", DOG, 0)
    assert DOG in fusion._lines.system()
    assert ask(fusion) != empty
    fusion.forget("a")
    assert ask(fusion) == empty


def test_prompt_is_bounded(tiny: Path) -> None:
    fusion = load_fusion("prompt", tiny, None, 512, "cpu", "float32")
    for i in range(500):
        fusion.remember(f"p{i}", DOG, i)
    assert len(fusion) <= 512 * 3 / len(DOG)
    assert len(ask(fusion)) >= 0


@pytest.mark.parametrize("kind", ["cross_attention", "prompt"])
def test_it_tells_what_made_room(kind: str, tiny: Path, saved: Path) -> None:
    fusion = load_fusion(kind, tiny, saved, 400, "cpu", "float32")
    fusion.remember("pin", DOG, 0, pinned=True)
    gone = [name for i in range(80) for name in fusion.remember(f"p{i}", LIGHT, i * NS)]
    assert len(gone) > 30 and gone == [f"p{i}" for i in range(len(gone))]
    assert len(fusion) == 81 - len(gone)


def test_none_is_deaf(tiny: Path) -> None:
    fusion = load_fusion("none", tiny, None, 512, "cpu", "float32")
    before = ask(fusion)
    fusion.remember("a", DOG, 0)
    assert ask(fusion) == before and len(fusion) == 0


@pytest.mark.parametrize("family", ["llama", "gpt2"])
def test_prompt_with_any_causal_model(family: str, tmp_path: Path, write_tokenizer: Callable[[Path], None]) -> None:
    """Through transformers' own classes; the answer equals its own greedy generate."""
    from transformers import GPT2Config, GPT2LMHeadModel, LlamaConfig, LlamaForCausalLM

    torch.manual_seed(0)
    if family == "llama":
        model = LlamaForCausalLM(
            LlamaConfig(
                vocab_size=300, hidden_size=32, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2,
                intermediate_size=48, max_position_embeddings=2048, eos_token_id=258,
            )
        )  # fmt: skip
    else:
        model = GPT2LMHeadModel(
            GPT2Config(vocab_size=300, n_embd=32, n_layer=2, n_head=4, n_positions=2048, eos_token_id=258)
        )
    model.save_pretrained(tmp_path)
    write_tokenizer(tmp_path)
    settings = json.loads((tmp_path / "tokenizer_config.json").read_text())
    del settings["chat_template"]
    (tmp_path / "tokenizer_config.json").write_text(json.dumps(settings))
    fusion = load_fusion("prompt", tmp_path, None, 512, "cpu")
    assert isinstance(fusion, InPrompt) and isinstance(fusion._model, HubModel)
    fusion.remember("a", DOG, 0)
    answer = fusion.ask("Who?", [Turn("Hi", "Hello")], "14:05", 300 * NS, max_new_tokens=8)
    finish(answer)
    prompt = fusion._model.prompt(fusion._lines.system(), [Turn("Hi", "Hello")], "[14:05] Who?")
    assert DOG in fusion._model.tokenizer.decode(prompt)
    expected = fusion._model.model.generate(torch.tensor([prompt]), max_new_tokens=8, do_sample=False)[0, len(prompt) :]
    assert answer.tokens == [t for t in expected.tolist() if t != 258]
    assert answer.evidence() == []


def test_what_is_missing_is_said(tiny: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="unknown fusion"):
        load_fusion("telepathy", tiny)
    with pytest.raises(ModelError, match="heed models pull"):
        load_fusion("cross_attention", tmp_path / "nowhere")
    with pytest.raises(ModelError, match=r"no adapter.*heed train"):
        load_fusion("cross_attention", tiny)
    (tmp_path / "config.json").write_text('{"model_type": "martian"}')
    with pytest.raises(ModelError, match="cannot be loaded"):
        load_fusion("prompt", tmp_path)
