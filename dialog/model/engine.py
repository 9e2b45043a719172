"""The engine: weights once, any number of conversations, one token at a time.

Everything here blocks while it computes; callers run it in an executor of their own.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import torch
from torch import Tensor

from dialog.model.adapter import Adapter
from dialog.model.decoder import Dense, Layer, Weights, rms_norm
from dialog.model.drafts import MOST, Drafts
from dialog.model.load import Host
from dialog.model.machine import dtype_for
from dialog.model.memory import READ_TOKENS, SPOT_TOKENS, ReadSet, StateMemory
from dialog.model.pointing import Line
from dialog.model.span import Span
from dialog.model.torch_decoder import Decoder, TorchDecoder
from streams.errors import ModelError
from streams.types import NS

GAP = 16
"""Positions between the newest percept and the question."""

BASE = READ_TOKENS + SPOT_TOKENS + GAP
"""Position of a question's first token."""

ARRIVALS = 128
"""State tokens of percepts that arrive during an answer and are still seen by it."""

LATE_NS = 60 * NS
"""How much older than the newest percept one may be that still counts as an arrival: speech is known when it ends, and
dated when it began. Older ones are spans of time that were merged meanwhile."""

CACHE_BLOCK = 256
"""Caches are made in steps of this many entries, so that one fits many answers."""

SPARE = 2
"""Caches of finished answers that are kept for coming ones: clearing memory costs more than a token."""

PRECISIONS = ("auto", "float32", "bfloat16", "int8")


@dataclass(slots=True)
class Asking:
    """What one generation runs on."""

    decoder: Decoder
    cache: Any
    memory: StateMemory | None
    now_ns: int
    question: str = ""
    """What is asked, as it was put."""
    span: Span | None = None
    """The stretch of time that is asked about: nothing else is read."""
    drafts: bool = True
    """Whether what stands in the percepts is tried as the answer's next words, several at a time."""
    base: int = 0
    """Position of the prompt's first token."""
    length: int = 0
    """Tokens of prompt and answer so far."""
    serial: int = 0
    """Percepts of the memory up to which this one has been looked at."""
    since_ns: int = 0
    """Time of the newest percept when the question came."""
    spare: deque[Any] = field(default_factory=deque)
    """Where the cache goes when the answer is complete."""
    read: list[ReadSet] = field(default_factory=list)
    """What is read: the percepts selected for the question, those of them in the spotlight, then those that arrived
    since."""
    clocks: dict[str, int] = field(default_factory=dict)
    """Times as they stand in the lines that are read, and when that was, ns."""
    lines: list[Line] = field(default_factory=list)
    """All percepts held when the question came, in order of time: what an answer may point at."""


class Engine:
    """A language model, loaded once, with or without an adapter. It holds no state of any conversation."""

    def __init__(self, host: Host, adapter: Adapter | None = None, precision: str = "auto", threads: int = 0) -> None:
        """`precision`: `float32` (exact, for checks), `bfloat16`, `int8` (weights of generation on a CPU). `threads`:
        of generation on a CPU; 0 is as many as torch uses.

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
        self.adapter, self.precision, self._threads = adapter, precision, threads
        self._spare_reader: deque[Any] = deque(maxlen=SPARE)
        self._spare_plain: deque[Any] = deque(maxlen=SPARE)
        if precision != "int8":
            dtype = torch.float32 if precision == "float32" else torch.bfloat16
            host = Host(host.name, _in_dtype(host.weights, dtype), host.tokenizer)
        self.host = host

    @cached_property
    def reading(self) -> Weights:
        """The weights that write and read the state. Raises `ModelError` without an adapter."""
        if self.adapter is None:
            raise ModelError('this model has no adapter to read a state with; use fusion = "prompt"')
        merged = self.adapter.merged(self.host.weights)
        # Percepts are written by these; 8 bits are rounded from them.
        return _in_dtype(merged, dtype_for(merged.device)) if self.precision == "int8" else merged

    @cached_property
    def reader(self) -> Decoder:
        """The decoder that reads the state."""
        return self._decoder(self.reading)

    @cached_property
    def plain(self) -> Decoder:
        """The decoder of the host as it is."""
        return self._decoder(self.host.weights)

    def _decoder(self, weights: Weights) -> Decoder:
        split = 1 if self.adapter is None else self.adapter.shape.first_site
        if self.precision != "int8":
            return TorchDecoder(weights, split)
        from dialog.model.onnx_decoder import OnnxDecoder

        return OnnxDecoder(weights, split, threads=self._threads)

    def memory(self, tokens: int = 1024) -> StateMemory:
        """A new conversation's memory. Raises `ModelError` without an adapter."""
        adapter, reading = self.adapter, self.reading
        assert adapter is not None
        return StateMemory(self.host, reading, adapter, tokens)

    def start(
        self,
        prompt: Sequence[int],
        memory: StateMemory | None = None,
        now_ns: int = 0,
        max_new_tokens: int = 80,
        temperature: float = 0.0,
        seed: int = 0,
    ) -> Generation:
        """Begin an answer to a prompt (token ids, cut at the front when it is longer than the model's context).

        Without `memory` this is the plain model. Nothing is computed before the first `step`: until then
        `Generation.asking.span` may be set.
        """
        room = self.host.weights.shape.context - max_new_tokens
        if room < 1:
            raise ModelError(f"max_new_tokens is {max_new_tokens}, more than the model's context")
        ids = list(prompt)[-room:]
        decoder, spare = (self.plain, self._spare_plain) if memory is None else (self.reader, self._spare_reader)
        state = 0 if memory is None else READ_TOKENS + SPOT_TOKENS + ARRIVALS
        cache = _fitting(spare, state + len(ids) + max_new_tokens) or decoder.cache(
            CACHE_BLOCK * -(-(state + len(ids) + max_new_tokens) // CACHE_BLOCK)
        )
        asking = Asking(decoder, cache, memory, now_ns, spare=spare)
        return Generation(self, asking, ids, max_new_tokens, temperature, seed)

    def advance(self, asking: Asking, ids: Sequence[int]) -> Tensor:
        """Run tokens after those in the cache and return the logits `[vocab]` (float32) of what follows the last."""
        first = asking.length
        asking.length += len(ids)
        if first == 0:
            return self._begin(asking, ids)
        self._take_arrivals(asking)
        positions = range(asking.base + first, asking.base + asking.length)
        if len(ids) == 1:
            return asking.decoder.step(ids[0], positions[0], asking.cache)
        return asking.decoder.upper(asking.decoder.lower(ids, positions, asking.cache), positions, asking.cache)

    def several(self, asking: Asking, ids: Sequence[int]) -> Tensor:
        """Run a few tokens after those in the cache: logits `[T, vocab]` (float32) of what follows each."""
        self._take_arrivals(asking)
        first = asking.base + asking.length
        asking.length += len(ids)
        return asking.decoder.several(ids, range(first, first + len(ids)), asking.cache)

    def take_back(self, asking: Asking, tokens: int) -> None:
        """Forget the last tokens that were run."""
        asking.length -= tokens
        for layer, length in enumerate(list(asking.cache.lengths)):
            asking.cache.truncate(layer, length - tokens)

    def _begin(self, asking: Asking, ids: Sequence[int]) -> Tensor:
        """The prompt: understood below the first site, then the percepts are selected, then it reads them."""
        memory = asking.memory
        # Percepts end where the question begins less a gap, however many they are: so its positions are known before.
        asking.base = 0 if memory is None else BASE
        positions = range(asking.base, asking.base + len(ids))
        hidden = asking.decoder.lower(ids, positions, asking.cache)
        if memory is not None:
            with memory.lock:
                asking.serial, asking.since_ns = memory.serial, memory.newest_ns
                everything = liking = memory.liking(self.selecting(hidden))
                if asking.span is not None:
                    liking = memory.within(liking, asking.span)
                asking.lines += memory.lines(everything, liking)
                liking = memory.within(liking, question=asking.question)
                names = memory.select(liking)
                read = memory.read(names, READ_TOKENS, liking)
                shown = memory.lit(names, liking, in_time=asking.span is not None)
                lit = memory.read(shown, READ_TOKENS + SPOT_TOKENS, liking)
            self._put(asking, read)
            self._put(asking, lit)
        return asking.decoder.upper(hidden, positions, asking.cache)

    def selecting(self, hidden: Tensor) -> Tensor:
        """The residual stream before the first site `[T, width]` -> what the selector compares."""
        assert self.adapter is not None
        layer = self.reading.layers[self.adapter.shape.first_site]
        eps = self.reading.shape.norm_eps
        return rms_norm(hidden.to(self.reading.dtype), layer.attention_norm, eps)

    def _put(self, asking: Asking, read: ReadSet) -> None:
        assert self.adapter is not None
        for site, layer in enumerate(self.adapter.shape.sites):
            asking.cache.put(layer, read.keys[site], read.values[site])
        asking.read.append(read)
        asking.clocks.update(read.clocks)

    def _take_arrivals(self, asking: Asking) -> None:
        """Let percepts be seen that arrived since the last token, as far as there is room."""
        memory = asking.memory
        if memory is None or memory.serial == asking.serial:
            return
        with memory.lock:
            names = memory.newer(asking.serial, asking.since_ns - LATE_NS)
            asking.serial = memory.serial
            read = memory.read(names, BASE)
        if sum(part.tokens for part in asking.read[2:]) + read.tokens <= ARRIVALS:
            self._put(asking, read)


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
        self._logits: Tensor | None = None
        self._pending: list[int] = []
        self._ahead: deque[int] = deque()
        self._drafts = Drafts(())
        self._drafted_from = 0

    def prefill(self) -> None:
        """Compute the prompt now, ahead of the first `step`."""
        if self._logits is None and not self.tokens and not self.done:
            self._logits = self._engine.advance(self.asking, self._next)

    def step(self) -> str | None:
        """Compute one token; returns the text it completes (empty in the middle of a character), None at the end."""
        if self.done:
            return None
        token = self._ahead.popleft() if self._ahead else self._decide()
        ends = token == self._engine.host.weights.shape.end_token
        if not ends:
            self.tokens.append(token)
            self._pending.append(token)
        self.done = self.done or ends or len(self.tokens) >= self._max
        if self.done:
            self._give_back()
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

    def _decide(self) -> int:
        """The next token; those that a draft settled with it wait in `_ahead`."""
        draft = self._draft() if self._logits is None and self.tokens else []
        if not draft:
            logits = self._engine.advance(self.asking, self._next) if self._logits is None else self._logits
            self._logits = None
            self._next = [self._choose(logits)]
            return self._next[0]
        rows = self._engine.several(self.asking, [*self._next, *draft])
        decided: list[int] = []
        for row, guess in zip(rows, [*draft, -1], strict=True):
            decided.append(self._choose(row))
            if decided[-1] != guess:
                break
        self._engine.take_back(self.asking, len(rows) - len(decided))
        self._next = decided[-1:]
        self._ahead.extend(decided[1:])
        return decided[0]

    def _draft(self) -> list[int]:
        """What may come next, no more than there is room for."""
        read = self.asking.read
        if not self.asking.drafts or not read:
            return []
        if self._drafted_from != len(read):
            # What is liked best stands last in the spotlight; of the rest the newest is the likeliest.
            state, *lit = read
            lines = [line for part in (*lit, state) for line in reversed(part.lines)]
            self._drafts, self._drafted_from = Drafts([*lines, self.prompt]), len(read)
        return self._drafts.after(self.tokens, min(MOST, self._max - len(self.tokens)))

    def _give_back(self) -> None:
        """Let the next answer have the cache. A cancelled answer keeps its own: it may still be at work."""
        cache, self.asking.cache = self.asking.cache, None
        if cache is not None:
            cache.reset()
            self.asking.spare.append(cache)

    def _choose(self, logits: Tensor) -> int:
        if self._temperature <= 0:
            return int(logits.argmax())
        chances = (logits.cpu() / self._temperature).softmax(-1)
        return int(torch.multinomial(chances, 1, generator=self._random))


def _fitting(spare: deque[Any], entries: int) -> Any:
    """A spare cache that holds so many entries, if there is one."""
    for _ in range(len(spare)):
        try:
            cache = spare.popleft()
        except IndexError:  # another thread took it
            return None
        if cache.capacity >= entries:
            return cache
        spare.append(cache)
    return None


def check_fit(adapter: Adapter, host: Host) -> None:
    """Raise `ModelError` unless the adapter was made for a model of these sizes."""
    a, w = adapter.shape, host.weights.shape
    of_adapter = (a.layers, a.width, a.heads, a.kv_heads, a.head_dim, a.ffn)
    if of_adapter != (w.layers, w.width, w.heads, w.kv_heads, w.head_dim, w.ffn):
        raise ModelError(f'the adapter is for "{a.host}", not for "{host.name}"; train one with `heed train`')


def _in_dtype(weights: Weights, dtype: torch.dtype) -> Weights:
    """The same model with other numbers. A tied head stays tied."""
    if weights.dtype == dtype:
        return weights

    def cast(dense: Any) -> Dense:
        changed: Dense = dense.to(dtype)
        return changed

    def norm(weight: Tensor | None) -> Tensor | None:
        return None if weight is None else weight.to(dtype)

    layers = [
        Layer(
            layer.attention_norm.to(dtype), cast(layer.qkv), cast(layer.out),
            layer.ffn_norm.to(dtype), cast(layer.gate_up), cast(layer.down), norm(layer.q_norm), norm(layer.k_norm),
        )
        for layer in weights.layers
    ]  # fmt: skip
    embed = weights.embed.to(dtype)
    tied = getattr(weights.head, "weight", None) is weights.embed
    return Weights(weights.shape, embed, layers, weights.norm.to(dtype), Dense(embed) if tied else cast(weights.head))
