"""How heed says what it perceived. The one place where percept texts are made.

The encoders, the training corpus and the tests all come here, so that the language model is trained on exactly the
sentences that it will read. A sentence states what was perceived and nothing else; time and place are added by
`line`, which is what the language model reads.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from streams.clock import wall_at
from streams.types import NS, Percept

SIDES = ("left", "right", "top", "bottom", "middle")
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
LIGHT = ("goes on", "goes off", "gets brighter", "gets darker")

MAX_QUOTE_CHARS = 240
"""Longer speech, text or signs are cut for the state; the transcript itself keeps every word."""

IN_SHORT = "in short, "
"""What the text of a merged percept begins with."""

PICTURE = "the picture shows "
"""What the text of a scene begins with."""

_UNSEEN = re.compile(
    r'(?s:.*) (says|writes): "|.* (is|was) heard\b|it becomes (noisy|quiet)$|the (camera|microphone) (is|shows) '
    r"|the picture (is|moves again)|the pictures are "
)

_HAPPENS = re.compile(
    r"(the light|it|the camera|the microphone|the picture|something) (goes|gets|is|becomes|changes|moves)\b"
)
_PAST = MappingProxyType(
    {"goes": "went", "gets": "got", "is": "was", "becomes": "became", "changes": "changed", "moves": "moved"}
)


def article(noun: str) -> str:
    """`noun` with `a` or `an`; `something` and `somebody` stand alone."""
    if noun in ("something", "somebody"):
        return noun
    return f"{'an' if noun[:1].lower() in 'aeiou' else 'a'} {noun}"


def the(noun: str) -> str:
    """`noun` with `the`; `something` becomes `the thing`."""
    return "the thing" if noun == "something" else f"the {noun}"


def plural(n: int, noun: str) -> str:
    """`1 person`, `2 people`, `3 cars`."""
    if n == 1:
        return f"1 {noun}"
    irregular = {"person": "people", "bus": "buses", "something": "things"}
    return f"{n} {irregular.get(noun, noun + 's')}"


def duration(seconds: float) -> str:
    """`8 seconds`, `3 minutes`, `2 hours`, as people round it."""
    if seconds < 90:
        n, unit = max(1, round(seconds)), "second"
    elif seconds < 5400:
        n, unit = round(seconds / 60), "minute"
    else:
        n, unit = round(seconds / 3600), "hour"
    return f"{n} {unit}{'' if n == 1 else 's'}"


def ago(seconds: float) -> str:
    """How long ago something was: `just now`, `8 seconds ago`, `17 minutes ago`, `3 hours ago`, `2 days ago`."""
    if seconds < 2:
        return "just now"
    if seconds >= 48 * 3600:
        return f"{round(seconds / 86_400)} days ago"
    return f"{duration(seconds)} ago"


def enters(noun: str, side: str) -> str:
    """A tracked thing that came in over an edge, or appeared in the middle."""
    return f"{article(noun)} appears" if side == "middle" else f"{article(noun)} enters from the {side}"


def leaves(noun: str, side: str, after_s: float | None = None) -> str:
    """A tracked thing that went out over an edge, or disappeared in the middle."""
    how = f"{the(noun)} disappears" if side == "middle" else f"{the(noun)} leaves to the {side}"
    return how if after_s is None else f"{how} after {duration(after_s)}"


def stays(noun: str, side: str, for_s: float) -> str:
    """A tracked thing that stands still."""
    where = "in the middle" if side == "middle" else f"on the {side}"
    return f"{the(noun)} has stayed {where} for {duration(for_s)}"


def moves(noun: str, start: str, end: str) -> str:
    """A tracked thing that changed its place within the picture."""
    return f"{the(noun)} moves from the {start} to the {end}"


def recognised(noun: str) -> str:
    """A tracked thing whose class became clear after it appeared."""
    return f"the thing is {article(noun)}"


def appears(noun: str, place: str = "") -> str:
    """A thing that another system tells of, with the part of the picture where it came up."""
    return f"{article(noun)} appears in the {place}" if place else f"{article(noun)} appears"


def comes_into(noun: str, place: str) -> str:
    """A thing in view that came into a part of the picture that has a name."""
    return f"{the(noun)} comes into the {place}"


def known_as(noun: str, name: str) -> str:
    """A thing in view that another system knows by name."""
    return f"{the(noun)} is known as {_plain(name)}"


def reported(things: Sequence[str], place: str = "") -> str:
    """Another system raises an alert."""
    what = joined([article(thing) for thing in things]) if things else "something"
    return f"an alert is raised: {what}" + (f" in the {place}" if place else "")


def count(noun: str, n: int) -> str:
    """How many of a class are in view now."""
    if n == 0:
        return "nobody is in view" if noun == "person" else f"no {noun} is in view"
    return f"{plural(n, noun)} {'is' if n == 1 else 'are'} in view"


def faces(n: int) -> str:
    """How many faces look at the camera now."""
    if n == 0:
        return "no face is in view"
    return f"{n} face{'' if n == 1 else 's'} {'looks' if n == 1 else 'look'} at the camera"


def scene(labels: list[str]) -> str:
    """What the picture as a whole shows, most certain first."""
    return PICTURE + joined([article(x) for x in labels])


def scene_change() -> str:
    """A cut: the whole picture was replaced."""
    return "the picture changes completely"


def sign(text: str) -> str:
    """Text read in the picture."""
    return f'a sign reads "{_quote(text)}"'


def sign_gone(text: str) -> str:
    """Text that is no longer in the picture."""
    return f'the sign "{_quote(text)}" is gone'


def is_seen(text: str) -> bool:
    """Whether a percept's text tells of something in view: not of speech, text, sound or the devices themselves."""
    return _UNSEEN.match(text) is None


def motion(side: str) -> str:
    """Movement that belongs to no tracked thing."""
    return "something moves in the middle" if side == "middle" else f"something moves on the {side}"


def light(change: str) -> str:
    """`change` is one of `LIGHT`."""
    return f"the light {change}" if change.startswith("goes") else f"it {change}"


def covered(yes: bool) -> str:
    """The lens is covered, or free again."""
    return "the camera is covered" if yes else "the camera is free again"


def frozen(yes: bool) -> str:
    """The picture stands still to the pixel, or moves again."""
    return "the picture is frozen" if yes else "the picture moves again"


def blurred(yes: bool) -> str:
    """The picture has lost its sharpness, or has it again."""
    return "the picture is blurred" if yes else "the picture is sharp again"


def turned(yes: bool) -> str:
    """A fixed camera shows another view than its usual one, or its usual one again."""
    return "the camera is turned away" if yes else "the camera shows its usual view again"


def looked(depth: str) -> str:
    """How closely a camera is looked at: `full`, `reduced` or `motion`."""
    return {
        "full": "the pictures are fully looked at again",
        "reduced": "the pictures are looked at less closely, because the computer is busy",
        "motion": "the pictures are looked at for motion only, because the computer is busy",
    }[depth]


def gone(yes: bool, device: str = "camera") -> str:
    """No more media come from the device, or they come again. `device` is `camera` or `microphone`."""
    return f"the {device} is gone" if yes else f"the {device} is back"


def loud() -> str:
    """A sudden loud sound."""
    return "a sudden loud sound is heard"


def noise(yes: bool) -> str:
    """Lasting noise begins, or it becomes quiet."""
    return "it becomes noisy" if yes else "it becomes quiet"


def heard(what: str) -> str:
    """A sound that was recognised, such as `a dog barking` (from an engine that can tell, or another system)."""
    return f"{what} is heard"


def says(text: str, speaker: str = "") -> str:
    """Speech."""
    return f'{speaker or "a voice"} says: "{_quote(text)}"'


def writes(text: str, speaker: str = "") -> str:
    """Typed or sent text."""
    return f'{speaker or "somebody"} writes: "{_quote(text)}"'


def times(n: int) -> str:
    """`once`, `twice`, `3 times`."""
    return {1: "once", 2: "twice"}.get(n, f"{n} times")


def past(sentence: str) -> str:
    """A sentence about light, sound or a fault in the past tense: `the light went on`, `a dog barking was heard`."""
    if sentence.endswith(" is heard"):
        return f"{sentence.removesuffix(' is heard')} was heard"
    return _HAPPENS.sub(lambda found: f"{found[1]} {_PAST[found[2]]}", sentence, count=1)


def consolidated(
    entered: Mapping[str, int],
    left: Mapping[str, int],
    spoke: Mapping[str, int],
    signs: Sequence[str],
    more: Sequence[str] = (),
) -> str:
    """What a merged percept says of a span of time.

    Args:
        entered: how many of each noun entered.
        left: how many of each noun left.
        spoke: how often each speaker spoke.
        signs: texts read.
        more: clauses in the past tense about anything else, such as `the light went on twice`.
    """
    passed = [f"{plural(n, noun)} entered" for noun, n in entered.items()]
    passed += [f"{plural(n, noun)} left" for noun, n in left.items()]
    clauses = [", ".join(passed)] if passed else []
    clauses += [f"{who} spoke {times(n)}" for who, n in spoke.items()]
    clauses += [f'a sign read "{_quote(text)}"' for text in signs]
    return IN_SHORT + ("; ".join([*clauses, *more]) or "nothing came or went")


def clock(t_ns: int, wall_start: datetime | None) -> str:
    """The time as people say it: `14:03` where the stream has a date (`Tue 14:03` on a later day than it began), else
    minutes and seconds in: `0:12`."""
    if wall_start is not None:
        when = wall_at(wall_start, t_ns)
        day = "" if when.date() == wall_start.date() else f"{WEEKDAYS[when.weekday()]} "
        return f"{day}{when:%H:%M}"
    total = int(t_ns // NS)
    return f"{total // 60}:{total % 60:02d}"


def place(source: str) -> str:
    """A source's name as people say it: `front-door` becomes `front door`."""
    return " ".join(source.replace("_", " ").replace("-", " ").split())


def line(percept: Percept, wall_start: datetime | None) -> str:
    """What the language model reads of a percept: `14:03 front door: a person enters from the left`; in a zone,
    `14:03 front door, driveway: a person enters from the left`.

    The line of a merged percept begins with its span: `09:00 to 10:00 front door: in short, 5 people entered`.
    """
    when = clock(percept.t0_ns, wall_start)
    if percept.text.startswith(IN_SHORT):
        when = f"{when} to {clock(percept.t1_ns, wall_start)}"
    where = ", ".join([place(percept.source), *map(place, percept.zones)])
    return _plain(f"{when} {where}: {percept.text}")


def joined(words: Sequence[str]) -> str:
    """`a desk, a lamp and a chair`; one word at least."""
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " and " + words[-1]


def _quote(text: str) -> str:
    text = _plain(" ".join(text.replace('"', "'").split()))
    return text if len(text) <= MAX_QUOTE_CHARS else text[: MAX_QUOTE_CHARS - 3].rstrip() + "..."


def _plain(text: str) -> str:
    """Nothing seen or heard may look like a mark of the language model (`<|im_end|>`)."""
    return text.replace("<|", "< |")
