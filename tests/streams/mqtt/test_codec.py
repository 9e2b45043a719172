"""Topics, payloads and the outbox: pure rules."""

from __future__ import annotations

import asyncio

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.errors import MediaError
from streams.mqtt import topics
from streams.mqtt.codec import decode_audio, decode_text, encode_audio
from streams.mqtt.outbox import Outbox, Outgoing


@pytest.mark.parametrize("row", [r for r in topics.TOPICS if r.direction == "in"], ids=lambda r: r.topic)
def test_every_topic_of_the_table_is_understood(row: topics.TopicRow) -> None:
    topic = "heed/n/" + row.topic.replace("<camera>", "front-door.2").replace("<microphone>", "front-door.2")
    incoming = topics.parse("n", topic)
    assert incoming.kind == row.topic.removeprefix("in/").split("/")[0]
    assert incoming.name == ("front-door.2" if "<" in row.topic else "")


@given(st.text(max_size=60))
def test_any_topic_is_understood_or_refused_in_one_line(suffix: str) -> None:
    try:
        topics.parse("n", "heed/n/" + suffix)
    except MediaError as error:
        assert "\n" not in str(error)


@pytest.mark.parametrize("node", ["", "a/b", "a b", "+", "#", "x" * 65, "n\u00f6"])
def test_a_node_must_have_a_plain_name(node: str) -> None:
    with pytest.raises(ValueError, match="node name"):
        topics.prefix(node)


def test_media_are_fleeting_and_only_the_availability_is_retained() -> None:
    assert [r.topic for r in topics.TOPICS if r.retained] == ["availability"]
    assert all(r.qos == 0 for r in topics.TOPICS if "video" in r.topic or "audio" in r.topic)
    assert next(r for r in topics.TOPICS if r.topic == "alert").qos == 1
    assert all(f"`{r.topic}`" in topics.table() for r in topics.TOPICS)


def test_text_is_one_clean_line() -> None:
    assert decode_text(" good\r\nmorning\x1b[2J \u00e9".encode()) == ("good morning [2J \u00e9", "")
    assert decode_text(b'{"text": "hi", "speaker": "Ann\\n"}') == ("hi", "Ann")
    assert len(decode_text(b"x" * 8000)[0]) == 2000


@given(st.binary(max_size=300))
@settings(max_examples=200)
def test_any_payload_is_decoded_or_refused_in_one_line(payload: bytes) -> None:
    for decode in (decode_text, decode_audio):
        try:
            decode(payload)  # type: ignore[operator]
        except MediaError as error:
            assert "\n" not in str(error) and len(str(error)) < 300


def test_sound_of_every_width_means_the_same() -> None:
    wave = np.linspace(-1, 0.99, 100)
    forms = {
        1: np.round(wave * 128 + 128).astype("u1"),
        2: (wave * 2**15).astype("<i2"),
        4: (wave * 2**31).astype("<i4"),
    }
    for width, data in forms.items():
        header = f'{{"rate": 16000, "width": {width}, "channels": 2, "timestamp": 12.5}}\n'.encode()
        pcm = decode_audio(header + data.tobytes())
        assert pcm.samples.shape == (50, 2) and pcm.rate_hz == 16_000 and pcm.timestamp_ns == 12_500_000
        assert np.allclose(pcm.samples.ravel(), wave, atol=1 / 100)


def test_what_a_microphone_publishes_is_what_is_heard() -> None:
    samples = np.arange(-800, 800, dtype=np.int16)
    pcm = decode_audio(encode_audio(samples, 16_000, 5.0))
    assert np.array_equal(pcm.samples[:, 0], samples.astype(np.float32) / 32768)


@pytest.mark.parametrize(
    "header",
    [
        b"[]",
        b'{"rate": "16000", "width": 2, "channels": 1}',
        b'{"rate": true, "width": 2, "channels": 1}',
        b'{"rate": 16000, "width": 3, "channels": 1}',
        b'{"rate": 16000, "width": 2, "channels": 0}',
        b'{"rate": 16000, "width": 2, "channels": 99}',
        b'{"rate": 16000, "width": 2, "channels": 1, "timestamp": "now"}',
        b'{"rate": 16000, "width": 2, "channels": 1, "timestamp": NaN}',
        b'{"rate": 16000, "width": 2, "channels": 1, "timestamp": 1e300}',
        b"[" * 1000,
    ],
)
def test_a_header_out_of_range_is_refused(header: bytes) -> None:
    with pytest.raises(MediaError):
        decode_audio(header + b"\n" + bytes(64))


def message(i: int, qos: int = 0, size: int = 1) -> Outgoing:
    return Outgoing(f"t{i}", bytes(size), qos, False)


async def drain(outbox: Outbox) -> list[str]:
    out = []
    while len(outbox):
        first = await outbox.first()
        outbox.remove(first)
        out.append(first.topic)
    return out


async def test_the_outbox_drops_the_oldest_fleeting_messages_and_keeps_the_others() -> None:
    outbox = Outbox(max_fleeting=3, max_kept=2)
    for i in range(6):
        outbox.add(message(i, qos=i == 0))
    assert await drain(outbox) == ["t0", "t3", "t4", "t5"]
    assert (outbox.dropped_fleeting, outbox.dropped_kept) == (2, 0)
    for i in range(4):
        outbox.add(message(i, qos=1))
    assert await drain(outbox) == ["t2", "t3"] and outbox.dropped_kept == 2


async def test_the_outbox_is_bounded_in_bytes() -> None:
    outbox = Outbox(max_fleeting_bytes=1000)
    for i in range(10):
        outbox.add(message(i, size=400))
    assert await drain(outbox) == ["t8", "t9"]
    outbox.add(message(0, size=5000))
    assert len(outbox) == 0


async def test_a_message_that_was_dropped_while_it_was_sent_is_not_counted_twice() -> None:
    outbox = Outbox(max_kept=1)
    first = message(0, qos=1)
    outbox.add(first)
    sending = await outbox.first()
    outbox.add(message(1, qos=1))
    outbox.remove(sending)
    assert await drain(outbox) == ["t1"]
    async with asyncio.timeout(5):
        await outbox.empty()
