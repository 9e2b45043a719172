"""From the GGUF file of the default model's wheel to a transformers folder that loads in a moment.

GGUF is read directly (dequantised by the `gguf` package), because transformers needs a further package for it and most
of a minute. It is done once, when the model is pulled. The result is an ordinary folder: transformers loads it too.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file

from streams.errors import ModelError

Progress = Callable[[float, str], None]

LAYER_NAMES = {
    "attn_norm": "input_layernorm",
    "attn_q": "self_attn.q_proj",
    "attn_k": "self_attn.k_proj",
    "attn_v": "self_attn.v_proj",
    "attn_output": "self_attn.o_proj",
    "ffn_norm": "post_attention_layernorm",
    "ffn_gate": "mlp.gate_proj",
    "ffn_up": "mlp.up_proj",
    "ffn_down": "mlp.down_proj",
}
"""GGUF's name of a layer's tensor, and transformers' name for it."""

CONTROL_TOKEN = 3
"""GGUF's mark of a token such as `<|im_end|>`, which is never made from text by accident."""


def convert_gguf(gguf: Path, out: Path, progress: Progress | None = None) -> None:
    """Write the folder `out` (config, tokenizer, bfloat16 safetensors) from the Llama-family file `gguf`.

    The folder appears only when it is complete: it is written beside its place and renamed. An existing `out` is
    replaced. `progress` gets a fraction 0..1 and what is being done. Nothing is fetched from anywhere.
    Raises `ModelError` when the file is missing or is not such a model.
    """
    if not gguf.is_file():
        raise ModelError(f"{gguf} does not exist; pull the model again with `heed models pull`")
    out.parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    try:
        _write(gguf, folder, progress or (lambda fraction, what: None))
        folder.chmod(0o755)
        if out.exists():
            shutil.rmtree(out)
        os.replace(folder, out)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _write(gguf: Path, folder: Path, progress: Progress) -> None:
    from gguf import GGUFReader

    progress(0.0, "reading the file")
    try:
        reader = GGUFReader(str(gguf))
        facts = {name: field.contents() for name, field in reader.fields.items()}
        config = _config(facts)
        tokenizer, tokenizer_config = _tokenizer(facts)
    except (ValueError, KeyError, IndexError, OSError) as error:
        raise ModelError(f"{gguf} cannot be read as a GGUF model: {type(error).__name__}: {error}") from error
    weights: dict[str, torch.Tensor] = {}
    for i, tensor in enumerate(reader.tensors):
        name, value = _tensor(tensor, config)
        weights[name] = value
        progress(0.1 + 0.8 * (i + 1) / len(reader.tensors), f"dequantising {name}")
    progress(0.95, "writing")
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    (folder / "model.safetensors").chmod(0o644)
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n")
    (folder / "tokenizer.json").write_text(tokenizer)
    (folder / "tokenizer_config.json").write_text(json.dumps(tokenizer_config, indent=2) + "\n")
    (folder / "generation_config.json").write_text(json.dumps({"eos_token_id": config["eos_token_id"]}) + "\n")
    progress(1.0, "done")


def _config(facts: Mapping[str, Any]) -> dict[str, Any]:
    if facts["general.architecture"] != "llama":
        raise ValueError(f"architecture {facts['general.architecture']}, expected llama")
    heads, width = facts["llama.attention.head_count"], facts["llama.embedding_length"]
    return {
        "architectures": ["LlamaForCausalLM"],
        "model_type": "llama",
        "hidden_size": width,
        "num_hidden_layers": facts["llama.block_count"],
        "num_attention_heads": heads,
        "num_key_value_heads": facts["llama.attention.head_count_kv"],
        "head_dim": width // heads,
        "intermediate_size": facts["llama.feed_forward_length"],
        "vocab_size": len(facts["tokenizer.ggml.tokens"]),
        "max_position_embeddings": facts["llama.context_length"],
        "rms_norm_eps": round(facts["llama.attention.layer_norm_rms_epsilon"], 12),
        "rope_parameters": {"rope_theta": facts["llama.rope.freq_base"], "rope_type": "default"},
        "hidden_act": "silu",
        "tie_word_embeddings": True,
        "bos_token_id": facts["tokenizer.ggml.bos_token_id"],
        "eos_token_id": facts["tokenizer.ggml.eos_token_id"],
        "pad_token_id": facts["tokenizer.ggml.padding_token_id"],
        "dtype": "bfloat16",
    }


def _tokenizer(facts: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """`tokenizer.json` and `tokenizer_config.json`: byte-level BPE that takes digits one by one."""
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

    if (facts["tokenizer.ggml.model"], facts["tokenizer.ggml.pre"]) != ("gpt2", "smollm"):
        raise ValueError(f"tokenizer {facts['tokenizer.ggml.model']}/{facts['tokenizer.ggml.pre']} is not known")
    tokens: list[str] = facts["tokenizer.ggml.tokens"]
    merges = [tuple(pair.split(" ")) for pair in facts["tokenizer.ggml.merges"]]
    tokenizer = Tokenizer(models.BPE({token: i for i, token in enumerate(tokens)}, merges))
    byte_level = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.Digits(individual_digits=True), byte_level])
    tokenizer.decoder = decoders.ByteLevel()
    control = [t for t, kind in zip(tokens, facts["tokenizer.ggml.token_type"], strict=True) if kind == CONTROL_TOKEN]
    tokenizer.add_special_tokens([AddedToken(token, special=True, normalized=False) for token in control])
    config = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "bos_token": tokens[facts["tokenizer.ggml.bos_token_id"]],
        "eos_token": tokens[facts["tokenizer.ggml.eos_token_id"]],
        "pad_token": tokens[facts["tokenizer.ggml.padding_token_id"]],
        "unk_token": tokens[facts["tokenizer.ggml.unknown_token_id"]],
        "model_max_length": facts["llama.context_length"],
        "clean_up_tokenization_spaces": False,
        "chat_template": facts["tokenizer.chat_template"],
    }
    return str(tokenizer.to_str()), config


def _tensor(tensor: Any, config: Mapping[str, Any]) -> tuple[str, torch.Tensor]:
    """transformers' name and the bfloat16 value, `[out, in]`, of a GGUF tensor."""
    from gguf import dequantize

    value = torch.from_numpy(dequantize(tensor.data, tensor.tensor_type).copy())
    top = {"token_embd.weight": "model.embed_tokens.weight", "output_norm.weight": "model.norm.weight"}
    if tensor.name in top:
        return top[tensor.name], value.bfloat16()
    try:
        _, layer, kind, _ = tensor.name.split(".")
        name = LAYER_NAMES[kind]
    except (ValueError, KeyError) as error:
        raise ModelError(f"the GGUF file holds a tensor `{tensor.name}`, which no Llama model has") from error
    if kind in ("attn_q", "attn_k"):
        value = _undo_rotary_order(value, config["head_dim"])
    return f"model.layers.{layer}.{name}.weight", value.bfloat16().contiguous()


def _undo_rotary_order(weight: torch.Tensor, head_dim: int) -> torch.Tensor:
    """GGUF interleaves the two halves of each head's rotary pairs; transformers keeps the halves apart."""
    out, width = weight.shape
    return weight.view(out // head_dim, head_dim // 2, 2, width).transpose(1, 2).reshape(out, width)
