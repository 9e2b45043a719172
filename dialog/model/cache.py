"""Keys and values of one conversation, at fixed addresses: the state that belongs to a stream."""

from __future__ import annotations

from typing import Protocol

import torch
from torch import Tensor

from dialog.model.decoder import Shape


class Entries(Protocol):
    """What attention reads at each layer: entries of the rolling state, and of the conversation's own tokens.

    Both are ordinary keys and values in one row, so that one softmax weighs them against each other. A layer that reads
    no state holds fewer. All `[KV, n, D]`, keys turned to their positions.
    """

    lengths: list[int]
    capacity: int

    def reset(self) -> None: ...

    def put(self, layer: int, keys: Tensor, values: Tensor) -> None:
        """Append entries."""
        ...

    def truncate(self, layer: int, length: int) -> None:
        """Keep the first `length` entries."""
        ...

    def layer_keys(self, layer: int) -> Tensor: ...

    def layer_values(self, layer: int) -> Tensor: ...


class Cache:
    """Entries in torch tensors, for `TorchDecoder`."""

    def __init__(self, shape: Shape, capacity: int, dtype: torch.dtype, device: torch.device) -> None:
        size = (shape.layers, shape.kv_heads, capacity, shape.head_dim)
        self._keys = torch.zeros(size, dtype=dtype, device=device)
        self._values = torch.zeros_like(self._keys)
        self.capacity = capacity
        self.lengths = [0] * shape.layers

    def reset(self) -> None:
        """Forget everything."""
        self.lengths = [0] * len(self.lengths)

    def put(self, layer: int, keys: Tensor, values: Tensor) -> None:
        """Append entries `[KV, n, D]`."""
        start = self.lengths[layer]
        end = start + keys.shape[1]
        if end > self.capacity:
            raise ValueError(f"{end} entries do not fit into a cache of {self.capacity}")
        self._keys[layer, :, start:end] = keys
        self._values[layer, :, start:end] = values
        self.lengths[layer] = end

    def truncate(self, layer: int, length: int) -> None:
        """Keep the first `length` entries."""
        self.lengths[layer] = min(length, self.lengths[layer])

    def layer_keys(self, layer: int) -> Tensor:
        """Entries so far, `[KV, n, D]`."""
        return self._keys[layer, :, : self.lengths[layer]]

    def layer_values(self, layer: int) -> Tensor:
        """Entries so far, `[KV, n, D]`."""
        return self._values[layer, :, : self.lengths[layer]]
