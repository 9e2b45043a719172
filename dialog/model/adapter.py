"""What is trained: low-rank updates of the host, and a selector of percepts. The host itself never changes.

The updates are active wherever the rolling state is written or read: while percepts are encoded, and in the stream that
asks. With the state switched off the plain host answers, to the bit.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

from dialog.model.decoder import Dense, Shape, Weights
from streams.errors import ModelError

MAPS = ("qkv", "out", "gate_up", "down")

LATEST = 4
"""Of so many of the newest percepts the selector knows which is which: `the last three things`, `the last but one`."""


@dataclass(frozen=True, slots=True)
class AdapterShape:
    """Sizes of an adapter, stored with it."""

    host: str
    """Name of the model it was trained for."""
    layers: int
    width: int
    heads: int
    kv_heads: int
    head_dim: int
    ffn: int
    rank: int = 32
    first_site: int = 6
    """The first layer that reads the state. Below it a question is understood without the state, and on what comes out
    there the percepts that will be read are selected."""
    end_site: int = 25
    """The layer after the last that reads the state."""
    selector_dim: int = 64

    @property
    def sites(self) -> range:
        """Layers that read the state."""
        return range(self.first_site, self.end_site)


def adapter_shape(host: str, shape: Shape, **choices: Any) -> AdapterShape:
    """Sizes of an adapter for a host: a fifth of the layers before the first site, a sixth after the last."""
    first, end = round(shape.layers * 0.2), round(shape.layers * 5 / 6)
    base = AdapterShape(
        host, shape.layers, shape.width, shape.heads, shape.kv_heads, shape.head_dim, shape.ffn,
        first_site=first, end_site=end,
    )  # fmt: skip
    return replace(base, **choices)


class Updated:
    """A linear map with a low-rank update (Hu et al., LoRA, 2021): `W x + 2 B A x`."""

    __slots__ = ("a", "b", "base")

    def __init__(self, base: Dense, a: Tensor, b: Tensor) -> None:
        self.base, self.a, self.b = base, a, b

    def __call__(self, x: Tensor) -> Tensor:
        return self.base(x) + 2 * F.linear(F.linear(x, self.a.to(x.dtype)), self.b.to(x.dtype))

    def merged(self) -> Dense:
        """The map that does the same in one product, in the base's dtype and with its bias."""
        weight = self.base.weight
        update = 2 * self.b.float() @ self.a.float()
        return Dense((weight.float() + update.to(weight.device)).to(weight.dtype), self.base.bias)


class Adapter(nn.Module):
    """Trained parameters, float32 while they are trained."""

    def __init__(self, shape: AdapterShape, seed: int = 0) -> None:
        super().__init__()
        if not 0 < shape.first_site < shape.end_site <= shape.layers:
            raise ModelError(f"sites {shape.first_site} to {shape.end_site} do not fit {shape.layers} layers")
        self.shape = shape
        s, random = shape, torch.Generator().manual_seed(seed)
        q_out = (s.heads + 2 * s.kv_heads) * s.head_dim
        sizes = {
            "qkv": (s.width, q_out, 2 * s.rank),
            "out": (s.heads * s.head_dim, s.width, s.rank),
            "gate_up": (s.width, 2 * s.ffn, s.rank),
            "down": (s.ffn, s.width, s.rank),
        }
        self.update = nn.ParameterDict()
        for layer in range(s.layers):
            for name, (fan_in, fan_out, rank) in sizes.items():
                start = torch.randn(rank, fan_in, generator=random) * 0.02
                self.update[f"{layer}_{name}_a"] = nn.Parameter(start)
                self.update[f"{layer}_{name}_b"] = nn.Parameter(torch.zeros(fan_out, rank))
        self.selector = Selector(s.width, s.selector_dim, random)

    def reading(self, host: Weights) -> Weights:
        """The host with the updates applied (not merged: gradients reach them)."""
        layers = []
        for i, layer in enumerate(host.layers):
            maps: dict[str, Any] = {name: self._updated(getattr(layer, name), i, name) for name in MAPS}
            layers.append(replace(layer, **maps))
        return replace(host, layers=layers)

    def merged(self, host: Weights) -> Weights:
        """The host with the updates folded into its weights, for inference."""
        layers = []
        for layer in self.reading(host).layers:
            maps: dict[str, Any] = {name: getattr(layer, name).merged() for name in MAPS}
            layers.append(replace(layer, **maps))
        return replace(host, layers=layers)

    def _updated(self, base: Any, layer: int, name: str) -> Updated:
        return Updated(base, self.update[f"{layer}_{name}_a"], self.update[f"{layer}_{name}_b"])


class Selector(nn.Module):
    """Which percepts a question needs: late interaction of token vectors (Khattab and Zaharia, ColBERT, 2020).

    A percept's score is the sum, over the question's tokens, of the token's weight times its best match among the
    percept's tokens; plus a liking, read off the question, for what is newer or older, and for each of the newest few.
    """

    def __init__(self, width: int, dim: int, random: torch.Generator) -> None:
        super().__init__()
        start = torch.randn(dim, width, generator=random) * width**-0.5
        self.query = nn.Parameter(start.clone())
        self.key = nn.Parameter(start.clone())
        self.weight = nn.Parameter(torch.zeros(width))
        self.order = nn.Parameter(torch.zeros(2 + LATEST, width))
        self.scale = nn.Parameter(torch.tensor(1.0))

    def keys(self, x: Tensor) -> Tensor:
        """Normed hidden states at the first site `[..., width]` -> unit vectors `[..., dim]`."""
        return F.normalize(F.linear(x, self.key.to(x.dtype)).float(), dim=-1)

    def scores(self, x: Tensor, asked: Tensor, questions: int, keys: Tensor, owner: Tensor, percepts: int) -> Tensor:
        """Scores `[questions, percepts]`.

        Args:
            x: normed hidden states of all questions' tokens at the first site, `[T, width]`.
            asked: the question of each token, `[T]`.
            questions: how many there are.
            keys: vectors of all state tokens, `[M, dim]`.
            owner: the percept of each state token, `[M]`, numbered in order of time.
            percepts: how many there are.
        """
        vectors = F.normalize(F.linear(x, self.query.to(x.dtype)).float(), dim=-1)
        match = vectors @ keys.T
        index = owner[None].expand(len(x), -1)
        floor = torch.full((len(x), percepts), -1.0, device=x.device)
        best = floor.scatter_reduce(1, index, match, "amax", include_self=True)
        # Weights of a question's tokens sum to a bounded whole, so that long questions are not louder than short ones.
        loud = F.softplus(x.float() @ self.weight)
        summed = torch.zeros(questions, percepts, device=x.device).index_add(0, asked, loud[:, None] * best)
        whole = torch.zeros(questions, device=x.device).index_add(0, asked, loud)
        liking = torch.zeros(questions, 2 + LATEST, device=x.device).index_add(
            0, asked, loud[:, None] * (x.float() @ self.order.T)
        )
        rank = torch.arange(percepts, device=x.device, dtype=torch.float32)
        last = torch.arange(percepts - 1, percepts - 1 - LATEST, -1, device=x.device)
        places = torch.stack([torch.log2(percepts - rank), torch.log2(1 + rank), *(-(rank == i).float() for i in last)])
        return 16 * self.scale * summed / whole[:, None] - (liking / whole[:, None]) @ places


def save_adapter(adapter: Adapter, path: Path, notes: dict[str, str], dtype: torch.dtype = torch.bfloat16) -> None:
    """Write parameters and sizes to one safetensors file; `notes` (data, steps, scores) travel in its metadata."""
    tensors = {name: value.detach().to("cpu", dtype).contiguous() for name, value in adapter.named_parameters()}
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    save_file(tensors, partial, metadata={"adapter": json.dumps(asdict(adapter.shape)), **notes})
    partial.chmod(0o644)
    partial.replace(path)


def load_adapter(path: Path) -> tuple[Adapter, dict[str, str]]:
    """The adapter (float32) and its notes. Raises `ModelError` when the file is missing or not an adapter."""
    if not path.is_file():
        raise ModelError(f'no adapter at {path}; train one with `heed train`, or use `fusion = "prompt"`')
    try:
        with safe_open(path, "pt") as file:
            notes = dict(file.metadata() or {})
            adapter = Adapter(AdapterShape(**json.loads(notes.pop("adapter"))))
            adapter.load_state_dict({name: file.get_tensor(name).float() for name in file.keys()})  # noqa: SIM118
    except (SafetensorError, KeyError, TypeError, ValueError, RuntimeError) as error:
        raise ModelError(f"{path} is not an adapter of heed: {str(error).splitlines()[0]}") from error
    adapter.requires_grad_(False)
    return adapter, notes
