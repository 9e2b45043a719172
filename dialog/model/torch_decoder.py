"""The decoder in torch: exact, on any device, and the measure of every faster one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import torch
import torch.nn.functional as F
from torch import Tensor

from dialog.model.cache import Cache, Entries
from dialog.model.decoder import Weights, rms_norm, run_layers
from dialog.model.rotary import place_angles


class Decoder(Protocol):
    """A model in two halves: layers below `split`, and those from it on, so that the state can be chosen in between.

    Holds no state of any conversation. Every call is causal among its own tokens and sees all entries of the cache.
    """

    def cache(self, capacity: int) -> Any:
        """Entries for a new conversation."""
        ...

    def lower(self, ids: Sequence[int], positions: Sequence[int], cache: Any) -> Tensor:
        """Tokens through the first half: the residual stream `[T, width]`, float32."""
        ...

    def upper(self, hidden: Tensor, positions: Sequence[int], cache: Any) -> Tensor:
        """Through the second half: logits `[vocab]` of the last token, float32."""
        ...

    def several(self, ids: Sequence[int], positions: Sequence[int], cache: Any) -> Tensor:
        """A few tokens through both halves: logits `[T, vocab]` of each."""
        ...

    def step(self, token: int, position: int, cache: Any) -> Tensor:
        """One token through both: logits `[vocab]`."""
        ...


class TorchDecoder:
    """`Decoder` on the weights as they are."""

    def __init__(self, weights: Weights, split: int) -> None:
        self.weights, self.split = weights, split

    def cache(self, capacity: int) -> Cache:
        return Cache(self.weights.shape, capacity, self.weights.dtype, self.weights.device)

    @torch.inference_mode()
    def lower(self, ids: Sequence[int], positions: Sequence[int], cache: Entries) -> Tensor:
        x = F.embedding(torch.tensor([list(ids)], device=self.weights.device), self.weights.embed)
        return self._run(range(self.split), x, positions, cache)[0]

    @torch.inference_mode()
    def upper(self, hidden: Tensor, positions: Sequence[int], cache: Entries) -> Tensor:
        weights = self.weights
        x = self._run(range(self.split, weights.shape.layers), hidden[None].to(weights.dtype), positions, cache)
        return self._logits(x[:, -1:])[-1]

    @torch.inference_mode()
    def several(self, ids: Sequence[int], positions: Sequence[int], cache: Entries) -> Tensor:
        x = F.embedding(torch.tensor([list(ids)], device=self.weights.device), self.weights.embed)
        return self._logits(self._run(range(self.weights.shape.layers), x, positions, cache))

    def step(self, token: int, position: int, cache: Entries) -> Tensor:
        return self.upper(self.lower([token], [position], cache), [position], cache)

    def _logits(self, x: Tensor) -> Tensor:
        weights = self.weights
        normed = rms_norm(x, weights.norm, weights.shape.norm_eps)
        return weights.head(normed)[0, :, : weights.shape.vocab].float()

    def _run(self, layers: range, x: Tensor, positions: Sequence[int], cache: Entries) -> Tensor:
        shape, steps = self.weights.shape, len(positions)
        angles = place_angles(torch.tensor(list(positions)), shape.head_dim, shape.rope_theta).to(x.device)

        def attend(layer: int, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
            held = cache.lengths[layer]
            cache.put(layer, k[0], v[0])
            keys, values = cache.layer_keys(layer)[None], cache.layer_values(layer)[None]
            mask = None
            if steps > 1:
                mask = torch.full((steps, held + steps), -torch.inf, dtype=q.dtype, device=q.device).triu(held + 1)
            return F.scaled_dot_product_attention(q, keys, values, attn_mask=mask, enable_gqa=True)

        return run_layers(self.weights, layers, x, angles, attend)
