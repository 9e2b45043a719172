"""What is trained: low-rank updates of the host, percept keys and gates. The host itself never changes.

The updates are active only in the stream that asks (question and answer). Percepts are encoded by the plain host, and
with the state switched off the plain host answers, to the bit.
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

from dialog.model.decoder import Dense, Shape, Weights, rms_norm
from dialog.model.rotary import time_angles, turn, turn_by
from streams.errors import ModelError

MAPS = ("qkv", "out", "gate_up", "down")


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
    rank: int = 16
    percept_dim: int = 32
    """Size of a percept key per group of heads; the first half turns with time, the second does not. 0: none."""
    sites: tuple[int, ...] = ()
    """Layers that read the state."""
    taps: tuple[int, int] = (12, 24)
    """Layers whose output describes a percept: the mean over its tokens of one, the last token of the other."""


def adapter_shape(host: str, shape: Shape, **choices: Any) -> AdapterShape:
    """Sizes of an adapter for a host: by default every layer is a site."""
    taps = (round(shape.layers * 0.4), round(shape.layers * 0.8))
    base = AdapterShape(
        host, shape.layers, shape.width, shape.heads, shape.kv_heads, shape.head_dim, shape.ffn, taps=taps,
        sites=tuple(range(shape.layers)),
    )  # fmt: skip
    return replace(base, **choices)


class Updated:
    """A linear map with a low-rank update (Hu et al., LoRA, 2021): `W x + 2 B A x`."""

    __slots__ = ("a", "b", "base")

    def __init__(self, base: Dense, a: Tensor, b: Tensor) -> None:
        self.base, self.a, self.b = base, a, b

    def __call__(self, x: Tensor) -> Tensor:
        return self.base(x) + 2 * F.linear(F.linear(x, self.a.to(x.dtype)), self.b.to(x.dtype))

    def merged(self) -> Tensor:
        """The weight that does the same in one product, in the base's dtype."""
        update = 2 * self.b.float() @ self.a.float()
        return (self.base.weight.float() + update.to(self.base.weight.device)).to(self.base.weight.dtype)


class Adapter(nn.Module):
    """Trained parameters, float32 while they are trained."""

    def __init__(self, shape: AdapterShape, seed: int = 0) -> None:
        super().__init__()
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
        keys, wide = s.kv_heads * s.percept_dim, 2 * s.width
        self.gate = nn.Parameter(torch.zeros(s.layers, s.heads))
        self.gain = nn.Parameter(torch.ones(s.layers, s.heads))
        self.percept_key = nn.Parameter(torch.randn(len(s.sites), keys, wide, generator=random) * 0.02)
        self.percept_query = nn.Parameter(torch.randn(len(s.sites), keys, s.width, generator=random) * 0.02)

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
            maps: dict[str, Any] = {name: Dense(getattr(layer, name).merged()) for name in MAPS}
            layers.append(replace(layer, **maps))
        return replace(host, layers=layers)

    def percept_keys(self, summary: Tensor, t_ns: Tensor) -> Tensor:
        """Summaries `[N, 2 width]` and times `[N]` of percepts -> keys `[sites, KV, N, P]`, turned to their times."""
        s = self.shape
        keys = torch.einsum("nw,skw->snk", summary, self.percept_key.to(summary.dtype))
        keys = keys.unflatten(-1, (s.kv_heads, s.percept_dim)).transpose(1, 2)
        return self._turned(keys, t_ns)

    def now_turn(self, now_ns: Tensor, like: Tensor) -> tuple[Tensor, Tensor]:
        """Cosines and sines `[B, 1, 1, P/4]` by which queries are turned to now, `now_ns` `[B]`."""
        angles = time_angles(now_ns[:, None, None], self.shape.percept_dim // 4)
        return angles.cos().to(like), angles.sin().to(like)

    def percept_query_of(self, site: int, x: Tensor, now: tuple[Tensor, Tensor]) -> Tensor:
        """Normed hidden states `[B, T, width]` at a site -> queries `[B, H, T, P]`, turned by `now_turn`."""
        s = self.shape
        q = F.linear(x, self.percept_query[site].to(x.dtype))
        q = q.unflatten(-1, (s.kv_heads, s.percept_dim)).transpose(1, 2)
        half = s.percept_dim // 2
        if half:
            q = torch.cat([turn_by(q[..., :half], *now), q[..., half:]], dim=-1)
        gain = self.gain[s.sites[site]].to(x.dtype) * max(s.percept_dim, 1) ** -0.5
        return (q[:, :, None] * gain.view(s.kv_heads, -1, 1, 1)).flatten(1, 2)

    def _turned(self, x: Tensor, t_ns: Tensor) -> Tensor:
        half = self.shape.percept_dim // 2
        if half == 0:
            return x
        return torch.cat([turn(x[..., :half], time_angles(t_ns, half // 2)), x[..., half:]], dim=-1)

    def _updated(self, base: Any, layer: int, name: str) -> Updated:
        return Updated(base, self.update[f"{layer}_{name}_a"], self.update[f"{layer}_{name}_b"])


def summarise(middle: Tensor, late: Tensor, lengths: Tensor, eps: float) -> Tensor:
    """Hidden states of percepts `[N, T, width]` at the taps, and their lengths `[N]` -> summaries `[N, 2 width]`."""
    present = (torch.arange(middle.shape[1], device=middle.device)[None] < lengths[:, None])[..., None]
    mean = (middle * present).sum(1) / lengths[:, None]
    last = late[torch.arange(len(lengths), device=late.device), lengths - 1]
    one = torch.ones(middle.shape[-1], dtype=middle.dtype, device=middle.device)
    return torch.cat([rms_norm(mean, one, eps), rms_norm(last, one, eps)], dim=-1)


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
            stored = json.loads(notes.pop("adapter"))
            stored["sites"], stored["taps"] = tuple(stored["sites"]), tuple(stored["taps"])
            adapter = Adapter(AdapterShape(**stored))
            adapter.load_state_dict({name: file.get_tensor(name).float() for name in file.keys()})  # noqa: SIM118
    except (SafetensorError, KeyError, TypeError, ValueError, RuntimeError) as error:
        raise ModelError(f"{path} is not an adapter of heed: {str(error).splitlines()[0]}") from error
    adapter.requires_grad_(False)
    return adapter, notes
