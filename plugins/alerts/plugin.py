"""The plugin: events in, alerts and notifications out. All rules of behaviour are in the pure parts."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from dialog.events import Alert, Perceived
from plugins.alerts import commands
from plugins.alerts.conditions import Calendar
from plugins.alerts.engine import Engine
from plugins.alerts.incidents import Change, Hit
from plugins.alerts.judge import Judge
from plugins.alerts.memory import Memory
from plugins.alerts.notify import Notifier
from plugins.alerts.options import Options
from plugins.alerts.rules import Rule
from plugins.contract import Register, Request
from streams.errors import HeedError
from streams.types import NS, Percept, seconds

TICK_S = 0.25
KEPT = 200
"""Alerts kept for the page and for questions."""
MAX_SUSPEND_MINUTES = 7 * 24 * 60.0


class Alerts:
    """One running plugin."""

    def __init__(self, register: Register) -> None:
        self._register = register
        options = register.options(Options)
        calendar = Calendar(register.clock)
        self._memory = Memory(register.folder, options.rules)
        self._engine = Engine(calendar, self._memory.reluctance, register.now_ns())
        self._notifier = Notifier(options, register.services, register.folder, register.clock)
        self._judge = Judge(register.services, calendar, self._on_judged, options.judge_aside)
        self._alerts: deque[Alert] = deque(maxlen=KEPT)
        self._sources: dict[str, tuple[str, str]] = {}
        self._raised = 0
        self._announced = False
        self._engine.set_rules(self._memory.rules(), register.now_ns())
        self._offer(register)

    def _offer(self, register: Register) -> None:
        rules = commands.Rules(self._memory, self._on_rules)
        self._rules = rules
        register.on(Perceived, self._on_perceived)
        register.every(TICK_S, self._on_tick)
        register.command("add", rules.add, "add a rule: name, and its conditions or `when`")
        register.command("change", rules.change, "change a rule: name, and the fields to change")
        register.command("remove", rules.remove, "remove a rule: name")
        register.command("list", rules.listed, "list the rules")
        register.command("suspend", self._suspend, "no notifications of a rule: name, minutes (0: again)")
        register.command("not_useful", lambda a: self._judged_by_person(a, False), "an alert was not useful: id")
        register.command("useful", lambda a: self._judged_by_person(a, True), "an alert was useful after all: id")
        register.tool(r"\b(how many|any|what|which|were there|list)\b.*\balerts?\b", self._answer)
        register.page("alerts.json", "application/json", self._page)
        register.page("rules.json", "application/json", self._rules_page)
        register.page("snapshots/*", "image/jpeg", self._snapshot)
        register.status(self._status)
        register.on_stop(self._stop)

    async def _on_perceived(self, event: Perceived) -> None:
        if not isinstance(event.what, Percept):
            return
        await self._announce()
        percept = event.what
        await self._publish(self._engine.see(percept, event.t_ns))
        place = " ".join(percept.source.replace("_", " ").replace("-", " ").split())
        line = f"{self._register.clock(percept.t0_ns)} {place}: {percept.text}"
        await self._judge.see(percept, event.t_ns, line, self._memory.rules())

    async def _on_tick(self, now_ns: int) -> None:
        await self._announce()
        await self._publish(self._engine.tick(now_ns))
        await self._judge.tick(now_ns, self._memory.rules())

    async def _on_judged(self, rule: Rule, hit: Hit) -> None:
        await self._publish(self._engine.judged(rule, hit))

    async def _on_rules(self, gone: Sequence[str]) -> None:
        await self._publish(self._engine.set_rules(self._memory.rules(), self._register.now_ns()))
        await self._notifier.announce(self._memory.rules(), gone)

    async def _announce(self) -> None:
        if not self._announced:
            self._announced = True
            await self._notifier.announce(self._memory.rules())

    async def _publish(self, changes: Sequence[Change]) -> None:
        for change in changes:
            alert = change.alert
            self._register.emit(alert)
            self._alerts.append(alert)
            self._raised += alert.phase == "new"
            self._sources[alert.id] = (alert.rule, change.source)
            while len(self._sources) > KEPT:
                self._sources.pop(next(iter(self._sources)))
            still_open = bool(self._engine.incidents.keys(alert.rule))
            await self._notifier.tell(change, still_open)

    def _suspend(self, arguments: Mapping[str, Any]) -> str:
        rule = self._rules.named(arguments)
        try:
            minutes = float(arguments.get("minutes", 60))
        except (TypeError, ValueError) as error:
            raise HeedError("'minutes' must be a number") from error
        if not 0 <= minutes <= MAX_SUSPEND_MINUTES:
            raise HeedError("'minutes' must be between 0 and a week")
        until_ns = self._register.now_ns() + round(minutes * 60 * NS)
        self._notifier.cooldown.suspend(rule.name, until_ns)
        return f"{rule.name}: no notifications until {self._register.clock(until_ns)}"

    def _judged_by_person(self, arguments: Mapping[str, Any], useful: bool) -> str:
        alert_id = str(arguments.get("id", ""))
        if alert_id not in self._sources:
            raise HeedError(f"there was no alert {alert_id[:80]!r} lately")
        rule, source = self._sources[alert_id]
        n = self._memory.note(rule, source, useful)
        return f"{rule} at {source}: " + (
            f"raised less eagerly ({n} times not useful)" if n else "raised as configured"
        )

    def _answer(self, question: str) -> str:
        return commands.answered(list(self._alerts), self._register.clock)

    def _page(self, request: Request) -> bytes:
        alerts = [
            {"t": seconds(a.t_ns), "id": a.id, "rule": a.rule, "severity": a.severity, "phase": a.phase,
             "text": a.text, "evidence": list(a.evidence), "snapshot": a.id in self._notifier.pictures}
            for a in self._alerts
        ]  # fmt: skip
        told = {"alerts": alerts, "verdicts": commands.verdicts(self._judge.tallies), "noted": self._memory.noted()}
        return json.dumps(told, ensure_ascii=False).encode()

    def _rules_page(self, request: Request) -> bytes:
        return json.dumps({"rules": [asdict(rule) for rule in self._memory.rules()]}, ensure_ascii=False).encode()

    def _snapshot(self, request: Request) -> bytes:
        found = self._notifier.pictures.get(request.path.removeprefix("snapshots/").removesuffix(".jpg"))
        if found is None:
            raise HeedError("there is no snapshot of that alert")
        return found

    def _status(self) -> str:
        return commands.status_line(
            self._memory.rules(), len(self._engine.incidents), self._raised, self._memory.noted(),
            self._notifier.failures,
        )  # fmt: skip

    async def _stop(self) -> None:
        now_ns = self._register.now_ns()
        await self._judge.finish(now_ns, self._memory.rules())
        await self._publish(self._engine.tick(now_ns))
        await self._publish(self._engine.incidents.close_all(now_ns))
        await self._notifier.finish()


def setup(register: Register) -> None:
    """Raises `HeedError`: the configuration or a file in the plugin's folder is wrong."""
    Alerts(register)
