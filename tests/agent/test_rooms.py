"""Rooms over real WebRTC calls; the encoders and the mind are small stand-ins."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import numpy as np
import pytest

from agent.bus import Bus
from agent.core import Core, CoreOptions
from agent.live import Live, Senses
from agent.rooms import GRACE_S, Rooms, named
from agent.web.access import WebOptions
from agent.web.server import WebServer
from dialog.events import Caption, Event, Perceived, Reply, ReplyDelta, TurnChanged
from streams import wording
from streams.clock import ManualClock, MonotonicClock
from streams.sink import Speech
from streams.types import SAMPLE_RATE_HZ, AudioChunk, Health, Observation, Percept, Transcript, VideoFrame, ns
from streams.webrtc.client import Caller
from streams.webrtc.peer import Peer
from tests.fakes import FakeMind, NoVoice, organs
from tests.webrtc_link import CutLink, sound, tone, until


class ToneEncoder:
    """Hears words as soon as there is sound."""

    def init_state(self, source: str) -> list[bool]:
        return [False]

    def step(self, state: list[bool], media: AudioChunk) -> list[Observation]:
        if state[0] or float(np.abs(media.samples).max(initial=0)) < 0.1:
            return []
        state[0] = True
        words = Transcript(media.source, media.t0_ns, media.t_ns, "lovely weather")
        return [words, Percept("", "speech", media.source, media.t0_ns, media.t_ns, wording.says(words.text))]

    def flush(self, state: list[bool]) -> list[Observation]:
        return []


class Blind:
    """Sees nothing."""

    def init_state(self, source: str) -> None:
        return None

    def step(self, state: None, media: VideoFrame) -> list[Observation]:
        return []

    def flush(self, state: None) -> list[Observation]:
        return []


@dataclass
class Rig:
    core: Core
    server: WebServer
    live: Live
    events: list[Event] = field(default_factory=list)

    def said(self) -> list[Transcript]:
        return [e.what for e in self.events if isinstance(e, Perceived) and isinstance(e.what, Transcript)]

    def conversations(self) -> list[str]:
        return [d.source for d in self.core.dialogs()]


@pytest.fixture
def executor() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(2) as pool:
        yield pool


@asynccontextmanager
async def rig(executor: ThreadPoolExecutor, **options: Any) -> AsyncIterator[Rig]:
    bus, clock = Bus(), MonotonicClock()
    async with Core(organs(clock, bus, executor, FakeMind()), bus, CoreOptions()) as core:
        live = Live(core, Senses(ToneEncoder(), Blind(), NoVoice(), executor, executor, executor))
        async with WebServer(WebOptions(port=0, **options), bus, live.attend, clock) as server:
            made = Rig(core, server, live)
            with bus.tap(made.events.append):
                yield made


async def _lines(caller: Caller, into: list[dict[str, Any]]) -> None:
    async for line in caller.events():
        into.append(line)


def _hears_hz(caller: Caller, hz: float) -> bool:
    """Whether the last second of what was heard holds that tone."""
    last = caller.heard()[-SAMPLE_RATE_HZ:]
    if len(last) < SAMPLE_RATE_HZ:
        return False
    spectrum = np.abs(np.fft.rfft(last)) / len(last)
    return bool(spectrum[round(hz)] > 0.05)


async def test_people_of_one_room_share_a_conversation_and_hear_each_other(executor: ThreadPoolExecutor) -> None:
    async with rig(executor) as r:
        # As browsers do. Else the agent cancels echoes, and a canceller takes a tone that does not change, while
        # another is played, for what is played, for ever: who joined second was then not heard, now and then.
        url = f"{r.server.url}?echo_cancellation=on"
        anna = Caller(url, audio=sound(tone(60, 440)), name="anna", room="kitchen")
        ben = Caller(url, audio=sound(tone(60, 700)), name="ben", room="kitchen")
        async with anna, ben:
            await until(lambda: {t.speaker for t in r.said()} == {"anna", "ben"}, "both are heard and named")
            assert {t.source for t in r.said()} == {"anna", "ben"} and r.conversations() == ["kitchen"]
            await until(lambda: _hears_hz(anna, 700) and _hears_hz(ben, 440), "they hear each other")
            assert not _hears_hz(anna, 440) and not _hears_hz(ben, 700)  # but not themselves
            lines: list[dict[str, Any]] = []
            async with asyncio.TaskGroup() as group:
                reading = [group.create_task(_lines(anna, lines)), group.create_task(_lines(ben, lines))]
                await ben.send({"type": "text", "text": "Who is there?"})
                await until(lambda: sum(x["type"] == "reply" for x in lines) == 2, "both read the reply")
                for task in reading:
                    task.cancel()
            assert {x["source"] for x in lines if x["type"] == "reply"} == {"kitchen"}
            memory = [p.text for p in (e.what for e in r.events if isinstance(e, Perceived)) if isinstance(p, Percept)]
            assert wording.says("lovely weather", "anna") in memory
            await ben.__aexit__(None, None, None)
            await until(lambda: not _hears_hz(anna, 700), "who left is not heard any more")
            assert r.conversations() == ["kitchen"]


async def test_everybody_hears_the_agent(executor: ThreadPoolExecutor) -> None:
    async with (
        rig(executor) as r,
        Caller(r.server.url, name="anna", room="kitchen") as anna,
        Caller(r.server.url, name="ben", room="kitchen") as ben,
    ):
        await until(lambda: r.conversations() == ["kitchen"], "the conversation is open")
        sink = r.core.dialogs()[0].sink
        assert sink is not None
        await until(lambda: len(sink) == 2, "both are in")  # type: ignore[arg-type]
        sink.play(Speech(1, "hello", tone(0.5), SAMPLE_RATE_HZ))
        await until(lambda: anna.heard_s() > 0.3 and ben.heard_s() > 0.3, "both hear it")
        await until(sink.idle, "it ends")
        assert sink.played_s(1) == pytest.approx(0.5, abs=0.05)


async def test_another_room_sees_and_hears_nothing(executor: ThreadPoolExecutor) -> None:
    async with (
        rig(executor) as r,
        Caller(r.server.url, name="carl", room="cellar") as carl,
        Caller(r.server.url, audio=sound(tone(60, 440)), name="anna", room="kitchen") as anna,
    ):
        lines: list[dict[str, Any]] = []
        async with asyncio.TaskGroup() as group:
            reading = group.create_task(_lines(carl, lines))
            await until(lambda: r.said() != [], "anna is heard")
            await anna.send({"type": "text", "text": "Who is there?"})
            await until(lambda: any(isinstance(e, Reply) for e in r.events), "anna is answered")
            r.core.bus.publish(Perceived(0, Percept("door/v1", "sign", "door", 0, 0, "a sign reads EXIT")))
            await until(lambda: any(x.get("source") == "door" for x in lines), "a camera's sign is seen")
            reading.cancel()
        assert not [x for x in lines if x.get("source") in ("anna", "kitchen")]
        assert not [x for x in lines if x["type"] == "health" and "anna" in x["component"]]
        assert carl.heard_s() == 0
        async with aiohttp.ClientSession() as http:
            url = f"{r.server.url}/api/call?name=anna&room=cellar"
            offer = anna.connection.localDescription.sdp
            async with http.post(url, data=offer, headers={"Content-Type": "application/sdp"}) as response:
                assert response.status == 409
                assert await response.text() == "anna is in another room now; choose another name\n"


async def test_a_full_room_is_refused_while_others_are_not(executor: ThreadPoolExecutor) -> None:
    async with rig(executor, max_members=1) as r, Caller(r.server.url, name="anna", room="kitchen") as anna:
        offer = anna.connection.localDescription.sdp
        async with aiohttp.ClientSession(headers={"Content-Type": "application/sdp"}) as http:
            async with http.post(f"{r.server.url}/api/call?name=ben&room=kitchen", data=offer) as response:
                assert response.status == 503 and response.headers["Retry-After"]
                assert "kitchen is full" in await response.text()
            async with http.post(f"{r.server.url}/api/call?name=ben", data=offer) as response:
                assert response.status == 201


async def test_a_conversation_outlives_a_lost_connection_but_not_for_ever(executor: ThreadPoolExecutor) -> None:
    bus, clock = Bus(), ManualClock()
    async with Core(organs(clock, bus, executor, FakeMind()), bus, CoreOptions()) as core:
        rooms = Rooms(core)
        peer = Peer("anna", "call", clock, room="kitchen")
        async with peer:
            async with rooms.join(peer) as room:
                dialog = room.dialog
            clock.advance_to(clock.now_ns() + ns(GRACE_S / 2))
            async with rooms.join(peer) as room:
                assert room.dialog is dialog and room.members == ["anna"]
                clock.advance_to(clock.now_ns() + ns(GRACE_S * 3))
                await asyncio.sleep(0)
            assert len(rooms) == 1
            await until(lambda: clock.advance_to(clock.now_ns() + ns(GRACE_S)) or len(rooms) == 0, "the room closes")
            async with rooms.join(peer) as room:
                assert room.dialog is not dialog


async def test_who_lost_the_network_comes_back_into_the_same_conversation(executor: ThreadPoolExecutor) -> None:
    async with rig(executor) as r, Caller(r.server.url, audio=sound(tone(60)), name="anna", room="kitchen") as anna:
        await until(lambda: r.said() != [], "anna is heard")
        dialog = r.core.dialogs()[0]
        CutLink(anna.connection).cut = True
        async with Caller(r.server.url, name="anna", room="kitchen") as again:
            await again.send({"type": "text", "text": "Still there?"})
            async with asyncio.timeout(60):
                async for line in again.events():
                    if line["type"] == "reply":
                        break
        assert line["source"] == "kitchen" and r.core.dialogs() == [dialog]
        assert any("replaced by a new connection" in h.reason for h in r.events if isinstance(h, Health))


async def test_what_a_room_may_see(executor: ThreadPoolExecutor) -> None:
    bus, clock = Bus(), ManualClock()
    async with Core(organs(clock, bus, executor, FakeMind()), bus, CoreOptions()) as core:
        rooms = Rooms(core)
        anna, carl = Peer("anna", "call", clock, room="kitchen"), Peer("carl", "call", clock)
        async with anna, carl, rooms.join(anna), rooms.join(carl):
            for event, kitchen, others in (
                (Perceived(0, Transcript("anna", 0, 0, "hi")), True, False),
                (Perceived(0, Transcript("door", 0, 0, "hi")), True, True),
                (ReplyDelta(0, 1, "hi", "kitchen"), True, False),
                (TurnChanged(0, "carl", "hearing", 1), False, True),
                (Caption(0, 0, 0, "en", "hi"), False, False),
                (Health("call:anna", "ok", ""), True, False),
                (Health("dialog:kitchen", "ok", ""), True, False),
                (Health("dialog:web-1", "ok", ""), False, False),
                (Health("model:speech", "ok", ""), True, True),
            ):
                assert rooms.shows("kitchen", event) is kitchen, event
                assert rooms.shows("carl", event) is others, event


def test_what_somebody_says_carries_the_name() -> None:
    heard = [Transcript("mic", 5, 9, "hello"), Percept("1", "speech", "mic", 5, 9, wording.says("hello"))]
    transcript, percept = named([*heard, Health("x", "ok", "")], "anna")[:2]
    assert isinstance(transcript, Transcript) and transcript.speaker == "anna"
    assert isinstance(percept, Percept) and percept.text == wording.says("hello", "anna")
    assert named(heard, "") == heard


async def test_people_of_a_room_are_told_who_is_there(executor: ThreadPoolExecutor) -> None:
    """Under the names that they gave, in letters of any script; and nobody else is."""

    def last(lines: list[dict[str, Any]]) -> list[str]:
        told = [[p["name"] for p in x["people"]] for x in lines if x["type"] == "people"]
        return told[-1] if told else []

    async with rig(executor) as r, asyncio.TaskGroup() as group:
        seen: dict[str, list[dict[str, Any]]] = {"anna": [], "zoe": [], "carl": []}
        reading = []
        async with (
            Caller(f"{r.server.url}?speaker=Anna", name="anna", room="kitchen") as anna,
            Caller(r.server.url, name="carl", room="cellar") as carl,
        ):
            async with Caller(f"{r.server.url}?speaker=Zo%C3%AB+%E6%9D%8E%00", name="zoe", room="kitchen") as zoe:
                for caller, name in ((anna, "anna"), (zoe, "zoe"), (carl, "carl")):
                    reading.append(group.create_task(_lines(caller, seen[name])))
                await until(lambda: last(seen["anna"]) == last(seen["zoe"]) == ["Anna", "Zoë 李"], "both know")
            await until(lambda: last(seen["anna"]) == ["Anna"], "and that she left")
            assert last(seen["carl"]) == ["carl"]
        for task in reading:
            task.cancel()


async def test_a_socket_gets_no_lines_of_calls_unless_it_asks_for_all(executor: ThreadPoolExecutor) -> None:
    async with rig(executor) as r, aiohttp.ClientSession() as http:
        r.server.shows = r.live.shows
        url = f"{r.server.url}/api/events"
        async with (
            http.ws_connect(url) as own,
            http.ws_connect(f"{url}?all=1") as everything,
            Caller(r.server.url, audio=sound(tone(60, 440)), name="anna", room="kitchen") as anna,
        ):
            await until(lambda: r.said() != [], "anna is heard")
            await anna.send({"type": "text", "text": "Who is there?"})
            await until(lambda: any(isinstance(e, Reply) for e in r.events), "anna is answered")
            await own.send_json({"type": "text", "text": "And here?"})
            kinds: dict[str, list[dict[str, Any]]] = {}
            for name, socket in (("own", own), ("all", everything)):
                kinds[name] = []
                while not any(x["type"] == "reply" and x["source"] == "web-1" for x in kinds[name]):
                    kinds[name].append(await socket.receive_json(timeout=20))
        about = [x for x in kinds["own"] if x.get("source") in ("anna", "kitchen") or x.get("speaker") == "anna"]
        assert about == []
        assert {"transcript", "reply"} <= {x["type"] for x in kinds["all"] if x.get("source") in ("anna", "kitchen")}
