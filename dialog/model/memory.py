"""The rolling state as the language model sees it: a ring of keys and values at fixed addresses.

A percept is encoded once, on arrival, at a cost that does not depend on how many are held. When the ring is full the
oldest percept that is not pinned makes room. A question reads a part of it that has a bounded size: so an answer takes
no longer after a day than after a minute.
"""

from __future__ import annotations

import heapq
import re
import threading
from collections import OrderedDict
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from dialog.model.adapter import Adapter
from dialog.model.decoder import Weights
from dialog.model.encode import MAX_LINE_TOKENS, Encoded, encode_lines, line_tokens
from dialog.model.limits import asked_limits
from dialog.model.load import Host
from dialog.model.pointing import Line, as_line
from dialog.model.rotary import place_angles, turn
from dialog.model.span import Span
from streams.errors import ModelError

READ_TOKENS = 256
"""State tokens that one question reads, at most."""

NEWEST = 3
"""Percepts that are always read: what has just happened is what most questions are about."""

FRAMED = 2
"""Percepts that are read together with their neighbours in time."""

SPOTS = 4
"""Percepts in the spotlight, at most."""

SPOT_TOKENS = 96
"""Their tokens, at most; at least `MAX_LINE_TOKENS`, so that the first has room."""

CLOCK = re.compile(r"(?:[A-Z][a-z]{2} )?\d+:\d\d")


def preference(scores: Sequence[float]) -> list[int]:
    """All percepts, those first that a question shall read: the newest, then the best with what was right before and
    after them (it is what `before` and `after` ask for, and looks like nothing in the question), then the others.

    Args:
        scores: how much the question needs each percept, in order of time.
    """
    n = len(scores)
    best = sorted(range(n), key=lambda i: -scores[i])
    near = [j for i in best[:FRAMED] for j in (i, i - 1, i + 1) if 0 <= j < n]
    return list(dict.fromkeys([*range(max(0, n - NEWEST), n), *near, *best]))


def spotlight(ranked: Sequence[int], lengths: Mapping[int, int] | Sequence[int]) -> list[int]:
    """What a question reads a second time, next to itself: the best of what it reads, the very best last.

    The selector tells what is needed from what merely looks alike better than reading does; standing in a place of its
    own is how the reading model learns of that.

    Args:
        ranked: percepts that are read, the best first.
        lengths: tokens of each.
    """
    chosen: list[int] = []
    room = SPOT_TOKENS
    for i in ranked[:SPOTS]:
        if lengths[i] > room:
            break
        chosen.append(i)
        room -= lengths[i]
    return chosen[::-1]


@dataclass(frozen=True, slots=True)
class Remembered:
    """A percept in the ring."""

    slots: tuple[int, ...]
    t_ns: int
    serial: int
    """Grows with every percept that arrives."""
    pinned: bool
    clock: str
    """The time that its line begins with."""
    ids: tuple[int, ...]
    """The tokens of its line."""
    line: str
    """All of it, however much of it was encoded."""


@dataclass(frozen=True, slots=True)
class ReadSet:
    """Percepts laid out for one question, one after another in order of time."""

    names: tuple[str, ...]
    lengths: tuple[int, ...]
    lines: tuple[tuple[int, ...], ...]
    """Their tokens."""
    keys: Tensor
    """`[sites, KV, R, D]`."""
    values: Tensor
    """`[sites, KV, R, D]`."""
    clocks: dict[str, int]
    """Times as they stand in the lines -> stream time of the percept that is meant, ns."""

    @property
    def tokens(self) -> int:
        return sum(self.lengths)


class StateMemory:
    """A bounded memory of percepts. All methods may be called from any thread."""

    def __init__(self, host: Host, reading: Weights, adapter: Adapter, tokens: int = 1024) -> None:
        """`tokens` is the capacity in state tokens, `reading` the host with the adapter merged in. Raises `ModelError`
        for a silly size."""
        shape = host.weights.shape
        if not 4 * MAX_LINE_TOKENS <= tokens <= 1 << 20:
            raise ModelError(f"memory_tokens is {tokens}; choose {4 * MAX_LINE_TOKENS} to {1 << 20}")
        self.capacity = tokens
        self.lock = threading.Lock()
        self._host, self._reading, self._adapter = host, reading, adapter
        device = reading.device
        size = (len(adapter.shape.sites), shape.kv_heads, tokens, shape.head_dim)
        self._keys = torch.zeros(size, dtype=reading.dtype, device=device)
        self._values = torch.zeros_like(self._keys)
        self._vectors = torch.zeros(tokens, adapter.shape.selector_dim, device=device)
        self._held: OrderedDict[str, Remembered] = OrderedDict()
        self._free = list(range(tokens))
        self._pinned = 0
        self._serial = 0

    def __len__(self) -> int:
        """Percepts held."""
        return len(self._held)

    def __contains__(self, percept_id: str) -> bool:
        return percept_id in self._held

    @property
    def tokens(self) -> int:
        """State tokens held."""
        return self.capacity - len(self._free)

    @property
    def serial(self) -> int:
        """Changes whenever a percept arrives."""
        return self._serial

    def ids(self) -> list[str]:
        """Percepts held, oldest first."""
        with self.lock:
            return list(self._held)

    def put(self, percept_id: str, line: str, t_ns: int, pinned: bool = False) -> list[str]:
        """Encode a percept's line and keep it. The same id again replaces what was held. Returns what made room."""
        return self.put_many([(percept_id, line, t_ns)], pinned)

    def put_many(self, percepts: Sequence[tuple[str, str, int]], pinned: bool = False) -> list[str]:
        """`put` for several `(id, line, t_ns)` at once, which is faster than one by one. Pinned ones are not evicted,
        unless pins alone fill half of the ring: then the oldest pin gives way."""
        if not percepts:
            return []
        lines = [line_tokens(self._host, line) for _, line, _ in percepts]
        encoded = encode_lines(self._host, self._reading, self._adapter, lines)
        evicted: list[str] = []
        with self.lock:
            at = 0
            for (percept_id, line, t_ns), ids in zip(percepts, lines, strict=True):
                piece = slice(at, at + len(ids))
                at += len(ids)
                self._drop(percept_id)
                evicted += self._make_room(len(ids))
                slots = self._write(encoded, piece)
                self._serial += 1
                clock = CLOCK.match(line)
                told = clock[0] if clock else ""
                self._held[percept_id] = Remembered(slots, t_ns, self._serial, pinned, told, tuple(ids), line)
                self._pinned += pinned * len(slots)
                self._loosen_pins()
        return evicted

    def forget(self, percept_id: str) -> bool:
        """Drop a percept; False when it was not held."""
        with self.lock:
            return self._drop(percept_id)

    def clear(self) -> None:
        """Drop everything."""
        with self.lock:
            for percept_id in list(self._held):
                self._drop(percept_id)

    def liking(self, x: Tensor) -> dict[str, float]:
        """How much a question needs each percept, in the selector's measure; in order of time.

        `x` are the normed hidden states of the question's tokens at the first site, `[T, width]`. Hold `lock`.
        """
        order = sorted(self._held, key=lambda name: self._held[name].t_ns)
        if not order:
            return {}
        lengths = torch.tensor([len(self._held[name].slots) for name in order])
        slots = torch.tensor([slot for name in order for slot in self._held[name].slots], device=x.device)
        owner = torch.repeat_interleave(torch.arange(len(order)), lengths).to(x.device)
        asked = torch.zeros(len(x), dtype=torch.long, device=x.device)
        scores = self._adapter.selector.scores(x, asked, 1, self._vectors[slots], owner, len(order))[0]
        return dict(zip(order, scores.tolist(), strict=True))

    def within(self, liking: Mapping[str, float], span: Span | None = None, question: str = "") -> dict[str, float]:
        """Of some percepts those that lie in a stretch of time, and that may answer a question (see `asked_limits`).
        Hold `lock`."""
        held = [(name, self._held[name]) for name in liking]
        limits = asked_limits(question, (entry.line for _, entry in held)) if question else None
        return {
            name: liking[name]
            for name, entry in held
            if (span is None or span.holds(entry.clock, entry.t_ns)) and (limits is None or limits.allow(entry.line))
        }

    def lines(self, liking: Mapping[str, float], asked: Container[str]) -> list[Line]:
        """All percepts as an answer may tell them, in order of time; `asked` are those in the time that is asked about.
        Hold `lock`."""
        told = (as_line(name, self._held[name].line, score, name in asked) for name, score in liking.items())
        return [line for line in told if line is not None]

    def select(self, liking: Mapping[str, float], budget: int = READ_TOKENS) -> list[str]:
        """Percepts that a question reads, at most `budget` tokens of them, in order of time. Hold `lock`."""
        order = list(liking)
        if self.tokens <= budget:
            return order
        chosen: set[int] = set()
        for i in preference(list(liking.values())):
            length = len(self._held[order[i]].slots)
            if length <= budget:
                chosen.add(i)
                budget -= length
        return [order[i] for i in sorted(chosen)]

    def lit(self, names: Sequence[str], liking: Mapping[str, float], in_time: bool = False) -> list[str]:
        """Of the percepts that a question reads, those in its spotlight, see `spotlight`; `in_time`: in order of time,
        for one that asks for all that happened in a stretch of it. Hold `lock`."""
        ranked = sorted(range(len(names)), key=lambda i: -liking[names[i]])
        chosen = spotlight(ranked, [len(self._held[name].slots) for name in names])
        return [names[i] for i in (sorted(chosen) if in_time else chosen)]

    def read(self, names: Sequence[str], end: int, liking: Mapping[str, float] | None = None) -> ReadSet:
        """Copy percepts out of the ring, turned to consecutive positions, the last before `end`, as they are named.
        Hold `lock`.

        Of several with the same clock time, that time means the one that is liked best.
        """
        entries = [self._held[name] for name in names]
        lengths = [len(entry.slots) for entry in entries]
        at = torch.tensor(
            [slot for entry in entries for slot in entry.slots], device=self._keys.device, dtype=torch.long
        )
        first = torch.tensor([0, *lengths[:-1]]).cumsum(0) + (end - sum(lengths))
        bases = torch.repeat_interleave(first, torch.tensor(lengths)) if lengths else torch.zeros(0)
        shape = self._reading.shape
        angles = place_angles(bases, shape.head_dim, shape.rope_theta).to(self._keys.device)
        keys = turn(self._keys[:, :, at].float(), angles).to(self._keys.dtype)
        liked = liking or {}
        ranked = sorted(zip(names, entries, strict=True), key=lambda one: (liked.get(one[0], 0.0), one[1].t_ns))
        clocks = {entry.clock: entry.t_ns for _, entry in ranked if entry.clock}
        lines = tuple(entry.ids for entry in entries)
        return ReadSet(tuple(names), tuple(lengths), lines, keys, self._values[:, :, at], clocks)

    def newer(self, serial: int, since_ns: int) -> list[str]:
        """Percepts of `since_ns` or later that arrived after that serial. Hold `lock`."""
        found: list[str] = []
        for name in reversed(self._held):
            if self._held[name].serial <= serial:
                break
            if self._held[name].t_ns >= since_ns:  # older: several percepts that were merged into one
                found.append(name)
        return found[::-1]

    @property
    def newest_ns(self) -> int:
        """Time of the newest percept, or a time before all. Hold `lock`."""
        return max((entry.t_ns for entry in self._held.values()), default=-(1 << 62))

    def _write(self, encoded: Encoded, piece: slice) -> tuple[int, ...]:
        """Write a percept's tokens into free slots."""
        slots = tuple(heapq.heappop(self._free) for _ in range(piece.stop - piece.start))
        at = torch.tensor(slots, device=self._keys.device)
        self._keys.index_copy_(2, at, encoded.keys[:, :, piece].to(self._keys.dtype))
        self._values.index_copy_(2, at, encoded.values[:, :, piece].to(self._values.dtype))
        self._vectors.index_copy_(0, at, encoded.vectors[piece])
        return slots

    def _make_room(self, tokens: int) -> list[str]:
        evicted = []
        while len(self._free) < tokens:
            oldest = next((name for name, entry in self._held.items() if not entry.pinned), next(iter(self._held)))
            self._drop(oldest)
            evicted.append(oldest)
        return evicted

    def _drop(self, percept_id: str) -> bool:
        entry = self._held.pop(percept_id, None)
        if entry is None:
            return False
        self._pinned -= entry.pinned * len(entry.slots)
        for slot in entry.slots:
            heapq.heappush(self._free, slot)
        return True

    def _loosen_pins(self) -> None:
        """The oldest pin is an ordinary percept again when pins hold half of the ring."""
        if self._pinned > self.capacity // 2:
            pin, loose = next((name, entry) for name, entry in self._held.items() if entry.pinned)
            self._held[pin] = replace(loose, pinned=False)
            self._pinned -= len(loose.slots)
