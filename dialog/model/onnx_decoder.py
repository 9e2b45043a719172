"""A decoder on onnxruntime: the fast way to one token after another on a CPU.

The model runs in two halves, so that what the upper one reads can be chosen from what the lower one computed. Weights
belong to the decoder, keys and values to a conversation. Everything a token needs is bound to fixed addresses once.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import torch
from torch import Tensor

from dialog.model.decoder import Shape, Weights
from dialog.model.machine import loading_threads
from dialog.model.onnx_graph import BITS, Built, half_graph
from dialog.model.rotary import place_angles
from streams.errors import ModelError

AHEAD = 256
"""Positions whose angles are computed at once."""


class OnnxCache:
    """Keys and values of one conversation: per layer a buffer `[1, KV, capacity, D]` float32 at a fixed address, and
    its own length (layers that read the state hold more entries than the others). Keys are rotated ones."""

    def __init__(self, shape: Shape, capacity: int) -> None:
        size = (shape.layers, 1, shape.kv_heads, capacity, shape.head_dim)
        self.keys = torch.zeros(size)
        self.values = torch.zeros(size)
        self.capacity = capacity
        self.lengths = [0] * shape.layers

    def reset(self) -> None:
        """Forget everything."""
        self.lengths = [0] * len(self.lengths)

    def put(self, layer: int, keys: Tensor, values: Tensor) -> None:
        """Append entries `[KV, n, D]` that were computed elsewhere. Raises `ModelError` when they do not fit."""
        start, end = self.lengths[layer], self.lengths[layer] + keys.shape[1]
        self.check(end)
        self.keys[layer, 0, :, start:end] = keys
        self.values[layer, 0, :, start:end] = values
        self.lengths[layer] = end

    def truncate(self, layer: int, length: int) -> None:
        """Keep the first `length` entries of a layer."""
        self.lengths[layer] = min(length, self.lengths[layer])

    def layer_keys(self, layer: int) -> Tensor:
        """The keys of a layer `[KV, length, D]`, not copied."""
        return self.keys[layer, 0, :, : self.lengths[layer]]

    def layer_values(self, layer: int) -> Tensor:
        """The values of a layer `[KV, length, D]`, not copied."""
        return self.values[layer, 0, :, : self.lengths[layer]]

    def check(self, entries: int) -> None:
        """Raise `ModelError` unless a layer can hold so many entries."""
        if entries > self.capacity:
            raise ModelError(f"the cache holds {self.capacity} entries a layer, {entries} are needed")


class OnnxDecoder:
    """A model in two halves: the layers below `split`, and those from `split` on. Holds no state of any conversation;
    safe to share between threads as long as each cache is used by one call at a time."""

    def __init__(self, weights: Weights, split: int, bits: int = 8, threads: int = 0) -> None:
        """`bits` of a weight: 8 or 4. `threads`: 0 is as many as torch uses. Raises `ModelError` for other values."""
        if bits not in BITS:
            raise ModelError(f"weights of {bits} bits are unknown; use {' or '.join(map(str, BITS))}")
        if not 0 < split < weights.shape.layers:
            raise ModelError(f"the model has {weights.shape.layers} layers and cannot be split at {split}")
        self.shape, self.split, self.bits = weights.shape, split, bits
        self.embed = weights.embed.detach().cpu()
        count = threads or torch.get_num_threads()
        with loading_threads(weights.shape.width):
            self._lower = _session(half_graph(weights, 0, split, bits, head=False), count)
            self._upper = _session(half_graph(weights, split, weights.shape.layers, bits, head=True), count)
        self._bound: WeakKeyDictionary[OnnxCache, _Bound] = WeakKeyDictionary()

    def cache(self, capacity: int) -> OnnxCache:
        """Keys and values of a new conversation."""
        return OnnxCache(self.shape, capacity)

    def lower(self, ids: Sequence[int], positions: Sequence[int], cache: OnnxCache) -> Tensor:
        """Tokens -> residual stream `[T, width]` (float32) after layer `split - 1`; extends the lower layers' cache."""
        x = self.embed[torch.tensor(ids)].float()
        out = torch.empty(len(ids), self.shape.width)
        bound = self._ready(cache)
        bound.turn(positions, bound.lower.room(cache, len(ids)))
        bound.lower.several(cache, x, out)
        return out

    def upper(self, hidden: Tensor, positions: Sequence[int], cache: OnnxCache) -> Tensor:
        """Residual stream `[T, width]` -> logits `[vocab]` (float32) of the last token; extends the upper layers'
        cache."""
        x = hidden.to("cpu", torch.float32).contiguous()
        out = torch.empty(self.shape.vocab)
        bound = self._ready(cache)
        bound.turn(positions, bound.upper.room(cache, len(x)))
        bound.upper.several(cache, x, out)
        return out

    def several(self, ids: Sequence[int], positions: Sequence[int], cache: OnnxCache) -> Tensor:
        """A few tokens through both halves: logits `[T, vocab]` (float32) of each."""
        hidden = self.lower(ids, positions, cache)
        out = torch.empty(len(ids), self.shape.vocab)
        bound = self._ready(cache)
        bound.upper.room(cache, len(ids))
        bound.upper.several(cache, hidden, out)
        return out

    def step(self, token: int, position: int, cache: OnnxCache) -> Tensor:
        """One token through both halves: logits `[vocab]` (float32) of what follows."""
        bound = self._ready(cache)
        bound.upper.room(cache, 1)
        bound.turn([position], bound.lower.room(cache, 1))
        bound.one.copy_(self.embed[token])
        bound.lower.once(cache)
        bound.upper.once(cache)
        return bound.logits.clone()

    def _ready(self, cache: OnnxCache) -> _Bound:
        bound = self._bound.get(cache)
        if bound is None:
            bound = self._bound[cache] = _Bound(self, cache)
        return bound


class _Bound:
    """One decoder on one cache: the buffers of a single token, and both halves bound to them. Keeps the cache's
    buffers, not the cache, which would otherwise never go."""

    def __init__(self, decoder: OnnxDecoder, cache: OnnxCache) -> None:
        shape = decoder.shape
        self.shape = shape
        half = shape.head_dim // 2
        # As many rows as the cache has entries: the operator asks for it, although only the first T are read.
        self.cos = np.zeros((cache.capacity, half), np.float32)
        self.sin = np.zeros((cache.capacity, half), np.float32)
        self.places = np.arange(cache.capacity, dtype=np.int64)[None]
        self.one = torch.zeros(shape.width)
        self.middle = torch.zeros(shape.width)
        self.logits = torch.zeros(shape.vocab)
        below, above = range(decoder.split), range(decoder.split, shape.layers)
        self.lower = _Half(self, decoder._lower, cache, below, (self.one, self.middle))
        self.upper = _Half(self, decoder._upper, cache, above, (self.middle, self.logits))
        self._base = 0
        self._cos, self._sin = self._angles(range(AHEAD))

    def turn(self, positions: Sequence[int], tokens: int) -> None:
        """Put the cosines and sines of the tokens' positions where the graph reads them."""
        if tokens > 1:
            self.cos[:tokens], self.sin[:tokens] = self._angles(positions)
            return
        at = positions[0] - self._base
        if not 0 <= at < AHEAD:
            self._base, at = positions[0], 0
            self._cos, self._sin = self._angles(range(self._base, self._base + AHEAD))
        self.cos[0], self.sin[0] = self._cos[at], self._sin[at]

    def _angles(self, positions: Sequence[int]) -> tuple[Any, Any]:
        angles = place_angles(torch.tensor(positions), self.shape.head_dim, self.shape.rope_theta)
        return angles.cos().float().numpy(), angles.sin().float().numpy()


class _Half:
    """One half bound to a cache: once for single tokens, and once more for several."""

    def __init__(
        self, bound: _Bound, session: Any, cache: OnnxCache, layers: range, ends: tuple[Tensor, Tensor]
    ) -> None:
        self.session, self.layers = session, layers
        self.keys, self.values, self.places = cache.keys, cache.values, bound.places
        self.head = layers.stop == bound.shape.layers
        self.newest = np.array([-1], np.int64)
        self.last = np.zeros(len(layers), np.int32)
        self.total = np.zeros(len(layers), np.int32)
        self._single, self._many = (self._bind(bound) for _ in range(2))
        self._ends(self._single, *ends)

    def room(self, cache: OnnxCache, tokens: int) -> int:
        """The number of tokens. Raises `ModelError` unless the cache has room for them."""
        cache.check(max(cache.lengths[self.layers.start : self.layers.stop]) + tokens)
        return tokens

    def once(self, cache: OnnxCache) -> None:
        """Run on the token whose embedding or residual stream is in the bound buffer."""
        self._run(self._single, cache, 1)

    def several(self, cache: OnnxCache, x: Tensor, out: Tensor) -> None:
        """Run on tokens `[T, width]`, into `out`."""
        self._ends(self._many, x, out)
        self._run(self._many, cache, len(x))

    def _run(self, binding: Any, cache: OnnxCache, tokens: int) -> None:
        within = slice(self.layers.start, self.layers.stop)
        grown = [length + tokens for length in cache.lengths[within]]
        self.total[:] = grown
        np.subtract(self.total, 1, out=self.last)
        self.session.run_with_iobinding(binding)
        cache.lengths[within] = grown

    def _bind(self, bound: _Bound) -> Any:
        binding = self.session.io_binding()
        size = list(self.keys.shape[1:])
        for name, rows in (("cos", bound.cos), ("sin", bound.sin)):
            binding.bind_input(name, "cpu", 0, np.float32, list(rows.shape), rows.ctypes.data)
        for i, l in enumerate(self.layers):
            for kind, held in (("keys", self.keys[l]), ("values", self.values[l])):
                binding.bind_input(f"{kind}_{l}", "cpu", 0, np.float32, size, held.data_ptr())
                binding.bind_output(f"{kind}_{l}_out", "cpu", 0, np.float32, size, held.data_ptr())
            binding.bind_input(f"last_{l}", "cpu", 0, np.int32, [1], self.last[i:].ctypes.data)
            binding.bind_input(f"total_{l}", "cpu", 0, np.int32, [], self.total[i:].ctypes.data)
        return binding

    def _ends(self, binding: Any, x: Tensor, out: Tensor) -> None:
        """Bind where the tokens come from and where the result goes. Both must live as long as they are used."""
        width = x.shape[-1]
        tokens = x.numel() // width
        binding.bind_input("hidden", "cpu", 0, np.float32, [1, tokens, width], x.data_ptr())
        binding.bind_input("place", "cpu", 0, np.int64, [1, tokens], self.places.ctypes.data)
        rows = out.shape[0] if out.dim() == 2 else 1
        if self.head:
            wanted = self.places[0] if out.dim() == 2 else self.newest
            binding.bind_input("rows", "cpu", 0, np.int64, [rows], wanted.ctypes.data)
        binding.bind_output("out", "cpu", 0, np.float32, [1, rows, out.shape[-1]], out.data_ptr())


def _session(built: Built, threads: int) -> Any:
    """A model made ready to run; weights are brought into the kernels' own order here."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    # Threads spin while a run lasts (waking them costs more than most of the operators) and stop with it: else those
    # of one half would keep the other from the cores, and an agent that does nothing would burn them.
    options.add_session_config_entry("session.force_spinning_stop", "1")
    held = [onnxruntime.OrtValue.ortvalue_from_numpy(value) for value in built.weights.values()]
    options.add_external_initializers(list(built.weights), held)
    return onnxruntime.InferenceSession(built.model, options, providers=["CPUExecutionProvider"])
