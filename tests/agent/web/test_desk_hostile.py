"""Paths, queries, bodies and pages of other sites that try to get out of the desk what they should not."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import aiohttp
import pytest

from tests.agent.web.deskrig import desk_rig, session, status

JSON = {"Content-Type": "application/json"}


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HEED_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("HEED_CACHE", str(tmp_path / "no models"))
    return tmp_path


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
