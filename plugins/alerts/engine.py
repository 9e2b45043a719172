"""Rules against percepts: what happens, what lasts, what is missing. Pure: percepts and times in, changes out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from plugins.alerts.conditions import Calendar, fits, in_time
from plugins.alerts.incidents import Change, Hit, Incidents
from plugins.alerts.rules import Rule
from plugins.alerts.scene import Fact, Scene
from streams.types import NS, Percept, ns

MAX_PENDING = 256


@dataclass(slots=True)
class Pending:
    """What fits a rule and has not lasted, or been confirmed, long enough."""

    first_ns: int
    lasts: bool
    hits: list[Hit] = field(default_factory=list)


@dataclass(slots=True)
class Watch:
    """One rule at work."""

    rule: Rule
    pending: dict[str, Pending] = field(default_factory=dict)
    seen_ns: int | None = None
    """For absence: when something that fits was last perceived, or the rule came on."""


class Engine:
    """All rules. `reluctance(rule, source)` says how often a person called this rule's alerts of a source not useful:
    each time what lasts must last longer (1, 3, 7 s ... more) and what happens must happen once more. `begun_ns`: the
    stream time of now.
    """

    def __init__(self, calendar: Calendar, reluctance: Callable[[str, str], int], begun_ns: int = 0) -> None:
        self._calendar, self._reluctance = calendar, reluctance
        self._scene = Scene()
        self._watches: dict[str, Watch] = {}
        self.incidents = Incidents(reluctance, begun_ns)

    def rule(self, name: str) -> Rule | None:
        """The rule of that name that is at work."""
        watch = self._watches.get(name)
        return watch.rule if watch else None

    def set_rules(self, rules: Sequence[Rule], now_ns: int) -> list[Change]:
        """Let these rules work. The incidents of rules that are gone or off end; those of changed rules go on."""
        old, self._watches = self._watches, {}
        for rule in rules:
            before = old.get(rule.name)
            same = before is not None and before.rule == rule
            self._watches[rule.name] = before if same and before is not None else Watch(rule)
        at_work = {rule.name for rule in rules if rule.enabled}
        return [c for name in old if name not in at_work for c in self.incidents.close(name, now_ns)]

    def see(self, percept: Percept, known_ns: int) -> list[Change]:
        """What a percept, known since `known_ns`, changes."""
        fact = self._scene.see(percept, known_ns)
        changes: list[Change] = []
        for watch in self._watches.values():
            if watch.rule.enabled and not watch.rule.when:
                changes += self._check(watch, fact)
        return changes

    def judged(self, rule: Rule, hit: Hit) -> list[Change]:
        """The language model, or the choice of what its failure means, says that a sentence is true."""
        watch = self._watches.get(rule.name)
        if watch is None or not watch.rule.enabled:  # it may have been asked before the rule went
            return []
        return self._hit(watch, f"judged:{hit.source}", hit, lasts=False)

    def tick(self, now_ns: int) -> list[Change]:
        """What time alone changes."""
        changes: list[Change] = []
        for watch in self._watches.values():
            rule = watch.rule
            on = rule.enabled and in_time(rule, now_ns, self._calendar)
            if rule.absent_s and not rule.when:
                changes += self._absence(watch, on, now_ns)
            for key in [k for k, p in watch.pending.items() if p.lasts]:
                if on and self._ripe(rule, watch.pending[key], now_ns):
                    changes += self._raise(watch, key, now_ns)
        return changes + self.incidents.tick(now_ns)

    def _check(self, watch: Watch, fact: Fact) -> list[Change]:
        rule, percept = watch.rule, fact.percept
        over = self._over(watch, fact)
        if not in_time(rule, fact.known_ns, self._calendar) or not fits(rule, fact):
            return over
        if rule.absent_s:
            watch.seen_ns = fact.known_ns
            watch.pending.pop("absent", None)
            return over + self.incidents.over(rule.name, "absent", fact.known_ns, percept.id)
        hit = Hit(fact.known_ns, percept.source, fact.told or percept.text, (percept.id,), fact.again)
        if fact.kind == "count":
            within = _within(rule, fact.n)
            return over + (self._hit(watch, f"{hit.source}={fact.noun}", hit, lasts=True) if within else [])
        if fact.kind in ("enters", "named") and fact.thing:
            return over + self._hit(watch, fact.thing, hit, lasts=True)
        if fact.kind == "fault":
            return over + self._hit(watch, f"{percept.source}!{fact.noun}", hit, lasts=True)
        if fact.kind == "leaves":  # each thing's leaving is an incident of its own
            return over + self._hit(watch, f"{fact.thing or percept.id}>", hit, lasts=False)
        return over + self._hit(watch, fact.thing or percept.source, hit, lasts=False)

    def _over(self, watch: Watch, fact: Fact) -> list[Change]:
        """What a fact ends, at whatever time of day: the presence of a thing, of all of a class, a number, a fault."""
        rule, source = watch.rule, fact.percept.source
        if fact.kind == "leaves" and fact.thing:
            keys = [fact.thing]
        elif fact.kind == "named" and rule.objects and fact.noun not in rule.objects:
            keys = [fact.thing]  # what counted before it had a name is another
        elif fact.kind == "count" and fact.noun in rule.objects:
            keys = [k for k in self._keys(watch) if fact.n == 0 and k.startswith(f"{source}#")]
            keys += [] if _within(rule, fact.n) else [f"{source}={fact.noun}"]
        elif fact.kind == "mended":
            keys = [k for k in self._keys(watch) if k.startswith(f"{source}!")]
        else:
            return []
        for key in keys:
            watch.pending.pop(key, None)
        return [c for k in keys for c in self.incidents.over(rule.name, k, fact.known_ns, fact.percept.id)]

    def _keys(self, watch: Watch) -> list[str]:
        return [*watch.pending, *self.incidents.keys(watch.rule.name)]

    def _absence(self, watch: Watch, on: bool, now_ns: int) -> list[Change]:
        rule = watch.rule
        there = bool(rule.objects) and self._scene.holds(rule.objects, rule.sources)
        if not on or there or watch.seen_ns is None:
            watch.seen_ns = now_ns
            watch.pending.pop("absent", None)
            return self.incidents.over(rule.name, "absent", now_ns, "") if not on or there else []
        if now_ns - watch.seen_ns < ns(rule.absent_s) or "absent" in self.incidents.keys(rule.name):
            return []
        what = " or ".join([*rule.objects, *rule.words, *rule.sounds] or rule.kinds or ("anything",))
        lasted = f"{round((now_ns - watch.seen_ns) / NS)} seconds"
        hit = Hit(now_ns, rule.sources[0] if len(rule.sources) == 1 else "", f"no sign of {what} for {lasted}", ())
        return self._hit(watch, "absent", hit, lasts=True)

    def _hit(self, watch: Watch, key: str, hit: Hit, lasts: bool) -> list[Change]:
        rule = watch.rule
        open_already = self.incidents.news(rule, key, hit)
        if open_already is not None:
            return open_already
        needed = self._needed(rule, hit.source, lasts)
        if needed > 1:  # several percepts must agree: not all about the same thing
            key, lasts = f"{hit.source}*", False
            open_already = self.incidents.news(rule, key, hit)
            if open_already is not None:
                return open_already
        pending = watch.pending.setdefault(key, Pending(hit.t_ns, lasts))
        pending.hits = [h for h in pending.hits if hit.t_ns - h.t_ns <= ns(rule.within_s)][-99:] + [hit]
        while len(watch.pending) > MAX_PENDING:
            watch.pending.pop(next(iter(watch.pending)))
        ripe = self._ripe(rule, pending, hit.t_ns)
        return self._raise(watch, key, hit.t_ns) if ripe else []

    def _needed(self, rule: Rule, source: str, lasts: bool) -> int:
        return rule.at_least + (0 if lasts else self._reluctance(rule.name, source))

    def _ripe(self, rule: Rule, pending: Pending, now_ns: int) -> bool:
        source = pending.hits[-1].source
        if not pending.lasts:
            return len(pending.hits) >= self._needed(rule, source, False)
        longer_s = 2 ** min(10, self._reluctance(rule.name, source)) - 1
        return now_ns - pending.first_ns >= ns(max(rule.for_s, rule.dwell_s) + longer_s)

    def _raise(self, watch: Watch, key: str, now_ns: int) -> list[Change]:
        pending = watch.pending.pop(key)
        evidence = tuple(dict.fromkeys(i for hit in pending.hits for i in hit.evidence))
        last = pending.hits[-1]
        hit = Hit(now_ns, last.source, last.text, evidence, verdict=last.verdict)
        return self.incidents.open(watch.rule, key, hit, pending.lasts)


def _within(rule: Rule, n: int) -> bool:
    low, high = rule.count_at_least, rule.count_at_most
    return (low is None or n >= low) and (high is None or n <= high)
