"""The interface of the desk: what it tells and what it changes, with a real archive and the real alerts plugin."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from agent.archive.records import Record, wall_ns
from agent.archive.store import Store
from agent.desk.pulse import Pulse
from agent.desk.reading import Reading, Wanted
from agent.desk.stills import Stills
from dialog.events import Alert
from streams.types import NS, Health, VideoFrame
from tests.agent.web.deskrig import DeskRig, audit_of, desk_rig, scene
from tests.streams.sources.waiting import until

SAID = 'a voice says: "There is a fire in the kitchen."'


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEED_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("HEED_CACHE", str(tmp_path / "no models"))


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[DeskRig]:
    async with desk_rig(tmp_path) as rig:
        yield rig


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


class Asks:
    """Short for requests to the desk."""

    def __init__(self, http: aiohttp.ClientSession, rig: DeskRig) -> None:
        self._http, self._url = http, f"{rig.url}/api/desk"

    async def get(self, path: str, **query: str) -> Any:
        async with self._http.get(f"{self._url}/{path}", params=query) as answer:
            assert answer.status == 200, await answer.text()
            return await answer.json() if answer.content_type == "application/json" else await answer.read()

    async def post(self, path: str, body: dict[str, Any], wanted: int = 200) -> Any:
        async with self._http.post(f"{self._url}/{path}", json=body) as answer:
            assert answer.status == wanted, await answer.text()
            return await answer.json() if wanted == 200 else await answer.text()


@pytest.fixture
def asks(http: aiohttp.ClientSession, rig: DeskRig) -> Asks:
    return Asks(http, rig)


async def raised(rig: DeskRig, n: int) -> None:
    """Wait until so many incidents are in the archive."""
    assert rig.desk.parts.folder is not None
    await until(lambda: len(rig.board.hosts) > 0 and f"{n} alerts" in rig.board.hosts["alerts"].status)
    await rig.kept()


async def test_an_incident_with_its_evidence_is_acknowledged_and_judged(rig: DeskRig, asks: Asks) -> None:
    await rig.see("a person enters from the left")
    await rig.see(SAID, "kitchen", "speech")
    await raised(rig, 2)
    found = (await asks.get("incidents"))["incidents"]
    assert [(one["rule"], one["severity"], one["sources"]) for one in found] == [
        ("fire", "warning", ["kitchen"]), ("somebody", "alarm", ["gate"]),
    ]  # fmt: skip
    somebody = found[1]
    assert not somebody["ended"] and somebody["seen"] is None
    assert (await asks.get("cameras"))["unseen"] == 2
    one = await asks.get(f"incidents/{somebody['id']}")
    assert [(m["source"], m["text"], m["picture"]) for m in one["evidence"]] == [
        ("gate", "a person enters from the left", True)
    ]
    for path in (f"picture/{one['evidence'][0]['id']}", f"incidents/{somebody['id']}/picture"):
        assert (await asks.get(path)).startswith(b"\xff\xd8\xff")

    told = await asks.post(f"incidents/{somebody['id']}/acknowledge", {})
    assert told["incident"]["seen_by"] == "local" and told["incident"]["seen"]
    assert [one["rule"] for one in (await asks.get("incidents", open="1"))["incidents"]] == ["fire"]
    assert (await asks.get("cameras"))["unseen"] == 1
    told = await asks.post(f"incidents/{somebody['id']}/not_useful", {})
    assert told["line"] == "somebody at gate: raised less eagerly (1 times not useful)"
    assert "less eager: somebody@gate" in rig.board.hosts["alerts"].status
    told = await asks.post(f"incidents/{somebody['id']}/useful", {})
    assert told["line"] == "somebody at gate: raised as configured" and told["incident"]["verdict"] == "useful"
    assert audit_of(rig) == [("local", "acknowledge"), ("local", "not_useful"), ("local", "useful")]
    assert [one["rule"] for one in (await asks.get("incidents", severity="alarm"))["incidents"]] == ["somebody"]
    assert [one["rule"] for one in (await asks.get("incidents", camera="kitchen"))["incidents"]] == ["fire"]
    assert (await asks.get("incidents", camera="kit"))["incidents"] == []


async def test_an_incident_of_an_earlier_run_is_not_taken_for_one_of_now(tmp_path: Path) -> None:
    with Store(tmp_path / "archive", 0) as store:
        then_ns = wall_ns(datetime.now() - timedelta(days=1))
        more = {"rule": "somebody", "severity": "alarm", "phase": "new", "evidence": ["gate/v1"]}
        store.add([Record("object", "gate", then_ns, then_ns, "a dog enters", "gate/v1")])
        store.add([Record("alert", "somebody", then_ns, then_ns, "gate: of old", "somebody-1", more=more)])
    async with desk_rig(tmp_path) as rig, aiohttp.ClientSession() as session:
        asks = Asks(session, rig)
        seen = await rig.see("a cat enters from the left")
        # A plugin may use the same id again; that of the evidence is the same, too.
        rig.core.bus.publish(Alert(0, "somebody-1", "somebody", "alarm", "new", "gate: a person", (seen,)))
        await rig.kept()
        new, old = (await asks.get("incidents"))["incidents"]
        assert old["text"] == "gate: of old" and old["ended"] and not new["ended"]
        assert [m["text"] for m in (await asks.get(f"incidents/{old['id']}"))["evidence"]] == ["a dog enters"]
        told = await asks.post(f"incidents/{old['id']}/not_useful", {})
        assert "does not learn" in told["line"] and told["incident"]["verdict"] == "not_useful"
        assert "less eager" not in rig.board.hosts["alerts"].status
        assert (await asks.get(f"incidents/{new['id']}"))["verdict"] == ""


async def test_the_wall_shows_the_newest_picture_of_each_camera(rig: DeskRig, asks: Asks) -> None:
    rig.show("gate")
    rig.core.bus.publish(Health("camera:yard", "failed", "no connection", 0))
    cameras = {one["name"]: one for one in (await asks.get("cameras"))["cameras"]}
    assert set(cameras) == {"gate", "yard"} and not cameras["gate"]["live"]
    assert cameras["yard"]["age_s"] is None and cameras["yard"]["reason"] == "no connection"
    assert (await asks.get("still/gate")).startswith(b"\xff\xd8\xff")
    health = await asks.get("health")
    assert health["parts"][0]["component"] == "camera:yard" and health["plugins"][0]["name"] == "alerts"


async def test_a_day_of_a_camera_a_page_at_a_time(rig: DeskRig, asks: Asks) -> None:
    for n in range(7):
        await rig.see(f"a car enters number {n}")
    await rig.see("a car enters elsewhere", "yard")
    await rig.kept()
    page = await asks.get("timeline", camera="gate", limit="5")
    assert [m["text"][-1] for m in page["moments"]] == list("65432") and page["more"]
    assert sum(page["busy"]) == 7 and len(page["busy"]) == 96 and page["sources"] == ["gate", "yard"]
    rest = await asks.get("timeline", camera="gate", limit="5", before=str(page["moments"][-1]["id"]))
    assert [m["text"][-1] for m in rest["moments"]] == list("10") and not rest["more"]
    assert (await asks.get("timeline", camera="gate", kind="speech"))["moments"] == []
    assert (await asks.get("timeline", camera="gate", day="2020-01-01"))["moments"] == []


async def test_search_summary_and_what_an_answer_rests_on(rig: DeskRig, asks: Asks) -> None:
    van = await rig.see("a white van enters from the left")
    await rig.see("a person enters from the left", "yard")
    await rig.kept()
    found = (await asks.get("search", q="when did the van come"))["moments"]
    assert found[0]["text"] == "a white van enters from the left" and found[0]["picture"]
    assert (await asks.get("search", q="van", camera="yard"))["moments"] == []
    recalled = f"gate/archive{found[0]['id']}"
    asked = await asks.get(f"evidence?id={van}&id={recalled}&id=gate/v99&id=yard/archive{found[0]['id']}")
    assert [(m["for"], m["text"]) for m in asked["moments"]] == [
        (van, "a white van enters from the left"), (recalled, "a white van enters from the left"),
    ]  # fmt: skip
    assert "1 white van entered" in (await asks.get("summary"))["text"]


async def test_rules_are_made_changed_and_removed(rig: DeskRig, asks: Asks) -> None:
    rule = {"name": "car park", "objects": "car", "zone": "0.1,0.2 0.9,0.2 0.5,0.8", "dwell_s": "60"}
    assert "added car park" in (await asks.post("rules", {"command": "add", "rule": rule}))["line"]
    kept = {one["name"]: one for one in (await asks.get("rules"))["rules"]}
    assert kept["car park"]["zone"] == [[0.1, 0.2], [0.9, 0.2], [0.5, 0.8]] and kept["car park"]["dwell_s"] == 60
    counted = {"name": "car park", "objects": "car", "count_at_least": 3}
    await asks.post("rules", {"command": "change", "rule": counted})
    await asks.post("rules", {"command": "change", "rule": {"name": "car park", "zone": "", "count_at_least": ""}})
    kept = {one["name"]: one for one in (await asks.get("rules"))["rules"]}
    assert kept["car park"]["zone"] == [] and kept["car park"]["count_at_least"] is None
    assert "there is a rule" in await asks.post("rules", {"command": "add", "rule": rule}, 422)
    await asks.post("rules", {"command": "remove", "rule": {"name": "car park"}})
    assert [one["name"] for one in (await asks.get("rules"))["rules"]] == ["somebody", "fire"]
    assert [what for _, what in audit_of(rig)] == [
        "rule add", "rule change", "rule change", "rule add refused", "rule remove",
    ]  # fmt: skip


async def test_a_part_is_exported_and_deleted_and_what_comes_after_is_kept(rig: DeskRig, asks: Asks) -> None:
    for n in range(3):
        await rig.see(f"Ottilie enters number {n}", "bathroom")
    await rig.see("a car enters from the left")
    await rig.kept()
    lines = (await asks.get("export", camera="bathroom")).decode().splitlines()
    assert [json.loads(line)["text"][-1] for line in lines] == list("012")
    assert (await asks.post("delete", {"camera": "bathroom"}))["found"] == 3
    assert "look again" in await asks.post("delete", {"camera": "bathroom", "expected": 4}, 409)
    assert (await asks.post("delete", {"camera": "bathroom", "expected": 3}))["deleted"] == 3
    assert (await asks.get("timeline", camera="bathroom"))["moments"] == []
    assert rig.desk.parts.folder is not None
    assert not any(b"Ottilie" in f.read_bytes() for f in rig.desk.parts.folder.rglob("*") if f.is_file())
    # The agent goes on to write to a camera whose all was deleted beside it.
    await rig.see("a person enters from the left", "bathroom")
    await rig.kept()
    moments = (await asks.get("timeline", camera="bathroom"))["moments"]
    assert [one["kind"] for one in moments] == ["alert", "object"]  # what an alert rests on is there, and the alert
    audit = (await asks.get("audit"))["lines"]
    assert [line["what"] for line in audit] == ["delete", "delete", "export"]
    assert "3 events: bathroom" in audit[0]["about"]


async def test_without_an_archive_it_says_so_and_the_wall_works(tmp_path: Path) -> None:
    async with desk_rig(tmp_path, archive=False) as rig, aiohttp.ClientSession() as http:
        rig.show("gate")
        asks = Asks(http, rig)
        assert not (await asks.get("me"))["archive"]
        assert len((await asks.get("cameras"))["cameras"]) == 2
        for path in ("incidents", "timeline?camera=gate", "search?q=x", "export", "picture/1"):
            async with http.get(f"{rig.url}/api/desk/{path}") as answer:
                assert answer.status == 503 and "[archive] enabled = true" in await answer.text(), path


async def test_what_cannot_be_written_down_is_not_done(rig: DeskRig, asks: Asks, tmp_path: Path) -> None:
    await rig.see("a car enters from the left")
    await rig.kept()
    rig.desk.parts.audit.path.mkdir(parents=True)  # as a disk that refuses
    body = {"camera": "gate", "expected": 1}
    assert "not deleted" in await asks.post("delete", body, 503)
    assert len((await asks.get("timeline", camera="gate"))["moments"]) == 1


def test_pictures_are_made_as_often_as_somebody_looks() -> None:
    stills, rgb = Stills(), scene("gate", 1)

    def at(seconds: float) -> None:
        stills.on_frame(VideoFrame("gate", round(seconds * NS), rgb), ())

    for n in range(100):
        at(n / 10)
    still = stills.get("gate", 10 * NS)
    assert still is not None and still.t_ns == 0 and stills.seen_ns() == {"gate": round(9.9 * NS)}
    at(10)
    still = stills.get("gate", 10 * NS)
    assert still is not None and still.t_ns == 10 * NS
    assert stills.get("nobody", 0) is None
    for n in range(300):
        stills.on_frame(VideoFrame(f"camera {n}", 0, rgb[:8, :8]), ())
    assert len(stills.seen_ns()) <= 256


def test_the_pulse_keeps_the_last_word_of_each_and_the_worst_first() -> None:
    pulse = Pulse()
    pulse.on_event(Health("camera:gate", "failed", "black"))
    pulse.on_event(Health("decoder:gate", "ok", "fine"))
    pulse.on_event(Alert(0, "a", "b", "info", "new", "c", ()))
    assert [h.component for h in pulse.all()] == ["camera:gate", "decoder:gate"]
    found = pulse.of("gate")
    assert found is not None and found.reason == "black" and pulse.of("yard") is None
    pulse.on_event(Health("camera:gate", "ok", "back"))
    found = pulse.of("gate")
    assert found is not None and found.state == "ok"
    for n in range(1000):
        pulse.on_event(Health(f"camera:{n}", "ok", ""))
    assert len(pulse.all()) == 512


async def test_no_page_of_a_list_reads_the_whole_archive(rig: DeskRig) -> None:
    """By SQLite's own account of how it finds what is asked for."""
    reading = Reading(rig.desk.parts.folder or Path())
    asked: list[str] = []
    reading._db.set_trace_callback(asked.append)
    reading.incidents(Wanted(severity="alarm", source="gate", open_only=True, before=5))
    reading.unseen()
    reading.named(["gate/v1", "gate/archive1"], 1, 10 * NS)
    reading.timeline("gate", (0, NS), (), Wanted(before=1))
    reading.busy("gate", (0, NS), 96)
    reading.sources()
    reading._db.set_trace_callback(None)
    assert len(asked) >= 7
    for query in asked:
        plan = [row[3] for row in reading._db.execute(f"EXPLAIN QUERY PLAN {query}")]
        scans = [step for step in plan if step.startswith("SCAN e") and "desk_" not in step]
        assert not scans, (query, plan)
    reading.close()
