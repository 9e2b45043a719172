"""Incidents: one thing to know of, with news and an end. Severity only rises. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from dialog.events import Alert, Phase
from plugins.alerts.options import slug
from plugins.alerts.rules import SEVERITIES, Rule
from streams.types import NS, ns

MAX_OPEN = 256
MAX_EVIDENCE = 16
MS = NS // 1000
SETTLE_NS = 3 * NS
"""What lasts has ended when it is over for so long: a thing that is lost and found again is no new incident."""


@dataclass(frozen=True, slots=True)
class Hit:
    """Something that fits a rule, known at `t_ns`."""

    t_ns: int
    source: str
    text: str
    evidence: tuple[str, ...]
    again: bool = False
    """A thing that had just been lost: goes on with its incident, or is nothing."""
    verdict: str = ""
    """Of the language model."""


@dataclass(slots=True)
class Incident:
    """An open incident."""

    id: str
    rule: Rule
    severity: int
    text: str
    started_ns: int
    last_ns: int
    lasts: bool
    keys: set[str]
    sources: list[str]
    evidence: list[str] = field(default_factory=list)
    over_ns: int | None = None
    """What lasted is over since then; no news reopen it later than `SETTLE_NS` after."""
    escalated: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """An alert to publish, and what notifications need to know."""

    alert: Alert
    rule: Rule
    source: str
    fresh: bool
    """There is something that a person does not know yet: new, more severe, or on a further camera."""
    verdict: str = ""


class Incidents:
    """The open incidents of all rules."""

    def __init__(self, reluctance: Callable[[str, str], int], begun_ns: int = 0) -> None:
        self._reluctance = reluctance
        self._open: list[Incident] = []
        # Ids are counted from the stream time in ms: who is begun again in the same run names nothing twice.
        self._made = begun_ns // MS

    def __len__(self) -> int:
        return len(self._open)

    def keys(self, rule: str) -> list[str]:
        """Of what the open incidents of a rule are."""
        return [key for i in self._open if i.rule.name == rule for key in i.keys]

    def news(self, rule: Rule, key: str, hit: Hit) -> list[Change] | None:
        """News of an open incident; None where none is open."""
        for incident in self._open:
            if incident.rule.name == rule.name and key in incident.keys:
                incident.rule, incident.over_ns, incident.last_ns = rule, None, hit.t_ns
                if hit.again or all(i in incident.evidence for i in hit.evidence):
                    return []
                return [self._told(incident, "update", hit, fresh=False)]
        return [] if hit.again else None

    def open(self, rule: Rule, key: str, hit: Hit, lasts: bool) -> list[Change]:
        """A new incident, or the same on a further camera."""
        for incident in self._open:
            near = abs(hit.t_ns - incident.started_ns) <= ns(rule.together_s)
            if incident.rule.name == rule.name and near and hit.source not in incident.sources:
                incident.keys.add(key)
                incident.sources.append(hit.source)
                incident.over_ns, incident.last_ns = None, hit.t_ns
                return [self._told(incident, "update", hit, fresh=False)]
        self._made += 1
        level = SEVERITIES.index(rule.severity)
        incident = Incident(
            f"{slug(rule.name)}-{self._made}", rule, level, "", hit.t_ns, hit.t_ns, lasts, {key}, [hit.source]
        )
        self._open.append(incident)
        changes = [self._told(incident, "new", hit, fresh=True)]
        if len(self._open) > MAX_OPEN:
            changes += self._end(self._open[0], hit.t_ns)
        return changes

    def over(self, rule: str, key: str, t_ns: int, percept_id: str) -> list[Change]:
        """What lasted is over; the incident ends when it stays so."""
        for incident in self._open:
            if incident.rule.name == rule and key in incident.keys and incident.lasts:
                if percept_id:
                    _add(incident, (percept_id,))
                if len(incident.keys) > 1:
                    incident.keys.discard(key)
                elif incident.over_ns is None:
                    incident.over_ns = t_ns
        return []

    def close(self, rule: str, now_ns: int) -> list[Change]:
        """End the incidents of a rule."""
        return [c for i in list(self._open) if i.rule.name == rule for c in self._end(i, now_ns)]

    def close_all(self, now_ns: int) -> list[Change]:
        """End all."""
        return [c for i in list(self._open) for c in self._end(i, now_ns)]

    def tick(self, now_ns: int) -> list[Change]:
        """Ends and escalations that are due."""
        changes: list[Change] = []
        for incident in list(self._open):
            rule = incident.rule
            settled = incident.over_ns is not None and now_ns - incident.over_ns >= SETTLE_NS
            quiet = not incident.lasts and now_ns - incident.last_ns >= ns(rule.quiet_s)
            if settled or quiet:
                changes += self._end(incident, now_ns)
                continue
            lasted_ns = now_ns - incident.started_ns
            rises = rule.escalate_after_s and not incident.escalated and incident.over_ns is None
            if rises and lasted_ns >= ns(rule.escalate_after_s):
                incident.escalated = True
                incident.severity = min(incident.severity + 1, len(SEVERITIES) - 1)
                lasted = f"{incident.text}, for {round(lasted_ns / NS)} seconds"
                changes.append(self._change(incident, "update", now_ns, lasted, fresh=True))
        return changes

    def _end(self, incident: Incident, now_ns: int) -> list[Change]:
        self._open.remove(incident)
        return [self._change(incident, "end", now_ns, f"over: {incident.text}", fresh=False)]

    def _told(self, incident: Incident, phase: Phase, hit: Hit, fresh: bool) -> Change:
        _add(incident, hit.evidence)
        place = " ".join(hit.source.replace("_", " ").replace("-", " ").split())
        told = incident.rule.text or hit.text
        text = f"{place}: {told}" if place else told
        if hit.verdict == "failed":
            text += " (not verified)"
        times = self._reluctance(incident.rule.name, hit.source)
        if times:
            text += f" (raised less eagerly: {times} times not useful)"
        incident.text = text
        return self._change(incident, phase, hit.t_ns, text, fresh, hit.verdict)

    def _change(self, incident: Incident, phase: Phase, t_ns: int, text: str, fresh: bool, verdict: str = "") -> Change:
        alert = Alert(
            t_ns, incident.id, incident.rule.name, SEVERITIES[incident.severity], phase, text[:1000],
            tuple(incident.evidence),
        )  # fmt: skip
        return Change(alert, incident.rule, incident.sources[-1], fresh, verdict)


def _add(incident: Incident, evidence: tuple[str, ...]) -> None:
    """The first percepts of an incident and the newest are its evidence."""
    incident.evidence += [i for i in evidence if i not in incident.evidence]
    if len(incident.evidence) > MAX_EVIDENCE:
        del incident.evidence[MAX_EVIDENCE // 2 : -MAX_EVIDENCE // 2]
