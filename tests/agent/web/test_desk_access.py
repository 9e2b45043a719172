"""Who gets in and who does not: users, roles, log-ins, and everything that somebody may send who should not."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from agent.access import users
from agent.access.logins import Brake, Logins
from agent.access.roles import ROLES, Who, needed, needed_by
from agent.access.users import UserBook, UsersError
from agent.cli import main
from agent.config import data_folder
from agent.web.access import COOKIE, ServerError, WebOptions, check_options
from dialog.events import Alert, Ask, Interrupt, Tell
from streams.types import NS
from streams.webrtc.client import Caller, Publisher
from tests.agent.web.deskrig import PASSWORD, PEOPLE, DeskRig, audit_of, desk_rig
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


def session(**options: Any) -> aiohttp.ClientSession:
    return aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True), **options)  # cookies of an IP address too


async def status(response: Any) -> int:
    async with response as answer:
        body = (await answer.read()).decode("utf-8", "replace")
        if answer.status >= 400:
            assert body.count("\n") <= 1 and len(body) < 500, body  # one line, no traceback
        return int(answer.status)


async def log_in(http: aiohttp.ClientSession, rig: DeskRig, name: str, password: str = PASSWORD) -> int:
    return await status(http.post(f"{rig.url}/api/login", json={"name": name, "password": password}))


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


async def test_guessing_is_slowed_down(tmp_path: Path) -> None:
    async with desk_rig(tmp_path, {"vera": "view"}) as rig, session() as http:
        answers = [await log_in(http, rig, "vera", f"wrong password {n}") for n in range(8)]
        assert answers == [401] * 5 + [429] * 3
        async with http.post(f"{rig.url}/api/login", json={"name": "vera", "password": PASSWORD}) as answer:
            assert answer.status == 429 and int(answer.headers["Retry-After"]) >= 1
        assert [what for _, what in audit_of(rig)] == ["log-in refused"] * 5
        answers = await asyncio.gather(*(log_in(http, rig, "x", "wrong password") for _ in range(20)))
        assert set(answers) == {429}  # many at once are no way around it


def test_the_brake_lets_go_and_forgets() -> None:
    now = [0]
    brake = Brake(lambda: now[0])
    for _ in range(6):
        brake.failed("1.2.3.4")
    assert brake.wait_s("1.2.3.4") == 2 and brake.wait_s("5.6.7.8") == 0
    now[0] = 2 * NS
    assert brake.wait_s("1.2.3.4") == 0
    for _ in range(100):
        brake.failed("1.2.3.4")
    assert brake.wait_s("1.2.3.4") == 60
    brake.succeeded("1.2.3.4")
    assert brake.wait_s("1.2.3.4") == 0
    for n in range(10_000):
        brake.failed(str(n))
    assert len(brake._wrong) <= 4096


def test_log_ins_end_and_are_bounded() -> None:
    now = [0]
    logins = Logins(lambda: now[0])
    secret = logins.open(Who("vera", "view"), "stamp")
    found = logins.who(secret, lambda name: "stamp")
    assert found is not None and found.name == "vera" and secret not in repr(logins._sessions)
    assert logins.who(secret, lambda name: "changed") is None and logins.who(secret, lambda name: "stamp") is None
    secret = logins.open(Who("vera", "view"), "stamp")
    now[0] = 13 * 3600 * NS
    assert logins.who(secret, lambda name: "stamp") is None
    for _ in range(1500):
        logins.open(Who("vera", "view"), "stamp")
    assert len(logins) == 1000


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("/api/desk/picture/../../../../etc/passwd", 404),
        ("/api/desk/picture/..%2f..%2f..%2fetc%2fpasswd", 404),
        ("/api/desk/picture/1%00", 404),
        ("/api/desk/picture/-1", 404),
        ("/api/desk/picture/1e3", 404),
        ("/api/desk/picture/%EF%BC%91", 404),  # a full-width one
        ("/api/desk/picture/99999999999999999999999", 404),
        ("/api/desk/picture/1;DROP TABLE events", 404),
        ("/api/desk/still/../../archive/archive.sqlite", 404),
        ("/api/desk/still/..%2f..%2farchive%2farchive.sqlite", 404),
        ("/api/desk/still/%2fetc%2fpasswd", 404),
        ("/static/..%2f..%2f..%2fconfig.toml", 404),
        ("/static/../../config.py", 404),
        ("/static/desk/%2e%2e/%2e%2e/%2e%2e/access.py", 404),
        ("/api/picture/../../../etc/passwd", 404),
        ("/api/desk/evidence?id=../../../etc/passwd", 200),
        ("/api/desk/evidence?id=gate/archive1' OR 1=1 --", 200),
        ("/api/desk/timeline?camera=gate'%20OR%20'1'='1", 200),
        ("/api/desk/incidents?camera=%25", 200),
        ("/api/desk/incidents?before=-1", 400),
        ("/api/desk/incidents?limit=1e9", 400),
        ("/api/desk/incidents?before=99999999999999999999", 400),
        ("/api/desk/incidents?severity=x", 400),
        ("/api/desk/timeline?camera=gate&day=yesterday", 400),
        ("/api/desk/timeline?camera=gate&day=0001-01-01", 400),
        ("/api/desk/timeline?camera=gate&kind=x", 400),
        ("/api/desk/timeline?camera=" + "x" * 300, 400),
        ("/api/desk/search?q=" + "x" * 1001, 400),
        ("/api/desk/search?q=van&from=tomorrow", 400),
        ("/api/desk/search?q=van&from=0001-01-01&to=9999-12-31", 400),
        ('/api/desk/search?q=" NEAR(a b) OR *', 200),
        ("/api/desk/summary?day=9999-12-31", 400),
        ("/api/desk/export?words=%22%20OR%20%22", 200),
    ],
)
async def test_paths_and_queries_that_try_to_get_elsewhere(tmp_path: Path, path: str, wanted: int) -> None:
    async with desk_rig(tmp_path) as rig:
        await rig.see("a person enters from the left")
        await rig.kept()
        reader, writer = await asyncio.open_connection("127.0.0.1", rig.server.port)
        sent = path.replace(" ", "%20").replace('"', "%22")  # as it stands: a client would tidy up the path
        writer.write(f"GET {sent} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
        async with asyncio.timeout(60):
            answer = (await reader.read()).decode("utf-8", "replace")
        writer.close()
        head, _, body = answer.partition("\r\n\r\n")
        assert head.split()[1] == str(wanted), answer[:500]
        assert "root:" not in body and "SQLite format" not in body and "import annotations" not in body
        if "OR%20'1" in path or "OR%201=1" in path:
            assert json.loads(body)["moments"] == []
        if "camera=%25" in path:
            assert json.loads(body)["incidents"] == []


@pytest.mark.parametrize(
    ("path", "body", "wanted"),
    [
        ("rules", b"{", 400),
        ("rules", b"[]", 400),
        ("rules", b"[" * 50_000, 400),
        ("rules", b'"' + b"x" * 70_000 + b'"', 413),
        ("rules", b"\xff\xfe", 400),
        ("rules", b'{"command": "shell", "rule": {"name": "x"}}', 400),
        ("rules", b'{"command": "add", "rule": 3}', 400),
        ("rules", b'{"command": "add", "rule": {"name": "../x", "words": "a"}}', 422),
        (
            "rules",
            b'{"command": "add", "rule": {"name": "x", "zone": [[2, 2], [0, 0], [1, 1]], "objects": "car"}}',
            422,
        ),
        ("rules", b'{"command": "add", "rule": {"name": "x", "__class__": "y"}}', 422),
        ("rules", b'{"command": "add", "rule": {"name": "x", "dwell_s": NaN, "objects": "car"}}', 422),
        ("delete", b"{}", 400),
        ("delete", b'{"camera": 3}', 400),
        ("delete", b'{"camera": "gate", "kinds": ["x"]}', 400),
        ("delete", b'{"camera": "gate", "expected": true}', 400),
        ("delete", b'{"camera": "gate", "expected": 99}', 409),
        ("delete", b'{"from": "never"}', 400),
        ("incidents/1/shell", b"{}", 404),
        ("incidents/999/acknowledge", b"{}", 404),
        ("incidents/x/acknowledge", b"{}", 404),
        ("incidents/1%2e%2e/acknowledge", b"{}", 404),
    ],
)
async def test_bodies_that_are_wrong_or_too_much(tmp_path: Path, path: str, body: bytes, wanted: int) -> None:
    async with desk_rig(tmp_path) as rig, session() as http:
        await rig.see("a van enters from the left")
        await rig.kept()
        url = aiohttp.client.URL(f"{rig.url}/api/desk/{path}", encoded=True)
        assert await status(http.post(url, data=body, headers=JSON)) == wanted
        assert await status(http.post(url, data=body, headers={"Content-Type": "text/plain"})) in (415, 404, 400, 413)
        assert await status(http.get(f"{rig.url}/api/desk/me")) == 200


async def test_a_page_of_another_site_can_do_nothing(tmp_path: Path) -> None:
    async with desk_rig(tmp_path) as rig, session() as http:
        for headers in ({"Origin": "http://evil.example"}, {"Host": "evil.example"}, {"Origin": "null"}):
            assert await status(http.get(f"{rig.url}/api/desk/me", headers=headers)) == 403
            assert await status(http.post(f"{rig.url}/api/login", json={}, headers=headers)) == 403
        async with http.get(f"{rig.url}/desk") as answer:
            assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]


def test_what_is_named_nowhere_needs_the_highest_role() -> None:
    assert needed("POST", "/api/desk/something/new") == "administer" and needed("DELETE", "/x") == "administer"
    assert needed("GET", "/x") == "view" and needed("POST", None) == "view"
    assert needed("HEAD", "/healthz") is None
    assert needed_by(Tell("other", "list")) == "administer" and needed_by(Tell("alerts", "add")) == "administer"
    assert needed_by(Ask("x")) == "view" and needed_by(Interrupt()) == "operate"
    assert [Who("x", role).may("operate") for role in ROLES] == [False, True, True]


def test_users_are_kept_without_their_secrets(tmp_path: Path) -> None:
    path = tmp_path / "some" / "users.json"
    users.add(path, "anna", "view", PASSWORD)
    token = users.add(path, "robot", "view", None)
    raw = path.read_text()
    assert PASSWORD not in raw and token not in raw and "$argon2id$" in raw
    assert path.stat().st_mode & 0o777 == 0o600
    book = UserBook(path)
    assert book.check("anna", PASSWORD) is not None and book.check("anna", PASSWORD + "x") is None
    assert book.check("nobody", PASSWORD) is None and book.check("robot", "") is None
    found = book.by_token(token)
    assert found is not None and found.name == "robot" and book.by_token("") is None
    wrong = [(name, PASSWORD) for name in ("../x", "", "local", "token", "x" * 65, "a b")]
    for name, password in (*wrong, ("a", "short"), ("a", "aaaaaaaaaaaa"), ("annabella", "annabella-annabella")):
        with pytest.raises(UsersError):
            users.add(path, name, "view", password)
    with pytest.raises(UsersError):
        users.remove(path, "nobody")


def test_beyond_loopback_users_are_enough(tmp_path: Path) -> None:
    path = tmp_path / "users.json"
    with pytest.raises(ServerError, match="heed users add"):
        check_options(WebOptions(host="0.0.0.0", users=path))
    users.add(path, "anna", "view", PASSWORD)
    check_options(WebOptions(host="0.0.0.0", users=path))


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    import io

    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))
    assert main(["users", "add", "anna", "--role", "operate"]) == 0
    assert main(["users", "add", "prometheus", "--token"]) == 0
    out = capsys.readouterr().out
    assert PASSWORD not in out and "heed_" in out
    assert main(["users", "role", "anna", "view"]) == 0 and main(["users", "list", "--json"]) == 0
    listed = [json.loads(line) for line in capsys.readouterr().out.splitlines()[1:]]
    assert listed == [
        {"name": "anna", "role": "view", "by": ["password"], "cameras": []},
        {"name": "prometheus", "role": "view", "by": ["token"], "cameras": []},
    ]
    assert main(["users", "remove", "anna"]) == 0 and main(["users", "remove", "anna"]) == 1
    assert main(["users", "log", "--json"]) == 0
    told = capsys.readouterr()
    assert "there is no user 'anna'" in told.err
    assert [json.loads(line)["what"] for line in told.out.splitlines()[1:]] == [
        "user added", "user added", "role changed", "user removed",
    ]  # fmt: skip
    monkeypatch.setattr("sys.stdin", io.StringIO("short\n"))
    assert main(["users", "add", "ben"]) == 1 and "10 to" in capsys.readouterr().err
