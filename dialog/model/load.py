"""Loading a model of the Llama kind from a transformers folder, in a second or two, without transformers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from tokenizers import Tokenizer
from torch import Tensor

from dialog.model.chat import END, START
from dialog.model.decoder import Dense, Layer, Shape, Weights
from streams.errors import ModelError

DTYPES = {"float32": torch.float32, "bfloat16": torch.bfloat16, "float16": torch.float16}

FAMILIES = ("llama", "mistral", "qwen2", "qwen3")
"""Kinds of model (`model_type` of transformers) that the decoder computes, and that can have an adapter."""

STATE_SPAN = 1024
"""Positions before a prompt that what is read of the state may take."""


@dataclass(frozen=True, slots=True)
class Extras:
    """What a layer has beyond its weights and its two norms."""

    qkv_bias: bool = False
    out_bias: bool = False
    ffn_bias: bool = False
    head_norms: bool = False


@dataclass(frozen=True, slots=True)
class Host:
    """A language model as it is on disk: weights and tokenizer. Shared by all conversations."""

    name: str
    weights: Weights
    tokenizer: Tokenizer

    def encode(self, text: str) -> list[int]:
        """Token ids of a text, without added ones; marks such as `<|im_end|>` are read as marks."""
        return list(self.tokenizer.encode(text, add_special_tokens=False).ids)

    def decode(self, ids: list[int]) -> str:
        """The text of token ids, marks left out."""
        return str(self.tokenizer.decode(ids, skip_special_tokens=True))


def pick_device(device: str) -> torch.device:
    """`auto` is CUDA where there is one, else the CPU. Raises `ModelError` for a device that is not there."""
    if device == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    if device.startswith("cuda") and not torch.cuda.is_available():
        raise ModelError(
            f'device "{device}" is asked for, but this machine has no usable CUDA GPU; use "auto" or "cpu"'
        )
    try:
        return torch.device(device)
    except RuntimeError as error:
        raise ModelError(f'unknown device "{device}"; use "auto", "cpu" or "cuda"') from error


def load_host(folder: Path, device: str = "auto", dtype: torch.dtype | None = None) -> Host:
    """Read config, weights and tokenizer of a model of one of `FAMILIES` from a transformers folder.

    `dtype` defaults to bfloat16. Raises `ModelError` when the folder is missing, damaged, of another family, or when
    the model does not know the marks in which conversations are written.
    """
    at = pick_device(device)
    config = read_config(folder)
    shape, extras = read_shape(config, folder), read_extras(config)
    try:
        tokenizer = _tokenizer(folder / "tokenizer.json")
        start, end = (tokenizer.token_to_id(mark) for mark in (START, END))
        if start is None or end is None:
            raise ModelError(
                f'{folder} can have no adapter, its tokenizer lacks {START} or {END}; use fusion = "prompt"'
            )
        # What ends a turn is what ends an answer: a base model's config has the end of a document there.
        weights = _weights(_tensors(folder, at, dtype or torch.bfloat16), replace(shape, end_token=end), extras)
    except KeyError as error:
        raise ModelError(f"{folder} lacks the tensor {error}; pull the model again with `heed models pull`") from error
    except (OSError, SafetensorError, ValueError) as error:
        raise ModelError(f"{folder} cannot be read as a model: {str(error).splitlines()[0]}") from error
    return Host(folder.name, weights, tokenizer)


def _tokenizer(path: Path) -> Tokenizer:
    text = path.read_text()
    if "model" not in json.loads(text):
        raise ValueError(f"{path.name} is not a tokenizer")
    return Tokenizer.from_str(text)


def read_config(folder: Path) -> dict[str, Any]:
    """The folder's `config.json`."""
    try:
        return dict(json.loads((folder / "config.json").read_text()))
    except (OSError, ValueError) as error:
        raise ModelError(f"no language model at {folder}; fetch it with `heed models pull`") from error


def read_width(folder: Path) -> int:
    """The width of the model in a transformers folder; 0 where its `config.json` does not say. Raises `ModelError`."""
    width = read_config(folder).get("hidden_size")
    return width if isinstance(width, int) else 0


def read_shape(config: dict[str, Any], folder: Path) -> Shape:
    """Sizes from a transformers config; `ModelError` when the decoder does not compute such a model."""
    kind = config.get("model_type")
    if kind not in FAMILIES:
        raise ModelError(
            f'{folder} holds a "{kind}" model, which can have no adapter ({", ".join(FAMILIES)} can); '
            'use fusion = "prompt"'
        )
    activation = config.get("hidden_act", "silu")
    if activation != "silu":
        raise ModelError(f'{folder} has the activation "{activation}", only "silu" is known; use fusion = "prompt"')
    rope = config.get("rope_parameters") or config.get("rope_scaling") or {}
    turned = rope.get("partial_rotary_factor", config.get("partial_rotary_factor")) or 1.0
    if rope.get("rope_type", rope.get("type", "default")) != "default" or turned != 1.0:
        raise ModelError(f'{folder} has positions of a kind of its own ({rope}); use fusion = "prompt"')
    heads, end = config["num_attention_heads"], config.get("eos_token_id")
    return Shape(
        layers=config["num_hidden_layers"],
        width=config["hidden_size"],
        heads=heads,
        kv_heads=config.get("num_key_value_heads") or heads,
        head_dim=config.get("head_dim") or config["hidden_size"] // heads,
        ffn=config["intermediate_size"],
        vocab=config["vocab_size"],
        norm_eps=config.get("rms_norm_eps", 1e-6),
        rope_theta=float(rope.get("rope_theta", config.get("rope_theta", 10000.0))),
        end_token=end[0] if isinstance(end, list) else int(end or 0),
        context=min(config.get("max_position_embeddings", 2048), _window(config, folder) - STATE_SPAN),
    )


def read_extras(config: dict[str, Any]) -> Extras:
    """Biases and norms of a model of one of `FAMILIES`."""
    kind, attention = config["model_type"], bool(config.get("attention_bias"))
    if kind == "llama":
        return Extras(attention, attention, bool(config.get("mlp_bias")))
    if kind == "qwen2":
        return Extras(qkv_bias=True)
    if kind == "qwen3":
        return Extras(attention, attention, head_norms=True)
    return Extras()


def _window(config: dict[str, Any], folder: Path) -> int:
    """How far back every layer sees, in positions: where it sees all, more than any context. Raises `ModelError` when
    a sliding window leaves too little room beside the state."""
    everything = 1 << 40
    if config["model_type"] == "mistral":
        window = config.get("sliding_window", 4096) or everything  # transformers' default, where nothing is said
    elif config["model_type"] in ("qwen2", "qwen3") and config.get("use_sliding_window"):
        window = config.get("sliding_window", 4096) or everything
    else:
        window = everything
    if window < 2 * STATE_SPAN:
        raise ModelError(
            f"{folder} sees {window} tokens back, fewer than the {2 * STATE_SPAN} of a state and a question; "
            'use fusion = "prompt"'
        )
    return int(window)


def _tensors(folder: Path, device: torch.device, dtype: torch.dtype) -> dict[str, Tensor]:
    found: dict[str, Tensor] = {}
    for path in sorted(folder.glob("*.safetensors")):
        with safe_open(path, "pt", device=str(device)) as file:
            found.update({name: file.get_tensor(name).to(dtype) for name in file.keys()})  # noqa: SIM118
    if not found:
        raise ModelError(f"{folder} holds no .safetensors weights; pull the model again with `heed models pull`")
    return found


def _weights(tensors: dict[str, Tensor], shape: Shape, extras: Extras) -> Weights:
    """Raises `KeyError` for a tensor that is missing, `ValueError` for one of other sizes or without a use here."""
    attended, width, ffn = shape.heads * shape.head_dim, shape.width, shape.ffn
    read = attended + 2 * shape.kv_heads * shape.head_dim
    layers = []
    for i in range(shape.layers):
        at = f"model.layers.{i}."
        q_norm, k_norm = (
            tensors.pop(f"{at}self_attn.{name}_norm.weight") if extras.head_norms else None for name in "qk"
        )
        layers.append(
            Layer(
                tensors.pop(f"{at}input_layernorm.weight"),
                _dense(tensors, f"{at}self_attn.", ("q", "k", "v"), (read, width), extras.qkv_bias),
                _dense(tensors, f"{at}self_attn.", ("o",), (width, attended), extras.out_bias),
                tensors.pop(f"{at}post_attention_layernorm.weight"),
                _dense(tensors, f"{at}mlp.", ("gate", "up"), (2 * ffn, width), extras.ffn_bias),
                _dense(tensors, f"{at}mlp.", ("down",), (width, ffn), extras.ffn_bias),
                q_norm,
                k_norm,
            )
        )
    # Angles of the positions lie in the files of some older models; here they are computed.
    unused = [n for n in tensors if n.startswith("model.layers.") and not n.endswith(".rotary_emb.inv_freq")]
    if unused:
        raise ValueError(f"{len(unused)} tensors have no place in a model of this kind, such as {unused[0]}")
    embed = tensors["model.embed_tokens.weight"]
    return Weights(shape, embed, layers, tensors["model.norm.weight"], Dense(tensors.get("lm_head.weight", embed)))


def _dense(tensors: dict[str, Tensor], at: str, names: Sequence[str], size: tuple[int, int], bias: bool) -> Dense:
    """Take the linear maps of these names and put them together into one of `size` (out, in)."""

    def joined(part: str) -> Tensor:
        found = [tensors.pop(f"{at}{name}_proj.{part}") for name in names]
        return found[0] if len(found) == 1 else torch.cat(found)

    weight = joined("weight")
    if weight.shape != size:
        raise ValueError(f"{at}{names[0]}_proj and its like are {tuple(weight.shape)}, by config.json {size}")
    return Dense(weight, joined("bias") if bias else None)
