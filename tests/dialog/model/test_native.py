"""A model with its own cross-attention: pictures pushed one by one are what it would see at once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from dialog.model.fusion import load_fusion
from dialog.model.native import PICTURES, Native
from streams.errors import ModelError


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, write_tokenizer: Callable[[Path], None]) -> Path:
    """A tiny random Mllama."""
    from transformers import MllamaConfig, MllamaForConditionalGeneration

    path = tmp_path_factory.mktemp("mllama")
    torch.manual_seed(0)
    text = {
        "vocab_size": 300, "hidden_size": 32, "num_hidden_layers": 4, "num_attention_heads": 4,
        "num_key_value_heads": 2, "intermediate_size": 48, "cross_attention_layers": [1, 3], "pad_token_id": 256,
        "bos_token_id": 257, "eos_token_id": 258, "max_position_embeddings": 1024,
        "rope_parameters": {"rope_type": "default", "rope_theta": 10000.0},
    }  # fmt: skip
    vision = {
        "hidden_size": 16, "num_hidden_layers": 1, "num_global_layers": 1, "attention_heads": 2, "image_size": 28,
        "patch_size": 14, "intermediate_size": 24, "vision_output_dim": 32, "intermediate_layers_indices": [0],
        "max_num_tiles": 2, "supported_aspect_ratios": [[1, 1], [1, 2]],
    }  # fmt: skip
    model = MllamaForConditionalGeneration(MllamaConfig(text_config=text, vision_config=vision))
    with torch.no_grad():
        for name, value in model.named_parameters():
            if name.endswith("gate"):
                value.fill_(1.0)
            elif "language_model" in name:
                value.mul_(4)
    model.save_pretrained(path)
    write_tokenizer(path)
    return path


@pytest.fixture
def fusion(folder: Path) -> Native:
    loaded = load_fusion("native", folder, device="cpu")
    assert isinstance(loaded, Native)
    return loaded


def states(seed: int) -> torch.Tensor:
    return torch.randn(5, 32, generator=torch.Generator().manual_seed(seed))


def test_one_by_one_equals_at_once(fusion: Native) -> None:
    fusion.attend_to("a", states(1))
    fusion.attend_to("b", states(2))
    model = fusion._model
    ids = torch.tensor([model.prompt("", [], "Who?")])
    with torch.inference_mode():
        pushed = model.model(input_ids=ids, past_key_values=model.cache(list(fusion._pictures.values()))).logits
        whole = model.text(input_ids=ids, cross_attention_states=torch.cat([states(1), states(2)])[None])
        at_once = model.model.lm_head(whole.last_hidden_state)
        plain = model.model(input_ids=ids).logits
    torch.testing.assert_close(pushed, at_once, rtol=1e-4, atol=1e-4)
    assert not torch.allclose(pushed, plain, atol=1e-2)


def test_it_answers_and_forgets(fusion: Native) -> None:
    plain = fusion.ask("Who?", [], "14:05", 0, 5)
    while plain.step() is not None:
        pass
    fusion.attend_to("a", states(1))
    fusion.remember("b", "14:03 hall: a dog enters", 0)
    assert len(fusion) == 2
    seeing = fusion.ask("Who?", [], "14:05", 0, 5)
    while seeing.step() is not None:
        pass
    assert len(seeing.tokens) == 5 and seeing.tokens != plain.tokens
    fusion.forget("a")
    fusion.forget("b")
    again = fusion.ask("Who?", [], "14:05", 0, 5)
    while again.step() is not None:
        pass
    assert again.tokens == plain.tokens and len(fusion.fork()) == 0


def test_pictures_are_bounded(fusion: Native) -> None:
    for i in range(10):
        fusion.attend_to(f"p{i}", states(i))
    assert len(fusion) == PICTURES


def test_a_model_without_cross_attention_is_refused(tiny: Path) -> None:
    with pytest.raises(ModelError):
        load_fusion("native", tiny, device="cpu")
