"""What is remembered of each tracked thing, and the plain geometry of boxes."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from streams.encoders.vision.motion import Motion, MotionOptions
from streams.types import NS, Box

Edges = tuple[float, float, float, float]
"""Left, top, right, bottom in pixels of the small picture; right and bottom exclusive."""

UNKNOWN = "something"
SIDE_NAMES = ("left", "top", "right", "bottom")


@dataclass(frozen=True, slots=True)
class TrackOptions:
    """When a difference becomes a thing, and when a thing is gone. Times in seconds, lengths in shares of the width."""

    motion: MotionOptions = field(default_factory=MotionOptions)
    rate_hz: float = 16.0
    """Pictures a second that are looked at; more are passed over."""
    confirm_s: float = 0.25
    """A thing must be seen for this long."""
    tell_s: float = 1.0
    """An entry is told no later than this after the first sight, known or not what it is."""
    gone_s: float = 0.45
    """A thing that was at the edge is gone after this time unseen."""
    lost_s: float = 0.9
    """A thing in the middle is gone after this time unseen."""
    travel: float = 0.06
    """A thing must come this far, unless it was put down."""
    put_down_s: float = 1.0
    """A new thing that stands still must do so for this long."""
    give_up_s: float = 3.0
    """What has not shown itself a thing after this time never was."""
    present_s: float = 0.6
    """What is first seen this soon after the start or a cut may have been there before: no entry is claimed."""
    settle_in_s: float = 3.0
    """The same for what appears away from the edges."""
    count_s: float = 1.0
    """A count must hold for this long before it is told."""
    stay_s: tuple[float, ...] = (10.0, 60.0, 300.0, 1800.0, 7200.0)
    """When it is said that a thing has stayed."""
    absorb_s: float = 600.0
    """A thing that stood still for this long becomes part of the background, and is remembered as parked."""
    motion_every_s: float = 30.0
    """Movement without a thing is told no more often than this."""
    thing_area: float = 0.0025
    """Smallest thing, as a share of the picture."""
    thing_side: float = 0.03
    """Least width and height of a thing."""
    stirred_s: float = 20.0
    """For this long, what begins where something moved that was no thing must come farther."""
    tracks_max: int = 32
    """Things followed at once, and parked things remembered."""


@dataclass(slots=True)
class Track:
    """One thing, from its first sight to its last."""

    number: int
    box: Edges
    first_ns: int
    seen_ns: int
    first_box: Edges
    grew: float
    """Largest box area so far, square pixels."""
    peak: float = 0.0
    """Largest area of the last seconds, square pixels."""
    course: tuple[float, float] = (0.0, 0.0)
    """Its speed when most of it was last in view."""
    entering: bool = False
    """It was first seen at an edge."""
    whole: bool = True
    """More of it is in view than a shadow or a last corner."""
    stirred: float = 0.0
    """Share of its first box where something had moved before that was no thing."""
    present: bool = False
    """It may have been there before anything was watched."""
    speed: tuple[float, float] = (0.0, 0.0)
    """Pixels a second."""
    sights: int = 1
    confirmed: bool = False
    told: bool = False
    noun: str = UNKNOWN
    votes: dict[str, float] = field(default_factory=dict)
    judged: int = 0
    features: NDArray[np.float32] | None = None
    confidence: float = 0.5
    still: float = 0.0
    """Share of its pixels that stand still now."""
    edge: str = ""
    """The side that it last touched, and when."""
    edge_ns: int = 0
    hidden: bool = False
    rest_ns: int = 0
    """Since when it has not left `rest_box`."""
    rest_box: Edges = (0.0, 0.0, 0.0, 0.0)
    rest_told: int = 0
    place: str = ""
    """Where it last rested."""
    is_thing: bool | None = None
    """By the test of edges, while it stands still."""
    labels: tuple[int, ...] = ()
    """The regions that it consists of in the last picture."""


@dataclass(slots=True)
class Parked:
    """A thing that has become part of the background."""

    number: int
    noun: str
    box: Edges
    first_ns: int
    seen_ns: int


@dataclass(slots=True)
class TrackState:
    """All that is remembered of one stream; bounded by `TrackOptions.tracks_max`."""

    source: str
    motion: Motion | None = None
    stirred: NDArray[np.float64] | None = None
    """`[h, w]`, when something last moved there that was no thing, in seconds of stream time."""
    judged_ns: int = -NS * 3600
    """When a thing was last looked at closely."""
    restless_ns: int = -NS * 3600
    """When so much moved that its parts could not be told from things."""
    tracks: list[Track] = field(default_factory=list)
    parked: list[Parked] = field(default_factory=list)
    begun_ns: int = 0
    look_ns: int = 0
    """When the last picture was compared."""
    shaken_ns: int = -NS * 3600
    """When the camera last moved."""
    shaky_ns: int = -NS * 3600
    """When the camera last seemed to move while much of the picture changed: no new things for a while."""
    drift_ns: int = -NS * 3600
    """When it was last asked whether the camera moved."""
    drift: tuple[float, float] | None = None
    """What was answered, pixels."""
    crowded_ns: int = 0
    """Since when most of the picture differs; 0: it does not."""
    number: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    """What was last told."""
    pending: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Count seen, and since when, where it is not what was told."""
    motion_ns: int = -NS * 3600
    ghost_ns: int = 0


def center(box: Edges) -> tuple[float, float]:
    """The middle of a box."""
    return (box[0] + box[2]) / 2, (box[1] + box[3]) / 2


def area(box: Edges) -> float:
    """Square pixels; 0 for an empty box."""
    return max(0.0, box[2] - box[0]) * max(0.0, box[3] - box[1])


def shared(a: Edges, b: Edges) -> float:
    """Square pixels that two boxes have in common."""
    return area((max(a[0], b[0]), max(a[1], b[1]), min(a[2], b[2]), min(a[3], b[3])))


def overlap(a: Edges, b: Edges) -> float:
    """Shared area over united area, 0..1."""
    common = shared(a, b)
    return common / max(1.0, area(a) + area(b) - common)


def united(boxes: list[Edges]) -> Edges:
    """The smallest box around all."""
    return min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes)


def gap(a: Edges, b: Edges) -> float:
    """Pixels between two boxes, 0 where they touch or overlap."""
    across = max(0.0, max(a[0], b[0]) - min(a[2], b[2]))
    down = max(0.0, max(a[1], b[1]) - min(a[3], b[3]))
    return float(max(across, down))


def shift(box: Edges, dx: float, dy: float) -> Edges:
    """The box moved."""
    return box[0] + dx, box[1] + dy, box[2] + dx, box[3] + dy


def expand(box: Edges, by: float) -> Edges:
    """The box grown on all sides."""
    return box[0] - by, box[1] - by, box[2] + by, box[3] + by


def touched(box: Edges, width: int, height: int, margin: float) -> list[str]:
    """The sides of the picture that the box reaches."""
    reach = (box[0] <= margin, box[1] <= margin, box[2] >= width - margin, box[3] >= height - margin)
    return [name for name, yes in zip(SIDE_NAMES, reach, strict=True) if yes]


def toward(sides: list[str], dx: float, dy: float, box: Edges) -> str:
    """Of the sides that a box touches, the one over which it most likely goes: moved to, and touched at length."""
    length = max(1e-6, (dx * dx + dy * dy) ** 0.5)
    along = {"left": -dx, "right": dx, "top": -dy, "bottom": dy}
    reach = {"left": box[3] - box[1], "top": box[2] - box[0]}
    reach |= {"right": reach["left"], "bottom": reach["top"]}
    return max(sides, key=lambda side: reach[side] * (0.3 + max(0.0, along[side] / length)))


def place(box: Edges, width: int, height: int) -> str:
    """Where in the picture: one of `streams.wording.SIDES`."""
    x, y = center(box)
    x, y = x / width - 0.5, y / height - 0.5
    if abs(x) > 1 / 6:
        return "left" if x < 0 else "right"
    if abs(y) > 0.25 and box[3] - box[1] < 0.5 * height:
        return "top" if y < 0 else "bottom"
    return "middle"


def fraction(box: Edges, width: int, height: int) -> Box:
    """As a percept carries it, rounded so that it prints short."""
    x0, y0 = max(0.0, box[0] / width), max(0.0, box[1] / height)
    x1, y1 = min(1.0, box[2] / width), min(1.0, box[3] / height)
    return round(x0, 4), round(y0, 4), round(max(0.0, x1 - x0), 4), round(max(0.0, y1 - y0), 4)
