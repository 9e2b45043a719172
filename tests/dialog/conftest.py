"""A tiny random Llama model with a byte-level tokenizer, made here, so that these tests need no download."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

from dialog.model.adapter import Adapter, adapter_shape
from dialog.model.engine import Engine
from dialog.model.load import Host, load_host

CHATML = (
    "{% for m in messages %}{{'<|im_start|>' + m['role'] + '\\n' + m['content'] + '<|im_end|>\\n'}}{% endfor %}"
    "{% if add_generation_prompt %}{{'<|im_start|>assistant\\n'}}{% endif %}"
)

TINY = {
    "architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_size": 48, "num_hidden_layers": 4,
    "num_attention_heads": 6, "num_key_value_heads": 2, "head_dim": 8, "intermediate_size": 64, "vocab_size": 300,
    "max_position_embeddings": 4096, "rms_norm_eps": 1e-5, "tie_word_embeddings": True, "bos_token_id": 257,
    "eos_token_id": 258, "pad_token_id": 258, "rope_parameters": {"rope_theta": 10000.0, "rope_type": "default"},
    "dtype": "float32", "hidden_act": "silu",
}  # fmt: skip


def _write_tokenizer(folder: Path) -> None:
    """Bytes as tokens, and the marks of ChatML."""
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    tokenizer = Tokenizer(models.BPE({letter: i for i, letter in enumerate(alphabet)}, []))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    marks = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
    tokenizer.add_special_tokens([AddedToken(mark, special=True, normalized=False) for mark in marks])
    tokenizer.save(str(folder / "tokenizer.json"))
    config = {"tokenizer_class": "PreTrainedTokenizerFast", "eos_token": "<|im_end|>", "chat_template": CHATML}
    (folder / "tokenizer_config.json").write_text(json.dumps(config))


@pytest.fixture(scope="session")
def write_tokenizer() -> Callable[[Path], None]:
    """Writes the tiny model's tokenizer into a folder."""
    return _write_tokenizer


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a tiny random model."""
    from transformers import LlamaConfig, LlamaForCausalLM

    folder = tmp_path_factory.mktemp("models") / "tiny"
    folder.mkdir()
    _write_tokenizer(folder)
    torch.manual_seed(3)
    settings = {k: v for k, v in TINY.items() if k not in ("architectures", "model_type", "dtype")}
    model = LlamaForCausalLM(LlamaConfig(**settings))
    with torch.no_grad():
        for value in model.parameters():
            value.mul_(4)
    tensors = {
        name: value.clone().contiguous() for name, value in model.state_dict().items() if name != "lm_head.weight"
    }
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    (folder / "config.json").write_text(json.dumps(TINY))
    return folder


@pytest.fixture(scope="session")
def host(tiny: Path) -> Host:
    return load_host(tiny, "cpu", torch.float32)


@pytest.fixture(scope="session")
def adapter(host: Host) -> Adapter:
    """An adapter whose updates and whose selector do something."""
    made = Adapter(adapter_shape("tiny", host.weights.shape, rank=2, selector_dim=8), seed=1)
    random = torch.Generator().manual_seed(2)
    with torch.no_grad():
        for name, value in made.named_parameters():
            if name.endswith("_b") or name in ("selector.weight", "selector.order"):
                value.copy_(torch.randn(value.shape, generator=random) * 0.05)
    made.requires_grad_(False)
    return made


@pytest.fixture(scope="session")
def engine(host: Host, adapter: Adapter) -> Engine:
    return Engine(host, adapter, "float32")
