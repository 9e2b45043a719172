"""Whether a fact fits a rule. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from plugins.alerts.rules import Rule, minutes_between
from plugins.alerts.scene import Fact
from streams.types import NS, Box

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
DAY_NS = 86_400 * NS


@dataclass(frozen=True, slots=True)
class Calendar:
    """Time of day and weekday of a stream time, from the clock that tells times as people say them."""

    clock: Callable[[int], str]

    def minute(self, t_ns: int) -> int | None:
        """Minutes since midnight; None for a stream that has no date."""
        if len(self.clock(0).split(":")[0]) < 2:  # `0:00` since the start, not `00:00` of a day
            return None
        hour, minute = self.clock(t_ns).split()[-1].split(":")
        return int(hour) * 60 + int(minute)

    def day(self, t_ns: int) -> str:
        """`Mon`; empty for a stream that has no date."""
        if self.minute(t_ns) is None:
            return ""
        told = self.clock(t_ns).split()
        if len(told) > 1:
            return told[0]
        tomorrow = self.clock(t_ns + DAY_NS).split()  # on its first day a stream does not name the day
        return DAYS[DAYS.index(tomorrow[0]) - 1]


def in_time(rule: Rule, t_ns: int, calendar: Calendar) -> bool:
    """Whether a rule is on at this time. A stream without a date has no time of day: the rule is on."""
    if not rule.days and not rule.between:  # most rules, at every tick
        return True
    minute = calendar.minute(t_ns)
    if minute is None:
        return True
    if rule.days and calendar.day(t_ns) not in rule.days:
        return False
    if not rule.between:
        return True
    start, end = minutes_between(rule.between)
    return start <= minute < end if start <= end else minute >= start or minute < end


def in_zone(zone: Sequence[tuple[float, float]], box: Box | None) -> bool:
    """Whether the middle of a box's lower edge lies in a polygon (even-odd rule). Without a box it does not."""
    if not zone:
        return True
    if box is None:
        return False
    x, y = box[0] + box[2] / 2, min(box[1] + box[3], 0.9999)
    inside = False
    for (x0, y0), (x1, y1) in zip(zone, [*zone[1:], zone[0]], strict=True):
        if (y0 > y) != (y1 > y) and x < (x1 - x0) * (y - y0) / (y1 - y0) + x0:
            inside = not inside
    return inside


def fits(rule: Rule, fact: Fact) -> bool:
    """Whether a fact is of the kind that a rule speaks of: all but time, number and duration."""
    percept = fact.percept
    if rule.sources and percept.source not in rule.sources:
        return False
    if rule.kinds and percept.kind not in rule.kinds:
        return False
    if percept.confidence < rule.min_confidence:
        return False
    if fact.kind != "count" and not in_zone(rule.zone, percept.box):
        return False
    if rule.fault:
        return fact.kind == "fault"
    if rule.words:
        return fact.kind == "words" and any(has_phrase(quoted(percept.text), words) for words in rule.words)
    if rule.sounds:
        return fact.kind == "sound" and any(has_phrase(percept.text, sound) for sound in rule.sounds)
    if rule.objects:
        return _object(rule, fact)
    return True


def _object(rule: Rule, fact: Fact) -> bool:
    if rule.count_at_least is not None or rule.count_at_most is not None:
        return fact.kind == "count" and fact.noun in rule.objects
    does = rule.does or ("enters",)
    kind = "enters" if fact.kind == "named" else fact.kind
    return kind in does and (fact.noun in rule.objects or (fact.noun in ("something", "thing") and _likely(rule, fact)))


def _likely(rule: Rule, fact: Fact) -> bool:
    """Whether a thing without a name counts."""
    if rule.early == "usual":
        fitting = sum(noun in rule.objects for noun in fact.usual)
        return bool(fact.usual) and fitting >= 0.8 * len(fact.usual)
    return rule.early == "yes"


def quoted(text: str) -> str:
    """What was said or read, without who said it."""
    start, end = text.find('"'), text.rfind('"')
    return text[start + 1 : end] if 0 <= start < end else text


def has_phrase(text: str, phrase: str) -> bool:
    """Whether the words of a phrase stand in a text, one after the other, but for case and punctuation."""
    plain = " ".join(re.findall(r"[^\W_]+", text.casefold()))
    wanted = " ".join(re.findall(r"[^\W_]+", phrase.casefold()))
    return bool(wanted) and f" {wanted} " in f" {plain} "
