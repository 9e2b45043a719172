"""The decode engine: weights once, any number of conversations, one token at a time.

Everything here blocks while it computes; callers run it in an executor of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import torch
import torch.nn.functional as F
from torch import Tensor

from dialog.model.adapter import Adapter
from dialog.model.decoder import Dense, Weights, forward
from dialog.model.load import Host
from dialog.model.memory import StateMemory, View
from dialog.model.quantise import Int8, Mixed, has_fast_bfloat16, with_maps
from dialog.model.reader import Cross, attend_both
from dialog.model.rotary import place_angles
from streams.errors import ModelError

GAP = 64
"""Positions between the newest percept and the question: percepts that arrive during an answer find room there."""

PRECISIONS = ("auto", "float32", "bfloat16", "int8")


class Cache:
    """Keys and values of one conversation, at fixed addresses: the state that belongs to a stream."""

    def __init__(self, weights: Weights, tokens: int) -> None:
        shape = weights.shape
        size = (shape.layers, 1, shape.kv_heads, tokens, shape.head_dim)
        self.keys = torch.zeros(size, dtype=weights.dtype, device=weights.device)
        self.values = torch.zeros_like(self.keys)
        self.capacity, self.length, self.start = tokens, 0, 0

    def reset(self, start: int) -> None:
        """Forget everything; the next token has position `start`."""
        self.length, self.start = 0, start

    def extend(self, layer: int, k: Tensor, v: Tensor) -> tuple[Tensor, Tensor]:
        """Add keys and values `[1, KV, T, D]` of the tokens after `length`; returns all so far, `[1, KV, S, D]`."""
        end = self.length + k.shape[2]
        self.keys[layer, :, :, self.length : end] = k
        self.values[layer, :, :, self.length : end] = v
        return self.keys[layer, :, :, :end], self.values[layer, :, :, :end]


@dataclass(slots=True)
class Asking:
    """What one generation runs on, and what it has gathered."""

    weights: Weights
    cache: Cache
    memory: StateMemory | None
    now_ns: Tensor
    attention: Tensor | None = None
    """Gate- and value-weighted attention `[M]` to each slot, summed over sites, heads and answer tokens."""
    gates: list[float] = field(default_factory=list)
    """Mean opening of the gates at each token."""


class Engine:
    """A language model, loaded once, with or without an adapter. Safe to share between threads, one call at a time
    each: it holds no state of any conversation."""

    def __init__(self, host: Host, adapter: Adapter | None = None, precision: str = "auto") -> None:
        """`precision`: `float32` (exact, for checks), `bfloat16`, `int8` (weights of single-token steps on a CPU).

        `auto` is int8 on a CPU and bfloat16 on a GPU. Raises `ModelError` when the adapter is for another model.
        """
        if precision not in PRECISIONS:
            raise ModelError(f'unknown precision "{precision}"; use one of {", ".join(PRECISIONS)}')
        on_cpu = host.weights.device.type == "cpu"
        precision = ("int8" if on_cpu else "bfloat16") if precision == "auto" else precision
        if precision == "int8" and not on_cpu:
            raise ModelError('precision "int8" is for CPUs; use "bfloat16" on a GPU')
        if adapter is not None:
            check_fit(adapter, host)
            adapter = adapter.to(host.weights.device)
        self.adapter = adapter
        self.plain = _prepared(host.weights, precision)
        self.reading = None if adapter is None else _prepared(adapter.merged(host.weights), precision, self.plain)
        self.host = Host(host.name, self.plain, host.tokenizer)
        self.precision = precision

    def cache(self, tokens: int = 1024) -> Cache:
        """A new conversation's cache."""
        return Cache(self.plain, min(tokens, self.plain.shape.context))

    def memory(self, tokens: int = 1024) -> StateMemory:
        """A new conversation's memory. Raises `ModelError` without an adapter."""
        if self.adapter is None:
            raise ModelError('this model has no adapter to read a state with; use fusion = "prompt"')
        return StateMemory(self.host, self.adapter, tokens)

    def start(
        self,
        prompt: Sequence[int],
        cache: Cache,
        memory: StateMemory | None = None,
        now_ns: int = 0,
        max_new_tokens: int = 80,
        temperature: float = 0.0,
        seed: int = 0,
    ) -> Generation:
        """Begin an answer to a prompt (token ids, cut at the front when it is too long for the cache).

        Without `memory` this is the plain model. Nothing is computed before the first `step`.
        """
        room = cache.capacity - max_new_tokens
        if room < 1:
            raise ModelError(f"max_new_tokens is {max_new_tokens}, but the cache holds only {cache.capacity} tokens")
        weights = self.plain if memory is None or self.reading is None else self.reading
        cache.reset(0 if memory is None else memory.next_position + GAP)
        asking = Asking(weights, cache, memory, torch.tensor([now_ns]))
        return Generation(self, asking, list(prompt)[-room:], max_new_tokens, temperature, seed)

    @torch.inference_mode()
    def advance(self, asking: Asking, ids: Sequence[int]) -> Tensor:
        """Run tokens after those in the cache and return the logits `[vocab]` (float32) of what follows the last."""
        weights, cache, shape = asking.weights, asking.cache, asking.weights.shape
        if asking.memory is None:
            hidden = self._run(asking, ids, None)
        else:
            with asking.memory.lock:
                hidden = self._run(asking, ids, asking.memory.view())
        cache.length += len(ids)
        return weights.head(hidden[:, -1:])[0, -1, : shape.vocab].float()

    def _run(self, asking: Asking, ids: Sequence[int], view: View | None) -> Tensor:
        weights, cache, shape = asking.weights, asking.cache, asking.weights.shape
        positions = cache.start + cache.length + torch.arange(len(ids))
        angles = place_angles(positions, shape.head_dim, shape.rope_theta).to(weights.device)
        mask = None
        if len(ids) > 1:
            mask = torch.full((len(ids), cache.length + len(ids)), -torch.inf, device=weights.device)
            mask = mask.triu(cache.length + 1)
        site_of = {} if view is None or self.adapter is None else {l: s for s, l in enumerate(self.adapter.shape.sites)}
        shares: list[Tensor] = []
        now = None if self.adapter is None else self.adapter.now_turn(asking.now_ns, weights.norm)

        def attend(layer: int, x: Tensor, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
            keys, values = cache.extend(layer, k, v)
            site = site_of.get(layer)
            if site is None or view is None or self.adapter is None or now is None:
                return attend_both(q, keys, values, mask, None).out
            query = self.adapter.percept_query_of(site, x, now)
            cross = Cross(view.keys[site], view.values[site], view.mask, query, self.adapter.gate[layer])
            attended = attend_both(q, keys, values, mask, cross)
            assert attended.cross is not None
            shares.append(attended.cross[0, :, -1])
            return attended.out

        x = F.embedding(torch.tensor([list(ids)], device=weights.device), weights.embed)
        hidden = forward(weights, x, angles, attend)
        if shares and view is not None:
            _gather(asking, torch.stack(shares), view)
        return hidden


def _gather(asking: Asking, shares: Tensor, view: View) -> None:
    """Note what the newest token read: `shares` `[sites, H, M]`. The view may have grown since the last token."""
    asking.gates.append(float(shares.sum(-1).mean()))
    by_group = shares.unflatten(1, (view.norms.shape[1], -1)).sum(2)
    weight = (by_group * view.norms).sum((0, 1))
    held = asking.attention
    if held is None or len(held) < len(weight):
        grown = torch.zeros_like(weight)
        if held is not None:
            grown[: len(held)] = held
        asking.attention = held = grown
    held[: len(weight)] += weight


class Generation:
    """An answer that is being made. `step` until it returns None, or `cancel` at any time."""

    def __init__(
        self, engine: Engine, asking: Asking, prompt: list[int], max_new_tokens: int, temperature: float, seed: int
    ) -> None:
        self.asking = asking
        self.prompt = prompt
        self.tokens: list[int] = []
        self.text = ""
        self.done = False
        self._engine = engine
        self._max = max_new_tokens
        self._temperature = temperature
        self._random = torch.Generator().manual_seed(seed)
        self._next: list[int] = prompt
        self._pending: list[int] = []

    def step(self) -> str | None:
        """Compute one token; returns the text it completes (empty in the middle of a character), None at the end."""
        if self.done:
            return None
        token = self._choose(self._engine.advance(self.asking, self._next))
        self._next = [token]
        ends = token == self._engine.plain.shape.end_token
        if not ends:
            self.tokens.append(token)
            self._pending.append(token)
        self.done = self.done or ends or len(self.tokens) >= self._max
        if ends and not self._pending:
            return None
        piece = self._engine.host.decode(self._pending)
        if piece.endswith("\ufffd") and not self.done:
            return ""
        self._pending = []
        self.text += piece
        return piece

    def cancel(self) -> None:
        """Stop: the next `step` returns None. May be called from another thread."""
        self.done = True

    def run(self) -> str:
        """Step to the end and return the whole text."""
        while self.step() is not None:
            pass
        return self.text

    def _choose(self, logits: Tensor) -> int:
        if self._temperature <= 0:
            return int(logits.argmax())
        chances = (logits.cpu() / self._temperature).softmax(-1)
        return int(torch.multinomial(chances, 1, generator=self._random))


def check_fit(adapter: Adapter, host: Host) -> None:
    """Raise `ModelError` unless the adapter was made for a model of these sizes."""
    a, w = adapter.shape, host.weights.shape
    of_adapter = (a.layers, a.width, a.heads, a.kv_heads, a.head_dim, a.ffn)
    if of_adapter != (w.layers, w.width, w.heads, w.kv_heads, w.head_dim, w.ffn):
        raise ModelError(f'the adapter is for "{a.host}", not for "{host.name}"; train one with `heed train`')


def _prepared(weights: Weights, precision: str, like: Weights | None = None) -> Weights:
    """The model in the form that computes fastest here. `like` shares its embedding and head."""
    if precision == "int8":
        base = torch.bfloat16 if has_fast_bfloat16() else torch.float32

        def make(dense: Dense) -> Int8:
            return Int8(Mixed(dense.weight.to(base)))
    else:
        dtype = {"float32": torch.float32, "bfloat16": torch.bfloat16}[precision]

        def make(dense: Dense) -> Dense:  # type: ignore[misc]
            return Dense(dense.weight.to(dtype))

    state = torch.bfloat16 if precision == "bfloat16" else torch.float32
    made = with_maps(weights, make)
    layers = [
        type(layer)(
            layer.attention_norm.to(state), layer.qkv, layer.out, layer.ffn_norm.to(state), layer.gate_up, layer.down
        )
        for layer in made.layers
    ]
    embed, head = (weights.embed.to(state), made.head) if like is None else (like.embed, like.head)
    return Weights(weights.shape, embed, layers, weights.norm.to(state), head)
