"""The rolling state: what was perceived, bounded, aligned in time across sources; the older, the coarser.

Tiers, from the newest: **pinned** (kept whatever happens), **recent** (as perceived), **events** (without
near-duplicates), **spans** (an hour or more of one source in one percept that counts), and an **archive** of text that
the language model does not see. Nothing is merged or dropped before the budget of state tokens is full.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from streams import wording
from streams.archive import Archive
from streams.consolidate import Tally, tally
from streams.tiers import LINE_TOKENS, MAX_SPANS, Held, Span, Tiers, estimate_tokens, named
from streams.types import Percept

RECENT_SHARE = 0.3
"""Of the budget that pins leave: recent percepts, never merged before events are."""

SPAN_SHARE = 0.45
"""Of the same: spans. What is left is for events."""

AGED_AT_ONCE = 4
"""Recent percepts that become events when one arrives, at most."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The state at one moment: percepts of all sources in order of `(t0_ns, id)`. Immutable."""

    t_ns: int
    percepts: tuple[Percept, ...]

    def between(self, t0_ns: int, t1_ns: int) -> tuple[Percept, ...]:
        """Percepts that overlap the span, both ends included."""
        return tuple(p for p in self.percepts if p.t0_ns <= t1_ns and p.t1_ns >= t0_ns)


@dataclass(frozen=True, slots=True)
class Change:
    """What one percept changed in what the language model has to hold. Forget first, then remember."""

    forget: tuple[str, ...] = ()
    remember: tuple[Percept, ...] = ()
    """Spans that are new, then the percept itself."""


@dataclass(slots=True)
class _Ledger:
    """A change in the making: what comes and goes within it cancels out."""

    forget: list[str] = field(default_factory=list)
    remember: dict[str, Percept] = field(default_factory=dict)

    def gone(self, percept_id: str) -> None:
        if self.remember.pop(percept_id, None) is None:
            self.forget.append(percept_id)


class RollingState:
    """Percepts of all sources within a budget of state tokens, whatever comes in and for however long."""

    def __init__(
        self,
        per_source: int = 512,
        sources: int = 64,
        tokens: int = 4096,
        wall_start: datetime | None = None,
        archive: Archive | None = None,
    ) -> None:
        """
        Args:
            per_source: percepts of each source that are kept as they were perceived.
            sources: beyond it, the source that was silent for longest is forgotten.
            tokens: the budget, in state tokens of the language model (estimated from the lines).
            wall_start: the date of stream time zero: spans follow its hours.
            archive: where goes what is merged or dropped.
        """
        if per_source < 1 or sources < 1 or tokens < 2 * LINE_TOKENS:
            raise ValueError(f"a state holds at least one percept of one source and {2 * LINE_TOKENS} tokens")
        self.archive = Archive() if archive is None else archive
        self._per_source, self._max_sources, self._budget = per_source, sources, tokens
        self._wall_start = wall_start
        self._offset_ns = 0
        if wall_start is not None:
            midnight = wall_start.replace(hour=0, minute=0, second=0, microsecond=0)
            self._offset_ns = (wall_start - midnight) // timedelta(microseconds=1) * 1000
        self._sources: OrderedDict[str, Tiers] = OrderedDict()
        self._pinned: OrderedDict[str, Held] = OrderedDict()
        self._recent: OrderedDict[str, Tiers] = OrderedDict()
        """The recent percepts of all sources in order of arrival, and where each is."""
        self._spare: OrderedDict[str, Tiers] = OrderedDict()
        """Events that can go first."""
        self._by_id: dict[str, Percept] = {}
        self._pinned_tokens = self._recent_tokens = self._event_tokens = self._span_tokens = 0
        self._spans_made = 0
        self._newest_ns: int | None = None

    def __len__(self) -> int:
        return len(self._by_id)

    @property
    def tokens(self) -> int:
        """State tokens held, estimated."""
        return self._pinned_tokens + self._recent_tokens + self._event_tokens + self._span_tokens

    def add(self, percept: Percept, pinned: bool = False, remembered: bool = True) -> Change:
        """Take in one percept; returns what the language model's memory must forget and newly remember.

        Args:
            percept: what was perceived.
            pinned: keep it as it is. When pins fill half of the budget, the oldest pin is an ordinary percept again.
            remembered: False for what the language model does not hold (a question that was put to it).

        Raises:
            ValueError: the percept has no id, or one that is already held. Nothing has changed then.
        """
        if not percept.id or percept.id in self._by_id:
            raise ValueError(f"a percept needs an id of its own, not {percept.id!r}")
        held = Held(percept, self._size(percept) if remembered else 0)
        ledger = _Ledger()
        self._newest_ns = percept.t0_ns if self._newest_ns is None else max(self._newest_ns, percept.t0_ns)
        tiers = self._tiers(percept, ledger)
        self._by_id[percept.id] = percept
        if remembered:
            ledger.remember[percept.id] = percept
        if pinned and remembered:
            self._pinned[percept.id] = held
            self._pinned_tokens += held.tokens
            self._loosen_pins(ledger)
        else:
            tiers.recent[percept.id] = held
            self._recent[percept.id] = tiers
            self._recent_tokens += held.tokens
        self._grow_old()
        if len(tiers) > self._per_source:
            self._merge_run(tiers, ledger)
        self._fit(ledger)
        own = ledger.remember.pop(percept.id, None)
        spans = sorted(ledger.remember.values(), key=lambda p: (p.t0_ns, p.id))
        return Change(tuple(ledger.forget), (*spans, own) if own is not None else tuple(spans))

    def lost(self, percept_ids: list[str]) -> None:
        """The language model's memory had to let these go by itself: they are no longer in the state either.

        What they count for is still added to the next span of their source.
        """
        for percept_id in percept_ids:
            percept = self._by_id.get(percept_id)
            if percept is None:
                continue
            tiers = self._sources.get(percept.source)
            if percept_id in self._pinned:
                self._pinned_tokens -= self._pinned.pop(percept_id).tokens
                self._let_go(percept, None)
            elif tiers is not None and self._drop_raw(tiers, percept_id, None) is None:
                self._drop_span(tiers, percept_id, None)

    def get(self, percept_id: str) -> Percept | None:
        """The percept of that id, if it is still held."""
        return self._by_id.get(percept_id)

    def counts(self, percept_id: str) -> Tally | None:
        """What a held percept says in numbers; for a merged one the sum over all that went into it."""
        percept = self._by_id.get(percept_id)
        if percept is None:
            return None
        tiers = self._sources.get(percept.source)
        spans = tiers.spans if tiers is not None else []
        return next((span.counts for span in spans if span.percept.id == percept_id), None) or tally(percept)

    def snapshot(self, t_ns: int) -> Snapshot:
        """Everything that had begun by `t_ns`, all sources in one order of time."""
        known = (p for p in self._by_id.values() if p.t0_ns <= t_ns)
        return Snapshot(t_ns, tuple(sorted(known, key=lambda p: (p.t0_ns, p.id))))

    def _size(self, percept: Percept) -> int:
        return estimate_tokens(wording.line(percept, self._wall_start))

    def _tiers(self, percept: Percept, ledger: _Ledger) -> Tiers:
        """The source's place; the source that was silent for longest makes room for a new one."""
        name = percept.source
        if name not in self._sources:
            while len(self._sources) >= self._max_sources:
                self._forget_source(next(iter(self._sources.values())), ledger)
            self._sources[name] = Tiers(name, percept.t0_ns, self._offset_ns)
        self._sources.move_to_end(name)
        return self._sources[name]

    def _forget_source(self, tiers: Tiers, ledger: _Ledger) -> None:
        for percept_id in [*tiers.recent, *tiers.events]:
            self._drop_raw(tiers, percept_id, ledger)
        for span in list(tiers.spans):
            self._drop_span(tiers, span.percept.id, ledger)
        del self._sources[tiers.source]

    def _loosen_pins(self, ledger: _Ledger) -> None:
        while self._pinned_tokens > self._budget // 2:
            percept_id, held = self._pinned.popitem(last=False)
            self._pinned_tokens -= held.tokens
            tiers = self._sources.get(held.percept.source)
            if tiers is None:
                self._let_go(held.percept, ledger)
            else:
                tiers.put_back(held)
                self._event_tokens += held.tokens

    def _grow_old(self) -> None:
        """Recent percepts beyond their share become events; this alone lets nothing go."""
        for _ in range(AGED_AT_ONCE):
            if not self._recent or self._recent_tokens <= RECENT_SHARE * (self._budget - self._pinned_tokens):
                return
            self._age(next(iter(self._recent.values())))

    def _age(self, tiers: Tiers) -> None:
        held, spare = tiers.age()
        del self._recent[held.percept.id]
        self._recent_tokens -= held.tokens
        self._event_tokens += held.tokens
        if spare:
            self._spare[spare] = tiers

    def _fit(self, ledger: _Ledger) -> None:
        """Let go until the budget is kept: spare events, then runs of events into spans, then spans into longer ones.

        Each step makes the number of percepts smaller, so it ends; every percept is merged once.
        """
        while self.tokens > self._budget:
            if self._spare:
                spare, tiers = next(iter(self._spare.items()))
                self._drop_raw(tiers, spare, ledger)
            elif self._span_tokens > SPAN_SHARE * (self._budget - self._pinned_tokens):
                self._shorten(ledger)
            elif self._event_tokens:
                # Of the source that takes the most: a busy one does not push out a quiet one.
                self._merge_run(max(self._sources.values(), key=lambda tiers: tiers.event_tokens), ledger)
            else:
                self._age(next(iter(self._recent.values())))

    def _merge_run(self, tiers: Tiers, ledger: _Ledger) -> None:
        """The oldest events of a source become part of a span."""
        if not tiers.events:
            self._age(tiers)
        run = tiers.take_run()
        for held in run:
            self._event_tokens -= held.tokens
            self._spare.pop(held.percept.id, None)
            self._let_go(held.percept, ledger, known=held.tokens > 0)
        assert self._newest_ns is not None
        folded = tiers.fold(run, self._newest_ns)
        if folded is None:
            return
        earlier, span = folded
        if earlier is not None:
            self._drop_span(tiers, earlier.percept.id, ledger, archived=False)
        self._put_span(tiers, span, ledger)
        if len(tiers.spans) > MAX_SPANS:
            self._shorten_source(tiers, ledger)

    def _shorten(self, ledger: _Ledger) -> None:
        """Two spans become one, of the source that takes the most; where none can, the oldest span goes."""
        for tiers in sorted(self._sources.values(), key=lambda tiers: -tiers.span_tokens):
            if tiers.mergeable() is not None:
                self._shorten_source(tiers, ledger)
                return
        self._shorten_source(min((t for t in self._sources.values() if t.spans), key=_begins), ledger)

    def _shorten_source(self, tiers: Tiers, ledger: _Ledger) -> None:
        pair = tiers.mergeable()
        if pair is None:
            self._drop_span(tiers, tiers.spans[0].percept.id, ledger)
            return
        for span in pair:
            self._drop_span(tiers, span.percept.id, ledger, archived=False)
        self._put_span(tiers, tiers.merged(*pair), ledger)

    def _put_span(self, tiers: Tiers, span: Span, ledger: _Ledger) -> None:
        while True:
            self._spans_made += 1
            percept_id = f"{tiers.source}/m{self._spans_made}"
            if percept_id not in self._by_id:
                break
        span = named(span, percept_id, self._size(span.percept))
        tiers.add_span(span)
        self._span_tokens += span.tokens
        self._by_id[percept_id] = ledger.remember[percept_id] = span.percept

    def _drop_raw(self, tiers: Tiers, percept_id: str, ledger: _Ledger | None) -> Held | None:
        recent = percept_id in tiers.recent
        held = tiers.drop(percept_id)
        if held is None:
            return None
        if recent:
            del self._recent[percept_id]
            self._recent_tokens -= held.tokens
        else:
            self._event_tokens -= held.tokens
        self._spare.pop(percept_id, None)
        self._let_go(held.percept, ledger, known=held.tokens > 0)
        return held

    def _drop_span(self, tiers: Tiers, percept_id: str, ledger: _Ledger | None, archived: bool = True) -> None:
        """A span goes; into the archive, unless it lives on in another."""
        span = tiers.drop_span(percept_id)
        if span is None:
            return
        self._span_tokens -= span.tokens
        self._let_go(span.percept, ledger, archived=archived)

    def _let_go(self, percept: Percept, ledger: _Ledger | None, known: bool = True, archived: bool = True) -> None:
        """No longer held. `ledger` is None where the language model has let go already."""
        del self._by_id[percept.id]
        if ledger is not None and known:
            ledger.gone(percept.id)
        if archived:
            self.archive.put(percept)


def _begins(tiers: Tiers) -> int:
    return tiers.spans[0].percept.t0_ns
