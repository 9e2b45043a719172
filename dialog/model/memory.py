"""The rolling state as the language model sees it: a ring of keys and values at fixed addresses.

A percept is encoded once, on arrival, at a cost that does not depend on how many are held. When the ring is full the
oldest percept that is not pinned makes room.
"""

from __future__ import annotations

import heapq
import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from dialog.model.adapter import Adapter
from dialog.model.encode import MAX_LINE_TOKENS, Encoded, encode_lines, line_tokens
from dialog.model.load import Host
from dialog.model.rotary import place_angles, turn
from streams.errors import ModelError

BLOCK = 64
"""The view grows in steps of this many slots, so that shapes repeat."""


@dataclass(frozen=True, slots=True)
class Remembered:
    """A percept in the ring."""

    slots: tuple[int, ...]
    start: int
    """Position of its first token."""
    t_ns: int
    pinned: bool


@dataclass(frozen=True, slots=True)
class View:
    """What the sites may read at one moment: the first M slots."""

    keys: Tensor
    """`[sites, KV, M, D + P]`."""
    values: Tensor
    """`[sites, KV, M, D]`."""
    mask: Tensor
    """`[M]`, 0 where a token is, -inf where none is."""
    norms: Tensor
    """`[sites, KV, M]`, lengths of the values, by which evidence is weighed."""


class StateMemory:
    """A bounded memory of percepts. All methods may be called from any thread.

    Who reads holds `lock` for the length of one forward pass, so that a percept is seen by all sites or by none.
    """

    def __init__(self, host: Host, adapter: Adapter, tokens: int = 1024, dtype: torch.dtype | None = None) -> None:
        """`tokens` is the capacity in state tokens; `dtype` defaults to the host's. `ModelError` for a silly size."""
        shape = host.weights.shape
        if not 4 * MAX_LINE_TOKENS <= tokens <= shape.context // 2:
            raise ModelError(f"memory_tokens is {tokens}; choose {4 * MAX_LINE_TOKENS} to {shape.context // 2}")
        self.capacity = tokens
        self.lock = threading.Lock()
        self._host, self._adapter = host, adapter
        self._sites = list(adapter.shape.sites)
        device, dtype = host.weights.device, dtype or host.weights.dtype
        size = (len(self._sites), shape.kv_heads, tokens)
        wide = (*size, shape.head_dim + adapter.shape.percept_dim)
        self._keys = torch.zeros(wide, dtype=dtype, device=device)
        self._values = torch.zeros((*size, shape.head_dim), dtype=dtype, device=device)
        self._norms = torch.zeros(size, device=device)
        self._mask = torch.full((tokens,), -torch.inf, device=device)
        self._held: OrderedDict[str, Remembered] = OrderedDict()
        self._free = list(range(tokens))
        self._used = 0
        self._pinned = 0
        self._next_position = 0
        # Beyond this distance a percept is older than what the model was made for.
        self._reach = min(2 * tokens, shape.context - 1024)

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
    def next_position(self) -> int:
        """Position after the newest token: a question begins a little later."""
        return self._next_position

    def ids(self) -> list[str]:
        """Percepts held, oldest first (pinned ones may come later)."""
        with self.lock:
            return list(self._held)

    def put(self, percept_id: str, line: str, t_ns: int, pinned: bool = False) -> None:
        """Encode a percept's line and keep it. The same id again replaces what was held."""
        self.put_many([(percept_id, line, t_ns)], pinned)

    def put_many(self, percepts: Sequence[tuple[str, str, int]], pinned: bool = False) -> None:
        """`put` for several `(id, line, t_ns)` at once, which is faster than one by one. Pinned ones are not evicted,
        unless pins alone fill half of the ring: then the oldest pin gives way."""
        if not percepts:
            return
        lines = [line_tokens(self._host, line) for _, line, _ in percepts]
        with self.lock:
            starts = []
            for line in lines:
                starts.append(self._next_position)
                self._next_position += len(line)
        encoded = encode_lines(self._host, lines, starts, self._adapter.shape.taps)
        times = torch.tensor([t_ns for _, _, t_ns in percepts])
        with torch.no_grad():
            of_percept = self._adapter.percept_keys(encoded.summary, times)
        with self.lock:
            at = 0
            for n, (percept_id, _, t_ns) in enumerate(percepts):
                piece = slice(at, at + len(lines[n]))
                at += len(lines[n])
                self._drop(percept_id)
                slots = self._write(encoded, piece, of_percept[:, :, n : n + 1])
                self._held[percept_id] = Remembered(slots, starts[n], t_ns, pinned)
                self._pinned += pinned * len(slots)
            self._refresh_oldest()

    def forget(self, percept_id: str) -> bool:
        """Drop a percept; False when it was not held."""
        with self.lock:
            return self._drop(percept_id)

    def clear(self) -> None:
        """Drop everything."""
        with self.lock:
            for percept_id in list(self._held):
                self._drop(percept_id)

    def view(self) -> View | None:
        """What there is to read now (hold `lock` while it is used), or None when nothing is held."""
        if not self._held:
            return None
        used = min(self.capacity, -(-self._used // BLOCK) * BLOCK)
        return View(self._keys[:, :, :used], self._values[:, :, :used], self._mask[:used], self._norms[:, :, :used])

    def shares(self, weights: Tensor) -> list[tuple[str, float]]:
        """Sum weights of slots `[M]` by percept: `(id, share of the total)`, the largest first."""
        flat = weights.float().cpu()
        total = float(flat.sum()) or 1.0
        found = [(name, float(flat[list(entry.slots)].sum()) / total) for name, entry in self._held.items()]
        return sorted(found, key=lambda pair: -pair[1])

    def mask_without(self, names: Sequence[Sequence[str]]) -> Tensor:
        """A mask `[rows, M]` for each row of percepts to be left out (those that are no longer held are)."""
        view = self.view()
        assert view is not None, "an empty memory has no mask"
        mask = view.mask.repeat(len(names), 1)
        for row, left_out in enumerate(names):
            slots = [slot for name in left_out if name in self._held for slot in self._held[name].slots]
            mask[row, slots] = -torch.inf
        return mask

    def _write(self, encoded: Encoded, piece: slice, of_percept: Tensor) -> tuple[int, ...]:
        """Write a percept's tokens into free slots and let them be seen."""
        n = piece.stop - piece.start
        self._make_room(n)
        slots = tuple(heapq.heappop(self._free) for _ in range(n))
        at = torch.tensor(slots, device=self._keys.device)
        keys = encoded.keys[self._sites, :, piece].to(self._keys.dtype)
        values = encoded.values[self._sites, :, piece].to(self._values.dtype)
        whole = of_percept.to(keys.dtype).expand(-1, -1, n, -1)
        self._keys.index_copy_(2, at, torch.cat([keys, whole], dim=-1))
        self._values.index_copy_(2, at, values)
        self._norms.index_copy_(2, at, values.float().norm(dim=-1))
        self._mask[at] = 0.0
        self._used = max(self._used, max(slots) + 1)
        return slots

    def _make_room(self, tokens: int) -> None:
        while len(self._free) < tokens:
            oldest = next((name for name, entry in self._held.items() if not entry.pinned), None)
            self._drop(oldest if oldest is not None else next(iter(self._held)))

    def _drop(self, percept_id: str) -> bool:
        entry = self._held.pop(percept_id, None)
        if entry is None:
            return False
        slots = list(entry.slots)
        self._mask[slots] = -torch.inf
        self._pinned -= entry.pinned * len(slots)
        self._used = self._used if self._held else 0
        for slot in slots:
            heapq.heappush(self._free, slot)
        return True

    def _refresh_oldest(self) -> None:
        """Bring the oldest percept nearer when it is too far behind, or drop it when it is not pinned; and loosen the
        oldest pin when pins hold half of the ring. At most one of each per call, so that the cost stays constant."""
        if self._pinned > self.capacity // 2:
            pin, loose = next((name, entry) for name, entry in self._held.items() if entry.pinned)
            self._held[pin] = replace(loose, pinned=False)
            self._pinned -= len(loose.slots)
        name, entry = next(iter(self._held.items()))
        if self._next_position - entry.start <= self._reach:
            return
        if not entry.pinned:
            self._drop(name)
            return
        start = self._next_position - self.capacity // 2
        shape = self._host.weights.shape
        angles = place_angles(torch.tensor(start - entry.start), shape.head_dim, shape.rope_theta).to(self._keys.device)
        at = torch.tensor(entry.slots, device=self._keys.device)
        keys = self._keys[:, :, at]
        moved = turn(keys[..., : shape.head_dim].float(), angles).to(keys.dtype)
        self._keys.index_copy_(2, at, torch.cat([moved, keys[..., shape.head_dim :]], dim=-1))
        self._held[name] = replace(entry, start=start)
        self._held.move_to_end(name)
