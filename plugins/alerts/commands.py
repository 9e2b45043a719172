"""What people tell the plugin and ask of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from dialog.events import Alert
from plugins.alerts.judge import Tally
from plugins.alerts.memory import Memory
from plugins.alerts.options import slug
from plugins.alerts.rules import Rule, changed
from plugins.alerts.sentences import hours_of, question_of
from streams.errors import HeedError

Changed = Callable[[Sequence[str]], Awaitable[None]]
"""Called with the names of rules that are gone, after the rules changed."""


class Rules:
    """The commands about rules."""

    def __init__(self, memory: Memory, on_change: Changed) -> None:
        self._memory, self._changed = memory, on_change

    async def add(self, arguments: Mapping[str, Any]) -> str:
        """Add a rule. Raises `HeedError` naming what is wrong."""
        rule = changed(dict(arguments))
        if any(slug(r.name) == slug(rule.name) for r in self._memory.rules()):
            raise HeedError(f"there is a rule {rule.name!r} already: change or remove it")
        self._memory.put(rule)
        await self._changed(())
        return f"added {described(rule)}"

    async def change(self, arguments: Mapping[str, Any]) -> str:
        """Change some fields of a rule."""
        rule = changed(dict(arguments), self.named(arguments))
        self._memory.put(rule)
        await self._changed(())
        return f"changed {described(rule)}"

    async def remove(self, arguments: Mapping[str, Any]) -> str:
        """Remove a rule."""
        rule = self.named(arguments)
        self._memory.remove(rule.name)
        await self._changed((rule.name,))
        return f"removed {rule.name}"

    def listed(self, arguments: Mapping[str, Any]) -> str:
        """All rules, a line each."""
        return "\n".join(described(rule) for rule in self._memory.rules()) or "no rules"

    def named(self, arguments: Mapping[str, Any]) -> Rule:
        """The rule that a command names."""
        name = str(arguments.get("name", ""))
        for rule in self._memory.rules():
            if rule.name == name:
                return rule
        known = ", ".join(rule.name for rule in self._memory.rules()) or "none"
        raise HeedError(f"there is no rule {name[:64]!r}; known: {known}")


def described(rule: Rule) -> str:
    """A rule in a line."""
    off = "" if rule.enabled else " (off)"
    if rule.when:
        hours = rule.between or hours_of(rule.when)
        return f'{rule.name}{off}: asks "{question_of(rule)}"' + (
            f" from {hours.replace('-', ' to ')}" if hours else ""
        )
    parts = [*rule.objects, *(rule.does or ()), *rule.words, *rule.sounds, *rule.kinds]
    parts += ["a fault"] if rule.fault else []
    parts += [f"absent for {rule.absent_s:g} s"] if rule.absent_s else []
    parts += [f"for {rule.dwell_s:g} s"] if rule.dwell_s else []
    return f"{rule.name}{off}: " + ", ".join(parts)


def status_line(
    rules: Sequence[Rule], open_now: int, raised: int, noted: Mapping[str, int], failures: Mapping[str, str]
) -> str:
    """For `heed plugins list`: how many, which rules are less eager, and what fails."""
    told = f"{len(rules)} rules, {open_now} open, {raised} alerts"
    if noted:
        told += "; less eager: " + ", ".join(f"{key} ({n} times not useful)" for key, n in list(noted.items())[:4])
    if failures:
        told += "; " + "; ".join(failures.values())
    return told


def answered(alerts: Sequence[Alert], clock: Callable[[int], str]) -> str:
    """What is said to "were there any alerts?"."""
    new = [alert for alert in alerts if alert.phase == "new"]
    if not new:
        return "There were no alerts."
    last = new[-1]
    many = "There was 1 alert" if len(new) == 1 else f"There were {len(new)} alerts, the last"
    return f"{many} at {clock(last.t_ns)}: {last.text}."


def verdicts(tallies: Mapping[str, Tally]) -> dict[str, dict[str, int]]:
    """For the page."""
    return {n: {"confirmed": t.confirmed, "rejected": t.rejected, "failed": t.failed} for n, t in tallies.items()}
