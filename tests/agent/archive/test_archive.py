"""The archive: writing, finding, pictures, deletion, hostile names."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from agent.archive import schema
from agent.archive.asked import Filter
from agent.archive.erase import erase, sweep
from agent.archive.pictures import DAY_NS, Limits, inside
from agent.archive.records import Record, folder_name, record_of, wall_ns
from agent.archive.schema import FILE, ArchiveError
from agent.archive.search import Search
from agent.archive.store import Store, text_hash
from agent.archive.summary import summarise
from agent.cli import main
from dialog.events import Alert
from streams import wording
from tests.agent.archive.beside import erased_beside_a_reader

NOW = datetime(2026, 11, 23, 18, 0)
JPEG = b"\xff\xd8\xff picture of %d \xff\xd9"
ROOMY = Limits(min_free_mb=0)


def at(days: int, hour: float = 12.0) -> int:
    return wall_ns(datetime(2026, 11, 23) - timedelta(days=days) + timedelta(hours=hour))


def record(text: str, days: int, source: str = "gate", kind: str = "object", hour: float = 12.0) -> Record:
    t_ns = at(days, hour)
    return Record(kind, source, t_ns, t_ns, text, f"{source}/v{days}")


def found(folder: Path, question: str, only: Filter | None = None) -> list[str]:
    with Search(folder) as search:
        return [m.text for m in search.find(question, NOW, only or Filter(), 5)]


def raw(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with Store(tmp_path, at(14)) as store:
        store.add(
            [
                record("a white van enters from the left", 5),
                record("a white van enters from the right", 12),
                record("a black van enters from the left", 5, hour=15),
                record("a person enters from the left", 1, "front-door", hour=10.5),
                record(wording.says("The keys are behind the door.", "Anna"), 2, "kitchen", "speech"),
                record(wording.sign("Größe 42"), 3, "kitchen", "sign"),
                record("somebody stays too long", 1, "loitering", "alert", hour=22),
            ]
        )
    return tmp_path


def test_the_white_van_of_last_week(folder: Path) -> None:
    assert found(folder, "when did the white van come last week")[0] == "a white van enters from the left"
    assert found(folder, "when did the white van come 12 days ago") == ["a white van enters from the right"]


def test_time_place_and_kind_narrow_a_search(folder: Path) -> None:
    assert found(folder, "who came yesterday between 10 and 11") == ["a person enters from the left"]
    assert found(folder, "van", Filter(sources=("kitchen",))) == []
    assert found(folder, "", Filter(kinds=("alert",))) == ["somebody stays too long"]
    assert found(folder, "what happened at the front door")[0] == "a person enters from the left"


def test_stems_accents_and_hostile_words(folder: Path) -> None:
    assert found(folder, "key")[0].startswith("Anna says")
    assert found(folder, "grosse") == [] and found(folder, "große 42")[0] == wording.sign("Größe 42")
    for text in ('"', "NEAR(a b)", "a* OR -b", "'; DROP TABLE events; --", "\x00", "a" * 5000, "😀 ﷽ \u202e"):
        found(folder, text)


def test_the_first_time(folder: Path) -> None:
    with Store(folder, 0) as store:
        store.add([record("a white van enters from the left", days) for days in (9, 2)])
    with Search(folder) as search:
        first = search.find("when did a white van first enter from the left", NOW)[0]
    assert first.t0_ns == at(9)


def test_odd_names_and_texts_are_kept_and_stay_inside(tmp_path: Path) -> None:
    names = ["../../etc/passwd", "/abs", "..", "a/../../b", "con\x00trol", "\ud800", "naïve 😀", "x" * 5000, ""]
    with Store(tmp_path / "archive", at(0)) as store:
        for n, name in enumerate(names):
            store.add([replace(record(f"text {name}", 1), source=name, picture=JPEG % n)])
        paths = [str(row[0]) for row in store.db.execute("SELECT path FROM pictures")]
    assert len(paths) == len(names)
    for path in paths:
        assert inside(tmp_path / "archive", path) is not None
        assert (tmp_path / "archive" / path).is_file()
    assert {p.name for p in tmp_path.iterdir()} == {"archive"}
    assert len({folder_name(name) for name in names}) == len(names)
    assert inside(tmp_path / "archive", "pictures/../../../etc/passwd") is None


def test_deletion_leaves_no_trace(folder: Path) -> None:
    secret, shared = "Ottilie whispers xylophonequark", "a person enters from the left"
    with Store(folder, at(0), lambda text: b"BITSOF" + text.encode()[:10].ljust(10)) as store:
        more = [record(f"filler number {n} goes by", 4) for n in range(500)]
        store.add([*more, replace(record(secret, 1, "bathroom", "speech"), picture=b"\xff\xd8 secretpicture")])
        store.add([record(shared, 1, "bathroom")])
    assert b"xylophonequark" in raw(folder) and b"secretpicture" in raw(folder)
    with Store(folder, at(0)) as store:
        assert erase(store, Filter(sources=("bathroom",))) == 2
        assert b"xylophonequark" not in raw(folder), "in the files while the database is open"
        store.db.execute("INSERT INTO words(words, rank) VALUES('integrity-check', 1)")
    left = raw(folder)
    for trace in (b"xylophonequark", b"Ottilie", b"ottili", b"secretpicture", b"bathroom", b"BITSOFOttilie wh"):
        assert trace not in left, trace
    assert found(folder, "who came yesterday between 10 and 11") == [shared]
    assert (folder / f"{FILE}-wal").stat().st_size == 0 if (folder / f"{FILE}-wal").exists() else True


def test_deletion_beside_a_reader_is_told_and_complete_when_it_is_repeated(folder: Path) -> None:
    with Search(folder) as search, Store(folder, 0) as store:
        export = erased_beside_a_reader(search, store)
        assert (folder / f"{FILE}-wal").read_bytes()
        export.close()
        assert erase(store, Filter()) == 0
        assert not (folder / f"{FILE}-wal").read_bytes()


def test_the_command_empties_the_log_when_it_is_repeated(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEED_ARCHIVE_FOLDER", str(folder))
    monkeypatch.setenv("HEED_DATA", str(folder.parent / "data"))
    with Search(folder) as search:
        with Store(folder, 0) as store:
            export = erased_beside_a_reader(search, store)
        export.close()
        assert (folder / f"{FILE}-wal").read_bytes()
        assert main(["archive", "delete", "--everything", "--yes"]) == 1
        assert not (folder / f"{FILE}-wal").read_bytes()


def test_pictures_go_by_age_size_and_importance(tmp_path: Path) -> None:
    with Store(tmp_path, at(30)) as store:
        for days in (30, 10, 9, 8):
            store.add([replace(record("something appears", days, hour=days), picture=JPEG % days + b"x" * 400_000)])
        alert = replace(record("intruder", 10, "rule", "alert", hour=11), picture=JPEG % 99 + b"x" * 400_000)
        store.add([replace(alert, more={"evidence": ["gate/v10"]})])
        sweep(store, at(0), ROOMY)
        assert [row[0] for row in store.db.execute("SELECT t_ns FROM pictures ORDER BY t_ns")] == [
            at(10, 10), at(10, 11), at(9, 9), at(8, 8),
        ]  # fmt: skip
        sweep(store, at(0), replace(ROOMY, pictures_mb=1))
        assert store.db.execute("SELECT sum(important), count(*) FROM pictures").fetchone() == (2, 2)
        store.db.execute("BEGIN")
        assert store.pictures.sweep(at(0), replace(ROOMY, min_free_mb=1), free_bytes=0) == 2
        store.db.execute("COMMIT")
        assert store.db.execute("SELECT count(*) FROM events").fetchone() == (5,)
    assert not list(tmp_path.rglob("*.jpg")) and not list((tmp_path / "pictures").iterdir())


def test_events_go_by_age_alerts_last(tmp_path: Path) -> None:
    with Store(tmp_path, 0) as store:
        store.add([record("old", 400), record("old alert", 400, kind="alert"), record("new", 1)])
        assert sweep(store, at(0), ROOMY) == 1
        assert sweep(store, at(0) + 4000 * DAY_NS, ROOMY) == 2


def test_a_frame_is_kept_once(tmp_path: Path) -> None:
    picture = JPEG % 1
    with Store(tmp_path, 0) as store:
        store.add([replace(record(f"thing {n}", 1), picture=picture) for n in range(3)])
    assert len(list(tmp_path.rglob("*.jpg"))) == 1


def test_a_day_in_short(folder: Path) -> None:
    with Search(folder) as search:
        told = summarise((NOW - timedelta(days=1)).date(), search.moments(Filter(((at(1, 0), at(0, 0)),))))
    assert told.events == 2
    assert "front door: 1 event from 10:30 to 10:30; 1 person entered." in told.text
    assert "1 alert: 22:00 somebody stays too long." in told.text


def test_the_commands(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setenv("HEED_ARCHIVE_FOLDER", str(folder))
    monkeypatch.setenv("HEED_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("HEED_CACHE", str(tmp_path / "none"))
    monkeypatch.chdir(tmp_path)
    assert main(["search", "white van", "--from", "2026-11-16", "--json"]) == 0
    moment = json.loads(capsys.readouterr().out.splitlines()[0])
    assert moment["source"] == "gate" and moment["t0"].startswith("2026-11-18T12:00")
    out = tmp_path / "out"
    assert main(["archive", "export", "--source", "gate", "--out", str(out)]) == 0
    assert len((out / "events.jsonl").read_text().splitlines()) == 3
    assert main(["archive", "delete"]) == 1
    assert "say what to delete" in capsys.readouterr().err
    assert main(["archive", "delete", "--search", "white van", "--yes"]) == 0
    assert "2 events deleted" in capsys.readouterr().out
    assert main(["search", "white van"]) == 0 and "white" not in capsys.readouterr().out
    assert main(["archive", "summary", "--day", "2026-11-22"]) == 0
    assert main(["archive", "summary", "--day", "nonsense"]) == 1
    assert main(["archive", "status"]) == 0
    assert "5 events" in capsys.readouterr().out
    noted = [json.loads(line) for line in (tmp_path / "data" / "audit.jsonl").read_text().splitlines()]
    assert [(line["what"], line["about"]) for line in noted] == [
        ("export", "3 events, 0 pictures and 0 clips"), ("delete", "2 events"),
    ]  # fmt: skip


def test_what_cannot_be_opened_is_said_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="there is no archive"):
        Search(tmp_path)
    (tmp_path / FILE).write_bytes(b"this is no database at all" * 100)
    with pytest.raises(ArchiveError, match="cannot open"):
        Store(tmp_path, 0)


def test_all_of_a_kind_are_asked_for_without_their_words(folder: Path) -> None:
    assert found(folder, "alerts yesterday") == ["somebody stays too long"]
    assert found(folder, "were there any alarms 5 days ago?") == []
    assert found(folder, "which signs did you see") == [wording.sign("Größe 42")]
    assert found(folder, "alerts", Filter(kinds=("sign",))) == []


def test_an_incident_is_one_moment_however_often_it_is_told(tmp_path: Path) -> None:
    told = [("new", "door: a person enters", 10.0), ("update", "door: two people enter", 10.5), ("end", "over", 11.0)]
    with Store(tmp_path, at(1)) as store:
        store.add(
            [
                replace(record(text, 1, "door", "alert", hour), name="a1", more={"phase": phase, "rule": "door"})
                for phase, text, hour in told
            ]
        )
    assert found(tmp_path, "alerts about a person at the door yesterday") == ["door: a person enters"]
    assert found(tmp_path, "alerts yesterday") == ["door: a person enters"]


def test_an_alert_is_of_the_camera_that_it_rests_on() -> None:
    def kept(text: str, *evidence: str) -> tuple[str, str]:
        told = record_of(Alert(0, "a1", "night", "alarm", "new", text, evidence), 0, lambda name: None)
        assert told is not None
        return told.source, told.text

    assert kept("front door: a person enters", "front-door/v1", "yard/v2") == ("front-door", "night: a person enters")
    assert kept("over: front door: a person enters", "front-door/v1") == ("front-door", "night: over: a person enters")
    assert kept("nobody came for an hour") == ("night", "night: nobody came for an hour")


def test_an_archive_of_the_first_version_is_read_and_written(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / FILE) as db:
        for statement in schema._TABLES.split(";\n"):
            db.execute(statement)
        db.execute("INSERT INTO sources VALUES(1, 'door')")
        db.execute("INSERT INTO texts VALUES(1, ?, 'a dog appears', NULL)", (text_hash("a dog appears"),))
        db.execute("INSERT INTO words(rowid, text) VALUES(1, 'a dog appears')")
        db.execute(
            "INSERT INTO events VALUES(1, 1, 'object', 1, ?, ?, 1, 'door/v1', '', 1.0, NULL, NULL)", (at(1), at(1))
        )
        db.execute("PRAGMA user_version=1")
    db.close()
    assert found(tmp_path, "dog") == ["a dog appears"]
    with Store(tmp_path, 0) as store:
        store.add([record("a cat appears", 1)])
        assert store.db.execute("PRAGMA user_version").fetchone() == (schema.VERSION,)
    assert len(found(tmp_path, "cat or dog")) == 2
