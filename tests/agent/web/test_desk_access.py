"""Who gets in and who does not: users, roles, log-ins, and everything that somebody may send who should not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from agent.access import users
from agent.access.logins import Brake
from agent.access.users import UsersError
from agent.config import data_folder
from agent.web.access import COOKIE
from dialog.events import Alert
from streams.webrtc.client import Caller, Publisher
from tests.agent.web.deskrig import PASSWORD, PEOPLE, DeskRig, audit_of, desk_rig, log_in, session, status
from tests.streams.sources.waiting import until
from tests.webrtc_link import pictures, sound, tone

JSON = {"Content-Type": "application/json"}
VIEWED = (
    "me", "cameras", "incidents", "incidents/1", "timeline?camera=gate", "search?q=van", "summary",
    "evidence?id=gate/v1", "picture/1", "health", "rules", "still/gate",
)  # fmt: skip


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HEED_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("HEED_CACHE", str(tmp_path / "no models"))
    return tmp_path


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[DeskRig]:
    async with desk_rig(tmp_path, PEOPLE, token="the configured token") as rig:
        await rig.see("a person enters from the left")
        await rig.kept()
        yield rig


async def test_nobody_sees_anything_without_saying_who_they_are(rig: DeskRig) -> None:
    async with session() as http:
        for path in VIEWED:
            assert await status(http.get(f"{rig.url}/api/desk/{path}")) == 401, path
        for path in ("metrics", "api/ice", "api/picture/gate/v1", "api/plugins", "api/plugins/alerts/rules.json"):
            assert await status(http.get(f"{rig.url}/{path}")) == 401, path
        for path in ("rules", "delete", "incidents/1/acknowledge"):
            assert await status(http.post(f"{rig.url}/api/desk/{path}", json={})) == 401, path
        for path in ("", "desk", "healthz", "static/desk.css", "static/desk/main.js"):
            assert await status(http.get(f"{rig.url}/{path}")) == 200, path
        for headers in ({"Authorization": "Bearer "}, {"Authorization": "Basic x"}, {"Cookie": f"{COOKIE}=guess"}):
            assert await status(http.get(f"{rig.url}/api/desk/me", headers=headers)) == 401


async def test_each_role_may_what_it_may_and_no_more(rig: DeskRig) -> None:
    incident = {"view": 403, "operate": 200, "administer": 200}
    for name, role in PEOPLE.items():
        async with session() as http:
            assert await log_in(http, rig, name) == 200
            url = f"{rig.url}/api/desk"
            async with http.get(f"{url}/incidents") as answer:
                found = (await answer.json())["incidents"]
            assert [one["rule"] for one in found] == ["somebody"]
            one = f"{url}/incidents/{found[0]['id']}"
            assert await status(http.post(f"{one}/acknowledge", json={})) == incident[role]
            assert await status(http.post(f"{one}/not_useful", json={})) == incident[role]
            highest = 200 if role == "administer" else 403
            for path in ("audit", "export?camera=gate"):
                assert await status(http.get(f"{url}/{path}")) == highest, (role, path)
            assert await status(http.post(f"{url}/delete", json={"camera": "nowhere"})) == highest
            rule = {"command": "add", "rule": {"name": f"by {name}", "words": "help"}}
            assert await status(http.post(f"{url}/rules", json=rule)) == highest
            for path in ("/api/call", "/whip/cam"):  # who may, sends no offer here
                sdp = {"Content-Type": "application/sdp"}
                assert await status(http.post(f"{rig.url}{path}", data="x", headers=sdp)) == (
                    403 if role == "view" else 400
                )
            unknown = await status(http.post(f"{rig.url}/api/desk/me", json={}))
            assert unknown == 405
    assert {("otto", "acknowledge"), ("ada", "rule add"), ("ada", "export")} <= set(audit_of(rig))
    assert not {who for who, what in audit_of(rig) if what not in ("logged in", "log-in refused")} & {"vera"}


async def test_over_a_socket_a_role_is_a_role_too(rig: DeskRig) -> None:
    async with session() as http:
        await log_in(http, rig, "vera")
        async with http.ws_connect(f"{rig.url}/api/events") as socket:
            for command in ("add", "remove", "not_useful", "suspend"):
                await socket.send_json({"type": "plugin", "plugin": "alerts", "command": command, "name": "fire"})
                assert "vera may view" in (await until_type(socket, "error"))["reason"]
            await socket.send_json({"type": "interrupt"})
            assert "operate" in (await until_type(socket, "error"))["reason"]
            await socket.send_json({"type": "plugin", "plugin": "alerts", "command": "list"})
            assert "fire" in (await until_type(socket, "plugin"))["text"]
        origin = {"Origin": "http://evil.example"}
        with pytest.raises(aiohttp.WSServerHandshakeError) as caught:
            await http.ws_connect(f"{rig.url}/api/events", headers=origin)
        assert caught.value.status == 403
    async with session() as http, http.ws_connect(f"{rig.url}/api/events") as socket:
        await socket.send_json({"type": "auth", "token": "guess"})
        await until_type(socket, "error")
        message = await socket.receive()
        assert (message.type, message.data) == (aiohttp.WSMsgType.CLOSE, 4401)


async def test_who_sees_one_camera_sees_nothing_of_another(tmp_path: Path) -> None:
    async with desk_rig(tmp_path, PEOPLE) as rig, session() as http:
        users.add(data_folder() / users.FILE, "guest", "operate", PASSWORD, ["yard"])
        for camera in ("gate", "yard"):
            await rig.see("a person enters from the left", camera)
            await rig.see(f'the sign says "{camera}"', camera, "sign")
            await rig.see('a voice says: "fire"', camera, "speech")
        # As if a rule were called like the camera: what it raised is not the camera's.
        rig.core.bus.publish(Alert(0, "yard-1", "yard", "alarm", "new", "gate: a person", ("gate/v1",)))
        rig.core.bus.publish(Alert(0, "x-1", "x", "alarm", "new", "yard: a person", ("yard/v4",)))
        await until(lambda: "alerts" in rig.board.hosts["alerts"].status)
        await rig.kept()
        async with session() as all_seeing:
            await log_in(all_seeing, rig, "otto")
            moments = [await got(all_seeing, rig, f"timeline?camera={camera}") for camera in ("gate", "yard")]
            theirs = [m["id"] for m in moments[0]["moments"]]
            own = [m["id"] for m in moments[1]["moments"] if m["kind"] != "alert"]
            incidents = (await got(all_seeing, rig, "incidents"))["incidents"]
        await log_in(http, rig, "guest")
        url = f"{rig.url}/api/desk"
        assert [one["name"] for one in (await got(http, rig, "cameras"))["cameras"]] == ["yard"]
        assert await status(http.get(f"{url}/still/yard")) == 200
        assert await status(http.get(f"{url}/still/gate")) == 404
        assert await status(http.get(f"{url}/picture/{own[0]}")) == 200
        assert [await status(http.get(f"{url}/picture/{number}")) for number in theirs] == [404] * len(theirs)
        assert await status(http.get(f"{url}/timeline?camera=gate")) == 404
        found = await got(http, rig, "timeline?camera=yard")
        assert found["sources"] == ["yard"] and [m["id"] for m in found["moments"]] == own
        assert await status(http.get(f"{url}/search?q=sign&camera=gate")) == 404
        for question in ("sign", "person", "gate", "", "alerts today"):
            found = (await got(http, rig, f"search?q={question}"))["moments"]
            assert {m["source"] for m in found} <= {"yard"} and "alert" not in {m["kind"] for m in found}, question
        for kind in ("alert", "reply", "health"):
            assert await status(http.get(f"{url}/timeline?camera=yard&kind={kind}")) == 403
        assert (await got(http, rig, f"evidence?id=gate/v1&id=gate/archive{theirs[0]}"))["moments"] == []
        visible = (await got(http, rig, "incidents"))["incidents"]
        assert all(one["sources"] == ["yard"] for one in visible) and 0 < len(visible) < len(incidents)
        for one in incidents:
            wanted = 200 if one["sources"] == ["yard"] else 404
            assert await status(http.get(f"{url}/incidents/{one['id']}")) == wanted
            assert await status(http.get(f"{url}/incidents/{one['id']}/picture")) == wanted
            assert await status(http.post(f"{url}/incidents/{one['id']}/acknowledge", json={})) == wanted
        sdp = {"Content-Type": "application/sdp"}
        for path in ("whep/gate", "whip/gate", "api/call"):
            assert await status(http.post(f"{rig.url}/{path}", data="x", headers=sdp)) == 403, path
        closed = ("summary", "health", "rules", "../picture/gate/v1", "../plugins", "../../metrics", "audit", "export",
                  "../plugins/alerts/alerts.json", "../plugins/alerts/snapshots/somebody-1")  # fmt: skip
        for path in closed:
            assert await status(http.get(f"{url}/{path}")) == 403, path
        async with http.ws_connect(f"{rig.url}/api/events") as socket:
            await until_type(socket, "error")
            message = await socket.receive()
            assert (message.type, message.data) == (aiohttp.WSMsgType.CLOSE, 4403)
    with pytest.raises(UsersError, match="sees all cameras"):
        users.add(data_folder() / users.FILE, "guest", "administer", PASSWORD, ["yard"])
    with pytest.raises(UsersError, match="sees all cameras"):
        users.change_role(data_folder() / users.FILE, "guest", "administer")


async def got(http: aiohttp.ClientSession, rig: DeskRig, path: str) -> Any:
    async with http.get(f"{rig.url}/api/desk/{path}") as answer:
        assert answer.status == 200, (path, await answer.text())
        return await answer.json()


async def until_type(socket: aiohttp.ClientWebSocketResponse, kind: str) -> dict[str, Any]:
    async with asyncio.timeout(60):
        while (line := await socket.receive_json())["type"] != kind:
            pass
    found: dict[str, Any] = line
    return found


async def test_a_log_in_is_a_cookie_that_no_script_reads_and_no_other_site_sends(rig: DeskRig) -> None:
    async with session() as http:
        async with http.post(f"{rig.url}/api/login", json={"name": "vera", "password": PASSWORD}) as answer:
            cookie = answer.cookies[COOKIE]
            assert cookie["httponly"] and cookie["samesite"] == "Strict" and cookie["path"] == "/"
            assert not cookie["secure"] and (await answer.json()) == {"name": "vera", "role": "view"}
        login, proxy = {"name": "vera", "password": PASSWORD}, {"X-Forwarded-Proto": "https"}
        async with http.post(f"{rig.url}/api/login", json=login, headers=proxy) as answer:
            assert answer.cookies[COOKIE]["secure"]
    async with session() as http:
        await log_in(http, rig, "vera")
        assert await status(http.get(f"{rig.url}/api/desk/me")) == 200
        secret = http.cookie_jar.filter_cookies(aiohttp.client.URL(rig.url))[COOKIE].value
        assert await status(http.post(f"{rig.url}/api/logout")) == 204
        again = {"Cookie": f"{COOKIE}={secret}"}  # kept by whoever had copied it
        assert await status(http.get(f"{rig.url}/api/desk/me", headers=again)) == 401
    async with session() as http:
        assert await status(http.post(f"{rig.url}/api/login", json={"token": "the configured token"})) == 200
        async with http.get(f"{rig.url}/api/desk/me") as answer:
            assert (await answer.json())["role"] == "administer"


async def test_who_is_removed_or_changed_is_out_at_once(rig: DeskRig) -> None:
    path = data_folder() / users.FILE
    token = users.add(path, "robot", "operate", None)
    async with session() as http, session(headers={"Authorization": f"Bearer {token}"}) as robot:
        await log_in(http, rig, "otto")
        async with http.ws_connect(f"{rig.url}/api/events") as socket:
            assert await status(robot.get(f"{rig.url}/api/desk/me")) == 200
            users.add(path, "otto", "operate", "another long password")
            users.remove(path, "robot")
            await rig.see("a car enters from the left")
            while (message := await socket.receive()).type is aiohttp.WSMsgType.TEXT:
                assert "a car" not in message.data
            assert (message.type, message.data) == (aiohttp.WSMsgType.CLOSE, 4401)
        assert await status(http.get(f"{rig.url}/api/desk/me")) == 401
        assert await status(robot.get(f"{rig.url}/api/desk/me")) == 401
    async with session() as http:
        await log_in(http, rig, "ada")
        async with http.ws_connect(f"{rig.url}/api/events") as socket:
            users.change_role(path, "ada", "view")  # and nothing happens that would be told
            await socket.send_json({"type": "plugin", "plugin": "alerts", "command": "remove", "name": "fire"})
            message = await socket.receive()
            assert (message.type, message.data) == (aiohttp.WSMsgType.CLOSE, 4401)
        assert b"fire" in await rig.desk.rules()
    async with session() as http:
        assert await log_in(http, rig, "otto") == 401
        assert await log_in(http, rig, "otto", "another long password") == 200
        users.change_role(path, "otto", "view")
        assert await status(http.get(f"{rig.url}/api/desk/me")) == 401


async def test_in_a_call_a_role_is_a_role_too(rig: DeskRig) -> None:
    token = users.add(data_folder() / users.FILE, "caller", "operate", None)
    async with Caller(rig.url, token, audio=sound(tone(60)), name="caller") as call:
        for command in ("remove", "not_useful"):
            await call.send({"type": "plugin", "plugin": "alerts", "command": command, "name": "fire", "id": "x"})
        told: list[str] = []
        async with asyncio.timeout(60):
            async for line in call.events():
                told += [str(line.get("reason") or line.get("text"))] if line["type"] in ("error", "plugin") else []
                if len(told) == 2:
                    break
        assert told[0] == "caller may operate; this needs the role to administer"
        assert told[1] == "there was no alert 'x' lately"
    assert b"fire" in await rig.desk.rules()


async def test_who_is_removed_is_hung_up_on(rig: DeskRig) -> None:
    path, peers = data_folder() / users.FILE, rig.server.metrics.peers.labels("publish")._value
    token = users.add(path, "camera", "operate", None)
    async with Publisher(rig.url, "door", token, video=pictures(100_000, 10)):
        await until(lambda: peers.get() == 1)
        users.add(path, "somebody-else", "view", PASSWORD)
        users.remove(path, "camera")
        await until(lambda: peers.get() == 0)


async def test_a_damaged_file_of_users_lets_nobody_in(tmp_path: Path) -> None:
    async with desk_rig(tmp_path, PEOPLE) as rig, session() as http:
        path = data_folder() / users.FILE
        await log_in(http, rig, "ada")
        for damage in ("", "{}", "[]", '{"users": [{"name": "x"}]}', '{"users": [{"name": "x", "role": "god"}]}'):
            path.write_text(damage)
            assert await status(http.get(f"{rig.url}/api/desk/me")) == 503
            assert await log_in(http, rig, "ada") in (429, 503)
        path.unlink()  # all users gone is not: no users, all may
        assert await status(http.get(f"{rig.url}/api/desk/me")) == 401


async def test_guessing_is_slowed_down(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # However long this machine takes to check a password: for the brake no time passes.
    monkeypatch.setattr("agent.web.login.Brake", lambda now_ns, *free: Brake(lambda: 0, *free))
    async with desk_rig(tmp_path, {"vera": "view"}) as rig, session() as http:
        answers = [await log_in(http, rig, "vera", f"wrong password {n}") for n in range(8)]
        assert answers == [401] * 5 + [429] * 3
        async with http.post(f"{rig.url}/api/login", json={"name": "vera", "password": PASSWORD}) as answer:
            assert answer.status == 429 and int(answer.headers["Retry-After"]) >= 1
        assert [what for _, what in audit_of(rig)] == ["log-in refused"] * 5
        answers = await asyncio.gather(*(log_in(http, rig, "x", "wrong password") for _ in range(20)))
        assert set(answers) == {429}  # many at once are no way around it
