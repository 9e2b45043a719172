"""Pictures of moments: kept under the published id, bounded, and served."""

from __future__ import annotations

import aiohttp
import cv2
import numpy as np
import pytest

from agent.bus import Bus
from agent.web.access import WebOptions
from agent.web.pictures import Pictures
from agent.web.server import WebServer
from dialog.events import Perceived
from streams.clock import MonotonicClock
from streams.types import Partial, Percept, VideoFrame, ns
from streams.webrtc.peer import Peer

TOKEN = "a long secret"


def frame(level: int = 100, size: tuple[int, int] = (480, 640)) -> VideoFrame:
    return VideoFrame("ann", 0, np.full((*size, 3), level, np.uint8))


def percept(name: str) -> Percept:
    return Percept(name, "object", "ann", 0, 0, "a person enters from the left")


def publish(pictures: Pictures, name: str, level: int = 100, published: str = "") -> None:
    pictures.on_frame(frame(level), [percept(name)])
    pictures.on_event(Perceived(0, percept(published or name)))


def test_a_picture_is_kept_once_its_percept_is_published() -> None:
    pictures = Pictures()
    pictures.on_frame(frame(), [percept("ann/v1"), Partial("ann", 0, 0, "hel")])
    assert pictures.get("ann/v1") is None
    pictures.on_event(Perceived(0, percept("ann/v1")))
    data = pictures.get("ann/v1")
    assert data is not None
    shown = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    assert shown is not None and shown.shape == (270, 360, 3) and abs(int(shown.mean()) - 100) < 3
    pictures.on_event(Perceived(0, percept("ann/v2")))  # heard, or typed: no frame came with it
    assert pictures.get("ann/v2") is None and len(pictures) == 1


def test_a_source_that_came_back_does_not_take_the_pictures_of_its_first_visit() -> None:
    pictures = Pictures()
    publish(pictures, "ann/v1", 50)
    publish(pictures, "ann/v1", 200, "ann/v1#1")
    assert pictures.get("ann/v1") != pictures.get("ann/v1#1") and len(pictures) == 2


def test_bounds_in_number_and_bytes() -> None:
    pictures = Pictures(max_pictures=3)
    for n in range(10):
        publish(pictures, f"ann/v{n}")
    assert len(pictures) == 3 and pictures.get("ann/v6") is None and pictures.get("ann/v9")
    one = pictures.size_bytes // 3
    pictures = Pictures(max_bytes=5 * one)
    for n in range(50):
        publish(pictures, f"ann/v{n}")
    assert len(pictures) == 5 and pictures.size_bytes <= 5 * one
    for _ in range(5):
        publish(pictures, "ann/v49")
    assert len(pictures) == 5 and pictures.size_bytes <= 5 * one
    for n in range(2000):  # seen, but never published
        pictures.on_frame(frame(size=(24, 32)), [percept(f"bob/v{n}")])
    assert len(pictures) == 5 and len(pictures._waiting) <= 256


def test_the_newest_picture_is_made_where_somebody_wants_it() -> None:
    def at(t_s: float, level: int) -> VideoFrame:
        return VideoFrame("ann", ns(t_s), np.full((48, 64, 3), level, np.uint8))

    pictures = Pictures()
    pictures.on_frame(at(1, 50), [])
    assert pictures.newest("ann") is None and len(pictures) == 0  # nobody had asked
    pictures.on_frame(at(2, 60), [])
    first = pictures.newest("ann")
    assert first is not None and first.startswith(b"\xff\xd8\xff")
    pictures.on_frame(at(3, 200), [])
    assert pictures.newest("ann") == first  # not for every frame
    pictures.on_frame(at(7, 200), [])
    assert pictures.newest("ann") != first
    pictures.on_frame(at(300, 10), [])  # nobody has asked for a long time
    assert not pictures._wanted and not pictures._newest
    for n in range(500):
        pictures.newest(f"camera {n}")
        pictures.show(f"camera {n}", b"x")
    assert len(pictures._wanted) <= 64 and len(pictures._newest) <= 64


@pytest.mark.parametrize("token", [None, TOKEN])
async def test_served_to_whoever_may_have_it(token: str | None) -> None:
    async def on_peer(peer: Peer) -> None: ...

    pictures = Pictures()
    server = WebServer(WebOptions(port=0, token=token), Bus(), on_peer, MonotonicClock(), pictures=pictures)
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    publish(pictures, "front door/v1", published="front door/v1#2")
    async with server, aiohttp.ClientSession() as http:
        url = f"{server.url}/api/picture/front%20door/v1%232"
        async with http.get(url, headers=headers) as response:
            assert response.status == 200 and response.content_type == "image/jpeg"
            assert (await response.read()).startswith(b"\xff\xd8\xff")
        async with http.get(url) as response:
            assert response.status == (401 if token else 200)
        async with http.get(f"{server.url}/api/picture/nobody/v1", headers=headers) as response:
            assert response.status == 404 and await response.text() == "no picture of that moment is kept\n"
