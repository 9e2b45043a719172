"""Offers that are broken or lie: one clear line, and nothing left behind."""

from __future__ import annotations

import asyncio
import random
import re

import pytest
from aiortc import RTCConfiguration, RTCPeerConnection

from streams.clock import MonotonicClock
from streams.errors import MediaError
from streams.webrtc.peer import Peer
from streams.webrtc.sdp import check_offer, with_packetization
from tests.webrtc_link import until


async def _offer(direction: str = "sendrecv", kinds: tuple[str, ...] = ("audio", "video")) -> str:
    pc = RTCPeerConnection(RTCConfiguration(iceServers=[]))
    for kind in kinds:
        pc.addTransceiver(kind, direction)
    pc.createDataChannel("events")
    await pc.setLocalDescription(await pc.createOffer())
    await pc.close()
    return pc.localDescription.sdp


async def test_good_offers_pass() -> None:
    assert len(check_offer(await _offer(), "call").media) == 3
    assert len(check_offer(await _offer("sendonly"), "publish").media) == 3


async def test_each_fault_has_its_line() -> None:
    good = await _offer()
    audio = good.index("m=audio")
    video = good.index("m=video")
    broken = {
        "must begin with 'v=0'": "hello",
        "no media section": good[:audio],
        "longer than 65536": good + "a=x:" + "y" * 65_536,
        "2 video sections": good + good[video : good.index("m=application")],
        "unknown media section 'm=text'": good.replace("m=audio", "m=text"),
        "all different": good.replace("a=mid:1", "a=mid:0"),
        "no DTLS fingerprint": re.sub(r"a=(fingerprint|setup):.*\r\n", "", good),
        "no ICE user name": re.sub(r"a=ice-ufrag:.*\r\n", "", good),
        "bundles a media section": good.replace("a=group:BUNDLE 0", "a=group:BUNDLE 9"),
        "no direction": re.sub(r"a=sendrecv\r\n", "", good, count=1),
        "more than 64 ICE candidates": good.replace(
            "a=mid:0\r\n", "a=mid:0\r\n" + "a=candidate:1 1 udp 1 127.0.0.1 9 typ host\r\n" * 65
        ),
        "cannot be read": good.replace("m=audio 9", "m=audio nine").replace("m=audio ", "m=audio x"),
    }
    for line, offer in broken.items():
        with pytest.raises(MediaError, match=re.escape(line)) as caught:
            check_offer(offer, "call")
        assert "\n" not in str(caught.value) and len(str(caught.value)) < 300
    with pytest.raises(MediaError, match="publishes nothing"):
        check_offer(await _offer("recvonly"), "publish")


async def test_codecs_that_nobody_knows() -> None:
    offer = re.sub(r"(opus|G722|PCMU|PCMA)/", "martian/", await _offer(kinds=("audio",)))
    async with Peer("ann", "call", MonotonicClock()) as peer:
        with pytest.raises(MediaError, match="audio section has no codec that heed takes: Opus"):
            await peer.answer(offer)


@pytest.mark.parametrize("end", ["\r\n", "\n"])
async def test_h264_without_parameters_is_taken(end: str) -> None:
    """GStreamer's offer was refused where its encoder had not told them yet, with a line that helped nobody."""
    good = await _offer("sendonly", ("video",))
    bare = re.sub(r"a=fmtp:.*profile-level-id.*\r\n", "", good).replace("\r\n", end)
    assert "H264" in bare and "packetization-mode" not in bare
    async with Peer("cam", "publish", MonotonicClock()) as peer:
        assert "packetization-mode=1" in await peer.answer(bare)


def test_the_packetization_is_said_only_where_it_is_not() -> None:
    lines = (
        "a=rtpmap:96 H264/90000", "a=rtpmap:97 VP8/90000", "a=rtpmap:98 h264/90000",
        "a=fmtp:98 profile-level-id=42e01f", "a=rtpmap:99 H264/90000", "a=fmtp:99 packetization-mode=0",
    )  # fmt: skip
    done = with_packetization("\r\n".join(lines) + "\r\n").split("\r\n")
    assert done == [
        lines[0], "a=fmtp:96 packetization-mode=1", *lines[1:3], f"{lines[3]};packetization-mode=1", *lines[4:], "",
    ]  # fmt: skip


async def test_mutated_offers_never_raise_anything_else() -> None:
    """Seeded damage of lines and characters; each offer is answered or refused, and leaves no task behind."""
    good = await _offer()
    tasks = asyncio.all_tasks()
    random_ = random.Random(7)
    refused = 0
    for _ in range(150):
        lines = good.split("\r\n")
        for _ in range(random_.choice((1, 1, 2, 5))):
            at = random_.randrange(1, len(lines) - 1)
            match random_.randrange(4):
                case 0:
                    del lines[at]
                case 1:
                    lines.insert(at, lines[random_.randrange(len(lines))])
                case 2:
                    lines[at] = lines[at][: random_.randrange(len(lines[at]) + 1)]
                case 3:
                    lines[at] = re.sub(r"\d+", lambda _: str(random_.choice((0, 7, 99999, 2**40))), lines[at], count=1)
        async with Peer("ann", "call", MonotonicClock()) as peer:
            try:
                await peer.answer("\r\n".join(lines))
            except MediaError as error:
                refused += 1
                assert "\n" not in str(error)
    assert 5 < refused < 150
    await until(lambda: asyncio.all_tasks() <= tasks, "no task is left")


async def test_an_error_inside_a_peer_comes_out_as_it_is() -> None:
    with pytest.raises(MediaError, match="v=0"):
        async with Peer("ann", "call", MonotonicClock()) as peer:
            await peer.answer("hello")


async def test_cancelling_the_owner_of_a_peer_closes_it() -> None:
    peers: list[Peer] = []

    async def own() -> None:
        async with Peer("ann", "call", MonotonicClock()) as peer:
            peers.append(peer)
            await peer.answer(await _offer())
            await peer.ended()

    tasks = asyncio.all_tasks()
    async with asyncio.TaskGroup() as group:
        task = group.create_task(own())
        await until(lambda: bool(peers) and peers[0].offers_audio, "answered")
        task.cancel()
    assert task.cancelled() and peers[0].reason == "closed by heed"
    await until(lambda: asyncio.all_tasks() <= tasks, "no task is left")
