"""Sentences judged by the language model on the percepts that a cheap trigger let through."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace

from plugins.alerts.conditions import Calendar, in_time, in_zone
from plugins.alerts.incidents import Hit
from plugins.alerts.rules import Rule
from plugins.alerts.sentences import Verdict, hours_of, question_of, shown, trigger_of, verdict_of
from plugins.contract import Services
from streams.errors import HeedError
from streams.types import NS, Percept, ns

MAX_RECENT = 64
SHOWN = 16
"""Percepts that the model is shown: the newest."""
SHOWN_NS = 10 * 60 * NS
MAX_WAITING = 8
ASK_TIMEOUT_S = 30.0

Judged = Callable[[Rule, Hit], Awaitable[None]]


@dataclass(slots=True)
class Tally:
    """Verdicts of one rule."""

    confirmed: int = 0
    rejected: int = 0
    failed: int = 0


@dataclass(slots=True)
class _Case:
    asked_ns: int = -(1 << 62)
    held: tuple[Rule, Percept] | None = None
    """The newest percept that is not asked about yet: it may have come too soon after the last question."""
    used: deque[str] = field(default_factory=lambda: deque(maxlen=MAX_RECENT))
    """Percepts that a confirmed verdict rested on: the same again is no news."""


class Judge:
    """Asks for each rule at most every `judge_every_s`; at most `MAX_WAITING` wait, the oldest is dropped."""

    def __init__(self, services: Services, calendar: Calendar, judged: Judged, aside: bool) -> None:
        self._services, self._calendar, self._judged, self._aside = services, calendar, judged, aside
        self._recent: deque[tuple[str, str, str, int]] = deque(maxlen=MAX_RECENT)
        self._cases: dict[str, _Case] = {}
        self._waiting: deque[tuple[Rule, Percept, int]] = deque()
        self._task: asyncio.Task[None] | None = None
        self.tallies: dict[str, Tally] = {}
        self.dropped = 0

    async def see(self, percept: Percept, known_ns: int, line: str, rules: list[Rule]) -> None:
        """Put a percept before the rules that have a sentence."""
        self._recent.append((percept.id, percept.kind, line, percept.t0_ns))
        for rule in rules:
            if rule.enabled and rule.when and self._fits(rule, percept, known_ns):
                self._cases.setdefault(rule.name, _Case()).held = rule, percept
        await self.tick(known_ns, rules)

    async def tick(self, now_ns: int, rules: list[Rule]) -> None:
        """Ask about what was held back, where its time has come."""
        self._take_up(now_ns, rules)
        if not self._waiting:
            return
        if not self._aside:
            await self._work()
        elif self._task is None or self._task.done():
            self._task = asyncio.create_task(self._work())

    async def finish(self, now_ns: int, rules: list[Rule]) -> None:
        """Judge what waits; of a recording, which nobody is kept waiting by, what is held back too."""
        self._take_up(now_ns, rules, last=not self._aside)
        if self._task is not None:
            await self._task
        await self._work()

    def _take_up(self, now_ns: int, rules: list[Rule], last: bool = False) -> None:
        now = {rule.name: rule for rule in rules}
        for name, case in self._cases.items():
            if case.held is None:
                continue
            rule, percept = case.held
            if rule != now.get(name):  # it was changed, switched off or removed
                case.held = None
            elif last or now_ns - case.asked_ns >= ns(rule.judge_every_s):
                self._waiting.append((rule, percept, now_ns))
                case.asked_ns, case.held = now_ns, None
                if len(self._waiting) > MAX_WAITING:
                    self._waiting.popleft()
                    self.dropped += 1

    def _fits(self, rule: Rule, percept: Percept, now_ns: int) -> bool:
        if rule.sources and percept.source not in rule.sources:
            return False
        if not in_zone(rule.zone, percept.box) or percept.confidence < rule.min_confidence:
            return False
        timed = rule if rule.between else replace(rule, between=hours_of(rule.when))
        return in_time(timed, now_ns, self._calendar) and trigger_of(rule).passes(percept.kind, percept.text)

    async def _work(self) -> None:
        while self._waiting:
            rule, percept, now_ns = self._waiting.popleft()
            verdict, answer, evidence = await self._ask(rule, now_ns)
            tally = self.tallies.setdefault(rule.name, Tally())
            setattr(tally, verdict, getattr(tally, verdict) + 1)
            case = self._cases.setdefault(rule.name, _Case())
            if verdict == "confirmed":
                if evidence and all(i in case.used for i in evidence):
                    continue
                case.used.extend(evidence)
            elif verdict == "rejected" or rule.on_failure == "ignore":
                continue
            text = answer if verdict == "confirmed" else f"perhaps: {rule.when}"
            hit = Hit(now_ns, percept.source, text, evidence or (percept.id,), verdict=verdict)
            await self._judged(rule, hit)

    async def _ask(self, rule: Rule, now_ns: int) -> tuple[Verdict, str, tuple[str, ...]]:
        known = [
            r for r in self._recent if now_ns - r[3] <= SHOWN_NS and (not rule.sources or _from(r[0], rule.sources))
        ]
        question = question_of(rule)
        lines = shown(rule, known)[-SHOWN:]
        try:
            asked = self._services.ask(question, lines, now_ns)
            answer, evidence = await asyncio.wait_for(asked, ASK_TIMEOUT_S)
        except (HeedError, TimeoutError):
            return "failed", "", ()
        return verdict_of(answer, question), answer, tuple(evidence)


def _from(percept_id: str, sources: tuple[str, ...]) -> bool:
    return percept_id.rsplit("/", 1)[0] in sources
