"""What a rule of alerts says: plain conditions, or a sentence that the language model judges."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from typing import Any, Literal, get_args, get_origin, get_type_hints

from plugins.contract import Severity
from streams.errors import HeedError
from streams.types import KINDS, Kind

Does = Literal["enters", "leaves", "stays", "moves"]

MAX_RULES = 64
MAX_TEXT_CHARS = 300
MAX_LIST = 32
SEVERITIES: tuple[Severity, ...] = ("info", "warning", "alarm")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 _-]{0,63}")
_BETWEEN = re.compile(r"([01]?\d|2[0-3]):([0-5]\d) ?- ?([01]?\d|2[0-3]):([0-5]\d)")
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. Conditions that are left out hold always; those that are given must all hold."""

    name: str
    when: str = ""
    """A sentence, as "tell me when someone leaves a bag": the language model judges it on what a trigger passes."""
    enabled: bool = True
    kinds: tuple[Kind, ...] = ()
    """Kinds of percepts."""
    objects: tuple[str, ...] = ()
    """`person`, `car`, `dog`: what enters, leaves, is in view."""
    does: tuple[Does, ...] = ()
    """What the object does; left out, it enters."""
    early: Literal["no", "usual", "yes"] = "usual"
    """Whether a thing counts before it has a name: sooner, and wrong when it turns out to be another. `usual`: where
    at least four of five of the last things of this source that got a name were such an object."""
    words: tuple[str, ...] = ()
    """Words or phrases spoken, typed or read."""
    sounds: tuple[str, ...] = ()
    """`loud`, `noisy`, or a sound by its name, as `dog barking`."""
    fault: bool = False
    """A camera or microphone is covered, frozen or gone."""
    sources: tuple[str, ...] = ()
    zone: tuple[tuple[float, float], ...] = ()
    """Polygon of `(x, y)`, each 0..1 from the top left; the middle of a box's lower edge must lie in it."""
    between: str = ""
    """Time of day, as `22:00-06:00`."""
    days: tuple[Literal["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"], ...] = ()
    dwell_s: float = 0.0
    """The object has been in view for so long."""
    count_at_least: int | None = None
    count_at_most: int | None = None
    """How many of the object are in view."""
    absent_s: float = 0.0
    """Nothing that fits was perceived for so long."""
    for_s: float = 0.0
    """It must last so long before it is raised (what lasts), or be confirmed within so long (what happens)."""
    at_least: int = 1
    """Percepts that must agree, within `within_s`."""
    within_s: float = 60.0
    min_confidence: float = 0.0
    quiet_s: float = 30.0
    """An incident that has no end of its own ends after so long without news."""
    together_s: float = 5.0
    """The same on another camera within so long is the same incident."""
    cooldown_s: float = 0.0
    """Notifications of this rule at most so often, unless the severity rises. Alerts themselves are never held back."""
    severity: Severity = "warning"
    escalate_after_s: float = 0.0
    """An incident that lasts so long becomes more severe by one step; 0: never."""
    text: str = ""
    """The alert's sentence; left out, what was perceived."""
    speak: bool = False
    """Say it aloud."""
    question: str = ""
    """With `when`: the yes/no question to the language model; left out, derived from the sentence."""
    triggers: tuple[str, ...] = ()
    """With `when`: words that a percept must hold to be judged; left out, derived from the sentence."""
    on_failure: Literal["raise", "ignore"] = "ignore"
    """With `when`: what an answer that is neither yes nor no, or none, means."""
    judge_every_s: float = 10.0
    """With `when`: at most one judgement in so long."""

    def __post_init__(self) -> None:
        if wrong := _wrong(self):
            raise ValueError(f"rule {self.name[:64]!r}: {wrong}")


def _wrong(rule: Rule) -> str:
    if not _NAME.fullmatch(rule.name):
        return "its name must be 1 to 64 letters, digits, blanks, _ or -"
    for field in fields(rule):
        value = getattr(rule, field.name)
        if isinstance(value, tuple) and len(value) > MAX_LIST:
            return f"'{field.name}' has more than {MAX_LIST} entries"
        texts = (
            [value]
            if isinstance(value, str)
            else [x for x in value if isinstance(x, str)]
            if isinstance(value, tuple)
            else []
        )
        if any(len(text) > MAX_TEXT_CHARS or not text.isprintable() for text in texts):
            return f"'{field.name}' is longer than {MAX_TEXT_CHARS} characters or has odd ones"
        if isinstance(value, float) and not 0 <= value <= 7 * 86_400:
            return f"'{field.name}' must be between 0 and a week"
    if rule.zone and (len(rule.zone) < 3 or not all(0 <= v <= 1 for point in rule.zone for v in point)):
        return "'zone' needs at least three points, each coordinate between 0 and 1"
    if rule.between and not _BETWEEN.fullmatch(rule.between):
        return "'between' must be like 22:00-06:00"
    if rule.between and len(set(minutes_between(rule.between))) == 1:
        return "'between' begins and ends at the same time: leave it out for the whole day"
    if not 1 <= rule.at_least <= 100:
        return "'at_least' must be between 1 and 100"
    if (rule.dwell_s or rule.count_at_least is not None or rule.count_at_most is not None) and len(rule.objects) != 1:
        return "'dwell_s' and 'count_...' need one of 'objects'"
    plain = rule.kinds or rule.objects or rule.words or rule.sounds or rule.fault or rule.absent_s
    return "" if plain or rule.when else "it has no condition: give objects, words, sounds, fault, kinds or when"


def minutes_between(between: str) -> tuple[int, int]:
    """`22:00-06:00` as minutes of the day, `(1320, 360)`."""
    found = _BETWEEN.fullmatch(between)
    if found is None:
        raise ValueError(between)
    a, b, c, d = (int(x) for x in found.groups())
    return a * 60 + b, c * 60 + d


def changed(arguments: dict[str, Any], base: Rule | None = None) -> Rule:
    """A rule from a command's arguments, whose values may be text, laid over `base`.

    Lists come as JSON lists or with commas, a zone as `0.1,0.2 0.9,0.2 0.5,0.8`.

    Raises:
        HeedError: one line naming what is wrong.
    """
    hints = get_type_hints(Rule)
    values = {f.name: getattr(base, f.name) for f in fields(Rule)} if base is not None else {}
    for key, value in arguments.items():
        if key not in hints:
            raise HeedError(f"a rule has no {key[:40]!r}; it has {', '.join(hints)}")
        try:
            values[key] = _read(key, hints[key], value)
        except (TypeError, ValueError) as error:
            raise HeedError(f"'{key}' cannot be {str(value)[:60]!r}") from error
    if "name" not in values:
        raise HeedError("'name' is missing")
    try:
        return Rule(**values)
    except ValueError as error:
        raise HeedError(str(error)) from error


def _read(key: str, hint: Any, value: Any) -> Any:
    if key == "zone":
        points = [p.split(",") for p in value.split()] if isinstance(value, str) else value
        return tuple((float(x), float(y)) for x, y in points)
    if get_origin(hint) is tuple:
        items = [x.strip() for x in value.split(",") if x.strip()] if isinstance(value, str) else list(value)
        return tuple(_one(get_args(hint)[0], key, item) for item in items)
    return _one(hint, key, value)


def _one(hint: Any, key: str, value: Any) -> Any:
    choices = KINDS if key == "kinds" else get_args(hint) if get_origin(hint) is Literal else ()
    if choices:
        if value not in choices:
            raise ValueError(value)
        return value
    if hint is bool:
        return {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}[str(value).lower()]
    if hint is float:
        return float(value)
    if key.startswith("count_") and value in ("", None):  # a limit is taken away again
        return None
    if hint is int or key.startswith("count_"):
        return int(value)
    if not isinstance(value, str):
        raise TypeError(key)
    return value
