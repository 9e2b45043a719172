"""Where something was perceived, and how that is told: `at the front door`, `in the kitchen`, `on cam 07`."""

from __future__ import annotations

import re

NO_PLACE = frozenset("camera clip webcam video recording stream feed mic microphone phone usb file".split())
"""Sources whose name says nothing about where they are."""

CAMERA = re.compile(r"(cam|camera|ch|channel|ipc|nvr)( .*)?\d")
"""A place that is only the name of a camera."""

_INSIDE = frozenset(
    """aisle attic bakery bar barn basement bathroom bedroom boathouse cabin cafe canteen cellar chapel church classroom
    clinic cloakroom conservatory coop corridor courtyard cowshed elevator foyer garage garden greenhouse gym hall
    hallway kitchen lab laundry library lift lobby lot lounge museum nursery office pantry park pharmacy playground
    playroom restaurant room sauna school shed shop showroom stable stockroom store studio study tent theatre
    unit ward warehouse wing workshop yard""".split()
) | {"sales floor"}
"""What one is `in`, not `at`, by its last word."""

_NUMBER = re.compile(r" ([A-Z]|\w?\d+\w?)$")


def where_is(place: str) -> str:
    """` in the kitchen`, ` at the gate`, ` on cam 07`, ` at Ben's desk`, or nothing for a source whose name is no
    place."""
    if not place or place in NO_PLACE:
        return ""
    if CAMERA.match(place):
        return f" on {place}"
    numbered = _NUMBER.search(place)
    kind = place[: numbered.start()] if numbered else place
    last = kind.rpartition(" ")[2]
    inside = kind in _INSIDE or last in _INSIDE or last.endswith(("room", "shop", "house"))
    # A numbered place is a name (`in room 204`, `at dock B`), as is one with a capital.
    name = place if numbered or place[:1].isupper() else f"the {place}"
    return f" {'in' if inside else 'at'} {name}"


def told(clock: str, place: str, text: str) -> str:
    """A percept as a sentence: `at 14:03 at the gate: a person enters from the left.`, one that was merged `from 09:00
    to 10:00 at the gate: in short, ...`."""
    return f"{'from' if ' to ' in clock else 'at'} {clock}{where_is(place)}: {full_stop(text)}"


def full_stop(text: str) -> str:
    """With a full stop, unless it ends with a mark, or with a quotation that does."""
    return text if text.rstrip('"').endswith((".", "!", "?")) else text + "."
