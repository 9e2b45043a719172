"""Shares one processor among the pictures of many cameras. Pure decisions: times in, whose turn it is out.

Looks are taken one at a time. Whoever has waited too long goes first, then cameras in front of which something moves,
then the others; among equals the one that has had the least of the processor lately (fair queueing by time used).
A picture that waits is replaced by a newer one, so a camera is never behind by more than one round.

When all cameras together want more than there is, the one that wants most is looked at less closely, step by step
(`Depth`), until it fits: the fewest cameras are touched, and the greediest first. What a camera gets is said of it as
its quality. What cannot be served even so is not let in (`admit`).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp

from streams.types import NS, Depth, ns

STEPS: tuple[Depth, ...] = ("full", "reduced", "motion")
LOOK_S = {"full": 0.06, "reduced": 0.035, "motion": 0.005}
"""What a look is taken to cost before any was seen, in seconds."""
IDLE_S = 0.004
"""What a picture is taken to cost, decoding included, where nothing moves and nothing was measured yet."""
MOST_LOOK_S = 5.0
"""A look that took longer says nothing of what looks cost: it hung, or the machine slept."""
PUT_OFF_S = 0.3
"""While another camera waits for longer, as when all have just begun, what takes longest (reading text) is put off."""
RAISED_S = 30.0
"""A camera that must be looked at less closely again within this time was raised in vain."""
MOST_PATIENCE = 16
SERVED = 0.6
"""A camera of whose pictures fewer are looked at has not its full quality, however closely they are."""


@dataclass(frozen=True, slots=True)
class LookOptions:
    """How the processor is shared."""

    cores: float = 2.0
    """Processor cores that decoding and looking may use, for `admit`."""
    filled: float = 0.85
    """Cameras are let in until so much of them is used while nothing moves."""
    starve_s: float = 1.0
    """Nobody waits longer than this while others have their turns."""
    memory_s: float = 5.0
    """What was used longer ago counts little."""
    most: float = 1.2
    """Looks are made less closely when more than this is wanted, in seconds of looking a second."""
    least: float = 0.85
    """And more closely when no more than this would then be wanted."""
    plan_s: float = 1.0
    lower_after_s: float = 3.0
    raise_after_s: float = 10.0
    """Wanted for so long without a break, a quality changes."""
    settle_s: float = 20.0
    """So long after a camera has joined nothing is told of it: the first looks take long."""
    tell_after_s: float = 5.0
    """And what has changed must last so long before it is told."""


@dataclass(frozen=True, slots=True)
class Quality:
    """How well a camera is looked at."""

    source: str
    depth: Depth
    """The worse of how closely and how often."""
    served: float
    """Share 0..1 of its pictures that are looked at, of those in which something moves."""
    wanted: float
    """What looking at all of them fully is reckoned to take, in cores."""


@dataclass(slots=True)
class _Camera:
    name: str
    joined_ns: int
    fps: float
    depth: Depth = "full"
    waits_since_ns: int | None = None
    moving: bool = True
    used_s: float = 0.0
    """Seconds of looking, fading with `memory_s`."""
    used_ns: int = 0
    offered: float = 0.0
    """Pictures that came, fading likewise."""
    moved: float = 0.0
    """Of those, the ones in which something moves; and how many of these were looked at:"""
    caught: float = 0.0
    cost_s: float = LOOK_S["full"]
    """Mean of a look at the present depth."""
    idle_share: float | None = None
    """Cores that it takes while nothing moves, as measured."""
    worse_since_ns: int | None = None
    better_since_ns: int | None = None
    raised_ns: int | None = None
    patience: int = 1
    """Times `raise_after_s`: doubled by each attempt to look more closely that did not last."""
    told: Depth = "full"
    untold_since_ns: int | None = None

    def reckoned_s(self, depth: Depth) -> float:
        """What a look of that depth would take: as at the present one, in the usual proportion."""
        return self.cost_s * LOOK_S[depth] / LOOK_S[self.depth]


class Looks:
    """The state of sharing. Every method is told the time; none waits."""

    def __init__(self, options: LookOptions | None = None) -> None:
        self._options = options or LookOptions()
        self._cameras: dict[str, _Camera] = {}
        self._planned_ns = 0

    def __contains__(self, source: str) -> bool:
        return source in self._cameras

    def admit(self, source: str, max_fps: float) -> str:
        """Why one more camera of so many pictures a second cannot be served; empty: it can."""
        taken = sum(_idle(camera) for name, camera in self._cameras.items() if name != source)
        room = self._options.cores * self._options.filled
        if taken + max_fps * IDLE_S <= room:
            return ""
        return (
            f"{source!r} is refused: the {len(self._cameras)} cameras watched take {taken:.2f} of the {room:.2f} "
            "processor cores for them while nothing moves; remove one, or lower its max_fps"
        )

    def join(self, source: str, max_fps: float, now_ns: int) -> None:
        """A camera begins to be looked at. One that is there already begins anew."""
        self._cameras[source] = _Camera(source, now_ns, max_fps, used_ns=now_ns)

    def leave(self, source: str) -> None:
        """It ends."""
        self._cameras.pop(source, None)

    def idles(self, source: str, share: float) -> None:
        """What receiving and decoding a camera takes was measured, in cores."""
        if source in self._cameras:
            self._cameras[source].idle_share = share

    def missed(self, source: str, pictures: int) -> None:
        """So many pictures of a camera were replaced by newer ones before anybody looked."""
        if source in self._cameras:
            camera = self._cameras[source]
            camera.offered += pictures
            camera.moved += pictures if camera.moving else 0

    def wait(self, source: str, moving: bool, now_ns: int) -> None:
        """A picture of a camera is there to be looked at."""
        camera = self._cameras[source]
        self._fade(camera, now_ns)
        camera.offered += 1
        camera.moved += moving
        camera.moving = moving
        if camera.waits_since_ns is None:
            camera.waits_since_ns = now_ns

    def withdraw(self, source: str) -> None:
        """It waits no longer."""
        if source in self._cameras:
            self._cameras[source].waits_since_ns = None

    def next(self, now_ns: int) -> tuple[str, Depth] | None:
        """Whose turn it is, and how closely to look; None: nobody waits. It no longer counts as waiting."""
        waiting = [c for c in self._cameras.values() if c.waits_since_ns is not None]
        if not waiting:
            return None
        for camera in waiting:
            self._fade(camera, now_ns)
        starved = [c for c in waiting if now_ns - (c.waits_since_ns or 0) >= ns(self._options.starve_s)]
        if starved:
            chosen = min(starved, key=lambda c: (c.waits_since_ns or 0, c.name))
        else:
            chosen = min(waiting, key=lambda c: (not c.moving, c.used_s, c.waits_since_ns or 0, c.name))
        chosen.waits_since_ns = None
        late = any(c.moving and now_ns - (c.waits_since_ns or now_ns) > ns(PUT_OFF_S) for c in waiting)
        return chosen.name, "reduced" if late and chosen.depth == "full" else chosen.depth

    def done(self, source: str, depth: Depth, took_s: float, now_ns: int) -> list[Quality]:
        """A look has ended; the qualities that have changed."""
        camera = self._cameras.get(source)
        if camera is not None:
            self._fade(camera, now_ns)
            took_s = min(took_s, MOST_LOOK_S)
            camera.used_s += took_s
            camera.caught += camera.moving
            reckoned_s = took_s * LOOK_S[camera.depth] / LOOK_S[depth]
            camera.cost_s += (reckoned_s - camera.cost_s) * 0.1
        return self._plan(now_ns) if now_ns - self._planned_ns >= ns(self._options.plan_s) else []

    def quality(self, source: str) -> Quality:
        """How well a camera is looked at now."""
        camera = self._cameras[source]
        served = min(1.0, camera.caught / camera.moved) if camera.moved >= 1 else 1.0
        depth = "reduced" if camera.depth == "full" and served < SERVED else camera.depth
        return Quality(source, depth, served, self._rate(camera) * camera.reckoned_s("full"))

    def _plan(self, now_ns: int) -> list[Quality]:
        """Fit the depths to what there is."""
        self._planned_ns = now_ns
        for camera in self._cameras.values():
            self._fade(camera, now_ns)
        worst = self._fitting(self._options.most)
        best = self._fitting(self._options.least)
        for camera in self._cameras.values():
            step = STEPS.index(camera.depth)
            lower, closer = worst[camera.name] > step, best[camera.name] < step
            camera.worse_since_ns = (camera.worse_since_ns or now_ns) if lower else None
            camera.better_since_ns = (camera.better_since_ns or now_ns) if closer else None
            if lower and now_ns - (camera.worse_since_ns or 0) >= ns(self._options.lower_after_s):
                self._lower(camera, step + 1, now_ns)
            elif closer and now_ns - (camera.better_since_ns or 0) >= ns(self._options.raise_after_s) * camera.patience:
                camera.raised_ns = now_ns
                self._set(camera, step - 1)
        return self._changed(now_ns)

    def _changed(self, now_ns: int) -> list[Quality]:
        changed = []
        for camera in self._cameras.values():
            quality = self.quality(camera.name)
            # between full and reduced by the rate alone there is some play, so that it does not flutter
            unsure = quality.depth == camera.depth == "full" and quality.served < SERVED + 0.2
            if quality.depth == camera.told or unsure or now_ns - camera.joined_ns < ns(self._options.settle_s):
                camera.untold_since_ns = None
                continue
            camera.untold_since_ns = camera.untold_since_ns or now_ns
            if now_ns - camera.untold_since_ns >= ns(self._options.tell_after_s):
                camera.told, camera.untold_since_ns = quality.depth, None
                changed.append(quality)
        return changed

    def _fitting(self, room: float) -> dict[str, int]:
        """For each camera the closest step at which all together want no more than `room`; the greediest gives way."""
        steps = dict.fromkeys(self._cameras, 0)
        wants = {name: self._wants(camera, "full") for name, camera in self._cameras.items()}
        while sum(wants.values()) > room:
            lowerable = [name for name in steps if steps[name] < len(STEPS) - 1]
            if not lowerable:
                break
            greedy = max(lowerable, key=lambda name: (wants[name], name))
            steps[greedy] += 1
            wants[greedy] = self._wants(self._cameras[greedy], STEPS[steps[greedy]])
        return steps

    def _wants(self, camera: _Camera, depth: Depth) -> float:
        return self._rate(camera) * camera.reckoned_s(depth)

    def _rate(self, camera: _Camera) -> float:
        return camera.offered / self._options.memory_s

    def _lower(self, camera: _Camera, step: int, now_ns: int) -> None:
        failed = camera.raised_ns is not None and now_ns - camera.raised_ns < ns(RAISED_S)
        camera.patience = min(MOST_PATIENCE, camera.patience * 2) if failed else 1
        self._set(camera, step)

    @staticmethod
    def _set(camera: _Camera, step: int) -> None:
        camera.cost_s = camera.reckoned_s(STEPS[step])
        camera.depth = STEPS[step]
        camera.worse_since_ns = camera.better_since_ns = None

    def _fade(self, camera: _Camera, now_ns: int) -> None:
        left = exp(-max(0, now_ns - camera.used_ns) / NS / self._options.memory_s)
        camera.used_s, camera.offered = camera.used_s * left, camera.offered * left
        camera.moved, camera.caught = camera.moved * left, camera.caught * left
        camera.used_ns = now_ns


def _idle(camera: _Camera) -> float:
    return camera.fps * IDLE_S if camera.idle_share is None else camera.idle_share
