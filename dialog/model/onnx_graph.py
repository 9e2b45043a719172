"""Half of a decoder as an ONNX graph with weights of 4 or 8 bits, made in memory.

The operators of the `com.microsoft` domain are used because their CPU kernels do in one node what torch does in ten:
about ten nodes a layer are left. Weights are rounded in blocks along the input axis, activations to 8 bits in the same
blocks as they come, so that one outlier spoils only the block it stands in.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from dialog.model.decoder import Layer, Shape, Weights

BITS = (4, 8)
BLOCK = 32
OPSET, IR_VERSION = 21, 10
DOMAIN = "com.microsoft"
ROWS = 1024
"""Outputs rounded at a time: few enough to stay in the processor's own memory."""
INT8_ACTIVATIONS = 4
"""The operator's `accuracy_level` at which activations are rounded to 8 bits a block."""


@dataclass(frozen=True, slots=True)
class Rounded:
    """A weight `[N, K]` in blocks along K, as the operator takes it."""

    blocks: NDArray[np.uint8]
    """`[N, ceil(K / block), block * bits / 8]`."""
    scales: NDArray[np.float32]
    """`[N, ceil(K / block)]`."""
    zeros: NDArray[np.uint8] | None
    """The value that stands for 0, per block, two in a byte; None: the middle of the range."""


def round_weight(weight: Tensor, bits: int, block: int = BLOCK) -> Rounded:
    """Round a weight `[N, K]`: to 8 bits around zero, to 4 bits between the ends of each block."""
    n, k = weight.shape
    count = -(-k // block)
    blocks = np.empty((n, count, block * bits // 8), np.uint8)
    scales = np.empty((n, count), np.float32)
    zeros = None if bits == 8 else np.empty((n, -(-count // 2)), np.uint8)
    for start in range(0, n, ROWS):
        rows = slice(start, start + ROWS)
        part = weight[rows].detach().to("cpu", torch.float32)
        parts = torch.nn.functional.pad(part, (0, -k % block)).view(len(part), count, block)
        if zeros is None:
            scale = (parts.abs().amax(-1) / 127).clamp_min(1e-12)
            blocks[rows] = parts.div(scale[..., None]).round_().add_(128).to(torch.uint8).numpy()
        else:
            low, high = parts.amin(-1).clamp_max(0), parts.amax(-1).clamp_min(0)
            scale = ((high - low) / 15).clamp_min(1e-12)
            zero = (-low / scale).round().clamp(0, 15)
            whole = parts.div(scale[..., None]).round_().add_(zero[..., None]).clamp_(0, 15)
            blocks[rows] = _pairs(whole.to(torch.uint8)).numpy()
            zeros[rows] = _pairs(zero.to(torch.uint8)).numpy()
        scales[rows] = scale.numpy()
    return Rounded(blocks, scales, zeros)


def _pairs(values: Tensor) -> Tensor:
    """Numbers below 16 `[..., n]` -> two in a byte `[..., ceil(n / 2)]`, the first in the low half."""
    even = torch.nn.functional.pad(values, (0, values.shape[-1] % 2))
    return even[..., 0::2] | (even[..., 1::2] << 4)


@dataclass(frozen=True, slots=True)
class Built:
    """A graph without its weights, and these beside it: so they need not be copied into a file and out of it."""

    model: bytes
    weights: dict[str, NDArray[Any]]


def half_graph(weights: Weights, first: int, last: int, bits: int, head: bool) -> Built:
    """The layers `first` to `last` (exclusive), and with `head` the final norm and the logits of some of the tokens.

    Inputs: `hidden` `[1, T, width]`, `cos` and `sin` `[capacity, D / 2]` of the T tokens, `place` `[1, T]` (their rows
    in these), and for each layer `l` `keys_l`, `values_l` `[1, KV, capacity, D]`, `last_l` `[1]` (index of the newest
    entry) and `total_l` (entries); with `head` also `rows` `[R]`, the tokens whose logits are wanted. Outputs: `out`
    (`[1, T, width]`, or logits `[1, R, vocab]`) and `keys_l_out`, `values_l_out`, to be bound to the same memory as the
    inputs.
    """
    graph = _Graph(weights.shape, bits)
    graph.inputs(first, last, head)
    stream, added = "hidden", ""
    for index in range(first, last):
        stream, added = graph.layer(index, weights.layers[index], stream, added)
    if head:
        stream, added = graph.wanted(stream), graph.wanted(added)
        normed, _ = graph.norm("final", weights.norm, stream, added)
        graph.linear("head", weights.head, normed, "out")
    else:
        graph.node("Add", [stream, added], ["out"])
    return Built(graph.model(["out"], first, last), graph.weights)


@dataclass(slots=True)
class _Graph:
    """A graph in the making."""

    shape: Shape
    bits: int
    nodes: list[Any] = field(default_factory=list)
    constants: list[Any] = field(default_factory=list)
    feeds: list[Any] = field(default_factory=list)
    weights: dict[str, NDArray[Any]] = field(default_factory=dict)

    def node(self, kind: str, inputs: list[str], outputs: list[str], domain: str = "", **attributes: Any) -> None:
        from onnx import helper

        self.nodes.append(helper.make_node(kind, inputs, outputs, domain=domain, **attributes))

    def constant(self, name: str, value: NDArray[Any]) -> str:
        from onnx import numpy_helper

        self.constants.append(numpy_helper.from_array(value, name))
        return name

    def weight(self, name: str, value: NDArray[Any]) -> str:
        """A constant whose values are handed over beside the graph."""
        from onnx import TensorProto, helper

        kind = helper.np_dtype_to_tensor_dtype(value.dtype)
        tensor = TensorProto(name=name, data_type=kind, dims=value.shape, data_location=TensorProto.EXTERNAL)
        tensor.external_data.add(key="location", value="memory")
        self.constants.append(tensor)
        self.weights[name] = value
        return name

    def inputs(self, first: int, last: int, head: bool) -> None:
        from onnx import TensorProto as T
        from onnx import helper

        s, half = self.shape, self.shape.head_dim // 2
        wanted: list[tuple[str, int, list[Any]]] = [
            ("hidden", T.FLOAT, [1, "tokens", s.width]),
            ("cos", T.FLOAT, ["places", half]),
            ("sin", T.FLOAT, ["places", half]),
            ("place", T.INT64, [1, "tokens"]),
        ]
        if head:
            wanted.append(("rows", T.INT64, ["wanted"]))
        for l in range(first, last):
            cache = [1, s.kv_heads, "capacity", s.head_dim]
            wanted += [(f"keys_{l}", T.FLOAT, cache), (f"values_{l}", T.FLOAT, cache)]
            wanted += [(f"last_{l}", T.INT32, [1]), (f"total_{l}", T.INT32, [])]
        self.feeds = [helper.make_tensor_value_info(*one) for one in wanted]

    def norm(self, name: str, weight: Tensor, stream: str, added: str) -> tuple[str, str]:
        """The norm of `stream + added` and that sum."""
        gain = self.constant(f"{name}_gain", _floats(weight))
        normed, total = f"{name}_normed", f"{name}_sum"
        eps = self.shape.norm_eps
        if not added:
            self.node("SimplifiedLayerNormalization", [stream, gain], [normed], axis=-1, epsilon=eps, stash_type=1)
            return normed, stream
        outputs = [normed, "", "", total]
        self.node("SkipSimplifiedLayerNormalization", [added, stream, gain], outputs, DOMAIN, epsilon=eps)
        return normed, total

    def linear(self, name: str, dense: Any, x: str, out: str) -> str:
        weight: Tensor = dense.weight
        rounded = round_weight(weight, self.bits)
        n, k = weight.shape
        inputs = [x, self.weight(f"{name}_blocks", rounded.blocks), self.weight(f"{name}_scales", rounded.scales)]
        if rounded.zeros is not None:
            inputs.append(self.weight(f"{name}_zeros", rounded.zeros))
        if dense.bias is not None:
            inputs += [""] * (5 - len(inputs)) + [self.constant(f"{name}_bias", _floats(dense.bias))]
        self.node(
            "MatMulNBits", inputs, [out], DOMAIN, N=n, K=k, bits=self.bits, block_size=BLOCK,
            accuracy_level=INT8_ACTIVATIONS,
        )  # fmt: skip
        return out

    def layer(self, index: int, layer: Layer, stream: str, added: str) -> tuple[str, str]:
        """One block; returns the residual stream and what is still to be added to it."""
        s, l = self.shape, index
        x, stream = self.norm(f"a{l}", layer.attention_norm, stream, added)
        qkv = self.linear(f"qkv{l}", layer.qkv, x, f"qkv{l}")
        turns = s.head_dim % 16 == 0  # the sizes for which the operator turns queries and keys itself
        normed = self.head_norms(layer, qkv, l)
        inputs = (normed or [qkv, "", ""]) if turns else self.turned(normed or self.apart(qkv, l), l)
        inputs += [f"keys_{l}", f"values_{l}", f"last_{l}", f"total_{l}"] + ["cos", "sin", "place"] * turns
        outputs = [f"attended{l}", f"keys_{l}_out", f"values_{l}_out"]
        sizes = {"num_heads": s.heads, "kv_num_heads": s.kv_heads}
        self.node("GroupQueryAttention", inputs, outputs, DOMAIN, do_rotary=int(turns), **sizes)
        added = self.linear(f"out{l}", layer.out, f"attended{l}", f"out{l}")
        x, stream = self.norm(f"f{l}", layer.ffn_norm, stream, added)
        both = self.linear(f"gate_up{l}", layer.gate_up, x, f"gate_up{l}")
        gate, up = f"gate{l}", f"up{l}"
        self.node("Split", [both], [gate, up], axis=-1, num_outputs=2)
        self.node("QuickGelu", [gate], [f"silu{l}"], DOMAIN, alpha=1.0)
        self.node("Mul", [f"silu{l}", up], [f"ffn{l}"])
        return stream, self.linear(f"down{l}", layer.down, f"ffn{l}", f"down{l}")

    def apart(self, qkv: str, l: int) -> list[str]:
        """Fused projections -> queries, keys and values."""
        s, parts = self.shape, [f"q{l}", f"k{l}", f"v{l}"]
        sizes = np.array([s.heads, s.kv_heads, s.kv_heads], dtype=np.int64) * s.head_dim
        self.node("Split", [qkv, self.constant(f"sizes{l}", sizes)], parts, axis=-1)
        return parts

    def head_norms(self, layer: Layer, qkv: str, l: int) -> list[str]:
        """Fused projections -> queries and keys normed in each head, and values; nothing for a layer without norms."""
        if layer.q_norm is None or layer.k_norm is None:
            return []
        parts = self.apart(qkv, l)
        made: list[str] = []
        in_heads = self.constant(f"in_heads{l}", np.array([0, 0, -1, self.shape.head_dim], dtype=np.int64))
        in_rows = self.constant(f"in_rows{l}", np.array([0, 0, -1], dtype=np.int64))
        for part, gain in zip(parts[:2], (layer.q_norm, layer.k_norm), strict=True):
            self.node("Reshape", [part, in_heads], [f"{part}_heads"])
            normed, _ = self.norm(part, gain, f"{part}_heads", "")
            made.append(f"{part}_rows")
            self.node("Reshape", [normed, in_rows], made[-1:])
        return [*made, parts[2]]

    def turned(self, parts: list[str], l: int) -> list[str]:
        """Queries and keys turned to their places, and values."""
        s = self.shape
        made: list[str] = []
        for part, heads in zip(parts[:2], (s.heads, s.kv_heads), strict=True):
            made.append(f"{part}_turned")
            self.node("RotaryEmbedding", [part, "place", "cos", "sin"], made[-1:], DOMAIN, num_heads=heads)
        return [*made, parts[2]]

    def wanted(self, x: str) -> str:
        """The rows of the tokens whose logits are wanted, `[1, R, width]`."""
        self.node("Gather", [x, "rows"], [f"{x}_wanted"], axis=1)
        return f"{x}_wanted"

    def model(self, outputs: list[str], first: int, last: int) -> bytes:
        from onnx import TensorProto, helper

        names = [*outputs, *(f"{kind}_{l}_out" for l in range(first, last) for kind in ("keys", "values"))]
        wanted = [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in names]
        graph = helper.make_graph(self.nodes, "decoder", self.feeds, wanted, self.constants)
        versions = [helper.make_opsetid("", OPSET), helper.make_opsetid(DOMAIN, 1)]
        made = helper.make_model(graph, opset_imports=versions, ir_version=IR_VERSION, producer_name="heed")
        return bytes(made.SerializeToString())


def _floats(weight: Tensor) -> NDArray[np.float32]:
    return weight.detach().to("cpu", torch.float32).contiguous().numpy()
