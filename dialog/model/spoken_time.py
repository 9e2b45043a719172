"""Clock times as people say them, `half past four`, `noon`, `5 pm`, written as clocks write them."""

from __future__ import annotations

import re

_HOURS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12,
}  # fmt: skip
_STEPS = {"five": 5, "ten": 10, "quarter": 15, "twenty": 20, "twenty-five": 25, "half": 30}
_WHOLE = {"noon": [720], "midday": [720], "midnight": [0, 1440]}

_SAID = re.compile(
    rf"(?<![\w:.])(?:(?P<whole>{'|'.join(_WHOLE)})"
    r"|(?:(?<!from )(?:a )?(?P<step>half|quarter|five|ten|twenty(?:-five)?)(?: minutes)? (?P<way>past|to) )?"
    rf"(?P<hour>{'|'.join(_HOURS)}|1[0-2]|[1-9])(?P<sharp> o'?clock)?"
    r"(?:\s*(?P<half>[ap])\.?m\b|\s+(?:in the |at )(?P<part>morning|afternoon|evening|night))?)(?![\w:])",
    re.I,
)
_BEFORE = re.compile(r"\b(?:between|from|since|after|until|till|and|to)\s*$", re.I)
_BEHIND = re.compile(r"\s*(?:[?.!,;]|$|(?:and|to|until|till|on|onwards)\b)", re.I)
"""A bare number is a time between such words: `between four and five`, not `four people`."""


def with_clocks(text: str, now: str) -> str:
    """A text with its spoken times as clock times of the day that ends `now`, `14:03` or `Tue 14:03`.

    Of the two halves of the day the first time is of the later one that has come already, each further time the next
    after it. Where a time has not come yet the text is returned as it is.
    """
    clock = now.rpartition(" ")[2]
    if not re.fullmatch(r"\d\d:\d\d", clock):
        return text
    latest, earliest = int(clock[:2]) * 60 + int(clock[3:]), None
    parts, at = [], 0
    for said in _SAID.finditer(text):
        if not _is_time(said, text):
            continue
        fitting = [
            minute for minute in _minutes(said) if (minute <= latest if earliest is None else minute >= earliest)
        ]
        if not fitting:
            return text
        earliest = max(fitting) if earliest is None else min(fitting)
        parts += [text[at : said.start()], f"{earliest // 60:02d}:{earliest % 60:02d}"]
        at = said.end()
    return "".join([*parts, text[at:]])


def _is_time(said: re.Match[str], text: str) -> bool:
    if said["whole"] or said["step"] or said["sharp"] or said["half"]:
        return True
    return bool(_BEFORE.search(text[: said.start()]) and _BEHIND.match(text[said.end() :]))


def _minutes(said: re.Match[str]) -> list[int]:
    """What it may be, minutes after midnight."""
    if said["whole"]:
        return _WHOLE[said["whole"].lower()]
    named = said["hour"].lower()
    minute = (_HOURS.get(named) or int(named)) % 12 * 60
    if said["step"]:
        minute += _STEPS[said["step"].lower()] * (1 if said["way"].lower() == "past" else -1)
    half = (said["half"] or {"morning": "a"}.get((said["part"] or "").lower(), "p" if said["part"] else "")).lower()
    return [m % 1440 for m in {"a": [minute], "p": [minute + 720], "": [minute, minute + 720]}[half]]
