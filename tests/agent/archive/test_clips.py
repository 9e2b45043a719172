"""Clips of alerts: a few seconds before and after, bounded, kept beside the alert, first to go."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import av
import numpy as np
import pytest

from agent.archive import clips as clips_module
from agent.archive.asked import Filter
from agent.archive.clips import ClipOptions, Clips
from agent.archive.erase import erase, sweep
from agent.archive.film import film
from agent.archive.keeper import DISK, Keeper, KeeperOptions
from agent.archive.pictures import Limits
from agent.archive.records import Clip, Record, wall_ns
from agent.archive.schema import ArchiveError
from agent.archive.search import Search
from agent.archive.store import Store
from dialog.events import Alert, Event, Perceived
from streams.clock import ManualClock
from streams.sinks.thumbnail import jpeg
from streams.types import NS, Health, Percept, VideoFrame
from tests.streams.sources.waiting import until

START = datetime(2026, 11, 23, 9, 0)
ROOMY = Limits(min_free_mb=0, pictures_days=1000, events_days=1000, clips_days=1000)
OPTIONS = ClipOptions(2.0, 3.0, 2.0)


def frame(source: str, t_s: float, grey: int = 100, width: int = 64) -> VideoFrame:
    return VideoFrame(source, round(t_s * NS), np.full((48, width, 3), grey, np.uint8))


def alert(t_s: float, name: str, *evidence: str, severity: str = "alarm", phase: str = "new") -> Alert:
    return Alert(round(t_s * NS), name, "rule", severity, phase, f"{name} happened", evidence)  # type: ignore[arg-type]


def seen(t_s: float, name: str) -> Perceived:
    t_ns = round(t_s * NS)
    return Perceived(t_ns, Percept(name, "object", name.rpartition("/")[0], t_ns, t_ns, "a person enters"))


class Kept:
    def __init__(self) -> None:
        self.clips: list[Clip] = []
        self.lost: list[str] = []

    async def keep(self, clip: Clip) -> None:
        self.clips.append(clip)


def times_s(clip: Clip) -> list[float]:
    return [round((t - wall_ns(START)) / NS, 3) for t in (clip.t0_ns, clip.t1_ns)]


def decoded(data: bytes) -> Sequence[av.VideoFrame]:
    with av.open(io.BytesIO(data)) as container:
        return list(container.decode(video=0))


async def test_a_clip_is_what_came_before_and_after() -> None:
    kept, clock = Kept(), ManualClock(START)
    async with Clips(OPTIONS, clock, kept.keep, kept.lost.append) as clips:
        for n in range(40):
            if n == 20:
                clips.on_event(seen(9.0, "door/v1"))
                clips.on_event(alert(10.0, "a1", "door/v1"))
            clips.on_frame(frame("door", n / 2), ())
            clips.on_frame(frame("yard", n / 2), ())
        await until(lambda: bool(kept.clips))
    (clip,) = kept.clips
    assert clip.source == "door" and clip.names == ("a1",) and clip.important and not kept.lost
    assert times_s(clip) == [7.0, 13.0], "two seconds before what was seen, three after the alert"
    pictures = decoded(clip.film)
    assert len(pictures) == 13 and (pictures[0].width, pictures[0].height) == (64, 48)
    assert [round(float(p.time or 0), 2) for p in pictures[:3]] == [0.0, 0.5, 1.0]


async def test_what_happens_at_once_is_one_clip_and_a_silent_camera_ends_it() -> None:
    kept, clock = Kept(), ManualClock(START)
    async with Clips(OPTIONS, clock, kept.keep, kept.lost.append) as clips:
        for n in range(10):
            clips.on_frame(frame("door", n), ())
        clips.on_event(alert(9.0, "a1", "door/v1", severity="info"))
        clips.on_event(alert(9.5, "a2", "door/v2"))
        clips.on_event(alert(9.5, "a2", "door/v2", phase="update"))
        clips.on_event(alert(9.6, "a3", "nowhere/v2"))
        clips.on_event(alert(9.6, "a4"))
        await asyncio.sleep(0)
        clock.advance_to(14 * NS)
        await until(lambda: bool(kept.clips))
    (clip,) = kept.clips
    assert clip.names == ("a1", "a2") and times_s(clip) == [7.0, 9.0] and clip.important


async def test_it_stays_within_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clips_module, "MAX_BYTES", 20_000)
    kept, clock = Kept(), ManualClock(START)
    async with Clips(OPTIONS, clock, kept.keep, kept.lost.append) as clips:
        for n in range(300):
            for camera in range(20):
                clips.on_frame(frame(f"c{camera}", n / 2, n % 256), ())
            assert clips.size_bytes <= 20_000
        for camera in range(20):
            clips.on_event(alert(149.5, f"a{camera}", f"c{camera}/v1"))
    assert len(kept.clips) <= clips_module.MAX_TAKING and clips.lost == len(kept.lost) >= 20 - clips_module.MAX_TAKING


async def test_more_pictures_than_wanted_are_left_out_and_leaving_keeps_what_there_is() -> None:
    kept = Kept()
    async with Clips(ClipOptions(5, 10, 2.0), ManualClock(START), kept.keep, kept.lost.append) as clips:
        for n in range(100):
            clips.on_frame(frame("door", n / 25), ())
        clips.on_event(alert(4.0, "a1", "door/v1"))
    assert len(decoded(kept.clips[0].film)) == pytest.approx(9, abs=1)


def test_a_film_of_odd_and_changing_sizes() -> None:
    pictures = [(n * NS, jpeg(np.full((49, 65 + n, 3), 10 * n, np.uint8), 640)) for n in range(5)]
    assert {(p.width, p.height) for p in decoded(film(pictures))} == {(64, 48)}
    with pytest.raises(ArchiveError):
        film([(0, b"no picture")])


async def test_a_clip_is_beside_its_alert_whenever_that_is_told(tmp_path: Path) -> None:
    said: list[Event] = []
    pictures = {"door/v1": b"\xff\xd8 of door"}
    async with Keeper(KeeperOptions(tmp_path, ROOMY), ManualClock(START), said.append, pictures.get) as keeper:
        keeper.write(seen(9, "door/v1"))
        keeper.write(alert(10, "a1", "door/v1"))
        await keeper.flush()
        await keeper.keep_clip(Clip("door", ("a1", "a9"), wall_ns(START), wall_ns(START) + NS, b"film"))
        keeper.write(alert(30, "a1", "door/v1", phase="end"))
        await keeper.flush()
        assert not said
    with Search(tmp_path) as search:
        alerts = list(search.moments(Filter(kinds=("alert",))))
        (person,) = search.moments(Filter(kinds=("object",)))
        assert search.holdings().clips == 1 and search.holdings().clip_bytes == 4
    assert len(alerts) == 2 and {(tmp_path / a.clip).read_bytes() for a in alerts} == {b"film"}
    assert {a.picture for a in alerts} == {person.picture}, "an alert shows what it rests on"
    with Store(tmp_path, 0) as store:
        assert erase(store, Filter(sources=("door",))) == 3, "an alert goes with what it rests on"
        assert store.pictures.size_bytes(True) == 0
    assert not files(tmp_path)


def with_files(store: Store) -> None:
    t_ns = wall_ns(START)
    for n in range(4):
        at = t_ns + n * NS
        store.add([Record("object", "door", at, at, "a person", f"door/v{n}", picture=b"p" * 300_000)])
        told = {"evidence": [f"door/v{n}"] if n == 0 else []}
        store.add([Record("alert", "rule", at, at, f"alert {n}", f"a{n}", more=told)])
        assert store.add_clip(Clip("door", (f"a{n}",), at, at, b"c" * 400_000, important=n == 0))


def files(folder: Path) -> list[str]:
    return sorted(f.name for f in folder.rglob("*") if f.suffix in (".jpg", ".mp4"))


def test_clips_go_first_then_pictures_the_unimportant_before_and_events_stay(tmp_path: Path) -> None:
    with Store(tmp_path, 0) as store:
        with_files(store)
        store.db.execute("BEGIN")
        store.pictures.make_room(1_000_000)
        assert files(tmp_path) == ["090000.jpg", "090000.mp4", "090001.jpg", "090002.jpg", "090003.jpg"]
        store.pictures.make_room(1_300_000)
        store.db.execute("COMMIT")
        assert files(tmp_path) == ["090000.jpg"] and store.pictures.sacrificed == 7
        assert store.db.execute("SELECT count(*) FROM events").fetchone() == (8,)


def test_clips_go_by_age_and_size_and_leave_pictures_alone(tmp_path: Path) -> None:
    with Store(tmp_path, 0) as store:
        with_files(store)
        sweep(store, wall_ns(START), replace(ROOMY, clips_mb=1))
        assert files(tmp_path) == ["090000.jpg", "090000.mp4", "090001.jpg", "090002.jpg", "090003.jpg", "090003.mp4"]
        sweep(store, wall_ns(START) + 86_401 * NS, replace(ROOMY, clips_days=1))
        assert [f for f in files(tmp_path) if f.endswith("mp4")] == ["090003.mp4"]
        assert store.pictures.sacrificed == 0


def test_a_clip_of_no_alert_is_not_kept(tmp_path: Path) -> None:
    with Store(tmp_path, 0) as store:
        assert not store.add_clip(Clip("door", ("a1",), 0, 0, b"film"))
    assert not files(tmp_path)


async def test_a_disk_with_too_little_room_is_said_once(tmp_path: Path) -> None:
    said: list[Event] = []
    clock = ManualClock(START)
    full = replace(ROOMY, min_free_mb=100_000_000)
    async with Keeper(KeeperOptions(tmp_path, full), clock, said.append, lambda name: b"\xff\xd8") as keeper:
        for minute in range(1, 4):
            keeper.write(seen(60 * minute - 1, f"door/v{minute}"))
            await keeper.flush()
            clock.advance_to(round((60.5 * minute) * NS))
            await until(lambda: keeper.held.events == minute and not files(tmp_path))  # noqa: B023
        keeper._options = replace(keeper._options, limits=ROOMY)
        clock.advance_to(400 * NS)
        await until(lambda: len(said) == 2)
    assert [(s.component, s.state) for s in said if isinstance(s, Health)] == [(DISK, "degraded"), (DISK, "ok")]
    assert isinstance(said[0], Health) and "events stay" in said[0].reason
    with Search(tmp_path) as search:
        assert search.holdings().events == 3
