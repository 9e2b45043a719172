"""From many percepts to one: what each means, counts that can be added up, and the sentence that tells them.

`meaning` inverts the sentences of `streams.wording`. Counts are kept as numbers beside the sentence and added as
numbers; the sentence is made from them and is never read back.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from streams import wording
from streams.types import Percept

MAX_SUMMARY_CHARS = 140
"""A merged percept's text is about as long: beyond it, the less important clauses are left out."""

MAX_NAMES = 24
"""Different nouns, speakers or events that are counted apart; what is beyond is counted together."""

MAX_TEXTS = 4
"""Signs, and sentences of other systems, that are kept word by word: the newest."""

MAX_TEXT_CHARS = 60
"""Longer ones are cut."""

UNKNOWN = "something"

_SIDE = "(?:left|right|top|bottom|middle)"
_WHERE = f"(?:in the middle|on the {_SIDE})"
_CAME = rf"(?:enters from the {_SIDE}|appears(?: in the .+)?)"
_LASTED = r"\d{1,6} (?:second|minute|hour)s?"

_FORMS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (what, re.compile(form))
    for what, form in (
        ("sign", r'a sign reads "(?P<of>.*)"'),
        ("sign gone", r'the sign "(?P<of>.*)" is gone'),
        ("says", r'(?P<of>.+?) says: ".*"'),
        ("writes", r'(?P<of>.+?) writes: ".*"'),
        ("enters", rf"(?:an? (?P<of>.+?)|(?P<bare>something|somebody)) {_CAME}"),
        ("leaves", rf"the (?P<of>.+?) (?:leaves to the {_SIDE}|disappears)(?: after {_LASTED})?"),
        ("stays", rf"the (?P<of>.+?) has stayed {_WHERE} for {_LASTED}"),
        ("moves", rf"the (?P<of>.+?) moves from the {_SIDE} to the {_SIDE}"),
        ("comes into", r"the (?P<of>.+?) comes into the .+"),
        ("known as", r"the (?P<of>.+?) is known as .+"),
        ("reported", r"an alert is raised: .+"),
        ("looked", r"the pictures are (?:fully looked at again|looked at .+, because the computer is busy)"),
        ("recognised", r"the thing is (?:an? (?P<of>.+)|(?P<bare>something|somebody))"),
        ("faces", r"(?P<no>no) face is in view"),
        ("faces", r"(?P<n>\d{1,6}) faces? looks? at the camera"),
        ("count", r"(?P<person>nobody) is in view"),
        ("count", r"(?P<no>no) (?P<of>.+) is in view"),
        ("count", r"(?P<n>\d{1,6}) (?P<many>.+) (?:is|are) in view"),
        ("scene", r"the picture shows (?P<of>.+)"),
        ("scene change", r"the picture changes completely"),
        ("motion", rf"something moves {_WHERE}"),
        ("light", r"(?P<of>the light goes on|the light goes off|it gets brighter|it gets darker)"),
        ("fault", r"(?P<of>the camera is (?:covered|turned away)|the picture is (?:frozen|blurred)|"
         r"the (?:camera|microphone) is gone)"),
        ("mended", r"(?P<of>the camera is free again|the camera shows its usual view again|the picture moves again|"
         r"the picture is sharp again|the (?:camera|microphone) is back)"),
        ("noise", r"it becomes noisy"),
        ("quiet", r"it becomes quiet"),
        ("heard", r"(?P<of>.+) is heard"),
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a sentence of `streams.wording` says."""

    what: str
    """The function that made it: `enters`, `leaves`, `says`, `sign`, ...; empty for a sentence of another system."""
    of: str = ""
    """The noun, speaker, sign, sound, or whole sentence that it is about."""
    n: int = 1
    """How many, for counts."""


def meaning(text: str) -> Meaning:
    """The inverse of `streams.wording`, as far as counts need it. What it cannot read has an empty `what`."""
    for what, form in _FORMS:
        found = form.fullmatch(text)
        if found is None:
            continue
        groups = {name: value for name, value in found.groupdict().items() if value is not None}
        of = groups.get("of", "") or groups.get("bare", "")
        if "person" in groups:
            return Meaning(what, "person", 0)
        if "no" in groups:
            return Meaning(what, of, 0)
        n = int(groups.get("n", 1))
        if "many" in groups:
            of = groups["many"] if n == 1 else _singular(groups["many"])
        if of == "thing" and what in ("leaves", "stays", "moves", "comes into", "known as"):
            of = UNKNOWN
        return Meaning(what, of, n)
    return Meaning("", text)


def _singular(noun: str) -> str:
    """The inverse of `wording.plural`."""
    irregular = {"people": "person", "buses": "bus", "things": UNKNOWN}
    return irregular.get(noun, noun.removesuffix("s"))


Counts = tuple[tuple[str, int], ...]
"""`(name, how many)`, sorted by name."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What happened in a span of time, in numbers. Adding two loses no entry and no exit."""

    entered: Counts = ()
    """By noun. Negative for `something` that entered in another span and was recognised in this one."""
    left: Counts = ()
    spoke: Counts = ()
    """By speaker."""
    events: Counts = ()
    """Light, sounds, faults, writing and movement, each told in the past tense."""
    seen: Counts = ()
    """The most of each noun in view at once."""
    signs: tuple[str, ...] = ()
    """The newest last."""
    notes: tuple[str, ...] = ()
    """Sentences of other systems, the newest last."""

    def plus(self, later: Tally) -> Tally:
        """Both together."""
        return Tally(
            _sum(self.entered, later.entered, UNKNOWN),
            _sum(self.left, later.left, UNKNOWN),
            _sum(self.spoke, later.spoke, "others"),
            _sum(self.events, later.events, ""),
            _most(self.seen, later.seen),
            _newest(self.signs, later.signs),
            _newest(self.notes, later.notes),
        )


def tally(percept: Percept) -> Tally:
    """What one percept counts for."""
    said = meaning(percept.text)
    of = said.of
    match said.what:
        case "enters":
            return Tally(entered=((of, 1),))
        case "leaves":
            return Tally(left=((of, 1),))
        case "recognised" if of != UNKNOWN:
            return Tally(entered=tuple(sorted(((of, 1), (UNKNOWN, -1)))))
        case "says":
            return Tally(spoke=((of, 1),))
        case "writes":
            return Tally(events=((f"{of} wrote", 1),))
        case "sign":
            return Tally(signs=(_cut(of),))
        case "light" | "fault" | "scene change" | "noise" | "heard":
            return Tally(events=((_cut(wording.past(percept.text)), 1),))
        case "motion":
            return Tally(events=(("something moved", 1),))
        case "faces" if said.n:
            return Tally(seen=(("face", said.n),))
        case "count" | "stays" | "moves" | "comes into" if said.n:
            return Tally(seen=((of, said.n),))
        case "" | "known as" | "reported":
            return _foreign(percept)
    return Tally()


def _foreign(percept: Percept) -> Tally:
    """A sentence of another system: speech without a frame counts for its speaker, the rest is kept as a note."""
    if percept.kind == "speech":
        return Tally(spoke=((percept.speaker or "a voice", 1),))
    if percept.kind == "text":
        return Tally(events=((f"{percept.speaker or 'somebody'} wrote", 1),))
    text = _cut(percept.text.removeprefix(wording.IN_SHORT))
    return Tally(notes=(text,) if text else ())


def total(percepts: Iterable[Percept]) -> Tally:
    """What several percepts count for, in order of time."""
    whole = Tally()
    for percept in percepts:
        whole = whole.plus(tally(percept))
    return whole


def summary(whole: Tally) -> str:
    """The text of a merged percept: entries and exits first, then speech, signs and the rest as far as there is room.

    It has the form of `wording.consolidated`, which the language model is trained on.
    """
    entered, left = _by_number(whole.entered, 3, "other thing"), _by_number(whole.left, 3, "other thing")
    spoke = _by_number(whole.spoke, 3, "others")
    signs = list(reversed(whole.signs[-2:]))
    events = [name if n == 1 else f"{name} {wording.times(n)}" for name, n in _by_number(whole.events, 3, "").items()]
    seen = [_in_view(noun, n) for noun, n in _by_number(whole.seen, 2, "").items() if noun not in entered]
    more = [*events, *seen, *reversed(whole.notes[-2:])]
    text = wording.consolidated(entered, left, spoke, signs, more)
    while len(text) > MAX_SUMMARY_CHARS and (more or signs or spoke):
        if more or signs:
            (more or signs).pop()
        else:
            spoke.popitem()
        text = wording.consolidated(entered, left, spoke, signs, more)
    return text


def _in_view(noun: str, n: int) -> str:
    return f"{wording.article(noun)} was in view" if n == 1 else f"up to {wording.plural(n, noun)} were in view"


def _by_number(counts: Counts, most: int, rest: str) -> dict[str, int]:
    """At most `most` counts, the highest first; those beyond together under `rest`, or left out where that is empty."""
    positive: Counter[str] = Counter()
    for name, n in counts:
        if n > 0:
            positive["thing" if name == UNKNOWN else name] += n
    # What nobody could name comes last, so that it is among the rest where there is one.
    named = sorted(positive.items(), key=lambda pair: (bool(rest) and pair[0] == "thing", -pair[1], pair[0]))
    if not rest or len(named) <= most:
        return dict(named[:most])
    shown = dict(named[: most - 1])
    shown[rest] = shown.get(rest, 0) + sum(n for _, n in named[most - 1 :])
    return shown


def _sum(a: Counts, b: Counts, rest: str) -> Counts:
    """Counts added; beyond `MAX_NAMES` the smallest are counted under `rest`, or dropped where that is empty."""
    if not a or not b:
        return a or b
    added = Counter(dict(a))
    for name, n in b:
        added[name] += n
    if len(added) > MAX_NAMES:
        order = sorted(added, key=lambda name: (name == rest, added[name], name))
        for name in order[: len(added) - MAX_NAMES]:
            n = added.pop(name)
            if rest:
                added[rest] += n
    return tuple(sorted((name, n) for name, n in added.items() if n))


def _most(a: Counts, b: Counts) -> Counts:
    highest = dict(a)
    for name, n in b:
        highest[name] = max(n, highest.get(name, 0))
    kept = sorted(highest, key=lambda name: (-highest[name], name))[:MAX_NAMES]
    return tuple(sorted((name, highest[name]) for name in kept))


def _newest(a: tuple[str, ...], b: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(list(dict.fromkeys([*reversed(b), *reversed(a)]))[:MAX_TEXTS][::-1])


def _cut(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= MAX_TEXT_CHARS else text[: MAX_TEXT_CHARS - 3].rstrip() + "..."
