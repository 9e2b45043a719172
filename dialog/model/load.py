"""Loading a Llama-family model from a transformers folder, in a second or two, without transformers."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from tokenizers import Tokenizer
from torch import Tensor

from dialog.model.decoder import Dense, Layer, Shape, Weights
from streams.errors import ModelError

DTYPES = {"float32": torch.float32, "bfloat16": torch.bfloat16, "float16": torch.float16}


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
    """Read config, weights and tokenizer of a Llama-family model from a transformers folder.

    `dtype` defaults to bfloat16. Raises `ModelError` when the folder is missing, damaged or of another family.
    """
    at = pick_device(device)
    config = read_config(folder)
    shape = read_shape(config, folder)
    try:
        tokenizer = _tokenizer(folder / "tokenizer.json")
        weights = _weights(_tensors(folder, at, dtype or torch.bfloat16), shape)
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


def read_shape(config: dict[str, Any], folder: Path) -> Shape:
    """Sizes from a transformers config; `ModelError` when the model is not of the plain Llama family."""
    if config.get("model_type") != "llama" or config.get("attention_bias") or config.get("mlp_bias"):
        kind = config.get("model_type")
        raise ModelError(f'{folder} holds a "{kind}" model, which has no adapter; use fusion = "prompt"')
    rope = config.get("rope_parameters") or config.get("rope_scaling") or {}
    if rope.get("rope_type", rope.get("type", "default")) != "default":
        raise ModelError(f'{folder} stretches its positions ({rope}); use fusion = "prompt"')
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
        context=config.get("max_position_embeddings", 2048),
    )


def _tensors(folder: Path, device: torch.device, dtype: torch.dtype) -> dict[str, Tensor]:
    found: dict[str, Tensor] = {}
    for path in sorted(folder.glob("*.safetensors")):
        with safe_open(path, "pt", device=str(device)) as file:
            found.update({name: file.get_tensor(name).to(dtype) for name in file.keys()})  # noqa: SIM118
    if not found:
        raise ModelError(f"{folder} holds no .safetensors weights; pull the model again with `heed models pull`")
    return found


def _weights(tensors: dict[str, Tensor], shape: Shape) -> Weights:
    layers = []
    for i in range(shape.layers):
        at = f"model.layers.{i}."
        qkv = torch.cat([tensors.pop(f"{at}self_attn.{n}_proj.weight") for n in "qkv"])
        gate_up = torch.cat([tensors.pop(f"{at}mlp.{n}_proj.weight") for n in ("gate", "up")])
        layers.append(
            Layer(
                tensors.pop(f"{at}input_layernorm.weight"),
                Dense(qkv),
                Dense(tensors.pop(f"{at}self_attn.o_proj.weight")),
                tensors.pop(f"{at}post_attention_layernorm.weight"),
                Dense(gate_up),
                Dense(tensors.pop(f"{at}mlp.down_proj.weight")),
            )
        )
    embed = tensors["model.embed_tokens.weight"]
    return Weights(shape, embed, layers, tensors["model.norm.weight"], Dense(tensors.get("lm_head.weight", embed)))
