"""A clip that is held: nothing of it is lost or cut, all its tracks go on at the same moment."""

from __future__ import annotations

from collections.abc import AsyncIterator

import numpy as np

from agent.demo.holds import LEAD_NS, Again, Holds
from streams.types import NS, SAMPLE_RATE_HZ, AudioChunk, VideoFrame, ns

STEP_NS = ns(0.1)


async def sound(seconds: float) -> AsyncIterator[AudioChunk]:
    """Chunks of 100 ms, each full of its number, counted from 1."""
    for n in range(round(seconds * 10)):
        yield AudioChunk("you", n * STEP_NS, np.full(SAMPLE_RATE_HZ // 10, n + 1, np.float32))


async def pictures(seconds: float) -> AsyncIterator[VideoFrame]:
    """15 a second, each of its number."""
    for n in range(round(seconds * 15)):
        yield VideoFrame("room", n * NS // 15, np.full((1, 1, 3), n, np.uint8))


async def played(holds: Holds, until_s: float, release_s: float, at_s: float) -> tuple[np.ndarray, list[VideoFrame]]:
    """Both tracks, asked for as they are due; at `release_s` it is decided to go on at `at_s`."""
    heard, seen = holds.audio(sound(until_s)), holds.video(pictures(until_s))
    track = np.zeros(round((until_s + 5) * SAMPLE_RATE_HZ), np.float32)
    frames: list[VideoFrame] = []
    chunk, frame = await anext(heard), await anext(seen)
    for tick in range(round((until_s + 5) * 50)):
        now_ns = tick * ns(0.02)
        if tick == round(release_s * 50):
            holds.release(ns(at_s))
        while chunk is not None and chunk.t0_ns <= now_ns:
            at = round(chunk.t0_ns * SAMPLE_RATE_HZ / NS)
            track[at : at + len(chunk.samples)] = chunk.samples
            chunk = await anext(heard, None)  # type: ignore[arg-type]
        while frame is not None and frame.t_ns <= now_ns:
            frames.append(frame)
            frame = await anext(seen, None)  # type: ignore[arg-type]
    return track, frames


async def test_both_tracks_stand_still_and_go_on_together() -> None:
    holds = Holds([ns(2.3)])
    track, frames = await played(holds, 4.0, release_s=3.0, at_s=3.2)
    stop, on = 2 * SAMPLE_RATE_HZ, round(3.2 * SAMPLE_RATE_HZ)
    assert (track[:stop] == np.repeat(np.arange(1, 21), SAMPLE_RATE_HZ // 10)).all()
    assert not track[stop:on].any()
    assert (track[on : on + stop] == np.repeat(np.arange(21, 41), SAMPLE_RATE_HZ // 10)).all()
    numbers = [int(f.rgb[0, 0, 0]) for f in frames]
    assert sorted(set(numbers)) == list(range(60)) and numbers == sorted(numbers)
    times = np.array([f.t_ns for f in frames])
    assert (np.diff(times) > ns(0.03)).all() and (np.diff(times) < ns(0.11)).all(), "a camera goes on sending"
    (first_behind,) = [f.t_ns for f in frames if f.rgb[0, 0, 0] == 30]
    assert abs(first_behind - ns(3.2)) < 10
    assert holds.played_ns(ns(1.0)) == ns(1.0) and holds.played_ns(ns(2.3)) == ns(3.5)
    assert [holds.clip_ns(ns(t)) for t in (1.0, 2.5, 3.2, 4.2)] == [ns(1.0), ns(2.0), ns(2.0), ns(3.0)]


async def test_without_a_reason_to_wait_nothing_is_changed() -> None:
    holds = Holds([ns(2.3)])
    track, frames = await played(holds, 4.0, release_s=1.8, at_s=0)
    assert (track[: 4 * SAMPLE_RATE_HZ] == np.repeat(np.arange(1, 41), SAMPLE_RATE_HZ // 10)).all()
    assert [f.t_ns for f in frames] == [n * NS // 15 for n in range(60)]


def test_holds_add_up() -> None:
    holds = Holds([ns(1), ns(2), ns(3)])
    assert holds.due_ns() == ns(1) - LEAD_NS
    assert holds.shift_ns(ns(0.5)) == 0 and holds.shift_ns(ns(0.8)) is None
    holds.release(holds.due_ns() + ns(4))
    assert holds.due_ns() == ns(6) - LEAD_NS
    holds.release(0)
    holds.release(holds.due_ns() + ns(1))
    assert [holds.played_ns(ns(t)) for t in (0.5, 1, 2, 3)] == [ns(t) for t in (0.5, 5, 6, 8)]
    assert [holds.clip_ns(ns(t)) for t in (0.5, 3, 6, 7, 8)] == [ns(t) for t in (0.5, 0.7, 2, 2.7, 3)]


async def test_while_held_the_user_can_say_once_more_what_was_said_last() -> None:
    holds, again = Holds([ns(1.0), ns(2.0)]), Again()
    tone = np.full(SAMPLE_RATE_HZ // 10, 0.5, np.float32)

    async def asked() -> AsyncIterator[AudioChunk]:
        for n in range(30):
            loud = n == 2 or n == 11
            yield AudioChunk("you", n * STEP_NS, tone * (0.5 if n == 11 else 1) if loud else tone * 0)

    heard, parts, times = holds.audio(asked(), again), [], []
    for _ in range(60):
        chunk = await anext(heard)
        parts.append(chunk.samples)
        times.append(chunk.t0_ns)
        if len(parts) == 20:
            again.say()
    assert (np.diff(times) == ns(0.02))[8:].all(), "held: 20 ms at a time, without gaps"
    repeated = np.concatenate(parts[20:])
    assert repeated.max() == 0.5 and np.count_nonzero(repeated) == len(tone), "the whole of it, once"
    again.forget()
    holds.release(ns(times[-1] / NS + 0.02))
    rest = [(await anext(heard)).samples for _ in range(12)]
    again.say()
    assert max(part.max() for part in rest) == 0.25
    repeated = np.concatenate([(await anext(heard)).samples for _ in range(30)])
    assert repeated.max() == 0.25, "what was said before it went on is forgotten"
