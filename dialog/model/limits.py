"""What a question limits itself to, a place, a weekday or a part of the day: of all else only what was said is read.

What was seen or heard elsewhere, or at another time, is no answer then. What somebody said may be one, wherever and
whenever it was said.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from dialog.model.pointing import as_line
from dialog.model.span import DAY_MIN
from streams.wording import WEEKDAYS

_ORDER = re.compile(
    r"\b(after|before|once|since|while|following|prior|then|as soon as|next|later|earlier|first|until|till|or)\b"
    r"|(?<!^)\bwhen\b"
)
"""Two things are put in order, or one of two is asked for: the other may have been elsewhere."""

_YES_OR_NO = re.compile(
    r"\W*(?:(?:and|so|but|ok|hey|well|please|tell me)\W+)?"
    r"(?:did|was|were|is|are|has|have|had|does|do|can|could|will|would|any\w*|some(?:one|body|thing))\b"
)
"""`Did a dog bark in the kitchen?` `No, in the hallway.`"""

_COMPARED = re.compile(
    r"\b(more|less|fewer|than|as|how long|how many|still|or|if|since|until|till|from|to)\b|\b(is|are) "
)
"""Two times are compared, or what has lasted until now is asked for."""

_PARTS = {
    "morning": (240, 750), "afternoon": (690, 1110), "evening": (990, DAY_MIN), "tonight": (990, DAY_MIN + 360),
    "night": (1200, DAY_MIN + 360),
}  # fmt: skip
"""Minutes after midnight, with some margin: nobody agrees when an evening begins."""

_WEEKDAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_PART = re.compile(
    rf"\b(?:(?:this|in the|during the|over the|in the middle of the|{_WEEKDAY}) (?P<a>morning|afternoon|evening|night)"
    r"|at (?P<b>night)|(?P<c>tonight))\b"
)
_DAY = re.compile(rf"\b({_WEEKDAY})s?\b")
_OTHER_DAY = re.compile(
    r"\b(today|tomorrow|yesterday|tonight|this (?:morning|afternoon|evening)|next|coming|every|each)\b"
)
"""Another day than the weekday that is named, or a day to come."""

_SPOKEN = re.compile(r' (?:says|writes): "')
_SIGN = re.compile(r": (?:a|the) sign ")
_CLOCK = re.compile(
    r"(?:(?P<day>[A-Z][a-z]{2}) )?(?P<hour>\d+):(?P<minute>\d\d)(?: to (?:[A-Z][a-z]{2} )?(?P<until>\d+:\d\d))?"
)


def place_of(line: str) -> str:
    """The place that a percept's line names, `gate` of `14:03 gate: a dog enters`; empty when it names none."""
    found = as_line("", line)
    return found.place if found is not None else ""


@dataclass(frozen=True, slots=True)
class Limits:
    """The place, the part of the day and the weekday that are asked about."""

    place: str | None = None
    part: tuple[int, int] | None = None
    """Minutes after midnight, both ends within; beyond 1,440 the next morning."""
    day: str | None = None
    """As clocks write it, `Wed`."""

    def allow(self, line: str) -> bool:
        """Whether a percept's line may answer."""
        if _SPOKEN.search(line) is not None:
            return True
        return (self.place is None or place_of(line) == self.place) and self._then(line)

    def _then(self, line: str) -> bool:
        clock = _CLOCK.match(line)
        if clock is None or (self.part is None and self.day is None):
            return True
        at = int(clock["hour"]) * 60 + int(clock["minute"])
        hours, _, minutes = (clock["until"] or f"{clock['hour']}:{clock['minute']}").partition(":")
        # What was merged lasted; past midnight it ends on the next day.
        end = int(hours) * 60 + int(minutes)
        end += DAY_MIN * (end < at)
        first, last = self.part or (0, DAY_MIN - 1)
        days: tuple[int, ...] = (-DAY_MIN, 0, DAY_MIN)
        # A line without a weekday is of the day on which the stream began: nothing is known of it here. A sign stays.
        if self.day is not None and clock["day"] in WEEKDAYS and _SIGN.search(line) is None:
            ahead = (WEEKDAYS.index(clock["day"]) - WEEKDAYS.index(self.day)) % len(WEEKDAYS)
            # The day before counts when it lasts into this one, the day after when this one's night does; and Sunday
            # night may be the one in which Sunday begins.
            near = {0: (0, -DAY_MIN) if last >= DAY_MIN else (0,), 1: (-DAY_MIN,), len(WEEKDAYS) - 1: (DAY_MIN,)}
            days = near.get(ahead, ())
        return any(at <= last + day and first + day <= end for day in days)


def asked_limits(question: str, lines: Iterable[str]) -> Limits | None:
    """What a question limits itself to, as in `What came to the gate this morning?`; None if to nothing.

    Args:
        lines: all percepts: places are known by them, and whether their clock times are those of a day, or of several.
    """
    text = question.lower()
    held = list(lines)
    found = Limits(_asked_place(text, held), _asked_part(text, held), _asked_day(text, held))
    return None if found == Limits() else found


def _asked_place(text: str, lines: list[str]) -> str | None:
    """The one place in which something shall have been."""
    if _ORDER.search(text) or _YES_OR_NO.match(text):
        return None
    places = {place_of(line) for line in lines}
    named = [place for place in places if place and place.lower() in text and _is_in(place.lower(), text)]
    whole = [one for one in named if not any(one != other and one in other for other in named)]
    return whole[0] if len(whole) == 1 else None


def _is_in(place: str, text: str) -> bool:
    before = r"\b(?:in|at|on|inside|outside|near|by|over at) (?:the |our |my )?"
    return re.search(rf"{before}{re.escape(place)}\b", text) is not None


def _asked_part(text: str, lines: list[str]) -> tuple[int, int] | None:
    """The one part of the day in which something shall have happened."""
    named = [found["a"] or found["b"] or found["c"] for found in _PART.finditer(text)]
    if len(named) != 1 or _COMPARED.search(text) or _ORDER.search(text):
        return None
    # `0:07` is seven seconds into a recording.
    clocks = [clock for line in lines if (clock := _CLOCK.match(line)) is not None]
    if any(len(clock["hour"]) != 2 or int(clock["hour"]) > 23 for clock in clocks):
        return None
    return _PARTS[named[0]]


def _asked_day(text: str, lines: list[str]) -> str | None:
    """The one weekday on which something shall have happened."""
    named = {found[1][:3].capitalize() for found in _DAY.finditer(text)}
    if len(named) != 1 or _YES_OR_NO.match(text) or _OTHER_DAY.search(text):
        return None
    if _COMPARED.search(text) or _ORDER.search(text):
        return None
    told = any((clock := _CLOCK.match(line)) is not None and clock["day"] in WEEKDAYS for line in lines)
    return named.pop() if told else None
