"""The archive of a running agent: events in without waiting, a full disk, earlier days brought back for a question."""

from __future__ import annotations

import errno
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from agent.archive.asked import Filter
from agent.archive.keeper import Keeper, KeeperOptions
from agent.archive.pictures import Limits
from agent.archive.recall import Recall
from agent.archive.records import Record, wall_ns
from agent.archive.schema import FILE, ArchiveError
from agent.archive.search import Search
from agent.archive.store import Store
from agent.bus import Bus
from agent.core import Core, CoreOptions
from dialog.events import Alert, Ask, Event, Perceived, Reply, ReplyDelta
from dialog.manager import Organs
from streams.clock import ManualClock, MonotonicClock
from streams.types import NS, Health, Percept, Transcript
from tests.agent.archive.beside import erased_beside_a_reader
from tests.fakes import FakeMind
from tests.streams.sources.waiting import until

START = datetime(2026, 11, 23, 9, 0)
LIMITS = Limits(min_free_mb=0, pictures_days=1000, events_days=1000)


def percept(n: int, text: str = "a person enters from the left") -> Event:
    return Perceived(n * NS, Percept(f"door/v{n}", "object", "door", n * NS, n * NS, text))


def pictures(folder: Path) -> list[Path]:
    return list(folder.rglob("*.jpg"))


def database(folder: Path) -> bytes:
    """With its log."""
    return b"".join(file.read_bytes() for file in folder.glob(f"{FILE}*"))


async def test_everything_that_lasts_is_kept(tmp_path: Path) -> None:
    said: list[Event] = []
    options = KeeperOptions(tmp_path, LIMITS)
    async with Keeper(options, ManualClock(START), said.append, lambda name: b"\xff\xd8" + name.encode()) as keeper:
        keeper.write(percept(1))
        keeper.write(Perceived(2 * NS, Transcript("mic", NS, 2 * NS, "Hello there.", "Anna")))
        keeper.write(ReplyDelta(2 * NS, 1, "no"))
        keeper.write(Reply(3 * NS, 1, 2 * NS, "Who came?", "A person.", ("door/v1",), 0.1, None, 3, ""))
        keeper.write(Health("camera:door", "failed", "gone", 4 * NS))
        keeper.write(Alert(5 * NS, "a1", "somebody", "alarm", "new", "somebody came", ("door/v1",)))
        await keeper.flush()
        assert keeper.written == 5 and keeper.lost == 0 and not said
    with Search(tmp_path) as search:
        moments = {m.kind: m for m in search.moments(Filter())}
    assert set(moments) == {"object", "transcript", "reply", "health", "alert"}
    assert moments["alert"].more["evidence"] == ["door/v1"]
    assert moments["object"].began.replace(tzinfo=None) == START + timedelta(seconds=1)
    assert (tmp_path / moments["object"].picture).read_bytes() == b"\xff\xd8door/v1"


async def test_an_alert_is_committed_at_once_though_no_time_passes(tmp_path: Path) -> None:
    async with Keeper(KeeperOptions(tmp_path, LIMITS), ManualClock(START), lambda event: None) as keeper:
        keeper.write(percept(1))
        keeper.write(Alert(5 * NS, "a1", "somebody", "alarm", "new", "somebody came", ()))
        await until(lambda: keeper.written == 2)


async def test_a_full_disk_is_said_pictures_go_first_and_events_stay(tmp_path: Path) -> None:
    said: list[Event] = []
    async with Keeper(
        KeeperOptions(tmp_path, LIMITS),
        MonotonicClock(START.astimezone()),
        said.append,
        lambda name: b"\xff\xd8" * 9000,
    ) as keeper:
        keeper.write(percept(1))
        await keeper.flush()
        store = keeper._store
        assert store is not None
        pages = store.db.execute("PRAGMA page_count").fetchone()[0]
        store.db.execute(f"PRAGMA max_page_count={pages + 2}")
        for n in range(2, 300):
            keeper.write(percept(n, f"thing number {n} of a kind that was never seen before " * 20))
        await until(lambda: len(said) == 2)
        told = [(one.component, one.state, one.reason) for one in said if isinstance(one, Health)]
        assert told[0][:2] == ("archive:disk", "degraded") and "1 of the oldest clips and pictures" in told[0][2]
        assert told[1][:2] == ("archive:events", "failed") and "full" in told[1][2]
        assert not pictures(tmp_path), "pictures make room first"
        store.db.execute("PRAGMA max_page_count=1000000")
        await until(lambda: keeper.written == 299)
        assert isinstance(said[-1], Health) and said[-1].state == "ok"
        assert store.db.execute("SELECT count(*) FROM events").fetchone()[0] == 299


async def test_what_refuses_to_be_written_with_room_on_the_disk_costs_no_picture(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(record: Record) -> int | None:
        raise OSError(errno.EMFILE, "Too many open files")

    said: list[Event] = []
    clock = ManualClock(START)
    async with Keeper(KeeperOptions(tmp_path, LIMITS), clock, said.append, lambda name: b"\xff\xd8" * 9000) as keeper:
        keeper.write(percept(1))
        await keeper.flush()
        assert keeper._store is not None
        with monkeypatch.context() as patch:
            patch.setattr(keeper._store.pictures, "keep", refuse)
            keeper.write(percept(2))
            keeper.write(Alert(5 * NS, "a1", "somebody", "alarm", "new", "somebody came", ()))
            await until(lambda: bool(said))
        assert len(pictures(tmp_path)) == 1
        clock.advance_to(3 * NS)
        await until(lambda: keeper.written == 3)
        assert len(pictures(tmp_path)) == 2
    told = [(one.component, one.state) for one in said if isinstance(one, Health)]
    assert told == [("archive:events", "failed"), ("archive:events", "ok")]
    assert isinstance(said[0], Health) and "Too many open files" in said[0].reason


def test_a_full_disk_is_told_from_other_refusals(tmp_path: Path) -> None:
    with Store(tmp_path, 0) as store, Store(tmp_path, 0) as other:
        for number, full in ((errno.ENOSPC, True), (errno.EDQUOT, True), (errno.EMFILE, False), (errno.EACCES, False)):
            with pytest.raises(ArchiveError) as caught, store.transaction():
                raise OSError(number, "refused")
            assert caught.value.full is full
        store.db.execute("PRAGMA busy_timeout=0")
        with other.transaction(), pytest.raises(ArchiveError, match="locked") as caught:
            store.add([Record("object", "gate", 0, 0, "a van")])
        assert not caught.value.full
        pages = store.db.execute("PRAGMA page_count").fetchone()[0]
        store.db.execute(f"PRAGMA max_page_count={pages}")
        with pytest.raises(ArchiveError) as caught:
            store.add([Record("object", "gate", 0, 0, f"van {n} " * 400) for n in range(100)])
        assert caught.value.full


async def test_what_a_reader_kept_in_the_log_goes_with_the_next_sweep(tmp_path: Path) -> None:
    log, clock = tmp_path / f"{FILE}-wal", ManualClock(START)
    async with Keeper(KeeperOptions(tmp_path, LIMITS), clock, lambda event: None) as keeper:
        for n in range(3):
            keeper.write(percept(n, f"a secret thing passes {n}"))
        await keeper.flush()
        with Search(tmp_path) as search, Store(tmp_path, 0) as store:
            export = erased_beside_a_reader(search, store)
            assert store.db.execute("SELECT count(*) FROM events").fetchone()[0] == 0
            assert b"secret" in log.read_bytes()
            clock.advance_to(61 * NS)
            await until(lambda: keeper.held.events == 0)
            assert b"secret" in log.read_bytes(), "still read"
            export.close()
            clock.advance_to(122 * NS)
            await until(lambda: not log.read_bytes())
        assert b"secret" not in database(tmp_path)


async def test_a_picture_is_found_by_the_id_under_which_it_is_cited(tmp_path: Path) -> None:
    other = tmp_path / "other.jpg"
    other.write_bytes(b"not a picture of the archive")
    earlier = wall_ns(START - timedelta(days=5))
    archive = tmp_path / "archive"
    with Store(archive, earlier) as store:
        store.add([Record("object", "gate", earlier, earlier, "a van", "door/v1", picture=b"\xff\xd8 earlier")])
        store.add([Record("object", "gate", earlier, earlier, "a bus", "door/v2", picture=b"\xff\xd8 bus")])
        store.db.execute("UPDATE pictures SET path='pictures/../../other.jpg' WHERE id=2")
    options = KeeperOptions(archive, LIMITS)
    async with Keeper(options, ManualClock(START), lambda event: None, lambda name: b"\xff\xd8 now") as keeper:
        keeper.write(percept(1))
        await keeper.flush()
        assert await keeper.picture_of("door/v1") == b"\xff\xd8 now"
        assert await keeper.picture_of("gate/archive1") == b"\xff\xd8 earlier"
        for nothing in (
            "door/archive1",
            "gate/archive2",
            "gate/archive99",
            "gate/archive1x",
            "door/v9",
            "",
            "x" * 5000,
        ):
            assert await keeper.picture_of(nothing) is None


async def test_offering_never_waits_and_what_is_lost_is_counted(tmp_path: Path) -> None:
    said: list[Event] = []
    async with Keeper(KeeperOptions(tmp_path, LIMITS), ManualClock(START), said.append) as keeper:
        for n in range(20_000):  # nothing else runs meanwhile
            keeper.write(percept(n))
        assert keeper.lost > 0
        assert isinstance(said[0], Health) and said[0].state == "failed"
        lost = keeper.lost
    with Search(tmp_path) as search:
        assert search.holdings().events == 20_000 - lost


async def test_a_question_about_an_earlier_day_brings_it_back(tmp_path: Path) -> None:
    earlier = wall_ns(START - timedelta(days=5))
    with Store(tmp_path, earlier) as store:
        store.add([Record("object", "gate", earlier, earlier, "a white van enters from the left", "gate/v1")])
    clock, mind, bus, replies = ManualClock(START), FakeMind(), Bus(), list[Reply]()
    recall = Recall(tmp_path, clock, mind, lambda: None)
    with ThreadPoolExecutor(1) as pool:
        organs = Organs(mind, None, clock, bus.publish, pool, pool, recall=recall)
        with bus.tap(lambda event: replies.append(event) if isinstance(event, Reply) else None):
            async with Core(organs, bus, CoreOptions()) as core:
                recall.holds = lambda percept_id: core.state.get(percept_id) is not None
                await core.observe(0, [Percept("door/v1", "object", "door", 0, 0, "a dog appears")])
                bus.send(Ask("When did the white van come last week?"))
                await until(lambda: bool(replies))
    (name,) = replies[0].evidence
    assert name.startswith("gate/archive")
    assert mind.lines[name] == "Wed 09:00 gate: a white van enters from the left"
    recall("Where is the giraffe?", NS)
    assert name not in mind.lines, "what another question does not need is forgotten"
    recall.close()


async def test_a_question_about_an_earlier_day_alone_is_asked_of_that_day_without_its_name(tmp_path: Path) -> None:
    earlier = wall_ns(START - timedelta(days=1))
    with Store(tmp_path, earlier) as store:
        store.add([Record("object", "gate", earlier, earlier, "a white van enters from the left", "gate/v1")])
        told = {"phase": "new", "rule": "van"}
        store.add([Record("alert", "gate", earlier, earlier, "van: a white van enters", "a1", more=told)])
    clock, mind, bus, replies = ManualClock(START), FakeMind(), Bus(), list[Reply]()
    minds: list[FakeMind] = []

    def fork(tokens: int) -> FakeMind:
        minds.append(FakeMind())
        return minds[-1]

    recall = Recall(tmp_path, clock, mind, lambda: None, fork)
    with ThreadPoolExecutor(1) as pool:
        organs = Organs(mind, None, clock, bus.publish, pool, pool, recall=recall)
        with bus.tap(lambda event: replies.append(event) if isinstance(event, Reply) else None):
            async with Core(organs, bus, CoreOptions()) as core:
                await core.observe(0, [Percept("gate/v1", "object", "gate", 0, 0, "a white van leaves")])
                bus.send(Ask("When did the white van come yesterday?"))
                await until(lambda: bool(replies))
                bus.send(Ask("Did the van leave?"))
                await until(lambda: len(replies) == 2)
    assert minds[0].asked[0][0] == "When did the white van come?" and not minds[0].asked[0][1]
    assert list(minds[0].lines.values()) == ["Sun 09:00 gate: a white van enters from the left"], "and no alert"
    assert replies[0].evidence[0].startswith("gate/archive") and replies[0].question.endswith("yesterday?")
    assert mind.asked[-1][0] == "Did the van leave?", "which day is open: what is in view now counts as well"
    for day in range(5):
        recall(f"Where was the giraffe {day + 1} days ago?", NS)
    assert len(minds) == 3 and not minds[0].lines, "memories are used again, and emptied"
    found = recall("yesterday?", NS)
    assert (found.mind, found.question) == (minds[0], "yesterday?")
    for now in ("Did the van come today?", "Did the van come at 08:59?", "Did the van come?"):
        assert recall(now, NS).mind is None
    recall.close()


def test_what_the_state_holds_is_not_brought_back(tmp_path: Path) -> None:
    start = wall_ns(START)
    with Store(tmp_path, start) as store:
        store.add([Record("object", "gate", start + NS, start + NS, "a white van appears", "gate/v1")])
    mind = FakeMind()
    recall = Recall(tmp_path, ManualClock(START), mind, lambda: None)
    recall.holds = lambda percept_id: True
    recall("when did the white van come", 60 * NS)
    assert not mind.lines
    recall.holds = lambda percept_id: False
    recall("when did the white van come", 60 * NS)
    assert mind.lines == {"gate/v1": "09:00 gate: a white van appears"}
    recall.close()


def test_an_agent_goes_on_without_a_readable_archive(tmp_path: Path) -> None:
    recall = Recall(tmp_path / "none", ManualClock(START), FakeMind(), lambda: None)
    recall("when did the white van come", 0)
