"""Back-up beside a running agent, and restoring; a file of a back-up is not trusted."""

from __future__ import annotations

import io
import json
import sqlite3
import tarfile
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from agent.archive.asked import Filter
from agent.archive.backup import MANIFEST, back_up, restore
from agent.archive.keeper import Keeper, KeeperOptions
from agent.archive.records import Clip, Record, wall_ns
from agent.archive.schema import FILE, ArchiveError
from agent.archive.search import Search
from agent.archive.store import Store
from agent.cli import main
from streams.clock import ManualClock
from streams.types import NS

START = wall_ns(datetime(2026, 11, 23, 9, 0))


def told(n: int, picture: bytes | None = None) -> Record:
    at = START + n * NS
    return Record("alert", "rule", at, at, f"thing {n} passes", f"a{n}", picture=picture)


def fill(folder: Path, events: int = 20) -> None:
    with Store(folder, START) as store:
        store.add([told(n, b"\xff\xd8 %d" % n if n % 5 == 0 else None) for n in range(events)])
        store.add_clip(Clip("gate", ("a1",), START, START, b"film"))


def moments(folder: Path) -> list[tuple[str, bool, bool]]:
    with Search(folder) as search:
        return [
            (m.text, bool(m.picture) and (folder / m.picture).is_file(), bool(m.clip) and (folder / m.clip).is_file())
            for m in search.moments(Filter())
        ]


def test_there_and_back(tmp_path: Path) -> None:
    fill(tmp_path / "a")
    copied = back_up(tmp_path / "a", tmp_path / "b.tar")
    assert (copied.events, copied.files) == (20, 5)
    again, aside = restore(tmp_path / "b.tar", tmp_path / "c")
    assert again.events == 20 and again.files == 5 and aside is None
    assert moments(tmp_path / "c") == moments(tmp_path / "a")
    with Search(tmp_path / "c") as search:
        assert search.find("when did thing 7 pass", datetime(2026, 11, 23, 18))[0].text == "thing 7 passes"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a", "b.tar", "c"]


def test_what_is_written_meanwhile_disturbs_nothing(tmp_path: Path) -> None:
    fill(tmp_path / "a", 3000)
    stop, wrote = threading.Event(), [3000]

    def write() -> None:
        with Store(tmp_path / "a", START) as store:
            while not stop.is_set():
                store.add([told(wrote[0], b"\xff\xd8 more")])
                wrote[0] += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        copied = back_up(tmp_path / "a", tmp_path / "b.tar")
    finally:
        stop.set()
        writer.join()
    assert 3000 <= copied.events <= wrote[0]
    restore(tmp_path / "b.tar", tmp_path / "c")
    found = moments(tmp_path / "c")
    assert [text for text, _, _ in found] == [f"thing {n} passes" for n in range(copied.events)]
    assert all(picture for _, picture, _ in found[3000:])


async def test_a_running_agent_keeps_its_archive_to_itself(tmp_path: Path) -> None:
    fill(tmp_path / "a")
    back_up(tmp_path / "a", tmp_path / "b.tar")
    options = KeeperOptions(tmp_path / "a")
    async with Keeper(options, ManualClock(datetime(2026, 11, 23)), lambda event: None):
        with pytest.raises(ArchiveError, match="another heed"):
            restore(tmp_path / "b.tar", tmp_path / "a", replace=True)
        with pytest.raises(ArchiveError, match="another heed"):
            async with Keeper(options, ManualClock(datetime(2026, 11, 23)), lambda event: None):
                pass
    async with Keeper(options, ManualClock(datetime(2026, 11, 23)), lambda event: None):
        pass


def test_an_archive_that_is_there_is_put_aside_on_request_alone(tmp_path: Path) -> None:
    fill(tmp_path / "a")
    back_up(tmp_path / "a", tmp_path / "b.tar")
    fill(tmp_path / "a", 3)
    with pytest.raises(ArchiveError, match="--replace"):
        restore(tmp_path / "b.tar", tmp_path / "a")
    _, aside = restore(tmp_path / "b.tar", tmp_path / "a", replace=True)
    assert aside is not None and len(moments(aside)) == 23 and len(moments(tmp_path / "a")) == 20


def member(
    name: str, data: bytes = b"", kind: bytes = tarfile.REGTYPE, link: str = ""
) -> Callable[[tarfile.TarFile], None]:
    def add(tar: tarfile.TarFile) -> None:
        info = tarfile.TarInfo(name)
        info.size, info.type, info.linkname = len(data), kind, link
        tar.addfile(info, io.BytesIO(data))

    return add


HEAD = member(MANIFEST, json.dumps({"format": 1}).encode())


@pytest.mark.parametrize(
    ("members", "reason"),
    [
        ([], "no back-up|read"),
        ([member("other", b"x")], "no back-up"),
        ([member(MANIFEST, b"[]")], "no back-up"),
        ([member(MANIFEST, b'{"format": 99}')], "newer heed"),
        ([HEAD], "no database"),
        ([HEAD, member(FILE, b"no database" * 500)], "cannot open|damaged"),
        ([HEAD, member("../evil", b"x")], "none of it"),
        ([HEAD, member("/etc/evil", b"x")], "none of it"),
        ([HEAD, member("pictures/2026-11-23/../../../x.jpg", b"x")], "none of it"),
        ([HEAD, member("pictures/2026-11-23/gate/run.sh", b"x")], "none of it"),
        ([HEAD, member("pictures/2026-11-23/gate/a.jpg", kind=tarfile.SYMTYPE, link="/etc/passwd")], "none of it"),
        ([HEAD, member("pictures", kind=tarfile.SYMTYPE, link="/tmp")], "none of it"),
    ],
)
def test_a_back_up_that_is_none(tmp_path: Path, members: list[Callable[[tarfile.TarFile], None]], reason: str) -> None:
    with tarfile.open(tmp_path / "b.tar", "w") as tar:
        for add in members:
            add(tar)
    with pytest.raises(ArchiveError, match=reason):
        restore(tmp_path / "b.tar", tmp_path / "a")
    assert not (tmp_path / "a" / FILE).exists() and not (tmp_path / "evil").exists()
    assert {p.name for p in tmp_path.iterdir()} <= {"a", "b.tar"}


def test_a_database_that_names_files_elsewhere_deletes_nothing(tmp_path: Path) -> None:
    fill(tmp_path / "a")
    precious = tmp_path / "precious.txt"
    precious.write_text("mine")
    with sqlite3.connect(tmp_path / "a" / FILE) as db:
        db.execute("UPDATE pictures SET path=? WHERE id=1", (str(precious),))
        db.execute("UPDATE pictures SET path='pictures/../../precious.txt' WHERE id=2")
    db.close()
    with tarfile.open(tmp_path / "b.tar", "w") as tar:
        HEAD(tar)
        tar.add(tmp_path / "a" / FILE, FILE)
    restore(tmp_path / "b.tar", tmp_path / "c")
    with Store(tmp_path / "c", 0) as store:
        assert store.db.execute("SELECT count(*) FROM pictures").fetchone() == (0,)
    with sqlite3.connect(tmp_path / "a" / FILE) as db:
        db.execute("CREATE TRIGGER t AFTER INSERT ON events BEGIN DELETE FROM events; END")
    db.close()
    with tarfile.open(tmp_path / "b.tar", "w") as tar:
        HEAD(tar)
        tar.add(tmp_path / "a" / FILE, FILE)
    with pytest.raises(ArchiveError, match="not one that heed made"):
        restore(tmp_path / "b.tar", tmp_path / "d")
    assert precious.read_text() == "mine"


def test_the_commands(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HEED_ARCHIVE_FOLDER", str(tmp_path / "a"))
    assert main(["archive", "backup", "b.tar"]) == 1 and "there is no archive" in capsys.readouterr().err
    fill(tmp_path / "a")
    assert main(["archive", "backup", "b.tar"]) == 0 and "20 events, 5 pictures" in capsys.readouterr().out
    assert main(["archive", "restore", "b.tar"]) == 1 and "--replace" in capsys.readouterr().err
    assert main(["archive", "restore", "b.tar", "--replace"]) == 0 and "a-before-1" in capsys.readouterr().out
    assert main(["archive", "backup", "no/such/folder/b.tar"]) == 1
    assert main(["archive", "restore", "missing.tar", "--replace"]) == 1
    assert len(moments(tmp_path / "a")) == 20
