"""Sharing looks among cameras, on virtual time."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

import pytest

from streams.clock import ManualClock
from streams.looks import LookOptions, Looks, Quality
from streams.turns import Turns
from streams.types import NS, Depth, ns


@dataclass
class Scene:
    """A made-up camera: so many pictures a second, and what a look at one takes, by depth."""

    name: str
    fps: float
    cost_s: dict[Depth, float]
    moving: bool = True
    due_ns: int = 0
    pending_since_ns: int | None = None
    came: int = 0
    seen: int = 0
    oldest_ns: int = 0
    depths: list[Depth] = field(default_factory=list)


def still(name: str, fps: float = 5) -> Scene:
    return Scene(name, fps, {"full": 0.001, "reduced": 0.001, "motion": 0.001}, moving=False)


def busy(name: str, full_s: float, fps: float = 5) -> Scene:
    return Scene(name, fps, {"full": full_s, "reduced": full_s / 2, "motion": full_s / 8})


def simulate(looks: Looks, scenes: list[Scene], seconds: float, begin_s: float = 0.0) -> list[tuple[float, Quality]]:
    """Cameras deliver, one thread looks. Returns what was told, with its time."""
    now_ns, end_ns, told = ns(begin_s), ns(begin_s + seconds), []
    for scene in scenes:
        scene.due_ns = max(scene.due_ns, now_ns)
        if scene.name not in looks:
            looks.join(scene.name, scene.fps, now_ns)
    by_name = {scene.name: scene for scene in scenes}
    while now_ns < end_ns:
        for scene in scenes:
            while scene.due_ns <= now_ns:
                scene.due_ns += round(NS / scene.fps)
                scene.came += 1
                if scene.pending_since_ns is None:
                    scene.pending_since_ns = now_ns
                    looks.wait(scene.name, scene.moving, now_ns)
                else:
                    looks.missed(scene.name, 1)
        turn = looks.next(now_ns)
        if turn is None:
            now_ns = min(scene.due_ns for scene in scenes)
            continue
        scene = by_name[turn[0]]
        assert scene.pending_since_ns is not None
        scene.oldest_ns = max(scene.oldest_ns, now_ns - scene.pending_since_ns)
        scene.pending_since_ns = None
        scene.seen += 1
        scene.depths.append(turn[1])
        now_ns += ns(scene.cost_s[turn[1]])
        told += [(now_ns / NS, quality) for quality in looks.done(scene.name, turn[1], scene.cost_s[turn[1]], now_ns)]
    return told


def test_what_fits_is_fully_looked_at_and_nothing_is_told() -> None:
    scenes = [still(f"quiet{n}") for n in range(6)] + [busy("gate", 0.06), busy("yard", 0.06)]
    assert simulate(Looks(), scenes, 60) == []
    assert all(set(scene.depths) == {"full"} for scene in scenes)
    assert all(scene.seen >= 0.99 * scene.came for scene in scenes)


def test_what_moves_goes_first_and_nobody_starves() -> None:
    options = LookOptions(most=100, least=100)
    scenes = [busy("gate", 0.3, fps=10), busy("yard", 0.3, fps=10), *(still(f"quiet{n}") for n in range(4))]
    simulate(Looks(options), scenes, 60)
    gate, yard, *quiet = scenes
    assert abs(gate.seen - yard.seen) <= 2
    assert gate.seen > 80  # of 100 that fit with one neighbour
    for scene in quiet:
        assert scene.seen >= 40
        assert scene.oldest_ns <= ns(options.starve_s + 0.7)


def test_equals_get_equal_shares_of_time_however_fast_they_send() -> None:
    scenes = [busy("slow", 0.2, fps=5), busy("fast", 0.1, fps=30)]
    simulate(Looks(LookOptions(most=100, least=100)), scenes, 60)
    slow, fast = scenes
    assert slow.seen * 0.2 == pytest.approx(fast.seen * 0.1, rel=0.2)


def test_the_greediest_is_looked_at_less_closely_and_it_is_said() -> None:
    looks = Looks()
    scenes = [still("quiet"), busy("gate", 0.05), busy("square", 0.5)]
    told = simulate(looks, scenes, 40)
    assert {quality.source for _, quality in told} == {"square"}
    assert looks.quality("square").depth in ("reduced", "motion")
    assert looks.quality("gate").depth == looks.quality("quiet").depth == "full"
    assert told[0][1].wanted > 1.0


def test_while_others_wait_for_long_what_takes_longest_is_put_off() -> None:
    looks, now_ns = Looks(), 0
    for n in range(6):
        looks.join(f"cam{n}", 5, 0)
        looks.wait(f"cam{n}", True, NS)
    depths = []
    for _ in range(6):
        turn = looks.next(NS + now_ns)
        assert turn is not None
        depths.append(turn[1])
        now_ns += ns(0.2)
        assert looks.done(*turn, 0.2, NS + now_ns) == []
    assert depths == ["full", "full", "reduced", "reduced", "reduced", "full"], "nobody waits behind the last"
    assert looks.next(now_ns) is None and looks.quality("cam0").depth == "full"


def test_everybody_is_still_served_when_all_are_greedy() -> None:
    looks = Looks()
    scenes = [busy(f"cam{n}", 0.4) for n in range(6)]
    simulate(looks, scenes, 60)
    for scene in scenes:
        assert looks.quality(scene.name).depth != "full"
        assert scene.oldest_ns < ns(3)
    seen = [scene.seen for scene in scenes]
    assert max(seen) < 1.5 * min(seen)


def test_quality_comes_back_when_it_calms_down() -> None:
    looks, square = Looks(), busy("square", 0.6)
    simulate(looks, [square], 30)
    assert looks.quality("square").depth == "motion"
    square.cost_s = {"full": 0.02, "reduced": 0.01, "motion": 0.003}
    told = simulate(looks, [square], 60, begin_s=30)
    assert [quality.depth for _, quality in told][-1] == "full"
    assert looks.quality("square").depth == "full"


def test_quality_does_not_flutter() -> None:
    looks, square = Looks(), busy("square", 0.45)
    told = simulate(looks, [square], 600)
    assert len(told) <= 14, "raised in vain ever more rarely"


def test_one_more_than_can_be_served_is_refused_in_one_line() -> None:
    looks, names = Looks(LookOptions(cores=2)), []
    while not (refused := looks.admit(f"cam{len(names)}", 5)):
        looks.join(f"cam{len(names)}", 5, 0)
        names.append(len(names))
    assert 40 <= len(names) <= 100
    assert "\n" not in refused and "is refused" in refused
    for n in names:
        looks.idles(f"cam{n}", 0.005)  # they turn out to be cheap
    assert looks.admit("another", 5) == ""
    for n in names:
        looks.idles(f"cam{n}", 0.1)
    assert looks.admit("another", 5) != ""
    for n in names[1:]:
        looks.leave(f"cam{n}")
    assert looks.admit("another", 5) == ""


async def test_turns_come_one_at_a_time_and_a_cancelled_one_goes_to_the_next() -> None:
    turns = Turns(Looks(), ManualClock())
    order: list[str] = []
    hold, begun = asyncio.Event(), asyncio.Event()

    async def look(name: str) -> None:
        async with turns.turn(name, True) as depth:
            assert depth == "full"
            order.append(name)
            begun.set()
            await hold.wait()

    with turns.joined("a", 5), turns.joined("b", 5), turns.joined("c", 5):
        tasks = [asyncio.create_task(look(name)) for name in ("a", "b", "c")]
        await begun.wait()
        await asyncio.sleep(0)
        assert order == ["a"]
        tasks[1].cancel()  # while it waits
        await asyncio.sleep(0)
        tasks[0].cancel()  # while it looks
        await asyncio.wait(tasks[:2])
        hold.set()
        await tasks[2]
    assert order == ["a", "c"]


async def test_two_of_one_name_do_not_get_in_each_others_way() -> None:
    looks = Looks()
    turns = Turns(looks, ManualClock())
    turns.join("door", 5)  # a place that was kept for it
    with turns.joined("door", 5) as first, turns.joined("door", 5) as second:
        assert (first, second) == ("door", "door 2")

        async def look(name: str) -> str:
            async with turns.turn(name, True):
                await asyncio.sleep(0)
                return name

        assert await asyncio.wait_for(asyncio.gather(look(first), look(second)), 5) == [first, second]
    assert "door" in looks and "door 2" not in looks
    turns.leave("door")
    assert "door" not in looks


async def test_a_turn_that_nobody_takes_any_more_is_given_on() -> None:
    turns = Turns(Looks(), ManualClock())
    with turns.joined("a", 5), turns.joined("b", 5):

        async def look(name: str) -> str:
            async with turns.turn(name, True):
                return name

        async with turns.turn("a", True):
            waits = asyncio.create_task(look("b"))
            await asyncio.sleep(0)
        waits.cancel()  # granted in this very moment, and not yet taken
        await asyncio.wait([waits])
        assert await asyncio.wait_for(look("a"), 5) == "a"


async def test_a_turn_of_somebody_who_was_cancelled_in_this_moment_is_the_next_ones() -> None:
    turns = Turns(Looks(), ManualClock())
    order: list[str] = []

    async def look(name: str) -> None:
        async with turns.turn(name, True):
            order.append(name)

    with turns.joined("a", 5), turns.joined("b", 5), turns.joined("c", 5):
        async with turns.turn("a", True):
            waiting = [asyncio.create_task(look(name)) for name in ("b", "c")]
            await asyncio.sleep(0)
            waiting[0].cancel()  # its task has not run yet when this turn ends
        await asyncio.wait_for(asyncio.wait(waiting), 5)
    assert order == ["c"]
