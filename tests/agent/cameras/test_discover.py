"""Cameras of a go2rtc or a Frigate: real HTTP servers that answer as those document it, and as they never should."""

from __future__ import annotations

import asyncio
import json
import os
import tomllib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import BasicAuth, web

from agent.cameras.config import CamerasConfig, SourceConfig
from agent.cameras.discover import MAX_ANSWER_BYTES, discover
from agent.cameras.running import add, in_numbers
from agent.cameras.write import MASKS_NOTE, block, write
from agent.cli import main
from agent.config import load_config
from agent.tables import ConfigError
from agent.web.access import WebOptions
from agent.web.server import WebServer
from streams.area import Zone
from streams.errors import HeedError, SourceError
from tests.agent.cameras.test_station import Rig, recordings, rig, served
from tests.streams.sources.waiting import until

__all__ = ["recordings"]

GO2RTC: dict[str, Any] = {
    "gate": {
        "producers": [{"url": "rtsp://admin:hunter2@10.0.0.7:554/live?token=hunter2"}],
        "consumers": None,
    },
    "yard": {
        "producers": [
            {"url": "ffmpeg:rtsp://admin:hunter2@10.0.0.8/s#video=h264"},
            {"type": "RTSP active producer", "remote_addr": "10.0.0.8:554", "medias": ["video, recvonly, H264"]},
        ],
        "consumers": [{"type": "MSE client"}],
    },
    "busy": None,
    "shop/main cam": {"producers": [{"url": "exec:ffmpeg -i /dev/video0 {output}"}], "consumers": []},
}
FRIGATE: dict[str, Any] = {
    "mqtt": {"host": "mqtt", "user": "u"},
    "go2rtc": {"streams": {"gate": ["rtsp://*:*@10.0.0.7/live"], "gate_sub": ["rtsp://*:*@10.0.0.7/sub"], "hall": []}},
    "cameras": {
        "gate": {
            "enabled": True,
            "ffmpeg": {
                "inputs": [
                    {"path": "rtsp://127.0.0.1:8554/gate", "roles": ["record"]},
                    {"path": "rtsp://127.0.0.1:8554/gate_sub?video", "roles": ["detect", "audio"]},
                ]
            },
            "detect": {"enabled": True, "width": 1280, "height": 720, "fps": 5},
            "zones": {
                "drive": {"coordinates": "0.1,0.2,0.9,0.2,0.5,1.001", "color": [1, 2, 3]},
                "old": {"coordinates": ["0,0", "640,0", "640,360"]},
                "bad": {"coordinates": "0.1,0.2"},
            },
            "motion": {"mask": "0,0,0.5,0,0.5,0.1"},
        },
        "hall": {
            "ffmpeg": {"inputs": [{"path": "rtsp://*:*@10.0.0.9/live", "roles": ["detect"]}]},
            "detect": {"width": 640, "height": 360, "fps": 0},
            "motion": {"mask": {"m1": {"coordinates": "0,0,1,0,1,0.1", "enabled": True}, "m2": {"enabled": False}}},
        },
        "far": {"ffmpeg": {"inputs": [{"path": "rtsp://*:*@10.0.0.10/secret?x=hunter2", "roles": ["detect"]}]}},
        "off": {"enabled": False},
    },
}


@asynccontextmanager
async def answering(routes: dict[str, Any], path: str = "") -> AsyncIterator[tuple[str, list[str]]]:
    """An HTTP server on loopback; its address, and what it was asked. A route is JSON, or a handler."""
    asked: list[str] = []

    @web.middleware
    async def note(request: web.Request, handler: Any) -> Any:
        asked.append(request.path)
        return await handler(request)

    app = web.Application(middlewares=[note])
    for route, told in routes.items():
        app.router.add_get(path + route, told if callable(told) else _json(told))
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}{path}", asked
    finally:
        await runner.cleanup()


def _json(told: Any) -> Callable[[web.Request], Any]:
    async def handler(request: web.Request) -> web.Response:
        return web.json_response(told)

    return handler


async def test_streams_of_a_go2rtc() -> None:
    async with answering({"/api/streams": GO2RTC}) as (url, asked):
        answer = await discover(url, 8555)
    assert asked == ["/api/streams"], "the file behind /api/config, which has passwords in it, is not asked for"
    assert answer.kind == "go2rtc" and not answer.left_out
    assert [(one.source, one.about) for one in answer.found] == [
        (SourceConfig("gate", "rtsp://127.0.0.1:8555/gate"), "from rtsp://10.0.0.7"),
        (SourceConfig("yard", "rtsp://127.0.0.1:8555/yard"), "from ffmpeg"),
        (SourceConfig("busy", "rtsp://127.0.0.1:8555/busy"), ""),
        (SourceConfig("shop-main-cam", "rtsp://127.0.0.1:8555/shop%2Fmain%20cam"), "from exec"),
    ]


async def test_cameras_of_a_frigate_with_zones_and_masks() -> None:
    async with answering({"/api/config": FRIGATE}) as (url, _):
        answer = await discover(url)
    gate, hall = answer.found
    assert answer.kind == "Frigate"
    assert gate.source == SourceConfig(
        "gate",
        "rtsp://127.0.0.1:8554/gate_sub",  # what it detects on
        max_fps=5,
        masks=(((0, 0), (0.5, 0), (0.5, 0.1)),),
        zones=(
            Zone("drive", ((0.1, 0.2), (0.9, 0.2), (0.5, 1.0))),
            Zone("old", ((0, 0), (0.5, 0), (0.5, 0.5))),  # in pixels, as Frigate 0.13 had it
        ),
    )
    assert gate.about == "1280x720, 5 a second, zones: drive, old, masks: 1"
    assert hall.source == SourceConfig("hall", "rtsp://127.0.0.1:8554/hall", masks=(((0, 0), (1, 0), (1, 0.1)),))
    left_out = dict(answer.left_out)
    assert left_out["gate, zone bad"] == "it needs 3 to 64 points"
    assert left_out["far"].endswith("Frigate takes it from rtsp://10.0.0.10")
    assert left_out["off"] == "it is switched off in Frigate"
    assert "hunter2" not in str(answer)


async def test_a_log_in_is_used_and_asked_for() -> None:
    async def guarded(request: web.Request) -> web.Response:
        right = BasicAuth("me", "p@ss").encode()
        return web.json_response(GO2RTC if request.headers.get("Authorization") == right else None, status=(
            200 if request.headers.get("Authorization") == right else 401
        ))  # fmt: skip

    async with answering({"/api/streams": guarded}, "/base") as (url, _):
        with pytest.raises(SourceError, match="wants a log-in") as caught:
            await discover(url.replace("http://", "http://me:wrong@"))
        assert "wrong" not in str(caught.value)
        answer = await discover(url.replace("http://", "http://me:p%40ss@"))
    assert len(answer.found) == 4 and "p@ss" not in str(answer) and "p%40ss" not in str(answer)


async def test_no_other_host_is_ever_contacted() -> None:
    async with answering({"/api/streams": GO2RTC, "/api/config": FRIGATE}) as (other, asked):
        told = json.loads(json.dumps(FRIGATE).replace("10.0.0.7", other.removeprefix("http://")))
        told["go2rtc"]["streams"][other] = [other]
        told["cameras"]["x"] = {"ffmpeg": {"inputs": [{"path": f"{other}/api/streams", "roles": ["detect"]}]}}
        async with answering({"/api/config": told}) as (url, _):
            answer = await discover(url)
        assert {one.source.url.split("/")[2] for one in answer.found} == {"127.0.0.1:8554"}

        async def elsewhere(request: web.Request) -> web.Response:
            raise web.HTTPFound(f"{other}/api/streams")

        async with answering({"/api/streams": elsewhere}) as (url, _):
            with pytest.raises(SourceError, match="does not follow"):
                await discover(url)
    assert asked == []


def _streams(**more: Any) -> dict[str, Any]:
    return {"/api/streams": {"gate": {"producers": []}, **more}}


@pytest.mark.parametrize(
    "name", ["", "x" * 65, "a\nurl = 'file:///etc/passwd'", "\x1b[2J", "../../etc", "\ud800", "Tür"]
)
async def test_names_of_streams_are_not_believed(name: str, tmp_path: Path) -> None:
    raw = json.dumps({name: {"producers": []}})

    async def handler(request: web.Request) -> web.Response:
        return web.Response(body=raw.encode(), content_type="application/json")

    async with answering({"/api/streams": handler}) as (url, _):
        answer = await discover(url)
    assert len(answer.found) + len(answer.left_out) == 1
    for one in answer.found:
        assert one.source.url.startswith("rtsp://127.0.0.1:8554/") and one.source.url.isprintable()
        write(tmp_path / "config.toml", [one.source])
        assert load_config(tmp_path / "config.toml", {}).sources == (one.source,)


DETECT = ("width", "height", "fps")
HOSTILE: list[Any] = [
    {"cameras": {"x": value}}
    for value in (None, 7, [], "x", {"ffmpeg": 1}, {"ffmpeg": {"inputs": [7, {"path": "rtsp://[", "roles": []}]}})
] + [
    {
        "go2rtc": {"streams": {"x": None}},
        "cameras": {"x": {"zones": zones, "motion": {"mask": mask}, "detect": dict.fromkeys(DETECT, size)}},
    }
    for zones, mask, size in [
        ({"z": {"coordinates": "1e999,2,nan,4,5,6"}}, ["0,0,1,0"], 1e308),
        ({"z": {"coordinates": [[0, 0], [1, 1]]}, "y": 4}, 7, -1),
        ({"\n": {"coordinates": "0,0,1,0,1,1"}}, {"m": None}, "wide"),
        ({"z": {"coordinates": "0," * 5000}}, ["x"] * 500, True),
        ({str(n): {"coordinates": "0,0,1,0,1,1"} for n in range(500)}, ["0,0,1,0,1,1"] * 500, 10**400),
        ({"z": {"coordinates": "200,0,300,0,300,100"}}, {"coordinates": "x"}, None),
        ([], [[]], {}),
    ]
]  # fmt: skip


@pytest.mark.parametrize("told", HOSTILE)
async def test_a_hostile_configuration_does_no_harm(told: Any) -> None:
    async with answering({"/api/config": told}) as (url, _):
        answer = await discover(url)
    for one in answer.found:
        tomllib.loads(block(one.source))
    assert len(answer.found) + len(answer.left_out) >= 1


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"[" * 100_000, "neither a go2rtc nor a Frigate"),
        (b'{"a":' * 100_000, "neither a go2rtc nor a Frigate"),
        (b"streams:\n  gate: rtsp://u:p@host\n", "neither a go2rtc nor a Frigate"),
        (b'{"error": "no"}', "neither a go2rtc nor a Frigate"),
        (b'{"a": ' + b"9" * 10_000 + b"}", "neither a go2rtc nor a Frigate"),
        (b"\xff\xfe", "neither a go2rtc nor a Frigate"),
        (b"", "neither a go2rtc nor a Frigate"),
        (b" " * (MAX_ANSWER_BYTES + 1), "more than"),
    ],
)
async def test_an_answer_that_is_none(body: bytes, reason: str) -> None:
    async def handler(request: web.Request) -> web.Response:
        return web.Response(body=body)

    async with answering({"/api/streams": handler, "/api/config": handler}) as (url, _):
        with pytest.raises(SourceError, match=reason):
            await discover(url)


async def test_a_packed_answer_is_not_unpacked_and_one_that_drips_is_not_waited_for() -> None:
    async def packed(request: web.Request) -> web.Response:
        return web.Response(body=b"\x1f\x8b", headers={"Content-Encoding": "gzip"})

    async with answering({"/api/streams": packed}) as (url, _):
        with pytest.raises(SourceError, match="neither a go2rtc"):
            await discover(url)
    ended = asyncio.Event()

    async def drips(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse()
        await answer.prepare(request)
        await answer.write(b"{")
        await ended.wait()
        return answer

    async with answering({"/api/streams": drips}) as (url, _):
        with pytest.raises(SourceError, match="in time"):
            await discover(url, timeout_s=0.2)
        ended.set()
    with pytest.raises(SourceError, match="cannot be asked"):
        await discover(url)


@pytest.mark.parametrize(
    "url", ["ftp://host", "file:///etc/passwd", "host:1984", "http://", "http://a b", "rtsp://host"]
)
async def test_an_address_that_cannot_be(url: str) -> None:
    with pytest.raises(SourceError):
        await discover(url)


async def test_what_was_found_is_written_and_watched(recordings: dict[str, Path], tmp_path: Path) -> None:
    """As a new user does it: the command, the file, the station; over real RTSP."""
    path = tmp_path / "config.toml"
    path.write_text('# mine\n[agent]\nnode = "shop"\n\n[[sources]]\nname = "old"\nurl = "rtsp://10.0.0.1/x"')
    path.chmod(0o640)
    streams = {name: {"producers": []} for name in ("moving", "still", "old")}
    async with rig() as r, served(recordings) as server, answering({"/api/streams": streams}) as (url, _):
        options = [url, "--rtsp-port", str(server.port), "--config", str(path)]
        command = ["cameras", "discover", *options, "--write", "--only", "moving"]
        assert await asyncio.to_thread(main, command) == 0
        text = path.read_text()
        assert text.startswith("# mine\n") and path.stat().st_mode & 0o777 == 0o640
        config = load_config(path, {})
        assert [source.name for source in config.sources] == ["old", "moving"]
        assert await asyncio.to_thread(main, ["cameras", "discover", *options, "--write"]) == 0
        assert [source.name for source in load_config(path, {}).sources] == ["old", "moving", "still"]
        assert await asyncio.to_thread(main, ["cameras", "discover", *options, "--write", "--json"]) == 0
        assert await asyncio.to_thread(main, ["cameras", "discover", *options, "--only", "nobody"]) == 1
        r.station.watch(config.sources[1])
        await until(lambda: r.eyes.of("moving"))
    assert os.listdir(tmp_path) == ["config.toml"]


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    square = ((0.0, 0.0), (1.0, 0.0), (1.0, 0.3333))
    sources = (
        SourceConfig("a", "rtsp://[::1]:8554/a", max_fps=2.5, masks=(square, square)),
        SourceConfig("b", "rtsp://h/b", zones=(Zone('the "gate" \\ Tür', square), Zone("x", square))),
    )
    write(tmp_path / "new.toml", sources)
    assert load_config(tmp_path / "new.toml", {}).sources == sources
    assert MASKS_NOTE in (tmp_path / "new.toml").read_text()


@pytest.mark.parametrize(
    ("before", "reason"),
    [
        ("sources = []\n", "would not be right any more"),
        ("[agent\n", "would not be right any more"),
        ('[[sources]]\nname = "a"\nurl = "x"\n', "two entries of the same name"),
    ],
)
def test_a_file_that_cannot_take_them_stays_as_it_was(before: str, reason: str, tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(before)
    with pytest.raises(ConfigError, match=reason) as caught:
        write(path, [SourceConfig("a", "rtsp://h/a")])
    assert "\n" not in str(caught.value) and ".heed-" not in str(caught.value)
    assert path.read_text() == before and [p.name for p in tmp_path.iterdir()] == ["config.toml"]


def test_a_file_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(HeedError, match="cannot write"):
        write(tmp_path / "none" / "config.toml", [SourceConfig("a", "rtsp://h/a")])
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(HeedError, match="it is no text"):
        write(tmp_path / "binary", [SourceConfig("a", "rtsp://h/a")])


@asynccontextmanager
async def _running(r: Rig, token: str | None = None) -> AsyncIterator[str]:
    """A heed's server that passes commands on to the station."""
    options = WebOptions(port=0, token=token)
    r.core.tell = r.station.telling(r.core.tell)
    async with WebServer(options, r.core.bus, r.live.attend, r.core.clock) as server:
        server.shows = r.live.shows
        yield server.url


async def test_what_was_found_is_added_to_a_running_heed(
    recordings: dict[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "config.toml"
    path.write_text('[web]\ntoken = "a long secret"\n')
    streams = {name: {"producers": []} for name in ("moving", "still")}
    networks = CamerasConfig(networks=("127.0.0.0/8",))
    async with (
        rig(cameras=networks) as r,
        served(recordings) as server,
        answering({"/api/streams": streams}) as (url, _),
        _running(r, "a long secret") as heed,
    ):
        typed = url.replace("127.0.0.1", "localhost")
        command = ["cameras", "discover", typed, "--rtsp-port", str(server.port), "--config", str(path)]
        assert await asyncio.to_thread(main, [*command, "--add", "--url", heed, "--only", "moving"]) == 0
        assert list(r.station.sources) == ["moving"], capsys.readouterr()
        await until(lambda: r.eyes.of("moving"))
        assert await asyncio.to_thread(main, [*command, "--add", "--url", heed]) == 1
        out = capsys.readouterr().out
        assert "refused: a source 'moving' is watched already" in out and "added: still is watched" in out
        (tmp_path / "other.toml").write_text("")
        command[-1] = str(tmp_path / "other.toml")
        assert await asyncio.to_thread(main, [*command, "--add", "--url", heed]) == 1
        assert "a token is needed" in capsys.readouterr().err
    assert await asyncio.to_thread(main, ["cameras", "discover", "http://x", "--add", "--url", "ftp://x"]) == 1
    assert "--url must begin with" in capsys.readouterr().err
    with pytest.raises(SourceError, match="is `heed run` on"):
        await add(heed, "", [SourceConfig("a", "rtsp://127.0.0.1/a")])


def test_hosts_in_numbers() -> None:
    assert in_numbers("10.0.0.5") == "10.0.0.5" and in_numbers("localhost") in ("127.0.0.1", "::1")
    with pytest.raises(SourceError, match="has no address"):
        in_numbers("no.such.host.invalid")
