"""A peer against a real aiortc connection on loopback."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable

import numpy as np
import pytest
from aiortc import RTCRtpSender

from streams.clock import ManualClock, MonotonicClock
from streams.errors import MediaError
from streams.sink import Speech
from streams.types import NS, SAMPLE_RATE_HZ, AudioChunk, VideoFrame
from streams.webrtc.peer import Peer, PeerOptions
from streams.webrtc.receive import AudioReceiver
from tests.webrtc_link import CutLink, DamagedLink, LossyLink, Remote, bursts, every, pictures, sound, tone, until

CLICK_S = 0.1


async def _collect(peer: Peer, seconds: float) -> list[AudioChunk]:
    chunks: list[AudioChunk] = []
    while sum(len(c.samples) for c in chunks) < seconds * SAMPLE_RATE_HZ:
        async with asyncio.timeout(30):
            chunks.append(await peer.audio.get())
    return chunks


def _contiguous(chunks: list[AudioChunk]) -> bool:
    """True when each chunk begins where the one before ends, to the sample."""
    n = 0
    for chunk in chunks:
        if abs(chunk.t0_ns - chunks[0].t0_ns - n * NS // SAMPLE_RATE_HZ) > NS // SAMPLE_RATE_HZ:
            return False
        n += len(chunk.samples)
    return True


def _clicks(at_s: list[float], total_s: float) -> np.ndarray:
    samples = np.zeros(round(total_s * SAMPLE_RATE_HZ), np.float32)
    for start_s in at_s:
        start = round(start_s * SAMPLE_RATE_HZ)
        samples[start : start + round(CLICK_S * SAMPLE_RATE_HZ)] = tone(CLICK_S)
    return samples


def _onsets_s(chunks: list[AudioChunk]) -> list[float]:
    """Times of silence turning into sound, seconds from the first sample."""
    samples = np.concatenate([c.samples for c in chunks])
    loud = np.sqrt((samples[: len(samples) // 160 * 160].reshape(-1, 160) ** 2).mean(axis=1)) > 0.05
    found, quiet = [], 100
    for index, is_loud in enumerate(loud):
        if is_loud and quiet > 20:
            found.append(index / 100)
        quiet = 0 if is_loud else quiet + 1
    return found


class HeardClock(ManualClock):
    """Shows the time up to which sound was placed: a machine that stalls for a second changes no result."""

    BASE_NS = 5 * NS
    peer: Peer | None = None

    def now_ns(self) -> int:
        heard = self.peer._receivers[0] if self.peer is not None and self.peer._receivers else None
        samples = heard.timeline._next if isinstance(heard, AudioReceiver) else 0
        return self.BASE_NS + samples * NS // SAMPLE_RATE_HZ


async def test_sound_arrives_whole_and_in_time() -> None:
    clock = HeardClock()
    async with Peer("ann", "call", clock) as peer, Remote(peer) as remote:
        clock.peer = peer
        remote.send_audio(_clicks([0.3, 1.0, 1.5], 2.0))
        await remote.connect()
        chunks = await _collect(peer, 2.0)
    assert {c.source for c in chunks} == {"ann"} and chunks[0].samples.dtype == np.float32
    assert chunks[0].t0_ns == clock.BASE_NS
    assert _contiguous(chunks)
    peak = np.abs(np.concatenate([c.samples for c in chunks])).max()
    assert 0.2 < peak < 0.38  # sent at 0.3: as loud as it was, although it travels as stereo
    onsets = _onsets_s(chunks)
    assert len(onsets) == 3
    assert np.diff(onsets) == pytest.approx([0.7, 0.5], abs=0.03)


@pytest.mark.parametrize(
    ("pattern", "hole_s"),
    [(every(7), 0.0), (bursts(3, 25), 0.0), (bursts(6, 30), 0.06)],
    ids=["every 7th", "3 in a row", "6 in a row"],
)
async def test_lost_packets_are_concealed_and_never_shorten_sound(
    pattern: Callable[[int], bool], hole_s: float
) -> None:
    clock = HeardClock()
    async with Peer("ann", "call", clock) as peer, Remote(peer) as remote:
        clock.peer = peer
        sender = remote.send_audio(tone(2.0))
        await remote.connect()
        link = LossyLink(sender, pattern)
        chunks = await _collect(peer, 2.4)
        assert link.lost >= 8
    assert _contiguous(chunks)
    loud = np.flatnonzero(np.abs(np.concatenate([c.samples for c in chunks])) > 0.05)
    assert (loud[-1] - loud[0]) / SAMPLE_RATE_HZ == pytest.approx(2.0, abs=0.1)
    holes_s = np.diff(loud).max() / SAMPLE_RATE_HZ  # silence inside the tone
    assert holes_s == pytest.approx(hole_s, abs=0.03 if hole_s else 0.01)


async def test_pictures_arrive_newest_first_at_most_as_often_as_wanted() -> None:
    async with Peer("cam", "publish", MonotonicClock(), PeerOptions(max_fps=5)) as peer, Remote(peer) as remote:
        remote.send_video(pictures(1000, 15))
        await remote.connect()
        frames: list[VideoFrame] = []
        async with asyncio.timeout(30):
            while len(frames) < 6:
                frames.append(await peer.video.get())
        assert peer.offers_video and not peer.offers_audio and not peer.hears
    assert frames[0].rgb.shape == (120, 160, 3) and frames[0].source == "cam"
    steps = np.diff([f.t_ns for f in frames]) / NS
    assert (steps > 0.1).all() and steps.mean() > 0.18
    assert len({int(f.rgb.mean()) for f in frames}) > 3  # really different pictures


async def test_h264_as_obs_sends_it() -> None:
    async with Peer("obs", "publish", MonotonicClock()) as peer, Remote(peer) as remote:
        sender = remote.send_video(pictures(1000, 15, (642, 362)))
        transceiver = next(t for t in remote.pc.getTransceivers() if t.sender is sender)
        codecs = RTCRtpSender.getCapabilities("video").codecs
        transceiver.setCodecPreferences([codec for codec in codecs if codec.mimeType == "video/H264"])
        offer = await remote.connect()
        assert "H264" in offer and "VP8" not in offer
        async with asyncio.timeout(30):
            frames = [await peer.video.get() for _ in range(3)]
    assert {f.rgb.shape for f in frames} == {(362, 642, 3)}


async def test_large_pictures_are_scaled_and_said_once() -> None:
    options = PeerOptions(max_size=(320, 240))
    async with Peer("cam", "publish", MonotonicClock(), options) as peer, Remote(peer) as remote:
        remote.send_video(pictures(1000, 10, (640, 360)))
        await remote.connect()
        async with asyncio.timeout(30):
            frames = [await peer.video.get() for _ in range(3)]
        assert all(f.rgb.shape == (180, 320, 3) for f in frames)
        reasons = [peer.health._items.popleft().reason for _ in range(len(peer.health))]
    assert len([r for r in reasons if "scaled down to 320 x 180" in r]) == 1


async def test_reply_is_heard_and_stops_within_frames() -> None:
    async with Peer("ann", "call", MonotonicClock()) as peer, Remote(peer) as remote:
        heard: list[float] = []

        async def listen() -> None:
            track = remote.pc.getTransceivers()[0].receiver.track
            while True:
                frame = await track.recv()
                heard.append(float(np.abs(frame.to_ndarray()).max()) / 32768)

        remote.send_audio(np.zeros(SAMPLE_RATE_HZ, np.float32))
        await remote.connect()
        assert peer.hears
        async with asyncio.TaskGroup() as group:
            task = group.create_task(listen())
            peer.speech.play(Speech(1, "hello", tone(20.0), SAMPLE_RATE_HZ))
            await until(lambda: sum(level > 0.1 for level in heard) >= 25, "the reply was heard")
            assert 0.4 < peer.speech.played_s(1) < 20
            loud = sum(level > 0.1 for level in heard)
            peer.speech.stop(1)
            played_s = peer.speech.played_s(1)
            await until(lambda: len(heard) > 10 and max(heard[-10:]) < 0.05, "silence")
            # Frames, not seconds: what was already encoded, on the way, and in the jitter buffers.
            assert sum(level > 0.1 for level in heard) - loud <= 25
            peer.speech.play(Speech(1, "old", tone(5.0), SAMPLE_RATE_HZ))
            assert peer.speech.played_s(1) == played_s and peer.speech.idle()
            task.cancel()


async def test_lines_go_both_ways() -> None:
    async with Peer("ann", "call", MonotonicClock()) as peer, Remote(peer) as remote:
        got: list[str] = []
        channel = remote.pc.createDataChannel("events")
        channel.on("message", got.append)
        assert peer.send('{"type": "early"}')  # waits for the channel
        await remote.connect()
        assert peer.offers_events and not peer.offers_audio
        await until(lambda: got == ['{"type": "early"}'], "the early line")
        channel.send('{"type": "interrupt"}')
        async with asyncio.timeout(30):
            assert await peer.messages.get() == '{"type": "interrupt"}'
        channel.send("x" * 65_537)
        channel.send(b"bytes")
        await until(lambda: peer.dropped["messages"] == 2, "both refused")
        await until(lambda: any("longer than 65536" in line for line in got), "the sender is told")
        assert not peer.send("y" * 65_537)


async def test_a_flood_of_messages_is_bounded() -> None:
    async with Peer("ann", "call", MonotonicClock()) as peer, Remote(peer) as remote:
        channel = remote.pc.createDataChannel("events")
        await remote.connect()
        await until(lambda: channel.readyState == "open", "the channel is open")
        for number in range(500):
            channel.send(str(number))
        await until(lambda: peer.dropped["messages"] > 200, "most are refused")
        assert len(peer.messages) <= 64


async def test_peer_ends_when_the_other_side_hangs_up() -> None:
    async with Peer("ann", "call", MonotonicClock()) as peer, Remote(peer) as remote:
        remote.send_audio(tone(1.0))
        await remote.connect()
        await remote.pc.close()
        async with asyncio.timeout(60):
            assert "hung up" in await peer.ended()
        assert peer.audio.closed and peer.video.closed and peer.messages.closed


async def test_peer_ends_after_silence_and_without_connection() -> None:
    options = PeerOptions(silence_s=0.6, connect_timeout_s=60)
    async with Peer("cam", "publish", MonotonicClock(), options) as peer, Remote(peer) as remote:
        remote.send_video(pictures(3, 30))
        await remote.connect()
        async with asyncio.timeout(60):
            assert "came for 0.6 s" in await peer.ended()
    async with Peer("ann", "call", MonotonicClock(), PeerOptions(connect_timeout_s=0.2)) as peer:
        pc = Remote(peer).pc
        pc.createDataChannel("events")
        await pc.setLocalDescription(await pc.createOffer())
        await peer.answer(pc.localDescription.sdp)
        async with asyncio.timeout(60):
            assert "no connection within 0.2 s" in await peer.ended()
        assert not await peer.connected()
        await pc.close()


@pytest.mark.parametrize("media", [True, False])
async def test_a_caller_that_vanishes_is_noticed_and_one_that_is_only_quiet_stays(media: bool) -> None:
    clock = MonotonicClock()
    async with Peer("ann", "call", clock, PeerOptions(silence_s=1.0, gone_s=2.0)) as peer, Remote(peer) as remote:
        if media:
            remote.send_audio(tone(60.0))
        remote.pc.createDataChannel("events")
        await remote.connect()
        await until(lambda: peer.is_connected, "connected")
        start_ns = clock.now_ns()
        while clock.now_ns() - start_ns < 2 * peer.options.gone_s * NS and not media:
            await asyncio.sleep(0.1)
            assert not peer.reason
        link = CutLink(remote.pc)
        link.cut = True
        async with asyncio.timeout(60):
            assert "nothing came for 2 s" in await peer.ended()


async def test_close_is_idempotent_and_leaves_nothing_behind() -> None:
    threads = set(threading.enumerate())
    tasks = asyncio.all_tasks()
    async with Peer("ann", "call", MonotonicClock()) as peer, Remote(peer) as remote:
        remote.send_audio(tone(5.0))
        remote.send_video(pictures(50, 10))
        remote.pc.createDataChannel("events")
        await remote.connect()
        await _collect(peer, 0.2)
        await asyncio.gather(peer.close("first"), peer.close("second"))
        await peer.close()
        assert await peer.ended() == "first"
    await until(lambda: asyncio.all_tasks() == tasks, "all tasks are gone")
    left = {t.name for t in set(threading.enumerate()) - threads if not t.name.startswith("asyncio_")}
    assert not left


async def test_full_channel_loses_sound_with_an_alarm_and_keeps_time() -> None:
    async with Peer("ann", "call", MonotonicClock(), PeerOptions(audio_queue_s=0.2)) as peer, Remote(peer) as remote:
        remote.send_audio(tone(10.0))
        await remote.connect()
        await until(lambda: peer.dropped["audio"] > 5, "the channel is full")
        kept = [await peer.audio.get() for _ in range(10)]
        after = await peer.audio.get()
        assert _contiguous(kept) and after.t0_ns > kept[-1].t_ns + NS // 20
        states = [h.state for h in peer.health._items]
        assert states.count("degraded") == 1


async def test_a_second_answer_or_a_broken_offer_is_a_media_error() -> None:
    async with Peer("ann", "call", MonotonicClock()) as peer:
        with pytest.raises(MediaError, match="v=0"):
            await peer.answer("hello")


async def test_feed_fills_gaps() -> None:
    """A chunk that begins later than the one before ended leaves silence on the wire."""
    from streams.webrtc.feed import AudioFeed, Pace

    async def chunks():  # type: ignore[no-untyped-def]
        async for chunk in sound(tone(0.1)):
            yield chunk
        async for chunk in sound(tone(0.1), 3 * NS // 10):
            yield chunk

    feed = AudioFeed(chunks(), Pace(), done := asyncio.Event())
    levels = [float(np.abs((await feed.recv()).to_ndarray()).max()) for _ in range(22)]
    assert [level > 0 for level in levels] == [True] * 5 + [False] * 10 + [True] * 5 + [False] * 2
    assert done.is_set()


@pytest.mark.parametrize("seed", [1, 2])
async def test_damaged_packets_do_not_end_a_peer(seed: int) -> None:
    async with Peer("ann", "call", MonotonicClock()) as peer, Remote(peer) as remote:
        audio = remote.send_audio(tone(100.0))
        video = remote.send_video(pictures(1000, 10))
        await remote.connect()
        links = [DamagedLink(audio, seed), DamagedLink(video, seed)]
        await until(lambda: all(link.damaged > 15 for link in links), "damage")
        for link in links:
            link.mended = True
        while len(peer.audio):
            await peer.audio.get()
        async with asyncio.timeout(60):
            while np.abs((await peer.audio.get()).samples).max() < 0.1:
                pass
            first = await peer.video.get()
            while (await peer.video.get()).t_ns < first.t_ns + NS // 2:
                pass
        assert not peer.reason
