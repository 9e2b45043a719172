"""The server over real HTTP, with real peers."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import numpy as np
import pytest
from aiortc import RTCConfiguration, RTCPeerConnection

from agent.bus import Bus
from agent.web.access import ServerError, WebOptions
from agent.web.relay import relay
from agent.web.server import WebServer
from dialog.events import Ask, Caption, Interrupt, Mute, Perceived
from streams.channel import Channel
from streams.clock import MonotonicClock
from streams.errors import MediaError, SourceError
from streams.sink import Speech
from streams.types import NS, SAMPLE_RATE_HZ, AudioChunk, Percept, VideoFrame
from streams.webrtc.client import Caller, Publisher
from streams.webrtc.ice import IceServer
from streams.webrtc.peer import HUNG_UP, Peer, PeerOptions
from tests.webrtc_link import pictures, sound, tone, until

TOKEN = "a long secret"
SDP = {"Content-Type": "application/sdp"}


class Agent:
    """What the integrator supplies: takes everything in, relays events and commands."""

    def __init__(self) -> None:
        self.bus = Bus()
        self.clock = MonotonicClock()
        self.peers: list[Peer] = []
        self.gone: list[str] = []
        self.chunks: list[AudioChunk] = []
        self.frames: list[VideoFrame] = []

    async def on_peer(self, peer: Peer) -> None:
        self.peers.append(peer)
        async with asyncio.TaskGroup() as group:
            group.create_task(self._hear(peer))
            group.create_task(self._see(peer))
            group.create_task(relay(self.bus, peer))
        self.gone.append(peer.name)

    async def _hear(self, peer: Peer) -> None:
        async for chunk in peer.audio:
            self.chunks.append(chunk)

    async def _see(self, peer: Peer) -> None:
        async for frame in peer.video:
            self.frames.append(frame)

    def server(self, **options: Any) -> WebServer:
        return WebServer(WebOptions(port=0, **options), self.bus, self.on_peer, self.clock)


@pytest.fixture
def agent() -> Agent:
    return Agent()


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


async def _offer(kinds: tuple[str, ...] = ("audio",), direction: str = "sendonly") -> str:
    pc = RTCPeerConnection(RTCConfiguration(iceServers=[]))
    for kind in kinds:
        pc.addTransceiver(kind, direction)
    await pc.setLocalDescription(await pc.createOffer())
    await pc.close()
    return pc.localDescription.sdp


async def _line(response: aiohttp.ClientResponse) -> str:
    text = await response.text()
    assert text.endswith("\n") and text.count("\n") == 1 and len(text) < 400
    return text


async def test_a_whole_call(agent: Agent) -> None:
    async with agent.server() as server:
        async with Caller(server.url, audio=sound(tone(0.5)), video=pictures(1000, 10), name="ann") as caller:
            await until(lambda: len(agent.chunks) > 50 and len(agent.frames) > 3, "sound and pictures arrive")
            assert {c.source for c in agent.chunks} == {"ann"} == {f.source for f in agent.frames}
            loud = np.abs(np.concatenate([c.samples for c in agent.chunks])) > 0.1
            assert 0.3 < loud.sum() / SAMPLE_RATE_HZ < 0.6
            peer = agent.peers[0]
            peer.speech.play(Speech(1, "hello", tone(0.5), SAMPLE_RATE_HZ))
            await until(lambda: caller.heard_s() > 0.4, "the reply is heard")
            assert caller.heard_s() < 0.7

            await caller.send({"type": "text", "text": "Who is there?"})
            async with asyncio.timeout(30):
                assert await agent.bus.commands.get() == Ask("Who is there?", "ann")
            percept = Percept("ann/v1", "object", "ann", NS, NS, "a person enters from the left")
            agent.bus.publish(Perceived(2 * NS, percept))
            await caller.send({"type": "dance"})
            lines: dict[str, dict[str, Any]] = {}
            async with asyncio.timeout(30):
                async for value in caller.events():
                    lines[value["type"]] = value
                    if {"percept", "error"} <= lines.keys():
                        break
            assert lines["percept"]["text"] == percept.text and lines["percept"]["t"] == 2
            assert "unknown command type 'dance'" in lines["error"]["reason"]
        await until(lambda: agent.gone == ["ann"], "the agent lets go after the caller hung up")
        assert peer.reason == HUNG_UP


async def test_whip_publisher_and_its_location(agent: Agent, http: aiohttp.ClientSession) -> None:
    async with agent.server() as server:
        async with Publisher(server.url, "front-door", video=pictures(1000, 10)):
            await until(lambda: len(agent.frames) > 2, "pictures arrive")
            assert agent.frames[0].source == "front-door" and agent.peers[0].role == "publish"
            assert not agent.peers[0].hears
        url = f"{server.url}/whip/door"
        async with http.post(url, data=await _offer(("audio", "video")), headers=SDP) as made:
            assert made.status == 201 and made.content_type == "application/sdp" and made.headers["ETag"]
            location = made.headers["Location"]
            assert location.startswith("/whip/door/") and "a=recvonly" in await made.text()
        async with http.patch(f"{server.url}{location}", data="x") as patched:
            assert patched.status == 405 and patched.headers["Allow"] == "DELETE"
        async with http.get(f"{server.url}{location}") as got:
            assert got.status == 405
        async with http.options(url) as options:
            assert options.status == 204 and options.headers["Accept-Post"] == "application/sdp"
        async with http.delete(f"{server.url}{location.replace('/door/', '/other/')}") as other:
            assert other.status == 404
        async with http.delete(f"{server.url}{location}") as ended:
            assert ended.status == 200
        await until(lambda: agent.gone == ["front-door", "door"], "the agent lets go")
        async with http.delete(f"{server.url}{location}") as again:
            assert again.status == 404


async def test_a_publisher_that_comes_back_replaces_itself(agent: Agent, http: aiohttp.ClientSession) -> None:
    async with agent.server(max_peers=1) as server:
        for _ in range(2):
            async with http.post(f"{server.url}/whip/door", data=await _offer(), headers=SDP) as made:
                assert made.status == 201
        assert agent.gone == ["door"] and "replaced" in agent.peers[0].reason


@pytest.mark.parametrize("path", ["/api/call", "/whip/door"])
async def test_wrong_offers(agent: Agent, http: aiohttp.ClientSession, path: str) -> None:
    async with agent.server() as server:
        cases: list[tuple[Any, dict[str, str], int, str]] = [
            ("{}", {"Content-Type": "application/json"}, 415, "Content-Type: application/sdp"),
            (b"\xff\xfe", SDP, 400, "not UTF-8"),
            ("", SDP, 400, "must begin with 'v=0'"),
            ("v=0\r\n", SDP, 400, "no media section"),
            ((await _offer()).replace("a=setup:actpass\r\n", ""), SDP, 400, "no DTLS fingerprint"),
            ("v=0\r\n" + "a" * 70_000, SDP, 413, "larger than 65536"),
        ]
        for body, headers, status, line in cases:
            async with http.post(server.url + path, data=body, headers=headers) as response:
                assert response.status == status
                assert line in await _line(response)
        assert agent.peers == []
        async with http.get(f"{server.url}/metrics") as metrics:
            page = await metrics.text()
        assert 'heed_refused_total{status="400"} 4.0' in page and 'heed_refused_total{status="413"} 1.0' in page


async def test_names_and_directions(agent: Agent, http: aiohttp.ClientSession) -> None:
    async with agent.server() as server:
        async with http.post(f"{server.url}/whip/a%20b", data=await _offer(), headers=SDP) as response:
            assert response.status == 400 and "letters, digits" in await _line(response)
        watch = await _offer(direction="recvonly")
        async with http.post(f"{server.url}/whip/door", data=watch, headers=SDP) as response:
            assert response.status == 400 and "publishes nothing" in await _line(response)
        for expected in ("call-1", "call-2"):
            async with http.post(f"{server.url}/api/call", data=await _offer(), headers=SDP) as response:
                assert response.status == 201
            assert agent.peers[-1].name == expected


async def test_full_server_and_room_after_a_hang_up(agent: Agent, http: aiohttp.ClientSession) -> None:
    async with agent.server(max_peers=1) as server:
        url = f"{server.url}/api/call"
        async with http.post(url, data=await _offer(), headers=SDP) as first:
            assert first.status == 201
        async with http.post(url, data=await _offer(), headers=SDP) as second:
            assert second.status == 503 and second.headers["Retry-After"]
            assert "all 1 places are taken" in await _line(second)
        async with http.delete(server.url + first.headers["Location"]) as ended:
            assert ended.status == 200
        await until(lambda: len(agent.gone) == 1, "the agent lets go")
        async with http.post(url, data=await _offer(), headers=SDP) as third:
            assert third.status == 201
        assert len(agent.peers) == 2


async def test_token_is_demanded_everywhere_but_for_page_and_health(agent: Agent, http: aiohttp.ClientSession) -> None:
    async with agent.server(token=TOKEN) as server:
        for method, path in (("POST", "/api/call"), ("POST", "/whip/a"), ("GET", "/metrics"), ("DELETE", "/whip/a/b")):
            async with http.request(method, server.url + path) as response:
                assert response.status == 401, path
                assert "bearer token" in await _line(response)
        for path in ("/", "/healthz", "/static/app.js"):
            async with http.get(server.url + path) as response:
                assert response.status == 200, path
        with pytest.raises(SourceError, match="answers 401"):
            async with Caller(server.url):
                pass
        async with Caller(server.url, token=TOKEN):
            pass


async def test_socket_token_as_header_query_or_first_message(agent: Agent, http: aiohttp.ClientSession) -> None:
    async with agent.server(token=TOKEN) as server:
        url = f"{server.url}/api/events"
        ask = {"type": "ask", "text": "hello"}
        for place in ("header", "query", "message"):
            headers = {"Authorization": f"Bearer {TOKEN}"} if place == "header" else {}
            query = {"token": TOKEN} if place == "query" else {}
            async with http.ws_connect(url, headers=headers, params=query) as socket:
                if place == "message":
                    await socket.send_json({"type": "auth", "token": TOKEN})
                await socket.send_json(ask)
                async with asyncio.timeout(30):
                    assert isinstance(await agent.bus.commands.get(), Ask)
        for first in (ask, {"type": "auth", "token": "guess"}, {"type": "auth", "token": 7}, "[]"):
            async with http.ws_connect(url) as socket:
                await socket.send_str(first if isinstance(first, str) else json.dumps(first))
                async with asyncio.timeout(30):
                    assert "token is needed" in (await socket.receive_json())["reason"]
                    assert (await socket.receive()).type is aiohttp.WSMsgType.CLOSE
                assert socket.close_code == 4401
        assert len(agent.bus.commands) == 0


async def test_socket_events_commands_and_errors(agent: Agent, http: aiohttp.ClientSession) -> None:
    async with agent.server() as server, http.ws_connect(f"{server.url}/api/events") as socket:
        for sent, taken in (
            ({"type": "text", "text": " Hi "}, Ask("Hi", "web-1")),
            ({"type": "interrupt"}, Interrupt("web-1")),
            ({"type": "mute", "on": True}, Mute(True, "web-1")),
        ):
            await socket.send_json(sent)
            async with asyncio.timeout(30):
                assert await agent.bus.commands.get() == taken
        for bad, reason in (("nonsense", "not JSON"), ("[]", "object is expected"), ('{"type": 1}', "unknown command")):
            await socket.send_str(bad)
            async with asyncio.timeout(30):
                value = await socket.receive_json()
            assert value["type"] == "error" and reason in value["reason"]
        await socket.send_bytes(b"x")
        assert "not bytes" in (await socket.receive_json())["reason"]
        agent.bus.publish(Caption(NS, 0, NS, "en", "hello there"))
        async with asyncio.timeout(30):
            assert (await socket.receive_json())["text"] == "hello there"


async def test_socket_refuses_floods_long_lines_and_too_many_listeners(
    agent: Agent, http: aiohttp.ClientSession
) -> None:
    async with agent.server(max_listeners=1) as server:
        url = f"{server.url}/api/events"
        async with http.ws_connect(url) as socket:
            async with http.get(url) as second:
                assert second.status == 503 and "listeners are taken" in await _line(second)
            for _ in range(100):
                await socket.send_str("{}")
            answers = [message async for message in socket]
            assert "too many messages" in answers[-1].json()["reason"] and len(answers) < 60
        async with http.ws_connect(url) as socket:
            await socket.send_str("x" * 70_000)
            async with asyncio.timeout(30):
                assert (await socket.receive()).type is aiohttp.WSMsgType.CLOSE
            assert socket.close_code == 1009


async def test_other_hosts_and_origins_are_refused(agent: Agent, http: aiohttp.ClientSession) -> None:
    async with agent.server() as server:
        async with http.get(server.url, headers={"Host": "evil.example"}) as response:
            assert response.status == 403 and "open http://localhost" in await _line(response)
        async with http.get(f"{server.url}/api/events", headers={"Origin": "http://evil.example"}) as response:
            assert response.status == 403 and "another site" in await _line(response)


async def test_page_is_whole_and_needs_nobody_else(agent: Agent, http: aiohttp.ClientSession) -> None:
    async with agent.server() as server:
        async with http.get(server.url) as response:
            page = await response.text()
            assert response.content_type == "text/html"
            assert "default-src 'self'" in response.headers["Content-Security-Policy"]
        parts = re.findall(r'(?:src|href)="(static/[^"]+)"', page)
        assert len(parts) == 2
        assert "http://" not in page.replace("xmlns='http://www.w3.org/2000/svg'", "") and "https://" not in page
        for part in parts:
            async with http.get(f"{server.url}/{part}") as response:
                assert response.status == 200, part
                text = await response.text()
                assert "http://" not in text and "innerHTML" not in text
        async with http.get(f"{server.url}/static/../server.py") as response:
            assert response.status == 404


async def test_ice_servers_for_the_page(agent: Agent, http: aiohttp.ClientSession) -> None:
    async with agent.server() as server, http.get(f"{server.url}/api/ice") as response:
        assert await response.json() == {"iceServers": []}
    servers = (IceServer(("stun:a",)), IceServer(("turn:b", "turns:b"), "heed", "secret"))
    options = WebOptions(port=0, token=TOKEN)
    peers = PeerOptions(ice_servers=servers)
    async with WebServer(options, agent.bus, agent.on_peer, agent.clock, None, peers) as server:
        async with http.get(f"{server.url}/api/ice") as response:
            assert response.status == 401
        async with http.get(f"{server.url}/api/ice", headers={"Authorization": f"Bearer {TOKEN}"}) as response:
            assert response.headers["Cache-Control"] == "no-store"
            assert (await response.json())["iceServers"] == [
                {"urls": ["stun:a"]},
                {"urls": ["turn:b", "turns:b"], "username": "heed", "credential": "secret"},
            ]


async def test_port_in_use_is_one_clear_line(agent: Agent) -> None:
    async with agent.server() as server:
        second = WebServer(WebOptions(port=server.port), agent.bus, agent.on_peer, agent.clock)
        with pytest.raises(ServerError, match=rf"127.0.0.1:{server.port} is in use.*set another") as caught:
            await second.__aenter__()
        assert "\n" not in str(caught.value)


async def test_metrics_and_health(agent: Agent, http: aiohttp.ClientSession) -> None:
    async with agent.server() as server:
        async with Caller(server.url):
            agent.bus.publish(Caption(0, 0, NS, "en", "one"))
            agent.bus.publish(Caption(0, 0, NS, "en", "two"))
            await until(lambda: len(agent.bus._listeners) > 1, "the peer listens")
            async with http.get(f"{server.url}/healthz") as response:
                assert await response.json() == {"status": "ok", "peers": 1}
            async with http.get(f"{server.url}/metrics") as response:
                page = await response.text()
            assert 'heed_events_total{type="caption"} 2.0' in page
            assert 'heed_peers{role="call"} 1.0' in page and 'heed_dropped_total{where="audio"} 0.0' in page
        await until(lambda: agent.gone != [], "the agent lets go")
        await until(lambda: 'heed_peers{role="call"} 0.0' in server.metrics.page().decode(), "the gauge goes down")


async def test_stopping_hangs_up_and_leaves_no_task(agent: Agent, http: aiohttp.ClientSession) -> None:
    tasks = asyncio.all_tasks()
    async with agent.server() as server:
        caller = await Caller(server.url).__aenter__()
        socket = await http.ws_connect(f"{server.url}/api/events")
    assert agent.peers[0].reason == "heed stops" and len(agent.gone) == 1
    async with asyncio.timeout(60):
        assert (await socket.receive()).type is aiohttp.WSMsgType.CLOSE
        await caller.over()
    await caller.__aexit__(None, None, None)
    await socket.close()
    await http.close()
    await until(lambda: asyncio.all_tasks() <= tasks, "all tasks are gone")


async def test_an_agent_that_refuses_a_peer_says_why(agent: Agent, http: aiohttp.ClientSession) -> None:
    async def refuse(peer: Peer) -> None:
        raise MediaError("no model for it")

    with agent.bus.listen("test") as events:
        async with WebServer(WebOptions(port=0), agent.bus, refuse, agent.clock) as server:
            async with http.post(f"{server.url}/api/call", data=await _offer(), headers=SDP) as response:
                assert response.status == 201
            reasons: list[str] = []
            async with asyncio.timeout(30):
                while "no model for it" not in reasons:
                    reasons.append((await events.get()).reason)  # type: ignore[union-attr]
            async with http.get(f"{server.url}/healthz") as response:
                assert (await response.json())["status"] == "ok"


async def test_every_channel_of_a_peer_ends_with_it(agent: Agent, monkeypatch: pytest.MonkeyPatch) -> None:
    """An agent that reads any of them to its end is done when the caller vanishes, without waiting for the grace."""
    monkeypatch.setattr("agent.web.sessions.GRACE_S", 1000.0)

    async def drain(channel: Channel[Any]) -> None:
        async for _ in channel:
            pass

    async def on_peer(peer: Peer) -> None:
        async with asyncio.TaskGroup() as group:
            for channel in (peer.audio, peer.video, peer.messages, peer.health):
                group.create_task(drain(channel))
        agent.gone.append(peer.reason)

    async with WebServer(WebOptions(port=0), agent.bus, on_peer, agent.clock) as server, Caller(server.url) as caller:
        await caller.connection.close()
        await until(lambda: agent.gone == [HUNG_UP], "the agent lets go")
